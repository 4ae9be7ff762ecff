"""A home of thirty documents is backed up under work, damaged in every way, restored and compared."""

import errno
import json
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlmodel import select

from storage.backup import age, locks, place
from storage.backup.checking import Who, check_folder, check_of_home
from storage.backup.drilling import Drilled, drill
from storage.backup.making import make_backup
from storage.backup.manifest import load_manifest
from storage.backup.outcomes import Kind, find_outcome
from storage.backup.place import Place
from storage.backup.restoring import Target, restore
from storage.custody import integrity
from storage.documents import leases, moves
from storage.documents.filing import filed_pdf
from storage.foundation import keys
from storage.foundation.errors import BackupDamaged, BackupRefused, HomeNotReady, KeyWrong, NotAllowed
from storage.foundation.home import RESTORING, Home
from storage.foundation.tables.audit import AuditEvent
from storage.foundation.tables.documents import Document
from storage.opening import make_home, open_home
from tests.given.backups import PROFILE, backed_up, fill, key_of, more_work
from tests.given.records import OLGA, SAM, TESS
from tests.given.template import Template
from tests.given.trying import contents

DOCUMENTS, FILED = 30, 8
FILES = 100
"""Stored files of such a home: a scan and two page images of each document, PDFs of the filed ones and of the pages."""


class _Killed(BaseException):
    """The process ends here."""


@pytest.fixture(scope="module")
def starting_home(tmp_path_factory: pytest.TempPathFactory, empty_home: Template) -> Template:
    """Thirty documents of two pages, eight of them filed, a profile and a form; its key file."""
    home = empty_home.copied_to(tmp_path_factory.mktemp("thirty"))
    fill(home, DOCUMENTS, FILED)
    return Template.of(home)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, starting_home: Template) -> Iterator[tuple[Template, Path, bytes]]:
    """Such a home with one backup: its template, the folder of backups, the secret of the backup key."""
    folder = tmp_path_factory.mktemp("made")
    home = starting_home.copied_to(folder)
    secret = key_of(home)
    backed_up(home, folder / "backups")
    yield Template.of(home), folder / "backups", secret


@pytest.fixture
def copied(made: tuple[Template, Path, bytes], tmp_path: Path) -> Iterator[tuple[Home, Path, bytes]]:
    """A copy of both, to be damaged."""
    template, folder, secret = made
    home = template.copied_to(tmp_path)
    shutil.copytree(folder, tmp_path / "backups")
    yield home, tmp_path / "backups", secret
    home.close()


def _target(tmp_path: Path) -> Target:
    return Target(tmp_path / "again" / "home", tmp_path / "again" / "keys" / "home.key")


# ---- there and back


def test_what_is_restored_is_what_was_backed_up(copied: tuple[Home, Path, bytes], tmp_path: Path) -> None:
    home, folder, secret = copied
    target = _target(tmp_path)
    restored = restore(folder, (secret,), target, SAM)
    assert restored.report.problems == ()
    assert (restored.laid.manifest.documents, restored.laid.manifest.pages) == (DOCUMENTS, 2 * DOCUMENTS)
    assert restored.laid.copied == FILES
    again = open_home(target.home, target.key_file)
    assert again.id == home.id
    assert (target.home / "profile.toml").read_text(encoding="utf-8") == PROFILE
    assert (target.home / "forms" / "intake.json").read_text(encoding="utf-8") == "{}"
    before, after = contents(home), contents(again)
    for table in before.keys() - {"audit_event", "fact"}:  # the backup itself is noted in both
        assert after[table] == before[table], table
    lines = restored.laid.manifest.lines
    assert after["audit_event"][:lines] == before["audit_event"][:lines]
    assert [row[4] for row in after["audit_event"][lines:]] == ["restore"]
    with home.writing() as one, again.writing() as other:
        for document_id in one.exec(select(Document.id).where(Document.state == "filed")):
            assert filed_pdf(one, home.vault, document_id, SAM) == filed_pdf(other, again.vault, document_id, SAM)
    again.close()


def test_either_key_and_either_sheet_opens_it(copied: tuple[Home, Path, bytes], tmp_path: Path) -> None:
    home, folder, _ = copied
    master = keys.load_master_key(home.key_file)
    restored = restore(folder, (keys.backup_secret(master),), _target(tmp_path), SAM)
    assert restored.report.problems == ()
    with pytest.raises(KeyWrong, match="made for another key"):
        restore(folder, (age.new_secret(),), Target(tmp_path / "elsewhere", tmp_path / "other.key"), SAM)
    assert not (tmp_path / "elsewhere").exists()


