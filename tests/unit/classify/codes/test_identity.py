"""Whose a document is by its barcodes, and barcodes that mislead: other patients', lots, form numbers, licences."""

from dataclasses import replace

import pytest

from classify.anchored.mentions import Mention, find_mentions
from classify.anchored.tokens import Kind
from classify.doubts import DoubtCode
from classify.guess import BARE, LICENCE, Decision, DocumentGuess
from classify.index import index_file
from classify.profile import Profile
from classify.split import read_facts
from ocr.page import Barcode, Box, OcrPage
from tests.given.paper import typed
from tests.given.people import SmallRoster
from tests.unit.classify.codes.test_payloads import LICENCE as LICENCE_TEXT

LABEL = "00123456|RIVERA^ANA^M|19570314|F|V2400881"
TWINS_LABEL = "00200001|OKAFOR^GRACE|19800505|F"
AT_THE_LABEL = Box(150, 270, 600, 330)
LABELLED = (
    "PROGRESS NOTE\nPatient Name: Rivera, Ana M\nMRN: 00123456\nDOB: 03/14/1957\n" + "Seen today, doing well.\n" * 10
)


def _page(
    text: str, *codes: tuple[str, Box], kind: str = "Code128", symbology: str = "]C0", number: int = 1
) -> OcrPage:
    barcodes = tuple(Barcode(kind, said, box, symbology) for said, box in codes)
    return replace(typed(text, number), barcodes=barcodes)


def _document(*pages: OcrPage, profile: Profile | None = None) -> DocumentGuess:
    (document,) = index_file(list(pages), SmallRoster(), profile or Profile()).documents
    return document


def _mrn(document: DocumentGuess) -> str:
    return document.match.candidates[0].person.mrn if document.match.candidates else ""


STICKER = "PROGRESS NOTE\n\nRIVERA, ANA M    F\n\n\n\nSeen today, doing well."


def test_a_bare_number_beside_the_name_links_by_the_patient_list() -> None:
    document = _document(_page(STICKER, ("00123456", AT_THE_LABEL)))
    assert (document.match.decision, _mrn(document)) == (Decision.LINKED, "00123456")
    value = document.best("mrn")
    assert value is not None
    assert (value.source, value.box) == ("patient list", AT_THE_LABEL)


@pytest.mark.parametrize("said", ["*00123456*", "M00123456", "$00123456"])
def test_stars_and_letters_make_no_other_patient(said: str) -> None:
    assert _document(_page(STICKER, (said, AT_THE_LABEL))).match.decision == Decision.LINKED


def test_a_visit_number_needs_the_birthday_beside_it_as_in_print() -> None:
    assert _document(_page(STICKER, ("V2400881", AT_THE_LABEL))).match.decision == Decision.ASK
    with_birthday = STICKER.replace("M    F", "M    F  03/14/1957")
    assert _document(_page(with_birthday, ("V2400881", AT_THE_LABEL))).match.decision == Decision.LINKED


def test_a_bare_number_alone_links_nobody() -> None:
    document = _document(_page("PROGRESS NOTE\nSeen today, doing well.", ("00123456", AT_THE_LABEL)))
    assert document.match.decision != Decision.LINKED
    value = document.best("mrn")
    assert value is not None
    assert (value.source, value.confidence < 0.5) == (BARE, True)


def test_the_number_under_the_bars_is_a_second_voice_and_no_second_identifier() -> None:
    """One misread character of it contradicts nobody, and it makes two of nothing."""
    for under in ("00123456", "00123458", "OO123456"):
        text = f"PROGRESS NOTE\n\nRIVERA, ANA M    F\n{under}\n\n\nSeen today, doing well."
        document = _document(_page(text, ("00123456", Box(150, 275, 600, 325))))
        assert document.match.decision == Decision.LINKED, under
    alone = _page("PROGRESS NOTE\n\n\n00123456\nSeen today.", ("00123456", Box(150, 275, 600, 325)))
    assert _document(alone).match.decision != Decision.LINKED


def test_another_number_under_a_form_code_is_no_caption() -> None:
    page = _page("PROGRESS NOTE\n\n\n00200001\n", ("471123", Box(150, 275, 600, 325)))
    facts = read_facts(page, Profile())
    numbers = [m.text for m in find_mentions(page, facts.rows, facts.fields, Profile())[0].of(Kind.NUMBER)]
    assert sorted(numbers) == ["00200001", "471123"]


def test_print_beside_a_label_says_what_a_bare_number_is() -> None:
    document = _document(_page(LABELLED, ("00123456", Box(1500, 150, 2000, 250))))
    assert document.match.decision == Decision.LINKED
    value = document.best("mrn")
    assert value is not None
    assert (value.value, value.source, value.confidence) == ("00123456", "barcode", 0.995)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("471123", "a form-id barcode"),
        ("036000291452", "the digits of a UPC"),
        ("0409-6102-02", "a drug code"),
        ("LOT88213", "a lot"),
        ("99881234567", "the number of a cheque"),
    ],
)
def test_other_barcodes_take_nothing_from_a_labelled_page(said: str, why: str) -> None:
    foot = (said, Box(1800, 3150, 2300, 3230))
    with_code, without = _document(_page(LABELLED, foot)), _document(_page(LABELLED))
    assert with_code.match.decision == Decision.LINKED, why
    assert [v for v in with_code.fields if v.name == "mrn"] == [v for v in without.fields if v.name == "mrn"]


