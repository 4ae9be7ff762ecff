"""Things in a hot folder that are no plain files, or files that change while they are looked at."""

import os
import socket
import stat
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.reliability.hostile.item import Expect
from tests.reliability.hostile.writing import good_pdf

SECRET = b"OUTSIDE-SECRET-4242"
"""Lies in files outside of the data home; if it is found within, something behind a link was read."""

_SPARSE_BYTES = 5 << 30


@dataclass(frozen=True, slots=True)
class Outside:
    """Files outside of the data home that links lead to."""

    folder: Path

    @property
    def file(self) -> Path:
        return self.folder / "secret.pdf"

    @property
    def linked(self) -> Path:
        return self.folder / "linked.pdf"

    def make(self) -> None:
        self.folder.mkdir()
        self.file.write_bytes(SECRET)
        self.linked.write_bytes(good_pdf(b"hard link"))

    def is_untouched(self) -> bool:
        return self.file.read_bytes() == SECRET and self.linked.read_bytes() == good_pdf(b"hard link")


@dataclass(frozen=True, slots=True)
class Thing:
    """How it is made at a path, and what must become of it."""

    name: str
    make: Callable[[Path, Outside], None]
    expect: Expect
    why: str
    may_be_unseen: bool = False  # it may be gone before anybody looks


def _socket(path: Path, outside: Outside) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(path))


def _unreadable(path: Path, outside: Outside) -> None:
    path.write_bytes(good_pdf(b"unreadable"))
    path.chmod(0)


def _sparse(path: Path, outside: Outside) -> None:
    with path.open("wb") as file:
        file.truncate(_SPARSE_BYTES)


def _grows(path: Path, outside: Outside) -> None:
    content = good_pdf(b"grows")
    half = len(content) // 2
    path.write_bytes(content[:half])
    _later(0.4, lambda: _append(path, content[half:]))


def _append(path: Path, content: bytes) -> None:
    if path.exists():
        with path.open("ab") as file:
            file.write(content)


def _vanishes(path: Path, outside: Outside) -> None:
    path.write_bytes(good_pdf(b"vanishes"))
    _later(0.15, lambda: path.unlink(missing_ok=True))


def _replaced(path: Path, outside: Outside) -> None:
    path.write_bytes(good_pdf(b"first of a name"))
    second = outside.folder / "second"
    second.write_bytes(good_pdf(b"second of a name"))
    _later(0.2, lambda: second.rename(path))


def _later(seconds: float, act: Callable[[], object]) -> None:
    threading.Timer(seconds, act).start()


def _device(path: Path, outside: Outside) -> None:
    os.mknod(path, 0o600 | stat.S_IFCHR, os.makedev(1, 5))


REFUSED, TAKEN, EITHER = Expect.REFUSE, Expect.ACCEPT, Expect.EITHER

_ALL = (
    Thing("link.pdf", lambda path, outside: path.symlink_to(outside.file), REFUSED, "a link to a file outside"),
    Thing("folder-link.pdf", lambda path, outside: path.symlink_to(outside.folder), REFUSED, "a link to a folder outside"),
    Thing("link-to-nothing.pdf", lambda path, outside: path.symlink_to("/nothing"), REFUSED, "a link to nothing"),
    Thing("link-to-itself.pdf", lambda path, outside: path.symlink_to(path), REFUSED, "a link to itself"),
    Thing("pipe.pdf", lambda path, outside: os.mkfifo(path), REFUSED, "a pipe: a plain open would wait for ever"),
    Thing("socket.pdf", _socket, REFUSED, "a socket"),
    Thing("device.pdf", _device, REFUSED, "a device without an end"),
    Thing("folder.pdf", lambda path, outside: path.mkdir(), REFUSED, "a folder called .pdf"),
    Thing("hard-link.pdf", lambda path, outside: path.hardlink_to(outside.linked), EITHER, "a second name of a file elsewhere"),
    Thing("unreadable.pdf", _unreadable, REFUSED, "nobody may read it"),
    Thing("sparse.tif", _sparse, REFUSED, "5 GB of nothing: the limit is asked before reading"),
    Thing("grows.pdf", _grows, TAKEN, "is written on after it was closed"),
    Thing("vanishes.pdf", _vanishes, EITHER, "is removed while it is looked at", may_be_unseen=True),
    Thing("replaced.pdf", _replaced, TAKEN, "a second scan takes its name"),
)  # fmt: skip

_NEEDS_ROOT, _NEEDS_NO_ROOT = "device.pdf", "unreadable.pdf"

THINGS = tuple(thing for thing in _ALL if thing.name != (_NEEDS_NO_ROOT if os.geteuid() == 0 else _NEEDS_ROOT))
"""Those that this account can make and that mean something to it: root reads what nobody may read."""
