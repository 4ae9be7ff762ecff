"""The step received → read: open every waiting file, read its pages on all cores, keep each page as it comes.

A batch leaves it read, held as a duplicate, or quarantined. Files take turns, a page each, and what is dropped while a
long one is read is read beside it and goes on to indexing.
"""

import hashlib
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from sqlmodel import Session, col, select

from ingest.context import Context, put_aside_alone, quarantine
from ingest.indexing import index_batches
from ingest.pagework import PageReader, Piece, Taken
from ingest.worker import FileRefused, SealedFile
from ocr.bounds import within_bounds
from ocr.load import Opened
from ocr.page import KEPT, OcrPage, PageOutcome
from ocr.read import PageOrder, PageRead, fingerprint
from storage.custody import batches, pages, receiving
from storage.foundation.states import BatchState, Disposition
from storage.foundation.tables.custody import Batch, BatchFile, Blob, Reading, Source

MOST_ATTEMPTS = 10
"""Times this process may die over one file before it is put aside. Workers take the risk of opening
it, so a death here is seldom the file's fault; a file that kills workers is put aside at once."""

_DEEPEST = 5
"""Files in files in files: a letter, its attachment and what that brings along are three."""

_PAGES_AT_ONCE = 100
"""Pages whose outcome is written in one transaction where it is known already."""


@dataclass(slots=True)
class _File:
    """A file of a batch that is being read."""

    claim_id: str
    position: int
    sealed: SealedFile
    sha256: str
    opened: Opened | None = None
    pages: int = 0
    before: int = 0  # pages of the batch before its first
    refused: FileRefused | None = None  # it cannot be opened any more, and its pages are counted already
    attachments: set[int] = field(default_factory=set)  # files inside it that are still to be taken in


@dataclass(slots=True)
class _Job:
    """A batch that is being read: a file, or the files of a folder, whose pages are numbered through once all are open."""

    batch_id: int
    files: dict[str, _File]
    to_open: set[str]
    left: set[int] = field(default_factory=set)  # numbers of the pages still to be read
    waiting: deque[Piece] = field(default_factory=deque)  # not given to a worker yet

    def file_of(self, number: int) -> _File:
        """The file in which a page of the batch lies."""
        return max((f for f in self.files.values() if f.before < number and f.pages), key=lambda f: f.before)

    @property
    def in_order(self) -> list[_File]:
        """Its files as their pages are numbered."""
        return sorted(self.files.values(), key=lambda file: file.position)


def read_batches(context: Context, waiting: list[Batch]) -> None:  # noqa: C901 - the loop of the step
    """Open every waiting file, read its pages on all cores, keep each page as it comes."""
    order = PageOrder(context.settings.engine, second=context.settings.second_recogniser)
    reader = PageReader(context.pool, context.limits, context.settings.page_seconds, order)
    jobs: dict[int, _Job] = {}
    queue, again = deque(waiting), dict[int, Batch]()
    try:
        while True:
            if not queue and any(job.waiting for job in jobs.values()):  # a long file: the others go on beside it
                _index_what_is_read(context)
                queue += [b for b in context.waiting(BatchState.RECEIVED) if b.id not in jobs and b.id not in again]
            while reader.room > 0 and queue:
                _begin(context, reader, jobs, again, queue.popleft())
            for job, piece in _in_turn(jobs, reader.room):
                _give(reader, job, piece)
            if not len(reader):
                break
            for piece, result in reader.finished(0.5):
                if context.stop.is_set():
                    return  # what is under way is dropped and read again at the next start
                if piece.file_id in jobs:  # or it was put aside meanwhile
                    with put_aside_alone(context, piece.file_id, partial(jobs.pop, piece.file_id)):
                        _take(context, jobs[piece.file_id], piece, result)
            if context.stop.is_set():
                return
    finally:
        reader.drop()
    for batch in again.values():  # their originals are counted by now
        with put_aside_alone(context, batch.id), context.home.writing() as session:
            _hold_duplicate(session, batch)


def _begin(context: Context, reader: PageReader, jobs: dict[int, _Job], again: dict[int, Batch], batch: Batch) -> None:
    if batch.duplicate_of is not None:
        again[batch.id] = batch
        return
    with put_aside_alone(context, batch.id):
        if (job := _start(context, batch)) is not None:
            jobs[job.batch_id] = job
            _give(reader, job, job.waiting.popleft())


def _in_turn(jobs: Mapping[int, _Job], room: int) -> Iterator[tuple[_Job, Piece]]:
    """The next pieces of the batches under way, one of each in turn."""
    while room > 0 and (ready := [job for job in jobs.values() if job.waiting]):
        for job in ready[:room]:
            yield job, job.waiting.popleft()
        room -= len(ready)


