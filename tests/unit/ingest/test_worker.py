"""The pool: a task that hangs or dies fails alone, and a pool whose workers were killed is made anew."""

import os
import signal
import time

import pytest
from pebble import ProcessExpired

from ingest.worker import WorkPool, work_pool


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
