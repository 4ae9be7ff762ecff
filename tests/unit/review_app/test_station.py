"""What the verification station shows of a document, and what its keys do."""

import itertools
import json
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from classify.guess import DocumentGuess
from classify.index import index_pages
from classify.profile import Profile
from ingest import filing
from ingest.problems import ProfileProblem
from ocr.page import OcrPage
from review_app.model import acting, station, worklist
from review_app.model.keymap import KEYS, keymap
from review_app.model.messages import DeskAction, DeskMessage, DraftRequest, ObjectionsRequest, read_message
from storage.desk import rereading, waiting
from storage.documents import fields, leases
from storage.documents.search import find_pages
from storage.foundation import accounts
from storage.foundation.clock import show_day
from storage.foundation.errors import NotAllowed, StateRefused
from storage.foundation.home import Home
from storage.foundation.permissions import Actor, Role
from storage.foundation.tables.audit import AuditEvent
from storage.foundation.tables.documents import Document, FieldRow
from storage.roster.lookup import StoredRoster
from tests.given.desk import note, put
from tests.given.records import OLGA, SAM, TESS, UMA, add_person, read_and_index, receive
from tests.given.trying import last_event

_TOKENS = itertools.count()
ADA = Actor("ada", Role.ADMIN)


@pytest.fixture
def desk(home: Home) -> Home:
    """One document of two pages, linked to Ana."""
    read_and_index(home, receive(home, b"scan"), ["PROGRESS NOTE", "second page"], add_person(home))
    return home


def understand(session: Session, pages: list[OcrPage]) -> DocumentGuess:
    return index_pages(pages, StoredRoster(session), Profile())


def _next(home: Home, actor: Actor = TESS) -> dict[str, Any]:
    documents = station.take_queue(home, actor)["documents"]
    assert documents
    return dict(documents[0])


def _act(home: Home, actor: Actor, document: dict[str, Any], action: str, **more: object) -> dict[str, Any]:
    message = {
        "action": action,
        "id": document["id"],
        "version": document["version"],
        "values": {},
        "type": document["type"],
        "person": document["person"],
        "token": f"token-{next(_TOKENS)}",
        **more,
    }
    return acting.act(home, actor, read_message(DeskMessage, message), understand)


def _document(home: Home, document: dict[str, Any]) -> Document:
    with home.reading() as session:
        return session.get_one(Document, document["id"])


def test_what_the_cursor_stood_in_is_kept_with_who_it_was(desk: Home) -> None:
    first = _next(desk)
    assert _act(
        desk, TESS, first, "pend", code="missing_page", reason="asks the ward", seen=["mrn", "type", "no such field"]
    )["ok"]
    with desk.reading() as session:
        seen = {row.name: row.seen_by for row in fields.current_fields(session, first["id"])}
    assert (seen["mrn"], seen["name"], _document(desk, first).type_seen_by) == ("tess", None, "tess")


@pytest.mark.parametrize(
    ("code", "is_handwritten", "band"),
    [
        ("CONSENT_PROC", False, "check"),
        ("LAB", False, "other"),  # no report is signed by the patient
        ("LAB", True, "check"),  # a proposal always waits for a person
    ],
)
def test_a_doubt_is_raised_only_where_the_kind_of_document_carries_the_field(
    desk: Home, code: str, is_handwritten: bool, band: str
) -> None:
    with desk.writing() as session:
        session.get_one(Document, 1).type_code = code
        session.add(
            FieldRow(document_id=1, name="signature", value="absent", confidence=0.7, page=1, source="ink",
                     is_handwritten=is_handwritten)
        )  # fmt: skip
    assert _next(desk)["fields"]["signature"]["band"] == band


