"""Which documents need more than the usual protection: signs, what takes them back, and doubt."""

from datetime import date

import pytest

from classify.rows import rows_of_text
from classify.sensitivity import UNCLEAR, labels_of

ADULT, SERVED = date(1960, 1, 1), date(2024, 1, 1)


def _codes(text: str, kind: str = "PROGRESS_NOTE", born: date = ADULT) -> set[str]:
    return {label.code for label in labels_of([(1, rows_of_text(text))], kind, born, SERVED)}


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Psychotherapy note. Session content follows.", {"PSYTHPN"}),
        ("Enrolled in an opioid treatment program, methadone maintenance.", {"ETH"}),
        ("HIV-1 antibody reactive, CD4 count 310.", {"HIV"}),
        ("Major depressive disorder with suicidal ideation.", {"BH"}),
        ("Gender dysphoria, seeks hormone therapy.", {"SEX"}),
        ("Chlamydia trachomatis detected.", {"STD"}),
        ("Seen after sexual assault.", {"SDV"}),
        ("BRCA1 mutation found on genetic testing.", {"GDIS"}),
        ("Lungs clear, afebrile.", set()),
        ("Denies suicidal ideation. No history of drug abuse.", set()),
        ("Negative for HIV.", set()),
        ("No known drug allergies. HIV positive since 2009.", {"HIV"}),  # a denial ends with its sentence
        ("Not in distress.\nSuicidal ideation with a plan.", {"BH"}),
        ("The device aids walking.", set()),
        ("Long-standing anxiety about the procedure.", {UNCLEAR}),
        ("VDRL drawn.", {UNCLEAR}),
    ],
)
def test_signs_make_labels(text: str, codes: set[str]) -> None:
    assert _codes(text) == codes


def test_some_kinds_of_document_always_bear_a_label() -> None:
    assert _codes("Intake.", kind="SUD_RECORD") == {"ETH"}
    assert _codes("Intake.", kind="BEHAVIORAL") == {"BH"}


def test_what_a_minor_may_consent_to_is_the_minors() -> None:
    text = "Gonorrhea treated."
    assert _codes(text) == {"STD"}
    assert _codes(text, born=date(2008, 6, 1)) == {"STD", "MINOR"}


def test_a_label_says_its_reason_and_page() -> None:
    pages = [(1, rows_of_text("Lungs clear.")), (2, rows_of_text("Started on Suboxone."))]
    label = labels_of(pages, "PROGRESS_NOTE", ADULT, SERVED)[0]
    assert (label.code, label.page) == ("ETH", 2)
    assert "suboxone" in label.reason
