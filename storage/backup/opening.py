"""Opens one backup with a secret: its manifest proved, its parts decrypted. What is wrong is named by file."""

import io
from dataclasses import dataclass
from pathlib import Path

from storage.backup import age, place
from storage.backup.contents import Table
from storage.backup.durable import Digest, Written, hash_file
from storage.backup.manifest import Manifest, load_manifest
from storage.backup.place import Place
from storage.backup.site import unpack_site
from storage.backup.snapshot import Stored
from storage.foundation.errors import BackupDamaged, BackupRefused


@dataclass(frozen=True, slots=True)
class Opened:
    """A backup whose manifest is the one that its home wrote."""

    place: Place
    manifest: Manifest
    master: bytes
    secrets: tuple[bytes, ...]

    def database_into(self, target: Digest) -> None:
        """Decrypt the database; BackupDamaged when it is not the one that was backed up."""
        digest = Digest(target)
        with (self.place.backup(self.manifest.backup) / place.DATABASE).open("rb") as file:
            age.unseal(file, digest, self.secrets)
        if digest.written.sha256 != self.manifest.database:
            raise BackupDamaged(f"{place.DATABASE} holds another database than the one that was backed up")

    def site(self) -> tuple[dict[str, bytes], tuple[Table, ...]]:
        """The other files of the home by their paths, and the tables of its database."""
        return unpack_site(_unsealed(self.place, self.manifest.backup, place.SITE, self.secrets))


def choose_backup(there: Place, backup_id: str | None = None) -> str:
    """This backup, or the newest that came to its end; BackupRefused when there is none."""
    whole = [each for each in there.backup_ids() if there.is_whole(each)]
    if backup_id is not None:
        if backup_id not in whole:
            raise BackupRefused(
                f"There is no backup {backup_id} in {there.folder}. 'chartroom backup list' shows them."
            )
        return backup_id
    if not whole:
        raise BackupRefused(f"There is no backup in {there.folder} that came to its end.")
    return whole[-1]


def open_backup(there: Place, backup_id: str, secrets: tuple[bytes, ...]) -> Opened:
    """A backup, proved to be whole but for its stored files; KeyWrong, or BackupDamaged that names the file."""
    try:
        manifest = load_manifest(there, backup_id)
    except BackupDamaged as error:
        raise BackupDamaged(f"The backup {backup_id} cannot be used: its {place.MANIFEST} {error}.") from error
    for name in place.PARTS:
        if why := part_problem(there, manifest, name):
            raise BackupDamaged(f"The backup {backup_id} cannot be used: its {name} {why}.")
    master = read_master(there, backup_id, secrets)
    if not manifest.is_sealed_by(master):
        raise BackupDamaged(f"The backup {backup_id} cannot be used: its {place.MANIFEST} was changed.")
    return Opened(there, manifest, master, secrets)


def read_master(there: Place, backup_id: str, secrets: tuple[bytes, ...]) -> bytes:
    """The master key that lies in a backup; KeyWrong when none of these secrets opens it."""
    try:
        return bytes.fromhex(_unsealed(there, backup_id, place.KEY, secrets).decode("ascii"))
    except ValueError as error:
        raise BackupDamaged(f"{place.KEY} holds no master key") from error


def part_problem(there: Place, manifest: Manifest, name: str) -> str:
    """What is wrong with one part of a backup; nothing when it is what was written."""
    return file_problem(there.backup(manifest.backup) / name, manifest.part(name).size, manifest.part(name).sha256)[0]


def file_problem(path: Path, size: int, sha256: str) -> tuple[str, Written | None]:
    """What is wrong with a file that should have this size and SHA-256, and what it is; the first is empty when it is right."""
    try:
        found = hash_file(path)
    except FileNotFoundError:
        return "is missing", None
    except OSError:
        return "cannot be read: the disk reports an error", None
    if found.sha256 == sha256 and found.size == size:
        return "", found
    if found.size < size:
        return f"was cut: {found.size:,} of {size:,} bytes are left", found
    return "was changed", found


def read_stored(there: Place, manifest: Manifest) -> tuple[Stored, ...]:
    """The stored files that a backup names; BackupDamaged when the list is not what was written."""
    if why := part_problem(there, manifest, place.FILES):
        raise BackupDamaged(why)
    try:
        text = (there.backup(manifest.backup) / place.FILES).read_text(encoding="ascii")
        rows = [line.split(" ") for line in text.splitlines()]
        return tuple(Stored(blob_id, int(size)) for blob_id, size in rows)
    except ValueError as error:
        raise BackupDamaged("was changed") from error


def _unsealed(there: Place, backup_id: str, name: str, secrets: tuple[bytes, ...]) -> bytes:
    out = io.BytesIO()
    try:
        with (there.backup(backup_id) / name).open("rb") as file:
            age.unseal(file, out, secrets)
    except FileNotFoundError as error:
        raise BackupDamaged(f"The backup {backup_id} cannot be used: its {name} is missing.") from error
    return out.getvalue()
