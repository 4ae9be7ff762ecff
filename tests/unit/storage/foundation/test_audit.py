"""The audit log as a chain: what was changed, removed, put in, put elsewhere is found, and where."""

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import col, select

from storage.foundation import audit
from storage.foundation.actions import AuditAction
from storage.foundation.audit import FIRST, Broken
from storage.foundation.home import Home
from storage.foundation.keys import Keys
from storage.foundation.permissions import MACHINE, Actor, Role
from storage.foundation.tables.audit import AuditEvent

TESS = Actor("tess", Role.TECHNICIAN)
CHANGED, UNLINKED = "was changed", "does not follow from the line before"


def _log(home: Home, lines: int = 4) -> list[AuditEvent]:
    """So many more lines, and all that there are."""
    with home.writing() as session:
        for number in range(lines):
            audit.record(session, TESS, AuditAction.SECOND_LOOK, f"document:{number}", item=number, errors=["a", "b"])
    with home.reading() as session:
        return list(session.exec(select(AuditEvent).order_by(col(AuditEvent.seq))))


def _breaks(home: Home) -> list[Broken]:
    with home.reading() as session:
        return list(audit.find_breaks(session))


@pytest.fixture
def log(home: Home) -> int:
    """The number of the last line before ours; after it four lines stand, and nothing guards them."""
    with home.reading() as session:
        before = len(session.exec(select(AuditEvent.seq)).all())
    _log(home)
    with home.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_no_update")
        connection.exec_driver_sql("DROP TRIGGER audit_no_delete")
    return before


def _sql(home: Home, *statements: str) -> None:
    with home.engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def test_an_untouched_log_has_no_break(home: Home) -> None:
    events = _log(home)
    assert _breaks(home) == []
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert events[0].previous == FIRST
    assert all(after.previous == before.mac for before, after in pairwise(events))


@pytest.mark.parametrize(
    "change",
    [
        "actor = 'somebody'", "role = 'supervisor'", "action = 'export'", "subject = 'document:9'", "outcome = 'refused'",
        "at = '2020-01-01T00:00:00.000000+00:00'", "detail = '{}'", "detail = replace(detail, '1', '2')", "detail = detail || ' '",
    ],
)  # fmt: skip
def test_a_change_of_any_part_of_a_line_is_found_at_that_line(home: Home, log: int, change: str) -> None:
    _sql(home, f"UPDATE audit_event SET {change} WHERE seq = {log + 2}")
    assert _breaks(home) == [Broken(log + 2, CHANGED)]


def test_a_changed_link_is_found_at_that_line(home: Home, log: int) -> None:
    _sql(home, f"UPDATE audit_event SET previous = '{FIRST}' WHERE seq = {log + 2}")
    assert _breaks(home) == [Broken(log + 2, UNLINKED), Broken(log + 2, CHANGED)]


def test_a_changed_mac_is_found_there_and_at_the_line_after(home: Home, log: int) -> None:
    _sql(home, f"UPDATE audit_event SET mac = '{FIRST}' WHERE seq = {log + 2}")
    assert _breaks(home) == [Broken(log + 2, CHANGED), Broken(log + 3, UNLINKED)]


@pytest.mark.parametrize("many", [1, 2])
def test_removed_lines_are_found_where_they_stood(home: Home, log: int, many: int) -> None:
    _sql(home, f"DELETE FROM audit_event WHERE seq > {log + 1} AND seq <= {log + 1 + many}")
    after = log + 2 + many
    assert _breaks(home) == [Broken(after, f"line {log + 2} is missing"), Broken(after, UNLINKED)]


def test_a_removed_beginning_is_found(home: Home, log: int) -> None:
    _sql(home, f"DELETE FROM audit_event WHERE seq <= {log + 1}")
    assert _breaks(home) == [Broken(log + 2, "line 1 is missing"), Broken(log + 2, UNLINKED)]


def test_a_gap_that_was_closed_by_counting_anew_is_found(home: Home, log: int) -> None:
    _sql(
        home,
        f"DELETE FROM audit_event WHERE seq = {log + 2}",
        f"UPDATE audit_event SET seq = seq - 1 WHERE seq = {log + 3}",
        f"UPDATE audit_event SET seq = seq - 1 WHERE seq = {log + 4}",
    )
    assert _breaks(home) == [Broken(log + 2, UNLINKED), Broken(log + 2, CHANGED), Broken(log + 3, CHANGED)]


