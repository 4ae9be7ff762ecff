"""Changes behind the product's back, one at a time: stored files, database, audit log, key.

Each must be found by `chartroom verify` or be refused when the data home is opened.
"""

import secrets
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from storage.foundation.home import Home
from storage.opening import open_home
from tests.given.commands import Chartroom

Change = Callable[[Path, Path], None]
"""Changes something, given the data home and its key file."""


@dataclass(frozen=True, slots=True)
class Tampering:
    """One change that must be noticed."""

    name: str
    change: Change


def _one_bit(content: bytes, place: int) -> bytes:
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


_EDITS: dict[str, Callable[[bytes], bytes]] = {
    "first bit": lambda content: _one_bit(content, 0),
    "a bit in the middle": lambda content: _one_bit(content, len(content) // 2),
    "last bit": lambda content: _one_bit(content, len(content) - 1),
    "cut in half": lambda content: content[: len(content) // 2],
    "one byte more": lambda content: content + b"\0",
    "emptied": lambda content: b"",
}


def _overwrite(path: Path, content: bytes) -> None:
    path.chmod(0o600)
    path.write_bytes(content)


# ---- stored files

STORED = ("source", "view", "page", "filed")
"""What stored files are of: the scan as it came, the picture of a page, its PDF, the filed document."""


def _stored(root: Path, key_file: Path, kind: str) -> list[Path]:
    home = open_home(root, key_file)
    try:
        with home.engine.connect() as connection:
            rows = connection.exec_driver_sql("SELECT id FROM blob WHERE kind = ? ORDER BY id", (kind,)).fetchall()
        return [home.vault.path(row[0]) for row in rows]
    finally:
        home.close()


def _edit_stored(kind: str, edit: Callable[[bytes], bytes]) -> Change:
    def change(root: Path, key_file: Path) -> None:
        path = _stored(root, key_file, kind)[0]
        _overwrite(path, edit(path.read_bytes()))

    return change


def _remove_stored(kind: str) -> Change:
    return lambda root, key_file: _stored(root, key_file, kind)[0].unlink()


def _exchange_stored(kind: str) -> Change:
    def change(root: Path, key_file: Path) -> None:
        first, second, *_ = _stored(root, key_file, kind)
        one, other = first.read_bytes(), second.read_bytes()
        _overwrite(first, other)
        _overwrite(second, one)

    return change


def _of_stored(kind: str) -> list[Tampering]:
    edits = [Tampering(f"stored {kind}: {name}", _edit_stored(kind, edit)) for name, edit in _EDITS.items()]
    return [
        *edits,
        Tampering(f"stored {kind}: removed", _remove_stored(kind)),
        Tampering(f"stored {kind}: exchanged with another", _exchange_stored(kind)),
    ]


# ---- database rows and audit lines, changed by somebody who has the key

_TRIGGERS = "SELECT name FROM sqlite_master WHERE type = 'trigger'"


def _sql(*statements: str) -> Change:
    def change(root: Path, key_file: Path) -> None:
        home = open_home(root, key_file)
        try:
            _execute(home, statements)
        finally:
            home.close()

    return change


def _execute(home: Home, statements: tuple[str, ...]) -> None:
    connection = home.engine.raw_connection()  # the driver's own: every statement commits at once
    try:
        cursor = connection.cursor()
        cursor.execute("PRAGMA foreign_keys = OFF")
        cursor.execute("PRAGMA ignore_check_constraints = ON")
        cursor.execute(_TRIGGERS)
        for (name,) in cursor.fetchall():
            cursor.execute(f'DROP TRIGGER "{name}"')
        for statement in statements:
            if cursor.execute(statement).rowcount == 0:
                raise ValueError(f"nothing was changed by {statement}")
    finally:
        connection.close()


_FILED = "(SELECT min(id) FROM document WHERE state = 'filed')"

ROWS = {
    "a document is given to another patient": f"UPDATE document SET person_id = (SELECT max(id) FROM person) WHERE id = {_FILED}",
    "a document belongs to nobody": f"UPDATE document SET person_id = NULL WHERE id = {_FILED}",
    "the state of a document": f"UPDATE document SET state = 'misfiled' WHERE id = {_FILED}",
    "the filed copy of a document is another": f"UPDATE document SET filed_blob_id = (SELECT max(filed_blob_id) FROM document WHERE id > {_FILED}) WHERE id = {_FILED}",
    "the filed copy of a document is forgotten": f"UPDATE document SET filed_blob_id = NULL WHERE id = {_FILED}",
    "a document is removed": f"DELETE FROM document WHERE id = {_FILED}",
    "the state of a batch": "UPDATE batch SET state = 'voided' WHERE id = 1",
    "a batch is removed": "DELETE FROM batch WHERE id = 1",
    "the page count of a batch": "UPDATE batch SET pages_found = pages_found + 1 WHERE id = 1",
    "the hash of a scan": "UPDATE source SET sha256 = 'x' WHERE batch_id = 1",
    "the bytes of a scan are another's": "UPDATE source SET blob_id = (SELECT blob_id FROM source WHERE batch_id = 2) WHERE batch_id = 1",
    "a receipt is removed": "DELETE FROM source WHERE batch_id = 1",
    "a page is removed": "DELETE FROM page WHERE batch_id = 1 AND number = 2",
    "a stored file's key is changed": "UPDATE blob SET wrapped_key = x'00' WHERE id = (SELECT blob_id FROM source WHERE batch_id = 1)",
    "a stored file is forgotten": "DELETE FROM blob WHERE id = (SELECT blob_id FROM source WHERE batch_id = 1)",
    "a filed copy is forgotten": f"DELETE FROM blob WHERE id = (SELECT filed_blob_id FROM document WHERE id = {_FILED})",
}  # fmt: skip

_LAST = "(SELECT max(seq) FROM audit_event)"

LINES = {
    **{f"{column} of a line": f"UPDATE audit_event SET {column} = {column} || '~' WHERE seq = 3"
       for column in ("at", "actor", "role", "action", "subject", "outcome", "detail", "previous", "mac")},
    "the number of a line": "UPDATE audit_event SET seq = seq + 100 WHERE seq = 3",
    "the first line is removed": "DELETE FROM audit_event WHERE seq = 1",
    "a line is removed": "DELETE FROM audit_event WHERE seq = 3",
    "the last line is removed": f"DELETE FROM audit_event WHERE seq = {_LAST}",
    "the first half is removed": f"DELETE FROM audit_event WHERE seq <= {_LAST} / 2",
    "the last half is removed": f"DELETE FROM audit_event WHERE seq > {_LAST} / 2",
    "all lines are removed": "DELETE FROM audit_event",
    "a line is added": "INSERT INTO audit_event (seq, at, actor, role, action, subject, outcome, detail, previous, mac) "
                       "SELECT seq + 1, at, actor, role, action, subject, outcome, detail, mac, previous "
                       f"FROM audit_event WHERE seq = {_LAST}",
}  # fmt: skip


def _exchange_lines(root: Path, key_file: Path) -> None:
    move = "UPDATE audit_event SET seq = {} WHERE seq = {}"
    _sql(move.format(-1, 3), move.format(3, 4), move.format(4, -1))(root, key_file)


# ---- the files of the data home and its key, changed by somebody who has not


def _edit_database(edit: Callable[[bytes], bytes]) -> Change:
    return lambda root, key_file: _overwrite(root / "chartroom.db", edit((root / "chartroom.db").read_bytes()))


def _edit_key(edit: Callable[[bytes], bytes]) -> Change:
    return lambda root, key_file: _overwrite(key_file, edit(key_file.read_bytes()))


def _other_key(root: Path, key_file: Path) -> None:
    _overwrite(key_file, secrets.token_hex(32).encode() + b"\n")


_FILES = [
    *(Tampering(f"database file: {name}", _edit_database(edit)) for name, edit in _EDITS.items()
      if name != "one byte more"),  # SQLite reads whole pages: a byte behind the last is nothing
    Tampering("database file: removed", lambda root, key_file: (root / "chartroom.db").unlink()),
    Tampering("home.json: removed", lambda root, key_file: (root / "home.json").unlink()),
    Tampering("key file: a digit changed", _edit_key(lambda key: (b"1" if key[:1] == b"0" else b"0") + key[1:])),
    Tampering("key file: no digits", _edit_key(lambda key: b"no key\n")),
    Tampering("key file: cut in half", _edit_key(lambda key: key[: len(key) // 2])),
    Tampering("key file: emptied", _edit_key(lambda key: b"")),
    Tampering("key file: removed", lambda root, key_file: key_file.unlink()),
    Tampering("key file: another key", _other_key),
]  # fmt: skip

TRIES: tuple[Tampering, ...] = (
    *(tampering for kind in STORED for tampering in _of_stored(kind)),
    *(Tampering(f"row: {name}", _sql(statement)) for name, statement in ROWS.items()),
    *(Tampering(f"audit log: {name}", _sql(statement)) for name, statement in LINES.items()),
    Tampering("audit log: two lines are exchanged", _exchange_lines),
    *_FILES,
)


def try_tampering(filled: Path, key_file: Path, work: Path, tampering: Tampering) -> str | None:
    """Tamper with a copy of a filled data home; None when `chartroom verify` notices, else what it said."""
    chartroom = Chartroom(work / "copy", work / "copied.key")
    shutil.copytree(filled, chartroom.home)
    shutil.copy(key_file, chartroom.key_file)
    try:
        tampering.change(chartroom.home, chartroom.key_file)
        told = chartroom("verify", expect=None)
    finally:
        shutil.rmtree(chartroom.home)
    is_noticed = told.returncode == 1 and "Traceback" not in told.stderr
    return None if is_noticed else f"verify ends with {told.returncode}: {told.stdout}{told.stderr}"
