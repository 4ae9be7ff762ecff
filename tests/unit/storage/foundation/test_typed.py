"""Reasons that people type: one rule, and what refuses them says why."""

import pytest

from storage.documents import leases, moves
from storage.foundation.errors import StateRefused
from storage.foundation.home import Home
from storage.foundation.typed import typed_reason
from tests.given.records import TESS, add_person, read_and_index, receive


@pytest.mark.parametrize(
    "text", ["wrong chart", "  wrong   chart ", "unreadable", "MRN 0012", "no es suyo", "papier déchiré"]
)
def test_two_words_or_one_long_one_are_a_reason(text: str) -> None:
    assert typed_reason(text) == " ".join(text.split())


@pytest.mark.parametrize("text", ["", " ", "x", "ok", "x y", "- -", "..........", "0123456789", "because"])
def test_what_tells_nobody_anything_is_no_reason_and_the_refusal_says_why(text: str) -> None:
    with pytest.raises(StateRefused, match=r"^Write the reason, in two words or more: somebody will review it\.$"):
        typed_reason(text, why="somebody will review it")


def test_an_override_takes_a_reason_that_somebody_can_read(home: Home) -> None:
    person = add_person(home, "00777777", "Kim", "Lee")
    (document,) = read_and_index(home, receive(home, b"scan"), ["PROGRESS NOTE"], person)
    with home.writing() as session:
        leases.claim(session, document, TESS)
    with home.writing() as session, pytest.raises(StateRefused, match="two words or more"):
        moves.move(session, document, "approve", TESS, override_mismatch=True, reason="x")
    with home.writing() as session:
        moved = moves.move(session, document, "approve", TESS, override_mismatch=True, reason="she married")
        assert moved.state == "verified"
