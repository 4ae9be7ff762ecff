"""Indexing goes on whatever one batch, one model or one sheet of paper does, and files by itself only what may be."""

import errno
import random
import re
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, select

from classify.guess import DocumentGuess
from classify.index import SortedFile
from classify.separators import make_payload
from ingest import indexing as indexing_step
from ingest import pipeline as steps
from ingest import reading as reading_step
from ingest.filing import file_verified
from ingest.indexing import index_batches
from ingest.pipeline import STEPS, Pipeline
from ingest.problems import CannotGoOn
from ingest.progress import Progress
from ingest.settings import Settings
from ingest.site import Site
from ingest.worker import open_source, read_one
from ocr.errors import EngineMissing
from ocr.load import Opened
from ocr.page import Barcode, Box, OcrPage, PageOutcome, Second, Word
from ocr.read import PageOrder, PageRead
from ocr.signature import Kind
from storage.custody import batches, integrity, pages
from storage.documents import filing, indexing, leases, moves
from storage.foundation.errors import StateRefused
from storage.foundation.home import Home
from storage.foundation.permissions import MACHINE
from storage.foundation.states import BatchState
from storage.foundation.tables.audit import AuditEvent
from storage.foundation.tables.custody import Batch, Reading
from storage.foundation.tables.documents import Document
from storage.learning import models
from tests.given.paper import typed
from tests.given.pools import InlinePool
from tests.given.records import SAM, TESS, add_person, read_and_index, receive, source_of

NOTE = "PROGRESS NOTE\nPatient Name: {name}\nMRN: 00777777\nDOB: 05/05/1960\nSUBJECTIVE\nOBJECTIVE\nASSESSMENT AND PLAN"


def _pipeline(home: Home, **site: object) -> Pipeline:
    return Pipeline(home, Settings(), InlinePool(), Site(**site), Progress(), threading.Event())  # type: ignore[arg-type]


def _read(home: Home, name: str, text: str) -> int:
    """A batch of one page that was read and waits to be indexed."""
    batch_id = receive(home, name.encode())
    with home.writing() as session:
        batch = session.get_one(Batch, batch_id)
        pages.expect_pages(session, batch, [1])
        key = pages.keep_reading(session, home.vault, f"{batch_id}-1", typed(text), None, None)
        pages.note_reading(session, batch_id, typed(text), key)
        batches.advance(session, batch_id, "read")
    return batch_id


class _Ordered(InlinePool):
    """Notes how each page was ordered, and reads nothing."""

    def __init__(self) -> None:
        self.orders: list[PageOrder] = []

    def submit(self, task: Callable[..., object], *args: object, seconds: float) -> "Future[object]":
        future: Future[object] = Future()
        if task is read_one:
            self.orders.append(args[4])  # type: ignore[arg-type]
            future.set_result(PageRead(typed("PROGRESS NOTE")))
        else:
            future.set_result(Opened(Kind.PNG, 1))
        return future


@pytest.mark.parametrize("second", list(Second))
def test_pages_are_ordered_and_kept_as_the_site_uses_the_second_recogniser(home: Home, second: Second) -> None:
    receive(home, b"scan")
    pool = _Ordered()
    pipeline = Pipeline(home, Settings(second_recogniser=second), pool, Site(), Progress(), threading.Event())  # type: ignore[arg-type]
    reading_step.read_batches(pipeline, pipeline.waiting(BatchState.RECEIVED))
    assert [order.second for order in pool.orders] == [second]
    with home.reading() as session:
        assert session.exec(select(Reading.id)).one().endswith(f"-{second}")


def _index(pipeline: Pipeline) -> list[str]:
    with pipeline.home.reading() as session:
        waiting = batches.waiting(session, BatchState.READ, 10)
    index_batches(pipeline, waiting)
    with pipeline.home.reading() as session:
        return [session.get_one(Batch, batch.id).state for batch in waiting]


