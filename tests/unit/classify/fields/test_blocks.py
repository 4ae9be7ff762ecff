"""Values without a label: names in running heads and on stickers, letterheads, what signature lines say."""

from dataclasses import replace

import pytest

from classify.fields import blocks, facility, signed
from classify.fields.find import find_fields
from classify.fields.table import FIELDS
from classify.finding.labels import find_anchors
from classify.index import BELIEVED
from classify.profile import Profile
from classify.rows import rows_of
from tests.given.paper import typed

P = Profile()
FOOT = 48
"""Lines above one that stands at the foot of the page."""


def _told(text: str, confidence: float = 0.95) -> dict[str, tuple[str, float]]:
    rows = rows_of(typed(text, confidence=confidence))
    found = blocks.find(blocks.lines_of(rows, find_anchors(rows, FIELDS, P), P), P)
    return {told.field: (told.value, told.confidence) for told in found}


def _head(text: str, confidence: float = 0.95) -> tuple[str, float] | None:
    return _told(text, confidence).get("name")


@pytest.mark.parametrize(
    ("text", "expected", "why"),
    [
        ("RIVERA, ANA M   MRN: 00123456   DOB: 03/14/1957", "RIVERA, ANA M", "name, number, birthday"),
        ("RIVERA, ANA   MRN: 00123456", "RIVERA, ANA", "a number is enough"),
        ("RIVERA, ANA | MRN: 00123456", "RIVERA, ANA", "a rule between them"),
        ("Ana Rivera   DOB: 03/14/1957", "RIVERA, ANA", "as people say it"),
        ("\n" * FOOT + "RIVERA, ANA   MRN: 00123456", "RIVERA, ANA", "at the foot of the page"),
        ("\n" * 20 + "RIVERA, ANA   MRN: 00123456", None, "in the midst of the text it may be anybody"),
        ("RIVERA, ANA", None, "no identifier"),
        ("MRN: 00123456   RIVERA, ANA", None, "the name does not begin the row"),
        ("RIVERA   MRN: 00123456", None, "one word is no name"),
        ("Progress Note   MRN: 00123456", None, "a title"),
        ("Client: Rivera, Ana   Chart #: 00123456", "RIVERA, ANA", "of a client whom a number follows"),
        ("RIVERA, ANA   Sex: F", None, "a sex does not identify"),
        ("RIVERA, ANA   Attending: Chen, Wei   MRN: 00123456", "RIVERA, ANA", "up to the first label, whatever it is"),
        ("the patient said to us that she has her   MRN: 00123456", None, "a sentence, and too long"),
        ("RIVERA ANA   MRN: 00123456", "RIVERA, ANA", "capitals without a comma: one is a first name"),
        ("ANA RIVERA   MRN: 00123456", "RIVERA, ANA", "whichever comes first"),
        ("ADEYEMI CHIDI   MRN: 00123456", "ADEYEMI, CHIDI", "of two that are none the first is the surname"),
        ("CHIDI O ADEYEMI   MRN: 00123456", "ADEYEMI, CHIDI O", "an initial tells"),
        ("RIVERA, ANA 66/F MRN 00123456", "RIVERA, ANA", "an age and a sex are no name"),
        ("Chen, Wei MD   MRN: 00123456", None, "who treats, not whom"),
        ("Rivera, Ana 00123456", "RIVERA, ANA", "a number that needs no label there"),
        ("Rivera, Ana 330-555-0101", None, "a telephone number"),
        ("\n" * 20 + "RE: Ana Rivera, DOB 3/14/57", "RIVERA, ANA", "a letter says whom it is about"),
        ("\n" * 40 + "RE: Ana Rivera, DOB 3/14/57", None, "not in its lower half"),
    ],
)
def test_a_name_in_a_running_head_is_found(text: str, expected: str | None, why: str) -> None:
    found = _head(text)
    assert (found[0] if found else None) == expected, why


def test_a_running_head_is_as_sure_as_all_its_words_were_read() -> None:
    found = _head("RIVERA, ANA M   MRN: 00123456", confidence=0.8)
    assert found is not None
    assert found[1] == pytest.approx(0.9 * 0.8**3)


