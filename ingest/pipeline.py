"""What happens to a scan, from the hot folder to the chart. Read this file first.

    dropped file ─ intake ─▶ received ─ read ─▶ read ─ index ─▶ indexed ─▶ a technician verifies
                                │                                             │ approve
                           duplicate, quarantined                  filed ◀─ file ┘

`STEPS` says what is done in each state; `work` does waiting steps until none is left. A step done
twice is harmless, so this process may be killed at any moment. It writes in portions, a page or some
documents in a transaction, so that nobody waits long for the database. Pages are read and sorted by
workers (ingest/worker.py); only this process writes. What goes wrong over one batch puts that batch
aside, and the others go on; only what concerns everything (disk, database, engine) ends a round.
"""

import contextlib
import hashlib
import logging
import secrets
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from sqlmodel import Session, col, select

from classify.autofile import may_file_itself
from classify.guess import DocumentGuess, FileGuess, PatientMatch
from classify.index import SortedFile, find_patients, index_pages
from classify.wordmodel import ModelUnusable, WordModel
from ingest import filing
from ingest.problems import concerns_everything
from ingest.progress import Progress
from ingest.settings import Settings
from ingest.site import Site, load_site
from ingest.worker import Refused, SealedFile, WorkPool, open_source, read_one, sort_pages, take_out
from ocr.bounds import within_bounds
from ocr.errors import EngineMissing
from ocr.load import Limits, Opened
from ocr.page import KEPT, OcrPage, PageOutcome
from ocr.read import PageRead, fingerprint
from storage.custody import batches, pages
from storage.desk import rescans
from storage.documents import indexing, leases, moves
from storage.foundation.errors import StateRefused
from storage.foundation.home import Home
from storage.foundation.permissions import MACHINE
from storage.foundation.states import BatchState
from storage.foundation.tables.custody import Batch, Blob, Page, Reading
from storage.foundation.tables.documents import Document
from storage.learning import accuracy, models
from storage.quality.policy import check_quality
from storage.roster.lookup import StoredRoster

log = logging.getLogger("chartroom.pipeline")

MOST_ATTEMPTS = 10
"""Times this process may die over one file before it is put aside. Workers take the risk of opening
it, so a death here is seldom the file's fault; a file that kills workers is put aside at once."""

AT_ONCE = 50
"""Batches taken from one state in a round."""

_TRIES_A_TASK = 2
"""The second try of a page asks for less: lower resolution, one recognition."""

_FLAGS_FOR_A_PERSON = frozenset(
    {
        "duplicate", "page_counts_differ", "page_count_unconfirmed", "arrived_incomplete", "end_missing",
        "attachment_unreadable", "attachments_left_out",
    }
)  # fmt: skip

_DEEPEST = 5
"""Files in files in files: a letter, its attachment and what that brings along are three."""


@dataclass(slots=True)
class Pipeline:
    """The work of one data home."""

    home: Home
    settings: Settings
    pool: WorkPool
    site: Site
    progress: Progress = field(default_factory=Progress)
    stop: threading.Event = field(default_factory=threading.Event)
    begun: set[int] = field(default_factory=set)
    model: tuple[int | None, WordModel | None] = (None, None)

    @property
    def limits(self) -> Limits:
        """What one file may ask of us, as this site set it."""
        s = self.settings
        return Limits(s.file_megabytes * 1_000_000, s.file_pages, s.page_megapixels * 1_000_000)

    def type_model(self, session: Session) -> tuple[int | None, WordModel | None]:
        """The learned voice about kinds of documents that is used now; opened once a version."""
        model_id = models.current_id(session)
        if model_id != self.model[0]:
            try:
                self.model = models.current(session, self.home.vault)
            except ModelUnusable:
                log.warning(
                    "type model %s cannot be used; run 'chartroom train'. The title rules speak alone.", model_id
                )
                self.model = (model_id, None)
        return self.model

    def understand(self, session: Session, pages: list[OcrPage]) -> DocumentGuess:
        """What the machine makes of pages that are known to be one document."""
        return index_pages(pages, StoredRoster(session), self.site.profile, self.type_model(session)[1])

    def work(self) -> bool:
        """Do waiting steps, some of each state in turn, day-forward work first, until none is left.

        A few at a time, so that the first document is on a desk long before a backlog is read.
        True when there was anything to do.
        """
        did_something = False
        while not self.stop.is_set():
            did_now = filing.file_verified(
                self.home, self.settings.take_back_seconds, self.site.quality, trouble=_give_back
            )
            for state, step in STEPS:
                if waiting := self.waiting(state):
                    step(self, waiting)
                    did_now = True
            if not did_now:
                break
            did_something = True
        return did_something

    def waiting(self, state: BatchState) -> list[Batch]:
        """The next batches in a state, day-forward work first."""
        with self.home.reading() as session:
            return batches.waiting(session, state, AT_ONCE)