def test_a_document_shows_its_pages_fields_bands_and_candidates(desk: Home) -> None:
    shown = _next(desk)
    fields = shown["fields"]
    assert [page["src"].split("?")[0] for page in shown["pages"]] == ["/page/1/1.jpg", "/page/1/2.jpg"]
    assert (fields["name"]["value"], fields["name"]["band"], fields["mrn"]["band"]) == ("RIVERA, ANA", "auto", "check")
    assert fields["name"]["page"] == 1
    assert all(0 <= edge <= 1 for edge in fields["name"]["box"])
    assert [candidate["mrn"] for candidate in shown["candidates"]] == ["00123456"]


def test_a_kind_of_document_asks_for_its_own_fields() -> None:
    types = {t["code"]: t["fields"] for t in station.catalog({}, TESS, 15)["types"]}
    assert {"rx_bin", "member_id"} <= set(types["INSURANCE_CARD"])
    assert "rx_bin" not in types["DISCHARGE_SUMMARY"]
    assert {"discharge_date", "disposition"} <= set(types["DISCHARGE_SUMMARY"])
    assert all({"name", "mrn", "dob"} <= set(fields) for fields in types.values())


def test_an_approved_document_is_found_by_its_words_at_once_and_filed_later(desk: Home) -> None:
    shown = _next(desk)
    done = _act(desk, TESS, shown, "approve", values={"payer": " Medicare ", "colour": "red", "dob": "3/14/1957"})
    assert done["ok"], done
    assert done["left"]
    assert _document(desk, shown).state == "verified"
    with desk.writing() as session:
        assert [hit.document_id for hit in find_pages(session, "second", TESS)] == [shown["id"]]
    assert not filing.file_verified(desk, after_seconds=60)
    assert filing.file_verified(desk)
    assert _document(desk, shown).state == "filed"
    values = {name: station.history(desk, TESS, shown["id"], name)[-1]["value"] for name in ("payer", "dob")}
    assert values == {"payer": "Medicare", "dob": "03/14/1957"}  # a date is shown in one form, however it was typed
    assert station.history(desk, TESS, shown["id"], "colour") == []


def test_the_same_message_again_is_answered_the_same_and_done_once(desk: Home) -> None:
    shown = _next(desk)
    first = _act(desk, TESS, shown, "approve", token="once")
    version = _document(desk, shown).version
    assert _act(desk, TESS, shown, "approve", token="once") == first
    assert _document(desk, shown).version == version
    assert not _act(desk, TESS, shown, "approve")["ok"]  # another key press on what left the desk is refused


def test_an_approval_is_taken_back_until_it_is_filed(desk: Home) -> None:
    shown = _next(desk)
    _act(desk, TESS, shown, "approve")
    assert [row["id"] for row in station.recent(desk, TESS)] == [shown["id"]]
    assert station.recent(desk, UMA) == []
    assert "supervisor" in _act(desk, UMA, shown, "take_back")["sentence"]
    back = _act(desk, TESS, shown, "take_back")
    assert [d["id"] for d in back["documents"]] == [shown["id"]]
    with desk.writing() as session:
        assert find_pages(session, "second", TESS) == []
    assert _act(desk, TESS, back["documents"][0], "approve")["ok"]
    filing.file_verified(desk)
    assert station.recent(desk, TESS) == []
    assert "filed already" in _act(desk, TESS, shown, "take_back")["sentence"]


@pytest.mark.parametrize("action", list(worklist.WAITS_FOR))
def test_putting_aside_needs_a_reason_keeps_the_due_date_and_comes_back(desk: Home, action: str) -> None:
    shown = _next(desk)
    code, why = next(iter(waiting.REASONS[action].items()))
    assert "Choose a reason" in _act(desk, TESS, shown, action)["sentence"]
    assert "the reason, in two words" in _act(desk, TESS, shown, action, code="other")["sentence"] or action in (
        "query",
        "escalate",
    )
    assert "past" in _act(desk, TESS, shown, action, code=code, reason="wait", due="2020-01-01")["sentence"]
    due = date.today() + timedelta(days=3)  # noqa: DTZ011 - a working day
    assert _act(desk, TESS, shown, action, code=code, reason="the second sheet", due=due.isoformat())["left"]
    assert _document(desk, shown).state == "pended"
    (row,) = worklist.look(desk, TESS, worklist.WorklistFilter(queue=action)).rows
    assert (row.why, row.state, row.due) == (f"{why}: the second sheet", worklist.WAITS_FOR[action], due.isoformat())
    others = set(worklist.WAITS_FOR) - {action}
    assert all(not worklist.look(desk, TESS, worklist.WorklistFilter(queue=other)).rows for other in others)
    counts = worklist.count(desk, TESS)
    assert (counts[action], counts["to_verify"], counts[""]) == (1, 0, 1)
    assert "work list again" in worklist.resume(desk, TESS, int(shown["id"]))
    remark = _next(desk)["remarks"][-1]
    assert (remark["kind"], remark["by"], remark["due"]) == (action, "tess", show_day(due))
    assert _document(desk, shown).waits_for is None


