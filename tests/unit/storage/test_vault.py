"""The vault: encrypted, write-once, honest about damage."""

import hashlib
import random

import pytest

from storage.foundation.errors import BlobDamaged, BlobMissing, SourceChanged
from storage.foundation.home import Home
from storage.foundation.sealed import FRAME
from storage.foundation.tables.custody import Blob


def _keep(home: Home, content: bytes, kind: str = "source") -> Blob:
    with home.writing() as session:
        blob_id = home.vault.enter(session, home.vault.seal_bytes(kind, content))
        return session.get_one(Blob, blob_id)


@pytest.mark.parametrize("size", [0, 1, FRAME - 1, FRAME, FRAME + 1, 3 * FRAME + 17])
def test_what_goes_in_comes_out(home: Home, size: int) -> None:
    content = random.Random(size).randbytes(size)
    assert home.vault.read(_keep(home, content)) == content


def test_nothing_of_the_content_can_be_read_on_disk(home: Home) -> None:
    blob = _keep(home, b"Rivera, Ana 00123456 " * 500)
    assert b"Rivera" not in home.vault.path(blob.id).read_bytes()


def test_the_name_is_the_hash_of_what_lies_there(home: Home) -> None:
    blob = _keep(home, b"a page")
    assert hashlib.sha256(home.vault.path(blob.id).read_bytes()).hexdigest() == blob.id


def test_the_same_content_is_kept_once(home: Home) -> None:
    assert _keep(home, b"twice").id == _keep(home, b"twice").id
    assert len(list(home.vault.ids_on_disk())) == 1


def test_every_content_has_a_key_of_its_own(home: Home) -> None:
    """Numbered nonces are safe only while no two contents share a key (NIST SP 800-38D, section 8)."""
    one, other = (home.vault.seal_bytes("source", content) for content in (b"one page", b"another"))
    assert one.content_mac != other.content_mac
    assert home.vault._data_key(one.content_mac) != home.vault._data_key(other.content_mac)
    assert (home.vault.read(_keep(home, b"one page")), home.vault.read(_keep(home, b"another"))) == (
        b"one page",
        b"another",
    )


def test_its_size_is_that_of_the_file_and_only_its_owner_reads_it(home: Home) -> None:
    sealed = home.vault.seal_bytes("source", b"x" * (FRAME + 1))
    kept = home.vault.path(sealed.id).stat()
    assert (sealed.size, kept.st_mode & 0o077) == (kept.st_size, 0)


def test_content_that_changed_while_it_was_copied_is_refused_and_leaves_nothing(home: Home) -> None:
    with pytest.raises(SourceChanged, match="The file changed while it was being copied"):
        home.vault.seal("source", [b"new bytes"], hashlib.sha256(b"old bytes").hexdigest())
    assert (list(home.vault.ids_on_disk()), list((home.vault.folder / "tmp").iterdir())) == ([], [])


def test_the_same_bytes_as_another_kind_are_another_blob(home: Home) -> None:
    assert _keep(home, b"twice", "view").id != _keep(home, b"twice", "page").id


@pytest.mark.parametrize("where", [0, 5, 20, 200, -1])
def test_one_changed_bit_is_noticed(home: Home, where: int) -> None:
    blob = _keep(home, b"x" * 1000)
    path = home.vault.path(blob.id)
    data = bytearray(path.read_bytes())
    data[where] ^= 1
    path.chmod(0o600)
    path.write_bytes(data)
    with pytest.raises(BlobDamaged):
        home.vault.read(blob)
    with pytest.raises(BlobDamaged):
        home.vault.check(blob.id)


def test_a_cut_and_a_swapped_frame_are_noticed(home: Home) -> None:
    blob = _keep(home, random.Random(1).randbytes(3 * FRAME))
    path = home.vault.path(blob.id)
    whole = path.read_bytes()
    path.chmod(0o600)
    frame = FRAME + 16
    for broken in (
        whole[: 10 + frame],
        whole[:10] + whole[10 + frame : 10 + 2 * frame] + whole[10 : 10 + frame] + whole[10 + 2 * frame :],
    ):
        path.write_bytes(broken)
        with pytest.raises(BlobDamaged):
            home.vault.read(blob)


def test_a_missing_blob_is_named(home: Home) -> None:
    blob = _keep(home, b"gone")
    home.vault.path(blob.id).unlink()
    with pytest.raises(BlobMissing, match=blob.id[:12]):
        home.vault.read(blob)


def test_content_that_changes_while_it_is_copied_is_refused_and_not_kept(home: Home) -> None:
    with pytest.raises(BlobDamaged):
        home.vault.seal("source", [b"other bytes"], hashlib.sha256(b"these bytes").hexdigest())
    assert list(home.vault.ids_on_disk()) == []
    assert list((home.path / "vault" / "tmp").iterdir()) == []


def test_what_a_killed_writer_left_is_swept(home: Home) -> None:
    (home.path / "vault" / "tmp" / "999-abc").write_bytes(b"half")
    assert home.vault.sweep() == 1
