"""The command line as a whole: its commands, what a mistake is told by, and the exit codes."""

import os
import pkgutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.shell_completion import get_completion_class

from ingest.cli.completion import SHELLS
from ingest.cli.everywhere import EXIT_CODES
from ingest.cli.main import chartroom, main
from storage.custody import batches
from storage.foundation.home import Home
from tests.given.shell import Shell

COMMANDS = """
init settings doctor key/sheet key/confirm key/restore user/add user/list user/disable user/enable user/password user/role user/link
run watch retry void separators rescans
roster/load roster/find roster/merge roster/unmerge roster/questions roster/confirm roster/decline roster/listen
misfile/propose misfile/confirm misfile/withdraw misfile/list label/add label/lift label/list
sources documents duplicates pages search verify open
backup/make backup/mend backup/list backup/check backup/drill backup/key restore original
train report/accuracy form/teach form/list rules/list rules/test
read classify match review demo completion
"""
"""A command that is renamed breaks the scripts of a site."""


def _commands(group: click.Group, path: str = "") -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from _commands(command, f"{path}{name}/")
        else:
            yield f"{path}{name}", command


def test_every_command_has_the_name_that_scripts_know() -> None:
    assert sorted(name for name, _ in _commands(chartroom)) == sorted(COMMANDS.split())


@pytest.mark.parametrize("name", COMMANDS.split())
def test_every_command_says_what_it_does_under_both_options(bare: Shell, name: str) -> None:
    long, short = bare(*name.split("/"), "--help").out, bare(*name.split("/"), "-h").out
    assert long == short
    assert long.startswith("Usage: ")
    assert dict(_commands(chartroom))[name].get_short_help_str(60)


def test_every_command_can_be_told_to_say_more_or_less() -> None:
    for name, command in _commands(chartroom):
        assert [o.opts for o in command.params[-2:]] == [["-v", "--verbose"], ["-q", "--quiet"]], name


def test_a_quiet_command_says_results_and_refusals_only(shell: Shell) -> None:
    assert (
        shell(
            "user", "add", "tess", "--role", "technician", "--password-stdin", "-q", stdin="correct-horse-battery\n"
        ).out
        == ""
    )
    assert "tess" in shell("-q", "user", "list").out
    assert shell("user", "disable", "nobody", "-q", expect=1).err == "chartroom: There is no account nobody.\n"
    assert shell("user", "disable", "tess").out != ""  # the next command is as usual


def test_a_verbose_command_shows_the_log(shell: Shell, home: Home) -> None:
    (home.path / "hot" / "torn.pdf").write_bytes(b"%PDF-1.7 torn %%EOF")
    assert shell("run").err == ""
    (home.path / "hot" / "torn.png").write_bytes(b"\x89PNG\r\n\x1a\n torn IEND\xaeB`\x82")
    assert '"from": "chartroom.' in shell("run", "-v").err


@pytest.mark.parametrize("group", [(), ("roster",), ("user",), ("key",), ("misfile",)])
def test_no_line_of_a_list_of_commands_is_cut(bare: Shell, group: tuple[str, ...]) -> None:
    printed = " ".join(bare(*group, "--help").out.split())
    assert "..." not in printed.split("Commands: ")[1]
    assert "None" not in printed


def test_help_tells_the_exit_codes_of_every_command(bare: Shell) -> None:
    assert all(f"{code:>3}  {what}" in bare("--help").out for code, what in EXIT_CODES)
    for name, _ in _commands(chartroom):
        assert "Exit codes: 0 done, 1 refused, 2 wrong usage" in bare(*name.split("/"), "--help").out


@pytest.mark.parametrize("shell_name", SHELLS)
def test_completion_is_printed_for_each_shell_and_works(bare: Shell, shell_name: str) -> None:
    script = bare("completion", shell_name).out
    assert f"_CHARTROOM_COMPLETE={shell_name}_complete" in script
    kind = get_completion_class(shell_name)
    assert kind is not None
    completer = kind(chartroom, {}, "chartroom", "_CHARTROOM_COMPLETE")
    assert [c.value for c in completer.get_completions(["roster"], "lo")] == ["load"]
    assert {"--pdf", "--json", "--text"} <= {c.value for c in completer.get_completions(["read"], "--")}
    assert [c.value for c in completer.get_completions(["completion"], "f")] == ["fish"]


