"""One page of a PDF, looked at before it is shown: its scan, what is not whole, and the text beside its picture."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from ocr.formats.gap import Gap
from ocr.formats.pdf_extras import (
    Attachment,
    Extra,
    attachment_names,
    extras_of,
    has_hidden_layers,
    is_dynamic_form,
    read_attachment,
)  # fmt: skip
from ocr.formats.pdf_images import SHOWS, is_unseen, masks_of, what_shows
from ocr.formats.pdf_scan import PageScan, find_scan

_MOST_UNIT = 1000.0


@dataclass(frozen=True, slots=True)
class PdfPage:
    """What a page has to show. `unit` is the size of one unit in 1/72 inch (ISO 32000-1 table 30, UserUnit)."""

    scan: PageScan | None = None
    gap: Gap | None = None
    extras: tuple[Extra, ...] = ()
    unit: float = 1.0
    has_hidden_layers: bool = False
    has_pictures: bool = False


@dataclass(frozen=True, slots=True)
class PdfFile:
    """What qpdf says of a whole file: its pages, whether it is a form that only one viewer can show, files inside it."""

    pages: int
    is_dynamic_form: bool = False
    attachments: tuple[str, ...] = ()


def look_at_page(data: bytes, number: int, pages: int, most_pixels: int) -> PdfPage | None:
    """Page `number` (1-based) of `pages`; None when qpdf cannot open the file or counts its pages otherwise than the renderer,
    so that page 3 may be another page."""
    try:
        with _document(data) as (pikepdf, document):
            if len(document.pages) != pages:
                return None
            page = document.pages[number - 1]
            shown = what_shows(pikepdf, page)
            extras = extras_of(pikepdf, page)
            scan = None if shown.gap or extras else _scan_of(pikepdf, page, most_pixels)
            has_pictures = bool(shown.images) or shown.draws_inline
            return PdfPage(
                scan, shown.gap, extras, _unit_of(page), has_hidden_layers(pikepdf, document, page), has_pictures
            )
    except Exception:  # noqa: BLE001 - a PDF that qpdf refuses may still be rendered by pdfium
        return None


def holds_unseen(data: bytes, number: int, pages: int, page_spread: int) -> bool:
    """Whether a page that came out blank, with this spread of grey levels, holds a picture that is not, or cannot be
    looked into at all."""
    try:
        with _document(data) as (pikepdf, document):
            if len(document.pages) != pages:
                return True
            shown = what_shows(pikepdf, document.pages[number - 1])
            masks = {mask.objgen for image in shown.images for mask in masks_of(pikepdf, image)}
            return (shown.draws_inline and page_spread <= SHOWS) or any(
                is_unseen(pikepdf, image, page_spread) for image in shown.images if image.objgen not in masks
            )
    except Exception:  # noqa: BLE001 - what cannot be looked into is not proven blank
        return True


def look_at_file(data: bytes) -> PdfFile | None:
    """What qpdf says of the file; None when it cannot open it."""
    try:
        with _document(data) as (pikepdf, document):
            return PdfFile(len(document.pages), is_dynamic_form(pikepdf, document), attachment_names(pikepdf, document))
    except Exception:  # noqa: BLE001 - whatever qpdf cannot open, pypdf may count
        return None


def attachment_of(data: bytes, number: int) -> Attachment:
    """File number `number` (0-based) inside a PDF; raises whatever pikepdf does when it cannot be had."""
    with _document(data) as (pikepdf, document):
        return read_attachment(pikepdf, document, number)


def _scan_of(pikepdf: Any, page: Any, most_pixels: int) -> PageScan | None:
    try:
        return find_scan(pikepdf, page, most_pixels)
    except Exception:  # noqa: BLE001 - a page that is put together oddly is rendered
        return None


def _unit_of(page: Any) -> float:
    try:
        unit = float(page.obj.get("/UserUnit", 1))
    except (TypeError, ValueError):
        return 1.0
    return unit if 0 < unit <= _MOST_UNIT else 1.0


@contextmanager
def _document(data: bytes) -> Iterator[tuple[Any, Any]]:
    import pikepdf

    with pikepdf.open(io.BytesIO(data), suppress_warnings=True) as document:
        yield pikepdf, document
