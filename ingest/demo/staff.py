"""The staff of the demo clinic at work: documents verified, filed, pended, queried, escalated, corrected, looked at again.

Everything is done by the functions that the screens call, as named persons, so that the audit log tells it as it was. What
they type is what the drawn paper says. Some documents are left for whoever tries the demo.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from sqlmodel import Session

from classify.guess import Decision
from ingest.filing import file_verified
from storage.custody import pages
from storage.desk import approving, rescans, waiting
from storage.documents import breakglass, fields, identity, leases, listing, misfiling
from storage.documents.fields import Correction
from storage.documents.search import find_pages
from storage.foundation.clock import today
from storage.foundation.errors import NeedsInsisting
from storage.foundation.home import Home
from storage.foundation.permissions import Actor, Role
from storage.quality import reviews
from storage.quality.policy import Quality
from storage.roster.finding import person_with_mrn

OLGA = Actor("olga", Role.OPERATOR)
TESS = Actor("tess", Role.TECHNICIAN)
SAM = Actor("sam", Role.SUPERVISOR)
AUDREY = Actor("audrey", Role.AUDITOR)
ADA = Actor("ada", Role.ADMIN)
PEOPLE = (OLGA, TESS, SAM, AUDREY, ADA)
"""One person for each role."""

QUALITY = Quality(double_key=["IMAGING"])
"""The demo clinic's policy of second looks: a second person keys whose paper every imaging report is."""

_LEFT = 8
"""Every eighth document that is clear is left for whoever tries the demo."""

_SPARE = 12
"""Documents of which there must be more before some are put aside or filed to a wrong chart: one drawn patient is no clinic."""

_SIXTH = 6


@dataclass(frozen=True, slots=True)
class Paper:
    """A document as it was drawn: what a technician reads on it."""

    document_id: int
    type_code: str
    mrn: str
    fields: Mapping[str, str]
    is_clear: bool  # the machine found whose it is
    is_protected: bool


@dataclass(slots=True)
class _Team:
    home: Home
    tick: Callable[[int, int], None]
    done: int = 0
    of: int = 0

    def at(self, step: Callable[[Session], object]) -> None:
        """One action, in a transaction of its own as at the desk."""
        with self.home.writing() as session:
            step(session)
        self.done += 1
        self.tick(self.done, max(self.of, self.done))


def papers_of(home: Home, truth: Sequence[Mapping[str, Any]]) -> list[Paper]:
    """The documents that are, page for page, what was drawn, in their order; others are left to people."""
    drawn = {scan["file"]: scan["pages"] for scan in truth}
    with home.reading() as session:
        found = [row for row in listing.list_documents(session) if row["source"] in drawn]
    papers = []
    for row in found:
        sides = drawn[row["source"]]
        its = [sides[number - 1] for number in row["pages"]]
        first = its[0]
        if its != [side for side in sides if "type" in first and side.get("document") == first.get("document")]:
            continue
        is_clear = row["patient"]["decision"] == Decision.LINKED and row["patient"]["mrn"] == first["mrn"]
        papers.append(
            Paper(row["id"], first["type"], first["mrn"], first.get("fields", {}), is_clear, bool(row["labels"]))
        )
    return papers


def work_the_desk(home: Home, truth: Sequence[Mapping[str, Any]], tick: Callable[[int, int], None]) -> None:
    """Do a day's work on what was read; `tick` is told how many steps are done, of how many."""
    papers = papers_of(home, truth)
    clear = [paper for paper in papers if paper.is_clear]
    protected = [paper for paper in clear if paper.is_protected]
    plain = [paper for paper in clear if not paper.is_protected]
    work = [paper for number, paper in enumerate(plain, start=1) if number % _LEFT]
    team = _Team(home, tick, of=len(work) + len(protected))
    wrong: list[Paper] = []
    if len(work) > _SPARE:
        aside = [work.pop(4 * i) for i in range(len(_ASIDE))]
        wrong = [paper for paper in work if paper.type_code not in QUALITY.double_key][-2:]
        work = [paper for paper in work if paper not in wrong]
        for paper, put_aside in zip(aside, _ASIDE, strict=True):
            team.at(partial(put_aside, paper))
    unknown = [paper for paper in papers if not paper.is_clear]
    for paper, put_aside in zip(unknown, _UNKNOWN, strict=False):
        team.at(partial(put_aside, paper))
    for number, paper in enumerate([*protected, *work], start=1):
        who = SAM if number % _SIXTH == 0 else TESS
        team.at(partial(_approve, paper, who))
    for paper in wrong:
        other = next(one.mrn for one in work if one.mrn != paper.mrn)
        team.at(partial(_approve_for_another, paper, other))
    file_verified(home, quality=QUALITY)
    _correct(team, wrong)
    _look_again(team, {paper.document_id: paper for paper in papers})
    for paper in protected[:1]:
        team.at(partial(_open_in_need, paper))
    team.at(lambda session: find_pages(session, "pneumonia", TESS))