def make_pipeline(
    home: Home, settings: Settings, pool: WorkPool, progress: Progress, stop: threading.Event
) -> Pipeline:
    """A pipeline with this hospital's profile (profile.toml in the data home); `stop` ends its work early."""
    site = load_site(home.path)
    check_quality(site.quality)
    return Pipeline(home, settings, pool, site, progress, stop)


# ---- received → read (or duplicate, or quarantined)


@dataclass(slots=True)
class _Task:
    """One thing a worker does for a batch: open the file (page 0) or read a page."""

    batch_id: int
    page: int
    tries: int = 1
    attachment: int | None = None  # a file inside the file, to be taken out


@dataclass(slots=True)
class _Job:
    """A batch that is being read."""

    batch_id: int
    file: SealedFile
    sha256: str
    opened: Opened | None = None
    left: set[int] = field(default_factory=set)
    attachments: set[int] = field(default_factory=set)  # files inside it that are still to be taken in
    waiting: deque[_Task] = field(default_factory=deque)  # not given to a worker yet


def read_batches(pipeline: Pipeline, waiting: list[Batch]) -> None:
    """Open every waiting file, read its pages on all cores, keep each page as it comes.

    Files take turns, a page each, and what is dropped while a long one is read is read beside it and goes on to indexing.
    """
    tasks: dict[Future[Any], _Task] = {}
    jobs: dict[int, _Job] = {}
    queue = deque(waiting)
    window = 3 * pipeline.pool.workers  # enough to keep every core busy, small enough to keep memory flat
    again: dict[int, Batch] = {}
    with _dropped_at_the_end(tasks):
        while True:
            if not queue and any(job.waiting for job in jobs.values()):  # a long file: the others go on beside it
                _index_what_is_read(pipeline)
                queue += [
                    row for row in pipeline.waiting(BatchState.RECEIVED) if row.id not in jobs and row.id not in again
                ]
            while len(tasks) < window and queue:
                batch = queue.popleft()
                assert batch.id is not None
                if batch.duplicate_of is not None:
                    again[batch.id] = batch
                    continue
                with _put_aside_alone(pipeline, batch.id):
                    if (job := _start(pipeline, batch)) is not None:
                        jobs[job.batch_id] = job
                        _submit(pipeline, tasks, job, _Task(job.batch_id, 0))
            for job, task in _in_turn(jobs, window - len(tasks)):
                _submit(pipeline, tasks, job, task)
            if not tasks:
                break
            done, _ = wait(tasks, timeout=0.5, return_when=FIRST_COMPLETED)
            if pipeline.stop.is_set():
                return  # what is under way is dropped and read again at the next start
            for future in done:
                task = tasks.pop(future)
                if (job := jobs.get(task.batch_id)) is None:
                    continue  # put aside meanwhile
                with _put_aside_alone(pipeline, task.batch_id, partial(jobs.pop, task.batch_id)):
                    _finish(pipeline, tasks, job, task, future)
    for batch in again.values():  # their originals are counted by now
        assert batch.id is not None
        with _put_aside_alone(pipeline, batch.id), pipeline.home.writing() as session:
            _hold_duplicate(session, batch)


