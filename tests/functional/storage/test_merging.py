"""Two rows that are one human being, and the way back: nobody and nothing is lost, whatever comes in whatever order."""

import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import Session, col, func, select

from classify.demographics import PersonName
from classify.matching.decide import match_patient
from classify.matching.query import Query
from storage.documents import identity, leases
from storage.foundation.errors import StateRefused
from storage.foundation.home import Home
from storage.foundation.permissions import MACHINE, Actor
from storage.foundation.tables.documents import Document
from storage.foundation.tables.roster import Encounter, PatientQuestion, Person, PersonKey, PersonMerge, PersonNumber
from storage.roster import merging, questions
from storage.roster.finding import find_people
from storage.roster.keying import hashed_keys, make_anew
from storage.roster.loading import apply, load
from storage.roster.lookup import StoredRoster
from storage.roster.messages import (
    Loaded,
    Merge,
    Number,
    PersonUpdate,
    Registration,
    RosterMessage,
    Unmerge,
    VisitMove,
    VisitUpdate,
)
from storage.roster.rows import read_records
from tests.given.records import SAM, TESS, add_person, read_and_index, receive
from tests.given.template import Template

ANA = PersonUpdate(numbers=(Number("00123456"),), family="Rivera", given="Ana", birth_date=date(1957, 3, 14), sex="F")
TWICE = PersonUpdate(
    numbers=(Number("00777777"),), family="Montoya", given="Ana", birth_date=date(1957, 3, 14), sex="F"
)


def _told(home: Home, *said: RosterMessage) -> Loaded:
    return load(home, ((f"{i}", one) for i, one in enumerate(said)), "test")


def _both(home: Home) -> tuple[Person, Person]:
    with home.reading() as session:
        by_mrn = {person.mrn: person for person in session.exec(select(Person))}
    return by_mrn["00123456"], by_mrn["00777777"]


def test_after_a_merge_the_survivor_is_found_by_everything_that_found_the_loser(home: Home) -> None:
    _told(home, Registration(ANA), Registration(TWICE, VisitUpdate("V9")))
    loaded = _told(home, Merge(ANA, (Number("00777777"),), "A40 1"))
    assert (loaded.merged, loaded.problems) == (1, [])
    ana, twice = _both(home)
    assert twice.survivor_id == ana.id
    with home.writing() as session:
        assert [p.mrn for p in find_people(session, "montoya", TESS)] == ["00123456"]
        assert [p.mrn for p in find_people(session, "00777777", TESS)] == ["00123456"]
        query = Query("Montoya", "Ana", birth_date=date(1957, 3, 14), mrn="00777777", encounters=("V9",))
        match = match_patient(query, StoredRoster(session))
        assert (match.decision, match.candidates[0].person.mrn) == ("linked", "00123456")
        assert "MRN is a former number of 00123456" in match.candidates[0].reasons


def test_documents_follow_the_survivor_wait_for_a_person_and_go_back(home: Home) -> None:
    add_person(home)
    other = add_person(home, "00777777", "Montoya", "Ana")
    read_and_index(home, receive(home, b"scan"), ["PROGRESS NOTE"], other)
    loaded = _told(home, Merge(PersonUpdate(numbers=(Number("00123456"),)), (Number("00777777"),), "A40 1"))
    assert loaded.questions == 1
    ana, twice = _both(home)
    with home.reading() as session:
        (asked,) = questions.waiting(session, TESS)
        assert (asked.before_mrn, asked.now_mrn) == ("00777777", "00123456")
        assert session.exec(select(Document.person_id)).one() == ana.id
    with home.writing() as session:
        questions.confirm(session, asked.id, TESS)
    with home.writing() as session, pytest.raises(StateRefused, match="answered already"):
        questions.confirm(session, asked.id, TESS)
    undone = _told(home, Unmerge(Number("00123456"), Number("00777777"), "A37 1"))
    assert (undone.problems, undone.questions) == ([], 1)
    with home.reading() as session:
        assert session.exec(select(Document.person_id)).one() == twice.id


