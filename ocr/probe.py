"""Does the second recogniser work on this machine? It reads a drawn line of text, in a process of its own.

In a process of its own because a library that is broken, or built for another processor, may end the process that loads
it, and because what it loads (100 MB) stays there.
"""

import importlib.metadata
import subprocess
import sys
from dataclasses import dataclass
from enum import StrEnum

DRAWN = "Page 12 of 30"
"""The line that is drawn and read; it names nobody."""

_SECONDS = 60
"""A second is usual; a machine that starts up, with a cold disk, may take many."""

_MISSING = 3
"""Exit code for a recogniser that is not installed; Python's own are 1 and 2."""


class State(StrEnum):
    """What came of the try."""

    READS = "reads"
    MISSING = "missing"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Probe:
    """Whether the second recogniser reads, and which one it is (only when it does)."""

    state: State
    name: str = ""


def probe_second() -> Probe:
    """Try the second recogniser; whatever is wrong with it, it is an answer and no error."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "ocr.probe"], capture_output=True, text=True, timeout=_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return Probe(State.BROKEN)
    if done.returncode == _MISSING:
        return Probe(State.MISSING)
    name, _, line = done.stdout.strip().partition("\n")
    return Probe(State.READS, name) if done.returncode == 0 and line == DRAWN else Probe(State.BROKEN)


def main() -> int:
    """Print which recogniser it is and what it reads of the drawn line."""
    import numpy as np

    from ocr import rapid
    from ocr.imaging import cv2

    if not rapid.is_installed():
        return _MISSING
    page = np.full((60, 420), 255, np.uint8)
    cv2.putText(page, DRAWN, (20, 42), cv2.FONT_HERSHEY_SIMPLEX, 1.2, (0,), 2, cv2.LINE_AA)
    line = " ".join(piece.text for piece in rapid.read_lines([page])[0])
    sys.stdout.write(f"{rapid.NAME}, ONNX Runtime {importlib.metadata.version('onnxruntime')}\n{line}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
