"""Paper as it comes from scanners and fax machines, read from the file to the words: separator sheets, stored orientations, forms."""

import io
import random

import pytest
from PIL import Image as Pillow
from PIL import TiffImagePlugin

from benchmarks.damage import by_name
from benchmarks.errors import count_errors
from benchmarks.sheets import draw_sheet, scanned_png
from classify.separators import find_separator, make_payload
from ingest.demo import paper, scanner
from ocr.imaging import Image, cv2, to_grey
from ocr.load import load_page
from ocr.page import MarkKind, MarkState, OcrPage
from ocr.read import WORDS_ONLY, read_page
from ocr.signature import Kind
from tests.given.paper import LINES, printed, saved

PAGE = printed(LINES)


def _at_300_dpi(page: Image) -> bytes:
    out = io.BytesIO()
    Pillow.fromarray(page).save(out, "PNG", dpi=(300, 300))
    return out.getvalue()


@pytest.mark.parametrize("damage", ["clean", "office", "skewed", "faded", "150dpi", "turned", "speckled"])
def test_a_sheet_is_read_however_it_was_scanned(damage: str) -> None:
    payload = make_payload("P", "00123456", "V240088")
    sheet = paper.render(paper.draw_separator("Patient separator", ["MRN 00123456"], payload))[0]
    scanned = scanner.by_name(damage).apply(sheet, random.Random(3))
    page = read_page(saved([scanned], "PNG"), Kind.PNG, 1, WORDS_ONLY).page
    separator = find_separator(page)
    assert separator is not None
    assert separator.values == ("00123456", "V240088")


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("packing", ["group4", "tiff_lzw"])
def test_a_fax_is_read_whatever_its_orientation_tag_and_resolutions(orientation: int, packing: str) -> None:
    """Half as many rows as columns an inch, stored turned or mirrored as the tag says (TIFF 6.0, Orientation)."""
    back = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # the transposition that makes the stored from the upright page
    bits = Pillow.fromarray(cv2.resize(PAGE, None, fx=1.02, fy=0.49, interpolation=cv2.INTER_AREA)).convert("L")
    dpi = (204, 98)
    if orientation > 4:  # the scanner's rows were columns of the paper
        bits, dpi = Pillow.fromarray(cv2.resize(PAGE, None, fx=0.49, fy=1.02, interpolation=cv2.INTER_AREA)), (204, 98)
    stored = bits if orientation == 1 else bits.transpose(Pillow.Transpose(back[orientation]))
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[274] = orientation
    out = io.BytesIO()
    stored.point([255 * (v > 150) for v in range(256)], "1").save(
        out, "TIFF", compression=packing, dpi=dpi, tiffinfo=tags
    )
    raw = load_page(out.getvalue(), Kind.TIFF, 1)
    across, down = raw.dpi
    assert (across > down) is (orientation <= 4)
    shape = raw.image.shape[1] / across, raw.image.shape[0] / down
    assert shape == pytest.approx((8.5, 11), rel=0.03)
    assert "00123456" in read_page(out.getvalue(), Kind.TIFF, 1).page.text


def test_words_on_ruled_paper_are_read() -> None:
    sheet = draw_sheet("note", "Helvetica", 4)
    png = scanned_png(sheet, by_name("ruled"), 4)
    page = read_page(png, Kind.PNG, 1, WORDS_ONLY).page
    assert "rules" in page.recipe
    assert count_errors([word.text for word in sheet.words], page.text.split()).word_error < 0.08


@pytest.mark.parametrize("font", ["Helvetica", "Times-Roman"])
def test_every_tick_box_of_a_form_is_found_and_its_labels_are_read(font: str) -> None:
    sheet = draw_sheet("form", font, 6)
    page: OcrPage = read_page(_at_300_dpi(to_grey(sheet.image)), Kind.PNG, 1, WORDS_ONLY).page
    boxes = [mark for mark in page.marks if mark.kind is MarkKind.TICK_BOX]
    assert len(boxes) == 15
    assert {mark.state for mark in boxes} == {MarkState.EMPTY}
    words = [word.text for word in page.words]
    assert words.count("Yes") == words.count("No") == words.count("Unknown") == 5
    assert not [word for word in words if set(word) <= set("[]|()")]