def _in_turn(jobs: Mapping[int, _Job], room: int) -> Iterator[tuple[_Job, _Task]]:
    """The next tasks of the files under way, one of each in turn."""
    while room > 0 and (ready := [job for job in jobs.values() if job.waiting]):
        for job in ready[:room]:
            yield job, job.waiting.popleft()
        room -= len(ready)


def _index_what_is_read(pipeline: Pipeline) -> None:
    if read := pipeline.waiting(BatchState.READ):
        index_batches(pipeline, read)


@contextlib.contextmanager
def _dropped_at_the_end(tasks: Mapping[Future[Any], object]) -> Iterator[None]:
    """What is still under way when a round ends early is dropped; every step can be repeated."""
    try:
        yield
    finally:
        for future in tasks:
            future.cancel()


@contextlib.contextmanager
def _put_aside_alone(pipeline: Pipeline, batch_id: int, then: Callable[[], object] = lambda: None) -> Iterator[None]:
    """Whatever goes wrong over one batch puts this batch aside, told with a number that the log has too; trouble that
    every other batch would meet is raised."""
    try:
        yield
    except Exception as error:
        if concerns_everything(error):
            raise
        number = _tell(error, f"batch {batch_id}")
        then()
        _put_aside(pipeline, batch_id, "failed", _FAILED.format(number=number))


def _tell(error: Exception, what: str) -> str:
    """Write an error that nobody foresaw into the log; gives its number, by which it is found there."""
    number = secrets.token_hex(4)
    log.error("error %s: a step failed over %s", number, what, exc_info=error)
    return number


_FAILED = (
    "The program failed over this file; nothing is lost. Tell your administrator error {number} of the log, "
    "and retry after an update."
)


def _put_aside(pipeline: Pipeline, batch_id: int, code: str, sentence: str) -> None:
    """Quarantine a batch that was begun, some documents of it perhaps entered."""
    while _forget_portion(pipeline, batch_id):
        pass
    with pipeline.home.writing() as session:
        if session.get_one(Batch, batch_id).state in (BatchState.RECEIVED, BatchState.READ):
            _quarantine(session, batch_id, code, sentence)


def _forget_portion(pipeline: Pipeline, batch_id: int) -> bool:
    with pipeline.home.reading() as session:
        if not session.exec(select(Document.id).where(Document.batch_id == batch_id).limit(1)).first():
            return False
    with pipeline.home.writing() as session:
        return indexing.forget_some(session, batch_id)


def _give_back(session: Session, document_id: int, error: Exception) -> None:
    """A document that could not be filed goes back to a person; trouble that every document would meet is raised."""
    if concerns_everything(error):
        raise error
    number = _tell(error, f"document {document_id}")
    reason = f"It could not be filed. Tell your administrator error {number} of the log, and approve it again after an update."
    moves.move(session, document_id, "give_back", MACHINE, reason=reason)


def _start(pipeline: Pipeline, batch: Batch) -> _Job | None:
    """Count the attempt before the risk; put aside what killed us too often."""
    assert batch.id is not None
    home = pipeline.home
    with home.writing() as session:
        if batch.id not in pipeline.begun:  # counted once a process: only its death speaks against the file
            batches.count_attempt(session, batch.id)
            pipeline.begun.add(batch.id)
        if session.get_one(Batch, batch.id).attempts > MOST_ATTEMPTS:
            _quarantine(
                session,
                batch.id,
                "poison",
                "Reading this file ended the program again and again. Scan it again.",
            )
            return None
        source = batches.source_of(session, batch.id)
        blob = session.get_one(Blob, source.blob_id)
        file = SealedFile(home.vault.path(blob.id), home.vault.unwrap(blob), blob.content_mac)
        return _Job(batch.id, file, source.sha256)


