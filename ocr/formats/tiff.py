"""TIFF files: which images are pages, and whether each has all its strips (TIFF 6.0, BigTIFF, TechNote 2).

libtiff fills missing fax rows with white and missing JPEG blocks with grey, and Pillow reads raw strips from wherever
the file says. So the strips are checked against what the tags say: no more, no less, in order, nothing shared.
"""

import contextlib
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from ocr.errors import DamagedFile, IncompleteFile, TooLarge
from ocr.formats.fax import count_rows
from ocr.formats.gap import Gap
from ocr.formats.jpeg import find_jpeg_gap, merged_with_tables, size_of

_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
_CODES = {1: "B", 2: "B", 3: "H", 4: "I", 6: "b", 7: "B", 8: "h", 9: "i", 13: "I", 16: "Q", 17: "q", 18: "Q"}

_SUB_DIRECTORIES, _EXTRA_SAMPLES, _MOST_WITHIN = 330, 338, 32
_SUBFILE, _OLD_SUBFILE, _WIDTH, _LENGTH, _BITS, _COMPRESSION, _FILL_ORDER = 254, 255, 256, 257, 258, 259, 266
_PHOTOMETRIC, _OFFSETS, _ORIENTATION, _SAMPLES, _ROWS, _COUNTS, _PLANAR, _T4 = 262, 273, 274, 277, 278, 279, 284, 292
_YCBCR, _SUBSAMPLING = 6, 530
_TILE_WIDTH, _TILE_LENGTH, _TILE_OFFSETS, _TILE_COUNTS, _JPEG_TABLES = 322, 323, 324, 325, 347

_RAW, _RLE, _GROUP3, _GROUP4, _LZW, _JPEG, _DEFLATE, _OLD_DEFLATE, _PACKBITS = 1, 2, 3, 4, 5, 7, 8, 32946, 32773

_MOST_COUNTED = 1_000_000
"""Bytes of an LZW strip that is counted code by code."""

_MANY_ROWS = 100
"""Rows of a raw strip of which the last may lack some bytes: programs count one short or two."""

_PHOTOMETRICS = frozenset({0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 32803, 32844, 32845, 34892})

_MORE_ROWS = 2
"""Rows of a fax behind the last one that its length tells of: programs count one short or two."""

_PADDING = 4
"""Bytes that may follow the last row of a raw strip; some writers fill the last strip up to the size of the others."""

_ASPECT = 0.03
"""How far the shape of a preview may be from its page's."""


