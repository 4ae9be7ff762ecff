"""What the viewer shows of an approved document: its pages, and where the words lie that were searched for."""

import re
import time
from typing import Any

from sqlmodel import Session

from classify import doctypes
from storage.custody import pages
from storage.documents import breakglass, search, viewing
from storage.foundation.errors import StorageError
from storage.foundation.home import Home
from storage.foundation.permissions import Actor
from storage.foundation.tables.documents import Document


def look(home: Home, actor: Actor, document_id: int, words: str = "", start: int = 1) -> dict[str, Any]:
    """A document for the viewer; NotAllowed when this person may not see it."""
    with home.reading() as session:
        document = session.get_one(Document, document_id)
        viewing.check_may_see(session, document, actor)
        wanted = _wanted(session, words)
        rows = pages.pages_of_document(session, document_id)
        beside = viewing.notes_of(session, document, rows)
        until = breakglass.open_until(session, document_id, actor) if document.labels else None
        return {
            "title": doctypes.type_or_placeholder(document.type_code).name,
            "pages": [
                {
                    "src": f"/page/{document_id}/{position}.jpg?v={row.id}",
                    "turn": row.turn,
                    "boxes": _boxes(session, row, wanted) if wanted else [],
                    "notes": beside.get(position, []),
                }
                for position, row in enumerate(rows, start=1)
            ],
            "start": start,
            "pdf": f"/filed/{document_id}.pdf" if document.filed_blob_id else "",
            "until": f"{until:%H:%M} UTC" if until else "",
            "stamp": f"{document_id}-{start}-{time.time_ns()}",
        }


def break_glass(home: Home, actor: Actor, document_id: int, purpose: str, reason: str) -> str:
    """Open a protected document in need; an empty string when it is open, else why not."""
    try:
        with home.writing() as session:
            breakglass.break_glass(session, document_id, actor, purpose, reason)
    except StorageError as error:
        return str(error)
    return ""


def _wanted(session: Session, words: str) -> tuple[tuple[str, ...], frozenset[str]]:
    """Beginnings of words to light, and whole words that OCR may have read in their place."""
    typed = tuple(word.casefold() for word in re.findall(r"\w+", words)[:12])
    return typed, frozenset(near for word in typed for near in search.misread(session, word))


def _boxes(session: Session, row: Any, wanted: tuple[tuple[str, ...], frozenset[str]]) -> list[list[float]]:
    beginnings, near = wanted
    reading = pages.reading_of(session, row) if beginnings else None
    if reading is None or not reading.width:
        return []
    w, h = reading.width, reading.height
    return [
        [word.box.left / w, word.box.top / h, word.box.right / w, word.box.bottom / h]
        for word in reading.words
        for parts in (re.findall(r"\w+", word.text.casefold()),)
        if any(part.startswith(beginnings) or part in near for part in parts)
    ]
