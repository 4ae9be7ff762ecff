"""Index fields: tables of what is printed and what is found, refusals with their reason."""

from dataclasses import replace

import pytest

from classify.fields import attending, coverage, dates, encounter, mrn, name, sex, social
from classify.fields.find import find_fields
from classify.profile import Profile
from ocr.page import Box, Mark, MarkKind, MarkState
from tests.given.paper import typed

P = Profile()


@pytest.mark.parametrize(
    ("parse", "text", "expected"),
    [
        (mrn.parse, "00123456", ("00123456", True)),
        (mrn.parse, "OO12345G", ("00123456", True)),  # letters read for digits
        (mrn.parse, "MR-001234", ("MR-001234", True)),
        (mrn.parse, "001 234 56", ("00123456", True)),  # set in groups
        (mrn.parse, "00123456 45", ("00123456", True)),  # an age beside it
        (mrn.parse, "pending", None),
        (mrn.parse, "12", None),  # too short to be a number of ours
        (dates.parse_birth, "03/14/1957", ("1957-03-14", True)),
        (dates.parse_birth, "O3/l4/1957", ("1957-03-14", True)),
        (dates.parse_birth, "03/14/2090", ("2090-03-14", False)),  # in the future
        (dates.parse_birth, "see chart", None),
        (dates.parse_birth, "03/14/19 57", ("1957-03-14", True)),  # torn by the scan
        (dates.parse_birth, "03 14 1957", ("1957-03-14", True)),  # the boxes of a form
        (dates.parse, "02/01/2024 14:05", ("2024-02-01", True)),
        (dates.parse, "14:05", None),
        (social.parse, "372-26-2081", ("2081", True)),
        (social.parse, "XXX-XX-2081", ("2081", True)),
        (social.parse, "***2081", ("2081", True)),
        (social.parse, "372 26 2O81", ("2081", True)),  # a letter read for a digit
        (social.parse, "666-26-2081", ("2081", False)),  # never given
        (social.parse, "000-26-2081", ("2081", False)),
        (social.parse, "on file", None),
        (sex.parse, "Female", ("F", True)),
        (sex.parse, "M", ("M", True)),
        (sex.parse, "Married", None),  # a word that begins with M
        (name.parse, "Rivera, Ana M", ("RIVERA, ANA M", True)),
        (name.parse, "Ana Rivera", ("RIVERA, ANA", True)),
        (name.parse, "Date of Birth", None),  # a label
        (name.parse, "was seen today", None),  # a sentence
        (name.parse, "Rivera 123", None),
        (encounter.parse, "V2400881", ("V2400881", True)),
        (encounter.parse, "none", None),
        (attending.parse, "Wei Chen, MD", ("CHEN, WEI", True)),
        (coverage.parse_member, "1EG4-TE5-MK73", ("1EG4TE5MK73", True)),
        (coverage.parse_member, "IEG4TE5MK7Z", ("1EG4TE5MK72", True)),  # repaired by the MBI pattern
        (coverage.parse_member, "12", None),
        (coverage.parse_payer, "Blue Harbor Health Plan", ("Blue Harbor Health Plan", True)),
        (coverage.parse_payer, "I understand that the plan", None),
        (coverage.parse_group, "GRP1234", ("GRP1234", True)),
    ],
)  # fmt: skip
def test_values_are_read_and_other_text_is_refused(parse, text, expected) -> None:  # type: ignore[no-untyped-def]
    assert parse(text, P) == expected


def test_an_mbi_has_no_letter_that_looks_like_a_digit() -> None:
    assert coverage.MBI.fullmatch("1EG4TE5MK73")
    assert not coverage.MBI.fullmatch("1SG4TE5MK73")
    assert coverage.repair_mbi("1SG4TE5MK73") is None  # a letter place stays wrong: ask


LAYOUTS = {
    "colon": "Patient Name: Rivera, Ana M      MRN: 00123456\nDOB: 03/14/1957   Sex: F\nEncounter: V2400881",
    "glued": "Name:Rivera, Ana M\nMRN:00123456\nDOB:03/14/1957\nSex:F\nFIN:V2400881",
    "boxed": "PATIENT NAME              MEDICAL RECORD NUMBER      DATE OF BIRTH\nRivera, Ana M             00123456                   03/14/1957\n\nSEX                       ENCOUNTER NUMBER\nFemale                    V2400881",
    "other words": "Patient: Ana M. Rivera          Medical Record No: 00123456\nDate of Birth: 14 Mar 1957      Gender: F\nVisit No: V2400881",
    "misread labels": "Patlent Name: Rivera, Ana M\nMedical Recard Number: 00123456\nDate of 8irth: 03/14/1957\nSex: F\nEncounter Numher: V2400881",
}  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS)
def test_identity_is_found_in_every_layout(layout: str) -> None:
    best: dict[str, str] = {}
    for value in find_fields(typed("LAKESIDE GENERAL HOSPITAL\n" + LAYOUTS[layout]), P):
        best.setdefault(value.name, value.value)
    assert best == {
        "facility": "LAKESIDE GENERAL HOSPITAL",
        "name": "RIVERA, ANA M",
        "mrn": "00123456",
        "dob": "1957-03-14",
        "sex": "F",
        "encounter": "V2400881",
    }


