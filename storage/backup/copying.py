"""One stored file from one place to another, whole and proved by its name; trouble of the source is told from that of the target."""

from collections.abc import Iterator
from pathlib import Path

from storage.backup.durable import Digest, chunks, write_whole
from storage.foundation.errors import BlobDamaged, BlobMissing


def copy_stored(source: Path, target: Path, scratch: Path, blob_id: str) -> int:
    """Copy it durably; gives its bytes. BlobMissing or BlobDamaged when the source has it not whole, OSError of the target."""

    def fill(digest: Digest) -> None:
        for chunk in _read(source):
            digest.write(chunk)
        if digest.written.sha256 != blob_id:
            raise BlobDamaged(f"stored file {blob_id[:12]} was changed")

    return write_whole(target, scratch, fill, mode=0o400).size


def _read(source: Path) -> Iterator[bytes]:
    try:
        with source.open("rb") as file:
            yield from chunks(file)
    except FileNotFoundError as error:
        raise BlobMissing(f"stored file {source.name[:12]} is missing") from error
    except OSError as error:
        raise BlobDamaged(f"stored file {source.name[:12]} cannot be read") from error
