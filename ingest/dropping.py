"""A file that comes through the browser: written beside the scans under a passing name, and dropped when it is whole."""

import contextlib
import json
import os
import secrets
from pathlib import Path
from typing import IO

from ingest.hotfolder import SIGNAL
from ingest.names import cut_name, is_scan
from ingest.problems import UsageProblem
from ingest.settings import Settings
from storage.foundation.folders import fsync_folder

_LONGEST = 180
"""Bytes of a name. A file system takes 255 (POSIX NAME_MAX); a claim id and the number of a second file want room."""


class Drop:
    """One file on its way into a hot folder. Used as a context: what is not finished leaves nothing behind."""

    def __init__(self, settings: Settings, name: str, operator: str = "") -> None:
        """`operator` is the account of whoever drops it; it stays with the scan."""
        self._folder = settings.folders[0]
        self._name = safe_name(name)
        self._most = settings.file_megabytes * 1_000_000
        self._operator = operator
        self._size = 0
        self._part = self._folder / f".upload-{secrets.token_hex(8)}.part"
        self._file: IO[bytes] | None = None

    def __enter__(self) -> "Drop":
        self._file = self._part.open("xb")
        return self

    def write(self, data: bytes) -> None:
        """The next bytes; UsageProblem when the file is larger than this site takes."""
        assert self._file is not None
        self._size += len(data)
        if self._size > self._most:
            raise UsageProblem(
                f"The file is larger than {self._most // 1_000_000} MB. Split it, or ask your administrator."
            )
        self._file.write(data)

    def finish(self) -> str:
        """Drop the whole file; gives the name under which it lies there, another one when the name was taken."""
        assert self._file is not None
        if not self._size:
            raise UsageProblem("The file is empty.")
        self._file.flush()
        os.fsync(self._file.fileno())
        for number in range(1, 1000):
            stem, dot, ending = self._name.rpartition(".")
            name = self._name if number == 1 else f"{stem or ending} ({number}){dot}{ending if stem else ''}"
            try:
                os.link(self._part, self._folder / name)  # never over another file
            except FileExistsError:
                continue
            fsync_folder(self._folder)
            self._signal(name)
            return name
        raise UsageProblem("There are too many files of this name in the hot folder. Rename it.")

    def _signal(self, name: str) -> None:
        """Say that the file is whole, and who dropped it: nobody waits for a further page of it. Where that fails it waits."""
        signal = self._folder / f"{name}{os.fsdecode(SIGNAL)}"
        with contextlib.suppress(FileExistsError), signal.open("x", encoding="utf-8") as file:
            json.dump({"operator": self._operator}, file)

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()
        self._part.unlink(missing_ok=True)


def safe_name(name: str) -> str:
    """The last part of a name as a browser says it, without what would hide it or lead elsewhere, cut to what a file system
    takes; UsageProblem for a name that intake leaves alone (ingest/names.py)."""
    plain = "".join(c for c in Path(name.replace("\\", "/")).name if c.isprintable())
    kept = cut_name(plain.lstrip(". ").strip(), _LONGEST).lstrip(". ")
    if not kept:
        raise UsageProblem("The file has no name that can be kept. Rename it.")
    if not is_scan(os.fsencode(kept)) or not is_scan(plain.encode(errors="replace")):
        raise UsageProblem(
            "Files of such a name are never taken in, for programs use it for files that are not finished. Rename it."
        )
    return kept
