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


def refuse_too_large(home: Home, folder: HotFolder, name: bytes, settings: Settings, inside: str = "") -> None:
    """List a file over the site's limit, or a folder with one `inside`. It is not read and stays where it is; once it is
    smaller it is taken in."""
    if name in listed_too_large(home, folder):
        return
    what = f"The folder holds a file ({inside})" if inside else "The file is"
    reason = (
        f"{what} larger than {settings.file_megabytes:,} MB, the limit of this site. It stays in the hot folder. "
        "Split it and drop the parts, or ask your administrator to raise the limit."
    )
    with home.writing() as session:
        receiving.note_not_a_file(session, str(folder.path), name, receiving.TOO_LARGE, reason)
    listed_too_large(home, folder).add(name)
    log.warning("a file over the limit of %s MB was refused; 'chartroom sources' names it", settings.file_megabytes)


def listed_too_large(home: Home, folder: HotFolder) -> set[bytes]:
    """The files of this folder that are listed as over the limit; read once a process."""
    if folder.too_large is None:
        with home.reading() as session:
            folder.too_large = receiving.refused_files(session, str(folder.path))
    return folder.too_large


def end_refusals(home: Home, folder: HotFolder, names: set[bytes]) -> None:
    """Files over the limit that are gone or smaller now are no longer listed."""
    if names:
        with home.writing() as session:
            receiving.forget_refused(session, str(folder.path), sorted(names))
        listed_too_large(home, folder).difference_update(names)
