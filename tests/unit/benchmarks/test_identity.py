"""What counts as read right, and what as linked wrong; the cases with their right answers."""

import random
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from benchmarks.adversaries import CASES, Case, draw_world
from benchmarks.display import Sheet
from benchmarks.hospital_paper import DrawnPage
from benchmarks.hospitals import draw_hospital, draw_subject
from benchmarks.identity import Answer, answers_of, best_values, counted, counted_links, links_of
from benchmarks.people import draw_people
from classify.doubts import Doubt, DoubtCode
from classify.guess import Decision, FieldValue

PEOPLE = list(draw_people(4, 1))
TRUTH = {"name": "RIVERA, ANA M", "mrn": "00412345", "dob": "1957-03-14", "account": "9001"}


def page(**said: Any) -> DrawnPage:
    """A page with these values and no ink."""
    subject = draw_subject(PEOPLE[0], PEOPLE[1], random.Random(1))
    habits: dict[str, tuple[str, ...]] = dict.fromkeys(TRUTH, ("dash",))
    blank = DrawnPage("letter", draw_hospital(1), subject, Sheet(), TRUTH, habits, {}, frozenset({"service_date"}))
    return replace(blank, **said)


def value(name: str, text: str, confidence: float = 0.99) -> FieldValue:
    return FieldValue(name, text, text, confidence, 1, None, "label")


def answer_for(name: str, *values: FieldValue) -> Answer | None:
    """The answer about a field when these values were found."""
    return next((a for a in answers_of(page(), best_values(values)) if a.field == name), None)


def test_what_is_printed_and_found_is_right_in_its_normal_form() -> None:
    answer = answer_for("name", value("name", "Rivera, Ana"))
    assert answer and (answer.is_printed, answer.is_right, answer.is_sure) == (True, True, True)
    assert ("habit", "dash") in answer.groups
    assert ("page", "letter") in answer.groups


def test_what_is_printed_and_not_found_is_missing() -> None:
    answer = answer_for("mrn")
    assert answer and (answer.is_printed, answer.is_right, answer.is_sure) == (True, None, False)


def test_only_the_first_value_of_a_field_counts() -> None:
    answer = answer_for("dob", value("dob", "1988-01-01", 0.9), value("dob", "1957-03-14", 0.8))
    assert answer and answer.is_right is False


def test_what_is_not_printed_is_wrong_when_found() -> None:
    answer = answer_for("phone", value("phone", "3305550101"))
    assert answer and (answer.is_printed, answer.is_right) == (False, False)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("service_date", "2024-01-01"),  # the page leaves it open
        ("encounter", "9001"),  # what this hospital calls its account
    ],
)
def test_what_nobody_could_decide_is_not_counted(name: str, text: str) -> None:
    assert answer_for(name, value(name, text)) is None
    assert answer_for("encounter", value("encounter", "9002")) is not None


def test_figures_of_hand_made_answers() -> None:
    answers = [
        Answer("mrn", True, True, 0.99), Answer("mrn", True, True, 0.7), Answer("mrn", True, False, 0.96),
        Answer("mrn", True, None), Answer("mrn", False, False, 0.5),
    ]  # fmt: skip
    assert counted(answers) == {
        "printed": 4, "found": 4, "recall": 0.5, "precision": 0.5, "sure": 0.5, "sure_wrong": 1,
    }  # fmt: skip


def links(owners: tuple[str | None, ...], *documents: tuple[tuple[int, ...], str, tuple[str, ...]]) -> dict[str, int]:
    """Figures of one case when its pages became these documents: pages, decision, candidates."""
    guess: Any = SimpleNamespace(documents=[
        SimpleNamespace(
            pages=pages,
            doubts=(),
            match=SimpleNamespace(
                reasons=("asked",), decision=Decision(decision), candidates=[SimpleNamespace(person=SimpleNamespace(mrn=m)) for m in mrns]
            ),
        )
        for pages, decision, mrns in documents
    ])  # fmt: skip
    case = Case("kind", draw_hospital(1), (Sheet(),) * len(owners), owners)
    return counted_links(list(links_of(case, guess)))


def test_a_link_to_the_owner_is_right_and_any_other_wrong() -> None:
    assert links(("A",), ((1,), "linked", ("A",)))["linked_right"] == 1
    assert links(("A",), ((1,), "linked", ("B", "A"))) == {
        "pages": 1, "listed": 1, "linked_right": 0, "asked": 0, "nobody": 0, "among_three": 1, "wrong": 1, "wrong_listed": 1,
    }  # fmt: skip


def test_a_page_of_nobody_on_the_list_must_not_be_linked() -> None:
    told = links((None,), ((1,), "linked", ("A",)))
    assert (told["wrong"], told["wrong_listed"], told["listed"]) == (1, 0, 0)
    assert links((None,), ((1,), "ask", ("A",)))["wrong"] == 0


def test_asking_counts_as_asked_and_a_page_in_no_document_as_nobody() -> None:
    told = links(("A", "A"), ((1,), "ask", ("B", "C", "A")))
    assert (told["asked"], told["nobody"], told["among_three"], told["wrong"]) == (1, 1, 1, 0)


def test_a_document_of_two_peoples_pages_is_wrong_for_one() -> None:
    told = links(("A", "B"), ((1, 2), "linked", ("A",)))
    assert (told["linked_right"], told["wrong"]) == (1, 1)


def test_the_world_has_every_case_and_its_owners_are_listed() -> None:
    world = draw_world(1, 2)
    kinds = {case.kind for case in world.cases}
    assert len(kinds) == len(CASES) + 1  # and the ordinary pages
    listed = [human.mrn for human in world.people]
    assert len(set(listed)) == len(listed)
    assert {owner for case in world.cases for owner in case.owners if owner} <= set(listed)
    assert [c.sheets[0].page() for c in world.cases] == [c.sheets[0].page() for c in draw_world(1, 2).cases]


def test_who_must_not_be_linked_is_not_on_the_list() -> None:
    world = draw_world(1, 2)
    numbers = {human.mrn for human in world.people}
    for case in world.cases:
        if case.kind in ("stranger", "namesake", "relative", "twin", "senior", "provider listed"):
            assert not numbers & {word.text for word in case.sheets[0].page().words}, case.kind


def test_who_is_asked_only_for_missing_pages_is_decided_and_counts_as_wrong_where_wrong() -> None:
    missing = Doubt(DoubtCode.PAGES_MISSING, detail=("2",))
    candidates = (SimpleNamespace(person=SimpleNamespace(mrn="1")),)

    def guess(*reasons: str) -> Any:
        match = SimpleNamespace(decision=Decision.ASK, reasons=reasons, candidates=candidates)
        return SimpleNamespace(documents=[SimpleNamespace(pages=(1,), doubts=(missing,), match=match)])

    case: Any = SimpleNamespace(kind="registered", owners=("2",), is_enough=True)
    (link,) = links_of(case, guess(missing.sentence))
    assert link.linked == "1"
    assert link.is_wrong
    (link,) = links_of(case, guess(missing.sentence, "surname not confirmed"))
    assert link.linked is None
