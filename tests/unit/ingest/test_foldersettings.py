"""How a hot folder is used, as the profile says it."""

from pathlib import Path

import pytest

from ingest.foldersettings import Completion, FolderWays, load_folder_ways
from ingest.problems import ProfileProblem
from ingest.settings import Settings
from ingest.site import load_site
from ingest.watcher import hot_folders
from storage.custody.receiving import Origin

TABLE = (
    '[[hot_folders]]\npath = "/srv/a"\ncompletion = "signal"\nstation = "Ward 3"\n[[hot_folders]]\npath = "/srv/b"\n'
)


def test_each_folder_has_its_own_ways_and_the_site_knows_the_same(tmp_path: Path) -> None:
    (tmp_path / "profile.toml").write_text(TABLE)
    found = load_folder_ways(tmp_path)
    assert found == {
        Path("/srv/a"): FolderWays(Completion.SIGNAL, Origin(station="Ward 3")),
        Path("/srv/b"): FolderWays(),
    }
    assert load_site(tmp_path).hot_folders == found
    assert [folder.ways.completion for folder in hot_folders(Settings(home=tmp_path, hot_folders="/srv/b:/srv/a"))] == [
        Completion.QUIET,
        Completion.SIGNAL,
    ]
    with pytest.raises(
        ProfileProblem, match=r"/srv/b in hot_folders is no hot folder\. They are named in CHARTROOM_HOT"
    ):
        hot_folders(Settings(home=tmp_path, hot_folders="/srv/a"))


def test_without_a_profile_all_folders_are_used_as_ever(tmp_path: Path) -> None:
    assert load_folder_ways(tmp_path) == {}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("hot_folders = 3", "a hot folder is written as a table"),
        ('[hot_folders]\npath = "/srv/a"', "a hot folder is written as a table"),
        ('[[hot_folders]]\nstation = "a"', "needs its whole path"),
        ('[[hot_folders]]\npath = "scans"', "needs its whole path"),
        ('[[hot_folders]]\npath = "/a"\ncompletion = "done"', "completion is one of quiet, signal, rename, not 'done'"),
        ('[[hot_folders]]\npath = "/a"\nscaner = "x"', "hot_folders has no entry 'scaner'"),
        ('[[hot_folders]]\npath = "/a"\nstation = 3', "hot_folders.station is written in quotes"),
        ('[[hot_folders]]\npath = "/a"\n[[hot_folders]]\npath = "/a"', "names /a twice"),
    ],
)
def test_what_does_not_fit_is_named(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "profile.toml").write_text(text + "\n")
    for load in (load_folder_ways, load_site):
        with pytest.raises(ProfileProblem, match=r"^profile\.toml: ") as refused:
            load(tmp_path)
        assert says in str(refused.value)
