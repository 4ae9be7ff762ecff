"""What the other screens show and do: scans, exceptions, numbers, health, the viewer, emergency access."""

import shutil

import pytest
from sqlmodel import select

from ingest import filing, health
from ingest.settings import Settings
from review_app.model import numbers, paths, scans, viewing, worklist
from storage.custody import batches
from storage.desk import approving, waiting
from storage.documents import breakglass, leases
from storage.documents.search import Filter, find_pages
from storage.foundation.errors import NotAllowed, StateRefused
from storage.foundation.home import Home
from storage.foundation.permissions import Actor, Role
from storage.foundation.tables.desk import Remark
from storage.foundation.tables.documents import Document
from tests.given.desk import note, put
from tests.given.records import OLGA, SAM, TESS, UMA, add_person, receive

ADA, AUDREY = Actor("ada", Role.ADMIN), Actor("audrey", Role.AUDITOR)


@pytest.fixture
def room(home: Home) -> Home:
    """One document filed, one that waits, one file put aside."""
    add_person(home)
    made = put(home, [note("00123456", "Rivera, Ana", "03/14/1957", "Allergies: penicillin")], "filed.tif")[0]
    with home.writing() as session:
        document = leases.claim(session, made, TESS)
        document.person_id, document.decision = 1, "confirmed"
        approving.approve(session, made, TESS, version=document.version)
    filing.file_verified(home)
    put(home, ["LABORATORY REPORT\nGlucose 90"], "waits.tif")
    batch_id = receive(home, b"broken", name=b"broken.pdf")
    with home.writing() as session:
        batches.advance(session, batch_id, "quarantine", reason_code="damaged", reason="Scan it again.")
    return home


def test_scans_are_listed_found_by_name_and_shown_page_by_page(room: Home) -> None:
    found, ledger = scans.look(room, OLGA)
    assert [scan.file for scan in found] == ["broken.pdf", "waits.tif", "filed.tif"]
    assert ledger.balances
    assert [scan.file for scan in scans.look(room, OLGA, "WAITS")[0]] == ["waits.tif"]
    _, account, lines = scans.page_lines(room, OLGA, found[-1].batch_id)
    assert (account.filed, [line.place for line in lines]) == (1, ["document 1, filed"])
    with pytest.raises(StateRefused, match="no such scan"):
        scans.page_lines(room, OLGA, 99)


def test_an_exception_is_read_again_or_voided_with_a_reason(room: Home) -> None:
    broken = scans.exceptions(room, OLGA)[0][0]
    assert (broken.file, broken.reason) == ("broken.pdf", "Scan it again.")
    assert "reason" in scans.resolve(room, SAM, broken.batch_id, "void")
    assert "needs a supervisor" in scans.resolve(room, OLGA, broken.batch_id, "void", "paper is gone")
    assert "read again" in scans.resolve(room, OLGA, broken.batch_id, "retry")
    assert scans.exceptions(room, OLGA)[0] == []
    with pytest.raises(NotAllowed):
        scans.resolve(room, AUDREY, broken.batch_id, "retry")


def test_the_numbers_count_what_was_done_and_a_technician_sees_only_their_own(room: Home) -> None:
    found = numbers.measure(room, SAM)
    assert (found.by_hand, found.by_machine, sum(found.days.values())) == (1, 0, 1)
    assert found.operators == {"tess": 1}
    assert found.backlog["under 1 h"] == 1
    assert numbers.measure(room, UMA).operators == {"uma": 0}
    with pytest.raises(NotAllowed):
        numbers.measure(room, ADA)


def test_what_is_put_aside_is_counted_by_what_it_waits_for(room: Home) -> None:
    for number, (kind, code) in enumerate((("query", "no_date"), ("query", "no_order"), ("escalate", "legal"))):
        made = put(room, [note("00123456", "Rivera, Ana", "03/14/1957", f"aside {number}")], f"{number}.tif")[0]
        with room.writing() as session:
            document = leases.claim(session, made, TESS)
            waiting.put_aside(session, made, kind, code, "Which day?", TESS, version=document.version)
    assert numbers.measure(room, SAM).waits == {
        "Pended": 0, "Provider's answer": 2, "Supervisor": 1, "Registration": 0
    }  # fmt: skip


def test_health_tells_the_worst_first_and_what_to_do(room: Home) -> None:
    settings = Settings(home=room.path)
    found = {line.name: line for line in health.check_home(room, settings, ADA)}
    assert (found["Hot folder"].mark, found["Exceptions"].mark, found["Watch"].mark) == ("ok", "look", "look")
    shutil.rmtree(room.path / "hot")
    worst = health.check_home(room, settings, ADA)[0]
    assert (worst.name, worst.mark) == ("Hot folder", "wrong")
    assert "mounted" in worst.advice
    with pytest.raises(NotAllowed):
        health.check_home(room, settings, TESS)


