"""Watches the hot folders. A periodic full scan is the truth; watchdog only wakes it early.

watchdog's queue overflows without telling (8,000 files dropped, 2,833 reported) and goes silent
when a folder is replaced, so nothing depends on it (docs/evidence.md).
"""

import contextlib
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from ingest import intake
from ingest.arrivals import Arrivals
from ingest.foldersettings import FolderWays, load_folder_ways
from ingest.hotfolder import HotFolder
from ingest.names import is_scan
from ingest.problems import CannotGoOn, ProfileProblem, explain, is_full, is_passing
from ingest.settings import Settings
from ingest.telling import WatchTeller
from storage.foundation.clock import utc_now
from storage.foundation.home import Home
from storage.foundation.tables.installation import Fact

log = logging.getLogger("chartroom.watcher")

SCAN_SECONDS = 5.0
BEAT_SECONDS = 30.0
SWEEP_SECONDS = 3600.0
_STILL_WRITING_SECONDS = 60.0

_SOON = 0.25
"""Seconds between two rounds while a folder changes; doubled up to SCAN_SECONDS while nothing does."""

_FIRST_RETRY, _LONGEST_RETRY = 0.5, 60.0
"""Seconds before what failed is tried again, doubled each time (exponential backoff)."""

_PATIENCE_SECONDS = 120.0
"""How long a single run tries again what passes by itself, such as a database that another process holds locked."""

_ENDED_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Left:
    """What a single run leaves in the hot folders: files still being written, without read rights, or without room on the disk."""

    writing: int = 0
    unreadable: int = 0
    no_room: int = 0


def take_in_all(home: Home, settings: Settings, work: Callable[[], bool]) -> Left:
    """Take in and work everything that lies in the hot folders now, until nothing is left to do."""
    folders = hot_folders(settings)
    last_headway = time.monotonic()
    while True:
        scans = [
            _patiently(lambda folder=folder: intake.take_in(home, folder, settings, waits_for_end=False))  # type: ignore[misc]
            for folder in folders
        ]
        worked = _patiently(work)
        waiting = sum(scan.waiting for scan in scans)
        unreadable = sum(scan.unreadable for scan in scans)
        no_room = sum(scan.no_room for scan in scans)
        if any(scan.taken for scan in scans) or worked:
            last_headway = time.monotonic()
            continue
        if waiting <= unreadable + no_room:
            return Left(0, unreadable, no_room)
        if time.monotonic() - last_headway > _STILL_WRITING_SECONDS + settings.settle_seconds:
            return Left(waiting - unreadable - no_room, unreadable, no_room)
        time.sleep(min(0.5, max(0.02, settings.settle_seconds / 4)))


def hot_folders(settings: Settings) -> list[HotFolder]:
    """The hot folders, each as the profile says it is used; ProfileProblem when it names one that is none."""
    ways = load_folder_ways(settings.home)
    if unknown := ways.keys() - set(settings.folders):
        raise ProfileProblem(
            f"profile.toml: {min(unknown)} in hot_folders is no hot folder. They are named in CHARTROOM_HOT_FOLDERS: "
            f"{', '.join(map(str, settings.folders))}."
        )
    return [HotFolder(path, ways.get(path, FolderWays())) for path in settings.folders]


T = TypeVar("T")


def _patiently(step: Callable[[], T]) -> T:
    """Do a step of a single run; a locked database and the like are tried again for two minutes, with backoff."""
    pause, end = _FIRST_RETRY, time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            return step()
        except Exception as error:
            if not is_passing(error) or is_full(error) or time.monotonic() + pause > end:
                raise
            log.warning("%s It is tried again.", explain(error).sentence)
        time.sleep(pause)
        pause = min(2 * pause, _LONGEST_RETRY)


