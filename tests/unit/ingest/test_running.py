"""Work begins when there is some, and trouble at its beginning is tried again without leaving anything behind."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from sqlalchemy.exc import OperationalError

from ingest import pipeline, running
from ingest.progress import Progress
from ingest.settings import Settings
from storage.custody import batches
from storage.foundation.home import Home
from storage.foundation.tables.documents import Document
from tests.given.desk import note, put
from tests.given.records import add_person, receive


class _Pipeline:
    """Works nothing, and says how often it was asked."""

    def __init__(self) -> None:
        self.worked = 0

    def work(self) -> bool:
        self.worked += 1
        return True


def test_a_database_that_is_locked_at_the_first_work_leaves_no_pool_behind(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    receive(home, b"a scan")
    pools, troubles, made = [0], [OperationalError("BEGIN", {}, Exception("database is locked"))], _Pipeline()
    real = batches.close_finished

    @contextmanager
    def counted(workers: int, megabytes: int) -> Iterator[None]:
        pools[0] += 1
        yield

    def close(session: object) -> int:
        if troubles:
            raise troubles.pop()
        return real(session)  # type: ignore[arg-type]

    monkeypatch.setattr(running, "work_pool", counted)
    monkeypatch.setattr(batches, "close_finished", close)
    monkeypatch.setattr(pipeline, "make_pipeline", lambda *_: made)
    with running._lazy_work(home, Settings(), Progress(), threading.Event()) as work:
        with pytest.raises(OperationalError):
            work()
        assert work()
        assert work()
    assert (pools, made.worked) == ([1], 2)


def test_the_watch_matches_documents_again_and_starts_no_worker_for_it(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    (document_id,) = put(home, [note("00123456", "Rivera, Ana", "03/14/1957")], "scan")
    add_person(home, birth_date=date(1957, 3, 14))
    monkeypatch.setattr(running, "work_pool", None)
    with running._lazy_work(home, Settings(), Progress(), threading.Event()) as work:
        assert work()
        assert not work()
    with home.reading() as session:
        assert session.get_one(Document, document_id).decision == "linked"