def _sticker(text: str) -> str | None:
    found = _head(text)
    return found[0] if found else None


@pytest.mark.parametrize(
    ("text", "expected", "why"),
    [
        ("RIVERA, ANA M\nMRN: 00123456", "RIVERA, ANA M", "right above"),
        ("RIVERA, ANA\n927 Juniper Ln\nMRN: 00123456", "RIVERA, ANA", "with a row between"),
        ("RIVERA, ANA\n927 Juniper Ln\nAkron\nMRN: 00123456", "RIVERA, ANA", "with two rows between"),
        ("RIVERA, ANA\n927 Juniper Ln\nAkron\nUSA\nMRN: 00123456", None, "with three"),
        (
            "FLOW SHEET" + " " * 20 + "RIVERA,ANA F 66Y\n" + " " * 30 + "MR# 00123456",
            "RIVERA, ANA",
            "stuck on beside a title",
        ),
        ("RIVERA ANA F GGY\nMR# 00123456", "RIVERA, ANA", "a misread age is no name either"),
        ("RIVERA, ANA\n\n\n\nMRN: 00123456", None, "a paragraph above"),
        ("RIVERA, ANA\n" + " " * 20 + "MRN: 00123456", None, "in another column"),
        ("Akron, OH 44301\nMRN: 00123456", None, "a town"),
        ("Rivera Ana\nMRN: 00123456", None, "without a comma any two words would do"),
        ("RIVERA, A\nMRN: 00123456", None, "an initial is no name to go by"),
        ("Name: RIVERA, ANA\nMRN: 00123456", None, "a row with a label of its own"),
        ("RIVERA, ANA\nSex: F", None, "a sex does not identify"),
    ],
)
def test_the_name_on_a_sticker_stands_above_its_number(text: str, expected: str | None, why: str) -> None:
    assert _sticker(text) == expected, why


LIST = "\n".join(
    "".join(cell.ljust(20) for cell in row)
    for row in (
        ("Bed", "Name", "MRN", "DOB", "Sex"),
        ("401", "RIVERA,ANA", "00123456", "03/14/57", "F"),
        ("402", "ADEYEMI,GRACE", "00123457", "11/02/41", "F"),
    )
)


def test_a_list_of_patients_says_of_none_that_the_page_is_theirs() -> None:
    values = [value for value in find_fields(typed(LIST), P) if value.name in ("name", "mrn", "dob", "sex")]
    assert values
    assert all(value.confidence < BELIEVED for value in values)
    alone = LIST.rpartition("\n")[0]
    assert any(value.confidence > BELIEVED for value in find_fields(typed(alone), P) if value.name == "mrn")


def test_the_sticker_of_another_patient_is_a_second_name() -> None:
    page = "Name: Rivera, Ana   MRN: 00123456\n\nnote\n\nADEYEMI,GRACE F 82Y\n00123457   11/02/41"
    names = {
        value.value for value in find_fields(typed(page), P) if value.name == "name" and value.confidence >= BELIEVED
    }
    assert names == {"RIVERA, ANA", "ADEYEMI, GRACE"}


def test_a_block_without_labels_gives_what_it_holds() -> None:
    told = {
        field: value
        for field, (value, _) in _told("RIVERA,ANA F 66Y\n00123456  03/14/57  V4410078\nDR CHEN, WEI").items()
    }
    assert told == {
        "name": "RIVERA, ANA",
        "sex": "F",
        "mrn": "00123456",
        "encounter": "V4410078",
        "dob": "1957-03-14",
        "attending": "CHEN, WEI",
    }


def test_a_birthday_is_surer_when_the_age_fits() -> None:
    page = "RIVERA,ANA F {}Y\n00123456  03/14/1957\n\n\nPrinted 05/02/2023"
    fits, other = (_told(page.format(age))["dob"][1] for age in (66, 30))
    assert fits > 0.8 > 0.5 > other


def test_the_rows_of_a_letterhead_beside_a_sticker_are_none_of_it() -> None:
    page = " " * 40 + "RIVERA,ANA F 66Y\nLAKESIDE CLINIC\n" + " " * 40 + "00123456  03/14/57"
    assert _told(page)["mrn"][0] == "00123456"


