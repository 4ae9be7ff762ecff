"""Separator sheets as paper: drawn, scanned badly, read back."""

from pathlib import Path

import numpy as np
from PIL import Image as Pillow

from ocr.barcodes import find_barcodes
from tests.conftest import DRAWN_DATA


def test_barcodes_of_the_real_set_are_read_right(shared_data: Path) -> None:
    """Every code that is read says what its text file says; none is invented."""
    folders = [
        d
        for d in (shared_data / "barcodes").iterdir()
        if d.name.startswith(("code128", "code39", "qrcode", "datamatrix", "pdf417"))
    ]
    read, wrong = _read_codes([path for folder in folders for path in folder.glob("*.png")])
    assert read >= 60
    assert wrong == 0


def test_a_drawn_code_of_every_kind_is_read_right() -> None:
    pictures = list((DRAWN_DATA / "barcodes").glob("*.png"))
    assert _read_codes(pictures) == (len(pictures), 0)
    assert len(pictures) == 5


def _read_codes(pictures: list[Path]) -> tuple[int, int]:
    """How many codes are read, and how many of them say something else than their text file."""
    read = wrong = 0
    for picture in sorted(pictures):
        expected = picture.with_suffix(".txt")
        if not expected.exists():
            continue
        grey = np.array(Pillow.open(picture).convert("L"))
        for code in find_barcodes(grey):
            read += 1
            said = "".join(code.text.split())
            wrong += said not in "".join(expected.read_text(encoding="utf-8", errors="replace").split())
    return read, wrong