def test_nothing_of_a_chart_and_no_key_can_be_read_in_the_folder(copied: tuple[Home, Path, bytes]) -> None:
    home, folder, secret = copied
    master = keys.load_master_key(home.key_file)
    known = [b"RIVERA", b"Rivera", b"00123456", b"SQLite format", b"mrn_pattern", master, master.hex().encode(), secret]
    for file in folder.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            assert [word for word in known if word in content] == [], file


def test_the_second_backup_copies_what_is_new_and_names_all(copied: tuple[Home, Path, bytes]) -> None:
    home, folder, _ = copied
    first = backed_up(home, folder)
    assert first.copied == 0
    more_work(home, 1)
    second = backed_up(home, folder)
    assert second.copied == 2  # the scan and its page image
    assert second.manifest.files == first.manifest.files + 2
    checked = check_folder(folder, Who())
    assert (checked.backups, checked.damages, checked.unnamed) == (3, (), 0)


def test_a_backup_under_work_is_of_one_moment(copied: tuple[Home, Path, bytes], tmp_path: Path) -> None:
    home, folder, secret = copied
    ended = threading.Event()

    def work() -> None:
        number = 0
        while not ended.is_set() and number < 30:
            number += 1
            more_work(home, number)

    worker = threading.Thread(target=work)
    worker.start()
    try:
        while _documents(home) == DOCUMENTS:
            ended.wait(0.01)
        backed_up(home, folder)
        found = drill(home, folder, SAM, secrets=(secret,))
    finally:
        ended.set()
        worker.join()
    assert found.problems == ()
    assert found.with_paper_key
    assert DOCUMENTS < found.documents <= _documents(home)


def _documents(home: Home) -> int:
    with home.reading() as session:
        return len(session.exec(select(Document.id)).all())


# ---- damage


def _files(folder: Path) -> list[Path]:
    return sorted(file for file in (folder / "files").rglob("*") if file.is_file())


def _of_backup(folder: Path, name: str) -> Path:
    (backup_id,) = Place(folder).backup_ids()
    return Place(folder).backup(backup_id) / name


def _cut(file: Path) -> None:
    file.chmod(0o600)
    file.write_bytes(file.read_bytes()[:-7])


def _change(file: Path) -> None:
    file.chmod(0o600)
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def _swap(folder: Path) -> Path:
    one, other = _files(folder)[:2]
    content = one.read_bytes(), other.read_bytes()
    for file, new in ((one, content[1]), (other, content[0])):
        file.chmod(0o600)
        file.write_bytes(new)
    return one


def _edit_manifest(folder: Path) -> Path:
    file = _of_backup(folder, place.MANIFEST)
    file.write_text(file.read_text().replace(f'"documents": {DOCUMENTS}', '"documents": 29'))
    return file


def _rename(folder: Path) -> Path:
    (backup_id,) = Place(folder).backup_ids()
    Place(folder).backup(backup_id).rename(Place(folder).backup("20200101T000000Z-000000"))
    return Place(folder).backup("20200101T000000Z-000000") / place.MANIFEST


def _each(change: Callable[[Path], None], find: Callable[[Path], Path]) -> Callable[[Path], Path]:
    def damage(folder: Path) -> Path:
        file = find(folder)
        change(file)
        return file

    return damage


def _stored(number: int) -> Callable[[Path], Path]:
    return lambda folder: _files(folder)[number]


def _part(name: str) -> Callable[[Path], Path]:
    return lambda folder: _of_backup(folder, name)


