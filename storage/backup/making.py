"""`chartroom backup`: a snapshot of the database, the stored files it names, and the manifest, in this order.

Stored files are write-once, so whatever the snapshot names lies in the vault however long the copying takes. They are
encrypted already, each under its own key, and are copied as they are: the name is the SHA-256 of what lies there, so that a
check needs no key and a second backup copies only what is new. Everything that opens them is encrypted to the recipient.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from storage.backup import age, place, snapshot
from storage.backup.copying import copy_stored
from storage.backup.durable import Digest, hash_file, write_bytes, write_whole
from storage.backup.manifest import Manifest, Part, part_of
from storage.backup.outcomes import Kind, find_outcome, noted
from storage.backup.place import Place
from storage.backup.recipient import find_recipient
from storage.backup.site import pack_site
from storage.backup.snapshot import Snapshot, Stored
from storage.foundation import keys
from storage.foundation.clock import utc_now
from storage.foundation.errors import BackupRefused, BlobDamaged, BlobMissing
from storage.foundation.folders import fsync_folder
from storage.foundation.home import Home
from storage.foundation.permissions import Action, Actor, check_can


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that came to its end."""

    manifest: Manifest
    copied: int
    copied_bytes: int
    mended: int  # files of earlier backups that were damaged and are whole again


@dataclass(slots=True)
class _Copied:
    files: int = 0
    size: int = 0
    mended: int = 0


def make_backup(
    home: Home,
    folder: Path,
    actor: Actor,
    *,
    mends: bool = False,
    starts_new: bool = False,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> Made:
    """Back a data home up into this folder, while it is worked with.

    A stored file that lies there with its right size is not copied again; `mends` reads each and replaces what is damaged.
    `starts_new` allows an empty folder where the last backup was made. BackupRefused, NotAllowed, OSError of either disk.
    """
    check_can(actor, Action.KEEP_BACKUPS)
    with noted(home, Kind.BACKUP, folder.absolute(), actor) as ending:
        there = place.existing(folder)
        recipient = _check_ready(home, there, starts_new=starts_new)
        with place.alone(there), snapshot.taken(home) as taken:
            backup_id = place.new_id(utc_now())
            ending.subject = f"backup:{backup_id}"
            copied, missing = _copy_files(home, there, taken.stored, progress, mends=mends)
            master = keys.load_master_key(home.key_file)
            parts = _write_parts(home, there, backup_id, taken, master, recipient)
            manifest = _manifest(home, backup_id, recipient, taken, parts, missing).sealed(master)
            write_bytes(there.backup(backup_id) / place.MANIFEST, there.scratch, manifest.as_bytes())
        made = Made(manifest, copied.files, copied.size, copied.mended)
        ending.is_good, ending.found = not missing, _sentence(made)
        ending.detail = {
            "files": manifest.files, "copied": copied.files, "mended": copied.mended, "missing": len(missing),
        }  # fmt: skip
    return made


def _check_ready(home: Home, there: Place, *, starts_new: bool) -> str:
    """The recipient; BackupRefused says what has to be done before."""
    with home.reading() as session:
        recipient, last = find_recipient(session), find_outcome(session, Kind.BACKUP)
    if recipient is None:
        raise BackupRefused("There is no backup key yet. Run 'chartroom backup key' once and keep what it prints.")
    inner, outer = there.folder.resolve(), home.path.resolve()
    if inner.is_relative_to(outer) or home.key_file.resolve().is_relative_to(inner):
        raise BackupRefused(f"{there.folder} is part of the data home, or holds its key file. Back up to another disk.")
    was_here = last is not None and last.good_at is not None and last.place == str(there.folder)
    if was_here and not there.is_begun and not starts_new:
        raise BackupRefused(
            f"The last backup was made in {there.folder}, and there is none now. Is its disk connected? If the folder is "
            "meant to be empty, say --start-new."
        )
    return recipient


def _copy_files(
    home: Home, there: Place, stored: tuple[Stored, ...], progress: Callable[[int, int], None], *, mends: bool
) -> tuple[_Copied, tuple[str, ...]]:
    copied, missing = _Copied(), []
    for number, file in enumerate(stored, start=1):
        is_there = there.stored(file.id).exists()
        if not _is_whole(there, file, mends=mends):
            try:
                copied.size += copy_stored(home.vault.path(file.id), there.stored(file.id), there.scratch, file.id)
            except (BlobMissing, BlobDamaged):
                missing.append(file.id)
            else:
                copied.files, copied.mended = copied.files + 1, copied.mended + is_there
        progress(number, len(stored))
    return copied, tuple(missing)


def _is_whole(there: Place, file: Stored, *, mends: bool) -> bool:
    path = there.stored(file.id)
    if not path.exists() or path.stat().st_size != file.size:
        return False
    return not mends or _hash_or_damage(path) == file.id


def _hash_or_damage(path: Path) -> str:
    """The SHA-256 of a file of the backup; nothing for one that the disk cannot read: it is written anew."""
    try:
        return hash_file(path).sha256
    except OSError:
        return ""


def _write_parts(
    home: Home, there: Place, backup_id: str, taken: Snapshot, master: bytes, recipient: str
) -> tuple[Part, ...]:
    recipients = (recipient, age.recipient_of(keys.backup_secret(master)))
    folder = there.backup(backup_id)

    def sealed(name: str, source: IO[bytes]) -> Part:
        def fill(digest: Digest) -> None:
            age.seal(source, digest, recipients)

        return part_of(name, write_whole(folder / name, there.scratch, fill))

    with taken.file.open("rb") as database:
        parts = [sealed(place.DATABASE, database)]
    parts += [
        sealed(place.SITE, io.BytesIO(pack_site(home.path, taken.tables))),
        sealed(place.KEY, io.BytesIO(master.hex().encode("ascii") + b"\n")),
    ]
    listed = "".join(f"{file.id} {file.size}\n" for file in taken.stored).encode("ascii")
    parts.append(part_of(place.FILES, write_bytes(folder / place.FILES, there.scratch, listed)))
    fsync_folder(folder.parent)
    return tuple(parts)


def _manifest(
    home: Home, backup_id: str, recipient: str, taken: Snapshot, parts: tuple[Part, ...], missing: tuple[str, ...]
) -> Manifest:
    return Manifest(
        backup=backup_id,
        home=home.id,
        made_at=utc_now().isoformat(timespec="seconds"),
        schema=taken.schema,
        recipient=recipient,
        database=taken.sha256,
        parts=parts,
        files=len(taken.stored),
        size=sum(file.size for file in taken.stored),
        missing=missing,
        documents=taken.documents,
        pages=taken.pages,
        lines=taken.lines,
        head=taken.head,
    )


def _sentence(made: Made) -> str:
    of = made.manifest
    found = f"{of.documents:,} documents, {of.pages:,} pages, {of.files:,} stored files, {made.copied:,} of them new."
    if of.missing:
        return f"{found} {len(of.missing):,} stored files were damaged or missing in the vault and are not in it."
    return found
