"""A data home with documents of several kinds, and a backup of it."""

from pathlib import Path

from storage.backup.making import Made, make_backup
from storage.backup.recipient import make_pair
from storage.foundation.home import Home
from tests.given.records import SAM, add_person, read_and_index, receive, verify_and_file

PROFILE = 'mrn_pattern = "\\\\d{8}"\n'


def fill(home: Home, documents: int, filed: int) -> None:
    """So many documents of two pages, some of them filed; a profile, and a form that was taught."""
    ana = add_person(home)
    for number in range(documents):
        made = read_and_index(home, receive(home, b"scan %d" % number), [f"one {number}", f"two {number}"], ana)
        if number < filed:
            verify_and_file(home, made[0])
    (home.path / "profile.toml").write_text(PROFILE, encoding="utf-8")
    (home.path / "forms").mkdir(exist_ok=True)
    (home.path / "forms" / "intake.json").write_text("{}", encoding="utf-8")


def backed_up(home: Home, folder: Path, *, mends: bool = False, starts_new: bool = False) -> Made:
    """One backup more in this folder."""
    folder.mkdir(exist_ok=True)
    return make_backup(home, folder, SAM, mends=mends, starts_new=starts_new)


def key_of(home: Home) -> bytes:
    """The secret half of a new backup key of this home."""
    return make_pair(home, SAM).secret


def more_work(home: Home, number: int) -> None:
    """A scan more, received and indexed."""
    read_and_index(home, receive(home, b"later scan %d" % number), [f"later {number}"])