@pytest.mark.parametrize(("action", "says"), [("query", "what is asked"), ("escalate", "what is asked")])
def test_who_is_asked_gets_a_question(desk: Home, action: str, says: str) -> None:
    shown = _next(desk)
    code = next(iter(waiting.REASONS[action]))
    assert says in _act(desk, TESS, shown, action, code=code, reason="  ")["sentence"]


def test_a_page_that_needs_no_word_is_pended_by_its_code_alone(desk: Home) -> None:
    shown = _next(desk)
    assert _act(desk, TESS, shown, "pend", code="missing_page")["left"]
    assert _document(desk, shown).why_waiting == "a page is missing"


def test_who_passes_by_claims_nothing(desk: Home) -> None:
    landed = station.landing(desk, TESS)
    assert (landed["documents"], landed["waiting"], landed["assigned"]) == ([], 1, 0)
    assert [d["id"] for d in station.take_queue(desk, UMA)["documents"]] == [1]  # it is still free
    assert [d["id"] for d in station.landing(desk, UMA)["documents"]] == [1]  # and stays on the desk over a reload


def test_work_that_is_assigned_comes_to_its_desk_first_and_to_no_other(home: Home) -> None:
    person = add_person(home)
    for name in ("one", "two", "three"):
        read_and_index(home, receive(home, name.encode(), name), ["PROGRESS NOTE"], person)
    with home.writing() as session:
        for name in ("tess", "uma"):
            accounts.add_account(session, name, Role.TECHNICIAN, "a long password")
        assert waiting.assign(session, [3], "tess", TESS) == 1
        assert waiting.assign(session, [3], "tess", TESS) == 0  # it is already
    assert station.landing(home, TESS)["assigned"] == 1
    assert [d["id"] for d in station.take_queue(home, UMA, want=3)["documents"]] == [1, 2]
    assert "work of tess" in _refused(home, UMA, 3)
    assert [d["id"] for d in station.take_queue(home, TESS, want=1)["documents"]] == [3]
    (row,) = worklist.look(home, TESS, worklist.WorklistFilter(queue="mine")).rows
    assert (row.id, row.assigned) == (3, "tess")
    with home.writing() as session, pytest.raises(StateRefused, match="tess is working on document 3"):
        waiting.assign(session, [3], "uma", UMA)
    acting.end_leases(home, TESS, [3])
    with home.writing() as session, pytest.raises(NotAllowed, match="the work of tess"):
        waiting.assign(session, [3], "uma", UMA)
    said = worklist.do_to_all(home, SAM, [3, 99], worklist.Bulk.ASSIGN, "uma")
    assert said == "1 of 2 documents assigned to uma. Not 99: There is no such document."
    assert station.take(home, UMA, 3)["id"] == 3
    with home.writing() as session:
        accounts.disable_account(session, "uma", ADA)
        assert session.get_one(Document, 3).assigned_to is None
        for document in (1, 2, 3):
            assert not leases.is_held(session.get_one(Document, document))
        freed, told = last_event(session, "document:3"), last_event(session, "account:uma")
        assert (freed.action, freed.actor, freed.detail) == ("assign", "ada", '{"assignee":null,"was":"uma"}')
        assert (told.action, told.detail) == ("disable_account", '{"documents":[1,2,3]}')
        accounts.enable_account(session, "uma", ADA)
        assert waiting.assign(session, [3], "uma", SAM) == 1
        accounts.disable_account(session, "uma", ADA)
    assert "has no account" in worklist.do_to_all(home, SAM, [1], worklist.Bulk.ASSIGN, "uma")


