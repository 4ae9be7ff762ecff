"""Setting up: what is made, what is shown, and each refusal."""

import re
import socket
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlmodel import select

from ingest import health
from ingest.cli.main import chartroom
from ingest.newprofile import draw_new_profile
from ingest.serving import port_noted, running_port
from ingest.settings import Settings
from storage.foundation import accounts, keys
from storage.foundation.home import Home
from storage.foundation.permissions import Role
from storage.foundation.tables.audit import AuditEvent
from storage.foundation.tables.installation import Fact
from storage.opening import make_home
from tests.given.shell import Shell

DOCS = Path(__file__).parents[4] / "docs"


def _audited(home: Home) -> list[str]:
    with home.reading() as session:
        return list(session.exec(select(AuditEvent.action)))


# ---- init, settings, doctor


def test_init_makes_every_hot_folder_and_names_what_it_made(
    bare: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHARTROOM_HOT_FOLDERS", f"{tmp_path / 'east'}:{tmp_path / 'west'}")
    monkeypatch.setenv("CHARTROOM_PORT", "9000")
    printed = bare("init").out
    assert (tmp_path / "east").is_dir()
    assert (tmp_path / "west").is_dir()
    for line in (
        f"Data home    {tmp_path / 'home'}",
        f"Hot folder   {tmp_path / 'east'}, {tmp_path / 'west'}",
        f"Key file     {tmp_path / 'keys' / 'home.key'}",
        "First sign-in (once, within a day): http://127.0.0.1:9000/login?once=",
        "  chartroom key sheet      then  chartroom key confirm",
    ):
        assert line in printed


def test_init_on_a_home_with_accounts_adds_none(shell: Shell, home: Home) -> None:
    with home.writing() as session:
        accounts.add_account(session, "ada", Role.ADMIN, "correct-horse-battery")
    printed = shell("init").out
    assert "login?once=" not in printed
    assert "recovery sheet" not in printed
    assert [row["username"] for row in shell.rows("user", "list")] == ["ada"]


def test_the_link_of_init_signs_the_administrator_in_once(bare: Shell, tmp_path: Path) -> None:
    (token,) = re.findall(r"once=(\S+)", bare("init").out)
    home = make_home(tmp_path / "home", tmp_path / "keys" / "home.key")
    with home.writing() as session:
        signed_in = accounts.use_one_time_login(session, token, "127.0.0.1")
        assert signed_in is not None
        assert (signed_in.actor.name, signed_in.actor.role) == ("admin", Role.ADMIN)
    with home.writing() as session:
        assert accounts.use_one_time_login(session, token, "127.0.0.1") is None
    home.close()


def test_init_leaves_a_profile_to_fill_in_and_a_sample_list_that_is_not_loaded(bare: Shell, tmp_path: Path) -> None:
    printed = bare("init").out
    profile, sample = tmp_path / "home" / "profile.toml", tmp_path / "home" / "sample-patients.csv"
    assert f"Profile      {profile}" in printed
    assert f"Sample list  {sample}" in printed
    assert profile.read_text(encoding="utf-8") == draw_new_profile()
    assert bare.rows("roster", "find", "sample") == []
    assert (
        bare("roster", "load", sample).out.splitlines()[-1].startswith("4 new, 0 updated, 0 unchanged patients; 2 new")
    )
    assert {row["mrn"] for row in bare.rows("roster", "find", "sample")} == {"00000001", "00000002"}


def test_init_leaves_the_site_s_own_profile_as_it_is(bare: Shell, tmp_path: Path) -> None:
    bare("init")
    profile = tmp_path / "home" / "profile.toml"
    profile.write_text("day_first = true\n")
    bare("init")
    assert profile.read_text() == "day_first = true\n"


def test_settings_shows_no_none(bare: Shell) -> None:
    lines = bare("settings").out.splitlines()
    assert not [line for line in lines if "None" in line.split()]
    assert [line for line in lines if "CHARTROOM_KEY_FILE" in line]


def test_settings_marks_what_is_not_the_default(bare: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHARTROOM_PORT", "9000")
    lines = {line[2:].split()[0]: line for line in bare("settings").out.splitlines() if "CHARTROOM_" in line}
    assert set(lines) == {f"CHARTROOM_{name.upper()}" for name in Settings.model_fields}
    assert lines["CHARTROOM_PORT"].startswith("* CHARTROOM_PORT ")
    assert " 9000 " in lines["CHARTROOM_PORT"]
    assert lines["CHARTROOM_WORKERS"].startswith("  CHARTROOM_WORKERS ")


def test_settings_that_do_not_fit_are_named_and_the_list_is_shown_all_the_same(
    bare: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHARTROOM_PORT", "eighty")
    first, _, *rest = bare("settings").out.splitlines()
    assert first.startswith("The setting CHARTROOM_PORT does not fit: ")
    assert "CHARTROOM_HOT_FOLDERS" in "\n".join(rest)


@pytest.mark.parametrize(("option", "page"), [("--states", "states.md"), ("--types", "document-types.md")])
def test_the_tables_of_the_docs_are_printed(bare: Shell, option: str, page: str) -> None:
    assert bare("settings", option).out == (DOCS / page).read_text(encoding="utf-8").rstrip() + "\n"


def test_doctor_ends_with_code_1_only_when_something_needed_is_missing(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = shell("doctor").out
    assert "[ok] Python: " in report
    assert "[--] Recovery sheet: recovery key not confirmed\n       Run 'chartroom key sheet'" in report
    monkeypatch.setenv("CHARTROOM_MINIMUM_FREE_MEGABYTES", "999999999999")
    report = shell("doctor", expect=1).out
    assert re.search(r"\[no\] Disk: [\d,]+ MB free\n       Free space", report)


def test_doctor_shows_a_finding_and_its_fix(bare: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        health,
        "check_machine",
        lambda: [health.Check(health.Mark.LOOK, "Fan", "loud", "Oil it."), health.Check(health.Mark.OK, "A", "b")],
    )
    assert bare("doctor").out == "[--] Fan: loud\n       Oil it.\n[ok] A: b\n"


# ---- the master key


def _sheet(shell: Shell) -> str:
    return shell("key", "sheet").out


def test_the_sheet_names_its_home_and_printing_it_is_audited(shell: Shell, home: Home) -> None:
    printed = _sheet(shell)
    assert f"data home {home.id}" in printed
    assert len([line for line in printed.splitlines() if line.startswith("    ")]) == 8
    assert home.key_file.read_text().strip() not in printed
    assert _audited(home) == ["print_recovery_sheet"]


def test_a_sheet_typed_back_from_a_file_or_the_keyboard_is_noted(shell: Shell, home: Home, tmp_path: Path) -> None:
    sheet = _sheet(shell)
    (tmp_path / "typed.txt").write_text(sheet)
    for said in (shell("key", "confirm", stdin=sheet), shell("key", "confirm", "typed.txt")):
        assert said.out == "The recovery sheet is right and was noted as confirmed.\n"
    with home.reading() as session:
        assert session.get_one(Fact, "recovery_sheet").value == "confirmed"
    assert "[ok] Recovery sheet: confirmed" in shell("doctor").out


def test_a_sheet_with_a_slip_or_of_another_home_confirms_nothing(shell: Shell, home: Home, tmp_path: Path) -> None:
    lines = [line for line in _sheet(shell).splitlines() if line.startswith("    ")]
    for sheet, sentence in (
        ("", "The recovery sheet has eight lines."),
        ("\n".join(lines[:7]), "The recovery sheet has eight lines."),
        (
            "\n".join([lines[1], lines[0], *lines[2:]]),
            "Line 1 of the recovery sheet does not check. Please type it again.",
        ),
    ):
        assert shell.refusal("key", "confirm", stdin=sheet) == sentence
    other = make_home(tmp_path / "other", tmp_path / "keys" / "other.key")
    other.close()
    own = home.key_file.read_text()
    home.key_file.write_text(other.key_file.read_text())
    shell.refusal("key", "sheet")  # the key of another home opens nothing
    home.key_file.write_text(own)
    of_other = "\n".join(keys.recovery_lines(keys.load_master_key(other.key_file)))
    assert shell.refusal("key", "confirm", stdin=of_other) == "This is the recovery sheet of another data home."
    with home.reading() as session:
        assert session.get(Fact, "recovery_sheet") is None


def test_a_key_file_is_made_again_for_this_account_only(shell: Shell, home: Home) -> None:
    sheet, key = _sheet(shell), home.key_file.read_text()
    assert (
        shell.refusal("key", "restore", stdin=sheet)
        == f"There is a key file already: {home.key_file}. Move it away first."
    )
    home.key_file.unlink()
    printed = shell("key", "restore", stdin=sheet).out
    assert printed == f"The key file {home.key_file} was made again and opens the data.\n"
    assert home.key_file.read_text() == key
    assert home.key_file.stat().st_mode & 0o077 == 0


def test_a_key_is_not_made_where_there_is_no_data(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    sheet = _sheet(shell)
    monkeypatch.setenv("CHARTROOM_HOME", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("CHARTROOM_KEY_FILE", str(tmp_path / "elsewhere.key"))
    assert shell.refusal("key", "restore", stdin=sheet) == f"There is no Chartroom data in {tmp_path / 'elsewhere'}."
    assert not (tmp_path / "elsewhere.key").exists()


# ---- accounts

PASSWORD = "correct-horse-battery"


def _add(shell: Shell, name: str, role: str = "technician") -> None:
    shell("user", "add", name, "--role", role, "--password-stdin", stdin=f"{PASSWORD}\n")


def test_each_role_of_a_person_can_be_given_and_is_listed(shell: Shell) -> None:
    roles = ("operator", "technician", "supervisor", "auditor", "admin")
    for role in roles:
        _add(shell, f"a-{role}", role)
    rows = shell.rows("user", "list")
    assert rows == [
        {"username": f"a-{role}", "role": role, "disabled": False, "must_change_password": False}
        for role in sorted(roles)
    ]
    assert shell("user", "list").out.splitlines()[0] == "username      role        disabled"


def test_a_password_is_asked_for_twice_and_never_shown(home: Home, shell: Shell) -> None:
    done = CliRunner().invoke(
        chartroom, ["user", "add", "tess", "--role", "technician"], input=f"{PASSWORD}\n{PASSWORD}\n"
    )
    assert done.exit_code == 0
    assert PASSWORD not in done.output
    assert done.output.endswith("User tess created (technician).\n")
    with home.writing() as session:
        assert accounts.sign_in(session, "tess", PASSWORD, "127.0.0.1") is not None
    wrong = CliRunner().invoke(chartroom, ["user", "add", "uma", "--role", "technician"], input=f"{PASSWORD}\nother\n")
    assert wrong.exit_code == 1
    assert [row["username"] for row in shell.rows("user", "list")] == ["tess"]


@pytest.mark.parametrize(
    ("name", "password", "sentence"),
    [
        ("tess", PASSWORD, "There is an account tess already."),
        ("uma smith", PASSWORD, "A user name has letters, digits, dots, dashes and underscores only."),
        ("uma", "elevenchars", "A password needs 12 to "),
        ("uma", "", "A password needs 12 to "),
    ],
)
def test_an_account_that_does_not_fit_is_refused(shell: Shell, name: str, password: str, sentence: str) -> None:
    _add(shell, "tess")
    refusal = shell.refusal("user", "add", name, "--role", "auditor", "--password-stdin", stdin=f"{password}\n")
    assert refusal.startswith(sentence)
    assert [(row["username"], row["role"]) for row in shell.rows("user", "list")] == [("tess", "technician")]


def test_a_disabled_account_cannot_sign_in_and_its_sessions_end(shell: Shell, home: Home) -> None:
    _add(shell, "tess")
    with home.writing() as session:
        signed_in = accounts.sign_in(session, "tess", PASSWORD, "127.0.0.1")
        assert signed_in is not None
    assert shell("user", "disable", "tess").out == "tess can no longer sign in; open sessions have ended.\n"
    with home.reading() as session:
        assert accounts.who_is(session, signed_in.token) is None
    assert shell.rows("user", "list")[0]["disabled"] is True
    assert shell("user", "enable", "tess").out == "tess can sign in again.\n"
    assert shell.rows("user", "list")[0]["disabled"] is False
    assert shell.refusal("user", "enable", "tess") == "The account tess is not disabled."
    with home.writing() as session:
        assert accounts.sign_in(session, "tess", PASSWORD, "127.0.0.1") is not None


def test_a_link_leads_to_the_app_that_runs(shell: Shell, home: Home) -> None:
    _add(shell, "tess")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with port_noted(home.path, port):
            assert running_port(home.path) == port
            assert f"127.0.0.1:{port}/" in shell("user", "link", "tess").out
            assert "127.0.0.1:9009/" in shell("user", "link", "tess", "--port", "9009").out
        assert running_port(home.path) is None
        (home.path / "review.port").write_text("no port\n")
        assert running_port(home.path) is None
    with port_noted(home.path, port):  # killed: its note stayed, and nobody listens
        assert running_port(home.path) is None


def test_a_link_signs_its_person_in(shell: Shell, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    _add(shell, "tess")
    monkeypatch.setenv("CHARTROOM_PORT", "9000")
    (token,) = re.fullmatch(r"http://127\.0\.0\.1:9000/login\?once=(\S+)\n", shell("user", "link", "tess").out).groups()  # type: ignore[union-attr]
    with home.writing() as session:
        signed_in = accounts.use_one_time_login(session, token, "127.0.0.1")
        assert signed_in is not None
        assert signed_in.actor.name == "tess"


@pytest.mark.parametrize(
    "command", [("disable", "nobody"), ("enable", "nobody"), ("link", "nobody"), ("role", "nobody", "admin")]
)
def test_an_account_that_is_not_there_is_named(shell: Shell, command: tuple[str, ...]) -> None:
    assert shell.refusal("user", *command) == "There is no account nobody."


def test_a_person_changes_their_own_password(shell: Shell, home: Home) -> None:
    old, new = "correct-horse-battery", "another-long-password"
    shell("user", "add", "tess", "--role", "technician", "--password-stdin", stdin=f"{old}\n")
    change = ("user", "password", "tess", "--password-stdin")
    assert shell.refusal(*change, stdin=f"guess\n{new}\n") == "The current password is not right. Nothing was changed."
    assert shell(*change, stdin=f"{old}\n{new}\n").out == "The password of tess is changed; open sessions have ended.\n"
    assert shell.refusal(*change, stdin=f"{new}\nshort\n") == "A password needs 12 to 1024 characters."
    assert (
        shell.refusal("user", "password", "nobody", "--password-stdin", stdin="a\nb\n") == "There is no account nobody."
    )
    with home.writing() as session:
        assert accounts.sign_in(session, "tess", old, "here") is None
        assert accounts.sign_in(session, "tess", new, "here") is not None
    assert _audited(home).count("set_password") == 2


def test_an_account_gets_another_role_and_the_last_administrator_stays_one(shell: Shell, home: Home) -> None:
    _add(shell, "tess")
    assert shell("user", "role", "tess", "auditor").out == "tess has the role auditor now; open sessions have ended.\n"
    assert shell.rows("user", "list")[0]["role"] == "auditor"
    assert shell.refusal("user", "role", "tess", "auditor") == "tess has the role auditor already."
    shell("user", "role", "tess", "admin")
    for command in (("disable", "tess"), ("role", "tess", "operator")):
        assert shell.refusal("user", *command) == (
            "tess is the last administrator who can sign in. Make another administrator first."
        )
    assert _audited(home).count("change_role") == 2


@pytest.mark.parametrize("option", [(), ("--must-change",)])
def test_a_password_given_at_the_shell_is_the_persons_own_unless_it_is_said(
    shell: Shell, option: tuple[str, ...]
) -> None:
    shell("user", "add", "tess", "--role", "auditor", "--password-stdin", *option, stdin=f"{PASSWORD}\n")
    assert shell.rows("user", "list")[0]["must_change_password"] is bool(option)
    shell("user", "password", "tess", "--password-stdin", stdin=f"{PASSWORD}\nanother-long-password\n")
    assert shell.rows("user", "list")[0]["must_change_password"] is False
