"""Pictures and page descriptions inside a PDF: is all of each there? (ISO 32000-1 §7.4, §8.9)

pdfium shows what it can and leaves out the rest without a word: a picture that does not decode, one that is not in the
file, a description that does not unpack. Here each is looked at by itself.
"""

import contextlib
import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from PIL import Image as Pillow

from ocr.formats import jpx
from ocr.formats.fax import count_rows
from ocr.formats.gap import Gap
from ocr.formats.jbig2 import find_jbig2_gap
from ocr.formats.jpeg import find_jpeg_gap
from ocr.formats.lzw import unpack_lzw

_MOST_IMAGES = 500
"""Pictures of one page that are looked at; a scan cut into strips has some dozens."""

_MOST_DEPTH = 6
_MOST_UNPACKED = 64_000_000
"""Bytes of a page description that are unpacked; behind them it is not looked at."""

_LARGEST = 1 << 29
"""Bytes of one unpacked picture; 80 million pixels in colour are 240 million."""

_MANY_ROWS = 100
"""Rows of a picture of which the last may lack some bytes: programs count the length of a stream one short or two."""

_LITTLE = 600
"""Bytes of a packed picture that may be a blank side; a picture with a line of print has more."""

_SMALL = (600, 800)
SHOWS = 60
"""Spread of grey levels from which there is something on a picture."""

_NAMED = rb"/([^\s/<>\[\]()%{}]+)\s+"
_DRAWS = re.compile(_NAMED + rb"Do\b")
_FILLS = re.compile(_NAMED + rb"(?:scn|SCN)\b")
_HIDDEN = 0b10  # annotation flag: shown nowhere
_MISSING = Gap("a picture that belongs on it is not in the file")
_UNPACKED = Gap("its description in the file is damaged")


class Undecodable(Exception):
    """A stream that does not unpack."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page draws: its pictures, and what is not all there."""

    images: tuple[Any, ...]
    gap: Gap | None
    draws_inline: bool  # pictures that stand in the description itself


def what_shows(pikepdf: Any, page: Any) -> Shown:
    """Pictures that a page (pikepdf's Page) draws, forms within forms looked through, and the first thing that is not whole."""
    images: list[Any] = []
    gaps: list[Gap] = []
    content, is_whole = content_of(pikepdf, page.obj.get("/Contents"))
    if not is_whole:
        gaps.append(_UNPACKED)
    _look_through(pikepdf, content, page.obj.get("/Resources") or page.resources, images, gaps, set(), 0)
    for look in _appearances(pikepdf, page):
        inner, _ = content_of(pikepdf, look)
        _look_through(pikepdf, inner, look.get("/Resources") or page.resources, images, [], set(), 1)
    seen: set[tuple[int, int]] = set()
    for image in images:
        if image.objgen not in seen and (gap := find_image_gap(pikepdf, image)) is not None:
            gaps.append(gap)
        seen.add(image.objgen)
    return Shown(tuple(images), next(iter(gaps), None), b"\nID" in content or b" ID" in content)


def _appearances(pikepdf: Any, page: Any) -> Iterator[Any]:
    """How stamps and the like look (ISO 32000-1 §12.5.5): some hold a whole scan. What they lack besides is no part of the page."""
    listed = page.obj.get("/Annots")
    for annotation in list(listed)[:_MOST_IMAGES] if isinstance(listed, pikepdf.Array) else ():
        if not isinstance(annotation, pikepdf.Dictionary) or _number(annotation.get("/F")) & _HIDDEN:
            continue
        looks = annotation.get("/AP")
        look = looks.get("/N") if isinstance(looks, pikepdf.Dictionary) else None
        if isinstance(look, pikepdf.Dictionary) and not isinstance(look, pikepdf.Stream):
            look = look.get(str(annotation.get("/AS", "/Off")))
        if isinstance(look, pikepdf.Stream):
            yield look


