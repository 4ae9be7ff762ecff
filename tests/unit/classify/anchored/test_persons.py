"""Who of the patient list stands on pages, and who else is named beside."""

from dataclasses import replace
from datetime import date

import pytest

from classify.anchored.persons import Persons, find_persons, find_rival
from classify.demographics import PersonName
from classify.guess import PersonRecord
from classify.index import Draft, sort_file
from classify.profile import Profile
from tests.given.paper import typed
from tests.given.people import ALL, ANA, NAMESAKE, TWIN, SmallRoster

MARY = PersonRecord(id=20, mrn="00800001", family="Smith", given="Mary", birth_date=date(1985, 3, 4), sex="F", phone="3305550177", address="927 Juniper Ln", member_id="C987654321")  # fmt: skip
BODY = "\n" * 14 + "Seen in clinic on 03/04/2024. The wound is clean and dry."


def _draft(*pages: str) -> Draft:
    return sort_file([typed(page, number) for number, page in enumerate(pages, start=1)], Profile()).drafts[0]


def _persons(*pages: str) -> Persons:
    return find_persons(_draft(*pages).mentions, SmallRoster((*ALL, MARY)))


def _anchored(*pages: str) -> list[str]:
    return [anchored.person.mrn for anchored in _persons(*pages).anchored]


@pytest.mark.parametrize(
    ("page", "why"),
    [
        ("RIVERA, ANA M   F\n03/14/1957   67Y\n00123456   V2400881", "a label without label words"),
        ("RIVERA, ANA   00123456   Page 2", "a running head"),
        ("RE: Ana Rivera\n03/14/1957", "the line of a letter"),
        ("I saw Ana M. Rivera (00-123-456) in clinic today.", "running text"),
        ("Rivera      Ana      M\n03/14/1957   F", "cells of a form"),
        ("RIVERA\nANA\n00123456", "surname over first name"),
        ("RIVERA, ANA\n03/14/57", "a year of two digits"),
        ("RIVERA, ANA   V2400881", "the visit"),
        ("Rlvera, Ana   OO123456", "misread in letter and digit"),
        ("RIVERA, ANA" + "\n" * 9 + "00123456", "both in the head of the page"),
    ],
)
def test_a_person_is_anchored_by_name_and_number_or_birthday(page: str, why: str) -> None:
    assert _anchored(page + BODY) == ["00123456"], why


@pytest.mark.parametrize(
    ("page", "why"),
    [
        ("RIVERA, ANA", "a name alone"),
        ("00123456   03/14/1957", "numbers alone"),
        ("RIVERA, ANA   330-555-0101", "a telephone is the household's"),
        ("RIVERA, ANA   00123457", "another number"),
        ("CHEN, LI   00123456", "a number that is hers by chance"),
        ("RIVERA, ANA" + BODY + "\n" * 20 + "00123456", "name and number far apart"),
        ("Mother: RIVERA, ANA   03/14/1957", "the mother"),
        ("GUARANTOR\nRIVERA, ANA\n03/14/1957   00123456", "the guarantor"),
        ("RIVERA, ANA, MD   00123456", "a provider"),
        ("RIVERA, ANA\nMother's DOB: 03/14/1957", "the mother's birthday"),
        ("RIVERA, ANA\nDate of Service: 03/14/1957", "the date is another by its label"),
        ("101 RIVERA, ANA 00123456\n102 CHENG, HO 00300009\n103 BROWNE, TOM 00600009", "a census"),
    ],
)
def test_nobody_is_anchored_by_less(page: str, why: str) -> None:
    assert _anchored(page + BODY) == [], why


def test_a_day_of_service_is_nobodys_birthday() -> None:
    junior = replace(NAMESAKE, id=30, mrn="00500009", birth_date=date(2024, 3, 4))
    page = _draft("SMITH, JOHN   03/04/2024\nseen before on 02/01/2020").mentions
    assert find_persons(page, SmallRoster((junior,))).anchored == ()
    labelled = _draft("SMITH, JOHN   DOB: 03/04/2024\nseen before on 02/01/2020").mentions
    assert len(find_persons(labelled, SmallRoster((junior,))).anchored) == 1


