"""Second looks: plans of the standard, lots that draw themselves, blind keying, and what a lot's sample decides."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from classify.risk import exact_upper_bound
from ingest import filing
from storage.custody import integrity
from storage.documents import leases, misfiling, moves
from storage.foundation.clock import utc_now
from storage.foundation.errors import NotAllowed, StateRefused
from storage.foundation.home import Home
from storage.foundation.permissions import Actor, Role
from storage.foundation.tables.custody import Page
from storage.foundation.tables.documents import Document
from storage.foundation.tables.quality import QualityItem, QualityLot
from storage.foundation.tables.roster import Person
from storage.quality import figures, policy, reviews
from storage.quality.plans import Plan, Severity, next_severity, plan_for
from storage.quality.policy import Quality
from tests.given.records import SAM, TESS, UMA, add_person, read_and_index, receive
from tests.given.template import Template

RIGHT = {"mrn": "00123456", "dob": "", "name": "", "type": "PROGRESS_NOTE", "service_date": ""}


# ---- plans: rows of the standard's tables


@pytest.mark.parametrize(
    ("lot", "aql", "level", "severity", "plan"),
    [
        (400, 0.65, "II", Severity.NORMAL, Plan(80, 1, 2)),  # H points down to J
        (280, 0.65, "II", Severity.NORMAL, Plan(20, 0, 1)),  # G points up to F
        (1_000, 1.0, "II", Severity.NORMAL, Plan(80, 2, 3)),
        (3_200, 0.65, "II", Severity.NORMAL, Plan(125, 2, 3)),
        (10_000, 0.65, "II", Severity.NORMAL, Plan(200, 3, 4)),
        (35_000, 2.5, "II", Severity.NORMAL, Plan(315, 14, 15)),
        (500, 2.5, "I", Severity.NORMAL, Plan(20, 1, 2)),
        (150, 2.5, "III", Severity.NORMAL, Plan(32, 2, 3)),
        (3_200, 0.65, "II", Severity.TIGHTENED, Plan(125, 1, 2)),
        (400, 1.5, "II", Severity.TIGHTENED, Plan(50, 1, 2)),
        (400, 0.65, "II", Severity.TIGHTENED, Plan(125, 1, 2)),  # H points down, and J too
        (1_000, 2.5, "II", Severity.TIGHTENED, Plan(80, 3, 4)),
        (10_000, 0.65, "II", Severity.REDUCED, Plan(80, 1, 4)),
        (8, 10.0, "II", Severity.NORMAL, Plan(5, 1, 2)),  # A points down to C: there is no plan above it
        (50_000, 4.0, "II", Severity.TIGHTENED, Plan(315, 18, 19)),  # N points up to M
        (10, 0.65, "II", Severity.NORMAL, Plan(10, 0, 1)),  # a sample as large as the lot is all of it
    ],
)
def test_plans_are_those_of_the_standard(lot: int, aql: float, level: str, severity: Severity, plan: Plan) -> None:
    assert plan_for(lot, aql, level, severity) == plan


def test_a_plan_that_the_standard_does_not_have_is_refused() -> None:
    with pytest.raises(ValueError, match="AQL"):
        plan_for(100, 0.7)
    with pytest.raises(StateRefused, match=r"major_aql is one of"):
        policy.check_quality(Quality(lot=100, major_aql=0.7))
    with pytest.raises(StateRefused, match="level is one of"):
        policy.check_quality(Quality(lot=100, level="2"))


@pytest.mark.parametrize(
    ("now", "decided", "then"),
    [
        (Severity.NORMAL, [True, False, True, False], Severity.TIGHTENED),
        (Severity.NORMAL, [False, True, True, True, True, False], Severity.NORMAL),  # not two of five
        (Severity.NORMAL, [True] * 10, Severity.REDUCED),
        (Severity.TIGHTENED, [True] * 4, Severity.TIGHTENED),
        (Severity.TIGHTENED, [True] * 5, Severity.NORMAL),
        (Severity.REDUCED, [True, False], Severity.NORMAL),
        (Severity.REDUCED, [True] * 20, Severity.REDUCED),
    ],
)
def test_rejected_lots_tighten_and_accepted_ones_loosen(now: Severity, decided: list[bool], then: Severity) -> None:
    assert next_severity(now, decided) is then


@pytest.mark.parametrize(("wrong", "count", "bound"), [(0, 2_995, 0.001), (0, 299, 0.00997), (1, 100, 0.0466)])
def test_the_bound_of_wrong_patients_is_exact(wrong: int, count: int, bound: float) -> None:
    assert exact_upper_bound(wrong, count) == pytest.approx(bound, abs=1e-4)


# ---- lots


def _approve(home: Home, number: int, actor: Actor = TESS) -> int:
    with home.reading() as session:
        person = session.exec(select(Document.person_id).where(col(Document.person_id).is_not(None))).first()
    made = read_and_index(
        home, receive(home, f"scan {number} {actor.name}".encode()), ["a page"], person or add_person(home)
    )[0]
    with home.writing() as session:
        document = leases.claim(session, made, actor)
        moves.move(session, made, "approve", actor, version=document.version)
    return made


def _file(home: Home, quality: Quality) -> None:
    while filing.file_verified(home, 0.0, quality):
        pass


def _items(home: Home, kind: str) -> list[QualityItem]:
    with home.reading() as session:
        return list(session.exec(select(QualityItem).where(QualityItem.kind == kind).order_by(col(QualityItem.id))))


def _lot(home: Home, number: int = 1) -> QualityLot:
    with home.reading() as session:
        return session.get_one(QualityLot, number)


def _state(home: Home, document_id: int) -> str:
    with home.reading() as session:
        return session.get_one(Document, document_id).state


def _look(
    home: Home, item: QualityItem, values: dict[str, str] | None = None, *wrong: str, slips: list[str] | None = None
) -> None:
    with home.writing() as session:
        reviews.key(session, item.id, {**RIGHT, **(values or {})}, SAM)
        reviews.decide(session, home.vault, item.id, SAM, wrong=list(wrong), slips=slips or [])


@pytest.fixture(scope="module")
def approved(empty_home: Template, tmp_path_factory: pytest.TempPathFactory) -> Template:
    """Twelve documents of one patient that Tess approved."""
    home = empty_home.copied_to(tmp_path_factory.mktemp("approved"))
    assert [_approve(home, number) for number in range(12)] == list(TWELVE)
    return Template.of(home)


@pytest.fixture
def twelve(approved: Template, tmp_path: Path) -> Iterator[Home]:
    """A data home with those twelve."""
    home = approved.copied_to(tmp_path)
    yield home
    home.close()


TWELVE = range(1, 13)
QUALITY = Quality(lot=12, major_aql=4.0, minor_aql=4.0)  # letter B: a sample of 3


def test_nothing_is_drawn_until_a_site_asks_for_it(home: Home) -> None:
    made = _approve(home, 1)
    _file(home, Quality())
    assert _state(home, made) == "filed"
    assert _items(home, "member") == []


def test_a_lot_draws_exactly_its_sample_while_it_fills_and_the_rest_is_filed(twelve: Home) -> None:
    made = list(TWELVE)
    _file(twelve, QUALITY)
    drawn = [item.document_id for item in _items(twelve, "sample")]
    assert len(drawn) == _lot(twelve).sample == 3
    assert _lot(twelve).state == "full"
    assert {_state(twelve, document) for document in drawn} == {"to_qc"}
    assert {_state(twelve, document) for document in set(made) - set(drawn)} == {"filed"}
    _approve(twelve, 13)
    _file(twelve, QUALITY)
    assert _lot(twelve, 2).state == "filling"


def test_a_sample_without_errors_accepts_its_lot_and_files_its_documents(twelve: Home) -> None:
    _file(twelve, QUALITY)
    for item in _items(twelve, "sample"):
        _look(twelve, item)
    assert _lot(twelve).state == "accepted"
    assert {_state(twelve, item.document_id) for item in _items(twelve, "sample")} == {"filed"}
    with twelve.reading() as session:
        assert integrity.verify(session, twelve.vault).problems == ()
        found = figures.measure(session, SAM)
    assert (found.all.looked_at, found.all.right, found.waiting) == (3, 1.0, 0)
    assert found.all.wrong_patient_bound == pytest.approx(0.6316, abs=1e-3)
    assert found.operators["tess"].looked_at == 3


def test_one_wrong_patient_rejects_the_lot_and_everything_in_it_is_looked_at(twelve: Home) -> None:
    _file(twelve, QUALITY)
    first = _items(twelve, "sample")[0]
    _look(twelve, first, {"mrn": "00999999"}, "wrong_patient")
    assert _lot(twelve).state == "rejected"
    assert _state(twelve, first.document_id) == "to_verify"
    assert len(_items(twelve, "inspection")) == 9
    with twelve.reading() as session:
        assert len(reviews.waiting(session, SAM)) == 11
        assert session.get_one(Document, first.document_id).priority == 1
        assert integrity.verify(session, twelve.vault).problems == ()
    _look(twelve, _items(twelve, "inspection")[0])  # filed: looked at where it is
    assert _state(twelve, _items(twelve, "inspection")[0].document_id) == "filed"
    _approve(twelve, 20)
    _file(twelve, QUALITY)
    assert _lot(twelve, 2).severity == "normal"  # one of five is no reason to tighten


def test_a_lot_that_is_ended_early_draws_what_its_size_still_needs(home: Home) -> None:
    for number in range(5):
        _approve(home, number)
    _file(home, Quality(lot=500, major_aql=4.0, minor_aql=4.0))
    with home.writing() as session:
        lot = reviews.end_lot(session, 1, SAM)
        assert (lot.size, lot.state) == (5, "full")
    assert len(_items(home, "sample")) == plan_for(5, 4.0).size
    with home.writing() as session, pytest.raises(NotAllowed):
        reviews.end_lot(session, 1, TESS)


def _verify_anew(home: Home, document_id: int, actor: Actor) -> None:
    with home.writing() as session:
        document = leases.claim(session, document_id, actor)
        moves.move(session, document_id, "approve", actor, version=document.version)


@pytest.mark.parametrize(("error", "then"), [("wrong_type", "filed"), ("wrong_patient", "to_qc")])
def test_what_failed_is_filed_after_it_was_put_right_unless_it_was_critical(home: Home, error: str, then: str) -> None:
    policy = Quality(double_key=["PROGRESS_NOTE"])
    made = _approve(home, 1)
    _file(home, policy)
    _look(home, _items(home, "double_key")[0], {}, error)
    _verify_anew(home, made, SAM)  # who found it puts it right, and is looked at in turn
    _file(home, policy)
    assert _state(home, made) == then
    if then == "to_qc":
        with home.writing() as session:
            assert reviews.waiting(session, SAM) == []
            again = reviews.waiting(session, UMA)[0]
            reviews.key(session, again.id, RIGHT, UMA)
            reviews.decide(session, home.vault, again.id, UMA, wrong=[], slips=[])
        assert _state(home, made) == "filed"


def test_a_rejected_lot_ends_the_open_lots_of_the_same_person(twelve: Home) -> None:
    for number in (12, 13):
        _approve(twelve, number)
    _file(twelve, QUALITY)
    assert [_lot(twelve, number).state for number in (1, 2)] == ["full", "filling"]
    _look(twelve, _items(twelve, "sample")[0], {}, "missing_page")
    assert [_lot(twelve, number).state for number in (1, 2)] == ["rejected", "rejected"]
    assert _items(twelve, "member") == []


def test_a_lot_of_which_nothing_was_looked_at_is_not_accepted(twelve: Home) -> None:
    _file(twelve, QUALITY)
    for item in _items(twelve, "sample"):
        with twelve.writing() as session:
            reviews.file_without_review(session, twelve.vault, item.id, SAM, "nobody else works here this week")
    assert _lot(twelve).state == "full"
    assert len(_items(twelve, "sample")) == 3  # others are drawn in their place
    while waiting := _items(twelve, "sample"):
        with twelve.writing() as session:
            reviews.file_without_review(session, twelve.vault, waiting[0].id, SAM, "nobody else works here this week")
    assert _lot(twelve).state == "full"
    assert len(_items(twelve, "released")) == 12
    with twelve.reading() as session:
        assert figures.measure(session, SAM).all.looked_at == 0


def test_a_document_that_was_verified_anew_is_no_part_of_the_sample(twelve: Home) -> None:
    _file(twelve, QUALITY)
    first, *others = _items(twelve, "sample")
    with twelve.writing() as session:
        session.get_one(Document, first.document_id).verified_by = "uma"
        assert first.id not in [item.id for item in reviews.waiting(session, SAM)]
        with pytest.raises(StateRefused, match="changed since it was drawn"):
            reviews.key(session, first.id, RIGHT, SAM)
    for item in others:
        _look(twelve, item)
    assert [item.document_id for item in _items(twelve, "overtaken")] == [first.document_id]
    assert _lot(twelve).state == "full"
    instead = [item for item in _items(twelve, "sample") if item.decided_at is None]
    assert len(instead) == 1  # another of the lot is drawn in its place
    _look(twelve, instead[0])
    assert _lot(twelve).state == "accepted"


def test_each_class_of_errors_is_judged_on_as_many_documents_as_its_plan_asks_for(twelve: Home) -> None:
    for number in range(12, 30):
        _approve(twelve, number)
    _file(twelve, Quality(lot=30, major_aql=0.65, minor_aql=2.5))  # 20 are looked at, minor errors count in the first 5
    drawn = _items(twelve, "sample")
    assert len(drawn) == 20
    for place, item in enumerate(drawn):
        _look(twelve, item, {}, *(["skewed"] if place == 12 else []))
    assert _lot(twelve).state == "accepted"


def test_a_document_without_an_image_goes_back_and_is_not_drawn(home: Home) -> None:
    made = _approve(home, 1)
    with home.writing() as session:
        for page in session.exec(select(Page).where(Page.document_id == made)):
            page.reading_id = None
    _file(home, Quality(double_key=["PROGRESS_NOTE"]))
    assert _state(home, made) == "to_verify"
    assert _items(home, "double_key") == []


# ---- the second look


@pytest.fixture
def drawn(home: Home) -> tuple[Home, QualityItem]:
    """A document that Tess verified and that waits for blind second keying."""
    _approve(home, 1)
    _file(home, Quality(double_key=["PROGRESS_NOTE"]))
    return home, _items(home, "double_key")[0]


def test_nobody_looks_again_at_their_own_document(drawn: tuple[Home, QualityItem]) -> None:
    home, item = drawn
    with home.writing() as session:
        assert reviews.waiting(session, TESS) == []
        assert [one.id for one in reviews.waiting(session, UMA)] == [item.id]
        with pytest.raises(NotAllowed, match="somebody else"):
            reviews.key(session, item.id, RIGHT, TESS)


def test_a_second_technician_who_keys_the_same_files_it(drawn: tuple[Home, QualityItem]) -> None:
    home, item = drawn
    with home.writing() as session:
        assert reviews.key(session, item.id, {"mrn": "00123456"}, UMA) == []
        reviews.decide(session, home.vault, item.id, UMA, wrong=[], slips=[])
    assert _state(home, item.document_id) == "filed"


def test_what_was_keyed_is_kept_and_not_changed_after_the_values_were_seen(drawn: tuple[Home, QualityItem]) -> None:
    home, item = drawn
    with home.writing() as session:
        seen = reviews.key(session, item.id, {"mrn": "00999999"}, UMA)
        assert [(one.name, one.first, one.second) for one in seen] == [("mrn", "00123456", "00999999")]
        assert reviews.key(session, item.id, {"mrn": "00123456"}, UMA) == seen
        with pytest.raises(StateRefused, match="Say who was wrong about: mrn"):
            reviews.decide(session, home.vault, item.id, UMA, wrong=[], slips=[])
        reviews.decide(session, home.vault, item.id, UMA, wrong=[], slips=["mrn"])
    with home.reading() as session:
        found = figures.measure(session, SAM)
    assert (found.all.slips, found.all.critical) == (1, 0)
    assert _state(home, item.document_id) == "filed"


def test_a_difference_that_the_first_person_had_wrong_sends_it_back_with_the_reason(
    drawn: tuple[Home, QualityItem],
) -> None:
    home, item = drawn
    with home.writing() as session:
        reviews.key(session, item.id, {"mrn": "00999999"}, UMA)
        reviews.decide(session, home.vault, item.id, UMA, wrong=["wrong_patient"], slips=[], note="other label")
    with home.reading() as session:
        document = session.get_one(Document, item.document_id)
        assert (document.state, document.why_waiting) == ("to_verify", "Quality review: wrong patient. other label")
        assert integrity.verify(session, home.vault).problems == ()


def test_a_birthday_that_the_list_does_not_have_is_no_difference(drawn: tuple[Home, QualityItem]) -> None:
    home, item = drawn
    with home.writing() as session:
        assert reviews.key(session, item.id, {"dob": "14/03/1957", "name": "Rivera, Ana"}, UMA, day_first=True) == []
        assert session.get_one(QualityItem, item.id).keyed == {"mrn": "", "dob": "1957-03-14", "name": "Rivera, Ana"}


def test_pages_that_name_nobody_are_looked_at_all_the_same(drawn: tuple[Home, QualityItem]) -> None:
    home, item = drawn
    with home.writing() as session:
        assert reviews.key(session, item.id, {}, UMA, has_no_identity=True) == []
        reviews.decide(session, home.vault, item.id, UMA, wrong=["wrong_encounter"], slips=[])
    assert _state(home, item.document_id) == "to_verify"


def test_a_difference_that_registration_cured_meanwhile_needs_no_verdict(drawn: tuple[Home, QualityItem]) -> None:
    home, item = drawn
    with home.writing() as session:
        assert reviews.key(session, item.id, {"mrn": "00999999"}, UMA)
        person = session.get_one(Person, session.get_one(Document, item.document_id).person_id)
        person.other_mrns = ["00999999"]
    with home.writing() as session:
        reviews.decide(session, home.vault, item.id, UMA, wrong=[], slips=[])
    assert _state(home, item.document_id) == "filed"


def test_who_keyed_and_left_holds_a_document_for_an_hour(drawn: tuple[Home, QualityItem]) -> None:
    home, item = drawn
    with home.writing() as session:
        reviews.key(session, item.id, {"mrn": "00999999"}, UMA)
        assert reviews.waiting(session, SAM) == []
        session.get_one(QualityItem, item.id).keyed_at = utc_now() - timedelta(minutes=61)
        assert [one.id for one in reviews.waiting(session, SAM)] == [item.id]
        assert reviews.key(session, item.id, {"mrn": "00123456"}, SAM) == []


def test_a_wrong_patient_found_in_a_filed_document_is_proposed_for_correction(twelve: Home) -> None:
    _file(twelve, QUALITY)
    _look(twelve, _items(twelve, "sample")[0], {}, "missing_page")  # the lot is rejected: all of it is looked at
    filed = _items(twelve, "inspection")[0]
    assert _state(twelve, filed.document_id) == "filed"
    _look(twelve, filed, {"mrn": "00999999"}, "wrong_patient")
    with twelve.reading() as session:
        proposals = misfiling.waiting(session, SAM)
    assert [(p.document_id, p.proposed_by) for p in proposals] == [(filed.document_id, "sam")]


def test_letting_go_takes_a_supervisor_and_a_reason(drawn: tuple[Home, QualityItem]) -> None:
    home, item = drawn
    with home.writing() as session, pytest.raises(NotAllowed):
        reviews.file_without_review(session, home.vault, item.id, UMA, "no time today")
    with home.writing() as session:
        assert [one.id for one in reviews.waiting_for_review(session, SAM)] == [item.id]
        with pytest.raises(StateRefused, match="Write the reason"):
            reviews.file_without_review(session, home.vault, item.id, SAM, " ")
        reviews.file_without_review(session, home.vault, item.id, SAM, "the only other person is ill")
    assert _state(home, item.document_id) == "filed"
    with home.reading() as session:
        assert integrity.verify(session, home.vault).problems == ()


def test_a_technician_sees_their_own_figures_and_no_progress_of_a_lot_that_fills(home: Home) -> None:
    for number in range(5):
        _approve(home, number)
    _file(home, QUALITY)
    for item in _items(home, "sample"):
        _look(home, item)
    with home.reading() as session:
        assert set(figures.measure(session, UMA).operators) == set()
        assert figures.lots_of(session, UMA) == []
        assert [tally.looked_at for _, tally, _ in figures.lots_of(session, TESS)] == [0]


def test_a_document_with_two_errors_is_one_wrong_document() -> None:
    tally = figures.Tally()
    tally.add(
        QualityItem(
            document_id=1, kind="sample", verified_by="tess", type_code="LAB", errors=["wrong_patient", "wrong_type"]
        )
    )
    assert (tally.right, tally.critical, tally.major) == (0.0, 1, 1)


def test_a_policy_that_names_no_document_type_is_refused() -> None:
    with pytest.raises(StateRefused, match="CONSNET_PROC"):
        policy.check_quality(Quality(double_key=["CONSNET_PROC"]))


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({}, "Type the MRN, the date of birth or the name"),
        ({"type": "LAB"}, "Type the MRN, the date of birth or the name"),
    ],
)
def test_keying_nothing_is_refused(drawn: tuple[Home, QualityItem], values: dict[str, str], sentence: str) -> None:
    home, item = drawn
    with home.writing() as session, pytest.raises(StateRefused, match=sentence):
        reviews.key(session, item.id, values, UMA)


def test_deciding_before_keying_and_twice_is_refused(drawn: tuple[Home, QualityItem]) -> None:
    home, item = drawn
    with home.writing() as session:
        with pytest.raises(StateRefused, match="Enter what the page shows first"):
            reviews.decide(session, home.vault, item.id, UMA, wrong=[], slips=[])
        reviews.key(session, item.id, {"mrn": "00123456"}, UMA)
        with pytest.raises(StateRefused, match="uma is reviewing"):
            reviews.key(session, item.id, RIGHT, SAM)
        reviews.decide(session, home.vault, item.id, UMA, wrong=["skewed"], slips=[])
        with pytest.raises(StateRefused, match="reviewed already"):
            reviews.decide(session, home.vault, item.id, UMA, wrong=[], slips=[])


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.AUDITOR, Role.ADMIN])
def test_other_roles_look_at_nothing(drawn: tuple[Home, QualityItem], role: Role) -> None:
    home, item = drawn
    with home.writing() as session:
        with pytest.raises(NotAllowed):
            reviews.waiting(session, Actor("x", role))
        with pytest.raises(NotAllowed):
            reviews.key(session, item.id, RIGHT, Actor("x", role))


def test_a_technician_does_not_judge_samples(twelve: Home) -> None:
    _file(twelve, QUALITY)
    with twelve.writing() as session:
        assert reviews.waiting(session, UMA) == []
        with pytest.raises(NotAllowed):
            reviews.key(session, _items(twelve, "sample")[0].id, RIGHT, UMA)
