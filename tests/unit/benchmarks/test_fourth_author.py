"""The fourth author's ways of writing; what holds of all later authors is in test_later_authors.py."""

import random
import re
from dataclasses import replace
from datetime import date

import pytest

from benchmarks.authors import FOURTH
from benchmarks.fourth_author import (
    _BY_REGION,
    BLOCKS,
    DATES,
    MRNS,
    NAMES,
    admit,
    date_line,
    doctor_line,
    draw_institution,
    hint_of,
    name_line,
    normal_line,
    with_other_words,
)
from benchmarks.fourth_author_pages import WAYS, draw_chart
from benchmarks.hospital_paper import DrawnPage
from benchmarks.hospitals import Doctor, draw_subject, with_rare_name
from benchmarks.people import Human, draw_people
from ocr.page import OcrPage

PEOPLE = [human for human in draw_people(80, 4) if human.born.year < 1985]
PLACES = [draw_institution(seed) for seed in range(120)]


def draw(place: int, kind: str, seed: int = 1) -> DrawnPage:
    """A page of a hospital; each hospital has another patient, some with a rare name."""
    drawn, rng = PLACES[place], random.Random(place)
    person = with_rare_name(replace(PEOPLE[place % 40], visits=()), rng)
    return draw_chart(drawn, kind, draw_subject(admit(drawn, person, 412345 + place), PEOPLE[place % 40 + 1], rng), seed)  # fmt: skip


def text_of(page: OcrPage) -> str:
    """All words in their order."""
    return " ".join(word.text for word in page.words)


def human(**changes: object) -> Human:
    return replace(PEOPLE[0], family="de la cruz", given="ana", middle="m", suffix="", sex="F", **changes)  # type: ignore[arg-type]


def test_hospitals_differ_in_their_habits() -> None:
    assert {place.block for place in PLACES} == set(BLOCKS) == {*WAYS, "joint"}
    assert {place.mrn_style for place in PLACES} == set(MRNS)
    assert {place.region for place in PLACES} == set(_BY_REGION["name"]) == set(NAMES) == set(DATES)


def test_a_label_that_asks_for_the_surname_first_is_followed_by_it() -> None:
    for place in [*PLACES, *map(with_other_words, PLACES)]:
        asks = any(part in place.labels["name"].lower() for part in ("last, first", "surname, f", "surname & g"))
        assert not asks or place.name_style.lower().startswith("last"), place.labels["name"]


def test_pages_with_a_payer_who_is_not_the_patient_have_the_relatives_birthday() -> None:
    for place in range(12):
        for kind in FOURTH.payers:
            page = draw(place, kind)
            assert date_line(page.subject.relative.born, page.hospital.date) in text_of(page.sheet.page()), kind


@pytest.mark.parametrize(
    ("style", "changes", "text"),
    [
        ("Last,First,M", {"suffix": "Jr"}, "De La Cruz Jr,Ana,M"),
        ("LAST; FIRST M", {}, "DE LA CRUZ; ANA M"),
        ("LAST, First, Title", {}, "DE LA CRUZ, Ana, Ms"),
        ("LAST, FIRST M.", {}, "DE LA CRUZ, ANA M."),
        ("LAST, First M.", {"middle": ""}, "DE LA CRUZ, Ana"),
        ("First M. LAST", {}, "Ana M. DE LA CRUZ"),
        ("Title. FIRST LAST", {"sex": "M"}, "Mr. ANA DE LA CRUZ"),
    ],
)
def test_names_in_their_styles(style: str, changes: dict[str, str], text: str) -> None:
    assert name_line(replace(human(), **changes), style) == text  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("day", "style", "text"),
    [
        (date(1957, 3, 4), "^%d%b%y", "04MAR57"), (date(1957, 3, 4), "%b %-d/%y", "Mar 4/57"),
        (date(1924, 3, 4), "%m.%d.%y", "03.04.1924"),  # the paper could be of a child of 2024
        (date(1924, 3, 14), "%m/%d/%y", "03/14/24"),  # asked for by benchmarks/adversaries.py
    ],
)  # fmt: skip
def test_days_in_their_styles(day: date, style: str, text: str) -> None:
    assert date_line(day, style) == text


def test_a_label_of_a_day_says_its_order_only_in_digits() -> None:
    assert hint_of("%-m/%-d/%y") == " (mm/dd/yy)"
    assert hint_of("%d-%m-%Y") == " (dd-mm-yyyy)"
    assert hint_of("^%d%b%y") == ""


@pytest.mark.parametrize("style", MRNS)
def test_a_record_number_has_the_form_of_the_profile(style: str) -> None:
    write, pattern = MRNS[style]
    assert re.fullmatch(pattern, write(112340))
    assert re.fullmatch(pattern, write(900_001))
    assert len({write(number) for number in range(100_000, 160_000, 10)}) == 6000


def test_providers_in_their_styles() -> None:
    subject = draw_subject(PEOPLE[0], PEOPLE[1], random.Random(1))
    doctor = Doctor("Voss", "Greta")
    assert doctor_line(doctor, "Dr. G Family") == "Dr. G Voss"
    assert doctor_line(doctor, "FAMILY, GIVEN MD") == "VOSS, GRETA MD"
    place = replace(PLACES[0], doctor_style="Dr. G Family")
    assert normal_line(place, replace(subject, attending=doctor), "attending") == "VOSS, G"