def test_a_value_knows_its_page_box_and_source() -> None:
    found = {v.name: v for v in find_fields(typed("MRN: 00123456", number=3), P)}["mrn"]
    assert (found.page, found.source, found.raw) == (3, "label", "00123456")
    assert found.box is not None
    assert found.box.left == 150 + 5 * 20


def test_a_value_read_badly_is_less_sure() -> None:
    good, bad = (find_fields(typed("MRN: 00123456", confidence=c), P)[0].confidence for c in (0.95, 0.1))
    assert bad < 0.5 < 0.9 < good


def test_dates_keep_their_roles() -> None:
    text = "Admission Date: 02/01/2024    Discharge Date: 02/06/2024\nDate of Service: 02/03/2024\nDOB: 03/14/1957\nPrinted: 01/01/2026"
    found = {v.name: v.value for v in find_fields(typed(text), P)}
    assert found == {
        "admit_date": "2024-02-01",
        "discharge_date": "2024-02-06",
        "service_date": "2024-02-03",
        "dob": "1957-03-14",
        "printed_date": "2026-01-01",
    }


def test_an_empty_form_gives_no_values() -> None:
    text = "Patient Name:            MRN:\nDate of Birth:           Sex:\nInsurance:     Member ID:      Group No:\nAddress:     Phone:"
    assert find_fields(typed(text), P) == ()


def test_a_site_may_name_its_own_labels() -> None:
    profile = Profile(labels={"mrn": ["Aktenzeichen"]})
    assert find_fields(typed("Aktenzeichen: 00123456"), profile)[0].value == "00123456"


def test_a_label_barcode_is_evidence() -> None:
    found = find_fields(typed("", barcodes=("MRN:00123456", "S1|P|1|2|00", "hello")), P)
    assert [(v.name, v.value, v.source) for v in found] == [("mrn", "00123456", "barcode")]


@pytest.mark.parametrize(
    "label",
    ["Maiden Name", "Nurse Name", "Interpreter Name", "Caller Name", "Child's Name", "Guardian Name", "Husband's Name", "Nearest relative name"],
)  # fmt: skip
def test_a_name_with_another_word_before_its_label_is_not_the_patients(label: str) -> None:
    found = find_fields(typed(f"CONSENT\n{label}: GONZALEZ, MARIA"), P)
    assert [v for v in found if v.name == "name" and v.confidence >= 0.5] == []


@pytest.mark.parametrize(
    "line", ["Mother's MRN: 12345678", "Donor MRN: 12345678", "Guardian DOB: 01/02/1980", "Child DOB: 01/02/1980"]
)
def test_numbers_and_birthdays_of_others_are_not_the_patients(line: str) -> None:
    assert [v for v in find_fields(typed(line), P) if v.confidence >= 0.5] == []


@pytest.mark.parametrize(
    "heading", ["GUARANTOR INFORMATION", "PARENT/GUARDIAN INFORMATION", "NEXT OF KIN", "Emergency Contact"]
)
def test_a_block_about_a_relative_is_not_believed(heading: str) -> None:
    text = f"PATIENT REGISTRATION\nPatient Name: ________\n{heading}\nRelationship: Father\nName: RIVERA, PEDRO\nDOB: 02/03/1980"
    assert [v for v in find_fields(typed(text), P) if v.name in ("name", "dob") and v.confidence >= 0.5] == []


def test_an_empty_or_foreign_label_barcode_says_nothing() -> None:
    assert find_fields(typed("", barcodes=("MRN:", "MRN: ", "MRN:x")), P) == ()


@pytest.mark.parametrize("state", [MarkState.PRESENT, MarkState.ABSENT, MarkState.UNCLEAR])
def test_a_signature_line_is_a_field_with_its_place(state: MarkState) -> None:
    line = Mark(MarkKind.SIGNATURE, Box(100, 900, 700, 1000), state)
    found = [v for v in find_fields(replace(typed("CONSENT FOR SURGERY"), marks=(line,)), P) if v.name == "signature"]
    assert [(v.value, v.box) for v in found] == [(state.value, line.box)]
    assert found[0].confidence < 0.95  # a suggestion: a person confirms it


def test_of_a_social_security_number_no_more_than_its_last_four_digits_is_kept() -> None:
    found = {v.name: v for v in find_fields(typed("FACE SHEET\nName: Rivera, Ana\nSSN: 372-26-2081   Sex: F"), P)}
    assert (found["ssn4"].value, found["ssn4"].raw) == ("2081", "2081")


def test_a_value_read_at_a_coarse_resolution_is_never_taken_for_sure() -> None:
    fine = typed("Patient Name: Rivera, Ana\nMRN: 00123456\nDOB: 03/14/1957")
    coarse = replace(fine, dpi=150)
    sure = {value.name: value.confidence for value in find_fields(fine, Profile())}
    unsure = {value.name: value.confidence for value in find_fields(coarse, Profile())}
    assert sure["mrn"] >= 0.95
    assert unsure["mrn"] <= 0.88
