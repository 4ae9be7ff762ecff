"""What the screen of second looks shows and does: the document that is next, both answers, lots, figures."""

import time
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from classify import doctypes
from classify.fields.table import title_of
from review_app.model.attempt import attempt, saying
from review_app.model.viewing import ViewerDocument, page_of
from storage.custody import pages
from storage.documents import viewing
from storage.foundation.clock import show_day
from storage.foundation.home import Home
from storage.foundation.permissions import Actor
from storage.foundation.states import DocumentState, ItemKind, LotState
from storage.foundation.tables.documents import Document
from storage.foundation.tables.quality import QualityLot
from storage.quality import figures, lots, reviews
from storage.quality.defects import BY_CODE
from storage.quality.reviews import ASKED, Difference

WHY: dict[str, str] = {
    ItemKind.SAMPLE: "sampled from a QA batch",
    ItemKind.INSPECTION: "its QA batch was rejected",
    ItemKind.DOUBLE_KEY: "keyed a second time",
}
"""Why a document is looked at again."""


@dataclass(frozen=True, slots=True)
class Look:
    """The document that is next: its pages without any value, what is asked for, and both answers once one is kept."""

    item: int
    why: str
    asked: tuple[str, ...]
    pages: ViewerDocument
    is_keyed: bool
    differences: tuple[Difference, ...]
    waiting: int


def next_look(home: Home, actor: Actor) -> Look | None:
    """The oldest document this person may look at again, those they have keyed already first; None when none waits."""
    with home.reading() as session:
        items = reviews.waiting(session, actor)
        item = next((item for item in items if item.keyed_by == actor.name), next(iter(items), None))
        if item is None:
            return None
        document = session.get_one(Document, item.document_id)
        viewing.check_may_see(session, document, actor)
        rows = pages.pages_of_document(session, item.document_id)
        return Look(
            item=item.id,
            why=WHY[item.kind],
            asked=ASKED[item.kind],
            pages=ViewerDocument(
                title=f"Document {item.document_id}",  # its kind would say what is to be keyed blind
                pages=tuple(page_of(item.document_id, position, row) for position, row in enumerate(rows, start=1)),
                stamp=f"look-{item.id}-{time.time_ns()}",
            ),
            is_keyed=item.keyed is not None and item.keyed_by == actor.name,
            differences=tuple(reviews.differences(session, item, actor)),
            waiting=len(items),
        )


def key(
    home: Home,
    actor: Actor,
    item: int,
    values: dict[str, str],
    *,
    day_first: bool = False,
    has_no_identity: bool = False,
) -> str:
    """Keep what was keyed blind; an empty string, or why not."""

    def action(session: Session) -> None:
        reviews.key(session, item, values, actor, day_first=day_first, has_no_identity=has_no_identity)

    return attempt(home, saying("", action)).sentence


def decide(home: Home, actor: Actor, item: int, wrong: list[str], slips: list[str], note: str) -> str:
    """Pass the document or send it back; a sentence of what happened."""

    def action(session: Session) -> str:
        done = reviews.decide(session, home.vault, item, actor, wrong=wrong, slips=slips, note=note)
        document = f"Document {done.document_id}"
        if done.passed:
            return f"{document} passed."
        if session.get_one(Document, done.document_id).state == DocumentState.TO_VERIFY:
            return f"{document} is back on the work list, before all others."
        if "wrong_patient" in wrong:
            return f"{document} is filed: its correction is proposed; a second supervisor must confirm it."
        return f"{document} stays filed; what is wrong is written on it and counted."

    return attempt(home, action).sentence


def stuck_rows(home: Home, actor: Actor) -> list[list[Any]]:
    """A row for each document that is not filed because it waits for a second look: number, why, since when, who has it."""
    with home.reading() as session:
        return [
            [
                item.id,
                item.document_id,
                WHY[item.kind],
                item.verified_by,
                item.joined_at,
                item.keyed_by or "",
            ]
            for item in reviews.waiting_for_review(session, actor)
        ]


def file_without_review(home: Home, actor: Actor, item: int, reason: str) -> str:
    """File a document without its second look; a sentence of what happened."""

    def action(session: Session) -> str:
        gone = reviews.file_without_review(session, home.vault, item, actor, reason)
        return f"Document {gone.document_id} is filed without a quality review; it does not count as reviewed."

    return attempt(home, action).sentence


def end_lot(home: Home, actor: Actor, lot: int) -> str:
    """Close a lot early; a sentence of what happened."""

    def action(session: Session) -> str:
        ended = reviews.end_lot(session, lot, actor)
        return f"QA batch {lot} has {ended.size} documents; {ended.sample} of them are reviewed."

    return attempt(home, action).sentence


def shown(name: str, value: str) -> str:
    """A value as people read it: a kind of document by its name, a day as this site writes it, nothing as a dash."""
    match name:
        case "type" if value:
            return doctypes.type_or_placeholder(value).name
        case "dob" | "service_date":
            return show_day(value) or "–"
    return value or "–"


def title(name: str) -> str:
    """What a keyed value is called."""
    return {"type": "Document type", "name": "Patient name (last, first)"}.get(name) or title_of(name)


def lot_rows(home: Home, actor: Actor) -> list[list[Any]]:
    """A row a lot, newest first, and which may be ended early."""
    with home.reading() as session:
        return [_lot_row(lot, tally, size) for lot, tally, size in figures.lots_of(session, actor)]


def _lot_row(lot: QualityLot, tally: figures.Tally, size: int) -> list[Any]:
    major, minor = lots.plans_of(lot)
    is_told = lot.state != LotState.FILLING
    return [
        lot.id,
        lot.verified_by,
        doctypes.type_or_placeholder(lot.type_code).name if lot.type_code else "all",
        lot.severity,
        f"{size} of {lot.size}",
        f"{tally.looked_at} of {lot.sample}" if is_told else f"{lot.sample} will be",
        f"{tally.critical} (0)" if is_told else "– (0)",
        f"{tally.major} ({major.accept})" if is_told else f"– ({major.accept})",
        f"{tally.minor} ({minor.accept})" if is_told else f"– ({minor.accept})",
        lot.state,
    ]


def measure(home: Home, actor: Actor) -> figures.Figures:
    """All figures of second looks."""
    with home.reading() as session:
        return figures.measure(session, actor)


def bound_sentence(found: figures.Figures) -> str:
    """What the looks prove about wrong patients: never 'none', always 'at most'."""
    tally = found.all
    if not tally.looked_at:
        return "No document was reviewed yet: nothing is known about wrong patients."
    share = 100 * tally.wrong_patient_bound
    return (
        f"{tally.wrong_patient} of {tally.looked_at} reviewed documents were filed to the wrong patient: with 95 % confidence "
        f"at most {share:.3g} % of all are. Without an error it takes 2,995 reviews to show 0.1 %."
    )


def errors_of(found: figures.Figures) -> dict[str, int]:
    """Errors by kind, those that occurred."""
    return {name: count for name, count in found.errors.items() if count}


ERROR_TITLES = {code: f"{error.title} ({error.weight})" for code, error in BY_CODE.items()}
"""How an error is offered to be ticked."""
