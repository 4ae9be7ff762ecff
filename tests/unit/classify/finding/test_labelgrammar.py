"""Labels that no list has, by the words they are made of."""

import pytest

from classify.finding.labelgrammar import WORDS, meaning
from classify.finding.labelwords import canonical


@pytest.mark.parametrize(
    ("label", "field"),
    [
        ("Vet. Birth Date", "dob"),
        ("Date of birth of individual", "dob"),
        ("Fecha de nacimiento", "dob"),
        ("Administrative gender", "sex"),
        ("Sex (as registered)", "sex"),
        ("Sexo", "sex"),
        ("Hosp. Chart No.", "mrn"),
        ("Facility MRN", "mrn"),
        ("Núm. de expediente", "mrn"),
        ("Case Note No.", "mrn"),
        ("Contact serial #", "encounter"),
        ("Episode Ref.", "encounter"),
        ("Hospital account number", "account"),
        ("Debtor No.", "account"),
        ("Inpt Admit Date", "admit_date"),
        ("Admitted to facility", "admit_date"),
        ("Date D/C'd", "discharge_date"),
        ("Sep. Date", "discharge_date"),
        ("Evaluation date", "service_date"),
        ("Seen on", "service_date"),
        ("Primary Payor Name", "payer"),
        ("Funding source", "payer"),
        ("Subscr/Member ID #", "member_id"),
        ("Insurer Ref. No.", "member_id"),
        ("Patient's preferred phone", "phone"),
        ("Attend. Dr.", "attending"),
        ("Cons. in charge", "attending"),
        ("Injured worker's name", "name"),
        ("Patient Last, First Name", "name"),
        ("Offender DOB", "dob"),
        ("Pt B/D", "dob"),
        ("Bill A/c No.", "account"),
        ("UHID No.", "mrn"),
        ("Folder No.", "mrn"),
        ("IP No.", "encounter"),
        ("Start of Stay", "admit_date"),
        ("Date Pt. Discharged", "discharge_date"),
        ("Tx Date", "service_date"),
        ("Medical Aid", "payer"),
        ("Medical Aid No.", "member_id"),
        ("Best # to reach Pt.", "phone"),
        ("Doctor I/C", "attending"),
    ],
)
def test_a_label_means_what_its_words_mean(label: str, field: str) -> None:
    assert meaning(canonical(label)) == field


@pytest.mark.parametrize(
    "label",
    [
        "Subscriber birth date", "Employer phone", "Work phone", "Group number", "Claim number", "Last visit date", "Next visit date",
        "Account balance", "Discharge instructions", "Record of visits", "Client number", "Preferred name", "Plan code", "Room number",
        "Order number", "Letter date", "Health plan ID", "Date given", "Fax", "", "Sex F",
    ],
)  # fmt: skip
def test_one_word_of_another_kind_and_it_means_something_else(label: str) -> None:
    assert meaning(canonical(label)) is None


def test_every_word_of_a_rule_is_one_that_labels_have_in_full() -> None:
    short = {word for word in WORDS if len(word) > 2 and canonical(f"{word} {word}") not in ("", word)}
    assert short == set(), "a short form is never seen in full words"
