"""Pages turned, split off, joined, moved, put in another order and hidden: rows over the scan as it was dropped.

No image is touched, every change can be undone, and a page always has exactly one place. The documents that a change
touches are understood anew from their pages; what people typed, and the patient somebody chose, stays.
"""

from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from sqlmodel import Session, col, delete, select

from classify.guess import Decision, DocumentGuess
from ocr.page import FINE, OcrPage, PageOutcome
from storage.custody import pages
from storage.desk import drafts, turning
from storage.documents import access, amendments, indexing, leases, moves, printed
from storage.documents.printed import Verdict
from storage.foundation import audit
from storage.foundation.actions import AuditAction
from storage.foundation.clock import utc_now
from storage.foundation.errors import StateRefused
from storage.foundation.permissions import Action, Actor, check_can
from storage.foundation.states import Disposition, DocumentState
from storage.foundation.tables.custody import Page
from storage.foundation.tables.desk import PageChange
from storage.foundation.tables.documents import Document, FieldRow
from storage.foundation.tables.roster import Person
from storage.roster import openmatches

Understand = Callable[[Session, list[OcrPage]], DocumentGuess]
"""Pages of one document in, what the machine makes of them out (classify.index.index_pages with list and profile)."""


class ChangeKind(StrEnum):
    """What is done to pages."""

    TURN = "turn"
    SPLIT = "split"
    JOIN = "join"
    MOVE = "move"
    REORDER = "reorder"
    HIDE = "hide"
    RESTORE = "restore"
    BEST_POSSIBLE = "best_possible"
    PUT_IN = "put_in"


class HideReason(StrEnum):
    """Why a page is hidden."""

    BLANK = "blank"
    SEPARATOR = "separator"
    DUPLICATE = "duplicate"
    NOT_PART = "not_part"


HIDE_AS: dict[str, Disposition] = {
    HideReason.BLANK: Disposition.BLANK,
    HideReason.SEPARATOR: Disposition.SEPARATOR,
    HideReason.DUPLICATE: Disposition.REFUSED,
    HideReason.NOT_PART: Disposition.REFUSED,
}
"""The disposition that a hidden page gets."""

_HIDDEN = frozenset({Disposition.BLANK, Disposition.SEPARATOR, Disposition.REFUSED, Disposition.HELD})
_PLACE = ("document_id", "position", "disposition", "reason", "turn", "is_best_possible")


@dataclass(frozen=True, slots=True)
class PageEdit:
    """What somebody wants of the pages of the document on their desk: `page_ids` are rows of the page table."""

    kind: str
    page_ids: tuple[int, ...] = ()
    degrees: int = 0
    to_document: int | None = None
    position: int = 0  # 0-based, where the pages go
    why: str = ""
    places: tuple[int, ...] = ()  # 1-based, where each page of another document goes that is put in


@dataclass(frozen=True, slots=True)
class Changed:
    """The documents that a change touched and that still have pages, the one the person goes on with, and those that are void
    now."""

    sentence: str
    documents: tuple[int, ...]
    stay_on: int
    gone: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Touched:
    """Documents that a change touched: those that still have pages, and those that are void."""

    alive: tuple[int, ...]
    gone: tuple[int, ...]


def rearrange(
    session: Session, document_id: int, change: PageEdit, actor: Actor, understand: Understand, *, version: int
) -> Changed:
    """Do one change to a document this person holds; StateRefused or StaleSave with a sentence when it cannot be."""
    check_can(actor, Action.VERIFY)
    document = leases.leased_document(session, document_id, actor, version)
    step = _STEPS.get(change.kind)
    if step is None:
        raise StateRefused("There is no such change of pages.")
    rows = _rows_of_batch(session, document)
    if change.kind == ChangeKind.PUT_IN:
        known = {row.id for row in rows}
        rows += [row for row in pages.pages_of_document(session, change.to_document or 0) if row.id not in known]
    before = {row.id: place_of(row) for row in rows}
    sentence, stay_on = step(session, document, rows, change, actor)
    session.flush()
    moved = [row for row in rows if place_of(row) != before[row.id]]
    if not moved:
        raise StateRefused("This changes nothing.")
    turned = {row.id for row in moved if turning.take_kept(session, row)}
    _note_came(session, moved, before)
    touched = _settle(session, document, moved, before, actor, understand, change.kind, turned)
    session.add(
        PageChange(
            batch_id=document.batch_id,
            document_id=document_id,
            kind=change.kind,
            before=[{"page": row.id, **before[row.id]} for row in moved],
            after=[{"page": row.id, **place_of(row)} for row in moved],
            done_by=actor.name,
        )
    )
    return Changed(sentence, touched.alive, stay_on, touched.gone)