def test_a_document_that_came_in_between_is_asked_about_after_an_unlink(home: Home) -> None:
    _told(home, Registration(ANA), Registration(TWICE))
    _told(home, Merge(ANA, (Number("00777777"),), "A40 1"))
    ana, _ = _both(home)
    read_and_index(home, receive(home, b"later"), ["PROGRESS NOTE"], ana.id)
    assert _told(home, Unmerge(Number("00777777"), Number("00123456"), "A37 1")).questions == 1
    with home.reading() as session:
        assert "undone" in questions.waiting(session, TESS)[0].reason


def test_a_merge_that_goes_round_in_a_circle_is_refused(home: Home) -> None:
    _told(home, Registration(ANA), Registration(TWICE))
    _told(home, Merge(ANA, (Number("00777777"),), "A40 1"))
    again = _told(home, Merge(TWICE, (Number("00123456"),), "A40 2"))
    assert again.merged == 0
    with home.writing() as session:
        ana, twice = _both(home)
        with pytest.raises(ValueError, match="merged into another"):
            merging.merge_people(session, ana, twice, "by hand", SAM, Loaded())


def test_a_person_chosen_at_the_desk_who_was_merged_meanwhile_is_the_survivor(home: Home) -> None:
    add_person(home)
    other = add_person(home, "00777777", "Montoya", "Ana")
    read_and_index(home, receive(home, b"scan"), ["PROGRESS NOTE"], None)
    with home.writing() as session:
        claimed = next(iter(leases.claim_queue(session, TESS, 1)), None)
    assert claimed is not None
    _told(home, Merge(PersonUpdate(numbers=(Number("00123456"),)), (Number("00777777"),), "A40 1"))
    with home.writing() as session:
        identity.choose_patient(session, claimed.id, other, TESS, version=claimed.version)
    ana, _ = _both(home)
    with home.reading() as session:
        assert session.get_one(Document, claimed.id).person_id == ana.id


def test_a_moved_visit_asks_about_its_documents_and_leaves_them(home: Home) -> None:
    first = add_person(home)
    add_person(home, "00777777", "Kim", "Lee")
    (document,) = read_and_index(home, receive(home, b"scan"), ["PROGRESS NOTE"], first)
    with home.writing() as session:
        row = session.get_one(Document, document)
        row.encounter_id = session.exec(select(Encounter.id).where(Encounter.number == "V00123456")).one()
        session.add(row)
    loaded = _told(home, VisitMove(PersonUpdate(numbers=(Number("00777777"),)), ("V00123456",)))
    assert (loaded.moved, loaded.questions) == (1, 1)
    with home.reading() as session:
        (asked,) = questions.waiting(session, TESS)
        assert (asked.now_mrn, asked.proposed_mrn) == ("00123456", "00777777")


def test_what_is_refused_half_way_leaves_no_trace(home: Home) -> None:
    _told(home, Registration(ANA))
    stranger = PersonUpdate(numbers=(Number("00888888"),), family="Kim", given="Lee")
    loaded = _told(home, VisitMove(stranger, ("NONE",)))
    assert loaded.problems == ["0: its visit is not on the list"]
    with home.reading() as session:
        assert session.exec(select(Person.mrn)).all() == ["00123456"]


def _by_mrn(home: Home) -> dict[str, Person]:
    with home.reading() as session:
        return {person.mrn: person for person in session.exec(select(Person))}


def _rivera(mrn: str, given: str = "Ana", **more: object) -> PersonUpdate:
    return PersonUpdate(numbers=(Number(mrn),), family="Rivera", given=given, **more)  # type: ignore[arg-type]


