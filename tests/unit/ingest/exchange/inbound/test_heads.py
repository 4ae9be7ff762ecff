"""Heads of columns: as other systems write them, which one is taken, and what is told when one is missing."""

import pytest

from ingest.exchange.inbound.heads import check_heads, match_heads, normal_head, shown
from storage.foundation.errors import RosterProblem


@pytest.mark.parametrize(
    ("head", "normal"),
    [
        ("Pt #", "patient_number"), ("Pt. No.", "patient_number"), ("MRN", "mrn"), ("M.R.N.", "mrn"), ("LastName", "last_name"),
        ("last-name", "last_name"), ("Last Name ", "last_name"), ("\ufeffMRN", "mrn"), ("Patient's Name", "patient_name"),
        ("Patient’s Name", "patient_name"), ("Zip/Postal", "zip_postal"), ("Acct No", "account_number"), ("Med Rec Nbr", "medical_record_number"),
        ("Date\nof Birth", "date_of_birth"), ("DOB (MM/DD)", "dob_mm_dd"), ("", ""), ("FName", "first_name"), ("fname", "first_name"),
    ],
)  # fmt: skip
def test_a_head_is_compared_in_one_spelling(head: str, normal: str) -> None:
    assert normal_head(head) == normal


@pytest.mark.parametrize(
    ("names", "places"),
    [
        (["MRN", "Last Name", "First Name", "DOB"], {"mrn": 0, "family": 1, "given": 2, "birth_date": 3}),
        (["ID", "MRN", "Surname", "Forename"], {"mrn": 1, "family": 2, "given": 3}),  # an id is one only where nothing is better
        (["ID", "Surname", "Forename"], {"mrn": 0, "family": 1, "given": 2}),
        (["Patient ID", "Patient Last Name", "Patient First Name"], {"mrn": 0, "family": 1, "given": 2}),
        (["mrn", "last", "first", "Account Number"], {"mrn": 0, "family": 1, "given": 2, "encounter": 3}),
        (["mrn", "last", "first", "Visit", "Account Number"], {"mrn": 0, "family": 1, "given": 2, "encounter": 3, "account": 4}),
        (["mrn", "mrn", "last", "first"], {"mrn": 0, "family": 2, "given": 3}),
    ],
)  # fmt: skip
def test_each_field_has_its_column(names: list[str], places: dict[str, int]) -> None:
    assert dict(match_heads(names, {}).places) == places


def test_what_stands_twice_and_what_nobody_reads_is_told_as_it_is_written() -> None:
    heads = match_heads(["MRN", "last", "first", "Mrn", "Favourite\tcolour", ""], {})
    assert heads.twice == ("Mrn",)
    assert heads.unused == ("Mrn", "Favourite colour")
    assert heads.of("mrn") == "MRN"


def test_the_profile_s_heads_are_taken_as_they_are_written_and_leave_nothing_out() -> None:
    heads = match_heads(["Kennung ", "MRN", "last", "first"], {"mrn": "Kennung", "phone": "Telefon"})
    assert heads.places["mrn"] == 0
    assert heads.missing == ("Telefon",)
    assert match_heads(["kennung", "MRN", "last", "first"], {"mrn": "Kennung"}).places["mrn"] == 1


@pytest.mark.parametrize(
    ("head", "text"),
    [
        ("a\tb\nc", "a b c"),
        ("x" * 41, "x" * 39 + "…"),
        ("x" * 40, "x" * 40),
        ("a\x1b[2Jb", "a [2Jb"),
        ("a\u202eb", "a b"),
    ],
)
def test_a_head_is_printed_on_one_line_and_does_nothing_to_a_terminal(head: str, text: str) -> None:
    assert shown(head) == text


TAIL = (
    "Expected heads are such as mrn (or Patient No., Chart #, Unit number), last_name, first_name, dob, sex. A list that "
    "loads begins so: mrn,last_name,first_name,dob,sex and below 00123456,Sample,Ada,1957-03-14,F. Where your head is "
    'another, name it in profile.toml: [roster_columns] and below mrn = "your head".'
)


@pytest.mark.parametrize(
    ("names", "second", "sentence"),
    [
        (["last", "first", "dob"], ["Moss", "Ivy", "1960-01-01"], "l.csv has no column for mrn. Its heads are 'last', 'first', 'dob'."),
        (["Kennung", "last"], ["7", "Moss"], "l.csv has no column for mrn, first_name. Its heads are 'Kennung', 'last'."),
        (["Kennung", "Nachname"], ["7", "Moss"], "l.csv has no column for mrn, last_name, first_name. Its heads are 'Kennung', 'Nachname'."),
        (["00123456", "Moss", "Ivy"], ["00123457", "Ash", "Ida"], "l.csv has no column for mrn, last_name, first_name. Its first line looks like a patient's and not like column heads."),
        (["Moss", "Ivy", "F"], ["Ash", "Ida", "F"], "l.csv has no column for mrn, last_name, first_name. Its first line looks like a patient's and not like column heads."),
        (["Moss", "Ivy"], ["Ash", "Ida"], "l.csv has no column for mrn, last_name, first_name. Its first line looks like a patient's and not like column heads."),
    ],
)  # fmt: skip
def test_a_missing_column_is_told_and_a_patient_s_line_is_not_repeated(
    names: list[str], second: list[str], sentence: str
) -> None:
    with pytest.raises(RosterProblem) as refused:
        check_heads("l.csv", match_heads(names, {}), second)
    assert str(refused.value) == f"{sentence} {TAIL}"


def test_a_column_with_the_whole_name_is_told_what_to_do() -> None:
    with pytest.raises(RosterProblem, match="export surname and first name in two columns") as refused:
        check_heads("l.csv", match_heads(["MRN", "Patient Name", "DOB"], {}), ["7", "Moss, Ivy", "1960-01-01"])
    assert '[roster_columns] and below family = "your head"' in str(refused.value)


def test_with_number_and_both_names_a_list_is_a_list() -> None:
    check_heads("l.csv", match_heads(["mrn", "last", "first"], {}), [])