def test_a_document_that_cannot_come_onto_the_desk_says_why(home: Home) -> None:
    person = add_person(home)
    for name in ("one", "two", "three"):
        read_and_index(home, receive(home, name.encode(), name), ["PROGRESS NOTE"], person)
    assert station.why_read_only(home, UMA, 1) == ""
    assert station.why_read_only(home, UMA, 99) == ""  # there is nothing to look at
    with home.writing() as session:
        held = leases.claim(session, 1, TESS)
        asked = leases.claim(session, 2, TESS)
        waiting.put_aside(session, 2, "query", "no_date", "When was it?", TESS, version=asked.version)
        session.get_one(Document, 3).state = "voided"
        session.flush()
    assert station.why_read_only(home, UMA, 1).startswith("tess is working on this document until")
    assert station.why_read_only(home, TESS, 1) == ""
    assert held.claimed_by == "tess"
    assert station.why_read_only(home, SAM, 2) == (
        "This document waits for a provider's answer: a date or time is missing: When was it."
    )
    assert station.why_read_only(home, UMA, 3) == ""


def _refused(home: Home, actor: Actor, document_id: int) -> str:
    with pytest.raises(StateRefused) as refused:
        station.take(home, actor, document_id)
    return str(refused.value)


def test_several_documents_are_put_first_last_and_back(desk: Home) -> None:
    shown = _next(desk)
    assert "1 of 1 documents put first." in worklist.do_to_all(desk, TESS, [1], worklist.Bulk.FIRST)
    assert _document(desk, shown).priority == 1
    assert "Not 1: " in worklist.do_to_all(desk, TESS, [1], worklist.Bulk.RESUME)  # it does not wait for anything
    _act(desk, TESS, {**shown, "version": _document(desk, shown).version}, "pend", code="missing_page")
    assert "1 of 1 documents put back" in worklist.do_to_all(desk, TESS, [1], worklist.Bulk.RESUME)


def test_everything_that_is_read_at_the_desk_is_in_the_log(desk: Home) -> None:
    station.take_queue(desk, TESS)
    station.take(desk, TESS, 1)
    station.words_of_page(desk, TESS, 1, 2)
    station.history(desk, TESS, 1, "mrn")
    with desk.reading() as session:
        lines = session.exec(select(AuditEvent).where(AuditEvent.actor == "tess").order_by(col(AuditEvent.seq))).all()
    told = [(line.action, line.subject, json.loads(line.detail)) for line in lines]
    assert [action for action, _, _ in told] == ["take", "take", "view_words", "view_history"]
    assert {subject for _, subject, _ in told} == {"document:1"}
    assert (told[2][2]["page"], told[3][2]["field"]) == (2, "mrn")
    assert {detail["person"] for _, _, detail in told} == {1}


def test_a_rescan_is_asked_for_a_page_with_a_reason(desk: Home) -> None:
    shown = _next(desk)
    page = shown["pages"][1]["id"]
    assert "why" in _act(desk, TESS, shown, "rescan", pages=[page], named=[2], code="ugly")["sentence"]
    gone = _act(desk, TESS, shown, "rescan", pages=[999], named=[2], code="cut_off")
    assert "not in this document" in gone["sentence"]
    assert _act(desk, TESS, shown, "rescan", pages=[page], named=[2], code="cut_off", reason="left edge")["left"]
    assert _document(desk, shown).state == "rescan"
    assert _document(desk, shown).why_waiting == "cut off at an edge: left edge"


