"""The backup key: made once, its secret half nowhere in the home, written in any of four ways."""

from pathlib import Path

import pytest

from storage.backup import age
from storage.backup.recipient import find_recipient, make_pair, read_secrets
from storage.foundation import keys
from storage.foundation.errors import BackupRefused, KeyWrong, NotAllowed
from storage.foundation.home import Home
from tests.given.records import OLGA, SAM, TESS


def test_the_home_keeps_the_public_half_only(home: Home) -> None:
    pair = make_pair(home, SAM)
    with home.reading() as session:
        assert find_recipient(session) == pair.recipient == age.recipient_of(pair.secret)
        kept = session.connection().exec_driver_sql("SELECT value FROM fact").scalars().all()
        told = session.connection().exec_driver_sql("SELECT detail FROM audit_event").scalars().all()
    for text in (*kept, *told, *(_text(file) for file in home.path.rglob("*") if file.is_file())):
        assert pair.secret.hex() not in text.lower()
        assert age.write_identity(pair.secret).lower() not in text.lower()


def _text(file: Path) -> str:
    return file.read_bytes().decode("latin-1")


def test_another_key_takes_its_place_only_when_that_is_meant(home: Home) -> None:
    first = make_pair(home, SAM)
    with pytest.raises(BackupRefused, match=f"{first.recipient} already.*--replace"):
        make_pair(home, SAM)
    second = make_pair(home, SAM, replaces=True)
    with home.reading() as session:
        assert find_recipient(session) == second.recipient != first.recipient


@pytest.mark.parametrize("actor", [TESS, OLGA])
def test_who_may_not_keep_backups_makes_no_key(home: Home, actor: object) -> None:
    with pytest.raises(NotAllowed, match="back up, check and restore"):
        make_pair(home, actor)  # type: ignore[arg-type]
    with home.reading() as session:
        assert find_recipient(session) is None


def test_a_key_is_read_however_it_is_written() -> None:
    secret, master = age.new_secret(), bytes(range(32))
    of_master = keys.backup_secret(master)
    assert read_secrets(f"# a comment\n# public key: {age.recipient_of(secret)}\n{age.write_identity(secret)}\n") == (
        secret,
    )
    assert secret in read_secrets("\n".join(["Chartroom backup key", "", *keys.recovery_lines(secret)]))
    assert read_secrets(master.hex() + "\n") == (of_master,)
    assert of_master in read_secrets("\n".join(keys.recovery_lines(master)))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "eight lines|Line 1"),
        ("AGE-SECRET-KEY-1QQQQQQQQ", "does not check"),
        ("z" * 64, "neither a backup key nor a master key"),
        ("hello", "Line 1"),
    ],
)
def test_what_is_no_key_is_told(text: str, why: str) -> None:
    with pytest.raises(KeyWrong, match=why):
        read_secrets(text)
