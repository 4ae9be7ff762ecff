"""Bars on a terminal, and nothing at all where the output goes to a file."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, TextIO

import pytest

from ingest import progress
from ingest.loudness import Loudness, choose


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


@pytest.mark.parametrize("label", ["Reading pages", "Learning"])
def test_where_somebody_waits_without_a_terminal_a_line_comes_now_and_then(
    label: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "LINE_SECONDS", 0.0)
    file = io.StringIO()
    if label == "Learning":
        with progress.steps(file, label, in_lines=True) as told:
            told(1, 4)
    else:
        with progress.bar(file, in_lines=True) as read:
            _read_pages(read)
    assert file.getvalue().splitlines()[-1] == f"{label}: 1 of 4"
    monkeypatch.setattr(progress, "LINE_SECONDS", 3600.0)
    with progress.steps(file, "too soon", in_lines=True) as told:
        told(1, 4)
    assert "too soon" not in file.getvalue()


@pytest.mark.parametrize("label", DRAWN)
def test_a_quiet_command_draws_nothing(label: str, monkeypatch: pytest.MonkeyPatch) -> None:
    make, work = DRAWN[label]
    screen = Terminal()
    choose(Loudness.QUIET)
    try:
        with make(screen) as told, progress.bar(screen, in_lines=True) as read:
            work(told)
            _read_pages(read)
    finally:
        choose(Loudness.USUAL)
    assert screen.getvalue() == ""
