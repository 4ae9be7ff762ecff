"""What counts as right: only what somebody looked at, on the rows by which a document may file itself."""

from datetime import date

import pytest

from classify.guess import Decision, DocumentGuess, FieldValue, FileGuess, PatientCandidate, PatientMatch, TypeGuess
from storage.custody import batches, pages
from storage.documents import fields, identity, indexing, leases, moves
from storage.documents.fields import Correction
from storage.foundation.clock import utc_now
from storage.foundation.home import Home
from storage.foundation.states import ItemKind
from storage.foundation.tables.custody import Batch
from storage.foundation.tables.documents import Document
from storage.foundation.tables.quality import QualityItem
from storage.foundation.tables.roster import Person
from storage.learning import accuracy
from storage.learning.accuracy import Accuracy
from storage.roster.rows import as_record
from tests.given.paper import typed
from tests.given.records import SAM, TESS, add_person, receive

_ALL = ("name", "mrn", "dob", "type")
_READ = {"name": "Rivera, Ana", "mrn": "00123456", "dob": "1957-03-14"}


@pytest.fixture
def person(home: Home) -> int:
    return add_person(home, birth_date=date(1957, 3, 14))


def _index(home: Home, person_id: int, claim: str = "one", **read: str) -> int:
    """A document that would file itself, with these values read surely."""
    values = tuple(FieldValue(n, v, v, 0.99, 1, None, "label") for n, v in {**_READ, **read}.items())
    batch_id = receive(home, claim.encode())
    with home.writing() as session:
        record = as_record(session.get_one(Person, person_id))
        match = PatientMatch(Decision.LINKED, (PatientCandidate(record, 0.999, ()),))
        guess = DocumentGuess((1,), TypeGuess("PROGRESS_NOTE", 0.99, is_sure=True), values, match)
        batch = session.get_one(Batch, batch_id)
        pages.expect_pages(session, batch, [1])
        page = typed("PROGRESS NOTE")
        pages.note_reading(session, batch_id, page, pages.keep_reading(session, home.vault, claim, page, None, None))
        batches.advance(session, batch_id, "read")
        (made,) = indexing.enter_guess(session, batch, FileGuess((guess,)))
        batches.advance(session, batch_id, "index")
    return made


def _approve(home: Home, document_id: int, *seen: str, kind: str = "", **changes: str) -> None:
    """Verified by a technician whose cursor stood in these fields."""
    with home.writing() as session:
        version = leases.claim(session, document_id, TESS).version
        typed_ones = [Correction(name, value) for name, value in changes.items()]
        version = fields.save_corrections(session, document_id, typed_ones, TESS, version=version, type_code=kind)
        fields.note_seen(session, document_id, seen, TESS)
        moves.move(session, document_id, "approve", TESS, version=version, override_mismatch=True, reason="a test")


def _look_again(home: Home, document_id: int, kind: ItemKind, *errors: str, **keyed: str) -> None:
    """A second look at it by somebody else, decided now; what is wrong is written on the filed document."""
    with home.writing() as session:
        document = session.get_one(Document, document_id)
        document.filed_at = utc_now()
        session.add(
            QualityItem(
                document_id=document_id,
                kind=kind,
                verified_by="tess",
                type_code=document.type_code,
                keyed=dict(keyed),
                errors=list(errors),
                decided_by=SAM.name,
                decided_at=utc_now(),
                passed=not errors,
            )
        )


def _measure(home: Home) -> Accuracy:
    with home.reading() as session:
        return accuracy.measure(session)


def _release(home: Home) -> tuple[int, int, int, int]:
    (record,) = _measure(home).releases
    return record.verified, record.would_file, record.wrong, record.unseen


def test_a_document_approved_with_one_key_says_nothing_of_the_machine(home: Home, person: int) -> None:
    _approve(home, _index(home, person))
    found = _measure(home)
    for count in (found.kinds["PROGRESS_NOTE"], found.fields["mrn"], found.patients, found.curve[9]):
        assert (count.seen, count.right) == (0, 0)
        assert count.unseen > 0
    assert _release(home) == (1, 0, 0, 1)


def test_what_the_cursor_stopped_at_counts_and_nothing_beside_it(home: Home, person: int) -> None:
    _approve(home, _index(home, person), "mrn")
    found = _measure(home)
    assert (found.fields["mrn"].seen, found.fields["mrn"].right) == (1, 1)
    assert (found.fields["name"].seen, found.fields["name"].unseen) == (0, 1)
    assert (found.patients.seen, found.kinds["PROGRESS_NOTE"].seen) == (0, 0)
    assert _release(home) == (1, 0, 0, 1)


def test_the_patient_was_looked_at_where_two_identifiers_were(home: Home, person: int) -> None:
    _approve(home, _index(home, person), "mrn", "dob")
    assert (_measure(home).patients.seen, _measure(home).patients.right) == (1, 1)


