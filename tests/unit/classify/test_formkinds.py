"""Form numbers and rules weighed with words: who decides, who makes a question, and what is told of it."""

import pytest

from classify import doctypes
from classify.codes.formids import FormId
from classify.doctypes import OTHER, DocumentType
from classify.formkinds import OF_SITE, STANDARD, FormEvidence, evidence_of_forms, with_forms, with_rules
from classify.guess import TypeGuess
from classify.index import kinds_of
from classify.profile import Profile
from classify.typerules import Hit, TypeRule, Where
from ocr.page import Box
from tests.given.paper import typed

BOX = Box(150, 3090, 400, 3130)
CMS = FormId("CMS-1500", BOX, "foot", is_named=True)
NOTHING = (TypeGuess(OTHER, 0.9),)
SURE_LAB = (TypeGuess("LAB", 0.98, "laboratory report", 1, Box(150, 150, 600, 190), is_sure=True),)
FOOT = "\n" * 48
SITE = Profile(types=(DocumentType("LAB", "Lab", "", "", "results", (), (), forms=("HH-1032",)),))


def _evidence(
    form: FormId, at: int = 0, of: int = 1, profile: Profile | None = None, **learned: tuple[str, float]
) -> tuple[FormEvidence, ...]:
    pages = [(number + 1, (form,) if number == at else ()) for number in range(of)]
    return evidence_of_forms(pages, profile or Profile(), learned)


def test_a_public_form_says_its_kind_where_words_say_nothing() -> None:
    best, *_ = with_forms(NOTHING, _evidence(CMS), 0.92)
    assert (best.code, best.is_sure, best.box) == ("CLAIM_CMS1500", True, BOX)
    assert best.confidence == pytest.approx(STANDARD, abs=0.001)
    assert best.evidence == "form number CMS-1500 (NUCC, health insurance claim form)"


def test_it_makes_a_likely_kind_sure_and_says_so_beside_the_title() -> None:
    likely = (TypeGuess("CLAIM_CMS1500", 0.6, "health insurance claim form"), TypeGuess("EOB", 0.3))
    best, other = with_forms(likely, _evidence(CMS), 0.92)
    assert (best.code, best.is_sure) == ("CLAIM_CMS1500", True)
    assert best.evidence.startswith("health insurance claim form; form number CMS-1500")
    assert best.confidence + other.confidence <= 1


def test_against_sure_words_nobody_is_sure() -> None:
    found = with_forms(SURE_LAB, _evidence(CMS), 0.92)
    assert {guess.code for guess in found} == {"LAB", "CLAIM_CMS1500"}
    assert not any(guess.is_sure for guess in found)


def test_two_form_numbers_of_two_kinds_make_nobody_sure() -> None:
    pages = [(1, (CMS, FormId("SF 600", BOX, "foot", is_named=True)))]
    assert not any(guess.is_sure for guess in with_forms(NOTHING, evidence_of_forms(pages, Profile(), {}), 0.92))


def test_the_first_page_says_more_than_the_last_and_that_more_than_one_within() -> None:
    first, middle, last = (_evidence(CMS, at, 3)[0].chance for at in range(3))
    assert first == pytest.approx(STANDARD)
    assert 0.5 < middle < last < first


def test_the_sites_entry_counts_before_what_was_learned_and_that_before_the_table() -> None:
    form = FormId("HH-1032", BOX, "foot", is_named=True)
    assert _evidence(form) == ()
    (learned,) = _evidence(form, HH1032=("EKG", 0.7))
    assert learned.code == "EKG"
    assert learned.chance == pytest.approx(0.7)
    assert _evidence(form, profile=SITE, HH1032=("EKG", 0.7))[0].code == "LAB"
    assert _evidence(form, profile=SITE)[0].chance == pytest.approx(OF_SITE)
    assert _evidence(CMS, CM51500=("EOB", 0.6))[0].code == "EOB"