def is_unseen(pikepdf: Any, image: Any, page_spread: int) -> bool:
    """Whether a picture has far more on it than its page shows: not the specks, edges and punch holes of a blank side.

    One that cannot be looked at counts when it is too long for a blank side and its page shows nothing at all.
    """
    try:
        picture = pikepdf.PdfImage(image).as_pil_image()
        picture.draft("L", _SMALL)
        spread = spread_of(picture)
    except Exception:  # noqa: BLE001 - pikepdf and Pillow raise anything on what they do not know
        return page_spread <= SHOWS and len(image.read_raw_bytes()) > _LITTLE
    return spread > SHOWS and 2 * page_spread < spread


def spread_of(picture: Any) -> int:
    """Grey levels between the darkest and the lightest place of a picture, seen at 70 dots per inch."""
    grey = picture.convert("L")
    grey.thumbnail(_SMALL)
    low, high = grey.getextrema()
    return int(high - low)


def find_image_gap(pikepdf: Any, image: Any) -> Gap | None:
    """What is missing of one picture, or None when all of it is there or nobody here can say."""
    filters = _filters_of(pikepdf, image)
    width, height = _number(image.get("/Width")), _number(image.get("/Height"))
    if width < 1 or height < 1:
        return Gap("the size of its picture is missing")
    last = filters[-1][0] if filters else ""
    if "/ColorSpace" not in image and not image.get("/ImageMask") and last != "/JPXDecode":
        return Gap("its description in the file is damaged")
    if last != "/JPXDecode" and _samples(pikepdf, image) is None:
        return Gap("how its colours are kept is not told")
    try:
        if last in _CODECS:
            data, is_whole = _unpack(image.read_raw_bytes(), filters[:-1])
            gap = _CODECS[last](data, width, height, filters[-1][1])
            return gap or (None if is_whole else Gap("it ends early"))
        return _find_plain_gap(pikepdf, image, filters, width, height)
    except Undecodable:
        return Gap("its picture cannot be decoded")


def _find_plain_gap(pikepdf: Any, image: Any, filters: list[tuple[str, Any]], width: int, height: int) -> Gap | None:
    samples = _samples(pikepdf, image) or 1
    bits = 1 if image.get("/ImageMask") else _number(image.get("/BitsPerComponent"), 8)
    row = (width * samples * bits + 7) // 8
    parms = filters[-1][1] if filters else None
    if filters and _number((parms or {}).get("/Predictor"), 1) >= 10:
        row += 1  # PNG predictors put a byte before each row
    if row * height > _LARGEST:
        return None  # the renderer's own limits hold
    data, is_whole = _unpack(image.read_raw_bytes(), filters, row * (height + 2))
    there = len(data)
    if there < row * (height - (height >= _MANY_ROWS)):
        return Gap("it ends early", round(there / (row * height), 3))
    if any(name in _LZW for name, _ in filters):  # without a sum: one wrong code shifts all that follows
        return None if there == row * height else Gap("part of it is damaged")
    if not is_whole:
        return Gap("part of it is damaged")
    return Gap("more of it is in the file than its size says") if there >= row * (height + 1) + 16 else None


def _samples(pikepdf: Any, image: Any) -> int | None:
    """Values a pixel has, or None when the colour space is none that is known here."""
    if image.get("/ImageMask"):
        return 1
    space = image.get("/ColorSpace")
    if space is None:
        return None
    name = str(space[0]) if isinstance(space, pikepdf.Array) else str(space)
    if name == "/ICCBased":
        return _number(space[1].get("/N")) or None
    if name == "/DeviceN":
        return len(space[1])
    return _SAMPLES.get(name)


_SAMPLES = {
    "/DeviceGray": 1, "/CalGray": 1, "/G": 1, "/Indexed": 1, "/I": 1, "/Separation": 1,
    "/DeviceRGB": 3, "/CalRGB": 3, "/RGB": 3, "/Lab": 3, "/DeviceCMYK": 4, "/CMYK": 4, "/CalCMYK": 4,
}  # fmt: skip


