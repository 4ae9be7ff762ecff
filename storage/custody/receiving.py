"""Receiving: the custody receipt of each dropped file, and the batch that a file or a folder of files becomes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlmodel import Session, col, select

from classify.doubts import DoubtCode
from storage.custody.declared import Declared
from storage.foundation import audit
from storage.foundation.actions import AuditAction
from storage.foundation.permissions import MACHINE
from storage.foundation.states import BatchState
from storage.foundation.tables.custody import Batch, BatchFile, NotAFile, Source
from storage.foundation.vault import Sealed, Vault


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a scan came from, as far as the settings of its hot folder, its index file or the browser say; empty: nobody says."""

    station: str = ""
    scanner: str = ""
    operator: str = ""

    def over(self, other: "Origin") -> "Origin":
        """This, and what the other says besides."""
        return Origin(self.station or other.station, self.scanner or other.scanner, self.operator or other.operator)


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
    origin: Origin = field(default_factory=Origin)


def receive(session: Session, vault: Vault, sealed: Sealed, receipt: Receipt) -> int:
    """Enter a file whose content is already durable in the vault, as a batch of its own; gives the batch id.

    The claim id is the key: receiving the same claim again changes nothing. Content seen before is
    kept as its own receipt and points at the first.
    """
    known = session.get(BatchFile, receipt.claim_id)
    if known is not None:
        return known.batch_id
    batch = Batch(
        state=BatchState.RECEIVED,
        name=receipt.name,
        duplicate_of=_first_of(session, receipt.sha256),
        flags=list(receipt.flags),
        back_file=receipt.back_file,
        parent_id=receipt.parent_id,
    )
    _note_origin(batch, receipt.origin)
    session.add(batch)
    session.flush()
    _enter(session, vault, sealed, receipt, batch.id)
    session.add(BatchFile(claim_id=receipt.claim_id, batch_id=batch.id))
    return batch.id


def open_folder(session: Session, claim_id: str, name: bytes, origin: Origin, *, back_file: bool = False) -> int:
    """The batch of a folder whose files are about to be received, or the one begun before a kill; gives the batch id."""
    known = session.exec(select(Batch).where(Batch.folder_claim == claim_id)).first()
    if known is None:
        known = Batch(
            state=BatchState.RECEIVED, name=name, folder_claim=claim_id, is_arriving=True, back_file=back_file
        )
        _note_origin(known, origin)
        session.add(known)
        session.flush()
        audit.record(
            session, MACHINE, AuditAction.RECEIVE_FOLDER, f"batch:{known.id}", claim=claim_id, after=BatchState.RECEIVED
        )
    return known.id


def receive_into(
    session: Session, vault: Vault, sealed: Sealed, receipt: Receipt, batch_id: int, *, is_index: bool
) -> None:
    """Enter a file of a folder; an index file has no pages, so it is no file of the batch. Repeating is harmless."""
    if session.get(Source, receipt.claim_id) is not None:
        return
    _enter(session, vault, sealed, receipt, batch_id)
    if not is_index:
        session.add(BatchFile(claim_id=receipt.claim_id, batch_id=batch_id))
    if receipt.flags:
        batch = session.get_one(Batch, batch_id)
        batch.flags = sorted({*batch.flags, *receipt.flags})


def received(session: Session, batch_id: int) -> set[str]:
    """Claim ids of the files of a folder that were received, index files among them."""
    return set(session.exec(select(Source.claim_id).where(Source.batch_id == batch_id)))


def close_folder(
    session: Session, batch_id: int, order: Sequence[str], declared: Declared | None, origin: Origin
) -> None:
    """All files of a folder are here: `order` has their claim ids in name order. Repeating changes nothing.

    A folder whose files all lay in one other folder before, in this order, is its duplicate; one of which some were dropped
    before is worked, and a person looks.
    """
    batch = session.get_one(Batch, batch_id)
    if not batch.is_arriving:
        return
    rows = {row.claim_id: row for row in session.exec(select(BatchFile).where(BatchFile.batch_id == batch_id))}
    for position, claim_id in enumerate(order):
        rows[claim_id].position = position
    session.flush()
    _note_origin(batch, origin)
    batch.declared = declared.to_json() if declared is not None else None
    batch.duplicate_of, some_known = _first_folder(session, batch_id)
    if some_known and batch.duplicate_of is None:
        batch.flags = sorted({*batch.flags, DoubtCode.DUPLICATE})
    batch.is_arriving = False
    audit.record(
        session, MACHINE, AuditAction.RECEIVE_FOLDER, f"batch:{batch_id}", claim=batch.folder_claim,
        after=BatchState.RECEIVED, files=len(order),
    )  # fmt: skip


