"""Which words announce a field and which only look like it: label by label, refusals with their reason."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classify.fields.table import FIELDS
from classify.finding.labels import STOPS, FoundLabel, box_of_label, find_anchors
from classify.profile import Profile
from classify.rows import Row, rows_of
from ocr.page import Box
from tests.given.paper import typed

P = Profile()


def _anchors(text: str, profile: Profile = P) -> tuple[tuple[Row, ...], list[FoundLabel]]:
    rows = rows_of(typed(text))
    return rows, find_anchors(rows, FIELDS, profile)


def _fields(text: str, profile: Profile = P) -> list[str]:
    """The fields whose labels stand in a text, '' for a label that only ends the value before it."""
    return [anchor.field for anchor in _anchors(text, profile)[1]]


@pytest.mark.parametrize(
    ("line", "fields", "why"),
    [
        ("MRN: 00123456", ["mrn"], "a colon makes a label of any word"),
        ("the chart bears MRN: 00123456", ["mrn"], "wherever it stands"),
        ("MRN:00123456", ["mrn"], "also when the value is glued to it"),
        ("MRN : 00123456", ["mrn"], "or the colon stands off"),
        ("MRN # 00123456", ["mrn"], "a number sign is as good"),
        ("MRN# 00123456", ["mrn"], "glued to it too"),
        ("Resident #:00123456", ["mrn"], "a number sign with its colon and value"),
        ("U.R. Number 00123456", ["mrn"], "two letters with full stops"),
        ("NAME IN FULL: Rivera, Ana; URN: 00123456", ["name", "mrn"], "behind a semicolon"),
        ("D.O.B. 03/14/1957", ["dob"], "the full stop of a short form ends a label"),
        ("D. O. B.: 03/14/1957", ["dob"], "set apart"),
        ("MRN   00123456", ["mrn"], "without a colon a gap ends it"),
        ("MRN", ["mrn"], "or the end of the row"),
        ("Medical Record Number 00123456", ["mrn"], "more than one word at the beginning of a row"),
        ("PATIENT NAME      MRN      DATE OF BIRTH", ["name", "mrn", "dob"], "the head of a table"),
        ("Name: Rivera, Ana MRN: 00123456 DOB: 03/14/1957", ["name", "mrn", "dob"], "one after the other"),
        ("Patient Name (Last, First, Middle): Rivera, Ana", ["name"], "what stands in brackets belongs to it"),
        ("2. PATIENT'S NAME", ["name"], "the number of a box on a claim form"),
        ("2.Name: Rivera, Ana", ["name"], "glued to it"),
        ("2a Name: Rivera, Ana", ["name"], "with a letter"),
        ("Admission Date: 02/01/2024", ["admit_date"], "the longer label, not 'admission' and 'date'"),
        ("Date of Service: 02/01/2024", ["service_date"], "the same"),
        ("Date of Birth: 03/14/1957", ["dob"], "nor a service"),
        ("Attending NPI: 1234567893", ["npi"], "nor the attending"),
        ("MRN ....... 00123456", ["mrn"], "leader dots end it as a gap does"),
        ("MRN 00123456", ["mrn"], "a value of its kind right behind it"),
        ("Born 03/14/1957 Sex F", ["dob", "sex"], "one after the other with blanks only"),
        ("Patient Ana Rivera Record No 00123456", ["name", "mrn"], "a name, and the next label"),
        ("Pt Rivera, Ana MR# 00123456 Adm 09 Mar 2023", ["name", "mrn", "admit_date"], "the same"),
        ("Gender. F", ["sex"], "a full stop"),
        ("Encounter. E5520013", ["encounter"], "the same"),
        ("RIVERA, ANA | MRN 00123456 | DOB 03/14/1957", ["mrn", "dob"], "bars"),
        ("SEX M AGE 082", ["sex"], "in the columns of a line printer"),
        ("BIRTHDATE 110241 PHYS HALDANE", ["dob"], "with a date in digits only"),
        ("Name: Rivera, Ana M/F: F", ["name", "sex"], "both sexes as a label"),
        ("M/F FEMALE", ["sex"], "without a colon"),
        ("Adm Dt 02/01/2024", ["admit_date"], "abbreviated"),
        ("Dt of Adm: 02/01/2024", ["admit_date"], "in another order"),
        ("Hosp. # 00123456", ["mrn"], "number, as a sign"),
        ("M.R.N. - 00123456", ["mrn"], "with full stops"),
        ("Unit # 00123456", ["mrn"], "no unit"),
        ("Subscriber # K5551234", ["member_id"], "no subscriber"),
        ("Prev. Adm 02/01/2024", [""], "an earlier stay"),
        ("Age: 67   Sex: F", ["", "sex"], "labels of what we do not index end a value too"),
        ("Rivera, Ana   DOB 3/14/1957", ["dob"], "after a gap a date of birth needs no colon"),
        ("Rivera, Ana   MRN 00123456", ["mrn"], "nor does a record number"),
        ("Sex: M Date of Service: 02/01/2024", ["sex", "service_date"], "the value before is no part of a label"),
        ("Wei Chen, MD Date: 02/01/2024", ["service_date"], "and 'MD Date' no misread 'D/C Date'"),
        ("Diagnosis: Cellulitis   Ht: 157 cm", ["diagnosis", ""], "a label in no list ends a value too"),
        (
            "Physician: Greta Maki, MD   Physical Therapist: Brooke Haugen",
            ["attending", ""],
            "of several words as well",
        ),
        ("Requesting Physician: Hugo Betancourt", [""], "not the attending"),
        ("Secondary Diagnoses: gout", ["diagnosis/other"], "not the first"),
        ("Target date: 10/31/2023", [""], "a day to come"),
        ("D0B: 03/14/1957", ["dob"], "a zero in a short label is an o"),
        ("5ex: F", ["sex"], "and a 5 an s"),
    ],
)
def test_a_label_is_found(line: str, fields: list[str], why: str) -> None:
    assert _fields(line) == fields, why


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("Name of referring provider     Chen, Wei MD", "nobody's that we look for"),
        ("She was admitted 01/05/2024 with pain", "part of a sentence, a day behind it"),
        ("Patient John Smith was seen today", "a name, and the sentence goes on"),
        ("Patient Financial Services", "the name of an office"),
        ("Electronically signed Wei Chen MD Date 03/14/2024", "the day of a signature"),
        ("The unit no 4 bed", "a number that is none"),
        ("Patient states that the pain is worse", "so does this one"),
        ("Note   DOB unknown", "no digits come after it"),
        ("it was seen   at 10:30 that: he sleeps", "a sentence with a gap in it"),
        ("His medical record number 00123456 was given", "part of a sentence"),
        ("We wrote the date of birth down", "part of a sentence"),
        ("the patient, name unknown, came in", "part of a sentence"),
        ("MRM: 00123456", "a short label must be exact"),
        ("DOP: 03/14/1957", "the same"),
        ("History of: fever", "not 'history no'"),
        ("Reason of: pain", "not 'record no'"),
        ("Date    of    Birth", "three columns, of which 'Date' and 'Birth' alone are labels of what stands below"),
        (": 00123456", "a colon without a word"),
        ("12: 00123456", "the number of a line"),
        ("Rivera, Ana", "no label at all"),
        ("", "an empty page"),
    ],
)
def test_what_only_looks_like_a_label_is_none(line: str, why: str) -> None:
    found = set(_fields(line))
    assert found <= ({"service_date", "dob"} if line.startswith("Date ") else set()), why


@pytest.mark.parametrize(
    ("label", "field"),
    [
        ("Patlent Name", "name"),
        ("Patient Narne", "name"),
        ("Medical Recard Number", "mrn"),
        ("Date of Blrth", "dob"),
        ("Encounter Numbcr", "encounter"),
        ("Discharge Dale", "discharge_date"),
        ("Member ldentification", "member_id"),
        ("Telephcne Number", "phone"),
    ],
)
def test_a_long_label_may_hold_a_misread_letter_and_says_how_close_it_is(label: str, field: str) -> None:
    _, (anchor,) = _anchors(f"{label}: x")
    assert anchor.field == field
    assert 0.84 <= anchor.closeness < 1.0


@pytest.mark.parametrize("label", ["Patient Game", "Medical Board", "Discharge", "Member discount plan"])
def test_what_is_further_off_is_not_the_label_of_a_number_or_a_name(label: str) -> None:
    assert not {"mrn", "dob", "member_id"} & set(_fields(f"{label}: x"))


@pytest.mark.parametrize(
    "label",
    [
        "Mother's MRN", "Father's Name", "Maiden Name", "Guardian DOB", "Spouse DOB", "Insured's Name", "Subscriber Name", "Employer Name",
        "Emergency Contact Name", "Nurse Name", "Group Name", "Physician ID", "Donor MRN", "Previous MRN", "Building Name", "Medicine Name", "Pharmacy Phone", "Employer Phone",
    ],
)  # fmt: skip
def test_a_label_of_somebody_elses_ends_a_value_and_has_none(label: str) -> None:
    fields = _fields(f"{label}: x")
    assert fields, "it still ends the value before it"
    assert not {"name", "mrn", "dob", "phone"} & set(fields)


@pytest.mark.parametrize(
    ("label", "field"),
    [
        ("Patient's Name", "name"),
        ("Patient MRN", "mrn"),
        ("Pt DOB", "dob"),
        ("Patient Legal Name", "name"),
        ("Client Name", "name"),
        ("Attending Physician Name", "attending"),
    ],
)
def test_a_word_of_the_patients_own_before_a_label_leaves_it_the_patients(label: str, field: str) -> None:
    assert _fields(f"{label}: x") == [field]


@pytest.mark.parametrize(
    ("line", "fields", "why"),
    [
        ("Mother:   Name: Lopez, Maria", [""], "the label 'mother's name', torn apart"),
        ("Guarantor      DOB: 03/14/1957", ["guarantor", "dob"], "and so does a gap"),
        ("seen with mother, DOB: 03/14/1957", ["dob"], "and a comma"),
        ("mother DOB: 03/14/1957", [""], "but a blank does not"),
    ],
)
def test_only_a_word_that_stands_close_makes_a_label_anothers(line: str, fields: list[str], why: str) -> None:
    assert _fields(line)[-len(fields) :] == fields, why


def test_a_label_does_not_reach_past_its_colon() -> None:
    _, (label, *_) = _anchors("Attending Physician: Lena Farrugia, DO")
    assert (label.field, label.last, label.closeness) == ("attending", 1, 1.0)


def test_a_label_knows_where_it_stands() -> None:
    rows, (name, mrn) = _anchors("LAKESIDE\nPatient Name (Last, First): Rivera, Ana   MRN:00123456")
    assert (name.row, name.first, name.last, name.words, name.is_marked, name.tail) == (1, 0, 3, 2, True, "")
    assert (mrn.row, mrn.first, mrn.last, mrn.words, mrn.is_marked, mrn.tail) == (1, 6, 6, 1, True, "00123456")
    assert (name.closeness, mrn.closeness) == (1.0, 1.0)
    assert box_of_label(rows, mrn) == rows[1].words[6].box


def test_a_label_without_a_colon_is_not_marked() -> None:
    _, (anchor,) = _anchors("Date of Birth   03/14/1957")
    assert (anchor.field, anchor.is_marked) == ("dob", False)


def test_the_area_code_of_a_telephone_is_not_taken_for_a_part_of_the_label() -> None:
    _, (anchor,) = _anchors("Home Phone (330) 555-0101")
    assert (anchor.field, anchor.last) == ("phone", 1)


@pytest.mark.parametrize(
    ("line", "left", "why"),
    [
        ("2. Name: Rivera", 150, "the number of the box is part of it"),
        ("2.      Name: Rivera", 150 + 8 * 20, "a number far off is not"),
        ("see Name: Rivera", 150 + 4 * 20, "nor a word"),
    ],
)
def test_the_box_of_a_label_holds_the_number_before_it(line: str, left: int, why: str) -> None:
    rows, anchors = _anchors(line)
    assert box_of_label(rows, anchors[0]).left == left, why


def test_words_of_one_label_stand_together_and_not_in_two_columns() -> None:
    assert _fields("Medical  Record  Number: 1") == ["mrn"]  # set wide
    page = typed("Discharge Date: 02/01/2024")
    apart = tuple(
        replace(word, box=word.box._replace(left=word.box.left + 200, right=word.box.right + 200)) if n else word
        for n, word in enumerate(page.words)
    )
    fields = [a.field for a in find_anchors(rows_of(replace(page, words=apart)), FIELDS, P)]
    assert fields == ["discharge_date", "service_date"]  # 'Discharge' and 'Date', each for itself


def test_in_the_head_of_a_table_a_smaller_gap_will_do_after_another_label() -> None:
    assert _fields("PATIENT NAME  MRN  SEX") == ["name", "mrn", "sex"]
    assert _fields("Rivera Ana  MRN  SEX") == [], "after a value it will not"


def test_a_site_s_own_labels_come_before_ours_and_may_be_read_badly() -> None:
    profile = Profile(labels={"mrn": ["Aktenzeichen", "Bed"]})
    assert _fields("Aktenzeichen: 1", profile) == ["mrn"]
    assert _fields("Aktenzelchen: 1", profile) == ["mrn"]
    assert _fields("Bed: 12345", profile) == ["mrn"]
    assert _fields("Bed: 12345") == [""]


def test_every_label_that_we_have_is_found_as_its_own_field() -> None:
    """All of the table, printed plainly: no label is swallowed by another field's."""
    owner = {}
    for field in FIELDS:
        for label in field.labels:
            owner[label] = field.name
    lost = {}
    for label, name in owner.items():
        fields = _fields(f"{label}: x")
        if name not in fields and label.lower() not in {stop.lower() for stop in STOPS}:
            lost[label] = fields
    assert lost == {}


def test_no_word_is_part_of_two_labels() -> None:
    text = "Patient Name: Rivera, Ana   Date of Birth: 03/14/1957\nAdmission Date   Discharge Date   Date\nMRN: 1 Account No: 2"
    _, anchors = _anchors(text)
    words = [(a.row, n) for a in anchors for n in range(a.first, a.last + 1)]
    assert len(words) == len(set(words))


_LINES = st.lists(
    st.sampled_from("MRN: Patient Name Date of Birth Sex: F 00123 ( ) # : (Last, First) 2. Rivera, Mother's DOB    . ____ É".split(" ")), max_size=12
).map(" ".join)  # fmt: skip


@given(st.lists(_LINES, max_size=4).map("\n".join))
def test_whatever_stands_on_a_page_each_label_lies_inside_its_row_and_apart_from_the_others(text: str) -> None:
    rows, anchors = _anchors(text)
    last: dict[int, int] = {}
    for anchor in anchors:
        assert last.get(anchor.row, -1) < anchor.first <= anchor.last < len(rows[anchor.row].words)
        assert 0.84 <= anchor.closeness <= 1.0
        assert isinstance(box_of_label(rows, anchor), Box)
        last[anchor.row] = anchor.last
