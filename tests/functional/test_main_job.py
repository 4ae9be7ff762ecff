"""The main job through the command line, on drawn and on real scans."""

import io
import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from pypdf import PdfReader

from ingest.demo.draw import Scan
from tests.conftest import DRAWN_DATA
from tests.given.commands import Chartroom
from tests.given.paper import LINES, printed, saved

PAGE = printed(LINES)


@pytest.fixture(scope="module")
def worked(drawn: tuple[Path, list[Scan]], tmp_path_factory: pytest.TempPathFactory) -> Chartroom:
    """The drawn clinic, dropped and worked once."""
    folder, scans = drawn
    base = tmp_path_factory.mktemp("worked")
    chartroom = Chartroom(base / "data", base / "keys" / "data.key")
    chartroom("init")
    chartroom("roster", "load", folder / "roster.csv")
    for scan in scans:
        chartroom.drop(scan.name, scan.data)
    chartroom("run")
    return chartroom


def test_every_file_and_every_page_is_accounted_for(worked: Chartroom, drawn: tuple[Path, list[Scan]]) -> None:
    truth = {scan.name: scan.truth["pages"] for scan in drawn[1]}
    assert {row["name"]: row["state"] for row in worked.rows("sources")} == dict.fromkeys(truth, "indexed")
    found = {(row["source"], row["page"]): row for row in worked.rows("pages")}
    assert len(found) == sum(len(pages) for pages in truth.values())
    for name, pages in truth.items():
        for number, page in enumerate(pages, start=1):
            wanted = "to_verify" if page["disposition"] == "document" else page["disposition"]
            assert found[name, number]["disposition"] == wanted, (name, number)


def test_no_document_is_linked_to_the_wrong_patient_and_most_are_linked(
    worked: Chartroom, drawn: tuple[Path, list[Scan]]
) -> None:
    truth = {scan.name: scan.truth["pages"] for scan in drawn[1]}
    decisions: Counter[str] = Counter()
    for row in worked.rows("documents"):
        decisions[row["patient"]["decision"]] += 1
        owners = {truth[row["source"]][page - 1]["mrn"] for page in row["pages"]}
        if row["patient"]["decision"] == "linked":
            assert owners == {row["patient"]["mrn"]}
    assert decisions["linked"] >= 0.6 * decisions.total()


def test_documents_have_the_type_and_fields_that_were_printed(
    worked: Chartroom, drawn: tuple[Path, list[Scan]]
) -> None:
    truth = {scan.name: scan.truth["pages"] for scan in drawn[1]}
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for row in worked.rows("documents"):
        first = truth[row["source"]][row["pages"][0] - 1]
        total["type"] += 1
        right["type"] += row["type"]["code"] == first["type"]
        for name in ("mrn", "dob", "name"):
            total[name] += 1
            right[name] += name in row["fields"] and row["fields"][name]["value"] == first["fields"][name]
    assert all(right[name] >= 0.9 * total[name] for name in total), (right, total)


def test_the_contract_of_the_listings(worked: Chartroom) -> None:
    assert set(worked.rows("sources")[0]) >= {"name", "sha256", "state", "reason", "flags", "pages"}
    page = worked.rows("pages")[0]
    assert set(page) >= {
        "source",
        "page",
        "disposition",
        "outcome",
        "rotation",
        "skew_degrees",
        "dpi",
        "words",
        "mean_confidence",
        "document",
    }
    document = worked.rows("documents")[0]
    assert set(document) >= {"id", "source", "source_sha256", "pages", "state", "type", "patient", "fields", "outcome"}
    assert set(document["type"]) >= {"code", "loinc", "confidence"}
    assert set(document["patient"]) >= {"mrn", "decision", "candidates"}
    field = next(iter(document["fields"].values()))
    assert set(field) >= {"value", "raw", "confidence", "page", "box", "source"}


def test_the_log_holds_no_name_and_no_number(worked: Chartroom, drawn: tuple[Path, list[Scan]]) -> None:
    logged = "".join(path.read_text() for path in (worked.home / "logs").iterdir())
    for scan in drawn[1]:
        for page in scan.truth["pages"]:
            for value in page.get("fields", {}).values():
                if len(value) > 4:
                    assert value not in logged
    assert "received batch" in logged


def test_verify_agrees_and_running_again_changes_nothing(worked: Chartroom) -> None:
    before = worked("documents", "--json").stdout
    worked("run")
    assert worked("documents", "--json").stdout == before
    worked("verify")


