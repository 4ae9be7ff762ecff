"""Finds pages that came before: candidates by their keys, then words, then ink where words leave it open.

A page takes a tenth of a second of CPU where other fillings of its form are alike (docs/same-sheet.md): looked for while no
transaction is open that anybody waits for.
"""

from collections.abc import Mapping, Sequence

from sqlmodel import Session, col, select

from classify.samesheet import SAME, Comparison, WordMatch, compare_sheets, places_of
from ocr.inkmatch import InkMatch, Picture, compare_ink
from ocr.sheetprint import SheetWords, read_print
from storage.custody import pages, sheets
from storage.documents.repeats import Sighting
from storage.foundation.home import Home
from storage.foundation.tables.custody import Blob, Page, Reading
from storage.foundation.vault import Vault


def find_earlier(home: Home, batch_id: int, numbers: Sequence[int]) -> Mapping[int, tuple[Sighting, ...]]:
    """For each of these pages of a batch that can be compared, by row id, the pages that show the same sheet and came before."""
    found: dict[int, tuple[Sighting, ...]] = {}
    for some in pages.batched(sorted(numbers), _AT_ONCE):
        with home.reading() as session:
            query = select(Page).where(Page.batch_id == batch_id)
            for row in session.exec(query.where(col(Page.number).in_(some))):
                sightings = _of_page(session, home.vault, row)
                if sightings is not None:
                    found[row.id] = sightings
    return found


_AT_ONCE = 50
"""Pages looked for in one reading transaction, about a second: a long one lets the write-ahead log grow."""


def compare_pages(session: Session, vault: Vault, one: Page, other: Page) -> Comparison | None:
    """Compare two pages in full; None where one of them has too few words."""
    here, there = (sheets.print_of(session, page) for page in (one, other))
    if here is None or there is None:
        return None
    return _compare(session, vault, (one, read_print(here.data)), (other, read_print(there.data)))


def _of_page(session: Session, vault: Vault, row: Page) -> tuple[Sighting, ...] | None:
    made = sheets.print_of(session, row)
    if made is None:
        return None
    words, found = read_print(made.data), []
    for candidate in sheets.find_candidates(session, row, made):
        if candidate.is_same_reading:
            probability = 1.0
        else:
            earlier = session.get_one(Page, candidate.page_id)
            probability = _compare(session, vault, (row, words), (earlier, candidate.words)).probability
        if probability >= SAME:
            found.append(Sighting(row.id, candidate.page_id, probability))
            if not candidate.is_same_reading:
                break  # those that follow have less in common
    return tuple(found)


def _compare(
    session: Session, vault: Vault, one: tuple[Page, SheetWords], other: tuple[Page, SheetWords]
) -> Comparison:
    def by_ink(match: WordMatch) -> InkMatch | None:
        here, there = (_picture(session, vault, *side) for side in (one, other))
        if here is None or there is None:
            return None
        return compare_ink(here, there, match.to_one, match.agreeing, places_of(match))

    return compare_sheets(one[1], other[1], by_ink)


def _picture(session: Session, vault: Vault, page: Page, words: SheetWords) -> Picture | None:
    reading = session.get(Reading, page.reading_id) if page.reading_id else None
    if reading is None or reading.view_blob_id is None:
        return None
    return Picture(vault.read(session.get_one(Blob, reading.view_blob_id)), words.width, words.height)
