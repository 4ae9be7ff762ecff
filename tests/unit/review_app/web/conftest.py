"""A record room behind its gate, in this process: people with sessions, a filed document, one at a desk, a blank side."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from sqlmodel import select
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Mount, Route

from ingest.settings import Settings
from ingest.site import Site
from review_app.web import desk, papers, password, pictures, protocol, signin
from review_app.web.gate import Gate
from storage.documents import leases
from storage.foundation import accounts
from storage.foundation.home import Home
from storage.foundation.permissions import Role
from storage.foundation.tables.custody import Page
from tests.given.desk import note, put, understand
from tests.given.records import TESS, add_person, verify_and_file
from tests.given.trying import contents
from tests.given.web import Inner

PASSWORD = "correct-horse-battery"
NAMES = {
    Role.TECHNICIAN: "tess", Role.SUPERVISOR: "sam", Role.OPERATOR: "olga", Role.AUDITOR: "audrey", Role.ADMIN: "ada",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Room:
    """The data home, the documents in it, and the session token of each role."""

    home: Home
    filed: int
    at_desk: int
    blank: int
    tokens: dict[Role, str]
    ended: str

    def app(self) -> tuple[Any, Inner]:
        """Our routes behind the gate, and what stands for Streamlit behind them."""
        inner = Inner()
        ours = [
            Route("/login", signin.login, methods=["GET", "POST"]),
            Route("/logout", signin.logout, methods=["POST"]),
            Route("/password", password.change, methods=["GET", "POST"]),
            *pictures.routes(),
            *protocol.routes(),
            *papers.routes(),
        ]
        return Starlette(routes=[*ours, Mount("/", app=inner)], middleware=[Middleware(Gate)]), inner

    def kept(self) -> tuple[dict[str, list[tuple[object, ...]]], list[str]]:
        """Every row but the sessions, which note who is there, and every file in the hot folder."""
        found = contents(self.home)
        del found["web_session"]
        return found, sorted(path.name for path in (self.home.path / "hot").iterdir())


@pytest.fixture(scope="package")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """The room, made once for all tests of this folder."""
    with made_room(tmp_path_factory.mktemp("room")) as made:
        yield made


@contextmanager
def made_room(folder: Path) -> Iterator[Room]:
    """A room in this folder; the desk of this process is its until it is closed."""
    from storage.opening import make_home

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(accounts, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        home = make_home(folder / "home", folder / "keys" / "home.key")
        patch.setattr(desk, "home", lambda: home)
        patch.setattr(desk, "settings", lambda: Settings(home=folder / "home", file_megabytes=1))
        patch.setattr(desk, "site", Site)
        patch.setattr(desk, "understand", understand)
        patch.setattr(desk, "file_soon", lambda: None)
        add_person(home)
        ana = ("00123456", "RIVERA, ANA", "03/14/1957")
        filed = put(home, [note(*ana)], "filed")[0]
        at_desk = put(home, [note(*ana), ""], "at desk")[0]
        verify_and_file(home, filed)
        with home.writing() as session:
            for role, name in NAMES.items():
                accounts.add_account(session, name, role, PASSWORD)
            tokens = {role: _sign_in(session, name) for role, name in NAMES.items()}
            ended = _sign_in(session, "tess")
            accounts.sign_out(session, ended)
            leases.claim(session, at_desk, TESS)
            blank = session.exec(select(Page.id).where(Page.disposition == "blank")).first()
        assert blank is not None
        yield Room(home, filed, at_desk, blank, tokens, ended)
        home.close()


def _sign_in(session: Any, name: str) -> str:
    signed_in = accounts.sign_in(session, name, PASSWORD, "127.0.0.1")
    assert signed_in is not None
    return signed_in.token
