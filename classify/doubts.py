"""What is doubtful about a document, as a value; and each doubt, and each flag of a file, as a sentence for staff."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from ocr.bounds import CUT
from ocr.page import PageOutcome


class DoubtCode(StrEnum):
    """Everything that can be doubtful about a document."""

    MAY_BEGIN = "may_begin"
    MAY_NOT_BEGIN = "may_not_begin"
    SEPARATOR_UNREADABLE = "separator_unreadable"
    SEPARATOR_TYPE_UNKNOWN = "separator_names_unknown_type"
    SEPARATOR_PATIENT_DIFFERS = "not_the_separator_patient"
    PATCH_CODE = "patch_code"
    COVER_COUNT = "cover_count"
    PAGES_MISSING = "pages_missing"
    PAGES_REPEATED = "pages_repeated"
    PAGES_REORDERED = "pages_reordered"
    PAGE_NUMBERS_DISAGREE = "page_numbers_disagree"
    OTHER_VALUE = "other"
    TWO_PATIENTS = "two_patients"
    NAMES_ANOTHER = "names_another"
    BIRTHDAY_UNREADABLE = "birthday_unreadable"
    BORN_AFTER = "born_after"
    DISCHARGED_BEFORE = "discharged_before"
    CENTURY_UNCLEAR = "century_unclear"
    AGE_DIFFERS = "age_differs"
    SEX_DIFFERS = "sex_differs"
    HAS_NOTES = "has_notes"
    FIELD_NOT_SHOWN = "field_not_shown"
    HANDWRITING = "handwriting"
    CUT = CUT
    UNREADABLE = PageOutcome.UNREADABLE.value
    TIMEOUT = PageOutcome.TIMEOUT.value
    TOO_LARGE = PageOutcome.TOO_LARGE.value
    FAILED = PageOutcome.FAILED.value
    INCOMPLETE = PageOutcome.INCOMPLETE.value
    SCANNED_AGAIN = "scanned_again"
    WAS_MISFILED = "was_misfiled"
    SEEN_BEFORE = "seen_before"
    ATTACHMENT_UNREADABLE = "attachment_unreadable"
    ATTACHMENTS_LEFT_OUT = "attachments_left_out"
    DUPLICATE = "duplicate"
    FILE_SET_APART = "file_set_apart"
    COUNTS_DIFFER = "index_differs"
    ARRIVED_INCOMPLETE = "arrived_incomplete"
    END_MISSING = "end_missing"
    PAGE_COUNTS_DIFFER = "page_counts_differ"
    PAGE_COUNT_UNCONFIRMED = "page_count_unconfirmed"


_NAMES = {"mrn": "MRN", "dob": "date of birth", "name": "patient", "encounter": "encounter", "sex": "sex"}

_C = DoubtCode
_FORMS: dict[DoubtCode, tuple[str, str]] = {
    _C.MAY_BEGIN: ("may_begin_page_{page}", "a new document may begin with page {page}"),
    _C.MAY_NOT_BEGIN: ("may_not_begin_page_{page}", "page {page} may belong to the document before"),
    _C.SEPARATOR_UNREADABLE: (
        "separator_unreadable_page_{page}",
        "a separator sheet before these pages could not be read",
    ),
    _C.SEPARATOR_TYPE_UNKNOWN: (
        "separator_names_unknown_type",
        "the separator sheet names a document type that is not known here",
    ),
    _C.SEPARATOR_PATIENT_DIFFERS: (
        "not_the_separator_patient_page_{page}",
        "these pages name someone else than the separator sheet",
    ),
    _C.PATCH_CODE: (
        "patch_code_on_page_{page}",
        "page {page} bears the bars of a separator sheet: check that it belongs to this patient",
    ),
    _C.COVER_COUNT: (
        "cover_says_{0}_pages_found_{1}",
        "the batch cover says {0} pages, {1} were found",
    ),
    _C.PAGES_MISSING: ("pages_missing_{all}", "pages are missing by the page numbers printed on them: {listed}"),
    _C.PAGES_REPEATED: ("pages_repeated", "the same printed page number stands on two pages"),
    _C.PAGES_REORDERED: ("pages_reordered", "pages were put in the order of the page numbers printed on them"),
    _C.PAGE_NUMBERS_DISAGREE: ("page_numbers_disagree", "the printed page numbers do not agree with each other"),
    _C.OTHER_VALUE: ("page_{page}_other_{0}", "page {page} names another {0}"),
    _C.TWO_PATIENTS: ("page_{page}_two_patients", "page {page} names a second patient of the list"),
    _C.NAMES_ANOTHER: (
        "page_{page}_names_another",
        "page {page} names another person beside the patient of the list: check whose it is",
    ),
    _C.BIRTHDAY_UNREADABLE: (
        "page_{page}_birthday_unreadable",
        "page {page} has a date beside the name that could not be read: compare it with the date of birth",
    ),
    _C.BORN_AFTER: (
        "born_after_the_service",
        "the date of birth is after the service: compare both with the page",
    ),
    _C.DISCHARGED_BEFORE: (
        "discharged_before_admission",
        "the discharge is before the admission: compare both with the page",
    ),
    _C.CENTURY_UNCLEAR: (
        "year_of_birth_unclear",
        "the year of birth has two digits and may be of two centuries: compare it with the patient",
    ),
    _C.AGE_DIFFERS: (
        "page_{page}_age_differs",
        "the age on page {page} does not fit the date of birth: compare it with the patient",
    ),
    _C.SEX_DIFFERS: (
        "page_{page}_sex_differs",
        "the sex on page {page} is not that of the patient on the list",
    ),
    _C.HAS_NOTES: ("page_{page}_has_notes", "page {page} has notes beside its picture"),
    _C.FIELD_NOT_SHOWN: (
        "page_{page}_field_not_shown",
        "page {page} shows less of a form field than the file holds",
    ),
    _C.HANDWRITING: ("page_{page}_handwriting", "page {page} has handwriting"),
    _C.CUT: ("page_{page}_more_than_kept", "page {page} holds more than is kept of a page: look at its image"),
    _C.UNREADABLE: ("page_{page}_unreadable", "page {page} has marks on it, but no words were read"),
    _C.TIMEOUT: ("page_{page}_timeout", "page {page} took too long to read"),
    _C.TOO_LARGE: ("page_{page}_too_large", "page {page} is too large to read"),
    _C.FAILED: (
        "page_{page}_failed",
        "page {page} could not be shown: look at the original or scan it again",
    ),
    _C.INCOMPLETE: (
        "page_{page}_incomplete",
        "page {page} is not all there: compare it with the paper or scan it again",
    ),
    _C.SCANNED_AGAIN: ("scanned_again", "pages of it were scanned again"),
    _C.WAS_MISFILED: ("was_misfiled", "it was filed to the wrong patient before"),
    _C.SEEN_BEFORE: (
        "seen_before_in_document_{0}",
        "the same sheets came before, as document {0}: compare the two under Exceptions",
    ),
    _C.ATTACHMENT_UNREADABLE: (
        "attachment_unreadable",
        "a file attached to this PDF cannot be opened; ask the sender for it by itself",
    ),
    _C.ATTACHMENTS_LEFT_OUT: (
        "attachments_left_out",
        "this PDF has more attached files than are taken in; save them and drop them by themselves",
    ),
    _C.DUPLICATE: ("duplicate", "the same content was dropped before"),
    _C.FILE_SET_APART: (
        "file_set_apart",
        "a file of this folder could not be opened and is on hold: a page may be missing here",
    ),
    _C.COUNTS_DIFFER: ("index_differs", "the folder is not what its index file says: see the list of scans"),
    _C.ARRIVED_INCOMPLETE: ("arrived_incomplete", "the file arrived incomplete"),
    _C.END_MISSING: ("end_missing", "the end of the file is missing"),
    _C.PAGE_COUNTS_DIFFER: ("page_counts_differ", "two programs count its pages differently"),
    _C.PAGE_COUNT_UNCONFIRMED: ("page_count_unconfirmed", "a second program could not count its pages"),
}
"""Each doubt as it is kept and printed for machines, and as staff read it."""

OF_THE_FILE = frozenset(
    {
        _C.DUPLICATE, _C.PAGE_COUNTS_DIFFER, _C.PAGE_COUNT_UNCONFIRMED, _C.ARRIVED_INCOMPLETE, _C.END_MISSING,
        _C.ATTACHMENT_UNREADABLE, _C.ATTACHMENTS_LEFT_OUT, _C.FILE_SET_APART, _C.COUNTS_DIFFER,
    }
)  # fmt: skip
"""Doubts about a whole file: a person looks at each of its documents."""

_FILE_SENTENCES = {
    "embedded_file": "files were attached to this PDF; each is a scan of its own",
    "xfa_form": "a form made for Adobe Reader",
    "web_links": "holds web links",
    "active_content": "holds a script, which is never run",
    "active_launch": "would start a program, which is never done",
    "over_file_limit": "larger than the limit of this site",
}
"""Flags of a file that put nothing in doubt."""

_PREVIEWS = re.compile(r"previews_left_out_(\d+)")


@dataclass(frozen=True, slots=True)
class Doubt:
    """One doubt about a document; `page` by its number in the scan, `detail` what the sentence needs besides."""

    code: DoubtCode
    page: int | None = None
    detail: tuple[str, ...] = ()

    def __str__(self) -> str:
        """The doubt as it is kept and printed for machines, e.g. `page_4_other_mrn`; `read_doubt` reads it."""
        return _FORMS[self.code][0].format(*self.detail, page=self.page, all="_".join(self.detail))

    @property
    def sentence(self) -> str:
        """The doubt as staff read it."""
        detail = [_NAMES.get(part, part) for part in self.detail]
        return _FORMS[self.code][1].format(*detail, page=self.page, listed=", ".join(detail))

    @property
    def is_a_note(self) -> bool:
        """Whether it tells of something beside print, and puts nothing in doubt about whose the document is."""
        return self.code in (_C.HAS_NOTES, _C.FIELD_NOT_SHOWN, _C.HANDWRITING)


def read_doubt(kept: str) -> Doubt | None:
    """The doubt that was kept as this text; None when it is none (a flag of a file, or of a later version)."""
    for code, form in _patterns():
        if match := form.fullmatch(kept):
            named = match.groupdict()
            page = int(named.pop("page")) if "page" in named else None
            detail = named["all"].split("_") if "all" in named else [named[name] for name in sorted(named)]
            return Doubt(code, page, tuple(detail))
    return None


def is_seen_before(flag: str) -> bool:
    """Whether a kept flag says that the sheets of a document came before."""
    doubt = read_doubt(flag)
    return doubt is not None and doubt.code is _C.SEEN_BEFORE


def sentence_of(flag: str) -> str:
    """What a kept doubt of a document or a flag of a file says, for staff."""
    if doubt := read_doubt(flag):
        return doubt.sentence
    if previews := _PREVIEWS.fullmatch(flag):
        return f"{previews[1]} smaller copies inside the file are no pages and were left out"
    return _FILE_SENTENCES.get(flag) or flag.replace("_", " ")


@cache
def _patterns() -> tuple[tuple[DoubtCode, re.Pattern[str]], ...]:
    groups = {
        r"\{page\}": r"(?P<page>\\d+)",
        r"\{all\}": r"(?P<all>\\d+(?:_\\d+)*)",
        r"\{(\d)\}": r"(?P<d\1>[a-z]+|\\d+)",
    }
    found = []
    for code, (form, _) in _FORMS.items():
        for placeholder, group in groups.items():
            form = re.sub(placeholder, group, form)
        found.append((code, re.compile(form)))
    return tuple(found)
