"""A folder of scans from its files to its documents: numbered through, told apart by its index file, a bad file set apart."""

import json
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from datetime import date
from pathlib import Path

import pytest
from sqlmodel import select

from classify.doubts import DoubtCode
from ingest.hotfolder import HotFolder
from ingest.intake import take_in
from ingest.pipeline import STEPS, Pipeline
from ingest.progress import Progress
from ingest.settings import Settings
from ingest.site import Site
from ingest.worker import FileRefused, SealedFile, open_source, read_one
from ocr.load import Opened
from ocr.page import OcrPage
from ocr.read import PageRead
from ocr.signature import Kind
from review_app.model import scans
from storage.custody import batches, integrity, pages
from storage.foundation.home import Home
from storage.foundation.sealed import open_sealed
from storage.foundation.tables.custody import Batch
from storage.foundation.tables.documents import Document
from tests.given.commands import Chartroom
from tests.given.paper import blank, printed, saved, typed
from tests.given.pools import InlinePool
from tests.given.records import SAM, add_person

HEAD = "{title}\nPatient Name: {name}\nMRN: {mrn}\nDOB: 05/05/1960\n"
ANA = {"name": "Rivera, Ana", "mrn": "00123456"}
WEI = {"name": "Chen, Wei", "mrn": "00777777"}
NOTE = HEAD.format(title="PROGRESS NOTE", **ANA) + "SUBJECTIVE\nOBJECTIVE\nASSESSMENT AND PLAN"
LAB = HEAD.format(title="LABORATORY REPORT", **WEI) + "Accession: 99-1234\nPotassium 4.1 mmol/L"
MORE = "and the words go on\nwithout a name or a number\nof anybody"

SCANS = "PDF of scans %PDF-1.4 {} %%EOF"


class FilePool(InlinePool):
    """Opens each file by its content: a text for every page, or a refusal."""

    def __init__(self, found: Mapping[str, list[OcrPage] | None]) -> None:
        self._found = found

    def submit(self, task: Callable[..., object], *args: object, seconds: float) -> "Future[object]":
        if task is open_source:
            return super().submit(self._open, args[0], seconds=seconds)
        if task is read_one:
            page = self._pages(args[0])[int(str(args[2])) - 1]  # type: ignore[index]
            return super().submit(lambda: PageRead(page, None, None), seconds=seconds)
        return super().submit(task, *args, seconds=seconds)

    def _open(self, file: object) -> Opened | FileRefused:
        found = self._pages(file)
        return Opened(Kind.PDF, len(found)) if found else FileRefused("damaged", "This file is damaged. Scan it again.")

    def _pages(self, file: object) -> list[OcrPage] | None:
        assert isinstance(file, SealedFile)
        return self._found[open_sealed(file.path, file.data_key, file.content_mac).decode().split()[4]]


def _worked(home: Home, place: Path, found: Mapping[str, list[str] | None], index: object = None) -> Batch:
    """A dropped folder of these files (`None`: it cannot be opened), worked to the end of its indexing."""
    add_person(home, birth_date=date(1960, 5, 5))
    add_person(home, "00777777", "Chen", "Wei", birth_date=date(1960, 5, 5))
    (place / "box").mkdir(parents=True)
    for name in found:
        (place / "box" / name).write_text(SCANS.format(name))
    if index is not None:
        (place / "box" / "index.json").write_text(json.dumps(index))
    settings = Settings(settle_seconds=0, minimum_free_megabytes=0)
    assert take_in(home, HotFolder(place), settings, waits_for_end=False).taken == len(found)
    read = {
        name: None if texts is None else [_page(text, n) for n, text in enumerate(texts, 1)]
        for name, texts in found.items()
    }
    pipeline = Pipeline(home, settings, FilePool(read), Site(), Progress(), threading.Event())  # type: ignore[arg-type]
    for state, step in STEPS:
        with home.reading() as session:
            waiting = batches.waiting(session, state)
        step(pipeline, waiting)
    with home.reading() as session:
        return session.exec(select(Batch).where(Batch.name == b"box")).one()


def _page(text: str, number: int) -> OcrPage:
    return typed(text, number) if text else blank(number)


