"""Pictures that are not all there: every codec, cut, with other heads and other order; and whole ones beside them."""

import io
import struct
import zlib
from typing import Any

import numpy as np
import pikepdf
import pytest
from PIL import Image as Pillow
from PIL import TiffImagePlugin

from ocr.errors import IncompleteFile
from ocr.formats.bmp import find_bmp_gap
from ocr.formats.fax import count_rows
from ocr.formats.gap import Gap, rows_there
from ocr.formats.jbig2 import find_jbig2_gap
from ocr.formats.jpeg import find_jpeg_gap
from ocr.formats.jpx import find_jpx_gap
from ocr.formats.pdf_page import look_at_page
from ocr.formats.tiff import find_lzw_gap, find_tiff_gap, pages_of, read_directories
from ocr.load import load_page
from ocr.signature import Kind
from tests.given.paper import LINES, printed

LETTER = printed([*LINES, "", "Plan: return in two weeks.", "", "Signed: P. Raman, MD", "", "Page 1 of 1"] * 2)
GREY = Pillow.fromarray(LETTER)
BITS = GREY.convert("1")


def _tiff(picture: Pillow.Image, rows: int = 256, **options: object) -> bytes:
    out = io.BytesIO()
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[278] = rows
    picture.save(out, "TIFF", tiffinfo=tags, **options)
    return out.getvalue()


def _strip(picture: Pillow.Image, packing: str) -> bytes:
    data = _tiff(picture, picture.height, compression=packing)
    page = read_directories(data, 9)[0]
    return data[page.get(273) :][: page.get(279)]


def _jpeg(**options: object) -> bytes:
    out = io.BytesIO()
    GREY.save(out, "JPEG", quality=80, **options)
    return out.getvalue()


# ---- JPEG


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
def test_a_jpeg_whose_end_was_put_back_is_incomplete(share: float) -> None:
    data = _jpeg()
    gap = find_jpeg_gap(data[: int(len(data) * share)] + b"\xff\xd9")
    assert gap is not None
    assert gap.share is not None and 0 < gap.share < 0.99
    assert f"{gap.share:.0%}" in gap.sentence


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"restart_marker_rows": 4}, {"optimize": True}])
def test_a_whole_jpeg_is_whole(options: dict[str, object]) -> None:
    assert find_jpeg_gap(_jpeg(**options)) is None


def test_bytes_behind_a_jpeg_and_a_few_odd_ones_mean_nothing() -> None:
    assert find_jpeg_gap(_jpeg() + b"trailer of a scanner") is None


def test_a_jpeg_of_fewer_rows_than_its_data_is_told() -> None:
    data = bytearray(_jpeg())
    at = data.index(b"\xff\xc0") + 5
    struct.pack_into(">H", data, at, 800)
    assert find_jpeg_gap(bytes(data)) is not None


@pytest.mark.parametrize(
    ("marker", "offset", "why"), [(b"\xff\xc4", 40, "code table"), (b"\xff\xdb", 30, "step table")]
)
def test_a_changed_table_is_told(marker: bytes, offset: int, why: str) -> None:
    data = bytearray(_jpeg())
    data[data.index(marker) + offset] ^= 0x80
    assert find_jpeg_gap(bytes(data)) is not None, why


def test_a_step_that_no_encoder_writes_there_is_told() -> None:
    data = bytearray(_jpeg())
    at = data.index(b"\xff\xdb") + 5 + 20
    data[at] += 4
    assert find_jpeg_gap(bytes(data)) is not None


@pytest.mark.parametrize("quality", [1, 10, 35, 50, 75, 90, 97, 100])
def test_every_quality_is_whole(quality: int) -> None:
    out = io.BytesIO()
    GREY.convert("RGB").save(out, "JPEG", quality=quality)
    assert find_jpeg_gap(out.getvalue()) is None


def test_a_jpeg_without_the_head_of_its_scan_is_told() -> None:
    data = _jpeg(restart_marker_rows=4)
    at = data.index(b"\xff\xda")
    assert find_jpeg_gap(data[:at] + b"\xbf" + data[at + 1 :]) is not None


