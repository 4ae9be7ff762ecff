"""A disk as a power cut leaves it: what was fsynced is there, of the rest a legal part or nothing.

The model is pessimistic but legal for a journalling file system. Operations on names are atomic and ordered. An fsync
of a file makes its bytes durable, not its name; an fsync of a folder makes the operations on its names durable.
"""

import os
import random
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path

SECTOR = 512  # bytes that a disk writes whole or not at all
_HEAD = struct.Struct("<IIqqqIIIi")  # struct record of gate.h
_MAGIC = 0x54464C54


class Call(IntEnum):
    """The calls that faultshim.c records."""

    CREATE = 1
    WRITE = 2
    TRUNCATE = 3
    FSYNC = 4
    RENAME = 5
    LINK = 6
    UNLINK = 7
    MKDIR = 8
    RMDIR = 9
    SYMLINK = 10


@dataclass(frozen=True, slots=True)
class Record:
    """One recorded call. `offset` says for FSYNC, RENAME and LINK whether `data` is the whole content of the file."""

    call: Call
    inode: int
    offset: int
    path: str
    second: str
    data: bytes


def read_records(path: Path) -> Iterator[Record]:
    """The recorded calls in their order."""
    recorded, at = path.read_bytes(), 0
    while at + _HEAD.size <= len(recorded):
        magic, call, _, inode, offset, *sizes, _ = _HEAD.unpack_from(recorded, at)
        if magic != _MAGIC:
            raise ValueError(f"the record is damaged at byte {at}")
        at += _HEAD.size
        parts = []
        for size in sizes:
            parts.append(recorded[at : at + size])
            at += size
        yield Record(Call(call), inode, offset, os.fsdecode(parts[0]), os.fsdecode(parts[1]), parts[2])


@dataclass(frozen=True, slots=True)
class _Pending:
    """A write (or a truncation, without data) that no fsync has made durable."""

    offset: int
    data: bytes | None


@dataclass(slots=True, eq=False)
class _File:
    durable: bytes = b""
    content: bytearray = field(default_factory=bytearray)
    pending: list[_Pending] = field(default_factory=list)

    def write(self, offset: int, data: bytes) -> None:
        _place(self.content, offset, data)
        self.pending.append(_Pending(offset, data))

    def truncate(self, size: int) -> None:
        _resize(self.content, size)
        self.pending.append(_Pending(size, None))

    def replace(self, data: bytes) -> None:
        self.content = bytearray(data)
        self.pending.append(_Pending(0, data))

    def sync(self) -> None:
        self.durable, self.pending = bytes(self.content), []

    def torn(self, rng: random.Random) -> bytes:
        """The durable bytes and a random part of the pending writes, cut at sectors."""
        left = bytearray(self.durable)
        for change in self.pending:
            if rng.random() < 0.5:
                continue
            if change.data is None:
                _resize(left, change.offset)
                continue
            whole = rng.random() < 0.6
            size = len(change.data) if whole else rng.randint(0, len(change.data)) // SECTOR * SECTOR
            _place(left, change.offset, change.data[:size])
        return bytes(left)


@dataclass(slots=True, eq=False)
class _Folder:
    durable: "dict[str, _File | _Folder]" = field(default_factory=dict)
    entries: "dict[str, _File | _Folder]" = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Naming:
    """In this folder, this name now means this; None: nothing."""

    folder: _Folder
    name: str
    meaning: "_File | _Folder | None"

    def settle(self, names: "dict[str, _File | _Folder]") -> None:
        if self.meaning is None:
            names.pop(self.name, None)
        else:
            names[self.name] = self.meaning


