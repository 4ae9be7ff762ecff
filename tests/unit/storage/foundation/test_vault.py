"""The vault as a folder of files: keys that fit no other file, writers that were killed, the same content twice."""

import fcntl
import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlmodel import select

from storage.foundation.errors import BlobDamaged, BlobMissing, SourceChanged
from storage.foundation.home import Home
from storage.foundation.sealed import FRAME, open_sealed
from storage.foundation.tables.custody import Blob
from storage.foundation.vault import Sealed, Vault

KEY = bytes(range(32))


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    (tmp_path / "vault" / "tmp").mkdir(parents=True)
    return Vault(tmp_path / "vault", KEY)


def _row(made: Sealed) -> Blob:
    """What the database keeps of a sealed blob."""
    return Blob(id=made.id, content_mac=made.content_mac, kind=made.kind, size=made.size, wrapped_key=made.wrapped_key)


def _rewrite(path: Path, content: bytes) -> None:
    path.chmod(0o600)
    path.write_bytes(content)


def _leftovers(vault: Vault) -> list[Path]:
    return list((vault.folder / "tmp").iterdir())


# ---- what lies there


def test_a_sealed_file_is_read_only_named_by_its_hash_and_as_long_as_it_says(vault: Vault) -> None:
    made = vault.seal_bytes("source", b"a page")
    path = vault.path(made.id)
    assert stat.S_IMODE(path.stat().st_mode) == 0o400
    assert path.stat().st_size == made.size
    assert path == vault.folder / made.id[:2] / made.id
    assert hashlib.sha256(path.read_bytes()).hexdigest() == made.id
    assert _leftovers(vault) == []


def test_a_large_content_in_pieces_and_in_one_are_the_same_file(vault: Vault) -> None:
    content = bytes(FRAME) + b"and a little more"
    sha = hashlib.sha256(content).hexdigest()
    whole = vault.seal("source", [content], sha)
    pieces = vault.seal("source", [content[:7], b"", content[7:FRAME], content[FRAME:]], sha)
    assert (whole.id, whole.content_mac, whole.size) == (pieces.id, pieces.content_mac, pieces.size)
    assert vault.read(_row(whole)) == content


def test_the_same_content_twice_is_one_file_and_either_key_opens_it(vault: Vault) -> None:
    first, again = vault.seal_bytes("source", b"twice"), vault.seal_bytes("source", b"twice")
    assert replace(again, wrapped_key=first.wrapped_key) == first
    assert again.wrapped_key != first.wrapped_key, "each wrapping has a nonce of its own"
    assert list(vault.ids_on_disk()) == [first.id]
    assert vault.read(_row(first)) == vault.read(_row(again)) == b"twice"
    assert _leftovers(vault) == []


@pytest.mark.parametrize("damage", [b"", b"something else"], ids=["emptied", "overwritten"])
def test_content_that_comes_again_mends_its_damaged_file(vault: Vault, damage: bytes) -> None:
    """Else the second copy would be thrown away as known, and the damaged one kept."""
    made = vault.seal_bytes("source", b"a page")
    _rewrite(vault.path(made.id), damage)
    again = vault.seal_bytes("source", b"a page")
    assert again.id == made.id
    vault.check(made.id)
    assert vault.read(_row(made)) == b"a page"
    assert stat.S_IMODE(vault.path(made.id).stat().st_mode) == 0o400
    assert _leftovers(vault) == []


def test_another_vault_makes_another_file_of_the_same_content(vault: Vault, tmp_path: Path) -> None:
    (tmp_path / "other" / "tmp").mkdir(parents=True)
    other = Vault(tmp_path / "other", KEY[::-1])
    ours, theirs = vault.seal_bytes("source", b"a page"), other.seal_bytes("source", b"a page")
    assert ours.id != theirs.id, "who sees two vaults cannot tell that both hold one page"
    assert ours.content_mac != theirs.content_mac


def test_the_kind_is_part_of_what_a_file_is(vault: Vault) -> None:
    page, view = vault.seal_bytes("page", b"same"), vault.seal_bytes("view", b"same")
    assert page.id != view.id
    with pytest.raises(BlobDamaged):
        open_sealed(vault.path(page.id), vault.unwrap(_row(view)), view.content_mac)


# ---- keys that do not fit


def test_a_key_opens_no_other_content(vault: Vault) -> None:
    one, other = vault.seal_bytes("source", b"one"), vault.seal_bytes("source", b"other")
    exchanged = {
        "file": replace(one, id=other.id),
        "key": replace(one, wrapped_key=other.wrapped_key),
        "content": replace(one, content_mac=other.content_mac),
        "key and content": replace(one, wrapped_key=other.wrapped_key, content_mac=other.content_mac),
        "file and key": replace(one, id=other.id, wrapped_key=other.wrapped_key),
        "file and content": replace(one, id=other.id, content_mac=other.content_mac),
    }
    for what, row in exchanged.items():
        with pytest.raises(BlobDamaged):
            assert vault.read(_row(row)) is None, what


@pytest.mark.parametrize("place", [0, 11, 12, 30, -1], ids=["nonce", "nonce's end", "key", "key's middle", "tag"])
def test_a_wrapped_key_that_was_changed_is_noticed(vault: Vault, place: int) -> None:
    made = vault.seal_bytes("source", b"a page")
    changed = bytearray(made.wrapped_key)
    changed[place] ^= 1
    with pytest.raises(BlobDamaged, match="key of a stored file was changed"):
        vault.unwrap(_row(replace(made, wrapped_key=bytes(changed))))


