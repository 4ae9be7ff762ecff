"""What happens to a scan, from the hot folder to the chart. Read this file first.

    dropped file ─ intake ─▶ received ─ read ─▶ read ─ index ─▶ indexed ─▶ a technician verifies
                                │                                             │ approve
                           duplicate, quarantined                  filed ◀─ file ┘

`STEPS` says what is done in each state; `work` does waiting steps until none is left. A step done
twice is harmless, so this process may be killed at any moment. It writes in portions, a page or some
documents in a transaction, so that nobody waits long for the database. Pages are read and sorted by
workers (ingest/worker.py); only this process writes. What goes wrong over one batch puts that batch
aside (ingest/context.py), and the others go on; only what concerns everything (disk, database,
engine) ends a round.

    ingest/intake.py     a dropped file is claimed, copied, committed, and only then moved aside
    ingest/folders.py    a dropped folder is one batch: its files in name order, its pages numbered through
    ingest/reading.py    its pages are read on all cores
    ingest/indexing.py   its pages are sorted into documents, and the patient is looked for
    ingest/filing.py     what a technician approved becomes part of the chart
    ingest/turned.py     what a technician turned is read again in its new direction
"""

import threading
from collections.abc import Callable

from sqlmodel import Session

from ingest.context import Context, log_error
from ingest.filing import file_verified
from ingest.indexing import index_batches
from ingest.problems import concerns_everything
from ingest.progress import Progress
from ingest.reading import read_batches
from ingest.settings import Settings
from ingest.site import load_site
from ingest.turned import read_turned
from ingest.worker import WorkPool
from storage.documents import moves
from storage.foundation.home import Home
from storage.foundation.permissions import MACHINE
from storage.foundation.states import BatchState
from storage.foundation.tables.custody import Batch
from storage.quality.policy import check_quality

STEPS: tuple[tuple[BatchState, Callable[[Context, list[Batch]], None]], ...] = (
    (BatchState.RECEIVED, read_batches),
    (BatchState.READ, index_batches),
)
"""What the machine does in each state of a batch; all other states wait for a person or are an end."""


class Pipeline(Context):
    """The work of one data home."""

    def work(self) -> bool:
        """Do waiting steps, some of each state in turn, day-forward work first, until none is left.

        A few at a time, so that the first document is on a desk long before a backlog is read.
        True when there was anything to do.
        """
        did_something = False
        while not self.stop.is_set():
            did_now = file_verified(self.home, self.settings.take_back_seconds, self.site.quality, trouble=give_back)
            understand = self.understanding.index
            did_now |= read_turned(self.home, self.settings, self.pool, understand, self.stop.is_set)
            for state, step in STEPS:
                if waiting := self.waiting(state):
                    step(self, waiting)
                    did_now = True
            if not did_now:
                break
            did_something = True
        return did_something


def make_pipeline(
    home: Home, settings: Settings, pool: WorkPool, progress: Progress, stop: threading.Event
) -> Pipeline:
    """A pipeline with this hospital's profile (profile.toml in the data home); `stop` ends its work early."""
    site = load_site(home.path)
    check_quality(site.quality)
    return Pipeline(home, settings, pool, site, progress, stop)


def give_back(session: Session, document_id: int, error: Exception) -> None:
    """A document that could not be filed goes back to a person; trouble that every document would meet is raised."""
    if concerns_everything(error):
        raise error
    number = log_error(error, f"document {document_id}")
    reason = f"It could not be filed. Tell your administrator error {number} of the log, and approve it again after an update."
    moves.move(session, document_id, "give_back", MACHINE, reason=reason)
