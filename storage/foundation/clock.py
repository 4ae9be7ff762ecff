"""The time now, and how people read a day and a time: in one way on every screen, slip, report and table of the shell.

Kept times are UTC and kept days ISO 8601. People read them in the zone of this site, which is the machine's unless the
setting `time_zone` names another, and in its order of day and month, which the profile says (`day_first`). Files that leave
hold ISO 8601, which a spreadsheet sorts and no program takes the wrong way round.
"""

import time
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_site: list[ZoneInfo] = []
"""The zone that was chosen for this process; empty: the machine's."""

_writes_day_first: list[bool] = []
"""Whether this site writes 31/12/2026; empty: 12/31/2026, as the United States do."""


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


def use_order(*, day_first: bool) -> None:
    """Show days in this order of day and month from now on."""
    _writes_day_first[:] = [day_first]


def local_time(at: datetime) -> datetime:
    """An aware time in the zone of this site."""
    return at.astimezone(_site[0] if _site else None)


def local_day(at: datetime) -> date:
    """The working day of this site in which an aware time lies: what is counted by day is counted by it."""
    return local_time(at).date()


def begin_of_day(day: date) -> datetime:
    """The moment in which a working day of this site begins, UTC."""
    midnight = datetime.combine(day, datetime.min.time())
    return (midnight.replace(tzinfo=_site[0]) if _site else midnight.astimezone()).astimezone(UTC)


def kept_time(text: str) -> datetime:
    """An aware time as the audit log and the facts keep it, ISO 8601 with its offset."""
    return datetime.fromisoformat(text)


def today() -> date:
    """The working day at this site."""
    return local_day(utc_now())


def show_day(day: date | str | None) -> str:
    """A day as people of this site write it (03/14/1957, or 14/03/1957); a kept one may come as its ISO text. Empty for none;
    a text that is no such day stays as it is."""
    if isinstance(day, str):  # also the empty one: it is no such day
        try:
            day = date.fromisoformat(day)
        except ValueError:
            return str(day)
    if day is None:
        return ""
    first, second = (day.day, day.month) if any(_writes_day_first) else (day.month, day.day)
    return f"{first:02}/{second:02}/{day.year:04}"


def show_short_day(day: date) -> str:
    """A day of these weeks, without its year, for the axis of a plot: 03/14, or 14/03."""
    return show_day(day).rpartition("/")[0]


def show_time(at: datetime, *, zone: bool = False, seconds: bool = False) -> str:
    """A time as people of this site read it (03/01/2026 14:05); with `zone`, where no head names it, CST behind it."""
    local = local_time(at)
    return f"{show_day(local.date())} {local:%H:%M{':%S' * seconds}{' %Z' * zone}}"


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
