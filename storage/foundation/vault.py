"""The vault: write-once encrypted files, named by the SHA-256 of their ciphertext.

The data key of a blob depends on its content (HMAC under the vault key), so writing the same content
again gives the same file: a repeated intake after a crash finds its own work instead of doubling it.
Anyone can check fixity without a key. What a file looks like inside: storage/foundation/sealed.py.
"""

import contextlib
import fcntl
import hashlib
import hmac
import os
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlmodel import Session

from storage.foundation.errors import BlobDamaged, BlobMissing, SourceChanged
from storage.foundation.folders import fsync_folder
from storage.foundation.sealed import open_sealed, seal_frames
from storage.foundation.tables.custody import Blob


@dataclass(frozen=True, slots=True)
class Sealed:
    """A blob on disk under its content address, not yet known to the database."""

    id: str
    content_mac: str
    kind: str
    size: int
    wrapped_key: bytes


class Vault:
    """A folder of sealed blobs and the key that opens them."""

    def __init__(self, folder: Path, key: bytes) -> None:
        self.folder = folder
        self._key = key

    def seal(self, kind: str, chunks: Iterable[bytes], content_sha256: str) -> Sealed:
        """Write content durably under its address: encrypted, fsynced, read back and compared.

        `content_sha256` is what the caller hashed before; content that differs while it is copied
        raises SourceChanged and nothing is kept.
        """
        mac = self._content_mac(kind, content_sha256)
        data_key = self._data_key(mac)
        temporary = self.folder / "tmp" / f"{os.getpid()}-{secrets.token_hex(6)}"
        handle = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "r+b") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                plain, cipher, size = hashlib.sha256(), hashlib.sha256(), 0
                for frame in seal_frames(data_key, mac, _counted(chunks, plain)):
                    cipher.update(frame)
                    file.write(frame)
                    size += len(frame)
                file.flush()
                os.fsync(file.fileno())
                if plain.hexdigest() != content_sha256:
                    raise SourceChanged("The file changed while it was being copied.")
                file.seek(0)
                if hashlib.file_digest(file, "sha256").digest() != cipher.digest():
                    raise BlobDamaged("The disk gave back something else than was written. Check the disk.")
                blob_id = cipher.hexdigest()
                self._link(temporary, blob_id)
        finally:
            temporary.unlink(missing_ok=True)
        return Sealed(blob_id, mac, kind, size, self._wrap(mac, data_key))

    def seal_bytes(self, kind: str, content: bytes) -> Sealed:
        """`seal` for content already in memory."""
        return self.seal(kind, [content], hashlib.sha256(content).hexdigest())

    def enter(self, session: Session, sealed: Sealed) -> str:
        """Make the database know a sealed blob (in the caller's transaction); gives its id."""
        if session.get(Blob, sealed.id) is None:
            session.add(
                Blob(
                    id=sealed.id,
                    content_mac=sealed.content_mac,
                    kind=sealed.kind,
                    size=sealed.size,
                    wrapped_key=sealed.wrapped_key,
                )
            )
            session.flush()
        return sealed.id

    def read(self, blob: Blob) -> bytes:
        """The content of a blob; BlobMissing or BlobDamaged when it is not what was written."""
        return open_sealed(self.path(blob.id), self.unwrap(blob), blob.content_mac)

    def unwrap(self, blob: Blob) -> bytes:
        """The data key of one blob, to hand to a worker that must not know the vault key."""
        try:
            nonce, sealed = blob.wrapped_key[:12], blob.wrapped_key[12:]
            return AESGCM(self._key).decrypt(nonce, sealed, blob.content_mac.encode())
        except (InvalidTag, ValueError) as error:  # ValueError: less is left than a nonce
            raise BlobDamaged("The key of a stored file was changed.") from error

    def path(self, blob_id: str) -> Path:
        """Where a blob lies."""
        return self.folder / blob_id[:2] / blob_id

    def check(self, blob_id: str) -> None:
        """Fixity without a key: the ciphertext still has the hash that is its name."""
        try:
            with self.path(blob_id).open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except FileNotFoundError as error:
            raise BlobMissing(f"stored file {blob_id[:12]} is missing") from error
        if found != blob_id:
            raise BlobDamaged(f"stored file {blob_id[:12]} was changed")

    def sweep(self) -> int:
        """Remove what a killed writer left in tmp (nobody holds its lock); gives how many."""
        removed = 0
        for left in (self.folder / "tmp").iterdir():
            with contextlib.suppress(FileNotFoundError, BlockingIOError):
                handle = os.open(left, os.O_RDONLY)
                try:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    left.unlink()
                    removed += 1
                finally:
                    os.close(handle)
        return removed

    def ids_on_disk(self) -> Iterator[str]:
        """The id of every blob file that lies in the vault, known or not."""
        for folder in self.folder.iterdir():
            if len(folder.name) == len("00"):  # folders by the first byte of the content's hash
                yield from (file.name for file in folder.iterdir())

    def _link(self, temporary: Path, blob_id: str) -> None:
        final = self.path(blob_id)
        if not final.parent.exists():
            final.parent.mkdir(exist_ok=True)
            fsync_folder(self.folder)
        try:
            final.hardlink_to(temporary)
            final.chmod(0o400)
        except FileExistsError:
            self._mend(blob_id, temporary)
        fsync_folder(final.parent)

    def _mend(self, blob_id: str, temporary: Path) -> None:
        """Put a whole file in the place of a damaged one of the same content; a whole one stays as it is."""
        try:
            self.check(blob_id)
        except BlobDamaged:
            temporary.chmod(0o400)
            temporary.replace(self.path(blob_id))

    def _content_mac(self, kind: str, content_sha256: str) -> str:
        return hmac.new(self._key, f"content:{kind}:{content_sha256}".encode(), hashlib.sha256).hexdigest()

    def _data_key(self, content_mac: str) -> bytes:
        return hmac.new(self._key, f"data:{content_mac}".encode(), hashlib.sha256).digest()

    def _wrap(self, content_mac: str, data_key: bytes) -> bytes:
        nonce = secrets.token_bytes(12)
        return nonce + AESGCM(self._key).encrypt(nonce, data_key, content_mac.encode())


def _counted(chunks: Iterable[bytes], digest: "hashlib._Hash") -> Iterator[bytes]:
    for chunk in chunks:
        digest.update(chunk)
        yield chunk
