"""The time now."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """The time now, aware, UTC."""
    return datetime.now(UTC)
