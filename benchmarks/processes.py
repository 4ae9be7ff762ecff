"""Other people's programs run beside ours: their CPU time counted whole, plain Tesseract one process a core."""

import contextlib
import ctypes
import os
import resource
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

CORES = os.cpu_count() or 1

DOUBLED_UNDER = 200
"""dpi under which plain Tesseract gets the doubled image, as everybody does; on sharper pages that costs words."""


def adopt_orphans() -> None:
    """Workers of a fork server are nobody's children when it ends; adopted, their CPU time counts too."""
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER


@contextlib.contextmanager
def measured() -> Iterator[list[float]]:
    """Gives wall and CPU seconds of what is run inside, whole process tree, when it has ended."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    result: list[float] = []
    yield result
    wall = time.monotonic() - started
    with contextlib.suppress(ChildProcessError):
        while True:
            os.waitpid(-1, 0)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    result += [wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime]


def run_tesseract(files: Sequence[Path], out: Path) -> list[str]:
    """Text of each image; a searchable PDF of each is made too, as everybody else does."""
    env = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    running: list[subprocess.Popen[bytes]] = []
    for file in files:
        while sum(p.poll() is None for p in running) >= CORES:
            time.sleep(0.005)
        running.append(
            subprocess.Popen(["tesseract", file, out / file.stem, "txt", "pdf"], env=env, stderr=subprocess.DEVNULL)
        )
    for process in running:
        process.wait()
    return [(out / f"{file.stem}.txt").read_text() for file in files]
