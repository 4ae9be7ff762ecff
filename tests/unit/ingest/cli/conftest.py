"""A shell on the data home of the test."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.foundation.home import Home
from tests.given.shell import Shell


@pytest.fixture
def bare(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, untouched: None
) -> Iterator[Shell]:
    """A shell in an empty folder, whose data home is not made yet; logging and signals are as before afterwards."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CHARTROOM_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CHARTROOM_KEY_FILE", str(tmp_path / "keys" / "home.key"))
    monkeypatch.setenv("CHARTROOM_SETTLE_SECONDS", "0")
    monkeypatch.setenv("CHARTROOM_MINIMUM_FREE_MEGABYTES", "0")
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)}
    yield Shell(monkeypatch, capsys)
    for number, handler in handlers.items():
        signal.signal(number, handler)


@pytest.fixture
def shell(bare: Shell, home: Home) -> Shell:
    """A shell on a fresh data home; `home` opens the same one."""
    return bare
