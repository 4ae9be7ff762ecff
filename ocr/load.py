"""Opens scans: decides the kind by content, counts pages twice, decodes strictly one page at a time.

OpenCV gave an image without error for 20 of 20 JPEGs cut to 60 %, and 4 pages of a cut 5-page TIFF
(measured), so Pillow decodes, from an allow-list of formats, after the header passed the limits.
"""

import io
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from PIL import Image as Pillow
from PIL import ImageOps

from ocr.embedded import find_embedded
from ocr.errors import DamagedFile, EncryptedFile, IncompleteFile, OcrError, TooLarge
from ocr.imaging import Image, cv2
from ocr.signature import Kind, find_kind, has_end

Pillow.MAX_IMAGE_PIXELS = None  # our own limit is checked before anything is decoded


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may ask of us; every refusal names the limit (RELIABILITY §3)."""

    file_bytes: int = 1_000_000_000
    pages: int = 2_000
    pixels: int = 80_000_000  # A3 at 600 dpi is 70 million
    render_dpi: int = 300


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that opens: its kind, its pages, and what a person should know about it."""

    kind: Kind
    pages: int
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RawPage:
    """One page as it is in the file: grey or BGR pixels, dots per inch across and down; `is_scan` when a
    PDF page is nothing but this image."""

    image: Image
    dpi: tuple[float, float]
    is_bitonal: bool = False
    is_scan: bool = False


_PILLOW_FORMATS = {
    Kind.TIFF: ("TIFF",),
    Kind.JPEG: ("JPEG", "MPO"),
    Kind.PNG: ("PNG",),
    Kind.BMP: ("BMP",),
}

EDGE_ERRORS = (
    OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError, OverflowError, MemoryError,
    ZeroDivisionError, AttributeError, RuntimeError, AssertionError, RecursionError, struct.error, Warning, cv2.error,
)  # fmt: skip
"""What decoders raise on broken input; wide on purpose, and only at the engines' edge."""


def open_file(data: bytes, limits: Limits = DEFAULT_LIMITS) -> Opened:
    """Kind and agreed page count of a file; an OcrError with a sentence when it is refused."""
    if len(data) > limits.file_bytes:
        raise TooLarge(f"The file is larger than {limits.file_bytes // 1_000_000} MB. Split it and drop the parts.")
    kind = find_kind(data[:2048])
    if kind is Kind.PDF:
        return _open_pdf(data, limits)
    if kind is Kind.TIFF:
        return _open_tiff(data, limits)
    with _pillow(data, kind) as picture:
        _check_pixels(picture.width, picture.height, limits)
    if not has_end(kind, data):
        raise IncompleteFile("The image is cut off: the end of the file is missing. Scan the paper again.")
    return Opened(kind, 1)


def load_page(data: bytes, kind: Kind, number: int, limits: Limits = DEFAULT_LIMITS) -> RawPage:
    """Decode one page (1-based); IncompleteFile, DamagedFile or TooLarge when it cannot be had whole."""
    if kind is Kind.PDF:
        with pdf_document(data) as document:
            count = len(document)
        whole = find_embedded(data, number, count, limits.pixels)
        if whole is None:
            return _render_pdf_page(data, number, limits)
        return replace(_from_pillow(whole.picture, whole.dpi), is_scan=True)
    with _pillow(data, kind) as picture:
        try:
            if number > 1:
                picture.seek(number - 1)
            _check_pixels(picture.width, picture.height, limits)
            picture.load()
            return _from_pillow(picture)
        except OcrError:
            raise
        except EDGE_ERRORS as error:
            raise _not_whole(error) from error


@contextmanager
def pdf_document(data: bytes) -> Iterator[Any]:
    """A pdfium document on these bytes; EncryptedFile or DamagedFile with a sentence."""
    import pypdfium2 as pdfium

    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower():
            raise EncryptedFile(
                "The PDF needs a password. Ask the sender for a copy without one, or print it and scan it."
            ) from error
        raise DamagedFile("The PDF is damaged and cannot be opened. Scan or export it again.") from error
    try:
        yield document
    finally:
        document.close()


def _open_pdf(data: bytes, limits: Limits) -> Opened:
    with pdf_document(data) as document:
        count = len(document)
    if count == 0:
        raise DamagedFile("The PDF has no pages. Scan or export it again.")
    if count > limits.pages:
        raise TooLarge(f"The PDF has {count:,} pages; the limit is {limits.pages:,}. Split it and drop the parts.")
    flags = [] if has_end(Kind.PDF, data[-4096:]) else ["end_missing"]
    second = _count_again(data)
    if second is None:
        flags.append("page_count_unconfirmed")
    elif second != count:
        flags.append("page_counts_differ")
    flags += [name for mark, name in _ACTIVE_CONTENT if mark in data]
    return Opened(Kind.PDF, count, tuple(flags))


