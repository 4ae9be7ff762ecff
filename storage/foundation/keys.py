"""The master key: a file outside the data home, a recovery sheet on paper, keys derived from it."""

import hashlib
import hmac
import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from storage.foundation.errors import KeyMissing, KeyWrong
from storage.foundation.folders import fsync_folder, make_folder

KEY_BYTES = 32
_LINES, _LINE = 8, 8
"""Lines of the recovery sheet, and characters of each: seven of the key and one that checks them."""

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford base 32: no I, L, O, U to misread
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})


@dataclass(frozen=True, slots=True)
class Keys:
    """Keys derived from one master key, one for each purpose (HKDF-SHA-256, RFC 5869)."""

    database: bytes
    vault: bytes
    audit: bytes
    blind: bytes  # keyed hashes of values that must not be readable where they are written

    @classmethod
    def derived_from(cls, master: bytes) -> "Keys":
        return cls(*(_derive(master, name) for name in ("database", "vault", "audit", "blind")))

    def blind_hash(self, value: str) -> str:
        """A keyed hash of a personal value, for logs and audit lines."""
        return hmac.new(self.blind, value.encode(), hashlib.sha256).hexdigest()[:16]


def backup_secret(master: bytes) -> bytes:
    """The secret half of the pair by which a home opens its own backups, for checks and drills without the key on paper."""
    return _derive(master, "backup")


def manifest_key(master: bytes) -> bytes:
    """The key of the seal on the manifests of a home's backups."""
    return _derive(master, "backup-manifest")


def _derive(master: bytes, purpose: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=b"chartroom/1/" + purpose.encode()).derive(master)


def default_key_file(home_id: str) -> Path:
    """Where the key of a data home lies when no setting names another place."""
    config = os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    return Path(config) / "chartroom" / "keys" / f"{home_id}.key"


def make_key_file(path: Path) -> bytes:
    """A new 256-bit master key in a file only this account can read; an existing one is kept."""
    if path.exists():
        return load_master_key(path)
    return keep_key_file(path, secrets.token_bytes(KEY_BYTES))


def keep_key_file(path: Path, master: bytes) -> bytes:
    """This key, durable in a file only this account can read; an existing file is kept, and the key in it given."""
    make_folder(path.parent)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(master.hex() + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        path.hardlink_to(temporary)
    except FileExistsError:
        master = load_master_key(path)
    finally:
        temporary.unlink()
    fsync_folder(path.parent)
    return master


def load_master_key(path: Path) -> bytes:
    """The master key in this file; KeyMissing or KeyWrong with what to do."""
    try:
        text = path.read_bytes().strip()
    except FileNotFoundError as error:
        raise KeyMissing(
            f"The key file {path} is not there. Put it back from your backup of the keys, or run "
            "'chartroom key restore' and type in the recovery sheet."
        ) from error
    try:
        master = bytes.fromhex(text.decode("ascii"))
    except ValueError as error:
        raise KeyWrong(f"The key file {path} is damaged. Restore it from the recovery sheet.") from error
    if len(master) != KEY_BYTES:
        raise KeyWrong(f"The key file {path} is damaged. Restore it from the recovery sheet.")
    return master


def recovery_lines(master: bytes) -> list[str]:
    """The key as eight short lines for paper, each with a check character of its own."""
    number = int.from_bytes(master + hashlib.sha256(master).digest()[:3], "big")  # 280 bits = 56 characters
    text = "".join(_ALPHABET[(number >> shift) & 31] for shift in range(275, -1, -5))
    return [f"{i + 1}  {g[:4]} {g[4:]} {_check(i, g)}" for i, g in enumerate(_groups(text))]


def master_from_recovery(lines: list[str]) -> bytes:
    """The master key typed back from the recovery sheet; KeyWrong names the line to look at.

    Headings and empty lines of the printed sheet may be there.
    """
    numbered = [line for line in lines if re.fullmatch(r"\s*[1-8]\s+\S{4}\s*\S{3,4}\s*\S?\s*", line)]
    groups = []
    for i, line in enumerate(numbered if len(numbered) == _LINES else lines):
        compact = "".join(line.upper().split()).translate(_READ_AS)
        if len(compact) == _LINE + 1 and compact[0] == str(i + 1):
            compact = compact[1:]
        if len(compact) != _LINE or compact[-1] != _check(i, compact[:-1]):
            raise KeyWrong(f"Line {i + 1} of the recovery sheet does not check. Please type it again.")
        groups.append(compact[:-1])
    if len(groups) != _LINES:
        raise KeyWrong("The recovery sheet has eight lines.")
    number = 0
    for character in "".join(groups):
        number = number << 5 | _ALPHABET.index(character)
    raw = number.to_bytes(35, "big")
    master, check = raw[:32], raw[32:]
    if hashlib.sha256(master).digest()[:3] != check:
        raise KeyWrong("These lines do not belong together. Please check the recovery sheet.")
    return master


def _groups(text: str) -> list[str]:
    return [text[i : i + 7] for i in range(0, len(text), 7)]


def _check(line: int, group: str) -> str:
    """Tells every single mistyped character but 0 for Z; that one is told by the check over all lines."""
    total = sum((i + 1) * (_ALPHABET.find(c) + 1) for i, c in enumerate(group)) + 11 * line
    return _ALPHABET[total % 31]
