"""Times as people of a site read them: one zone, named, in one place of the code; what leaves keeps its offset."""

import re
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from storage.foundation import clock

_ROOT = Path(__file__).parents[4]
WINTER = datetime(2026, 1, 15, 3, 4, 5, 678, tzinfo=UTC)
SUMMER = datetime(2026, 7, 15, 3, 4, 5, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _as_before(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    yield
    clock.use_zone("")
    clock.use_order(day_first=False)
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("zone", "at", "shown", "hour", "export"),
    [
        ("America/Chicago", WINTER, "01/14/2026 21:04", "21:04 CST", "2026-01-14T21:04:05-06:00"),
        ("America/Chicago", SUMMER, "07/14/2026 22:04", "22:04 CDT", "2026-07-14T22:04:05-05:00"),
        ("Asia/Kolkata", WINTER, "01/15/2026 08:34", "08:34 IST", "2026-01-15T08:34:05+05:30"),
        ("UTC", WINTER, "01/15/2026 03:04", "03:04 UTC", "2026-01-15T03:04:05+00:00"),
    ],
)
def test_a_time_is_shown_in_the_zone_of_the_site(zone: str, at: datetime, shown: str, hour: str, export: str) -> None:
    clock.use_zone(zone)
    assert clock.show_time(at) == shown
    assert clock.show_time(at, zone=True) == f"{shown} {hour[-3:]}"
    assert clock.show_hour(at) == hour
    assert clock.show_export(at) == export
    assert datetime.fromisoformat(export) == at.replace(microsecond=0)
    assert clock.zone_name() == zone


@pytest.mark.parametrize(
    ("machine", "named", "shown"),
    [("CET-1CEST,M3.5.0,M10.5.0", "CET/CEST", "01/15/2026 04:04 CET"), ("UTC0", "UTC", "01/15/2026 03:04 UTC")],
)
def test_without_a_setting_the_zone_is_that_of_the_machine(
    monkeypatch: pytest.MonkeyPatch, machine: str, named: str, shown: str
) -> None:
    monkeypatch.setenv("TZ", machine)
    time.tzset()
    clock.use_zone("")
    assert (clock.zone_name(), clock.show_time(WINTER, zone=True)) == (named, shown)


@pytest.mark.parametrize(
    ("day_first", "day", "shown"),
    [
        (False, date(1957, 3, 14), "03/14/1957"),
        (True, date(1957, 3, 14), "14/03/1957"),
        (False, "1957-03-14", "03/14/1957"),  # as days are kept
        (True, "0957-03-04", "04/03/0957"),
        (False, None, ""),
        (False, "", ""),
        (True, "March 1957", "March 1957"),  # what is no day is shown as it is, and nothing is read into it
    ],
)
def test_a_day_is_shown_in_the_order_of_the_site(day_first: bool, day: date | str | None, shown: str) -> None:
    clock.use_order(day_first=day_first)
    assert clock.show_day(day) == shown


def test_a_time_has_the_day_in_the_same_order() -> None:
    clock.use_zone("America/Chicago")
    clock.use_order(day_first=True)
    assert clock.show_time(WINTER, seconds=True, zone=True) == "14/01/2026 21:04:05 CST"
    assert (clock.show_short_day(date(2026, 1, 14)), clock.show_export(WINTER)) == (
        "14/01",
        "2026-01-14T21:04:05-06:00",
    )
    clock.use_order(day_first=False)
    assert clock.show_short_day(date(2026, 1, 14)) == "01/14"


@pytest.mark.parametrize(
    ("zone", "day", "begins"),
    [
        ("America/Chicago", date(2026, 1, 14), "2026-01-14T06:00:00+00:00"),
        ("America/Chicago", date(2026, 3, 8), "2026-03-08T06:00:00+00:00"),  # the clocks change later that night
        ("America/Chicago", date(2026, 3, 9), "2026-03-09T05:00:00+00:00"),
        ("Asia/Kolkata", date(2026, 1, 15), "2026-01-14T18:30:00+00:00"),
    ],
)
def test_a_day_begins_at_midnight_of_the_site(zone: str, day: date, begins: str) -> None:
    clock.use_zone(zone)
    assert clock.begin_of_day(day).isoformat() == begins
    assert clock.local_day(clock.begin_of_day(day)) == day


def test_the_working_day_is_the_one_at_the_site(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "utc_now", lambda: WINTER)
    clock.use_zone("America/Chicago")
    assert clock.today() == date(2026, 1, 14)
    clock.use_zone("Asia/Kolkata")
    assert clock.today() == date(2026, 1, 15)


@pytest.mark.parametrize("name", ["Mars/Olympus", "../../etc/passwd", "America", "chicago", "\0"])
def test_what_is_no_zone_is_not_found(name: str) -> None:
    assert clock.find_zone(name) is None


def test_no_screen_and_no_report_formats_a_day_by_itself() -> None:
    """ISO 8601 is what is kept and sent: to the audit log, to a query, to the station's script, which shows it as the site does."""
    found = {
        (str(path.relative_to(_ROOT)), line.strip())
        for path in (*(_ROOT / "review_app").rglob("*.py"), _ROOT / "ingest" / "reports.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(r"strftime|isoformat\(|:%[dmYy]", line) and "fromisoformat(" not in line
    }
    assert found == {
        ("review_app/model/mine.py", "col(AuditEvent.at) >= since.isoformat(),"),
        ("review_app/model/numbers.py", "since = begin_of_day(first).isoformat()"),
        ("review_app/model/numbers.py", "found = accuracy.measure(session, first.isoformat())"),
        ("review_app/model/station.py", '"dob": person.birth_date.isoformat() if person.birth_date else "",'),
        ("review_app/screens/find.py", "return day.isoformat()"),
    }


def test_no_other_place_writes_a_time_for_people() -> None:
    """`%H:%M` elsewhere would be UTC again. The watch writes seconds of its own before each line."""
    found = {
        str(path.relative_to(_ROOT))
        for package in ("review_app", "ingest", "storage")
        for path in (_ROOT / package).rglob("*.py")
        if re.search(r"%H:?%M|\bdate\.today\(", path.read_text(encoding="utf-8"))
    }
    messages = {f"ingest/exchange/inbound/{name}.py" for name in ("adt", "fhir", "mllp")}  # between systems
    assert found == {"storage/foundation/clock.py", "ingest/telling.py", *messages}


def test_a_time_in_the_name_of_a_file_is_utc_and_sorts() -> None:
    at = datetime(2026, 3, 1, 23, 5, 9, tzinfo=timezone(timedelta(hours=-6)))
    assert clock.name_time(at) == "20260302T050509Z"
    assert clock.name_time(at) < clock.name_time(at + timedelta(seconds=1))
