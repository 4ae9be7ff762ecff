"""Every state of a lot, and of a document in it, with every event by every role, through their writers."""

import pytest
from sqlmodel import Session

from storage.foundation.errors import StateRefused
from storage.foundation.home import Home
from storage.foundation.permissions import Role
from storage.foundation.states import ItemKind, LotState
from storage.foundation.tables.quality import QualityItem, QualityLot
from storage.quality import lots
from tests.given import allowed
from tests.given.allowed import actor_of, events_of
from tests.given.records import SAM, add_person, read_and_index, receive
from tests.given.trying import rolled_back, rows_written


@pytest.fixture(scope="module")
def document_id(shared_home: Home) -> int:
    """One document of a known patient."""
    [made] = read_and_index(shared_home, receive(shared_home, b"scan"), ["PROGRESS NOTE"], add_person(shared_home))
    return made


def _lot(session: Session, state: str) -> QualityLot:
    lot = QualityLot(
        verified_by="tess", level="II", major_aql=0.65, minor_aql=2.5, severity="normal", size=90, sample=5, seed="1", state=state
    )  # fmt: skip
    session.add(lot)
    session.flush()
    return lot


def _item(session: Session, document_id: int, kind: str, lot: QualityLot | None = None) -> QualityItem:
    item = QualityItem(
        lot_id=lot.id if lot else None,
        document_id=document_id,
        kind=kind,
        verified_by="tess",
        type_code="PROGRESS_NOTE",
    )
    session.add(item)
    session.flush()
    return item


@pytest.mark.parametrize("state", list(LotState))
@pytest.mark.parametrize("event", events_of(allowed.LOT))
def test_a_lot_moves_where_the_table_says_and_nowhere_else(
    shared_home: Home, document_id: int, state: str, event: str
) -> None:
    after, who = allowed.LOT.get((state, event), ("", ()))
    for role in Role:
        with rolled_back(shared_home) as session:
            lot = _lot(session, state)
            _item(session, document_id, "member", lot)
            written = rows_written(session)
            if role in who:
                lots.advance_lot(session, lot, event, actor_of(role))
                session.flush()
                session.refresh(lot)
                assert lot.state == after, role
                continue
            with pytest.raises(StateRefused, match=r"\w.*\.$"):
                lots.advance_lot(session, lot, event, actor_of(role))
            assert rows_written(session) == written
            assert lot.state == state


@pytest.mark.parametrize("kind", list(ItemKind))
@pytest.mark.parametrize("event", events_of(allowed.ITEM))
def test_a_document_in_a_lot_moves_where_the_table_says_and_nowhere_else(
    shared_home: Home, document_id: int, kind: str, event: str
) -> None:
    after, who = allowed.ITEM.get((kind, event), ("", ()))
    closes = event in ("overtake", "file_without_review")
    for role in Role:
        actor = actor_of(role)
        with rolled_back(shared_home) as session:
            item = _item(session, document_id, kind)
            written = rows_written(session)
            if role in who:
                lots.advance_item(session, item, event, actor)
                session.flush()
                session.refresh(item)
                assert (item.kind, item.decided_by) == (after, actor.name if closes else None), role
                assert (item.decided_at is not None) is closes
                continue
            with pytest.raises(StateRefused, match=r"\w.*\.$"):
                lots.advance_item(session, item, event, actor)
            assert rows_written(session) == written
            assert (item.kind, item.decided_at) == (kind, None)


def test_an_empty_lot_is_not_ended(shared_home: Home) -> None:
    with rolled_back(shared_home) as session:
        lot = _lot(session, "filling")
        with pytest.raises(StateRefused, match=r"^This QA batch is empty\.$"):
            lots.advance_lot(session, lot, "end", SAM)
        assert lot.state == "filling"


@pytest.mark.parametrize(
    ("kind", "event", "role"),
    [
        ("sample", "overtake", Role.MACHINE),
        *((kind, "file_without_review", Role.SUPERVISOR) for kind in ("sample", "inspection", "double_key")),
    ],
)
def test_what_was_looked_at_stays_what_it_was(
    shared_home: Home, document_id: int, kind: str, event: str, role: Role
) -> None:
    with rolled_back(shared_home) as session:
        item = _item(session, document_id, kind)
        item.decided_by, item.decided_at = "sue", item.joined_at
        with pytest.raises(StateRefused, match=r"^This document was reviewed already\.$"):
            lots.advance_item(session, item, event, actor_of(role))
        assert (item.kind, item.decided_by) == (kind, "sue")