def test_somebody_elses_document_is_refused_in_a_sentence(desk: Home) -> None:
    shown = _next(desk)
    assert station.take_queue(desk, UMA)["documents"] == []
    for action in ("approve", "rearrange", "undo"):
        assert "hold" in _act(desk, UMA, shown, action)["sentence"]
    assert "tess" in acting.save_draft(desk, UMA, DraftRequest(shown["id"]))["sentence"]
    assert _document(desk, shown).state == "to_verify"


@pytest.mark.parametrize(
    "message",
    [DeskMessage(DeskAction.APPROVE, "t", id=999, version=1), DeskMessage(DeskAction.REARRANGE, "t", id=1, version=1)],
    ids=["no such document", "a change that is not told"],
)
def test_an_action_that_makes_no_sense_changes_nothing(desk: Home, message: DeskMessage) -> None:
    done = acting.act(desk, TESS, message, understand)
    assert not done["ok"]
    assert not done["left"]
    assert done["sentence"]


def test_a_patient_who_agrees_in_less_than_two_identifiers_is_confirmed_by_typing_a_number_again(desk: Home) -> None:
    chen = add_person(desk, "00777777", "Chen", "Wei", birth_date=date(1980, 1, 2))
    shown = _next(desk)
    assert [p["mrn"] for p in acting.find_people(desk, TESS, "chen")] == ["00777777"]
    refused = _act(desk, TESS, shown, "approve", person=chen)
    assert refused["needs"] == "retype"
    assert _act(desk, TESS, shown, "approve", person=chen, retyped="00777778")["needs"] == "retype"
    contradicted = _act(desk, TESS, shown, "approve", person=chen, retyped="1/2/1980")
    assert contradicted["needs"] == "insist"  # the page still says Rivera
    assert "MRN and the name" in contradicted["sentence"] or "MRN and the date" in contradicted["sentence"]
    assert not _act(desk, TESS, shown, "approve", person=chen, retyped="00777777", override_mismatch=True)[
        "ok"
    ]  # no reason
    more = {"override_mismatch": True, "reason": "mislabelled page"}
    assert _act(desk, TESS, shown, "approve", person=chen, retyped="00777777", **more)["left"]
    document = _document(desk, shown)
    assert (document.person_id, document.decision) == (chen, "confirmed")


def test_a_patient_who_agrees_in_two_identifiers_needs_no_retyping(home: Home) -> None:
    ana = add_person(home, birth_date=date(1957, 3, 14))
    read_and_index(home, receive(home, b"scan"), ["PROGRESS NOTE"])  # nobody was linked; name and MRN were read
    assert _act(home, TESS, _next(home), "approve", person=ana)["left"]


def test_a_draft_survives_the_browser_and_the_shift(desk: Home) -> None:
    shown = _next(desk)
    content = DraftRequest(shown["id"], {"dob": "1957-03-14"}, "CONSULT")
    assert acting.save_draft(desk, TESS, content)["ok"]
    assert _document(desk, shown).version == shown["version"]  # typing is no save
    draft = _next(desk)["draft"]
    assert (draft["values"], draft["type"], draft["by"]) == ({"dob": "1957-03-14"}, "CONSULT", "tess")
    acting.end_leases(desk, TESS, [shown["id"]])
    again = _next(desk, UMA)
    assert again["draft"]["values"] == {"dob": "1957-03-14"}
    assert _act(desk, UMA, again, "approve", values=again["draft"]["values"])["ok"]
    with desk.reading() as session:
        assert station.show(session, session.get_one(Document, shown["id"]), SAM)["draft"] is None


def test_a_stale_save_overwrites_nothing_and_shows_the_difference(desk: Home) -> None:
    shown = _next(desk)
    acting.end_leases(desk, TESS, [shown["id"]])
    hers = _next(desk, UMA)
    with desk.writing() as session:
        from storage.documents import fields

        fields.save_corrections(session, hers["id"], [fields.Correction("payer", "Aetna")], UMA, version=1)
        session.get_one(Document, hers["id"]).claimed_by = None
    stale = _act(desk, TESS, shown, "approve", values={"payer": "Medicare"})
    assert not stale["ok"]
    assert stale["stale"]["document"]["fields"]["payer"]["value"] == "Aetna"
    assert stale["stale"]["differences"] == [
        {"title": "Payer", "name": "payer", "mine": "Medicare", "theirs": "Aetna", "by": "uma"}
    ]
    assert _act(desk, TESS, stale["stale"]["document"], "approve", values={"payer": "Medicare"})["ok"]


