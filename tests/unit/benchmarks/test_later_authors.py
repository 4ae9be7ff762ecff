"""What holds of the third, the fourth and the fifth author alike: the same from the same seed, truth that stands on the page,
nothing cut; of the third and the fourth also: words of their own."""

import random
from dataclasses import replace
from functools import cache
from itertools import combinations
from types import ModuleType

import pytest

from benchmarks import fourth_author, second_author, third_author
from benchmarks.adversaries import CASES, draw_world
from benchmarks.authors import AUTHORS, FIFTH, FIRST, FOURTH, SECOND, THIRD, Author
from benchmarks.hospital_paper import DrawnPage
from benchmarks.hospitals import LABELS, Hospital, draw_subject, with_rare_name
from benchmarks.identity import draw_pages
from benchmarks.people import draw_people
from ocr.page import Box, OcrPage

PEOPLE = [human for human in draw_people(80, 4) if human.born.year < 1985]
PLACES = 24
_SMALLEST = 4.8
"""Points: smaller print than this no scan of 300 dpi has as letters."""

WORDS: dict[str, tuple[ModuleType, tuple[ModuleType, ...]]] = {
    THIRD.name: (third_author, (second_author,)),
    FOURTH.name: (fourth_author, (second_author, third_author)),
}
"""An author's words, and whose they are not."""

both = pytest.mark.parametrize("author", [THIRD, FOURTH], ids=lambda author: author.name)
"""Authors with words that nobody had before them."""
later = pytest.mark.parametrize("author", [THIRD, FOURTH, FIFTH], ids=lambda author: author.name)
everywhere = pytest.mark.parametrize("place", range(PLACES))
"""Hospitals by their number."""


@cache
def _place(name: str, number: int) -> Hospital:
    return AUTHORS[name].draw_hospital(number)


def draw(author: Author, place: int, kind: str) -> DrawnPage:
    """A page of a hospital; each hospital has another patient, some with a rare name."""
    hospital, rng = _place(author.name, place), random.Random(place)
    person = with_rare_name(replace(PEOPLE[place % 40], visits=()), rng)
    subject = draw_subject(author.register(hospital, person, 412345 + place), PEOPLE[place % 40 + 1], rng)
    return author.draw_page(hospital, kind, subject, 1)


def text_of(page: OcrPage) -> str:
    """All words in their order."""
    return " ".join(word.text for word in page.words)


@later
def test_the_same_seed_draws_the_same_page(author: Author) -> None:
    for kind in author.pages:
        one, other = draw(author, 5, kind), draw(author, 5, kind)
        assert one.sheet.page() == other.sheet.page()
        assert (one.truth, one.habits, one.open) == (other.truth, other.habits, other.open)
        assert one.sheet.page() != draw(author, 6, kind).sheet.page()


@both
def test_label_words_are_not_those_of_the_other_authors(author: Author) -> None:
    own, others = WORDS[author.name]
    for field, words in own.WORDS.items():
        taken = {
            word.casefold() for word in (*LABELS[field], *(word for other in others for word in other.WORDS[field]))
        }
        assert len(words) >= 12, field
        assert not [word for word in words if word.casefold() in taken], field
        assert not set(words) & set(own.USUAL.get(field, ())), field
    assert set(own.WORDS) == set(LABELS)


@both
def test_most_labels_of_a_hospital_are_this_authors_own(author: Author) -> None:
    usual = WORDS[author.name][0].USUAL
    places = [_place(author.name, number) for number in range(100)]
    share = sum(place.labels[field] in words for place in places for field, words in usual.items())
    assert 0.1 < share / (len(places) * len(usual)) < 0.35


@later
def test_a_profile_has_no_label_words_and_says_the_order_of_day_and_month(author: Author) -> None:
    for place in (_place(author.name, number) for number in range(100)):
        assert not place.profile.labels
        is_day_first = place.date.startswith(("%d", "%-d"))
        assert place.profile.day_first == is_day_first or "b" in place.date.lower()


@later
@everywhere
def test_every_true_value_stands_on_its_page_as_printed(author: Author, place: int) -> None:
    for kind in author.pages:
        page = draw(author, place, kind)
        text = text_of(page.sheet.page())
        assert page.truth, kind
        for field, texts in page.texts.items():
            assert [printed for printed in texts if " ".join(printed.split()) not in text] == [], (kind, field)
        assert set(page.truth) == set(page.texts) == set(page.habits)
        assert not page.open & set(page.truth)


@later
@everywhere
def test_values_of_the_patient_that_are_not_in_the_truth_are_not_printed(author: Author, place: int) -> None:
    """A number of this patient that stands on a page is one that the page is asked for, or one that it leaves open."""
    for kind in author.pages:
        page = draw(author, place, kind)
        text, subject = text_of(page.sheet.page()), page.subject
        values = {
            "mrn": subject.human.mrn, "encounter": subject.encounter, "account": subject.account, "payer": subject.payer,
            "member_id": subject.human.member_id,
        }  # fmt: skip
        for field, value in values.items():
            assert (value in text) <= (field in page.truth or field in page.open), (kind, field)


@later
@everywhere
def test_boxes_lie_on_the_page_and_none_on_another(author: Author, place: int) -> None:
    for kind in author.pages:
        sheet = draw(author, place, kind).sheet
        page = sheet.page()
        assert not [run.text for run in sheet.runs if run.size < _SMALLEST], kind
        for word in page.words:
            assert 0 <= word.box.left < word.box.right <= page.width, (kind, word.text)
            assert 0 <= word.box.top < word.box.bottom <= page.height, (kind, word.text)
        shared = [(a.text, b.text) for a, b in combinations(page.words, 2) if _lies_on(a.box, b.box)]
        assert not shared, kind


def _lies_on(one: Box, other: Box) -> bool:
    """More than a line's width of both in each other: what hangs from a line may touch the next."""
    wide = min(one.right, other.right) - max(one.left, other.left)
    return wide > 1 and min(one.bottom, other.bottom) - max(one.top, other.top) > 2


@later
def test_pages_that_are_called_full_say_name_number_birthday_and_sex(author: Author) -> None:
    for place in range(PLACES):
        for kind in author.full:
            assert {"name", "mrn", "dob", "sex"} <= set(draw(author, place, kind).truth), kind


@later
def test_the_world_of_an_author_has_every_case(author: Author) -> None:
    world, again = draw_world(1, 2, author), draw_world(1, 2, author)
    assert len({case.kind for case in world.cases}) == len(CASES) + 1
    assert {owner for case in world.cases for owner in case.owners if owner} <= {human.mrn for human in world.people}
    assert [c.sheets[0].page() for c in world.cases] == [c.sheets[0].page() for c in again.cases]


@later
def test_the_pages_that_are_measured_have_every_kind(author: Author) -> None:
    assert [page.kind for page in draw_pages(1, 1, author)] == list(author.pages)


def test_these_are_all_authors() -> None:
    assert set(AUTHORS) == {FIRST.name, SECOND.name, THIRD.name, FOURTH.name, FIFTH.name}
