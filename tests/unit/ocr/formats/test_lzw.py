"""LZW, strictly: what a packer wrote is read to the letter, what none can have written is damage."""

import io
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image as Pillow
from PIL import TiffImagePlugin

from ocr.formats.lzw import unpack_lzw


def _packed(data: bytes) -> bytes:
    """These bytes as libtiff packs them: one strip of a TIFF, as wide as they are long."""
    file = io.BytesIO()
    Pillow.frombytes("L", (len(data), 1), data).save(file, "TIFF", compression="tiff_lzw", tiffinfo={278: 1})
    with Pillow.open(io.BytesIO(file.getvalue())) as picture:
        assert isinstance(picture, TiffImagePlugin.TiffImageFile)
        (at,), (size,) = picture.tag_v2[273], picture.tag_v2[279]
    return file.getvalue()[at : at + size]


@settings(max_examples=60, deadline=None)
@given(st.binary(min_size=1, max_size=4000))
def test_what_another_packer_wrote_is_read_to_the_letter(data: bytes) -> None:
    assert unpack_lzw(_packed(data)) == (data, True)


def test_a_table_that_is_full_is_read() -> None:
    """A packer clears its table before 4,096 entries; random bytes fill it some ten times here."""
    data = random.Random(1).randbytes(60_000)
    assert unpack_lzw(_packed(data)) == (data, True)


def test_the_specification_s_own_example() -> None:
    """ISO 32000-1, 7.4.4.2: 45 45 45 45 45 65 45 45 45 66."""
    packed = bytes.fromhex("800B6050220C0C8501")
    assert unpack_lzw(packed) == (bytes([45, 45, 45, 45, 45, 65, 45, 45, 45, 66]), True)


def test_codes_that_grow_when_they_must_need_early_change_0() -> None:
    """257 different pairs take the table over 512 entries: written with codes that grow late."""
    data = bytes(value for first in range(0, 256, 2) for value in (first, 255 - first)) * 3
    assert unpack_lzw(_pack(data, early=0), early=0) == (data, True)
    assert unpack_lzw(_pack(data, early=1), early=1) == (data, True)
    assert unpack_lzw(_pack(data, early=0), early=1) != (data, True)


@pytest.mark.parametrize(
    ("packed", "why"),
    [
        (bytes.fromhex("800B60502F"), "a code that is in no table yet"),
        (bytes.fromhex("807FFF"), "the first code behind a cleared table is a byte"),
        (bytes.fromhex("800B6050220C0C"), "no end code"),
        (b"", "nothing at all"),
    ],
)
def test_what_no_packer_writes_is_not_whole(packed: bytes, why: str) -> None:
    assert not unpack_lzw(packed)[1], why


def test_it_stops_where_enough_was_unpacked() -> None:
    data, is_whole = unpack_lzw(_packed(bytes(1_000_000)), most=10_000)
    assert (len(data) < 20_000, is_whole) == (True, False)


def _pack(data: bytes, early: int) -> bytes:
    """A packer by the book, for both ways of growing."""
    table = {bytes([value]): value for value in range(256)}
    codes, width, before = [(256, 9)], 9, b""
    size = 258
    for byte in data:
        longer = before + bytes([byte])
        if longer in table:
            before = longer
            continue
        codes.append((table[before], width))
        table[longer], size = size, size + 1
        if size + early > 1 << width:
            width += 1
        before = bytes([byte])
    codes += [(table[before], width), (257, width + (size + 1 + early > 1 << width))]
    bits = "".join(f"{code:0{wide}b}" for code, wide in codes)
    return int(bits.ljust(-(-len(bits) // 8) * 8, "0"), 2).to_bytes(-(-len(bits) // 8), "big")
