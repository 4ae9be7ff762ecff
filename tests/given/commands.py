"""The command line as a person would call it, for tests."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any


class Chartroom:
    """Runs `chartroom` commands on one data home."""

    def __init__(self, home: Path, key_file: Path, **settings: str) -> None:
        self.home = home
        self.key_file = key_file
        self.hot = home / "hot"
        self.env = {
            **{k: v for k, v in os.environ.items() if not k.startswith("CHARTROOM_")},
            "CHARTROOM_HOME": str(home),
            "CHARTROOM_KEY_FILE": str(key_file),
            "CHARTROOM_SETTLE_SECONDS": "0",
            "CHARTROOM_MINIMUM_FREE_MEGABYTES": "0",
            **settings,
        }

    def start(self, *arguments: str | Path, log: Path | None = None) -> "subprocess.Popen[bytes]":
        """A running command. What it says goes into `log`, or into pipes: a server whose pipes nobody empties stands still
        once they are full."""
        if log is None:
            return subprocess.Popen(self._line(arguments), env=self.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        with log.open("ab") as out:
            return subprocess.Popen(self._line(arguments), env=self.env, stdout=out, stderr=out)

    def __call__(
        self, *arguments: str | Path, expect: int | None = 0, stdin: str = "", seconds: float = 300
    ) -> "subprocess.CompletedProcess[str]":
        """A finished command; fails the test when its exit code is not the expected one."""
        done = subprocess.run(
            self._line(arguments),
            env=self.env,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
        if expect is not None:
            assert done.returncode == expect, f"{arguments}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def rows(self, *arguments: str | Path, expect: int = 0) -> list[dict[str, Any]]:
        """The JSON Lines of a command."""
        return [json.loads(line) for line in self(*arguments, "--json", expect=expect).stdout.splitlines()]

    def drop(self, name: str | bytes, data: bytes) -> None:
        """Put a file into the hot folder as a scanner does: under another name, then renamed."""
        self.hot.mkdir(parents=True, exist_ok=True)
        folder = os.fsencode(self.hot)
        part = folder + b"/.part"
        with open(part, "wb") as file:  # noqa: PTH123 - names are bytes
            file.write(data)
        os.rename(part, folder + b"/" + os.fsencode(name))  # noqa: PTH104

    def drop_folder(self, name: str, files: Mapping[str, bytes]) -> None:
        """Put a folder of files into the hot folder as a scanning program does: under another name, then renamed."""
        self.hot.mkdir(parents=True, exist_ok=True)
        part = self.hot / f"{name}.part"
        for path, data in files.items():
            (part / path).parent.mkdir(parents=True, exist_ok=True)
            (part / path).write_bytes(data)
        part.rename(self.hot / name)

    @staticmethod
    def _line(arguments: tuple[str | Path, ...]) -> list[str]:
        return [sys.executable, "-m", "ingest.cli", *map(str, arguments)]
