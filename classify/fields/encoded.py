"""Index fields in barcodes: labels and wristbands with several values, keyed values, and bare numbers."""

from collections.abc import Iterator, Sequence

from classify import normal
from classify.codes.numbers import Meaning, bare_number, meanings_of
from classify.codes.payloads import Payload, read_code
from classify.guess import BARE, LICENCE, FieldValue
from classify.profile import Profile
from classify.separators import read_payload
from ocr.page import Barcode, OcrPage

SOURCE = "barcode"

_SAID_TWICE = 0.995
"""Confidence of a number that print beside a label says as well: two readings of one value that share no error."""

_BELIEVED = 0.5
"""Chance from which a bare number counts as what it is taken for; below it is a candidate, and links nobody."""

_NUMBERS = ("mrn", "encounter", "account")


def find(page: OcrPage, printed: Sequence[FieldValue], profile: Profile) -> Iterator[FieldValue]:
    """The values in the barcodes of a page; `printed` are those beside labels, which say what a bare number is."""
    labelled = {normal.number(v.value): v.name for v in printed if _says_whose(v)}
    for code in page.barcodes:
        if read_payload(code.text) is not None:
            continue
        if payload := read_code(code, profile):
            yield from _of_payload(payload, code, page, labelled, profile)
        elif number := bare_number(code):
            yield from _of_number(number, code, page, labelled, profile)


def _says_whose(value: FieldValue) -> bool:
    return value.name in _NUMBERS and value.is_valid and not value.is_of_another


def _of_payload(
    payload: Payload, code: Barcode, page: OcrPage, labelled: dict[str, str], profile: Profile
) -> Iterator[FieldValue]:
    source = LICENCE if payload.kind == "licence" else SOURCE
    for part in payload.parts:
        if part.field:
            yield _value(part.field, part.value, part.chance, code, page, source)
        else:
            yield from _of_number(part.value, code, page, labelled, profile, is_in_label=payload.names_somebody)


def _of_number(
    number: str,
    code: Barcode,
    page: OcrPage,
    labelled: dict[str, str],
    profile: Profile,
    *,
    is_in_label: bool = False,
) -> Iterator[FieldValue]:
    """A number that does not say what it is: by the label that print beside it has, or as its mask and check digit tell."""
    meanings = meanings_of(number, profile, is_in_label=is_in_label)
    for reading in dict.fromkeys((number, *(meaning.number for meaning in meanings))):
        if field := labelled.get(normal.number(reading)):
            yield _value(field, reading, _SAID_TWICE, code, page, SOURCE)
            return
    if meanings:
        yield _candidate(meanings[0], code, page)


def _candidate(meaning: Meaning, code: Barcode, page: OcrPage) -> FieldValue:
    source = SOURCE if meaning.chance >= _BELIEVED else BARE
    return _value(meaning.field, meaning.number, meaning.chance, code, page, source)


def _value(field: str, value: str, chance: float, code: Barcode, page: OcrPage, source: str) -> FieldValue:
    return FieldValue(field, value, code.text, chance, page.number, code.box, source)
