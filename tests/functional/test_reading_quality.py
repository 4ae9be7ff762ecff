"""How well drawn pages are read: never worse than plain Tesseract on clean ones, better on damaged, and what that is worth."""

import io

import numpy as np
import pytest
from PIL import Image as Pillow

from benchmarks.damage import by_name
from benchmarks.errors import Errors, count_errors
from benchmarks.sheets import LAYOUTS, Sheet, draw_sheet, scanned_png
from ocr import quality
from ocr.page import OcrPage, PageOutcome
from ocr.read import WORDS_ONLY, read_page
from ocr.signature import Kind
from ocr.tesseract import open_engine
from tests.given.paper import saved, side_with


def _read(sheet: Sheet, damage: str) -> OcrPage:
    return read_page(scanned_png(sheet, by_name(damage), 3), Kind.PNG, 1, WORDS_ONLY).page


def _errors(sheet: Sheet, page: OcrPage) -> Errors:
    return count_errors([word.text for word in sheet.words], page.text.split())


def _raw_errors(sheet: Sheet, damage: str) -> Errors:
    with Pillow.open(io.BytesIO(scanned_png(sheet, by_name(damage), 3))) as picture:
        words = open_engine().read(np.asarray(picture.convert("L")), round(picture.info["dpi"][0]))
    return count_errors([word.text for word in sheet.words], [word.text for word in words])


def test_clean_pages_are_read_no_worse_than_by_plain_tesseract() -> None:
    ours, raw = Errors(), Errors()
    for layout in LAYOUTS:
        sheet = draw_sheet(layout, "Times-Roman", 21)
        ours += _errors(sheet, _read(sheet, "clean"))
        raw += _raw_errors(sheet, "clean")
    assert ours.word_error <= raw.word_error
    assert ours.recall >= raw.recall - 0.002


@pytest.mark.parametrize("damage", ["shadow", "speckle", "100 dpi", "fax coarse", "dirt"])
def test_damaged_pages_are_read_better(damage: str) -> None:
    sheet = draw_sheet("note", "Helvetica", 22)
    ours, raw = _errors(sheet, _read(sheet, damage)), _raw_errors(sheet, damage)
    assert ours.character_error < 0.6 * raw.character_error


def test_a_column_that_layout_analysis_dropped_is_found_again() -> None:
    sheet = draw_sheet("columns", "Helvetica", 1)
    page = read_page(scanned_png(sheet, by_name("motion"), 1), Kind.PNG, 1, WORDS_ONLY).page
    assert "sparse" in page.recipe
    assert _errors(sheet, page).recall > 0.9


def test_what_confidence_says_comes_true_on_pages_it_was_not_fitted_on() -> None:
    said, right = [], []
    for damage in ("office", "low form", "fax coarse"):
        for layout in ("labs", "claim", "note"):
            sheet = draw_sheet(layout, "Vera", 31)
            wanted = [word.text for word in sheet.words]
            for word in sorted(_read(sheet, damage).words, key=lambda word: -word.confidence):
                said.append(word.confidence)
                right.append(word.text in wanted)
                if right[-1]:
                    wanted.remove(word.text)
    assert abs(np.mean(said) - np.mean(right)) < 0.05
    doubtful = np.array(said) < 0.6
    assert np.mean(np.array(right)[doubtful]) < 0.75 < np.mean(np.array(right)[~doubtful])


def test_a_bad_scan_is_worth_a_rescan_and_says_why() -> None:
    sheet = draw_sheet("labs", "Times-Roman", 5)
    good = _read(sheet, "office")
    assert good.quality > 0.9
    assert good.reason == ""
    tiny = read_page(_shrunk(sheet, 45), Kind.PNG, 1, WORDS_ONLY).page
    assert tiny.quality < quality.NEEDS_RESCAN
    assert "low resolution" in tiny.weaknesses
    assert tiny.reason.startswith("Rescan suggested")


def _shrunk(sheet: Sheet, dpi: int) -> bytes:
    out = io.BytesIO()
    size = (round(8.5 * dpi), 11 * dpi)
    Pillow.fromarray(sheet.image).resize(size, Pillow.Resampling.BOX).save(out, "PNG", dpi=(dpi, dpi))
    return out.getvalue()


def test_a_frugal_reading_asks_for_less() -> None:
    sheet = draw_sheet("note", "Helvetica", 2)
    png = scanned_png(sheet, by_name("office"), 1)
    page = read_page(png, Kind.PNG, 1, WORDS_ONLY, is_frugal=True).page
    assert "frugal" in page.recipe
    assert _errors(sheet, page).recall > 0.9


def test_a_short_line_on_grainy_paper_is_a_page_of_the_document() -> None:
    read = read_page(saved([side_with("NKDA", 0.9)], "PNG"), Kind.PNG, 1).page
    assert read.outcome is not PageOutcome.BLANK
    assert 0 < read.ink_share < 0.0004
