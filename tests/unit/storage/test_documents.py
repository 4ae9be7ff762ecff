"""Documents: claims, corrections, approval, filing, search, chart."""

import io

import pytest
from pypdf import PdfReader
from sqlmodel import select

from ingest.filing import file_verified
from storage.custody import pages
from storage.documents import fields, filing, identity, indexing, leases, moves, search, viewing
from storage.documents.fields import Correction
from storage.foundation.clock import utc_now
from storage.foundation.errors import NeedsInsisting, NotAllowed, StaleSave, StateRefused
from storage.foundation.home import Home
from storage.foundation.states import BatchState, DocumentState
from storage.foundation.tables.audit import AuditEvent
from storage.foundation.tables.custody import Batch, Reading
from storage.foundation.tables.documents import Document, FieldRow
from tests.given.records import OLGA, SAM, TESS, UMA, add_person, read_and_index, receive

TEXTS = ["PROGRESS NOTE\nfirst page", "second page\nwith the word kestrelon"]


def _document(home: Home, person: bool = True) -> int:
    person_id = add_person(home) if person else None
    return read_and_index(home, receive(home, b"scan"), TEXTS, person_id)[0]


def _held(home: Home, person: bool = True) -> int:
    document_id = _document(home, person)
    with home.writing() as session:
        leases.claim(session, document_id, TESS)
    return document_id


def _approve(home: Home, document_id: int) -> None:
    with home.writing() as session:
        leases.claim(session, document_id, TESS)
        moves.move(session, document_id, "approve", TESS)
    file_verified(home)


def test_two_technicians_never_get_the_same_document(home: Home) -> None:
    for i in range(3):
        read_and_index(home, receive(home, b"scan %d" % i), ["one"])
    taken = []
    for person in (TESS, UMA):
        with home.writing() as session:
            claimed = next(iter(leases.claim_queue(session, person, 1)), None)
            assert claimed is not None
            taken.append(claimed.id)
    assert len(set(taken)) == 2


def test_a_claimed_document_names_its_holder_to_others(home: Home) -> None:
    document_id = _document(home)
    with home.writing() as session:
        leases.claim(session, document_id, TESS)
    with pytest.raises(StateRefused, match="tess"), home.writing() as session:
        leases.claim(session, document_id, UMA)


