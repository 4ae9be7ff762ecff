"""Form numbers: at the foot or head of a page and in form-id barcodes, with the page of the form that they stand on.

`Form HH-1032 (Rev. 7/18)`, `VA FORM 10-10EZ`, `MR 104-7`, `PAGE 1 OF 2   47-1123  04/2017`. The revision is kept apart: the
same form of another year is the same form, and its month is no date of the chart.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from classify import normal
from classify.codes.numbers import bare_number
from classify.codes.standardforms import STANDARD_FORMS
from classify.guess import BARE
from classify.profile import Profile
from classify.rows import Row
from ocr.page import Barcode, Box, box_of

_HEAD, _FOOT = 0.10, 0.85
"""Share of a page above and below which a form number stands; 0.85 as for page numbers (classify/gaps.py)."""

_MOST_ROWS = 4
"""Rows of the head and of the foot that are looked at."""

_LONGEST_CODE = 12
"""Characters of a form-id barcode; patients' codes of several values are longer."""


@dataclass(frozen=True, slots=True)
class FormId:
    """A form number as printed, its revision, where it stands, and whether words or a table say that it is one.

    `source` is head, foot or barcode; `place` the page of the form and of how many (0 where it does not say).
    """

    number: str
    box: Box
    source: str
    revision: str = ""
    place: tuple[int, int] | None = None
    is_named: bool = False

    @property
    def key(self) -> str:
        """The number as it is compared."""
        return key_of(self.number)

    @property
    def family(self) -> str:
        """The number without the letter or short part behind it that may say the sheet: MR-104A, MR 104-7."""
        return key_of(_SHEET.sub("", self.number))


_SHEET = re.compile(r"(?<=\d)(?:[A-Za-z]|-\d{1,2}[A-Za-z]?)$")


def key_of(number: str) -> str:
    """Letters and digits of a form number, those that OCR confuses made the same: HH 1032, HH-1O32 and HH-1032 are one."""
    return re.sub(r"[^A-Z0-9]", "", number.upper()).translate(_CONFUSED)


_CONFUSED = str.maketrans("OQILSBZG", "00115826")


@cache
def standard_forms() -> Mapping[str, tuple[str, str]]:
    """Type code and title of the public standard forms, by key."""
    return {key_of(form.number): (form.code, form.title) for form in STANDARD_FORMS}


# ---- what a row says

_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?"
_DATE = rf"(?:(?:0?[1-9]|1[0-2])[/-](?:[0-3]?\d[/-])?(?:(?:19|20)\d\d|\d\d)|{_MONTH},?\s*(?:19|20)\d\d|(?:19|20)\d\d)"
_REVISION = re.compile(
    rf"(?i)[(\[]?\s*(?P<word>\b(?:rev(?:is(?:ed|ion))?|r|v(?:er(?:sion)?)?|ed(?:ition)?|eff(?:ective)?|dated?)\b[.:]?)?\s*"
    rf"(?<![\w/-])(?P<date>{_DATE})(?![\w/-])\s*[)\]]?"
)
_PAGE = re.compile(
    r"(?i)\b(?:pages?|pg\.?|p\.|side|sheet)\s*[:#]?\s*(?P<page>\d{1,3})(?:\s*(?:of|/)\s*(?P<of>\d{1,3}))?\b|\b(?P<x>\d{1,2})\s+of\s+(?P<y>\d{1,2})\b"
)
_ID = r"(?:[A-Z]{1,6}[- ]?(?:R-)?)?\d{1,6}[A-Z]{0,3}(?:-\d{1,5}[A-Z]{0,4}){0,2}|[A-Z]{2,6}-[A-Z]{1,5}-?\d{1,5}"
_NAMED = re.compile(
    rf"(?:\b(?P<issuer>VA|SF|DD|DA|CMS|HCFA|SSA|OCA|DOH|DWC)[- ]?)?(?:\bOfficial |\bOFFICIAL |\bStandard |\bSTANDARD )?\b(?:Form|FORM|form)\b"
    rf"\s*(?:[Ii][Dd]|[Nn]o|NO|[Nn]umber|NUMBER|#)?[.:#]*\s*(?P<id>{_ID})(?![\w/])"
)
_TABLED = re.compile(
    r"\b(?:(?:VA|SF|DD|CMS|HCFA|SSA|OCA|DOH|DWC)[- ]?(?:R-)?\d{1,5}(?:-\d{1,5})?[A-Za-z]{0,3}|UB-?(?:04|92))(?![\w-])"
)
_ALONE = re.compile(r"[A-Z]{1,5}[- ]?\d{2,5}[A-Z]?(?:-\d{1,3}[A-Z]?)?|\d{2,4}-\d{3,5}[A-Z]?")
_LETTERED = re.compile(r"[A-Z]{1,5}[- ]")
_STANDARD_WORD = re.compile(r"(?i)\bstandard form\b")


def find_form_ids(
    rows: tuple[Row, ...], codes: Iterable[Barcode], patients: frozenset[str], profile: Profile
) -> tuple[FormId, ...]:
    """The form numbers of a page, those that are named so first. `patients` are the numbers that are a patient's, and none
    of a form (`numbers_of_patients`)."""
    printed = [found for row, source in _edge_rows(rows) for found in _in_row(row, source, profile)]
    known = {found.key for found in printed} | standard_forms().keys() | site_forms(profile).keys()
    encoded = [
        FormId(number, code.box, "barcode", is_named=key_of(number) in known)
        for code in codes
        if 0 < len(number := bare_number(code) or _short(code)) <= _LONGEST_CODE
    ]
    found = [one for one in (*printed, *encoded) if normal.number(one.number) not in patients]
    return tuple(sorted(dict.fromkeys(found), key=lambda one: not one.is_named))


