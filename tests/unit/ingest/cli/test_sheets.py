"""Separator sheets and rescan slips: what is printed, and each refusal."""

import io
from pathlib import Path

import numpy as np
import pypdf
import pypdfium2
import pytest
from sqlmodel import select

from classify.separators import make_payload
from ocr.barcodes import find_barcodes
from storage.custody import pages
from storage.desk import rescans
from storage.documents import leases
from storage.foundation.home import Home
from storage.foundation.tables.desk import RescanRequest
from tests.given.records import TESS, add_person, read_and_index, receive
from tests.given.shell import Shell


@pytest.mark.parametrize(
    ("arguments", "count"),
    [
        ([], 1),
        (["3"], 3),
        (["2", "--kind", "document", "--type", "CONSENT_PROC"], 2),
        (["--type", "CONSENT_PROC"], 1),
        (["--mrn", "00123456", "--encounter", "V2024-0088"], 1),
        (["--kind", "batch", "--pages", "48"], 1),
        (["--kind", "end"], 1),
    ],
)
def test_as_many_sheets_are_drawn_as_asked_for(bare: Shell, arguments: list[str], count: int) -> None:
    assert bare("separators", *arguments).out == f"{count} sheet(s) in separators.pdf. Print at 100 % on plain paper.\n"
    assert len(pypdf.PdfReader("separators.pdf").pages) == count


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--kind", "document", "--mrn", "1"], "These options make a sheet of kind patient, not of kind document."),
        (["--kind", "patient", "--type", "LAB"], "These options make a sheet of kind document, not of kind patient."),
        (["--kind", "end", "--pages", "3"], "These options make a sheet of kind batch, not of kind end."),
        (["--kind", "patient"], "A patient sheet needs --mrn."),
        (["--encounter", "V1"], "A patient sheet needs --mrn."),
        (["--pages", "3", "--mrn", "1"], "A batch cover counts pages and says nothing of patient or document. Print one of each."),
        (["--type", "LAB", "--mrn", "1"], "A sheet starts a patient or a document, not both. Print one of each."),
        (["--type", "NOPE"], "There is no document type NOPE. See docs/document-types.md."),
    ],
)  # fmt: skip
def test_options_that_contradict_each_other_print_nothing(
    bare: Shell, tmp_path: Path, arguments: list[str], sentence: str
) -> None:
    assert bare.refusal("separators", *arguments) == sentence
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_named(bare: Shell, tmp_path: Path) -> None:
    assert bare.refusal("separators", "--out", "no/such.pdf") == f"The folder {tmp_path / 'no'} is not there."


@pytest.fixture
def asked(home: Home) -> int:
    """A request for the second page of a scan."""
    (document,) = read_and_index(home, receive(home, b"scan"), ["PROGRESS NOTE", "faint"], add_person(home))
    with home.writing() as session:
        leases.claim(session, document, TESS)
        page = pages.pages_of_document(session, document)[1]
        (request,) = rescans.ask(session, document, [page.id], "too_faint", "left half", TESS, version=1)
        return request.id


def test_nothing_to_scan_again_is_said_to_people_and_not_to_machines(shell: Shell) -> None:
    assert shell("rescans").out == "No page is asked for again.\n"
    assert shell.rows("rescans") == []


def test_a_page_that_is_asked_for_is_listed_with_its_reason(shell: Shell, asked: int) -> None:
    assert (
        shell("rescans").out
        == f"    {asked}  page 2 of scan.tif: {rescans.REASONS['too_faint']} (left half); asked by tess\n"
    )
    (row,) = shell.rows("rescans")
    assert set(row) == {
        "request_id", "document_id", "file", "page", "reason", "remark", "asked_by", "received", "asked_at", "printed_at",
    }  # fmt: skip
    assert (row["request_id"], row["page"], row["file"], row["printed_at"]) == (asked, 2, "scan.tif", None)


def test_slips_are_printed_and_that_is_noted(shell: Shell, home: Home, asked: int, tmp_path: Path) -> None:
    printed = shell("rescans", "--slips", "slips.pdf").out
    assert printed == "1 slip(s) in slips.pdf. Lay each before its page and scan both into the hot folder.\n"
    text = pypdf.PdfReader(io.BytesIO((tmp_path / "slips.pdf").read_bytes())).pages[0].extract_text()
    assert "scan.tif" in text
    assert "Rivera" not in text
    with home.reading() as session:
        assert session.exec(select(RescanRequest.printed_at)).one() is not None
    assert shell.rows("rescans")[0]["printed_at"] is not None


@pytest.mark.parametrize(
    ("arguments", "payload"),
    [
        (["--mrn", "00123456", "--encounter", "V2024-0088"], make_payload("P", "00123456", "V2024-0088")),
        (["--type", "CONSENT_PROC"], make_payload("D", "CONSENT_PROC")),
        (["--pages", "48"], make_payload("B", "", "48")),
        (["--kind", "end"], make_payload("E", "")),
    ],
)
def test_both_codes_of_a_sheet_hold_what_was_asked_for(bare: Shell, arguments: list[str], payload: str) -> None:
    bare("separators", *arguments)
    with pypdfium2.PdfDocument("separators.pdf") as pdf:
        picture = pdf[0].render(scale=200 / 72, grayscale=True).to_numpy()
    found = find_barcodes(np.ascontiguousarray(picture.reshape(picture.shape[:2])))
    assert {code.text for code in found} == {payload}
    assert len({code.kind for code in found}) == 2