class Disk:
    """The folder `root` as it lies on a disk, followed call by call."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._by_inode: dict[int, _File | _Folder] = {}
        self._unsettled: list[tuple[_Naming, ...]] = []
        self._top = self._load_folder(root)

    def follow(self, record: Record) -> None:
        """What this call changes."""
        match record.call:
            case Call.CREATE:
                self._name(self._place(record.path, self._new(record.inode, _File())))
            case Call.MKDIR:
                self._name(self._place(record.path, self._new(record.inode, _Folder())))
            case Call.WRITE | Call.TRUNCATE:
                self._change(record)
            case Call.FSYNC:
                self._sync(record)
            case Call.RENAME:
                self._rename(record)
            case Call.LINK:
                self._name(self._place(record.second, self._known(record.inode)))
            case Call.UNLINK | Call.RMDIR:
                self._name(self._place(record.path, None))
            case Call.SYMLINK:  # the product makes none
                pass

    def cut(self, to: Path, rng: random.Random | None = None) -> None:
        """Write the disk that a power cut leaves now: only what is durable, or (`rng`) a legal part of the rest too."""
        names = {id(folder): dict(folder.durable) for folder in self._folders()}
        if rng:
            for operation in self._unsettled[: rng.randint(0, len(self._unsettled))]:
                for naming in operation:
                    naming.settle(names[id(naming.folder)])
        _write(self._top, to, names, rng)

    def _change(self, record: Record) -> None:
        file = self._by_inode.get(record.inode)
        if isinstance(file, _File):
            if record.call is Call.WRITE:
                file.write(record.offset, record.data)
            else:
                file.truncate(record.offset)

    def _sync(self, record: Record) -> None:
        node = self._by_inode.get(record.inode)
        if isinstance(node, _Folder):
            for operation in [o for o in self._unsettled if any(naming.folder is node for naming in o)]:
                for naming in operation:
                    naming.settle(naming.folder.durable)
                self._unsettled.remove(operation)
            return
        file = self._known(record.inode)
        if record.offset:
            file.content = bytearray(record.data)
        file.sync()

    def _rename(self, record: Record) -> None:
        folder, name = self._split(record.path)
        moved = folder.entries.get(name) or self._known(record.inode)
        if record.offset and isinstance(moved, _File) and bytes(moved.content) != record.data:
            moved.replace(record.data)  # written inside C stdio, unseen
        self._name(self._place(record.path, None), self._place(record.second, moved))

    def _name(self, *operation: _Naming) -> None:
        for naming in operation:
            naming.settle(naming.folder.entries)
        self._unsettled.append(operation)

    def _place(self, path: str, meaning: "_File | _Folder | None") -> _Naming:
        folder, name = self._split(path)
        return _Naming(folder, name, meaning)

    def _split(self, path: str) -> tuple[_Folder, str]:
        *parents, name = os.path.relpath(path, self.root).split("/")
        folder = self._top
        for parent in parents:
            below = folder.entries[parent]
            if not isinstance(below, _Folder):
                raise NotADirectoryError(path)
            folder = below
        return folder, name

    def _new(self, inode: int, node: "_File | _Folder") -> "_File | _Folder":
        self._by_inode[inode] = node
        return node

    def _known(self, inode: int) -> _File:
        file = self._by_inode.setdefault(inode, _File())
        if not isinstance(file, _File):
            raise IsADirectoryError(inode)
        return file

    def _folders(self) -> list[_Folder]:
        seen = {id(node): node for node in (self._top, *self._by_inode.values()) if isinstance(node, _Folder)}
        return list(seen.values())

    def _load_folder(self, path: Path) -> _Folder:
        folder = _Folder()
        self._by_inode[path.stat().st_ino] = folder
        for entry in path.iterdir():
            node = self._load_folder(entry) if entry.is_dir() else self._load_file(entry)
            folder.durable[entry.name] = folder.entries[entry.name] = node
        return folder

    def _load_file(self, path: Path) -> _File:
        content = path.read_bytes()
        file = self._by_inode.setdefault(path.stat().st_ino, _File(content, bytearray(content)))
        assert isinstance(file, _File)
        return file


def _write(
    folder: _Folder, to: Path, names: "dict[int, dict[str, _File | _Folder]]", rng: random.Random | None
) -> None:
    to.mkdir(parents=True, exist_ok=True)
    for name, node in names[id(folder)].items():
        if isinstance(node, _Folder):
            _write(node, to / name, names, rng)
        else:
            (to / name).write_bytes(node.torn(rng) if rng else node.durable)


def _place(content: bytearray, offset: int, data: bytes) -> None:
    if len(content) < offset:
        _resize(content, offset)
    content[offset : offset + len(data)] = data


def _resize(content: bytearray, size: int) -> None:
    if len(content) > size:
        del content[size:]
    else:
        content.extend(bytes(size - len(content)))
