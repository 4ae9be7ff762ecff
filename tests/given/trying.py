"""Trying something on a data home: changes that are rolled back, and proof that nothing was changed."""

import contextlib
from collections.abc import Iterator

from sqlmodel import Session, SQLModel, col, select

from storage.foundation.home import Home
from storage.foundation.tables.audit import AuditEvent


@contextlib.contextmanager
def rolled_back(home: Home) -> Iterator[Session]:
    """A transaction in which anything may be tried; at its end the home is as it was."""
    with Session(home.engine, info={"keys": home.keys}, expire_on_commit=False) as session:
        yield session
        session.rollback()


def rows_written(session: Session) -> int:
    """How many rows were written over this connection, what waits to be written included: the same number twice means no change."""
    session.flush()
    connection = session.connection().connection.driver_connection
    assert connection is not None
    return int(connection.total_changes)


def contents(home: Home) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table as it is kept, to be compared with what it was."""
    with home.reading() as session:
        return {
            table.name: [tuple(row) for row in session.connection().execute(table.select())]
            for table in SQLModel.metadata.sorted_tables
        }


def last_event(session: Session, subject: str) -> AuditEvent:
    """The newest line of the log about this subject."""
    session.flush()
    return session.exec(
        select(AuditEvent).where(AuditEvent.subject == subject).order_by(col(AuditEvent.seq).desc()).limit(1)
    ).one()
