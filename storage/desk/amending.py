"""A filed document taken back to the desk to be amended, and the amendment cancelled.

Whoever amends says why. The document then goes over the desk as any other, with the same checks, and is filed as a new version
(storage/documents/versions.py). The version that is filed stays in the chart until then. Its patient is never changed this
way (storage/documents/misfiling.py: two people).
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from sqlmodel import Session, SQLModel, col, delete, func, select, update

from classify.guess import Decision
from classify.sensitivity import LabelSource
from storage.custody import pages
from storage.desk import drafts, rescans
from storage.documents import access, amendments, leases, misfiling, moves, versions, viewing
from storage.documents.leases import document_of
from storage.foundation.errors import StateRefused
from storage.foundation.permissions import Action, Actor, Role, check_can
from storage.foundation.states import Disposition, DocumentState
from storage.foundation.tables.custody import Page
from storage.foundation.tables.desk import PageChange
from storage.foundation.tables.documents import CandidateRow, Document, FieldRow
from storage.foundation.tables.versions import Amendment
from storage.foundation.typed import typed_reason
from storage.roster import questions

T = TypeVar("T", bound=SQLModel)

_PRIORITY = 2
"""Before the day's documents: what is in a chart and wrong is read meanwhile."""

_OF_DOCUMENT = (
    "type_code", "type_confidence", "type_is_sure", "type_seen_by", "type_guesses", "labels", "lifted", "flags", "outcome",
    "has_handwriting", "decision", "decision_reasons", "encounter_id", "service_date", "verified_by", "priority",
    "machine_person_id", "model_id",
)  # fmt: skip
_OF_PAGE = tuple(
    name
    for name in Page.model_fields
    if name not in ("id", "batch_id", "number", "claim_id", "file_page", "replaces_id")
)


def open_amendment(session: Session, document_id: int, code: str, text: str, actor: Actor) -> Document:
    """Take a filed document onto this person's desk to amend it; `code` of `amendments.REASONS`, `text` in two words or more."""
    check_can(actor, Action.AMEND)
    document = document_of(session, document_id)
    viewing.check_may_see(session, document, actor)
    if code not in amendments.REASONS:
        raise StateRefused("Choose why the document is amended. Nothing was changed.")
    reason = typed_reason(text, "what is wrong", "it is kept with the new version")
    if document.state != DocumentState.FILED or document.filed_version_id is None:
        raise StateRefused(
            "This document is being amended already."
            if versions.is_amended(document)
            else "This document is not filed."
        )
    if misfiling.open_of(session, document_id):
        raise StateRefused("A correction of a wrong chart waits for this document. It is decided first.")
    if questions.of_document(session, document_id):
        raise StateRefused("Whose this document is must be confirmed first: see Corrections, Patients to confirm.")
    version = versions.in_chart(session, document)
    row = Amendment(
        document_id=document_id,
        of_number=version.number if version is not None else 0,
        reason_code=code,
        reason=reason,
        opened_by=actor.name,
        before=_as_filed(session, document),
    )
    session.add(row)
    session.flush()
    moves.move(session, document_id, "amend", actor, reason=amendments.REASONS[code])
    document.why_waiting = f"Amendment: {amendments.said(row)}"  # what a person wrote stays out of the log
    document.decision, document.priority = Decision.CONFIRMED, _PRIORITY  # its patient is no question
    return leases.lease(session, document, actor)


def cancel(session: Session, document_id: int, actor: Actor) -> Document:
    """The document is again as it was filed, and nothing of the amendment stays but the log; whoever opened it may, or a
    supervisor."""
    check_can(actor, Action.AMEND)
    document = document_of(session, document_id)
    row = amendments.open_of(session, document_id)
    if row is None:
        raise StateRefused("This document is not being amended.")
    if document.state in (DocumentState.VERIFIED, DocumentState.TO_QC):
        raise StateRefused("The amendment is approved already. Take it back first, or amend the document again.")
    amendments.check_advance(row, "cancel", actor)
    if leases.is_held(document) and document.claimed_by != actor.name and actor.role is not Role.SUPERVISOR:
        raise StateRefused(f"{document.claimed_by} is working on this document. Ask them, or a supervisor.")
    if document.state == DocumentState.RESCAN:
        rescans.give_up(session, document_id, actor)
    _put_pages_back(session, document, row, actor)
    _put_values_back(session, document, row)
    _end_changes(session, document, row, actor)
    drafts.forget_draft(session, document_id)
    session.flush()
    moves.move(session, document_id, "cancel_amendment", actor)
    amendments.advance(row, "cancel", actor)
    session.add(row)
    session.flush()
    return document


