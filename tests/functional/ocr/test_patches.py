"""Patch codes are found by their bars, wherever they are printed, and in nothing else."""

import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from classify.profile import Profile
from classify.split import split_pages
from ingest.demo import scanner
from ocr.clean.geometry import place
from ocr.imaging import Image, cv2, turned
from ocr.page import Barcode, OcrPage
from ocr.patches import KIND, find_patches
from ocr.read import WORDS_ONLY, read_page
from ocr.signature import Kind
from tests.conftest import DRAWN_DATA
from tests.given.paper import LINES, printed, saved

BARS = {"1": "WWNN", "2": "WNNW", "3": "WNWN", "4": "NWWN", "6": "NNWW", "T": "NWNW"}
DPI = 200


def sheet(kind: str, *, length: float = 6.0, scale: float = 1.0, margin: float = 0.4, wide: float = 2.5) -> Image:
    """A letter sheet with the bars of a patch code along its upper edge, as Kodak draws them."""
    return with_bars(np.full((11 * DPI, round(8.5 * DPI)), 250, np.uint8), BARS[kind], length, scale, margin, wide)


def with_bars(
    page: Image, bars: str, length: float = 6.0, scale: float = 1.0, margin: float = 0.4, wide: float = 2.5
) -> Image:
    unit, top = 0.08 * DPI * scale, margin * DPI
    left = round((page.shape[1] - length * DPI) / 2)
    page = page.copy()
    for bar in bars:
        high = unit * (wide if bar == "W" else 1)
        page[round(top) : round(top + high), left : left + round(length * DPI)] = 10
        top += high + unit
    return page


def _found(page: Image, dpi: int = DPI) -> list[str]:
    return [code.text for code in find_patches(place(page, (dpi, dpi)).sketch)]


def _read(page: Image, number: int = 1) -> OcrPage:
    read = read_page(saved([page], "PNG"), Kind.PNG, 1, WORDS_ONLY).page
    return replace(read, number=number)


@pytest.mark.parametrize("kind", BARS)
def test_each_code_is_told_by_its_bars(kind: str) -> None:
    assert _found(sheet(kind)) == [f"PATCH {kind}"]


@pytest.mark.parametrize("lies", [90, 180, 270])
@pytest.mark.parametrize("kind", ["2", "3", "T", "1"])
def test_it_is_read_from_the_edge_inwards_however_the_sheet_lies(kind: str, lies: int) -> None:
    assert _found(turned(sheet(kind), lies)) == [f"PATCH {kind}"]


@pytest.mark.parametrize(
    ("change", "value"),
    [("length", 0.8), ("length", 2.0), ("length", 8.0), ("scale", 0.85), ("scale", 1.1), ("margin", 0.25), ("margin", 3.0), ("wide", 3.0)],
)  # fmt: skip
def test_sheets_printed_larger_smaller_or_shorter_are_read(change: str, value: float) -> None:
    assert _found(sheet("T", **{change: value})) == ["PATCH T"]


@pytest.mark.parametrize("damage", ["office", "skewed", "faded", "150dpi", "turned", "speckled"])
def test_a_sheet_is_found_however_it_was_scanned(damage: str) -> None:
    page = cv2.resize(sheet("2"), None, fx=1.5, fy=1.5, interpolation=cv2.INTER_AREA)
    scanned = scanner.by_name(damage).apply(page, random.Random(7))
    assert _found(scanned, 150 if damage == "150dpi" else 300) == ["PATCH 2"]


def test_a_code_at_every_edge_is_found_four_times() -> None:
    page = sheet("T", length=4.0)
    for _ in range(3):
        page = np.minimum(page, cv2.resize(turned(page, 90), (page.shape[1], page.shape[0])))
    assert set(_found(page)) == {"PATCH T"}
    assert len(_found(page)) == 4


