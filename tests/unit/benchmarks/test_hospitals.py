"""Drawn hospitals: the same from the same seed, truth that stands on the page, words where the picture has ink."""

import io
import random
from dataclasses import replace
from datetime import date
from itertools import combinations

import numpy as np
import pytest
from PIL import Image

from benchmarks.charts import LABELS as OTHER_LABELS
from benchmarks.display import COURIER, HELVETICA, Sheet
from benchmarks.hospital_forms import PAGES, draw_page
from benchmarks.hospital_paper import DrawnPage
from benchmarks.hospitals import (
    BETWEEN,
    LABELS,
    MRNS,
    date_text,
    doctor_text,
    draw_hospital,
    draw_subject,
    name_text,
    register,
    years_between,
)
from benchmarks.people import Human, draw_people
from benchmarks.truth import is_same
from ocr.page import Box, MarkState

PEOPLE = [human for human in draw_people(80, 3) if human.born.year < 1985]


def draw(hospital: int, kind: str, seed: int = 1) -> DrawnPage:
    """A page of a hospital about the same patient."""
    drawn = draw_hospital(hospital)
    person = register(drawn, replace(PEOPLE[0], visits=()), 412345)
    return draw_page(drawn, kind, draw_subject(person, PEOPLE[1], random.Random(hospital)), seed)


def human(**said: object) -> Human:
    return replace(PEOPLE[0], family="o'hara", given="ana", middle="m", suffix="", **said)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", PAGES)
def test_the_same_seed_draws_the_same_page(kind: str) -> None:
    one, other = draw(5, kind), draw(5, kind)
    assert one.sheet.page() == other.sheet.page()
    assert (one.truth, one.habits, one.open) == (other.truth, other.habits, other.open)
    assert one.sheet.page() != draw(5, kind, 2).sheet.page()


def test_hospitals_differ_in_their_habits() -> None:
    hospitals = [draw_hospital(seed) for seed in range(40)]
    assert len({hospital.habits for hospital in hospitals}) > 36
    assert {hospital.between for hospital in hospitals} == set(BETWEEN)
    assert {hospital.mrn_style for hospital in hospitals} == set(MRNS)
    assert {hospital.profile.day_first for hospital in hospitals} == {True, False}


def test_no_label_is_one_that_the_other_benchmarks_fit_on() -> None:
    others = {word.casefold() for half in OTHER_LABELS.values() for words in half for word in words}
    assert not [word for words in LABELS.values() for word in words if word.casefold() in others]


@pytest.mark.parametrize("hospital", range(12))
def test_every_true_value_stands_on_its_page_as_printed(hospital: int) -> None:
    for kind in PAGES:
        page = draw(hospital, kind)
        words = [word.text.strip("|/(),.*:;-") for word in page.sheet.page().words]
        assert page.truth, kind
        for field, texts in page.texts.items():
            for text in texts:
                assert {part.strip("|/(),.*:;-") for part in text.split()} <= set(words), (kind, field)
        assert set(page.truth) == set(page.texts) == set(page.habits)
        assert not page.open & set(page.truth)


@pytest.mark.parametrize("hospital", range(12))
def test_boxes_lie_on_the_page_and_none_on_another(hospital: int) -> None:
    for kind in PAGES:
        page = draw(hospital, kind).sheet.page()
        boxes = [word.box for word in page.words]
        for box in boxes:
            assert 0 <= box.left < box.right <= page.width, kind
            assert 0 <= box.top < box.bottom <= page.height, kind
        shared = [(one, other) for one, other in combinations(boxes, 2) if _lies_on(one, other)]
        assert not shared, (kind, draw_hospital(hospital).block)


def _lies_on(one: Box, other: Box) -> bool:
    """More than a line's width of both in each other: what hangs from a line may touch the next."""
    wide = min(one.right, other.right) - max(one.left, other.left)
    return wide > 1 and min(one.bottom, other.bottom) - max(one.top, other.top) > 2