def test_the_survivor_fills_its_gaps_from_the_loser_and_gives_them_back(home: Home) -> None:
    known = _rivera(
        "A", birth_date=date(1957, 3, 14), sex="F", ssn4="2081", phone="330-555-0101", names=(PersonName("Montoya"),)
    )
    _told(home, Registration(known), Registration(_rivera("B", phone="330-555-0199", names=(PersonName("Montoya"),))))
    _told(home, Merge(PersonUpdate(numbers=(Number("B"),)), (Number("A"),), "A40"))
    b = _by_mrn(home)["B"]
    assert (b.birth_date, b.sex, b.ssn4, b.phone) == (date(1957, 3, 14), "F", "2081", "330-555-0199")
    with home.reading() as session:
        found = match_patient(
            Query("Rivera", "Ana", birth_date=date(1957, 3, 14), phone="330-555-0101"), StoredRoster(session)
        )
        assert found.decision == "linked"
    _told(home, Unmerge(Number("A"), Number("B"), "A37"))
    b = _by_mrn(home)["B"]
    assert (b.birth_date, b.sex, b.ssn4, b.former) == (None, "", "", [])
    assert [name["family"] for name in b.names] == ["Montoya"]  # its own


def test_a_changed_number_keeps_all_that_is_known(home: Home) -> None:
    _told(home, Registration(_rivera("1", birth_date=date(1957, 3, 14), sex="F")))
    _told(home, Merge(_rivera("2"), (Number("1"),), "A47", is_renaming=True))
    people = _by_mrn(home)
    assert set(people) == {"2"}
    assert (people["2"].birth_date, people["2"].other_mrns) == (date(1957, 3, 14), ["1"])


def test_a_chain_of_merges_is_undone_link_by_link(home: Home) -> None:
    _told(home, *(Registration(_rivera(mrn), VisitUpdate(f"V{mrn}")) for mrn in "ABC"))
    _told(
        home,
        Merge(PersonUpdate(numbers=(Number("B"),)), (Number("A"),), "1"),
        Merge(PersonUpdate(numbers=(Number("C"),)), (Number("B"),), "2"),
    )
    assert sorted(_by_mrn(home)["C"].other_mrns) == ["A", "B"]
    _told(home, Unmerge(Number("A"), Number("B"), "3"), Unmerge(Number("B"), Number("C"), "4"))
    people = _by_mrn(home)
    assert [people[mrn].other_mrns for mrn in "ABC"] == [[], [], []]
    with home.reading() as session:
        owners = {visit.number: visit.person_id for visit in session.exec(select(Encounter))}
    assert owners == {f"V{mrn}": people[mrn].id for mrn in "ABC"}


def test_a_list_that_still_has_both_rows_changes_nothing_after_a_merge(home: Home) -> None:
    rows = Registration(_rivera("A", phone="330-555-0101")), Registration(_rivera("B", phone="330-555-0199"))
    _told(home, *rows)
    _told(home, Merge(PersonUpdate(numbers=(Number("A"),)), (Number("B"),), "A40"))
    again = _told(home, *rows)
    assert (again.new, again.updated, again.unchanged) == (0, 0, 2)
    assert _by_mrn(home)["A"].phone == "330-555-0101"


@pytest.mark.parametrize(
    "other",
    [
        {"given": "Joy"},  # a twin
        {"suffix": "Jr", "birth_date": date(1984, 3, 14)},  # a son
        {"birth_date": date(1984, 3, 14)},
        {"family": "Garcia", "birth_date": date(1999, 1, 1), "names": (PersonName("Garcia", "Annie"),)},
    ],
)
def test_nobody_takes_over_a_number_of_somebody_else(home: Home, other: dict[str, object]) -> None:
    first = PersonUpdate(
        numbers=(Number("1"),),
        family="Rivera",
        given="Grace",
        suffix="Sr",
        birth_date=date(1957, 3, 14),
        sex="F",
        may_correct=True,
    )
    _told(home, Registration(first))
    loaded = _told(home, Registration(replace(first, **other)))  # type: ignore[arg-type]
    assert "another" in loaded.problems[0]
    assert _by_mrn(home)["1"].given == "Grace"


