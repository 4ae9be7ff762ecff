"""`chartroom restore`: a data home made again from a backup, onto an empty place, in steps that may be repeated.

A mark is left before anything else and taken away at the end; a home that bears it opens for nobody. `home.json`, which
makes a folder a data home, is written last but that. A kill between two steps leaves what was copied, each file whole, and
the next run goes on.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from storage.backup import place
from storage.backup.contents import Table
from storage.backup.copying import copy_stored
from storage.backup.durable import hash_file, write_bytes, write_whole
from storage.backup.manifest import Manifest
from storage.backup.opening import Opened, choose_backup, open_backup, read_stored
from storage.backup.site import HOME_FILE
from storage.custody import integrity
from storage.foundation import audit, keys
from storage.foundation.actions import AuditAction
from storage.foundation.errors import BackupDamaged, BackupRefused, BlobDamaged, BlobMissing
from storage.foundation.folders import fsync_folder, make_folder
from storage.foundation.home import RESTORING
from storage.foundation.permissions import Action, Actor, check_can
from storage.opening import open_home

_SCRATCH = ".restore"


@dataclass(frozen=True, slots=True)
class Target:
    """Where a home is restored to, and its key file; None: the usual place of the account."""

    home: Path
    key_file: Path | None


@dataclass(frozen=True, slots=True)
class Laid:
    """A home as it lies after a restore, not yet opened. `lacking`: stored files that the backup does not have whole."""

    manifest: Manifest
    key_file: Path
    copied: int
    lacking: tuple[str, ...]
    tables: tuple[Table, ...]


@dataclass(frozen=True, slots=True)
class Restored:
    """A home that is open for work again, and what `verify` says of it."""

    laid: Laid
    report: integrity.Report


def restore(
    folder: Path,
    secrets: tuple[bytes, ...],
    target: Target,
    actor: Actor,
    backup_id: str | None = None,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> Restored:
    """Restore a backup (the newest) from this folder onto an empty place, then verify it and tell the audit log.

    BackupRefused when something lies there; KeyWrong; BackupDamaged names the file.
    """
    check_can(actor, Action.KEEP_BACKUPS)
    laid = lay(folder, secrets, target, backup_id, progress)
    home = open_home(target.home, laid.key_file)
    try:
        with home.writing() as session:
            report = integrity.verify(session, home.vault)
            is_good = not (report.problems or laid.lacking)
            audit.record(
                session, actor, AuditAction.RESTORE, f"backup:{laid.manifest.backup}",
                outcome="ok" if is_good else "failed", made_at=laid.manifest.made_at, problems=len(report.problems),
            )  # fmt: skip
    finally:
        home.close()
    return Restored(laid, report)


def lay(
    folder: Path,
    secrets: tuple[bytes, ...],
    target: Target,
    backup_id: str | None = None,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> Laid:
    """Everything of a backup at its place in a home, durable; nothing is opened."""
    there = place.existing(folder)
    begun = _begun(target.home)
    opened = open_backup(there, choose_backup(there, backup_id or begun), secrets)
    manifest = opened.manifest
    if begun not in (None, manifest.backup):
        raise BackupRefused(
            f"In {target.home} a restore of the backup {begun} was begun. Go on with that one, or empty the folder first."
        )
    key_file = target.key_file or keys.default_key_file(manifest.home)
    _check_key_place(key_file, target.home, opened.master)
    scratch = target.home / _SCRATCH
    make_folder(scratch)
    write_bytes(target.home / RESTORING, scratch, json.dumps({"backup": manifest.backup}).encode("ascii"))
    _sweep(scratch)
    keys.keep_key_file(key_file, opened.master)
    copied, lacking = _lay_files(opened, target.home, progress)
    tables = _lay_rest(opened, target.home)
    _end(target.home)
    return Laid(manifest, key_file, copied, lacking, tables)


def _begun(home: Path) -> str | None:
    """The backup whose restore was begun here; BackupRefused when anything else lies here."""
    if not home.exists() or not any(home.iterdir()):
        return None
    try:
        return str(json.loads((home / RESTORING).read_bytes())["backup"])
    except (FileNotFoundError, ValueError, KeyError, TypeError) as error:
        if [entry.name for entry in home.iterdir()] == [_SCRATCH]:  # killed before its first file
            return None
        raise BackupRefused(
            f"{home} is not empty. A backup is restored onto an empty place only: name another folder in CHARTROOM_HOME, or "
            "move what lies there away."
        ) from error


def _check_key_place(key_file: Path, home: Path, master: bytes) -> None:
    if key_file.resolve().is_relative_to(home.resolve()):
        raise BackupRefused(
            f"The key file {key_file} would lie inside the data home. Set CHARTROOM_KEY_FILE elsewhere."
        )
    if key_file.exists() and keys.load_master_key(key_file) != master:
        raise BackupRefused(
            f"There is another key in {key_file}. Move it away, or name another place in CHARTROOM_KEY_FILE."
        )


def _sweep(scratch: Path) -> None:
    for left in scratch.iterdir():
        left.unlink()


def _lay_files(opened: Opened, home: Path, progress: Callable[[int, int], None]) -> tuple[int, tuple[str, ...]]:
    """The stored files into the vault, those that lie there whole left; which the backup does not have whole is given."""
    for name in ("vault/tmp", "hot", "logs"):
        make_folder(home / name)
    try:
        stored = read_stored(opened.place, opened.manifest)
    except BackupDamaged as error:
        raise BackupDamaged(
            f"The backup {opened.manifest.backup} cannot be used: its {place.FILES} {error}."
        ) from error
    copied, lacking = 0, []
    for number, file in enumerate(stored, start=1):
        final = home / "vault" / file.id[:2] / file.id
        if not (final.exists() and final.stat().st_size == file.size):
            try:
                copy_stored(opened.place.stored(file.id), final, home / _SCRATCH, file.id)
            except (BlobMissing, BlobDamaged):
                lacking.append(file.id)
            else:
                copied += 1
        progress(number, len(stored))
    return copied, tuple(lacking)


def _lay_rest(opened: Opened, home: Path) -> tuple[Table, ...]:
    """Database, profile and forms; `home.json` last."""
    scratch, database = home / _SCRATCH, home / "chartroom.db"
    if not (database.exists() and hash_file(database).sha256 == opened.manifest.database):
        write_whole(database, scratch, opened.database_into)
    files, tables = opened.site()
    for name, content in sorted(files.items(), key=lambda named: named[0] == HOME_FILE):
        write_bytes(home / name, scratch, content)
    return tables


def _end(home: Path) -> None:
    (home / _SCRATCH).rmdir()
    (home / RESTORING).unlink()
    fsync_folder(home)
