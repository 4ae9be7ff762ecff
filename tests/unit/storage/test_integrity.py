"""`verify` notices what was done behind the product's back."""

from collections.abc import Callable

import pytest

from ingest import filing
from storage.custody import integrity
from storage.documents import leases, moves
from storage.foundation.home import Home
from tests.given.records import TESS, add_person, read_and_index, receive


def _filled(home: Home) -> int:
    document_id = read_and_index(home, receive(home, b"scan"), ["one", "two"], add_person(home))[0]
    add_person(home, "00777777", "Chen", "Wei")
    with home.writing() as session:
        leases.claim(session, document_id, TESS)
        moves.move(session, document_id, "approve", TESS)
    filing.file_verified(home)
    return document_id


def _problems(home: Home) -> tuple[str, ...]:
    with home.reading() as session:
        return integrity.verify(session, home.vault).problems


def test_an_untouched_home_has_no_problem(home: Home) -> None:
    _filled(home)
    assert _problems(home) == ()


def _sql(*statements: str) -> Callable[[Home], None]:
    def tamper(home: Home) -> None:
        with home.engine.begin() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)

    return tamper


_UNLOCK = ("DROP TRIGGER audit_no_update", "DROP TRIGGER audit_no_delete")


@pytest.mark.parametrize(
    "tamper",
    [
        _sql("UPDATE document SET person_id = 2"),  # filed to somebody else
        _sql("UPDATE document SET state = 'misfiled'"),
        _sql("UPDATE batch SET state = 'voided'"),
        _sql("DROP TRIGGER source_no_update", "UPDATE source SET sha256 = 'x'"),
        _sql("DROP TRIGGER page_no_delete", "DELETE FROM page WHERE number = 2"),
        _sql("UPDATE document SET filed_blob_id = (SELECT id FROM blob WHERE kind = 'view' LIMIT 1)"),
        _sql(*_UNLOCK, "UPDATE audit_event SET actor = 'somebody' WHERE seq = 2"),
        _sql(*_UNLOCK, "DELETE FROM audit_event WHERE seq = 2"),
        _sql(*_UNLOCK, "DELETE FROM audit_event WHERE seq = (SELECT max(seq) FROM audit_event)"),
        _sql(*_UNLOCK, "DELETE FROM audit_event"),
    ],
    ids=["patient", "document", "batch", "receipt", "page", "filed copy", "log edit", "log gap", "log tail", "log emptied"],
)  # fmt: skip
def test_tampering_is_noticed(home: Home, tamper: Callable[[Home], None]) -> None:
    _filled(home)
    tamper(home)
    assert _problems(home)


def test_a_damaged_and_a_missing_blob_are_noticed(home: Home) -> None:
    _filled(home)
    first, second, *_ = home.vault.ids_on_disk()
    home.vault.path(first).chmod(0o600)
    home.vault.path(first).write_bytes(b"other")
    home.vault.path(second).unlink()
    found = " ".join(_problems(home))
    assert "was changed" in found
    assert "is missing" in found