def undo(session: Session, document_id: int, actor: Actor, understand: Understand) -> Changed:
    """Take back the last change that touched this document, page for page; again, the one before it."""
    check_can(actor, Action.VERIFY)
    document = leases.leased_document(session, document_id, actor, None)
    last = _last_change(session, document)
    if last is None:
        raise StateRefused("There is nothing to undo in this document.")
    _check_not_filed_since(session, last)
    rows = {row.id: row for row in _rows_of_batch(session, document)}
    for entry in last.after:
        row = rows.get(entry["page"])
        if row is None or not _is_at(row, entry):
            raise StateRefused("These pages were changed again since, from another document. Undo it there first.")
    before = {row.id: place_of(row) for row in rows.values()}
    for document_back in {e["document_id"] for e in last.before} - {None}:
        _open_again(session, document_back, actor)
    for entry in last.before:
        row = rows[entry["page"]]
        for name in _restored(row, entry):
            setattr(row, name, entry[name])
        session.add(row)
    session.flush()
    last.undone_by = actor.name
    session.add(last)
    moved = [rows[entry["page"]] for entry in last.before]
    turned = {row.id for row in moved if turning.take_kept(session, row, is_undo=True)}
    touched = _settle(session, document, moved, before, actor, understand, f"{_UNDO}{last.kind}", turned)
    back_to = (
        last.document_id
        if session.get_one(Document, last.document_id).state == DocumentState.TO_VERIFY
        else document_id
    )
    return Changed(f"Undone: {_SAID[last.kind]}.", touched.alive, back_to, touched.gone)


def _check_not_filed_since(session: Session, change: PageChange) -> None:
    """A change of pages from before a document was filed is not undone: its filed version has these pages."""
    touched = {change.document_id, *(entry["document_id"] for entry in (*change.before, *change.after))}
    for document_id in touched - {None}:
        if session.get_one(Document, document_id).filed_version_id is None:
            continue
        amendment = amendments.open_of(session, document_id)
        if amendment is None or change.id <= amendment.before["last_change"]:
            raise StateRefused("There is nothing to undo: what was done before is filed.")


def _note_came(session: Session, moved: Sequence[Page], before: dict[int, dict[str, Any]]) -> None:
    """Pages that come into a document that is amended go back where they were when the amendment is cancelled."""
    for row in moved:
        if row.document_id is not None and before[row.id]["document_id"] != row.document_id:
            amendment = amendments.open_of(session, row.document_id)
            if amendment is not None:
                amendments.note_came(amendment, row.id, before[row.id])
                session.add(amendment)


def neighbours(session: Session, document_id: int) -> list[Page]:
    """Every page of the scan that this document is from, in paper order: to see what lies beside it, hidden pages too."""
    document = session.get_one(Document, document_id)
    return pages.pages_of_batch(session, document.batch_id)


# ---- the changes


def _turn(
    session: Session, document: Document, rows: Sequence[Page], change: PageEdit, actor: Actor
) -> tuple[str, int]:
    if change.degrees not in (90, 180, 270):
        raise StateRefused("A page is turned by 90, 180 or 270 degrees.")
    theirs = _own(document, rows, change.page_ids)
    for row in theirs:
        row.turn = (row.turn + change.degrees) % 360
        row.unread_turn = None
        session.add(row)
    return "The page is turned." if len(theirs) == 1 else f"{len(theirs)} pages are turned.", document.id


def _split(
    session: Session, document: Document, rows: Sequence[Page], change: PageEdit, actor: Actor
) -> tuple[str, int]:
    """The named page and all after it become a document of their own."""
    amendments.check_pages_stay(document)
    order = _order(document, rows)
    first = _own(document, rows, change.page_ids)[0]
    at = order.index(first)
    if at == 0:
        raise StateRefused("This is the first page already: nothing lies before it.")
    new = Document(batch_id=document.batch_id, type_code=document.type_code, priority=document.priority)
    session.add(new)
    session.flush()
    _put(session, order[at:], new)
    audit.record(
        session, actor, AuditAction.SPLIT_OFF, f"document:{new.id}", after=new.state, batch=new.batch_id,
        pages=[row.number for row in order[at:]], outof=document.id,
    )  # fmt: skip
    leases.lease(session, new, actor)
    return f"Pages from here on are document {new.id}.", document.id


