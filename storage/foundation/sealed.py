"""The sealed file: what lies in the vault, and how it is made and opened with its own key.

A magic line and frames of 1 MiB, each AES-256-GCM under the blob's own data key, the frame number in the
nonce and the content's MAC as associated data, so that frames cannot be swapped, dropped or moved to
another blob. A worker needs nothing else of storage: no database is loaded here.
"""

import io
from collections.abc import Iterable, Iterator
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage.foundation.errors import BlobDamaged, BlobMissing

MAGIC = b"CHRTROOM1\n"
FRAME = 1 << 20
_TAG = 16


def open_sealed(path: Path, data_key: bytes, content_mac: str) -> bytes:
    """The content of one sealed file, given its own data key; no more of it is in memory than once, and a frame."""
    cipher, content, number = AESGCM(data_key), io.BytesIO(), 0
    try:
        with path.open("rb") as file:
            if file.read(len(MAGIC)) != MAGIC:
                raise BlobDamaged(f"stored file {path.name[:12]} was changed")
            frame = file.read(FRAME + _TAG)
            while True:
                following = file.read(FRAME + _TAG)
                content.write(cipher.decrypt(_nonce(number, is_last=not following), frame, content_mac.encode()))
                if not following:
                    return content.getvalue()
                frame, number = following, number + 1
    except FileNotFoundError as error:
        raise BlobMissing(f"stored file {path.name[:12]} is missing") from error
    except InvalidTag as error:
        raise BlobDamaged(f"stored file {path.name[:12]} was changed") from error


def seal_frames(data_key: bytes, content_mac: str, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The sealed file of some content, piece by piece."""
    cipher, held, number = AESGCM(data_key), bytearray(), 0
    yield MAGIC
    for chunk in chunks:
        held += chunk
        while len(held) > FRAME:
            yield cipher.encrypt(_nonce(number, is_last=False), bytes(held[:FRAME]), content_mac.encode())
            del held[:FRAME]
            number += 1
    yield cipher.encrypt(_nonce(number, is_last=True), bytes(held), content_mac.encode())


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])
