"""Where documents begin, and identity on every page."""

import pytest

from classify import split
from classify.autofile import objections
from classify.fields.find import find_fields
from classify.finding import places
from classify.finding.labels import FoundLabel
from classify.guess import FieldValue, FileGuess
from classify.index import index_file, weighed
from classify.profile import Profile
from classify.samename import same_name
from classify.separators import make_payload
from ocr.page import OcrPage, PageOutcome
from tests.given.paper import blank, typed
from tests.given.people import SmallRoster

ANA = "Patient Name: Rivera, Ana M\nMRN: 00123456\nDOB: 03/14/1957\nSex: F\n"
BOB = "Patient Name: Kowalczyk, Robert\nMRN: 00400001\nDOB: 12/01/1944\nSex: M\n"


def _index(*pages: OcrPage | str) -> FileGuess:
    made = [typed(p, n) if isinstance(p, str) else p for n, p in enumerate(pages, start=1)]
    return index_file(made, SmallRoster(), Profile())


def _shape(guess: FileGuess) -> list[tuple[str, tuple[int, ...], str]]:
    return [(d.type.code, d.pages, d.match.decision) for d in guess.documents]


def test_a_change_of_title_starts_a_document() -> None:
    guess = _index(f"PROGRESS NOTE\n{ANA}", f"DISCHARGE SUMMARY\n{ANA}")
    assert _shape(guess) == [("PROGRESS_NOTE", (1,), "linked"), ("DISCHARGE_SUMMARY", (2,), "linked")]


def test_a_change_of_patient_starts_a_document() -> None:
    guess = _index(f"PROGRESS NOTE\n{ANA}", f"PROGRESS NOTE\n{BOB}")
    assert [d.match.candidates[0].person.mrn for d in guess.documents] == ["00123456", "00400001"]


def test_pages_without_a_title_belong_to_the_document_before() -> None:
    guess = _index(f"OPERATIVE REPORT\n{ANA}", "the wound was closed in layers", "and the patient left the room")
    assert _shape(guess) == [("OPERATIVE_REPORT", (1, 2, 3), "linked")]


def test_page_x_of_y_holds_pages_together_and_puts_them_in_order() -> None:
    pages = [f"CONSULTATION\n{ANA}Page {n} of 3" for n in (1, 3, 2)]
    guess = _index(*pages, f"CONSULTATION\n{ANA}Page 1 of 1")
    assert [d.pages for d in guess.documents] == [(1, 3, 2), (4,)]
    assert "pages_reordered" in tuple(map(str, guess.documents[0].doubts))


def test_a_missing_page_is_told_and_stops_linking() -> None:
    guess = _index(*(f"CONSULTATION\n{ANA}Page {n} of 3" for n in (1, 3)))
    assert tuple(map(str, guess.documents[0].doubts)) == ("pages_missing_2",)
    assert guess.documents[0].match.decision == "ask"


def test_blank_sides_are_set_apart() -> None:
    guess = _index(f"PROGRESS NOTE\n{ANA}", blank(2), "continued text of the same note")
    assert guess.blanks == (2,)
    assert _shape(guess) == [("PROGRESS_NOTE", (1, 3), "linked")]


def test_a_patient_sheet_gives_its_number_to_what_follows() -> None:
    sheet = typed("Patient separator", 1, barcodes=(make_payload("P", "00123456", "V2400881"),))
    guess = _index(sheet, "PROGRESS NOTE\nPatient Name: Rivera, Ana M\nDOB: 03/14/1957\n")
    assert guess.separators == (1,)
    assert guess.documents[0].match.decision == "linked"
    assert guess.documents[0].encounter == "V2400881"


def test_a_sheet_alone_links_nobody() -> None:
    sheet = typed("Patient separator", 1, barcodes=(make_payload("P", "00123456", ""),))
    assert _index(sheet, "PROGRESS NOTE\nno identity here").documents[0].match.decision == "ask"


def test_a_page_that_names_another_than_the_sheet_goes_to_a_person() -> None:
    sheet = typed("Patient separator", 1, barcodes=(make_payload("P", "00123456", ""),))
    document = _index(sheet, f"PROGRESS NOTE\n{BOB}").documents[0]
    assert document.match.decision == "ask"
    assert any("other_mrn" in flag for flag in tuple(map(str, document.doubts)))


def test_after_an_unreadable_separator_nothing_is_linked_or_merged() -> None:
    sheet = typed("Patient separator\nMRN 00400001", 2)
    guess = _index(f"PROGRESS NOTE\n{ANA}", sheet, "continued text without any title")
    assert guess.separators == ()  # a person must see it
    assert [d.pages for d in guess.documents] == [(1,), (2,), (3,)]
    for document in guess.documents[1:]:
        assert "separator_unreadable_page_2" in tuple(map(str, document.doubts))
        assert document.match.decision != "linked"


def test_a_document_sheet_names_the_kind() -> None:
    sheet = typed("Document separator", 1, barcodes=(make_payload("D", "CONSENT_PROC"),))
    document = _index(sheet, f"some form\n{ANA}").documents[0]
    assert (document.type.code, document.type.evidence) == ("CONSENT_PROC", "separator sheet")


