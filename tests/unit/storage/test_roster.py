"""Loading and searching the roster."""

from datetime import date
from pathlib import Path

import pytest
from sqlmodel import select

from classify.demographics import DATES, FIELDS
from ingest.exchange.inbound.table import read_table
from storage.foundation.errors import NotAllowed, RosterProblem
from storage.foundation.home import Home
from storage.foundation.tables.roster import Encounter, Person
from storage.roster.finding import find_people
from storage.roster.loading import load
from storage.roster.lookup import StoredRoster
from storage.roster.messages import Loaded, Number, PersonUpdate, Registration
from storage.roster.rows import read_records
from tests.given.records import OLGA, TESS

LIST = """mrn,last_name,first_name,middle_name,dob,sex,visit_number,admit_date
00123456,Rivera,Ana,M,1957-03-14,F,V1,2024-02-01
00123456,Rivera,Ana,M,1957-03-14,F,V2,2024-05-01
00777777,O'Brien,Seán,,07/04/1961,male,,
"""


def _load(home: Home, tmp_path: Path, text: str) -> Loaded:
    file = tmp_path / "list.csv"
    file.write_text(text, encoding="utf-8")
    return load(home, read_table(file), "list.csv")


def test_patients_and_encounters_load_and_loading_again_changes_nothing(home: Home, tmp_path: Path) -> None:
    first = _load(home, tmp_path, LIST)
    again = _load(home, tmp_path, LIST)
    assert (first.new, first.unchanged, first.encounters, first.problems) == (2, 1, 2, [])
    assert (again.new, again.updated, again.unchanged, again.encounters) == (0, 0, 3, 0)
    with home.reading() as session:
        assert session.exec(select(Person.mrn).order_by(Person.mrn)).all() == ["00123456", "00777777"]
        assert len(session.exec(select(Encounter)).all()) == 2


@pytest.mark.parametrize(
    "text",
    [
        LIST.replace(",", ";"),
        LIST.replace("mrn,last_name,first_name", "Medical Record Number,Last Name,FIRST"),
        "\ufeff" + LIST,
    ],
    ids=["semicolons", "other heads", "byte order mark"],
)
def test_lists_of_other_systems_load(home: Home, tmp_path: Path, text: str) -> None:
    assert _load(home, tmp_path, text).new == 2


def test_a_bad_row_is_told_with_its_line_and_the_rest_loads(home: Home, tmp_path: Path) -> None:
    loaded = _load(
        home, tmp_path, LIST + "00888888,Kim,Lee,,31/31/1990,F,,\n,Nobody,None,,,,,\n00999999,Diaz,Eva,,,F,,\n"
    )
    assert loaded.new == 3
    assert [problem.split(":")[0] for problem in loaded.problems] == ["line 5", "line 6"]
    assert "1990" not in loaded.problems[0]  # messages hold no chart text


def test_a_changed_surname_stays_findable_as_an_alias(home: Home, tmp_path: Path) -> None:
    _load(home, tmp_path, LIST)
    assert _load(home, tmp_path, LIST.replace("Rivera", "Montoya")).updated == 1
    with home.reading() as session:
        person = session.exec(select(Person).where(Person.mrn == "00123456")).one()
        assert [(name["kind"], name["family"]) for name in person.names] == [("former", "Rivera")]


@pytest.mark.parametrize("text", ["a,b\n1,2\n", "mrn,first_name\n1,Ana\n"])
def test_a_file_that_is_no_patient_list_is_refused_with_what_is_missing(home: Home, tmp_path: Path, text: str) -> None:
    with pytest.raises(RosterProblem, match="no column for"):
        _load(home, tmp_path, text)


def test_people_search_by_name_number_and_birthday(home: Home, tmp_path: Path) -> None:
    _load(home, tmp_path, LIST)
    for words in ("riv ana", "Ana Rivera", "0012", "03/14/1957 riv", "1957-03-14"):
        with home.writing() as session:
            assert [p.mrn for p in find_people(session, words, TESS)] == ["00123456"], words
    with home.writing() as session:
        assert find_people(session, "%", TESS) == []
    with pytest.raises(NotAllowed), home.writing() as session:
        find_people(session, "riv", OLGA)


def test_the_search_box_forgives_spelling_short_forms_and_takes_phones_and_visits(home: Home, tmp_path: Path) -> None:
    rows = "00123456,Rivera,Robert,,1957-03-14,M,V77,,(330) 555-0101\n00777777,Rivers,Ann,,1960-01-01,F,,,\n"
    _load(home, tmp_path, LIST.split("\n")[0] + ",phone\n" + rows)
    with home.writing() as session:
        for words in ("rivra rob", "bob rivera", "robert rivear", "5550101", "v77", "Rivera, Robert", "reevera"):
            found = [p.mrn for p in find_people(session, words, TESS)]
            assert found[:1] == ["00123456"], words
        assert find_people(session, "1", TESS) == []
        assert [p.mrn for p in find_people(session, "riv", TESS)] == ["00123456", "00777777"]


def test_an_empty_roster_says_so(home: Home) -> None:
    with home.reading() as session:
        assert StoredRoster(session).people() == 0
        assert StoredRoster(session).find_by_keys(()) == []


def test_what_a_list_does_not_say_stays_as_it_was(home: Home, tmp_path: Path) -> None:
    _load(home, tmp_path, LIST)
    loaded = _load(home, tmp_path, "mrn,last_name,first_name,dob\n00123456,Rivera,Ana,\n")
    assert (loaded.updated, loaded.unchanged) == (0, 1)
    with home.reading() as session:
        person = session.exec(select(Person).where(Person.mrn == "00123456")).one()
        assert (str(person.birth_date), person.sex, person.middle) == ("1957-03-14", "F", "M")


def test_a_number_that_names_somebody_else_now_is_not_taken_over(home: Home, tmp_path: Path) -> None:
    _load(home, tmp_path, LIST)
    loaded = _load(home, tmp_path, "mrn,last_name,first_name,dob,sex\n00123456,Garcia,Lucia,1999-01-01,F\n")
    assert loaded.updated == 0
    assert "another surname and first name and date of birth" in loaded.problems[0]
    with home.reading() as session:
        assert session.exec(select(Person.family).where(Person.mrn == "00123456")).one() == "Rivera"


def test_every_field_of_the_demographics_is_a_column_of_the_patient_list_and_loaded_from_it(
    home: Home, tmp_path: Path
) -> None:
    said = PersonUpdate(
        numbers=(Number("00123456"),),
        **{name: date(1957, 3, 14) if name in DATES else f"a {name}" for name in FIELDS},  # type: ignore[arg-type]
    )
    load(home, [("message 1", Registration(said))], "feed")
    with home.reading() as session:
        person = session.exec(select(Person)).one()
        (record,) = read_records(session, [person.id])
    for name in FIELDS:
        assert getattr(person, name) == getattr(record, name) == getattr(said, name), name
