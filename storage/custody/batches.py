"""Batches: the one writer of their state, their files, and what is listed of them."""

from typing import Any

from sqlmodel import Session, col, func, select

from classify.doubts import DoubtCode
from storage.custody.declared import Declared, FoundFile, differences
from storage.foundation import audit
from storage.foundation.actions import AuditAction
from storage.foundation.clock import utc_now
from storage.foundation.permissions import MACHINE, Action, Actor, check_can
from storage.foundation.states import BATCH, BatchState, Disposition, DocumentState, Effect
from storage.foundation.tables.custody import Batch, BatchFile, NotAFile, Page, Source
from storage.foundation.tables.documents import Document
from storage.foundation.typed import typed_reason


def advance(
    session: Session,
    batch_id: int,
    event: str,
    actor: Actor = MACHINE,
    *,
    reason_code: str | None = None,
    reason: str | None = None,
) -> Batch:
    """Move a batch along the table of states and write the audit event, in the caller's transaction."""
    check_can(actor, Action.RETRY)
    batch = session.get_one(Batch, batch_id)
    move = BATCH.find(batch.state, event, actor.acts_as)
    before = batch.state
    batch.state = move.after
    batch.reason_code, batch.reason = reason_code, reason
    batch.version += 1
    batch.updated_at = utc_now()
    if Effect.RESET_ATTEMPTS in move.effects:
        batch.attempts = 0
    if Effect.FORGET_DUPLICATE in move.effects:
        batch.duplicate_of = None
    session.add(batch)
    audit.record(session, actor, event, f"batch:{batch_id}", before=before, after=move.after, reason=reason_code)
    return batch


def void(session: Session, batch_id: int, actor: Actor, reason: str) -> Batch:
    """Cancel a file that was put aside or is held as a duplicate, for a reason that a person gives."""
    told = typed_reason(reason, why="the list of scans shows it beside the file")
    return advance(session, batch_id, "void", actor, reason_code="voided", reason=told)


def count_attempt(session: Session, batch_id: int) -> int:
    """Note that risky work starts; committed before it does, so a crash counts. Gives the attempt number."""
    batch = session.get_one(Batch, batch_id)
    batch.attempts += 1
    session.add(batch)
    return batch.attempts


def waiting(session: Session, state: BatchState, limit: int = 200) -> list[Batch]:
    """Batches in a state, day-forward work before back-file work, oldest first. A folder that still arrives is none of them."""
    return list(
        session.exec(
            select(Batch)
            .where(Batch.state == state, col(Batch.is_arriving).is_(False))
            .order_by(col(Batch.back_file), col(Batch.id))
            .limit(limit)
        )
    )


def files_of(session: Session, batch_id: int) -> list[tuple[BatchFile, Source]]:
    """The files of a batch with their custody receipts, in order."""
    return list(
        session.exec(
            select(BatchFile, Source)
            .where(BatchFile.claim_id == Source.claim_id, BatchFile.batch_id == batch_id)
            .order_by(col(BatchFile.position))
        )
    )


def set_apart(session: Session, batch_id: int, claim_id: str, code: str, sentence: str) -> int:
    """Take a file of a folder that cannot be opened out of its batch, into one of its own that is put aside; gives that
    batch. The others go on, and a person looks at each of their documents."""
    batch, row = session.get_one(Batch, batch_id), session.get_one(BatchFile, claim_id)
    source = session.get_one(Source, claim_id)
    alone = Batch(
        state=BatchState.RECEIVED,
        name=source.name,
        parent_id=batch_id,
        back_file=batch.back_file,
        station=batch.station,
        scanner=batch.scanner,
        operator=batch.operator,
    )
    session.add(alone)
    session.flush()
    row.batch_id, row.position = alone.id, 0
    batch.flags = sorted({*batch.flags, DoubtCode.FILE_SET_APART})
    audit.record(session, MACHINE, AuditAction.SET_APART, f"batch:{batch_id}", claim=claim_id, batch=alone.id)
    session.flush()
    advance(session, alone.id, "quarantine", reason_code=code, reason=sentence)
    return alone.id


def depth_of(session: Session, batch: Batch) -> int:
    """In how many files a file lies: 0 for one that was dropped."""
    depth, parent_id = 0, batch.parent_id
    while parent_id is not None:
        depth, parent_id = depth + 1, session.get_one(Batch, parent_id).parent_id
    return depth


