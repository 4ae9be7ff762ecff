"""The same sheet again: documents whose sheets came before, both side by side, and what a person decides."""

import time
from dataclasses import dataclass

from sqlmodel import Session

from classify import doctypes
from classify.samesheet import Difference, Kind
from ingest.samesheets import compare_pages
from ocr.page import Box as PageBox
from review_app.model.attempt import Outcome, attempt, saying
from review_app.model.viewing import Box, ViewerDocument, page_of
from storage.custody import pages, sheets
from storage.documents import repeats, viewing
from storage.documents.repeats import Repeat
from storage.foundation import audit
from storage.foundation.actions import AuditAction
from storage.foundation.home import Home
from storage.foundation.permissions import Action, Actor, can
from storage.foundation.states import DocumentState, RepeatState
from storage.foundation.tables.custody import Page
from storage.foundation.tables.documents import Document
from storage.foundation.tables.sheets import SheetRow

KEEP_BOTH, VOID_COPY, VOID_REPLACED, BRING_BACK = "keep_both", "void_copy", "void_replaced", "bring_back"

ANSWERS: dict[str, str] = {
    KEEP_BOTH: "Keep both",
    VOID_COPY: "Void the new one: it is a copy",
    VOID_REPLACED: "Void the earlier one: it is replaced",
    BRING_BACK: "Bring the voided one back",
}
"""What may be answered, as staff read it."""

_DECIDED: dict[RepeatState, str] = {
    RepeatState.OPEN: "",
    RepeatState.KEPT_BOTH: "both kept",
    RepeatState.COPY: "the new one was voided",
    RepeatState.REPLACED: "the earlier one was voided",
}

