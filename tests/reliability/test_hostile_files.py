"""Hostile files, names and things: each is taken or refused with a reason, and the good scans beside them get through."""

from pathlib import Path

import pytest

from tests.reliability.hostile.corpus import GROUPS
from tests.reliability.hostile.feeding import feed
from tests.reliability.hostile.things import THINGS

pytestmark = pytest.mark.reliability

SHORT = [group for group in GROUPS if not group.startswith("bombs")]
"""Bombs take minutes; `./dev reliability` tries them."""


@pytest.mark.parametrize("group", SHORT)
def test_hostile_files_do_no_harm(work: Path, group: str) -> None:
    assert dict(feed(work, GROUPS[group]()).faults) == {}


def test_what_is_no_plain_file_does_no_harm(work: Path) -> None:
    assert dict(feed(work, [], THINGS).faults) == {}
