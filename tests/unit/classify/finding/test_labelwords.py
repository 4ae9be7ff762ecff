"""Labels in other words."""

import pytest

from classify.finding.labelwords import canonical


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Adm Dt", "Admission Date"), ("Date of Adm.", "ADMISSION DATE"), ("Hosp. #", "Hospital Number"),
        ("M.R.N.", "MRN"), ("D.O.B.", "dob"), ("Pt. Acct No.", "Patient Account Number"), ("Attn Phys", "Attending Physician"),
        ("Bdate", "Birth Date"), ("Tel. No", "Telephone Number"), ("Primary Ins", "primary insurance"),
    ],
)  # fmt: skip
def test_the_same_words_are_one_label(one: str, other: str) -> None:
    assert canonical(one) == canonical(other) != ""


@pytest.mark.parametrize(
    ("one", "other"), [("Unit #", "Unit"), ("Subscriber No", "Subscriber"), ("Birth", "Birth Date")]
)
def test_a_number_is_not_what_it_numbers(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


@pytest.mark.parametrize("text", ["of", "the unit no", "history of", "M F", "", "#" * 0])
def test_no_label_begins_or_ends_with_small_words(text: str) -> None:
    assert canonical(text) == ""
