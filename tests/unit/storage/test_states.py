"""The tables of states: what they allow, that nothing in them is dead, and that each has one writer."""

import ast
import importlib
from collections.abc import Collection, Iterator
from pathlib import Path

import pytest

from storage.documents import amendments, breakglass, misfiling, moves
from storage.foundation import states
from storage.foundation.errors import StateRefused
from storage.foundation.permissions import Role
from storage.foundation.schema import METADATA
from storage.foundation.states import (
    BATCH_MOVES,
    DOCUMENT_MOVES,
    GUARDS,
    STATE_TABLES,
    BatchState,
    By,
    DocumentState,
    Effect,
    Guard,
    Move,
    StateTable,
    draw_moves,
    find_move,
)
from storage.quality import lots
from tests.given import allowed
from tests.given.allowed import Allowed, actor_of, events_of

ROOT = Path(__file__).parents[3]

BY_HAND: list[tuple[StateTable, Allowed]] = [
    (states.LOT, allowed.LOT),
    (states.ITEM, allowed.ITEM),
    (states.CORRECTION, allowed.CORRECTION),
    (states.AMENDMENT, allowed.AMENDMENT),
    (states.QUESTION, allowed.QUESTION),
    (states.DOUBT, allowed.DOUBT),
    (states.RESCAN, allowed.RESCAN),
    (states.ACCESS, allowed.ACCESS),
    (states.REPEAT, allowed.REPEAT),
]
"""Those of batches and documents stand beside their writers: test_every_advance.py, test_every_move.py."""

TABLES = pytest.mark.parametrize("table", STATE_TABLES, ids=lambda table: table.title)


@pytest.mark.parametrize(("table", "by_hand"), BY_HAND, ids=lambda part: getattr(part, "title", ""))
def test_a_table_allows_what_is_written_here_and_nothing_else(table: StateTable, by_hand: Allowed) -> None:
    assert {move.event for move in table.moves} == set(events_of(by_hand))
    for state in table.states:
        for event in events_of(by_hand):
            after, who = by_hand.get((state, event), ("", ()))
            for role in Role:
                if role in who:
                    assert table.find(state, event, actor_of(role).acts_as).after == after
                    continue
                with pytest.raises(StateRefused, match=r"^\S.* .*\.$"):
                    table.find(state, event, actor_of(role).acts_as)


def test_every_table_is_compared_with_one_written_by_hand() -> None:
    assert [states.BATCH, states.DOCUMENT, *(table for table, _ in BY_HAND)] == list(STATE_TABLES)


@TABLES
def test_no_event_leads_two_ways_from_one_state(table: StateTable) -> None:
    leads = {(move.before, move.event): move.after for move in table.moves}
    assert all(leads[move.before, move.event] == move.after for move in table.moves)
    keys = [(move.before, move.event, move.by) for move in table.moves]
    assert len(keys) == len(set(keys))


@TABLES
def test_every_state_can_be_reached(table: StateTable) -> None:
    reached = set(table.begins)
    while more := {move.after for move in table.moves if move.before in reached} - reached:
        reached |= more
    assert reached == set(table.states)


@TABLES
def test_a_sentence_is_kept_for_an_event_of_the_table(table: StateTable) -> None:
    assert set(table.refusals) <= {move.event for move in table.moves}
    for event, sentence in table.refusals.items():
        assert sentence.endswith(".")
        end = next(
            state for state in table.states if not any((m.before, m.event) == (state, event) for m in table.moves)
        )
        with pytest.raises(StateRefused) as refused:
            table.find(end, event, By.SUPERVISOR)
        assert str(refused.value) == sentence


def test_a_supervisor_may_do_what_a_technician_may() -> None:
    assert find_move(DOCUMENT_MOVES, "to_verify", "approve", By.SUPERVISOR).after == "verified"


def test_who_may_is_named_when_more_than_one_may() -> None:
    with pytest.raises(StateRefused) as refused:
        states.QUESTION.find("open", "undo", By.TECHNICIAN)
    assert str(refused.value) == "'undo' on something open needs a machine or a supervisor."


