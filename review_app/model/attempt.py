"""One try at a change, in one transaction: what came of it in a sentence that a screen shows."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlmodel import Session

from storage.foundation.errors import StorageError
from storage.foundation.home import Home


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether the change is made, and what is said about it. The scripts of the grid and the contact sheet get the same."""

    ok: bool
    sentence: str


def attempt(home: Home, action: Callable[[Session], str]) -> Outcome:
    """Carry out an action and keep what it changed; when a service refuses, nothing is kept and its sentence says why."""
    try:
        with home.writing() as session:
            return Outcome(ok=True, sentence=action(session))
    except StorageError as error:
        return Outcome(ok=False, sentence=str(error))


def saying(sentence: str, action: Callable[[Session], object]) -> Callable[[Session], str]:
    """An action whose sentence does not hang on what it does."""

    def with_sentence(session: Session) -> str:
        action(session)
        return sentence

    return with_sentence
