"""Prints of pages: kept with their readings, and found again by the keys that two readings share."""

import math
import struct
from collections import Counter
from dataclasses import dataclass

from sqlmodel import Session, col, insert, select

from ocr.page import OcrPage
from ocr.sheetprint import SheetPrint, SheetWords, make_print, read_print, words_in_common
from storage.foundation.tables.custody import Page, Reading
from storage.foundation.tables.sheets import SheetKey, SheetRow

MOST_SHARING = 200
"""Prints with a key in common over which it tells nothing: a line of a printed form, the number of a patient with a thick
chart. What is left tells enough, and looking takes the same time among a million pages."""

_LEAST_SHARED = 2
"""Keys in common under which two pages are not compared."""

_LOOKED_AT, _COMPARED = 20, 8
"""Prints that share most keys, and of these the pages that are compared, those first that have most numbers in common: other
fillings of one form share what is printed, and the same sheet what is written in too. Of a form filled in by hand few numbers
are read, so several are compared."""

_LEAST_IN_COMMON = 0.4
"""Share of the numbers of two pages that both have, under which they are not compared: of a coarse fax three in four are read."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A page that may show the same sheet, and its words; `is_same_reading`: it is the same image, which was dropped twice."""

    page_id: int
    words: SheetWords
    is_same_reading: bool


def keep_print(session: Session, reading_id: str, made: SheetPrint) -> None:
    """Keep the print of a reading; repeating is harmless."""
    if session.exec(select(SheetRow.id).where(SheetRow.reading_id == reading_id)).first() is not None:
        return
    row = SheetRow(
        reading_id=reading_id, words=made.words, keys=struct.pack(f">{len(made.keys)}q", *made.keys), data=made.data
    )
    session.add(row)
    session.flush()
    if made.keys:
        session.execute(insert(SheetKey), [{"key": key, "print_id": row.id} for key in set(made.keys)])


def print_of(session: Session, page: Page) -> SheetRow | None:
    """The print of what counts as the reading of a page."""
    if page.reading_id is None:
        return None
    return session.exec(select(SheetRow).where(SheetRow.reading_id == page.reading_id)).first()


def find_candidates(session: Session, page: Page, row: SheetRow) -> list[Candidate]:
    """Pages that came before a page, which may show the same sheet, those that share most first: in other batches, or before it
    in its own."""
    words = read_print(row.data)
    others = [(session.get_one(SheetRow, print_id), print_id == row.id) for print_id in _alike(session, row)]
    read = [(other.reading_id, read_print(other.data), is_same) for other, is_same in others]
    common = {reading_id: words_in_common(words, there) for reading_id, there, _ in read}
    read = [one for one in read if common[one[0]] >= _LEAST_IN_COMMON]
    read.sort(key=lambda one: (not one[2], -common[one[0]]))
    found: list[Candidate] = []
    for reading_id, there, is_same in read:
        came_before = (col(Page.batch_id) != page.batch_id) | (col(Page.number) < page.number)
        pages = session.exec(
            select(Page.id)
            .where(Page.reading_id == reading_id, col(Page.id) != page.id, came_before)
            .order_by(col(Page.id).desc())
            .limit(_COMPARED)
        ).all()
        found += [Candidate(page_id, there, is_same) for page_id in pages]
        if sum(not one.is_same_reading for one in found) >= _COMPARED:
            break
    return found


def _alike(session: Session, row: SheetRow) -> list[int]:
    """Prints that share keys with a print, itself first; a key that few have weighs more."""
    keys = struct.unpack(f">{len(row.keys) // 8}q", row.keys)
    weights, shared = Counter[int](), Counter[int]()
    for key in keys:
        having = session.exec(select(SheetKey.print_id).where(SheetKey.key == key).limit(MOST_SHARING + 1)).all()
        if len(having) <= MOST_SHARING:
            for print_id in having:
                weights[print_id] += 1 / math.log2(1 + len(having))  # type: ignore[assignment]
                shared[print_id] += 1
    best = [print_id for print_id, _ in weights.most_common(_LOOKED_AT + 1) if shared[print_id] >= _LEAST_SHARED]
    return [row.id, *(print_id for print_id in best if print_id != row.id)]


def make_missing(session: Session, limit: int = 200, after: str = "") -> str | None:
    """Make prints of readings of an earlier version, `limit` of them, those behind the id `after`; gives the last id looked at, None
    at the end."""
    rows = session.exec(select(Reading).where(col(Reading.id) > after).order_by(col(Reading.id)).limit(limit)).all()
    for reading in rows:
        if made := make_print(OcrPage.from_bytes(reading.data)):
            keep_print(session, reading.id, made)
    return rows[-1].id if rows else None


def size_of(row: SheetRow) -> tuple[float, float]:
    """Width and height of the page of a print, in 1/200 inch."""
    words = read_print(row.data)
    return max(1.0, words.width), max(1.0, words.height)
