"""What the viewer shows of an approved document: its pages, and where the words lie that were searched for."""

import re
import time
from dataclasses import asdict, dataclass
from typing import Any

from sqlmodel import Session

from classify import doctypes
from classify.sensitivity import LABELS, name_of
from ocr.page import OcrPage
from review_app.model.attempt import Outcome, attempt, saying
from storage.custody import pages
from storage.documents import asdropped, breakglass, earlier, labelling, search, versions, viewing
from storage.documents.viewing import PageNote
from storage.foundation.clock import show_hour
from storage.foundation.home import Home
from storage.foundation.permissions import Action, Actor, can
from storage.foundation.tables.custody import Page
from storage.foundation.tables.documents import Document
from storage.foundation.tables.versions import FiledVersion

Box = tuple[float, float, float, float]
"""Left, top, right, bottom as shares of the page."""


@dataclass(frozen=True, slots=True)
class ViewerPage:
    """A page as a viewer draws it: where its image is, how it is turned, the boxes that are lit, what is beside it."""

    src: str
    turn: int  # degrees
    boxes: tuple[Box, ...] = ()
    notes: tuple[PageNote, ...] = ()


@dataclass(frozen=True, slots=True)
class ViewerDocument:
    """A document as widgets/viewer draws it: the same names are in its script."""

    title: str
    pages: tuple[ViewerPage, ...]
    stamp: str  # another one is drawn anew, from its start
    start: int = 1
    pdf: str = ""
    until: str = ""
    beside: str = ""  # viewers of one name turn their pages together

    def payload(self) -> dict[str, Any]:
        """The form that goes to the browser."""
        return asdict(self)


def page_of(
    document_id: int, position: int, row: Page, *, boxes: tuple[Box, ...] = (), notes: tuple[PageNote, ...] = ()
) -> ViewerPage:
    """A page of a document by its position (1-based); its address changes with the page that is there, and how it was read."""
    return ViewerPage(f"/page/{document_id}/{position}.jpg?v={version_of(row)}", pages.shown_turn(row), boxes, notes)


def version_of(row: Page) -> str:
    """What changes in the address of a picture when another one takes its place."""
    return f"{row.id}-{row.read_turn}" if row.read_turn else str(row.id)


def look(home: Home, actor: Actor, document_id: int, words: str = "", start: int = 1) -> ViewerDocument:
    """A document for the viewer; NotAllowed when this person may not see it."""
    with home.reading() as session:
        document = session.get_one(Document, document_id)
        viewing.check_may_see(session, document, actor)
        wanted = words_wanted(session, words)
        if versions.is_amended(document) and (version := versions.in_chart(session, document)) is not None:
            return of_version(session, document, version, actor, wanted, start)
        rows = pages.pages_of_document(session, document_id)
        beside = viewing.notes_of(session, document, rows)
        until = breakglass.open_until(session, document_id, actor) if document.labels else None
        return ViewerDocument(
            title=f"Document {document_id}: {doctypes.type_or_placeholder(document.type_code).name}",
            pages=tuple(
                page_of(
                    document_id,
                    position,
                    row,
                    boxes=boxes_of(pages.reading_of(session, row) if words else None, wanted),
                    notes=beside.get(position, ()),
                )
                for position, row in enumerate(rows, start=1)
            ),
            start=start,
            pdf=f"/filed/{document_id}.pdf" if document.filed_blob_id else "",
            until=show_hour(until) if until else "",
            stamp=f"{document_id}-{start}-{time.time_ns()}",
        )


def of_version(
    session: Session,
    document: Document,
    version: FiledVersion,
    actor: Actor,
    wanted: tuple[tuple[str, ...], frozenset[str]],
    start: int,
) -> ViewerDocument:
    """A document for the viewer as it was filed once; one that is in the chart no more says so."""
    is_in_chart = version.id == document.filed_version_id
    name = doctypes.type_or_placeholder(version.type_code).name
    address = f"/version/{document.id}/{version.number}"
    shown = []
    for position, page in enumerate(version.pages, start=1):
        reading = pages.kept_reading(session, page["reading"])
        src = f"{address}/{position}.jpg?v={page['reading']}"
        shown.append(ViewerPage(src, page["turn"], boxes_of(reading, wanted), viewing.notes_in(reading)))
    is_protected = bool(version.labels or versions.protected_by(session, document))
    until = breakglass.open_until(session, document.id, actor) if is_protected else None
    return ViewerDocument(
        title=f"Document {document.id}, version {version.number}: {name}"
        + ("" if is_in_chart else f". {earlier.superseded(session, version)}"),
        pages=tuple(shown),
        start=start,
        pdf=f"{address}.pdf",
        until=show_hour(until) if until else "",
        stamp=f"{document.id}-{version.number}-{start}-{time.time_ns()}",
    )


