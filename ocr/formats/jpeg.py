"""JPEG pictures: is all of the picture there? (The only file that knows simplejpeg.)

libjpeg fills what is missing with grey, warns, and goes on; Pillow hears no warning. simplejpeg makes errors of them.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
from PIL import Image as Pillow

from ocr.formats.gap import Gap, rows_there

_FEW_ODD_BYTES = 16
"""Bytes before a marker that mean nothing; after a height that is too small whole rows of them are left over."""

_COARSE = 5
"""Highest coefficient of the scan up to which a progressive picture must be whole: what follows is finer than letters."""

_END = 0xD9

_FRAMES = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})


def find_jpeg_gap(data: bytes, *, is_again: bool = False) -> Gap | None:
    """What is missing of a JPEG picture, or None when it is all there.

    A progressive picture (ITU-T T.81 annex G) whose finest scans alone are cut is all there, only coarser.
    """
    if not _tables_are_sound(data):
        return Gap("its code tables are damaged")
    if not _warning_of(data):
        return None
    bare = _without_applications(data)
    warning = _warning_of(bare)
    return _gap_of(bare, warning, is_again=is_again) if warning else None


def _warning_of(data: bytes) -> str:
    """What libjpeg says against a picture; empty when nothing."""
    import simplejpeg

    try:
        simplejpeg.decode_jpeg(data, "GRAY", fastdct=True, fastupsample=True, min_factor=8)
    except ValueError as error:
        return str(error) or "damaged"
    return ""


def _without_applications(data: bytes) -> bytes:
    """The picture without what programs say about it: libjpeg warns of an odd version, profile or colour code, too."""
    kept, at = [data[:2]], 2
    while at + 4 <= len(data) and data[at] == 0xFF and (0xE0 <= data[at + 1] <= 0xEF or data[at + 1] in (0xFE, 0xFF)):
        if data[at + 1] == 0xFF:  # a fill byte
            at += 1
            continue
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return b"".join((*kept, data[at:]))


def _gap_of(data: bytes, warning: str, *, is_again: bool) -> Gap | None:
    odd = re.search(r"(\d+) extraneous bytes before marker 0xd9", warning)
    end = data.rfind(b"\xff\xd9")
    if odd and int(odd[1]) <= _FEW_ODD_BYTES and not is_again:
        return find_jpeg_gap(data[: end - int(odd[1])] + data[end:], is_again=True)  # they may hide another warning
    if "subsampling" in warning or "precision" in warning or "nsupported" in warning:
        return None  # libjpeg-turbo's short interface does not take it; whoever decodes it says what it is worth
    if _is_progressive(data) and not odd and _coarse_scans_are_whole(data):
        return Gap("its finest part is missing", is_coarse=True)
    if odd:
        return Gap("more of it is in the file than its size says")
    grey = _as_far_as_it_goes(data)
    share = rows_there(grey) if grey is not None else None
    if share is not None and share > 0.99:
        return Gap("part of it is damaged")
    return Gap("it ends early", share)


def _as_far_as_it_goes(data: bytes) -> "np.ndarray[tuple[int, int], np.dtype[np.uint8]] | None":
    import simplejpeg

    try:
        return np.asarray(simplejpeg.decode_jpeg(data, "GRAY", strict=False))[:, :, 0]
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class _Scan:
    """The head of one scan: components, first and last coefficient, and the bit it refines (0: none)."""

    components: tuple[int, ...]
    first: int
    last: int
    refines: int


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Marker and content of each segment up to the end code; the compressed data between them is passed over.

    What cameras and scanners put behind the picture (another picture, a film) is no part of it.
    """
    at = 2
    while 0 <= (at := data.find(b"\xff", at)) < len(data) - 3:
        marker = data[at + 1]
        if marker == _END:
            return
        if marker in (0x00, 0xFF) or 0xD0 <= marker <= 0xD9:
            at += 1 if marker == 0xFF else 2
            continue
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        yield marker, data[at + 4 : at + 2 + length]
        at += 2 + max(length, 2)


def _tables_are_sound(data: bytes) -> bool:
    """Whether code tables and quantisation tables may be what an encoder wrote: a JPEG has no checksum, and another
    table decodes to another picture without an error."""
    seen: set[int] = set()
    for marker, content in _segments(data):
        seen.add(marker)
        if marker == 0xC4 and not _codes_are_sound(content):
            return False
        if marker == 0xDB and not _steps_are_sound(content):
            return False
    return 0xDA in seen and not seen.isdisjoint(_FRAMES)


def _codes_are_sound(content: bytes) -> bool:
    """Code tables (T.81 §B.2.4.2): every symbol once, and only those that there are."""
    at = 0
    while at + 17 <= len(content):
        kind, counts = content[at] >> 4, content[at + 1 : at + 17]
        symbols = content[at + 17 : at + 17 + sum(counts)]
        if len(symbols) < sum(counts) or len(set(symbols)) < len(symbols):
            return False
        if kind == 0 and any(symbol > 15 for symbol in symbols):
            return False
        near = [table for lengths, table in _standard_codes() if lengths == counts]
        if any(0 < sum(a != b for a, b in zip(table, symbols, strict=True)) <= _FEW_CHANGES for table in near):
            return False
        at += 17 + sum(counts)
    return True


