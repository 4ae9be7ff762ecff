"""What every step of the pipeline works with, and how the trouble of one batch is kept from the others."""

import contextlib
import logging
import secrets
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from sqlmodel import Session, select

from ingest.pagework import limits_of
from ingest.problems import concerns_everything
from ingest.progress import Progress
from ingest.settings import Settings
from ingest.site import Site
from ingest.understanding import Understanding
from ingest.worker import WorkPool
from ocr.load import Limits
from storage.custody import batches, pages
from storage.documents import indexing
from storage.foundation.home import Home
from storage.foundation.states import BatchState, Disposition
from storage.foundation.tables.custody import Batch
from storage.foundation.tables.documents import Document

log = logging.getLogger("chartroom.pipeline")

_AT_ONCE = 50
"""Batches taken from one state in a round."""

_FAILED = (
    "The program failed over this file; nothing is lost. Tell your administrator error {number} of the log, "
    "and retry after an update."
)


@dataclass(slots=True)
class Context:
    """One data home at work: its settings, its site, the workers, and whether to stop."""

    home: Home
    settings: Settings
    pool: WorkPool
    site: Site
    progress: Progress = field(default_factory=Progress)
    stop: threading.Event = field(default_factory=threading.Event)
    begun: set[int] = field(default_factory=set)  # batches whose attempt this process has counted
    understanding: Understanding = field(init=False)

    def __post_init__(self) -> None:
        self.understanding = Understanding(self.home, self.site.profile)

    @property
    def limits(self) -> Limits:
        """What one file may ask of us, as this site set it."""
        return limits_of(self.settings)

    def waiting(self, state: BatchState) -> list[Batch]:
        """The next batches in a state, day-forward work first."""
        with self.home.reading() as session:
            return batches.waiting(session, state, _AT_ONCE)


@contextlib.contextmanager
def alone(what: str, then: Callable[[str], object]) -> Iterator[None]:
    """Whatever goes wrong over one piece of work (`what`) is logged, and `then` is called with the number that the log has,
    so that the others go on; trouble that every other piece would meet is raised."""
    try:
        yield
    except Exception as error:
        if concerns_everything(error):
            raise
        then(log_error(error, what))


@contextlib.contextmanager
def put_aside_alone(context: Context, batch_id: int, then: Callable[[], object] = lambda: None) -> Iterator[None]:
    """Whatever goes wrong over one batch puts this batch aside, told with a number that the log has too."""

    def put_this_aside(number: str) -> None:
        then()
        put_aside(context, batch_id, "failed", _FAILED.format(number=number))

    with alone(f"batch {batch_id}", put_this_aside):
        yield


def log_error(error: Exception, what: str) -> str:
    """Write an error that nobody foresaw into the log; gives its number, by which it is found there."""
    number = secrets.token_hex(4)
    log.error("error %s: a step failed over %s", number, what, exc_info=error)
    return number


def put_aside(context: Context, batch_id: int, code: str, sentence: str) -> None:
    """Quarantine a batch that was begun, some documents of it perhaps entered."""
    forget_documents(context, batch_id)
    with context.home.writing() as session:
        if session.get_one(Batch, batch_id).state in (BatchState.RECEIVED, BatchState.READ):
            quarantine(session, batch_id, code, sentence)


def forget_documents(context: Context, batch_id: int) -> None:
    """Forget what the machine made of a batch that is indexed anew or put aside, a portion in a transaction."""
    while _forget_portion(context, batch_id):
        pass


def _forget_portion(context: Context, batch_id: int) -> bool:
    with context.home.reading() as session:
        if not session.exec(select(Document.id).where(Document.batch_id == batch_id).limit(1)).first():
            return False
    with context.home.writing() as session:
        return indexing.forget_some(session, batch_id)


def quarantine(session: Session, batch_id: int, code: str, sentence: str) -> None:
    """Put a batch aside with a code and a sentence for staff; its pages count as refused."""
    session.flush()
    pages.place(session, batch_id, Disposition.REFUSED)
    batches.advance(session, batch_id, "quarantine", reason_code=code, reason=sentence)
    log.info("quarantined batch %s: %s", batch_id, code)
