"""Merges of people who do not look like one wait for a person, who decides once."""

from datetime import date
from typing import Any

import pytest
from sqlmodel import select

from classify.demographics import PersonName
from storage.foundation import audit
from storage.foundation.errors import NotAllowed, StateRefused
from storage.foundation.home import Home
from storage.foundation.tables.audit import AuditEvent
from storage.foundation.tables.roster import Person
from storage.roster import doubts, merging
from storage.roster.loading import load
from storage.roster.messages import Loaded, Merge, Number, PersonUpdate, Registration, RosterMessage
from tests.given.records import OLGA, SAM, TESS

MARCH = date(1957, 3, 14)


def _told(home: Home, *said: RosterMessage) -> Loaded:
    return load(home, ((f"message {i}", one) for i, one in enumerate(said)), "test")


def _person(**more: Any) -> Person:
    return Person(**{"mrn": "1", "family": "Rivera", "given": "Ana", "birth_date": MARCH, "sex": "F", **more})


@pytest.mark.parametrize(
    ("other", "differs"),
    [
        ({}, ""),
        ({"family": "Montoya"}, ""),  # married
        ({"given": "Anna"}, ""),
        ({"given": "A"}, ""),
        ({"given": "Maria", "middle": "Ana"}, ""),
        ({"given": "Baby Girl"}, ""),  # named later
        ({"birth_date": date(1957, 3, 15)}, ""),  # a slip
        ({"birth_date": None, "given": ""}, ""),
        ({"birth_date": date(1900, 1, 1)}, ""),  # unknown
        ({"sex": "U", "family": "Montoya"}, ""),
        ({"family": "Montoya", "birth_date": date(1957, 3, 15), "names": [{"kind": "maiden", "family": "Rivera", "given": ""}]}, ""),
        ({"family": "Ostrowski", "given": "Dale", "birth_date": date(1948, 11, 2), "sex": "M"}, "surname and first name and date of birth and sex"),
        ({"family": "Ostrowski", "given": "Dale"}, "surname and first name"),
        ({"given": "Joy"}, "first name"),  # a twin
        ({"given": "?"}, ""),
        ({"birth_date": date(1984, 3, 14)}, "date of birth"),  # a daughter of the same name
        ({"family": "Montoya", "birth_date": date(1957, 3, 15)}, "surname and date of birth"),
        ({"suffix": "Jr", "birth_date": date(1984, 3, 14)}, "date of birth"),
        ({"given": "Anna", "sex": "M"}, "first name and sex"),
    ],
)  # fmt: skip
def test_who_does_not_look_like_one_human_being(other: dict[str, object], differs: str) -> None:
    assert doubts.find_difference(_person(), _person(**other)) == differs
    assert doubts.find_difference(_person(**other), _person()) == differs


MARISSA = PersonUpdate(numbers=(Number("1"),), family="Holloway", given="Marissa", birth_date=MARCH, sex="F")
DALE = PersonUpdate(numbers=(Number("2"),), family="Ostrowski", given="Dale", birth_date=date(1948, 11, 2), sex="M")
TWICE = PersonUpdate(numbers=(Number("3"),), family="Holloway", given="Marissa", birth_date=MARCH, sex="F")


def _merged(home: Home) -> dict[str, bool]:
    with home.reading() as session:
        return {person.mrn: person.survivor_id is not None for person in session.exec(select(Person))}


def test_a_doubtful_merge_is_counted_told_and_asked_once_and_nothing_of_it_is_done(home: Home) -> None:
    _told(home, Registration(MARISSA), Registration(DALE), Registration(TWICE))
    merge = Merge(MARISSA, (Number("3"), Number("2")), "A40 M5")
    for _ in range(2):
        loaded = _told(home, merge)
        assert (loaded.merged, len(loaded.problems), len(loaded.doubts)) == (0, 1, 1)
        assert loaded.problems[0].startswith("message 0: the two patients differ in surname and first name")
        assert not any(word in loaded.problems[0] for word in ("Holloway", "Dale", "1948"))
    assert _merged(home) == {"1": False, "2": False, "3": False}
    assert _told(home, Merge(MARISSA, (Number("3"),), "A40 M6")).merged == 1  # where they agree it goes on
    with home.reading() as session:
        (doubt,) = doubts.waiting(session, TESS)
        assert (doubt.loser_mrn, doubt.survivor_mrn) == ("2", "1")
        assert list(audit.find_breaks(session)) == []
        event = session.get_one(AuditEvent, doubt.id)
        assert not any(word in event.detail for word in ("Holloway", "Dale", "1948", "M5"))
    with pytest.raises(NotAllowed), home.reading() as session:
        doubts.waiting(session, OLGA)


