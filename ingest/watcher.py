"""Watches the hot folders. A periodic full scan is the truth; watchdog only wakes it early.

watchdog's queue overflows without telling (8,000 files dropped, 2,833 reported) and goes silent
when a folder is replaced, so nothing depends on it (FINDINGS §7, RELIABILITY §0).
"""

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest import intake
from ingest.intake import HotFolder
from ingest.problems import CannotGoOn, explain, is_passing
from ingest.settings import Settings
from storage.home import Home
from storage.tables import Fact, utc_now

log = logging.getLogger("chartroom.watcher")

SCAN_SECONDS = 5.0
BEAT_SECONDS = 30.0
SWEEP_SECONDS = 3600.0
_STILL_WRITING_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Left:
    """What a single run leaves in the hot folders: files still being written, files without read rights."""

    writing: int = 0
    unreadable: int = 0


def take_in_all(home: Home, settings: Settings, work: Callable[[], bool]) -> Left:
    """Take in and work everything that lies in the hot folders now, until nothing is left to do."""
    folders = [HotFolder(path) for path in settings.folders]
    last_headway = time.monotonic()
    while True:
        scans = [intake.take_in(home, folder, settings, patient=False) for folder in folders]
        worked = work()
        waiting = sum(scan.waiting for scan in scans)
        unreadable = sum(scan.unreadable for scan in scans)
        if any(scan.taken for scan in scans) or worked:
            last_headway = time.monotonic()
            continue
        if waiting <= unreadable:
            return Left(unreadable=unreadable)
        if time.monotonic() - last_headway > _STILL_WRITING_SECONDS + settings.settle_seconds:
            return Left(waiting - unreadable, unreadable)
        time.sleep(min(0.5, max(0.02, settings.settle_seconds / 4)))


def watch(home: Home, settings: Settings, work: Callable[[], bool], stop: threading.Event) -> None:
    """Take in and work for ever, side by side, so that a long file keeps no scan waiting in the folder.

    A folder that is away or a full disk is told and tried again; a disk error ends the watch, because
    an fsync that failed must not be retried.
    """
    folders = [HotFolder(path) for path in settings.folders]
    wake = threading.Event()
    told = _Told()
    swept, beaten = -SWEEP_SECONDS, -BEAT_SECONDS
    with _woken_by_events(settings.folders, wake), _working_beside(home, work, stop) as more_work:
        while not stop.is_set():
            taken = waiting = 0
            if time.monotonic() - beaten > BEAT_SECONDS:
                beaten = time.monotonic()
                with told.instead_of_ending(home.path):
                    _beat(home)
            for folder in folders:
                with told.instead_of_ending(folder.path):
                    scan = intake.take_in(home, folder, settings, patient=True)
                    taken, waiting = taken + scan.taken, waiting + scan.waiting
            if taken:
                more_work.set()
                continue
            if time.monotonic() - swept > SWEEP_SECONDS:
                swept = time.monotonic()
                home.vault.sweep()
                for folder in folders:
                    intake.sweep_done(folder, settings.keep_done_days)
            wake.wait(0.25 if waiting else SCAN_SECONDS)
            wake.clear()


def _beat(home: Home) -> None:
    """Say that the watch lives, for the screen that shows whether everything runs."""
    with home.writing() as session:
        session.merge(Fact(name="watch_beat", value=utc_now().isoformat()))


@contextlib.contextmanager
def _working_beside(home: Home, work: Callable[[], bool], stop: threading.Event) -> Iterator[threading.Event]:
    """Do waiting work in a thread; setting the event says that there is more. What ends the work ends the watch."""
    more = threading.Event()
    ended_by: list[BaseException] = []

    def work_on() -> None:
        told = _Told()
        try:
            while not stop.is_set():
                busy = False
                with told.instead_of_ending(home.path):
                    busy = work()
                if not busy:
                    more.wait(SCAN_SECONDS)
                    more.clear()
        except BaseException as error:  # noqa: BLE001 - raised again by the thread that waits for this one
            ended_by.append(error)
            stop.set()

    thread = threading.Thread(target=work_on, name="work")
    thread.start()
    try:
        yield more
    finally:
        stop.set()
        more.set()
        thread.join()
    if ended_by:
        raise ended_by[0]


class _Told:
    """Says once what keeps a folder from working, and again when it changed."""

    def __init__(self) -> None:
        self._said: dict[Path, str] = {}

    @contextlib.contextmanager
    def instead_of_ending(self, path: Path) -> Iterator[None]:
        """A folder that is away and a full disk are told and tried again; anything else ends the watch."""
        try:
            yield
        except CannotGoOn as error:
            self._say(path, str(error))
        except Exception as error:
            if not is_passing(error):
                raise
            self._say(path, explain(error).sentence)
        else:
            self._said.pop(path, None)

    def _say(self, path: Path, sentence: str) -> None:
        if self._said.get(path) != sentence:
            log.warning("%s", sentence)
            self._said[path] = sentence


@contextlib.contextmanager
def _woken_by_events(paths: list[Path], wake: threading.Event) -> Iterator[None]:
    from watchdog.events import FileSystemEvent, FileSystemEventHandler
    from watchdog.observers import Observer

    class Waker(FileSystemEventHandler):
        def on_any_event(self, event: FileSystemEvent) -> None:
            wake.set()

    observer = Observer()
    for path in paths:
        try:
            path.mkdir(parents=True, exist_ok=True)
            observer.schedule(Waker(), str(path), recursive=False)
        except OSError as error:
            log.warning("no events for a hot folder (%s); it is scanned all the same", explain(error).code)
    observer.start()
    try:
        yield
    finally:
        observer.stop()
        observer.join()
