"""A site's rules tried on what was verified: counted by rule, nothing changed."""

from classify.typerules import TypeRule, Where
from storage.foundation.home import Home
from storage.foundation.tables.documents import Document
from storage.learning.ruletrial import try_rules
from tests.given.records import add_person, read_and_index, receive, verify_and_file

SHEET, NOTE = TypeRule(1, "DIALYSIS", "(?i)run sheet", Where.HEAD), TypeRule(2, "PROGRESS_NOTE", "(?i)run sheet")


def _verified(home: Home, text: str, kind: str, person: int) -> int:
    (document_id,) = read_and_index(home, receive(home, text.encode()), [text], person)
    with home.writing() as session:
        document = session.get_one(Document, document_id)
        document.type_code = kind
        session.add(document)
    verify_and_file(home, document_id)
    return document_id


def test_each_rule_is_counted_on_documents_that_people_verified(home: Home) -> None:
    person = add_person(home)
    _verified(home, "RUN SHEET one", "DIALYSIS", person)
    _verified(home, "MACHINE LOG", "DIALYSIS", person)
    other = _verified(home, "RUN SHEET for teaching", "PROGRESS_NOTE", person)
    read_and_index(home, receive(home, b"waiting"), ["RUN SHEET"], person)  # nobody looked at it
    with home.reading() as session:
        alone, second = try_rules(session, (SHEET, NOTE))
    assert (alone.fits, alone.right, alone.of_kind, dict(alone.others), alone.other_ids) == (
        2, 1, 2, {"PROGRESS_NOTE": 1}, [other],
    )  # fmt: skip
    assert (second.fits, second.right, second.of_kind) == (2, 1, 1)
    assert alone.contradicted == second.contradicted == 2


def test_without_verified_documents_nothing_is_counted(home: Home) -> None:
    with home.reading() as session:
        (trial,) = try_rules(session, (SHEET,))
    assert (trial.fits, trial.of_kind, trial.contradicted) == (0, 0, 0)
