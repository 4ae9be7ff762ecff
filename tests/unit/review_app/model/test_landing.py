"""What waits for each role when they have signed in, and where each tile leads."""

from datetime import date

import pytest

from ingest.settings import Settings
from review_app.model import landing
from review_app.model.paths import PATHS, allowed
from storage.custody import arrivals, batches, pages
from storage.desk import rescans, waiting
from storage.documents import breakglass, leases, misfiling
from storage.foundation import accounts
from storage.foundation.clock import utc_now
from storage.foundation.errors import NotAllowed
from storage.foundation.home import Home
from storage.foundation.permissions import MACHINE, Actor, Role
from storage.foundation.tables.documents import Document
from tests.given.desk import note, put
from tests.given.records import OLGA, SAM, TESS, UMA, add_person, receive, verify_and_file

AUDREY, ADA = Actor("audrey", Role.AUDITOR), Actor("ada", Role.ADMIN)
ANA = ("00123456", "Rivera, Ana", "03/14/1957")


@pytest.fixture
def room(home: Home) -> Home:
    """A day of a record room: something of each kind waits."""
    add_person(home, birth_date=date(1957, 3, 14), sex="F")
    filed = put(home, [note(*ANA, "Patient is HIV positive, on antiretrovirals")], "filed")[0]
    verify_and_file(home, filed)
    with home.writing() as session:
        breakglass.break_glass(session, filed, TESS, "ETREAT", "patient in shock, no other record")
        misfiling.propose(session, filed, [], None, "another patient's", "wrong_sticker", SAM)
    for kind, code in (("query", "no_date"), ("query", "no_order"), ("escalate", "legal"), ("register", "newborn")):
        _aside(home, kind, code)
    put(home, [note(*ANA, "waits"), ""], "waits and a blank side")
    mine = put(home, [note(*ANA, "hers")], "mine")[0]
    again = put(home, [note(*ANA, "faint")], "again")[0]
    broken = receive(home, b"broken", name=b"broken.pdf")
    with home.writing() as session:
        leases.claim(session, mine, TESS)
        document = leases.claim(session, again, UMA)
        page = pages.pages_of_document(session, again)[0]
        rescans.ask(session, again, [page.id], "too_faint", "", UMA, version=document.version)
        batches.advance(session, broken, "quarantine", reason_code="damaged", reason="Scan it again.")
        file = arrivals.WaitingFile("scan.pdf", utc_now(), "It still changes")
        arrivals.keep(session, [arrivals.WaitingFolder("/hot", utc_now(), (file,), left_out=2)])
    return home


def _aside(home: Home, kind: str, code: str) -> None:
    made = put(home, [note(*ANA, f"{kind} {code}")], f"{kind} {code}")[0]
    with home.writing() as session:
        document = leases.claim(session, made, UMA)
        waiting.put_aside(session, made, kind, code, "Which is it?", UMA, version=document.version)


def _counted(home: Home, actor: Actor) -> dict[str, int]:
    return {tile.title: tile.count for tile in landing.tiles(home, Settings(home=home.path), actor)}


def test_a_technician_sees_their_own_work_and_what_the_desk_settles(room: Home) -> None:
    assert _counted(room, TESS) == {
        "Mine": 1, "To verify": 2, "Provider's answer": 2, "Registration": 1, "Blank sides": 1, "Hot folder": 3,
        "Exceptions": 1, "The same sheet again": 0, "Rescans": 1, "Corrections": 1, "Quality review": 0,
    }  # fmt: skip


def test_a_supervisor_sees_what_they_were_asked(room: Home) -> None:
    found = _counted(room, SAM)
    assert (found["Supervisor"], found["Mine"], found["Corrections"], found["Emergency access"]) == (1, 0, 1, 1)


@pytest.mark.parametrize(
    ("who", "titles"),
    [
        (OLGA, ["Hot folder", "Exceptions", "Rescans"]),
        (AUDREY, ["Emergency access"]),
        (ADA, ["Accounts", "System"]),
    ],
)
def test_each_other_role_sees_what_is_theirs(room: Home, who: Actor, titles: list[str]) -> None:
    assert list(_counted(room, who)) == titles


@pytest.mark.parametrize("who", [TESS, SAM, OLGA, AUDREY, ADA])
def test_a_tile_leads_to_a_screen_that_this_person_may_see(room: Home, who: Actor) -> None:
    for tile in landing.tiles(room, Settings(home=room.path), who):
        path = tile.href.strip("/").partition("?")[0]
        assert path in PATHS
        assert not path or path in allowed(who)


@pytest.mark.usefixtures("cheap_passwords")
def test_an_administrator_sees_who_has_not_changed_a_first_password(room: Home) -> None:
    with room.writing() as session:
        for name, by in (("new", ADA), ("gone", ADA), ("own", MACHINE)):
            accounts.add_account(session, name, Role.OPERATOR, "a-long-password", by)
        accounts.disable_account(session, "gone", ADA)
    assert _counted(room, ADA)["Accounts"] == 1


def test_looking_claims_nothing_and_the_machine_has_no_home(room: Home) -> None:
    with room.reading() as session:
        before = session.get_one(Document, 1).version
    landing.tiles(room, Settings(home=room.path), SAM)
    with room.reading() as session:
        assert session.get_one(Document, 1).version == before
    with pytest.raises(NotAllowed):
        landing.tiles(room, Settings(home=room.path), MACHINE)
