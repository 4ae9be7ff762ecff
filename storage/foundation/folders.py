"""Folders whose names are durable: after a power cut they are there."""

import os
from pathlib import Path


def fsync_folder(folder: Path | str | bytes) -> None:
    """Make the names in a folder durable (a file's own fsync does not)."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_folder(folder: Path) -> None:
    """The folder with all above it, for this account only, their names durable; one that is there stays as it is."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True, mode=0o700)
    fsync_folder(folder.parent)
