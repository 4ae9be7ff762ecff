"""The hospital's profile."""

from pathlib import Path

import pytest

from classify.profile import Profile
from ingest.problems import ProfileProblem
from ingest.site import Site, load_site
from storage.quality.policy import Quality


def test_no_file_is_the_default(tmp_path: Path) -> None:
    assert load_site(tmp_path) == Site(Profile())


def test_entries_are_read(tmp_path: Path) -> None:
    file = tmp_path / "profile.toml"
    file.write_text('mrn_pattern = "U\\\\d{6}"\nday_first = true\n[labels]\nmrn = ["Unit No"]\n')
    profile = load_site(tmp_path).profile
    assert (profile.mrn_pattern, profile.day_first, profile.labels) == ("U\\d{6}", True, {"mrn": ["Unit No"]})


def test_a_quality_policy_begins_from_a_preset_and_says_what_differs(tmp_path: Path) -> None:
    file = tmp_path / "profile.toml"
    file.write_text('[quality]\npreset = "ordinary"\nmajor_aql = 1\ndouble_key = ["DEATH_CERT"]\n')
    assert load_site(tmp_path).quality == Quality(150, "II", 1, 2.5, False, ["DEATH_CERT"], 0.02)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("mrn_patern = 1", "mrn_patern"),
        ("mrn_pattern = '['", "mrn_pattern"),
        ("= 3", "TOML"),
        ("[quality]\nlots = 3", "quality has no entry 'lots'"),
        ("[quality]\nlot = '150'", "quality.lot should look like 0"),
        ("[quality]\npreset = 'strict'", "quality.preset is one of"),
        ("quality = 3", "is a table"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, text: str, names: str) -> None:
    file = tmp_path / "profile.toml"
    file.write_text(text)
    with pytest.raises(ProfileProblem, match=names):
        load_site(tmp_path)
