"""Documents: pages that belong together, their values, who they may be, and corrections of a wrong chart."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Index,
)
from sqlmodel import Field, SQLModel

from storage.foundation.states import CorrectionState, DocumentState
from storage.foundation.tables.columns import json_column, now_column, one_of, time_column


class Document(SQLModel, table=True):
    """Pages that belong together, and what they are: type, patient, encounter, state."""

    __tablename__ = "document"
    __table_args__ = (
        CheckConstraint(one_of("state", tuple(DocumentState)), name="document_state"),
        CheckConstraint("decision in ('linked', 'ask', 'none', 'confirmed')", name="document_decision"),
        CheckConstraint(
            "state not in ('verified', 'to_qc', 'filed') or person_id is not null",
            name="document_filed_to_someone",
        ),
        Index("document_work", "state", "priority", "created_at"),
        Index("document_claimed", "claimed_by", "state", "priority", "created_at"),
        Index("document_assigned", "assigned_to", "state", "priority", "created_at"),
    )
    id: int = Field(default=None, primary_key=True)
    batch_id: int = Field(foreign_key="batch.id", index=True)
    state: str = DocumentState.TO_VERIFY
    type_code: str
    type_confidence: float = 0.0
    type_is_sure: bool = False
    type_seen_by: str | None = None  # who looked at the type; none: nobody
    type_guesses: list[dict[str, Any]] = (
        json_column()
    )  # what the machine thought, best first, with evidence and place; it stays
    model_id: int | None = Field(default=None, foreign_key="type_model.id")  # the trained model that was used
    labels: list[dict[str, Any]] = (
        json_column()
    )  # sensitivity: code, reason, page, source; of a person's also who and when
    lifted: list[dict[str, Any]] = json_column()  # labels that a person lifted: code, reason, why, who, when, pages
    decision: str = "none"
    decision_reasons: list[str] = json_column()
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    machine_person_id: int | None = Field(default=None, foreign_key="person.id")  # whom the machine linked; it stays
    encounter_id: int | None = Field(default=None, foreign_key="encounter.id")
    rematch: str | None = None  # of Rematch; none: matched once
    rematched_at: datetime | None = time_column(nullable=True)
    flags: list[str] = json_column()
    outcome: str = "ok"  # worst page outcome
    has_handwriting: bool = False
    would_file_itself: bool | None = None  # nothing spoke against it when it was indexed; None: not asked then
    service_date: str | None = None
    priority: int = 5
    claimed_by: str | None = None
    lease_until: datetime | None = time_column(nullable=True)
    why_waiting: str | None = None  # why pended, or what is wrong with the scan
    waits_for: str | None = None  # of a pended one, whom it waits for: the event that put it aside
    assigned_to: str | None = None  # whose work it is; nobody else's desk gets it by itself
    verified_by: str | None = None
    filed_blob_id: str | None = Field(default=None, foreign_key="blob.id")
    filed_at: datetime | None = time_column(nullable=True)
    filed_version_id: int | None = None  # the version in the chart; no foreign key, for it names this document
    version: int = 1
    created_at: datetime = now_column()
    updated_at: datetime = now_column()


class Rematch(StrEnum):
    """What the patient list says of a document since it changed, where that is something else than before."""

    FITS = "fits"
    MAY_FIT = "may_fit"
    FITS_NOBODY = "fits_nobody"


class FieldRow(SQLModel, table=True):
    """One value of an index field; a correction is a new row, the old one stays."""

    __tablename__ = "field_value"
    __table_args__ = (Index("field_of_document", "document_id", "name"),)
    id: int = Field(default=None, primary_key=True)
    document_id: int = Field(foreign_key="document.id")
    name: str
    value: str
    raw: str = ""
    confidence: float = 0.0
    page: int | None = None
    box: list[int] = json_column()
    source: str  # label, title, barcode, text, person:<name>
    is_valid: bool = True
    is_handwritten: bool = False
    is_current: bool = True
    seen_by: str | None = None  # who looked at a value of the machine and left it; none: nobody, or it was changed
    created_at: datetime = now_column()


class CandidateRow(SQLModel, table=True):
    """A patient a document may belong to, best first, with the evidence."""

    __tablename__ = "candidate"
    id: int = Field(default=None, primary_key=True)
    document_id: int = Field(foreign_key="document.id", index=True)
    rank: int
    person_id: int = Field(foreign_key="person.id")
    score: float
    agrees: list[str] = json_column()
    differs: list[str] = json_column()
    evidence: list[dict[str, Any]] = json_column()  # identifier, level, weight in bits, sentence


class Misfiling(SQLModel, table=True):
    """Pages that were filed to the wrong chart: the tombstone of the old place, and what two people did about it."""

    __tablename__ = "misfiling"
    id: int = Field(default=None, primary_key=True)
    document_id: int = Field(foreign_key="document.id", index=True)
    pages: list[int] = json_column()  # numbers in the dropped file, 1-based
    is_whole: bool
    person_id: int = Field(foreign_key="person.id", index=True)  # whose chart they were in
    to_person_id: int | None = Field(default=None, foreign_key="person.id")
    reason: str
    cause: str
    proposed_by: str
    proposed_at: datetime = now_column()
    confirmed_by: str | None = None
    confirmed_at: datetime | None = time_column(nullable=True)
    withdrawn_at: datetime | None = time_column(nullable=True)
    type_code: str
    filed_at: datetime | None = time_column(nullable=True)
    filed_blob_id: str | None = Field(default=None, foreign_key="blob.id")  # the version that was wrong; it stays
    was_released: bool = False
    verified_by: str | None = None
    moved_to: int | None = Field(default=None, foreign_key="document.id")
    seen_by: list[dict[str, str]] = json_column()  # who, when and how, between filing and correction

    @property
    def state(self) -> CorrectionState:
        """Where the correction is."""
        if self.withdrawn_at is not None:
            return CorrectionState.WITHDRAWN
        return CorrectionState.PROPOSED if self.confirmed_at is None else CorrectionState.CONFIRMED