DAMAGES: dict[str, tuple[Callable[[Path], Path], str, bool]] = {
    "a stored file was cut": (_each(_cut, _stored(3)), "was cut: ", True),
    "a stored file was changed": (_each(_change, _stored(4)), "was changed", True),
    "a stored file is missing": (_each(Path.unlink, _stored(5)), "is missing", True),
    "two stored files are mixed up": (_swap, "is mixed up: it holds the stored file", True),
    "the database was cut": (_each(_cut, _part(place.DATABASE)), "was cut: ", False),
    "the database was changed": (_each(_change, _part(place.DATABASE)), "was changed", False),
    "the profile is missing": (_each(Path.unlink, _part(place.SITE)), "is missing", False),
    "the key was changed": (_each(_change, _part(place.KEY)), "was changed", False),
    "the list of files was cut": (_each(_cut, _part(place.FILES)), "was cut: ", False),
    "the manifest was edited": (_edit_manifest, "was changed", False),
    "the manifest was cut": (_each(_cut, _part(place.MANIFEST)), "was changed or cut", False),
    "a backup lies under another's name": (_rename, "is mixed up: it is that of the backup", False),
}
"""What is done to the folder, what the check says of it, and whether it can be mended from the vault."""


@pytest.mark.parametrize("name", DAMAGES)
def test_damage_is_named_file_by_file_and_mended_where_the_vault_has_it(
    copied: tuple[Home, Path, bytes], name: str
) -> None:
    home, folder, _ = copied
    assert check_of_home(home, folder, SAM).damages == ()
    damage, why, can_be_mended = DAMAGES[name]
    damaged = damage(folder)
    checked = check_of_home(home, folder, SAM)
    assert checked.damages
    assert all(found.why.startswith(why) for found in checked.damages), checked.damages
    assert str(damaged.relative_to(folder)) in [found.file for found in checked.damages]
    with home.reading() as session:
        last = find_outcome(session, Kind.CHECK)
    assert last is not None
    assert not last.is_good
    mended = backed_up(home, folder, mends=True)
    left = check_of_home(home, folder, SAM).damages
    if can_be_mended:
        assert left == ()
        assert mended.copied == len(checked.damages)
    else:
        assert (
            {found.backup for found in left} == {found.backup for found in checked.damages} != {mended.manifest.backup}
        )
        assert restore(folder, (keys.backup_secret(keys.load_master_key(home.key_file)),), _target(folder.parent), SAM)


def test_a_usual_run_mends_what_is_cut_or_missing_and_not_what_only_a_reading_shows(
    copied: tuple[Home, Path, bytes],
) -> None:
    home, folder, _ = copied
    _cut(_files(folder)[0])
    _files(folder)[1].unlink()
    _change(_files(folder)[2])
    assert backed_up(home, folder).copied == 2
    assert len(check_folder(folder, Who()).damages) == 1


def test_the_backup_of_another_home_in_the_same_folder_is_told(
    copied: tuple[Home, Path, bytes], tmp_path: Path
) -> None:
    home, folder, _ = copied
    other = make_home(tmp_path / "other" / "home", tmp_path / "other" / "home.key")
    key_of(other)
    theirs = backed_up(other, folder)
    (damage,) = check_of_home(home, folder, SAM).damages
    assert damage.file == f"backups/{theirs.manifest.backup}/{place.MANIFEST}"
    assert damage.why == f"is mixed up: it is a backup of another data home ({other.id})"
    with pytest.raises(KeyWrong):
        drill(home, folder, SAM, backup_id=theirs.manifest.backup)
    other.close()


def test_parts_of_two_backups_that_were_exchanged_are_told(copied: tuple[Home, Path, bytes]) -> None:
    home, folder, _ = copied
    more_work(home, 1)
    backed_up(home, folder)
    first, second = (Place(folder).backup(each) for each in Place(folder).backup_ids())
    shutil.copy(first / place.DATABASE, second / place.DATABASE)
    (damage,) = check_of_home(home, folder, SAM).damages
    assert damage.file == f"backups/{second.name}/{place.DATABASE}"


def test_a_wrong_key_is_told_by_the_check(copied: tuple[Home, Path, bytes]) -> None:
    home, folder, secret = copied
    assert check_of_home(home, folder, SAM, (secret,)).damages == ()
    (damage,) = check_of_home(home, folder, SAM, (age.new_secret(),)).damages
    assert damage.why == f"does not open with this key: it was made for {age.recipient_of(secret)}"


