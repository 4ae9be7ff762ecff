"""Opening scans: by content, counted twice, decoded whole or not at all."""

import io
import struct

import numpy as np
import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject
from reportlab.pdfgen.canvas import Canvas

from ocr.errors import DamagedFile, EncryptedFile, IncompleteFile, OcrError, TooLarge, UnsupportedFile
from ocr.load import Limits, load_page, open_file
from ocr.signature import Kind, find_kind, has_end
from tests.given.paper import LINES, printed, saved

PAGE = printed(LINES)


@pytest.mark.parametrize(
    ("kind", "options", "pages"),
    [
        ("TIFF", {"compression": "tiff_lzw"}, 3),
        ("TIFF", {"compression": "group4", "bitonal": True}, 3),
        ("TIFF", {"compression": "jpeg"}, 2),
        ("TIFF", {}, 1),
        ("PDF", {}, 3),
        ("JPEG", {}, 1),
        ("PNG", {}, 1),
        ("BMP", {}, 1),
    ],
)
def test_every_supported_kind_opens_and_every_page_of_it(kind: str, options: dict[str, object], pages: int) -> None:
    data = saved([PAGE] * pages, kind, **options)
    opened = open_file(data)
    assert (opened.kind.upper(), opened.pages, opened.flags) == (kind, pages, ())
    for number in range(1, pages + 1):
        page = load_page(data, opened.kind, number)
        assert page.image.dtype == np.uint8
        assert (page.image < 100).mean() > 0.002  # the writing is there
        assert page.dpi == pytest.approx((200, 200), abs=1)


@pytest.mark.parametrize(
    ("head", "says"),
    [
        (b"", "empty"),
        (b"PK\x03\x04....", "PDF"),
        (b"GIF89a......", "GIF"),
        (b"....ftypheic", "HEIC"),
        (b"hello", "supported"),
        (b"\x00\x00\x00\x0cjP  ....", "JPEG 2000"),
    ],
)
def test_other_kinds_are_refused_with_what_to_do(head: bytes, says: str) -> None:
    with pytest.raises(UnsupportedFile, match=says):
        find_kind(head)


def test_content_decides_not_the_name() -> None:
    assert open_file(saved([PAGE], "PNG")).kind is Kind.PNG


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "BMP", "TIFF"])
def test_half_a_page_is_never_a_page(kind: str, share: float) -> None:
    data = saved([PAGE, PAGE] if kind == "TIFF" else [PAGE], kind)
    cut = data[: int(len(data) * share)]
    gaps = []
    try:
        opened = open_file(cut)
        gaps = [load_page(cut, opened.kind, number).gap for number in range(1, opened.pages + 1)]
    except (IncompleteFile, DamagedFile):
        return
    last = gaps[-1]
    assert last is not None and last.share is not None and last.share < 1


def test_a_tiff_whose_chain_is_cut_or_circular_is_refused() -> None:
    data = bytearray(saved([PAGE] * 3, "TIFF", compression="tiff_lzw"))
    order = "<" if data[:2] == b"II" else ">"
    first = struct.unpack_from(order + "I", data, 4)[0]
    entries = struct.unpack_from(order + "H", data, first)[0]
    for target in (first, len(data) + 1000):
        struct.pack_into(order + "I", data, first + 2 + 12 * entries, target)
        with pytest.raises(OcrError):
            open_file(bytes(data))


def test_a_locked_pdf_is_refused_and_one_that_only_restricts_opens() -> None:
    for password, opens in (("secret", False), ("", True)):
        writer = PdfWriter(clone_from=PdfReader(io.BytesIO(saved([PAGE], "PDF"))))
        writer.encrypt(password, "owner", algorithm="AES-256")
        out = io.BytesIO()
        writer.write(out)
        if opens:
            assert open_file(out.getvalue()).pages == 1
        else:
            with pytest.raises(EncryptedFile, match="password"):
                open_file(out.getvalue())


def test_every_refusal_of_size_names_the_limit() -> None:
    with pytest.raises(TooLarge, match="1 MB"):
        open_file(saved([PAGE], "BMP"), Limits(file_bytes=1_000_000))
    with pytest.raises(TooLarge, match="limit is 2"):
        open_file(saved([PAGE] * 3, "PDF"), Limits(pages=2))
    with pytest.raises(TooLarge, match="more than 2"):
        open_file(saved([PAGE] * 3, "TIFF"), Limits(pages=2))
    with pytest.raises(TooLarge, match="limit is 1 million"):
        open_file(saved([PAGE], "PNG"), Limits(pixels=1_000_000))


def test_a_huge_page_is_rendered_at_fewer_dots_not_refused_at_once() -> None:
    writer = PdfWriter()
    writer.add_blank_page(7200, 7200)  # 100 inches
    out = io.BytesIO()
    writer.write(out)
    page = load_page(out.getvalue(), Kind.PDF, 1, Limits(pixels=60_000_000))
    assert page.image.size <= 60_500_000
    with pytest.raises(TooLarge, match="inches"):
        load_page(out.getvalue(), Kind.PDF, 1, Limits(pixels=10_000_000))


def test_a_page_whose_size_makes_no_sense_is_refused_not_shown_cut_off() -> None:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(612, 792), pageCompression=0)
    canvas.drawString(72, 700, "a page of text")
    canvas.save()
    data = out.getvalue()
    start = data.index(b"/MediaBox")
    end = data.index(b"]", start)
    broken = data[:start] + b"/MediaBox [0 0 0 0".ljust(end - start) + data[end:]
    with pytest.raises(TooLarge, match="size"):
        load_page(broken, Kind.PDF, 1)


def test_active_content_is_told() -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(saved([PAGE], "PDF"))))
    script = DictionaryObject(
        {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")}
    )
    writer.root_object[NameObject("/OpenAction")] = writer._add_object(script)
    out = io.BytesIO()
    writer.write(out)
    assert "active_content" in open_file(out.getvalue()).flags


def test_the_orientation_a_camera_notes_is_applied() -> None:
    from PIL import Image as Pillow

    picture = Pillow.fromarray(PAGE)
    exif = picture.getexif()
    exif[0x0112] = 6
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif)
    assert load_page(out.getvalue(), Kind.JPEG, 1).image.shape == PAGE.shape[::-1]


def test_the_end_of_a_file_is_seen() -> None:
    for kind in ("PDF", "JPEG", "PNG"):
        data = saved([PAGE], kind)
        assert has_end(find_kind(data[:2048]), data[-4096:])
        assert not has_end(find_kind(data[:2048]), data[: len(data) // 2][-4096:])
