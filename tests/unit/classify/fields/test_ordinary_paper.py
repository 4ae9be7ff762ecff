"""What ordinary paper says of a patient in ways that a fifth author's hospitals showed: each page drawn here."""

import pytest

from classify.fields.find import find_fields
from classify.guess import FieldValue
from classify.profile import Profile
from tests.given.paper import typed

_SURE = 0.95


def _best(text: str, profile: Profile | None = None) -> dict[str, FieldValue]:
    best: dict[str, FieldValue] = {}
    for value in find_fields(typed(text), profile or Profile()):
        best.setdefault(value.name, value)
    return best


def _told(text: str, *names: str) -> dict[str, str]:
    """What a page tells of these fields."""
    best = _best(text)
    return {name: best[name].value for name in names if name in best}


# ---- whose name it is


@pytest.mark.parametrize(
    "text",
    [
        "If signed by other than the patient: Lisa Cole, mother",
        "Signed by: Lisa Cole, mother",
        "Patient name: Lisa Cole, mother",
        "Representative: Tomas Rivera, son",
    ],
)
def test_how_somebody_is_related_is_no_first_name(text: str) -> None:
    found = find_fields(typed(f"CONSENT FOR SURGERY\n\n{text}"), Profile())
    assert [v.value for v in found if v.name == "name" and ("MOTHER" in v.value or "SON" in v.value)] == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("1. DECEDENT'S LEGAL NAME (First, Middle, Last)          2. SEX\nBruce D Doll                                            Male", "DOLL, BRUCE D"),
        ("Patient: Last, First          RIVERA, ANA M", "RIVERA, ANA M"),
        ("Full Name & Title          Ms. Ana Rivera", "RIVERA, ANA"),
        ("Pt Name: RIVERA; ANA M", "RIVERA, ANA M"),
        ("8 PATIENT NAME                                          9 PATIENT ADDRESS\nTOUTZ JENNIFER                                          1005 LINCOLN ST 76277", "TOUTZ, JENNIFER"),
        ("CERTIFICATION OF BIRTH\n\n1. CHILD'S NAME: Donna Smith                       2. SEX: Female", "SMITH, DONNA"),
    ],
)  # fmt: skip
def test_a_name_is_read_however_its_label_says_how_to_write_it(text: str, name: str) -> None:
    assert _told(text, "name") == {"name": name}


def test_a_childs_name_is_the_patients_only_on_paper_of_children() -> None:
    on_a_note = [
        v for v in find_fields(typed("PROGRESS NOTE\n\nChild's name: Donna Smith"), Profile()) if v.name == "name"
    ]
    assert all(v.confidence < 0.5 for v in on_a_note)


def test_a_title_is_no_short_form_of_a_medical_record() -> None:
    assert _told("Responsible Consultant: Mr G Ingram", "attending") == {"attending": "INGRAM, G"}


@pytest.mark.parametrize("title", ["Mr. La Rue", "Mrs. De La Cruz", "Mr. St. Clair"])
def test_a_surname_of_several_words_is_not_a_whole_name(title: str) -> None:
    found = find_fields(typed(f"{title} is a 54-year-old patient, a woman, with pain."), Profile())
    assert [v for v in found if v.name == "name"] == []


# ---- letters


_LETTER = """Calder Orthopedic Specialists
9849 Queen St W

{name}
7479 Oak Ln
Akron, OH 30663

{dear}
You were last seen in this clinic in July. Please come again.
"""


@pytest.mark.parametrize(
    ("name", "dear", "found"),
    [
        ("TOMAS COLE", "Dear Mr Cole,", "COLE, TOMAS"),
        ("Mr. Gary Rivera", "Dear Mr. Rivera:", "RIVERA, GARY"),
        ("Ana Maria Rivera", "Dear Ana Rivera,", "RIVERA, ANA MARIA"),
        ("TOMAS COLE", "Dear Mr Brandt,", None),
        ("TOMAS COLE", "Dear Dr Cole,", None),
        ("TOMAS COLE", "Dear Mr and Mrs Cole,", None),
        ("TOMAS COLE", "Dear Patient,", None),
    ],
)
def test_whom_a_letter_greets_is_its_addressee(name: str, dear: str, found: str | None) -> None:
    told = _best(_LETTER.format(name=name, dear=dear)).get("name")
    assert (told.value if told and told.confidence > 0.5 else None) == found


def test_a_letter_about_somebody_is_not_about_whom_it_greets() -> None:
    about = _LETTER.format(name="Lisa Cole", dear="Dear Mrs Cole,\nRE: Rivera, Ana M   DOB: 03/14/1957   MRN: 00123456")
    assert _told(about, "name") == {"name": "RIVERA, ANA M"}


# ---- the second person of a form


def test_the_second_birthday_of_a_form_is_that_of_whom_it_named_in_between() -> None:
    text = (
        "Patient Name: Rivera, Ana M       Date of Birth: 03/14/1957\n"
        "Insured's Name, if other: Rivera, Tomas\n\n\nPlan: Harbor Mutual\n\n\nDate of Birth: 01/02/1950"
    )
    found = [v for v in find_fields(typed(text), Profile()) if v.name == "dob"]
    assert [v.value for v in found if v.confidence >= 0.5] == ["1957-03-14"]


