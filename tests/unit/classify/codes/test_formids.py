"""Form numbers at head and foot and in barcodes, and what only looks like one."""

import pytest

from classify import doctypes
from classify.codes.formids import FormId, find_form_ids, is_revision, key_of, numbers_of_patients, standard_forms
from classify.codes.standardforms import STANDARD_FORMS
from classify.doctypes import DocumentType
from classify.profile import Profile
from classify.rows import rows_of
from ocr.page import Barcode, Box
from tests.given.paper import typed

FOOT = "\n" * 49
SLEEP = DocumentType("SLEEP", "Sleep study", "", "", "results", (), (), forms=("47-1123", "HH-1032"))


def _found(
    text: str, profile: Profile | None = None, *codes: str, patients: frozenset[str] = frozenset()
) -> list[FormId]:
    barcodes = [Barcode("Code39", code, Box(2000, 3100, 2300, 3200), "]A0") for code in codes]
    return list(find_form_ids(rows_of(typed(text)), barcodes, patients, profile or Profile()))


@pytest.mark.parametrize(
    ("line", "number", "revision", "place", "is_named"),
    [
        ("Form HH-1032 (Rev. 7/18)", "HH-1032", "7/18", None, True),
        ("CMS-1500 (02-12)", "CMS-1500", "02-12", None, True),
        ("APPROVED OMB-0938-1197 FORM 1500 (02-12)", "Form 1500", "02-12", None, True),
        ("Form CMS-485 (C-3) (02-94)", "CMS-485", "02-94", None, True),
        ("MR 104-7", "MR 104-7", "", None, False),
        ("MR 104-7 Rev. 3/04 Page 1 of 2", "MR 104-7", "3/04", (1, 2), False),
        ("VA FORM 10-10EZ", "VA 10-10EZ", "", None, True),
        ("VA FORM 10-5345 SEP 2018", "VA 10-5345", "SEP 2018", None, True),
        ("Standard Form 600 (Rev. 11-2010)", "SF 600", "11-2010", None, True),
        ("DD FORM 2807-1, OCT 2018", "DD 2807-1", "OCT 2018", None, True),
        ("PAGE 1 OF 2   47-1123  04/2017", "47-1123", "04/2017", (1, 2), False),
        ("Page 2 of 4 MR-104", "MR-104", "", (2, 4), False),
        ("HH-1032 Rev 07/18 Page 1", "HH-1032", "07/18", (1, 0), False),
        ("SAINT MARY HOSPITAL Form 2310-45 (3/12)", "2310-45", "3/12", None, True),
    ],
)  # fmt: skip
def test_a_form_number_is_kept_apart_from_its_revision_and_page(
    line: str, number: str, revision: str, place: tuple[int, int] | None, is_named: bool
) -> None:
    (found,) = _found(FOOT + line)
    assert (found.number, found.revision, found.place, found.is_named) == (number, revision, place, is_named)
    assert found.source == "foot"


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("00123456 04/2017", "a record number and when it was printed"),
        ("RIVERA, ANA 00123456 04/12/2017", "a running foot"),
        ("Rev. 7/18", "a revision alone"),
        ("5/12", "a page or a month"),
        ("Page 3 of 4", "a page"),
        ("form 3 of 4", "a page of a form"),
        ("Room 412", "a room"),
        ("330-555-0101", "a telephone"),
        ("04-2017", "a month"),
        ("03-14-1957", "a birthday"),
        ("BP 120-80 at 0412", "a value"),
        ("Stock No. 3/04", "a stock number"),
        ("0409-6102-02", "a drug code"),
    ],
)
def test_other_numbers_at_the_foot_are_none(line: str, why: str) -> None:
    assert _found(FOOT + line) == [], why


def test_a_form_number_in_the_body_is_not_looked_for() -> None:
    assert _found("\n" * 20 + "see Form HH-1032 (Rev. 7/18)") == []


def test_at_the_head_too() -> None:
    (found,) = _found("VA FORM 10-5345 SEP 2018\n" + "\n".join(["words"] * 30))
    assert (found.number, found.source) == ("VA 10-5345", "head")


def test_a_number_of_the_sites_own_mask_is_a_patients() -> None:
    profile = Profile(mrn_pattern=r"MR-\d{6}")
    assert _found(FOOT + "MR-001234 Page 1 of 2", profile) == []
    assert [one.number for one in _found(FOOT + "Form MR-001234 (Rev. 3/04)", profile)] == ["MR-001234"]


def test_a_number_that_a_label_gives_to_the_patient_is_none() -> None:
    patients = numbers_of_patients(
        [("mrn", "MR-001234", "label"), ("payer", "CMS-1500", "label"), ("mrn", "777", "bare barcode")]
    )
    assert patients == {"MR001234"}
    assert _found(FOOT + "MR-001234 Page 1 of 2", None, "MR001234", patients=patients) == []


def test_a_barcode_is_named_where_print_table_or_site_know_it() -> None:
    by_code = {
        one.number: one.is_named
        for one in _found(FOOT + "Form HH-1032 (Rev. 7/18)", None, "HH1032", "00123456", "MR1047")
    }
    assert by_code == {"HH-1032": True, "HH1032": True, "00123456": False, "MR1047": False}
    (found,) = _found("", Profile(types=(SLEEP,)), "47-1123")
    assert (found.source, found.is_named) == ("barcode", True)


def test_the_site_names_its_own_without_the_word_form() -> None:
    (found,) = _found(FOOT + "47-1123", Profile(types=(SLEEP,)))
    assert found.is_named
    assert _found(FOOT + "47-1123") == []


def test_a_misread_number_is_the_same_form() -> None:
    assert key_of("HH-1O32") == key_of("HH 1032") == key_of("hh1032")
    assert key_of("HH-1032") != key_of("HH-1033")


def test_the_date_behind_a_form_number_is_its_revision() -> None:
    page = typed(FOOT + "Form HH-1032 (Rev. 07/18/2018)")
    ids = find_form_ids(rows_of(page), (), frozenset(), Profile())
    date = next(word for word in page.words if "18" in word.text)
    assert ids[0].revision == "07/18/2018"
    assert is_revision(date.box, ids)
    assert not is_revision(Box(150, 300, 400, 340), ids)


def test_every_public_form_is_of_a_kind_that_is_known() -> None:
    assert all(form.code in doctypes.chart_order() for form in STANDARD_FORMS)
    assert len(standard_forms()) == len(STANDARD_FORMS)
