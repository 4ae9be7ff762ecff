"""Whatever is done to scans and filed documents, in whatever order: pages in equal pages accounted, and no version is lost."""

import contextlib
import io
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import Session, col, select

from storage.custody import batches, integrity, pages
from storage.desk import amending, approving, blanks, rearranging, rescans
from storage.desk.rearranging import PageEdit
from storage.documents import earlier, filing, leases, misfiling, search, versions
from storage.documents.fields import Correction, save_corrections
from storage.foundation.errors import StorageError
from storage.foundation.home import Home
from storage.foundation.tables.custody import Page
from storage.foundation.tables.desk import RescanRequest
from storage.foundation.tables.documents import Document, Misfiling
from storage.foundation.tables.versions import FiledVersion
from tests.given.desk import note, put, understand
from tests.given.records import SAM, TESS, add_person, receive
from tests.given.template import Template

ANA, LEE = ("00123456", "Rivera, Ana", "03/14/1957"), ("00777777", "Kim, Lee", "05/06/1960")


@dataclass
class Room:
    """A record room in which things happen, and how many pages came into it."""

    home: Home
    pages: int = 0
    scans: int = 0
    done: list[str] = field(default_factory=list)

    def one(self, session: Session, number: int, *states: str) -> Document | None:
        """One of the documents in these states."""
        found = session.exec(select(Document).where(col(Document.state).in_(states)).order_by(col(Document.id))).all()
        return found[number % len(found)] if found else None

    def change(self, kind: str, a: int, b: int) -> None:
        """A change of pages of one of the documents that wait."""
        with self.home.writing() as session:
            document = self.one(session, a, "to_verify")
            other = self.one(session, b, "to_verify")
            if document is None or other is None:
                return
            document = leases.claim(session, document.id, TESS)
            mine = pages.pages_of_document(session, document.id)
            hidden = select(Page.id).where(Page.batch_id == document.batch_id, col(Page.document_id).is_(None))
            chosen = session.exec(hidden).first() if kind == "restore" else mine[b % len(mine)].id
            late = len(pages.pages_of_document(session, other.id))
            edit = PageEdit(
                kind, () if chosen is None else (chosen,), degrees=90, to_document=other.id, position=b, places=tuple(range(1, late + 1)),
                why=("blank", "duplicate", "not_part")[b % 3],
            )  # fmt: skip
            rearranging.rearrange(session, document.id, edit, TESS, understand, version=document.version)


def _intake(room: Room, a: int, b: int) -> None:
    texts = [note(*(LEE if b % 4 == 3 else ANA), f"scan {room.scans}", "Page 1 of 3"), "zebra Page 2 of 3", "heron"][
        : 1 + a % 3
    ]
    room.scans += 1
    put(room.home, texts, f"scan-{room.scans}.tif")
    room.pages += len(texts)


def _undo(room: Room, a: int, b: int) -> None:
    with room.home.writing() as session:
        if (document := room.one(session, a, "to_verify")) is not None:
            leases.claim(session, document.id, TESS)
            rearranging.undo(session, document.id, TESS, understand)


def _approve(room: Room, a: int, b: int) -> None:
    with room.home.writing() as session:
        if (document := room.one(session, a, "to_verify")) is not None:
            leases.claim(session, document.id, TESS)
            if document.filed_version_id is None:
                document.person_id, document.decision = 1, "confirmed"
            day = [Correction("service_date", f"2024-02-{1 + b:02}")]
            version = save_corrections(session, document.id, day, TESS, version=document.version)
            approving.approve(
                session, document.id, TESS, version=version, override_mismatch=True, reason="a test of it"
            )


def _file(room: Room, a: int, b: int) -> None:
    with room.home.writing() as session:
        if (document := room.one(session, a, "verified")) is not None:
            filing.file_document(session, room.home.vault, document.id)


def _take_back(room: Room, a: int, b: int) -> None:
    with room.home.writing() as session:
        if (document := room.one(session, a, "verified")) is not None:
            approving.take_back(session, document.id, SAM)
            leases.end_all(session, SAM)


