"""One try at a change: all of it with its sentence, or nothing of it with the reason."""

import pytest
from sqlmodel import Session, select

from review_app.model.attempt import Outcome, attempt, saying
from storage.foundation.errors import StateRefused
from storage.foundation.home import Home
from storage.foundation.tables.roster import Person
from tests.given.records import add_person


def _rename(session: Session) -> str:
    session.exec(select(Person)).one().family = "Chen"
    return "Renamed."


def _family(home: Home) -> str:
    with home.reading() as session:
        return session.exec(select(Person)).one().family


def test_a_change_is_kept_and_told(home: Home) -> None:
    add_person(home)
    assert attempt(home, _rename) == Outcome(True, "Renamed.")
    assert _family(home) == "Chen"


def test_a_refusal_in_the_middle_keeps_nothing_and_gives_its_reason(home: Home) -> None:
    def refused(session: Session) -> str:
        _rename(session)
        raise StateRefused("Somebody else has it.")

    add_person(home)
    assert attempt(home, refused) == Outcome(False, "Somebody else has it.")
    assert _family(home) == "Rivera"


def test_an_unknown_fault_is_not_told_as_a_refusal(home: Home) -> None:
    def broken(session: Session) -> str:
        _rename(session)
        raise LookupError("a fault")

    add_person(home)
    with pytest.raises(LookupError):
        attempt(home, broken)
    assert _family(home) == "Rivera"


def test_a_fixed_sentence_is_told_whatever_the_action_gives(home: Home) -> None:
    add_person(home)
    assert attempt(home, saying("Done.", _rename)).sentence == "Done."
    assert _family(home) == "Chen"
