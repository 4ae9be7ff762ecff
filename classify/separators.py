"""What separator sheets say: payloads with a check, so that a misread is refused, never believed.

`S1|P|<MRN>|<encounter>|<check>` starts a patient, `S1|D|<type>|<check>` a document,
`S1|B|<batch>|<written pages>|<check>` is a batch cover (the count may be left out), `S1|E||<check>` ends a patient,
`S1|R|<request>|<check>` is a rescan slip: what follows was asked for again. Patch-T sheets (Code 39 PATCHT) start a document.
"""

import re
from dataclasses import dataclass

from ocr.page import OcrPage

_MARKS = frozenset(
    {
        "separator sheet",
        "document separator",
        "patient separator",
        "batch cover",
        "end of patient",
        "rescan slip",
        "patch t",
        "patch-t",
    }
)
"""Lines that stand alone on a separator sheet; inside a sentence they mean nothing."""

_NUMBER = re.compile(r"[0-9]{1,18}")

_MOST_WORDS = 60
"""A sheet with more words than this is chart paper that happens to carry a code, and stays in the chart."""


@dataclass(frozen=True, slots=True)
class Separator:
    """A separator sheet: kind P(atient), D(ocument), B(atch), E(nd), R(escan), and its values."""

    kind: str
    values: tuple[str, ...]


def make_payload(kind: str, *values: str) -> str:
    """The barcode text of a separator, with ISO 7064 mod 97-10 check digits."""
    body = "|".join(("S1", kind, *(value.replace("|", " ") for value in values)))
    return f"{body}|{_check(body)}"


def read_payload(text: str) -> Separator | None:
    """The separator a barcode text stands for, or None when it is none or its check fails."""
    if text in ("PATCHT", "PATCH T"):
        return Separator("D", ("",))
    body, _, check = text.rpartition("|")
    parts = body.split("|")
    if len(parts) < 3 or parts[0] != "S1" or parts[1] not in "PDBER" or check != _check(body):
        return None
    return Separator(parts[1], tuple(parts[2:]))


def find_separator(page: OcrPage) -> Separator | None:
    """The separator on this page, or None. Two codes that disagree are none, and full pages are chart paper."""
    if len(page.words) > _MOST_WORDS:
        return None
    found = {separator for code in page.barcodes if (separator := read_payload(code.text))}
    return found.pop() if len(found) == 1 else None


def is_doubtful(page: OcrPage) -> bool:
    """Looks like a separator sheet whose code cannot be read: an exception, never a merge."""
    if find_separator(page) is not None:
        return False
    if any(code.text.startswith("S1|") for code in page.barcodes):
        return True
    lines = {" ".join(line.lower().split()).strip(" .:") for line in page.text.splitlines()}
    return len(page.words) <= _MOST_WORDS and bool(lines & _MARKS)


def read_number(text: str) -> int | None:
    """A number on a sheet, or None for what is none or too large for a row of a database (63 bits)."""
    return int(text) if _NUMBER.fullmatch(text) else None


def _check(body: str) -> str:
    """Check digits of the bytes, three digits each; byte by byte, for codes hold thousands."""
    rest = 0
    for byte in body.encode(errors="surrogatepass"):
        rest = (rest * 1000 + byte) % 97
    return f"{98 - rest * 100 % 97:02d}"
