"""The table of document types."""

from pathlib import Path

import pytest

from classify import doctypes
from classify.identify import identify
from classify.rows import rows_of
from tests.given.paper import typed

_KINDS = [kind for kind in doctypes.TYPES if kind.titles]
_SPEAKS_BY_BODY = {"CORRESPONDENCE", "INSURANCE_CARD", "PHOTO_ID", "CLINICAL_PHOTO"}


def test_there_are_sixty_one_kinds_and_other() -> None:
    codes = [kind.code for kind in doctypes.TYPES]
    assert len(codes) == len(set(codes)) == 62
    assert doctypes.OTHER in codes


@pytest.mark.parametrize("kind", doctypes.TYPES, ids=lambda kind: kind.code)
def test_every_loinc_code_has_its_check_digit(kind: doctypes.DocumentType) -> None:
    assert not kind.loinc or doctypes.loinc_is_valid(kind.loinc)


@pytest.mark.parametrize("wrong", ["34117-3", "18842-4", "x", "1-", ""])
def test_a_mistyped_loinc_code_is_noticed(wrong: str) -> None:
    assert not doctypes.loinc_is_valid(wrong)


def test_the_drawn_table_in_the_docs_is_the_table() -> None:
    written = Path(__file__).parents[3] / "docs" / "document-types.md"
    assert written.read_text(encoding="utf-8") == doctypes.draw_types()


def test_no_title_belongs_to_two_kinds() -> None:
    titles = [title for kind in doctypes.TYPES for title in kind.titles]
    assert len(titles) == len(set(titles))


def test_every_kind_has_a_place_in_the_chart() -> None:
    assert set(doctypes.chart_order()) == {kind.code for kind in doctypes.TYPES}


@pytest.mark.parametrize("kind", _KINDS, ids=lambda kind: kind.code)
def test_a_page_headed_with_its_title_is_recognised(kind: doctypes.DocumentType) -> None:
    page = typed(
        f"LAKESIDE GENERAL HOSPITAL\n{kind.titles[0].upper()}\nPatient: Rivera, Ana\nMRN: 00123456\n"
        + "\n".join(kind.cues[:3])
    )
    best = identify(rows_of(page), 1)[0]
    assert best.code == kind.code
    assert best.confidence >= 0.75


@pytest.mark.parametrize("kind", [k for k in _KINDS if len(k.titles[0]) > 9], ids=lambda kind: kind.code)
def test_one_misread_letter_in_the_title_is_forgiven(kind: doctypes.DocumentType) -> None:
    title = kind.titles[0].upper()
    misread = title[:4] + ("8" if title[4] != "8" else "B") + title[5:]
    page = typed(f"LAKESIDE GENERAL HOSPITAL\n{misread}\nPatient: Rivera, Ana\n" + "\n".join(kind.cues[:3]))
    assert identify(rows_of(page), 1)[0].code == kind.code


@pytest.mark.parametrize(
    "text",
    [
        "Menu of the day\nsoup, bread and cheese\ncoffee",
        "Dr Smith asked about parking at the hospital and whether the cafeteria was open on Sunday evening",
        "",
        "0 0 0 1 1 1 x y z",
    ],
)
def test_what_is_no_chart_paper_is_not_recognised(text: str) -> None:
    assert identify(rows_of(typed(text)), 1)[0].confidence < 0.75
