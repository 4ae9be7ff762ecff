"""Codes of several values: labels, wristbands, GS1, HL7 and licences; and codes that only look like one."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classify.anchored.mentions import find_mentions
from classify.codes.payloads import read_code
from classify.profile import Profile
from classify.separators import make_payload
from classify.split import read_facts
from ocr.page import Barcode, Box
from tests.given.paper import typed

RIVERA = {("name", "RIVERA, ANA M"), ("dob", "1957-03-14"), ("sex", "F")}

LICENCE = (
    "@\n\x1e\rANSI 636023080102DL00410278ZO03190008DLDBA03142029\nDCSRIVERA\nDDEN\nDACANA\nDDFN\nDADMARIA\nDDGN\n"
    "DBB03141957\nDBC2\nDAG12 ELM STREET\nDAIAKRON\nDAJOH\nDAK443050000\nDAQRT123456\n"
)


def _read(text: str, symbology: str = "", profile: Profile | None = None) -> tuple[str, set[tuple[str, str]]]:
    found = read_code(Barcode("DataMatrix", text, Box(0, 0, 90, 90), symbology), profile or Profile())
    return (found.kind, {(part.field, part.value) for part in found.parts}) if found else ("", set())


@pytest.mark.parametrize(
    ("text", "kind", "values"),
    [
        ("00123456|RIVERA^ANA^M|19570314|F|V2400881", "label", RIVERA | {("", "00123456"), ("", "V2400881")}),
        ("RIVERA, ANA M;03/14/1957;F;00123456", "label", RIVERA | {("", "00123456")}),
        ("00123456^RIVERA^ANA^03141957^F", "label", {("name", "RIVERA, ANA"), ("dob", "1957-03-14"), ("sex", "F"), ("", "00123456")}),
        ("00123456,RIVERA,ANA,19570314,F", "label", {("name", "RIVERA, ANA"), ("dob", "1957-03-14"), ("sex", "F"), ("", "00123456")}),
        ("MRN:00123456", "key and value", {("mrn", "00123456")}),
        ("MRN=00123456;NAME=RIVERA^ANA^M;DOB=19570314;SEX=F", "key and value", RIVERA | {("mrn", "00123456")}),
        ("MR#: 00123456\nVisit No: V2400881", "key and value", {("mrn", "00123456"), ("encounter", "V2400881")}),
        ("PID|1||00123456^^^LAKE^MR||RIVERA^ANA^M||19570314|F\rPV1|1|I|||||||||||||||||V2400881", "HL7",
         RIVERA | {("mrn", "00123456"), ("encounter", "V2400881")}),
    ],
)  # fmt: skip
def test_labels_say_whose_they_are(text: str, kind: str, values: set[tuple[str, str]]) -> None:
    assert _read(text) == (kind, values)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("RIVERA^ANA^M^JR^MS", "RIVERA, ANA M JR"),
        ("RIVERA^ANA^^^", "RIVERA, ANA"),
        ("DE LA CRUZ^ANA", "DE LA CRUZ, ANA"),
        ("O'BRIEN, SEÁN", "O'BRIEN, SEÁN"),
        ("RIVERA", ""),
        ("<B>^ANA", ""),
        ("ROOM 4^BED 2", ""),
        ("A" * 70 + "^" + "B" * 70, ""),
    ],
)
def test_a_name_is_letters_in_its_parts(said: str, name: str) -> None:
    assert _read(f"NAME={said}")[1] == ({("name", name)} if name else set())


def test_a_licence_is_its_holders() -> None:
    assert _read(LICENCE) == (
        "licence",
        {("name", "RIVERA, ANA MARIA"), ("dob", "1957-03-14"), ("sex", "F"), ("address", "12 ELM STREET AKRON, OH 44305")},
    )  # fmt: skip


def _gs1(number: str) -> str:
    """A service relation number with its check digit."""
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(number)))
    return number + str(-total % 10)


@pytest.mark.parametrize(
    ("text", "values", "why"),
    [
        ("8018" + _gs1("06141410012345678"), {("mrn", "0012345678")}, "the number behind the company prefix"),
        ("8018" + _gs1("06141410012345678")[:-1] + "x", set(), "no number"),
        ("8018" + _gs1("95060001234567890"), set(), "another organisation's"),
        ("8017" + _gs1("06141410012345678"), set(), "the caregiver's"),
        ("0100614141123452" + "17280101" + "10A77" + "\x1d" + "2100123456", set(), "a product with lot and serial number"),
        ("2100123456", {("", "00123456")}, "a serial number alone is looked up"),
        ("725019570314" + "7253RIVERA\x1d" + "7254ANA\x1d" + "72522" + "9000123456", {
            ("dob", "1957-03-14"), ("name", "RIVERA, ANA"), ("sex", "F"), ("", "00123456")}, "who it is, and the site's own number"),
    ],
)  # fmt: skip
def test_gs1_element_strings(text: str, values: set[tuple[str, str]], why: str) -> None:
    profile = Profile(gs1_company_prefix="0614141")
    assert _read(text, "]d2", profile)[1] == values, why
    assert _read("\x1d" + text, "", profile)[1] == values, "marked by FNC1 where the reading is of an earlier version"


def test_without_a_company_prefix_a_service_relation_number_says_nothing() -> None:
    assert _read("8018" + _gs1("06141410012345678"), "]d2") == ("", set())


@pytest.mark.parametrize(
    "text",
    [
        "00123456",
        make_payload("P", "00123456", "V2400881"),
        "https://example.org/a;b;c",
        "LOT 42|EXP 20280101|REF 10021",
        "ACME, INC;12 ELM ST;44305",  # no birthday
        "RIVERA^ANA|CHEN^WEI|19570314",  # two names
        "RIVERA^ANA|20990314|00123456",  # a day to come
        "8018",
        "",
    ],
)
def test_other_codes_name_nobody(text: str) -> None:
    assert _read(text) == ("", set())


PIECES = st.sampled_from(
    ["00123456", "RIVERA^ANA", "RIVERA, ANA", "19570314", "F", "|", "^", ";", ",", "\x1d", "\n", "8018", "7250", "01", "PID|", "PV1|",
     "@\n\x1e\rANSI ", "DCSRIVERA", "DACANA", "DBB", "MRN:", "NAME=", "²³¹", "é" * 90, "=", "~", "0" * 20, "A" * 40]
)  # fmt: skip


@given(
    text=st.lists(PIECES | st.text(max_size=8), max_size=12).map("".join),
    symbology=st.sampled_from(["", "]d1", "]d2", "]C1"]),
)
def test_no_text_in_a_code_breaks_its_reading(text: str, symbology: str) -> None:
    profile = Profile(mrn_check_digit="mod11", encounter_check_digit="luhn", gs1_company_prefix="0614141")
    code = Barcode("DataMatrix", text, Box(0, 0, 90, 90), symbology)
    page = replace(typed("RIVERA, ANA\n00123456"), barcodes=(code,))
    facts = read_facts(page, profile)
    find_mentions(page, facts.rows, facts.fields, profile, form_ids=facts.form_ids)
    found = read_code(code, profile)
    assert found is None or all(part.value for part in found.parts)