def test_a_page_that_could_not_be_read_keeps_its_document_from_linking() -> None:
    guess = _index(f"PROGRESS NOTE\n{ANA}", OcrPage(2, PageOutcome.TIMEOUT))
    assert guess.documents[0].pages == (1, 2)
    assert tuple(map(str, guess.documents[0].doubts)) == ("page_2_timeout",)
    assert guess.documents[0].match.decision == "ask"


def test_dissent_inside_a_document_stops_it() -> None:
    guess = _index(f"CONSULTATION\n{ANA}Page 1 of 2", "MRN: 00123456\nDOB: 11/11/1999\nPage 2 of 2")
    assert tuple(map(str, guess.documents[0].doubts)) == ("page_2_other_dob",)
    assert guess.documents[0].match.decision == "ask"


def test_every_page_has_exactly_one_place() -> None:
    guess = _index(f"PROGRESS NOTE\n{ANA}", blank(2), typed("Patient separator", 3), f"EKG\n{BOB}", "x")
    places = [n for d in guess.documents for n in d.pages] + [*guess.separators, *guess.blanks]
    assert sorted(places) == [1, 2, 3, 4, 5]


def test_chart_paper_that_mentions_a_patch_or_carries_a_code_stays_in_the_chart() -> None:
    note = f"PROGRESS NOTE\n{ANA}Nicotine patch tolerated well. Patch test results to follow."
    full = typed(f"CONSENT FOR SURGERY\n{ANA}" + "the risks were explained to me in full " * 9, 2, barcodes=("PATCHT",))
    guess = _index(note, full)
    assert guess.separators == ()
    assert [d.pages for d in guess.documents] == [(1,), (2,)]


def test_another_titled_page_after_page_1_of_2_is_not_swallowed() -> None:
    guess = _index(f"CONSULTATION\n{ANA}Page 1 of 2", "INFORMED CONSENT\nI authorize the procedure")
    assert [d.pages for d in guess.documents] == [(1,), (2,)]
    assert guess.documents[1].match.decision != "linked"


def test_somebody_else_on_a_later_page_stops_the_document_however_badly_read() -> None:
    badly = typed("MRN: 00999999\nDOB: 01/01/1970", 2, confidence=0.2)
    guess = _index(f"OPERATIVE REPORT\n{ANA}", badly)
    assert guess.documents[0].pages == (1, 2)
    assert guess.documents[0].match.decision == "ask"


def test_two_patients_on_one_page_are_seen() -> None:
    document = _index(f"PROGRESS NOTE\n{ANA}{BOB}").documents[0]
    assert document.match.decision == "ask"
    assert "page_1_other_mrn" in tuple(map(str, document.doubts))


def test_another_encounter_on_a_later_page_stops_the_document() -> None:
    guess = _index(f"CONSULTATION\n{ANA}Visit No: V2400881\nPage 1 of 2", "Visit No: V9999999\nPage 2 of 2")
    assert guess.documents[0].match.decision == "ask"


def test_a_lone_page_1_of_3_is_told() -> None:
    assert tuple(map(str, _index(f"CONSULTATION\n{ANA}Page 1 of 3").documents[0].doubts)) == ("pages_missing_2_3",)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("RIVERA, ANA", "Ana Rivera", True),
        ("RIVERA, ANA M", "RIVERA, ANA", True),
        ("KOWALCZYK, ROBERT", "KOWALCZYK, BOB", True),  # short form
        ("RIVERA, ANA", "RIVERA, A", True),  # initial
        ("GARCIA LOPEZ, ANA", "GARCIA, ANA", True),  # double surname
        ("BURNS, ANN", "BUMS, ANN", True),  # rn read as m
        ("JOHNSON, MARY", "JOHNSON, MARK", False),
        ("RODRIGUEZ, MARIA", "RODRIGUEZ, PEDRO", False),
        ("HERNANDEZ, JOSE", "HERNANDEZ, ROSA", False),
        ("RIVERA, ANA", "RIVERA, AMY", False),
    ],
)
def test_two_names_are_one_persons_only_when_both_parts_are(one: str, other: str, same: bool) -> None:
    assert same_name(one, other) is same


@pytest.mark.parametrize(
    "page",
    [
        f"PROGRESS NOTE\n{ANA}Seen and examined.\nPatient Name: NGUYEN, HOA\nDate: 01/02/2024",
        "PROGRESS NOTE\nPatient Name: Rivera, Ana (Baby Boy)\nMRN: 00123456\nDOB: 03/14/1957",
        "PROGRESS NOTE\nPatient Name: Rivera, Ana BB\nMRN: 00123456\nDOB: 03/14/1957",
    ],
    ids=["two patients", "newborn in brackets", "newborn by initials"],
)
def test_a_page_that_may_be_somebody_elses_is_never_linked(page: str) -> None:
    assert _index(page).documents[0].match.decision == "ask"


