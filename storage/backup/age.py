"""Encryption to a key pair in the format age (age-encryption.org/v1, X25519 and ChaCha20-Poly1305).

The only file that knows pyrage. Whoever holds the secret half opens a file with the program `age` too, without Chartroom.
"""

import errno
import os
import secrets
from collections.abc import Sequence
from typing import IO, Protocol

import pyrage

from storage.backup import bech32
from storage.foundation.errors import BackupDamaged, KeyWrong

_SECRET = "age-secret-key-"
SECRET_BYTES = 32


def new_secret() -> bytes:
    """The secret half of a new pair, 32 random bytes (any are a key of X25519, RFC 7748)."""
    return secrets.token_bytes(SECRET_BYTES)


def write_identity(secret: bytes) -> str:
    """The secret half as age writes it: AGE-SECRET-KEY-1…"""
    return bech32.encode(_SECRET, secret).upper()


def read_identity(text: str) -> bytes:
    """The secret half out of AGE-SECRET-KEY-1…; KeyWrong when it was mistyped."""
    try:
        prefix, secret = bech32.decode(text.strip())
    except ValueError as error:
        raise KeyWrong("This backup key does not check. Compare each character with the sheet.") from error
    if prefix != _SECRET or len(secret) != SECRET_BYTES:
        raise KeyWrong("This is no backup key: it begins with AGE-SECRET-KEY-1.")
    return secret


def recipient_of(secret: bytes) -> str:
    """The public half of a pair: age1…"""
    return str(pyrage.x25519.Identity.from_str(write_identity(secret)).to_public())


class Target(Protocol):
    """What takes bytes: a file, or what hashes them on their way."""

    def write(self, data: bytes, /) -> int: ...

    def flush(self) -> None: ...


def seal(source: IO[bytes], target: Target, recipients: Sequence[str]) -> None:
    """Encrypt a stream so that the secret half of any of these recipients opens it; OSError of either side."""
    known = [pyrage.x25519.Recipient.from_str(recipient) for recipient in dict.fromkeys(recipients)]
    kept = _Kept(target)
    try:
        pyrage.encrypt_io(source, kept, known)
    except (OSError, pyrage.EncryptError) as error:
        kept.raise_again()
        raise OSError(errno.EIO, os.strerror(errno.EIO)) from error  # of the source; pyrage passes on its text only


def unseal(source: IO[bytes], target: Target, secret: Sequence[bytes]) -> None:
    """Decrypt a stream with the first of these secrets that opens it; KeyWrong, or BackupDamaged when it was cut or changed.

    What came out before the damage was met is in `target` already: the caller drops it.
    """
    identities = [pyrage.x25519.Identity.from_str(write_identity(each)) for each in secret]
    kept = _Kept(target)
    try:
        pyrage.decrypt_io(source, kept, identities)
    except pyrage.DecryptError as error:
        kept.raise_again()
        if "no matching keys" in str(error).lower():
            raise KeyWrong("This key does not open the backup: it was made for another key.") from error
        raise BackupDamaged("it was changed") from error
    except OSError as error:
        kept.raise_again()
        if error.errno:
            raise
        raise BackupDamaged("it was changed or cut") from error


class _Kept:
    """A stream whose own error is kept: pyrage passes on only its text, and a full disk would look like damage."""

    def __init__(self, target: Target) -> None:
        self._target, self._error = target, OSError()

    def write(self, data: bytes) -> int:
        try:
            return self._target.write(data)
        except OSError as error:
            self._error = error
            raise

    def flush(self) -> None:
        self._target.flush()

    def raise_again(self) -> None:
        if self._error.errno:
            raise self._error
