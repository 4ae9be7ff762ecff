"""Whether a file in a hot folder is whole: nobody writes it, it has been still for long enough, and its end is there.

A scanner that appends page after page to one TIFF closes it between the pages, whole each time: so a TIFF is still for longer
before it is taken (CHARTROOM_PAGE_GAP_SECONDS, or twice the longest pause after which something here was written on). A
completion signal, or a folder whose writers rename what is whole, needs no waiting.
"""

import errno
import fcntl
import os
import stat
import time

from ingest.foldersettings import Completion
from ingest.hotfolder import LEFT_ALONE, SIGNAL, FileStamp, HotFolder, Wait
from ingest.problems import is_passing
from ingest.refused import end_refusals, listed_for_now, note_not_a_file, refuse_for_now, too_large
from ingest.settings import Settings
from ocr.errors import UnsupportedFile
from ocr.formats import tiffend
from ocr.signature import Kind, find_kind, has_end
from storage.custody import receiving
from storage.foundation.home import Home

UNKNOWN_WRITER = 5
"""Times the settling time that a file has to be still where the system does not say who writes it (network folders)."""


def state_of(
    home: Home, folder: HotFolder, name: bytes, settings: Settings, *, waits_for_end: bool
) -> tuple[str, ...] | None:
    """Flags of a file that is ready, LEFT_ALONE, or None when it has to wait.

    The daemon does not open a file that has to wait at every round: half an hour of looks would cost more than the work.
    """
    path = folder.raw + b"/" + name
    try:
        status = os.lstat(path)
    except OSError as error:
        if not is_passing(error):
            raise
        return None
    if not stat.S_ISREG(status.st_mode):
        note_not_a_file(home, folder, name, status.st_mode)
        return LEFT_ALONE
    look, is_new = seen(folder, name, (status.st_size, status.st_mtime_ns, status.st_ino), settings)
    if status.st_size > settings.file_megabytes * 1_000_000:
        refuse_for_now(home, folder, name, receiving.TOO_LARGE, too_large(settings))
        return LEFT_ALONE
    end_refusals(home, folder, {name} & listed_for_now(home, folder))
    if may_not_be_opened_yet(look, settings, is_new=is_new, waits_for_end=waits_for_end):
        return None
    state, folder.looks[name] = _opened(folder, name, status, look, settings, waits_for_end=waits_for_end)
    return state


def seen(folder: HotFolder, name: bytes, shape: tuple[int, int, int], settings: Settings) -> tuple[FileStamp, bool]:
    """How something looks now (size, time of writing in ns, inode), since when, and whether it looked otherwise before."""
    now = time.monotonic()
    before = folder.looks.get(name)
    if before is not None and shape == (before.size, before.modified, before.inode):
        return before, False
    if before is not None and before.inode == shape[2] and now - before.since > settings.settle_seconds:
        folder.note_gap(now - before.since)
    look = FileStamp(*shape, since=now, first_seen=before.first_seen if before else now)
    folder.looks[name] = look
    return look, True


def may_not_be_opened_yet(look: FileStamp, settings: Settings, *, is_new: bool, waits_for_end: bool) -> bool:
    """Whether it changed too lately, or was opened too lately."""
    now = time.monotonic()
    if is_new and settings.settle_seconds > 0:
        return True
    if now - look.since < settings.settle_seconds:
        return True
    return waits_for_end and now < min(look.next_look, look.first_seen + settings.incomplete_wait_seconds)


def is_signalled(folder: HotFolder, name: bytes) -> bool:
    """Whether a completion signal for this file lies beside it."""
    return name + SIGNAL in folder.signals or os.path.splitext(name)[0] + SIGNAL in folder.signals


def _opened(
    folder: HotFolder, name: bytes, status: os.stat_result, look: FileStamp, settings: Settings, *, waits_for_end: bool
) -> tuple[tuple[str, ...] | None, FileStamp]:
    """Flags of a file that is ready, or None; and why, and until when, it has to wait."""
    path = folder.raw + b"/" + name
    signalled = is_signalled(folder, name)
    if folder.ways.completion is Completion.SIGNAL and not signalled:
        return None, look.waiting(Wait.NO_SIGNAL)
    lease = writer_lease(path)
    if lease == "written":
        return None, look.waiting(Wait.OPEN)
    waits_for_nothing = signalled or folder.ways.completion is Completion.RENAME
    calm = settings.settle_seconds if lease == "free" or waits_for_nothing else UNKNOWN_WRITER * settings.settle_seconds
    if time.monotonic() - look.since < calm:
        return None, look.waiting(Wait.CHANGING)
    waited = time.monotonic() - look.first_seen
    state = _completeness(folder, name, waited, settings, waits_for_end=waits_for_end)
    if state is None:
        return None, look.waiting(Wait.UNREADABLE if name in folder.unreadable else Wait.NO_END)
    if not waits_for_nothing:
        left = still_for(folder, path, settings) - folder.seconds_still(status, look.since)
        if left > 0:
            return None, look.waiting(Wait.NEXT_PAGE, left)
    return state, look


def still_for(folder: HotFolder, path: bytes, settings: Settings) -> float:
    """Seconds that a whole file must have been still: a TIFF may get a further page, and so may what this folder writes on."""
    if not settings.page_gap_seconds or not settings.settle_seconds:
        return 0.0
    return max(settings.page_gap_seconds if _is_tiff(path) else 0.0, 2 * folder.longest_gap)


def _completeness(
    folder: HotFolder, name: bytes, waited: float, settings: Settings, *, waits_for_end: bool
) -> tuple[str, ...] | None:
    try:
        ends = shows_its_end(folder.raw + b"/" + name)
    except OSError as error:
        if error.errno in (errno.EACCES, errno.EPERM):
            folder.unreadable.add(name)
            return None
        if is_passing(error):
            return None
        raise
    folder.unreadable.discard(name)
    if ends:
        return ()
    if waits_for_end and waited < settings.incomplete_wait_seconds:
        return None
    return ("arrived_incomplete",)


def writer_lease(path: bytes) -> str:
    """Whether anybody has the file open for writing: 'free', 'written', or 'unknown' (network, other owner)."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return "unknown"
    try:
        fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except OSError as error:
        return "written" if error.errno == errno.EAGAIN else "unknown"
    finally:
        os.close(handle)
    return "free"


def shows_its_end(path: bytes) -> bool:
    """Whether all of a file of a known kind is there; unknown kinds have no end to wait for."""
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        return is_all_there(handle)
    finally:
        os.close(handle)


def is_all_there(handle: int) -> bool:
    """The same of an open file."""
    size = os.fstat(handle).st_size
    head, tail = os.pread(handle, 2048, 0), os.pread(handle, 4096, max(0, size - 4096))
    try:
        kind = find_kind(head)
    except UnsupportedFile:
        return any(head)  # all zeros is a file laid out by a network copy whose bytes have not come
    return tiffend.has_all(handle, size) if kind is Kind.TIFF else has_end(kind, tail)


def _is_tiff(path: bytes) -> bool:
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return False
    with os.fdopen(handle, "rb") as file:
        try:
            return find_kind(file.read(2048)) is Kind.TIFF
        except UnsupportedFile:
            return False
