"""Settings."""

import pytest

from ingest.problems import UsageProblem
from ingest.settings import Settings, load_settings


def test_defaults_work(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load_settings()
    assert settings.folders == [settings.home / "hot"]
    assert settings.home.is_absolute()


def test_several_hot_folders(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHARTROOM_HOT_FOLDERS", "/a:/b")
    assert [str(folder) for folder in load_settings().folders] == ["/a", "/b"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CHARTROOM_HOTFOLDERS", "/x"),
        ("CHARTROOM_WORKERS", "many"),
        ("CHARTROOM_ENGINE", "abbyy"),
        ("CHARTROOM_PORT", "0"),
    ],
)
def test_a_misspelt_or_impossible_setting_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(UsageProblem, match=name):
        load_settings()


def test_every_setting_says_what_it_is_for() -> None:
    assert all(field.description for field in Settings.model_fields.values())