def _dct_gap(data: bytes, width: int, height: int, _: Any) -> Gap | None:
    try:
        with Pillow.open(io.BytesIO(data), formats=("JPEG",)) as picture:
            size = picture.size
    except Exception as error:  # Pillow raises half of Python's errors on broken heads
        raise Undecodable from error
    if size != (width, height):
        return Gap("its size in the file is not the picture's")
    return find_jpeg_gap(data)


def _fax_gap(data: bytes, width: int, height: int, parms: Any) -> Gap | None:
    parms = parms or {}
    columns = _number(parms.get("/Columns"), 1728)
    if columns != width:
        return Gap("its size in the file is not the picture's")
    k, aligned = _number(parms.get("/K"), 0), bool(parms.get("/EncodedByteAlign", False))
    found = count_rows(data, columns, height, k=k, byte_aligned=aligned)
    if found.rows < height:
        return Gap("it ends early or is damaged", round(found.rows / height, 3))
    return Gap("more of it is in the file than its size says") if found.more > 2 else None


def _jpx_gap(data: bytes, width: int, height: int, _: Any) -> Gap | None:
    return jpx.find_jpx_gap(data, width, height)


def _jbig2_gap(data: bytes, width: int, height: int, _: Any) -> Gap | None:
    return find_jbig2_gap(data, width, height)


_CODECS = {
    "/DCTDecode": _dct_gap, "/DCT": _dct_gap, "/CCITTFaxDecode": _fax_gap, "/CCF": _fax_gap,
    "/JPXDecode": _jpx_gap, "/JBIG2Decode": _jbig2_gap,
}  # fmt: skip


def _look_through(
    pikepdf: Any, content: bytes, resources: Any, images: list[Any], gaps: list[Gap], seen: set[Any], depth: int
) -> None:
    named = resources.get("/XObject") if resources is not None else None
    for name in dict.fromkeys(_DRAWS.findall(content)):
        thing = named.get(_name(name)) if isinstance(named, pikepdf.Dictionary) else None
        if not isinstance(thing, pikepdf.Stream):
            gaps.append(_MISSING)
            continue
        kind = str(thing.get("/Subtype"))
        if kind == "/Image":
            if len(images) < _MOST_IMAGES:
                images.append(thing)
                images += masks_of(pikepdf, thing)
        elif kind == "/Form" and thing.objgen not in seen and depth < _MOST_DEPTH:
            seen.add(thing.objgen)
            inner, is_whole = content_of(pikepdf, thing)
            if not is_whole:
                gaps.append(_UNPACKED)
            _look_through(pikepdf, inner, thing.get("/Resources") or resources, images, gaps, seen, depth + 1)
        elif kind not in ("/Form", "/PS"):
            gaps.append(_UNPACKED)

    patterns = resources.get("/Pattern") if resources is not None else None
    for name in dict.fromkeys(_FILLS.findall(content)):
        tile = patterns.get(_name(name)) if isinstance(patterns, pikepdf.Dictionary) else None
        if isinstance(tile, pikepdf.Stream) and tile.objgen not in seen and depth < _MOST_DEPTH:
            seen.add(tile.objgen)
            inner, _ = content_of(pikepdf, tile)
            _look_through(pikepdf, inner, tile.get("/Resources") or resources, images, gaps, seen, depth + 1)


def masks_of(pikepdf: Any, image: Any) -> list[Any]:
    """The pictures that say where a picture is seen (§8.9.6): its print, when a scan is split into layers."""
    return [mask for mask in (image.get("/SMask"), image.get("/Mask")) if isinstance(mask, pikepdf.Stream)]


def _name(raw: bytes) -> str:
    plain = re.sub(rb"#([0-9A-Fa-f]{2})", lambda found: bytes([int(found[1], 16)]), raw)
    return "/" + plain.decode("utf-8", "replace")


