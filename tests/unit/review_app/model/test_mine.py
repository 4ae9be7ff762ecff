"""One's own work: what is counted, what a rate is, and who may see whose."""

from datetime import UTC, date, datetime, timedelta

import pytest

from review_app.model import mine, numbers
from storage.desk import approving, waiting
from storage.documents import fields, leases
from storage.documents.fields import Correction
from storage.foundation import accounts, clock
from storage.foundation.clock import utc_now
from storage.foundation.errors import NotAllowed
from storage.foundation.home import Home
from storage.foundation.permissions import Actor, Role
from tests.given.desk import note, put
from tests.given.records import OLGA, SAM, TESS, UMA, add_person

DAY = date(2026, 1, 5)


@pytest.fixture
def worked(home: Home) -> Home:
    """Two documents approved by Tess, with a value corrected in one; one pended by Uma."""
    add_person(home)
    made = [put(home, [note("00123456", "Rivera, Ana", "03/14/1957", f"day {n}")], f"{n}.tif")[0] for n in range(3)]
    with home.writing() as session:
        for number, document_id in enumerate(made[:2]):
            document = leases.claim(session, document_id, TESS)
            changes = [Correction("attending", "CHEN, WEI")] if number else []
            version = fields.save_corrections(session, document_id, changes, TESS, version=document.version)
            approving.approve(session, document_id, TESS, version=version)
        document = leases.claim(session, made[2], UMA)
        waiting.put_aside(session, made[2], "pend", "missing_page", "", UMA, version=document.version)
    return home


def test_a_person_sees_their_day(worked: Home) -> None:
    own = mine.measure(worked, TESS)
    assert (own.name, len(own.days)) == ("tess", mine.DAYS)
    assert (own.today.documents, own.today.fields, own.today.put_aside) == (2, 1, 0)
    assert own.today.an_hour is None  # two documents in a second are no rate
    assert list(own.corrected.values()) == [1]
    assert sum(day.documents for day in own.days[1:]) == 0
    assert mine.measure(worked, UMA).today.put_aside == 1


def test_only_a_supervisor_sees_the_work_of_others(worked: Home) -> None:
    assert mine.measure(worked, SAM, "tess").today.documents == 2
    for who in (UMA, OLGA, Actor("audrey", Role.AUDITOR), Actor("ada", Role.ADMIN)):
        with pytest.raises(NotAllowed, match="for a supervisor"):
            mine.measure(worked, who, "tess")
    with pytest.raises(NotAllowed):
        mine.measure(worked, Actor("machine", Role.MACHINE))


@pytest.mark.usefixtures("cheap_passwords")
def test_a_supervisor_chooses_among_those_who_verify(worked: Home) -> None:
    with worked.writing() as session:
        for name, role in (("tess", Role.TECHNICIAN), ("sam", Role.SUPERVISOR), ("olga", Role.OPERATOR)):
            accounts.add_account(session, name, role, "a-long-password")
    assert mine.people(worked, SAM) == ["sam", "tess"]
    assert mine.people(worked, TESS) == ["tess"]


def test_a_rate_is_told_from_ten_minutes_on_and_breaks_are_no_work() -> None:
    start = utc_now()
    steady = [(start + timedelta(minutes=2 * n), "approve") for n in range(11)]
    after_lunch = [(at + timedelta(hours=1), action) for at, action in steady]
    assert mine._day(DAY, steady[:5]).an_hour is None
    assert (mine._day(DAY, steady).minutes, mine._day(DAY, steady).an_hour) == (20, 33)
    assert mine._day(DAY, [*steady, *after_lunch]).minutes == 40
    assert mine._day(DAY, []) == mine.Day(DAY, 0, 0, 0, 0, None)


def test_a_day_is_one_of_the_site(worked: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Late in the evening of a site in the west it is another day in UTC already."""
    evening = datetime.now(UTC).replace(hour=3, minute=30) + timedelta(days=1)
    for module in ("mine", "numbers"):
        monkeypatch.setattr(f"review_app.model.{module}.today", lambda: clock.local_day(evening))
    clock.use_zone("America/Chicago")
    try:
        own, found = mine.measure(worked, TESS), numbers.measure(worked, SAM)
        done = clock.local_day(clock.utc_now())
    finally:
        clock.use_zone("")
    by_day = {day.day: day.documents for day in own.days}
    assert (own.days[0].day, by_day[done], sum(by_day.values())) == (evening.date() - timedelta(days=1), 2, 2)
    assert found.days[clock.show_short_day(done)] == sum(found.days.values()) == found.by_hand == 2
