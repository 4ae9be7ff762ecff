"""The tables of states."""

from pathlib import Path

import pytest

from storage.foundation.errors import StateRefused
from storage.foundation.states import BATCH_MOVES, DOCUMENT_MOVES, BatchState, By, DocumentState, draw_moves, find_move


def test_no_event_leads_two_ways_from_one_state() -> None:
    for moves in (BATCH_MOVES, DOCUMENT_MOVES):
        keys = [(move.before, move.event, move.by) for move in moves]
        assert len(keys) == len(set(keys))


def test_every_state_can_be_reached() -> None:
    assert {m.after for m in BATCH_MOVES} | {BatchState.RECEIVED} == set(BatchState)
    assert {m.after for m in DOCUMENT_MOVES} | {DocumentState.TO_VERIFY} == set(DocumentState)


def test_a_supervisor_may_do_what_a_technician_may() -> None:
    assert find_move(DOCUMENT_MOVES, "to_verify", "approve", By.SUPERVISOR).after == "verified"


@pytest.mark.parametrize(
    ("before", "event", "by"),
    [
        ("to_verify", "file", By.MACHINE),  # nothing is filed that nobody verified
        ("filed", "approve", By.TECHNICIAN),
        ("filed", "misfile", By.TECHNICIAN),  # unfiling needs a supervisor
        ("to_verify", "approve", By.MACHINE),  # the machine has its own row, self_file
        ("voided", "resume", By.SUPERVISOR),
    ],
)
def test_moves_that_are_not_in_the_table_are_refused(before: str, event: str, by: By) -> None:
    with pytest.raises(StateRefused):
        find_move(DOCUMENT_MOVES, before, event, by)


def test_the_drawn_table_in_the_docs_is_the_table() -> None:
    assert (Path(__file__).parents[3] / "docs" / "states.md").read_text(encoding="utf-8") == draw_moves()
