"""Opens scans: decides the kind by content, counts pages twice, decodes strictly one page at a time.

OpenCV gave an image without error for 20 of 20 JPEGs cut to 60 %, and 4 pages of a cut 5-page TIFF
(measured), so Pillow decodes, from an allow-list of formats, after the header passed the limits.
"""

import io
import struct
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from PIL import Image as Pillow
from PIL import ImageFile, ImageOps

from ocr.errors import DamagedFile, EncryptedFile, IncompleteFile, OcrError, TooLarge, UnsupportedFile
from ocr.formats.alpha import without_alpha
from ocr.formats.bmp import find_bmp_gap
from ocr.formats.gap import Gap
from ocr.formats.jpeg import find_jpeg_gap
from ocr.formats.pdf_extras import MOST_ATTACHMENTS, is_tick
from ocr.formats.pdf_images import SHOWS, spread_of
from ocr.formats.pdf_page import PdfPage, attachment_of, holds_unseen, look_at_file, look_at_page
from ocr.formats.png import find_png_gap, picture_of
from ocr.formats.tiff import (
    find_lzw_gap,
    find_tiff_gap,
    is_premultiplied,
    pages_of,
    read_directories,
    with_bare_colours,
)
from ocr.imaging import Image, cv2, to_grey
from ocr.page import Box, Note
from ocr.signature import Kind, find_kind, has_end