def test_a_progressive_picture_without_its_finest_scans_is_coarse() -> None:
    data = _jpeg(progressive=True)
    scans = [at for at in range(len(data) - 1) if data[at : at + 2] == b"\xff\xda"]
    gap = find_jpeg_gap(data[: scans[-1] + 40] + b"\xff\xd9")
    assert gap is not None and gap.is_coarse
    early = find_jpeg_gap(data[: scans[0] + 400] + b"\xff\xd9")
    assert early is not None and not early.is_coarse


# ---- fax


@pytest.mark.parametrize(("packing", "k"), [("group4", -1), ("group3", 0)])
def test_every_row_of_a_fax_strip_is_counted(packing: str, k: int) -> None:
    data = _strip(BITS, packing)
    found = count_rows(data, BITS.width, BITS.height, k=k)
    assert (found.rows, found.more) == (BITS.height, 0)
    assert count_rows(data, BITS.width, BITS.height - 60, k=k).more > 0


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
@pytest.mark.parametrize(("packing", "k"), [("group4", -1), ("group3", 0)])
def test_a_cut_fax_strip_has_fewer_rows_though_its_end_is_put_back(packing: str, k: int, share: float) -> None:
    data = _strip(BITS, packing)
    cut = data[: int(len(data) * share)] + b"\x00\x10\x01"
    assert count_rows(cut, BITS.width, BITS.height, k=k).rows < BITS.height


def test_noise_counts_like_print_and_a_wrong_width_does_not() -> None:
    noise = Pillow.fromarray(np.random.default_rng(4).integers(0, 2, (200, 320)).astype(np.bool_))
    data = _strip(noise, "group4")
    assert count_rows(data, 320, 200).rows == 200
    assert count_rows(data, 328, 200).rows < 200


