"""The append-only log."""

from sqlalchemy import (
    Column,
    Text,
)
from sqlmodel import Field, SQLModel


class AuditEvent(SQLModel, table=True):
    """One line of the append-only log; `mac` chains it to the line before."""

    __tablename__ = "audit_event"
    seq: int = Field(primary_key=True)
    at: str
    actor: str
    role: str
    action: str
    subject: str = Field(index=True)
    outcome: str = "ok"
    detail: str = Field(sa_column=Column(Text, nullable=False))  # canonical JSON, no floats
    previous: str
    mac: str
