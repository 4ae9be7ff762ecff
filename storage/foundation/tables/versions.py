"""What was filed, version by version, and the amendments that lead from one version to the next."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, UniqueConstraint, text
from sqlmodel import JSON, Field, SQLModel

from storage.foundation.states import AmendmentState
from storage.foundation.tables.columns import json_column, now_column, time_column


class FiledVersion(SQLModel, table=True):
    """A document as it was filed once: its sealed PDF, its pages in order, its values. Never changed, never deleted."""

    __tablename__ = "filed_version"
    __table_args__ = (UniqueConstraint("document_id", "number"),)
    id: int = Field(default=None, primary_key=True)
    document_id: int = Field(foreign_key="document.id")
    number: int  # 1-based
    filed_at: datetime = time_column()
    filed_by: str  # who filed it, or the machine
    verified_by: str | None = None
    amendment_id: int | None = Field(default=None, foreign_key="amendment.id")  # of which it came
    blob_id: str = Field(foreign_key="blob.id")
    person_id: int = Field(foreign_key="person.id")
    encounter_id: int | None = Field(default=None, foreign_key="encounter.id")
    type_code: str
    service_date: str | None = None
    labels: list[dict[str, Any]] = json_column()
    pages: list[dict[str, Any]] = json_column()  # in order: page, label, reading, turn to be shown in
    fields: list[dict[str, Any]] = json_column()  # the values that counted: name, value, page, box, source, confidence


class Amendment(SQLModel, table=True):
    """A filed document on its way over the desk again: why, by whom, what it was, and how it ended."""

    __tablename__ = "amendment"
    __table_args__ = (Index("amendment_open", "document_id", unique=True, sqlite_where=text("outcome IS NULL")),)
    id: int = Field(default=None, primary_key=True)
    document_id: int = Field(foreign_key="document.id", index=True)
    of_number: int  # the version that is amended
    reason_code: str
    reason: str
    opened_by: str
    opened_at: datetime = now_column()
    before: dict[str, Any] = Field(
        default_factory=dict, sa_column=Column(JSON, nullable=False)
    )  # document, values, candidates, places of its pages: what a cancel puts back
    came: list[dict[str, Any]] = json_column()  # pages that came in meanwhile, and where they were
    ended_by: str | None = None
    ended_at: datetime | None = time_column(nullable=True)
    outcome: str | None = None  # the state it ended in

    @property
    def state(self) -> AmendmentState:
        """Open, or how it ended."""
        return AmendmentState(self.outcome) if self.outcome else AmendmentState.OPEN
