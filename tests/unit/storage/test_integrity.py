"""`verify` notices what was done behind the product's back."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ingest import filing
from storage.custody import integrity
from storage.documents import leases, moves
from storage.foundation.errors import HomeNotReady
from storage.foundation.home import Home
from storage.opening import make_home, open_home
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
        _sql(*_UNLOCK, "UPDATE audit_event SET detail = detail || '~' WHERE seq = 2"),  # no JSON any more
        _sql(*_UNLOCK, "UPDATE audit_event SET detail = '[]' WHERE seq = 1"),
    ],
    ids=["patient", "document", "batch", "receipt", "page", "filed copy", "log edit", "log gap", "log tail", "log emptied", "log detail", "log list"],
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


def test_a_row_that_names_a_stored_file_which_is_not_entered_is_noticed(home: Home) -> None:
    _filled(home)
    connection = home.engine.raw_connection()
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys = OFF")
    cursor.execute("DELETE FROM blob WHERE kind = 'source'")
    cursor.execute("PRAGMA foreign_keys = ON")
    connection.close()
    assert "source 1: names a blob that is not in the database" in _problems(home)


@pytest.mark.parametrize("lose", [Path.unlink, lambda path: path.write_bytes(b"")], ids=["removed", "emptied"])
def test_a_home_without_its_database_is_refused_while_stored_files_are_there(
    home: Home, lose: Callable[[Path], object]
) -> None:
    _filled(home)
    home.close()
    lose(home.path / "chartroom.db")
    for open_again in (open_home, make_home):
        with pytest.raises(HomeNotReady, match="Restore the backup"):
            open_again(home.path, home.key_file)


def test_a_damaged_page_of_the_database_is_named_before_anything_else(home: Home) -> None:
    """SQLCipher reads it as zeros without an error, and quick_check passes where nothing else looks at it."""
    _filled(home)
    home.close()
    file = home.path / "chartroom.db"
    content = bytearray(file.read_bytes())
    content[-2000 - 4096] ^= 1  # not the last page: what tells of the tables lies there, and without it nothing opens
    file.write_bytes(content)
    page = len(content) // 4096 - 1
    assert _problems(home)[0] == f"the database is damaged: HMAC verification failed for page {page}"