def compare(home: Home, actor: Actor, document_id: int) -> tuple[ViewerDocument, ViewerDocument] | None:
    """A filed document as it was dropped and as it is filed, to be seen side by side; None for whoever may not have it so."""
    with home.reading() as session:
        count = asdropped.may_compare(session, document_id, actor)
    if not count:
        return None
    stamp = str(time.time_ns())

    def made(title: str, folder: str) -> ViewerDocument:
        return ViewerDocument(
            title=title,
            pages=tuple(ViewerPage(f"/{folder}/{document_id}/{position}.jpg", 0) for position in range(1, count + 1)),
            stamp=f"{folder}-{stamp}",
            beside=f"compared-{document_id}",
        )

    return made("As it was dropped", "dropped"), made("As it is filed", "filed")


@dataclass(frozen=True, slots=True)
class Protection:
    """The labels of a document as a screen lists them, what may be added, and what this person may lift."""

    lines: tuple[str, ...]
    may_add: dict[str, str]
    may_lift: dict[str, str]


def protection(home: Home, actor: Actor, document_id: int) -> Protection:
    """The labels of a document at this moment; NotAllowed when this person may not see the document."""
    with home.reading() as session:
        found = labelling.labels_of(session, document_id, actor)
        document = session.get_one(Document, document_id)
        by_person = {label.code for label in found.there if label.by}
        may_add = {code: name for code, name in LABELS.items() if code not in by_person}
        return Protection(
            (
                *(f"{label.reason}{f' ({label.by})' if label.by else ''}" for label in found.there),
                *(f"Lifted by {lift.by}: {lift.reason}. {lift.why}" for lift in found.lifted),
            ),
            may_add if can(actor, Action.ADD_LABEL) else {},
            {label.code: label.reason for label in found.there if labelling.may_lift(document, label, actor)},
        )


def add_label(home: Home, actor: Actor, document_id: int, code: str, reason: str) -> Outcome:
    """Protect a document; from now on search, charts and papers show it to those with the right to it only."""
    done = saying(
        f"Protected: {name_of(code)}.", lambda session: labelling.add(session, document_id, code, reason, actor)
    )
    return attempt(home, done)


def lift_label(home: Home, actor: Actor, document_id: int, code: str, reason: str) -> Outcome:
    """Take a label off a document."""
    done = saying(
        f"Lifted: {name_of(code)}.", lambda session: labelling.lift(session, document_id, code, reason, actor)
    )
    return attempt(home, done)


def break_glass(home: Home, actor: Actor, document_id: int, purpose: str, reason: str) -> str:
    """Open a protected document in need; an empty string when it is open, else why not."""
    opened = saying("", lambda session: breakglass.break_glass(session, document_id, actor, purpose, reason))
    return attempt(home, opened).sentence


def words_wanted(session: Session, words: str) -> tuple[tuple[str, ...], frozenset[str]]:
    """Beginnings of words to light, and whole words that OCR may have read in their place."""
    typed = tuple(word.casefold() for word in re.findall(r"\w+", words)[:12])
    return typed, frozenset(near for word in typed for near in search.misread(session, word))


def boxes_of(reading: OcrPage | None, wanted: tuple[tuple[str, ...], frozenset[str]]) -> tuple[Box, ...]:
    """Where the words that are wanted stand on a page, as shares of it."""
    beginnings, near = wanted
    if not beginnings or reading is None or not reading.width:
        return ()
    w, h = reading.width, reading.height
    return tuple(
        (word.box.left / w, word.box.top / h, word.box.right / w, word.box.bottom / h)
        for word in reading.words
        for parts in (re.findall(r"\w+", word.text.casefold()),)
        if any(part.startswith(beginnings) or part in near for part in parts)
    )