def watch(
    home: Home,
    settings: Settings,
    work: Callable[[], bool],
    stop: threading.Event,
    teller: WatchTeller | None = None,
) -> None:
    """Take in and work until stopped, side by side, so that a long file keeps no scan waiting in the folder.

    Every hot folder has a thread of its own: one that is away, or a network folder that does not answer, holds no other.
    What passes by itself (a folder that is away, a full disk, a locked database) is told once and tried again with backoff; a
    disk error ends the watch, because an fsync that failed must not be retried.
    """
    folders = hot_folders(settings)
    arrivals = Arrivals(settings)
    wakes = [threading.Event() for _ in folders]
    with contextlib.ExitStack() as stack:
        stack.enter_context(_woken_by_events(folders, wakes))
        more_work = threading.Event()
        threads = [_Beside("work", stop, partial(_work_on, home, work, stop, more_work))]
        threads += [
            _Beside(
                f"folder {number}",
                stop,
                partial(_watch_folder, home, folder, settings, arrivals, wake, stop, more_work, teller),
            )
            for number, (folder, wake) in enumerate(zip(folders, wakes, strict=True))
        ]
        try:
            _keep_house(home, folders, settings, arrivals, stop, teller)
        finally:
            stop.set()
            for wake in (more_work, *wakes):
                wake.set()
            for thread in threads:
                thread.join()
    if teller is not None:
        with _RepeatedWarnings().suppress(home.path):
            teller.tell()
        teller.end()
    for thread in threads:
        if thread.error is not None:
            raise thread.error


def _watch_folder(
    home: Home,
    folder: HotFolder,
    settings: Settings,
    arrivals: Arrivals,
    wake: threading.Event,
    stop: threading.Event,
    more_work: threading.Event,
    teller: WatchTeller | None,
) -> None:
    """Look at one folder until the end: at once when somebody changed something, and less often the longer nobody does."""
    told = _RepeatedWarnings()
    pause = _SOON
    while not stop.is_set():
        scan = None
        with told.suppress(folder.path):
            scan = intake.take_in(home, folder, settings, waits_for_end=True)
        if scan is not None:
            arrivals.see(folder, scan)
        if scan is not None and teller is not None:
            teller.see(folder, scan)
            if scan.taken or scan.is_news:
                teller.wake()  # what is no file is listed at once
        if scan is not None and scan.taken:
            more_work.set()
            continue
        is_quiet = scan is not None and not scan.is_news and not wake.is_set()
        pause = min(2 * pause, SCAN_SECONDS) if is_quiet else _SOON
        wake.wait(pause if scan is not None and scan.waiting else told.pause or SCAN_SECONDS)
        if wake.is_set():
            pause = _SOON
            wake.clear()


def _keep_house(
    home: Home,
    folders: list[HotFolder],
    settings: Settings,
    arrivals: Arrivals,
    stop: threading.Event,
    teller: WatchTeller | None,
) -> None:
    """Beat, sweep and tell until the end. A signal handler sets `stop`, so it is asked and never waited for: the handler runs in
    this thread, and the lock inside an event is held by the thread that begins to wait for it."""
    told, told_of_sweeping = _RepeatedWarnings(), _RepeatedWarnings()
    swept, beaten = -SWEEP_SECONDS, -BEAT_SECONDS
    clock = threading.Event()
    while not stop.is_set():
        now = time.monotonic()
        beats = now - beaten > BEAT_SECONDS
        if beats or arrivals.is_news():
            beaten = now if beats else beaten
            with told.suppress(home.path):
                if beats:
                    _beat(home)
                arrivals.write(home)
        if now - swept > SWEEP_SECONDS:
            swept = now
            with told_of_sweeping.suppress(home.path):
                home.vault.sweep()
            for folder in folders:
                with told_of_sweeping.suppress(folder.path):
                    intake.sweep_done(home, folder, settings.keep_done_days)
        if teller is not None:
            with told.suppress(home.path):
                teller.tell()
        clock.wait(_ENDED_SECONDS)


def _beat(home: Home) -> None:
    """Say that the watch lives, for the screen that shows whether everything runs."""
    with home.writing() as session:
        session.merge(Fact(name="watch_beat", value=utc_now().isoformat()))


def _work_on(home: Home, work: Callable[[], bool], stop: threading.Event, more: threading.Event) -> None:
    """Do waiting work until the end; the event says that there is more."""
    told = _RepeatedWarnings()
    while not stop.is_set():
        busy = False
        with told.suppress(home.path):
            busy = work()
        if not busy:
            more.wait(told.pause or SCAN_SECONDS)
            more.clear()


