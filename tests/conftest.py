"""Fixtures: a data home of its own for every test that needs one, and scans of the demo clinic."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from hypothesis import HealthCheck, settings

from classify import doctypes
from ingest.demo.draw import Scan, draw_scans
from storage.foundation import accounts
from storage.foundation.home import Home
from storage.opening import make_home
from tests.given.commands import Chartroom
from tests.given.template import Template

settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")  # a busy machine is no fault of the code

SHARED_DATA = Path(__file__).parents[2] / "shared" / "data"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What needs the real scans beside the clone is marked, so that it can be counted and left out: -m 'not shared_data'."""
    for item in items:
        if "shared_data" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.shared_data)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many tests were left out because the real scans are not here."""
    left_out = [report for report in terminalreporter.stats.get("skipped", ()) if _NOT_HERE in str(report.longrepr)]
    if left_out:
        terminalreporter.write_line(f"{len(left_out)} tests were left out: {_NOT_HERE}.")


_NOT_HERE = "the real scans (../shared/data) are not beside this clone"


@pytest.fixture(autouse=True)
def _own_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No test sees the settings, keys or files of the person who runs it."""
    for name in list(os.environ):
        if name.startswith("CHARTROOM_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


@pytest.fixture(autouse=True)
def _no_kinds_of_another_site() -> Iterator[None]:
    """Kinds of document that a test's own site has are forgotten after it."""
    yield
    doctypes.use_site_types(())


@pytest.fixture(scope="session")
def empty_home(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """A fresh data home, made and migrated once, to be copied: a copy takes a twentieth of the time."""
    folder = tmp_path_factory.mktemp("empty")
    return Template.of(make_home(folder / "home", folder / "keys" / "home.key"))


@pytest.fixture(scope="module")
def starting_home(empty_home: Template) -> Template:
    """What `home` is a copy of; a module whose tests all begin with the same documents makes its own."""
    return empty_home


@pytest.fixture
def home(tmp_path: Path, starting_home: Template) -> Iterator[Home]:
    """A fresh data home whose key lies outside."""
    made = starting_home.copied_to(tmp_path)
    yield made
    made.close()


@pytest.fixture(scope="module")
def shared_home(tmp_path_factory: pytest.TempPathFactory, empty_home: Template) -> Iterator[Home]:
    """A data home for tests that leave it as it was, one a module."""
    made = empty_home.copied_to(tmp_path_factory.mktemp("shared"))
    yield made
    made.close()


@pytest.fixture
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are hashed with little memory and one round; nothing else of them changes."""
    monkeypatch.setattr(accounts, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def unmade(tmp_path: Path) -> Chartroom:
    """The command line where no data home is yet; dropped files settle at once."""
    return Chartroom(tmp_path / "data", tmp_path / "keys" / "data.key")


@pytest.fixture
def chartroom(unmade: Chartroom) -> Chartroom:
    """The command line on a data home of its own."""
    make_home(unmade.home, unmade.key_file).close()
    return unmade


@pytest.fixture(scope="session")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Scan]]:
    """A small clinic's scans, drawn once: folder (with roster.csv) and scans with their truth."""
    folder = tmp_path_factory.mktemp("drawn")
    scans, _ = draw_scans(4, 7, folder)
    return folder, scans


DRAWN_DATA = Path(__file__).parent / "data"
"""The corpus drawn by tests/data/draw.py; every test over the real scans has a twin over it that always runs."""


@pytest.fixture
def shared_data() -> Path:
    """The real scans beside the project."""
    if not SHARED_DATA.is_dir():
        pytest.skip(_NOT_HERE)
    return SHARED_DATA