@pytest.mark.parametrize(
    ("text", "sex"),
    [
        ("RIVERA, ANA 66/F MRN 00123456", "F"),
        ("RIVERA, ANA | MRN 00123456 | DOB 03/14/1957 | 66 F", "F"),
        ("RIVERA,ANA F 66Y\nMR# 00123456", "F"),
        ("RIVERA,LUIS 66yo M\nMR# 00123456", "M"),
        ("RIVERA,LUIS M/82\nMR# 00123456", "M"),
        ("RIVERA,LUIS M 820\nMR# 00123456", None),  # nobody is that old
        ("RIVERA, ANA   MRN: 00123456   412 B", None),
    ],
)
def test_a_head_tells_the_sex_beside_an_age(text: str, sex: str | None) -> None:
    assert _told(text).get("sex", (None,))[0] == sex


def test_a_number_without_label_is_less_sure_than_the_name_before_it() -> None:
    told = _told("Rivera, Ana 00123456", confidence=1.0)
    assert told["mrn"][0] == "00123456"
    assert told["mrn"][1] < told["name"][1]


@pytest.mark.parametrize(
    ("text", "expected", "why"),
    [
        ("LAKESIDE GENERAL HOSPITAL", "LAKESIDE GENERAL HOSPITAL", "a hospital"),
        ("Akron Medical Group\n1 Main St", "Akron Medical Group", "a practice"),
        ("PROGRESS NOTE\nLakeside Imaging", "Lakeside Imaging", "under a title"),
        ("LAKESIDE HOSPITAL          RIVERA, ANA", "LAKESIDE HOSPITAL", "a patient label to the right of it"),
        ("Children's Hospital of the Lakes", "Children's Hospital of the Lakes", "a place in its name"),
        ("POWER OF ATTORNEY FOR HEALTH CARE", None, "a title"),
        ("Hospital", None, "one word says which of all"),
        ("Hospital: Lakeside General", None, "a label"),
        ("Lakeside Clinic 330-555-0101", None, "with a number"),
        ("\n" * 10 + "Lakeside General Hospital", None, "further down it is spoken of"),
        ("She was seen at the clinic", None, "a sentence"),
        ("Lakeside General and the Physicians and Surgeons of Akron Medical Group", None, "too long for a letterhead"),
        ("Rivera, Ana", None, "a name"),
    ],
)
def test_a_letterhead_says_whose_paper_it_is(text: str, expected: str | None, why: str) -> None:
    found = facility.find(rows_of(typed(text)))
    assert (found.value if found else None) == expected, why


@pytest.mark.parametrize(
    ("line", "expected", "why"),
    [
        ("Electronically signed by Wei Chen, MD on 02/03/2024 14:05", {"signed_by": "CHEN, WEI", "signed_date": "2024-02-03"}, "who and when"),
        ("Electronically Signed: Chen, Wei", {"signed_by": "CHEN, WEI"}, "who"),
        ("Digitally authenticated by: Wei Chen, DO, 3 Feb 2024", {"signed_by": "CHEN, WEI", "signed_date": "2024-02-03"}, "in words"),
        ("Authenticated by Dr. Chen at 02/03/2024", {"signed_by": "CHEN", "signed_date": "2024-02-03"}, "a surname after a title"),
        ("e-signed by Wei Chen date signed 02/03/2024", {"signed_by": "CHEN, WEI", "signed_date": "2024-02-03"}, "words between"),
        ("Signed by ____ on ____", {}, "an empty line"),
        ("Signed 02/03/2024", {}, "a day without a person is nobody's"),
        ("The consent was signed by the patient", {}, "a sentence"),
        ("V.O. Dr. Chen / R. Lee RN", {"order_mode": "verbal"}, "a verbal order"),
        ("T.O. Dr. Chen, read back", {"order_mode": "telephone"}, "a telephone order"),
        ("Telephone order from Dr. Chen", {"order_mode": "telephone"}, "in words"),
        ("verbal order read back", {"order_mode": "verbal"}, "in words"),
        ("VO/Dr Chen", {"order_mode": "verbal"}, "without points"),
        ("to be given at night", {}, "a word"),
        ("TOTAL DOSE", {}, "a word"),
        ("", {}, "nothing"),
    ],
)  # fmt: skip
def test_a_signature_line_says_who_and_when_and_how(line: str, expected: dict[str, str], why: str) -> None:
    found = {told.field: told.value for told in signed.find(rows_of(typed(line)), P)}
    assert found == expected, why


