"""Columns that every table writes the same way: times, JSON lists, closed lists."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    String,
    TypeDecorator,
)
from sqlmodel import Field

from storage.foundation.clock import utc_now


class UtcTime(TypeDecorator[datetime]):
    """Aware UTC datetime kept as sortable ISO 8601 text (SQLite has no time zone)."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> str | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a time zone")
        return value.astimezone(UTC).isoformat(timespec="microseconds")

    def process_result_value(self, value: str | None, dialect: Any) -> datetime | None:
        return None if value is None else datetime.fromisoformat(value)


def time_column(*, nullable: bool = False, index: bool = False) -> Any:
    return Field(default=None if nullable else ..., sa_column=Column(UtcTime(), nullable=nullable, index=index))


def now_column() -> Any:
    return Field(default_factory=utc_now, sa_column=Column(UtcTime(), nullable=False))


def json_column(*, nullable: bool = False) -> Any:
    if nullable:
        return Field(default=None, sa_column=Column(JSON(none_as_null=True), nullable=True))
    return Field(default_factory=list, sa_column=Column(JSON, nullable=False))


def one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} in ({', '.join(repr(str(v)) for v in values)})"