# ---- as it was filed


def _as_filed(session: Session, document: Document) -> dict[str, Any]:
    """All that a cancel puts back."""
    last = session.exec(select(func.max(PageChange.id)).where(PageChange.batch_id == document.batch_id)).one()
    return {
        "document": _kept(document, _OF_DOCUMENT),
        "person": document.person_id,
        "pages": [{"page": row.id, **_kept(row, _OF_PAGE)} for row in pages.pages_of_document(session, document.id)],
        "fields": _rows_of(session, FieldRow, document.id),
        "candidates": _rows_of(session, CandidateRow, document.id),
        "last_change": last or 0,
    }


def _rows_of(session: Session, table: type[T], document_id: int) -> list[dict[str, Any]]:
    names = [name for name in table.model_fields if name != "id"]
    query = select(table).where(col(table.document_id) == document_id).order_by(col(table.id))  # type: ignore[attr-defined]
    return [_kept(row, names) for row in session.exec(query)]


def _kept(row: SQLModel, names: Iterable[str]) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in names}
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()}


def _value(name: str, kept: Any) -> Any:
    return datetime.fromisoformat(kept) if name.endswith("_at") and kept else kept


def _give_back(row: SQLModel, kept: Mapping[str, Any]) -> None:
    for name, value in kept.items():
        setattr(row, name, _value(name, value))


def _put_pages_back(session: Session, document: Document, row: Amendment, actor: Actor) -> None:
    """Every page of the filed version where and as it was; one that came in meanwhile goes back where it came from."""
    theirs = {kept["page"] for kept in row.before["pages"]}
    here = [page for page in pages.pages_of_document(session, document.id) if page.id not in theirs]
    came = {kept["page"]: kept for kept in row.came}
    for page in here:
        _send_back(session, page, came[page.id], actor)
    for kept in row.before["pages"]:
        page = session.get_one(Page, kept["page"])
        _give_back(page, {name: value for name, value in kept.items() if name != "page"})
        session.add(page)
    session.flush()


def _send_back(session: Session, page: Page, kept: Mapping[str, Any], actor: Actor) -> None:
    """A page that came in goes back; a document that it emptied waits to be verified again."""
    _give_back(page, {name: value for name, value in kept.items() if name != "page"})
    if page.disposition == Disposition.DOCUMENT and page.document_id is not None:
        page.replaces_id = None
    session.add(page)
    session.flush()
    if page.document_id is not None and session.get_one(Document, page.document_id).state == DocumentState.VOIDED:
        moves.move(session, page.document_id, "unjoin", actor)


def _end_changes(session: Session, document: Document, row: Amendment, actor: Actor) -> None:
    """The changes of pages that were made meanwhile are undone with it: nobody undoes them again."""
    session.exec(
        update(PageChange)
        .where(
            col(PageChange.document_id) == document.id,
            col(PageChange.id) > row.before["last_change"],
            col(PageChange.undone_by).is_(None),
        )
        .values(undone_by=actor.name)
    )


def _put_values_back(session: Session, document: Document, row: Amendment) -> None:
    """Kind, values and candidates as they were filed. A label of protection that a person gave meanwhile stays."""
    given = [label for label in access.labels_of(document) if label.source is LabelSource.PERSON]
    stays_with = row.before["person"] == document.person_id
    kept = dict(row.before["document"])
    if not stays_with:  # it followed its patient meanwhile, and its visit with it
        del kept["encounter_id"]
    _give_back(document, kept)
    codes = {label.code for label in access.labels_of(document)}
    document.labels = [*document.labels, *access.rows_of(label for label in given if label.code not in codes)]
    session.add(document)
    for table, rows in ((FieldRow, row.before["fields"]), (CandidateRow, row.before["candidates"])):
        session.exec(delete(table).where(col(table.document_id) == document.id))
        for values in rows:
            session.add(table(**{name: _value(name, value) for name, value in values.items()}))
    session.flush()