def test_the_queue_holds_the_next_documents_and_nobody_elses(desk: Home) -> None:
    for i in range(4):
        read_and_index(desk, receive(desk, b"other %d" % i), ["one"])
    mine = [d["id"] for d in station.take_queue(desk, TESS)["documents"]]
    hers = [d["id"] for d in station.take_queue(desk, UMA)["documents"]]
    assert (len(mine), len(hers)) == (3, 2)
    assert not set(mine) & set(hers)
    assert station.take_queue(desk, TESS, have=mine)["documents"] == []
    _act(desk, TESS, {"id": mine[0], "version": 1, "type": "", "person": None}, "skip")
    assert [d["id"] for d in station.take_queue(desk, UMA, have=hers)["documents"]] == [mine[0]]


@pytest.mark.parametrize("actor", [OLGA, Actor("ada", Role.ADMIN), Actor("audrey", Role.AUDITOR)])
def test_other_roles_get_nothing(desk: Home, actor: Actor) -> None:
    for refused in (
        lambda: station.take_queue(desk, actor),
        lambda: station.take(desk, actor, 1),
        lambda: station.words_of_page(desk, actor, 1, 1),
        lambda: station.history(desk, actor, 1, "name"),
        lambda: station.recent(desk, actor),
        lambda: acting.find_people(desk, actor, "rivera"),
        lambda: worklist.look(desk, actor),
    ):
        with pytest.raises(NotAllowed):
            refused()
    for action in acting.ACTIONS:
        if action is not DeskAction.SKIP:  # gives back what one holds: nothing
            message = DeskMessage(action, action, id=1, version=1, reason="x")
            assert not acting.act(desk, actor, message, understand)["ok"], action
    assert not acting.save_draft(desk, actor, DraftRequest(1))["ok"]


def test_the_work_list_shows_no_name_and_no_number(desk: Home) -> None:
    shown = str(worklist.look(desk, SAM).rows)
    assert "Rivera" not in shown
    assert "RIVERA" not in shown
    assert "00123456" not in shown


def test_a_corrected_identity_that_contradicts_the_patient_is_not_approved_by_a_plain_key(desk: Home) -> None:
    shown = _next(desk)
    for values in ({"mrn": "00999999"}, {"name": "CHEN, WEI"}):
        done = _act(desk, TESS, shown, "approve", values=values)
        assert done["needs"] == "insist"
        assert "differ from the patient" in done["sentence"]
    assert _document(desk, shown).state == "to_verify"


def test_a_filed_document_cannot_be_taken_to_the_desk_again(desk: Home) -> None:
    shown = _next(desk)
    _act(desk, TESS, shown, "approve")
    filing.file_verified(desk)
    with pytest.raises(StateRefused, match="filed"):
        station.take(desk, TESS, int(shown["id"]))


def test_words_of_a_page_lie_where_they_were_read(desk: Home) -> None:
    shown = _next(desk)
    words = station.words_of_page(desk, TESS, shown["id"], 2)
    assert [word[4] for word in words] == ["second", "page"]
    assert all(0 <= word[0] < word[2] <= 1 and 0 <= word[1] < word[3] <= 1 for word in words)
    assert station.words_of_page(desk, TESS, shown["id"], 9) == []


def test_a_comment_stays_with_the_document(desk: Home) -> None:
    shown = _next(desk)
    said = _act(desk, TESS, shown, "comment", reason="coffee on page 2")
    assert said["documents"][0]["remarks"][-1]["text"] == "coffee on page 2"


