"""Finds pages that came before: candidates by their keys, then both laid over each other and compared by their ink.

A page takes some hundredths of a second of CPU (docs/same-sheet.md): looked for while no transaction is open that anybody waits for.
"""

from collections.abc import Mapping, Sequence

from sqlmodel import Session, col, select

from classify.samesheet import SAME, Comparison, compare_sheets, find_probability
from storage.custody import pages, sheets
from storage.documents.repeats import Sighting
from storage.foundation.home import Home
from storage.foundation.tables.custody import Page


def find_earlier(home: Home, batch_id: int, numbers: Sequence[int]) -> Mapping[int, tuple[Sighting, ...]]:
    """For each of these pages of a batch that can be compared, by row id, the pages that show the same sheet and came before."""
    found: dict[int, tuple[Sighting, ...]] = {}
    for some in pages.batched(sorted(numbers), _AT_ONCE):
        with home.reading() as session:
            query = select(Page).where(Page.batch_id == batch_id)
            for row in session.exec(query.where(col(Page.number).in_(some))):
                sightings = _of_page(session, row)
                if sightings is not None:
                    found[row.id] = sightings
    return found


_AT_ONCE = 50
"""Pages looked for in one reading transaction, about a second: a long one lets the write-ahead log grow."""


def compare_pages(session: Session, one: Page, other: Page) -> Comparison | None:
    """Compare two pages in full; None where one of them has too few words."""
    here, there = (sheets.print_of(session, page) for page in (one, other))
    if here is None or there is None:
        return None
    return compare_sheets(sheets.sheet_of(here.data, here.ink), sheets.sheet_of(there.data, there.ink))


def _of_page(session: Session, row: Page) -> tuple[Sighting, ...] | None:
    made = sheets.print_of(session, row)
    if made is None:
        return None
    sheet, found, hit = sheets.sheet_of(made.data, made.ink), list[Sighting](), 0.0
    for candidate in sheets.find_candidates(session, row, made):
        if candidate.score < _AS_LIKELY * hit:
            break
        probability = find_probability(sheet, candidate.sheet) if candidate.sheet else 1.0
        if probability >= SAME:
            found.append(Sighting(row.id, candidate.page_id, probability))
            hit = max(hit, candidate.score)
    return tuple(sorted(found, key=lambda sighting: -sighting.probability))


_AS_LIKELY = 0.8
"""Share of the score of a page that shows the same sheet, from which another one may be it: the day after much is alike."""
