"""What words speak for before a site has verified anything: headings in other words, wording without a heading."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from classify import doctypes
from classify.identify import find_title, identify
from classify.kinds import tell_kind
from classify.learn import misread
from classify.profile import Profile
from classify.rows import rows_of_text
from classify.wording import Wording, from_json, plain_words, shipped, to_json
from ingest.site import load_site

FORM = (
    "\nPatient Name: Doe, Jane   MRN: 12345678\nDOB: 01/02/1960   Sex: F\n" + "The entries above are as shown.\n" * 12
)


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("NURSE CHARTING", "NURSING_NOTE"),
        ("Clinical Chemistry & Hematology Results", "LAB"),
        ("Emergency Services Treatment Record", "ED_RECORD"),
        ("Disclosure and Consent - Surgical Procedures", "CONSENT_PROC"),
        ("24 Hour Medication Administration Chart", "MAR"),
        ("Authorization to Release Health Records", "ROI_AUTH"),
        ("Inpatient Physical Therapy Evaluation", "THERAPY"),
        ("Antepartum Visit Summary", "PRENATAL"),
    ],
)
def test_a_heading_in_other_words_than_the_table_s_is_heard(heading: str, kind: str) -> None:
    assert identify(rows_of_text(f"MERCY HOSPITAL\n{heading}{FORM}"))[0].code == kind


@pytest.mark.parametrize(
    "line", ["Past Medical History", "Estimated Blood Loss", "MERCY GENERAL HOSPITAL", "1200 West Elm Street", "Form 1184 Rev. 3/99"]
)  # fmt: skip
def test_a_letterhead_or_the_head_of_a_section_announces_nothing(line: str) -> None:
    heard = shipped().hear_heading(plain_words(line))
    assert max(heard.values(), default=0.0) < 0.75
    assert find_title(rows_of_text(line + FORM)) is None


def test_a_lone_word_that_may_head_a_section_begins_no_document() -> None:
    assert find_title(rows_of_text("ANESTHESIA" + FORM)) is None


OPERATION = (
    "After informed consent the patient was taken to the operating room and placed supine. General endotracheal anesthesia was "
    "induced. The abdomen was prepped and draped in the usual sterile fashion. An incision was made and carried down to the "
    "fascia. Hemostasis was obtained with cautery. Sponge and needle counts were correct. The patient tolerated the procedure well."
)


def test_wording_without_a_heading_tells_the_kind_and_how_sure() -> None:
    best = identify(rows_of_text(OPERATION))[0]
    assert best.code == "OPERATIVE_REPORT"
    assert best.confidence > 0.8


def test_wording_survives_misread_letters() -> None:
    rng = random.Random(5)
    told = [identify(misread(rows_of_text(OPERATION), 0.08, rng))[0].code for _ in range(20)]
    assert told.count("OPERATIVE_REPORT") >= 18


@pytest.mark.parametrize(
    "text",
    [
        "Lunch menu for the week. Monday: soup, grilled chicken, rice, fruit. Tuesday: pasta, salad, pudding. Prices at the counter.",
        "Parking on level two is closed for repairs until Friday. Use the north entrance. Security escorts are at the front desk.",
    ],
)
def test_what_is_no_part_of_a_chart_is_not_taken_for_one(text: str) -> None:
    best = tell_kind(rows_of_text(text), Profile())[0]
    assert not best.is_sure


def test_a_word_that_lost_changed_or_gained_a_letter_is_the_known_one() -> None:
    words = Wording({"discharge": {"A": 3.0}}, {"A": 0.0, "NONE": 0.0}, {}, {}, {})
    assert all(words.hear_heading(text)["A"] > 0.9 for text in ("discharge", "dischage", "discharqe", "dischiarge"))
    assert words.hear_heading("discord") == {}


def test_numbers_say_nothing_of_the_kind_but_that_they_are_there() -> None:
    assert plain_words("UB-04, Room 1184 & 12") == plain_words("UB-09, Room 22 and 7")


def test_weights_come_back_from_their_file_as_they_were() -> None:
    words = shipped()
    assert from_json(to_json(words)) == words
    assert set(words.together) == {"title", "heard", "cues", "wording", "bias"}


def test_a_kind_told_by_wording_says_which_phrases_and_where() -> None:
    rows = rows_of_text(OPERATION)
    best = tell_kind(rows, Profile())[0]
    assert best.code == "OPERATIVE_REPORT"
    assert {"prepped", "draped", "incision", "operating", "counts", "sponge", "sterile"} & set(
        best.evidence.replace(",", "").split()
    )
    assert best.box == rows[0].box


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Profile]:
    """A hospital with a kind of its own, and a title of its own for one of ours."""
    (tmp_path / "profile.toml").write_text(
        '[types.SLEEP_STUDY]\ntitles = ["sleep study report"]\n[types.NURSING_ASSESS]\ntitles = ["wound log"]\n'
    )
    profile = load_site(tmp_path).profile
    doctypes.use_site_types(profile.types)
    yield profile
    doctypes.use_site_types(())


@pytest.mark.parametrize(("heading", "kind"), [("SLEEP STUDY REPORT", "SLEEP_STUDY"), ("WOUND LOG", "NURSING_ASSESS")])
def test_a_hospital_s_own_title_is_believed_though_no_weight_knows_it(site: Profile, heading: str, kind: str) -> None:
    best = tell_kind(rows_of_text(f"MERCY HOSPITAL\n{heading}{FORM}"), site)[0]
    assert (best.code, best.is_sure) == (kind, True)