def test_every_key_is_its_own_and_a_site_may_change_it() -> None:
    assert len({key.key for key in KEYS}) == len(KEYS)
    assert {k.action: k.key for k in keymap({"approve": "F9"})}["approve"] == "F9"
    for site, why in (
        ({"dance": "F9"}, "no action"),
        ({"approve": "Alt+P"}, "both"),
        ({"approve": "press it"}, "no key"),
    ):
        with pytest.raises(ProfileProblem, match=why):
            keymap(site)


@pytest.mark.parametrize(
    "action",
    ["first-page", "last-page", "go-to-page", "fit", "fit-page", "turn", "turn-back", "select", "move", "labels"],
)
def test_page_work_and_labels_have_keys_that_a_site_may_set(action: str) -> None:
    assert {key.action: key.key for key in keymap({action: "F9"})}[action] == "F9"
    assert all(key.what for key in KEYS if key.action == action)


def test_the_desk_names_number_batch_file_and_the_documents_that_take_pages(home: Home) -> None:
    add_person(home)
    first, second = put(
        home,
        [
            note("00123456", "Rivera, Ana", "03/14/1957"),
            note("00777777", "Chen, Wei", "01/02/1980", kind="CONSULTATION"),
            "page 3",
        ],
        "two people.tif",
    )
    shown = station.take(home, TESS, first)
    assert shown["origin"] == {"batch": 1, "file": "two people.tif"}
    assert shown["targets"] == [{"id": second, "name": "Consultation", "pages": [2, 3], "holder": ""}]
    station.take(home, UMA, second)
    assert station.take(home, TESS, first)["targets"][0]["holder"] == "uma"


@pytest.mark.parametrize("named", [[], [1], [2, 1], [3]])
@pytest.mark.parametrize("kind", ["hide", "move", "turn", "split", "reorder", "best_possible", "rescan"])
def test_a_command_on_another_page_than_the_person_was_told_is_refused(home: Home, kind: str, named: list[int]) -> None:
    add_person(home)
    ana, wei = note("00123456", "Rivera, Ana", "03/14/1957"), note("00777777", "Chen, Wei", "01/02/1980")
    first, other = put(home, [ana, "page two", wei], "two people")
    shown = station.take(home, TESS, first)
    pages = [shown["pages"][1]["id"]]
    change = {"kind": kind, "pages": pages, "named": named, "degrees": 90, "to": other, "why": "duplicate"}
    more = {"pages": pages, "named": named, "code": "cut_off"} if kind == "rescan" else {"change": change}
    answer = _act(home, TESS, shown, "rescan" if kind == "rescan" else "rearrange", **more)
    assert not answer["ok"]
    assert "in another place now. Nothing was changed" in answer["sentence"]
    again = station.take(home, TESS, first)
    assert (again["pages"], _document(home, shown).state) == (shown["pages"], "to_verify")


def test_a_hidden_page_is_restored_by_its_number_in_the_scan(home: Home) -> None:
    add_person(home)
    (document_id,) = put(home, [note("00123456", "Rivera, Ana", "03/14/1957"), "page two", "page three"], "hidden")
    shown = station.take(home, TESS, document_id)
    page = shown["pages"][1]["id"]
    hide = {"kind": "hide", "pages": [page], "named": [2], "why": "duplicate"}
    hidden = _act(home, TESS, shown, "rearrange", change=hide)["documents"][0]
    wrong = _act(home, TESS, hidden, "rearrange", change={"kind": "restore", "pages": [page], "named": [3]})
    assert "Nothing was changed" in wrong["sentence"]
    right = _act(home, TESS, hidden, "rearrange", change={"kind": "restore", "pages": [page], "named": [2]})
    assert [row["number"] for row in right["documents"][0]["pages"]] == [1, 2, 3]


