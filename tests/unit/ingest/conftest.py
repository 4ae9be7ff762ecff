"""Fixtures of intake: a hot folder, and logging as it was."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest import hotfolder
from ingest.hotfolder import HotFolder
from storage.foundation.home import Home


@pytest.fixture
def folder(home: Home, tmp_path: Path) -> HotFolder:
    """A hot folder that is ready."""
    (tmp_path / "hot").mkdir()
    found = HotFolder(tmp_path / "hot")
    hotfolder.prepare(home, found)
    return found


@pytest.fixture
def untouched() -> Iterator[None]:
    """Logging as it was before the test."""
    root, ours = logging.getLogger(), logging.getLogger("chartroom")
    before = list(root.handlers), list(ours.handlers), ours.propagate
    yield
    logging.captureWarnings(False)
    for handler in (*root.handlers, *ours.handlers):
        if handler not in before[0] and handler not in before[1]:
            handler.close()
    root.handlers[:], ours.handlers[:], ours.propagate = before
