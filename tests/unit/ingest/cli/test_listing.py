"""Looking: what is listed, searched, checked and written out, and what is audited."""

import json
import stat
from pathlib import Path

import pypdf
import pytest
from sqlalchemy import text
from sqlmodel import select

from storage.custody import pages
from storage.documents import leases, moves, repeats
from storage.documents.repeats import Sighting
from storage.foundation.home import Home
from storage.foundation.tables.audit import AuditEvent
from tests.given.records import TESS, add_person, read_and_index, receive, verify_and_file
from tests.given.shell import Shell


@pytest.fixture
def filed(home: Home) -> int:
    """A filed document of two pages in the chart of Rivera, Ana."""
    (document,) = read_and_index(home, receive(home, b"scan"), ["PROGRESS NOTE zebra", "page two"], add_person(home))
    verify_and_file(home, document)
    return document


@pytest.fixture
def waiting(home: Home, filed: int) -> int:
    """Another document, which nobody verified and whose patient nobody knows."""
    (document,) = read_and_index(home, receive(home, b"second", name=b"second.tif"), ["LABORATORY REPORT"])
    return document


def _audited(home: Home, action: str) -> list[AuditEvent]:
    with home.reading() as session:
        return list(session.exec(select(AuditEvent).where(AuditEvent.action == action)))


def test_sources_tell_of_each_file(shell: Shell, waiting: int) -> None:
    first, second = shell.rows("sources")
    assert set(first) == {
        "name", "sha256", "state", "reason", "flags", "pages", "id", "duplicate_of", "parent", "claim", "received_at",
        "folder", "station", "scanner", "operator",
    }  # fmt: skip
    assert (first["id"], first["name"], first["pages"]) == (1, "scan.tif", 2)
    assert second["name"] == "second.tif"
    head, *lines = shell("sources").out.splitlines()
    assert head.split() == ["id", "name", "state", "pages", "flags", "reason"]
    assert [line.split()[:2] for line in lines] == [["1", "scan.tif"], ["2", "second.tif"]]


def test_voided_documents_are_listed_only_when_they_are_asked_for(shell: Shell, home: Home, waiting: int) -> None:
    with home.writing() as session:
        leases.claim(session, waiting, TESS)
        moves.move(session, waiting, "join", TESS)
    assert [row["id"] for row in shell.rows("documents")] == [1]
    assert shell("documents").out.splitlines()[-1] == "Voided and not listed: 1 (--all lists them too)."
    assert [(row["id"], row["state"]) for row in shell.rows("documents", "--all")] == [(1, "filed"), (2, "voided")]
    assert "voided" in shell("documents", "--all").out.splitlines()[-1].split()


def test_documents_are_listed_and_the_listing_is_audited(shell: Shell, home: Home, filed: int, waiting: int) -> None:
    first, second = shell.rows("documents")
    assert set(first) >= {"id", "source", "pages", "state", "type", "patient", "encounter", "fields", "labels"}
    assert (first["state"], first["patient"]["mrn"], first["type"]["code"]) == ("filed", "00123456", "PROGRESS_NOTE")
    assert first["fields"]["name"]["value"] == "RIVERA, ANA"
    assert (second["state"], second["patient"]["mrn"]) == ("to_verify", None)
    head, line, _ = shell("documents").out.splitlines()
    assert head.split() == ["id", "source", "pages", "state", "type", "mrn", "decision"]
    assert line.split() == ["1", "scan.tif", "1,", "2", "filed", "PROGRESS_NOTE", "00123456", "linked"]
    events = _audited(home, "list_documents")
    assert [json.loads(event.detail)["documents"] for event in events] == [2, 2]
    assert all(event.actor.startswith("shell:") for event in events)


def test_pages_tell_where_each_is(shell: Shell, waiting: int) -> None:
    rows = shell.rows("pages")
    assert [(row["source"], row["page"], row["document"]) for row in rows] == [
        ("scan.tif", 1, 1), ("scan.tif", 2, 1), ("second.tif", 1, 2),
    ]  # fmt: skip
    assert set(rows[0]) >= {"disposition", "outcome", "rotation", "words", "mean_confidence", "reason", "source_id"}
    assert shell("pages").out.split()[:4] == ["source", "page", "disposition", "outcome"]


