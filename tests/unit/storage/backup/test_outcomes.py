"""What is noted of backups, checks and drills, however they end."""

import errno
import json
from pathlib import Path

import pytest
from sqlmodel import col, select

from storage.backup.outcomes import Kind, find_outcome, noted
from storage.foundation.errors import BackupRefused
from storage.foundation.home import Home
from storage.foundation.tables.audit import AuditEvent
from tests.given.records import SAM

PLACE = Path("/mnt/backup")


def _good(home: Home) -> None:
    with noted(home, Kind.BACKUP, PLACE, SAM) as ending:
        ending.is_good, ending.found, ending.subject = True, "3 documents.", "backup:one"
        ending.detail = {"files": 3}


def _last_line(home: Home) -> tuple[str, str, str, str]:
    with home.reading() as session:
        event = session.exec(select(AuditEvent).order_by(col(AuditEvent.seq).desc())).first()
        assert event is not None
        return event.action, event.subject, event.outcome, event.detail


def test_one_that_ended_well_is_a_fact_and_a_line_of_the_log(home: Home) -> None:
    _good(home)
    with home.reading() as session:
        last = find_outcome(session, Kind.BACKUP)
    assert last is not None
    assert (last.is_good, last.found, last.place, last.good_at) == (True, "3 documents.", "/mnt/backup", last.at)
    assert _last_line(home) == ("back_up", "backup:one", "ok", json.dumps({"files": 3}, separators=(",", ":")))


@pytest.mark.parametrize(
    ("error", "found"),
    [
        (BackupRefused("The disk is away."), "The disk is away."),
        (OSError(errno.ENOSPC, "no space"), "The disk reported an error (ENOSPC)."),
        (KeyboardInterrupt(), "It was stopped before its end."),
    ],
)
def test_one_that_failed_is_noted_too_and_the_last_good_one_stays(home: Home, error: BaseException, found: str) -> None:
    _good(home)
    with pytest.raises(type(error)), noted(home, Kind.BACKUP, PLACE, SAM):
        raise error
    with home.reading() as session:
        last = find_outcome(session, Kind.BACKUP)
    assert last is not None
    assert (last.is_good, last.found) == (False, found)
    assert last.last_good is not None
    assert _last_line(home)[2] == "failed"


def test_each_kind_has_its_own(home: Home) -> None:
    _good(home)
    with home.reading() as session:
        assert find_outcome(session, Kind.CHECK) is None
        assert find_outcome(session, Kind.DRILL) is None