_FEW_CHANGES = 2
"""Entries by which a damaged table differs from a known one with the same lengths of codes; an encoder that makes its own
table has other lengths."""


@cache
def _standard_codes() -> tuple[tuple[bytes, bytes], ...]:
    """How many codes there are of each length, and the symbols, of the code tables that most encoders use (T.81 annex K.3), taken from a picture that Pillow writes."""
    out = io.BytesIO()
    Pillow.new("RGB", (16, 16)).save(out, "JPEG")
    found = []
    for marker, content in _segments(out.getvalue()):
        at = 0
        while marker == 0xC4 and at + 17 <= len(content):
            lengths = content[at + 1 : at + 17]
            count = sum(lengths)
            found.append((lengths, content[at + 17 : at + 17 + count]))
            at += 17 + count
    return tuple(found)


def _steps_are_sound(content: bytes) -> bool:
    """Quantisation tables (T.81 §B.2.4.1): no step of zero, and none that stands out from both its neighbours.

    Every encoder's steps grow smoothly with the frequency; those of the Independent JPEG Group by 1.6 at the most.
    """
    at = 0
    while at < len(content):
        wide = 2 if content[at] >> 4 else 1
        raw = content[at + 1 : at + 1 + 64 * wide]
        if len(raw) < 64 * wide:
            return False
        steps = [int.from_bytes(raw[i : i + wide], "big") for i in range(0, len(raw), wide)]
        around = zip([steps[1], *steps[:-1]], steps, [*steps[1:], steps[-2]], strict=True)
        nearest = (_standard_steps() != np.array(steps)).sum(axis=1).min()
        if (
            0 < nearest <= _FEW_CHANGES
            or 0 in steps
            or any(_stands_out(before, step, after) for before, step, after in around)
        ):
            return False
        at += 1 + 64 * wide
    return True


@cache
def _standard_steps() -> "np.ndarray[tuple[int, int], np.dtype[np.int64]]":
    """The quantisation tables of every quality of the Independent JPEG Group, which most encoders use (T.81 annex K.1)."""
    out = io.BytesIO()
    Pillow.new("RGB", (16, 16)).save(out, "JPEG", quality=50)
    content = b"".join(content for marker, content in _segments(out.getvalue()) if marker == 0xDB)
    bases = np.array([list(content[at + 1 : at + 65]) for at in range(0, len(content), 65)], np.int64)
    scales = [5000 // quality if quality < 50 else 200 - 2 * quality for quality in range(1, 101)]
    return np.concatenate([np.clip((bases * scale + 50) // 100, 1, 255) for scale in scales])


def _stands_out(before: int, step: int, after: int) -> bool:
    most, least = max(before, after), min(before, after)
    return (step > 3 * most and step > most + 8) or (3 * step < least and step + 8 < least)


def _is_progressive(data: bytes) -> bool:
    return next((marker for marker, _ in _segments(data) if marker in _FRAMES), 0) in (0xC2, 0xCA)


def _coarse_scans_are_whole(data: bytes) -> bool:
    """Whether every component has its first scans up to coefficient 5, and another scan behind them."""
    components: set[int] = set()
    scans = []
    for marker, content in _segments(data):
        if marker in _FRAMES and len(content) > 6:
            components = {content[6 + 3 * i] for i in range(content[5]) if 6 + 3 * i < len(content)}
        if marker == 0xDA and content and len(content) >= 4 + 2 * content[0]:
            count = content[0]
            first, last, bits = content[1 + 2 * count : 4 + 2 * count]
            scans.append(_Scan(tuple(content[1 + 2 * i] for i in range(count)), first, last, bits >> 4))
    whole = scans[:-1]  # the last one is where the data ends
    return bool(components) and all(
        any(component in scan.components and scan.first == 0 for scan in whole)
        and any(component in scan.components and scan.first == 1 and scan.last >= _COARSE for scan in whole)
        for component in components
    )


def merged_with_tables(tables: bytes, strip: bytes) -> bytes:
    """A JPEG of its own from the abbreviated stream of one TIFF strip and the tables of its page (TIFF TechNote 2)."""
    return tables[:-2] + strip[2:] if tables[:2] == b"\xff\xd8" and tables[-2:] == b"\xff\xd9" else strip


def size_of(data: bytes) -> tuple[int, int] | None:
    """Width and height that a JPEG tells of itself (its frame header), or None where it tells neither."""
    for marker, content in _segments(data):
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC) and len(content) >= 5:
            high, wide = int.from_bytes(content[1:3], "big"), int.from_bytes(content[3:5], "big")
            return (wide, high) if wide and high else None
    return None