def _amend(room: Room, a: int, b: int) -> None:
    with room.home.writing() as session:
        if (document := room.one(session, a, "filed")) is not None:
            amending.open_amendment(session, document.id, "page_order", "the order is wrong", TESS)


def _new_version(room: Room, a: int, b: int) -> None:
    """A filed document amended, approved and filed, whatever else is open."""
    with room.home.writing() as session:
        if (document := room.one(session, a, "filed")) is not None:
            amending.open_amendment(session, document.id, "wrong_date", "the day is wrong", TESS)
            day = [Correction("service_date", f"2024-03-{1 + len(versions.of_document(session, document.id)):02}")]
            version = save_corrections(session, document.id, day, TESS, version=document.version)
            approving.approve(
                session, document.id, TESS, version=version, override_mismatch=True, reason="a test of it"
            )
            filing.file_document(session, room.home.vault, document.id)


def _cancel(room: Room, a: int, b: int) -> None:
    with room.home.writing() as session:
        amended = select(Document.id).where(col(Document.filed_version_id).is_not(None), Document.state != "filed")
        found = session.exec(amended.order_by(col(Document.id))).all()
        if found:
            amending.cancel(session, found[a % len(found)], SAM)


def _ask_rescan(room: Room, a: int, b: int) -> None:
    with room.home.writing() as session:
        if (document := room.one(session, a, "to_verify")) is not None:
            leases.claim(session, document.id, TESS)
            mine = pages.pages_of_document(session, document.id)
            wanted = [] if b == 4 else [mine[b % len(mine)].id]
            rescans.ask(session, document.id, wanted, "blurred", "", TESS, version=document.version)


def _rescan_comes(room: Room, a: int, b: int) -> None:
    room.scans += 1
    new = put(room.home, [f"walrus {room.scans}"], f"scan-{room.scans}.tif")[0]
    room.pages += 1
    with room.home.writing() as session:
        asked = session.exec(select(RescanRequest.id).where(col(RescanRequest.ended_at).is_(None))).all()
        if asked:
            rescans.take_arrived(session, asked[a % len(asked)], new, understand)


def _misfile(room: Room, a: int, b: int) -> None:
    with room.home.writing() as session:
        if (document := room.one(session, a, "filed")) is not None:
            numbers = [] if b % 2 else [pages.pages_of_document(session, document.id)[0].number]
            misfiling.propose(session, document.id, numbers, 2, "page of Lee Kim", "other", TESS)


def _confirm_misfile(room: Room, a: int, b: int) -> None:
    with room.home.writing() as session:
        waiting = session.exec(select(Misfiling.id).where(col(Misfiling.confirmed_at).is_(None))).all()
        if waiting:
            misfiling.confirm(session, waiting[a % len(waiting)], SAM, "seen on the paper")


def _void(room: Room, a: int, b: int) -> None:
    """A file that cannot be read is put aside, and voided by a supervisor."""
    room.scans += 1
    batch_id = receive(room.home, b"broken %d" % room.scans, name=b"broken.pdf")
    with room.home.writing() as session:
        batches.advance(session, batch_id, "quarantine", reason_code="damaged", reason="Scan it again.")
        batches.advance(session, batch_id, "void", SAM, reason="the paper is gone")


def _keep_blank(room: Room, a: int, b: int) -> None:
    with room.home.writing() as session:
        blank = session.exec(select(Page.id).where(Page.disposition == "blank")).all()
        if blank:
            blanks.keep_as_page(session, blank[a % len(blank)], TESS, understand)


STEPS: dict[str, Callable[[Room, int, int], None]] = {
    "intake": _intake,
    **{
        kind: lambda room, a, b, kind=kind: room.change(kind, a, b)  # type: ignore[misc]
        for kind in ("split", "join", "move", "reorder", "turn", "hide", "restore", "put_in")
    },
    "undo": _undo,
    "approve": _approve,
    "file": _file,
    "take_back": _take_back,
    "amend": _amend,
    "new_version": _new_version,
    "cancel": _cancel,
    "ask_rescan": _ask_rescan,
    "rescan_comes": _rescan_comes,
    "misfile": _misfile,
    "confirm_misfile": _confirm_misfile,
    "void": _void,
    "keep_blank": _keep_blank,
}