def test_the_viewer_lights_words_and_what_ocr_made_of_them(room: Home) -> None:
    shown = viewing.look(room, TESS, 1, "penicilin")
    assert len(shown.pages[0].boxes) == 1
    assert shown.pdf == "/filed/1.pdf"
    assert viewing.look(room, TESS, 1).pages[0].boxes == ()
    assert viewing.look(room, TESS, 2).pdf == ""  # waits: read-only, and nothing of it is filed
    with pytest.raises(NotAllowed):
        viewing.look(room, ADA, 1)


def test_search_is_narrowed_and_finds_misread_words(room: Home) -> None:
    def found(words: str, **only: object) -> list[int]:
        with room.writing() as session:
            return [hit.document_id for hit in find_pages(session, words, TESS, only=Filter(**only))]  # type: ignore[arg-type]

    assert found("penicillin") == found("penicilin") == found("pen") == [1]
    assert found("glucose") == []  # is not approved
    assert found("penicillin", type_code="LAB") == found("penicillin", person_ids=(99,)) == []
    assert found("", person_ids=(1,)) == [1]
    assert found('penicillin" OR 1') == []


def test_a_glass_is_broken_for_one_person_and_reviewed_by_another(room: Home) -> None:
    with room.writing() as session:
        session.get_one(Document, 1).labels = [{"code": "HIV", "reason": "HIV status", "page": 1}]
    with pytest.raises(NotAllowed, match="protected"):
        viewing.look(room, UMA, 1)
    assert "two words" in viewing.break_glass(room, UMA, 1, "ETREAT", "x")
    assert "Choose the purpose" in viewing.break_glass(room, UMA, 1, "CURIOSITY", "because I want to")
    assert "does not include" in viewing.break_glass(room, OLGA, 1, "ETREAT", "patient in shock")
    assert viewing.break_glass(room, UMA, 1, "ETREAT", "patient in shock") == ""
    assert viewing.look(room, UMA, 1).until
    with pytest.raises(NotAllowed):
        viewing.look(room, TESS, 1)
    with room.writing() as session:
        glass = breakglass.to_review(session, AUDREY)[0]
        assert (glass.username, glass.reason) == ("uma", "patient in shock")
        with pytest.raises(StateRefused, match="found"):
            breakglass.review(session, glass.id, AUDREY, " ")
        breakglass.review(session, glass.id, AUDREY, "it was needed")
        assert breakglass.to_review(session, AUDREY) == []


def test_nobody_reviews_themselves(room: Home) -> None:
    with room.writing() as session:
        glass = breakglass.break_glass(session, 1, SAM, "BTG", "needed at once")
        session.flush()
        with pytest.raises(NotAllowed, match="Somebody else"):
            breakglass.review(session, glass.id, SAM, "it was needed")


def test_the_work_list_is_narrowed_and_its_order_changed(room: Home) -> None:
    assert [row.id for row in worklist.look(room, TESS).rows] == [2]
    assert worklist.look(room, TESS, worklist.WorklistFilter(type_code="CONSULT")).rows == ()
    assert worklist.look(room, TESS, worklist.WorklistFilter(older_than_days=1)).rows == ()
    assert "1 of 1 documents put first." in worklist.do_to_all(room, TESS, [2], worklist.Bulk.FIRST)
    assert worklist.look(room, TESS).rows[0].priority == 1
    assert "not wait" in worklist.do_to_all(room, TESS, [1], worklist.Bulk.FIRST)


def test_everybody_starts_with_a_screen_of_their_own() -> None:
    starts = {role: paths.start_path(Actor("x", role)) for role in Role if role is not Role.MACHINE}
    assert starts == {
        Role.OPERATOR: "scanning", Role.TECHNICIAN: "verify", Role.SUPERVISOR: "verify", Role.AUDITOR: "corrections",
        Role.ADMIN: "accounts",
    }  # fmt: skip


def test_what_is_pended_is_counted_by_reason_too_the_last_one_given(room: Home) -> None:
    made = [put(room, [note("00123456", "Rivera, Ana", "03/14/1957", f"why {n}")], f"why {n}")[0] for n in range(4)]
    said = (("pend", "missing_page"), ("pend", "illegible"), ("query", "no_date"), ("pend", "illegible"))
    for document_id, (kind, code) in zip(made, said, strict=True):
        _put_aside(room, document_id, kind, code)
    with room.writing() as session:
        waiting.put_back(session, made[3], SAM)  # waits no more
        waiting.put_back(session, made[0], SAM)
    _put_aside(room, made[0], "pend", "illegible")
    found = [(queue, reason, count) for queue, reason, count, _ in numbers.measure(room, SAM).reasons]
    assert found == [
        ("Pended", "it cannot be read well enough", 2),
        ("Provider's answer", "a date or time is missing", 1),
    ]
    since = numbers.measure(room, SAM).reasons[0][3]
    with room.reading() as session:
        first = session.exec(select(Remark.said_at).where(Remark.document_id == made[1])).one()
    assert since == first  # the oldest of them


def _put_aside(room: Home, document_id: int, kind: str, code: str) -> None:
    with room.writing() as session:
        document = leases.claim(session, document_id, TESS)
        waiting.put_aside(session, document_id, kind, code, "Which day?", TESS, version=document.version)
