"""Labels of protection given and lifted by people, with a reason, on the desk and in the chart.

Protection is easily given and hardly taken: a technician adds a label to what they may see. Lifting takes a supervisor; a
technician lifts what only words gave, or what they gave themselves, while the document is on their own desk.
"""

from dataclasses import dataclass

from sqlmodel import Session

from classify.sensitivity import LABELS, Label, LabelSource, Lifted, with_minor
from storage.custody import pages
from storage.documents import access, viewing
from storage.documents.leases import check_holds, document_of, holds
from storage.foundation import audit
from storage.foundation.actions import AuditAction
from storage.foundation.clock import utc_now
from storage.foundation.errors import NotAllowed, StateRefused
from storage.foundation.permissions import Action, Actor, can, check_can
from storage.foundation.states import DocumentState
from storage.foundation.tables.documents import Document
from storage.foundation.typed import typed_reason

_ENDED = (DocumentState.VOIDED, DocumentState.MISFILED)


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels of a document, and those that people lifted."""

    there: tuple[Label, ...]
    lifted: tuple[Lifted, ...]


def labels_of(session: Session, document_id: int, actor: Actor) -> Labels:
    """The labels of a document that this person may see."""
    document = document_of(session, document_id)
    viewing.check_may_see(session, document, actor)
    return Labels(access.labels_of(document), access.lifted_of(document))


def add(session: Session, document_id: int, code: str, reason: str, actor: Actor) -> Document:
    """Put a label on a document. It stays whatever the kind is said to be and whatever is read; StateRefused says what is missing."""
    check_can(actor, Action.ADD_LABEL)
    document = _open(session, document_id, actor)
    reason = _reason(reason)
    if code not in LABELS:
        raise StateRefused(f"There is no label {code!r}. The labels are: {', '.join(sorted(LABELS))}.")
    labels = access.labels_of(document)
    if any(label.code == code and label.source is LabelSource.PERSON for label in labels):
        raise StateRefused(f"This document bears that label already: {LABELS[code]}.")
    given = Label(code, f"{LABELS[code]}: {reason}", 1, LabelSource.PERSON, actor.name, _now())
    kept = (*(label for label in labels if label.code != code), given)
    document.labels = access.rows_of(with_minor(kept, *access.born_and_served(session, document)))
    document.lifted = [row for row in document.lifted if row["code"] != code]
    session.add(document)
    audit.record(
        session, actor, AuditAction.ADD_LABEL, f"document:{document_id}", person=document.person_id, label=code,
        reason=reason,
    )  # fmt: skip
    return document


def lift(session: Session, document_id: int, code: str, reason: str, actor: Actor) -> Document:
    """Take a label off a document. The same words on the same pages do not bring it back."""
    check_can(actor, Action.LIFT_WORDS)
    document = _open(session, document_id, actor)
    label = next((label for label in access.labels_of(document) if label.code == code), None)
    if label is None:
        raise StateRefused("This document does not bear that label.")
    if not may_lift(document, label, actor):
        raise NotAllowed(
            "Only a supervisor lifts this label. You may lift one that only words of the page gave, or that you gave "
            "yourself, while the document is on your desk."
        )
    reason = _reason(reason)
    here = tuple(pages.label_of(session, document, row) for row in pages.pages_of_document(session, document_id))
    lifted = Lifted(code, label.reason, reason, actor.name, _now(), here, label.source)
    access.remove(session, document, lifted)
    audit.record(
        session, actor, AuditAction.LIFT_LABEL, f"document:{document_id}", person=document.person_id, label=code,
        reason=reason, source=label.source.value,
    )  # fmt: skip
    return document


def may_lift(document: Document, label: Label, actor: Actor) -> bool:
    """Whether this person may lift this label, for a screen that offers it."""
    if can(actor, Action.LIFT_LABEL):
        return True
    is_on_desk = document.state == DocumentState.TO_VERIFY and holds(document, actor)
    is_weak = label.source is LabelSource.TEXT or label.by == actor.name
    return can(actor, Action.LIFT_WORDS) and is_on_desk and is_weak


def _open(session: Session, document_id: int, actor: Actor) -> Document:
    """A document whose labels may be changed by somebody who sees it."""
    document = document_of(session, document_id)
    viewing.check_may_see(session, document, actor)
    if document.state in _ENDED:
        raise StateRefused(f"This document is {document.state} now; its labels are changed no more.")
    if document.state == DocumentState.TO_VERIFY:
        check_holds(document, actor)
    return document


def _reason(reason: str) -> str:
    return typed_reason(reason, why="it is kept with the label and in the log")


def _now() -> str:
    return utc_now().isoformat(timespec="seconds")
