"""Pages in the wrong chart: the proposal on the document itself, and what the second person sees beside the page."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlmodel import Session

from classify.fields.table import title_of
from classify.profile import Profile
from storage.custody import pages
from storage.desk import waiting, wrongpatient
from storage.documents import fields, filing, misfiling, printed, viewing
from storage.documents.printed import Verdict
from storage.foundation.clock import show_day, show_time
from storage.foundation.errors import NotAllowed, StateRefused
from storage.foundation.home import Home
from storage.foundation.permissions import Action, Actor, can, check_can
from storage.foundation.states import DocumentState
from storage.foundation.tables.desk import RemarkKind
from storage.foundation.tables.documents import Document, Misfiling
from storage.foundation.tables.roster import Person
from storage.roster.finding import person_with_mrn
from storage.roster.merging import root_of
from storage.roster.names import full_name, picker_line
from storage.roster.questions import Question

_USUAL = Profile()

NOT_KNOWN = 0
"""Whose the pages are when nobody knows yet: said, not assumed."""

_SAYS_WHOSE = ("name", "dob", "sex", "mrn", "encounter", "account", "member_id")


@dataclass(frozen=True, slots=True)
class Offer:
    """What can be said of a filed document: its pages as people see them and as the scan counts them, or who said it already."""

    document_id: int
    pages: tuple[tuple[int, int], ...]  # position in the document (1-based), number in the scan
    waiting: str  # empty: nothing is proposed yet


@dataclass(frozen=True, slots=True)
class Draft:
    """A correction as it is said so far; None is what nobody has said yet, and nothing is taken for granted."""

    pages: tuple[int, ...] | None  # by their numbers in the scan
    to: int | None  # a person of the list, or `NOT_KNOWN`
    whose: str  # as the list names them
    cause: str | None


@dataclass(frozen=True, slots=True)
class ChartSide:
    """A patient and the chart beside which a page is looked at: kind, date and visit of each document in it."""

    patient: str
    rows: tuple[tuple[str, str, str], ...]
    against_page: tuple[tuple[str, str, str], ...]  # identifier, as the list has it, whether the pages agree


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
    names_present: str  # that the pages name the patient they are filed to now; empty: they do not


@dataclass(frozen=True, slots=True)
class WaitingCorrection:
    """A correction that waits, as a list names it: its pages by their places in the document, as whoever proposed it did."""

    id: int
    document_id: int
    pages: str
    now: str
    proposed: str
    reason: str
    cause: str
    proposed_by: str


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


def sentence(offer: Offer, draft: Draft) -> str:
    """What a draft would propose, said before it is pressed; empty while pages or patient are unsaid."""
    if draft.pages is None or draft.to is None:
        return ""
    chosen = [str(at) for at, number in offer.pages if number in draft.pages]
    whole = len(chosen) == len(offer.pages)
    what = "The whole document" if whole else f"Page {', '.join(chosen)} of {len(offer.pages)}"
    if draft.to == NOT_KNOWN:
        return f"{what}: leaves this chart and waits at the desk, the patient not known yet."
    return f"{what}: goes to {draft.whose}."


def unsaid(draft: Draft) -> str:
    """What is missing in a draft, told in a sentence; empty when it can be proposed."""
    if draft.pages is None:
        return "Say which pages are in the wrong chart. Nothing was proposed."
    if draft.to is None:
        return "Choose the right patient, or that the patient is not known yet. Nothing was proposed."
    return "" if draft.cause else "Choose a cause. Nothing was proposed."


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


def confirm(session: Session, number: int, reason: str, actor: Actor, profile: Profile = _USUAL) -> str:
    """Confirm a correction as the second person; a sentence of where the pages are, and who saw them in the wrong chart."""
    moved = misfiling.confirm(session, number, actor, reason, profile=profile)
    names = sorted({entry["who"] for entry in session.get_one(Misfiling, number).seen_by})
    people = f"{len(names)} {'person' if len(names) == 1 else 'people'}"
    seen = f" {people} saw them in the wrong chart: {', '.join(names)}." if names else ""
    return f"Correction {number} is confirmed: document {moved.id} waits at the desk, before all others.{seen}"


def list_waiting(home: Home, actor: Actor) -> list[WaitingCorrection]:
    """Corrections that wait for a second person, with the patients' names for those who may see the document."""
    with home.reading() as session:
        found = []
        for row in misfiling.waiting(session, actor):
            document = session.get_one(Document, row.document_id)
            to = _named(session, document, row.to_person_id, actor) if row.to_person_id else "not known yet"
            found.append(
                WaitingCorrection(
                    row.id, document.id, _pages_said(session, row), _named(session, document, row.person_id, actor), to,
                    row.reason, misfiling.CAUSES[row.cause], f"{row.proposed_by}, {show_time(row.proposed_at)}",
                )
            )  # fmt: skip
        return found


def name_patients(home: Home, actor: Actor, asked: Sequence[Question]) -> list[tuple[str, str]]:
    """Of each question about a document, the patient it is filed to and the one who is proposed, by name where this person may
    see the document."""
    with home.reading() as session:
        found = []
        for question in asked:
            document = session.get_one(Document, question.document_id)
            proposed = person_with_mrn(session, question.proposed_mrn).id if question.proposed_mrn else None
            found.append(
                (_named(session, document, document.person_id, actor), _named(session, document, proposed, actor))
            )
        return found


def _named(session: Session, document: Document, person_id: int | None, actor: Actor) -> str:
    """A patient by name and MRN; by MRN alone for whoever may not see the document."""
    if person_id is None:
        return ""
    person = session.get_one(Person, person_id)
    try:
        viewing.check_may_see(session, document, actor)
    except NotAllowed:
        return f"MRN {person.mrn}"
    return f"{full_name(person)} · MRN {person.mrn}"


