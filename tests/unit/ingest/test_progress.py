"""Bars on a terminal, and nothing at all where the output goes to a file."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, TextIO

import pytest

from ingest import progress


class Terminal(io.StringIO):
    """A screen that keeps what was drawn on it."""

    def isatty(self) -> bool:
        return True


def _read_pages(told: Any) -> None:
    told.tell(found=4)
    told.tell(read=1)


DRAWN: dict[str, tuple[Callable[[TextIO], AbstractContextManager[Any]], Callable[[Any], object]]] = {
    "Reading pages": (progress.bar, _read_pages),
    "Learning": (lambda stream: progress.steps(stream, "Learning"), lambda told: told(1, 4)),
    "Loading": (lambda stream: progress.counting(stream, "Loading"), lambda told: told(1234)),
}


@pytest.mark.parametrize("label", DRAWN)
def test_a_terminal_is_shown_what_is_done(label: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    make, work = DRAWN[label]
    screen = Terminal()
    with make(screen) as told:
        work(told)
    assert label in screen.getvalue()
    assert {"Reading pages": "1/4", "Learning": "25%", "Loading": "1,234"}[label] in screen.getvalue()


@pytest.mark.parametrize("label", DRAWN)
def test_a_file_is_written_nothing(label: str) -> None:
    make, work = DRAWN[label]
    file = io.StringIO()
    with make(file) as told:
        work(told)
    assert file.getvalue() == ""