@pytest.mark.parametrize(
    "bars",
    ["NNNN", "WWWW", "WNN", "NNW", "WNNWN", "NWNWNWNWN", "WWWN", "NNNW"],
    ids=["four rules", "redactions", "three", "three again", "five", "a large barcode", "three wide", "one wide"],
)
def test_other_bars_are_no_patch_code(bars: str) -> None:
    assert _found(with_bars(sheet("2", length=0.0), bars)) == []


def _tables() -> Image:
    page = printed(LINES)
    for i in range(9):
        cv2.rectangle(page, (120, 900 + 60 * i), (1500, 960 + 60 * i), 0, 2 + 3 * (i % 3))
    return page


def _black_edge_and_holes() -> Image:
    page = printed(LINES)
    page[:, :40] = 5
    for y in (400, 1100, 1800):
        cv2.circle(page, (120, y), 28, 0, -1)
    return page


def _headings_in_bands() -> Image:
    page = printed(LINES)
    for i, high in enumerate((16, 40, 16, 40)):  # as high as bars, further apart
        page[900 + 120 * i : 900 + 120 * i + high, 120:1500] = 0
    return page


def _short_bars() -> Image:
    return sheet("T", length=0.4)


def _beside_text() -> Image:
    page = sheet("T", margin=1.0)
    page[round(0.90 * DPI) : round(0.94 * DPI)] = 0  # a rule right above, one right below: a table, no code
    page[round(1.87 * DPI) : round(1.91 * DPI)] = 0
    return page


@pytest.mark.parametrize("draw", [_tables, _black_edge_and_holes, _headings_in_bands, _short_bars, _beside_text])
def test_an_ordinary_page_has_no_patch_code(draw) -> None:  # type: ignore[no-untyped-def]
    assert _found(draw()) == []


def test_the_page_says_where_its_bars_are() -> None:
    codes = _read(sheet("3")).barcodes
    assert [(code.kind, code.text) for code in codes] == [(KIND, "PATCH 3")]
    box = codes[0].box
    assert abs(box.top - 0.4 * DPI) < 8
    assert abs(box.width - 6 * DPI) < 60


@pytest.mark.parametrize("kind", ["2", "3", "T"])
def test_a_sheet_with_bars_and_instructions_separates(kind: str) -> None:
    instructions = [
        f"PATCH {kind}", "Document separator. Place this sheet", "before the first page of each document.",
        "Do not write on the bars. Print unscaled", "on white paper. Replace the sheet when", "it is creased, dirty or torn.",
    ]  # fmt: skip
    page = np.minimum(sheet(kind), np.roll(printed(instructions, scale=1.2), 250, axis=0))
    split = split_pages([_read(printed(LINES), 1), _read(page, 2), _read(printed(LINES), 3)], Profile())
    assert split.separators == (2,)
    assert [[facts.page.number for facts in stack.facts] for stack in split.stacks] == [[1], [3]]


def test_bars_on_a_chart_page_are_a_doubt_and_the_page_stays() -> None:
    chart = with_bars(np.roll(printed(LINES), 300, axis=0), BARS["T"])
    split = split_pages([_read(printed(LINES), 1), _read(chart, 2)], Profile())
    assert split.separators == ()
    assert [facts.page.number for stack in split.stacks for facts in stack.facts] == [1, 2]
    assert "patch_code_on_page_2" in [str(doubt) for stack in split.stacks for doubt in stack.doubts]


def test_ordinary_pages_of_the_shared_set_have_no_patch_code(shared_data: Path) -> None:
    assert _codes_of(shared_data / "real-forms") == []


def test_ordinary_drawn_pages_have_no_patch_code() -> None:
    assert _codes_of(DRAWN_DATA / "scans") == []


def _codes_of(folder: Path) -> list[Barcode]:
    found: list[Barcode] = []
    pictures = sorted(folder.glob("*.png"))
    assert pictures
    for picture in pictures:
        grey = cv2.imread(str(picture), cv2.IMREAD_GRAYSCALE)
        found += find_patches(place(grey, (0, 0)).sketch)
    return found