def _documents(home: Home, batch_id: int) -> list[tuple[list[tuple[int, int]], str, list[str]]]:
    """Each document: its pages (number in the batch and in the file), its kind, its doubts."""
    with home.reading() as session:
        return [
            (
                [(page.number, page.file_page) for page in pages.pages_of_document(session, row.id)],
                row.type_code,
                row.flags,
            )
            for row in session.exec(select(Document).where(Document.batch_id == batch_id).order_by(Document.id))  # type: ignore[arg-type]
        ]


def test_pages_are_numbered_through_all_files_and_documents_may_span_them(home: Home, tmp_path: Path) -> None:
    batch = _worked(home, tmp_path / "hot", {"1.pdf": [NOTE], "2.pdf": [MORE], "3.pdf": [""], "10.pdf": [LAB, MORE]})
    assert (batch.state, batch.pages_found) == ("indexed", 5)
    assert [(found, kind) for found, kind, _ in _documents(home, batch.id)] == [
        ([(1, 1), (2, 1)], "PROGRESS_NOTE"),
        ([(4, 1), (5, 2)], "LAB"),
    ]
    with home.reading() as session:
        rows = batches.list_sources(session)
        listed = pages.list_pages(session)
        assert integrity.verify(session, home.vault).problems == ()
        reading = pages.reading_of(session, pages.pages_of_batch(session, batch.id)[4])
    assert [(row["name"], row["pages"]) for row in rows] == [
        ("box/1.pdf", 1), ("box/2.pdf", 1), ("box/3.pdf", 1), ("box/10.pdf", 2),
    ]  # fmt: skip
    assert [(row["source"], row["page"], row["file_page"]) for row in listed[3:]] == [
        ("box/10.pdf", 4, 1),
        ("box/10.pdf", 5, 2),
    ]
    assert reading is None or reading.number == 5
    (scan,), ledger = scans.look(home, SAM)
    assert (scan.file, scan.files, scan.pages, ledger.balances) == ("box", 4, 5, True)
    assert [(line.file, line.pages) for line in scans.file_lines(home, SAM, batch.id)][3] == ("10.pdf", 2)


def test_a_file_that_is_put_into_another_place_is_noticed(home: Home, tmp_path: Path) -> None:
    batch = _worked(home, tmp_path / "hot", {"1.pdf": [NOTE], "2.pdf": [MORE]})
    with home.writing() as session:
        for file, _ in batches.files_of(session, batch.id):
            file.first_number = 3 - (file.first_number or 0)
    with home.reading() as session:
        assert integrity.verify(session, home.vault).problems == (
            f"batch:{batch.id}: its pages are not those of its files",
        )


def test_a_file_that_cannot_be_opened_is_set_apart_and_the_others_go_on(home: Home, tmp_path: Path) -> None:
    batch = _worked(home, tmp_path / "hot", {"1.pdf": [NOTE], "2.pdf": None, "3.pdf": [LAB]})
    assert (batch.state, batch.pages_found, batch.flags) == ("indexed", 2, [DoubtCode.FILE_SET_APART])
    assert all(DoubtCode.FILE_SET_APART in flags for _, _, flags in _documents(home, batch.id))
    put_aside, _ = scans.exceptions(home, SAM)
    assert [(scan.file, scan.reason) for scan in put_aside] == [("box/2.pdf", "This file is damaged. Scan it again.")]
    assert put_aside[0].flags == (f"out of folder scan {batch.id}",)
    lines = {line.file: line.set_apart for line in scans.file_lines(home, SAM, batch.id)}
    assert lines == {"1.pdf": None, "3.pdf": None, "2.pdf": put_aside[0].batch_id}
    with home.reading() as session:
        assert integrity.verify(session, home.vault).problems == ()


def test_a_folder_of_which_no_file_can_be_opened_is_put_aside(home: Home, tmp_path: Path) -> None:
    batch = _worked(home, tmp_path / "hot", {"1.pdf": None, "2.pdf": None})
    assert (batch.state, batch.reason) == ("quarantined", "This file is damaged. Scan it again.")


