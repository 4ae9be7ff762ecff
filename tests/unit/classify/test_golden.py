"""Golden documents: a page as it was read beside what must be found on it.

tests/golden/*.txt: one for every misfire that was seen; a line `expect {json}`, a line of dashes, the page.

tests/golden/types/CODE.txt: one for every document type, with all of its index fields and nothing else. What a records
clerk takes from the page is expected; what the code does not do of it is listed with its reason, in `not_yet` (a value
that is not found) or `wrong_today` (values taken for sure that are not right), and only as long as it lasts.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from classify.doctypes import OTHER, TYPES
from classify.fields.ranked import base_of
from classify.fields.table import TITLES
from classify.index import BELIEVED, sort_file, weighed
from classify.kinds import tell_kind
from classify.profile import Profile
from classify.split import read_facts
from tests.given.paper import typed

GOLDEN = sorted((Path(__file__).parents[2] / "golden").glob("*.txt"))
_SURE = 0.9
TYPE_PAGES = sorted((Path(__file__).parents[2] / "golden" / "types").glob("*.txt"))


@pytest.mark.parametrize("file", GOLDEN, ids=lambda file: file.stem)
def test_a_golden_document_is_understood(file: Path) -> None:
    head, _, text = file.read_text(encoding="utf-8").partition("\n---\n")
    expected = json.loads(head.removeprefix("expect "))
    facts = read_facts(typed(text), Profile())
    values = weighed(facts.fields)
    kind = tell_kind(facts.rows, Profile())[0].code
    for name, wanted in expected.items():
        if name == "type":
            assert kind == wanted
        elif name == "type_is_not":
            assert kind != wanted
        elif name == "npi_valid":
            assert [v.is_valid for v in values if v.name == "npi"] == [wanted]
        else:
            found = next((v for v in values if v.name == name), None)
            if wanted is None:
                assert found is None or found.confidence < _SURE, (name, found)
            else:
                assert found is not None, name
                assert found.value == wanted


def test_there_are_golden_documents() -> None:
    assert len(GOLDEN) >= 14


@dataclass(frozen=True, slots=True)
class Reading:
    """What a page of a type must give, and where the code falls short of it: recorded in the file, and today."""

    expected: dict[str, str]
    reasons: tuple[str, ...]
    not_yet: frozenset[str]
    wrong_today: frozenset[tuple[str, str]]
    missing: frozenset[str]
    wrong: frozenset[tuple[str, str]]


@cache
def _read(file: Path) -> Reading:
    head, _, text = file.read_text(encoding="utf-8").partition("\n---\n")
    expected = json.loads(head.removeprefix("expect "))
    not_yet, wrong_today = expected.pop("not_yet", {}), expected.pop("wrong_today", {})
    (draft,) = sort_file([typed(text)], Profile()).drafts
    sure = {(value.name, value.value) for value in draft.guess.fields if value.confidence >= _SURE}
    wrong = {*sure, ("type", draft.guess.type.code)} - set(expected.items())
    best = {name: draft.guess.best(name) for name in expected if name != "type"}
    found = {
        name for name, value in best.items() if value and value.confidence >= BELIEVED and value.value == expected[name]
    }
    return Reading(
        expected,
        (*not_yet.values(), *(entry["reason"] for entry in wrong_today.values())),
        frozenset(not_yet),
        frozenset((name, value) for name, entry in wrong_today.items() for value in _listed(entry["value"])),
        frozenset(best) - found - {name for name, _ in wrong},
        frozenset(wrong),
    )


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def test_every_document_type_has_a_golden_page() -> None:
    assert {file.stem for file in TYPE_PAGES} == {row.code for row in TYPES} - {OTHER}


@pytest.mark.parametrize("file", TYPE_PAGES, ids=lambda file: file.stem)
def test_a_page_gives_all_of_its_values_and_no_others(file: Path) -> None:
    page = _read(file)
    assert page.missing - page.not_yet == frozenset(), "values of the page that are not found"
    assert page.wrong - page.wrong_today == frozenset(), "values taken for sure that the page does not give"


@pytest.mark.parametrize("file", TYPE_PAGES, ids=lambda file: file.stem)
def test_a_shortfall_is_listed_only_as_long_as_it_lasts(file: Path) -> None:
    page = _read(file)
    assert page.not_yet - page.missing == frozenset(), "found now, or found wrongly: take it off `not_yet`"
    assert page.wrong_today - page.wrong == frozenset(), "no longer taken for sure: take it off `wrong_today`"


@pytest.mark.parametrize("file", TYPE_PAGES, ids=lambda file: file.stem)
def test_what_a_golden_page_expects_is_well_formed(file: Path) -> None:
    page = _read(file)
    assert page.expected["type"] == file.stem
    assert {base_of(name) for name in page.expected} <= {"type", "ssn4", *TITLES}, "an index field"
    assert page.not_yet <= set(page.expected), "only an expected value can be missing"
    assert all(len(reason.split()) >= 3 for reason in page.reasons), "a reason in words"
