"""Prints are kept with their readings and found by the keys that two share; what everybody has tells nothing."""

from collections.abc import Sequence

import numpy as np
import pytest
from sqlmodel import select

from ocr.imaging import to_jpeg
from ocr.inkpicture import InkPicture
from ocr.page import OcrPage
from ocr.sheetprint import make_print
from storage.custody import pages, prints, sheets
from storage.foundation.home import Home
from storage.foundation.tables.custody import Batch, Page, Reading
from storage.foundation.tables.sheets import SheetKey, SheetRow
from tests.given.ink import ink_of, scribble
from tests.given.paper import LINES, blank, printed, typed
from tests.given.records import receive
from tests.unit.ocr.test_sheetprint import ANA, FORM, WEI


def _put(home: Home, name: str, read: Sequence[OcrPage]) -> list[Page]:
    """A batch of pages that were read; gives its rows."""
    batch_id = receive(home, name.encode())
    with home.writing() as session:
        pages.expect_pages(session, session.get_one(Batch, batch_id), [len(read)])
        for number, page in enumerate(read, start=1):
            key = pages.keep_reading(session, home.vault, f"{name}-{number}", page, None, None, make_print(page))
            pages.note_reading(session, batch_id, typed(page.text, number), key)
    with home.reading() as session:
        return pages.pages_of_batch(session, batch_id)


def _candidates(home: Home, page: Page) -> list[int]:
    with home.reading() as session:
        row = sheets.print_of(session, page)
        assert row is not None
        return [found.page_id for found in sheets.find_candidates(session, page, row)]


def test_the_same_sheet_comes_first(home: Home) -> None:
    first, other = _put(home, "first", [typed(ANA), typed(WEI)])
    [again] = _put(home, "again", [typed(ANA.replace("Weight", "Weiqht"))])
    assert _candidates(home, again)[0] == first.id
    assert other.id not in _candidates(home, again)[:1]


def test_a_page_is_compared_with_what_came_before_it_in_its_batch_and_not_with_what_comes_after(home: Home) -> None:
    first, second = _put(home, "twice", [typed(ANA), typed(ANA.replace("below", "be1ow"))])
    assert _candidates(home, second) == [first.id]
    assert _candidates(home, first) == []


def test_the_same_reading_in_two_batches_is_found_by_its_id(home: Home) -> None:
    [page] = _put(home, "one", [typed(ANA)])
    batch_id = receive(home, b"the same content, dropped again")
    with home.writing() as session:
        pages.expect_pages(session, session.get_one(Batch, batch_id), [1])
        pages.note_reading(session, batch_id, typed(ANA), "one-1")
    with home.reading() as session:
        [again] = pages.pages_of_batch(session, batch_id)
        row = sheets.print_of(session, again)
        assert row is not None
        [found] = sheets.find_candidates(session, again, row)
    assert (found.page_id, found.sheet) == (page.id, None)


def test_keys_that_too_many_pages_have_are_not_followed(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_SHARING", 3)
    forms = [
        FORM.format(name=f"Person {n}", mrn=f"00{n}31{n}77", day=f"0{n}/1{n}/2024", pulse=60 + n) for n in range(1, 7)
    ]
    made = _put(home, "forms", [typed(text) for text in forms])
    [again] = _put(home, "again", [typed(forms[2])])
    assert _candidates(home, again) == [made[2].id]


def test_keeping_a_print_twice_changes_nothing(home: Home) -> None:
    _put(home, "one", [typed(ANA)])
    made = make_print(typed(ANA))
    assert made is not None
    with home.writing() as session:
        before = len(session.exec(select(SheetKey)).all())
        prints.keep_print(session, "one-1", made)
        assert len(session.exec(select(SheetRow)).all()) == 1
        assert len(session.exec(select(SheetKey)).all()) == before == len(made.keys)


def test_prints_of_earlier_versions_are_made_a_portion_at_a_time(home: Home) -> None:
    with home.writing() as session:
        for number, page in enumerate((typed(ANA), blank(), typed(WEI))):
            session.add(Reading(id=f"old-{number}", data=page.to_bytes()))
    last: str | None = ""
    steps = 0
    while last is not None:
        with home.writing() as session:
            last = sheets.make_missing(session, home.vault, limit=2, after=last)
        steps += 1
    assert steps == 3
    with home.reading() as session:
        assert sorted(session.exec(select(SheetRow.reading_id))) == ["old-0", "old-2"]


def test_a_page_without_words_has_no_print(home: Home) -> None:
    [page] = _put(home, "empty", [blank()])
    with home.reading() as session:
        assert sheets.print_of(session, page) is None


BLANK_FORM = "Patient\n\nBirthdate\n\nRecord\n\nAllergies\n\nWeight\n\nAttending\n\nDiet and nothing else"


def test_of_a_form_filled_in_by_hand_the_same_filling_comes_first(home: Home) -> None:
    page = typed(BLANK_FORM)
    inks = []
    for filling in range(12):
        long = np.random.default_rng(filling).integers(3, 14, 6)
        inks.append(
            ink_of(page, tuple(scribble(130, 57 + 40 * row, 7 * filling + row, int(long[row])) for row in range(6)))
        )
    first = _put_written(home, "first", [(page, ink) for ink in inks])
    [again] = _put_written(home, "again", [(page, inks[5])])
    assert _candidates(home, again)[0] == first[5].id
    assert len(_candidates(home, again)) <= 8


def _put_written(home: Home, name: str, read: Sequence[tuple[OcrPage, InkPicture]]) -> list[Page]:
    batch_id = receive(home, name.encode())
    with home.writing() as session:
        pages.expect_pages(session, session.get_one(Batch, batch_id), [len(read)])
        for number, (page, ink) in enumerate(read, start=1):
            made = make_print(page, ink)
            key = pages.keep_reading(session, home.vault, f"{name}-{number}", page, None, None, made)
            pages.note_reading(session, batch_id, typed(page.text, number), key)
    with home.reading() as session:
        return pages.pages_of_batch(session, batch_id)


def test_the_ink_of_earlier_versions_is_made_of_what_is_shown(home: Home) -> None:
    page = typed("\n".join(LINES))
    view = to_jpeg(printed(LINES), 75)
    with home.writing() as session:
        sealed = home.vault.seal_bytes("view", view)
        pages.keep_reading(session, home.vault, "old", page, sealed, None)
        sheets.make_missing(session, home.vault)
    with home.reading() as session:
        row = session.exec(select(SheetRow)).one()
        ink = sheets.sheet_of(row.data, row.ink).ink
    assert ink is not None
    assert ink.ink.shape == (1100, 850)
    assert ink.ink.any()