def _hold_duplicate(session: Session, batch: Batch) -> None:
    """The same content again is kept as its own receipt and held for a person, never filed by itself."""
    first = session.get_one(Batch, batch.duplicate_of)
    row = session.get_one(Batch, batch.id)
    assert row.id is not None
    if first.state == BatchState.QUARANTINED:  # what could not be read cannot be read twice
        row.flags = [*row.flags, "duplicate"]
        _quarantine(session, row.id, first.reason_code or "refused", first.reason or "It could not be read.")
        return
    if first.pages_found:
        pages.expect_pages(session, row, first.pages_found, "held")
    row.flags = [*row.flags, "duplicate"]
    batches.advance(
        session, row.id, "hold_duplicate", reason_code="duplicate",
        reason=f"The same content was dropped before (batch {first.id}). Nothing was lost: 'chartroom void' cancels it, 'chartroom retry' takes it anyway.",
    )  # fmt: skip


def _submit(pipeline: Pipeline, tasks: dict[Future[Any], _Task], job: _Job, task: _Task) -> None:
    seconds = pipeline.settings.page_seconds
    if task.attachment is not None:
        future = pipeline.pool.submit(take_out, job.file, task.attachment, pipeline.limits, seconds=seconds)
    elif task.page == 0:
        future = pipeline.pool.submit(open_source, job.file, pipeline.limits, seconds=seconds)
    else:
        assert job.opened is not None
        future = pipeline.pool.submit(
            read_one,
            job.file,
            job.opened.kind,
            task.page,
            pipeline.limits,
            pipeline.settings.engine,
            task.tries > 1,
            seconds=seconds,
        )
    tasks[future] = task


def _finish(pipeline: Pipeline, tasks: dict[Future[Any], _Task], job: _Job, task: _Task, future: Future[Any]) -> None:
    try:
        result = future.result()
    except EngineMissing:
        raise
    except Exception as error:  # noqa: BLE001 - whatever ended the task or its worker: tried once more, then told
        log.warning("a worker failed on batch %s page %s, try %s", task.batch_id, task.page, task.tries)
        if task.tries < _TRIES_A_TASK:
            _submit(pipeline, tasks, job, replace(task, tries=task.tries + 1))
        elif task.attachment is not None:
            _attachment_taken(pipeline, job, task.attachment, Refused("failed", "It could not be taken out."))
        elif isinstance(error, TimeoutError):
            _finish_badly(pipeline, job, task, PageOutcome.TIMEOUT, "took longer than the time limit")
        else:
            _finish_badly(pipeline, job, task, PageOutcome.FAILED, "ended the program that reads it")
        return
    if task.attachment is not None:
        _attachment_taken(pipeline, job, task.attachment, result)
    elif task.page == 0:
        job.waiting += [_Task(job.batch_id, page) for page in _opened(pipeline, job, result)]
        job.waiting += [_Task(job.batch_id, 0, attachment=number) for number in sorted(job.attachments)]
    else:
        _page_read(pipeline, job, result)


def _opened(pipeline: Pipeline, job: _Job, result: Opened | Refused) -> list[int]:
    """Give every page its row; the pages that are still to be read."""
    with pipeline.home.writing() as session:
        if isinstance(result, Refused):
            _quarantine(session, job.batch_id, result.code, result.sentence)
            return []
        job.opened = result
        batch = session.get_one(Batch, job.batch_id)
        batch.flags = sorted({*batch.flags, *result.flags})
        pages.expect_pages(session, batch, result.pages)
        job.left = set(pages.unread(session, job.batch_id))
        job.attachments = set(range(len(result.attachments)))
        if job.attachments and batches.depth_of(session, batch) >= _DEEPEST:
            job.attachments = set()
            batch.flags = sorted({*batch.flags, "attachments_left_out"})
    for numbers in pages.batched(sorted(job.left), _PAGES_AT_ONCE):
        _note_known(pipeline, job, numbers)
    with pipeline.home.writing() as session:
        _go_on_when_done(session, job)
    pipeline.progress.tell(found=result.pages, read=result.pages - len(job.left))
    return sorted(job.left)


