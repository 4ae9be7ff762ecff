"""The file as it was dropped: bit for bit, to whom it is for, and only gone from .done when the vault has it whole."""

import os
from pathlib import Path

import pytest
from sqlmodel import col, select

from ingest import intake
from ingest.hotfolder import HotFolder
from ingest.intake import take_in
from ingest.settings import Settings
from storage.custody import originals
from storage.foundation.errors import NotAllowed, StateRefused
from storage.foundation.home import Home
from storage.foundation.tables.audit import AuditEvent
from storage.foundation.tables.custody import Source
from tests.given.paper import LINES, printed, saved
from tests.given.records import OLGA, SAM, TESS, receive

SCAN = saved([printed(LINES)], "PDF")
SETTINGS = Settings(settle_seconds=0, minimum_free_megabytes=0)


@pytest.fixture
def folder(home: Home, tmp_path: Path) -> HotFolder:
    (tmp_path / "hot" / "box" / "sub").mkdir(parents=True)
    (tmp_path / "hot" / "box" / "1.pdf").write_bytes(SCAN)
    (tmp_path / "hot" / "box" / "sub" / "2.pdf").write_bytes(SCAN + b"\n")
    (tmp_path / "hot" / "box" / "index.csv").write_bytes(b"file\n1.pdf\nsub/2.pdf\n")
    found = HotFolder(tmp_path / "hot")
    take_in(home, found, SETTINGS, waits_for_end=False)
    return found


def test_a_file_is_given_back_bit_for_bit_and_that_is_audited(home: Home) -> None:
    batch_id = receive(home, b"just these bytes")
    with home.writing() as session:
        (file,) = originals.originals_of(session, batch_id, SAM)
        assert originals.give(session, home.vault, file.claim_id, SAM) == b"just these bytes"
        last = session.exec(select(AuditEvent).order_by(col(AuditEvent.seq).desc())).first()
        assert last is not None
        assert (last.action, last.actor, last.subject) == ("get_original", "sam", f"batch:{batch_id}")


@pytest.mark.parametrize("actor", [TESS, OLGA])
def test_it_is_for_supervisors(home: Home, actor: object) -> None:
    batch_id = receive(home, b"just these bytes")
    with home.writing() as session:
        claim = session.exec(select(Source)).one().claim_id
        with pytest.raises(NotAllowed):
            originals.originals_of(session, batch_id, actor)  # type: ignore[arg-type]
        with pytest.raises(NotAllowed):
            originals.give(session, home.vault, claim, actor)  # type: ignore[arg-type]


def test_what_is_not_there_is_said(home: Home) -> None:
    with home.writing() as session:
        with pytest.raises(StateRefused, match="no such scan"):
            originals.originals_of(session, 99, SAM)
        with pytest.raises(StateRefused, match="no such file"):
            originals.give(session, home.vault, "claim", SAM)


def _blob_of(home: Home) -> Path:
    with home.reading() as session:
        return home.vault.path(session.exec(select(Source.blob_id)).first() or "")


@pytest.mark.parametrize("trouble", ["missing", "changed"])
def test_what_the_vault_has_not_whole_stays_in_done(home: Home, folder: HotFolder, trouble: str) -> None:
    (kept,) = (folder.path / ".done").iterdir()
    blob = _blob_of(home)
    content = blob.read_bytes()
    blob.unlink()
    if trouble == "changed":
        blob.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    assert intake.sweep_done(home, folder, 0) == 0
    assert (kept / "1.pdf").read_bytes() == SCAN
    blob.unlink(missing_ok=True)
    blob.write_bytes(content)
    assert intake.sweep_done(home, folder, 0) == 1
    assert not kept.exists()


def test_what_nobody_claimed_is_not_removed_from_done(home: Home, folder: HotFolder) -> None:
    strange = folder.path / ".done" / "somebody-elses.pdf"
    strange.write_bytes(b"x")
    os.utime(strange, (0, 0))
    assert intake.sweep_done(home, folder, 0) == 1
    assert strange.exists()
