"""The demo clinic's staff leave a filled clinic, and did all of it themselves: the log names them, and nothing is unaccounted."""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlmodel import select

from ingest.demo import staff
from ingest.demo.clinic import Patient, draw_clinic
from storage.custody import pages
from storage.custody.integrity import verify
from storage.desk import rescans
from storage.documents import breakglass, listing, misfiling
from storage.foundation.home import Home
from storage.foundation.permissions import Role
from storage.foundation.tables.audit import AuditEvent
from storage.quality import reviews
from tests.given.desk import note, put
from tests.given.records import add_person
from tests.given.template import Template

KINDS = (("PROGRESS NOTE", "PROGRESS_NOTE"), ("CONSULTATION REPORT", "CONSULT"), ("RADIOLOGY REPORT", "IMAGING"))
PATIENTS = draw_clinic(7, random.Random(1))
"""Seven, of whom no two are twins."""

PLAIN, UNKNOWN = 40, 4


def _paper(home: Home, number: int, mrn: str, text: str, code: str, fields: dict[str, str]) -> dict[str, Any]:
    name = f"scan-{number:02d}.tif"
    put(home, [text], name)
    side = {"disposition": "document", "document": 0, "type": code, "mrn": mrn, "page": 1, "fields": fields}
    return {"file": name, "pages": [side]}


def _note(who: Patient, line: str, title: str) -> str:
    return note(who.mrn, f"{who.family}, {who.given}", f"{who.birth_date:%m/%d/%Y}", line, kind=title)


@pytest.fixture(scope="module")
def clinic(
    empty_home: Template, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Home, list[tuple[int, int]]]]:
    """A read clinic of the demo's size, on which the staff have worked, and what they said of their progress."""
    home = empty_home.copied_to(tmp_path_factory.mktemp("clinic"))
    for who in PATIENTS:
        add_person(home, mrn=who.mrn, family=who.family, given=who.given, birth_date=who.birth_date)
    truth = []
    for number in range(PLAIN):
        who, (title, code) = PATIENTS[number % len(PATIENTS)], KINDS[2 if number % 6 == 1 else number % 2]
        text = _note(who, f"seen in room {number}", title)
        truth.append(_paper(home, number, who.mrn, text, code, {"mrn": who.mrn}))
    for number in range(UNKNOWN):
        text = note(f"0077777{number}", f"Stranger{number}, Who", "01/02/1950")
        truth.append(_paper(home, 50 + number, f"0077777{number}", text, "PROGRESS_NOTE", {}))
    text = _note(PATIENTS[0], "Patient is HIV positive, on antiretrovirals", "PROGRESS NOTE")
    truth.append(_paper(home, 60, PATIENTS[0].mrn, text, "PROGRESS_NOTE", {}))
    steps: list[tuple[int, int]] = []
    staff.work_the_desk(home, truth, lambda done, of: steps.append((done, of)))
    yield home, steps
    home.close()


def test_every_screen_has_something_to_show(clinic: tuple[Home, list[tuple[int, int]]]) -> None:
    home, _ = clinic
    with home.reading() as session:
        rows = listing.list_documents(session)
        states = Counter(row["state"] for row in rows)
        assert states["filed"] >= 25
        assert states["to_verify"] >= 7
        assert states["pended"] == 4
        assert states["rescan"] == len(rescans.waiting(session, staff.SAM)) == 2
        assert states["to_qc"] >= 2
        assert reviews.waiting(session, staff.SAM)
        assert len(misfiling.waiting(session, staff.SAM)) == 1
        assert len(breakglass.to_review(session, staff.AUDREY)) == 1
        assert [row["state"] for row in rows if row["labels"]] == ["filed"]


def test_a_wrong_chart_was_corrected_by_two_persons(clinic: tuple[Home, list[tuple[int, int]]]) -> None:
    home, _ = clinic
    with home.reading() as session:
        by = {
            e.action: e.actor for e in session.exec(select(AuditEvent)) if "misfile" in e.action or e.action == "reopen"
        }
    assert by == {"propose_misfile": "tess", "misfile": "sam", "reopen": "sam"}


def test_named_persons_did_it_and_the_log_proves_it(clinic: tuple[Home, list[tuple[int, int]]]) -> None:
    home, _ = clinic
    with home.reading() as session:
        approved = Counter(e.actor for e in session.exec(select(AuditEvent).where(AuditEvent.action == "approve")))
        assert set(approved) == {"tess", "sam"}
        assert approved["tess"] > approved["sam"]
        assert pages.ledger(session).balances
        assert not verify(session, home.vault).problems


def test_progress_is_told_to_the_end(clinic: tuple[Home, list[tuple[int, int]]]) -> None:
    done = [step for step, _ in clinic[1]]
    assert done == list(range(1, len(done) + 1))
    assert all(step <= of for step, of in clinic[1])


def test_nothing_is_done_twice(clinic: tuple[Home, list[tuple[int, int]]]) -> None:
    assert not staff.is_untouched(clinic[0])


def test_of_one_patient_nothing_is_put_aside_and_nobody_fails(home: Home) -> None:
    add_person(home, birth_date=date(1957, 3, 14))
    text = note("00123456", "Rivera, Ana", "03/14/1957")
    truth = [_paper(home, 1, "00123456", text, "PROGRESS_NOTE", {"mrn": "00123456"})]
    assert staff.is_untouched(home)
    staff.work_the_desk(home, truth, lambda done, of: None)
    with home.reading() as session:
        assert [row["state"] for row in listing.list_documents(session)] == ["filed"]


def test_a_document_that_is_not_what_was_drawn_is_left_to_people(home: Home) -> None:
    add_person(home, birth_date=date(1957, 3, 14))
    text = note("00123456", "Rivera, Ana", "03/14/1957")
    truth = _paper(home, 1, "00123456", text, "PROGRESS_NOTE", {})
    truth["pages"].append(truth["pages"][0] | {"page": 2})  # a page of it became another document
    assert staff.papers_of(home, [truth]) == []


def test_there_is_a_person_for_each_role() -> None:
    assert {person.role for person in staff.PEOPLE} == set(Role) - {Role.MACHINE}