def test_a_label_with_several_values_links_by_itself() -> None:
    page = _page("PROGRESS NOTE\nSeen today.", (LABEL, Box(2000, 150, 2100, 250)), kind="DataMatrix", symbology="]d1")
    document = _document(page)
    assert (document.match.decision, _mrn(document)) == (Decision.LINKED, "00123456")
    assert {v.name: v.source for v in document.fields if v.name in ("name", "dob")} == {
        "name": "barcode",
        "dob": "barcode",
    }
    assert document.fields[0].box == Box(2000, 150, 2100, 250)


@pytest.mark.parametrize(
    ("said", "kind"),
    [(TWINS_LABEL, "DataMatrix"), ("MRN:00200001", "Code128")],
)
def test_another_patients_label_stops_the_document(said: str, kind: str) -> None:
    document = _document(_page(LABELLED, (said, Box(1800, 300, 2000, 400)), kind=kind))
    assert document.match.decision == Decision.ASK
    assert any(doubt.code is DoubtCode.OTHER_VALUE for doubt in document.doubts)


@pytest.mark.parametrize("printed", ["RIVERA, ANA M    F", "Ana Rivera"])
def test_a_label_code_of_somebody_else_than_print_names_is_asked_about(printed: str) -> None:
    page = _page(
        f"PROGRESS NOTE\n\n{printed}\n\nSeen today.", (TWINS_LABEL, Box(1800, 300, 2000, 400)), kind="DataMatrix"
    )
    document = _document(page)
    assert document.match.decision == Decision.ASK
    assert any(doubt.code is DoubtCode.NAMES_ANOTHER for doubt in document.doubts)


def test_a_label_code_whose_name_is_printed_beside_it_is_not_asked_about() -> None:
    text = "PROGRESS NOTE\n\nRIVERA, ANA M    F\n\nDr. Wei Chen, MD\nSeen today."
    page = _page(text, (LABEL, Box(1800, 300, 2000, 400)), kind="DataMatrix")
    assert _document(page).match.decision == Decision.LINKED


def test_another_patients_bare_number_beside_their_name_stops_the_document() -> None:
    text = LABELLED + "\n\nOKAFOR, GRACE"
    row = 4 + 10 + 2
    code = ("00200001", Box(600, 150 + 60 * row, 900, 190 + 60 * row))
    assert _document(_page(text, code)).match.decision == Decision.ASK


def test_a_number_with_a_right_check_digit_that_is_another_stops_the_document() -> None:
    profile = Profile(mrn_pattern=r"\d{8}", mrn_check_digit="luhn")
    text = LABELLED.replace("00123456", "00123455")
    twin = "00200006"
    document = _document(_page(text, (twin, Box(1800, 300, 2200, 380))), profile=profile)
    assert document.match.decision != Decision.LINKED
    assert any(doubt.code is DoubtCode.OTHER_VALUE for doubt in document.doubts)


def test_a_licence_alone_links_nobody_and_shows_whom_it_fits() -> None:
    document = _document(_page("OHIO", (LICENCE_TEXT, Box(300, 900, 900, 1100)), kind="PDF417"))
    assert document.match.decision == Decision.ASK
    assert _mrn(document) == "00123456"
    assert {v.source for v in document.fields if v.name in ("name", "dob")} == {LICENCE}


def test_the_licence_of_a_guarantor_stops_the_patients_document() -> None:
    others = LICENCE_TEXT.replace("DCSRIVERA", "DCSCHEN").replace("DACANA", "DACWEI").replace("03141957", "01021950")
    document = _document(_page(LABELLED, (others, Box(300, 1900, 900, 2100)), kind="PDF417"))
    assert document.match.decision == Decision.ASK


@pytest.mark.parametrize(
    "foot",
    [
        "Form HH-1032 (Rev. 05/05/1980)",
        "MR 104-7 Rev. 3/04 Page 1 of 1",
        "FORM 00200001 (Rev. 3/04)",
        "PAGE 1 OF 1  47-1123  04/2017",
    ],
)
def test_a_form_number_and_its_revision_are_nobodys(foot: str) -> None:
    """A form number that looks like another's record number, and a revision that is another's birthday."""
    text = LABELLED + "\n" * (48 - LABELLED.count("\n")) + foot
    document = _document(_page(text))
    assert (document.match.decision, _mrn(document)) == (Decision.LINKED, "00123456"), document.doubts


def test_a_foot_that_may_as_well_name_another_patient_is_asked_about() -> None:
    text = LABELLED + "\n" * (48 - LABELLED.count("\n")) + "MR 00200001 Rev. 3/04 Page 1 of 1"
    assert _document(_page(text)).match.decision == Decision.ASK


def test_a_form_code_that_looks_like_a_record_number_is_a_form_where_print_says_so() -> None:
    text = LABELLED + "\n" * (48 - LABELLED.count("\n")) + "Form 00200001 (Rev. 3/04)"
    assert _document(_page(text, ("00200001", Box(1800, 3050, 2200, 3120)))).match.decision == Decision.LINKED


def _mentions(page: OcrPage) -> list[Mention]:
    facts = read_facts(page, Profile())
    return [
        m
        for part in find_mentions(page, facts.rows, facts.fields, Profile(), form_ids=facts.form_ids)
        for m in part.found
    ]


def test_a_separator_and_a_licence_mention_nobody() -> None:
    assert _mentions(_page("", (LICENCE_TEXT, AT_THE_LABEL), kind="PDF417")) == []
    assert _mentions(_page("", ("S1|P|00123456||00", AT_THE_LABEL), kind="QRCode")) == []
