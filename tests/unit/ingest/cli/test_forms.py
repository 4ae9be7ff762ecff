"""Forms that a site teaches, at the shell: what is kept, what is listed, and each refusal."""

import json
from pathlib import Path

import pytest

from ocr import read
from ocr.page import Second
from ocr.read import PageOrder, PageRead
from ocr.signature import Kind
from storage.foundation.home import Home
from tests.given.paper import printed, saved, typed
from tests.given.shell import Shell

WORDS = [
    "COUNTY ALLERGY CLINIC WORKSHEET", "Grass birch ragweed timothy", "plantain mugwort feathers", "",
    "penicillium aspergillus histamine", "saline interpretation national", "guidance millimetres reception",
]  # fmt: skip

HEADS = "field,left,top,right,bottom,value,written\n"


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """A page with nothing on it."""
    (tmp_path / "empty.png").write_bytes(saved([printed([])], "PNG"))
    return tmp_path / "empty.png"


def _teach(sample: Path, zones: str, code: str = "INTAKE_HISTORY") -> list[object]:
    file = sample.with_name("zones.csv")
    file.write_text(zones, encoding="utf-8")
    return ["form", "teach", sample, "--name", "Allergy Sheet 1/2", "--type", code, "--zones", file]


def test_a_taught_form_is_kept_in_the_home_and_listed_before_those_that_come_along(
    shell: Shell, home: Home, tmp_path: Path
) -> None:
    sample = tmp_path / "sheet.png"
    sample.write_bytes(saved([printed(WORDS)], "PNG"))
    zones = HEADS + "mrn,0.5,2.05,6.0,2.45,,mmddyy\nsex,6.5,2.0,6.8,2.3,F,\n"
    said = shell(*_teach(sample, zones, code="intake_history")).out
    file = home.path / "forms" / "allergy-sheet-1-2.json"
    assert said.endswith(f" printed words, 2 zones. Kept in {file}; used from the next start.\n")
    kept = json.loads(file.read_text())
    assert (kept["name"], kept["type"], len(kept["zones"])) == ("Allergy Sheet 1/2", "INTAKE_HISTORY", 2)
    first, *others = shell.rows("form", "list")
    assert first == {"name": "Allergy Sheet 1/2", "type": "INTAKE_HISTORY", "words": len(kept["anchors"]), "zones": 2}
    assert "CMS-1500 (02/12)" in {row["name"] for row in others}
    assert shell("form", "list").out.splitlines()[0].split() == ["name", "type", "words", "zones"]


def test_a_sample_is_read_with_the_second_recogniser_as_the_site_uses_it(
    shell: Shell, empty: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders: list[PageOrder] = []

    def noted(data: bytes, kind: Kind, number: int, order: PageOrder) -> PageRead:
        orders.append(order)
        return PageRead(typed("ALLERGY"))

    monkeypatch.setenv("CHARTROOM_SECOND_RECOGNISER", "off")
    monkeypatch.setattr(read, "read_page", noted)
    shell.refusal(*_teach(empty, HEADS + "mrn,1,2,3,4,,\n"))
    assert [order.second for order in orders] == [Second.OFF]


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ("mrn,3,2,1,2.5,,\n", "zones.csv line 2: this zone has no field or no size."),  # right before left
        ("mrn,1,2,3,2,,\n", "zones.csv line 2: this zone has no field or no size."),
        (",1,2,3,4,,\n", "zones.csv line 2: this zone has no field or no size."),
        ("mrn,-1,2,3,4,,\n", "zones.csv line 2: this zone has no field or no size."),
        ("mrn,1,2,nan,4,,\n", "zones.csv line 2: this zone has no field or no size."),
        ("mrn,1,2,300,400,,\n", "zones.csv line 2: this zone has no field or no size."),  # pixels, no inches
        ("sex,1,2,3,4,F,\nmrn,one,2,3,4,,\n", "zones.csv line 3: expected field, left, top, right, bottom (inches), and value for tick boxes."),
        ("mrn,1,2\n", "zones.csv line 2: expected field, left, top, right, bottom (inches), and value for tick boxes."),
        ("mrn,1,2,3,4,,runes\n", "zones.csv line 2: written is one of "),
        ("", "A form needs at least one zone."),
        ("mrn,1,2,3,4,,\n", "Too few printed words were read on this sample. Teach the form from a better scan."),
    ],
)  # fmt: skip
def test_zones_that_do_not_fit_are_named_with_their_line(
    shell: Shell, home: Home, empty: Path, rows: str, sentence: str
) -> None:
    assert shell.refusal(*_teach(empty, HEADS + rows)).startswith(sentence)
    assert not (home.path / "forms").exists()


def test_a_table_with_other_heads_is_refused(shell: Shell, empty: Path) -> None:
    assert shell.refusal(*_teach(empty, "name,x,y\nmrn,1,2\n")).startswith("zones.csv line 2: expected field, left")


def test_a_type_that_is_not_there_is_named(shell: Shell, empty: Path) -> None:
    assert shell.refusal(*_teach(empty, HEADS + "mrn,1,2,3,4,,\n", "nope")) == "There is no document type NOPE."


def test_a_sample_that_is_no_scan_is_refused(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("not a scan")
    assert shell.refusal(*_teach(tmp_path / "notes.txt", HEADS)) != ""


def test_a_kept_form_that_was_damaged_is_named(shell: Shell, home: Home) -> None:
    (home.path / "forms").mkdir()
    (home.path / "forms" / "old.json").write_text('{"name": "old"}')
    assert shell.refusal("form", "list").startswith("old.json: This is not a taught form (")