def test_two_persons_are_two_and_three_are_a_list() -> None:
    two = "RIVERA, ANA   00123456\n\nSMITH, MARY   00800001"
    assert sorted(_anchored(two)) == ["00123456", "00800001"]
    assert _anchored(two + "\n\nCHEN, WEI   00300001") == []


def test_number_and_birthday_without_a_readable_name_are_a_hint() -> None:
    persons = _persons("RXVXRX, AXA\n03/14/1957   00123456" + BODY)
    assert persons.anchored == ()
    assert [(hint.person.mrn, hint.page, hint.mrn) for hint in persons.hinted] == [("00123456", 1, "00123456")]


def test_number_and_surname_without_a_readable_first_name_are_a_hint_too() -> None:
    assert [hint.person.mrn for hint in _persons("RIVERA, AXA\n03/l4/1857   00123456" + BODY).hinted] == ["00123456"]
    assert _persons("RXVXRX, ANA\n03/l4/1857   00123456" + BODY).hinted == ()
    assert _persons("RIVERA, AXA\n03/l4/1857   OO123456" + BODY).hinted == ()  # a misread number beside a surname


def test_former_names_anchor_too() -> None:
    married = replace(ANA, family="Montoya", other_names=(PersonName("Rivera", "", "maiden"),))
    page = _draft("RIVERA, ANA   00123456").mentions
    assert [a.person.family for a in find_persons(page, SmallRoster((married,))).anchored] == ["Montoya"]


@pytest.mark.parametrize(
    ("page", "is_rival", "why"),
    [
        ("SMITH, MARY   03/04/1985   00800001", False, "she alone"),
        ("RE: Tommy Jones\nSMITH, MARY   03/04/1985   00800001", True, "the letter is about somebody else"),
        ("RE: Mary Smith\n03/04/1985   00800001\nPatient Wellness Plan", False, "the letter is about her"),
        ("RE: Will Price\nSMITH, MARY   03/04/1985   00800001", True, "a first name that is a word"),
        ("Child's name: Tommy Jones\nSMITH, MARY   03/04/1985   00800001", True, "a form of a child doctor"),
        ("Tommy Smith ate well.\nSMITH, MARY   03/04/1985   00800001", True, "another first name with her surname"),
        ("Mrs. Smith ate well.\nM. Smith signed.\nSMITH, MARY   03/04/1985", False, "her surname and initial"),
        ("JONES, TOMMY   04/05/2015\n\nSMITH, MARY   03/04/1985   00800001", True, "another name with a birthday"),
        (
            "Harbor Point\n" * 16 + "Jones, Tommy   04/05/2815   M\nSMITH, MARY   03/04/1985   00800001",
            True,
            "one misread",
        ),
        ("Harbor Point\n" * 16 + "Jones, Tommy   M\nSMITH, MARY   03/04/1985   00800001", False, "with no birthday"),
        ("JONES, TOMMY   11/11/2023\n\nSMITH, MARY   03/04/1985   00800001", True, "an infant's"),
        (
            "Smith, Mary   08/09/2011" + "\n" * 5 + "SMITH, MARY   03/04/1985   00800001",
            True,
            "her daughter of the same name",
        ),
        ("Amina Check   00999999\nSMITH, MARY   03/04/1985   00800001", True, "a surname that is a word of forms"),
        ("Tommy Jones   00999999\n\nSMITH, MARY   03/04/1985   00800001", True, "another name with such a number"),
        ("Tommy Jones   0099999B\n\nSMITH, MARY   03/04/1985   00800001", True, "such a number, misread"),
        ("Tommy Jones   V99\n\nSMITH, MARY   03/04/1985   00800001", False, "with nothing of the kind"),
        ("Baby Girl\nSMITH, MARY   03/04/1985   00800001", True, "a newborn has no name yet"),
        ("Mother: Tommy Jones 04/05/2015\n\nSMITH, MARY   03/04/1985   00800001", False, "a role claims the other"),
        ("JONES, TOMMY" + "\n" * 16 + "SMITH, MARY   03/04/1985   00800001", True, "another in the head"),
        ("Ann Ellison, HIM" + "\n" * 16 + "SMITH, MARY   03/04/1985   00800001", False, "who works where in the head"),
        ("12 College Rd, Bldg" + "\n" * 16 + "SMITH, MARY   03/04/1985   00800001", False, "a street in the head"),
        (
            "01/18/2023 0538 VITALS TAKEN 33658701\n\nSMITH, MARY   03/04/1985   00800001",
            False,
            "a row of a log with a number like hers",
        ),
        (
            "01/18/2023 0538 JONES, TOMMY 33658701\n\nSMITH, MARY   03/04/1985   00800001",
            True,
            "a row of a schedule that names another",
        ),
        ("Burlington, Vermont 05401" + "\n" * 16 + "SMITH, MARY   03/04/1985   00800001", False, "a town in the head"),
        (
            "9 Hospital Blvd, Galway\n06/10/2020\n\nSMITH, MARY   03/04/1985   00800001",
            False,
            "the town of a letterhead over a date",
        ),
        (
            "3635 Hospital Drive, Salem, VA 24153\n06/10/2020\n\nSMITH, MARY   03/04/1985   00800001",
            False,
            "the same with its state",
        ),
        (
            "SMITH, MARY   03/04/1985   00800001\nMSD RD   06/10/2020   114480",
            False,
            "codes of a table of vaccines",
        ),
        ("SMITH, MARY   03/04/1985   00800001\n\n\nWei Ng   06/10/1961   00114480", True, "a short name is a name"),
    ],
)
def test_another_name_on_the_page_is_a_rival(page: str, is_rival: bool, why: str) -> None:
    draft = _draft(page + BODY)
    (anchored,) = find_persons(draft.mentions, SmallRoster((MARY,))).anchored
    assert (find_rival(anchored, draft.mentions) == 1) is is_rival, why


