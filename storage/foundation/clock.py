"""The time now, and how people read a time. Kept and exported times are UTC; a screen, a slip or a table of the shell shows
them in the zone of this site, which is the machine's unless the setting `time_zone` names another."""

import time
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_site: list[ZoneInfo] = []
"""The zone that was chosen for this process; empty: the machine's."""


def utc_now() -> datetime:
    """The time now, aware, UTC."""
    return datetime.now(UTC)


def find_zone(name: str) -> ZoneInfo | None:
    """A zone by its IANA name (America/Chicago), or None."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # the last two: a name that is a path, or a folder
        return None


def use_zone(name: str) -> None:
    """Show times in this zone from now on; an empty name is the machine's."""
    _site[:] = [ZoneInfo(name)] if name else []


def local_time(at: datetime) -> datetime:
    """An aware time in the zone of this site."""
    return at.astimezone(_site[0] if _site else None)


def today() -> date:
    """The working day at this site."""
    return local_time(utc_now()).date()


def show_time(at: datetime, *, zone: bool = False, seconds: bool = False) -> str:
    """A time as people of this site read it (2026-03-01 14:05); with `zone`, where no head names it, CST behind it."""
    return f"{local_time(at):%Y-%m-%d %H:%M{':%S' * seconds}{' %Z' * zone}}"


def show_hour(at: datetime) -> str:
    """A time of today, with its zone: 14:05 CST."""
    return f"{local_time(at):%H:%M %Z}"


def name_time(at: datetime) -> str:
    """A time as part of the name of a file: UTC, to the second, in an order that sorts (20260301T140500Z)."""
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def show_export(at: datetime) -> str:
    """A time as it stands in files that leave: ISO 8601 with the offset of this site, to the second."""
    return local_time(at).isoformat(timespec="seconds")


def zone_name() -> str:
    """What the head of a list says once for its times: America/Chicago, or for the machine's zone CST/CDT."""
    if _site:
        return _site[0].key
    return "/".join(dict.fromkeys(time.tzname)) if time.daylight else time.tzname[0]
