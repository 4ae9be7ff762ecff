"""Small barcodes on whole pages: those that the sketch is too coarse for, and what only looks like one."""

import numpy as np
import pytest
import zxingcpp

from ocr.barcodes import pixels_a_module
from ocr.clean.geometry import place
from ocr.codeplaces import find_codes
from ocr.imaging import Image, cv2
from ocr.page import Barcode, Box

_FORMAT = zxingcpp.BarcodeFormat
LABEL = "00123456|RIVERA^ANA^M|19570314|F|V2400881"


def _sheet(dpi: int, skew: float = 0.0) -> Image:
    sheet = np.full((11 * dpi, int(8.5 * dpi)), 245, np.uint8)
    for row in range(30):
        line = "admitted with chest pain and shortness of breath, denies fever"
        where = (int(0.8 * dpi), int((2.2 + 0.25 * row) * dpi))
        cv2.putText(sheet, line, where, cv2.FONT_HERSHEY_SIMPLEX, 1.1 * dpi / 300, 30, max(1, dpi // 150), cv2.LINE_AA)
    return sheet


def _with_code(dpi: int, text: str, mils: float, kind: zxingcpp.BarcodeFormat, skew: float = 0.0) -> Image:
    """A page with a code whose narrowest module is this wide, a little blurred and grainy as scans are."""
    sheet = _sheet(dpi)
    drawn = np.array(zxingcpp.create_barcode(text, kind).to_image(scale=8, add_quiet_zones=True))
    factor = dpi * mils / 1000 / 8
    small = cv2.resize(drawn, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    top, left = int(0.5 * dpi), int(5.2 * dpi)
    sheet[top : top + small.shape[0], left : left + small.shape[1]] = np.minimum(245, small)
    high, wide = sheet.shape
    sheet = cv2.warpAffine(sheet, cv2.getRotationMatrix2D((wide / 2, high / 2), skew, 1), (wide, high), borderValue=245)
    sheet = cv2.GaussianBlur(sheet, (0, 0), 0.5 * dpi / 200)
    return np.clip(sheet + np.random.default_rng(3).normal(0, 5, sheet.shape), 0, 255).astype(np.uint8)


@pytest.mark.parametrize(
    ("dpi", "text", "mils", "kind"),
    [
        (300, LABEL, 10, _FORMAT.DataMatrix),
        (300, "00123456", 10, _FORMAT.DataMatrix),  # 12 modules: an eighth of an inch
        (200, LABEL, 12, _FORMAT.DataMatrix),
        (300, LABEL, 15, _FORMAT.DataMatrix),
        (300, LABEL, 10, _FORMAT.QRCode),
        (300, LABEL, 10, _FORMAT.Aztec),
        (300, LABEL * 3, 6.6, _FORMAT.PDF417),
        (300, "00123456", 9, _FORMAT.Code128),
        (300, "M00123456", 10, _FORMAT.Code39),
    ],
)
@pytest.mark.parametrize("skew", [0.0, 0.7])
def test_a_small_code_is_read_once_and_where_it_stands(
    dpi: int, text: str, mils: float, kind: zxingcpp.BarcodeFormat, skew: float
) -> None:
    (code,) = find_codes(place(_with_code(dpi, text, mils, kind, skew), (dpi, dpi)))
    assert code.text == text
    assert code.box.left == pytest.approx(5.3 * dpi, abs=0.2 * dpi)
    assert code.box.top == pytest.approx(0.6 * dpi, abs=0.2 * dpi)


def test_print_alone_gives_no_code() -> None:
    assert find_codes(place(_sheet(300), (300, 300))) == ()


@pytest.mark.parametrize(
    ("code", "pixels"),
    [
        (Barcode("Code128", "00123456", Box(0, 0, 154, 30)), 2.0),  # 77 modules
        (Barcode("Code 39", "A123", Box(0, 0, 30, 156)), 2.0),
        (Barcode("DataMatrix", "A123", Box(0, 0, 20, 20)), None),  # corrects its own errors
    ],
)
def test_the_width_of_a_bar_is_estimated(code: Barcode, pixels: float | None) -> None:
    assert pixels_a_module(code) == pixels
