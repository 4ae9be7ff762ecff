"""What a data home holds beside database and vault: its name, the profile, the forms that it was taught."""

import io
import tarfile
from collections.abc import Iterator
from pathlib import Path

from storage.backup.contents import Table, parse_contents, write_contents
from storage.foundation.errors import BackupDamaged

_CONTENTS = ".contents.json"
HOME_FILE = "home.json"


def pack_site(home: Path, tables: tuple[Table, ...]) -> bytes:
    """Those files as a tar archive, with the list of the tables of the database."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for file in site_files(home):
            _add(archive, file.relative_to(home).as_posix(), file.read_bytes())
        _add(archive, _CONTENTS, write_contents(tables))
    return packed.getvalue()


def unpack_site(packed: bytes) -> tuple[dict[str, bytes], tuple[Table, ...]]:
    """Every file by its path in the home, and the tables; BackupDamaged."""
    try:
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            files = {member.name: _content(archive, member) for member in archive}
    except tarfile.TarError as error:
        raise BackupDamaged("the profile and forms in it cannot be read") from error
    if _CONTENTS not in files or HOME_FILE not in files:
        raise BackupDamaged("the profile and forms in it are not all there")
    return files, parse_contents(files.pop(_CONTENTS))


def site_files(home: Path) -> Iterator[Path]:
    """The files of a home that are no database, vault, log or scan: those in it, and its forms. Links are left out."""
    for file in sorted((*home.iterdir(), *(home / "forms").rglob("*"))):
        if file.is_file() and not file.is_symlink() and not file.name.startswith((".", "chartroom.db")):
            yield file


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(content), 0o600
    archive.addfile(member, io.BytesIO(content))


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    """Only files inside of the home: whoever knows the public key can make an archive."""
    parts = Path(member.name).parts
    file = archive.extractfile(member) if member.isfile() else None
    if file is None or not parts or ".." in parts or member.name.startswith("/"):
        raise BackupDamaged("it names a file that does not belong into a data home")
    return file.read()
