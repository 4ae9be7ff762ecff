"""What separator sheets say: payloads with a check, so that a misread is refused, never believed.

`S1|P|<MRN>|<encounter>|<check>` starts a patient, `S1|D|<type>|<check>` a document,
`S1|B|<batch>|<written pages>|<check>` is a batch cover (the count may be left out), `S1|E||<check>` ends a patient,
`S1|R|<request>|<check>` is a rescan slip: what follows was asked for again. Kodak patch sheets 2, 3 and T, by their bars or
as Code 39 PATCHT, start a document.
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
        "separator page",
        "transfer patch",
        "patch code",
    }
)
"""Lines that stand alone on a separator sheet; inside a sentence they mean nothing."""

_NUMBER = re.compile(r"[0-9]{1,18}")

_PATCH_NAME = re.compile(r"(?:kodak )?patch(?: code)?[ -]?(?:[1-46t]|ii|iii)(?: (?:separator|sheet|separator sheet))?$")
"""How a patch sheet calls itself, in small letters."""

_MOST_WORDS = 60
"""A sheet with more words than this is chart paper that happens to carry a code, and stays in the chart."""

_MOST_INSTRUCTIONS = 250
"""Words that may be printed on a patch sheet, as instructions for the scanning room; chart paper is known by what it says."""

_PATCH = re.compile(r"PATCH ?([1-6T])")

_BEGINS = frozenset("23T")
"""Patch codes that begin a document: 2 and 3 set the level of this document, T that of the next. 1, 4 and 6 switch the
scanner or belong to the host (Kodak A-61599), and mean nothing to us."""


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
    patch = _PATCH.fullmatch(text)
    if patch:
        return Separator("D", ("",)) if patch[1] in _BEGINS else None
    body, _, check = text.rpartition("|")
    parts = body.split("|")
    if len(parts) < 3 or parts[0] != "S1" or parts[1] not in "PDBER" or check != _check(body):
        return None
    return Separator(parts[1], tuple(parts[2:]))


def find_separator(page: OcrPage, *, is_chart: bool = False) -> Separator | None:
    """The separator on this page, or None. Two codes that disagree are none, and full pages are chart paper.

    `is_chart` says that the page names a patient or a kind of document: a patch code does not make it a separator.
    """
    if len(page.words) <= _MOST_WORDS and (own := _own_separators(page)):
        return own.pop() if len(own) == 1 else None
    patch_codes = _patch_codes(page)
    if not patch_codes or is_chart or len(page.words) > _MOST_INSTRUCTIONS:
        return None
    return Separator("D", ("",)) if patch_codes <= _BEGINS else None


def has_patch_code(page: OcrPage) -> bool:
    """Whether a patch code is on this page, whatever it means."""
    return bool(_patch_codes(page))


def begins_by_patch(page: OcrPage) -> bool:
    """Whether a patch code on this page begins a document."""
    return bool(_patch_codes(page) & _BEGINS)


def is_doubtful(page: OcrPage, *, is_chart: bool = False) -> bool:
    """Looks like a separator sheet whose code cannot be read or means nothing: an exception, never a merge."""
    if find_separator(page, is_chart=is_chart) is not None:
        return False
    if any(code.text.startswith("S1|") for code in page.barcodes):
        return True
    if is_chart and len(page.words) > _MOST_WORDS:
        return False
    is_lone_patch = has_patch_code(page) and not is_chart
    return is_lone_patch or (len(page.words) <= _MOST_INSTRUCTIONS and names_itself(page))


def names_itself(page: OcrPage) -> bool:
    """Whether a line of the page says that it is a separator sheet, and nothing else."""
    lines = {" ".join(line.lower().split()).strip(" .:-") for line in page.text.splitlines()}
    return bool(lines & _MARKS) or any(_PATCH_NAME.match(line) for line in lines)


def _own_separators(page: OcrPage) -> set[Separator]:
    codes = (code.text for code in page.barcodes if code.text.startswith("S1|"))
    return {separator for code in codes if (separator := read_payload(code))}


def _patch_codes(page: OcrPage) -> set[str]:
    return {patch[1] for code in page.barcodes if (patch := _PATCH.fullmatch(code.text))}


def read_number(text: str) -> int | None:
    """A number on a sheet, or None for what is none or too large for a row of a database (63 bits)."""
    return int(text) if _NUMBER.fullmatch(text) else None


def _check(body: str) -> str:
    """Check digits of the bytes, three digits each; byte by byte, for codes hold thousands."""
    rest = 0
    for byte in body.encode(errors="surrogatepass"):
        rest = (rest * 1000 + byte) % 97
    return f"{98 - rest * 100 % 97:02d}"
