"""Rules of a site: where a pattern must stand, what must not, and what decided."""

import pytest

from classify.rows import rows_of
from classify.typerules import LONGEST_ROW, TypeRule, Where, Which, find_hits, stress_texts
from ocr.page import Box
from tests.given.paper import typed

RUN_SHEET = "(?i)treatment\\s+run\\s+sheet"


def _fits(rule: TypeRule, *texts: str) -> list[tuple[int, str]]:
    pages = [(number, rows_of(typed(text, number))) for number, text in enumerate(texts, start=1)]
    return [(hit.page, hit.words) for hit in find_hits(pages, [rule])]


@pytest.mark.parametrize(
    ("where", "text", "fits"),
    [
        (Where.HEAD, "TREATMENT RUN SHEET", True),
        (Where.HEAD, "\n" * 30 + "treatment run sheet", False),
        (Where.FOOT, "\n" * 49 + "treatment run sheet", True),
        (Where.FOOT, "TREATMENT RUN SHEET", False),
        (Where.ANYWHERE, "\n" * 30 + "treatment run sheet", True),
        (Where.HEAD, "TREATMENT\nRUN SHEET", True),
        (Where.HEAD, "TREATMENT   RUN  SHEET", True),
        (Where.HEAD, "RUN SHEET", False),
    ],
)
def test_a_pattern_is_looked_for_in_its_part_of_the_page(where: Where, text: str, fits: bool) -> None:
    assert bool(_fits(TypeRule(1, "DIALYSIS", RUN_SHEET, where), text)) is fits


def test_rows_are_lines_and_words_are_told_with_their_page_and_place() -> None:
    rule = TypeRule(3, "DIALYSIS", "^RUN SHEET$")
    (hit,) = find_hits([(7, rows_of(typed("UNIT 4\nRUN SHEET\nNotes")))], [rule])
    assert (hit.words, hit.page, hit.box) == ("RUN SHEET", 7, Box(150, 210, 330, 250))
    assert hit.sentence == "rule 3 of the profile: “RUN SHEET”"
    assert _fits(rule, "RUN SHEET 4") == []


def test_what_must_not_be_there_takes_a_rule_back() -> None:
    rule = TypeRule(1, "DIALYSIS", RUN_SHEET, unless="(?i)education")
    assert _fits(rule, "Treatment run sheet") == [(1, "Treatment run sheet")]
    assert _fits(rule, "Treatment run sheet\nPatient education") == []


@pytest.mark.parametrize(("page", "pages"), [(Which.FIRST, [1]), (Which.LAST, [3]), (Which.ANY, [1])])
def test_a_pattern_is_looked_for_on_its_page(page: Which, pages: list[int]) -> None:
    everywhere = ("RUN SHEET", "RUN SHEET", "RUN SHEET")
    assert [number for number, _ in _fits(TypeRule(1, "DIALYSIS", "RUN SHEET", page=page), *everywhere)] == pages


def test_any_page_may_be_one_in_the_middle() -> None:
    rule = TypeRule(1, "DIALYSIS", "RUN SHEET", page=Which.ANY)
    assert _fits(rule, "NOTE", "RUN SHEET", "NOTE") == [(2, "RUN SHEET")]
    assert _fits(TypeRule(1, "DIALYSIS", "RUN SHEET", page=Which.LAST), "NOTE", "RUN SHEET", "NOTE") == []


def test_a_page_of_nothing_fits_no_rule() -> None:
    assert _fits(TypeRule(1, "DIALYSIS", "RUN SHEET", Where.HEAD), "") == []
    assert find_hits([], [TypeRule(1, "DIALYSIS", "RUN SHEET")]) == ()


def test_the_texts_that_try_a_pattern_are_made_of_what_it_looks_for() -> None:
    texts = list(stress_texts("(?:x|x)*yard"))
    assert any(text.startswith("x" * 300) for text in texts)
    assert any(text.startswith("yardyard") for text in texts)
    assert all(len(line) == LONGEST_ROW for text in texts for line in text.split("\n"))
