"""Prints of pages: kept with their readings, and found again by the keys that two readings share."""

import json
import math
import struct
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import text
from sqlmodel import Session, col, insert, select

from classify.samesheet import Sheet
from ocr.blanks import agreements
from ocr.inkpicture import ink_of_view, read_ink
from ocr.page import OcrPage
from ocr.sheetprint import SheetPrint, make_print, read_print
from storage.foundation.tables.custody import Blob, Page, Reading
from storage.foundation.tables.sheets import SheetKey, SheetRow
from storage.foundation.vault import Vault

MOST_SHARING = 64
"""Prints with a key in common over which it tells nothing: a line of a printed form, the number of a patient with a thick
chart. What is left tells enough, and looking takes the same time among a million pages."""

_LEAST_SHARED = 2
"""Keys in common under which two pages are not compared."""

_MOST_ALIKE, _LOOKED_AT, _COMPARED = 200, 24, 4
"""Prints that share most keys, some of them later pages of the same batch; those of which the blanks are looked at; and those that
are compared. 99 in 100 sheets are among the first four, of fourteen fillings of each form (seed 1 of benchmarks/same_sheet.py)."""

_SHARED = 30.0
"""Blanks that agree which all keys in common are worth."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A page that may show the same sheet, and its print; `is_same_reading`: it is the same image, which was dropped twice."""

    page_id: int
    print_id: int
    is_same_reading: bool


def keep_print(session: Session, reading_id: str, made: SheetPrint) -> None:
    """Keep the print of a reading; repeating is harmless."""
    if session.exec(select(SheetRow.id).where(SheetRow.reading_id == reading_id)).first() is not None:
        return
    row = SheetRow(
        reading_id=reading_id, words=made.words, keys=struct.pack(f">{len(made.sought)}q", *made.sought),
        data=made.data, blanks=made.blanks, ink=made.ink,
    )  # fmt: skip
    session.add(row)
    session.flush()
    if made.keys:
        session.execute(insert(SheetKey), [{"key": key, "print_id": row.id} for key in set(made.keys)])


def sheet_of(row: SheetRow) -> Sheet:
    """A page as it is compared."""
    return Sheet(read_print(row.data), read_ink(row.ink) if row.ink else None)


def print_of(session: Session, page: Page) -> SheetRow | None:
    """The print of what counts as the reading of a page."""
    if page.reading_id is None:
        return None
    return session.exec(select(SheetRow).where(SheetRow.reading_id == page.reading_id)).first()


def find_candidates(session: Session, page: Page, row: SheetRow) -> list[Candidate]:
    """Pages that came before a page, which may show the same sheet, the likeliest first: in other batches, or before it in its
    own."""
    alike = _alike(session, row)
    asked = {"prints": json.dumps(list(alike)), "batch": page.batch_id, "number": page.number, "most": _LOOKED_AT}
    came = session.execute(_CAME_BEFORE, asked).all()
    latest = {print_id: page_id for print_id, page_id, _ in came}  # of a reading that was dropped again its last page
    agreeing = agreements(row.blanks, [written for _, _, written in came])
    scores = {print_id: _SHARED * alike[print_id] + agree for (print_id, _, _), agree in zip(came, agreeing, strict=True)}
    best = sorted(latest, key=lambda print_id: (print_id != row.id, -scores[print_id]))
    return [Candidate(latest[print_id], print_id, print_id == row.id) for print_id in best[:_COMPARED]]


_CAME_BEFORE = text(
    "SELECT print.id, page.id, print.blanks FROM json_each(:prints) AS alike"
    " JOIN sheet_print AS print ON print.id = alike.value JOIN page ON page.reading_id = print.reading_id"
    " WHERE page.batch_id <> :batch OR page.batch_id = :batch AND page.number < :number"
    " ORDER BY alike.key, page.id LIMIT :most"
)


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
