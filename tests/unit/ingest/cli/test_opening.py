"""Opening the data home for a command, and who is at the shell."""

import json
import logging
import os
import pwd
from pathlib import Path

import pytest
from sqlmodel import select

from ingest.cli import opening
from ingest.cli.opening import opened_home, shell_actor, where_it_looked
from ingest.settings import load_settings
from storage.foundation.permissions import Action, can
from storage.foundation.tables.access import Account
from tests.given.shell import Shell


@pytest.mark.parametrize(
    "command",
    [
        ("run",), ("watch",), ("review",), ("roster", "load", "list.csv"), ("roster", "listen"), ("documents",), ("sources",),
        ("verify",), ("user", "list"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_no_command_but_init_makes_a_home_and_each_says_where_it_looked(
    bare: Shell, tmp_path: Path, command: tuple[str, ...]
) -> None:
    (tmp_path / "list.csv").write_text("mrn,last_name\n00123456,Rivera\n")
    before = sorted(tmp_path.iterdir())
    said = bare.refusal(*(str(tmp_path / part) if part.endswith(".csv") else part for part in command))
    assert str(tmp_path / "home") in said
    assert "CHARTROOM_HOME" in said
    assert "chartroom init" in said
    assert sorted(tmp_path.iterdir()) == before


def test_what_is_told_says_whether_the_place_was_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CHARTROOM_HOME", raising=False)
    assert "CHARTROOM_HOME is not set" in where_it_looked(load_settings())
    monkeypatch.setenv("CHARTROOM_HOME", "/somewhere")
    assert "/somewhere (CHARTROOM_HOME says so)" in where_it_looked(load_settings())


@pytest.mark.usefixtures("shell")
def test_an_error_inside_leaves_a_home_that_opens_again() -> None:
    with pytest.raises(ZeroDivisionError), opened_home():
        1 / 0  # noqa: B018 - it fails
    with opened_home() as (_, home), home.reading() as session:
        assert session.exec(select(Account)).all() == []


@pytest.mark.usefixtures("shell")
def test_commands_that_run_long_write_a_log(tmp_path: Path) -> None:
    with opened_home(log=True):
        logging.getLogger("chartroom.test").info("worked")
    lines = (tmp_path / "home" / "logs" / "chartroom.log").read_text().splitlines()
    assert json.loads(lines[-1])["event"] == "worked"


def test_the_person_at_the_shell_has_a_name_and_the_rights_of_a_supervisor(monkeypatch: pytest.MonkeyPatch) -> None:
    own = pwd.getpwuid(os.getuid()).pw_name
    monkeypatch.setattr(opening, "_LOGIN", Path("/nowhere"))
    monkeypatch.setenv("LOGNAME", "sam")
    monkeypatch.setenv("USER", "sam")
    actor = shell_actor()
    assert actor.name == f"shell:{own}"
    assert can(actor, Action.OVERRIDE)
    assert not can(actor, Action.KEEP_ACCOUNTS)


@pytest.mark.parametrize(
    ("login", "name"), [(str(2**32 - 1), None), ("0", "root"), ("4000000", "uid-4000000"), ("", None)]
)
def test_who_signed_in_stays_who_they_are_under_another_account(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, login: str, name: str | None
) -> None:
    (tmp_path / "loginuid").write_text(login)
    monkeypatch.setattr(opening, "_LOGIN", tmp_path / "loginuid")
    assert shell_actor().name == f"shell:{name or pwd.getpwuid(os.getuid()).pw_name}"