def _join(
    session: Session, document: Document, rows: Sequence[Page], change: PageEdit, actor: Actor
) -> tuple[str, int]:
    """All pages of this document go behind those of the one before it in the scan."""
    amendments.check_pages_stay(document)
    order = _order(document, rows)
    first = min(row.number for row in order)
    earlier = [row for row in rows if row.document_id not in (None, document.id) and row.number < first]
    if not earlier:
        raise StateRefused("No document lies before this one in the scan.")
    previous = leases.claim(session, earlier[-1].document_id or 0, actor)
    amendments.check_pages_stay(previous)
    if {previous.decision, document.decision} == {Decision.CONFIRMED} and previous.person_id != document.person_id:
        raise StateRefused("The two documents were confirmed for different patients; they are not joined.")
    _put(session, [*_order(previous, rows), *order], previous)
    return f"Joined to document {previous.id}.", previous.id


def _move(
    session: Session, document: Document, rows: Sequence[Page], change: PageEdit, actor: Actor
) -> tuple[str, int]:
    """The named pages go to another document of the same scan."""
    amendments.check_pages_stay(document)
    theirs = _own(document, rows, change.page_ids)
    to = leases.claim(session, change.to_document or 0, actor)
    amendments.check_pages_stay(to)
    if to.batch_id != document.batch_id or to.id == document.id:
        raise StateRefused("Pages are moved to another document of the same scan.")
    _put(session, [*_order(to, rows), *theirs], to)
    left = [row for row in _order(document, rows) if row not in theirs]
    _put(session, left, document)
    return f"Moved to document {to.id}.", (document.id if left else to.id) or 0


def _reorder(
    session: Session, document: Document, rows: Sequence[Page], change: PageEdit, actor: Actor
) -> tuple[str, int]:
    theirs = _own(document, rows, change.page_ids)
    others = [row for row in _order(document, rows) if row not in theirs]
    at = max(0, min(len(others), change.position))
    _put(session, [*others[:at], *theirs, *others[at:]], document)
    return "The pages are in another order.", document.id


def _hide(
    session: Session, document: Document, rows: Sequence[Page], change: PageEdit, actor: Actor
) -> tuple[str, int]:
    if change.why not in HIDE_AS:
        raise StateRefused("Say why the page is hidden: blank, separator, duplicate, or not part of the record.")
    theirs = _own(document, rows, change.page_ids)
    left = [row for row in _order(document, rows) if row not in theirs]
    if not left:
        raise StateRefused("A document keeps at least one page. Move it to another document, or ask for a rescan.")
    for row in theirs:
        row.disposition, row.document_id, row.position = HIDE_AS[change.why], None, 0
        row.reason = f"hidden: {change.why.replace('_', ' ')}"
        row.seen_by, row.seen_at = actor.name, utc_now()
        session.add(row)
    _put(session, left, document)
    return "The page is hidden; it is kept, and can be restored.", document.id


def _restore(
    session: Session, document: Document, rows: Sequence[Page], change: PageEdit, actor: Actor
) -> tuple[str, int]:
    """Hidden pages of the scan come into this document, where they lay in the paper."""
    theirs = [row for row in rows if row.id in change.page_ids]
    if not theirs or any(row.disposition not in _HIDDEN for row in theirs):
        raise StateRefused("Only a hidden page of the same scan is restored.")
    if amended := amendments.holding(session, {row.id for row in theirs}, other_than=document.id):
        raise StateRefused(f"A page is of document {amended}, which is being amended. Restore it there.")
    order = _order(document, rows)
    for row in theirs:
        at = sum(1 for other in order if other.number < row.number)
        order.insert(at, row)
        row.reason = None
    _put(session, order, document)
    return "The page is in this document again.", document.id


def _put_in(
    session: Session, document: Document, rows: Sequence[Page], change: PageEdit, actor: Actor
) -> tuple[str, int]:
    """All pages of another document, of whatever scan, come into this one, each to its place."""
    late = leases.claim(session, change.to_document or 0, actor)
    if late.id == document.id:
        raise StateRefused("These pages are in this document already.")
    amendments.check_pages_stay(late)
    check_is_of(session, late, document)
    theirs, order = _order(late, rows), _order(document, rows)
    places = dict(zip(change.places, theirs, strict=False))
    if not len(places) == len(theirs) == len(change.places) or not all(
        1 <= at <= len(order) + len(theirs) for at in places
    ):
        raise StateRefused("Say for each page which place it gets, each another one.")
    others = iter(order)
    whole = [places.get(at) or next(others) for at in range(1, len(order) + len(theirs) + 1)]
    _put(session, whole, document)
    return f"{'The page is' if len(theirs) == 1 else f'{len(theirs)} pages are'} put in.", document.id


