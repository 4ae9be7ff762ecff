"""Chartroom's commands on one data home, run as whole process groups: ended with all that they started."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.given.commands import Chartroom


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended: its exit code (negative: the signal; None: it hung and was ended) and the end of its output."""

    code: int | None
    output: str


def start(
    chartroom: Chartroom,
    words: str | tuple[str, ...],
    more: Mapping[str, str] | None = None,
    output: Path | None = None,
    module: str = "ingest.cli",
) -> subprocess.Popen[bytes]:
    """The command in a process group of its own, with these environment variables too."""
    line = [sys.executable, "-m", module, *((words,) if isinstance(words, str) else words)]
    environment = {**chartroom.env, **(more or {})}
    if output is None:
        return subprocess.Popen(
            line, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
        )
    with output.open("ab") as file:
        return subprocess.Popen(line, env=environment, stdout=file, stderr=file, start_new_session=True)


def run(
    chartroom: Chartroom,
    words: str | tuple[str, ...],
    more: Mapping[str, str] | None = None,
    seconds: float = 120,
    module: str = "ingest.cli",
) -> Ended:
    """The command, ended by itself or after this time."""
    process = start(chartroom, words, more, module=module)
    try:
        output, _ = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        kill(process)
        return Ended(None, "")
    return Ended(process.returncode, output[-300:].decode(errors="replace"))


def kill(process: subprocess.Popen[bytes]) -> None:
    """SIGKILL for the command and all that it started, as when a machine stops."""
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