def test_of_a_very_long_line_only_its_beginning_names_the_signer() -> None:
    """The patterns take the square of a text's length."""
    line = "Electronically signed by " + " ".join(["word"] * 20_000)
    assert [told.field for told in signed.find(rows_of(typed(line)), P)] in ([], ["signed_by"])


CHARGES = "Patient Name: Rivera, Ana   MRN: 00123456   DOB: 03/14/1957\n" + "\n".join(
    f"0{n}/05/2024   72758{n}1   {what}   1   409.49"
    for n, what in enumerate(("PT EVAL", "ROOM SEMI PRIV", "IV SET", "CHEST VIEW"), 1)
)


def test_charges_with_days_and_numbers_are_no_list_of_patients() -> None:
    values = {value.name: value for value in find_fields(typed(CHARGES), P)}
    assert values["mrn"].confidence > BELIEVED
    assert values["name"].value == "RIVERA, ANA"


def test_a_line_over_the_name_of_a_patient_label_is_the_stay_and_the_doctor_stands_under_it() -> None:
    told = {
        k: v for k, (v, _) in _told("V4410078  01/05/2024\nRIVERA,ANA\n03/14/57 66Y F  00123456\nDR CHEN, WEI").items()
    }
    assert (told["encounter"], told["admit_date"], told["attending"]) == ("V4410078", "2024-01-05", "CHEN, WEI")
    other = _told("01/05/2024 to 01/09/2024\nRIVERA,ANA\n03/14/57 66Y F  00123456\nCHEN, WEI")
    assert {"admit_date", "attending"}.isdisjoint(other), "no visit number there, and no word says doctor"


def test_a_record_number_that_looks_like_a_day_is_told_from_the_birthday() -> None:
    site = replace(P, mrn_pattern=r"\d{2}-?\d{2}-?\d{2}")
    told = {v.name: v.value for v in find_fields(typed("RIVERA,ANA F 66Y\n25-81-99   V4410078\n03-14-57"), site)}
    assert (told["mrn"], told["dob"]) == ("25-81-99", "1957-03-14")
    either = {v.name: v.confidence for v in find_fields(typed("RIVERA,ANA F 66Y\n12-03-57   V4410078"), site)}
    assert either.get("dob", 0) < BELIEVED, "it may be the number"


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("Consent was signed on 03/14/1957 and", "the day of an event"),
        ("film was compared with that of 03/14/1957", "the same"),
        ("Order 00999999 was sent to the pharmacy", "an order's number"),
    ],
)
def test_days_and_numbers_of_sentences_are_nobodys(line: str, why: str) -> None:
    told = _told(f"RIVERA,ANA   00123456   Page 2\n{line}")
    assert "dob" not in told, why
    assert told["mrn"][0] == "00123456", why


@pytest.mark.parametrize(
    ("line", "sex"),
    [("MRN:00123456  F 66Y", "F"), ("MRN #:00123456  F 66Y", "F"), ("Unit:4  F 66Y", "F"), ("MI:F 66Y", None)],
)
def test_behind_a_value_in_one_word_with_its_label_another_may_stand(line: str, sex: str | None) -> None:
    values = find_fields(typed(f"LABELS\n\nRIVERA,ANA\n{line}\nDOB:03/14/1957"), Profile())
    assert next((value.value for value in values if value.name == "sex"), None) == sex


def test_a_number_in_groups_and_a_date_without_blank_stand_in_a_patient_label() -> None:
    told = {field: value for field, (value, _) in _told("RIVERA,ANA\n001 234 56 F 66Y\nMAR 14,1957").items()}
    assert (told["mrn"], told["dob"]) == ("00123456", "1957-03-14")