def test_a_patient_whom_a_person_chose_was_looked_at(home: Home, person: int) -> None:
    made = _index(home, person)
    with home.writing() as session:
        version = leases.claim(session, made, TESS).version
        identity.choose_patient(session, made, person, TESS, version=version)
    _approve(home, made)
    assert (_measure(home).patients.seen, _measure(home).patients.right) == (1, 1)


def test_only_where_all_was_looked_at_self_filing_was_right(home: Home, person: int) -> None:
    _approve(home, _index(home, person), *_ALL)
    assert _release(home) == (1, 1, 0, 0)


@pytest.mark.parametrize(
    ("change", "counts"),
    [
        pytest.param({"mrn": "00123450"}, (1, 1, 1, 0), id="another number"),
        pytest.param({"kind": "CONSULT"}, (1, 1, 1, 0), id="another kind"),
        pytest.param({"service_date": "2024-01-01"}, (1, 0, 0, 1), id="a date that it did not need"),
    ],
)
def test_what_a_person_changed_was_looked_at_and_wrong(
    home: Home, person: int, change: dict[str, str], counts: tuple[int, ...]
) -> None:
    _approve(home, _index(home, person), **change)
    assert _release(home) == counts


def test_a_second_look_at_the_whole_document_saw_everything(home: Home, person: int) -> None:
    made = _index(home, person)
    _approve(home, made)
    _look_again(home, made, ItemKind.SAMPLE, mrn="00123456")
    found = _measure(home)
    assert (found.fields["name"].seen, found.kinds["PROGRESS_NOTE"].right, found.patients.right) == (1, 1, 1)
    assert _release(home) == (1, 1, 0, 0)


def test_blind_second_keying_saw_what_was_keyed(home: Home, person: int) -> None:
    made = _index(home, person)
    _approve(home, made)
    _look_again(home, made, ItemKind.DOUBLE_KEY, mrn="00123456", dob="1957-03-14", name="")
    found = _measure(home)
    assert (found.fields["mrn"].seen, found.fields["name"].seen, found.kinds["PROGRESS_NOTE"].seen) == (1, 0, 0)
    assert (found.patients.seen, _release(home)) == (1, (1, 0, 0, 1))


@pytest.mark.parametrize("error", ["wrong_patient", "wrong_type", "wrong_value", "missing_page"])
def test_what_a_second_look_found_wrong_in_a_filed_document_is_not_right(home: Home, person: int, error: str) -> None:
    made = _index(home, person)
    _approve(home, made)
    _look_again(home, made, ItemKind.SAMPLE, error)
    found = _measure(home)
    assert found.patients.right == (error != "wrong_patient")
    assert found.kinds["PROGRESS_NOTE"].right == (error != "wrong_type")
    assert _release(home) == (1, 1, 1, 0)


def test_minor_faults_of_the_paper_are_not_the_machines(home: Home, person: int) -> None:
    made = _index(home, person)
    _approve(home, made)
    _look_again(home, made, ItemKind.SAMPLE, "skewed")
    assert _release(home) == (1, 1, 0, 0)


def test_a_second_look_that_was_let_go_saw_nothing(home: Home, person: int) -> None:
    made = _index(home, person)
    _approve(home, made)
    _look_again(home, made, ItemKind.RELEASED)
    with home.writing() as session:
        session.get_one(QualityItem, 1).passed = None
    assert _release(home) == (1, 0, 0, 1)


def test_a_value_keeps_who_looked_at_it_first(home: Home, person: int) -> None:
    made = _index(home, person)
    with home.writing() as session:
        fields.note_seen(session, made, ["mrn", "type", "no such field"], TESS)
        fields.note_seen(session, made, ["mrn", "name"], SAM)
        rows = {row.name: row.seen_by for row in fields.current_fields(session, made)}
        assert rows == {"mrn": "tess", "name": "sam", "dob": None}
        assert session.get_one(Document, made).type_seen_by == "tess"


@pytest.mark.parametrize(
    ("read", "would"),
    [({}, True), ({"name": "Rivero, Ana"}, True), ({"name": "Kowalczyk, Robert"}, False), ({"mrn": "00999111"}, False)],
)
def test_what_the_guards_would_refuse_is_in_no_class_that_files_itself(
    home: Home, person: int, read: dict[str, str], would: bool
) -> None:
    with home.reading() as session:
        assert session.get_one(Document, _index(home, person, **read)).would_file_itself is would


def test_the_report_prints_what_was_looked_at_and_what_not(home: Home, person: int) -> None:
    _approve(home, _index(home, person), "mrn")
    rows = {(row["what"], row["name"]): row for row in accuracy.report_rows(_measure(home))}
    assert (rows["field", "mrn"]["seen"], rows["field", "mrn"]["unseen"]) == (1, 0)
    assert (rows["field", "name"]["seen"], rows["field", "name"]["accuracy"]) == (0, None)
    assert rows["release", "PROGRESS_NOTE"]["unseen"] == 1
