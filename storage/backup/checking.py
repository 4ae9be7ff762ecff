"""`chartroom backup check`: every file of every backup in a folder is read; damage is named file by file."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from storage.backup import place
from storage.backup.durable import Digest
from storage.backup.manifest import Manifest, load_manifest
from storage.backup.opening import Opened, file_problem, part_problem, read_master, read_stored
from storage.backup.outcomes import Kind, noted
from storage.backup.place import Place
from storage.backup.snapshot import Stored
from storage.foundation import keys
from storage.foundation.errors import BackupDamaged, KeyWrong
from storage.foundation.home import Home
from storage.foundation.permissions import Action, Actor, check_can


@dataclass(frozen=True, slots=True)
class Damage:
    """A file that is not what was written: its path in the backup folder, what is wrong, and a backup that needs it."""

    file: str
    why: str
    backup: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found. `unfinished`: backups without a manifest, which are none; `unnamed`: stored files of no backup."""

    backups: int
    files: int
    damages: tuple[Damage, ...]
    unfinished: tuple[str, ...]
    unnamed: int


@dataclass(frozen=True, slots=True)
class Who:
    """Against what the backups are proved: secrets that should open them, and the home that they should be of."""

    secrets: tuple[bytes, ...] = ()
    home_id: str | None = None


def check_of_home(
    home: Home,
    folder: Path,
    actor: Actor,
    secrets: tuple[bytes, ...] = (),
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> Checked:
    """Check the backups of this home, and keep how it ended. With `secrets` these must open every backup; without, the home's
    own do. BackupRefused when the folder is not there or holds no backup."""
    check_can(actor, Action.KEEP_BACKUPS)
    with noted(home, Kind.CHECK, folder.absolute(), actor) as ending:
        own = (keys.backup_secret(keys.load_master_key(home.key_file)),)
        checked = check_folder(folder, Who(secrets or own, home.id), progress)
        damaged = len(checked.damages)
        ending.is_good = not damaged
        ending.found = f"{checked.backups} backups, {checked.files:,} files read, {damaged} damaged."
        ending.detail = {"backups": checked.backups, "files": checked.files, "damaged": damaged}
    return checked


def check_folder(folder: Path, who: Who, progress: Callable[[int, int], None] = lambda done, of: None) -> Checked:
    """Read every file of every backup in this folder. Without any secret nothing is decrypted: hashes are compared."""
    there = place.existing(folder)
    ids = there.backup_ids()
    unfinished = tuple(each for each in ids if not there.is_whole(each))
    whole = [each for each in ids if there.is_whole(each)]
    if not whole:
        raise BackupDamaged(f"There is no backup in {there.folder} that came to its end.")
    damages: list[Damage] = []
    named: dict[str, tuple[Stored, str]] = {}
    absent: set[str] = set()
    for backup_id in whole:
        damages += _check_backup(there, backup_id, who, named, absent)
    for number, (stored, backup_id) in enumerate(named.values(), start=1):
        damages += _check_stored(there, stored, backup_id, named)
        progress(number, len(named))
    unnamed = sum(1 for blob_id in there.stored_ids() if blob_id not in named and blob_id not in absent)
    read = len(named) + len(whole) * (len(place.PARTS) + 1)
    return Checked(len(whole), read, tuple(damages), unfinished, unnamed)


def _check_backup(
    there: Place, backup_id: str, who: Who, named: dict[str, tuple[Stored, str]], absent: set[str]
) -> Iterator[Damage]:
    """Damage of one backup's own files; the stored files that it names are added to `named`, each with one backup."""

    def damage(name: str, why: str) -> Damage:
        return Damage(f"backups/{backup_id}/{name}", why, backup_id)

    try:
        manifest = load_manifest(there, backup_id)
    except BackupDamaged as error:
        yield damage(place.MANIFEST, str(error))
        return
    if who.home_id is not None and manifest.home != who.home_id:
        yield damage(place.MANIFEST, f"is mixed up: it is a backup of another data home ({manifest.home})")
        return
    problems = {name: part_problem(there, manifest, name) for name in place.PARTS}
    yield from (damage(name, why) for name, why in problems.items() if why)
    if not problems[place.FILES]:
        for stored in read_stored(there, manifest):
            named.setdefault(stored.id, (stored, backup_id))
    for blob_id in manifest.missing:  # told when the backup was made; whole by now when a later one brought it
        if not there.stored(blob_id).exists():
            named.pop(blob_id, None)
            absent.add(blob_id)
            yield Damage(
                f"files/{blob_id[:2]}/{blob_id}", "was damaged or missing in the vault when it was backed up", backup_id
            )
    if who.secrets and not any(problems.values()):
        yield from _check_opens(there, manifest, who, damage)


def _check_opens(there: Place, manifest: Manifest, who: Who, damage: Callable[[str, str], Damage]) -> Iterator[Damage]:
    try:
        master = read_master(there, manifest.backup, who.secrets)
    except KeyWrong:
        yield damage(place.KEY, f"does not open with this key: it was made for {manifest.recipient}")
        return
    except BackupDamaged as error:
        yield damage(place.KEY, str(error))
        return
    if not manifest.is_sealed_by(master):
        yield damage(place.MANIFEST, "was changed")
        return
    opened = Opened(there, manifest, master, who.secrets)
    for name, open_part in ((place.DATABASE, lambda: opened.database_into(Digest())), (place.SITE, opened.site)):
        try:
            open_part()
        except (KeyWrong, BackupDamaged) as error:
            yield damage(name, str(error))


def _check_stored(
    there: Place, stored: Stored, backup_id: str, named: dict[str, tuple[Stored, str]]
) -> Iterator[Damage]:
    why, found = file_problem(there.stored(stored.id), stored.size, stored.id)
    if why and found is not None and found.sha256 in named:
        why = f"is mixed up: it holds the stored file {found.sha256[:12]}"
    if why:
        yield Damage(f"files/{stored.id[:2]}/{stored.id}", why, backup_id)
