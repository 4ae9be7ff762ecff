"""What a database holds, table by table: rows counted and hashed, so that two copies can be compared."""

import hashlib
import json
import struct
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, Engine, select, table, text

from storage.foundation.errors import BackupDamaged


@dataclass(frozen=True, slots=True)
class Table:
    """One table: how many rows, and the SHA-256 over all of them in the order in which they lie."""

    name: str
    rows: int
    sha256: str


def read_contents(engine: Engine) -> tuple[Table, ...]:
    """All tables, by name. The database must be at rest: a snapshot, or a restored copy of one."""
    with engine.connect().execution_options(chartroom_read_only=True) as connection:
        names = connection.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"
        )
        return tuple(_table(connection, str(name)) for (name,) in list(names))


def write_contents(tables: tuple[Table, ...]) -> bytes:
    """The tables as they are kept in a backup."""
    return json.dumps([asdict(each) for each in tables]).encode("ascii")


def parse_contents(kept: bytes) -> tuple[Table, ...]:
    """The tables out of a backup; BackupDamaged."""
    try:
        return tuple(Table(**row) for row in json.loads(kept))
    except (ValueError, TypeError) as error:
        raise BackupDamaged("its list of tables was changed") from error


def differences(before: tuple[Table, ...], after: tuple[Table, ...]) -> list[str]:
    """What is not the same in two databases, a sentence each; empty when they are equal."""
    old, new = {each.name: each for each in before}, {each.name: each for each in after}
    found = [f"table {name}: is in one of them only" for name in sorted(old.keys() ^ new.keys())]
    for name in sorted(old.keys() & new.keys()):
        if old[name].rows != new[name].rows:
            found.append(f"table {name}: {new[name].rows} rows instead of {old[name].rows}")
        elif old[name] != new[name]:
            found.append(f"table {name}: a row is not the same")
    return found


def _table(connection: Connection, name: str) -> Table:
    digest, rows = hashlib.sha256(), 0
    in_their_order = select(text("*")).select_from(table(name)).suffix_with("NOT INDEXED")
    found = connection.execute(in_their_order, execution_options={"yield_per": 1000})
    for row in found:
        digest.update(b"".join(_bytes_of(row)))
        rows += 1
    return Table(name, rows, digest.hexdigest())


def _bytes_of(row: Iterable[object]) -> Iterable[bytes]:
    """The values of a row, each with its type and length, so that no two rows give the same bytes."""
    for value in row:
        if isinstance(value, bytes):
            kind, data = b"b", value
        elif isinstance(value, float):
            kind, data = b"f", struct.pack("<d", value)
        else:
            kind, data = type(value).__name__[:1].encode(), str(value).encode("utf-8", "surrogatepass")
        yield kind + len(data).to_bytes(8, "big") + data
