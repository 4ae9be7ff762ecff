"""Labels and patient list together: what is filled in, what supports, what contradicts; and the decision."""

from dataclasses import replace
from datetime import date

import pytest

from classify import normal
from classify.anchored.evidence import SOURCE
from classify.guess import DocumentGuess, PersonRecord
from classify.index import find_patients, index_file, index_pages, sort_file
from classify.profile import Profile
from ocr.page import HANDWRITTEN_MOST
from tests.given.paper import typed
from tests.given.people import ALL, ANA, SmallRoster

MARY = PersonRecord(id=20, mrn="00800001", family="Smith", given="Mary", birth_date=date(1985, 3, 4), sex="F", phone="3305550177", address="927 Juniper Ln", member_id="C987654321")  # fmt: skip
LIST = SmallRoster((*ALL, MARY))
STICKER = "RIVERA, ANA M\n03/14/1957   67Y\n00123456   V2400881"
BODY = "\nSeen in clinic on 03/04/2024. The wound is clean and dry."


def _index(*pages: str) -> DocumentGuess:
    return index_file([typed(page, number) for number, page in enumerate(pages, start=1)], LIST, Profile()).documents[0]


def _values(guess: DocumentGuess) -> dict[str, tuple[str, str]]:
    return {value.name: (value.value, value.source) for value in reversed(guess.fields)}


def test_a_page_without_labels_gives_fields_and_links() -> None:
    guess = _index(STICKER + BODY)
    assert (guess.match.decision, guess.match.candidates[0].person.mrn) == ("linked", "00123456")
    assert _values(guess) == {
        "name": ("RIVERA, ANA M", SOURCE),
        "mrn": ("00123456", SOURCE),
        "dob": ("1957-03-14", SOURCE),
        "encounter": ("V2400881", SOURCE),
    }
    assert guess.encounter == "V2400881"
    assert guess.unnamed_pages == ()
    assert all(value.page == 1 and value.box is not None for value in guess.fields)


def test_pages_put_together_by_hand_are_read_so_too() -> None:
    guess = index_pages([typed("blood pressure good", 1), typed(STICKER + BODY, 2)], LIST, Profile())
    assert guess.match.decision == "linked"
    assert guess.unnamed_pages == (1,)


def test_no_value_is_surer_than_its_words_were_read() -> None:
    badly = index_file([typed(STICKER + BODY, confidence=0.6)], LIST, Profile()).documents[0]
    assert {value.confidence for value in badly.fields} == {0.6}
    well = index_file([typed(STICKER + BODY, confidence=1.0)], LIST, Profile()).documents[0]
    assert all(0.95 < value.confidence < 0.99 for value in well.fields)


def test_what_is_written_by_hand_stays_a_proposal() -> None:
    page = typed(STICKER + BODY)
    page = replace(page, words=tuple(replace(word, is_handwritten=True) for word in page.words))
    guess = index_file([page], LIST, Profile()).documents[0]
    assert all(value.is_handwritten and value.confidence <= HANDWRITTEN_MOST for value in guess.fields)


def test_a_value_of_a_sideways_label_has_its_box_on_the_page() -> None:
    flat = typed(STICKER)
    turned = tuple(replace(w, box=w.box.turned(270, 3300, 2550), turn=90) for w in flat.words)
    guess = index_file([replace(flat, words=turned)], LIST, Profile()).documents[0]
    mrn = guess.best("mrn")
    assert guess.match.decision == "linked"
    assert mrn is not None
    assert mrn.box in [word.box for word in turned]


def test_labels_that_say_the_same_are_supported_and_stay_labels() -> None:
    page = "Patient Name: Rivera, Ana M\nMRN: 00123456\nDOB: 03/14/1957"
    alone = find_patients(sort_file([typed(page)], Profile()), SmallRoster(())).documents[0]
    both = _index(page)
    for name in ("mrn", "name", "dob"):
        before, after = alone.best(name), both.best(name)
        assert before and after
        assert (after.source, after.value) == ("label", before.value)
        assert after.confidence >= before.confidence


def test_labels_and_list_give_what_the_other_lacks() -> None:
    guess = _index("Patient: Ana Rivera\n03/14/1957   00123456" + BODY)
    assert guess.match.decision == "linked"
    assert _values(guess)["name"][1] == "label"
    assert _values(guess)["mrn"] == ("00123456", SOURCE)


@pytest.mark.parametrize(
    ("label", "doubt"),
    [
        ("Patient Name: Nguyen, Hoa", "page_1_other_name"),
        ("MRN: 00999911", "page_1_other_mrn"),
        ("DOB: 11/11/1999", "page_1_other_dob"),
    ],
)
def test_labels_that_say_otherwise_make_a_question(label: str, doubt: str) -> None:
    guess = _index(f"{label}\n\n\n\n\n{STICKER}{BODY}")
    assert guess.match.decision != "linked"
    assert doubt in tuple(map(str, guess.doubts))
    assert all(value.source != SOURCE for value in guess.fields)


@pytest.mark.parametrize("given", ["Patrlck", "Pat", "P"])
def test_a_misread_labelled_name_says_nothing_else(given: str) -> None:
    patrick = PersonRecord(
        id=40, mrn="00900001", family="Toupurk", given="Patrick", birth_date=date(1988, 2, 14), sex="M"
    )
    page = f"Patient Name: Toupurk, {given}\nMRN: 00900001   DOB: 02/14/1988\n\nToupurk, Patrick   00900001"
    guess = index_file([typed(page + BODY)], SmallRoster((patrick,)), Profile()).documents[0]
    assert "page_1_other_name" not in tuple(map(str, guess.doubts))


