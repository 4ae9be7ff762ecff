"""The third author's ways of writing; what holds of all later authors is in test_later_authors.py."""

import random
import re
from dataclasses import replace
from datetime import date

import pytest

from benchmarks.hospital_paper import DrawnPage
from benchmarks.hospitals import draw_subject, with_rare_name
from benchmarks.people import Human, draw_people
from benchmarks.third_author import (
    _BY_REGION,
    BLOCKS,
    MRNS,
    NAMES,
    date_words,
    doctor_words,
    draw_site,
    enter,
    name_words,
    normal_words,
    phone_words,
)
from benchmarks.third_author_forms import draw_form
from benchmarks.third_author_paper import start
from ocr.page import OcrPage

PEOPLE = [human for human in draw_people(80, 3) if human.born.year < 1985]
SITES = [draw_site(seed) for seed in range(100)]


def draw(site: int, kind: str, seed: int = 1) -> DrawnPage:
    """A page of a hospital; each hospital has another patient, some with a rare name."""
    drawn, rng = SITES[site], random.Random(site)
    person = with_rare_name(replace(PEOPLE[site % 40], visits=()), rng)
    return draw_form(drawn, kind, draw_subject(enter(drawn, person, 412345 + site), PEOPLE[site % 40 + 1], rng), seed)


def text_of(page: OcrPage) -> str:
    """All words in their order."""
    return " ".join(word.text for word in page.words)


def human(**changes: object) -> Human:
    return replace(PEOPLE[0], family="de la cruz", given="ana", middle="m", suffix="", sex="F", **changes)  # type: ignore[arg-type]


def test_hospitals_differ_in_their_habits() -> None:
    assert {site.block for site in SITES} == set(BLOCKS)
    assert {site.mrn_style for site in SITES} == set(MRNS)
    assert {site.region for site in SITES} == set(_BY_REGION["name"]) == set(NAMES)


def test_a_label_that_asks_for_the_surname_first_is_followed_by_it() -> None:
    for site in SITES:
        asks = any(part in site.labels["name"] for part in ("Last", "(L,", "LAST", "Surname &", "Family Name,", "Apellidos"))  # fmt: skip
        assert not asks or site.name_style.lower().startswith("last"), site.labels["name"]


def test_a_comb_has_a_letter_in_each_cell() -> None:
    number = next(number for number, site in enumerate(SITES) if site.block == "comb" and not site.pair)
    page = draw(number, "intake")
    assert page.texts["mrn"][0] == " ".join(page.truth["mrn"])
    assert sorted(page.texts["dob"][0].replace(" ", "")) == sorted(page.truth["dob"].replace("-", ""))


def test_a_birth_year_of_two_digits_stays_one_in_a_comb() -> None:
    site = replace(next(site for site in SITES if site.block == "comb"), date="%m/%d/%y", pair="")
    form = start(site, draw_subject(replace(PEOPLE[0], born=date(1924, 3, 14)), PEOPLE[1], random.Random(1)), "x")
    form.block(form.cells(["dob"]), 100)
    assert form.texts["dob"] == (" ".join("03/14/24"),)


@pytest.mark.parametrize(
    ("style", "changes", "text"),
    [
        ("LAST,First M", {}, "DE LA CRUZ,Ana M"),
        ("LAST/FIRST/M", {}, "DE LA CRUZ/ANA/M"),
        ("LAST^FIRST^M", {"middle": ""}, "DE LA CRUZ^ANA"),
        ("LAST First M", {}, "DE LA CRUZ Ana M"),  # capitals say what is the surname
        ("Last , First M", {"suffix": "Jr"}, "De La Cruz Jr , Ana M"),
        ("Last, First, M.", {}, "De La Cruz, Ana, M."),
        ("Last, First M", {}, "De La Cruz, Ana M"),
        ("LAST, First", {}, "DE LA CRUZ, Ana"),
        ("LAST, FIRST M", {}, "DE LA CRUZ, ANA M"),
        ("LAST First (Title.)", {}, "DE LA CRUZ Ana (Ms.)"),
        ("Title. First M. Last", {}, "Ms. Ana M. De La Cruz"),
        ("Title. First Last", {"sex": "M"}, "Mr. Ana De La Cruz"),
        ("First M. Last", {"middle": ""}, "Ana De La Cruz"),
        ("FIRST LAST", {}, "ANA DE LA CRUZ"),
    ],
)
def test_names_in_their_styles(style: str, changes: dict[str, str], text: str) -> None:
    assert name_words(replace(human(), **changes), style) == text  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("day", "style", "text"),
    [
        (date(1957, 3, 4), "%b. %-d, %Y", "Mar. 4, 1957"), (date(1957, 5, 4), "%b. %-d, %Y", "May 4, 1957"),
        (date(1957, 3, 22), "%-d%o %B %Y", "22nd March 1957"), (date(1957, 3, 12), "%B %-d%o, %Y", "March 12th, 1957"),
        (date(1957, 3, 4), "^%b-%d-%Y", "MAR-04-1957"), (date(1957, 3, 4), "%m / %d / %Y", "03 / 04 / 1957"),
        (date(1957, 3, 4), "%-d de %B de %Y", "4 de marzo de 1957"), (date(1957, 8, 4), "es %-d/%b/%Y", "4/ago/1957"),
        (date(1924, 3, 4), "%d.%m.%y", "04.03.1924"),  # the paper could be of a child of 2024
        (date(1924, 3, 14), "%m/%d/%y", "03/14/24"),  # asked for by benchmarks/adversaries.py
    ],
)  # fmt: skip
def test_days_in_their_styles(day: date, style: str, text: str) -> None:
    assert date_words(day, style) == text


@pytest.mark.parametrize("style", MRNS)
def test_a_record_number_has_the_form_of_the_profile(style: str) -> None:
    write, pattern = MRNS[style]
    assert re.fullmatch(pattern, write(112340))
    assert re.fullmatch(pattern, write(900_001))
    assert len({write(number) for number in range(100_000, 160_000, 10)}) == 6000


def test_providers_and_telephones_in_their_styles() -> None:
    subject = draw_subject(PEOPLE[0], PEOPLE[1], random.Random(1))
    doctor, site = subject.attending, replace(SITES[0], doctor_style="G. Family, DO", phone_style="({})-{}-{}")
    assert doctor_words(doctor, "FAMILY^GIVEN") == f"{doctor.family}^{doctor.given}".upper()
    assert normal_words(site, subject, "attending") == f"{doctor.family}, {doctor.given[0]}".upper()
    assert phone_words(site, "(330) 555-0101") == "(330)-555-0101"
