"""The list changed: documents that wait for their patient are matched again, and nothing that a person decided moves."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlmodel import col, select, update

from classify.demographics import Query
from classify.guess import Decision, DocumentGuess, PatientCandidate, PatientMatch, TypeGuess
from ingest.rematching import match_due
from review_app.model import station, worklist
from storage.custody import integrity, pages
from storage.desk import approving, drafts
from storage.documents import fields, identity, leases, misfiling, moves, rematching, takenout
from storage.documents.fields import Correction
from storage.foundation.clock import utc_now
from storage.foundation.errors import NeedsRetype, StaleSave
from storage.foundation.home import Home
from storage.foundation.tables.audit import AuditEvent
from storage.foundation.tables.documents import Document, Rematch
from storage.foundation.tables.roster import OpenMatch, OpenMatchKey, Person
from storage.roster import changes, keying, openmatches
from storage.roster.loading import load
from storage.roster.messages import Merge, Number, PersonUpdate, Registration, RosterMessage, Unmerge, VisitUpdate
from storage.roster.rows import as_record
from tests.given.desk import note, put
from tests.given.records import SAM, TESS, UMA, verify_and_file

ANA = PersonUpdate(
    numbers=(Number("00123456"),), family="Rivera", given="Ana", birth_date=date(1957, 3, 14), sex="F",
    address="12 Elm Street", phone="3305550101",
)  # fmt: skip
EVA = PersonUpdate(numbers=(Number("00123999"),), family="Rivera", given="Eva", birth_date=date(1957, 3, 14), sex="F")
OF_ANA = note("00123456", "Rivera, Ana", "03/14/1957", "Sex: F", "seen today, no complaints")


def _tell(home: Home, *said: RosterMessage) -> None:
    loaded = load(home, ((f"{i}", one) for i, one in enumerate(said)), "test")
    assert loaded.problems == []


def _put(home: Home, text: str = OF_ANA) -> int:
    (document_id,) = put(home, [text], f"scan {text}")
    return document_id


def _row(home: Home, document_id: int) -> Document:
    with home.reading() as session:
        return session.get_one(Document, document_id)


def _mrn(home: Home, document_id: int) -> str | None:
    with home.reading() as session:
        person_id = session.get_one(Document, document_id).person_id
        return session.get_one(Person, person_id).mrn if person_id else None


def _offered(home: Home, document_id: int) -> list[str]:
    with home.reading() as session:
        return [person.mrn for _, person in fields.candidates_of(session, document_id)]


def _due(home: Home) -> list[int]:
    with home.reading() as session:
        return list(session.exec(select(OpenMatch.document_id).where(col(OpenMatch.is_due).is_(True))))


def _told(home: Home, document_id: int) -> list[str]:
    with home.reading() as session:
        lines = select(AuditEvent.detail).where(
            AuditEvent.subject == f"document:{document_id}", AuditEvent.action == "rematch"
        )
        return list(session.exec(lines))


def test_a_document_of_somebody_unknown_fits_once_they_are_registered(home: Home) -> None:
    document_id = _put(home)
    before = _row(home, document_id)
    assert (before.decision, before.rematch) == (Decision.NONE, None)
    _tell(home, Registration(ANA, VisitUpdate("V1")))
    assert _row(home, document_id).decision == Decision.NONE  # the load itself matches nothing
    assert match_due(home).otherwise == 1
    after = _row(home, document_id)
    assert (after.decision, after.rematch, after.state) == (Decision.LINKED, Rematch.FITS, before.state)
    assert _mrn(home, document_id) == "00123456"
    assert after.machine_person_id == after.person_id
    assert after.version == before.version + 1
    assert not after.would_file_itself
    assert len(_told(home, document_id)) == 1
    assert (_due(home), match_due(home).documents) == ([], 0)
    with home.reading() as session:
        assert integrity.verify(session, home.vault).problems == ()


def test_it_is_told_at_the_desk_with_the_number_and_on_the_work_list_without(home: Home) -> None:
    document_id = _put(home)
    _tell(home, Registration(ANA))
    match_due(home)
    assert "the patient list changed: it now fits MRN 00123456" in station.take(home, TESS, document_id)["flags"]
    (row,) = worklist.look(home, TESS, worklist.WorklistFilter(rematched=True)).rows
    assert row.why == "now fits a patient"
    with home.writing() as session:
        version = session.get_one(Document, document_id).version
        identity.choose_patient(session, document_id, 1, TESS, version=version)
    assert station.take(home, TESS, document_id)["flags"] == []
    assert worklist.look(home, TESS, worklist.WorklistFilter(rematched=True)).rows == ()


STICKER = "PROGRESS NOTE\nRIVERA, ANA\n03/14/1957 67Y\n00123456\nCHEN, WEI MD 00999888\nseen today, no complaints"


def test_what_pages_mention_without_labels_is_looked_up_when_the_list_changes(home: Home) -> None:
    document_id = _put(home, STICKER)
    assert _row(home, document_id).decision == Decision.NONE
    _tell(home, Registration(EVA))  # another birthday's sister shares surname and day
    match_due(home)
    assert _row(home, document_id).person_id is None
    _tell(home, Registration(replace(ANA, family="Okafor", birth_date=date(1960, 1, 2), numbers=(Number("00777777"),))))
    assert _due(home) == [], "nobody whom these pages mention"
    _tell(home, Registration(replace(ANA, address="", phone="")))
    assert _due(home) == [document_id]
    match_due(home)
    with home.reading() as session:
        mentioned = openmatches.mentions_of(session, document_id)
        listed = {
            row.name: row.value for row in fields.current_fields(session, document_id) if row.source == "patient list"
        }
    assert _row(home, document_id).decision == Decision.ASK  # Eva is a near-twin: a person decides
    assert "00123456" in _offered(home, document_id)
    assert {m.text for part in mentioned for m in part.found} >= {"RIVERA, ANA", "00123456", "03/14/1957"}
    assert listed["mrn"] == "00123456"


def test_a_patient_label_links_once_its_patient_is_registered(home: Home) -> None:
    document_id = _put(home, STICKER)
    _tell(home, Registration(ANA))
    match_due(home)
    assert (_row(home, document_id).decision, _mrn(home, document_id)) == (Decision.LINKED, "00123456")
    with home.reading() as session:
        assert openmatches.mentions_of(session, document_id) == ()  # forgotten once it is decided


CORRECTED = replace(EVA, birth_date=date(1957, 4, 14), may_correct=True)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param([Registration(CORRECTED)], id="her twin was born on another day"),
        pytest.param([Registration(replace(EVA, numbers=(Number("1"),)))], id="a third one, which changes nothing"),
    ],
)
def test_near_twins_are_asked_about_until_the_list_tells_them_apart(home: Home, change: list[RosterMessage]) -> None:
    _tell(home, Registration(ANA), Registration(EVA))
    document_id = _put(home, OF_ANA.replace("Sex: F", "Sex: F\nPhone: (330) 555-0101"))
    assert _row(home, document_id).decision == Decision.ASK
    _tell(home, *change)
    assert match_due(home).documents == 1
    is_apart = change == [Registration(CORRECTED)]
    assert (_row(home, document_id).decision == Decision.LINKED) is is_apart


def test_a_merge_and_its_end_are_matched_again(home: Home) -> None:
    old = PersonUpdate(numbers=(Number("00777777"),), family="Rivera", given="Ana", birth_date=date(1957, 3, 14))
    _tell(home, Registration(ANA), Registration(old))
    document_id = _put(home)
    assert _row(home, document_id).decision == Decision.ASK
    _tell(home, Merge(ANA, (Number("00777777"),), "A40 1"))
    match_due(home)
    assert (_row(home, document_id).decision, _mrn(home, document_id)) == (Decision.LINKED, "00123456")


def test_candidates_follow_a_merge_that_decides_nothing(home: Home) -> None:
    old = PersonUpdate(numbers=(Number("00777777"),), family="Rivera", given="Ana", birth_date=date(1957, 3, 14))
    _tell(home, Registration(ANA), Registration(old))
    document_id = _put(home, "PROGRESS NOTE\nPatient Name: Rivera, Ana\nDOB: 03/14/1957")
    assert sorted(_offered(home, document_id)) == ["00123456", "00777777"]
    _tell(home, Merge(ANA, (Number("00777777"),), "A40 1"))
    match_due(home)
    assert (_row(home, document_id).rematch, _offered(home, document_id)) == (Rematch.MAY_FIT, ["00123456"])
    _tell(home, Unmerge(Number("00123456"), Number("00777777"), "A37 1"))
    match_due(home)
    assert sorted(_offered(home, document_id)) == ["00123456", "00777777"]


def test_who_shares_no_key_with_a_document_makes_nothing_due(home: Home) -> None:
    document_id = _put(home)
    _tell(home, Registration(replace(EVA, family="Okafor", given="Grace", birth_date=date(1980, 5, 5))))
    assert (_due(home), match_due(home).documents, _row(home, document_id).rematch) == ([], 0, None)


def test_where_the_list_says_the_same_as_before_nothing_is_told(home: Home) -> None:
    _tell(home, Registration(ANA), Registration(EVA))
    document_id = _put(home, OF_ANA.replace("MRN: 00123456\n", ""))
    before = _row(home, document_id)
    _tell(home, Registration(replace(ANA, phone="3305550199")))
    assert (match_due(home).documents, match_due(home).documents) == (1, 0)
    after = _row(home, document_id)
    assert (after.version, after.rematch, _told(home, document_id)) == (before.version, None, [])


def test_a_document_on_a_desk_waits_until_it_is_given_back(home: Home) -> None:
    document_id = _put(home)
    shown = station.take(home, TESS, document_id)
    _tell(home, Registration(ANA))
    assert match_due(home).documents == 0
    assert _row(home, document_id).version == shown["version"]
    with home.writing() as session:
        leases.end_leases(session, [document_id], TESS)
    assert match_due(home).otherwise == 1


def test_somebody_whose_lease_ran_out_overwrites_nothing(home: Home) -> None:
    document_id = _put(home)
    shown = station.take(home, TESS, document_id)
    with home.writing() as session:
        session.get_one(Document, document_id).lease_until = utc_now() - timedelta(minutes=1)
    _tell(home, Registration(ANA))
    assert match_due(home).otherwise == 1
    station.take(home, TESS, document_id)
    with pytest.raises(StaleSave), home.writing() as session:
        fields.save_corrections(session, document_id, [], TESS, version=shown["version"])


@pytest.mark.parametrize(("person", "is_matched"), [(None, True), (7, False)])
def test_a_draft_that_names_a_patient_is_somebodys_decision(
    home: Home, person: int | None, *, is_matched: bool
) -> None:
    document_id = _put(home)
    with home.writing() as session:
        drafts.save_draft(session, document_id, {"values": {"mrn": "1"}, "type": "", "person": person}, TESS)
        leases.end_leases(session, [document_id], TESS)
    _tell(home, Registration(ANA))
    assert bool(match_due(home).documents) is is_matched


def test_what_a_person_chose_stays_whatever_the_list_says(home: Home) -> None:
    other = replace(EVA, numbers=(Number("00123450"),), family="Riviera")
    _tell(home, Registration(other))
    document_id = _put(home)
    with home.writing() as session:
        document = leases.claim(session, document_id, TESS)
        identity.choose_patient(session, document_id, 1, TESS, version=document.version, retyped="00123450")
        moves.move(session, document_id, "pend", TESS, reason="asks the ward")
    _tell(home, Registration(ANA))
    match_due(home)
    assert (_row(home, document_id).decision, _mrn(home, document_id)) == (Decision.CONFIRMED, "00123450")
    with home.reading() as session:
        assert session.get(OpenMatch, document_id) is None


def test_a_pended_document_is_found_by_what_a_person_typed(home: Home) -> None:
    document_id = _put(home, note("0O1Z3", "Rlvora, Axa", "03/14/1957", "Sex: F"))
    with home.writing() as session:
        document = leases.claim(session, document_id, TESS)
        typed = [Correction("mrn", "00123456"), Correction("name", "Rivera, Ana")]
        fields.save_corrections(session, document_id, typed, TESS, version=document.version)
        moves.move(session, document_id, "pend", TESS, reason="not on the list yet")
    _tell(home, Registration(ANA))
    match_due(home)
    after = _row(home, document_id)
    assert (after.decision, after.state, after.why_waiting) == (Decision.LINKED, "pended", "not on the list yet")
    (row,) = worklist.look(home, TESS).rows
    assert row.why == "now fits a patient; not on the list yet"


def test_a_document_of_which_anything_is_doubtful_still_goes_to_a_person(home: Home) -> None:
    document_id = _put(home)
    with home.writing() as session:
        session.get_one(Document, document_id).flags = ["page_counts_differ"]
    _tell(home, Registration(ANA))
    match_due(home)
    after = _row(home, document_id)
    assert (after.decision, after.person_id, after.rematch) == (Decision.ASK, None, Rematch.MAY_FIT)
    assert after.decision_reasons == ["two programs count its pages differently"]


def test_the_number_on_a_separator_sheet_still_speaks_against(home: Home) -> None:
    document_id = _put(home, OF_ANA.replace("MRN: 00123456", "Phone: (330) 555-0101"))
    with home.writing() as session:
        document = session.get_one(Document, document_id)
        asked = replace(openmatches.query_of(session, document_id) or Query(), mrn="00999111")
        guess = DocumentGuess((1,), TypeGuess("OTHER", 0.5), (), PatientMatch(Decision.NONE), query=asked)
        openmatches.keep(session, document, guess)
    _tell(home, Registration(ANA))
    match_due(home)
    assert _row(home, document_id).decision == Decision.ASK


def test_whoever_leaves_review_is_matched_no_more(home: Home) -> None:
    _tell(home, Registration(ANA), Registration(EVA))
    document_id = _put(home)
    with home.writing() as session:
        document = leases.claim(session, document_id, UMA)
        version = identity.choose_patient(session, document_id, 1, UMA, version=document.version)
        approving.approve(session, document_id, UMA, version=version)
        assert session.exec(select(OpenMatch)).all() == []
        assert session.exec(select(OpenMatchKey)).all() == []


def test_a_linked_document_asks_nothing_more(home: Home) -> None:
    _tell(home, Registration(ANA))
    document_id = _put(home)
    assert _row(home, document_id).decision == Decision.LINKED
    with home.reading() as session:
        assert session.exec(select(OpenMatch)).all() == []


def test_keys_that_are_made_in_another_way_make_everything_due(home: Home) -> None:
    document_id = _put(home)
    with home.writing() as session:
        keying.make_anew(session)
    assert _due(home) == [document_id]


def test_every_change_of_the_list_gives_it_another_version(home: Home) -> None:
    versions = []
    for said in (ANA, EVA, replace(ANA, phone="3305550199")):
        _tell(home, Registration(said))
        with home.reading() as session:
            versions.append(changes.list_version(session))
    assert len(set(versions)) == 3


def test_documents_go_a_few_at_a_time_the_most_urgent_first(home: Home) -> None:
    ids = [_put(home, f"{OF_ANA} {number}") for number in range(3)]
    with home.writing() as session:
        session.get_one(Document, ids[2]).priority = 1
    _tell(home, Registration(ANA))
    done = match_due(home, most=1)
    assert (done.documents, done.left) == (1, True)
    assert [_row(home, i).decision for i in ids] == [Decision.NONE, Decision.NONE, Decision.LINKED]


def test_over_a_document_that_fails_the_others_go_on(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    bad, good = _put(home, f"{OF_ANA} one"), _put(home, f"{OF_ANA} two")
    real = rematching.find_patients

    def find(file: rematching.SortedFile, roster: object) -> object:
        if tries.pop():
            raise ZeroDivisionError
        return real(file, roster)  # type: ignore[arg-type]

    tries = [False, True]
    monkeypatch.setattr(rematching, "find_patients", find)
    _tell(home, Registration(ANA))
    assert match_due(home).otherwise == 1
    assert [_row(home, i).decision for i in (bad, good)] == [Decision.NONE, Decision.LINKED]
    assert _due(home) == []  # it is not tried for ever


def _taken_out(home: Home, text: str = OF_ANA) -> int:
    """A document that the machine linked to Ana, and that two people took out of her chart."""
    document_id = _put(home, text)
    verify_and_file(home, document_id)
    with home.writing() as session:
        number = misfiling.propose(session, document_id, [], None, "another patient's", "wrong_link", TESS)
        return misfiling.confirm(session, number, SAM, "seen on paper").id


def test_what_was_taken_out_of_a_wrong_chart_is_matched_again_when_its_patient_comes_onto_the_list(home: Home) -> None:
    _tell(home, Registration(EVA))
    document_id = _put(home)
    with home.writing() as session:
        document = leases.claim(session, document_id, TESS)
        identity.choose_patient(session, document_id, 1, TESS, version=document.version, retyped="00123999")
    verify_and_file(home, document_id)
    with home.writing() as session:
        number = misfiling.propose(session, document_id, [], None, "another patient's", "wrong_choice", TESS)
        misfiling.confirm(session, number, SAM, "seen on paper")
    assert (_row(home, document_id).decision, _due(home)) == (Decision.NONE, [])
    _tell(home, Registration(ANA))
    assert _due(home) == [document_id]
    match_due(home)
    after = _row(home, document_id)
    assert (after.decision, after.rematch) == (Decision.ASK, Rematch.MAY_FIT)
    assert _offered(home, document_id)[0] == "00123456"
    with home.reading() as session:
        assert integrity.verify(session, home.vault).problems == ()


def test_a_chart_that_pages_were_taken_out_of_is_not_linked_again_and_takes_a_retype(home: Home) -> None:
    _tell(home, Registration(ANA), Registration(replace(EVA, birth_date=date(1960, 1, 2))))
    document_id = _taken_out(home)
    before = station.take(home, TESS, document_id)
    ana = before["candidates"][-1]
    assert ana["mrn"] == "00123456"
    assert ana["evidence"][0]["why"] == "it was taken out of this chart"
    with home.writing() as session:
        leases.end_all(session, TESS)
        session.exec(update(OpenMatch).values(is_due=True))
    match_due(home)
    after = _row(home, document_id)
    assert (after.decision, after.person_id) == (Decision.ASK, None)
    with home.reading() as session:  # also where its pages are understood anew, without the doubt
        linked = PatientMatch(Decision.LINKED, (PatientCandidate(as_record(session.get_one(Person, 1)), 0.99, ()),))
        again = takenout.not_linked_again(session, document_id, linked)
        assert (again.decision, again.reasons) == (Decision.ASK, ("it was taken out of this chart",))
    with home.writing() as session:
        document = leases.claim(session, document_id, TESS)
        with pytest.raises(NeedsRetype, match="taken out of this chart"):
            identity.choose_patient(session, document_id, 1, TESS, version=document.version)
        identity.choose_patient(session, document_id, 1, TESS, version=document.version, retyped="00123456")


def test_whom_pages_were_taken_out_from_is_offered_last(home: Home) -> None:
    _tell(home, Registration(ANA), Registration(EVA))
    document_id = _put(home)
    first, *others = _offered(home, document_id)
    assert others
    with home.writing() as session:
        document = leases.claim(session, document_id, TESS)
        wrong = session.exec(select(Person.id).where(Person.mrn == first)).one()
        identity.choose_patient(session, document_id, wrong, TESS, version=document.version, retyped=first)
    verify_and_file(home, document_id)
    with home.writing() as session:
        number = misfiling.propose(session, document_id, [], None, "another patient's", "wrong_choice", TESS)
        misfiling.confirm(session, number, SAM, "seen on paper")
    assert _offered(home, document_id) == [*others, first]


def test_what_was_taken_out_is_found_by_what_its_pages_mention_without_a_label(home: Home) -> None:
    _tell(home, Registration(EVA))
    document_id = _put(home, STICKER)
    with home.writing() as session:
        document = leases.claim(session, document_id, TESS)
        identity.choose_patient(session, document_id, 1, TESS, version=document.version, retyped="00123999")
    verify_and_file(home, document_id)
    with home.reading() as session:
        assert openmatches.mentions_of(session, document_id) == ()  # a person said whose it is
    with home.writing() as session:
        number = misfiling.propose(session, document_id, [], None, "another patient's", "wrong_choice", TESS)
        misfiling.confirm(session, number, SAM, "seen on paper")
        mentioned = openmatches.mentions_of(session, document_id)
    assert {m.text for part in mentioned for m in part.found} >= {"RIVERA, ANA", "00123456", "03/14/1957"}
    assert _row(home, document_id).decision == Decision.NONE
    _tell(home, Registration(ANA))
    assert _due(home) == [document_id]
    match_due(home)
    after = _row(home, document_id)
    assert (after.decision, after.rematch, after.person_id) == (Decision.ASK, Rematch.MAY_FIT, None)
    assert _offered(home, document_id)[0] == "00123456"
    with home.reading() as session:
        assert integrity.verify(session, home.vault).problems == ()


def test_pages_that_left_a_document_ask_by_what_they_mention_themselves(home: Home) -> None:
    _tell(home, Registration(EVA))
    made = put(home, [note("00123999", "Rivera, Eva", "03/14/1957", "Page 1 of 2"), f"{STICKER}\nPage 2 of 2"], "both")
    with home.writing() as session:
        document = leases.claim(session, made[0], TESS)
        identity.choose_patient(session, made[0], 1, TESS, version=document.version, retyped="00123999")
    verify_and_file(home, made[0])
    with home.reading() as session:
        wrong = [page.number for page in pages.pages_of_document(session, made[0])][-1:]
    with home.writing() as session:
        number = misfiling.propose(session, made[0], wrong, None, "another patient's", "mixed_batch", TESS)
        moved = misfiling.confirm(session, number, SAM, "seen on paper").id
        mentioned = openmatches.mentions_of(session, moved)
    assert {part.page for part in mentioned} == set(wrong)
    _tell(home, Registration(ANA))
    match_due(home)
    assert _offered(home, moved)[0] == "00123456"
