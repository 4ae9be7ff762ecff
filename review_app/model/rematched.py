"""What the patient list says of a document since it changed, as a sentence for staff."""

from sqlmodel import Session

from classify.guess import Decision
from storage.documents.fields import candidates_of
from storage.foundation.tables.documents import Document, Rematch
from storage.foundation.tables.roster import Person
from storage.roster.openmatches import IN_REVIEW

_AT_THE_DESK = {
    Rematch.FITS: "the patient list changed: it now fits MRN {mrn}",
    Rematch.MAY_FIT: "the patient list changed: it may now fit MRN {mrn}",
    Rematch.FITS_NOBODY: "the patient list changed: it now fits nobody on it",
}

_ON_THE_WORK_LIST = {
    Rematch.FITS: "now fits a patient",
    Rematch.MAY_FIT: "now may fit a patient",
    Rematch.FITS_NOBODY: "now fits nobody",
}
"""Without a number: the list is on many screens, beside the kind of each document (privacy, as for names)."""


def is_news(document: Document) -> bool:
    """Whether the machine matched it again and nobody decided since."""
    return document.rematch is not None and document.state in IN_REVIEW and document.decision != Decision.CONFIRMED


def sentence_at_desk(session: Session, document: Document) -> str:
    """What changed, with the MRN, for who may see the document; empty when nothing did."""
    if not is_news(document):
        return ""
    if document.person_id is not None:
        mrn = session.get_one(Person, document.person_id).mrn
    else:
        mrn = next((person.mrn for _, person in candidates_of(session, document.id)), "")
    return _AT_THE_DESK[Rematch(document.rematch or "")].format(mrn=mrn)


def sentence_on_list(document: Document) -> str:
    """The same for the work list, where no number and no name stands."""
    return _ON_THE_WORK_LIST[Rematch(document.rematch or "")] if is_news(document) else ""
