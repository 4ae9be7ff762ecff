"""The bench of the reliability tests, on a RAM disk where there is one: fsync means the same there and costs nothing."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.reliability.bench import Bench, make_bench

MEMORY = Path("/dev/shm")


def scratch_place() -> Path | None:
    """The RAM disk, or None for the usual folder of temporary files."""
    return MEMORY if os.access(MEMORY, os.W_OK) else None


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Path]:
    """A scratch folder, removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="reliability-", dir=scratch_place() or tmp_path))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def bench(work: Path) -> Bench:
    """A bench; needs gcc, and never does without in silence."""
    if not shutil.which("gcc"):
        if os.environ.get("REQUIRE_ALL"):
            pytest.fail("gcc is not installed; .ci/run must install it")
        pytest.skip("gcc is not installed here")
    return make_bench(work)