def check_is_of(session: Session, late: Document, document: Document) -> None:
    """StateRefused when pages are, or say that they are, of another patient than the document that they are to come into."""
    if document.person_id is None or late.person_id not in (None, document.person_id):
        raise StateRefused("These pages are of another patient.")
    numbers = [page.number for page in pages.pages_of_document(session, late.id)]
    person = session.get_one(Person, document.person_id)
    found = printed.verdicts(printed.printed_on(session, late, numbers), person)
    if Verdict.DIFFERS in (found["name"], found["mrn"]):
        raise StateRefused(
            "These pages name another patient. If that is misread, correct it at the desk first; else they are not put in."
        )


def _mark(
    session: Session, document: Document, rows: Sequence[Page], change: PageEdit, actor: Actor
) -> tuple[str, int]:
    for row in _own(document, rows, change.page_ids):
        row.is_best_possible = not row.is_best_possible
        session.add(row)
    return 'Marked "best available copy".', document.id


_Step = Callable[[Session, Document, Sequence[Page], PageEdit, Actor], tuple[str, int]]

_STEPS: dict[str, _Step] = {
    ChangeKind.TURN: _turn,
    ChangeKind.SPLIT: _split,
    ChangeKind.JOIN: _join,
    ChangeKind.MOVE: _move,
    ChangeKind.REORDER: _reorder,
    ChangeKind.HIDE: _hide,
    ChangeKind.RESTORE: _restore,
    ChangeKind.BEST_POSSIBLE: _mark,
    ChangeKind.PUT_IN: _put_in,
}

_SAID: dict[str, str] = {
    ChangeKind.TURN: "the page is as it was",
    ChangeKind.SPLIT: "the pages are one document again",
    ChangeKind.JOIN: "the documents are two again",
    ChangeKind.MOVE: "the pages are back",
    ChangeKind.REORDER: "the order is as it was",
    ChangeKind.HIDE: "the page is back",
    ChangeKind.RESTORE: "the page is hidden again",
    ChangeKind.PUT_IN: "the pages are a document of their own again",
    ChangeKind.BEST_POSSIBLE: "the mark is as it was",
}


_SAME_WORDS = (ChangeKind.TURN, ChangeKind.BEST_POSSIBLE)
"""Changes after which the document is not understood anew: its pages, and what was read on them, are the same. A page that was
turned is read again (rereading.py), and then it is."""

_UNDO = "undo_"


# ---- what all of them need


def _rows_of_batch(session: Session, document: Document) -> list[Page]:
    rows = pages.pages_of_batch(session, document.batch_id)
    known = {row.id for row in rows}
    return rows + [row for row in pages.pages_of_document(session, document.id) if row.id not in known]


def _order(document: Document, rows: Iterable[Page]) -> list[Page]:
    return sorted((row for row in rows if row.document_id == document.id), key=lambda row: (row.position, row.number))


def _own(document: Document, rows: Sequence[Page], page_ids: Sequence[int]) -> list[Page]:
    theirs = [row for row in _order(document, rows) if row.id in page_ids]
    if not theirs or len(theirs) != len(set(page_ids)):
        raise StateRefused("This page is not in the document any more. It was loaded again.")
    return theirs


def _put(session: Session, order: Sequence[Page], document: Document) -> None:
    for position, row in enumerate(order):
        row.disposition, row.document_id, row.position = Disposition.DOCUMENT, document.id, position
        session.add(row)


def place_of(row: Page) -> dict[str, Any]:
    """Where a page is and how it is turned, as a change of pages keeps it."""
    return {name: getattr(row, name) for name in _PLACE}


def _is_at(row: Page, entry: dict[str, Any]) -> bool:
    """Whether a page is where a change left it."""
    return all(getattr(row, name) == entry[name] for name in _restored(row, entry))


def _restored(row: Page, entry: dict[str, Any]) -> Sequence[str]:
    """What a change wrote. The reason of a page that stays in documents is its reading's, which may be another by now."""
    stays = row.disposition == entry["disposition"] == Disposition.DOCUMENT
    return [name for name in _PLACE if not (stays and name == "reason")]


def _last_change(session: Session, document: Document) -> PageChange | None:
    """The newest change not undone that a page of this document was part of, or that was made from it."""
    query = (
        select(PageChange)
        .where(PageChange.batch_id == document.batch_id, col(PageChange.undone_by).is_(None))
        .order_by(col(PageChange.id).desc())
    )
    return next(
        (
            change
            for change in session.exec(query)
            if change.document_id == document.id
            or any(document.id == entry["document_id"] for entry in (*change.before, *change.after))
        ),
        None,
    )


