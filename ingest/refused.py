"""What lies in a hot folder and is never taken in as it is: listed once with a reason, and left where it is."""

import logging
import stat

from ingest.hotfolder import NO_LOOK, HotFolder
from ingest.settings import Settings
from storage.custody import receiving
from storage.foundation.home import Home

log = logging.getLogger("chartroom.intake")

_NOT_FILES = (
    (stat.S_ISLNK, "link", "This is a shortcut (link), not a file. Copy the scan itself into the folder."),
    (stat.S_ISFIFO, "pipe", "This is a pipe, not a file. Remove it from the hot folder."),
    (stat.S_ISSOCK, "socket", "This is a socket, not a file. Remove it from the hot folder."),
    (stat.S_ISCHR, "device", "This is a device, not a file. Remove it from the hot folder."),
    (stat.S_ISBLK, "device", "This is a device, not a file. Remove it from the hot folder."),
)


def note_not_a_file(home: Home, folder: HotFolder, name: bytes, mode: int) -> None:
    """List something that is no file: a link, a pipe, a device."""
    kind, reason = next(
        ((kind, reason) for test, kind, reason in _NOT_FILES if test(mode)),
        ("unknown", "This is not a file."),
    )
    if name in folder.looks:
        return
    folder.looks[name] = NO_LOOK
    note(home, folder, name, kind, reason)


def note(home: Home, folder: HotFolder, name: bytes, kind: str, reason: str) -> None:
    """List something with a reason, the first time."""
    with home.writing() as session:
        if receiving.note_not_a_file(session, str(folder.path), name, kind, reason):
            log.info("refused something that is not taken in: %s", kind)


def refuse_for_now(home: Home, folder: HotFolder, name: bytes, kind: str, reason: str) -> None:
    """List something that is not taken in as it is now; it stays where it is, and the line ends when it is otherwise."""
    if name in listed_for_now(home, folder):
        return
    with home.writing() as session:
        receiving.note_not_a_file(session, str(folder.path), name, kind, reason)
    listed_for_now(home, folder).add(name)
    log.warning("something in a hot folder is not taken in (%s); 'chartroom sources' names it", kind)


def too_large(settings: Settings, inside: str = "") -> str:
    """Why a file over the site's limit, or a folder with one `inside`, is not taken in; it is not read."""
    what = f"The folder holds a file ({inside})" if inside else "The file is"
    return (
        f"{what} larger than {settings.file_megabytes:,} MB, the limit of this site. It stays in the hot folder. "
        "Split it and drop the parts, or ask your administrator to raise the limit."
    )


def listed_for_now(home: Home, folder: HotFolder) -> set[bytes]:
    """What of this folder is listed as not taken in for now; read once a process."""
    if folder.for_now is None:
        with home.reading() as session:
            folder.for_now = receiving.refused_files(session, str(folder.path))
    return folder.for_now


def end_refusals(home: Home, folder: HotFolder, names: set[bytes]) -> None:
    """What is gone or otherwise now is no longer listed."""
    if names:
        with home.writing() as session:
            receiving.forget_refused(session, str(folder.path), sorted(names))
        listed_for_now(home, folder).difference_update(names)