@pytest.mark.parametrize(
    ("name", "data", "state", "says"),
    [
        ("empty.pdf", b"", "quarantined", "empty"),
        ("note.txt", b"hello", "quarantined", "supported"),
        ("cut.jpg", saved([PAGE], "JPEG")[:9000], "quarantined", "missing"),
        ("cut.pdf", saved([PAGE], "PDF")[:3000], "quarantined", "damaged"),
        ("really.pdf", saved([PAGE], "PNG"), "indexed", None),  # content decides
        ("photo.heic", b"\0\0\0\x18ftypheic" + b"\0" * 500, "quarantined", "HEIC"),
    ],
)
def test_bad_input_has_a_reason_and_everything_else_goes_on(
    chartroom: Chartroom, name: str, data: bytes, state: str, says: str | None
) -> None:
    chartroom.drop(name, data)
    chartroom.drop("good.tif", saved([PAGE, PAGE], "TIFF"))
    chartroom("run")
    rows = {row["name"]: row for row in chartroom.rows("sources")}
    assert rows["good.tif"]["state"] == "indexed"
    assert rows[name]["state"] == state
    if says:
        assert says in rows[name]["reason"]
        assert "Error" not in rows[name]["reason"]
    chartroom("verify")


def test_a_quarantined_file_can_be_tried_again(chartroom: Chartroom) -> None:
    chartroom.drop("cut.jpg", saved([PAGE], "JPEG")[:9000])
    chartroom("run")
    chartroom("retry", "--all")
    assert chartroom.rows("sources")[0]["state"] == "received"
    chartroom("run")
    assert chartroom.rows("sources")[0]["state"] == "quarantined"
    chartroom("verify")


def test_the_same_content_again_is_held_and_its_pages_counted(chartroom: Chartroom) -> None:
    data = saved([PAGE, PAGE], "TIFF")
    chartroom.drop("a.tif", data)
    chartroom.drop("b.tif", data)
    chartroom("run")
    assert {row["name"]: (row["state"], row["pages"]) for row in chartroom.rows("sources")} == {
        "a.tif": ("indexed", 2),
        "b.tif": ("duplicate", 2),
    }
    assert Counter(row["disposition"] for row in chartroom.rows("pages")) == {"to_verify": 2, "held": 2}


def test_trying_a_file_and_its_copy_again_makes_one_document_not_two(chartroom: Chartroom) -> None:
    data = saved([PAGE], "TIFF")
    slow = Chartroom(chartroom.home, Path(chartroom.env["CHARTROOM_KEY_FILE"]))
    slow.env["CHARTROOM_PAGE_SECONDS"] = "0.001"
    chartroom.drop("a.tif", data)
    chartroom.drop("b.tif", data)
    slow("run")
    assert {row["state"] for row in chartroom.rows("sources")} == {"quarantined"}
    chartroom("retry", "--all")
    chartroom("run")
    assert sorted(row["state"] for row in chartroom.rows("sources")) == ["duplicate", "indexed"]
    assert len(chartroom.rows("documents")) == 1
    chartroom("verify")


def test_one_odd_image_does_not_stop_the_others(chartroom: Chartroom) -> None:
    odd = np.full((100, 70_000), 255, np.uint8)
    odd[40:60, ::7] = 0
    chartroom.drop("odd.png", saved([odd], "PNG"))
    chartroom.drop("good.png", saved([PAGE], "PNG"))
    chartroom("run")
    assert {row["name"]: row["state"] for row in chartroom.rows("sources")}["good.png"] == "indexed"


def test_read_gives_words_text_and_a_searchable_pdf(chartroom: Chartroom, tmp_path: Path) -> None:
    scan = tmp_path / "scan.tif"
    scan.write_bytes(saved([PAGE, PAGE], "TIFF"))
    rows = chartroom.rows("read", scan)
    assert [row["page"] for row in rows] == [1, 2]
    word = rows[0]["words"][0]
    assert set(word) == {"text", "box", "confidence", "line", "reader", "agreement", "handwritten"}
    assert (word["reader"], word["handwritten"]) == ("first", False)
    assert "00123456" in chartroom("read", scan, "--text").stdout
    chartroom("read", scan, "--pdf", tmp_path / "out")
    pdf = PdfReader(tmp_path / "out" / "scan.pdf")
    assert len(pdf.pages) == 2
    assert "00123456" in pdf.pages[1].extract_text()
    bad = tmp_path / "bad.pdf"
    bad.write_bytes(b"%PDF-1.4 nothing")
    assert "damaged" in chartroom("read", bad, expect=1).stdout