@pytest.fixture(scope="module")
def begun(empty_home: Template, tmp_path_factory: pytest.TempPathFactory) -> Template:
    """Ana and Lee on the list, a filed document of three pages, one of two pages that waits."""
    home = empty_home.copied_to(tmp_path_factory.mktemp("amended"))
    add_person(home)
    add_person(home, "00777777", "Kim", "Lee")
    room = Room(home)
    put(home, [note(*ANA, "otter", "Page 1 of 3"), "zebra\nPage 2 of 3", "heron\nPage 3 of 3"], "first.tif")
    _approve(room, 0, 0)
    _file(room, 0, 0)
    put(home, [note(*ANA, "lynx", "Page 4 of 5"), "seal\nPage 5 of 5"], "second.tif")
    return Template.of(home)


_steps = st.lists(st.tuples(st.sampled_from(sorted(STEPS)), st.integers(0, 4), st.integers(0, 4)), max_size=14)
_amended = st.lists(
    st.tuples(
        st.sampled_from(("amend", "hide", "restore", "reorder", "put_in", "ask_rescan", "rescan_comes", "cancel", "approve", "file", "new_version")),
        st.integers(0, 2), st.integers(0, 3),
    ),
    max_size=14,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(steps=st.one_of(_steps, _amended))
def test_pages_in_equal_pages_accounted_whatever_is_done(begun: Template, steps: list[tuple[str, int, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder, contextlib.closing(begun.copied_to(Path(folder))) as home:
        room = Room(home, pages=5)
        kept = _versions(home)
        for kind, a, b in steps:
            with contextlib.suppress(StorageError):  # refused in a sentence; what counts is that nothing is lost
                STEPS[kind](room, a, b)
            _is_accounted(room)
            now = _versions(home)
            assert {key: now[key] for key in kept} == kept  # what was filed is never another
            kept = now
        _is_whole(room)


def _versions(home: Home) -> dict[tuple[int, int], tuple[str, str]]:
    with home.reading() as session:
        return {
            (row.document_id, row.number): (row.blob_id, str(row.pages)) for row in session.exec(select(FiledVersion))
        }


def _is_accounted(room: Room) -> None:
    with room.home.reading() as session:
        ledger = pages.ledger(session)
        assert (ledger.found, ledger.balances) == (room.pages, True)
        assert len(session.exec(select(Page.id)).all()) == room.pages
        for document in session.exec(select(Document)):
            order = [page.position for page in pages.pages_of_document(session, document.id)]
            assert order == list(range(len(order)))
            assert bool(order) is (document.state != "voided")
            if document.filed_version_id is not None:
                assert document.person_id is not None


def _is_whole(room: Room) -> None:
    """The archive agrees with itself, the chart shows each version that is in it, and search finds only what is there."""
    with room.home.writing() as session:
        assert integrity.verify(session, room.home.vault).problems == ()
        there = {row.id: row for row in session.exec(select(Document)) if row.filed_version_id is not None}
        lines = [line for person in (1, 2) for line in filing.chart_of(session, person, SAM)]
        assert sorted(line.document_id for line in lines) == sorted(there)
        for line in lines:
            version = versions.in_chart(session, there[line.document_id])
            assert version is not None
            assert (line.version, line.pages, line.type_code) == (version.number, len(version.pages), version.type_code)
            with pikepdf.open(io.BytesIO(filing.filed_pdf(session, room.home.vault, line.document_id, SAM))) as pdf:
                assert len(pdf.pages) == line.pages
        places = {line.document_id: line.pages for line in lines}
        for hit in search.find_pages(session, "zebra", SAM):
            document = session.get_one(Document, hit.document_id)
            assert document.state == "verified" or hit.page <= places[hit.document_id]
        for row in session.exec(select(FiledVersion)):
            assert earlier.version_pdf(session, room.home.vault, row.document_id, row.number, SAM).startswith(b"%PDF")
