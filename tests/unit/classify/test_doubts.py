"""Flags as sentences: what staff reads is never a code."""

import pytest

from classify.doubts import Doubt, DoubtCode, read_doubt, sentence_of


@pytest.mark.parametrize(
    ("flag", "says"),
    [
        ("page_2_failed", "page 2 could not be shown"),
        ("page_10_incomplete", "page 10 is not all there"),
        ("page_1_has_notes", "page 1 has notes beside its picture"),
        ("page_3_field_not_shown", "page 3 shows less of a form field than the file holds"),
        ("page_4_other_mrn", "page 4 names another MRN"),
        ("page_4_other_name", "page 4 names another patient"),
        ("page_4_two_patients", "page 4 names a second patient of the list"),
        ("page_4_birthday_unreadable", "page 4 has a date beside the name that could not be read"),
        ("page_4_names_another", "page 4 names another person beside the patient of the list"),
        ("pages_missing_2_3", "pages are missing by the page numbers printed on them: 2, 3"),
        ("cover_says_12_pages_found_11", "the batch cover says 12 pages, 11 were found"),
        ("may_begin_page_7", "a new document may begin with page 7"),
        ("may_not_begin_page_7", "page 7 may belong to the document before"),
        ("separator_unreadable_page_3", "a separator sheet before these pages could not be read"),
        ("attachment_unreadable", "ask the sender for it by itself"),
        ("attachments_left_out", "drop them by themselves"),
        ("embedded_file", "each is a scan of its own"),
        ("previews_left_out_2", "2 smaller copies"),
        ("seen_before_in_document_12", "the same sheets came before, as document 12"),
        ("end_missing", "the end of the file is missing"),
        ("something_nobody_foresaw", "something nobody foresaw"),
    ],
)
def test_every_flag_is_a_sentence(flag: str, says: str) -> None:
    assert says in sentence_of(flag)
    assert "_" not in sentence_of(flag)


@pytest.mark.parametrize("code", DoubtCode)
def test_every_doubt_is_kept_as_a_text_that_is_read_back(code: DoubtCode) -> None:
    details = {
        DoubtCode.COVER_COUNT: ("12", "11"),
        DoubtCode.PAGES_MISSING: ("2", "4"),
        DoubtCode.OTHER_VALUE: ("dob",),
        DoubtCode.SEEN_BEFORE: ("12",),
    }
    doubt = Doubt(code, None, details.get(code, ()))
    if "None" in str(doubt):
        doubt = Doubt(code, 7, details.get(code, ()))
    assert read_doubt(str(doubt)) == doubt
    assert doubt.sentence == sentence_of(str(doubt))
    assert not set("_{}") & set(doubt.sentence)
    assert "None" not in doubt.sentence


@pytest.mark.parametrize(
    "kept", ["web_links", "previews_left_out_2", "page_x_failed", "page_2_other_", "", "may_begin"]
)
def test_what_is_no_doubt_is_none(kept: str) -> None:
    assert read_doubt(kept) is None
