"""What the audit log may tell is a table, printed into the docs."""

import ast
from pathlib import Path

import pytest

from storage.foundation import audit
from storage.foundation.actions import LINES, AuditAction, draw_actions, keys_of
from storage.foundation.home import Home
from storage.foundation.permissions import MACHINE
from storage.foundation.states import BATCH_MOVES, DOCUMENT_MOVES

ROOT = Path(__file__).parents[3]


def test_every_action_has_its_line() -> None:
    assert set(LINES) == set(AuditAction)
    assert all(line.meaning for line in LINES.values())


def test_the_page_of_the_docs_is_the_table() -> None:
    assert (ROOT / "docs" / "audit.md").read_text(encoding="utf-8") == draw_actions()


@pytest.mark.parametrize("event", sorted({move.event for move in (*BATCH_MOVES, *DOCUMENT_MOVES)}))
def test_every_move_may_be_told(event: str) -> None:
    assert {"before", "after"} <= set(keys_of(event) or ())


@pytest.mark.parametrize(
    ("action", "detail", "why"),
    [
        ("dance", {}, "the audit log knows no dance"),
        (AuditAction.SIGN_OUT, {"name": "x"}, "sign_out tells no name"),
        ("approve", {"patient": "Rivera"}, "approve tells no patient"),
    ],
)
def test_what_is_in_no_table_is_told_nowhere(home: Home, action: str, detail: dict[str, str], why: str) -> None:
    with home.writing() as session, pytest.raises(ValueError, match=why):
        audit.record(session, MACHINE, action, "nothing", **detail)


def test_no_action_is_written_as_text() -> None:
    """A line of the log is searched for by its name in this table."""
    for package in ("storage", "ingest", "review_app"):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and ast.unparse(node.func) == "audit.record":
                    assert not any(isinstance(part, ast.Constant) for part in ast.walk(node.args[2])), path
