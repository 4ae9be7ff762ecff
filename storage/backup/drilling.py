"""`chartroom backup drill`: a backup restored into a scratch folder, compared, and removed. What was never restored is no backup."""

import contextlib
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from storage.backup.comparing import compare, read_all
from storage.backup.contents import differences, read_contents
from storage.backup.locks import held
from storage.backup.outcomes import Kind, noted
from storage.backup.restoring import Laid, Target, lay
from storage.custody import integrity
from storage.foundation import database, keys
from storage.foundation.home import Home
from storage.foundation.permissions import Action, Actor, check_can
from storage.opening import open_home


@dataclass(frozen=True, slots=True)
class Drilled:
    """What a drill found. `changed`: documents and pages that were worked on since the backup; they are no problem."""

    backup: str
    documents: int
    pages: int
    lines: int
    files: int
    changed: int
    with_paper_key: bool  # the key of the backups was tried, not the one of this home
    problems: tuple[str, ...]


def drill(
    home: Home,
    folder: Path,
    actor: Actor,
    *,
    secrets: tuple[bytes, ...] = (),
    scratch: Path | None = None,
    backup_id: str | None = None,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> Drilled:
    """Restore a backup (the newest) beside, read all of it, and compare it with its own counts and hashes and with this home.

    `secrets` as of `restore`; without any the home's own open it. The scratch folder (default: beside the data home) needs the
    room of a whole archive, and is removed however the drill ends.
    """
    check_can(actor, Action.KEEP_BACKUPS)
    own = keys.backup_secret(keys.load_master_key(home.key_file))
    with noted(home, Kind.DRILL, folder.absolute(), actor) as ending:
        with _scratch_folder(home, scratch or home.path.parent) as place:
            target = Target(place / "home", place / "keys" / "home.key")
            laid = lay(folder, secrets or (own,), target, backup_id, progress)
            drilled = _compare(home, laid, target, progress, with_paper_key=bool(secrets) and own not in secrets)
        ending.subject = f"backup:{drilled.backup}"
        ending.is_good, ending.found = not drilled.problems, _sentence(drilled)
        ending.detail = {
            "documents": drilled.documents, "pages": drilled.pages, "lines": drilled.lines,
            "problems": len(drilled.problems),
        }  # fmt: skip
    return drilled


@contextlib.contextmanager
def _scratch_folder(home: Home, within: Path) -> Iterator[Path]:
    """A folder that is gone at the end. One of a drill that was killed is removed first: a home lies in it with its key."""
    prefix = f"chartroom-drill-{home.id}-"
    with held(home.path / ".drill.lock", "Another drill of this data home is running. Wait until it has ended."):
        for left in within.glob(f"{prefix}*"):
            shutil.rmtree(left)
        place = Path(tempfile.mkdtemp(prefix=prefix, dir=within))
        try:
            yield place
        finally:
            shutil.rmtree(place)


def _compare(
    home: Home, laid: Laid, target: Target, progress: Callable[[int, int], None], *, with_paper_key: bool
) -> Drilled:
    problems = [f"stored file {blob_id[:12]} is not whole in the backup" for blob_id in laid.lacking]
    problems += _compare_tables(laid, target)
    restored = open_home(target.home, target.key_file)
    try:
        with restored.reading() as session:
            problems += integrity.verify(session, restored.vault).problems
        problems += read_all(restored, progress)
        compared = compare(restored, home)
    finally:
        restored.close()
    manifest = laid.manifest
    for name, counted, told in (
        ("documents", compared.documents, manifest.documents),
        ("pages", compared.pages, manifest.pages),
        ("audit lines", compared.lines, manifest.lines),
    ):
        if counted != told:
            problems.append(f"{counted} {name} instead of {told}")
    if manifest.home != home.id:
        problems.insert(0, f"the backup is of another data home ({manifest.home})")
    return Drilled(
        backup=manifest.backup,
        documents=compared.documents,
        pages=compared.pages,
        lines=compared.lines,
        files=manifest.files,
        changed=compared.changed,
        with_paper_key=with_paper_key,
        problems=tuple(dict.fromkeys([*problems, *compared.problems])),
    )


def _compare_tables(laid: Laid, target: Target) -> list[str]:
    """The restored database, before anybody opens it for work, with the counts and hashes of the snapshot."""
    master = keys.load_master_key(laid.key_file)
    engine = database.make_engine(target.home / "chartroom.db", keys.Keys.derived_from(master).database)
    try:
        return differences(laid.tables, read_contents(engine))
    finally:
        engine.dispose()


def _sentence(drilled: Drilled) -> str:
    found = (
        f"{drilled.documents:,} documents, {drilled.pages:,} pages, {drilled.lines:,} audit lines restored and compared"
    )
    if drilled.problems:
        return f"{found}; {len(drilled.problems)} problems."
    return f"{found}; all the same."