_ACTIVE_CONTENT = (
    (b"/JavaScript", "active_content"),
    (b"/Launch", "active_launch"),
    (b"/EmbeddedFile", "embedded_file"),
    (b"/XFA", "xfa_form"),
    (b"/URI", "web_links"),
)
"""Kept untouched in the original for evidence, never in what people are shown."""


def _count_again(data: bytes) -> int | None:
    """The second page counter: qpdf, which repairs what it can; pypdf where it cannot; None when neither says."""
    count = _count_with_qpdf(data)
    return _count_with_pypdf(data) if count is None else count


def _count_with_qpdf(data: bytes) -> int | None:
    import logging

    import pikepdf

    logging.getLogger("pikepdf").setLevel(logging.CRITICAL)
    try:
        with pikepdf.open(io.BytesIO(data), suppress_warnings=True) as document:
            return len(document.pages)
    except Exception:  # noqa: BLE001 - whatever qpdf cannot count, pypdf may
        return None


def _count_with_pypdf(data: bytes) -> int | None:
    import logging

    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted:
            reader.decrypt("")
        return len(reader.pages)
    except Exception:  # noqa: BLE001 - pypdf raises its own and half of Python's errors on broken PDFs
        return None


def _open_tiff(data: bytes, limits: Limits) -> Opened:
    chained = _count_tiff_chain(data, limits.pages)
    with _pillow(data, Kind.TIFF) as picture:
        _check_pixels(picture.width, picture.height, limits)
        try:
            counted = picture.n_frames
        except EDGE_ERRORS as error:
            raise IncompleteFile(
                "The TIFF is cut off or damaged: its pages cannot all be reached. Scan the paper again."
            ) from error
    if counted != chained:
        return Opened(Kind.TIFF, max(counted, chained), ("page_counts_differ",))
    return Opened(Kind.TIFF, counted)


def _count_tiff_chain(data: bytes, limit: int) -> int:
    """Pages by walking the chain of image directories (TIFF 6.0 §2, BigTIFF), loops and gaps refused."""
    order = "<" if data[:2] == b"II" else ">"
    is_big = data[2:4] in (b"+\0", b"\0+")
    try:
        at = struct.unpack_from(order + ("Q" if is_big else "I"), data, 8 if is_big else 4)[0]
        seen: set[int] = set()
        while at:
            if at in seen:
                raise DamagedFile("The TIFF's list of pages runs in a circle. Scan the paper again.")
            seen.add(at)
            if len(seen) > limit:
                raise TooLarge(f"The TIFF has more than {limit:,} pages. Split it and drop the parts.")
            if is_big:
                entries = struct.unpack_from(order + "Q", data, at)[0]
                at = struct.unpack_from(order + "Q", data, at + 8 + 20 * entries)[0]
            else:
                entries = struct.unpack_from(order + "H", data, at)[0]
                at = struct.unpack_from(order + "I", data, at + 2 + 12 * entries)[0]
    except (struct.error, OverflowError) as error:
        raise IncompleteFile("The TIFF is cut off: not all of its pages are there. Scan the paper again.") from error
    return len(seen)


def _render_pdf_page(data: bytes, number: int, limits: Limits) -> RawPage:
    with pdf_document(data) as document:
        try:
            document.init_forms()
            page = document[number - 1]
            width, height = page.get_size()
            dpi = _dpi_for(page, width, height, limits)
            bitmap = page.render(scale=dpi / 72, may_draw_forms=True, rev_byteorder=False)
            pixels = np.array(bitmap.to_numpy()[:, :, :3])
            bitmap.close()
            page.close()
        except OcrError:
            raise
        except EDGE_ERRORS as error:
            raise DamagedFile(f"Page {number} of the PDF cannot be shown. Scan that page again.") from error
    grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    if _is_grey(pixels):
        return RawPage(grey, (dpi, dpi))
    return RawPage(pixels, (dpi, dpi))