class _Beside:
    """A thread beside the others; what ends it ends the watch, and is raised by whoever waits for it."""

    def __init__(self, name: str, stop: threading.Event, task: Callable[[], None]) -> None:
        self.error: BaseException | None = None
        self._stop, self._task = stop, task
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._task()
        except BaseException as error:  # noqa: BLE001 - raised again by the thread that waits for this one
            self.error = error
            self._stop.set()

    def join(self) -> None:
        """Wait for its step to end. A folder that does not answer is not waited for: any step may be cut off."""
        self._thread.join(_LAST_STEP_SECONDS)
        if self._thread.is_alive():
            log.warning("%s does not end; it is cut off, and goes on at the next start", self._thread.name)


_LAST_STEP_SECONDS = 60.0


class _RepeatedWarnings:
    """Says once what keeps a folder from working, and again when it changed; and how long to wait before the next try."""

    def __init__(self) -> None:
        self.pause = 0.0
        self._said: dict[Path, str] = {}

    @contextlib.contextmanager
    def suppress(self, path: Path) -> Iterator[None]:
        """What passes by itself is told and tried again, each time after twice the time; anything else ends the watch."""
        try:
            yield
        except CannotGoOn as error:
            self._say(path, str(error))
        except Exception as error:
            if not is_passing(error):
                raise
            self._say(path, explain(error).sentence)
        else:
            self.pause = 0.0
            if self._said.pop(path, None):
                log.info("it goes on")

    def _say(self, path: Path, sentence: str) -> None:
        self.pause = min(2 * self.pause or _FIRST_RETRY, _LONGEST_RETRY)
        if self._said.get(path) != sentence:
            log.warning("%s", sentence)
            self._said[path] = sentence


_CHANGES = ("FileCreatedEvent", "FileMovedEvent", "FileModifiedEvent", "FileClosedEvent", "FileAttribEvent")
"""Events that mean that somebody else did something; rights given have an event of their own from watchdog 7 on."""


@contextlib.contextmanager
def _woken_by_events(folders: list[HotFolder], wakes: list[threading.Event]) -> Iterator[None]:
    """Wake a folder's thread when somebody else made, moved, changed or finished a file in it.

    Opening and closing without a change are not asked for: our own looks would be such events and wake the next look (a
    truncated PDF kept the watch at 75 % of a core).
    """
    from watchdog import events
    from watchdog.events import FileSystemEvent, FileSystemEventHandler
    from watchdog.observers import Observer

    class Waker(FileSystemEventHandler):
        def __init__(self, folder: HotFolder, wake: threading.Event) -> None:
            self._folder, self._wake = folder, wake
            self.heard = threading.Event()  # whether events come at all

        def on_any_event(self, event: FileSystemEvent) -> None:
            if os.fsdecode(event.src_path).endswith(_PROBE):
                self.heard.set()
            for path in (event.src_path, event.dest_path):
                name = os.fsencode(path).rpartition(b"/")[2]
                if name and is_scan(name):
                    self._folder.touched.add(name)
                    self._wake.set()

    observer = Observer()
    observer.start()  # before the folders: one that is away is told then, and holds no other
    wakers: dict[Path, Waker] = {}
    for folder, wake in zip(folders, wakes, strict=True):
        try:
            waker = Waker(folder, wake)
            observer.schedule(
                waker,
                str(folder.path),
                recursive=False,
                event_filter=[getattr(events, name) for name in _CHANGES if hasattr(events, name)],
            )
        except OSError as error:
            log.warning("no events for a hot folder (%s); it is scanned all the same", explain(error).code)
        else:
            wakers[folder.path] = waker
    try:
        _try_events({path: waker.heard for path, waker in wakers.items()})
        yield
    finally:
        observer.stop()
        observer.join()


_PROBE = ".chartroom-events.tmp"
_PROBE_SECONDS = 2.0


def _try_events(heard: Mapping[Path, threading.Event]) -> None:
    """Say which folders tell of no change, so that nobody takes five seconds for a fault."""
    for path, event in heard.items():
        if not _makes_events(path, event):
            log.warning("no events come from a hot folder; it is looked at every %g s all the same", SCAN_SECONDS)


def _makes_events(folder: Path, heard: threading.Event) -> bool:
    """Whether a change in a folder is told, tried with a file of our own: network folders often tell nothing."""
    probe = folder / _PROBE
    try:
        probe.touch(0o600)
        probe.unlink(missing_ok=True)
    except OSError as error:
        log.info("a hot folder cannot be tried for events (%s)", explain(error).code)
        return False
    return heard.wait(_PROBE_SECONDS)