def test_a_visit_that_comes_back_or_gets_its_account_later_is_found(home: Home) -> None:
    _told(home, Registration(ANA, VisitUpdate("V1", event="cancelled")))
    _told(home, Registration(ANA, VisitUpdate("V1", account="ACC7", event="admitted")))
    with home.reading() as session:
        for number in ("V1", "ACC7"):
            found = match_patient(Query("Rivera", "Ana", encounters=(number,)), StoredRoster(session))
            assert [c.person.mrn for c in found.candidates] == ["00123456"], number


def test_an_account_of_two_patients_moves_nobody_s_visit(home: Home) -> None:
    _told(
        home,
        Registration(_rivera("1"), VisitUpdate("V1", account="FAM")),
        Registration(_rivera("2", "Eva"), VisitUpdate("V2", account="FAM")),
    )
    _told(home, Registration(_rivera("3", "Ida")))
    assert "more than one patient" in _told(home, VisitMove(_rivera("3", "Ida"), (), ("FAM",))).problems[0]
    assert "not of the patient" in _told(home, VisitMove(_rivera("3", "Ida"), ("V1",), (), (Number("2"),))).problems[0]


def test_what_the_database_refuses_takes_no_other_row_along(home: Home) -> None:
    bad = _rivera("00000009", "Ada", birth_date="not a date")
    loaded = _told(home, Registration(ANA), Registration(bad), Registration(TWICE))
    assert (loaded.new, len(loaded.problems)) == (2, 1)


def test_names_in_other_scripts_are_names(home: Home) -> None:
    anna = PersonUpdate(numbers=(Number("7"),), family="Иванова", given="Анна", birth_date=date(1960, 1, 1), sex="F")
    assert _told(home, Registration(anna)).new == 1
    with home.writing() as session:
        assert [p.mrn for p in find_people(session, "иванова", TESS)] == ["7"]
        found = match_patient(Query("Иванова", "Анна", birth_date=date(1960, 1, 1), mrn="7"), StoredRoster(session))
        assert found.decision == "linked"


# ---- whatever comes in whatever order


_MRNS = tuple(f"0000000{i}" for i in range(5))
_people = st.builds(
    lambda mrn, family: PersonUpdate(numbers=(Number(mrn),), family=family, given="Ana", birth_date=date(1957, 3, 14)),
    st.sampled_from(_MRNS),
    st.sampled_from(("Rivera", "Montoya", "Lopez")),
)
_numbers = st.builds(Number, st.sampled_from(_MRNS))
_visits = st.builds(
    lambda n, event, account: VisitUpdate(f"V{n}", account=account, event=event),
    st.integers(0, 3),
    st.sampled_from(("", "cancelled", "admitted")),
    st.sampled_from(("", "A1", "A2")),
)
_said = st.one_of(
    st.builds(Registration, _people, st.none() | _visits),
    st.builds(lambda person, loser: Merge(person, (loser,), "merge"), _people, _numbers),
    st.builds(lambda one, other: Unmerge(one, other, "unmerge"), _numbers, _numbers),
    st.builds(lambda person, visit: VisitMove(person, (visit.number,)), _people, _visits),
)


@pytest.fixture(scope="module")
def filled(empty_home: Template, tmp_path_factory: pytest.TempPathFactory) -> Template:
    """A home with two patients and a document of each, to be copied."""
    home = empty_home.copied_to(tmp_path_factory.mktemp("filled"))
    for mrn in _MRNS[:2]:
        person = add_person(home, mrn, "Rivera", "Ana", birth_date=date(1957, 3, 14))
        read_and_index(home, receive(home, mrn.encode()), ["PROGRESS NOTE"], person)
    return Template.of(home)


