"""Versions of the trained document-type model: kept, judged, used one at a time, taken back."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlmodel import Session, col, select

from classify.codes.formids import find_form_ids, numbers_of_patients
from classify.learn import Example
from classify.profile import Profile
from classify.rows import Row, rows_of
from classify.wordmodel import WordModel
from storage.custody import pages
from storage.documents import fields
from storage.foundation import audit
from storage.foundation.actions import AuditAction
from storage.foundation.errors import StateRefused
from storage.foundation.permissions import Actor
from storage.foundation.states import DocumentState
from storage.foundation.tables.custody import Blob
from storage.foundation.tables.documents import Document
from storage.foundation.tables.learning import TypeModel
from storage.foundation.vault import Sealed, Vault

VERIFIED = (DocumentState.VERIFIED, DocumentState.FILED)
"""States of documents whose kind a person has confirmed."""

FROZEN_SHARE = 5
"""Every fifth verified document is never learned from: versions are judged by them."""


@dataclass(frozen=True, slots=True)
class Judged:
    """How a model did on the frozen documents."""

    right: int
    of: int


def verified_examples(session: Session, profile: Profile, *, frozen: bool) -> Iterator[Example]:
    """Documents whose kind a person confirmed, as they were read; the frozen ones, or all others."""
    query = select(Document).where(col(Document.state).in_(VERIFIED), col(Document.verified_by).is_not(None))
    for document in session.exec(query.order_by(col(Document.id))):
        if (document.id % FROZEN_SHARE == 0) != frozen:
            continue
        rows = rows_of_document(session, document.id)
        if rows:
            person = str(document.person_id or "")
            yield Example(rows, document.type_code, str(document.id), _form_keys(session, document, profile), person)


def _form_keys(session: Session, document: Document, profile: Profile) -> frozenset[str]:
    """The form numbers on the pages of a document; the numbers of its patient are none."""
    values = [(row.name, row.value, row.source) for row in fields.current_fields(session, document.id)]
    patients = numbers_of_patients(values)
    read = [pages.reading_of(session, page) for page in pages.pages_of_document(session, document.id)]
    found = (find_form_ids(rows_of(page), page.barcodes, patients, profile) for page in read if page is not None)
    return frozenset(form.key for ids in found for form in ids)


def rows_of_document(session: Session, document_id: int, most_pages: int = 3) -> tuple[Row, ...]:
    """What the first pages of a document say, in rows."""
    read = [pages.reading_of(session, page) for page in pages.pages_of_document(session, document_id)[:most_pages]]
    return tuple(row for page in read if page is not None for row in rows_of(page))


def current(session: Session, vault: Vault) -> tuple[int | None, WordModel | None]:
    """The version that is used and its id, or nothing; ModelUnusable when it cannot be opened."""
    row = session.exec(select(TypeModel).where(col(TypeModel.is_used).is_(True))).first()
    if row is None:
        return None, None
    return row.id, WordModel.from_bytes(vault.read(session.get_one(Blob, row.blob_id)))


def current_blob(session: Session) -> Blob:
    """The stored file of the version that is used."""
    row = session.exec(select(TypeModel).where(col(TypeModel.is_used).is_(True))).one()
    return session.get_one(Blob, row.blob_id)


def current_id(session: Session) -> int | None:
    """The id of the version that is used, or None."""
    return session.exec(select(TypeModel.id).where(col(TypeModel.is_used).is_(True))).first()


def keep(
    session: Session, vault: Vault, sealed: Sealed, actor: Actor, *, examples: int, new: Judged, before: Judged
) -> TypeModel:
    """Keep a version; it is used at once when it is not worse than what was used before on the frozen documents."""
    row = TypeModel(
        blob_id=vault.enter(session, sealed),
        made_by=actor.name,
        examples=examples,
        frozen=new.of,
        frozen_right=new.right,
        before_right=before.right,
    )
    session.add(row)
    session.flush()
    audit.record(
        session,
        actor,
        AuditAction.TRAIN,
        f"model:{row.id}",
        examples=examples,
        frozen=new.of,
        right=new.right,
        before=before.right,
    )
    if new.right >= before.right:
        use(session, row.id, actor)
    return row


def use(session: Session, model_id: int | None, actor: Actor) -> None:
    """Use this version from now on, or, with None, the title rules alone."""
    wanted = session.get(TypeModel, model_id) if model_id is not None else None
    if model_id is not None and wanted is None:
        raise StateRefused(f"There is no model {model_id}. 'chartroom train --list' shows them.")
    for row in session.exec(select(TypeModel).where(col(TypeModel.is_used).is_(True))):
        row.is_used = False
        session.add(row)
    if wanted is not None:
        wanted.is_used = True
        session.add(wanted)
    audit.record(session, actor, AuditAction.USE_MODEL, f"model:{model_id or 'none'}")


def all_models(session: Session) -> list[TypeModel]:
    """Every version, oldest first."""
    return list(session.exec(select(TypeModel).order_by(col(TypeModel.id))))
