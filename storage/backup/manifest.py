"""The manifest of a backup: what belongs to it, with hashes and counts, sealed with a key of the home."""

import hashlib
import hmac
import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from storage.backup.durable import Written
from storage.backup.place import MANIFEST, PARTS, Place
from storage.foundation import keys
from storage.foundation.errors import BackupDamaged

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Part:
    """One file of the backup: its name, size in bytes and SHA-256."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What one backup holds. `head` is the MAC of the last audit line: a checkpoint of the log outside of the database."""

    backup: str
    home: str
    made_at: str  # ISO 8601, UTC
    schema: str
    recipient: str  # the public half that it was encrypted to
    database: str  # SHA-256 of the database in it, before encryption
    parts: tuple[Part, ...]
    files: int
    size: int  # bytes of the stored files
    missing: tuple[str, ...]  # stored files that were damaged or gone in the vault already
    documents: int
    pages: int
    lines: int
    head: str
    seal: str = ""  # HMAC-SHA-256 over all the rest, under a key of the home
    format: int = FORMAT

    @property
    def made(self) -> datetime:
        """When it was made."""
        return datetime.fromisoformat(self.made_at)

    def part(self, name: str) -> Part:
        """One of its files by name."""
        return next(part for part in self.parts if part.name == name)

    def sealed(self, master: bytes) -> "Manifest":
        """The same with its seal."""
        return replace(self, seal=self._seal(master))

    def is_sealed_by(self, master: bytes) -> bool:
        """Whether this is what was written, by the home of this master key."""
        return hmac.compare_digest(self.seal, self._seal(master))

    def as_bytes(self) -> bytes:
        """The file as it is kept."""
        return (json.dumps(asdict(self), indent=1, sort_keys=True) + "\n").encode("ascii")

    def _seal(self, master: bytes) -> str:
        return hmac.new(keys.manifest_key(master), replace(self, seal="").as_bytes(), hashlib.sha256).hexdigest()


def part_of(name: str, written: Written) -> Part:
    """A file that was written, as the manifest names it."""
    return Part(name, written.size, written.sha256)


def load_manifest(place: Place, backup_id: str) -> Manifest:
    """The manifest of a backup; BackupDamaged says what is wrong with it."""
    try:
        read = json.loads((place.backup(backup_id) / MANIFEST).read_bytes())
    except FileNotFoundError as error:
        raise BackupDamaged("is missing: this backup did not come to its end") from error
    except ValueError as error:
        raise BackupDamaged("was changed or cut") from error
    manifest = _read(read)
    if manifest.backup != backup_id:
        raise BackupDamaged(f"is mixed up: it is that of the backup {manifest.backup}")
    return manifest


def _read(read: Any) -> Manifest:
    if isinstance(read, dict) and isinstance(read.get("format"), int) and read["format"] > FORMAT:
        raise BackupDamaged("was written by a newer Chartroom: install that version")
    try:
        parts = tuple(Part(**part) for part in read.pop("parts"))
        manifest = Manifest(**read | {"parts": parts, "missing": tuple(read["missing"])})
        is_right = sorted(part.name for part in parts) == sorted(PARTS) and bool(manifest.made.tzinfo)
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        raise BackupDamaged("was changed") from error
    if not is_right:
        raise BackupDamaged("was changed")
    return manifest