_WHAT: dict[Kind, str] = {
    Kind.MISREAD: "a little",
    Kind.OTHER: "other words",
    Kind.ONLY_HERE: "only on the new one",
    Kind.ONLY_THERE: "only on the earlier one",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A pair of documents in the list."""

    id: int
    document: str
    earlier: str
    pages: int
    sure: str
    decided: str


@dataclass(frozen=True, slots=True)
class SideBySide:
    """One sheet as it came now and as it came before, with the words and the ink that differ; `pair` of `pairs` (1-based)."""

    new: ViewerDocument
    earlier: ViewerDocument
    differences: tuple[tuple[str, str, str], ...]  # on the new one, on the earlier one, what differs
    pair: int
    pairs: int
    answers: tuple[str, ...]  # those of ANSWERS that this person may give now


def lines(home: Home, actor: Actor, *, decided: bool = False) -> list[Line]:
    """Documents whose sheets came before: those that wait for a decision, or those decided."""
    with home.reading() as session:
        return [_line(row) for row in repeats.listed(session, actor, decided=decided)]


def side_by_side(home: Home, actor: Actor, repeat_id: int, pair: int = 1) -> SideBySide:
    """Both documents at a pair of their pages; NotAllowed when this person may not see one of them. The view is audited."""
    with home.reading() as session:
        row = repeats.find_repeat(session, repeat_id)
        documents = [session.get_one(Document, found) for found in (row.document_id, row.earlier_id)]
        for document in documents:
            viewing.check_may_see(session, document, actor)
        known = [(session.get_one(Page, new), session.get_one(Page, old)) for new, old in row.pairs]
        pair = max(1, min(len(known), pair))
        both = known[pair - 1]
        found = compare_pages(session, *both)
        differs = found.differences if found else ()
        shown = SideBySide(
            _viewer(session, "New", documents[0], both[0], [d.one_box for d in differs]),
            _viewer(session, "Earlier", documents[1], both[1], [d.other_box for d in differs]),
            tuple((*_sides(d), _WHAT[d.kind]) for d in differs if _is_worth_telling(d)),
            pair,
            len(known),
            tuple(_answers(session, row.state, documents, actor)),
        )
    with home.writing() as session:
        for document, page in zip(documents, both, strict=True):
            audit.record(
                session, actor, AuditAction.VIEW_WORDS, f"document:{document.id}",
                person=document.person_id, page=page.number,
            )  # fmt: skip
    return shown


def answer(home: Home, actor: Actor, repeat_id: int, event: str, reason: str = "") -> Outcome:
    """Decide about a pair; a sentence of what was done, or why not."""
    if event == KEEP_BOTH:
        done = saying("Both are kept.", lambda session: repeats.keep_both(session, repeat_id, actor))
    elif event == VOID_COPY:
        done = saying(
            "The new document is voided. It keeps its pages, and can be brought back.",
            lambda session: repeats.void_copy(session, repeat_id, actor, reason),
        )
    elif event == VOID_REPLACED:
        done = saying(
            "The earlier document is voided. It keeps its pages, and can be brought back.",
            lambda session: repeats.void_replaced(session, repeat_id, actor, reason),
        )
    else:

        def done(session: Session) -> str:
            return f"Document {repeats.bring_back(session, repeat_id, actor)} is on the work list again."

    return attempt(home, done)


def _line(row: Repeat) -> Line:
    kind = doctypes.type_or_placeholder(row.type_code).name
    return Line(
        row.id,
        f"{row.document_id}: {kind}, {row.file} ({_state(row.document_state)})",
        f"{row.earlier_id}: {row.earlier_file} ({_state(row.earlier_state)})",
        row.pages,
        f"{100 * row.probability:.0f} %",
        _DECIDED[row.state] + (f" by {row.answered_by}" if row.answered_by else ""),
    )


def _state(state: str) -> str:
    return state.replace("_", " ")


def _answers(session: Session, state: RepeatState, documents: list[Document], actor: Actor) -> list[str]:
    if state is not RepeatState.OPEN:
        is_voided = state in (RepeatState.COPY, RepeatState.REPLACED)
        return [BRING_BACK] if is_voided and can(actor, Action.OVERRIDE) else []
    found = [KEEP_BOTH]
    if can(actor, Action.OVERRIDE):
        events = zip((VOID_COPY, VOID_REPLACED), documents, strict=True)
        found += [
            event for event, document in events
            if document.state == DocumentState.TO_VERIFY and not repeats.is_in_chart(session, document)
        ]  # fmt: skip
    return found


def _is_worth_telling(difference: Difference) -> bool:
    return _is_ink(difference) or any(map(str.isalnum, difference.one + difference.other))


def _is_ink(difference: Difference) -> bool:
    """Whether a page has ink there in which nothing was read."""
    return not difference.one and not difference.other


def _sides(difference: Difference) -> tuple[str, str]:
    """What both pages say in a place, as a person reads it."""
    if not _is_ink(difference):
        return difference.one, difference.other
    return (_INK, "") if difference.kind is Kind.ONLY_HERE else ("", _INK)


_INK = "a stamp, a mark or writing"


def _viewer(session: Session, what: str, document: Document, page: Page, boxes: list[PageBox | None]) -> ViewerDocument:
    """A viewer of one page, with the places that differ lit."""
    rows = pages.pages_of_document(session, document.id)
    position = next((at for at, row in enumerate(rows, start=1) if row.id == page.id), 1)
    lit = _shares(sheets.print_of(session, page), [box for box in boxes if box])
    return ViewerDocument(
        f"{what}: document {document.id}, page {position} of {len(rows)}",
        (page_of(document.id, position, page, boxes=lit),),
        f"{document.id}-{page.id}-{time.time_ns()}",
    )


def _shares(made: SheetRow | None, boxes: list[PageBox]) -> tuple[Box, ...]:
    """Boxes in 1/200 inch as shares of their page."""
    if made is None:
        return ()
    width, height = sheets.size_of(made)
    return tuple((b.left / width, b.top / height, b.right / width, b.bottom / height) for b in boxes)
