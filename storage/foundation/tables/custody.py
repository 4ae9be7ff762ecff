"""What was dropped and what became of it: sources, batches, pages, readings, sealed files."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    Index,
    LargeBinary,
    UniqueConstraint,
    text,
)
from sqlmodel import Field, SQLModel

from storage.foundation.states import BatchState, Disposition
from storage.foundation.tables.columns import json_column, now_column, one_of, time_column


class Blob(SQLModel, table=True):
    """One write-once encrypted file in the vault, named by the SHA-256 of its ciphertext."""

    __tablename__ = "blob"
    id: str = Field(primary_key=True)
    content_mac: str = Field(unique=True)  # HMAC of the content and its kind: finds the same content again
    kind: str
    size: int
    wrapped_key: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    key_generation: int = 1
    created_at: datetime = now_column()


class Batch(SQLModel, table=True):
    """What was dropped at once and is worked as one, a file or a folder: its state, its page ledger, its work record."""

    __tablename__ = "batch"
    __table_args__ = (
        CheckConstraint(one_of("state", tuple(BatchState)), name="batch_state"),
        Index("batch_folder_claim", "folder_claim", unique=True),
    )
    id: int = Field(default=None, primary_key=True)
    state: str = Field(index=True)
    reason_code: str | None = None
    reason: str | None = None
    flags: list[str] = json_column()
    back_file: bool = False
    pages_found: int | None = None  # agreed by both page counters
    attempts: int = 0  # committed before risky work; too many put the file aside (ingest/reading.py)
    duplicate_of: int | None = Field(default=None, foreign_key="batch.id")
    parent_id: int | None = Field(default=None, foreign_key="batch.id", index=True)  # the PDF or folder in which it lay
    name: bytes = Field(default=b"", sa_column=Column(LargeBinary, nullable=False))  # of the file or folder, as dropped
    folder_claim: str | None = None  # claim id of a folder; a file has that of its receipt
    is_arriving: bool = False  # files of the folder are still being taken in
    declared: dict[str, Any] | None = json_column(
        nullable=True
    )  # what an index file says (storage/custody/declared.py)
    discrepancies: list[list[str]] = json_column()  # between declared and found: kind, file, declared, found
    station: str | None = None  # where it was scanned: of the hot folder, of the index file
    scanner: str | None = None
    operator: str | None = None  # who scanned it: also the account that dropped it in the browser
    version: int = 1
    created_at: datetime = now_column()
    updated_at: datetime = now_column()


class Source(SQLModel, table=True):
    """Custody receipt of one dropped file; the claim id is the idempotency key of its intake."""

    __tablename__ = "source"
    claim_id: str = Field(primary_key=True)
    name: bytes = Field(sa_column=Column(LargeBinary, nullable=False))  # as dropped: names are data
    hot_folder: str
    size: int
    sha256: str = Field(index=True)
    blob_id: str = Field(foreign_key="blob.id")
    batch_id: int = Field(foreign_key="batch.id", index=True)  # in which it was received
    received_at: datetime = now_column()


class BatchFile(SQLModel, table=True):
    """A file in its batch: its place there, its pages. A file of a folder that cannot be opened is set apart, into a batch of
    its own."""

    __tablename__ = "batch_file"
    claim_id: str = Field(primary_key=True, foreign_key="source.claim_id")
    batch_id: int = Field(foreign_key="batch.id", index=True)
    position: int = 0  # in name order, from 0
    pages_found: int | None = None
    first_number: int | None = None  # in the batch, of its first page


class NotAFile(SQLModel, table=True):
    """A link, pipe, device or folder seen in a hot folder: never opened, told once."""

    __tablename__ = "not_a_file"
    __table_args__ = (UniqueConstraint("hot_folder", "name"),)
    id: int = Field(default=None, primary_key=True)
    hot_folder: str
    name: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    kind: str
    reason: str
    seen_at: datetime = now_column()


class Reading(SQLModel, table=True):
    """What was read from one page image; kept under image and recipe so that rules can change
    without reading the pixels again."""

    __tablename__ = "reading"
    id: str = Field(primary_key=True)  # image hash + fingerprint of cleaning and engine
    data: bytes = Field(sa_column=Column(LargeBinary, nullable=False))  # zlib JSON of an OcrPage
    view_blob_id: str | None = Field(default=None, foreign_key="blob.id")
    pdf_blob_id: str | None = Field(default=None, foreign_key="blob.id")
    created_at: datetime = now_column()


class Page(SQLModel, table=True):
    """One side of paper: exactly one disposition, and a document when that is where it is."""

    __tablename__ = "page"
    __table_args__ = (
        UniqueConstraint("batch_id", "number"),
        CheckConstraint(one_of("disposition", tuple(Disposition)), name="page_disposition"),
        CheckConstraint("(disposition = 'document') = (document_id is not null)", name="page_in_one_place"),
        CheckConstraint("number >= 1", name="page_number"),
        Index("page_unseen", "batch_id", sqlite_where=text("disposition = 'blank' AND seen_by IS NULL")),
        Index("page_reading", "reading_id"),
        Index("page_turned", "id", sqlite_where=text("turn <> read_turn")),
    )
    id: int = Field(default=None, primary_key=True)
    batch_id: int = Field(foreign_key="batch.id")
    number: int  # 1-based, in the batch: through all files of a folder
    claim_id: str | None = Field(default=None, foreign_key="source.claim_id")  # the file in which it lies
    file_page: int = 1  # 1-based, in that file
    disposition: str = Disposition.WAITING
    outcome: str = "waiting"
    document_id: int | None = Field(default=None, foreign_key="document.id", index=True)
    position: int = 0  # order inside the document
    reading_id: str | None = Field(default=None, foreign_key="reading.id")
    turn: int = 0  # degrees clockwise a technician turned it since it was first read
    read_turn: int = 0  # the turn at which the reading that counts was made; another one waits to be read
    unread_turn: int | None = None  # a turn in which it could not be read, or no better: not tried again
    rotation: int = 0
    skew_degrees: float = 0.0
    dpi: int = 0
    words: int = 0
    mean_confidence: float = 0.0
    reason: str | None = None
    is_best_possible: bool = False  # the paper gives no better image: nobody asks for it again
    replaces_id: int | None = Field(default=None, foreign_key="page.id")  # the page that it was scanned again for
    ink_share: float = 0.0  # of the page that is darker than its paper: why a side was taken for blank
    seen_by: str | None = None  # who confirmed that a blank side is blank
    seen_at: datetime | None = time_column(nullable=True)