@settings(max_examples=40)
@given(st.lists(_said, min_size=3, max_size=14))
def test_no_sequence_loses_a_person_a_number_a_visit_or_a_document(filled: Template, said: list[RosterMessage]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = filled.copied_to(Path(folder))
        before = _state(home)
        for one in said:
            with home.writing() as session:
                apply(session, [("1", one)], MACHINE, Loaded())
            after = _state(home)
            assert all(before[what] <= after[what] for what in before)
            assert before["documents"] == after["documents"]
            before = after
        _check_whole(home)
        home.close()


def _state(home: Home) -> dict[str, set[str]]:
    with home.reading() as session:
        return {
            "people": {str(i) for i in session.exec(select(Person.id))},
            "numbers": {row.value for row in session.exec(select(PersonNumber))},
            "visits": set(session.exec(select(Encounter.number))),
            "documents": {str(i) for i in session.exec(select(Document.id))},
        }


def _check_whole(home: Home) -> None:
    """Every row that others point to is alive, found by its keys, and every merge leads somewhere."""
    with home.reading() as session:
        alive = {p.id for p in session.exec(select(Person)) if p.survivor_id is None}
        assert alive
        for person in session.exec(select(Person)):
            assert merging.root_of(session, person.id).id in alive
        assert {d.person_id for d in session.exec(select(Document))} <= alive
        assert {v.person_id for v in session.exec(select(Encounter))} <= alive
        kept: dict[int, set[int]] = {}
        for row in session.exec(select(PersonKey)):
            kept.setdefault(row.person_id, set()).add(row.value)
        assert set(kept) <= alive
        for record in read_records(session, sorted(i for i in alive if i)):
            assert hashed_keys(record) <= kept[record.id]
        _check_moves_are_asked(session)


def _check_moves_are_asked(session: Session) -> None:
    for joined in session.exec(select(PersonMerge)):
        for document in joined.documents:
            asked = select(func.count()).where(PatientQuestion.document_id == document)
            assert session.exec(asked).one() >= 1


# ---- several at once


def test_two_technicians_and_a_feed_at_once_leave_a_consistent_list(home: Home) -> None:
    """A feed registers and merges while two people choose patients; nothing is lost and nobody hangs on a dead row."""
    people = [add_person(home, f"001{i:05d}", "Rivera", f"Ana{chr(97 + i)}") for i in range(8)]
    made = [read_and_index(home, receive(home, f"scan {i}".encode()), ["PROGRESS NOTE"], None)[0] for i in range(12)]

    def technician(actor: Actor, mine: list[int]) -> None:
        for i, document in enumerate(mine):
            with home.writing() as session:
                row = session.get_one(Document, document)
                row.claimed_by = actor.name
                session.add(row)
                mrn = session.get_one(Person, people[i % 8]).mrn
                identity.choose_patient(session, document, people[i % 8], actor, version=row.version, retyped=mrn)

    def feed() -> None:
        for i in range(7):
            survivor = PersonUpdate(numbers=(Number(f"001{i + 1:05d}"),))
            _told(home, Merge(survivor, (Number(f"001{i:05d}"),), f"A40 {i}"), Registration(ANA, VisitUpdate(f"W{i}")))

    with ThreadPoolExecutor(3) as pool:
        at_once = [pool.submit(technician, TESS, made[:6]), pool.submit(technician, SAM, made[6:]), pool.submit(feed)]
    for done in at_once:
        done.result()
    _check_whole(home)
    with home.reading() as session:
        assert (
            session.exec(select(func.count()).select_from(Document).where(col(Document.person_id).is_not(None))).one()
            == 12
        )


def test_keys_made_anew_are_those_that_were_kept(home: Home) -> None:
    _told(home, Registration(ANA, VisitUpdate("V1", account="A1")), Registration(TWICE))
    _told(home, Merge(ANA, (Number("00777777"),), "A40 1"))

    def kept() -> set[tuple[int, int]]:
        with home.reading() as session:
            return {(row.value, row.person_id) for row in session.exec(select(PersonKey))}

    before = kept()
    with home.writing() as session:
        assert make_anew(session) == 1
    assert kept() == before