def test_what_is_damaged_in_the_vault_too_is_named_and_the_rest_is_backed_up(
    copied: tuple[Home, Path, bytes], tmp_path: Path
) -> None:
    home, folder, secret = copied
    more_work(home, 1)
    new = [blob for blob in home.vault.ids_on_disk() if not Place(folder).stored(blob).exists()]
    home.vault.path(new[0]).unlink()
    _change(home.vault.path(new[1]))
    made = backed_up(home, folder)
    assert sorted(made.manifest.missing) == sorted(new[:2])
    with home.reading() as session:
        last = find_outcome(session, Kind.BACKUP)
    assert last is not None
    assert not last.is_good
    assert "2 stored files were damaged or missing in the vault" in last.found
    told = {damage.file.rsplit("/", 1)[1] for damage in check_folder(folder, Who()).damages}
    assert told == set(new[:2])
    restored = restore(folder, (secret,), _target(tmp_path), SAM)
    assert sorted(restored.laid.lacking) == sorted(new[:2])
    assert len(restored.report.problems) == 2


def test_a_damaged_database_is_not_backed_up(copied: tuple[Home, Path, bytes]) -> None:
    home, folder, _ = copied
    home.close()
    file = home.path / "chartroom.db"
    content = bytearray(file.read_bytes())
    content[len(content) - 4096 * 2 + 100] ^= 1
    file.write_bytes(content)
    before = Place(folder).backup_ids()
    with pytest.raises(BackupRefused, match=r"database is damaged \(1 pages\)"):
        backed_up(home, folder)
    assert [each for each in Place(folder).backup_ids() if Place(folder).is_whole(each)] == before


# ---- refusals


def test_a_backup_without_a_key_or_a_place_is_refused(home: Home, tmp_path: Path) -> None:
    with pytest.raises(BackupRefused, match="no backup key yet"):
        backed_up(home, tmp_path / "backups")
    key_of(home)
    (home.path / "inside").mkdir()
    for folder, why in ((tmp_path / "away", "is not there"), (home.path / "inside", "part of the data home")):
        with pytest.raises(BackupRefused, match=why):
            make_backup(home, folder, SAM)
    with pytest.raises(BackupRefused, match="holds its key file"):
        make_backup(home, home.key_file.parent, SAM)


def test_an_empty_mount_point_is_no_place_for_a_second_first_backup(
    copied: tuple[Home, Path, bytes], tmp_path: Path
) -> None:
    home, folder, _ = copied
    backed_up(home, folder)
    shutil.rmtree(folder)
    with pytest.raises(BackupRefused, match="Is its disk connected"):
        backed_up(home, folder)
    assert backed_up(home, folder, starts_new=True).copied > 0


def test_two_backups_to_one_folder_at_once_are_refused(copied: tuple[Home, Path, bytes]) -> None:
    home, folder, _ = copied
    with place.alone(Place(folder)), pytest.raises(BackupRefused, match="is running"):
        backed_up(home, folder)


@pytest.mark.parametrize("actor", [TESS, OLGA])
def test_who_may_not_is_refused_everywhere(copied: tuple[Home, Path, bytes], tmp_path: Path, actor: object) -> None:
    home, folder, secret = copied
    for call in (
        lambda: make_backup(home, folder, actor),  # type: ignore[arg-type]
        lambda: check_of_home(home, folder, actor),  # type: ignore[arg-type]
        lambda: drill(home, folder, actor),  # type: ignore[arg-type]
        lambda: restore(folder, (secret,), _target(tmp_path), actor),  # type: ignore[arg-type]
    ):
        with pytest.raises(NotAllowed):
            call()
    assert len(Place(folder).backup_ids()) == 1
    assert not (tmp_path / "again").exists()


def test_a_restore_onto_anything_is_refused(copied: tuple[Home, Path, bytes], tmp_path: Path) -> None:
    home, folder, secret = copied
    with pytest.raises(BackupRefused, match="is not empty"):
        restore(folder, (secret,), Target(home.path, home.key_file), SAM)
    target = _target(tmp_path)
    assert target.key_file is not None
    keys.make_key_file(target.key_file)
    with pytest.raises(BackupRefused, match="There is another key"):
        restore(folder, (secret,), target, SAM)
    with pytest.raises(BackupRefused, match="inside the data home"):
        restore(folder, (secret,), Target(target.home, target.home / "home.key"), SAM)
    assert not target.home.exists()


def test_a_restore_of_what_is_none_is_refused(copied: tuple[Home, Path, bytes], tmp_path: Path) -> None:
    _, folder, secret = copied
    with pytest.raises(BackupRefused, match="no backup 2020"):
        restore(folder, (secret,), _target(tmp_path), SAM, "2020")
    _of_backup(folder, place.MANIFEST).unlink()
    with pytest.raises(BackupRefused, match=r"no backup in .* that came to its end"):
        restore(folder, (secret,), _target(tmp_path), SAM)
    with pytest.raises(BackupDamaged, match=r"no backup in .* that came to its end"):
        check_folder(folder, Who())