_PAGES_AT_ONCE = 100
"""Pages whose outcome is written in one transaction where it is known already."""


def _note_known(pipeline: Pipeline, job: _Job, numbers: Sequence[int]) -> None:
    """Note what was read of some pages before a kill, or when the same content was dropped before."""
    keys = {_reading_id(pipeline, job, number): number for number in numbers}
    with pipeline.home.reading() as session:
        known = session.exec(select(Reading).where(col(Reading.id).in_(list(keys)))).all()
    read = [(within_bounds(OcrPage.from_bytes(row.data)), row.id) for row in known]
    if not read:
        return
    with pipeline.home.writing() as session:
        for page, key in read:
            pages.note_reading(session, job.batch_id, page, key)
    job.left -= {keys[key] for _, key in read}


def _page_read(pipeline: Pipeline, job: _Job, result: PageRead) -> None:
    vault = pipeline.home.vault
    view = vault.seal_bytes("view", result.view) if result.view else None
    pdf = vault.seal_bytes("page", result.pdf) if result.pdf else None
    page = within_bounds(result.page)
    with pipeline.home.writing() as session:
        session.get_one(Batch, job.batch_id).attempts = 0  # it makes headway
        key = None
        if result.view is not None or page.outcome in KEPT:
            key = _reading_id(pipeline, job, page.number)
            pages.keep_reading(session, vault, key, page, view, pdf)
        pages.note_reading(session, job.batch_id, page, key)
        _one_page_less(session, job, page.number)
    pipeline.progress.tell(read=1)


def _attachment_taken(pipeline: Pipeline, job: _Job, number: int, result: tuple[str, bytes] | Refused) -> None:
    """A file inside the file becomes a scan of its own that names its parent; its claim id makes repeating harmless."""
    vault = pipeline.home.vault
    sealed = None if isinstance(result, Refused) else vault.seal_bytes("source", result[1])
    with pipeline.home.writing() as session:
        if isinstance(result, Refused) or sealed is None:
            batch = session.get_one(Batch, job.batch_id)
            batch.flags = sorted({*batch.flags, "attachment_unreadable"})
        else:
            name, content = result
            source = batches.source_of(session, job.batch_id)
            receipt = batches.Receipt(
                claim_id=f"{source.claim_id}.{number}",
                name=name.encode("utf-8", "backslashreplace"),
                hot_folder=source.hot_folder,
                size=len(content),
                sha256=hashlib.sha256(content).hexdigest(),
                parent_id=job.batch_id,
            )
            batches.receive(session, vault, sealed, receipt)
        job.attachments.discard(number)
        _go_on_when_done(session, job)


def _finish_badly(pipeline: Pipeline, job: _Job, task: _Task, outcome: PageOutcome, what: str) -> None:
    with pipeline.home.writing() as session:
        if task.page == 0:
            sentence = f"Opening this file {what}. Scan the paper again, or export it anew."
            _quarantine(session, job.batch_id, outcome.value, sentence)
            return
        page = OcrPage(task.page, outcome, reason=f"Reading page {task.page} {what}.")
        pages.note_reading(session, job.batch_id, page, None)
        _one_page_less(session, job, task.page)
    pipeline.progress.tell(read=1)


def _one_page_less(session: Session, job: _Job, number: int) -> None:
    job.left.discard(number)
    _go_on_when_done(session, job)


def _go_on_when_done(session: Session, job: _Job) -> None:
    if not job.left and not job.attachments:
        session.flush()
        _all_read(session, job.batch_id)


