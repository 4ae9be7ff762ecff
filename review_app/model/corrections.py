"""Pages in the wrong chart: the proposal on the document itself, and what the second person sees beside the page."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from classify.fields.table import title_of
from storage.custody import pages
from storage.documents import fields, filing, misfiling, viewing
from storage.foundation.errors import NotAllowed, StateRefused
from storage.foundation.home import Home
from storage.foundation.permissions import Action, Actor, can, check_can
from storage.foundation.tables.documents import Document, Misfiling
from storage.foundation.tables.roster import Person
from storage.roster.merging import root_of
from storage.roster.names import picker_line

_SAYS_WHOSE = ("name", "dob", "sex", "mrn", "encounter", "account", "member_id")


@dataclass(frozen=True, slots=True)
class Offer:
    """What can be said of a filed document: its pages as people see them and as the scan counts them, or who said it already."""

    document_id: int
    pages: tuple[tuple[int, int], ...]  # position in the document (1-based), number in the scan
    waiting: str  # empty: nothing is proposed yet


@dataclass(frozen=True, slots=True)
class ChartSide:
    """A patient and the chart beside which a page is looked at: kind, date and visit of each document in it."""

    patient: str
    rows: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A proposed correction as the second person decides it; `refusal` says why this person may not."""

    document_id: int
    position: int  # of the first wrong page, 1-based
    pages: str
    reason: str
    cause: str
    proposed_by: str
    said: tuple[tuple[str, str], ...]  # title and value of what was read about whose it is
    now: ChartSide
    proposed: ChartSide | None  # None: the patient is not known yet
    suspects: tuple[str, ...]
    refusal: str


def offer(home: Home, actor: Actor, document_id: int) -> Offer | None:
    """What this person can say about a document they look at; None where it is not filed, or they do not verify."""
    if not can(actor, Action.VERIFY):
        return None
    with home.reading() as session:
        document = session.get_one(Document, document_id)
        if document.state not in pages.FILED_STATES:
            return None
        rows = pages.pages_of_document(session, document_id)
        row = misfiling.open_of(session, document_id)
        said = f"{row.proposed_by} proposed a correction: {row.reason}. A second person decides." if row else ""
        return Offer(document_id, tuple((at, page.number) for at, page in enumerate(rows, start=1)), said)


def propose(
    session: Session,
    document_id: int,
    page_numbers: Sequence[int],
    to_person_id: int | None,
    reason: str,
    cause: str,
    actor: Actor,
) -> str:
    """Propose that a document, or pages of it by their numbers in the scan, is in the wrong chart; a sentence for staff."""
    number = misfiling.propose(session, document_id, page_numbers, to_person_id, reason, cause, actor)
    near = [str(suspect.document_id) for suspect in misfiling.suspects(session, number, actor)]
    also = f" Check these too, they may have the same mistake: {', '.join(near)}." if near else ""
    return f"Correction {number} of document {document_id} is proposed. A second supervisor must confirm it.{also}"


def compare(home: Home, actor: Actor, proposal_id: int) -> Comparison:
    """A waiting correction with both charts; each chart is told in the log as viewed."""
    check_can(actor, Action.VERIFY)
    with home.writing() as session:
        row = session.get(Misfiling, proposal_id)
        if row is None or row not in misfiling.waiting(session, actor):
            raise StateRefused("This correction was confirmed or withdrawn already.")
        document = session.get_one(Document, row.document_id)
        viewing.check_may_see(session, document, actor)
        shown = pages.pages_of_document(session, document.id)
        wrong = [at for at, page in enumerate(shown, start=1) if page.number in row.pages] or [1]
        labels = {pages.label_of(session, document, shown[at - 1]) for at in wrong if at <= len(shown)}
        values = {v.name: v for v in fields.current_fields(session, document.id) if v.page in (None, *labels)}
        return Comparison(
            document_id=document.id,
            position=wrong[0],
            pages="all pages" if row.is_whole else f"page {', '.join(map(str, wrong))} of {len(shown)}",
            reason=row.reason,
            cause=misfiling.CAUSES[row.cause],
            proposed_by=f"{row.proposed_by}, {row.proposed_at:%Y-%m-%d %H:%M}",
            said=tuple((title_of(name), values[name].value) for name in _SAYS_WHOSE if name in values),
            now=_side(session, root_of(session, row.person_id), actor),
            proposed=_side(session, root_of(session, row.to_person_id), actor) if row.to_person_id else None,
            suspects=tuple(
                f"document {s.document_id} (MRN {s.mrn}): {s.why}" for s in misfiling.suspects(session, row.id, actor)
            ),
            refusal=_refusal(row, actor),
        )


def _refusal(row: Misfiling, actor: Actor) -> str:
    try:
        check_can(actor, Action.OVERRIDE)
        misfiling.check_advance(row, "confirm", actor)
    except (NotAllowed, StateRefused) as refused:
        return str(refused)
    return ""


def _side(session: Session, person: Person, actor: Actor) -> ChartSide:
    lines = filing.chart_of(session, person.id, actor)
    return ChartSide(
        picker_line(person),
        tuple((line.type_name, line.service_date or "", line.encounter or "no visit") for line in lines),
    )
