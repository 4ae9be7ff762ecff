"""Flags of files and documents, as sentences for staff."""

import re

_OUTCOMES = {
    "failed": "could not be shown: look at the original or scan it again",
    "incomplete": "is not all there: compare it with the paper or scan it again",
    "timeout": "took too long to read",
    "too_large": "is too large to read",
    "unreadable": "has marks on it, but no words were read",
}
"""What became of a page that was not read well."""

_FILE_SENTENCES = {
    "attachment_unreadable": "a file attached to this PDF cannot be opened; ask the sender for it by itself",
    "attachments_left_out": "this PDF has more attached files than are taken in; save them and drop them by themselves",
    "embedded_file": "files were attached to this PDF; each is a scan of its own",
    "xfa_form": "a form made for Adobe Reader",
    "web_links": "holds web links",
    "active_content": "holds a script, which is never run",
    "active_launch": "would start a program, which is never done",
    "over_file_limit": "larger than the limit of this site",
    "duplicate": "the same content was dropped before",
    "arrived_incomplete": "the file arrived incomplete",
    "end_missing": "the end of the file is missing",
    "page_counts_differ": "two programs count its pages differently",
    "page_count_unconfirmed": "a second program could not count its pages",
}


_NAMES = {"mrn": "MRN", "dob": "date of birth", "name": "patient", "encounter": "encounter", "sex": "sex"}

_WITH_NUMBERS: tuple[tuple[str, str], ...] = (
    (r"previews_left_out_(\d+)", "{0} smaller copies inside the file are no pages and were left out"),
    (r"page_(\d+)_has_notes", "page {0} has notes beside its picture"),
    (r"page_(\d+)_field_not_shown", "page {0} shows less of a form field than the file holds"),
    (r"separator_unreadable.*", "a separator sheet before these pages could not be read"),
    (r"page_(\d+)_other_(\w+)", "page {0} names another {1}"),
    (r"page_(\d+)_more_than_kept", "page {0} holds more than is kept of a page: look at its image"),
    (r"not_the_separator_patient.*", "these pages name someone else than the separator sheet"),
    (r"pages_missing.*", "pages are missing by the page numbers printed on them"),
    (r"cover_says_(\d+)_pages_found_(\d+)", "the batch cover says {0} pages, {1} were found"),
    (
        r"patch_code_on_page_(\d+)",
        "page {0} bears the bars of a separator sheet: check that it belongs to this patient",
    ),
    (r"may_begin_page_(\d+)", "a new document may begin with page {0}"),
    (r"may_not_begin_page_(\d+)", "page {0} may belong to the document before"),
    (r"page_(\d+)_([a-z_]+)", "page {0} {1}"),
)
"""Flags that name pages or counts, and what they say; the first that fits counts."""


def sentence_of(flag: str) -> str:
    """What a flag of a document says, for staff."""
    if flag in _FILE_SENTENCES:
        return _FILE_SENTENCES[flag]
    for pattern, sentence in _WITH_NUMBERS:
        if told := re.fullmatch(pattern, flag):
            return sentence.format(*(_said(part) for part in told.groups()))
    return flag.replace("_", " ")


def _said(part: str) -> str:
    return _NAMES.get(part) or _OUTCOMES.get(part) or part.replace("_", " ")
