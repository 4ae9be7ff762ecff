"""The technician's desk: drafts, actions by token, page changes, remarks, rescan requests."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
)
from sqlmodel import Field, SQLModel

from storage.foundation.states import RescanState
from storage.foundation.tables.columns import json_column, now_column, time_column


class Draft(SQLModel, table=True):
    """What somebody typed into a document and has not approved: it outlives the browser, the connection and the shift."""

    __tablename__ = "draft"
    document_id: int = Field(primary_key=True, foreign_key="document.id")
    content: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))  # values, type, person
    saved_by: str
    saved_at: datetime = now_column()


class StationAction(SQLModel, table=True):
    """An action of the desk that was carried out, by the token the browser gave it: sent again it changes nothing."""

    __tablename__ = "station_action"
    token: str = Field(primary_key=True)
    username: str
    answer: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    done_at: datetime = now_column()


class PageChange(SQLModel, table=True):
    """Pages that somebody turned, split off, joined, moved or hid: where they were and where they are, to undo it."""

    __tablename__ = "page_change"
    id: int = Field(default=None, primary_key=True)
    batch_id: int = Field(foreign_key="batch.id", index=True)
    document_id: int = Field(foreign_key="document.id", index=True)  # on the desk when it was done
    kind: str  # of storage/desk/rearranging.py
    before: list[dict[str, Any]] = (
        json_column()
    )  # page, document, position, disposition, reason, turn, is_best_possible
    after: list[dict[str, Any]] = json_column()
    done_by: str
    done_at: datetime = now_column()
    undone_by: str | None = None


class RemarkKind(StrEnum):
    """What a remark is: said to whoever has the document next, or why the document waits."""

    COMMENT = "comment"
    PEND = "pend"  # it lacks something
    QUERY = "query"  # a provider is asked
    ESCALATE = "escalate"  # a supervisor decides
    REGISTER = "register"  # registration puts the patient on the list
    RESCAN = "rescan"  # pages are asked for again


LIST_DIFFERS = "list_differs"
"""Reason code of what waits for registration: the patient is on the list, with other data."""


class Remark(SQLModel, table=True):
    """What people wrote about a document: comments, and why it waits, for whom and until when."""

    __tablename__ = "remark"
    id: int = Field(default=None, primary_key=True)
    document_id: int = Field(foreign_key="document.id", index=True)
    kind: str  # of RemarkKind
    code: str | None = None  # the reason code (storage/desk/waiting.py), of what puts a document aside
    text: str
    due: date | None = None
    said_by: str
    said_at: datetime = now_column()


class RescanRequest(SQLModel, table=True):
    """A page that the scanning room is asked for again, and the page that came."""

    __tablename__ = "rescan_request"
    id: int = Field(default=None, primary_key=True)
    document_id: int = Field(foreign_key="document.id", index=True)
    page_id: int | None = Field(default=None, foreign_key="page.id")  # none: a page that is missing
    reason_code: str
    remark: str = ""
    asked_by: str
    asked_at: datetime = now_column()
    printed_at: datetime | None = time_column(nullable=True)
    ended_at: datetime | None = time_column(nullable=True)
    outcome: str | None = None  # the state it ended in
    new_page_id: int | None = Field(default=None, foreign_key="page.id")

    @property
    def state(self) -> RescanState:
        """Asked for, or how it ended."""
        return RescanState(self.outcome) if self.outcome else RescanState.ASKED
