"""Encryption to a key pair: opened by its secret alone, damage told from a wrong key and from a full disk."""

import errno
import io

import pyrage
import pytest

from storage.backup import age
from storage.foundation.errors import BackupDamaged, KeyWrong

CONTENT = bytes(range(256)) * 1000  # more than one chunk of 64 KiB


def _sealed(*recipients: str, content: bytes = CONTENT) -> bytes:
    out = io.BytesIO()
    age.seal(io.BytesIO(content), out, recipients)
    return out.getvalue()


def _unsealed(sealed: bytes, *secrets: bytes) -> bytes:
    out = io.BytesIO()
    age.unseal(io.BytesIO(sealed), out, secrets)
    return out.getvalue()


def test_either_recipient_opens_it_and_nobody_else() -> None:
    one, two, other = age.new_secret(), age.new_secret(), age.new_secret()
    sealed = _sealed(age.recipient_of(one), age.recipient_of(two))
    assert CONTENT[:64] not in sealed
    assert _unsealed(sealed, one) == CONTENT
    assert _unsealed(sealed, other, two) == CONTENT
    with pytest.raises(KeyWrong, match="made for another key"):
        _unsealed(sealed, other)


def test_the_key_is_one_of_the_programs_of_age() -> None:
    secret = age.new_secret()
    text = age.write_identity(secret)
    assert str(pyrage.x25519.Identity.from_str(text)) == text
    assert pyrage.decrypt(_sealed(age.recipient_of(secret)), [pyrage.x25519.Identity.from_str(text)]) == CONTENT
    assert age.read_identity(f" {text.lower()}\n") == secret


@pytest.mark.parametrize("text", ["AGE-SECRET-KEY-1QQQQ", "", "age1qpzry9x8gf2tvdw0s3jn54khce6mua7l"])
def test_a_mistyped_key_is_told(text: str) -> None:
    with pytest.raises(KeyWrong):
        age.read_identity(text)


@pytest.mark.parametrize("cut", [1, 20, 100_000, 150_000])
def test_what_was_cut_is_damaged(cut: int) -> None:
    secret = age.new_secret()
    with pytest.raises(BackupDamaged):
        _unsealed(_sealed(age.recipient_of(secret))[:-cut], secret)


@pytest.mark.parametrize("place", [0, 30, 190, 400, 200_000])
def test_a_changed_byte_is_noticed_wherever_it_is(place: int) -> None:
    secret = age.new_secret()
    sealed = bytearray(_sealed(age.recipient_of(secret)))
    sealed[place] ^= 1
    with pytest.raises((BackupDamaged, KeyWrong)):
        _unsealed(bytes(sealed), secret)


class _Full(io.BytesIO):
    def write(self, data: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_is_no_damage() -> None:
    secret = age.new_secret()
    with pytest.raises(OSError, match="No space left") as full:
        age.seal(io.BytesIO(CONTENT), _Full(), [age.recipient_of(secret)])
    assert full.value.errno == errno.ENOSPC
    with pytest.raises(OSError, match="No space left") as full:
        age.unseal(io.BytesIO(_sealed(age.recipient_of(secret))), _Full(), [secret])
    assert full.value.errno == errno.ENOSPC
