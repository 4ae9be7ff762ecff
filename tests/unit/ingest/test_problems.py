"""Every foreseen error has a code and a sentence; which of them pass by themselves, and which concern everything."""

import errno
import sqlite3

import pytest
from sqlalchemy.exc import IntegrityError, NoResultFound, OperationalError

from ingest.problems import (
    CannotGoOn,
    ProfileProblem,
    UsageProblem,
    cli_errors,
    concerns_everything,
    explain,
    is_full,
    is_passing,
)
from ocr.errors import DamagedFile, EngineMissing
from storage.foundation.errors import BlobDamaged, BlobMissing, StateRefused


def _disk(code: int) -> OSError:
    return OSError(code, "trouble", "rivera ana.pdf")


def _database(text: str) -> OperationalError:
    return OperationalError("SELECT name", {"name": "Rivera"}, sqlite3.OperationalError(text))


@pytest.mark.parametrize(
    ("error", "code", "sentence"),
    [
        (_disk(errno.ENOSPC), "disk", "The disk is full. Free space and start again; nothing was lost, the scans wait in the hot folder."),
        (_disk(errno.EDQUOT), "disk", "The disk is full."),
        (_disk(errno.EACCES), "disk", "A folder cannot be written (rights or read-only disk)."),
        (_disk(errno.EROFS), "disk", "A folder cannot be written (rights or read-only disk)."),
        (_disk(errno.ESTALE), "disk", "A folder or file cannot be reached now (ESTALE). Check that its disk or network folder is connected."),
        (_disk(errno.EIO), "disk", "The disk reported an error (EIO). Check the disk; nothing was lost."),
        (OSError("no number"), "disk", "The disk reported an error (unknown)."),
        (_database("database is locked"), "database", "The database is busy. Try again in a minute."),
        (_database("database or disk is full"), "database", "The disk is full: the database cannot grow."),
        (_database("malformed"), "database", "The database reported an error. Run 'chartroom verify'; nothing was lost."),
        (NoResultFound(), "database", "There is nothing with that number."),
        (StateRefused("Choose the patient first."), "refused", "Choose the patient first."),
        (BlobMissing("A stored file is not there"), "stored_file", "A stored file is not there. Restore it from the backup."),
        (BlobDamaged("A stored file is damaged"), "stored_file", "A stored file is damaged. Restore it from the backup."),
        (CannotGoOn("The folder is away."), "cannot_go_on", "The folder is away."),
        (UsageProblem("Give a number."), "cannot_go_on", "Give a number."),
        (ProfileProblem("There is no entry."), "cannot_go_on", "There is no entry."),
        (EngineMissing("No engine."), EngineMissing.code, "No engine."),
        (DamagedFile("It is damaged."), DamagedFile.code, "It is damaged."),
    ],
)  # fmt: skip
def test_an_error_is_a_code_and_a_sentence_without_chart_text(error: Exception, code: str, sentence: str) -> None:
    problem = explain(error)
    assert problem.code == code
    assert problem.sentence.startswith(sentence)
    assert "ivera" not in problem.sentence


@pytest.mark.parametrize("error", [KeyError("x"), ZeroDivisionError(), ValueError("x"), AssertionError()])
def test_an_unknown_bug_is_raised_again(error: Exception) -> None:
    with pytest.raises(type(error)):
        explain(error)


def test_a_foreseen_error_ends_a_command_with_its_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended, cli_errors():
        raise UsageProblem("Give a number.")
    assert ended.value.code == 1
    assert capsys.readouterr().err == "chartroom: Give a number.\n"


def test_a_bug_shows_itself() -> None:
    with pytest.raises(ZeroDivisionError), cli_errors():
        raise ZeroDivisionError


@pytest.mark.parametrize(
    ("error", "passes", "full", "everything"),
    [
        (_disk(errno.ENOSPC), True, True, True),
        (_disk(errno.EDQUOT), True, True, True),
        (_disk(errno.ENOENT), True, False, True),
        (_disk(errno.EBUSY), True, False, True),
        (_disk(errno.EIO), False, False, True),  # after a failed fsync the data may be gone
        (_disk(errno.EACCES), False, False, True),
        (_database("database is locked"), True, False, True),
        (_database("database table is busy"), True, False, True),
        (_database("database or disk is full"), True, True, True),
        (_database("disk I/O error"), False, False, True),
        (IntegrityError("x", {}, Exception("UNIQUE")), False, False, False),
        (NoResultFound(), False, False, False),
        (EngineMissing("x"), False, False, True),
        (CannotGoOn("x"), False, False, True),
        (ProfileProblem("x"), False, False, True),
        (DamagedFile("x"), False, False, False),
        (ValueError("locked"), False, False, False),
        (OverflowError("x"), False, False, False),
    ],
)
def test_what_passes_by_itself_and_what_every_other_file_would_meet(
    error: Exception, passes: bool, full: bool, everything: bool
) -> None:
    assert (is_passing(error), is_full(error), concerns_everything(error)) == (passes, full, everything)