def test_two_lines_that_changed_places_are_found(home: Home, log: int) -> None:
    _sql(
        home,
        f"UPDATE audit_event SET seq = 99 WHERE seq = {log + 2}",
        f"UPDATE audit_event SET seq = {log + 2} WHERE seq = {log + 3}",
        f"UPDATE audit_event SET seq = {log + 3} WHERE seq = 99",
    )
    assert {broken.seq for broken in _breaks(home)} == {log + 2, log + 3, log + 4}


_COLUMNS = "at, actor, role, action, subject, outcome, detail, previous, mac"


def _copy(home: Home, seq: int, to: int) -> None:
    """Put a line of the log in once more, under another number."""
    _sql(home, f"INSERT INTO audit_event (seq, {_COLUMNS}) SELECT {to}, {_COLUMNS} FROM audit_event WHERE seq = {seq}")


def test_a_line_that_was_written_again_at_the_end_is_found(home: Home, log: int) -> None:
    _copy(home, log + 3, log + 5)
    assert _breaks(home) == [Broken(log + 5, UNLINKED), Broken(log + 5, CHANGED)]


def test_a_line_that_was_put_before_all_others_is_found(home: Home, log: int) -> None:
    _copy(home, log + 3, 0)
    assert _breaks(home)[:3] == [Broken(0, "line 1 is missing"), Broken(0, UNLINKED), Broken(0, CHANGED)]


def test_a_line_forged_with_another_key_is_found(home: Home, log: int) -> None:
    forger = Keys.derived_from(bytes(32))
    with home.writing() as session:
        session.info["keys"] = forger
        audit.record(session, MACHINE, AuditAction.VIEW_PAGE, "document:1")
    assert _breaks(home) == [Broken(log + 5, CHANGED)]


def test_with_another_key_no_line_holds(home: Home) -> None:
    count = len(_log(home))
    with home.reading() as session:
        session.info["keys"] = Keys.derived_from(bytes(32))
        assert [broken.why for broken in audit.find_breaks(session)] == [CHANGED] * count


def test_after_a_break_the_log_goes_on_and_says_it_once(home: Home, log: int) -> None:
    _sql(home, f"UPDATE audit_event SET actor = 'x' WHERE seq = {log + 2}")
    _log(home)
    assert _breaks(home) == [Broken(log + 2, CHANGED)]


def test_a_line_stands_or_falls_with_its_transaction(home: Home) -> None:
    before = len(_log(home))
    with pytest.raises(RuntimeError), home.writing() as session:
        audit.record(session, TESS, "approve", "document:1")
        raise RuntimeError
    events = _log(home, 1)
    assert len(events) == before + 1
    assert [event.seq for event in events] == list(range(1, before + 2))
    assert _breaks(home) == []


# ---- detail


def _recorded(home: Home, **detail: object) -> str:
    with home.writing() as session:
        audit.record(session, TESS, AuditAction.SPLIT_OFF, "document:1", **detail)  # type: ignore[arg-type]
    with home.reading() as session:
        return session.exec(select(AuditEvent.detail).order_by(col(AuditEvent.seq).desc())).first() or ""


@pytest.mark.parametrize(
    ("detail", "expected"),
    [
        ({}, "{}"),
        ({"outof": 1, "batch": 2}, '{"batch":2,"outof":1}'),
        ({"pages": [3, 1, 2]}, '{"pages":[3,1,2]}'),  # a list keeps its order
        ({"outof": None}, '{"outof":null}'),
        ({"after": "é\n"}, '{"after":"\\u00e9\\n"}'),  # ASCII, one line
        ({"after": '"'}, '{"after":"\\""}'),
    ],
)
def test_detail_is_canonical(home: Home, detail: dict[str, object], expected: str) -> None:
    assert _recorded(home, **detail) == expected


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf")])
def test_a_number_that_is_none_is_refused(home: Home, number: float) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        _recorded(home, after=number)


@given(
    st.dictionaries(
        st.text(max_size=5),
        st.integers() | st.text(max_size=5) | st.lists(st.integers(), max_size=3) | st.none(),
        max_size=5,
    )
)
def test_the_same_detail_gives_the_same_bytes_in_whatever_order_it_was_given(detail: dict[str, object]) -> None:
    written = audit._canonical(detail)
    assert written == audit._canonical(dict(reversed(detail.items())))
    assert written.isascii()
    assert "\n" not in written
    assert json.loads(written) == detail
