"""Prints of pages: kept with their readings, and found again by the keys that two readings share."""

import json
import math
import struct
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import text
from sqlmodel import Session, col, select

from classify.samesheet import Sheet
from ocr.blanks import agreements
from ocr.inkpicture import ink_of_view, read_ink
from ocr.page import OcrPage
from ocr.sheetprint import make_print, read_print
from storage.custody.prints import keep_print
from storage.foundation.tables.custody import Blob, Page, Reading
from storage.foundation.tables.sheets import SheetRow
from storage.foundation.vault import Vault

MOST_SHARING = 64
"""Prints with a key in common over which it tells nothing: a line of a printed form, the number of a patient with a thick
chart. What is left tells enough, and looking takes the same time among a million pages."""

_LEAST_SHARED = 2
"""Keys in common under which two pages are not compared."""

_MOST_ALIKE, _LOOKED_AT, _COMPARED = 100, 24, 8
"""Prints that share most keys, some of them later pages of the same batch; those of which the blanks are looked at; and those that
are compared. All sheets that were drawn are among the first eight, of fourteen fillings of each form (seed 1 of benchmarks/same_sheet.py)."""

_SHARED = 30.0
"""Blanks that agree which all keys in common are worth."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A page that may show the same sheet (None: it is the same image, which was dropped twice), and how likely, in blanks that
    agree."""

    page_id: int
    sheet: Sheet | None
    score: float


def sheet_of(data: bytes, ink: bytes) -> Sheet:
    """A page as it is compared, of its words and its ink as they are kept."""
    return Sheet(read_print(data), read_ink(ink) if ink else None)


def print_of(session: Session, page: Page) -> SheetRow | None:
    """The print of what counts as the reading of a page."""
    if page.reading_id is None:
        return None
    return session.exec(select(SheetRow).where(SheetRow.reading_id == page.reading_id)).first()


def find_candidates(session: Session, page: Page, row: SheetRow) -> Iterator[Candidate]:
    """Pages that came before a page, which may show the same sheet, the likeliest first: in other batches, or before it in its
    own."""
    alike = _alike(session, row)
    asked = {"prints": json.dumps(list(alike)), "batch": page.batch_id, "number": page.number, "most": _LOOKED_AT}
    latest: dict[int, int] = {found[0]: found[1] for found in session.execute(_CAME_BEFORE, asked)}
    if row.id in latest:
        yield Candidate(latest.pop(row.id), None, _SHARED)
    written: dict[int, bytes] = {
        found[0]: found[1] for found in session.execute(_BLANKS, {"prints": json.dumps(list(latest))})
    }
    agreeing = dict(zip(written, agreements(row.blanks, list(written.values())), strict=True))
    scores = {print_id: _SHARED * alike[print_id] + float(agreeing[print_id]) for print_id in latest}
    best = sorted(scores, key=scores.__getitem__, reverse=True)[:_COMPARED]
    kept = {found[0]: found[1:] for found in session.execute(_SHEETS, {"prints": json.dumps(best)})}
    for print_id in best:
        yield Candidate(latest[print_id], sheet_of(*kept[print_id]), scores[print_id])


_CAME_BEFORE = text(
    "SELECT print.id, page.id FROM json_each(:prints) AS alike"
    " JOIN sheet_print AS print ON print.id = alike.value JOIN page ON page.reading_id = print.reading_id"
    " WHERE page.batch_id <> :batch OR page.batch_id = :batch AND page.number < :number"
    " ORDER BY alike.key, page.id LIMIT :most"
)
_BLANKS = text("SELECT id, blanks FROM sheet_print WHERE id IN (SELECT value FROM json_each(:prints))")
_SHEETS = text("SELECT id, data, ink FROM sheet_print WHERE id IN (SELECT value FROM json_each(:prints))")


def _alike(session: Session, row: SheetRow) -> dict[int, float]:
    """Prints that share keys with a print, those that share most first: how much, of what it shares with itself. A key that few
    have weighs more."""
    weights, shared = Counter[int](), Counter[int]()
    for having in _having(session, struct.unpack(f">{len(row.keys) // 8}q", row.keys)):
        weight = 1 / math.log2(1 + len(having))
        for print_id in having:
            weights[print_id] += weight  # type: ignore[assignment]
            shared[print_id] += 1
    whole = weights[row.id] or 1.0
    best = [print_id for print_id, _ in weights.most_common(_MOST_ALIKE) if shared[print_id] >= _LEAST_SHARED]
    return {row.id: 1.0} | {print_id: weights[print_id] / whole for print_id in best}


_HAVING = text(
    "SELECT (SELECT group_concat(print_id) FROM"
    " (SELECT print_id FROM sheet_key WHERE key = wanted.value LIMIT :most)) FROM json_each(:keys) AS wanted"
)


def _having(session: Session, keys: Iterable[int]) -> Iterator[list[int]]:
    """For each of these keys the prints that have it, if they are not too many."""
    rows = session.execute(_HAVING, {"keys": json.dumps(list(keys)), "most": MOST_SHARING + 1})
    for (joined,) in rows:
        having = list(map(int, joined.split(","))) if joined else []
        if 0 < len(having) <= MOST_SHARING:
            yield having


def make_missing(session: Session, vault: Vault, limit: int = 200, after: str = "") -> str | None:
    """Make prints of readings of an earlier version, `limit` of them, those behind the id `after`; gives the last id looked at, None
    at the end."""
    rows = session.exec(select(Reading).where(col(Reading.id) > after).order_by(col(Reading.id)).limit(limit)).all()
    for reading in rows:
        page, ink = OcrPage.from_bytes(reading.data), None
        if reading.view_blob_id and page.dpi:
            ink = ink_of_view(vault.read(session.get_one(Blob, reading.view_blob_id)), page.width / page.dpi)
        if made := make_print(page, ink):
            keep_print(session, reading.id, made)
    return rows[-1].id if rows else None


def size_of(row: SheetRow) -> tuple[float, float]:
    """Width and height of the page of a print, in 1/200 inch."""
    words = read_print(row.data)
    return max(1.0, words.width), max(1.0, words.height)