@dataclass(frozen=True, slots=True)
class Directory:
    """One image of a TIFF: `index` in the chain, tags with their whole numbers, the bytes that its entries take."""

    index: int
    order: str
    tags: dict[int, tuple[int, ...]]
    taken: tuple[tuple[int, int], ...]
    has_odd_entries: bool = False  # of a type that there is not, or one tag twice
    places: dict[int, int] = field(default_factory=dict)  # where the values of each tag lie in the file
    within: tuple[tuple[int, int], ...] = ()  # width and height of the images that hang on this one (SubIFDs)

    def get(self, tag: int, default: int = 0) -> int:
        """The first value of a tag."""
        return next(iter(self.tags.get(tag, ())), default)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height as stored."""
        return self.get(_WIDTH), self.get(_LENGTH)

    @property
    def is_turned(self) -> bool:
        """Whether the orientation tag (values 5 to 8) makes rows of columns."""
        return self.get(_ORIENTATION, 1) in (5, 6, 7, 8)

    @property
    def is_marked_as_preview(self) -> bool:
        """Whether the tags call it a smaller copy or a mask of another image."""
        return bool(self.get(_SUBFILE) & 0b101) or self.get(_OLD_SUBFILE) == 2


def read_directories(data: bytes, most: int) -> list[Directory]:
    """The images of a TIFF by walking the chain; loops and gaps are refused with a sentence."""
    order = "<" if data[:2] == b"II" else ">"
    is_big = data[2:4] in (b"+\0", b"\0+")
    found: list[Directory] = []
    seen: set[int] = set()
    try:
        (at,) = struct.unpack_from(order + ("Q" if is_big else "I"), data, 8 if is_big else 4)
        while at:
            if at in seen:
                raise DamagedFile("The TIFF's list of pages runs in a circle. Scan the paper again.")
            seen.add(at)
            if len(seen) > most:
                raise TooLarge(f"The TIFF has more than {most:,} pages. Split it and drop the parts.")
            directory, at = _read_directory(data, at, order, is_big=is_big, index=len(found))
            within = tuple(_sizes_within(data, directory, is_big=is_big))
            found.append(replace(directory, within=within))
    except (struct.error, OverflowError) as error:
        raise IncompleteFile("The TIFF is cut off: not all of its pages are there. Scan the paper again.") from error
    return found


def _sizes_within(data: bytes, directory: Directory, *, is_big: bool) -> Iterator[tuple[int, int]]:
    """Sizes of the images that hang on one: smaller copies of it (OME, pyramids), or the picture itself (raw photographs)."""
    for at in directory.tags.get(_SUB_DIRECTORIES, ())[:_MOST_WITHIN]:
        with contextlib.suppress(struct.error, OverflowError):  # one that is not in the file is nobody's picture
            yield _read_directory(data, at, directory.order, is_big=is_big, index=0)[0].size


def pages_of(directories: list[Directory]) -> list[Directory]:
    """The images that are pages: not the previews and masks of others.

    An image that is only called a preview, with no larger one of its shape in the file, is a page: nothing is lost.
    """
    whole = [d for d in directories if not d.is_marked_as_preview]
    return [d for d in directories if not d.is_marked_as_preview or not any(_is_copy(d, other) for other in whole)]


def _is_copy(small: Directory, large: Directory) -> bool:
    (width, height), (wide, high) = small.size, large.size
    if not min(width, height, wide, high) or width > wide or height > high:
        return False
    return bool(small.get(_SUBFILE) & 4) or abs(width / height - wide / high) <= _ASPECT * wide / high + 1 / height


def find_tiff_gap(data: bytes, page: Directory) -> Gap | None:
    """What is missing of one image, or None when its strips hold exactly what its tags say."""
    if page.has_odd_entries or page.get(_PHOTOMETRIC, 0) not in _PHOTOMETRICS:
        return Gap("its head in the file is damaged")
    if any(wide > page.size[0] and high > page.size[1] for wide, high in page.within):
        return Gap("only a small copy of it can be shown, the picture itself is of a kind that is not read here")
    strips = _strips(page, len(data))
    if strips is None:
        return Gap("its list of strips does not fit its size")
    offsets, counts, rows = strips
    ranges = list(zip(offsets, counts, strict=True))
    there = [start + count <= len(data) for start, count in ranges]
    if not all(there):
        return Gap("it ends early", round(sum(there) / len(there), 3))
    if _overlap(ranges, page.taken):
        return Gap("its strips lie over one another in the file")
    if offsets != tuple(sorted(offsets)) and offsets != tuple(sorted(offsets, reverse=True)):
        return Gap("its strips are not in order")
    for done, ((start, count), high) in enumerate(zip(ranges, rows, strict=True)):
        share, why = _strip_share(page, data[start : start + count], high, is_first=not done)
        if why:
            whole = (done + share) / len(ranges) if share < 1 else None
            return Gap(why, None if whole is None else round(whole, 3))
    return None


def find_lzw_gap(data: bytes, page: Directory) -> Gap | None:
    """How much there is of an image in LZW that does not decode; counted code by code, so only asked then."""
    strips = _strips(page, len(data)) if page.get(_COMPRESSION) == _LZW else None
    if strips is None:
        return None
    row_bytes = _row_bytes(page, page.get(_TILE_WIDTH) or page.get(_WIDTH))
    for done, (start, count, rows) in enumerate(zip(*strips, strict=True)):
        there = _lzw_length(data[start : start + min(count, _MOST_COUNTED)])
        if there < row_bytes * rows:
            return Gap("it ends early or is damaged", round((done + there / (row_bytes * rows)) / len(strips[0]), 3))
    return None


def _strips(page: Directory, end: int) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]] | None:
    """Offsets, byte counts and rows of each strip or tile; None when there are not as many as the size asks for."""
    width, height = page.size
    planes = page.get(_SAMPLES, 1) if page.get(_PLANAR, 1) == 2 else 1
    if _TILE_OFFSETS in page.tags:
        wide, high = page.get(_TILE_WIDTH), page.get(_TILE_LENGTH)
        if not wide or not high:
            return None
        number = -(-width // wide) * -(-height // high) * planes
        offsets, counts = page.tags[_TILE_OFFSETS], page.tags.get(_TILE_COUNTS, page.tags.get(_COUNTS, ()))
        rows = (high,) * number
    else:
        offsets, counts = page.tags.get(_OFFSETS, ()), page.tags.get(_COUNTS, ())
        each = min(page.get(_ROWS, height) or height, height)
        if not each or not width:
            return None
        a_plane = -(-height // each)
        rows = (*(each,) * (a_plane - 1), height - each * (a_plane - 1)) * planes
        number = a_plane * planes
        if number == len(offsets) == 1 and counts in ((), (0,)):  # old writers leave the count out
            behind = min((start for start, _ in page.taken if start > offsets[0]), default=end) - offsets[0]
            counts = (_row_bytes(page, width) * height if page.get(_COMPRESSION, 1) == _RAW else max(0, behind),)
    return (offsets, counts, rows) if len(offsets) == len(counts) == number else None


def _row_bytes(page: Directory, width: int) -> int:
    samples = page.get(_SAMPLES, 1) if page.get(_PLANAR, 1) != 2 else 1
    return (width * samples * page.get(_BITS, 1) + 7) // 8


def _overlap(ranges: list[tuple[int, int]], taken: tuple[tuple[int, int], ...]) -> bool:
    ends = 0
    for start, count in sorted([*ranges, *taken]):
        if start < ends and count:
            return True
        ends = max(ends, start + count)
    return any(start < 8 for start, count in ranges if count)


def _strip_share(page: Directory, strip: bytes, rows: int, *, is_first: bool) -> tuple[float, str]:  # noqa: C901 - one packing a branch
    """How much of a strip of so many rows is there, and why it is not all (empty when it is)."""
    width = page.get(_TILE_WIDTH) or page.get(_WIDTH)
    row_bytes = _row_bytes(page, width)
    packing = page.get(_COMPRESSION, _RAW)
    if packing in (_RLE, _GROUP3, _GROUP4):
        return _fax_share(page, strip, width, rows)
    if packing == _JPEG:
        merged = merged_with_tables(bytes(page.tags.get(_JPEG_TABLES, ())), strip)
        size = size_of(merged)
        if size is not None and not (size[0] == width and size[1] in (rows, page.get(_ROWS, rows))):
            return 1.0, "its size in the file is not the picture's"
        gap = find_jpeg_gap(merged)
        return (1.0, "") if gap is None else ((gap.share if gap.share is not None else 1.0), gap.why)
    if packing == _RAW:
        there = len(strip)
    elif packing in (_DEFLATE, _OLD_DEFLATE):
        unpacked = _inflated(strip, row_bytes * rows)
        if unpacked is None:
            return 1.0, "part of it is damaged"
        there = unpacked
    elif packing == _PACKBITS:
        there = _packbits_length(strip)
    elif packing == _LZW and (is_first or page.get(_ROWS, rows) > rows) and _is_countable(strip):
        there = _lzw_length(strip)
    else:
        return 1.0, ""  # whoever decodes it says what it is worth
    if page.get(_PHOTOMETRIC) == _YCBCR and packing != _RAW and page.tags.get(_SUBSAMPLING, (2, 2)) != (1, 1):
        return 1.0, ""  # colours have fewer samples than rows say; libtiff unpacks them, and says when some are missing
    wanted = row_bytes * rows
    is_last_row = packing == _RAW and rows >= _MANY_ROWS and there > wanted - row_bytes
    if there < wanted and not is_last_row:
        return there / wanted, "it ends early"
    if rows < page.get(_ROWS, rows) < page.size[1] and there == row_bytes * page.get(_ROWS):
        return 1.0, ""  # the last strip filled up to the size of the others, as many programs write it
    if packing == _RAW and there > wanted + _PADDING:
        return (
            1.0,
            "its size in the file is not the picture's",
        )  # or its strips are packed, and the head does not say so
    return 1.0, "more of it is in the file than its size says" if there >= wanted + max(row_bytes, 2) else ""


def _fax_share(page: Directory, strip: bytes, width: int, rows: int) -> tuple[float, str]:
    data = strip.translate(_MIRRORED) if page.get(_FILL_ORDER, 1) == 2 else strip
    packing = page.get(_COMPRESSION)
    k = -1 if packing == _GROUP4 else int(packing == _GROUP3 and bool(page.get(_T4) & 1))
    found = count_rows(data, width, rows, k=k, byte_aligned=packing == _RLE)
    if found.rows < rows:
        return found.rows / rows, "it ends early or is damaged"
    return 1.0, "more of it is in the file than its size says" if found.more > _MORE_ROWS else ""


_MIRRORED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


def _inflated(strip: bytes, wanted: int) -> int | None:
    """How many bytes a zlib strip holds, at most a little over what is wanted; None when its checksum is wrong."""
    unpacker = zlib.decompressobj()
    total = 0
    left = strip
    try:
        while left and total <= 2 * wanted + 65_536:
            total += len(unpacker.decompress(left, 1 << 20))
            left = unpacker.unconsumed_tail
            if unpacker.eof:
                break
    except zlib.error:
        return total if total < wanted else None
    return total


def _packbits_length(strip: bytes) -> int:
    at, total = 0, 0
    while at < len(strip):
        head = strip[at]
        if head < 128:
            total += min(head + 1, len(strip) - at - 1)
            at += head + 2
        else:
            total += 257 - head if head > 128 and at + 1 < len(strip) else 0
            at += 2 if head > 128 else 1
    return total


def _is_countable(strip: bytes) -> bool:
    """Strips of the old bit order, and very long ones, are not."""
    return len(strip) <= _MOST_COUNTED and strip[:1] == b"\x80"


def _lzw_length(strip: bytes) -> int:
    """How many bytes an LZW strip holds (TIFF 6.0 §13); lengths only, nothing is unpacked."""
    bits = int.from_bytes(strip, "big")
    left, total = 8 * len(strip), 0
    lengths: list[int] = []
    width, before = 9, 0
    while left >= width:
        chunk = min(left, 4096)  # shifting a number of a megabyte for every code would be quadratic
        window = bits >> (left - chunk) & ((1 << chunk) - 1)
        used = 0
        while chunk - used >= width:
            code = window >> (chunk - used - width) & ((1 << width) - 1)
            used += width
            if code == 256:
                lengths, width, before = [1] * 258, 9, 0
                continue
            if code == 257:
                return total
            if code > len(lengths):
                return total
            length = lengths[code] if code < len(lengths) else before + 1
            total += length
            if before:
                lengths.append(before + 1)
            before = length
            size = len(lengths) + 1
            width = 12 if size > 2047 else 11 if size > 1023 else 10 if size > 511 else 9
        if not used:
            break
        left -= used
    return total


def _read_directory(data: bytes, at: int, order: str, *, is_big: bool, index: int) -> tuple[Directory, int]:
    if is_big:
        (entries,) = struct.unpack_from(order + "Q", data, at)
        first, step, wide = at + 8, 20, "Q"
    else:
        (entries,) = struct.unpack_from(order + "H", data, at)
        first, step, wide = at + 2, 12, "I"
    end = first + step * entries
    (following,) = struct.unpack_from(order + wide, data, end)
    inline = 8 if is_big else 4
    tags: dict[int, tuple[int, ...]] = {}
    places: dict[int, int] = {}
    seen: set[int] = set()
    is_odd = False
    taken = [(at, end + inline - at)]
    for number in range(entries):
        entry = first + step * number
        tag, kind, count = struct.unpack_from(order + "HH" + wide, data, entry)
        size = _SIZES.get(kind, 0) * count
        is_odd = is_odd or kind not in _SIZES or tag in seen
        seen.add(tag)
        where = entry + (12 if is_big else 8)
        if size > inline:
            (where,) = struct.unpack_from(order + wide, data, where)
            taken.append((where, size))
        if kind in _CODES and 0 < size <= len(data):
            tags[tag] = struct.unpack_from(f"{order}{count}{_CODES[kind]}", data, where)
            places[tag] = where
    return Directory(index, order, tags, tuple(taken), is_odd, places), following


_PREMULTIPLIED, _STRAIGHT = 1, 2  # values of ExtraSamples (TIFF 6.0 §18)


def is_premultiplied(page: Directory) -> bool:
    """Whether the colours of an image were multiplied by its alpha channel, as its tags say."""
    return page.get(_EXTRA_SAMPLES) == _PREMULTIPLIED


def with_bare_colours(data: bytes, page: Directory) -> bytes:
    """The same TIFF whose colours a decoder leaves as they are: divided by an alpha of zero every one of them is gone."""
    changed = bytearray(data)
    struct.pack_into(page.order + "H", changed, page.places[_EXTRA_SAMPLES], _STRAIGHT)
    return bytes(changed)
