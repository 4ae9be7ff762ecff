"""Setting up: init, keys, accounts, doctor, settings."""

from pathlib import Path

from tests.given.commands import Chartroom


def test_init_asks_nothing_and_can_be_repeated(unmade: Chartroom) -> None:
    first, again = unmade("init").stdout, unmade("init").stdout
    assert "login?once=" in first
    assert "key sheet" in first
    assert "login?once=" not in again
    assert (unmade.home / "hot").is_dir()


def test_a_start_from_another_folder_makes_no_empty_hospital(unmade: Chartroom) -> None:
    for command in ("run", "watch", "review"):
        told = unmade(command, expect=1).stderr
        assert str(unmade.home) in told
        assert "chartroom init" in told
    assert not unmade.home.exists()


def test_a_lost_key_comes_back_from_the_recovery_sheet(chartroom: Chartroom) -> None:
    chartroom("init")
    sheet = [line.strip() for line in chartroom("key", "sheet").stdout.splitlines() if line.startswith("    ")]
    chartroom("key", "confirm", stdin=chartroom("key", "sheet").stdout)  # as printed
    chartroom("key", "confirm", stdin="\n".join(sheet))
    Path(chartroom.env["CHARTROOM_KEY_FILE"]).unlink()
    assert "recovery sheet" in chartroom("sources", expect=1).stderr
    chartroom("key", "restore", stdin="\n".join(sheet))
    chartroom("verify")


def test_accounts_are_added_listed_and_shut(chartroom: Chartroom) -> None:
    chartroom("init")
    chartroom("user", "add", "tess", "--role", "technician", "--password-stdin", stdin="correct-horse-battery\n")
    assert (
        "12"
        in chartroom("user", "add", "uma", "--role", "technician", "--password-stdin", stdin="short\n", expect=1).stderr
    )
    chartroom("user", "disable", "tess")
    assert {row["username"]: row["disabled"] for row in chartroom.rows("user", "list")} == {
        "admin": False,
        "tess": True,
    }


def test_doctor_and_settings_name_things(chartroom: Chartroom) -> None:
    chartroom("init")
    report = chartroom("doctor", expect=None).stdout
    assert "OCR engine: tesserocr" in report
    assert "[ok] Second recogniser: PP-OCRv6 small, ONNX Runtime " in report
    assert "Recovery sheet" in report
    assert "CHARTROOM_HOT_FOLDERS" in chartroom("settings").stdout


def test_help_has_examples(chartroom: Chartroom) -> None:
    assert "Examples" in chartroom("--help").stdout
    assert "Examples" in chartroom("read", "--help").stdout
