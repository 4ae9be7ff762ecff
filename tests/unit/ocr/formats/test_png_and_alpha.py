"""PNG chunks with their checksums, and transparency that masks something or nothing."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image as Pillow

from ocr.errors import DamagedFile, IncompleteFile
from ocr.formats.alpha import without_alpha
from ocr.formats.png import picture_of
from ocr.load import load_page, open_file
from ocr.signature import Kind
from tests.given.paper import LINES, printed, saved

PAGE = printed(LINES)
PNG = saved([PAGE], "PNG")


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _with(*chunks: bytes) -> bytes:
    return PNG[:33] + b"".join(chunks) + PNG[33:]


@pytest.mark.parametrize(
    "chunk",
    [
        _chunk(b"iCCP", b"profile\0\0" + zlib.compress(bytes(5_000_000))),
        _chunk(b"tEXt", b"Comment\0" + b"x" * 3_000_000),
        _chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"y" * 80_000_000)),
        _chunk(b"iTXt", b"Comment\0\1\0\0\0" + zlib.compress(b"z" * 80_000_000)),
        _chunk(b"prVt", bytes(2_000_000)),
    ],
    ids=["colour profile", "comment", "packed comment", "international comment", "private"],
)
def test_chunks_that_are_no_picture_keep_no_page_from_being_read(chunk: bytes) -> None:
    data = _with(chunk)
    assert open_file(data).kind is Kind.PNG
    assert np.array_equal(load_page(data, Kind.PNG, 1).image, PAGE)


def test_a_wrong_checksum_of_the_picture_is_damage() -> None:
    at = PNG.index(b"IDAT") + 40
    with pytest.raises(DamagedFile):
        picture_of(PNG[:at] + bytes([PNG[at] ^ 1]) + PNG[at + 1 :])
    with pytest.raises(IncompleteFile):
        picture_of(PNG[:-20])


def _rgba(grey: np.ndarray, alpha: np.ndarray) -> Pillow.Image:
    return Pillow.merge("RGBA", [Pillow.fromarray(grey)] * 3 + [Pillow.fromarray(alpha)])


@pytest.mark.parametrize("level", [0, 255])
def test_an_alpha_channel_of_one_value_masks_nothing(level: int) -> None:
    flat = without_alpha(_rgba(PAGE, np.full_like(PAGE, level)))
    assert np.array_equal(np.asarray(flat.convert("L")), PAGE)


def test_a_mask_that_holds_the_letters_is_obeyed() -> None:
    """Letters that are black everywhere and visible through their mask only."""
    flat = without_alpha(_rgba(np.zeros_like(PAGE), 255 - PAGE))
    assert abs(np.asarray(flat.convert("L")).astype(int) - PAGE).max() <= 1


def test_what_a_mask_hides_beside_visible_letters_stays_hidden() -> None:
    alpha = np.full_like(PAGE, 255)
    alpha[600:] = 0
    grey = PAGE.copy()
    grey[600:] = np.random.default_rng(1).integers(0, 255, grey[600:].shape)
    flat = np.asarray(without_alpha(_rgba(grey, alpha)).convert("L"))
    assert (flat[600:] == 255).all()
    assert np.array_equal(flat[:600], PAGE[:600])


def test_a_tiff_with_a_fourth_channel_of_zeros_is_read() -> None:
    out = io.BytesIO()
    _rgba(PAGE, np.zeros_like(PAGE)).save(out, "TIFF")
    assert np.array_equal(load_page(out.getvalue(), Kind.TIFF, 1).image, PAGE)
