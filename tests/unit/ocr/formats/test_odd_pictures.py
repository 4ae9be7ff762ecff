"""Whole pictures as odd programs write them, and what is missing of others: neither is taken for the other."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image as Pillow

from ocr.errors import IncompleteFile
from ocr.formats.jpeg import _codes_are_sound, find_jpeg_gap
from ocr.formats.png import find_png_gap
from ocr.formats.tiff import find_tiff_gap, pages_of, read_directories
from ocr.load import load_page, open_file
from ocr.signature import Kind
from tests.given.paper import LINES, printed

LETTER = printed(LINES * 4)
HEIGHT, WIDTH = LETTER.shape
GREY = Pillow.fromarray(LETTER)
COLOURS = np.dstack([LETTER] * 3)


def _saved(picture: Pillow.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


# ---- JPEG

JPEG = _saved(GREY, "JPEG", quality=88)


@pytest.mark.parametrize(
    "data",
    [
        JPEG + np.random.default_rng(5).integers(0, 256, 2_000_000, np.uint8).tobytes(),
        JPEG + JPEG,
        JPEG.replace(b"JFIF\0\x01", b"JFIF\0\x02", 1),
        JPEG[:2] + b"\xff\xee\x00\x0eAdobe\x00\x64\0\0\0\0\x05" + JPEG[20:],
        _saved(GREY, "JPEG", quality=100, optimize=True),
    ],
    ids=["a film behind it", "a picture behind it", "odd version", "odd colour code", "tables of its own"],
)
def test_what_a_program_says_beside_a_picture_is_no_damage(data: bytes) -> None:
    assert find_jpeg_gap(data) is None


def test_an_odd_version_hides_no_gap() -> None:
    odd = JPEG.replace(b"JFIF\0\x01", b"JFIF\0\x02", 1)
    gap = find_jpeg_gap(odd[: len(odd) // 2] + b"\xff\xd9")
    assert gap is not None and gap.share is not None and gap.share < 0.9


@pytest.mark.parametrize(("place", "is_told"), [("equal lengths", True), ("other lengths", False)])
def test_only_a_table_with_the_lengths_of_a_known_one_is_held_against_it(place: str, is_told: bool) -> None:
    colour = _saved(Pillow.fromarray(COLOURS), "JPEG", quality=88)
    at = colour.index(b"\xff\xc4") + 4  # the first table: class, 16 lengths, 12 symbols
    table = bytearray(colour[at : at + 29])
    table[27], table[28] = table[28], table[27]
    if place == "other lengths":
        table[1 + 5], table[1 + 6] = table[1 + 5] - 1, table[1 + 6] + 1
    assert _codes_are_sound(bytes(table)) is not is_told


# ---- PNG

PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
ROWS = b"".join(b"\0" + row.tobytes() for row in LETTER)
WOVEN = b"".join(b"\0" + row.tobytes() for x, y, dx, dy in PASSES for row in LETTER[y::dy, x::dx])


def _png(packed: bytes, woven: int = 0) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 0, 0, 0, woven)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "share"),
    [
        (_png(zlib.compress(ROWS)), None),
        (_png(zlib.compress(ROWS)[:-4]), None),
        (_png(zlib.compress(WOVEN), 1), None),
        (_png(zlib.compress(ROWS[: len(ROWS) // 2])), 0.5),
        (_png(zlib.compress(ROWS)[: len(zlib.compress(ROWS)) // 2]), 0.5),
    ],
    ids=["whole", "no checksum", "interlaced", "half the rows", "cut"],
)
def test_the_rows_of_a_png_are_counted(data: bytes, share: float | None) -> None:
    gap = find_png_gap(data)
    assert (gap is None) is (share is None)
    if gap is not None:
        assert gap.share == pytest.approx(share, abs=0.2)
    raw = load_page(data, Kind.PNG, 1)
    assert raw.gap == gap
    assert raw.image.min() == 0 and raw.image.max() == 255, "what is there is seen"


def test_an_interlaced_png_that_ends_early_is_told() -> None:
    assert find_png_gap(_png(zlib.compress(WOVEN)[:20_000], 1)) is not None


# ---- TIFF


def _tiff(strips: list[bytes], order: str = "<", **tags: tuple[int, ...] | int | None) -> bytes:
    """A TIFF of this letter built by hand; `t262=0` sets a tag, None leaves it out."""
    offsets, body = [], b""
    for strip in strips:
        offsets.append(8 + len(body))
        body += strip + b"\0" * (len(strip) % 2)
    entries: dict[int, tuple[int, ...]] = {
        256: (WIDTH,), 257: (HEIGHT,), 258: (8,), 259: (1,), 262: (1,), 273: tuple(offsets), 277: (1,), 278: (HEIGHT,),
        279: tuple(len(strip) for strip in strips),
    }  # fmt: skip
    for name, value in tags.items():
        entries.pop(int(name[1:]), None)
        if value is not None:
            entries[int(name[1:])] = value if isinstance(value, tuple) else (value,)
    at = 8 + len(body)
    more_at, listed, more = at + 2 + 12 * len(entries) + 4, b"", b""
    for tag, values in sorted(entries.items()):
        kind, code = (4, "I") if tag in (273, 278, 279) else (3, "H")
        packed = struct.pack(f"{order}{len(values)}{code}", *values)
        if len(packed) > 4:
            where = struct.pack(order + "I", more_at + len(more))
            more += packed + b"\0" * (len(packed) % 2)
        listed += struct.pack(order + "HHI", tag, kind, len(values)) + (
            where if len(packed) > 4 else packed.ljust(4, b"\0")
        )
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", at)
    return head + body + struct.pack(order + "H", len(entries)) + listed + bytes(4) + more


def _is_whole(data: bytes) -> bool:
    raw = load_page(data, Kind.TIFF, 1)
    return raw.gap is None and int(raw.image.min()) < 60 and int(raw.image.max()) > 200


RAW = LETTER.tobytes()
EACH = 64
STRIPS = [LETTER[at : at + EACH].tobytes() for at in range(0, HEIGHT, EACH)]
PADDED = [strip.ljust(EACH * WIDTH, b"\xff") for strip in STRIPS]


def _group4() -> bytes:
    data = _saved(GREY.convert("1"), "TIFF", compression="group4", tiffinfo={278: HEIGHT})
    page = read_directories(data, 9)[0]
    return data[page.get(273) :][: page.get(279)]


@pytest.mark.parametrize(
    "data",
    [
        _tiff(PADDED, t278=EACH),
        _tiff([zlib.compress(strip) for strip in PADDED], t278=EACH, t259=8),
        _tiff([_group4()], t258=1, t259=4, t262=0, t279=None),
        _tiff([_group4()], t258=1, t259=4, t262=0, t278=None, t279=None),
        _tiff([_group4()], t258=1, t259=4, t262=0, t279=0),
        _tiff([RAW], t279=None),
        _tiff([RAW[:-3]]),
        _tiff([_group4()], ">", t258=1, t259=4, t262=0),
    ],
    ids=[
        "last strip filled up",
        "and packed",
        "no byte count",
        "nor rows",
        "a count of zero",
        "raw",
        "three bytes short",
        "big endian",
    ],
)
def test_a_whole_tiff_with_a_careless_head_is_whole(data: bytes) -> None:
    assert _is_whole(data)


def test_rows_missing_from_the_head_of_a_tiff_in_strips_are_still_told() -> None:
    page = pages_of(read_directories(_tiff([*STRIPS[:-1], STRIPS[0] * 3], t278=EACH), 9))[0]
    assert find_tiff_gap(_tiff([*STRIPS[:-1], STRIPS[0] * 3], t278=EACH), page) is not None


def test_a_picture_in_lzw_that_ends_early_says_how_much_is_there() -> None:
    packed = _saved(GREY, "TIFF", compression="tiff_lzw", tiffinfo={278: HEIGHT})
    page = read_directories(packed, 9)[0]
    strip = packed[page.get(273) :][: page.get(279)]
    with pytest.raises(IncompleteFile, match=r"About \d+% of it is there"):
        load_page(_tiff([strip[: len(strip) // 2]], t259=5), Kind.TIFF, 1)


ALPHA = np.zeros_like(LETTER)


@pytest.mark.parametrize("extra", [0, 1, 2], ids=["unspecified", "premultiplied", "straight"])
@pytest.mark.parametrize("deep", [1, 257], ids=["8 bits", "16 bits"])
def test_an_alpha_channel_of_zeros_hides_nothing_whatever_the_tags_call_it(extra: int, deep: int) -> None:
    samples = np.dstack([COLOURS, ALPHA]).astype(np.uint16) * deep
    content = samples.astype(np.uint8 if deep == 1 else "<u2").tobytes()
    bits = 8 if deep == 1 else 16
    if (extra, deep) == (0, 257):
        return  # Pillow reads no such thing: the page says that it cannot be shown
    assert _is_whole(_tiff([content], t258=(bits,) * 4, t262=2, t277=4, t338=extra))


def test_colours_that_were_multiplied_by_their_mask_are_seen_as_on_white_paper() -> None:
    alpha = np.full_like(LETTER, 255)
    alpha[:, : WIDTH // 2] = 0
    colours = COLOURS * (alpha[..., None] > 0)
    raw = load_page(_tiff([np.dstack([colours, alpha]).tobytes()], t258=(8,) * 4, t262=2, t277=4, t338=1), Kind.TIFF, 1)
    assert raw.image[:, : WIDTH // 2].min() == 255
    assert np.array_equal(raw.image[:, WIDTH // 2 :], LETTER[:, WIDTH // 2 :])


@pytest.mark.parametrize("odd", [np.nan, np.inf, 60_000.0, -5.0])
def test_one_odd_pixel_does_not_make_a_page_black_or_blank(odd: float) -> None:
    values = LETTER.astype(np.float32) / 255
    values[5, 5] = odd
    raw = load_page(_saved(Pillow.fromarray(values), "TIFF"), Kind.TIFF, 1)
    assert raw.image[300:].std() == pytest.approx(LETTER[300:].std(), rel=0.1) or odd == -5.0
    assert int(raw.image.max()) - int(raw.image.min()) > 30


def test_images_that_hang_on_a_page_are_left_out_and_counted_and_a_larger_one_is_told() -> None:
    small = np.ascontiguousarray(LETTER[::4, ::4])
    page = _tiff([RAW], t330=0)

    with_small = _joined(page, _tiff([small.tobytes()], t256=small.shape[1], t257=small.shape[0], t278=small.shape[0]))
    opened = open_file(with_small)
    assert (opened.pages, opened.flags) == (1, ("previews_left_out_1",))
    lone = _tiff([small.tobytes()], t256=small.shape[1], t257=small.shape[0], t278=small.shape[0], t330=0)
    raw = load_page(_joined(lone, _tiff([RAW])), Kind.TIFF, 1)
    assert raw.gap is not None and "small copy" in raw.gap.sentence


def _joined(data: bytes, inner: bytes) -> bytes:
    """A TIFF with tag 330 (of one SHORT, zero) that names the first image of another one laid behind it."""
    changed = bytearray(data)
    (at,) = struct.unpack_from("<I", inner, 4)
    (start,) = struct.unpack_from("<I", data, 4)
    (entries,) = struct.unpack_from("<H", data, start)
    for number in range(entries):
        entry = start + 2 + 12 * number
        if struct.unpack_from("<H", data, entry)[0] == 330:
            struct.pack_into("<HII", changed, entry + 2, 4, 1, len(data) + at)
    return bytes(changed) + inner
