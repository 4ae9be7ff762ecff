"""Whether all of a TIFF is there, tried with every kind of TIFF cut at every place that matters."""

import io
import os
import struct
from pathlib import Path

import pytest
from PIL import Image

from ocr.formats.tiffend import has_all


def _tiff(pages: int = 2, **options: object) -> bytes:
    images = [Image.new("L", (400, 300), 255 - number) for number in range(pages)]
    for number, image in enumerate(images):
        image.paste(number * 40, (10, 10, 200, 200))
    out = io.BytesIO()
    images[0].save(out, "TIFF", save_all=True, append_images=images[1:], **options)
    return out.getvalue()


KINDS = {
    "raw": {},
    "lzw": {"compression": "tiff_lzw"},
    "strips": {"compression": "raw", "strip_size": 4_000},
    "big": {"big_tiff": True},
    "jpeg": {"compression": "jpeg"},
}


def _has_all(tmp_path: Path, data: bytes) -> bool:
    (tmp_path / "scan.tif").write_bytes(data)
    handle = os.open(tmp_path / "scan.tif", os.O_RDONLY)
    try:
        return has_all(handle, len(data))
    finally:
        os.close(handle)


@pytest.mark.parametrize("kind", KINDS)
def test_a_whole_file_is_whole_and_none_that_lacks_what_it_speaks_of(tmp_path: Path, kind: str) -> None:
    whole = _tiff(**KINDS[kind])  # type: ignore[arg-type]
    assert _has_all(tmp_path, whole)
    assert _has_all(tmp_path, whole + b"\0" * 50)
    for length in {*range(0, len(whole) - 16, max(1, len(whole) // 60)), 7, 8, 9, len(whole) // 2}:
        assert not _has_all(tmp_path, whole[:length]), f"cut at {length} of {len(whole)}"


@pytest.mark.parametrize("order", ["<", ">"])
def test_either_order_of_bytes_and_a_head_whose_directory_is_not_written_yet(tmp_path: Path, order: str) -> None:
    head = (b"II" if order == "<" else b"MM") + struct.pack(order + "HI", 42, 8)
    entries = struct.pack(order + "HHII", 273, 4, 1, 38) + struct.pack(order + "HHII", 279, 4, 1, 10)
    whole = head + struct.pack(order + "H", 2) + entries + struct.pack(order + "I", 0) + b"x" * 10
    assert _has_all(tmp_path, whole)
    assert not _has_all(tmp_path, whole[:-1])
    assert not _has_all(tmp_path, head[:4] + bytes(4) + whole[8:])


def test_a_chain_in_a_circle_or_of_nonsense_has_no_end_to_wait_for(tmp_path: Path) -> None:
    circle = b"II" + struct.pack("<HI", 42, 8) + struct.pack("<HI", 0, 8)
    nonsense = b"II" + struct.pack("<HI", 42, 8) + b"\xff" * 60
    assert _has_all(tmp_path, circle)
    assert _has_all(tmp_path, nonsense)