def content_of(pikepdf: Any, contents: Any) -> tuple[bytes, bool]:
    """A page description, its parts joined, and whether all of it unpacks."""
    parts = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
    whole, found = True, []
    left = _MOST_UNPACKED
    for part in parts:
        if part is None:
            continue
        if not isinstance(part, pikepdf.Stream):
            whole = False
            continue
        try:
            data, is_whole = _unpack(part.read_raw_bytes(), _filters_of(pikepdf, part), left)
        except Undecodable:
            data, is_whole = b"", False
        left -= len(data)
        whole = whole and (is_whole or left <= 0)
        found.append(data)
        if left <= 0:
            break
    return b"\n".join(found), whole


def _filters_of(pikepdf: Any, stream: Any) -> list[tuple[str, Any]]:
    filters, parms = stream.get("/Filter"), stream.get("/DecodeParms", stream.get("/DP"))
    if filters is None:
        return []
    names = [str(f) for f in filters] if isinstance(filters, pikepdf.Array) else [str(filters)]
    listed = list(parms) if isinstance(parms, pikepdf.Array) else [parms]
    listed += [None] * (len(names) - len(listed))
    return [
        (name, parm if isinstance(parm, pikepdf.Dictionary) else None)
        for name, parm in zip(names, listed, strict=False)
    ]


def _unpack(data: bytes, filters: list[tuple[str, Any]], most: int = _LARGEST) -> tuple[bytes, bool]:
    """The bytes behind these filters, and whether they end where they should; Undecodable when nothing can be had."""
    whole = True
    for name, parms in filters:
        if name in ("/FlateDecode", "/Fl"):
            data, is_whole = _inflate(data, most)
            whole = whole and is_whole
        elif name in _LZW:
            data, is_whole = unpack_lzw(data, _number((parms or {}).get("/EarlyChange"), 1), most)
            whole = whole and is_whole
        elif name in ("/ASCIIHexDecode", "/AHx", "/ASCII85Decode", "/A85", "/RunLengthDecode", "/RL"):
            data = _by_pypdf(name, data)
        elif name != "/Crypt":
            raise Undecodable(name)
    return data, whole


def _inflate(data: bytes, most: int) -> tuple[bytes, bool]:
    if not data:
        return b"", True  # writers pack an empty description into no bytes at all
    unpacker = zlib.decompressobj()
    parts, left, total = [], data, 0
    try:
        while left and not unpacker.eof and total <= most:
            parts.append(unpacker.decompress(left, 1 << 22))
            total += len(parts[-1])
            left = unpacker.unconsumed_tail
        if not unpacker.eof and total <= most:
            parts.append(unpacker.flush())
    except zlib.error:
        return _as_far_as_it_goes(data, most), False
    return b"".join(parts), unpacker.eof or total > most or _only_checksum_missing(data)


def _as_far_as_it_goes(data: bytes, most: int) -> bytes:
    """What comes before the damage, or all of it when only the sum at the end is wrong."""
    unpacker, parts, total = zlib.decompressobj(-zlib.MAX_WBITS), [], 0
    with contextlib.suppress(zlib.error):
        for at in range(2, len(data), 64):
            parts.append(unpacker.decompress(data[at : at + 64]))
            total += len(parts[-1])
            if unpacker.eof or total > most:
                break
    if not total:
        raise Undecodable
    return b"".join(parts)


def _only_checksum_missing(data: bytes) -> bool:
    """Whether the packed data ends by itself and only the four bytes of its sum (RFC 1950) are cut off."""
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        unpacker.decompress(data[2:])
    except zlib.error:
        return False
    return unpacker.eof and len(unpacker.unused_data) < 4


_LZW = ("/LZWDecode", "/LZW")


def _by_pypdf(name: str, data: bytes) -> bytes:
    from pypdf import filters

    try:
        if name in ("/ASCIIHexDecode", "/AHx"):
            return bytes(filters.ASCIIHexDecode.decode(data))
        if name in ("/ASCII85Decode", "/A85"):
            return bytes(filters.ASCII85Decode.decode(data))
        return bytes(filters.RunLengthDecode.decode(data))
    except Exception as error:  # pypdf raises its own and half of Python's errors on broken data
        raise Undecodable from error


def _number(value: Any, default: int = 0) -> int:
    try:
        return default if value is None else int(value)
    except (TypeError, ValueError):
        return default
