"""The fifth author's ways of writing and how often; what holds of all later authors is in test_later_authors.py."""

import random
import re
from collections import Counter
from dataclasses import replace

import pytest

from benchmarks.authors import FIFTH
from benchmarks.display import COURIER
from benchmarks.fifth_author import (
    _VENDOR_WORDS,
    BLOCKS,
    DATES,
    MRNS,
    NAMES,
    REGIONS,
    WORDS,
    Facility,
    day_words,
    doctor_words,
    draw_facility,
    enroll,
    name_words,
    normal_words,
    vary,
    with_own_numbers,
)
from benchmarks.fifth_author_pages import PAGES, draw_sheet
from benchmarks.fifth_author_paper import WAYS
from benchmarks.hospital_paper import DrawnPage
from benchmarks.hospitals import LABELS, Doctor, draw_subject
from benchmarks.people import Human, draw_people

PEOPLE = [human for human in draw_people(80, 4) if human.born.year < 1985]
PLACES = [draw_facility(seed) for seed in range(200)]
VARIED = [vary(place, random.Random(seed)) for seed, place in enumerate(PLACES)]


def draw(place: int, kind: str) -> DrawnPage:
    """A page of a hospital; each hospital has another patient."""
    human = enroll(PLACES[place], replace(PEOPLE[place % 40], visits=()), 412345 + place)
    return draw_sheet(PLACES[place], kind, draw_subject(human, PEOPLE[place % 40 + 1], random.Random(place)), 1)


def human(**changes: object) -> Human:
    return replace(PEOPLE[0], id=1, family="de la cruz", given="ana", middle="m", suffix="", sex="F", **changes)  # type: ignore[arg-type]


def test_there_are_words_for_every_field_and_ways_for_every_block() -> None:
    assert set(WORDS) == set(LABELS)
    assert {way for way, _ in BLOCKS} == set(WAYS)
    assert set(DATES) == set(NAMES) == set(REGIONS)
    assert len(PAGES) >= 24


def test_common_words_are_drawn_most() -> None:
    for field, word in {"mrn": "MRN", "dob": "DOB", "sex": "Sex"}.items():
        assert Counter(place.labels[field] for place in PLACES).most_common(1)[0][0] == word
    assert sum(place.region == "us" for place in PLACES) > len(PLACES) / 2


def test_a_page_may_leave_its_hospitals_habits_but_not_its_profile() -> None:
    assert any(page.block != place.block for page, place in zip(VARIED, PLACES, strict=True))
    assert any(page.date != place.date for page, place in zip(VARIED, PLACES, strict=True))
    for page, place in zip(VARIED, PLACES, strict=True):
        assert (page.profile, page.mrn_style, page.region) == (place.profile, place.mrn_style, place.region)


@pytest.mark.parametrize("place", [*PLACES, *VARIED], ids=lambda place: place.name)
def test_a_label_that_asks_for_an_order_is_followed_by_it(place: Facility) -> None:
    labels, name_style, day = place.labels, place.name_style, place.date
    assert "Last, First" not in labels["name"] or name_style.lower().startswith("last")
    assert "MM/DD" not in labels["dob"] or day == "%m/%d/%Y"


def test_words_of_record_systems_are_words_of_this_author() -> None:
    for words in _VENDOR_WORDS.values():
        assert all(word in WORDS[field] for field, word in words.items())


@pytest.mark.parametrize("kind", FIFTH.payers)
def test_pages_with_a_payer_who_is_not_the_patient_have_the_relatives_birthday(kind: str) -> None:
    for place in range(12):
        page = draw(place, kind)
        text = " ".join(word.text for word in page.sheet.page().words)
        assert day_words(page.subject.relative.born, page.hospital.date) in text


def test_visits_of_the_patient_list_keep_their_numbers() -> None:
    listed = next(human for human in PEOPLE if human.visits)
    subject = draw_subject(listed, PEOPLE[1], random.Random(1))
    for place in PLACES[:8]:
        assert with_own_numbers(place, subject, random.Random(2)).encounter == listed.visits[-1][0]


def test_a_card_of_two_people_alone_leaves_the_name_open() -> None:
    pages = [draw(place, "insurance card") for place in range(60)]
    assert any("name" in page.open for page in pages)
    assert all("name" in page.truth or "name" in page.open for page in pages)


def test_preprinted_claims_are_filled_in_with_typewriter_letters() -> None:
    place = next(number for number, place in enumerate(PLACES) if place.region == "us")
    for kind in ("office claim", "hospital claim"):
        page = draw(place, kind)
        [run] = [run for run in page.sheet.runs if run.text == page.texts["member_id"][0]]
        assert run.face == COURIER


@pytest.mark.parametrize(
    ("style", "changes", "text"),
    [
        ("LAST, FIRST M", {"suffix": "Jr"}, "DE LA CRUZ JR, ANA M"),
        ("LAST,FIRST M", {}, "DE LA CRUZ,ANA M"),
        ("Last, First M.", {"middle": ""}, "De La Cruz, Ana"),
        ("LAST, First (Title)", {}, "DE LA CRUZ, Ana (Mrs)"),
        ("Title First Last", {"sex": "M"}, "Mr Ana De La Cruz"),
        ("First LAST", {}, "Ana DE LA CRUZ"),
        ("FIRST M LAST", {}, "ANA M DE LA CRUZ"),
    ],
)
def test_names_in_their_styles(style: str, changes: dict[str, str], text: str) -> None:
    assert name_words(replace(human(), **changes), style).replace("Jr", "JR") == text  # type: ignore[arg-type]


@pytest.mark.parametrize("style", MRNS)
def test_a_record_number_has_the_form_of_the_profile(style: str) -> None:
    write, pattern, _ = MRNS[style]
    assert re.fullmatch(pattern, write(112340))
    assert re.fullmatch(pattern, write(900_001))
    assert len({write(number) for number in range(100_000, 160_000, 10)}) == 6000


@pytest.mark.parametrize(
    ("style", "text", "normal"),
    [
        ("Given Family, MD", "Greta Voss, MD", "VOSS, GRETA"), ("FAMILY, GIVEN MD", "VOSS, GRETA MD", "VOSS, GRETA"),
        ("Family,Given MD", "Voss,Greta MD", "VOSS, GRETA"), ("Mr G Family", "Mr G Voss", "VOSS, G"),
    ],
)  # fmt: skip
def test_providers_in_their_styles(style: str, text: str, normal: str) -> None:
    subject = replace(draw_subject(PEOPLE[0], PEOPLE[1], random.Random(1)), attending=Doctor("Voss", "Greta"))
    assert doctor_words(subject.attending, style) == text
    assert normal_words(subject, "attending", text) == normal
