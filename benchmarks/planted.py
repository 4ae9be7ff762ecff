"""One planted error in ten documents: what a technician in a hurry gets past the desk, and what the clean ones cost.

The documents are those of the drawn clinic, read and indexed as any; ten in a hundred are spoiled before work begins, in six
ways. The technician presses Ctrl Enter on everything, looks a second at each doubt at which the cursor stops,
and corrects what she sees there; she types one impossible date and one number with a wrong check digit, takes the first candidate without looking, and
insists on nothing.
"""

import json
import random
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, select

from benchmarks.desk import THINK_SECONDS, press, shown
from classify.guess import Decision
from storage.custody import pages
from storage.documents import fields
from storage.foundation.home import Home
from storage.foundation.states import DocumentState
from storage.foundation.tables.custody import Source
from storage.foundation.tables.documents import CandidateRow, Document, FieldRow
from storage.foundation.tables.roster import Person

IMPOSSIBLE, CHECK_DIGIT, STRANGER, DOUBT, UNSEEN, CONTRADICTION = (
    "impossible date", "wrong check digit", "stranger first", "unvisited doubt", "unseen page", "contradiction",
)  # fmt: skip
KINDS = (IMPOSSIBLE, CHECK_DIGIT, STRANGER, DOUBT, UNSEEN, CONTRADICTION)

EVERY = 10
"""One planted error among so many documents."""

_WRONG_NPI = "1234567890"  # its check digit is 3 (45 CFR 162.406)
_ASKS_NPI = "PROVIDER_QUERY"
_SIGNED = "CONSENT_PROC"
_TRIES = 3
"""Times that Ctrl Enter is pressed on what the desk refuses."""

_MOST_STOPS = 15


@dataclass(frozen=True, slots=True)
class Plan:
    """What is known of a document and not to the technician: whose it is, what is planted, which value is the right one."""

    mrn: str
    planted: str = ""
    wrong: str = ""
    right: str = ""


@dataclass(slots=True)
class Tally:
    """What came of the documents."""

    keys: list[int] = field(default_factory=list)  # of each clean one that was approved
    waits: list[float] = field(default_factory=list)  # ms from the last key to the next page
    seconds: float = 0.0
    documents: int = 0
    put_aside: int = 0
    unseen: Counter[int] = field(default_factory=Counter)  # pages nobody looked at when a document was approved