@pytest.mark.parametrize(
    ("before", "event", "by"),
    [
        ("to_verify", "file", By.MACHINE),  # nothing is filed that nobody verified
        ("filed", "approve", By.TECHNICIAN),
        ("filed", "misfile", By.TECHNICIAN),  # unfiling needs a supervisor
        ("to_verify", "approve", By.MACHINE),  # the machine has its own row, self_file
        ("voided", "resume", By.SUPERVISOR),
        ("to_verify", "approve", By.AUDITOR),
    ],
)
def test_moves_that_are_not_in_the_table_are_refused(before: str, event: str, by: By) -> None:
    with pytest.raises(StateRefused):
        find_move(DOCUMENT_MOVES, before, event, by)


def test_every_guard_and_effect_is_used_and_every_guard_explained() -> None:
    rows: list[Move] = [move for table in STATE_TABLES for move in table.moves]
    assert {guard for move in rows for guard in move.guards} == set(Guard) == set(GUARDS)
    assert {effect for move in rows for effect in move.effects} == set(Effect)


ASKED: dict[str, Collection[Guard]] = {
    "Document": moves._GUARDS,
    "QA batch (lot)": lots._LOT_GUARDS,
    "Document in a QA batch": lots._ITEM_GUARDS,
    "Correction of a wrong chart": misfiling._GUARDS,
    "Amendment of a filed document": amendments._GUARDS,
    "Emergency access": breakglass._GUARDS,
}
"""The guards that each writer has a function for; the other writers ask none."""


@TABLES
def test_every_guard_of_a_table_is_asked_by_its_writer(table: StateTable) -> None:
    assert {guard for move in table.moves for guard in move.guards} == set(ASKED.get(table.title, ()))


def test_the_drawn_table_in_the_docs_is_the_table() -> None:
    page = (ROOT / "docs" / "states.md").read_text(encoding="utf-8")
    assert page == draw_moves()
    assert "| to_verify | pend | pended | technician | holds the lease | – |" in page
    assert all(f"## {table.title}\n" in page for table in STATE_TABLES)


# ---- one writer


@TABLES
def test_the_writer_and_the_columns_that_a_table_names_are_there(table: StateTable) -> None:
    module, _, name = table.writer.rpartition(".")
    assert callable(getattr(importlib.import_module(f"storage.{module}"), name))
    for column in table.columns:
        row, _, name = column.partition(".")
        assert name in METADATA.tables[row].columns


def test_nothing_but_its_writer_writes_a_state() -> None:
    """A state is set where its row is made, and by its writer."""
    names = {column.partition(".")[2] for table in STATE_TABLES for column in table.columns} - {"outcome"}
    writers = {table.writer for table in STATE_TABLES if table.columns}
    found = {where for where, target in _assignments() if target.attr in names}
    assert found == writers - {states.RESCAN.writer, states.AMENDMENT.writer}
    # documents and pages have outcomes too, which are no states
    for name, writer in (("request.outcome", states.RESCAN.writer), ("amendment.outcome", states.AMENDMENT.writer)):
        assert [where for where, target in _assignments() if ast.unparse(target) == name] == [writer]


def _assignments() -> Iterator[tuple[str, ast.Attribute]]:
    """Every attribute that is assigned, with the function that does it."""
    for path in _sources():
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(function, ast.FunctionDef):
                continue
            for node in ast.walk(function):
                targets = node.targets if isinstance(node, ast.Assign) else []
                for target in targets:
                    parts = target.elts if isinstance(target, ast.Tuple) else [target]
                    for part in parts:
                        if isinstance(part, ast.Attribute) and ast.unparse(part.value) != "self":
                            yield f"{module}.{function.name}".removeprefix("storage."), part


def test_no_state_is_written_as_text() -> None:
    """A state in code is searched for by its name in the enum."""
    texts = {*DocumentState, *BatchState}
    for path in _sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Compare) and any(
                isinstance(side, ast.Attribute) and side.attr == "state"
                for part in (node.left, *node.comparators)
                for side in ast.walk(part)
            ):
                used = {part.value for part in ast.walk(node) if isinstance(part, ast.Constant)}
                assert not used & texts, f"{path}:{node.lineno}"


def _sources() -> Iterator[Path]:
    for package in ("storage", "ingest", "review_app"):
        yield from (path for path in (ROOT / package).rglob("*.py") if "migrations" not in path.parts)


def test_the_moves_of_batches_and_documents_are_those_of_their_tables() -> None:
    assert (states.BATCH.moves, states.DOCUMENT.moves) == (BATCH_MOVES, DOCUMENT_MOVES)