@pytest.mark.parametrize(("packing", "k"), [("group4", -1), ("group3", 0)])
def test_a_photograph_in_dots_is_counted_by_decoding_it(packing: str, k: int) -> None:
    dots = Pillow.fromarray(np.random.default_rng(4).integers(0, 2, (1400, 2000)).astype(np.bool_))
    data = _strip(dots, packing)
    assert len(data) > 400_000, "too long to be walked through"
    assert count_rows(data, 2000, 1400, k=k).rows == 1400
    assert count_rows(data + bytes(300), 2000, 1400, k=k).rows == 1400
    for cut in (data[: len(data) // 2 + 100_000], data[: len(data) * 2 // 3] + b"\x00\x10\x01"):
        assert 0.5 < count_rows(cut, 2000, 1400, k=k).rows / 1400 < 0.9


# ---- TIFF

PACKINGS = ("raw", "tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg")


def _gap_of(data: bytes) -> Gap | None:
    return find_tiff_gap(data, pages_of(read_directories(data, 9))[0])


@pytest.mark.parametrize("packing", PACKINGS)
def test_a_whole_tiff_is_whole(packing: str) -> None:
    assert _gap_of(_tiff(GREY, compression=None if packing == "raw" else packing)) is None
    assert _gap_of(_tiff(GREY, 99_999, compression=None if packing == "raw" else packing)) is None


@pytest.mark.parametrize("packing", ["group4", "group3"])
@pytest.mark.parametrize("rows", [64, 99_999])
def test_a_whole_fax_is_whole(packing: str, rows: int) -> None:
    assert _gap_of(_tiff(BITS, rows, compression=packing)) is None


def _with_tag(data: bytes, tag: int, value: int) -> bytes:
    """The same TIFF with another first value of a tag of one number."""
    order = "<" if data[:2] == b"II" else ">"
    (at,) = struct.unpack_from(order + "I", data, 4)
    (entries,) = struct.unpack_from(order + "H", data, at)
    changed = bytearray(data)
    for number in range(entries):
        entry = at + 2 + 12 * number
        found, kind, count = struct.unpack_from(order + "HHI", data, entry)
        if found == tag:
            assert count == 1
            struct.pack_into(order + ("H" if kind == 3 else "I"), changed, entry + 8, value)
    return bytes(changed)


@pytest.mark.parametrize("packing", ["raw", "tiff_adobe_deflate", "packbits", "group4"])
@pytest.mark.parametrize(("tag", "value"), [(257, 1700), (257, 4000), (256, 1200), (262, 77), (258, 4)])
def test_a_head_that_does_not_fit_the_data_is_told(packing: str, tag: int, value: int) -> None:
    picture = BITS if packing == "group4" else GREY
    data = _tiff(picture, picture.height, compression=None if packing == "raw" else packing)
    if tag == 258 and packing == "group4":
        return  # a fax has one bit a pixel whatever its head says
    assert _gap_of(_with_tag(data, tag, value)) is not None


def test_strips_that_changed_places_or_lie_over_one_another_are_told() -> None:
    data = _tiff(GREY, 550)
    page = read_directories(data, 9)[0]
    offsets = page.tags[273]
    swapped = data.replace(struct.pack("<2I", *offsets[:2]), struct.pack("<2I", *offsets[1::-1]), 1)
    doubled = data.replace(struct.pack("<2I", *offsets[:2]), struct.pack("<2I", offsets[0], offsets[0]), 1)
    assert swapped != data and doubled != data
    assert _gap_of(swapped) is not None
    assert _gap_of(doubled) is not None


def test_previews_are_no_pages_and_a_lone_picture_that_is_called_one_is() -> None:
    small = GREY.resize((170, 220))
    out = io.BytesIO()
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[254] = 1
    GREY.save(out, "TIFF", save_all=True, append_images=[small, GREY])
    data = bytearray(out.getvalue())
    directories = read_directories(bytes(data), 9)
    assert len(pages_of(directories)) == 3
    lone = io.BytesIO()
    small.save(lone, "TIFF", tiffinfo=tags)
    assert len(pages_of(read_directories(lone.getvalue(), 9))) == 1
    both = io.BytesIO()
    with TiffImagePlugin.AppendingTiffWriter(both, new=True) as writer:
        GREY.save(writer, "TIFF")
        writer.newFrame()
        small.save(writer, "TIFF", tiffinfo=tags)
        writer.newFrame()
    assert [page.size for page in pages_of(read_directories(both.getvalue(), 9))] == [GREY.size]


# ---- BMP, JPEG 2000, JBIG2


def test_a_bmp_has_as_many_rows_as_it_says() -> None:
    out = io.BytesIO()
    GREY.save(out, "BMP")
    data = out.getvalue()
    assert find_bmp_gap(data) is None
    cut = find_bmp_gap(data[: len(data) // 2])
    assert cut is not None and cut.share is not None and 0.4 < cut.share < 0.6
    fewer = bytearray(data)
    struct.pack_into("<i", fewer, 22, 1000)
    assert find_bmp_gap(bytes(fewer)) is not None
    within = bytearray(data)
    struct.pack_into("<I", within, 10, 54 + 1024 - 32)
    assert find_bmp_gap(bytes(within)) is not None, "it begins within its own colours"


def _runs(
    rows: int = 40, wide: int = 60, high: int = 40, packing: int = 1, bits: int = 8, end: bytes = b"\0\1"
) -> bytes:
    """A BMP of runs: each row 30 pixels of one colour, 27 of another and three absolute ones."""
    runs = (bytes([30, 1, 27, 2, 0, 3, 1, 2, 3, 0]) + b"\0\0") * rows + end
    head = struct.pack("<IiiHHIIiiII", 40, wide, high, 1, bits, packing, len(runs), 3000, 3000, 4, 0)
    start = 14 + 40 + 16
    return b"BM" + struct.pack("<IHHI", start + len(runs), 0, 0, start) + head + bytes(16) + runs


@pytest.mark.parametrize(
    ("data", "is_whole"),
    [
        (_runs(), True), (_runs(rows=25), False), (_runs(end=b""), False), (_runs(wide=50), False), (_runs(high=90), False),
        (_runs(bits=4), False), (_runs()[:-200], False),
    ],
    ids=["whole", "rows missing", "no end", "too narrow", "too high", "other bits", "cut"],
)  # fmt: skip
def test_a_bmp_of_runs_has_all_its_rows(data: bytes, is_whole: bool) -> None:
    assert (find_bmp_gap(data) is None) is is_whole


def test_packed_strips_whose_head_does_not_say_so_are_told() -> None:
    noise = Pillow.fromarray(np.random.default_rng(2).integers(0, 255, (512, 400)).astype(np.uint8))
    data = _tiff(noise, 64, compression="packbits")
    assert _gap_of(data) is None
    assert _gap_of(_with_tag(data, 259, 1)) is not None


@pytest.mark.parametrize(("tag", "value"), [(257, 2196), (256, 1730)])
def test_jpeg_strips_are_as_large_as_the_head_says(tag: int, value: int) -> None:
    """The last strip of 24 rows is of 20 then, and all are of 1,700 columns."""
    data = _tiff(GREY, 64, compression="jpeg")
    assert _gap_of(data) is None
    gap = _gap_of(_with_tag(data, tag, value))
    assert gap is not None and "size" in gap.why


def test_a_narrower_head_than_the_lzw_behind_it_is_told() -> None:
    """libtiff unpacks what it needs and says nothing of the rest; one strip that is counted shows it."""
    data = _tiff(GREY, 64, compression="tiff_lzw")
    assert _gap_of(data) is None
    gap = _gap_of(_with_tag(data, 256, 1636))
    assert gap is not None and "more of it" in gap.why


def test_a_tag_that_stands_twice_is_a_damaged_head() -> None:
    data = bytearray(_tiff(GREY, 64))
    (at,) = struct.unpack_from("<I", data, 4)
    (entries,) = struct.unpack_from("<H", data, at)
    tags = {struct.unpack_from("<H", data, at + 2 + 12 * n)[0]: at + 2 + 12 * n for n in range(entries)}
    struct.pack_into("<H", data, tags[262], 278)
    gap = _gap_of(bytes(data))
    assert gap is not None and "head" in gap.why


def test_a_few_odd_bytes_before_the_end_hide_nothing() -> None:
    data = _jpeg(restart_marker_rows=4)
    assert find_jpeg_gap(data[:-2] + b"\x11\x22\x33" + data[-2:]) is None
    at = data.index(b"\xff\xdd")
    assert find_jpeg_gap(data[:at] + b"\xbf" + data[at + 1 :]) is not None, "no restart interval any more"


def test_a_jpeg_2000_has_all_its_tiles_and_its_end() -> None:
    out = io.BytesIO()
    GREY.save(out, "JPEG2000", tile_size=(512, 512))
    data = out.getvalue()
    assert find_jpx_gap(data, *GREY.size) is None
    assert find_jpx_gap(data, GREY.width, GREY.height - 8) is not None
    for share in (0.05, 0.3, 0.6, 0.95):
        assert find_jpx_gap(data[: int(len(data) * share)], *GREY.size) is not None


def _segment(number: int, kind: int, data: bytes) -> bytes:
    return struct.pack(">IBBBI", number, kind, 0, 1, len(data)) + data


def test_jbig2_segments_are_all_there_and_within_the_page() -> None:
    head = _segment(0, 48, struct.pack(">IIIIBH", 1700, 2200, 0, 0, 0, 0))
    region = struct.pack(">IIIIB", 1700, 2200, 0, 0, 0) + bytes(300)
    whole = head + _segment(1, 38, region)
    assert find_jbig2_gap(whole, 1700, 2200) is None
    assert find_jbig2_gap(whole[:-100], 1700, 2200) is not None
    assert find_jbig2_gap(whole, 1700, 2300) is not None
    beyond = head + _segment(1, 38, struct.pack(">IIIIB", 1700, 2200, 400, 0, 0) + bytes(300))
    assert find_jbig2_gap(beyond, 1700, 2200) is not None


def test_the_flat_rest_of_a_picture_is_not_there() -> None:
    picture = LETTER.copy()
    picture[1100:] = 128
    assert rows_there(picture) == pytest.approx(0.5, abs=0.05)
    assert rows_there(np.full((100, 100), 255, np.uint8)) == 0.0


# ---- PDF


def _pdf(
    image: bytes,
    filters: str | None = None,
    content: bytes = b"q 612 0 0 792 0 0 cm /Im0 Do Q",
    *,
    entries: dict[str, Any] | None = None,
) -> bytes:
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(612, 792))
        stream = pikepdf.Stream(pdf, b"")
        stream.write(image, filter=pikepdf.Name(filters) if filters else None)
        said = {
            "/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Image, "/Width": 1700, "/Height": 2200,
            "/ColorSpace": pikepdf.Name.DeviceGray, "/BitsPerComponent": 8, **(entries or {}),
        }  # fmt: skip
        for name, value in said.items():
            if value is not None:
                stream[name] = value
        pdf.pages[0].obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=pdf.make_indirect(stream)))
        pdf.pages[0].obj.Contents = pdf.make_stream(content)
        out = io.BytesIO()
        pdf.save(out, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    return out.getvalue()


def _page_gap(data: bytes) -> Gap | None:
    seen = look_at_page(data, 1, 1, 80_000_000)
    assert seen is not None
    return seen.gap


FLATE = zlib.compress(LETTER.tobytes())


def _lzw() -> bytes:
    """The letter as libtiff packs it by LZW, in one strip."""
    file = io.BytesIO()
    Pillow.fromarray(LETTER).save(file, "TIFF", compression="tiff_lzw", tiffinfo={278: LETTER.shape[0]})
    with Pillow.open(io.BytesIO(file.getvalue())) as picture:
        assert isinstance(picture, TiffImagePlugin.TiffImageFile)
        (at,), (size,) = picture.tag_v2[273], picture.tag_v2[279]
    return file.getvalue()[at : at + size]


LZW = _lzw()


def test_whole_pictures_in_pdfs_are_whole() -> None:
    assert _page_gap(_pdf(FLATE, "/FlateDecode")) is None
    assert _page_gap(_pdf(LETTER.tobytes())) is None
    assert _page_gap(_pdf(LZW, "/LZWDecode")) is None
    assert _page_gap(_pdf(_jpeg(), "/DCTDecode")) is None
    assert _page_gap(_pdf(FLATE[:-4], "/FlateDecode")) is None, "only the checksum is missing"
    assert _page_gap(_pdf(FLATE, "/FlateDecode", b"q /Other gs Q")) is None, (
        "a picture that is not drawn is nobody's page"
    )


HALF = _jpeg()[:40_000] + b"\xff\xd9"
FULL = b"q 612 0 0 792 0 0 cm /Im0 Do Q"


def _within(picture: bytes, where: str) -> bytes:
    """A PDF whose page shows this JPEG through a pattern, a stamp, or as the mask of another picture."""
    with pikepdf.open(io.BytesIO(_pdf(picture, "/DCTDecode"))) as pdf:
        page = pdf.pages[0].obj
        image = page.Resources.XObject.Im0
        box = pikepdf.Array([0, 0, 612, 792])
        form = pdf.make_stream(FULL, BBox=box, Resources=pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=image)))
        page.Resources, page.Contents = pikepdf.Dictionary(), pdf.make_stream(b" ")
        if where == "pattern":
            form.PatternType, form.PaintType, form.TilingType, form.XStep, form.YStep = 1, 1, 1, 612, 792
            page.Resources.Pattern = pikepdf.Dictionary(P0=form)
            page.Contents = pdf.make_stream(b"/Pattern cs /P0 scn 0 0 612 792 re f")
        elif where == "stamp":
            form.Type, form.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
            look = pikepdf.Dictionary(N=form)
            stamp = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Stamp, Rect=box, F=4, AP=look)
            page.Annots = pikepdf.Array([pdf.make_indirect(stamp)])
        else:
            dark = pdf.make_stream(
                bytes(64), Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=8, Height=8,
                ColorSpace=pikepdf.Name.DeviceGray, BitsPerComponent=8, Mask=image,
            )  # fmt: skip
            page.Resources.XObject, page.Contents = pikepdf.Dictionary(Im1=dark), pdf.make_stream(b"/Im1 Do")
        out = io.BytesIO()
        pdf.save(out, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    return out.getvalue()


@pytest.mark.parametrize("where", ["pattern", "stamp", "mask"])
def test_a_picture_is_looked_at_wherever_a_page_takes_it_from(where: str) -> None:
    assert _page_gap(_within(_jpeg(), where)) is None
    gap = _page_gap(_within(HALF, where))
    assert gap is not None and "ends early" in gap.sentence


def test_some_bytes_of_the_last_row_are_nobodys_loss() -> None:
    assert _page_gap(_pdf(LETTER.tobytes()[:-3])) is None
    assert _page_gap(_pdf(LETTER.tobytes()[: -3 * LETTER.shape[1]])) is not None


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (_pdf(FLATE[: len(FLATE) // 2], "/FlateDecode"), "ends early"),
        (_pdf(zlib.compress(LETTER[:1500].tobytes()), "/FlateDecode"), "ends early"),
        (_pdf(FLATE[:-4] + b"\0\0\0\0", "/FlateDecode"), "damaged"),
        (_pdf(FLATE, "/FlateDecode", entries={"/Height": 1500}), "more of it"),
        (_pdf(FLATE, "/FlateDecode", entries={"/Height": None}), "size"),
        (_pdf(FLATE, "/FlateDecode", entries={"/ColorSpace": None}), "description"),
        (_pdf(FLATE, "/FlateDecode", entries={"/ColorSpace": pikepdf.Name("/-DeviceGray")}), "colours"),
        (_pdf(_jpeg(), "/DCTDecode", entries={"/ColorSpace": pikepdf.Name("/?DeviceGray")}), "colours"),
        (_pdf(LZW[:200] + bytes([LZW[200] ^ 0x40]) + LZW[201:], "/LZWDecode"), "damaged"),
        (_pdf(LZW[: len(LZW) // 2], "/LZWDecode"), "ends early"),
        (_pdf(_jpeg(), "/DCTDecode", entries={"/Width": 1690}), "size in the file"),
        (_pdf(_jpeg()[:40_000], "/DCTDecode"), "ends early"),
        (_pdf(b"no picture", "/DCTDecode"), "cannot be decoded"),
        (_pdf(b"no picture", "/JPXDecode"), "cannot be decoded"),
        (_pdf(FLATE, "/FlateDecode", b"q /Im7 Do Q"), "not in the file"),
        (_pdf(FLATE, "/FlateDecode", entries={"/Subtype": pikepdf.Name("/Imagf")}), "description"),
    ],
    ids=["half", "rows missing", "checksum", "too short a height", "no height", "no colours", "odd colours", "odd colours of a jpeg", "a code of LZW", "half LZW", "other width", "half a jpeg",
         "no jpeg", "no jpx", "missing", "neither picture nor form"],
)  # fmt: skip
def test_what_is_not_whole_in_a_pdf_is_told(data: bytes, says: str) -> None:
    gap = _page_gap(data)
    assert gap is not None
    assert says in gap.sentence


def test_a_page_description_that_does_not_unpack_is_told() -> None:
    packed = zlib.compress(b"q 612 0 0 792 0 0 cm /Im0 Do Q " * 50)
    with pikepdf.open(io.BytesIO(_pdf(FLATE, "/FlateDecode"))) as pdf:
        content = pikepdf.Stream(pdf, b"")
        content.write(packed[: len(packed) // 2], filter=pikepdf.Name.FlateDecode)
        pdf.pages[0].obj.Contents = pdf.make_indirect(content)
        out = io.BytesIO()
        pdf.save(out, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    gap = _page_gap(out.getvalue())
    assert gap is not None
    assert "description" in gap.sentence


@pytest.mark.parametrize("packing", ["raw", "tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg", "group4"])
@pytest.mark.parametrize("rows", [304, 99_999])
def test_what_is_there_of_a_cut_strip_is_shown_with_its_share(packing: str, rows: int) -> None:
    """The last strip of the file ends early, and its count says so."""
    picture = BITS if packing == "group4" else GREY
    data = _tiff(picture, rows, compression=None if packing == "raw" else packing)
    page = read_directories(data, 9)[0]
    count = page.tags[279][-1]
    order = "<" if data[:2] == b"II" else ">"
    if len(page.tags[279]) == 1:
        cut = _with_tag(data, 279, count // 2)
    else:
        packed = struct.pack(f"{order}{len(page.tags[279])}I", *page.tags[279])
        at = data.index(packed) + len(packed) - 4
        cut = data[:at] + struct.pack(order + "I", count // 3) + data[at + 4 :]
    (directory,) = read_directories(cut, 9)
    gap = find_tiff_gap(cut, directory) or find_lzw_gap(cut, directory)
    assert gap is not None and gap.share is not None
    assert 0 < gap.share < 1
    if rows > len(LETTER) and packing in ("tiff_lzw", "tiff_adobe_deflate", "packbits"):
        with pytest.raises(IncompleteFile, match=f"About {gap.share:.0%} of it is there"):  # libtiff gives whole strips
            load_page(cut, Kind.TIFF, 1)
        return
    raw = load_page(cut, Kind.TIFF, 1)
    assert raw.gap is not None and raw.gap.share == gap.share
    assert raw.image.shape == LETTER.shape
    top = round(raw.gap.share * len(LETTER) * 0.6)
    assert abs(raw.image[:top].astype(int) - np.asarray(picture.convert("L"))[:top]).mean() < 3, (
        "the part that is there"
    )