@pytest.mark.parametrize("turn", [0, 90, 270])
def test_ink_is_in_the_boxes_and_nowhere_else(turn: int) -> None:
    sheet = Sheet(HELVETICA)
    sheet.write(100, 200, "Hospital MR-412 gypsum", 14, turn=turn)
    sheet.write(120, 300, "TYPED,A  00412345", 10, turn=turn, face=COURIER)
    page = sheet.page()
    dark = np.array(Image.open(io.BytesIO(sheet.png()))) < 160
    assert dark.shape == (page.height, page.width)
    assert {word.turn for word in page.words} == {turn}
    for word in page.words:
        box = word.box
        inside = dark[box.top - 2 : box.bottom + 3, box.left - 2 : box.right + 3]
        assert inside.mean() > 0.08, word.text
        dark[box.top - 2 : box.bottom + 3, box.left - 2 : box.right + 3] = False
    assert not dark.any()


def test_a_wide_gap_parts_a_line_and_a_small_one_does_not() -> None:
    for gap, lines in ((30.0, {0, 1}), (600.0, {0})):
        sheet = Sheet(HELVETICA, gap)
        sheet.write(40, 100, "one")
        sheet.write(300, 100, "two")
        assert {word.line for word in sheet.page().words} == lines


def test_a_ticked_box_is_a_mark() -> None:
    marks = draw(3, "claim").sheet.page().marks
    assert sorted(mark.state for mark in marks) == [MarkState.EMPTY, MarkState.TICKED]


@pytest.mark.parametrize(
    ("style", "said", "text"),
    [
        ("LAST, FIRST M", {}, "O'HARA, ANA M"),
        ("LAST,FIRST M", {"suffix": "Jr"}, "O'HARA JR,ANA M"),
        ("Last, First M.", {}, "O'Hara, Ana M."),
        ("First M. Last", {"suffix": "III"}, "Ana M. O'Hara, III"),
        ("FIRST M LAST", {"middle": ""}, "ANA O'HARA"),
        ("LAST FIRST M", {}, "O'HARA ANA M"),
        ("LAST FIRST M", {"middle": ""}, "O'HARA, ANA"),  # without the comma nobody could tell which is the surname
        ("LAST FIRST M", {"family": "de la cruz"}, "DE LA CRUZ, ANA M"),
    ],
)
def test_names_in_their_styles(style: str, said: dict[str, str], text: str) -> None:
    assert name_text(replace(human(), **said), style) == text  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("style", "text"),
    [
        ("%m/%d/%Y", "03/04/1957"), ("short", "3/4/57"), ("%d-%b-%Y", "04-MAR-1957"), ("long", "March 4, 1957"),
        ("%Y%m%d", "19570304"), ("%Y-%m-%d", "1957-03-04"), ("%d/%m/%Y", "04/03/1957"),
    ],
)  # fmt: skip
def test_dates_in_their_styles(style: str, text: str) -> None:
    assert date_text(date(1957, 3, 4), style) == text


@pytest.mark.parametrize("style", MRNS)
def test_a_record_number_has_the_form_of_the_profile(style: str) -> None:
    import re

    write, pattern = MRNS[style]
    assert re.fullmatch(pattern, write(112340))
    assert len({write(number) for number in range(100_000, 160_000, 10)}) == 6000


def test_truth_is_in_the_form_that_is_compared() -> None:
    page = draw(2, "visit slip")
    assert is_same("name", name_text(page.subject.human, "LAST, FIRST M"), page.truth["name"])
    assert page.truth["dob"] == page.subject.human.born.isoformat()
    assert doctor_text(page.subject.attending, "FIRST M LAST").endswith(", MD")


def test_age_counts_whole_years() -> None:
    assert years_between(date(1957, 3, 14), date(2024, 3, 13)) == 66
    assert years_between(date(1957, 3, 14), date(2024, 3, 14)) == 67