# ---- at the desk


def _key(session: Session, paper: Paper, who: Actor) -> int:
    """Take a document, type what its pages say where the machine did not read it so; gives its version."""
    document = leases.claim(session, paper.document_id, who)
    now = {row.name: row.value for row in fields.current_fields(session, paper.document_id)}
    changes = [Correction(name, value) for name, value in paper.fields.items() if now.get(name) != value]
    version = fields.save_corrections(
        session, paper.document_id, changes, who, version=document.version, type_code=paper.type_code
    )
    fields.note_seen(session, paper.document_id, [*now, fields.TYPE], who)
    return version


def _approve(paper: Paper, who: Actor, session: Session) -> None:
    version = _key(session, paper, who)
    try:
        with session.begin_nested():
            approving.approve(session, paper.document_id, who, version=version)
    except NeedsInsisting as doubt:  # as at the desk: not filed in spite of a doubt without a supervisor
        waiting.put_aside(
            session, paper.document_id, "escalate", "patient_doubt", str(doubt)[:200], who, version=version
        )


def _approve_for_another(paper: Paper, mrn: str, session: Session) -> None:
    """The slip that is corrected afterwards: the wrong patient is chosen, in spite of what the page says."""
    version = _key(session, paper, TESS)
    person = person_with_mrn(session, mrn)
    version = identity.choose_patient(session, paper.document_id, person.id, TESS, version=version, retyped=mrn)
    approving.approve(
        session,
        paper.document_id,
        TESS,
        version=version,
        override_mismatch=True,
        reason="The label on the folder says so",
    )


def _open_in_need(paper: Paper, session: Session) -> None:
    why = "The emergency room asks for the medication list"
    breakglass.break_glass(session, paper.document_id, TESS, breakglass.Purpose.EMERGENCY_TREATMENT, why)


def _put_aside(kind: str, code: str, text: str, days: int | None = None) -> Callable[[Paper, Session], None]:
    def do(paper: Paper, session: Session) -> None:
        version = _key(session, paper, TESS)
        due = today() + timedelta(days=days) if days is not None else None
        waiting.put_aside(session, paper.document_id, kind, code, text, TESS, version=version, due=due)

    return do


def _ask_rescan(reason: str, text: str) -> Callable[[Paper, Session], None]:
    def do(paper: Paper, session: Session) -> None:
        version = _key(session, paper, TESS)
        first = pages.pages_of_document(session, paper.document_id)[0]
        rescans.ask(session, paper.document_id, [first.id], reason, text, TESS, version=version)

    return do


_ASIDE: tuple[Callable[[Paper, Session], None], ...] = (
    _put_aside("pend", "missing_page", "The ward is looking for page 2", 3),
    _put_aside("query", "conflicting", "Left or right? The procedure and the consent differ"),
    _ask_rescan("cut_off", "The last lines are missing"),
    _ask_rescan("too_faint", ""),
)
"""What happens to documents whose patient is clear, and that cannot be filed yet."""

_UNKNOWN: tuple[Callable[[Paper, Session], None], ...] = (
    _put_aside("register", "not_listed", "Came by ambulance in the night", 1),
    _put_aside("escalate", "patient_doubt", "Two patients with this name and birthday: whose is it?"),
)
"""What happens to documents of somebody who is not on the patient list; the others wait to be verified."""


# ---- afterwards


def _correct(team: _Team, wrong: Sequence[Paper]) -> None:
    """Filed to the wrong chart: both are proposed by one person, the first is confirmed by another."""
    for number, paper in enumerate(wrong):

        def put_right(session: Session, paper: Paper = paper, number: int = number) -> None:
            to = person_with_mrn(session, paper.mrn)
            proposal = misfiling.propose(
                session,
                paper.document_id,
                (),
                to.id,
                "The page names another patient",
                misfiling.Cause.WRONG_CHOICE,
                TESS,
            )
            if number == 0:
                misfiling.confirm(session, proposal, SAM, "compared with the page")

        team.at(put_right)


def _look_again(team: _Team, papers: Mapping[int, Paper]) -> None:
    """One document that waits for its second person is keyed by that person, and filed; the others wait on."""
    with team.home.reading() as session:
        items = [(item.id, item.document_id) for item in reviews.waiting(session, SAM)]
    for item_id, document_id in items[:1]:
        said = papers[document_id].fields
        values = {name: said.get(name, "") for name in ("mrn", "dob", "name")}

        def look(session: Session, item_id: int = item_id, values: dict[str, str] = values) -> None:
            differs = reviews.key(session, item_id, values, SAM)
            reviews.decide(session, team.home.vault, item_id, SAM, wrong=[], slips=[one.name for one in differs])

        team.at(look)


def is_untouched(home: Home) -> bool:
    """Whether nobody has worked on a document of this home yet."""
    with home.reading() as session:
        return all(row["state"] == "to_verify" for row in listing.list_documents(session))
