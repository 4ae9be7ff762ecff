"""Several diagnoses on one document, all kept, the principal one first; and plans, of which few pay."""

import pytest

from classify.fields.ranked import base_of, settle
from classify.fields.table import carries, title_of
from classify.guess import FieldValue
from classify.index import sort_file
from classify.profile import Profile
from ocr.page import Box
from tests.given.paper import typed

HEAD = "{kind}\nPatient Name: Rivera, Ana     MRN: 00123456\nDOB: 03/14/1957     Sex: F\n"


def _values(*pages: str, kind: str = "OPERATIVE REPORT") -> dict[str, tuple[str, float]]:
    (draft,) = sort_file([typed(HEAD.format(kind=kind) + text, n) for n, text in enumerate(pages, 1)], Profile()).drafts
    found: dict[str, tuple[str, float]] = {}
    for value in draft.guess.fields:
        found.setdefault(value.name, (value.value, value.confidence))
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Diagnosis: Cellulitis", ["Cellulitis"]),
        ("Admitting Diagnosis: Chest pain", ["Chest pain"]),  # the only one there is
        (
            "Preoperative Diagnosis: Hernia\nPostoperative Diagnosis: Incarcerated hernia",
            ["Incarcerated hernia", "Hernia"],
        ),
        ("Admitting Diagnosis: Chest pain\nPrincipal Diagnosis: Pneumonia", ["Pneumonia", "Chest pain"]),
        ("Principal Diagnosis: Pneumonia\nSecondary Diagnosis: Gout", ["Pneumonia", "Gout"]),
        ("Secondary Diagnosis: Gout\nPrincipal Diagnosis: Pneumonia", ["Pneumonia", "Gout"]),  # in whatever order
        (
            "Admitting Diagnosis: Dyspnea\nDiagnosis: Asthma\nFinal Diagnosis: Pneumonia\nOther Diagnoses: Gout",
            ["Pneumonia", "Asthma", "Dyspnea", "Gout"],
        ),
        ("Preop Diagnosis: Hernia\nPostop Diagnosis: HERNIA", ["HERNIA"]),  # the same is one
        ("DISCHARGE DIAGNOSES:\n1. Pneumonia\n2. Gout\n3. Asthma", ["Pneumonia", "Gout", "Asthma"]),
        ("DIAGNOSES\n1) Pneumonia\n2) Gout", ["Pneumonia", "Gout"]),
        ("Diagnoses: 1. Pneumonia  2. Gout  3. Asthma", ["Pneumonia", "Gout", "Asthma"]),
        ("Admitting Diagnosis: Fever\nFINAL DIAGNOSES:\n1. Pneumonia\n2. Gout", ["Pneumonia", "Fever", "Gout"]),
        ("Diagnosis: Type 2 diabetes", ["Type 2 diabetes"]),
    ],
)
def test_all_diagnoses_are_kept_the_principal_one_first_and_none_takes_from_another(
    text: str, expected: list[str]
) -> None:
    found = _values(text)
    names = ["diagnosis", *(f"diagnosis_{number}" for number in range(2, len(expected) + 1))]
    assert [found[name][0] for name in names] == expected
    assert all(found[name][1] >= 0.85 for name in names)  # nobody is asked
    assert f"diagnosis_{len(expected) + 1}" not in found


def test_more_than_three_are_kept_and_those_of_later_pages_too() -> None:
    first = "Principal Diagnosis: Pneumonia\nSecondary Diagnosis: Gout\nOther Diagnosis: Asthma\nPage 1 of 2"
    second = "Additional Diagnosis: Cataract\nAdmission Diagnosis: Dyspnea\nPrincipal Diagnosis: Pneumonia\nPage 2 of 2"
    found = _values(first, second)
    kept = [found[name][0] for name in found if base_of(name) == "diagnosis"]
    assert found["diagnosis"][0] == "Pneumonia"
    assert sorted(kept) == ["Asthma", "Cataract", "Dyspnea", "Gout", "Pneumonia"]


def test_what_is_less_likely_right_than_wrong_takes_no_place() -> None:
    doubtful = FieldValue("diagnosis/principal", "Rash", "Rash", 0.3, 1, None, "label")
    sure = FieldValue("diagnosis/admitting", "Fever", "Fever", 0.9, 1, None, "label")
    assert [(v.name, v.value) for v in settle((doubtful, sure))] == [("diagnosis", "Rash"), ("diagnosis", "Fever")]
    assert max(settle((doubtful, sure)), key=lambda v: v.confidence).value == "Fever"


@pytest.mark.parametrize(
    "text",
    [
        "PLAN: Continue lisinopril",
        "Plan: Physical therapy     Diet: Regular",
        "PLAN:\nRepeat MRI\nRecheck labs",
        "ASSESSMENT: Hypertension\nPLAN: Lisinopril 10 mg daily",
        "Plan: Home",
        "Plan: Aspirin, Statin",
        "Plan: Home health referral",
        "Carrier: Asymptomatic",
        "Member ID: ABC1234567\n\n\n\nThe lungs were clear\nThe heart was regular\nPLAN: Colonoscopy",
    ],
)
def test_what_is_done_for_a_patient_pays_for_nothing(text: str) -> None:
    assert "payer" not in _values(text, kind="PROGRESS NOTE")


@pytest.mark.parametrize(
    ("text", "payer"),
    [
        ("Plan: Blue Cross PPO", "Blue Cross PPO"),
        ("Plan: Medicare Part B", "Medicare Part B"),
        ("Carrier: Badger Casualty Company", "Badger Casualty Company"),
        ("Plan: Golden Choice\nMember ID: ABC1234567", "Golden Choice"),  # in the block of the member id
        ("Health Plan: Lakeside Select", "Lakeside Select"),  # nothing else is called so
        ("Insurance: Aetna\nPLAN: Continue lisinopril", "Aetna"),
    ],
)
def test_a_plan_pays_by_its_name_or_by_where_it_stands(text: str, payer: str) -> None:
    assert _values(text, kind="FACE SHEET")["payer"][0] == payer


def test_a_plan_on_another_page_than_the_member_id_pays_for_nothing() -> None:
    plan = FieldValue("payer/plan", "Rest", "Rest", 0.95, 2, Box(0, 100, 50, 120), "label")
    member = FieldValue("member_id", "ABC1234", "ABC1234", 0.95, 1, Box(0, 100, 50, 120), "label")
    assert [value.name for value in settle((plan, member))] == ["member_id"]


@pytest.mark.parametrize(
    ("name", "base", "title"),
    [
        ("diagnosis", "diagnosis", "Diagnosis"),
        ("diagnosis_3", "diagnosis", "Diagnosis 3"),
        ("diagnosis_b", "diagnosis_b", "Diagnosis b"),  # a zone of the UB-04
        ("member_id", "member_id", "Member id"),
    ],
)
def test_a_numbered_value_is_one_of_its_field(name: str, base: str, title: str) -> None:
    assert base_of(name) == base
    assert title_of(name) == title


def test_a_further_diagnosis_is_asked_about_where_the_first_is() -> None:
    assert carries("OPERATIVE_REPORT", "surgery", "diagnosis_2")
    assert not carries("LAB", "results", "diagnosis_2")