def test_another_patients_label_on_a_page_with_labels_makes_a_question() -> None:
    labels = "Patient Name: Kowalczyk, Robert\nMRN: 00400001\nDOB: 12/01/1944\nSex: M"
    assert _index(labels + BODY).match.decision == "linked"
    assert _index(labels + BODY + "\n\n" + STICKER).match.decision == "ask"


def test_two_patients_of_the_list_make_a_question() -> None:
    guess = _index(f"{STICKER}{BODY}", "continued\nSMITH, MARY\n03/04/1985   00800001")
    assert guess.match.decision != "linked"
    assert any("two_patients" in flag for flag in map(str, guess.doubts))


def test_a_second_patients_number_and_birthday_make_a_question_though_the_name_is_misread() -> None:
    labels = "Patient Name: Kowalczyk, Robert\nMRN: 00400001\nDOB: 12/01/1944\nSex: M"
    guess = _index(f"{labels}{BODY}\nPage 1 of 2", "RXVXRX, AXA\n03/14/1957   00123456\nPage 2 of 2")
    assert guess.match.decision == "ask"
    assert "page_2_two_patients" in tuple(map(str, guess.doubts))


def test_somebody_without_a_readable_name_is_shown_to_a_person() -> None:
    guess = _index("RXVXRX, AXA\n03/14/1957   00123456" + BODY)
    assert (guess.match.decision, guess.match.candidates[0].person.mrn) == ("ask", "00123456")
    assert all(value.source == "block" for value in guess.fields)


def test_a_child_that_is_not_on_the_list_is_not_its_mother() -> None:
    block = "Blue Cross of Ohio\nSMITH, MARY   03/04/1985\nC987654321   330-555-0177\n927 Juniper Ln"
    alone, child = _index(block + BODY), _index("RE: Tommy Smith\n\n" + block + BODY)
    assert alone.match.decision == "linked"  # the same block on her own page
    assert child.match.decision == "ask"
    assert {"page_1_names_another", "page_1_other_name"} & {*map(str, child.doubts)}
    assert all(value.source != SOURCE for value in child.fields)


@pytest.mark.parametrize("born", ["07 Feb 1460", "02/07/1860", "13/32/1957", "03/14/2097"])
def test_a_date_beside_the_name_that_cannot_be_read_may_be_anothers_birthday(born: str) -> None:
    guess = _index(f"RIVERA, ANA   {born}\n00123456{BODY}")
    assert guess.match.decision == "ask"
    assert tuple(map(str, guess.doubts)) == ("page_1_birthday_unreadable",)
    assert _index(f"RIVERA, ANA   03/14/1957   {born}\n00123456{BODY}").match.decision == "linked"  # hers is there


def test_the_only_date_of_a_document_may_be_another_birthday_when_it_is_old() -> None:
    assert _index("RIVERA, ANA   07/09/1961\n00123456").match.decision == "ask"
    soon = f"{normal.today():%m/%d/%Y}"
    assert _index(f"RIVERA, ANA   {soon}\n00123456").match.decision == "linked"  # the day of the service


@pytest.mark.parametrize(
    ("page", "why"),
    [
        ("RIVERA, ANA T   00123456   03/14/1957", "the middle name differs"),
        ("RIVERA, ANA   00123456   07/09/1961", "a birthday of her own beside the number"),
        ("RIVERA, ANA   00123456   11/11/2023", "an infant of her name"),
        ("RIVERA, ANA   03/14/1957   00999999", "another number like an MRN beside name and birthday"),
        ("RIVERA, ANA   03/14/1957", "name and birthday alone"),
        ("OKAFOR, GRACE   05/05/1980   00200001", "a twin"),
        ("CHEN, WEI   01/02/1950   00300001", "senior and junior"),
        ("RIVERA, ANA (BB)   00123456", "her newborn"),
        ("RIVERA, ANA BB   00123456", "her newborn, by initials"),
    ],
)
def test_the_guards_hold_for_what_the_list_gives(page: str, why: str) -> None:
    assert _index(page + BODY).match.decision == "ask", why


def test_the_other_order_of_day_and_month_is_left_to_a_person() -> None:
    swapped = replace(ANA, birth_date=date(1957, 4, 3))
    guess = index_file(
        [typed("RIVERA, ANA   03/04/1957   00123456" + BODY)], SmallRoster((swapped,)), Profile()
    ).documents[0]
    assert guess.match.decision == "ask"
    assert guess.match.reasons == ("day and month of birth swapped",)


def test_a_birthday_of_two_digits_is_of_the_century_that_the_list_says() -> None:
    old = replace(ANA, birth_date=date(1915, 3, 14))
    guess = index_file([typed("RIVERA, ANA   03/14/15   00123456" + BODY)], SmallRoster((old,)), Profile()).documents[0]
    assert guess.match.decision == "linked"
    assert _values(guess)["dob"][0] == "1915-03-14"


def test_a_minor_by_the_birthday_of_the_list_is_protected() -> None:
    young = replace(ANA, birth_date=date(2010, 3, 14))
    text = "RIVERA, ANA   03/14/2010   00123456\nDate of Service: 03/04/2024\nChlamydia trachomatis detected."
    guess = index_file([typed(text)], SmallRoster((young,)), Profile()).documents[0]
    assert {label.code for label in guess.labels} >= {"STD", "MINOR"}
