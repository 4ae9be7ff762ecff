"""What kind of document it is and who may be sure of it: rules alone, a model beside them, the two against each other."""

from collections.abc import Mapping
from typing import Any

import pytest

from classify import kinds
from classify.doctypes import OTHER
from classify.kinds import tell_kind
from classify.profile import Profile
from classify.rows import rows_of
from tests.given.paper import typed

P = Profile()
NOTE = "PROGRESS NOTE\nSUBJECTIVE\nOBJECTIVE\nASSESSMENT AND PLAN"


class _Model:
    """A learned model that says what it is told to, whatever the page holds."""

    def __init__(self, chances: Mapping[str, float], sure_from: Mapping[str, float]) -> None:
        self._chances = dict(chances)
        self.codes = tuple(sure_from)
        self.sure_from = tuple(sure_from.values())

    def scores(self, features: object) -> object:
        return features

    def chances(self, scores: object, rules: object) -> dict[str, float]:
        return self._chances


def _tell(text: str, model: Any = None, profile: Profile = P):  # type: ignore[no-untyped-def]
    return tell_kind(rows_of(typed(text)), profile, model, 1)


def test_a_title_tells_the_kind_with_its_words_page_and_place() -> None:
    best = _tell(NOTE)[0]
    assert (best.code, best.is_sure, best.page) == ("PROGRESS_NOTE", True, 1)
    assert best.evidence
    assert best.box is not None


@pytest.mark.parametrize("text", ["", "7", "the lungs were clear"])
def test_where_nothing_speaks_it_is_none_that_is_known_and_nobody_is_sure(text: str) -> None:
    best = _tell(text)[0]
    assert (best.code, best.is_sure) == (OTHER, False)


def test_three_are_told_at_most_best_first() -> None:
    told = _tell(NOTE + "\nDISCHARGE SUMMARY\nHOSPITAL COURSE\nOPERATIVE REPORT\nANESTHESIA\nCONSULTATION")
    assert len(told) <= 3
    chances = [guess.confidence for guess in told if guess.code != OTHER]
    assert chances == sorted(chances, reverse=True)


@pytest.mark.parametrize(("threshold", "is_sure"), [(0.5, True), (0.92, True), (1.01, False)])
def test_without_a_model_the_site_says_from_when_a_rule_is_sure(threshold: float, is_sure: bool) -> None:
    assert _tell(NOTE, profile=Profile(sure_type=threshold))[0].is_sure is is_sure


@pytest.mark.parametrize(
    ("text", "chances", "sure_from", "code", "is_sure", "why"),
    [
        (NOTE, {"PROGRESS_NOTE": 0.95}, {"PROGRESS_NOTE": 0.9}, "PROGRESS_NOTE", True, "both say so"),
        (NOTE, {"PROGRESS_NOTE": 0.85}, {"PROGRESS_NOTE": 0.9}, "PROGRESS_NOTE", False, "under the threshold that its kind earned"),
        (NOTE, {"PROGRESS_NOTE": 0.9}, {"PROGRESS_NOTE": 0.9}, "PROGRESS_NOTE", True, "at it"),
        (NOTE, {"CONSULTATION": 0.99}, {"CONSULTATION": 0.9}, "CONSULTATION", False, "the rules are as sure of another"),
        ("clear lungs", {"CONSULTATION": 0.99}, {"CONSULTATION": 0.9}, "CONSULTATION", True, "the rules say nothing"),
        ("clear lungs", {"CONSULTATION": 0.99}, {"CONSULTATION": 2.0}, "CONSULTATION", False, "a kind that earned nothing"),
        ("clear lungs", {"CONSULTATION": 0.99}, {}, "CONSULTATION", False, "a kind that the model does not know"),
        (NOTE, {"PROGRESS_NOTE": 0.6}, {"PROGRESS_NOTE": 2.0}, "PROGRESS_NOTE", True, "it earned nothing, but the rules are sure and it does not doubt them"),
        (NOTE, {"PROGRESS_NOTE": 0.49}, {"PROGRESS_NOTE": 2.0}, OTHER, False, "it doubts them: likelier none of all"),
        (NOTE, {"PROGRESS_NOTE": 0.45, "CONSULTATION": 0.3}, {"PROGRESS_NOTE": 2.0}, "PROGRESS_NOTE", False, "it doubts what the rules are sure of"),
        ("clear lungs", dict.fromkeys("ABCDEFG", 0.14), {}, OTHER, False, "seven that may be: each too faint for an answer"),
        ("clear lungs", dict.fromkeys("ABCDEF", 0.16), {}, "A", False, "six: the first is an answer, and nobody is sure"),
        ("clear lungs", {"CONSULTATION": 0.4}, {"CONSULTATION": 0.0}, OTHER, False, "none of all is likelier"),
        ("clear lungs", {}, {}, OTHER, False, "no answer at all"),
    ],
)  # fmt: skip
def test_two_voices_are_sure_together_and_neither_against_the_other(
    text: str, chances: dict[str, float], sure_from: dict[str, float], code: str, is_sure: bool, why: str
) -> None:
    best = _tell(text, _Model(chances, sure_from))[0]
    assert (best.code, best.is_sure) == (code, is_sure), why