def _open_again(session: Session, document_id: int, actor: Actor) -> None:
    """A document that pages go back to is on this desk; one that was emptied is a document again."""
    document = session.get_one(Document, document_id)
    if document.state == DocumentState.VOIDED:
        moves.move(session, document_id, "unjoin", actor)
        leases.lease(session, document, actor)
    else:
        leases.claim(session, document_id, actor)


def _settle(
    session: Session,
    document: Document,
    moved: Sequence[Page],
    before: dict[int, dict[str, Any]],
    actor: Actor,
    understand: Understand,
    kind: str,
    turned: Set[int],
) -> _Touched:
    """Understand the touched documents anew; one without pages is voided, with what was typed into it and not saved.

    `turned`: pages whose other reading counts now.
    """
    ids = {row.document_id for row in moved} | {before[row.id]["document_id"] for row in moved} | {document.id}
    _take_labels_along(session, moved, before, is_undo=kind.startswith(_UNDO))
    alive, gone = [], []
    for document_id in sorted(found for found in ids if found is not None):
        row = session.get_one(Document, document_id)
        here = pages.pages_of_document(session, document_id)
        numbers = [page.number for page in here]
        if not numbers:
            moves.move(session, document_id, "join", actor)
            drafts.forget_draft(session, document_id)
            gone.append(document_id)
            continue
        if kind.removeprefix(_UNDO) not in _SAME_WORDS or any(page.id in turned for page in here):
            _take_typed_along(session, row, moved)
            understand_again(session, row, understand)
        row.version += 1
        row.updated_at = utc_now()
        session.add(row)
        audit.record(
            session, actor, AuditAction.REARRANGE, f"document:{document_id}",
            change=kind, pages=numbers, version=row.version, person=row.person_id,
        )  # fmt: skip
        alive.append(document_id)
    return _Touched(tuple(alive), tuple(gone))


def _take_labels_along(
    session: Session, moved: Sequence[Page], before: dict[int, dict[str, Any]], *, is_undo: bool
) -> None:
    """What people decided about the protection of a document holds for the pages that leave it."""
    ways: dict[tuple[int, int], list[Page]] = {}
    for page in moved:
        left, there = before[page.id]["document_id"], page.document_id
        if left is not None and there is not None and left != there:
            ways.setdefault((left, there), []).append(page)
    for (left, there), went in ways.items():
        source, target = session.get_one(Document, left), session.get_one(Document, there)
        # a page of another scan has another number there: what was lifted for it is asked again
        numbers = [page.number for page in went if page.batch_id == source.batch_id == target.batch_id]
        access.take_along(session, source, target, numbers)
        if is_undo:
            access.give_back(session, source, target)


def _take_typed_along(session: Session, document: Document, moved: Sequence[Page]) -> None:
    """What a person typed for a value on a page goes where the page goes."""
    numbers = [page.number for page in moved if page.document_id == document.id and page.batch_id == document.batch_id]
    typed = select(FieldRow).where(
        col(FieldRow.document_id).in_(_siblings(session, document)),
        col(FieldRow.page).in_(numbers),
        col(FieldRow.source).like("person:%"),
    )
    for row in session.exec(typed):
        row.document_id = document.id
        session.add(row)


def _siblings(session: Session, document: Document) -> list[int]:
    rows = session.exec(select(Document.id).where(Document.batch_id == document.batch_id))
    return [row for row in rows if row is not None]


def understand_again(session: Session, document: Document, understand: Understand) -> None:
    """The machine's type, values, labels, flags and candidates of these pages; a person's stay."""
    rows = pages.pages_of_document(session, document.id)
    read = [_as_read(session, document, row) for row in rows]
    guess = understand(session, read)
    session.exec(
        delete(FieldRow).where(col(FieldRow.document_id) == document.id, col(FieldRow.source).not_like("person:%"))
    )
    indexing.enter_values(session, document.id, guess)
    is_typed = document.type_is_sure and document.type_confidence == 1.0
    labels = access.labels_of(document)
    kept = (document.type_code, document.type_confidence, document.type_is_sure)
    indexing.describe(session, document, guess)
    openmatches.keep(session, document, guess)
    if is_typed:
        document.type_code, document.type_confidence, document.type_is_sure = kept
        access.relabel(session, document)
    access.keep_decisions(session, document, labels)
    document.outcome = next((row.outcome for row in rows if row.outcome not in FINE), "ok")
    session.add(document)


def _as_read(session: Session, document: Document, row: Page) -> OcrPage:
    number = pages.label_of(session, document, row)
    read = pages.reading_of(session, row)
    if read is None:
        return OcrPage(number, PageOutcome(row.outcome), reason=row.reason or "")
    return replace(read, number=number)