@pytest.mark.parametrize("length", [0, 1, 7, 8, 12, 13, 28, 59])
def test_a_wrapped_key_that_was_cut_is_noticed(vault: Vault, length: int) -> None:
    made = vault.seal_bytes("source", b"a page")
    assert len(made.wrapped_key) == 60
    with pytest.raises(BlobDamaged, match="key of a stored file was changed"):
        vault.unwrap(_row(replace(made, wrapped_key=made.wrapped_key[:length])))


def test_another_vault_key_opens_nothing(vault: Vault) -> None:
    made = vault.seal_bytes("source", b"a page")
    with pytest.raises(BlobDamaged):
        Vault(vault.folder, KEY[::-1]).read(_row(made))


def test_a_worker_opens_one_file_with_the_key_of_that_file(vault: Vault) -> None:
    made = vault.seal_bytes("source", b"a page")
    key = vault.unwrap(_row(made))
    assert key != KEY
    assert open_sealed(vault.path(made.id), key, made.content_mac) == b"a page"


# ---- fixity


@pytest.mark.parametrize("damage", ["cut", "longer", "bit", "empty", "other file"])
def test_fixity_is_checked_without_a_key(vault: Vault, damage: str) -> None:
    made, other = vault.seal_bytes("source", b"a page"), vault.seal_bytes("source", b"another")
    path = vault.path(made.id)
    whole = path.read_bytes()
    stranger = Vault(vault.folder, bytes(32))
    stranger.check(made.id)
    _rewrite(
        path,
        {
            "cut": whole[:-1],
            "longer": whole + b"\0",
            "bit": whole[:-1] + bytes([whole[-1] ^ 1]),
            "empty": b"",
            "other file": vault.path(other.id).read_bytes(),
        }[damage],
    )
    with pytest.raises(BlobDamaged, match=f"{made.id[:12]} was changed"):
        stranger.check(made.id)
    stranger.check(other.id)


def test_a_file_that_is_not_there_is_missing_and_not_damaged(vault: Vault) -> None:
    made = vault.seal_bytes("source", b"a page")
    vault.path(made.id).unlink()
    with pytest.raises(BlobMissing, match=made.id[:12]):
        vault.check(made.id)


# ---- writers that fail or are killed


def _breaks_off() -> Iterator[bytes]:
    yield b"a first piece"
    raise OSError("the stick was pulled")


def test_a_source_that_breaks_off_leaves_nothing(vault: Vault) -> None:
    with pytest.raises(OSError, match="pulled"):
        vault.seal("source", _breaks_off(), "0" * 64)
    assert _leftovers(vault) == []
    assert list(vault.ids_on_disk()) == []


@pytest.mark.parametrize("chunks", [[b"other"], [], [b"these bytes", b"!"], [b"these byte"]])
def test_a_source_that_changed_leaves_nothing(vault: Vault, chunks: list[bytes]) -> None:
    with pytest.raises(SourceChanged):
        vault.seal("source", chunks, hashlib.sha256(b"these bytes").hexdigest())
    assert _leftovers(vault) == []
    assert list(vault.ids_on_disk()) == []


def test_a_disk_that_gives_back_something_else_is_noticed(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hashlib, "file_digest", lambda file, name: hashlib.sha256(b"something else"))
    with pytest.raises(BlobDamaged, match="Check the disk"):
        vault.seal_bytes("source", b"a page")
    assert _leftovers(vault) == []
    assert list(vault.ids_on_disk()) == []


def test_only_what_nobody_writes_any_more_is_swept(vault: Vault) -> None:
    """A writer holds a lock on its file; the lock of a killed one is gone."""
    for name in ("1-dead", "2-dead"):
        (vault.folder / "tmp" / name).write_bytes(b"half")
    alive = vault.folder / "tmp" / "3-alive"
    handle = os.open(alive, os.O_RDWR | os.O_CREAT)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        assert vault.sweep() == 2
        assert _leftovers(vault) == [alive]
    finally:
        os.close(handle)
    assert vault.sweep() == 1
    assert vault.sweep() == 0


def test_a_writer_is_not_swept_away_while_it_writes(vault: Vault) -> None:
    swept = []

    def slowly() -> Iterator[bytes]:
        yield b"a first piece"
        swept.append(vault.sweep())
        yield b" and a second"

    made = vault.seal("source", slowly(), hashlib.sha256(b"a first piece and a second").hexdigest())
    assert swept == [0]
    assert vault.read(_row(made)) == b"a first piece and a second"


def test_a_sweep_touches_no_stored_file(vault: Vault) -> None:
    made = vault.seal_bytes("source", b"a page")
    (vault.folder / "tmp" / "1-dead").write_bytes(b"half")
    assert list(vault.ids_on_disk()) == [made.id], "what is half written is no blob"
    vault.sweep()
    assert list(vault.ids_on_disk()) == [made.id]
    assert vault.read(_row(made)) == b"a page"


def test_a_writer_killed_before_the_database_knew_finds_its_own_work(vault: Vault) -> None:
    """The file is there, the row is not: sealing again gives the same address."""
    made = vault.seal_bytes("source", b"a page")
    later = Vault(vault.folder, KEY).seal_bytes("source", b"a page")
    assert later.id == made.id
    assert len(list(vault.ids_on_disk())) == 1


# ---- what the database knows


def test_a_blob_is_entered_once_and_kept_with_its_kind_and_size(home: Home) -> None:
    made = home.vault.seal_bytes("source", b"a page")
    with home.writing() as session:
        assert home.vault.enter(session, made) == home.vault.enter(session, made) == made.id
    with home.reading() as session:
        (known,) = session.exec(select(Blob)).all()
        assert (known.id, known.size, known.kind) == (made.id, made.size, "source")
        assert home.vault.read(known) == b"a page"