def _give(reader: PageReader, job: _Job, piece: Piece) -> None:
    file = job.files[piece.of]
    if piece.attachment is not None:
        reader.take_out(piece, file.sealed)
    elif piece.page:
        assert file.opened is not None
        reader.read(piece, file.sealed, file.opened)
    else:
        reader.open(piece, file.sealed)


def _take(context: Context, job: _Job, piece: Piece, result: Opened | FileRefused | PageRead | Taken) -> None:
    """Keep what a worker made of a piece."""
    file = job.files[piece.of]
    if piece.attachment is not None:
        assert not isinstance(result, Opened | PageRead)
        _attachment_taken(context, job, file, piece.attachment, result)
    elif isinstance(result, PageRead):
        _page_read(context, job, file, result)
    else:
        assert isinstance(result, Opened | FileRefused)
        _opened(context, job, file, result)


def _index_what_is_read(context: Context) -> None:
    if read := context.waiting(BatchState.READ):
        index_batches(context, read)


def _start(context: Context, batch: Batch) -> _Job | None:
    """Count the attempt before the risk; put aside what killed us too often."""
    home = context.home
    with home.writing() as session:
        if batch.id not in context.begun:  # counted once a process: only its death speaks against the file
            batches.count_attempt(session, batch.id)
            context.begun.add(batch.id)
        if session.get_one(Batch, batch.id).attempts > MOST_ATTEMPTS:
            quarantine(
                session,
                batch.id,
                "poison",
                "Reading this file ended the program again and again. Scan it again.",
            )
            return None
        files: dict[str, _File] = {}
        for row, source in batches.files_of(session, batch.id):
            blob = session.get_one(Blob, source.blob_id)
            sealed = SealedFile(home.vault.path(blob.id), home.vault.unwrap(blob), blob.content_mac)
            files[row.claim_id] = _File(row.claim_id, row.position, sealed, source.sha256)
        return _Job(batch.id, files, set(files), waiting=deque(Piece(batch.id, of=claim_id) for claim_id in files))


def _hold_duplicate(session: Session, batch: Batch) -> None:
    """The same content again is kept as its own receipt and held for a person, never filed by itself."""
    first = session.get_one(Batch, batch.duplicate_of)
    row = session.get_one(Batch, batch.id)
    if first.state == BatchState.QUARANTINED:  # what could not be read cannot be read twice
        row.flags = [*row.flags, "duplicate"]
        quarantine(session, row.id, first.reason_code or "refused", first.reason or "It could not be read.")
        return
    _expect_pages_of_first(session, row, first)
    row.flags = [*row.flags, "duplicate"]
    batches.advance(
        session, row.id, "hold_duplicate", reason_code="duplicate",
        reason=f"The same content was dropped before (scan {first.id}). Nothing was lost: accept it as a second original, or void it.",
    )  # fmt: skip


def _expect_pages_of_first(session: Session, row: Batch, first: Batch) -> None:
    """The pages of a duplicate, as many as its files had when they were dropped first."""
    counts = {source.sha256: file.pages_found for file, source in batches.files_of(session, first.id)}
    known = [counts.get(source.sha256) for _, source in batches.files_of(session, row.id)]
    if all(known):
        pages.expect_pages(session, row, [count or 0 for count in known], Disposition.HELD)


def _opened(context: Context, job: _Job, file: _File, result: Opened | FileRefused) -> None:
    """Note what a file is when it was opened; when all of the batch are, its pages get their rows and are read."""
    job.to_open.discard(file.claim_id)
    if isinstance(result, FileRefused):
        with context.home.writing() as session:
            if len(job.files) == 1:
                quarantine(session, job.batch_id, result.code, result.sentence)
                return
            file.pages = session.get_one(BatchFile, file.claim_id).pages_found or 0
            if file.pages:  # a try before opened it: its pages keep their numbers
                file.refused = result
            else:
                del job.files[file.claim_id]
                batches.set_apart(session, job.batch_id, file.claim_id, result.code, result.sentence)
    else:
        file.opened, file.pages = result, result.pages
    if not job.to_open:
        _all_opened(context, job)


def _all_opened(context: Context, job: _Job) -> None:
    """Give every page of a batch its row; those that are still to be read wait for workers."""
    found = 0
    for file in job.in_order:
        file.before, found = found, found + file.pages
    with context.home.writing() as session:
        batch = session.get_one(Batch, job.batch_id)
        _note_files(session, batch, job)
        pages.expect_pages(session, batch, [file.pages for file in job.in_order])
        batches.compare_with_index(session, batch)
        job.left = set(pages.unread(session, job.batch_id))
        for file in (file for file in job.in_order if file.refused):
            _note_refused(session, job, file)
    for numbers in pages.batched(sorted(job.left), _PAGES_AT_ONCE):
        _note_known(context, job, numbers)
    with context.home.writing() as session:
        _go_on_when_done(session, job)
    context.progress.tell(found=found, read=found - len(job.left))
    for number in sorted(job.left):
        file = job.file_of(number)
        job.waiting.append(Piece(job.batch_id, number - file.before, of=file.claim_id))
    for file in job.in_order:
        job.waiting += [Piece(job.batch_id, attachment=n, of=file.claim_id) for n in sorted(file.attachments)]


