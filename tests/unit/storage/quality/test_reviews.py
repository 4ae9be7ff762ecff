"""Refusals of a second look, each in its sentence, and lots as they fill, are decided, tightened and loosened."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from review_app.model import secondlooks
from storage.documents import leases, moves
from storage.foundation.clock import utc_now
from storage.foundation.errors import NotAllowed, StateRefused
from storage.foundation.home import Home
from storage.foundation.permissions import Actor, Role
from storage.foundation.tables.documents import Document
from storage.foundation.tables.quality import QualityItem, QualityLot
from storage.quality import lots, reviews
from storage.quality.plans import Severity
from storage.quality.policy import Quality
from tests.given.records import SAM, TESS, UMA, add_person, read_and_index, receive
from tests.given.trying import contents, rolled_back, rows_written

SUE = Actor("sue", Role.SUPERVISOR)
RIGHT = {"mrn": "00123456", "type": "PROGRESS_NOTE"}
SMALL = Quality(lot=12, major_aql=4.0, minor_aql=4.0)  # letter B: a sample of 3, accepted with 0


@pytest.fixture(scope="module")
def documents(shared_home: Home) -> list[int]:
    """Fourteen documents of one patient that Tess verified and that are not filed."""
    person = add_person(shared_home)
    made = []
    for number in range(14):
        [document] = read_and_index(shared_home, receive(shared_home, f"scan {number}".encode()), ["a page"], person)
        with shared_home.writing() as session:
            leases.claim(session, document, TESS)
            moves.move(session, document, "approve", TESS)
        made.append(document)
    return made


def _hold(session: Session, document_id: int, quality: Quality) -> QualityItem | None:
    """Put a verified document into its lot, as filing does; gives what waits for a second look."""
    lots.hold_for_second_look(session, session.get_one(Document, document_id), quality)
    session.flush()
    drawn = select(QualityItem).where(QualityItem.document_id == document_id)
    return next((item for item in session.exec(drawn) if item.kind in lots.DRAWN), None)


def _drawn(session: Session, documents: list[int]) -> int:
    """A document that waits for blind second keying; gives its item."""
    item = _hold(session, documents[0], Quality(double_key=["PROGRESS_NOTE"]))
    assert item is not None
    return item.id


def _keyed(session: Session, home: Home, documents: list[int], values: dict[str, str] = RIGHT) -> int:
    item = _drawn(session, documents)
    reviews.key(session, item, values, UMA)
    return item


def _change(session: Session, item: int, **values: Any) -> int:
    row = session.get_one(QualityItem, item)
    for name, value in values.items():
        setattr(row, name, value)
    session.add(row)
    session.flush()
    return item


def _reopened(session: Session, documents: list[int]) -> int:
    item = _drawn(session, documents)
    session.get_one(Document, documents[0]).verified_by = "olga"
    session.flush()
    return item


REFUSALS: list[tuple[type[Exception], str, Callable[[Session, Home, list[int]], int], Callable[[Session, Home, int], Any]]] = [
    (StateRefused, "This document was not sampled for quality review.",
     lambda s, h, d: 9999, lambda s, h, i: reviews.key(s, i, RIGHT, UMA)),
    (StateRefused, "This document was not sampled for quality review.",
     lambda s, h, d: _change(s, _drawn(s, d), kind="member"), lambda s, h, i: reviews.key(s, i, RIGHT, SAM)),
    (NotAllowed, "Your role (technician) does not include: review verified documents. Ask a supervisor.",
     lambda s, h, d: _change(s, _drawn(s, d), kind="sample"), lambda s, h, i: reviews.key(s, i, RIGHT, UMA)),
    (NotAllowed, "You verified this document: somebody else must review it.",
     lambda s, h, d: _drawn(s, d), lambda s, h, i: reviews.key(s, i, RIGHT, TESS)),
    (StateRefused, "This document was reviewed already.",
     lambda s, h, d: _change(s, _drawn(s, d), decided_at=utc_now()), lambda s, h, i: reviews.key(s, i, RIGHT, UMA)),
    (StateRefused, "uma is reviewing this document.",
     lambda s, h, d: _keyed(s, h, d), lambda s, h, i: reviews.key(s, i, RIGHT, SAM)),
    (StateRefused, "This document was changed since it was drawn; there is nothing to review any more.",
     lambda s, h, d: _reopened(s, d), lambda s, h, i: reviews.key(s, i, RIGHT, UMA)),
    (StateRefused, "Type the MRN, the date of birth or the name as the pages show it, or say that they show none.",
     lambda s, h, d: _drawn(s, d), lambda s, h, i: reviews.key(s, i, {"mrn": "  ", "type": "LAB"}, UMA)),
    (StateRefused, "The mrn has 201 letters; at most 200 are kept. Please shorten it.",
     lambda s, h, d: _drawn(s, d), lambda s, h, i: reviews.key(s, i, {"mrn": "1" * 201}, UMA)),
    (StateRefused, "Enter what the page shows first, without seeing the values.",
     lambda s, h, d: _drawn(s, d), lambda s, h, i: reviews.decide(s, h.vault, i, UMA, wrong=[], slips=[])),
    (StateRefused, "There is no such kind of error.",
     lambda s, h, d: _keyed(s, h, d), lambda s, h, i: reviews.decide(s, h.vault, i, UMA, wrong=["ugly"], slips=[])),
    (StateRefused, "Say who was wrong about: mrn, name.",
     lambda s, h, d: _keyed(s, h, d, {"mrn": "1", "name": "Moss, Ivy"}),
     lambda s, h, i: reviews.decide(s, h.vault, i, UMA, wrong=["skewed"], slips=["dob"])),
    (StateRefused, "Say who was wrong about: name.",
     lambda s, h, d: _keyed(s, h, d, {"mrn": "1", "name": "Moss, Ivy"}),
     lambda s, h, i: reviews.decide(s, h.vault, i, UMA, wrong=[], slips=["mrn"])),
    (StateRefused, "This document does not wait for quality review.",
     lambda s, h, d: 9999, lambda s, h, i: reviews.file_without_review(s, h.vault, i, SAM, "nobody is here")),
    (StateRefused, "This document does not wait for quality review.",
     lambda s, h, d: _change(s, _drawn(s, d), decided_at=utc_now()),
     lambda s, h, i: reviews.file_without_review(s, h.vault, i, SAM, "nobody is here")),
    (StateRefused, "Write the reason, in two words or more: it is kept in place of the quality review.",
     lambda s, h, d: _drawn(s, d), lambda s, h, i: reviews.file_without_review(s, h.vault, i, SAM, " no  ")),
    (StateRefused, "There is no such QA batch.",
     lambda s, h, d: 9999, lambda s, h, i: reviews.end_lot(s, i, SAM)),
    (StateRefused, "This QA batch is closed already.",
     lambda s, h, d: _lot(s, state="full"), lambda s, h, i: reviews.end_lot(s, i, SAM)),
    (StateRefused, "This QA batch is empty.",
     lambda s, h, d: _lot(s), lambda s, h, i: reviews.end_lot(s, i, SAM)),
]  # fmt: skip


def _lot(session: Session, **values: Any) -> int:
    row = QualityLot(
        verified_by="tess", level="II", major_aql=4.0, minor_aql=4.0, size=12, sample=3, seed="1",
        **{"severity": "normal", **values},
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row.id


@pytest.mark.parametrize(("kind", "sentence", "given", "call"), REFUSALS, ids=[row[1][:40] for row in REFUSALS])
def test_a_refusal_is_a_sentence_and_changes_nothing(
    shared_home: Home, documents: list[int], kind: type[Exception], sentence: str, given: Any, call: Any
) -> None:
    with rolled_back(shared_home) as session:
        item = given(session, shared_home, documents)
        written = rows_written(session)
        with pytest.raises(kind) as refused:
            call(session, shared_home, item)
        assert str(refused.value) == sentence
        assert rows_written(session) == written


def test_the_screen_says_the_same_sentences(shared_home: Home, documents: list[int]) -> None:
    before = contents(shared_home)
    assert secondlooks.key(shared_home, UMA, 9999, RIGHT) == "This document was not sampled for quality review."
    assert secondlooks.decide(shared_home, UMA, 9999, [], [], "") == "This document was not sampled for quality review."
    assert (
        secondlooks.file_without_review(shared_home, SAM, 9999, "why not")
        == "This document does not wait for quality review."
    )
    assert secondlooks.end_lot(shared_home, SAM, 9999) == "There is no such QA batch."
    assert secondlooks.next_look(shared_home, UMA) is None
    assert contents(shared_home) == before


@pytest.mark.parametrize(
    ("wrong", "actor", "event", "state"),
    [
        ([], UMA, "keyed_alike", "filed"),
        ([], SAM, "pass_qc", "filed"),
        (["skewed"], UMA, "keyed_alike", "filed"),  # minor: counted, and filed
        (["wrong_type"], UMA, "keyed_otherwise", "to_verify"),
        (["wrong_encounter"], SAM, "fail_qc", "to_verify"),
    ],
)
def test_what_was_found_files_a_document_or_sends_it_back(
    shared_home: Home, documents: list[int], wrong: list[str], actor: Actor, event: str, state: str
) -> None:
    with rolled_back(shared_home) as session:
        item = _drawn(session, documents)
        reviews.key(session, item, RIGHT, actor)
        done = reviews.decide(session, shared_home.vault, item, actor, wrong=wrong, slips=[], note="see page 1")
        assert (done.passed, done.errors, done.decided_by) == (state == "filed", wrong, actor.name)
        document = session.get_one(Document, documents[0])
        assert document.state == state
        if state == "to_verify":
            assert (document.priority, document.verified_by) == (1, None)
            assert (document.why_waiting or "").endswith("see page 1")


def test_who_verified_it_first_does_not_look_at_it_either(shared_home: Home, documents: list[int]) -> None:
    with rolled_back(shared_home) as session:
        item = _drawn(session, documents)
        session.get_one(Document, documents[0]).verified_by = "uma"
        session.flush()
        for actor in (TESS, UMA):
            with pytest.raises(NotAllowed, match="You verified this document"):
                reviews.key(session, item, RIGHT, actor)


@pytest.mark.parametrize(("minutes", "is_free"), [(59, False), (61, True)])
def test_what_was_keyed_holds_the_document_for_an_hour(
    shared_home: Home, documents: list[int], minutes: int, is_free: bool
) -> None:
    with rolled_back(shared_home) as session:
        item = _change(
            session, _keyed(session, shared_home, documents), keyed_at=utc_now() - timedelta(minutes=minutes)
        )
        assert [one.id for one in reviews.waiting(session, SAM)] == ([item] if is_free else [])
        assert [one.id for one in reviews.waiting(session, UMA)] == [item]


# ---- lots


def _fill(session: Session, documents: list[int], quality: Quality = SMALL) -> list[QualityItem]:
    found = [_hold(session, document, quality) for document in documents]
    return [item for item in found if item is not None]


def test_the_sample_is_as_large_as_the_plan_says_whatever_the_seed(shared_home: Home, documents: list[int]) -> None:
    for _ in range(6):
        with rolled_back(shared_home) as session:
            drawn = _fill(session, documents[:12])
            [lot] = session.exec(select(QualityLot))
            assert (len(drawn), lot.sample, lot.state) == (3, 3, "full")
            assert len(lots.items_of(session, lot)) == 12


def test_the_thirteenth_document_begins_a_lot_of_its_own(shared_home: Home, documents: list[int]) -> None:
    with rolled_back(shared_home) as session:
        _fill(session, documents[:13])
        first, second = session.exec(select(QualityLot).order_by(QualityLot.id))  # type: ignore[arg-type]
        assert (first.state, second.state) == ("full", "filling")
        assert len(lots.items_of(session, second)) == 1
        assert first.seed != second.seed


def test_kinds_are_judged_apart_where_the_site_says_so(shared_home: Home, documents: list[int]) -> None:
    by_type = Quality(lot=12, major_aql=4.0, minor_aql=4.0, by_type=True)
    with rolled_back(shared_home) as session:
        session.get_one(Document, documents[1]).type_code = "LAB"
        _fill(session, documents[:3], by_type)
        found = [(lot.type_code, len(lots.items_of(session, lot))) for lot in session.exec(select(QualityLot))]
        assert sorted(found) == [("LAB", 1), ("PROGRESS_NOTE", 2)]


@pytest.mark.parametrize(
    ("earlier", "is_between", "severity"),
    [
        ([], False, "normal"),
        (["rejected", "rejected"], False, "tightened"),
        (["accepted"] * 10, False, "reduced"),
        (["accepted"] * 9, False, "normal"),
        (["accepted"] * 10, True, "normal"),  # the last one had more errors than reduced inspection allows
    ],
)
def test_a_new_lot_is_looked_at_as_hard_as_the_last_ones_deserve(
    shared_home: Home, documents: list[int], earlier: list[str], is_between: bool, severity: str
) -> None:
    with rolled_back(shared_home) as session:
        for number, state in enumerate(earlier, start=1):
            _lot(session, state=state, is_between=is_between and number == len(earlier))
        _hold(session, documents[0], SMALL)
        assert _newest(session).severity == severity


@pytest.mark.parametrize(
    ("severity", "earlier", "then"),
    [
        ("tightened", ["accepted"] * 4, "tightened"),
        ("tightened", ["accepted"] * 5, "normal"),
        ("reduced", ["accepted", "rejected"], "normal"),
        ("reduced", ["accepted"] * 3, "reduced"),
    ],
)
def test_inspection_tightens_and_loosens(
    shared_home: Home, documents: list[int], severity: str, earlier: list[str], then: str
) -> None:
    with rolled_back(shared_home) as session:
        for _ in range(2):
            _lot(session, state="rejected")  # before the severity changed: not of its run
        for state in earlier:
            _lot(session, state=state, severity=severity)
        _hold(session, documents[0], SMALL)
        assert _newest(session).severity == then


def test_lots_from_before_a_change_of_severity_are_not_of_the_run(shared_home: Home, documents: list[int]) -> None:
    with rolled_back(shared_home) as session:
        for severity in ("tightened", "normal"):
            for _ in range(5):
                _lot(session, state="accepted", severity=severity)
        _hold(session, documents[0], SMALL)
        assert _newest(session).severity == "normal"  # five in a row under normal inspection, not ten


def _newest(session: Session) -> QualityLot:
    return list(session.exec(select(QualityLot).order_by(QualityLot.id)))[-1]  # type: ignore[arg-type]


def test_another_person_s_lots_do_not_count(shared_home: Home, documents: list[int]) -> None:
    with rolled_back(shared_home) as session:
        for _ in range(2):
            lot = session.get_one(QualityLot, _lot(session, state="rejected"))
            lot.verified_by = "uma"
        _hold(session, documents[0], SMALL)
        assert _newest(session).severity == Severity.NORMAL


def _look(session: Session, home: Home, item: QualityItem, *wrong: str) -> None:
    reviews.key(session, item.id, RIGHT, SAM)
    reviews.decide(session, home.vault, item.id, SAM, wrong=list(wrong), slips=[])


@pytest.mark.parametrize(
    ("errors", "state", "is_between"),
    [
        ([(), (), ()], "accepted", False),
        ([("skewed",), (), ()], "rejected", False),  # accepted with 0
        ([(), ("wrong_type",), ()], "rejected", False),
    ],
)
def test_a_lot_is_decided_by_its_sample(
    shared_home: Home, documents: list[int], errors: list[tuple[str, ...]], state: str, is_between: bool
) -> None:
    with rolled_back(shared_home) as session:
        drawn = _fill(session, documents[:12])
        for item, wrong in zip(drawn, errors, strict=True):
            if session.get_one(QualityItem, item.id).decided_at is None:
                _look(session, shared_home, item, *wrong)
        lot = session.get_one(QualityLot, drawn[0].lot_id)
        assert (lot.state, lot.is_between) == (state, is_between)
        inspected = [item for item in lots.items_of(session, lot) if item.kind == "inspection"]
        assert len(inspected) == (9 if state == "rejected" else 0)


def test_a_critical_error_rejects_a_lot_that_still_fills(shared_home: Home, documents: list[int]) -> None:
    with rolled_back(shared_home) as session:
        drawn: list[QualityItem] = []
        for number in range(12):
            drawn += _fill(session, documents[number : number + 1])
            if drawn:
                break
        _look(session, shared_home, drawn[0], "missing_page")
        assert session.get_one(QualityLot, drawn[0].lot_id).state == "rejected"


def test_under_reduced_inspection_a_lot_between_the_numbers_is_accepted_and_normal_comes_back(
    shared_home: Home, documents: list[int]
) -> None:
    """Letter B at AQL 10 reduced: a sample of 2, accepted with 0, rejected with 2."""
    quality = Quality(lot=12, major_aql=10.0, minor_aql=10.0)
    with rolled_back(shared_home) as session:
        for _ in range(10):
            _lot(session, state="accepted")
        drawn = _fill(session, documents[:12], quality)
        lot = session.get_one(QualityLot, drawn[0].lot_id)
        assert (lot.severity, lot.sample, len(drawn)) == ("reduced", 2, 2)
        _look(session, shared_home, drawn[0], "skewed")
        _look(session, shared_home, drawn[1])
        assert (lot.state, lot.is_between) == ("accepted", True)
        _hold(session, documents[12], quality)
        assert _newest(session).severity == "normal"


def test_a_document_let_go_is_filed_and_another_one_is_drawn_in_its_place(
    shared_home: Home, documents: list[int]
) -> None:
    with rolled_back(shared_home) as session:
        drawn = _fill(session, documents[:12])
        gone = reviews.file_without_review(session, shared_home.vault, drawn[0].id, SAM, "nobody else is here")
        assert (gone.kind, gone.decided_by) == ("released", "sam")
        assert session.get_one(Document, gone.document_id).state == "filed"
        lot = session.get_one(QualityLot, gone.lot_id)
        assert lot.state == "full"
        samples = [item for item in lots.items_of(session, lot) if item.kind == "sample"]
        assert len(samples) == 3
        assert gone.id not in {item.id for item in samples}


def test_a_lot_ended_early_is_as_large_as_it_became(shared_home: Home, documents: list[int]) -> None:
    with rolled_back(shared_home) as session:
        _fill(session, documents[:5])
        [lot] = session.exec(select(QualityLot))
        ended = reviews.end_lot(session, lot.id, SUE)
        assert (ended.size, ended.state) == (5, "full")
        assert ended.sample == max(plan.size for plan in lots.plans_of(ended))
        assert sum(item.kind == "sample" for item in lots.items_of(session, ended)) == ended.sample