def test_the_list_is_asked_once_for_a_bounded_number_of_keys() -> None:
    asked: list[tuple[str, ...]] = []

    class Counting(SmallRoster):
        def find_by_keys(self, keys: tuple[str, ...], most: int = 60) -> list[PersonRecord]:
            asked.append(keys)
            return super().find_by_keys(keys, most)

    page = "\n".join(f"Rivera Ana{chr(97 + n)}\n{10_000_000 + n}\n0{1 + n % 9}/02/{1900 + n}" for n in range(26))
    find_persons(_draft(page).mentions, Counting())
    assert len(asked) == 1
    assert len(asked[0]) <= 2 * 12 + 2 * 24


def test_a_page_without_numbers_and_dates_asks_nothing() -> None:
    class Silent(SmallRoster):
        def find_by_keys(self, keys: tuple[str, ...], most: int = 60) -> list[PersonRecord]:
            raise AssertionError("asked")

    assert find_persons(_draft("Ana Rivera was seen").mentions, Silent()) == Persons()


def test_a_twin_is_no_other_twin() -> None:
    assert _anchored("OKAFOR, GRACE   05/05/1980" + BODY) == [TWIN.mrn]


@pytest.mark.parametrize(
    ("line", "is_rival", "why"),
    [
        ("SMITH, LAURA M   07/01/2014", True, "another first name with the initials of hers by chance"),
        ("Thank you for sending Ms. Smith. Will follow up.", False, "a sentence begins"),
        (
            "History was taken from Robert Smith, born\nMarch 7, 1946. He knows her well.",
            False,
            "an informant, over two lines",
        ),
        ("Order 00999999 was sent to Smith pharmacy", False, "an order's number"),
        ("Consent was signed by Mr. Smith on 08/09/2011.", False, "who signed, and when"),
        ("SMITH, JUNE   00999999", True, "a month's name with a number like an MRN"),
    ],
)
def test_what_sentences_say_is_no_rival(line: str, is_rival: bool, why: str) -> None:
    mary = replace(MARY, middle="L")
    draft = _draft("SMITH, MARY   03/04/1985   00800001\n\n\n" + line + BODY)
    (anchored,) = find_persons(draft.mentions, SmallRoster((mary,))).anchored
    assert (find_rival(anchored, draft.mentions) == 1) is is_rival, why