def test_a_bug_that_one_file_meets_does_not_stop_the_others(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    _read(home, "good", "PROGRESS NOTE\nquiet night")
    _read(home, "bad", "PROGRESS NOTE\nfatal word")
    _read(home, "last", "PROGRESS NOTE\nquiet day")
    real = indexing_step.sort_pages

    def fragile(readings: tuple[tuple[int, bytes], ...], *more: object) -> SortedFile:
        if "fatal" in OcrPage.from_bytes(readings[0][1]).text:
            raise ZeroDivisionError
        return real(readings, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(indexing_step, "sort_pages", fragile)
    assert _index(_pipeline(home)) == ["indexed", "quarantined", "indexed"]
    with home.reading() as session:
        assert "nothing is lost" in (session.get_one(Batch, 2).reason or "")


def test_a_model_that_cannot_be_opened_leaves_the_rules_to_speak(home: Home) -> None:
    sealed = home.vault.seal_bytes("model", b"PK no model")
    nothing = models.Judged(0, 0)
    with home.writing() as session:
        models.keep(session, home.vault, sealed, MACHINE, examples=0, new=nothing, before=nothing)
    _read(home, "a", "DISCHARGE SUMMARY\nHOSPITAL COURSE\nDISCHARGE MEDICATIONS")
    assert _index(_pipeline(home)) == ["indexed"]
    with home.reading() as session:
        assert session.get_one(Document, 1).type_code == "DISCHARGE_SUMMARY"


@pytest.mark.parametrize(
    ("name", "asked", "state"),
    [
        ("LEE, MARGARET", ["PROGRESS_NOTE"], "verified"),
        ("LEE, MARGARET", [], "to_verify"),
        ("LEE, PEGGY", ["PROGRESS_NOTE"], "verified"),  # MRN and birthday agree
    ],
    ids=["earned", "not asked for", "a short form of the name"],
)
def test_only_what_has_earned_it_and_says_the_same_files_itself(
    home: Home, monkeypatch: pytest.MonkeyPatch, name: str, asked: list[str], state: str
) -> None:
    add_person(home, "00777777", "Lee", "Margaret", birth_date=date(1960, 5, 5))
    monkeypatch.setattr(indexing_step.accuracy, "earned_classes", lambda session, classes, risk: frozenset(classes))
    _read(home, "a", NOTE.format(name=name))
    assert _index(_pipeline(home, self_filing=asked)) == ["indexed"]
    with home.reading() as session:
        document = session.get_one(Document, 1)
        assert document.decision == "linked"
        assert document.state == state


def test_one_in_twenty_goes_to_a_person_all_the_same(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    add_person(home, "00777777", "Lee", "Margaret", birth_date=date(1960, 5, 5))
    monkeypatch.setattr(indexing_step.accuracy, "earned_classes", lambda session, classes, risk: frozenset(classes))
    monkeypatch.setattr(indexing_step, "_CONTROL", 2)
    for number in range(4):
        _read(home, f"note {number}", NOTE.format(name="LEE, MARGARET"))
    _index(_pipeline(home, self_filing=["PROGRESS_NOTE"]))
    with home.reading() as session:
        states = [session.get_one(Document, number).state for number in range(1, 5)]
    assert states == ["verified", "to_verify", "verified", "to_verify"]


def _refuse(*arguments: object, **named: object) -> None:
    raise StateRefused("The name in the fields differs.")


@pytest.mark.parametrize(
    ("place", "name", "instead", "reason"),
    [
        (leases, "is_held", lambda row: True, ""),  # a technician has it open already
        (moves, "check_says_the_same", _refuse, "The name in the fields differs."),
    ],
    ids=["at a desk", "refused by hand too"],
)
def test_what_a_person_holds_or_could_not_file_does_not_file_itself(
    home: Home, monkeypatch: pytest.MonkeyPatch, place: object, name: str, instead: Callable[..., object], reason: str
) -> None:
    add_person(home, "00777777", "Lee", "Margaret", birth_date=date(1960, 5, 5))
    monkeypatch.setattr(indexing_step.accuracy, "earned_classes", lambda session, classes, risk: frozenset(classes))
    monkeypatch.setattr(moves, "can_file_itself", lambda session, document: True)  # the list changed since
    monkeypatch.setattr(place, name, instead)
    _read(home, "a", NOTE.format(name="LEE, MARGARET"))
    assert _index(_pipeline(home, self_filing=["PROGRESS_NOTE"])) == ["indexed"]
    with home.reading() as session:
        document = session.get_one(Document, 1)
        assert document.state == "to_verify"
        assert (reason in document.decision_reasons) is bool(reason)
        actions = [event.action for event in session.exec(select(AuditEvent)) if event.subject == "document:1"]
        assert "self_file" not in actions


# ---- hostile paper


def _step(pipeline: Pipeline, batch_id: int, found: list[OcrPage]) -> str:
    """A received batch whose file opens and gives these pages, worked to the end of its indexing; gives its state."""
    pool = ReadingPool(found)
    pipeline.pool = pool  # type: ignore[assignment]
    for state, step in STEPS:
        with pipeline.home.reading() as session:
            waiting = [batch for batch in batches.waiting(session, state, 10) if batch.id == batch_id]
        step(pipeline, waiting)
    with pipeline.home.reading() as session:
        return session.get_one(Batch, batch_id).state


class ReadingPool(InlinePool):
    """Opens every file and reads these pages of it."""

    def __init__(self, found: list[OcrPage]) -> None:
        self._found = found

    def submit(self, task: Callable[..., object], *args: object, seconds: float) -> "Future[object]":
        if task is open_source:
            return super().submit(lambda: Opened(Kind.TIFF, len(self._found)), seconds=seconds)
        if task is read_one:
            return super().submit(lambda: PageRead(self._found[int(str(args[2])) - 1], None, None), seconds=seconds)
        return super().submit(task, *args, seconds=seconds)


SHEET = Box(0, 0, 100, 100)


@pytest.mark.parametrize(
    "payload",
    [
        make_payload("R", "9" * 20),  # larger than a row number of SQLite
        make_payload("R", "9" * 18),
        make_payload("R", "²"),  # a digit, and no number
        make_payload("R", "-1"),
        make_payload("R", ""),
        make_payload("B", "batch 1", "9" * 5000),  # longer than Python turns into a number
        make_payload("P", "M" * 9000, "V" * 9000),
        make_payload("D", "\x00"),
        "S1|" + "\ud800",
        "MRN:\u202e00123\x00",
        "x" * 10_000,
    ],
)  # fmt: skip
def test_no_code_on_paper_ends_the_work(home: Home, payload: str) -> None:
    code = OcrPage(1, PageOutcome.OK, 2550, 3300, 300, barcodes=(Barcode("QRCode", payload, SHEET),))
    batch_id = receive(home, b"a sheet")
    assert _step(_pipeline(home), batch_id, [code, typed("PROGRESS NOTE\nquiet night", 2)]) == "indexed"


def test_a_thousand_drawn_pages_all_reach_an_end(home: Home) -> None:
    """Words, codes and remarks of any characters in any place: no error, and every page has its place."""
    rng = random.Random(5)
    known = [
        "MRN:",
        "Name:",
        "DOB:",
        "S1|R|",
        "S1|P|",
        "Page",
        "1 of 2",
        "Electronically signed by",
        "03/14/1957",
        "M" * 300,
    ]
    for number in range(20):
        found = []
        for page in range(1, 51):
            texts = [_drawn_text(rng) if rng.random() < 0.5 else rng.choice(known) for _ in range(rng.randint(0, 12))]
            boxes = [
                Box(
                    rng.randint(-50, 3000), y := rng.randint(-50, 4000), rng.randint(-50, 3000), y + rng.randint(-9, 90)
                )
                for _ in texts
            ]
            words = tuple(
                Word(text, box, rng.random(), rng.randint(0, 9)) for text, box in zip(texts, boxes, strict=True)
            )
            payload = rng.choice(
                (_drawn_text(rng), make_payload(rng.choice("PDBERX"), _drawn_text(rng), str(rng.randint(0, 10**25))))
            )
            codes = (Barcode(_drawn_text(rng), payload, boxes[0] if boxes else SHEET),) if rng.random() < 0.4 else ()
            outcome = rng.choice((PageOutcome.OK, PageOutcome.OK, PageOutcome.BLANK, PageOutcome.UNREADABLE))
            found.append(
                OcrPage(
                    page,
                    outcome,
                    2550,
                    3300,
                    300,
                    words=words,
                    barcodes=codes,
                    reason=_drawn_text(rng),
                    engine=_drawn_text(rng),
                )
            )
        batch_id = receive(home, f"file {number}".encode())
        assert _step(_pipeline(home), batch_id, found) == "indexed"
        with home.reading() as session:
            assert pages.ledger(session, batch_id).balances
    with home.reading() as session:
        assert integrity.verify(session, home.vault).problems == ()


def _drawn_text(rng: random.Random) -> str:
    ends = (0x20, 0x80, 0x700, 0x2070, 0xE000, 0x10FFFF)
    return "".join(chr(rng.randrange(rng.choice(ends))) for _ in range(rng.choice((0, 1, 6, 40))))


def test_a_page_of_which_something_was_left_out_goes_to_a_person(home: Home) -> None:
    add_person(home, "00777777", "Lee", "Margaret", birth_date=date(1960, 5, 5))
    page = typed(NOTE.format(name="LEE, MARGARET"))
    long = replace(page, words=(*page.words, *[Word("x" * 200, Box(0, 3200, 900, 3240), 0.9, 99)] * 2000))
    batch_id = receive(home, b"a note and a wall of letters")
    assert _step(_pipeline(home), batch_id, [long]) == "indexed"
    with home.reading() as session:
        document = session.get_one(Document, 1)
        assert document.decision == "ask"
        assert "look at its image" in " ".join(document.decision_reasons)


# ---- one batch alone


@pytest.mark.parametrize("where", ["_start", "_opened", "_page_read", "_enter"])
def test_an_error_over_one_batch_puts_it_aside_with_a_number_and_the_others_go_on(
    home: Home, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, where: str
) -> None:
    ids = [receive(home, content) for content in (b"good", b"bad", b"last")]
    step = indexing_step if where == "_enter" else reading_step
    real = getattr(step, where)

    def fragile(pipeline: Pipeline, job: object, *more: object) -> object:
        found = job if isinstance(job, int) else getattr(job, "batch_id", None) or getattr(job, "id", None)
        if found == ids[1]:
            raise OverflowError("Python int too large to convert to SQLite INTEGER")
        return real(pipeline, job, *more)

    monkeypatch.setattr(step, where, fragile)
    pipeline = _pipeline(home)
    pipeline.pool = ReadingPool([typed("PROGRESS NOTE\nquiet night"), typed("more", 2)])  # type: ignore[assignment]
    monkeypatch.setattr(steps, "file_verified", lambda *_, **__: False)
    with caplog.at_level("ERROR", "chartroom"):
        pipeline.work()
    with home.reading() as session:
        rows = [session.get_one(Batch, batch_id) for batch_id in ids]
    assert [row.state for row in rows] == ["indexed", "quarantined", "indexed"]
    assert rows[1].reason is not None
    (number,) = re.findall(r"error ([0-9a-f]{8})", rows[1].reason)
    assert number in caplog.text


@pytest.mark.parametrize(
    "error",
    [OSError(errno.EIO, "input/output error"), EngineMissing("no engine"), CannotGoOn("full"),
     OperationalError("BEGIN", {}, Exception("database is locked"))],
    ids=["disk", "engine", "installation", "database"],
)  # fmt: skip
def test_what_concerns_every_batch_puts_none_aside(
    home: Home, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    _read(home, "a", "PROGRESS NOTE\nquiet night")

    def broken(*_: object) -> None:
        raise error

    monkeypatch.setattr(indexing_step, "_enter", broken)
    with pytest.raises(type(error)):
        _index(_pipeline(home))
    with home.reading() as session:
        assert session.get_one(Batch, 1).state == "read"


def test_a_document_that_cannot_be_filed_goes_back_to_a_person_and_the_next_is_filed(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = add_person(home)
    made = [read_and_index(home, receive(home, content), ["PROGRESS NOTE"], person)[0] for content in (b"one", b"two")]
    for document_id in made:
        with home.writing() as session:
            leases.claim(session, document_id, TESS)
            moves.move(session, document_id, "approve", TESS)
    real = filing.pdfpages.join_pages

    def fragile(parts: object, title: str, subject: str) -> bytes:
        if subject.endswith(f"document {made[0]}"):
            raise ZeroDivisionError
        return real(parts, title=title, subject=subject)  # type: ignore[arg-type]

    monkeypatch.setattr(filing.pdfpages, "join_pages", fragile)
    assert file_verified(home, trouble=steps.give_back)
    with home.reading() as session:
        assert [session.get_one(Document, document_id).state for document_id in made] == ["to_verify", "filed"]
        assert "error" in (session.get_one(Document, made[0]).why_waiting or "")


# ---- portions


def _many(home: Home, count: int) -> int:
    """A batch of so many documents of one page, read."""
    batch_id = receive(home, b"many")
    with home.writing() as session:
        pages.expect_pages(session, session.get_one(Batch, batch_id), [count])
        for number in range(1, count + 1):
            page = typed(f"PROGRESS NOTE\nMRN: 00{number:06d}\nPage 1 of 1\nquiet night", number)
            pages.note_reading(
                session, batch_id, page, pages.keep_reading(session, home.vault, f"m-{number}", page, None, None)
            )
        batches.advance(session, batch_id, "read")
    return batch_id


def test_documents_are_entered_in_portions_that_no_person_sees_before_the_last(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch_id = _many(home, 2 * indexing.PORTION + 3)
    sizes: list[int] = []
    real = indexing.enter_some

    def counted(session: Session, batch: int, some: Sequence[DocumentGuess], model: int | None = None) -> list[int]:
        with home.reading() as other:  # what others see while this portion is entered
            seen = other.exec(select(Document)).all()
            assert all(leases.is_held(document) for document in seen)
        sizes.append(len(some))
        return real(session, batch, some, model)

    monkeypatch.setattr(indexing, "enter_some", counted)
    assert _index(_pipeline(home)) == ["indexed"]
    assert sizes == [indexing.PORTION, indexing.PORTION, 3]
    with home.writing() as session:
        assert pages.ledger(session, batch_id).balances
        assert len(leases.claim_queue(session, TESS, 1000)) == 2 * indexing.PORTION + 3


def test_a_kill_between_portions_is_repaired_by_doing_the_step_again(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    _many(home, 2 * indexing.PORTION + 3)
    with monkeypatch.context() as patch:
        patch.setattr(indexing, "place_others", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            _index(_pipeline(home))
    with home.writing() as session:
        first = session.exec(select(Document)).first()
        assert first is not None
        assert leases.claim_queue(session, TESS, 5) == []
        for actor in (TESS, SAM):
            with pytest.raises(StateRefused, match="being entered"):
                leases.claim(session, first.id, actor)
            with pytest.raises(StateRefused, match="being entered"):
                moves.move(session, first.id, "approve", actor)
    assert _index(_pipeline(home)) == ["indexed"]
    with home.reading() as session:
        assert len(session.exec(select(Document)).all()) == 2 * indexing.PORTION + 3
        assert integrity.verify(session, home.vault).problems == ()


def test_what_a_put_aside_batch_had_entered_is_forgotten(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    batch_id = _many(home, indexing.PORTION + 1)
    monkeypatch.setattr(indexing, "place_others", lambda *_: 1 / 0)
    assert _index(_pipeline(home)) == ["quarantined"]
    with home.reading() as session:
        assert session.exec(select(Document)).all() == []
        assert pages.ledger(session, batch_id).refused == indexing.PORTION + 1


class DroppingPool(ReadingPool):
    """Reads a long file; when its third page is asked for, somebody drops a letter."""

    def __init__(self, home: Home, pages_of_long: int) -> None:
        super().__init__([typed("PROGRESS NOTE\nlong", number) for number in range(1, pages_of_long + 1)])
        self._home = home
        self.order: list[tuple[int, bytes]] = []  # what was read: page, file

    def submit(self, task: Callable[..., object], *args: object, seconds: float) -> "Future[object]":
        if task is open_source and args[0].path != self._long:  # type: ignore[attr-defined]
            return InlinePool.submit(self, lambda: Opened(Kind.TIFF, 1), seconds=seconds)
        if task is read_one:
            self.order.append((int(str(args[2])), args[0].path))  # type: ignore[attr-defined]
            if len(self.order) == 3:
                receive(self._home, b"a letter", name=b"letter.tif")
        return super().submit(task, *args, seconds=seconds)

    @property
    def _long(self) -> object:
        with self._home.reading() as session:
            source = source_of(session, 1)
            return self._home.vault.path(source.blob_id)


def test_what_is_dropped_beside_a_long_file_is_read_and_indexed_before_its_end(home: Home) -> None:
    receive(home, b"a long file", name=b"long.tif")
    pipeline = _pipeline(home)
    pool = DroppingPool(home, 40)
    pipeline.pool = pool  # type: ignore[assignment]
    seen: list[str] = []
    enter = indexing.enter_some

    def entered(session: object, batch_id: int, *more: object) -> list[int]:
        seen.append(f"batch {batch_id} after {len(pool.order)} pages")
        return enter(session, batch_id, *more)  # type: ignore[arg-type]

    indexing.enter_some = entered  # type: ignore[assignment]
    try:
        assert pipeline.work()
    finally:
        indexing.enter_some = enter
    letter = next(at for at, (_, file) in enumerate(pool.order) if file != pool._long)
    assert letter < 12, "pages take turns"
    assert seen[0].startswith("batch 2 after ") and int(seen[0].split()[3]) < 20, "it is on a desk long before"
    with home.reading() as session:
        assert [batch.state for batch in session.exec(select(Batch))] == [BatchState.INDEXED, BatchState.INDEXED]
