"""Files inside files, with a crash between any two transactions: each is taken in once, and none is lost."""

import contextlib
import hashlib
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest
from sqlmodel import Session, select

from ingest.pipeline import Pipeline
from ingest.progress import Progress
from ingest.settings import Settings
from ingest.site import Site
from ingest.worker import read_one
from ocr.read import PageRead
from storage.custody import integrity, pages, receiving
from storage.custody.batches import printable_name
from storage.foundation.home import Home
from storage.foundation.tables.custody import Batch, Source
from tests.given.paper import typed
from tests.given.pdfs import typed_pdf, with_files
from tests.given.pools import InlinePool
from tests.given.records import receive, source_of
from tests.given.template import Template

INNER = with_files(typed_pdf(("COVER",)), ("deep.pdf", typed_pdf(("DEEP",))))
LETTER = with_files(
    typed_pdf(), ("a.pdf", typed_pdf(("A",))), ("b.pdf", INNER), ("twin.pdf", typed_pdf(("A",))), ("note.txt", b"x")
)
NAMES = ["a.pdf", "b.pdf", "deep.pdf", "letter.pdf", "note.txt", "twin.pdf"]


class Crash(BaseException):
    """The program dies here."""


class QuickPool(InlinePool):
    """Opens files and takes files out of them; pages are not recognised."""

    def submit(self, task: Callable[..., object], *args: object, seconds: float) -> "Future[object]":
        if task is read_one:
            return super().submit(
                lambda: PageRead(typed("PROGRESS NOTE\nquiet", int(str(args[2]))), None, None), seconds=seconds
            )
        return super().submit(task, *args, seconds=seconds)


def _work(home: Home) -> None:
    pipeline = Pipeline(home, Settings(), QuickPool(), Site(), Progress(), threading.Event())  # type: ignore[arg-type]
    pipeline.work()


def _found(home: Home) -> tuple[list[str], dict[str, str], bool]:
    """Names of all scans, the name of each one's parent, and whether the pages add up and verify finds nothing."""
    with home.reading() as session:
        rows = session.exec(select(Source, Batch).where(Source.batch_id == Batch.id)).all()
        parents = {
            printable_name(source.name): printable_name(source_of(session, batch.parent_id).name)
            for source, batch in rows
            if batch.parent_id
        }
        is_sound = pages.ledger(session).balances and not integrity.verify(session, home.vault).problems
    return (
        sorted(printable_name(source.name) for source, _ in rows),
        parents,
        is_sound,
    )


@contextlib.contextmanager
def _dying_after(monkeypatch: pytest.MonkeyPatch, commits: int) -> Iterator[Counter[str]]:
    count: Counter[str] = Counter()
    whole = Home.writing

    @contextlib.contextmanager
    def writing(home: Home) -> Iterator[Session]:
        with whole(home) as session:
            yield session
        count["commits"] += 1
        if count["commits"] == commits:
            raise Crash

    with monkeypatch.context() as patched:
        patched.setattr(Home, "writing", writing)
        yield count


def _dropped(home: Home) -> None:
    receive(home, LETTER, claim_id="claim-1", name=b"letter.pdf")


def test_files_in_files_name_their_parent_and_twins_are_held(home: Home) -> None:
    _dropped(home)
    _work(home)
    names, parents, is_sound = _found(home)
    assert names == NAMES
    assert parents == {
        "a.pdf": "letter.pdf",
        "b.pdf": "letter.pdf",
        "deep.pdf": "b.pdf",
        "note.txt": "letter.pdf",
        "twin.pdf": "letter.pdf",
    }
    assert is_sound
    with home.reading() as session:
        states = {
            printable_name(source.name): session.get_one(Batch, source.batch_id).state
            for source in session.exec(select(Source))
        }
    assert states == {
        "letter.pdf": "indexed", "a.pdf": "indexed", "b.pdf": "indexed", "deep.pdf": "indexed", "note.txt": "quarantined",
        "twin.pdf": "duplicate",
    }  # fmt: skip


def test_a_crash_after_any_transaction_loses_no_file_and_doubles_none(
    empty_home: Template, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = 0
    for commits in range(1, 200):
        home = empty_home.copied_to(tmp_path / str(commits))
        try:
            _dropped(home)
            with _dying_after(monkeypatch, commits) as count, contextlib.suppress(Crash):
                _work(home)
            if count["commits"] < commits:
                break
            tries += 1
            _work(home)
            names, _, is_sound = _found(home)
            assert (names, is_sound) == (NAMES, True), f"after transaction {commits}"
        finally:
            home.close()
    assert tries > 15


def test_a_file_that_cannot_be_taken_out_flags_its_parent(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    from ocr import load

    def broken(data: bytes, number: int) -> object:
        raise ValueError("does not unpack")

    monkeypatch.setattr(load, "attachment_of", broken)
    _dropped(home)
    _work(home)
    names, _, is_sound = _found(home)
    assert (names, is_sound) == (["letter.pdf"], True)
    with home.reading() as session:
        assert "attachment_unreadable" in session.get_one(Batch, 1).flags


def test_the_same_claim_taken_out_again_changes_nothing(home: Home) -> None:
    _dropped(home)
    _work(home)
    with home.writing() as session:
        content = b"x"
        receipt = receiving.Receipt(
            "claim-1.3", b"note.txt", "/hot", 1, hashlib.sha256(content).hexdigest(), parent_id=1
        )
        before = len(session.exec(select(Source)).all())
        receiving.receive(session, home.vault, home.vault.seal_bytes("source", content), receipt)
        assert len(session.exec(select(Source)).all()) == before
