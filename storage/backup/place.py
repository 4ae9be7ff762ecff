"""What lies in a backup folder: stored files, each once, and the backups that name them.

FOLDER/files/ab/abcd…        a stored file as it lies in the vault, under the SHA-256 that is its name there
FOLDER/backups/ID/           one backup: database.age, site.age, key.age, files.txt, and manifest.json, written last
FOLDER/tmp/                  what is being written; anything there is left by a run that was killed
"""

import contextlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from storage.backup.locks import held
from storage.foundation.clock import name_time
from storage.foundation.errors import BackupRefused
from storage.foundation.folders import make_folder

MANIFEST = "manifest.json"
DATABASE, SITE, KEY, FILES = "database.age", "site.age", "key.age", "files.txt"
PARTS = (DATABASE, SITE, KEY, FILES)
"""The files of one backup that its manifest vouches for."""


@dataclass(frozen=True, slots=True)
class Place:
    """A folder that holds backups."""

    folder: Path

    @property
    def scratch(self) -> Path:
        return self.folder / "tmp"

    @property
    def is_begun(self) -> bool:
        """Whether a backup was ever begun here."""
        return (self.folder / "backups").is_dir()

    def stored(self, blob_id: str) -> Path:
        """Where a stored file lies here."""
        return self.folder / "files" / blob_id[:2] / blob_id

    def backup(self, backup_id: str) -> Path:
        """The folder of one backup."""
        return self.folder / "backups" / backup_id

    def backup_ids(self) -> list[str]:
        """Every backup that was begun here, oldest first."""
        folder = self.folder / "backups"
        return sorted(entry.name for entry in folder.iterdir() if entry.is_dir()) if folder.is_dir() else []

    def is_whole(self, backup_id: str) -> bool:
        """Whether this backup came to its end: without its manifest it is none."""
        return (self.backup(backup_id) / MANIFEST).is_file()

    def stored_ids(self) -> Iterator[str]:
        """The name of every stored file here, named by a backup or not."""
        folder = self.folder / "files"
        for below in folder.iterdir() if folder.is_dir() else ():
            yield from (file.name for file in below.iterdir())


def new_id(at: datetime) -> str:
    """The name of a backup that is begun now: they sort by time."""
    return f"{name_time(at)}-{secrets.token_hex(3)}"


def existing(folder: Path) -> Place:
    """The backup folder; BackupRefused when it is not there, as when its disk is not connected."""
    if not folder.is_dir():
        raise BackupRefused(f"{folder} is not there. Connect the disk of the backups, or make the folder first.")
    return Place(folder.absolute())


@contextlib.contextmanager
def alone(place: Place) -> Iterator[None]:
    """Nobody else writes here meanwhile, and what a killed run left is gone; BackupRefused when somebody does."""
    make_folder(place.scratch)
    with held(place.folder / ".lock", f"Another backup to {place.folder} is running. Wait until it has ended."):
        for left in place.scratch.iterdir():
            left.unlink()
        yield