def test_an_index_file_says_where_documents_begin_and_whose_they_are(home: Home, tmp_path: Path) -> None:
    index = {
        "documents": [
            {"file": "1.pdf", "pages": 2, "type": "CONSENT_PROC", "mrn": "00123456"},
            {"file": "1.pdf", "pages": 1, "type": "LAB", "mrn": "00777777"},
            {"file": "2.pdf", "pages": 1, "mrn": "00777777"},
        ]
    }
    batch = _worked(home, tmp_path / "hot", {"1.pdf": [MORE, MORE, MORE], "2.pdf": [NOTE]}, index)
    found = _documents(home, batch.id)
    assert [(numbers, kind) for numbers, kind, _ in found][:2] == [
        ([(1, 1), (2, 2)], "CONSENT_PROC"),
        ([(3, 3)], "LAB"),
    ]
    assert batch.discrepancies == []
    assert "page_4_other_mrn" in found[2][2], "the index file says 00777777 of what names 00123456"


def test_wrong_counts_are_told_by_name_and_make_a_question(home: Home, tmp_path: Path) -> None:
    index = {
        "files": 3,
        "total pages": 5,
        "documents": [{"file": "1.pdf", "pages": 2}, {"file": "9.pdf", "pages": 1}],
    }
    batch = _worked(home, tmp_path / "hot", {"1.pdf": [NOTE], "2.pdf": [LAB]}, index)
    (scan,), _ = scans.look(home, SAM)
    assert scan.differs == (
        "1.pdf: 2 pages are declared, 1 were found",
        "9.pdf is in the index file and was not there",
        "2.pdf was there and is not in the index file",
        "3 files are declared, 2 were there",
        "5 pages are declared, 2 were found",
    )
    assert all(DoubtCode.COUNTS_DIFFER in flags for _, _, flags in _documents(home, batch.id))


def test_lines_for_single_images_do_not_tear_a_document_and_a_document_number_joins_them(
    home: Home, tmp_path: Path
) -> None:
    lines = [{"file": f"{n}.pdf", "document id": "A" if n < 3 else "B"} for n in (1, 2, 3)]
    found = {"1.pdf": [NOTE], "2.pdf": [MORE], "3.pdf": [MORE]}
    batch = _worked(home, tmp_path / "hot", found, {"documents": lines})
    assert [numbers for numbers, _, _ in _documents(home, batch.id)] == [[(1, 1), (2, 1)], [(3, 1)]]


@pytest.mark.parametrize("document", ["", "A"])
def test_a_list_of_files_alone_says_no_boundary(home: Home, tmp_path: Path, document: str) -> None:
    lines = [{"file": f"{n}.pdf", "document id": document} for n in (1, 2)]
    batch = _worked(home, tmp_path / "hot", {"1.pdf": [NOTE], "2.pdf": [MORE]}, {"documents": lines})
    assert [numbers for numbers, _, _ in _documents(home, batch.id)] == [[(1, 1), (2, 1)]]


def test_a_folder_of_real_scans_is_read_filed_and_retried_as_one(tmp_path: Path) -> None:
    chartroom = Chartroom(tmp_path / "data", tmp_path / "keys" / "data.key")
    chartroom("init")
    place = chartroom.hot / "box 7"
    place.mkdir()
    (place / "page 2.tif").write_bytes(saved([printed(["SECOND PAGE"])], "TIFF"))
    (place / "page 1.tif").write_bytes(saved([printed(["FIRST PAGE"])], "TIFF"))
    (place / "page 3.tif").write_bytes(b"hello")
    (place / "index.csv").write_text("File,Pages\npage 1.tif,1\npage 2.tif,1\npage 3.tif,1\n")
    chartroom("run")
    rows = {row["name"]: (row["state"], row["pages"]) for row in chartroom.rows("sources")}
    assert rows["box 7/page 1.tif"] == ("indexed", 1)
    assert rows["box 7/page 3.tif"][0] == "quarantined"
    assert rows["box 7/index.csv"][1] == 0
    read = [(row["source"], row["page"], row["words"]) for row in chartroom.rows("pages")]
    assert read == [("box 7/page 1.tif", 1, 2), ("box 7/page 2.tif", 2, 2)]
    chartroom("verify")
