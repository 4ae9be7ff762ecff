"""Opening the data home for a command, and who is at the shell."""

import getpass
import json
import logging
from pathlib import Path

import pytest
from sqlmodel import select

from ingest.cli.opening import opened_home, shell_actor
from storage.foundation.errors import HomeNotReady
from storage.foundation.permissions import Action, can
from storage.foundation.tables.access import Account
from tests.given.shell import Shell


@pytest.mark.usefixtures("bare")
def test_a_home_is_made_when_asked_for_and_that_is_told_once(tmp_path: Path) -> None:
    said: list[str] = []
    for _ in range(2):
        with opened_home(make=True, echo=said.append) as (settings, home):
            assert settings.home == home.path == tmp_path / "home"
    (line,) = said
    assert str(tmp_path / "home") in line
    assert str(tmp_path / "keys" / "home.key") in line
    assert "chartroom key sheet" in line


@pytest.mark.usefixtures("bare")
def test_no_home_is_made_unasked(tmp_path: Path) -> None:
    with pytest.raises(HomeNotReady), opened_home():
        pass
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("shell")
def test_an_error_inside_leaves_a_home_that_opens_again() -> None:
    with pytest.raises(ZeroDivisionError), opened_home():
        1 / 0  # noqa: B018 - it fails
    with opened_home() as (_, home), home.reading() as session:
        assert session.exec(select(Account)).all() == []


def test_commands_that_run_long_write_a_log(bare: Shell, tmp_path: Path) -> None:
    with opened_home(make=True, log=True):
        logging.getLogger("chartroom.test").info("worked")
    lines = (tmp_path / "home" / "logs" / "chartroom.log").read_text().splitlines()
    assert json.loads(lines[-1])["event"] == "worked"


def test_the_person_at_the_shell_has_a_name_and_the_rights_of_a_supervisor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(getpass, "getuser", lambda: "sam")
    actor = shell_actor()
    assert actor.name == "shell:sam"
    assert can(actor, Action.OVERRIDE)
    assert not can(actor, Action.KEEP_ACCOUNTS)
