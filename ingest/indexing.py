"""The step read → indexed: workers sort the pages of each batch into documents, the patient list is asked, all is entered.

A document of a class that has earned it may go on to filing by itself; all others wait for a technician.
"""

from concurrent.futures import Future
from dataclasses import replace
from typing import Any

from sqlmodel import Session

from classify.doubts import OF_THE_FILE, read_doubt
from classify.guess import Decision, FileGuess, PatientMatch
from classify.index import SortedFile, find_patients
from ingest.context import Context, forget_documents, log_error, put_aside, put_aside_alone
from ingest.pagework import Failure, Tasks
from ingest.samesheets import find_earlier
from ingest.starts import declared_starts
from ingest.worker import SealedFile, sort_pages
from ocr.page import OcrPage, PageOutcome
from storage.custody import batches, pages
from storage.desk import rescans
from storage.documents import indexing, leases, moves, repeats
from storage.foundation.errors import StateRefused
from storage.foundation.permissions import MACHINE
from storage.foundation.tables.custody import Batch, Page, Reading
from storage.foundation.tables.documents import Document
from storage.learning import accuracy, models
from storage.roster import changes
from storage.roster.lookup import StoredRoster

_SORT_SECONDS = 0.5
"""Time a page may take to be sorted, beside that of reading one: ten times what a full page takes (measured)."""

_CONTROL = 20
"""One in this many documents that might file themselves still goes to a person, so that the class keeps being measured."""

_NOT_UNDERSTOOD = (
    "The program failed while sorting these pages; nothing is lost. Tell your administrator error {number} of the log, "
    "and retry after an update."
)
_NO_TIME = (
    "Sorting these pages took longer than the time limit (error {number} of the log). Scan them in smaller files."
)


def index_batches(context: Context, waiting: list[Batch]) -> None:
    """Sort the pages of each batch into documents with type, fields and patient."""
    site = context.site
    with context.home.reading() as session:
        earned = accuracy.earned_classes(session, site.self_filing, site.self_filing_risk)
    sorting: Tasks[tuple[int, int | None]] = Tasks(context.pool)
    queue = iter(waiting)
    try:
        while True:
            while len(sorting) < 2 * context.pool.workers and (batch := next(queue, None)) is not None:
                with put_aside_alone(context, batch.id):
                    _begin(context, sorting, batch.id)
            if not len(sorting):
                return
            done = sorted(sorting.finished(0.5, retry_timeouts=False), key=lambda one: one[0][0])
            if context.stop.is_set():
                return
            for (batch_id, model_id), result in done:
                with put_aside_alone(context, batch_id):
                    _take(context, batch_id, model_id, result, earned)
    finally:
        sorting.drop()


def _begin(context: Context, sorting: Tasks[tuple[int, int | None]], batch_id: int) -> None:
    with context.home.reading() as session:
        rows = pages.pages_of_batch(session, batch_id)
        readings = tuple((row.number, _kept(session, row)) for row in rows)
        starts = declared_starts(session, batch_id, rows)
        model_id, model = context.understanding.model(session)
        sealed = None
        if model is not None:
            blob = models.current_blob(session)
            sealed = SealedFile(context.home.vault.path(blob.id), context.home.vault.unwrap(blob), blob.content_mac)
    seconds = context.settings.page_seconds + _SORT_SECONDS * len(readings)

    def submit(_: int) -> "Future[Any]":
        return context.pool.submit(sort_pages, readings, context.site.profile, sealed, starts, seconds=seconds)

    sorting.start((batch_id, model_id), submit)


def _kept(session: Session, row: Page) -> bytes:
    """A page as it was read, or as one of which nothing could be."""
    reading = session.get(Reading, row.reading_id) if row.reading_id else None
    if reading is not None:
        return reading.data
    return OcrPage(row.number, PageOutcome(row.outcome), reason=row.reason or "").to_bytes()


def _take(
    context: Context, batch_id: int, model_id: int | None, result: SortedFile | Failure, earned: frozenset[str]
) -> None:
    """Enter what a worker made of a batch, or put it aside."""
    if isinstance(result, Failure):
        number = log_error(result.error, f"batch {batch_id}")
        sentence = _NO_TIME if result.is_timeout else _NOT_UNDERSTOOD
        put_aside(context, batch_id, "not_understood", sentence.format(number=number))
        return
    made, guess = _enter(context, batch_id, model_id, result)
    _file_what_may(context, made, guess, earned)


def _enter(context: Context, batch_id: int, model_id: int | None, file: SortedFile) -> tuple[list[int], FileGuess]:
    """The documents of a batch in portions. The machine holds them until the last one is in, so a kill in between leaves
    nothing that anybody worked on, and the same step enters them anew."""
    home = context.home
    with home.reading() as session:
        flags = session.get_one(Batch, batch_id).flags
        guess = _with_doubts(find_patients(file, StoredRoster(session)), flags)
        version = changes.list_version(session)
    forget_documents(context, batch_id)
    came_before = find_earlier(home, batch_id, [number for document in guess.documents for number in document.pages])
    made: list[int] = []
    portions = list(pages.batched(guess.documents, indexing.PORTION)) or [()]
    for portion in portions[:-1]:
        with home.writing() as session:
            made += indexing.enter_some(session, batch_id, portion, model_id)
    with home.writing() as session:
        made += indexing.enter_some(session, batch_id, portions[-1], model_id)
        asked_for = [made_id for made_id, document in zip(made, guess.documents, strict=True) if document.rescan]
        repeats.note(session, made, came_before, asked_for)
        indexing.place_others(session, batch_id, guess)
        batches.advance(session, batch_id, "index")
        if changes.list_version(session) != version:  # loaded between the match and now
            changes.mark_due(session, made)
        for document_id, document in zip(made, guess.documents, strict=True):
            if document.rescan is not None:
                rescans.take_arrived(session, document.rescan, document_id, context.understanding.index)
    return made, guess


def _file_what_may(context: Context, made: list[int], guess: FileGuess, earned: frozenset[str]) -> None:
    """Documents of classes that this site lets file themselves, and that have earned it (classify/autofile.py).

    Each in a transaction of its own; after a kill those that are left go to a person.
    """
    for document_id, document in zip(made, guess.documents, strict=True):
        if document.type.code not in earned or not document_id % _CONTROL:
            continue
        with context.home.writing() as session:
            row = session.get_one(Document, document_id)
            if leases.is_held(row) or not row.would_file_itself:
                continue
            try:
                with session.begin_nested():
                    moves.move(session, document_id, "self_file", MACHINE, reason="its class has earned it")
            except StateRefused as refused:  # what is filed by hand would be refused too: a person looks
                row.decision_reasons = [*row.decision_reasons, str(refused)]
                session.add(row)


def _with_doubts(guess: FileGuess, flags: list[str]) -> FileGuess:
    """What is doubtful about the file is doubtful about each of its documents: a person looks."""
    doubts = tuple(doubt for flag in flags if (doubt := read_doubt(flag)) and doubt.code in OF_THE_FILE)
    if not doubts:
        return guess
    return replace(
        guess,
        documents=tuple(
            replace(
                document,
                doubts=(*document.doubts, *doubts),
                match=PatientMatch(
                    Decision.ASK,
                    document.match.candidates,
                    (*document.match.reasons, *(doubt.sentence for doubt in doubts)),
                )
                if document.match.decision == Decision.LINKED
                else document.match,
            )
            for document in guess.documents
        ),
    )
