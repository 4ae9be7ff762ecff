"""The hospital's profile."""

from pathlib import Path

import pytest

from classify.profile import Profile, ProfileProblem, load_profile


def test_no_file_is_the_default(tmp_path: Path) -> None:
    assert load_profile(tmp_path / "profile.toml") == Profile()


def test_entries_are_read(tmp_path: Path) -> None:
    file = tmp_path / "profile.toml"
    file.write_text('mrn_pattern = "U\\\\d{6}"\nday_first = true\n[labels]\nmrn = ["Unit No"]\n')
    profile = load_profile(file)
    assert (profile.mrn_pattern, profile.day_first, profile.labels) == ("U\\d{6}", True, {"mrn": ["Unit No"]})


@pytest.mark.parametrize(
    ("text", "names"), [("mrn_patern = 1", "mrn_patern"), ("mrn_pattern = '['", "mrn_pattern"), ("= 3", "TOML")]
)
def test_a_mistake_is_named(tmp_path: Path, text: str, names: str) -> None:
    file = tmp_path / "profile.toml"
    file.write_text(text)
    with pytest.raises(ProfileProblem, match=names):
        load_profile(file)