def test_the_number_of_the_second_insurance_is_not_the_one_that_is_indexed() -> None:
    best = _best("Secondary Policy #: 256011874A\nMember ID: Q224370302")
    assert best["member_id"].value == "Q224370302"
    only = _best("Secondary Policy #: 256011874A")
    assert "member_id" not in only or only["member_id"].confidence < _SURE


# ---- days of service


def test_a_bare_date_gives_way_to_one_that_says_what_it_is_and_is_never_sure() -> None:
    text = "Date / Age: 11/15/2006\nToday's Date: 04/26/2023"
    assert _best(text)["service_date"].value == "2023-04-26"
    assert _best("Date: 04/26/2023")["service_date"].confidence < _SURE


@pytest.mark.parametrize(
    "text",
    [
        "Thank you for referring Mrs. Rivera, whom I saw in the cardiology clinic on 06/24/2010. As you know, she is well.",
        "I saw Ana Rivera, a 43 y.o. female born 05/11/1967, in consultation on 06/24/2010.",
        "This is to certify that Ms. Ana Rivera was seen in our office on 06/24/2010.",
        "AFTER VISIT SUMMARY\nAna Rivera\n06/24/2010 0514  Greenville Health System",
        "Name: Ana Rivera          06/24/2010 15:22\nVent. rate 58 bpm",
        "Date of Anesthesia: 06/24/2010",
    ],
)
def test_the_day_on_which_somebody_was_seen(text: str) -> None:
    assert _told(text, "service_date") == {"service_date": "2010-06-24"}


@pytest.mark.parametrize(
    "text",
    ["She was last seen on 06/24/2010 for the same complaint.", "Compared with ECG of 06/24/2010\nVent. rate 58"],
)
def test_another_day_is_none_of_service(text: str) -> None:
    assert "service_date" not in _best(text)


# ---- sexes and stickers


@pytest.mark.parametrize(
    ("text", "sex"),
    [
        ("NAME   Wyrk Woaff 42 yo F        MRN  00535364", "F"),
        ("Patient: Rivera, Ana (63 y.o. female)", "F"),
        ("Patient: Rivera, Tomas (M, 60 y)", "M"),
        ("A0800. Gender\n1  Enter code: 1. Male  2. Female", "M"),
        ("Sex: 2 (1=Male, 2=Female)", "F"),
    ],
)
def test_a_sex_beside_a_name_or_by_its_code(text: str, sex: str) -> None:
    assert _told(text, "sex") == {"sex": sex}


def test_a_sticker_beside_other_labels_is_read_whatever_stands_in_its_rows() -> None:
    text = (
        "VISIT ID   141450669                    HEALD, FRANK C\n"
        "PHONE      (265) 973-0767               MR #: 00606635   M   61Y\n"
        "                                        DOB: 10/06/1959   ADM: 03/12/2021"
    )
    assert _told(text, "name", "sex", "dob", "mrn") == {
        "name": "HEALD, FRANK C",
        "sex": "M",
        "dob": "1959-10-06",
        "mrn": "00606635",
    }


def test_the_name_of_a_facility_over_a_date_is_nobody() -> None:
    found = find_fields(
        typed("RIVERTON TRAUMA CENTER\nFLOW SHEET\nUnit CCU   Date 06/28/2013   Post-op day 2"), Profile()
    )
    assert [v.value for v in found if v.name in ("name", "dob")] == []


@pytest.mark.parametrize("label", ["STATE FILE NO. 4632351", "Local file no. 20787", "Federal record no: 4632351"])
def test_the_number_of_a_state_is_no_record_number(label: str) -> None:
    assert all(
        v.confidence < 0.5 for v in find_fields(typed(f"MEDICAL CERTIFICATION\n{label}"), Profile()) if v.name == "mrn"
    )


# ---- who pays


@pytest.mark.parametrize(
    ("text", "payer"),
    [
        ("Plains Medicaid Managed Care\nClaims Services, PO Box 1871   Customer service\nEXPLANATION OF BENEFITS", "Plains Medicaid Managed Care"),
        ("Laya Healthcare\nUtilization Management, PO Box 2640\n\nMember: Ana Rivera\nDOB: 03/14/1957", "Laya Healthcare"),
        ("Springdale University Hospital\nPROGRESS NOTE", None),
    ],
)  # fmt: skip
def test_an_insurers_paper_names_who_pays_at_its_head(text: str, payer: str | None) -> None:
    told = _best(text).get("payer")
    assert (told.value if told else None) == payer


def test_a_card_shows_its_brand_and_a_plan_of_it() -> None:
    text = "UnitedHealthcare                POS\n\nName: MARY SMELAURG\nID Number: F356953657\nGroup #: 6586654\nPlan: Gold 1500\nRxBIN 437441  RxPCN ADV"
    assert _told(text, "payer", "member_id") == {"payer": "UnitedHealthcare", "member_id": "F356953657"}


def test_labels_of_claims_with_examples_and_possessives_in_capitals() -> None:
    boxes = "60 INSURED'S UNIQUE ID          62 INSURANCE GROUP NO.\nH404604246                      912435"
    assert _told(boxes, "member_id") == {"member_id": "H404604246"}
    assert _told("1a. INSURED'S I.D. NUMBER (For Program in Item 1)\n    R800951698", "member_id") == {
        "member_id": "R800951698"
    }


def test_values_parted_by_dashes_as_their_labels_are() -> None:
    text = "Chart # - Street / City - Account #: 00131676 - 9401 Maple Ave - 7960361698"
    assert _told(text, "mrn", "account") == {"mrn": "00131676", "account": "7960361698"}