# ---- interrupted


@pytest.fixture
def stops(monkeypatch: pytest.MonkeyPatch) -> Callable[[int, BaseException], None]:
    """Ends the work at the n-th file that is written whole."""

    def at(number: int, error: BaseException) -> None:
        written = [0]
        replace = Path.replace

        def counted(path: Path, target: Path) -> Path:
            written[0] += 1
            if written[0] == number:
                raise error
            return replace(path, target)

        monkeypatch.setattr(Path, "replace", counted)

    return at


@pytest.mark.parametrize("number", [1, 2, 40, FILES + 2, FILES + 4])
def test_a_restore_that_was_stopped_opens_for_nobody_and_goes_on(
    copied: tuple[Home, Path, bytes],
    tmp_path: Path,
    number: int,
    stops: Callable[[int, BaseException], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _, folder, secret = copied
    target = _target(tmp_path)
    stops(number, _Killed())
    with pytest.raises(_Killed):
        restore(folder, (secret,), target, SAM)
    monkeypatch.undo()
    assert not (target.home / "home.json").exists()
    if (target.home / RESTORING).exists():
        with pytest.raises(HomeNotReady, match="has not ended"):
            make_home(target.home, target.key_file)
    restored = restore(folder, (secret,), target, SAM)
    assert restored.report.problems == ()
    assert restored.laid.copied >= restored.laid.manifest.files - number
    assert {path.name for path in target.home.iterdir()} >= {"home.json", "profile.toml", "forms", "vault"}
    assert not (target.home / RESTORING).exists()


def test_a_restore_goes_on_with_the_backup_it_began(
    copied: tuple[Home, Path, bytes],
    tmp_path: Path,
    stops: Callable[[int, BaseException], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    home, folder, secret = copied
    target = _target(tmp_path)
    stops(20, _Killed())
    with pytest.raises(_Killed):
        restore(folder, (secret,), target, SAM)
    monkeypatch.undo()
    first = Place(folder).backup_ids()[0]
    more_work(home, 1)
    second = backed_up(home, folder).manifest.backup
    with pytest.raises(BackupRefused, match=f"restore of the backup {first} was begun"):
        restore(folder, (secret,), target, SAM, second)
    assert restore(folder, (secret,), target, SAM).laid.manifest.backup == first


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO])
@pytest.mark.parametrize("number", [1, 50, FILES + 1, FILES + 5])
def test_a_backup_that_failed_is_none_and_the_next_one_goes_on(
    made: tuple[Template, Path, bytes],
    starting_home: Template,
    tmp_path: Path,
    number: int,
    code: int,
    stops: Callable[[int, BaseException], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    home = starting_home.copied_to(tmp_path)
    key_of(home)
    folder = tmp_path / "backups"
    stops(number, OSError(code, "the disk"))
    with pytest.raises(OSError, match="the disk"):
        backed_up(home, folder)
    monkeypatch.undo()
    there = Place(folder)
    assert [each for each in there.backup_ids() if there.is_whole(each)] == []
    assert list(there.scratch.iterdir()) == []
    assert not any((home.path / ".snapshot").iterdir())
    with home.reading() as session:
        last = find_outcome(session, Kind.BACKUP)
    assert last is not None
    assert last.found == f"The disk reported an error ({errno.errorcode[code]})."
    again = backed_up(home, folder)
    assert again.copied == again.manifest.files - min(number - 1, again.manifest.files)
    assert check_of_home(home, folder, SAM).damages == ()
    home.close()


# ---- drills


def _drilled(copied: tuple[Home, Path, bytes], tmp_path: Path) -> Drilled:
    home, folder, secret = copied
    scratch = tmp_path / "scratch"
    scratch.mkdir(exist_ok=True)
    found = drill(home, folder, SAM, secrets=(secret,), scratch=scratch)
    assert list(scratch.iterdir()) == []
    return found


def test_a_drill_counts_all_and_leaves_nothing(copied: tuple[Home, Path, bytes], tmp_path: Path) -> None:
    home, _, _ = copied
    found = _drilled(copied, tmp_path)
    assert (found.documents, found.pages, found.changed, found.problems) == (DOCUMENTS, 2 * DOCUMENTS, 0, ())
    with home.reading() as session:
        last = find_outcome(session, Kind.DRILL)
        events = [event.action for event in session.exec(select(AuditEvent))][found.lines :]
    assert last is not None
    assert last.is_good
    assert events == ["back_up", "drill_backup"]


def test_work_since_the_backup_is_no_problem(copied: tuple[Home, Path, bytes], tmp_path: Path) -> None:
    home, _, _ = copied
    with home.writing() as session:
        waiting = session.exec(select(Document.id).where(Document.state == "to_verify")).all()[0]
        leases.claim(session, waiting, TESS)
        moves.move(session, waiting, "approve", TESS, override_mismatch=True, reason="a test of it")
    found = _drilled(copied, tmp_path)
    assert (found.problems, found.changed) == ((), 1)


def test_what_the_log_does_not_tell_is_a_problem(copied: tuple[Home, Path, bytes], tmp_path: Path) -> None:
    home, _, _ = copied
    with home.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE document SET type_code = 'LAB' WHERE id = 20")
        connection.exec_driver_sql("DROP TRIGGER audit_no_update")
        connection.exec_driver_sql("UPDATE audit_event SET actor = 'nobody' WHERE seq = 5")
    assert _drilled(copied, tmp_path).problems == (
        "audit line 5: is not the one in the home",
        "document 20: is not the one in the home, and its audit log tells of no change",
    )


def test_a_log_that_was_cut_since_is_a_problem(copied: tuple[Home, Path, bytes], tmp_path: Path) -> None:
    home, _, _ = copied
    with home.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_no_delete")
        connection.exec_driver_sql("DELETE FROM audit_event WHERE seq > 100")
    assert "audit line 101: is in the backup and no more in the home" in _drilled(copied, tmp_path).problems


def test_a_drill_of_a_damaged_backup_fails_and_says_so(copied: tuple[Home, Path, bytes], tmp_path: Path) -> None:
    home, folder, _ = copied
    damaged = _files(folder)[0]
    _change(damaged)
    assert any(damaged.name[:12] in problem for problem in _drilled(copied, tmp_path).problems)
    with home.reading() as session:
        last = find_outcome(session, Kind.DRILL)
    assert last is not None
    assert not last.is_good
    _change(_of_backup(folder, place.DATABASE))
    with pytest.raises(BackupDamaged, match=r"cannot be used: its database.age was changed"):
        _drilled(copied, tmp_path)
    assert list((tmp_path / "scratch").iterdir()) == []


def test_the_manifest_is_a_checkpoint_of_the_log(copied: tuple[Home, Path, bytes]) -> None:
    home, folder, _ = copied
    manifest = load_manifest(Place(folder), Place(folder).backup_ids()[0])
    with home.reading() as session:
        assert session.get_one(AuditEvent, manifest.lines).mac == manifest.head
        assert integrity.verify(session, home.vault).problems == ()
    assert json.loads(manifest.as_bytes())["documents"] == DOCUMENTS


def test_what_a_killed_drill_left_is_gone_after_the_next(copied: tuple[Home, Path, bytes], tmp_path: Path) -> None:
    home, folder, _ = copied
    left = tmp_path / f"chartroom-drill-{home.id}-abc" / "keys"
    left.mkdir(parents=True)
    (left / "home.key").write_text("a key")
    with locks.held(home.path / ".drill.lock", ""), pytest.raises(BackupRefused, match="Another drill"):
        drill(home, folder, SAM)
    assert left.exists()
    assert drill(home, folder, SAM).problems == ()
    assert list(tmp_path.glob("chartroom-drill-*")) == []


def test_two_backups_of_one_home_at_once_are_refused_and_what_a_killed_one_left_is_swept(
    copied: tuple[Home, Path, bytes], tmp_path: Path
) -> None:
    home, folder, _ = copied
    left = home.path / ".snapshot" / "chartroom.db"
    left.write_bytes(b"half of a snapshot")
    with (
        locks.held(home.path / ".snapshot.lock", ""),
        pytest.raises(BackupRefused, match="of this data home is running"),
    ):
        backed_up(home, tmp_path / "elsewhere")
    assert left.exists()
    backed_up(home, folder)
    assert not left.exists()