def test_what_came_of_a_turned_page_is_told_to_who_has_the_document(home: Home) -> None:
    add_person(home)
    (document_id,) = put(home, [note("00123456", "Rivera, Ana", "03/14/1957")], "turned")
    shown = station.take(home, TESS, document_id)
    change = {"kind": "turn", "pages": [shown["pages"][0]["id"]], "named": [1], "degrees": 90}
    turned = _act(home, TESS, shown, "rearrange", change=change)["documents"][0]
    assert (turned["pages"][0]["reading"], turned["pages"][0]["turn"]) == ("waits", 90)
    said = station.reading(home, TESS, document_id, turned["version"])
    assert said == {"waits": True, "document": None}
    with home.writing() as session:
        (asked,) = rereading.waiting(session)
        rereading.give_up(session, asked)
    said = station.reading(home, TESS, document_id, turned["version"])
    assert (said["waits"], said["document"]["pages"][0]["reading"]) == (False, "as_before")
    with pytest.raises(NotAllowed):
        station.reading(home, UMA, document_id, 1)


def test_an_undone_split_names_the_document_that_is_gone(home: Home) -> None:
    add_person(home)
    (document_id,) = put(home, [note("00123456", "Rivera, Ana", "03/14/1957"), "page two"], "ghost")
    shown = station.take(home, TESS, document_id)
    change = {"kind": "split", "pages": [shown["pages"][1]["id"]], "named": [2]}
    split = _act(home, TESS, shown, "rearrange", change=change)
    assert split["gone"] == []
    new = next(row["id"] for row in split["documents"] if row["id"] != document_id)
    kept = next(row for row in split["documents"] if row["id"] == document_id)
    undone = _act(home, TESS, kept, "undo")
    assert undone["gone"] == [new]
    assert [row["id"] for row in undone["documents"]] == [document_id]
    assert new not in [row["id"] for row in station.take_queue(home, TESS)["documents"]]
    assert new not in [row.id for row in worklist.look(home, TESS).rows]


@pytest.mark.parametrize(
    ("values", "field", "says"),
    [
        ({}, "", ""),
        ({"facility": "General Hospital"}, "", ""),
        ({"service_date": "01/02/1950"}, "service_date", "before the patient's date of birth"),
        ({"encounter": "V99999999"}, "encounter", "is none of this patient's"),
        ({"admit_date": "03/05/2024", "discharge_date": "03/01/2024"}, "discharge_date", "before the admission"),
        ({"mrn": "00999999"}, "mrn", "The MRN in the fields differ"),
    ],
)
def test_what_approving_would_refuse_is_told_before_by_the_same_rules(
    home: Home, values: dict[str, str], field: str, says: str
) -> None:
    ana = add_person(home, birth_date=date(1957, 3, 14))
    (document_id,) = put(home, [note("00123456", "Rivera, Ana", "03/14/1957")], "foreseen")
    shown = station.take(home, TESS, document_id)
    assert shown["objections"] == []
    found = acting.find_objections(home, TESS, ObjectionsRequest(document_id, values, ana))
    assert [row["field"] for row in found] == ([field] if says else [])
    approved = _act(home, TESS, shown, "approve", values=values)
    assert approved["ok"] == (not found)
    if found:
        assert says in found[0]["sentence"]
        assert (approved["sentence"], approved["field"]) == (found[0]["sentence"], field)


def test_another_patient_needs_a_number_typed_again_and_nobody_elses_desk_is_told(home: Home) -> None:
    add_person(home, birth_date=date(1957, 3, 14))
    chen = add_person(home, "00777777", "Chen", "Wei", birth_date=date(1980, 1, 2))
    (document_id,) = put(home, ["PROGRESS NOTE\nPatient Name: Chen, Wei\nseen today"], "chosen")
    station.take(home, TESS, document_id)
    (found,) = acting.find_objections(home, TESS, ObjectionsRequest(document_id, {}, chen))
    assert "Type the patient's MRN or date of birth" in found["sentence"]
    assert acting.find_objections(home, TESS, ObjectionsRequest(document_id, {}, chen, retyped="00777777")) == []
    assert acting.find_objections(home, TESS, ObjectionsRequest(document_id, {}, None)) == []
    with pytest.raises(NotAllowed):
        acting.find_objections(home, UMA, ObjectionsRequest(document_id, {}, chen))