def test_the_console_script_completes(tmp_path: Path) -> None:
    asked = {**os.environ, "_CHARTROOM_COMPLETE": "bash_complete", "COMP_WORDS": "chartroom user li", "COMP_CWORD": "2"}
    line = [sys.executable, "-c", "import sys; sys.argv[0] = 'chartroom'; from ingest.cli.main import main; main()"]
    done = subprocess.run(line, env=asked, cwd=Path(__file__).parents[4], capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["plain,link", "plain,list"]


def test_the_commands_that_print_json_do_it_under_one_option() -> None:
    options = {name: [o.opts for o in command.params if o.name == "as_json"] for name, command in _commands(chartroom)}
    assert {name for name, found in options.items() if found} == {
        "user/list", "rescans", "roster/load", "roster/find", "roster/questions", "misfile/list", "label/list", "sources", "documents", "duplicates",
        "pages", "search", "backup/make", "backup/mend", "backup/list", "backup/check", "backup/drill", "restore", "train", "report/accuracy", "form/list", "rules/list", "rules/test", "read", "classify", "match",
    }  # fmt: skip
    assert {tuple(opts) for found in options.values() for opts in found} == {("--json",)}


def test_the_console_script_of_the_package_is_this_function() -> None:
    project = tomllib.loads((Path(__file__).parents[4] / "pyproject.toml").read_text())["project"]
    assert pkgutil.resolve_name(project["scripts"]["chartroom"]) is main


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nosuch"], "No such command 'nosuch'."),
        (["roster", "nosuch"], "No such command 'nosuch'."),
        (["sources", "--nosuch"], "No such option"),
        (["search"], "Missing argument 'WORDS...'."),
        (["void", "1"], "Missing option '--reason'."),
        (["void", "one", "--reason", "x"], "'one' is not a valid integer range."),
        (["separators", "0"], "0 is not in the range 1<=x<=1000."),
        (["roster", "load", "absent.csv"], "File 'absent.csv' does not exist."),
        (["user", "add", "tess", "--role", "king"], "'king' is not one of"),
    ],
)
def test_wrong_usage_ends_with_code_2_and_what_would_be_right(bare: Shell, arguments: list[str], sentence: str) -> None:
    printed = bare(*arguments, expect=2)
    assert sentence in printed.err
    assert printed.out == ""


def test_a_command_without_a_data_home_says_how_to_make_one(bare: Shell, tmp_path: Path) -> None:
    for arguments in (["sources"], ["user", "list"], ["roster", "find", "ana"], ["misfile", "list"], ["train"]):
        assert bare.refusal(*arguments) == (
            f"There is no Chartroom data in {tmp_path / 'home'} (CHARTROOM_HOME says so). Set CHARTROOM_HOME to your data home, "
            "or make a new one there with 'chartroom init'."
        )
    assert not (tmp_path / "home").exists()


def test_a_misspelt_setting_is_named(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHARTROOM_PROT", "80")
    assert shell.refusal("sources") == "There is no setting CHARTROOM_PROT. Did you mean CHARTROOM_PORT?"


def test_a_mistake_in_the_profile_is_named(shell: Shell, home: Home) -> None:
    (home.path / "profile.toml").write_text("mrn_patern = '[0-9]+'\n")
    assert shell.refusal("sources").startswith("profile.toml: there is no entry 'mrn_patern'. Known: ")


def test_a_key_that_is_not_there_or_not_right_opens_nothing(shell: Shell, home: Home) -> None:
    key = home.key_file.read_text()
    home.key_file.write_text("00" * 32 + "\n")
    assert "key" in shell.refusal("sources")
    home.key_file.unlink()
    assert "recovery sheet" in shell.refusal("sources")
    home.key_file.write_text(key)
    shell("sources")


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (PermissionError(13, "denied", "/x/Rivera"), "A folder cannot be written"),
        (OSError(28, "full"), "The disk is full."),
    ],
)
def test_an_error_of_the_disk_is_one_sentence_without_names(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, error: OSError, sentence: str
) -> None:
    def fail(session: object) -> None:
        raise error

    monkeypatch.setattr(batches, "list_sources", fail)
    refusal = shell.refusal("sources")
    assert refusal.startswith(sentence)
    assert "Rivera" not in refusal


@pytest.mark.parametrize("stopped", [KeyboardInterrupt, click.Abort])
def test_a_command_that_is_stopped_says_so_and_ends_with_130(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, stopped: type[BaseException]
) -> None:
    def stop(session: object) -> None:
        raise stopped

    monkeypatch.setattr(batches, "list_sources", stop)
    assert (
        shell("sources", expect=130).err.strip() == "Ended by Ctrl-C. What was taken in is kept; start again to go on."
    )


def test_a_bug_shows_itself(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "list_sources", lambda session: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        main(["sources"])