Pillow.MAX_IMAGE_PIXELS = None  # our own limit is checked before anything is decoded


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may ask of us; every refusal names the limit (docs/evidence.md)."""

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
    attachments: tuple[str, ...] = ()  # names of the files inside it


@dataclass(frozen=True, slots=True)
class RawPage:
    """One page as it is in the file: grey or BGR pixels, dots per inch across and down; `is_scan` when a
    PDF page is nothing but this image, `gap` what is missing of it, `notes` and `ticks` what the file says besides, in
    pixels of the image."""

    image: Image
    dpi: tuple[float, float]
    is_bitonal: bool = False
    is_scan: bool = False
    gap: Gap | None = None
    notes: tuple[Note, ...] = ()
    ticks: tuple[Box, ...] = ()
    may_be_blank: bool = True
    has_hidden_layers: bool = False
    has_pictures: bool = True


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
    with _pillow(picture_of(data) if kind is Kind.PNG else data, kind) as picture:
        _check_pixels(picture.width, picture.height, limits)
    if not has_end(kind, data):
        raise IncompleteFile("The image is cut off: the end of the file is missing. Scan the paper again.")
    return Opened(kind, 1)


def load_page(data: bytes, kind: Kind, number: int, limits: Limits = DEFAULT_LIMITS) -> RawPage:  # noqa: C901 - one format a branch
    """Decode one page (1-based); IncompleteFile, DamagedFile or TooLarge when nothing of it can be had.

    A picture that is there in part comes with its `gap`.
    """
    if kind is Kind.PDF:
        return _load_pdf_page(data, number, limits)
    frame, gap, is_turned, has_bare_colours = number - 1, None, False, False
    explain: Callable[[], Gap | None] | None = None  # asked only when a picture does not decode
    if kind is Kind.TIFF:
        page = pages_of(read_directories(data, 2 * limits.pages))[number - 1]
        explain = partial(find_lzw_gap, data, page)
        frame, is_turned, gap = page.index, page.is_turned, find_tiff_gap(data, page)
        if has_bare_colours := is_premultiplied(page):
            data = with_bare_colours(data, page)
    elif kind is Kind.JPEG:
        gap = find_jpeg_gap(data)
    elif kind is Kind.PNG:
        data, gap = picture_of(data), find_png_gap(data)
    elif kind is Kind.BMP:
        gap = find_bmp_gap(data)
    with _pillow(data, kind) as picture:
        try:
            if frame > 0:
                picture.seek(frame)
            _check_pixels(picture.width, picture.height, limits)
            with _as_far_as_it_goes(gap):
                picture.load()
        except OcrError:
            raise
        except EDGE_ERRORS as error:
            gap = gap or (explain() if explain else None)
            if gap is None or not gap.share or not _keep_what_is_there(picture):
                raise _not_whole(error, gap) from error
        try:
            page_image = _from_pillow(picture, is_turned=is_turned, is_premultiplied=has_bare_colours)
        except EDGE_ERRORS as error:
            raise _not_whole(error, gap) from error
        return replace(page_image, gap=gap)


def _keep_what_is_there(picture: Any) -> bool:
    """Let Pillow be content with the rows it has decoded; False when it has none."""
    picture.tile = []  # nothing is left to decode
    try:
        picture.load()
        extremes = picture.convert("L").getextrema()
    except EDGE_ERRORS:
        return False
    return bool(extremes[0] != extremes[1])


@contextmanager
def _as_far_as_it_goes(gap: Gap | None) -> Iterator[None]:
    """A picture of which something is missing is decoded as far as it is there; every other one strictly."""
    ImageFile.LOAD_TRUNCATED_IMAGES = gap is not None
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = False


def holds_what_it_does_not_show(data: bytes, number: int, image: Image) -> bool:
    """Whether a PDF page that came out blank, as this image, has a picture or text that should be seen: nothing proves it
    blank then. Specks of a blank side that are in its picture and in the image are seen."""
    spread = spread_of(Pillow.fromarray(to_grey(image)))
    with pdf_document(data) as document:
        if spread <= SHOWS and _has_visible_text(document[number - 1]):
            return True
        return holds_unseen(data, number, len(document), spread)


def _has_visible_text(page: Any) -> bool:
    """Whether letters are to be drawn in another colour than white (ISO 32000-1 table 106: modes 0 to 2 and 4 to 6 paint)."""
    import ctypes

    import pypdfium2.raw as pdfium

    for thing in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT], max_depth=4):
        if pdfium.FPDFTextObj_GetTextRenderMode(thing) in (3, 7):
            continue
        red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
        pdfium.FPDFPageObj_GetFillColor(thing, red, green, blue, alpha)
        if alpha.value > 25 and min(red.value, green.value, blue.value) < 230:
            return True
    return False


def load_attachment(data: bytes, number: int, limits: Limits = DEFAULT_LIMITS) -> tuple[str, bytes]:
    """Name and bytes of a file inside a PDF (0-based); DamagedFile or TooLarge with a sentence."""
    try:
        found = attachment_of(data, number)
    except Exception as error:
        raise DamagedFile("A file inside the PDF cannot be taken out. Ask the sender for it by itself.") from error
    if len(found.data) > limits.file_bytes:
        raise TooLarge(f"A file inside the PDF is larger than {limits.file_bytes // 1_000_000} MB. Save it by itself.")
    return found.name, found.data


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
    file = look_at_file(data)
    if file is not None and file.is_dynamic_form:
        raise UnsupportedFile(
            "This PDF is a form that only Adobe Reader can show (XFA). Open it there, print it to PDF, and drop that file."
        )
    flags = [] if has_end(Kind.PDF, data[-4096:]) else ["end_missing"]
    second = _count_with_pypdf(data) if file is None else file.pages  # qpdf repairs what it can
    if second is None:
        flags.append("page_count_unconfirmed")
    elif second != count:
        flags.append("page_counts_differ")
    attachments = file.attachments[:MOST_ATTACHMENTS] if file else ()
    flags += ["attachments_left_out"] if file and len(file.attachments) > MOST_ATTACHMENTS else []
    flags += [name for mark, name in _ACTIVE_CONTENT if mark in data]
    flags += ["embedded_file"] if attachments else []
    return Opened(Kind.PDF, count, tuple(flags), attachments)


_ACTIVE_CONTENT = (
    (b"/JavaScript", "active_content"),
    (b"/Launch", "active_launch"),
    (b"/XFA", "xfa_form"),
    (b"/URI", "web_links"),
)
"""Kept untouched in the original for evidence, never in what people are shown."""


def _count_with_pypdf(data: bytes) -> int | None:
    from pypdf import PdfReader

    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted:
            reader.decrypt("")
        return len(reader.pages)
    except Exception:  # noqa: BLE001 - pypdf raises its own and half of Python's errors on broken PDFs
        return None


def _open_tiff(data: bytes, limits: Limits) -> Opened:
    directories = read_directories(data, 2 * limits.pages)
    pages = pages_of(directories)
    if len(pages) > limits.pages:
        raise TooLarge(f"The TIFF has more than {limits.pages:,} pages. Split it and drop the parts.")
    with _pillow(data, Kind.TIFF) as picture:
        _check_pixels(picture.width, picture.height, limits)
        try:
            counted = picture.n_frames
        except EDGE_ERRORS as error:
            raise IncompleteFile(
                "The TIFF is cut off or damaged: its pages cannot all be reached. Scan the paper again."
            ) from error
    previews = len(directories) - len(pages) + sum(len(page.within) for page in pages)
    flags = [] if counted == len(directories) else ["page_counts_differ"]
    flags += [f"previews_left_out_{previews}"] if previews else []
    return Opened(Kind.TIFF, len(pages), tuple(flags))


def _load_pdf_page(data: bytes, number: int, limits: Limits) -> RawPage:
    with pdf_document(data) as document:
        count = len(document)
    seen = look_at_page(data, number, count, limits.pixels)
    if seen is not None and seen.scan is not None:
        return replace(_from_pillow(seen.scan.picture, seen.scan.dpi), is_scan=True)
    return _render_pdf_page(data, number, limits, seen or PdfPage())


def _render_pdf_page(data: bytes, number: int, limits: Limits, seen: PdfPage) -> RawPage:
    with pdf_document(data) as document:
        try:
            if document.get_formtype() not in _XFA_FORMS:  # this pdfium cannot draw those, and says so on the screen
                document.init_forms()
            page = document[number - 1]
            width, height = (length * seen.unit for length in page.get_size())
            dpi = _dpi_for(page, width, height, limits, seen.unit)
            bitmap = page.render(scale=dpi / 72 * seen.unit, may_draw_forms=True, rev_byteorder=False)
            pixels = np.array(bitmap.to_numpy()[:, :, :3])
            notes, ticks = _notes_on(page, pixels.shape[1], pixels.shape[0], seen)
            bitmap.close()
            page.close()
        except OcrError:
            raise
        except EDGE_ERRORS as error:
            raise DamagedFile(f"Page {number} of the PDF cannot be shown. Scan that page again.") from error
    image = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY) if _is_grey(pixels) else pixels
    said = 0.0 if dpi > _MOST_BELIEVED else dpi  # a page the size of a stamp: its scan knows no resolution
    return RawPage(
        image, (said, said), gap=seen.gap, notes=notes, ticks=ticks, may_be_blank=False,
        has_hidden_layers=seen.has_hidden_layers, has_pictures=seen.has_pictures,
    )  # fmt: skip


_XFA_FORMS = (2, 3)  # FORMTYPE_XFA_FULL, FORMTYPE_XFA_FOREGROUND of pdfium
_MOST_BELIEVED = 700
"""Dots per inch above which no scan of a chart is made: the page is then smaller in the file than the paper was."""


def _notes_on(page: Any, width: int, height: int, seen: PdfPage) -> tuple[tuple[Note, ...], tuple[Box, ...]]:
    """Notes, and boxes that are ticked, at their places in the picture of a rendered page."""
    import ctypes

    import pypdfium2.raw as pdfium

    notes, ticks = [], []
    for extra in seen.extras:
        left, bottom, right, top = extra.rect
        corners = []
        for x, y in ((left, bottom), (right, top)):
            across, down = ctypes.c_int(), ctypes.c_int()
            pdfium.FPDF_PageToDevice(page, 0, 0, width, height, 0, x, y, across, down)
            corners.append((across.value, down.value))
        (x1, y1), (x2, y2) = corners
        box = Box(min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))
        if is_tick(extra):
            ticks.append(box)
        else:
            notes.append(Note(extra.kind, extra.text, box, extra.name))
    return tuple(notes), tuple(ticks)


def _dpi_for(page: Any, width: float, height: float, limits: Limits, unit: float) -> float:
    """Pixels are computed from the page size before anything is rendered; huge pages get fewer dpi.

    pdfium shows a page whose MediaBox makes no sense as a letter page, which may cut off what is on it.
    """
    left, bottom, right, top = page.get_mediabox()
    if right <= left or top <= bottom or not (1 <= width <= _LONGEST and 1 <= height <= _LONGEST):
        raise TooLarge("The page has no sensible size. Scan that page again.")
    dpi = float(limits.render_dpi)
    native = _scan_dpi(page, width, unit)
    if native is not None and (180 <= native < dpi or native > _MOST_BELIEVED or max(width, height) > _LONG_SHEET):
        dpi = native
    most = (limits.pixels / (width * height)) ** 0.5 * 72
    if most < 72:
        raise TooLarge(
            f"The page is {width / 72:.0f} × {height / 72:.0f} inches, more than {limits.pixels // 1_000_000} "
            "million pixels. Export it at its real size."
        )
    return float(min(dpi, most))


_LONG_SHEET = 40 * 72  # strips of tracings; at 300 dpi they are larger than any page
_LONGEST = 200_000  # 1/72 inch; what is too large for its pixels is told below


def _scan_dpi(page: Any, width: float, unit: float) -> float | None:
    """Resolution of the one image that covers the page, or None when the page is not a scan."""
    images = []
    for thing in page.get_objects(max_depth=2):
        if thing.type == 3:  # FPDF_PAGEOBJ_IMAGE
            left, _, right, _ = thing.get_bounds() if hasattr(thing, "get_bounds") else thing.get_pos()
            images.append((right - left, thing))
        if len(images) > 3:
            return None
    if len(images) != 1 or images[0][0] * unit < 0.8 * width:
        return None
    pixels = images[0][1].get_px_size()
    return float(min(pixels) / min(page.get_size()) * 72 / unit)


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


def _from_pillow(
    picture: Any, in_pdf: Any = None, *, is_turned: bool = False, is_premultiplied: bool = False
) -> RawPage:
    """`is_turned`: Pillow turned it by its orientation tag while it loaded, and left the resolutions as they were."""
    dpi = in_pdf or picture.info.get("dpi") or (0, 0)
    is_bitonal = picture.mode == "1"
    upright = picture if in_pdf else ImageOps.exif_transpose(picture)  # a PDF says itself how its images lie
    if is_turned or (upright.size != picture.size and upright.size == picture.size[::-1]):
        dpi = (dpi[1], dpi[0])
    if upright.mode in ("I;16", "I;16B", "I;16L", "I", "F"):
        return RawPage(_in_bytes(np.asarray(upright, dtype=np.float32)), _dpi_pair(dpi, upright.size))
    if upright.mode in ("1", "L"):
        return RawPage(np.array(upright.convert("L")), _dpi_pair(dpi, upright.size), is_bitonal)
    if "A" in upright.mode or "transparency" in upright.info:
        upright = without_alpha(upright, is_premultiplied=is_premultiplied)
    pixels = np.asarray(upright.convert("RGB"))[:, :, ::-1]
    if _is_grey(np.ascontiguousarray(pixels)):
        return RawPage(cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_BGR2GRAY), _dpi_pair(dpi, upright.size))
    return RawPage(np.ascontiguousarray(pixels), _dpi_pair(dpi, upright.size))


def _in_bytes(values: "np.ndarray[Any, np.dtype[np.float32]]") -> Image:
    """Grey values of any range as 0 to 255; what is no number, and one pixel that outshines all others, count for nothing."""
    values = np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0).astype(np.float32)
    lowest = min(0.0, float(values.min()))
    top = float(np.percentile(values, 99.99)) - lowest or float(values.max()) - lowest or 1.0
    grey: Image = np.clip((values - lowest) * (255.0 / top), 0, 255).astype(np.uint8)
    return grey


def _dpi_pair(dpi: Any, size: tuple[int, int]) -> tuple[float, float]:
    """Resolutions across and down of a picture of this width and height; zeros when they cannot be believed."""
    try:
        across, down = float(dpi[0]), float(dpi[1])
    except (TypeError, ValueError, IndexError, ZeroDivisionError):
        return (0.0, 0.0)
    if not (0 < across < 5000 and 0 < down < 5000) or max(across, down) > _MOST_UNEQUAL * min(across, down):
        return (0.0, 0.0)
    width, height = size
    if across != down and _is_paper(width, height) and not _is_paper(width / across, height / down):
        return (0.0, 0.0)
    return (across, down)


_MOST_UNEQUAL = 3.0
"""Fax has two to one at the most (ITU-T T.30: 204 by 98 a inch); beyond that a resolution is a mistake."""


def _is_paper(width: float, height: float) -> bool:
    """Whether a page of this shape is sold: between Letter (1.29) and Legal (1.65), some margin cut off or left on."""
    return 1.2 < max(width, height) / min(width, height) < 1.75


def _not_whole(error: BaseException, gap: Gap | None) -> OcrError:
    if gap is not None:
        return IncompleteFile(gap.sentence)
    if isinstance(error, MemoryError):
        return TooLarge("The page needs more memory than a page may. Scan at 300 dpi.")
    text = str(error).lower()
    if isinstance(error, EOFError) or "truncated" in text or "incomplete" in text or "broken data stream" in text:
        return IncompleteFile("The image is cut off: part of the page is missing. Scan the paper again.")
    return DamagedFile("The image is damaged and cannot be shown whole. Scan the paper again.")
