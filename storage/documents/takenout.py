"""Charts that pages were taken out of: nobody and nothing puts them back there without looking twice."""

from dataclasses import replace

from sqlmodel import Session, col, select

from classify.guess import Decision, PatientMatch
from classify.index import draft_of
from classify.profile import Profile
from storage.custody import pages
from storage.foundation.tables.custody import Page
from storage.foundation.tables.documents import Document, Misfiling
from storage.roster import openmatches
from storage.roster.merging import root_of

TAKEN_OUT = "it was taken out of this chart"
"""How staff read it beside the patient."""


def taken_out_of(session: Session, document_id: int) -> frozenset[int]:
    """The patients in whose charts pages of this document lay wrongly, also by who they were merged into since.

    The pages count, not the document: what is split off or joined later came out of the same chart.
    """
    batch = select(Document.batch_id).where(Document.id == document_id).scalar_subquery()
    rows = session.exec(
        select(Misfiling)
        .join(Document, col(Document.id) == Misfiling.document_id)
        .where(Document.batch_id == batch, col(Misfiling.confirmed_at).is_not(None))
    ).all()
    if not rows:
        return frozenset()
    here = set(session.exec(select(Page.number).where(Page.document_id == document_id)))
    wrong = {row.person_id for row in rows if here.intersection(row.pages)}
    return frozenset(wrong | {root_of(session, person_id).id for person_id in wrong})


def ask_again(session: Session, document: Document, profile: Profile) -> None:
    """The list is asked for the patient of pages that were taken out, now and whenever it changes: by what their labels say, and
    by what they mention without any. The pages are read as this site's `profile` says; no picture is looked at again."""
    rows = pages.pages_of_document(session, document.id)
    read = [(pages.label_of(session, document, row), pages.reading_of(session, row)) for row in rows]
    draft = draft_of([replace(page, number=number) for number, page in read if page is not None], profile)
    openmatches.ask_again(session, document, mentioned=draft.mentions, unlabelled=draft.unlabelled)


def not_linked_again(session: Session, document_id: int, match: PatientMatch) -> PatientMatch:
    """The match, as a question where it would link pages to a patient out of whose chart people took them."""
    if match.decision != Decision.LINKED or match.candidates[0].person.id not in taken_out_of(session, document_id):
        return match
    return replace(match, decision=Decision.ASK, reasons=(*match.reasons, TAKEN_OUT))
