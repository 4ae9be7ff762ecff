"""The pool: a task that hangs or dies fails alone, and a pool whose workers were killed is made anew."""

import io
import os
import signal
import time
from pathlib import Path

import numpy as np
import pytest
from pebble import ProcessExpired
from PIL import Image as Pillow

from ingest.worker import PlainFile, SealedFile, WorkPool, open_source, read_one, work_pool
from ocr.load import Limits, Opened
from ocr.read import PageOrder
from ocr.signature import Kind
from storage.foundation.home import Home
from storage.foundation.tables.custody import Blob
from tests.given.paper import LINES, printed, saved
from tests.given.records import receive, source_of


def _who() -> int:
    return os.getpid()


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _hang() -> None:
    while True:
        time.sleep(1)


def test_a_task_that_dies_or_hangs_fails_alone() -> None:
    with work_pool(2, 2048) as pool:
        dead, hung = pool.submit(_die, seconds=60), pool.submit(_hang, seconds=1)
        fine = [pool.submit(_who, seconds=60) for _ in range(4)]
        with pytest.raises(ProcessExpired):
            dead.result()
        with pytest.raises(TimeoutError):
            hung.result()
        assert all(future.result() > 0 for future in fine)


def _is_broken(pool: WorkPool) -> bool:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        if not pool._pool.active:
            return True
        time.sleep(0.05)
    return False


def test_work_goes_on_after_an_idle_worker_was_killed() -> None:
    with work_pool(1, 2048) as pool:
        os.kill(pool.submit(_who, seconds=60).result(), signal.SIGKILL)
        _is_broken(pool)  # pebble either starts another worker or gives the pool up; both must do
        assert pool.submit(_who, seconds=60).result() > 0


def test_idle_workers_rest_and_the_next_task_wakes_them() -> None:
    with work_pool(1, 2048) as pool:
        first = pool.submit(_who, seconds=60).result()
        pool.rest(idle_seconds=3600)
        assert pool.submit(_who, seconds=60).result() == first
        pool.rest(idle_seconds=0)
        pool.rest(idle_seconds=0)
        assert pool.submit(_who, seconds=60).result() != first


def _grab(megabytes: int) -> int:
    return len(bytearray(megabytes << 20))


def test_the_limit_of_memory_is_for_what_a_file_makes_of_it_and_not_for_the_file(home: Home) -> None:
    """The limits of one site in eight: 1,000 MB a file, 2,048 MB a worker; a file of 750 MB was refused."""
    picture = Pillow.fromarray(np.zeros((4000, 8000), np.uint8))
    out = io.BytesIO()
    picture.save(out, "TIFF", save_all=True, append_images=[picture] * 5)  # 192 MB, not compressed
    content = out.getvalue()
    batch_id = receive(home, content)
    with home.reading() as session:
        blob = session.get_one(Blob, source_of(session, batch_id).blob_id)
    file = SealedFile(home.vault.path(blob.id), home.vault.unwrap(blob), blob.content_mac)
    with work_pool(1, 512) as pool:
        assert pool.submit(open_source, file, Limits(file_bytes=250_000_000), seconds=120).result() == Opened(
            Kind.TIFF, 6
        )
        with pytest.raises(MemoryError):
            pool.submit(_grab, 2048, seconds=60).result()


def test_a_page_of_which_no_print_can_be_made_is_read_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ValueError("no ink")

    monkeypatch.setattr("ocr.sheetprint.make_print", broken)
    (tmp_path / "scan.png").write_bytes(saved([printed(LINES)], "PNG"))
    read = read_one(PlainFile(tmp_path / "scan.png"), Kind.PNG, 1, Limits(), PageOrder(), is_frugal=False)
    assert read.page.words
    assert read.view
    assert read.sheet is None
