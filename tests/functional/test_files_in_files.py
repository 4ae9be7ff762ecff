"""Files inside files, notes beside pictures, and pages that are not all there, from the hot folder to search."""

import io
import json

import numpy as np
import pikepdf
import pytest
from pypdf import PdfReader

from storage.desk import approving
from storage.documents import leases
from storage.foundation.permissions import Actor, Role
from storage.opening import open_home
from tests.given.commands import Chartroom
from tests.given.paper import LINES, printed, saved
from tests.given.pdfs import typed_pdf, with_files, with_notes

PAGE = printed(LINES)
LAB = typed_pdf(("LABORATORY REPORT", "Patient Name: Rivera, Ana", "MRN: 00123456", "DOB: 03/14/1957", "Potassium 4.1"))
TESS = Actor("tess", Role.TECHNICIAN)


def test_files_inside_a_pdf_become_scans_that_name_their_parent(chartroom: Chartroom) -> None:
    chartroom("init")
    inner = with_files(typed_pdf(("COVER NOTE",)), ("deep.pdf", LAB))
    chartroom.drop(
        "letter.pdf",
        with_files(typed_pdf(), ("lab report.pdf", LAB), ("more.pdf", inner), ("list.docx", b"PK\x03\x04 no scan")),
    )
    chartroom("run", expect=None)
    sources = {row["name"]: row for row in chartroom.rows("sources")}
    parent = sources["letter.pdf"]["id"]
    assert {name: (row["state"], row["parent"]) for name, row in sources.items()} == {
        "letter.pdf": ("indexed", None),
        "lab report.pdf": ("indexed", parent),
        "more.pdf": ("indexed", parent),
        "list.docx": ("quarantined", parent),
        "deep.pdf": ("duplicate", sources["more.pdf"]["id"]),
    }
    assert chartroom("verify", expect=None).returncode == 0
    # read again after a kill, or taken anyway: nothing is doubled
    chartroom("run", expect=None)
    assert len(chartroom.rows("sources")) == 5


def test_an_endless_file_in_a_file_comes_to_an_end(chartroom: Chartroom) -> None:
    chartroom("init")
    data = LAB
    for depth in range(8):
        data = with_files(typed_pdf((f"COVER {depth}",)), (f"level-{depth}.pdf", data))
    chartroom.drop("deep.pdf", data)
    chartroom("run", expect=None)
    sources = chartroom.rows("sources")
    assert len(sources) == 6
    assert "attachments_left_out" in sources[-1]["flags"]
    last = next(row for row in chartroom.rows("documents") if row["source"] == sources[-1]["name"])
    assert "attachments_left_out" in last["flags"]
    assert last["patient"]["decision"] != "linked"


def test_a_note_is_found_by_search_flags_its_document_and_is_filed_with_its_page(chartroom: Chartroom) -> None:
    chartroom("init")
    roster = chartroom.home / "roster.csv"
    roster.write_text("mrn,last_name,first_name,dob,sex\n00123456,Rivera,Ana,03/14/1957,F\n")
    chartroom("roster", "load", roster)
    chartroom.drop("scan.pdf", with_notes(saved([PAGE], "PDF"), ("Text", "ALLERGIC TO WYVERNAL", (500, 60, 520, 80))))
    chartroom("run")
    (document,) = chartroom.rows("documents")
    assert document["flags"] == ["page_1_has_notes"]
    assert document["patient"]["decision"] == "linked", "a note is no doubt about whose it is"
    (read,) = [json.loads(line) for line in chartroom("read", _only(chartroom), "--json").stdout.splitlines()]
    assert [note["text"] for note in read["notes"]] == ["ALLERGIC TO WYVERNAL"]
    home = open_home(chartroom.home, chartroom.key_file)
    with home.writing() as session:
        row = leases.claim(session, document["id"], TESS)
        approving.approve(session, document["id"], TESS, version=row.version)
    home.close()
    chartroom.env["CHARTROOM_TAKE_BACK_SECONDS"] = "0"
    chartroom("run")
    assert [hit["document"] for hit in chartroom.rows("search", "wyvernal")] == [document["id"]]
    out = chartroom.home / "filed.pdf"
    chartroom("open", str(document["id"]), "--out", out, expect=None)
    pdf = PdfReader(io.BytesIO(out.read_bytes()))
    notes = [annotation.get_object() for annotation in pdf.pages[0]["/Annots"]]  # type: ignore[attr-defined]
    assert [note["/Contents"] for note in notes] == ["ALLERGIC TO WYVERNAL"]
    assert all("/AP" in note for note in notes), "PDF/A wants an appearance"


def _only(chartroom: Chartroom) -> str:
    return str(next((chartroom.hot / ".done").glob("*.pdf")))


def _lost(data: bytes) -> bytes:
    """The PDF with the picture of its second page gone from the file."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pdf.pages[1].obj.Resources = pikepdf.Dictionary()
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


def test_a_page_that_could_not_be_shown_stays_in_its_document_and_a_person_looks(chartroom: Chartroom) -> None:
    chartroom("init")
    chartroom.drop(
        "scan.pdf", _lost(saved([PAGE, printed(["continued", "Plan: rest"]), printed(["end", "Signed"])], "PDF"))
    )
    chartroom("run")
    rows = chartroom.rows("pages")
    assert [row["outcome"] for row in rows] == ["ok", "failed", "ok"]
    assert "not in the file" in rows[1]["reason"]
    assert [row["disposition"] for row in rows] == ["to_verify"] * 3
    owner = next(row for row in chartroom.rows("documents") if 2 in row["pages"])
    assert 1 in owner["pages"]
    assert "page_2_failed" in owner["flags"]


def test_half_a_picture_is_shown_read_and_told(chartroom: Chartroom) -> None:
    chartroom("init")
    data = saved([PAGE], "JPEG", quality=85)
    chartroom.drop("half.jpg", data[: len(data) // 3] + b"\xff\xd9")
    chartroom("run")
    (row,) = chartroom.rows("pages")
    assert (row["outcome"], row["disposition"]) == ("incomplete", "to_verify")
    assert "% of it is there" in row["reason"]
    assert row["words"] > 0


def test_blank_sides_are_listed_with_their_ink_until_somebody_saw_them(chartroom: Chartroom) -> None:
    chartroom("init")
    white = np.full((2200, 1700), 246, np.uint8)
    chartroom.drop("blank.tif", saved([white, white], "TIFF"))
    chartroom("run")
    rows = chartroom.rows("pages")
    assert [(row["disposition"], row["seen_by"]) for row in rows] == [("blank", None)] * 2
    assert all(row["ink_share"] < 0.0001 for row in rows)
    assert [row["state"] for row in chartroom.rows("sources")] == ["indexed"]


@pytest.mark.parametrize("kind", ["PDF", "TIFF"])
def test_a_whole_file_is_as_it_was(chartroom: Chartroom, kind: str) -> None:
    chartroom("init")
    chartroom.drop(f"whole.{kind.lower()}", saved([PAGE, PAGE], kind))
    chartroom("run")
    assert {row["outcome"] for row in chartroom.rows("pages")} == {"ok"}
    assert chartroom.rows("sources")[0]["flags"] == []