def _note_origin(batch: Batch, origin: Origin) -> None:
    batch.station, batch.scanner, batch.operator = (
        origin.station or None,
        origin.scanner or None,
        origin.operator or None,
    )


def _enter(session: Session, vault: Vault, sealed: Sealed, receipt: Receipt, batch_id: int) -> None:
    session.add(
        Source(
            claim_id=receipt.claim_id,
            name=receipt.name,
            hot_folder=receipt.hot_folder,
            size=receipt.size,
            sha256=receipt.sha256,
            blob_id=vault.enter(session, sealed),
            batch_id=batch_id,
        )
    )
    audit.record(
        session,
        MACHINE,
        AuditAction.RECEIVE,
        f"batch:{batch_id}",
        claim=receipt.claim_id,
        after=BatchState.RECEIVED,
        sha256=receipt.sha256,
        blob=sealed.id,
        size=receipt.size,
        parent=receipt.parent_id,
    )
    session.flush()


def _first_of(session: Session, sha256: str) -> int | None:
    """The batch in which this content lay first."""
    return session.exec(
        select(BatchFile.batch_id)
        .join(Source, col(Source.claim_id) == BatchFile.claim_id)
        .where(Source.sha256 == sha256)
        .order_by(col(BatchFile.batch_id))
        .limit(1)
    ).first()


def _first_folder(session: Session, batch_id: int) -> tuple[int | None, bool]:
    """The first folder that held the same files in the same order, and whether any of them was dropped before."""
    here = contents(session, batch_id)
    before: set[int] = set()
    for sha256 in here:
        before |= set(
            session.exec(
                select(BatchFile.batch_id)
                .join(Source, col(Source.claim_id) == BatchFile.claim_id)
                .where(Source.sha256 == sha256, BatchFile.batch_id != batch_id)
            )
        )
    is_known = bool(before) or len(set(here)) < len(here)
    return next((other for other in sorted(before) if contents(session, other) == here), None), is_known


def contents(session: Session, batch_id: int) -> list[str]:
    """SHA-256 of the files of a batch, in order."""
    return list(
        session.exec(
            select(Source.sha256)
            .join(BatchFile, col(BatchFile.claim_id) == Source.claim_id)
            .where(BatchFile.batch_id == batch_id)
            .order_by(col(BatchFile.position))
        )
    )


# ---- what is never taken in


def note_not_a_file(session: Session, hot_folder: str, name: bytes, kind: str, reason: str) -> bool:
    """List something in a hot folder that will never be opened; True the first time."""
    known = session.exec(select(NotAFile).where(NotAFile.hot_folder == hot_folder, NotAFile.name == name)).first()
    if known is not None:
        return False
    session.add(NotAFile(hot_folder=hot_folder, name=name, kind=kind, reason=reason))
    audit.record(session, MACHINE, AuditAction.REFUSE, "hot-folder", kind=kind)
    return True


TOO_LARGE, TOO_DEEP, EMPTY_FOLDER = "too_large", "too_deep", "empty_folder"
FOR_NOW = (TOO_LARGE, TOO_DEEP, EMPTY_FOLDER)
"""What a file over the site's limit, and folders that are not taken in as they are, are listed as; it stays in its folder, and
the line ends when it changed or went."""


def refused_files(session: Session, hot_folder: str) -> set[bytes]:
    """Names of what lies in a hot folder and is listed as not taken in for now."""
    return set(
        session.exec(select(NotAFile.name).where(NotAFile.hot_folder == hot_folder, col(NotAFile.kind).in_(FOR_NOW)))
    )


def forget_refused(session: Session, hot_folder: str, names: Iterable[bytes]) -> None:
    """End the lines of what was not taken in for now, and is gone or otherwise now."""
    for name in names:
        row = session.exec(
            select(NotAFile).where(
                NotAFile.hot_folder == hot_folder, NotAFile.name == name, col(NotAFile.kind).in_(FOR_NOW)
            )
        ).first()
        if row is not None:
            session.delete(row)
            audit.record(session, MACHINE, AuditAction.REFUSE, "hot-folder", outcome="ended", kind=row.kind)
