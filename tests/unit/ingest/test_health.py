"""What the *System* screen and `chartroom doctor` say when something is not as it should be, and to whom."""

import json
import os
import re
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from ingest import health
from ingest.health import Check, Mark, check_home, check_machine
from ingest.settings import Settings
from ocr import probe, tesseract
from ocr.errors import EngineMissing
from ocr.page import Second
from ocr.probe import Probe, State
from storage.backup.outcomes import Kind, Outcome
from storage.foundation.clock import utc_now
from storage.foundation.errors import NotAllowed
from storage.foundation.home import Home
from storage.foundation.permissions import Actor, Role
from storage.foundation.tables.installation import Fact
from tests.given.records import OLGA

ADA = Actor("ada", Role.ADMIN)


@pytest.fixture(autouse=True)
def _answering(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second recogniser reads; its real answers are tested in tests/unit/ocr/test_probe.py."""
    monkeypatch.setattr(probe, "probe_second", lambda: Probe(State.READS, "PP-OCRv6 small"))


def _checks(home: Home, **settings: object) -> list[Check]:
    return check_home(home, Settings(home=home.path, **settings), ADA)  # type: ignore[arg-type]


def _check(home: Home, name: str, **settings: object) -> Check:
    return next(check for check in _checks(home, **settings) if check.name == name)


def _beat(home: Home, seconds_ago: float) -> None:
    with home.writing() as session:
        session.add(Fact(name="watch_beat", value=(utc_now() - timedelta(seconds=seconds_ago)).isoformat()))


@pytest.mark.parametrize(
    ("seconds_ago", "mark", "found"),
    [(0, Mark.OK, "alive "), (600, Mark.WRONG, "silent for 10 minutes")],
)
def test_a_watch_that_fell_silent_is_told(home: Home, seconds_ago: float, mark: Mark, found: str) -> None:
    assert _check(home, "Watch").mark is Mark.LOOK  # it never ran
    _beat(home, seconds_ago)
    watch = _check(home, "Watch")
    assert watch.mark is mark
    assert watch.found.startswith(found)
    assert ("chartroom watch" in watch.advice) is (mark is Mark.WRONG)


def test_what_is_wrong_comes_first_and_says_what_to_do(home: Home, tmp_path: Path) -> None:
    checks = _checks(home, hot_folders=str(tmp_path / "away"), minimum_free_megabytes=10**9)
    wrong = [check for check in checks if check.mark is Mark.WRONG]
    assert checks[: len(wrong)] == wrong
    assert {check.name for check in wrong} == {"Hot folder", "Disk"}
    assert all(check.advice for check in wrong)
    assert "Is the share mounted?" in wrong[0].advice + wrong[1].advice


def test_a_hot_folder_without_rights_is_told(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert _check(home, "Hot folder").advice == "Give this account the rights on it."


def test_a_disk_that_fills_up_and_a_log_that_grows_are_worth_a_look(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = health.shutil.disk_usage(home.path).free // 1_000_000
    assert _check(home, "Disk", minimum_free_megabytes=free // 5).mark is Mark.LOOK
    monkeypatch.setattr(health, "_WAL_MEGABYTES", -1)
    assert _check(home, "Database").advice.startswith("Something reads without end.")


def test_files_that_need_somebody_are_counted(home: Home) -> None:
    assert _check(home, "Exceptions").found == "0 files need attention"
    assert _check(home, "Reading queue").mark is Mark.OK


def test_the_system_screen_is_for_who_may_see_it(home: Home) -> None:
    with pytest.raises(NotAllowed):
        check_home(home, Settings(home=home.path), Actor("tess", Role.TECHNICIAN))
    assert check_home(home, Settings(home=home.path), OLGA)


def test_a_machine_without_an_engine_or_a_data_home_is_told_how_to_get_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(prefer: str) -> None:
        raise EngineMissing("No OCR engine starts here. Run './dev setup' again.")

    monkeypatch.setenv("CHARTROOM_HOME", str(tmp_path / "none"))
    monkeypatch.setattr(tesseract, "open_engine", missing)
    checks = {check.name: check for check in check_machine()}
    assert checks["OCR engine"] == Check(
        Mark.WRONG, "OCR engine", "none", "No OCR engine starts here. Run './dev setup' again."
    )
    assert checks["Data home"].advice == "Run 'chartroom init'."
    assert checks["Hot folder"].mark is Mark.LOOK


def test_the_engine_is_named_with_its_version_and_how_it_runs(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    inside = _check(home, "OCR engine")
    assert inside.mark is Mark.OK
    assert re.fullmatch(r"tesserocr \d+\.\d+\S* eng \(Tesseract inside each worker\)", inside.found)
    monkeypatch.setattr(tesseract, "open_engine", lambda prefer: SimpleNamespace(name=f"{prefer} 5.3.0 eng"))
    started = _check(home, "OCR engine", engine="tesseract")  # the one that the site has chosen
    assert started == Check(Mark.OK, "OCR engine", "tesseract 5.3.0 eng (the program, started for each page)")


@pytest.mark.parametrize(
    ("chosen", "state", "mark", "found", "advice"),
    [
        (Second.AUTO, State.READS, Mark.OK, "PP-OCRv6 small, reads (auto)", ""),
        (Second.ALWAYS, State.READS, Mark.OK, "PP-OCRv6 small, reads (always)", ""),
        (Second.AUTO, State.MISSING, Mark.LOOK, "not installed", "./dev setup"),
        (Second.ALWAYS, State.MISSING, Mark.WRONG, "not installed", "./dev setup"),  # the site asked for it
        (Second.AUTO, State.BROKEN, Mark.WRONG, "installed, but does not read", "CHARTROOM_SECOND_RECOGNISER=off"),
        (Second.ALWAYS, State.BROKEN, Mark.WRONG, "installed, but does not read", "CHARTROOM_SECOND_RECOGNISER=off"),
    ],
)
def test_a_second_recogniser_that_does_not_read_is_told_with_what_to_do(
    home: Home, monkeypatch: pytest.MonkeyPatch, chosen: Second, state: State, mark: Mark, found: str, advice: str
) -> None:
    monkeypatch.setattr(probe, "probe_second", lambda: Probe(state, "PP-OCRv6 small" if state is State.READS else ""))
    monkeypatch.setenv("CHARTROOM_HOME", str(home.path / "none"))
    monkeypatch.setenv("CHARTROOM_SECOND_RECOGNISER", chosen)
    for check in (
        _check(home, "Second recogniser", second_recogniser=chosen),
        next(check for check in check_machine() if check.name == "Second recogniser"),
    ):
        assert (check.mark, check.found) == (mark, found)
        assert advice in check.advice
        assert bool(check.advice) is bool(advice)


def test_a_second_recogniser_that_is_switched_off_is_not_tried(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probe, "probe_second", lambda: pytest.fail("it was tried"))
    assert _check(home, "Second recogniser", second_recogniser=Second.OFF) == Check(
        Mark.OK, "Second recogniser", "switched off by CHARTROOM_SECOND_RECOGNISER"
    )


def test_a_data_home_whose_key_is_away_is_told(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHARTROOM_HOME", str(home.path))
    monkeypatch.setenv("CHARTROOM_KEY_FILE", str(home.key_file))
    assert {check.name: check.mark for check in check_machine()}["Data home"] is Mark.OK
    home.key_file.unlink()
    found = {check.name: check for check in check_machine()}["Data home"]
    assert found.mark is Mark.WRONG
    assert "key" in found.advice


def _outcome(home: Home, kind: Kind, hours_ago: float, *, is_good: bool = True) -> None:
    at = (utc_now() - timedelta(hours=hours_ago)).isoformat(timespec="seconds")
    outcome = Outcome(at, "/mnt/backup", is_good, "3 documents.", at if is_good else None)
    with home.writing() as session:
        session.merge(Fact(name=kind, value=json.dumps(asdict(outcome))))


@pytest.mark.parametrize(
    ("kind", "name", "hours_ago", "mark"),
    [
        (Kind.BACKUP, "Backup", 1, Mark.OK),
        (Kind.BACKUP, "Backup", 25, Mark.OK),  # last night's took an hour longer
        (Kind.BACKUP, "Backup", 27, Mark.LOOK),
        (Kind.CHECK, "Backup check", 29 * 24, Mark.OK),
        (Kind.CHECK, "Backup check", 31 * 24, Mark.LOOK),
        (Kind.DRILL, "Backup drill", 29 * 24, Mark.OK),
        (Kind.DRILL, "Backup drill", 31 * 24, Mark.LOOK),
    ],
)
def test_how_old_backups_checks_and_drills_are_is_told(
    home: Home, kind: Kind, name: str, hours_ago: float, mark: Mark
) -> None:
    assert (_check(home, name).mark, _check(home, name).found) == (Mark.LOOK, "none yet")
    assert "chartroom backup key" in _check(home, name).advice
    _outcome(home, kind, hours_ago)
    check = _check(home, name)
    assert check.mark is mark
    assert check.found.endswith("in /mnt/backup: 3 documents.")
    assert ("too long ago" in check.advice) is (mark is Mark.LOOK)


def test_a_backup_that_failed_is_wrong_and_doctor_says_so_too(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    _outcome(home, Kind.BACKUP, 1, is_good=False)
    check = _check(home, "Backup")
    assert check.mark is Mark.WRONG
    assert "failed: 3 documents. There is no good one yet." in check.found
    monkeypatch.setenv("CHARTROOM_HOME", str(home.path))
    monkeypatch.setenv("CHARTROOM_KEY_FILE", str(home.key_file))
    assert check in list(check_machine())