def compare_with_index(session: Session, batch: Batch) -> None:
    """Compare the files and pages of a folder with what its index files declare; what differs is kept for the list of scans,
    and a person looks at each document."""
    if batch.declared is None:
        return
    rows = session.exec(
        select(Source, BatchFile).where(Source.batch_id == batch.id, BatchFile.claim_id == Source.claim_id)
    )
    found = [
        FoundFile(
            name_inside(batch, source),
            file.pages_found if file.batch_id == batch.id else None,
            source.sha256,
            source.size,
        )
        for source, file in rows
    ]
    batch.discrepancies = differences(Declared.from_json(batch.declared), sorted(found, key=lambda file: file.name))
    if batch.discrepancies:
        batch.flags = sorted({*batch.flags, DoubtCode.COUNTS_DIFFER})


def name_inside(batch: Batch, source: Source) -> str:
    """The path of a file in the folder that was dropped."""
    return shown_name(source.name.removeprefix(batch.name + b"/"))


_OPEN = tuple(state for state in DocumentState if state not in (DocumentState.FILED, DocumentState.VOIDED))
"""States of a document that somebody still works on."""


def close_if_finished(session: Session, batch_id: int) -> bool:
    """Close an indexed batch whose documents are all in an end state and whose blank sides somebody saw; True when it was."""
    batch = session.get_one(Batch, batch_id)
    if batch.state != BatchState.INDEXED:
        return False
    unfinished = select(Document.id).where(Document.batch_id == batch_id, col(Document.state).in_(_OPEN)).limit(1)
    unseen = select(Page.id).where(
        Page.batch_id == batch_id,
        col(Page.disposition).in_((Disposition.HELD, Disposition.WAITING))
        | ((col(Page.disposition) == Disposition.BLANK) & col(Page.seen_by).is_(None)),
    )
    if session.exec(unfinished).first() is not None or session.exec(unseen.limit(1)).first() is not None:
        return False
    advance(session, batch_id, "close")
    return True


def close_finished(session: Session) -> int:
    """Close every batch that is finished; gives how many. For what an earlier version left open."""
    indexed = session.exec(select(Batch.id).where(Batch.state == BatchState.INDEXED)).all()
    return sum(close_if_finished(session, batch_id) for batch_id in indexed if batch_id is not None)


def list_sources(session: Session) -> list[dict[str, Any]]:
    """One record for each dropped thing, refused ones too: the `sources --json` contract. Each file of a folder has one."""
    rows: list[dict[str, Any]] = []
    query = (
        select(Source, Batch, BatchFile)
        .join(BatchFile, col(BatchFile.claim_id) == Source.claim_id, isouter=True)
        .join(Batch, col(Batch.id) == func.coalesce(col(BatchFile.batch_id), Source.batch_id))
        .order_by(col(Batch.id), col(BatchFile.position))
    )
    for source, batch, file in session.exec(query):
        is_of_folder = batch.folder_claim is not None
        rows.append(
            {
                "name": shown_name(source.name),
                "sha256": source.sha256,
                "state": batch.state,
                "reason": batch.reason,
                "flags": batch.flags if file else [*batch.flags, INDEX_FILE],
                "pages": (file.pages_found if is_of_folder else batch.pages_found) if file else 0,
                "id": batch.id,
                "folder": shown_name(batch.name) if is_of_folder else None,
                "duplicate_of": batch.duplicate_of,
                "parent": batch.parent_id,
                "claim": source.claim_id,
                "station": batch.station,
                "scanner": batch.scanner,
                "operator": batch.operator,
                "received_at": source.received_at.isoformat(timespec="seconds"),
            }
        )
    for seen in session.exec(select(NotAFile).order_by(col(NotAFile.id))):
        rows.append(
            {
                "name": shown_name(seen.name),
                "sha256": None,
                "state": "refused",
                "reason": seen.reason,
                "flags": [seen.kind],
                "pages": None,
                "id": None,
                "duplicate_of": None,
                "received_at": seen.seen_at.isoformat(timespec="seconds"),
            }
        )
    return rows


INDEX_FILE = "index_file"
"""Flag of a file that says what the scans beside it are; it has no pages itself."""


def shown_name(name: bytes) -> str:
    """A file name as text; bytes that are not UTF-8 become lone surrogates, so it can be turned back."""
    return name.decode("utf-8", "surrogateescape")


def printable_name(name: bytes) -> str:
    """A file name safe for a screen or terminal: control and direction characters are escaped."""
    text = name.decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