def _pages_said(session: Session, row: Misfiling) -> str:
    shown = pages.pages_of_document(session, row.document_id)
    wrong = [str(at) for at, page in enumerate(shown, start=1) if page.number in row.pages]
    return "the whole document" if row.is_whole else f"page {', '.join(wrong)} of {len(shown)}"


def compare(home: Home, actor: Actor, proposal_id: int, *, day_first: bool = False) -> Comparison:
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
        on_pages = printed.printed_on(session, document, row.pages)
        values = {
            v.name: _shown(v.name, v.value) for v in fields.current_fields(session, document.id) if v.page is None
        }
        values |= {name: " / ".join(_shown(name, one) for one in several) for name, several in on_pages.values.items()}
        now = root_of(session, row.person_id)
        to = root_of(session, row.to_person_id) if row.to_person_id else None
        stands = {person.id: printed.verdicts(on_pages, person, day_first=day_first) for person in (now, to) if person}
        for person in (now, to):  # printed without a label: read by nobody as a value, and on the page all the same
            for name in printed.IDENTIFIERS if person else ():
                if person and name not in values and stands[person.id][name] is Verdict.AGREES:
                    values[name] = _on_the_list(person, name)
        return Comparison(
            document_id=document.id,
            position=wrong[0],
            pages=_pages_said(session, row),
            reason=row.reason,
            cause=misfiling.CAUSES[row.cause],
            proposed_by=f"{row.proposed_by}, {show_time(row.proposed_at, zone=True)}",
            said=tuple((title_of(name), values[name]) for name in _SAYS_WHOSE if name in values),
            now=_side(session, now, actor, stands[now.id]),
            proposed=_side(session, to, actor, stands[to.id]) if to else None,
            suspects=tuple(
                f"document {s.document_id} (MRN {s.mrn}): {s.why}" for s in misfiling.suspects(session, row.id, actor)
            ),
            refusal=_refusal(row, actor),
            names_present=_names_present(stands[now.id]),
        )


def _names_present(found: dict[str, Verdict]) -> str:
    if not printed.is_named_there(found):
        return ""
    agree = [title_of(name) for name in printed.IDENTIFIERS if found[name] is Verdict.AGREES]
    return (
        f"The page names the patient it is filed to now: {', '.join(agree)} {'agree' if len(agree) > 1 else 'agrees'}. "
        "To confirm all the same, write why."
    )


_VERDICTS = {
    Verdict.AGREES: "✓ agrees with the page",
    Verdict.DIFFERS: "✗ differs from the page",
    Verdict.NOT_READ: "– not read on the page",
}


def _shown(name: str, value: str) -> str:
    return show_day(value) if name == "dob" else value


def _on_the_list(person: Person, name: str) -> str:
    match name:
        case "name":
            return full_name(person)
        case "dob":
            return show_day(person.birth_date)
    return person.mrn


def _refusal(row: Misfiling, actor: Actor) -> str:
    try:
        check_can(actor, Action.OVERRIDE)
        misfiling.check_advance(row, "confirm", actor)
    except (NotAllowed, StateRefused) as refused:
        return str(refused)
    return ""


def _side(session: Session, person: Person, actor: Actor, stands: dict[str, Verdict]) -> ChartSide:
    lines = filing.chart_of(session, person.id, actor)
    return ChartSide(
        picker_line(person),
        tuple((line.type_name, line.service_date or "", line.encounter or "no visit") for line in lines),
        tuple((title_of(name), _on_the_list(person, name) or "–", _VERDICTS[stands[name]]) for name in stands),
    )


class Instead(StrEnum):
    """Where a document goes that is of none of the patients it is asked about."""

    WORK_LIST = "work_list"
    REGISTER = "register"
    CORRECT = "correct"


INSTEAD: dict[str, str] = {
    Instead.WORK_LIST: "Back to the work list: its patient is chosen anew",
    Instead.REGISTER: "Not on the patient list: to registration",
    Instead.CORRECT: "It is filed: propose a correction, which a second supervisor confirms",
}
"""How staff read it."""


def instead_of(state: str) -> dict[str, dict[str, str]]:
    """What is offered for a document in this state, and the reasons to choose from: none for a way without."""
    if state in pages.FILED_STATES:
        return {Instead.CORRECT: misfiling.CAUSES}
    return {Instead.WORK_LIST: {}, Instead.REGISTER: waiting.REASONS[RemarkKind.REGISTER]}


def turn_down(session: Session, question: int, to: str, code: str, reason: str, actor: Actor) -> str:
    """Answer that a document is of none of these patients; a sentence of where it goes."""
    if to == Instead.CORRECT and not code:
        raise StateRefused(f"Choose a reason: {', '.join(misfiling.CAUSES.values())}.")
    match to:
        case Instead.CORRECT:
            number = wrongpatient.propose_correction(session, question, reason, code, actor)
            return f"Correction {number} is proposed. A second supervisor must confirm it; until then nothing moves."
        case Instead.REGISTER:
            document = wrongpatient.to_registration(session, question, code, reason, actor)
            return f"Document {document.id} waits for registration."
        case Instead.WORK_LIST:
            document = wrongpatient.to_work_list(session, question, reason, actor)
            where = "is on the work list" if document.state == DocumentState.TO_VERIFY else "goes on waiting"
            return f"Document {document.id} {where} without a patient, with your reason beside it."
    raise StateRefused("Choose where the document goes.")
