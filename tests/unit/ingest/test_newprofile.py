"""The profile that a new data home begins with names every entry, and says what the code does without it."""

import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from ingest.newprofile import ENTRIES, QUALITY_ENTRIES, defaults_of_profile, draw_new_profile
from ingest.site import NO_ENTRIES, read_site
from storage.quality.policy import PRESETS, Quality

LINES = draw_new_profile().splitlines()


def _switched_on(*but: str) -> str:
    """The new profile with the # taken away before every entry."""
    entries = [line[1:] for line in LINES if line.startswith("#") and not line.startswith("# ") and line != "#"]
    return "\n".join(line for line in entries if not line.startswith(but or ("\0",)))


def test_a_new_profile_says_nothing_and_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "profile.toml").write_text(draw_new_profile(), encoding="utf-8")
    assert tomllib.loads(draw_new_profile()) == {}
    assert read_site(tmp_path / "profile.toml") == read_site(tmp_path / "absent.toml")


def test_every_entry_stands_in_it_with_its_default() -> None:
    entries = tomllib.loads(_switched_on())
    assert set(entries) == set(ENTRIES) == set(defaults_of_profile()) - {*NO_ENTRIES, "forms"}
    for name, default in defaults_of_profile().items():
        if isinstance(default, str | bool | float):
            assert entries.get(name, default) == default, name
    assert entries["quality"].pop("preset") in PRESETS
    assert entries["quality"] == {f.name: getattr(Quality(), f.name) for f in fields(Quality)}
    assert set(entries["quality"]) == set(QUALITY_ENTRIES)


def test_every_entry_fits_when_it_is_switched_on(tmp_path: Path) -> None:
    (tmp_path / "profile.toml").write_text(_switched_on("preset"), encoding="utf-8")
    site = read_site(tmp_path / "profile.toml")
    assert site.quality == Quality()
    assert site.names_order_of_dates
    assert site.roster_columns["mrn"] == "Unit number"


@pytest.mark.parametrize("name", [*ENTRIES, *QUALITY_ENTRIES])
def test_a_line_before_each_entry_says_what_it_does(name: str) -> None:
    at = next(i for i, line in enumerate(LINES) if line.lstrip("#[").startswith(name) and not line.startswith("# "))
    told = next(line for line in reversed(LINES[:at]) if line != "# Example:" and line.startswith("# "))
    assert len(told) > len("# ") + 10
