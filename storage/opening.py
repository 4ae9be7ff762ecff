"""Opens a data home ready for work: its schema the newest, the keys of its patient list made as this version makes them."""

from collections.abc import Callable
from pathlib import Path

from storage.foundation import database
from storage.foundation.errors import HomeNotReady
from storage.foundation.home import Home, connect, create, is_ready
from storage.roster import keying


def _no_word(sentence: str) -> None:
    """Nobody is told."""


def make_home(path: Path, key_file: Path | None = None, tell: Callable[[str], None] = _no_word) -> Home:
    """Make whatever a data home at `path` still lacks, and open it. Repeating it is harmless."""
    return create(path, key_file, keying.bring_up_to_date, tell)


def open_home(path: Path, key_file: Path | None = None, tell: Callable[[str], None] = _no_word) -> Home:
    """Open a data home; HomeNotReady, KeyMissing or KeyWrong with what to do.

    An older schema, and keys of the patient list that were made otherwise, are brought up to date first: minutes for a
    million persons. Before an older schema is changed the database is copied; `tell` is told where and how to go back.
    """
    if not is_ready(path):
        raise HomeNotReady(f"There is no Chartroom data in {path}. Run 'chartroom init' first.")
    home = connect(path, key_file)
    if database.schema_of(home.engine) != database.SCHEMA or not keying.is_current(home):
        home.close()
        return make_home(path, key_file, tell)
    return home
