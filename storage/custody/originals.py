"""The files as they were dropped, bit for bit: given back to who may have them, and known to be safe in the vault."""

import hashlib
from dataclasses import dataclass

from sqlmodel import Session, col, select

from storage.custody import batches
from storage.foundation import audit
from storage.foundation.actions import AuditAction
from storage.foundation.errors import BlobDamaged, StateRefused, StorageError
from storage.foundation.permissions import Action, Actor, check_can
from storage.foundation.tables.custody import Batch, Blob, Source
from storage.foundation.vault import Vault


@dataclass(frozen=True, slots=True)
class Original:
    """A dropped file: its claim id, its name (in its folder, with /), its size in bytes and its SHA-256."""

    claim_id: str
    name: str
    size: int
    sha256: str


def originals_of(session: Session, batch_id: int, actor: Actor) -> list[Original]:
    """The dropped files of a scan, in order, index files last; StateRefused when there is no such scan."""
    check_can(actor, Action.GET_ORIGINAL)
    batch = session.get(Batch, batch_id)
    if batch is None:
        raise StateRefused("There is no such scan.")
    files = [source for _, source in batches.files_of(session, batch_id)]
    known = {source.claim_id for source in files}
    received = session.exec(select(Source).where(Source.batch_id == batch_id).order_by(col(Source.name)))
    return [
        Original(source.claim_id, batches.name_inside(batch, source), source.size, source.sha256)
        for source in (*files, *(source for source in received if source.claim_id not in known))
    ]


def give(session: Session, vault: Vault, claim_id: str, actor: Actor) -> bytes:
    """The bytes of a dropped file, which are those that were dropped or an error; that they were given is audited."""
    check_can(actor, Action.GET_ORIGINAL)
    source = session.get(Source, claim_id)
    if source is None:
        raise StateRefused("There is no such file.")
    content = vault.read(session.get_one(Blob, source.blob_id))
    if hashlib.sha256(content).hexdigest() != source.sha256:
        raise BlobDamaged(
            "The stored file is not the one that was dropped. Tell your administrator to run 'chartroom verify'."
        )
    audit.record(
        session, actor, AuditAction.GET_ORIGINAL, f"batch:{source.batch_id}", claim=claim_id, sha256=source.sha256
    )
    return content


def is_safe(session: Session, vault: Vault, claim_id: str) -> bool:
    """Whether everything that was claimed under this id, a file or a folder, is whole in the vault and can be opened."""
    batch = session.exec(select(Batch).where(Batch.folder_claim == claim_id)).first()
    if batch is not None and batch.is_arriving:
        return False
    query = select(Source).where(Source.claim_id == claim_id if batch is None else Source.batch_id == batch.id)
    sources = session.exec(query).all()
    try:
        for source in sources:
            vault.check(source.blob_id)
            vault.unwrap(session.get_one(Blob, source.blob_id))
    except StorageError:  # damaged or missing: 'verify' names it, and the dropped file is the one that is left
        return False
    return bool(sources)