def plans(home: Home, truth: Path, seed: int = 5) -> dict[int, Plan]:
    """Spoil one clean document in ten, and tell what is true of each that waits."""
    rng = random.Random(seed)
    known = {entry["file"]: entry["pages"] for entry in json.loads(truth.read_text(encoding="utf-8"))}
    found: dict[int, Plan] = {}
    with home.writing() as session:
        waiting = session.exec(
            select(Document).where(Document.state == DocumentState.TO_VERIFY).order_by(col(Document.id))
        )
        for document in waiting.all():
            if mrn := _mrn_of(session, document, known):
                found[document.id] = Plan(mrn)
        clean = [number for number, plan in found.items() if _is_clean(session, number, plan)]
        rng.shuffle(clean)
        wanted = [KINDS[number % len(KINDS)] for number in range(max(len(KINDS), len(found) // EVERY))]
        for kind in wanted:
            for number in clean:
                if (plan := _SPOIL[kind](session, number, found[number].mrn)) is not None:
                    found[number] = plan
                    clean.remove(number)
                    break
    return found


def _mrn_of(session: Session, document: Document, known: Mapping[str, list[dict[str, Any]]]) -> str:
    """Whose the pages of a document are, where all are of one patient."""
    source = session.exec(select(Source).where(Source.batch_id == document.batch_id)).first()
    drawn = known.get(source.name.decode() if isinstance(source.name, bytes) else source.name, []) if source else []
    numbers = [page.number for page in pages.pages_of_document(session, document.id)]
    mrns = {drawn[number - 1].get("mrn", "") for number in numbers if number <= len(drawn)}
    return mrns.pop() if len(mrns) == 1 else ""


def _is_clean(session: Session, document_id: int, plan: Plan) -> bool:
    document = session.get_one(Document, document_id)
    person = session.get(Person, document.person_id) if document.person_id else None
    return document.decision == Decision.LINKED and person is not None and person.mrn == plan.mrn


def _nothing(session: Session, document_id: int, mrn: str) -> Plan | None:
    return Plan(mrn, IMPOSSIBLE)


def _asks_npi(session: Session, document_id: int, mrn: str) -> Plan | None:
    document = session.get_one(Document, document_id)
    document.type_code, document.type_is_sure = _ASKS_NPI, True
    session.add(document)
    return Plan(mrn, CHECK_DIGIT, wrong=_WRONG_NPI)


def _stranger(session: Session, document_id: int, mrn: str) -> Plan | None:
    """Nobody is linked, and somebody else stands before the right patient."""
    document = session.get_one(Document, document_id)
    other = session.exec(select(Person).where(Person.mrn != mrn).order_by(col(Person.id))).first()
    if other is None:
        return None
    for row in session.exec(select(CandidateRow).where(CandidateRow.document_id == document_id)):
        row.rank += 1
        session.add(row)
    session.add(CandidateRow(document_id=document_id, rank=1, person_id=other.id, score=0.9))
    document.person_id, document.decision, document.encounter_id = None, Decision.ASK, None
    session.add(document)
    return Plan(mrn, STRANGER, wrong=other.mrn)


def _value(session: Session, document_id: int, name: str) -> FieldRow | None:
    return next((row for row in fields.current_fields(session, document_id) if row.name == name and row.value), None)


def _doubtful(session: Session, document_id: int, mrn: str) -> Plan | None:
    """A service date misread by a week, and the machine knows that it is not sure."""
    row = _value(session, document_id, "service_date")
    if row is None or row.page is None:
        return None
    right, row.confidence = row.value, 0.6
    row.value = (date.fromisoformat(right) - timedelta(days=7)).isoformat()
    session.add(row)
    return Plan(mrn, DOUBT, wrong=row.value, right=right)


def _signed(session: Session, document_id: int, mrn: str) -> Plan | None:
    """A consent of several pages, of which only the first is on the screen."""
    document = session.get_one(Document, document_id)
    if len(pages.pages_of_document(session, document_id)) < 2:
        return None
    document.type_code, document.type_is_sure = _SIGNED, True
    session.add(document)
    return Plan(mrn, UNSEEN)


def _contradicts(session: Session, document_id: int, mrn: str) -> Plan | None:
    """The birthday on the page is another than that of the patient who is linked, and the machine is sure of it."""
    row = _value(session, document_id, "dob")
    if row is None:
        return None
    row.value, row.confidence = (date.fromisoformat(row.value) - timedelta(days=400)).isoformat(), 0.999
    session.add(row)
    return Plan(mrn, CONTRADICTION, wrong=row.value)


_SPOIL: dict[str, Callable[[Session, int, str], Plan | None]] = {
    IMPOSSIBLE: _nothing,
    CHECK_DIGIT: _asks_npi,
    STRANGER: _stranger,
    DOUBT: _doubtful,
    UNSEEN: _signed,
    CONTRADICTION: _contradicts,
}


# ---- the technician


def work_through(page: Any, known: Mapping[int, Plan], most: int) -> Tally:
    """Work through the queue as a technician in a hurry does."""
    tally = Tally()
    while tally.documents < most and (number := shown(page)):
        began, plan = time.perf_counter(), known.get(number, Plan(""))
        keys = _before(page, plan)
        keys = _approve(page, tally, number, plan, keys)
        if shown(page) == number:
            page.keyboard.press("Escape")
            page.keyboard.press("Alt+k")
            page.wait_for_function(_LEFT, arg=str(number))
            tally.put_aside += 1
        elif not plan.planted:
            tally.keys.append(keys)
        tally.documents += 1
        tally.seconds += time.perf_counter() - began
    return tally


_AT_A_DOUBT = ".field.check input:focus, .field.missing input:focus, .field.check select:focus"

_LEFT = """number => { const host = [...document.querySelectorAll('*')].find((e) => e.shadowRoot?.querySelector('.station'));
 return (host ? host.shadowRoot : document).querySelector('.station').dataset.document !== number; }"""


def _before(page: Any, plan: Plan) -> int:
    """What is typed or chosen before Ctrl Enter; gives the keys it took."""
    if plan.planted in (IMPOSSIBLE, CHECK_DIGIT):
        name, typed = ("service_date", "99/99/2099") if plan.planted == IMPOSSIBLE else ("npi", _WRONG_NPI)
        page.keyboard.press("Alt+a")
        page.locator(f"input[name={name}]").fill(typed)
        return len(typed) + 2
    if plan.planted == STRANGER:
        page.keyboard.press("Alt+1")
        return 1
    if page.locator(".person[aria-selected=true]").count():
        return 0
    time.sleep(THINK_SECONDS)  # whose it is, is the question: she reads the page
    people = page.locator(".person").all_inner_texts()
    at = next((place for place, text in enumerate(people, 1) if plan.mrn and f"MRN {plan.mrn}" in text), 0)
    page.keyboard.press(f"Alt+{at}" if at else "Alt+k")
    return 1


def _approve(page: Any, tally: Tally, number: int, plan: Plan, keys: int) -> int:
    """Ctrl Enter until the document leaves, or the desk has refused it often enough."""
    refused = 0
    if page.locator(_AT_A_DOUBT).count():  # where the cursor stands when the document comes
        time.sleep(THINK_SECONDS)
        keys += _look(page, plan)
    for _ in range(_MOST_STOPS):
        if shown(page) != number or refused == _TRIES:
            break
        unseen = page.locator(".thumb.unseen").count()
        done = press(page, "approve")
        keys += 1
        if done.is_next:
            tally.waits.append(done.milliseconds)
            if plan.planted == UNSEEN:
                tally.unseen[number] = unseen
            break
        if "not looked at yet" not in done.said:
            refused += 1
            continue
        time.sleep(THINK_SECONDS)
        keys += _look(page, plan)
    return keys


def _look(page: Any, plan: Plan) -> int:
    """She sees the value at which the cursor stands beside its piece of the page, and types what the page says."""
    at = page.locator("input:focus, select:focus")
    if not plan.right or not at.count() or at.first.get_attribute("name") != "service_date":
        return 0
    written = date.fromisoformat(plan.right)
    at.first.fill(f"{written:%m/%d/%Y}")
    return len("01/02/2003")


def filed_wrong(home: Home, known: Mapping[int, Plan], tally: Tally) -> Counter[str]:
    """Documents that were approved although their planted error stands, by kind; and those approved to a wrong patient."""
    wrong: Counter[str] = Counter()
    with home.reading() as session:
        gone = session.exec(
            select(Document).where(col(Document.state).in_(pages.APPROVED_STATES), col(Document.id).in_(known))
        )
        for document in gone:
            plan, person = known[document.id], session.get_one(Person, document.person_id)
            values = {row.value for row in fields.current_fields(session, document.id)}
            if person.mrn != plan.mrn:
                wrong[plan.planted or "wrong patient"] += 1
            elif (
                (plan.wrong and plan.wrong in values)
                or (plan.planted == IMPOSSIBLE and any("2099" in value for value in values))
                or (plan.planted == UNSEEN and tally.unseen[document.id])
            ):
                wrong[plan.planted] += 1
    return wrong