def test_a_learned_form_of_few_documents_makes_nobody_sure() -> None:
    best = with_forms(NOTHING, _evidence(FormId("HH-1032", BOX, "foot"), HH1032=("EKG", 0.55)), 0.92)[0]
    assert (best.code, best.is_sure) == ("EKG", False)


def test_a_barcode_that_says_1500_is_no_claim_form() -> None:
    assert _evidence(FormId("1500", BOX, "barcode")) == ()


# ---- rules


def _hit(number: int, code: str, where: Where = Where.ANYWHERE, box: Box = BOX) -> Hit:
    return Hit(TypeRule(number, code, "x", where), "words", 1, box)


def test_a_rule_decides_and_is_told() -> None:
    best, *_ = with_rules((TypeGuess("LAB", 0.5), TypeGuess("EKG", 0.2)), [_hit(2, "DIALYSIS")])
    assert (best.code, best.is_sure, best.evidence) == ("DIALYSIS", True, "rule 2 of the profile: “words”")


def test_rules_of_one_kind_agree_and_the_first_is_told() -> None:
    assert with_rules(NOTHING, [_hit(1, "DIALYSIS"), _hit(4, "DIALYSIS")])[0].evidence.startswith("rule 1 ")


def test_rules_of_two_kinds_decide_nothing_and_say_so() -> None:
    found = with_rules(SURE_LAB, [_hit(1, "DIALYSIS"), _hit(4, "EKG")])
    assert [guess.code for guess in found] == ["DIALYSIS", "EKG", "LAB"]
    assert not any(guess.is_sure for guess in found)
    assert found[0].evidence.startswith("rules 1 and 4 of the profile contradict each other")


def test_a_rule_against_a_sure_title_elsewhere_makes_a_question() -> None:
    assert not with_rules(SURE_LAB, [_hit(1, "DIALYSIS")])[0].is_sure


def test_a_rule_that_reads_the_title_itself_explains_it() -> None:
    assert with_rules(SURE_LAB, [_hit(1, "DIALYSIS", Where.HEAD, Box(150, 150, 800, 190))])[0].is_sure


def test_a_rule_of_a_kind_that_is_gone_is_not_heard() -> None:
    assert with_rules(SURE_LAB, [_hit(1, "NO_SUCH_KIND")]) == SURE_LAB


# ---- whole pages


@pytest.mark.parametrize(
    ("text", "profile", "code", "told"),
    [
        ("Notes of the day\n" + FOOT + "Standard Form 600 (Rev. 11-2010)", Profile(), "PROGRESS_NOTE", "form number SF 600"),
        ("Values\n" + FOOT + "Form HH-1032 (Rev. 7/18)", SITE, "LAB", "form number HH-1032"),
        ("Machine 4\nTREATMENT RUN SHEET", Profile(rules=(TypeRule(1, "DIALYSIS", "(?i)run sheet", Where.HEAD),)), "DIALYSIS", "rule 1"),
        ("PROGRESS NOTE\nseen by Dr. Chen", Profile(), "PROGRESS_NOTE", "progress note"),
    ],
)  # fmt: skip
def test_what_decided_is_told_with_the_kind(text: str, profile: Profile, code: str, told: str) -> None:
    best = kinds_of([typed(text)], profile)[0]
    assert (best.code, told in best.evidence) == (code, True)


def test_the_label_of_a_kind_follows_the_rule_that_decided() -> None:
    from classify.index import index_file
    from tests.given.people import SmallRoster

    kind = DocumentType("EAP_NOTE", "Employee assistance note", "", "", "notes", (), (), access=("EMP",))
    profile = Profile(types=(kind,), rules=(TypeRule(1, "EAP_NOTE", "(?i)assistance program"),))
    doctypes.use_site_types(profile.types)
    try:
        (document,) = index_file([typed("Employee assistance program\nseen today")], SmallRoster(), profile).documents
        assert (document.type.code, [label.code for label in document.labels]) == ("EAP_NOTE", ["EMP"])
    finally:
        doctypes.use_site_types(())
