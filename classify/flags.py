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


def sentence_of(flag: str) -> str:
    """What a flag of a document says, for staff."""
    if flag in _FILE_SENTENCES:
        return _FILE_SENTENCES[flag]
    if flag.startswith("previews_left_out"):
        return f"{flag.rsplit('_', 1)[1]} smaller copies inside the file are no pages and were left out"
    if flag.endswith("_has_notes"):
        return f"page {flag.split('_')[1]} has notes beside its picture"
    if flag.endswith("_field_not_shown"):
        return f"page {flag.split('_')[1]} shows less of a form field than the file holds"
    if flag.startswith("separator_unreadable"):
        return "a separator sheet before these pages could not be read"
    if "_other_" in flag:
        what = {"mrn": "MRN", "dob": "date of birth", "name": "patient", "encounter": "encounter", "sex": "sex"}[
            flag.rsplit("_", 1)[1]
        ]
        return f"page {flag.split('_')[1]} names another {what}"
    if flag.endswith("more_than_kept"):
        return f"page {flag.split('_')[1]} holds more than is kept of a page: look at its image"
    if flag.startswith("not_the_separator_patient"):
        return "these pages name someone else than the separator sheet"
    if flag.startswith("pages_missing"):
        return "pages are missing by the page numbers printed on them"
    if flag.startswith("cover_says"):
        _, _, count, _, _, found = flag.split("_")
        return f"the batch cover says {count} pages, {found} were found"
    if flag.startswith("patch_code_on_page"):
        return (
            f"page {flag.rsplit('_', 1)[1]} bears the bars of a separator sheet: check that it belongs to this patient"
        )
    if flag.startswith("may_begin_page"):
        return f"a new document may begin with page {flag.rsplit('_', 1)[1]}"
    if flag.startswith("may_not_begin_page"):
        return f"page {flag.rsplit('_', 1)[1]} may belong to the document before"
    if told := re.fullmatch(r"page_(\d+)_([a-z_]+)", flag):
        return f"page {told[1]} {_OUTCOMES.get(told[2], told[2].replace('_', ' '))}"
    return flag.replace("_", " ")
