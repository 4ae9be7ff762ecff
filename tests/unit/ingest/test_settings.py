"""Settings."""

import pytest

from ingest.problems import UsageProblem
from ingest.settings import Settings, load_settings
from ocr.page import Second
from storage.foundation import clock


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
        ("CHARTROOM_SECOND_RECOGNISER", "sometimes"),
        ("CHARTROOM_PORT", "0"),
    ],
)
def test_a_misspelt_or_impossible_setting_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(UsageProblem, match=name):
        load_settings()


def test_a_wrong_choice_is_told_what_there_is_to_choose(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHARTROOM_SECOND_RECOGNISER", "sometimes")
    with pytest.raises(UsageProblem) as refused:
        load_settings()
    assert str(refused.value) == (
        "The setting CHARTROOM_SECOND_RECOGNISER does not fit: Input should be 'auto', 'always' or 'off'."
    )


@pytest.mark.parametrize(("value", "second"), [(None, Second.AUTO), *((str(value), value) for value in Second)])
def test_the_second_recogniser_reads_what_is_doubtful_unless_a_site_says_otherwise(
    monkeypatch: pytest.MonkeyPatch, value: str | None, second: Second
) -> None:
    if value:
        monkeypatch.setenv("CHARTROOM_SECOND_RECOGNISER", value)
    assert load_settings().second_recogniser is second


def test_every_setting_says_what_it_is_for() -> None:
    assert all(field.description for field in Settings.model_fields.values())


def test_the_time_zone_of_the_site_is_used_by_the_process_and_must_be_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHARTROOM_TIME_ZONE", "Asia/Kolkata")
    load_settings()
    assert clock.zone_name() == "Asia/Kolkata"
    monkeypatch.setenv("CHARTROOM_TIME_ZONE", "Chicago")
    with pytest.raises(UsageProblem, match=r"CHARTROOM_TIME_ZONE does not fit: .*there is no such time zone"):
        load_settings()
    monkeypatch.delenv("CHARTROOM_TIME_ZONE")
    load_settings()
    assert clock.zone_name() != "Asia/Kolkata"
