"""What a page mentions without a label, and what is said of somebody else."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from classify import normal
from classify.anchored.mentions import find_mentions
from classify.mentioned import Kind, Mention, Mentions
from classify.profile import Profile
from classify.split import read_facts
from tests.given.paper import typed


def _read(text: str, profile: Profile | None = None) -> Mentions:
    facts = read_facts(typed(text), profile or Profile())
    found = find_mentions(facts.page, facts.rows, facts.fields, profile or Profile())
    return found[0] if found else Mentions(1, 0, 0, 0, 0, ())


def _texts(text: str, kind: Kind) -> list[str]:
    return [mention.text for mention in _read(text).of(kind)]


def _only(text: str, kind: Kind) -> Mention:
    (found,) = _read(text).of(kind)
    return found


@pytest.mark.parametrize(
    ("line", "number", "why"),
    [
        ("RIVERA 00123456", "00123456", "plain"),
        ("Hist. MRN:00123456", "00123456", "in one word with its label"),
        ("RIVERA 00-123-456", "00-123-456", "with hyphens"),
        ("RIVERA 001 234 56", "00123456", "in groups"),
        ("RIVERA LT-30918,", "LT-30918", "with letters before, and a comma after"),
        ("RIVERA OO12345l", "00123451", "a small l is a misread 1"),
        ("RIVERA OO123456", "OO123456", "capitals that fit stay as they are read; the list tells"),
        ("RIVERA #00123456", "00123456", "after a number sign"),
    ],
)
def test_what_may_be_a_record_number_is_mentioned(line: str, number: str, why: str) -> None:
    assert _texts(line, Kind.NUMBER) == [number], why


@pytest.mark.parametrize(
    "line", ["in 1998 and 2011", "Hgb 13.2", "25 mg", "room 412", "03/14/1957", "330-555-0101", "HOSPITAL"]
)
def test_years_doses_dates_and_telephones_are_no_record_numbers(line: str) -> None:
    assert _texts(line, Kind.NUMBER) == []


@pytest.mark.parametrize(
    ("line", "days"),
    [
        ("born 03/14/1957", [date(1957, 3, 14)]),
        ("born 05/Jul/1969", [date(1969, 7, 5)]),
        ("born 05.Jul.1969", [date(1969, 7, 5)]),
        ("born 03/04/1957", [date(1957, 3, 4), date(1957, 4, 3)]),
        ("born March 14, 1957,", [date(1957, 3, 14)]),
        ("born 14 Mar 1957", [date(1957, 3, 14)]),
        ("born MAR 14,1957", [date(1957, 3, 14)]),
        ("born March 14th,1957", [date(1957, 3, 14)]),
        ("born Mar-14-1957", [date(1957, 3, 14)]),
        ("born 1957-Mar-14", [date(1957, 3, 14)]),
        ("born 1957 Mar 14", [date(1957, 3, 14)]),
        ("seen in 1999 March 14, 1957", [date(1957, 3, 14)]),  # a year before another day
        ("born March l4, 1957", [date(1957, 3, 14)]),
        ("born 14 Mar l957", [date(1957, 3, 14)]),
        ("(14-Mar-1957)", [date(1957, 3, 14)]),
        ("19570314", [date(1957, 3, 14)]),
        ("O3/l4/1957", [date(1957, 3, 14)]),
        ("born 03/14/57", [date(1957, 3, 14)]),
        ("born 03/14/15", [date(2015, 3, 14), date(1915, 3, 14)]),
    ],
)
def test_every_reading_of_a_date_is_kept(line: str, days: list[date]) -> None:
    assert list(_only(line, Kind.DATE).days) == days


def test_the_sites_reading_comes_first() -> None:
    (found,) = _read("born 03/04/1957", Profile(day_first=True)).of(Kind.DATE)
    assert found.days == (date(1957, 4, 3), date(1957, 3, 4))


def test_a_date_to_come_is_no_birthday_and_one_that_is_no_day_was_misread() -> None:
    soon = f"{normal.today() + timedelta(days=90):%m/%d/%Y}"
    read = _read(f"due {soon} 07 Feb 1460 02/31/1957 03/14/2097 Morch 14, 1957 14 M4r 1957")
    assert list(read.of(Kind.DATE)) == []
    assert [m.text for m in read.of(Kind.UNREADABLE_DATE)] == [
        "07 Feb 1460", "02/31/1957", "03/14/2097", "Morch 14 1957", "14 M4r 1957",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "names", "why"),
    [
        ("RIVERA, ANA M", ["RIVERA, ANA M"], "surname first"),
        ("RIVERA,ANA M", ["RIVERA, ANA M"], "the space was lost"),
        ("saw Ana M. Rivera today", ["Ana M Rivera"], "in running text"),
        ("RE: Ana Rivera", ["Ana Rivera"], "after a label"),
        ("Rivera      Ana", ["Rivera", "Ana"], "in two cells"),
        ("DE LA CRUZ, WILLIAM, B", ["DE LA CRUZ, WILLIAM, B"], "a surname of three words and two commas"),
        ("Garcia-Lopez, Elizabeth", ["Garcia-Lopez, Elizabeth"], "a double surname"),
        ("O'Brien, J0hn", ["O'Brien, J0hn"], "a digit for a letter"),
        ("PROGRESS NOTE", [], "words of forms"),
        ("the patient was seen", [], "small letters"),
        ("Monday", [], "a day"),
        ("Smith, Mar", ["Smith, Mar"], "what is left of Mary"),
        ("Will Price", ["Will Price"], "a first name that is a word too"),
        ("SMITH, APRIL 03/14/1957", ["SMITH, APRIL"], "and a month"),
        ("on April 9, 2024 in Akron", ["Akron"], "but not in a date"),
        ("I, Myron Rosenthal, appoint", ["Myron Rosenthal"], "a declaration"),
        ("Ana (Rivera)", ["Ana", "Rivera"], "brackets end a name"),
        ("was seen by Ana. Rivera called", ["Ana", "Rivera"], "so does a full stop"),
    ],
)
def test_what_looks_like_a_name_is_mentioned(line: str, names: list[str], why: str) -> None:
    assert _texts(line, Kind.NAME) == names, why


def test_telephone_last_four_and_house_are_mentioned() -> None:
    read = _read("(330) 555-0101   XXX-XX-2081   927 Juniper Ln")
    assert [m.text for m in read.of(Kind.PHONE)] == ["(330) 555-0101"]
    assert [m.text for m in read.of(Kind.SSN4)] == ["2081"]
    assert "927 Juniper Ln" in [m.text for m in read.of(Kind.HOUSE)]


def test_of_a_whole_social_security_number_only_four_digits_are_kept() -> None:
    read = _read("Rivera 412-65-2081")
    assert all("412" not in mention.text for mention in read.found)


@pytest.mark.parametrize("line", ["Pain 10 1930", "Room 12 1500", "tabs 10 2000", "in March 2024", "page 3 of 1900"])
def test_times_and_counts_are_no_dates(line: str) -> None:
    read = _read(line)
    assert [*read.of(Kind.DATE), *read.of(Kind.UNREADABLE_DATE)] == []


def test_the_label_beside_a_value_is_known() -> None:
    read = _read("Date of Service: 03/04/2024   DOB: 03/14/1957   Acct: 77001234")
    assert {m.text: m.label for m in (*read.of(Kind.DATE), *read.of(Kind.NUMBER))} == {
        "03/04/2024": "service_date",
        "03/14/1957": "dob",
        "77001234": "account",
    }


def test_a_label_stuck_on_sideways_is_read_in_its_own_direction() -> None:
    flat = typed("RIVERA, ANA M\n00123456 03/14/1957")
    turned = tuple(replace(w, box=w.box.turned(270, 3300, 2550), turn=90) for w in flat.words)
    page = replace(flat, words=turned)
    facts = read_facts(page, Profile())
    (part,) = find_mentions(page, facts.rows, facts.fields, Profile())
    assert (part.turn, part.width, part.height) == (90, 3300, 2550)
    assert [m.text for m in part.of(Kind.NAME)] == ["RIVERA, ANA M"]


CENSUS = "101 RIVERA, ANA 00123456\n102 CHEN, WEI 00300001\n103 BROWN, TIM 00600001"


@pytest.mark.parametrize(
    ("text", "is_list"),
    [
        (CENSUS, True),
        ("8:30 CHEN, WEI 01/02/1950\n8:45 OKAFOR, JOY 05/05/1980\n9:00 RIVERA, ANA 03/14/1957", True),
        ("\n".join(CENSUS.splitlines()[:2]), False),
        (
            "RIVERA, ANA 00123456\n03/04/2024 Lab with Chen, Wei\n03/05/2024 Imaging with Voss, Leon\n03/06/2024 Lab with Iyer, Paul",
            False,
        ),
        (
            "RIVERA, ANA   Client 42411101\nUREA NITROGEN 100-199\nTOTAL CHOLESTEROL 110-199\nFASTING GLUCOSE 120-199",
            False,
        ),
        ("RIVERA, ANA 00123456\nHepatitis B 07/08/2020\nInfluenza High 08/09/2021\nVaricella Live 09/10/2022", False),
    ],
)
def test_names_with_numbers_in_a_column_are_a_list(text: str, is_list: bool) -> None:
    assert _read(text).is_list is is_list


def test_a_page_mentions_only_so_much() -> None:
    page = "\n".join(f"{10_000_000 + n}  Rivera Ana  01/02/{1900 + n % 100}" for n in range(300))
    assert len(_read(page).found) <= 6 * 120


@pytest.mark.parametrize(
    ("line", "pattern", "number"),
    [
        ("RIVERA 114440/14", r"\d{6}/?\d{2}", "114440/14"),
        ("RIVERA 11.444.014", r"\d{2}\.\d{3}\.\d{3}", "11.444.014"),
        ("RIVERA 12-14-20", r"\d{2}-\d{2}-\d{2}", "12-14-20"),
    ],
)
def test_a_number_is_known_by_the_sites_own_way_of_writing(line: str, pattern: str, number: str) -> None:
    site = Profile(mrn_pattern=pattern)
    assert [m.text for m in _read(line, site).of(Kind.NUMBER)] == [number]


@pytest.mark.parametrize(
    ("line", "label", "why"),
    [
        ("RIVERA, ANA   03/14/2024 10:20 AM", "stamp", "an hour behind it"),
        ("RIVERA, ANA   03/14/2024 1020", "stamp", "the hour as machines print it"),
        ("RIVERA, ANA   Printed 03/14/2024", "stamp", "the day of printing"),
        ("Last tetanus shot 03/14/2004.", "event", "a word of a sentence before it"),
        ("pain is better, he says 03/14/2004 was the worst", "event", "running text"),
        ("RIVERA, ANA   03/14/1957", "", "a name"),
        ("RIVERA, ANA f 03/14/1957", "", "the sex"),
        ("Ana Rivera (00123456), 03/14/1957, was seen here today for pain of the knee", "", "behind the name"),
        ("a woman of 66 years, born on 03/14/1957, was seen here today for pain", "", "a word of birth"),
        ("DOB 03/14/1957 10:20", "dob", "a label says more than the hour"),
    ],
)
def test_days_of_events_are_no_birthdays(line: str, label: str, why: str) -> None:
    assert _only(line, Kind.DATE).label == label, why


def test_a_name_told_as_anothers_in_running_text_is_so_in_every_sentence() -> None:
    text = (
        "RIVERA, ROSA   00123456\n\nI saw her with Ana Rivera today and both were well.\n"
        "We talked about diet. Ana Rivera will call if the pain is back."
    )
    names = {m.row: m.is_of_another for m in _read(text).of(Kind.NAME) if "Ana" in m.words}
    assert names == {1: True, 2: True}
    headed = _read("Rivera, Ana   00123456\n\nAna Rivera (mother) was here today and asked for a list.")
    assert [m.is_of_another for m in headed.of(Kind.NAME)] == [False, True], "the head may be of the same name"


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Cold Spring NHS Foundation Trust", []),
        ("COMPANY: Riverbend Cardiology Assoc.", []),
        ("Green Harbor Private Hospital", []),
        ("Ana Rivera Hospital No 00123456", ["Ana Rivera"]),
        ("Patient Name:Rivera, Ana", ["Rivera, Ana"]),
        ("Dear Ana", ["Ana"]),
    ],
)
def test_names_of_organisations_are_nobodys(line: str, names: list[str]) -> None:
    assert _texts(line, Kind.NAME) == names
