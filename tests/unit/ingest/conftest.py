"""Fixtures of everything that runs as a process of its own outside of tests."""

import logging
from collections.abc import Iterator

import pytest


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