def _note_files(session: Session, batch: Batch, job: _Job) -> None:
    """The flags of the files of a batch, and which files inside them are to be taken out."""
    depth = batches.depth_of(session, batch)
    for opened, file in ((file.opened, file) for file in job.in_order if file.opened):
        batch.flags = sorted({*batch.flags, *opened.flags})
        file.attachments = set(range(len(opened.attachments)))
        if file.attachments and depth >= _DEEPEST:
            file.attachments = set()
            batch.flags = sorted({*batch.flags, "attachments_left_out"})


def _note_refused(session: Session, job: _Job, file: _File) -> None:
    """The pages of a file that can be opened no more, as far as they were not read before."""
    assert file.refused is not None
    for number in sorted(job.left & set(range(file.before + 1, file.before + file.pages + 1))):
        page = OcrPage(number, PageOutcome.FAILED, reason=file.refused.sentence)
        pages.note_reading(session, job.batch_id, page, None)
        job.left.discard(number)


def _note_known(context: Context, job: _Job, numbers: Sequence[int]) -> None:
    """Note what was read of some pages before a kill, or when the same content was dropped before."""
    keys = dict[str, list[int]]()
    for number in numbers:
        file = job.file_of(number)
        keys.setdefault(_reading_id(context, file, number - file.before), []).append(number)
    with context.home.reading() as session:
        known = session.exec(select(Reading).where(col(Reading.id).in_(list(keys)))).all()
    read = [(within_bounds(OcrPage.from_bytes(row.data)), row.id) for row in known]
    if not read:
        return
    with context.home.writing() as session:
        for page, key in read:
            for number in keys[key]:
                pages.note_reading(session, job.batch_id, replace(page, number=number), key)
    job.left -= {number for _, key in read for number in keys[key]}


def _page_read(context: Context, job: _Job, file: _File, result: PageRead) -> None:
    vault = context.home.vault
    view = vault.seal_bytes("view", result.view) if result.view else None
    pdf = vault.seal_bytes("page", result.pdf) if result.pdf else None
    page, number = result.page, file.before + result.page.number
    with context.home.writing() as session:
        session.get_one(Batch, job.batch_id).attempts = 0  # it makes headway
        key = None
        if result.view is not None or page.outcome in KEPT:
            key = _reading_id(context, file, page.number)
            pages.keep_reading(session, vault, key, page, view, pdf, result.sheet)
        pages.note_reading(session, job.batch_id, replace(page, number=number), key)
        _one_page_less(session, job, number)
    context.progress.tell(read=1)


def _attachment_taken(context: Context, job: _Job, file: _File, number: int, result: Taken | FileRefused) -> None:
    """A file inside the file becomes a scan of its own that names its parent; its claim id makes repeating harmless."""
    vault = context.home.vault
    sealed = None if isinstance(result, FileRefused) else vault.seal_bytes("source", result[1])
    with context.home.writing() as session:
        if isinstance(result, FileRefused) or sealed is None:
            batch = session.get_one(Batch, job.batch_id)
            batch.flags = sorted({*batch.flags, "attachment_unreadable"})
        else:
            name, content = result
            source = session.get_one(Source, file.claim_id)
            receipt = receiving.Receipt(
                claim_id=f"{source.claim_id}.{number}",
                name=name.encode("utf-8", "backslashreplace"),
                hot_folder=source.hot_folder,
                size=len(content),
                sha256=hashlib.sha256(content).hexdigest(),
                parent_id=job.batch_id,
            )
            receiving.receive(session, vault, sealed, receipt)
        file.attachments.discard(number)
        _go_on_when_done(session, job)


def _one_page_less(session: Session, job: _Job, number: int) -> None:
    job.left.discard(number)
    _go_on_when_done(session, job)


def _go_on_when_done(session: Session, job: _Job) -> None:
    if not job.left and not any(file.attachments for file in job.files.values()):
        session.flush()
        _all_read(session, job.batch_id)


def _all_read(session: Session, batch_id: int) -> None:
    """On to indexing, unless not one page of the file could be had."""
    rows = pages.pages_of_batch(session, batch_id)
    broken = [row for row in rows if row.outcome not in KEPT and row.reading_id is None]
    if rows and len(broken) == len(rows):
        quarantine(session, batch_id, broken[0].outcome, broken[0].reason or "No page of this file could be read.")
    else:
        batches.advance(session, batch_id, "read")


def _reading_id(context: Context, file: _File, number: int) -> str:
    """Under which the reading of a page (1-based in its file) is kept."""
    recipe = fingerprint(context.settings.engine, context.settings.second_recogniser)
    return f"{file.sha256[:40]}-{number}-{recipe}"