def test_when_it_is_likelier_none_the_kinds_that_it_may_be_are_told_after_it_and_never_sure() -> None:
    told = _tell("clear lungs", _Model({"CONSULTATION": 0.4, "EKG": 0.1}, {"CONSULTATION": 0.0, "EKG": 0.0}))
    assert [guess.code for guess in told] == [OTHER, "CONSULTATION", "EKG"]
    assert [guess.confidence for guess in told] == [0.5, 0.4, 0.1]
    assert not any(guess.is_sure for guess in told)


def test_a_second_kind_is_not_sure_where_the_first_is() -> None:
    told = _tell(NOTE, _Model({"PROGRESS_NOTE": 0.6, "CONSULTATION": 0.3}, {"PROGRESS_NOTE": 0.5, "CONSULTATION": 0.9}))
    assert [(guess.code, guess.is_sure) for guess in told] == [("PROGRESS_NOTE", True), ("CONSULTATION", False)]


def test_a_kind_whose_heading_says_nothing_is_told_by_its_wording() -> None:
    best = _tell("clear lungs", _Model({"CONSULTATION": 0.99}, {"CONSULTATION": 0.9}))[0]
    assert best.evidence == "wording", "no phrase of the page speaks for it"
    assert best.box is None
    assert kinds.OTHER == OTHER


HEAD = "Patient Name: Rivera, Ana     MRN: 00123456\nDOB: 03/14/1957     Sex: F\n"
BODIES = {
    "of a note": "Doing well since last visit, no new complaints, lungs clear\nContinue current therapy, returns in two weeks",
    "of a bill": "Claim 2231 paid amount 40.00 allowed amount 55.00\nYour share, deductible 15.00\nThis is not a bill",
    "of a discharge": "HOSPITAL COURSE: diuresed well\nStable, goes home on furosemide and potassium",
    "of nurses": "Call light within reach, side rails up\nTurned and repositioned, tolerated diet\nVoided, will monitor",
}


@pytest.mark.parametrize("body", list(BODIES.values()), ids=list(BODIES))
@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("LABORATORY REPORT", "LAB"),
        ("CONSULTATION REPORT", "CONSULT"),
        ("PATIENT REGISTRATION", "REGISTRATION"),
        ("CONSENT FOR SURGERY", "CONSENT_PROC"),
        ("SURGICAL PATHOLOGY REPORT", "PATHOLOGY"),
    ],
)
def test_a_title_of_the_table_on_top_is_not_lost_to_what_the_body_mentions(title: str, code: str, body: str) -> None:
    assert _tell(f"{title}\n{HEAD}{body}")[0].code == code
    assert _tell(f"Lakeside General Hospital\n{title}\n{HEAD}{body}")[0].code == code


NOTE_BODY = (
    "SUBJECTIVE: doing well since last visit\nOBJECTIVE: lungs clear, no new complaints\n"
    "ASSESSMENT AND PLAN: continue current therapy, returns today in two weeks\n"
)
OPERATION = (
    "The patient was brought to the operating room, prepped and draped in the usual sterile fashion\n"
    "General endotracheal anesthesia was induced. A supraumbilical incision was made\n"
    "ESTIMATED BLOOD LOSS: 50 mL\nSPECIMENS: gallbladder\nCOMPLICATIONS: none\nPROCEDURE IN DETAIL: the cystic duct was clipped\n"
    "Hemostasis was good, sponge and needle counts were correct, the wound was closed in layers\n"
)


@pytest.mark.parametrize("body", [NOTE_BODY, OPERATION], ids=["a note", "an operation"])
@pytest.mark.parametrize(
    "title", ["PATIENT REGISTRATION", "ADMISSION ORDERS", "LABORATORY REPORT", "EXPLANATION OF BENEFITS"]
)
def test_nobody_is_sure_of_a_page_that_is_called_one_thing_and_says_another(title: str, body: str) -> None:
    best = _tell(f"{title}\n{HEAD}{body}")
    assert not best[0].is_sure or best[0].code == _tell(title)[0].code
    assert _tell(title)[0].code in {guess.code for guess in best}


@pytest.mark.parametrize("section", ["CURRENT MEDICATIONS", "VITAL SIGNS", "ALLERGIES", "PATIENT INSTRUCTIONS"])
def test_the_heading_of_a_section_names_no_document(section: str) -> None:
    text = f"Lakeside General Hospital\n{HEAD}Seen in the clinic by Wei Chen, MD\n{section}\n{NOTE_BODY}"
    assert _tell(text)[0].code == "PROGRESS_NOTE"


@pytest.mark.parametrize("section", ["CURRENT MEDICATIONS:", "PROBLEM LIST:", "MEDICAL HISTORY:"])
def test_a_note_that_begins_with_a_section_is_not_called_so(section: str) -> None:
    assert _tell(f"{section}\n1. Gabapentin at night\n{NOTE_BODY}")[0].code == "PROGRESS_NOTE"
