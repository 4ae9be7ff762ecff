"""The model in use is opened once a version, and one that cannot be used leaves the rules alone."""

import pytest

from classify.profile import Profile
from classify.wordmodel import ModelUnusable
from ingest.understanding import Understanding
from storage.foundation.home import Home
from storage.learning import models


@pytest.fixture
def used(monkeypatch: pytest.MonkeyPatch) -> list[int | None]:
    """The version that is used now, to be changed; and each opening of it is counted behind."""
    state: list[int | None] = [None]
    monkeypatch.setattr(models, "current_id", lambda session: state[0])

    def current(session: object, vault: object) -> tuple[int | None, str]:
        state.append(state[0])
        if state[0] == 13:
            raise ModelUnusable
        return state[0], f"model {state[0]}"

    monkeypatch.setattr(models, "current", current)
    return state


def test_a_model_is_opened_once_a_version(home: Home, used: list[int | None]) -> None:
    understanding = Understanding(home, Profile())
    found = []
    with home.reading() as session:
        for version in (None, 1, 1, 2, 2, None):
            used[0] = version
            found.append(understanding.model(session)[0])
    assert found == [None, 1, 1, 2, 2, None]
    assert used[1:] == [1, 2, None]


def test_a_model_that_cannot_be_used_is_told_once(
    home: Home, used: list[int | None], caplog: pytest.LogCaptureFixture
) -> None:
    used[0] = 13
    understanding = Understanding(home, Profile())
    with home.reading() as session, caplog.at_level("WARNING", "chartroom"):
        assert [understanding.model(session) for _ in range(3)] == [(13, None)] * 3
    assert [record.getMessage() for record in caplog.records] == [
        "type model 13 cannot be used; run 'chartroom train'. Only the built-in rules are used."
    ]
