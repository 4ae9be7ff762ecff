"""What people wait for at the desk looks nothing through that grows with the store."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlmodel import select

from ingest.filing import file_verified
from review_app.model import station
from storage.custody import batches
from storage.desk import approving, blanks, waiting
from storage.documents import filing, identity, leases, search
from storage.documents.search import Filter
from storage.foundation.home import Home
from storage.foundation.states import BatchState
from storage.foundation.tables.documents import Document
from storage.roster import finding
from tests.given.desk import note, put
from tests.given.records import SAM, TESS, add_person
from tests.given.template import Template

GROWS = frozenset(
    """blob batch source reading document page field_value candidate person person_number person_key encounter audit_event
    page_change remark rescan_request draft station_action quality_item break_glass misfiling page_text
    open_match open_match_key sheet_print sheet_key seen_before""".split()
)
"""Tables with a row a page, a document, a person or an action."""


@pytest.fixture(scope="module")
def starting_home(empty_home: Template, tmp_path_factory: pytest.TempPathFactory) -> Template:
    """A patient with three documents of two pages."""
    home = empty_home.copied_to(tmp_path_factory.mktemp("desk"))
    add_person(home, "00123456", "Rivera", "Ana", birth_date=date(1957, 3, 14))
    for number in range(3):
        put(home, [note("00123456", "Rivera, Ana", "03/14/1957", f"zebra number {number}")] * 2, f"scan {number}")
    return Template.of(home)


@pytest.fixture
def desk(home: Home) -> Home:
    """The data home with those three."""
    return home


@contextmanager
def _watched(home: Home) -> Iterator[list[tuple[str, Any]]]:
    """The statements that are run meanwhile, with their values."""
    seen: list[tuple[str, Any]] = []

    def note_statement(_: object, __: object, statement: str, values: Any, *___: object) -> None:
        seen.append((statement, values))

    event.listen(home.engine, "before_cursor_execute", note_statement)
    try:
        yield seen
    finally:
        event.remove(home.engine, "before_cursor_execute", note_statement)


def _scans(home: Home, seen: list[tuple[str, Any]]) -> list[str]:
    """What these statements look through as a whole, of the tables that grow; "plan line: statement"."""
    found = []
    with home.engine.connect().execution_options(chartroom_read_only=True) as connection:
        for statement, values in seen:
            if not statement.lstrip().upper().startswith(("SELECT", "UPDATE", "DELETE", "INSERT")):
                continue
            names = dict(re.findall(r"\b(?:FROM|JOIN|UPDATE|,)\s+(\w+)\s+(?:AS\s+)?(\w)\b", statement))
            alias = {short: name for name, short in names.items()}
            one = values[0] if isinstance(values, list) else values
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", one):
                line = str(row[3])
                if re.search(r"VIRTUAL TABLE INDEX \d+:\S", line):
                    continue  # the full-text table was asked by words or by the numbers of its rows
                table = (re.match(r"SCAN (\w+)", line) or [None, ""])[1]
                if alias.get(table, table) in GROWS and not statement.endswith(_LAST_LINE):
                    found.append(f"{line}: {' '.join(statement.split())}")
    return found


_LAST_LINE = "FROM audit_event ORDER BY audit_event.seq DESC\n LIMIT ? OFFSET ?"
"""The last line of the log: by the number of the row from the end, and stops at the first."""


def _next(home: Home) -> Document:
    with home.writing() as session:
        return leases.claim_queue(session, TESS, 1)[0]


def _claim(home: Home) -> None:
    _next(home)


def _show(home: Home) -> None:
    station.take_queue(home, TESS, want=2)


def _approve(home: Home) -> None:
    document = _next(home)
    with home.writing() as session:
        version = identity.choose_patient(session, document.id, 1, TESS, version=document.version, retyped="00123456")
    with home.writing() as session:
        approving.approve(session, document.id, TESS, version=version, override_mismatch=True, reason="a test")


def _file(home: Home) -> None:
    _approve(home)
    assert file_verified(home)


def _take_back(home: Home) -> None:
    _approve(home)
    with home.writing() as session:
        first = session.exec(select(Document.id).where(Document.state == "verified")).one()
        approving.take_back(session, first or 0, TESS)


def _pend(home: Home) -> None:
    document = _next(home)
    with home.writing() as session:
        waiting.put_aside(session, document.id, "pend", "missing_page", "", TESS, version=document.version)


def _search_words(home: Home) -> None:
    _approve(home)
    with home.writing() as session:
        assert search.find_pages(session, "zebra", TESS)


def _search_listed(home: Home) -> None:
    with home.writing() as session:
        search.find_pages(session, "", TESS, only=Filter(type_code="PROGRESS_NOTE"))


def _search_person(home: Home) -> None:
    with home.writing() as session:
        search.find_pages(session, "", TESS, only=Filter(person_ids=(1,)))


def _chart(home: Home) -> None:
    with home.writing() as session:
        filing.chart_of(session, 1, SAM)


def _close(home: Home) -> None:
    with home.writing() as session:
        batches.close_if_finished(session, 1)


def _waiting(home: Home) -> None:
    with home.reading() as session:
        batches.waiting(session, BatchState.RECEIVED, 10)


def _people(home: Home) -> None:
    with home.writing() as session:
        finding.find_people(session, "rivera ana", TESS)


def _blanks(home: Home) -> None:
    with home.reading() as session:
        blanks.contact_sheet(session, TESS)


PATHS: tuple[Callable[[Home], None], ...] = (
    _claim, _show, _approve, _take_back, _file, _pend, _search_words, _search_person, _chart, _close, _waiting, _people,
    _blanks,
)  # fmt: skip


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.__name__.strip("_"))
def test_a_way_of_the_desk_looks_no_table_through_that_grows(desk: Home, path: Callable[[Home], None]) -> None:
    with _watched(desk) as seen:
        path(desk)
    assert seen
    assert _scans(desk, seen) == []


def test_a_listed_search_goes_back_from_the_newest_and_stops(desk: Home) -> None:
    """By the number of the row: nothing is sorted, and what is found first ends it."""
    with _watched(desk) as seen:
        _search_listed(desk)
    scans = _scans(desk, seen)
    assert len(scans) == 1
    assert scans[0].startswith("SCAN d: SELECT d.id")
    with desk.engine.connect().execution_options(chartroom_read_only=True) as connection:
        statement, values = next(one for one in seen if one[0].startswith("SELECT d.id"))
        plan = [str(row[3]) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]
    assert not any("TEMP B-TREE" in line for line in plan), plan


def test_the_check_itself_sees_a_scan(desk: Home) -> None:
    with _watched(desk) as seen, desk.reading() as session:
        session.execute(text("SELECT count(*) FROM document WHERE outcome = 'ok'"))
        session.execute(text("SELECT document_id FROM page_text WHERE document_id = 3"))
    assert len(_scans(desk, seen)) == 2