_PATIENTS = frozenset({"mrn", "encounter", "account", "member_id", "npi", "phone"})


def numbers_of_patients(values: Iterable[tuple[str, str, str]]) -> frozenset[str]:
    """The numbers among these values (field, value, source) that labels, codes or persons say are a patient's."""
    return frozenset(normal.number(value) for name, value, source in values if name in _PATIENTS and source != BARE)


@cache
def _of_site(forms: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
    return {key_of(number): code for number, code in forms}


def site_forms(profile: Profile) -> Mapping[str, str]:
    """Type codes of the forms that the profile names, by key."""
    return _of_site(tuple((number, kind.code) for kind in profile.types for number in kind.forms))


def _short(code: Barcode) -> str:
    """A short code of letters and digits that is no number of a patient: HH1032, MR104-7."""
    text = code.text.strip().strip("*").upper()
    return text if re.fullmatch(r"[A-Z]{1,6}[- ]?\d[\dA-Z-]{0,8}|\d{2,4}-\d{3,5}[A-Z]?", text) else ""


def _edge_rows(rows: tuple[Row, ...]) -> Iterator[tuple[Row, str]]:
    yield from ((row, "foot") for row in rows[-_MOST_ROWS:] if row.top_share >= _FOOT)
    yield from ((row, "head") for row in rows[:_MOST_ROWS] if row.top_share <= _HEAD)


def _in_row(row: Row, source: str, profile: Profile) -> Iterator[FormId]:
    text = row.text
    place = _place(text)
    for match in _NAMED.finditer(text):
        if len(key_of(match["id"])) < SHORTEST:
            continue
        issuer = match["issuer"] or ("SF" if _STANDARD_WORD.search(match[0]) else "")
        number = f"{issuer} {match['id']}" if issuer and not match["id"].startswith(issuer) else match["id"]
        if issuer == "" and key_of(f"Form {number}") in standard_forms():  # the claim form says FORM 1500
            number = f"Form {number}"
        yield FormId(
            number,
            _box(row, match.start("id"), match.end("id")),
            source,
            _revision(text[match.end() :]),
            place,
            is_named=True,
        )
        return
    for match in _TABLED.finditer(text):
        if key_of(match[0]) in standard_forms():
            yield FormId(
                match[0], _box(row, *match.span()), source, _revision(text[match.end() :]), place, is_named=True
            )
            return
    yield from _alone(row, text, source, place, profile)


def _alone(row: Row, text: str, source: str, place: tuple[int, int] | None, profile: Profile) -> Iterator[FormId]:
    """A number that stands with nothing but a revision and a page number: digits alone need one of both beside them."""
    bare = _PAGE.sub(" ", text)
    revision = next((m for m in _REVISION.finditer(bare) if m["word"] or len(m["date"]) > _YEAR), None)
    if revision is not None:
        bare = bare[: revision.start()] + " " + bare[revision.end() :]
    number = bare.strip(" .:,;()[]|-*")
    if not _ALONE.fullmatch(number):
        return
    is_known = key_of(number) in site_forms(profile)
    is_dated = revision is not None or place is not None
    if not is_known and not is_dated and not (source == "foot" and _LETTERED.match(number)):
        return
    if not is_known and _is_a_patients(number, profile):
        return
    at = text.find(number)
    yield FormId(
        number, _box(row, at, at + len(number)), source, revision["date"] if revision else "", place, is_named=is_known
    )


_YEAR = 4


def _is_a_patients(number: str, profile: Profile) -> bool:
    """Whether a site's own mask says that this is a record or visit number; the masks of the defaults fit every number."""
    usual = Profile(forms=())
    masks = ((profile.mrn_pattern, usual.mrn_pattern), (profile.encounter_pattern, usual.encounter_pattern))
    return any(pattern != default and re.fullmatch(pattern, number.replace(" ", "")) for pattern, default in masks)


def _place(text: str) -> tuple[int, int] | None:
    match = _PAGE.search(text)
    if match is None:
        return None
    page, of = int(match["page"] or match["x"]), int(match["of"] or match["y"] or 0)
    return (page, of) if page and (not of or page <= of) else None


def _revision(text: str) -> str:
    """The revision that stands right behind a form number."""
    match = _REVISION.search(text)
    return match["date"] if match and match.start() <= _NEAR else ""


_NEAR = 10
"""Characters between a form number and its revision: blanks, brackets, a second number of the form."""

SHORTEST = 3
"""Letters and digits of a form number: 'form 3 of 4' has none."""


def _box(row: Row, start: int, end: int) -> Box:
    """The box of the words between two places of a row's text."""
    at, words = 0, []
    for word in row.words:
        if at < end and at + len(word.text) > start:
            words.append(word)
        at += len(word.text) + 1
    return box_of(words or row.words)


def is_revision(box: Box, ids: Iterable[FormId]) -> bool:
    """Whether a date in this box is when a form was revised: behind its number, in its row."""
    return any(
        one.revision and one.source != "barcode" and box.left >= one.box.left - 1
        and min(box.bottom, one.box.bottom) - max(box.top, one.box.top) > 0.5 * min(box.height, one.box.height)
        for one in ids
    )  # fmt: skip
