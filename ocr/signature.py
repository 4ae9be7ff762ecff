"""What kind of file this is, by its first bytes, and whether its end is there. Needs no decoder."""

import struct
from enum import StrEnum

from ocr.errors import UnsupportedFile


class Kind(StrEnum):
    PDF = "pdf"
    TIFF = "tiff"
    JPEG = "jpeg"
    PNG = "png"
    BMP = "bmp"


_REFUSED_HEADS = (
    (b"PK\x03\x04", "This is a ZIP or Office file. Print or save it as PDF and drop that."),
    (b"\xd0\xcf\x11\xe0", "This is an Office file. Print or save it as PDF and drop that."),
    (b"GIF8", "GIF is not supported here. Scan to PDF, TIFF or JPEG."),
    (b"{\\rtf", "This is a text document. Print or save it as PDF and drop that."),
    (b"\x1f\x8b", "This is a compressed archive. Unpack it and drop the scans."),
    (b"%!PS", "PostScript is not supported here. Save it as PDF and drop that."),
    (b"\x00\x00\x00\x0cjP  ", "JPEG 2000 is not supported here. Scan to PDF, TIFF or JPEG."),
    (b"RIFF", "WebP is not supported here. Scan to PDF, TIFF or JPEG."),
)


def find_kind(head: bytes) -> Kind:
    """The kind of file by its first 1,100 bytes or more; UnsupportedFile says what to do instead."""
    if not head:
        raise UnsupportedFile("The file is empty (zero bytes). Scan the paper again.")
    if head[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
        return Kind.TIFF
    if head[:3] == b"\xff\xd8\xff":
        return Kind.JPEG
    if head[:8] == b"\x89PNG\r\n\x1a\n":
        return Kind.PNG
    if head[:2] == b"BM" and len(head) > 18 and struct.unpack_from("<I", head, 14)[0] in (12, 40, 52, 56, 64, 108, 124):
        return Kind.BMP
    if b"%PDF-" in head[:1100]:
        return Kind.PDF
    for start, sentence in _REFUSED_HEADS:
        if head.startswith(start):
            raise UnsupportedFile(sentence)
    if head[4:8] == b"ftyp":
        raise UnsupportedFile("HEIC and video files are not supported here. Set the camera or scanner to JPEG or PDF.")
    raise UnsupportedFile(
        "This is not a scan we can read. PDF, TIFF, JPEG, PNG and BMP are supported. "
        "Print or save it as PDF and drop that, or scan the paper again."
    )


def has_end(kind: Kind, tail: bytes) -> bool:
    """Whether the last bytes of a file show its end; a TIFF shows it nowhere, so True."""
    if kind is Kind.PDF:
        return b"%%EOF" in tail
    if kind is Kind.JPEG:
        return b"\xff\xd9" in tail
    if kind is Kind.PNG:
        return b"IEND" in tail
    return True