def test_classify_and_match_file_nothing(chartroom: Chartroom, tmp_path: Path) -> None:
    texts = tmp_path / "texts.jsonl"
    texts.write_text(json.dumps({"id": 7, "text": "DISCHARGE SUMMARY\nHOSPITAL COURSE: stable"}) + "\n")
    row = chartroom.rows("classify", texts)[0]
    assert (row["id"], row["type"]["code"], row["type"]["loinc"]) == (7, "DISCHARGE_SUMMARY", "18842-5")

    roster = tmp_path / "roster.csv"
    roster.write_text("mrn,last_name,first_name,dob,sex\n00123456,Rivera,Ana,1957-03-14,F\n")
    chartroom("roster", "load", roster)
    records = tmp_path / "records.csv"
    records.write_text(
        "id,mrn,last,first,dob\nq1,00123456,Rivera,Ana,03/14/1957\nq2,,Rivera,Ana,03/14/1957\nq3,,Nobody,Here,01/01/1990\n"
    )
    found = {row["id"]: row for row in chartroom.rows("match", records)}
    assert [(found[q]["decision"], found[q]["mrn"]) for q in ("q1", "q2", "q3")] == [
        ("linked", "00123456"),
        ("ask", None),
        ("none", None),
    ]
    assert found["q2"]["candidates"][0]["agrees"]
    assert chartroom.rows("documents") == []


def test_separator_sheets_are_printed_and_read_by_intake(chartroom: Chartroom, tmp_path: Path) -> None:
    sheets = tmp_path / "sheets.pdf"
    chartroom("separators", "2", "--kind", "patient", "--mrn", "00123456", "--out", sheets)
    chartroom.drop("sheets.pdf", sheets.read_bytes())
    chartroom("run")
    assert [row["disposition"] for row in chartroom.rows("pages")] == ["separator", "separator"]


def test_mistakes_of_the_person_are_told_in_a_sentence(chartroom: Chartroom, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("a,b\n1,2\n")
    for arguments in (("roster", "load", wrong), ("separators", "1", "--kind", "patient")):
        done = chartroom(*arguments, expect=1)
        assert "Traceback" not in done.stderr
        assert len(done.stderr) > 20


def test_real_forms_and_packets_reach_an_end_state(chartroom: Chartroom, shared_data: Path) -> None:
    """Every image and PDF of the real set, dropped at once."""
    files = _scans_of(*(shared_data / folder for folder in ("medical-forms", "packets", "ocr-gt")))
    assert len(files) >= 20
    _assert_all_reach_an_end_state(chartroom, files)


def test_drawn_scans_of_every_format_reach_an_end_state(chartroom: Chartroom) -> None:
    files = _scans_of(DRAWN_DATA / "scans")
    assert {path.suffix for path in files} == {".pdf", ".png", ".jpg", ".tif", ".bmp"}
    _assert_all_reach_an_end_state(chartroom, files)
    assert {row["state"] for row in chartroom.rows("sources")} == {"indexed"}


def _scans_of(*folders: Path) -> list[Path]:
    kinds = {".pdf", ".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp"}
    return [path for folder in folders for path in sorted(folder.rglob("*")) if path.suffix.lower() in kinds]


def _assert_all_reach_an_end_state(chartroom: Chartroom, files: list[Path]) -> None:
    for number, path in enumerate(files):
        chartroom.drop(f"{number:03d}-{path.name}", path.read_bytes())
    chartroom("run", seconds=900)
    rows = chartroom.rows("sources")
    assert len(rows) == len(files)
    assert {row["state"] for row in rows} <= {"indexed", "quarantined", "duplicate"}
    assert all(row["reason"] for row in rows if row["state"] != "indexed")
    pages = chartroom.rows("pages")
    assert len(pages) == sum(row["pages"] or 0 for row in rows)
    assert {page["disposition"] for page in pages} <= {"to_verify", "blank", "separator", "held", "refused"}
    chartroom("verify")


def test_the_filed_pdf_of_a_reading_opens(chartroom: Chartroom, tmp_path: Path) -> None:
    scan = tmp_path / "scan.png"
    scan.write_bytes(saved([PAGE], "PNG"))
    chartroom("read", scan, "--pdf", tmp_path)
    data = (tmp_path / "scan.pdf").read_bytes()
    assert PdfReader(io.BytesIO(data)).pages[0].extract_text()