def _all_read(session: Session, batch_id: int) -> None:
    """On to indexing, unless not one page of the file could be had."""
    rows = pages.pages_of_batch(session, batch_id)
    broken = [row for row in rows if row.outcome not in KEPT and row.reading_id is None]
    if rows and len(broken) == len(rows):
        _quarantine(session, batch_id, broken[0].outcome, broken[0].reason or "No page of this file could be read.")
    else:
        batches.advance(session, batch_id, "read")


def _quarantine(session: Session, batch_id: int, code: str, sentence: str) -> None:
    session.flush()
    pages.place(session, batch_id, "refused")
    batches.advance(session, batch_id, "quarantine", reason_code=code, reason=sentence)
    log.info("quarantined batch %s: %s", batch_id, code)


def _reading_id(pipeline: Pipeline, job: _Job, number: int) -> str:
    return f"{job.sha256[:40]}-{number}-{fingerprint(pipeline.settings.engine)}"


# ---- read → indexed


@dataclass(slots=True)
class _Sorting:
    """A batch whose pages a worker sorts."""

    batch_id: int
    model_id: int | None
    tries: int = 1


_SORT_SECONDS = 0.5
"""Time a page may take to be sorted, beside that of reading one: ten times what a full page takes (measured)."""


def index_batches(pipeline: Pipeline, waiting: list[Batch]) -> None:
    """Sort the pages of each batch into documents with type, fields and patient."""
    site = pipeline.site
    with pipeline.home.reading() as session:
        earned = accuracy.earned_classes(session, site.self_filing, site.self_filing_risk)
    tasks: dict[Future[Any], _Sorting] = {}
    queue = iter(waiting)
    with _dropped_at_the_end(tasks):
        while True:
            while len(tasks) < 2 * pipeline.pool.workers and (batch := next(queue, None)) is not None:
                assert batch.id is not None
                with _put_aside_alone(pipeline, batch.id):
                    _submit_sorting(pipeline, tasks, _Sorting(batch.id, None))
            if not tasks:
                return
            done, _ = wait(tasks, timeout=0.5, return_when=FIRST_COMPLETED)
            if pipeline.stop.is_set():
                return
            for future in sorted(done, key=lambda future: tasks[future].batch_id):
                task = tasks.pop(future)
                with _put_aside_alone(pipeline, task.batch_id):
                    _sorted(pipeline, tasks, task, future, earned)


def _submit_sorting(pipeline: Pipeline, tasks: dict[Future[Any], _Sorting], task: _Sorting) -> None:
    with pipeline.home.reading() as session:
        rows = pages.pages_of_batch(session, task.batch_id)
        readings = tuple(_kept(session, row) for row in rows)
        task.model_id, model = pipeline.type_model(session)
        voice = None
        if model is not None:
            blob = models.current_blob(session)
            voice = SealedFile(pipeline.home.vault.path(blob.id), pipeline.home.vault.unwrap(blob), blob.content_mac)
    seconds = pipeline.settings.page_seconds + _SORT_SECONDS * len(readings)
    tasks[pipeline.pool.submit(sort_pages, readings, pipeline.site.profile, voice, seconds=seconds)] = task


def _kept(session: Session, row: Page) -> bytes:
    """A page as it was read, or as one of which nothing could be."""
    reading = session.get(Reading, row.reading_id) if row.reading_id else None
    if reading is not None:
        return reading.data
    return OcrPage(row.number, PageOutcome(row.outcome), reason=row.reason or "").to_bytes()


def _sorted(
    pipeline: Pipeline,
    tasks: dict[Future[Any], _Sorting],
    task: _Sorting,
    future: Future[Any],
    earned: frozenset[str],
) -> None:
    """Enter what a worker made of a batch, or try it once more."""
    try:
        file: SortedFile = future.result()
    except Exception as error:  # noqa: BLE001 - whatever ended the task or its worker: tried once more, then told
        if task.tries < _TRIES_A_TASK and not isinstance(error, TimeoutError):
            log.warning("sorting batch %s failed, try %s", task.batch_id, task.tries)
            _submit_sorting(pipeline, tasks, replace(task, tries=task.tries + 1))
            return
        number = _tell(error, f"batch {task.batch_id}")
        sentence = _NO_TIME if isinstance(error, TimeoutError) else _NOT_UNDERSTOOD
        _put_aside(pipeline, task.batch_id, "not_understood", sentence.format(number=number))
        return
    _enter(pipeline, task, file, earned)