def test_a_merge_that_was_declined_is_refused_and_asked_no_more(home: Home) -> None:
    _told(home, Registration(MARISSA), Registration(DALE))
    merge = Merge(MARISSA, (Number("2"),), "A40 M5")
    _told(home, merge)
    with home.writing() as session:
        (doubt,) = doubts.waiting(session, TESS)
        with pytest.raises(NotAllowed):
            doubts.decline(session, doubt.id, TESS)
        doubts.decline(session, doubt.id, SAM)
    with home.writing() as session, pytest.raises(StateRefused, match="decided already"):
        doubts.decline(session, doubt.id, SAM)
    assert _told(home, merge).merged == 0
    with home.reading() as session:
        assert doubts.waiting(session, SAM) == []


def test_a_merge_by_hand_answers_the_doubt(home: Home) -> None:
    _told(home, Registration(MARISSA), Registration(DALE))
    _told(home, Merge(MARISSA, (Number("2"),), "A40 M5"))
    with home.writing() as session:
        one, two = (session.exec(select(Person).where(Person.mrn == mrn)).one() for mrn in "12")
        merging.merge_people(session, two, one, "by hand: sure", SAM, Loaded())
    with home.reading() as session:
        assert doubts.waiting(session, SAM) == []


def test_a_survivor_who_is_on_no_list_is_not_made_by_a_doubtful_merge(home: Home) -> None:
    _told(home, Registration(DALE))
    assert len(_told(home, Merge(MARISSA, (Number("2"),), "A40 M5")).problems) == 1
    assert set(_merged(home)) == {"2"}
    with home.reading() as session:
        (doubt,) = doubts.waiting(session, SAM)
        assert (doubt.loser_mrn, doubt.survivor_mrn) == ("2", None)


def test_one_who_is_called_otherwise_by_the_message_itself_is_merged(home: Home) -> None:
    _told(
        home,
        Registration(MARISSA),
        Registration(
            PersonUpdate(numbers=(Number("4"),), family="Moss", given="Marissa", birth_date=date(1957, 3, 15))
        ),
    )
    named = PersonUpdate(
        numbers=(Number("1"),),
        family="Holloway",
        given="Marissa",
        birth_date=MARCH,
        names=(PersonName("Moss", "Marissa"),),
    )
    assert _told(home, Merge(named, (Number("4"),), "A40")).merged == 1


def test_what_is_no_doubt_cannot_be_answered(home: Home) -> None:
    with home.writing() as session, pytest.raises(StateRefused, match="no such merge"):
        doubts.decline(session, 1, SAM)


def test_a_supervisor_merges_what_the_feed_asked_for_with_a_reason(home: Home) -> None:
    _told(home, Registration(MARISSA), Registration(DALE))
    _told(home, Merge(MARISSA, (Number("2"),), "A40 M5"))
    with home.writing() as session:
        (doubt,) = doubts.waiting(session, SAM)
        with pytest.raises(StateRefused, match="how you know"):
            merging.merge_doubted(session, doubt.id, "  ", SAM)
        with pytest.raises(NotAllowed):
            merging.merge_doubted(session, doubt.id, "same passport", TESS)
        merging.merge_doubted(session, doubt.id, "same passport", SAM)
        assert doubts.waiting(session, SAM) == []
        with pytest.raises(StateRefused, match="decided already"):
            merging.merge_doubted(session, doubt.id, "again", SAM)
