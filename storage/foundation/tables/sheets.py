"""The same sheet again: what pages are found by, and documents that came before."""

from datetime import datetime

from sqlalchemy import BigInteger, Column, ForeignKey, Index, LargeBinary, text
from sqlmodel import Field, SQLModel

from storage.foundation.states import RepeatState
from storage.foundation.tables.columns import json_column, now_column, time_column


class SheetRow(SQLModel, table=True):
    """The print of a reading: its words and its ink as they are compared, and the keys that it looks for (ocr/sheetprint.py)."""

    __tablename__ = "sheet_print"
    id: int = Field(default=None, primary_key=True)
    reading_id: str = Field(foreign_key="reading.id", unique=True)
    words: int
    keys: bytes = Field(sa_column=Column(LargeBinary, nullable=False))  # 8 bytes each, big-endian, signed
    data: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    blanks: bytes = Field(
        default=b"", sa_column=Column(LargeBinary, nullable=False)
    )  # what is written in (ocr/blanks.py)
    ink: bytes = Field(default=b"", sa_column=Column(LargeBinary, nullable=False))  # 100 dpi, a bit a dot; empty: none


class SheetKey(SQLModel, table=True):
    """One key of a print: prints that share several may be of the same sheet."""

    __tablename__ = "sheet_key"
    __table_args__ = {"sqlite_with_rowid": False}
    key: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    print_id: int = Field(sa_column=Column(ForeignKey("sheet_print.id"), primary_key=True))


class SeenBefore(SQLModel, table=True):
    """A document whose pages came before, as another document, and what a person decided about the two."""

    __tablename__ = "seen_before"
    __table_args__ = (Index("seen_before_open", "id", sqlite_where=text("answer IS NULL")),)
    id: int = Field(default=None, primary_key=True)
    document_id: int = Field(foreign_key="document.id", index=True)
    earlier_id: int = Field(foreign_key="document.id", index=True)
    probability: float  # of the least sure of its pairs of pages
    pairs: list[list[int]] = json_column()  # ids of a page and of the page that came before
    found_at: datetime = now_column()
    answer: str | None = None  # the state it is in; none: open
    answered_by: str | None = None
    answered_at: datetime | None = time_column(nullable=True)

    @property
    def state(self) -> RepeatState:
        """Open, or what was decided."""
        return RepeatState(self.answer) if self.answer else RepeatState.OPEN