def test_a_lease_that_ran_out_frees_the_document(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    document_id = _document(home)
    monkeypatch.setattr(leases, "LEASE_MINUTES", -1)
    with home.writing() as session:
        leases.claim(session, document_id, TESS)
    with home.writing() as session:
        assert leases.claim(session, document_id, UMA).claimed_by == "uma"


def test_a_stale_save_is_refused_and_overwrites_nothing(home: Home) -> None:
    document_id = _held(home)
    with home.writing() as session:
        fields.save_corrections(session, document_id, [Correction("mrn", "00123457")], TESS, version=1)
    with pytest.raises(StaleSave), home.writing() as session:
        fields.save_corrections(session, document_id, [Correction("mrn", "999")], SAM, version=1)
    with home.reading() as session:
        values = {row.name: row.value for row in fields.current_fields(session, document_id)}
    assert values["mrn"] == "00123457"


def test_a_correction_keeps_the_old_value_and_says_who(home: Home) -> None:
    document_id = _held(home)
    with home.writing() as session:
        fields.save_corrections(session, document_id, [Correction("mrn", "00123457")], TESS, version=1)
    with home.reading() as session:
        rows = session.exec(select(FieldRow).where(FieldRow.name == "mrn")).all()
        logged = session.exec(select(AuditEvent).where(AuditEvent.action == "correct")).one()
    assert [(row.value, row.source, row.is_current) for row in rows] == [
        ("00123456", "label", False),
        ("00123457", "person:tess", True),
    ]
    assert "00123457" not in logged.detail  # the log holds keyed hashes, not chart text


def test_nothing_is_filed_to_nobody(home: Home) -> None:
    document_id = _held(home, person=False)
    with pytest.raises(StateRefused, match="patient"), home.writing() as session:
        moves.move(session, document_id, "approve", TESS)


def test_a_technician_changes_only_what_they_hold(home: Home) -> None:
    document_id = _held(home)
    for change in (
        lambda session: moves.move(session, document_id, "approve", UMA),
        lambda session: fields.save_corrections(session, document_id, [Correction("mrn", "1")], UMA, version=1),
        lambda session: identity.choose_patient(session, document_id, 1, UMA, version=1),
    ):
        with pytest.raises(StateRefused, match="hold"), home.writing() as session:
            change(session)


def test_what_a_browser_could_make_up_is_refused(home: Home) -> None:
    document_id = _held(home)
    with pytest.raises(StateRefused, match="patient list"), home.writing() as session:
        identity.choose_patient(session, document_id, 999, TESS, version=1)
    with pytest.raises(StateRefused, match="type"), home.writing() as session:
        fields.save_corrections(session, document_id, [], TESS, version=1, type_code="NONSENSE")


def test_the_encounter_printed_on_the_document_is_filed_with_it(home: Home) -> None:
    document_id = _held(home)
    with home.writing() as session:
        fields.save_corrections(session, document_id, [Correction("encounter", "v-00123456")], TESS, version=1)
    _approve(home, document_id)
    with home.writing() as session:
        person = session.get_one(Document, document_id).person_id or 0
        assert [line.encounter for line in filing.chart_of(session, person, TESS)] == ["V00123456"]


def test_an_operator_may_not_verify(home: Home) -> None:
    document_id = _document(home)
    with pytest.raises(NotAllowed), home.writing() as session:
        moves.move(session, document_id, "approve", OLGA)


def test_an_approved_document_is_filed_found_by_a_word_of_its_last_page_and_in_the_chart(home: Home) -> None:
    document_id = _document(home)
    _approve(home, document_id)
    with home.writing() as session:
        document = session.get_one(Document, document_id)
        hits = search.find_pages(session, "kestrelon", TESS)
        chart = filing.chart_of(session, document.person_id or 0, TESS)
        pdf = PdfReader(io.BytesIO(filing.filed_pdf(session, home.vault, document_id, TESS)))
        batch = session.get_one(Batch, document.batch_id)
    assert document.state == DocumentState.FILED
    assert [(hit.document_id, hit.page, hit.mrn) for hit in hits] == [(document_id, 2, "00123456")]
    assert [line.document_id for line in chart] == [document_id]
    assert "kestrelon" in pdf.pages[1].extract_text()
    assert batch.state == BatchState.CLOSED


def test_search_syntax_in_a_query_is_only_words(home: Home) -> None:
    _approve(home, _document(home))
    with home.writing() as session:
        assert search.find_pages(session, 'kestrelon" OR 1=1 --', TESS) == []
        assert len(search.find_pages(session, "kestr", TESS)) == 1
        assert search.find_pages(session, '"', TESS) == []


def test_protected_pages_are_seen_by_the_holder_and_by_supervisors_and_every_view_is_logged(home: Home) -> None:
    document_id = _document(home)
    with home.writing() as session:
        document = leases.claim(session, document_id, TESS)
        document.labels = [{"code": "HIV", "reason": "HIV status", "page": 1}]
    with home.writing() as session:
        assert viewing.page_view(session, home.vault, document_id, 1, TESS)
        assert viewing.page_view(session, home.vault, document_id, 2, SAM)
        assert viewing.page_view(session, home.vault, document_id, 3, SAM) is None
    for person in (UMA, OLGA):
        with pytest.raises(NotAllowed), home.writing() as session:
            viewing.page_view(session, home.vault, document_id, 1, person)
    with home.reading() as session:
        views = session.exec(select(AuditEvent).where(AuditEvent.action == "view_page")).all()
    assert [view.actor for view in views] == ["tess", "sam"]
    with home.writing() as session:
        session.get_one(Document, document_id).lease_until = utc_now()
    with pytest.raises(NotAllowed, match="Work on it at the desk"), home.writing() as session:
        viewing.page_view(session, home.vault, document_id, 1, TESS)  # an ended claim opens nothing


def test_a_waiting_document_is_read_by_whoever_verifies_also_while_somebody_works_on_it(home: Home) -> None:
    document_id = _document(home)
    with home.writing() as session:
        leases.claim(session, document_id, TESS)
        assert viewing.page_view(session, home.vault, document_id, 1, UMA)
        with pytest.raises(NotAllowed):
            viewing.page_view(session, home.vault, document_id, 1, OLGA)


def test_a_batch_people_worked_on_is_not_indexed_again(home: Home) -> None:
    from classify.guess import FileGuess

    document_id = _document(home)
    _approve(home, document_id)
    with pytest.raises(StateRefused, match="worked"), home.writing() as session:
        batch = session.get_one(Batch, session.get_one(Document, document_id).batch_id)
        indexing.enter_guess(session, batch, FileGuess(()))


def test_one_damaged_page_does_not_keep_others_from_being_filed(home: Home) -> None:
    person_id = add_person(home)
    first = read_and_index(home, receive(home, b"one"), ["one"], person_id)[0]
    second = read_and_index(home, receive(home, b"two"), ["two", "three"], person_id)[0]
    with home.writing() as session:
        for document_id in (first, second):
            leases.claim(session, document_id, TESS)
            moves.move(session, document_id, "approve", TESS)
        page = pages.pages_of_document(session, first)[0]
        blob_id = session.get_one(Reading, page.reading_id).pdf_blob_id
    home.vault.path(str(blob_id)).unlink()
    file_verified(home)
    with home.reading() as session:
        assert session.get_one(Document, second).state == DocumentState.FILED
        given_back = session.get_one(Document, first)
        assert (given_back.state, "missing" in str(given_back.why_waiting)) == (DocumentState.TO_VERIFY, True)


def test_a_protected_document_is_opened_by_a_supervisor_only_and_is_not_shown_in_part_either(home: Home) -> None:
    person = add_person(home)
    (document,) = read_and_index(home, receive(home, b"protected"), ["PROGRESS NOTE wyvernal"], person)
    with home.writing() as session:
        leases.claim_queue(session, TESS, 1)
        row = session.get_one(Document, document)
        row.labels = [{"code": "UNCLEAR", "reason": "a weak sign", "page": 1}]
        session.add(row)
        viewing.page_view(session, home.vault, document, 1, TESS)  # who verifies it sees it
        moves.move(session, document, "approve", TESS, override_mismatch=True, reason="a test")
        filing.file_document(session, home.vault, document)
    with home.writing() as session:
        assert search.find_pages(session, "wyvernal", UMA) == []
        assert [line.type_name for line in filing.chart_of(session, person, UMA)] == ["Protected document"]
        assert [hit.document_id for hit in search.find_pages(session, "wyvernal", SAM)] == [document]
        assert filing.filed_pdf(session, home.vault, document, SAM).startswith(b"%PDF")
    for look in (filing.filed_pdf, lambda s, v, d, a: viewing.page_view(s, v, d, 1, a)):
        with home.writing() as session, pytest.raises(NotAllowed, match="protected"):
            look(session, home.vault, document, UMA)


def test_a_document_that_says_nothing_of_its_patient_is_filed_only_when_somebody_insists(home: Home) -> None:
    document_id = _held(home)
    with home.writing() as session:
        empty = [Correction(row.name, "") for row in fields.current_fields(session, document_id)]
        fields.save_corrections(
            session, document_id, empty, TESS, version=session.get_one(Document, document_id).version
        )
    with pytest.raises(NeedsInsisting, match="Nothing in the fields says whose"), home.reading() as session:
        identity.check_says_the_same(session, session.get_one(Document, document_id), override_mismatch=False)
    with home.reading() as session:
        identity.check_says_the_same(session, session.get_one(Document, document_id), override_mismatch=True)
