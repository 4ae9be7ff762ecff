"""Second looks: lots, and the documents in them."""

from datetime import datetime

from sqlalchemy import (
    JSON,
    Column,
    Index,
)
from sqlmodel import Field, SQLModel

from storage.foundation.states import LotState
from storage.foundation.tables.columns import json_column, now_column, time_column


class QualityLot(SQLModel, table=True):
    """Verified documents of one person that are judged together by a sample (ANSI/ASQ Z1.4)."""

    __tablename__ = "quality_lot"
    __table_args__ = (Index("quality_lot_open", "verified_by", "type_code", "state"),)
    id: int = Field(default=None, primary_key=True)
    verified_by: str
    type_code: str = ""  # empty: all kinds of document
    level: str
    major_aql: float  # percent
    minor_aql: float
    severity: str
    size: int  # documents that it holds when it is full
    sample: int  # documents that are looked at: the larger of both plans
    seed: str  # of the draw; nobody sees it before the lot is full
    state: str = LotState.FILLING
    is_between: bool = False  # accepted under reduced inspection with more errors than that allows: normal comes back
    opened_at: datetime = now_column()
    decided_at: datetime | None = time_column(nullable=True)


class QualityItem(SQLModel, table=True):
    """A document in a lot, or drawn for blind second keying; and what the second look found."""

    __tablename__ = "quality_item"
    id: int = Field(default=None, primary_key=True)
    lot_id: int | None = Field(default=None, foreign_key="quality_lot.id", index=True)
    document_id: int = Field(foreign_key="document.id", index=True)
    kind: str  # of ItemKind
    verified_by: str  # who verified it
    type_code: str  # as it was verified
    person_id: int | None = Field(default=None, foreign_key="person.id")  # whose it was said to be
    joined_at: datetime = now_column()
    keyed: dict[str, str] | None = Field(
        default=None, sa_column=Column(JSON, nullable=True)
    )  # by the second person, blind
    keyed_by: str | None = None
    keyed_at: datetime | None = time_column(nullable=True)
    differs: list[str] = json_column()
    errors: list[str] = json_column()  # codes of storage/quality/defects.py
    slips: list[str] = json_column()  # where the second person was wrong
    decided_by: str | None = None
    decided_at: datetime | None = time_column(nullable=True)
    passed: bool | None = None
