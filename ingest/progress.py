"""How far the work is, and a bar that shows it on a terminal; or, where somebody waits before no terminal, lines now and then."""

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TextIO

from ingest.loudness import is_quiet

LINE_SECONDS = 10.0
"""How far apart two lines are where there is no terminal."""


@dataclass(slots=True)
class Progress:
    """How far the work is, for a progress bar."""

    pages: int = 0
    pages_known: int = 0
    report: Callable[["Progress"], None] = lambda progress: None

    def tell(self, read: int = 0, found: int = 0) -> None:
        self.pages += read
        self.pages_known += found
        self.report(self)


class _Lines:
    """Writes how far the work is, as a line, when the last one is old enough."""

    def __init__(self, stream: TextIO, label: str) -> None:
        self._stream, self._label, self._last = stream, label, time.monotonic()

    def show(self, done: int, of: int) -> None:
        if time.monotonic() - self._last >= LINE_SECONDS:
            self._last = time.monotonic()
            self._stream.write(f"{self._label}: {done} of {of}\n")
            self._stream.flush()


@contextlib.contextmanager
def bar(stream: TextIO, label: str = "Reading pages", *, in_lines: bool = False) -> Iterator[Progress]:
    """Progress that draws a bar with pages done, pages a minute and time left, when this is a terminal; `in_lines` writes a
    line now and then where it is none."""
    if is_quiet() or not stream.isatty():
        lines = _Lines(stream, label)
        is_told = in_lines and not is_quiet()
        yield Progress(report=lambda p: lines.show(p.pages, p.pages_known)) if is_told else Progress()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Drawn

    columns = (
        TextColumn(label),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("pages"),
        TimeRemainingColumn(),
    )
    with Drawn(*columns, console=Console(file=stream), transient=True) as drawn:
        line = drawn.add_task(label, total=None)
        yield Progress(report=lambda p: drawn.update(line, completed=p.pages, total=p.pages_known or None))


@contextlib.contextmanager
def steps(stream: TextIO, label: str, *, in_lines: bool = False) -> Iterator[Callable[[int, int], None]]:
    """A function that is told steps done and steps in all, and draws a bar of them when this is a terminal; `in_lines` writes
    a line now and then where it is none."""
    if is_quiet() or not stream.isatty():
        yield _Lines(stream, label).show if in_lines and not is_quiet() else lambda done, of: None
        return
    from rich.console import Console
    from rich.progress import Progress as Drawn

    with Drawn(console=Console(file=stream), transient=True) as drawn:
        line = drawn.add_task(label, total=None)
        yield lambda done, of: drawn.update(line, completed=done, total=of)


@contextlib.contextmanager
def counting(stream: TextIO, label: str) -> Iterator[Callable[[int], None]]:
    """A function that is told how many are done so far; draws them and the time since the start, when this is a terminal."""
    if is_quiet() or not stream.isatty():
        yield lambda done: None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar
    from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

    with Bar(
        SpinnerColumn(),
        TextColumn("{task.description} {task.completed:,.0f}"),
        TimeElapsedColumn(),
        console=Console(file=stream),
    ) as drawn:
        task = drawn.add_task(label, total=None)
        yield lambda done: drawn.update(task, completed=done)
