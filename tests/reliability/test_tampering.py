"""What is changed behind the product's back is found by `chartroom verify`, or refused when the data home is opened."""

from pathlib import Path

import pytest

from storage.opening import make_home
from tests.given.commands import Chartroom
from tests.reliability.filled import fill
from tests.reliability.tampering import TRIES, Tampering, try_tampering

pytestmark = pytest.mark.reliability

SHORT = [t for t in TRIES if not t.name.startswith(("stored view", "stored page"))]
"""Views and pages lie in the vault as scans and filed copies do; `./dev reliability` tries them too."""


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A filled data home and its key file."""
    base = tmp_path_factory.mktemp("filled")
    home = make_home(base / "home", base / "home.key")
    fill(home)
    home.close()
    return home.path, home.key_file


def test_an_untouched_copy_verifies(filled: tuple[Path, Path]) -> None:
    Chartroom(*filled)("verify")


@pytest.mark.parametrize("tampering", SHORT, ids=lambda tampering: tampering.name)
def test_tampering_is_noticed(filled: tuple[Path, Path], work: Path, tampering: Tampering) -> None:
    assert try_tampering(*filled, work, tampering) is None