def test_another_title_and_visit_under_page_2_of_2_is_told() -> None:
    guess = _index(
        f"PROGRESS NOTE\n{ANA}Encounter: V2400881\nPage 1 of 2", "OPERATIVE REPORT\nEncounter: V9988776\nPage 2 of 2"
    )
    assert all(document.match.decision != "linked" for document in guess.documents)


def test_a_page_that_says_nothing_of_whose_it_is_keeps_a_document_from_filing_itself() -> None:
    document = _index(f"PROGRESS NOTE\n{ANA}", "He was seen today with his wife.\nKnee improved.").documents[0]
    assert document.unnamed_pages == (2,)
    assert "a page does not say whose it is" in objections(document, "ok")


def test_a_batch_cover_counts_the_pages_that_follow() -> None:
    def cover(count: int) -> OcrPage:
        return typed("Batch cover", 1, barcodes=(make_payload("B", "", str(count)),))

    pages: list[OcrPage | str] = [f"PROGRESS NOTE\n{ANA}", blank(3), f"DISCHARGE SUMMARY\n{ANA}HOSPITAL COURSE"]
    assert {d.match.decision for d in _index(cover(2), *pages).documents} == {"linked"}
    wrong = _index(cover(3), *pages)
    assert [d.match.reasons for d in wrong.documents] == [("the batch cover says 3 pages, 2 were found",)] * 2


@pytest.mark.parametrize("per_row", [1, 10, 2000], ids=["a row each", "ten a row", "one row"])
def test_labels_are_looked_at_once_each_however_many_there_are(monkeypatch: pytest.MonkeyPatch, per_row: int) -> None:
    """4,000 words 'MRN: 123' took 11 seconds: every label was compared with every other."""
    counts = []
    real = places.box_of_label
    for many in (500, 2000):
        looks: list[FoundLabel] = []
        monkeypatch.setattr(
            places, "box_of_label", lambda rows, anchor, seen=looks: seen.append(anchor) or real(rows, anchor)
        )
        page = typed("\n".join(" ".join(["MRN: 123"] * min(per_row, many)) for _ in range(max(1, many // per_row))))
        assert len(find_fields(page, Profile())) > 0
        counts.append(len(looks))
    assert counts[1] <= 4 * counts[0] + 4


def test_a_name_that_hundreds_of_pages_say_is_compared_once(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = []
    monkeypatch.setattr(split, "same_name", lambda one, other: compared.append(one) or one == other)
    pages = [
        typed(f"Patient Name: Okafor, Chidi\nMRN: 00456789\nquiet night {number}", number) for number in range(1, 101)
    ]
    assert len(split.split_pages(pages, Profile()).stacks) == 1
    assert len(compared) <= 2 * len(pages)


def test_a_value_is_weighed_against_the_surest_that_differs() -> None:
    def said(value: str, sure: float, page: int) -> FieldValue:
        return FieldValue("mrn", value, value, sure, page, None, "label")

    lone = weighed((said("1", 0.9, 1),))[0].confidence
    many = weighed(tuple(said(str(number), 0.9, number) for number in range(500)))
    assert len(many) == 3
    assert all(value.confidence < lone for value in many)  # each is contradicted by one as sure as itself
    first, second = weighed((said("1", 0.9, 1), said("2", 0.6, 2)))
    assert first.value == "1"
    assert many[0].confidence < first.confidence < lone
    assert second.confidence < 0.6


def test_what_is_said_of_a_relative_contradicts_nobody_and_what_is_badly_read_does() -> None:
    (guess,) = _index(ANA + "\nGUARANTOR\nName: Rivera, Luis   DOB: 11/02/1941").documents
    assert not any("other_dob" in str(doubt) for doubt in guess.doubts)
    badly = typed("continued   DOB: 11/02/1941", 2, confidence=0.2)
    doubts = [str(doubt) for document in _index(ANA, badly).documents for doubt in document.doubts]
    assert "page_2_other_dob" in doubts


CENSUS = """BEDS
Client/Resident Name     MRN             Sex   Doctor
Rivera, Ana M            00 123 456        F     Voss, Helen, MD
Breton, Nancy F          00 135 190        F     Pruitt, Victor, MD
Heit, Mark G             00 136 080        M     Voss, Helen, MD
Sohoot, Lori P           00 136 420        F     Pruitt, Victor, MD
"""

STAFF = """PROGRESS NOTE
Patient Name: Rivera, Ana M
MRN: 00123456
DOB: 03/14/1957
Consultants:
Voss, Helen, MD          1234567893
Pruitt, Victor, MD       1093817465
Castellano, Owen, MD     1679576722
Bergstrom, Greta, MD     1366446999
"""


def test_a_list_without_days_is_nobodys_page_whatever_its_first_row_says() -> None:
    (listed,) = index_file([typed(CENSUS)], SmallRoster(), Profile()).documents
    assert listed.match.decision != "linked"
    (own,) = index_file([typed(STAFF)], SmallRoster(), Profile()).documents
    assert own.match.decision == "linked"
