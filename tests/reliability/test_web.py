"""Every unauthorised try at the review app is refused (tests/browser tries the same beside a real Chromium)."""

from pathlib import Path

import pytest

from storage.opening import open_home
from tests.browser.conftest import PASSWORD, add_people, review
from tests.given.commands import Chartroom
from tests.reliability.filled import fill
from tests.reliability.probe import Who, try_everything

pytestmark = pytest.mark.reliability


def test_every_unauthorised_try_is_refused(tmp_path: Path) -> None:
    chartroom = Chartroom(tmp_path / "data", tmp_path / "data.key")
    chartroom("init")
    add_people(chartroom)
    home = open_home(chartroom.home, chartroom.key_file)
    document = fill(home)
    home.close()
    with review(chartroom) as port:
        tries = list(try_everything(port, Who("uma", PASSWORD), Who("ada", PASSWORD), f"/filed/{document}.pdf"))
    assert [made.what for made in tries if not made.is_refused] == []
    assert len(tries) >= 95