def _dpi_for(page: Any, width: float, height: float, limits: Limits) -> float:
    """Pixels are computed from the page size before anything is rendered; huge pages get fewer dpi.

    pdfium shows a page whose MediaBox makes no sense as a letter page, which may cut off what is on it.
    """
    left, bottom, right, top = page.get_mediabox()
    if right <= left or top <= bottom or not (1 <= width <= 20_000 and 1 <= height <= 20_000):
        raise TooLarge("The page has no sensible size. Scan that page again.")
    dpi = float(limits.render_dpi)
    native = _scan_dpi(page, width)
    if native is not None and 180 <= native < dpi:
        dpi = native
    most = (limits.pixels / (width * height)) ** 0.5 * 72
    if most < 72:
        raise TooLarge(
            f"The page is {width / 72:.0f} × {height / 72:.0f} inches, more than {limits.pixels // 1_000_000} "
            "million pixels. Export it at its real size."
        )
    return float(min(dpi, most))


def _scan_dpi(page: Any, width: float) -> float | None:
    """Resolution of the one image that covers the page, or None when the page is not a scan."""
    images = []
    for thing in page.get_objects(max_depth=2):
        if thing.type == 3:  # FPDF_PAGEOBJ_IMAGE
            left, _, right, _ = thing.get_bounds() if hasattr(thing, "get_bounds") else thing.get_pos()
            images.append((right - left, thing))
        if len(images) > 3:
            return None
    if len(images) != 1 or images[0][0] < 0.8 * width:
        return None
    pixels = images[0][1].get_px_size()
    return float(min(pixels) / min(page.get_size()) * 72)


def _is_grey(pixels: Image) -> bool:
    sample = pixels[::8, ::8].astype(np.int16)
    spread = sample.max(axis=2) - sample.min(axis=2)
    return bool((spread > 24).mean() < 0.002)


@contextmanager
def _pillow(data: bytes, kind: Kind) -> Iterator[Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            picture = Pillow.open(io.BytesIO(data), formats=_PILLOW_FORMATS[kind])
        except EDGE_ERRORS as error:
            raise DamagedFile(
                f"The {kind.upper()} file is damaged and cannot be opened. Scan the paper again."
            ) from error
        try:
            yield picture
        finally:
            picture.close()


def _check_pixels(width: int, height: int, limits: Limits) -> None:
    if width < 8 or height < 8:
        raise DamagedFile("The image is smaller than any page. Scan the paper again.")
    if width * height > limits.pixels:
        raise TooLarge(
            f"The page has {width * height / 1e6:.0f} million pixels; the limit is {limits.pixels // 1_000_000} "
            "million. Scan at 300 dpi."
        )


def _from_pillow(picture: Any, in_pdf: Any = None) -> RawPage:
    dpi = in_pdf or picture.info.get("dpi") or (0, 0)
    is_bitonal = picture.mode == "1"
    upright = picture if in_pdf else ImageOps.exif_transpose(picture)  # a PDF says itself how its images lie
    if upright.size != picture.size and upright.size == picture.size[::-1]:
        dpi = (dpi[1], dpi[0])
    if upright.mode in ("I;16", "I;16B", "I;16L", "I", "F"):
        values = np.asarray(upright, dtype=np.float32)
        top = float(values.max()) or 1.0
        return RawPage(np.asarray(values * (255.0 / top), dtype=np.uint8), _dpi_pair(dpi))
    if upright.mode in ("1", "L"):
        return RawPage(np.array(upright.convert("L")), _dpi_pair(dpi), is_bitonal)
    if "A" in upright.mode or "transparency" in upright.info:
        flat = Pillow.new("RGBA", upright.size, "white")
        flat.alpha_composite(upright.convert("RGBA"))
        upright = flat
    pixels = np.asarray(upright.convert("RGB"))[:, :, ::-1]
    if _is_grey(np.ascontiguousarray(pixels)):
        return RawPage(cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_BGR2GRAY), _dpi_pair(dpi))
    return RawPage(np.ascontiguousarray(pixels), _dpi_pair(dpi))


def _dpi_pair(dpi: Any) -> tuple[float, float]:
    try:
        across, down = float(dpi[0]), float(dpi[1])
    except (TypeError, ValueError, IndexError, ZeroDivisionError):
        return (0.0, 0.0)
    return (across, down) if 0 < across < 5000 and 0 < down < 5000 else (0.0, 0.0)


def _not_whole(error: BaseException) -> OcrError:
    if isinstance(error, MemoryError):
        return TooLarge("The page needs more memory than a page may. Scan at 300 dpi.")
    text = str(error).lower()
    if isinstance(error, EOFError) or "truncated" in text or "incomplete" in text or "broken data stream" in text:
        return IncompleteFile("The image is cut off: part of the page is missing. Scan the paper again.")
    return DamagedFile("The image is damaged and cannot be shown whole. Scan the paper again.")