def test_filed_pages_are_found_by_all_words_and_the_search_is_audited(shell: Shell, home: Home, waiting: int) -> None:
    (row,) = shell.rows("search", "zebra", "progress")
    assert set(row) == {"document", "page", "type", "mrn", "patient", "date", "snippet"}
    assert (row["document"], row["page"], row["mrn"]) == (1, 1, "00123456")
    assert shell.rows("search", "zebra", "absentword") == []
    assert shell.rows("search", "laboratory") == []  # not filed
    assert shell("search", "absentword").out == "Nothing found.\n"
    assert shell("roster", "find", "absentword").out == "Nothing found.\n"
    assert "zebra" not in "".join(event.detail for event in _audited(home, "search"))
    assert len(_audited(home, "search")) == 4


def test_verify_counts_what_it_checked(shell: Shell, home: Home, waiting: int) -> None:
    assert shell("verify").out.endswith(" audit lines, 0 problems.\n")


def test_verify_counts_stored_files_of_no_record_as_harmless(shell: Shell, home: Home) -> None:
    home.vault.seal_bytes("view", b"left over")
    said = shell("verify").out
    assert "0 problems" in said
    assert said.endswith("1 stored files belong to no record (left by an interrupted intake; harmless).\n")


def test_verify_ends_with_code_1_when_a_stored_file_was_changed(shell: Shell, home: Home, filed: int) -> None:
    stored = next(path for path in sorted((home.path / "vault").rglob("*")) if path.is_file())
    stored.write_bytes(stored.read_bytes()[:-1] + b"?")
    first, last = shell("verify", expect=1).out.splitlines()
    assert first.startswith("PROBLEM  ")
    assert last.endswith(" 1 problems.")


def test_verify_ends_with_code_1_when_a_state_was_changed_behind_the_log(shell: Shell, home: Home, filed: int) -> None:
    with home.writing() as session:
        session.connection().execute(text("UPDATE document SET state = 'to_verify'"))
    assert "PROBLEM  " in shell("verify", expect=1).out


def test_a_filed_document_is_written_out_and_the_view_is_audited(
    shell: Shell, home: Home, filed: int, tmp_path: Path
) -> None:
    told = "Wrote {}. It holds patient data: keep it where only you can read it.\n"
    assert shell("open", filed).out == told.format("document-1.pdf")
    assert shell("open", filed, "--out", "chart.pdf").out == told.format("chart.pdf")
    for name in ("document-1.pdf", "chart.pdf"):
        assert len(pypdf.PdfReader(tmp_path / name).pages) == 2
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600
    (tmp_path / "chart.pdf").chmod(0o644)
    shell("open", filed, "--out", "chart.pdf")
    assert stat.S_IMODE((tmp_path / "chart.pdf").stat().st_mode) == 0o600
    assert [event.subject for event in _audited(home, "view_filed")] == ["document:1"] * 3


def test_a_document_that_is_not_filed_or_not_there_is_not_written(shell: Shell, waiting: int, tmp_path: Path) -> None:
    before = set(tmp_path.iterdir())
    assert shell.refusal("open", waiting) == "This document is not filed yet."
    assert shell.refusal("open", 77).startswith("There is nothing with that number.")
    assert set(tmp_path.iterdir()) == before


def test_a_view_that_cannot_be_written_is_refused(shell: Shell, filed: int) -> None:
    assert shell.refusal("open", filed, "--out", "no/such/chart.pdf").startswith(
        "A folder or file cannot be reached now"
    )


def test_documents_whose_sheets_came_before_are_listed(shell: Shell, home: Home, filed: int) -> None:
    [again] = read_and_index(home, receive(home, b"again", name=b"again.tif"), ["PROGRESS NOTE zebra"])
    with home.writing() as session:
        [new], [old, _] = (pages.pages_of_document(session, found) for found in (again, filed))
        repeats.note(session, [again], {new.id: (Sighting(new.id, old.id, 0.97),)})
    [row] = shell.rows("duplicates")
    assert (row["document"], row["earlier"], row["earlier_state"], row["pages"]) == (again, filed, "filed", 1)
    assert (row["source"], row["probability"], row["decision"]) == ("again.tif", 0.97, "open")
    assert shell.rows("duplicates", "--decided") == []
    assert shell.rows("duplicates", "--prints") == [row]