_NOT_UNDERSTOOD = (
    "The program failed while sorting these pages; nothing is lost. Tell your administrator error {number} of the log, "
    "and retry after an update."
)
_NO_TIME = (
    "Sorting these pages took longer than the time limit (error {number} of the log). Scan them in smaller files."
)


def _enter(pipeline: Pipeline, task: _Sorting, file: SortedFile, earned: frozenset[str]) -> None:
    """The documents of a batch in portions. The machine holds them until the last one is in, so a kill in between leaves
    nothing that anybody worked on, and the same step enters them anew."""
    home, batch_id = pipeline.home, task.batch_id
    with home.reading() as session:
        flags = session.get_one(Batch, batch_id).flags
        guess = _with_doubts(find_patients(file, StoredRoster(session)), flags)
    while _forget_portion(pipeline, batch_id):
        pass
    made: list[int] = []
    portions = list(pages.batched(guess.documents, indexing.PORTION)) or [()]
    for portion in portions[:-1]:
        with home.writing() as session:
            made += indexing.enter_some(session, batch_id, portion, task.model_id)
    with home.writing() as session:
        made += indexing.enter_some(session, batch_id, portions[-1], task.model_id)
        indexing.place_others(session, batch_id, guess)
        batches.advance(session, batch_id, "index")
        for document_id, document in zip(made, guess.documents, strict=True):
            if document.rescan is not None:
                rescans.take_arrived(session, document.rescan, document_id, pipeline.understand)
    _file_what_may(pipeline, made, guess, earned)


_CONTROL = 20
"""Every so manieth document that might file itself goes to a person all the same: a class keeps being measured."""


def _file_what_may(pipeline: Pipeline, made: list[int], guess: FileGuess, earned: frozenset[str]) -> None:
    """Documents of classes that this site lets file themselves, and that have earned it (classify/autofile.py).

    Each in a transaction of its own; after a kill those that are left go to a person.
    """
    for document_id, document in zip(made, guess.documents, strict=True):
        is_asked_for = document.rescan is not None  # a page of another document, which a person verifies
        if is_asked_for or document.type.code not in earned or not document_id % _CONTROL:
            continue
        with pipeline.home.writing() as session:
            row = session.get_one(Document, document_id)
            if leases.is_held(row) or not may_file_itself(document, row.outcome, earned):
                continue
            try:
                with session.begin_nested():
                    moves.move(session, document_id, "self_file", MACHINE, reason="its class has earned it")
            except StateRefused as refused:  # what is filed by hand would be refused too: a person looks
                row.decision_reasons = [*row.decision_reasons, str(refused)]
                session.add(row)


def _with_doubts(guess: FileGuess, flags: list[str]) -> FileGuess:
    """What is doubtful about the file is doubtful about each of its documents: a person looks."""
    doubts = tuple(flag for flag in flags if flag in _FLAGS_FOR_A_PERSON)
    if not doubts:
        return guess
    return replace(
        guess,
        documents=tuple(
            replace(
                document,
                flags=(*document.flags, *doubts),
                match=PatientMatch("ask", document.match.candidates, (*document.match.reasons, *doubts))
                if document.match.decision == "linked"
                else document.match,
            )
            for document in guess.documents
        ),
    )


STEPS: tuple[tuple[BatchState, Callable[[Pipeline, list[Batch]], None]], ...] = (
    (BatchState.RECEIVED, read_batches),
    (BatchState.READ, index_batches),
)
"""What the machine does in each state of a batch; all other states wait for a person or are an end."""
