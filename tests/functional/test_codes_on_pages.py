"""Whole pages with barcodes and form numbers, drawn, read and indexed: what they say of whose and what a page is."""

import numpy as np
import pytest
import zxingcpp

from classify.guess import Decision, DocumentGuess
from classify.index import index_file
from classify.profile import Profile
from ocr.imaging import Image, cv2
from ocr.page import OcrPage
from ocr.read import WORDS_ONLY, read_page
from ocr.signature import Kind
from tests.given.paper import printed, saved
from tests.given.people import SmallRoster

_FORMAT = zxingcpp.BarcodeFormat
NOTE = ["PROGRESS NOTE", "", "The patient rested well and the", "lungs were clear on both sides."]
LABELLED = ["PROGRESS NOTE", "Patient Name: Rivera, Ana M", "MRN: 00123456", "DOB: 03/14/1957", "The lungs were clear."]


def _put(page: Image, text: str, kind: zxingcpp.BarcodeFormat, at: tuple[int, int], module: int = 3) -> None:
    code = np.array(zxingcpp.create_barcode(text, kind).to_image(scale=module, add_quiet_zones=True))
    if kind in (_FORMAT.Code128, _FORMAT.Code39, _FORMAT.UPCA):
        code = np.repeat(code[:1], 90, axis=0) if code.shape[0] < 20 else code[:90]
    page[at[1] : at[1] + code.shape[0], at[0] : at[0] + code.shape[1]] = code


def _read(page: Image) -> OcrPage:
    return read_page(saved([page], "PNG"), Kind.PNG, 1, WORDS_ONLY).page


def _document(page: Image, profile: Profile | None = None) -> DocumentGuess:
    (document,) = index_file([_read(page)], SmallRoster(), profile or Profile()).documents
    return document


def test_a_wristband_code_of_12_mils_links_the_page_that_it_is_stuck_on() -> None:
    page = printed(NOTE, scale=1.2)
    _put(
        page, "00123456|RIVERA^ANA^M|19570314|F|V2400881", _FORMAT.DataMatrix, (1200, 120), module=2
    )  # 10 mils at 200 dpi
    document = _document(page)
    assert document.match.decision == Decision.LINKED
    assert document.match.candidates[0].person.mrn == "00123456"
    name = document.best("name")
    assert name is not None
    assert (name.source, name.box is not None) == ("barcode", True)


def test_another_patients_wristband_code_stops_the_page() -> None:
    page = printed(LABELLED, scale=1.2)
    _put(page, "00200001|OKAFOR^GRACE|19800505|F", _FORMAT.DataMatrix, (1200, 1500), module=2)
    assert _document(page).match.decision == Decision.ASK


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("036000291452", _FORMAT.UPCA),
        ("036000291452", _FORMAT.Code128),
        ("LOT88213", _FORMAT.Code39),
        ("0409-6102-02", _FORMAT.Code128),
        ("47-1123", _FORMAT.Code39),
    ],
)
def test_codes_of_goods_and_forms_take_nothing_from_a_page(text: str, kind: zxingcpp.BarcodeFormat) -> None:
    page = printed(LABELLED, scale=1.2)
    _put(page, text, kind, (700, 1700))
    document = _document(page)
    assert document.match.decision == Decision.LINKED
    assert [value.value for value in document.fields if value.name == "mrn"] == ["00123456"]


def test_a_bare_record_number_beside_the_printed_name_links_by_the_list() -> None:
    page = printed(["PROGRESS NOTE", "RIVERA, ANA M", "", "", "The lungs were clear on both sides."], scale=1.2)
    _put(page, "00123456", _FORMAT.Code39, (120, 320))
    document = _document(page)
    assert document.match.decision == Decision.LINKED
    number = document.best("mrn")
    assert number is not None
    assert (number.value, number.source) == ("00123456", "patient list")


def test_a_form_number_at_the_foot_says_what_a_page_without_a_title_is() -> None:
    page = printed(["seen today and doing well", "lungs clear"], scale=1.2)
    cv2.putText(page, "Standard Form 600 (Rev. 11-2010)", (120, 2080), cv2.FONT_HERSHEY_SIMPLEX, 1.0, 0, 2, cv2.LINE_AA)
    document = _document(page)
    assert document.type.code == "PROGRESS_NOTE"
    assert "form number SF 600" in document.type.evidence
    assert not any(value.name in ("service_date", "encounter", "mrn") for value in document.fields)
