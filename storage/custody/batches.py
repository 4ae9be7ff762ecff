"""Batches: what was dropped, its custody receipt, and the one writer of its state."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from storage.foundation import audit
from storage.foundation.actions import AuditAction
from storage.foundation.clock import utc_now
from storage.foundation.permissions import MACHINE, Action, Actor, check_can
from storage.foundation.states import BATCH, BatchState, Disposition, DocumentState, Effect
from storage.foundation.tables.custody import Batch, NotAFile, Page, Source
from storage.foundation.tables.documents import Document
from storage.foundation.typed import typed_reason
from storage.foundation.vault import Sealed, Vault


@dataclass(frozen=True, slots=True)
class Receipt:
    """What intake knows of a file when its bytes are safe."""

    claim_id: str
    name: bytes
    hot_folder: str
    size: int
    sha256: str
    flags: tuple[str, ...] = ()
    back_file: bool = False
    parent_id: int | None = None  # the batch of the PDF in which this file lay


def receive(session: Session, vault: Vault, sealed: Sealed, receipt: Receipt) -> int:
    """Enter a file whose content is already durable in the vault; gives the batch id.

    The claim id is the key: receiving the same claim again changes nothing. Content seen before is
    kept as its own receipt and points at the first.
    """
    known = session.get(Source, receipt.claim_id)
    if known is not None:
        return known.batch_id
    first = session.exec(
        select(Source.batch_id).where(Source.sha256 == receipt.sha256).order_by(col(Source.batch_id)).limit(1)
    ).first()
    batch = Batch(
        state=BatchState.RECEIVED,
        duplicate_of=first,
        flags=list(receipt.flags),
        back_file=receipt.back_file,
        parent_id=receipt.parent_id,
    )
    session.add(batch)
    session.flush()
    session.add(
        Source(
            claim_id=receipt.claim_id,
            name=receipt.name,
            hot_folder=receipt.hot_folder,
            size=receipt.size,
            sha256=receipt.sha256,
            blob_id=vault.enter(session, sealed),
            batch_id=batch.id,
        )
    )
    audit.record(
        session,
        MACHINE,
        AuditAction.RECEIVE,
        f"batch:{batch.id}",
        claim=receipt.claim_id,
        after=BatchState.RECEIVED,
        sha256=receipt.sha256,
        blob=sealed.id,
        size=receipt.size,
        parent=receipt.parent_id,
    )
    return batch.id


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
    """Batches in a state, day-forward work before back-file work, oldest first."""
    return list(
        session.exec(
            select(Batch).where(Batch.state == state).order_by(col(Batch.back_file), col(Batch.id)).limit(limit)
        )
    )


def source_of(session: Session, batch_id: int) -> Source:
    """The custody receipt of a batch."""
    return session.exec(select(Source).where(Source.batch_id == batch_id)).one()


def depth_of(session: Session, batch: Batch) -> int:
    """In how many files a file lies: 0 for one that was dropped."""
    depth, parent_id = 0, batch.parent_id
    while parent_id is not None:
        depth, parent_id = depth + 1, session.get_one(Batch, parent_id).parent_id
    return depth


def note_not_a_file(session: Session, hot_folder: str, name: bytes, kind: str, reason: str) -> bool:
    """List something in a hot folder that will never be opened; True the first time."""
    known = session.exec(select(NotAFile).where(NotAFile.hot_folder == hot_folder, NotAFile.name == name)).first()
    if known is not None:
        return False
    session.add(NotAFile(hot_folder=hot_folder, name=name, kind=kind, reason=reason))
    audit.record(session, MACHINE, AuditAction.REFUSE, "hot-folder", kind=kind)
    return True


TOO_LARGE = "too_large"
"""What a file over the site's limit is listed as; it stays in its folder, and the line ends when it changed or went."""


def refused_files(session: Session, hot_folder: str) -> set[bytes]:
    """Names of the files in a hot folder that are listed as too large."""
    return set(session.exec(select(NotAFile.name).where(NotAFile.hot_folder == hot_folder, NotAFile.kind == TOO_LARGE)))


def forget_refused(session: Session, hot_folder: str, names: Iterable[bytes]) -> None:
    """End the lines of files that were too large, and are gone or smaller now."""
    for name in names:
        row = session.exec(
            select(NotAFile).where(NotAFile.hot_folder == hot_folder, NotAFile.name == name, NotAFile.kind == TOO_LARGE)
        ).first()
        if row is not None:
            session.delete(row)
            audit.record(session, MACHINE, AuditAction.REFUSE, "hot-folder", outcome="ended", kind=TOO_LARGE)


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
    """One record for each dropped thing, refused ones too: the `sources --json` contract."""
    rows: list[dict[str, Any]] = []
    for source, batch in session.exec(select(Source, Batch).where(Source.batch_id == Batch.id).order_by(col(Batch.id))):
        rows.append(
            {
                "name": shown_name(source.name),
                "sha256": source.sha256,
                "state": batch.state,
                "reason": batch.reason,
                "flags": batch.flags,
                "pages": batch.pages_found,
                "id": batch.id,
                "duplicate_of": batch.duplicate_of,
                "parent": batch.parent_id,
                "claim": source.claim_id,
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


def shown_name(name: bytes) -> str:
    """A file name as text; bytes that are not UTF-8 become lone surrogates, so it can be turned back."""
    return name.decode("utf-8", "surrogateescape")


def printable_name(name: bytes) -> str:
    """A file name safe for a screen or terminal: control and direction characters are escaped."""
    text = name.decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
