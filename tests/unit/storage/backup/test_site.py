"""The other files of a home go along and come back; what would lie outside of a home does not."""

import io
import tarfile
from pathlib import Path

import pytest

from storage.backup.contents import Table
from storage.backup.site import pack_site, site_files, unpack_site
from storage.foundation.errors import BackupDamaged

TABLES = (Table("fact", 1, "ab"),)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Something of all that can lie in a home."""
    for name in (
        "home.json", "profile.toml", "forms/a.json", "forms/more/b.json", "chartroom.db", "chartroom.db-wal", ".work.lock",
        "vault/ab/abcd", "hot/scan.pdf", "logs/chartroom.log", "drawn/truth.json", ".snapshot/chartroom.db",
        "before-upgrade/chartroom-0012.db", "forms/.a.json.swp",
    ):  # fmt: skip
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    (tmp_path / "link.toml").symlink_to("/etc/passwd")
    return tmp_path


def test_profile_and_forms_go_along_and_nothing_that_is_elsewhere(folder: Path) -> None:
    files, tables = unpack_site(pack_site(folder, TABLES))
    assert tables == TABLES
    names = {"home.json", "profile.toml", "forms/a.json", "forms/more/b.json"}
    assert files == {name: name.encode() for name in names}
    assert {file.relative_to(folder).as_posix() for file in site_files(folder)} == names


def _archive(name: str, kind: bytes = tarfile.REGTYPE) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        member = tarfile.TarInfo(name)
        member.type, member.linkname = kind, "/etc/passwd"
        archive.addfile(member)
    return packed.getvalue()


@pytest.mark.parametrize(
    "packed",
    [
        _archive("../../etc/cron.d/evil"),
        _archive("/etc/cron.d/evil"),
        _archive("forms/../../evil"),
        _archive("link", tarfile.SYMTYPE),
        _archive("pipe", tarfile.FIFOTYPE),
        _archive("profile.toml"),  # without home.json and the list of tables
        b"no archive" * 100,
    ],
)
def test_what_does_not_belong_into_a_home_is_refused(packed: bytes) -> None:
    with pytest.raises(BackupDamaged):
        unpack_site(packed)
