"""What a load read as what, and what it left out: told while a file is read, shown when it is done."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from storage.foundation.errors import RosterProblem


class Topic(StrEnum):
    """What a note is about, as it is printed."""

    READ_AS = "read as"
    CHARACTERS = "characters"
    COLUMNS = "columns"
    NOT_USED = "columns not used"
    DATES = "dates"
    REPAIRED = "repaired"
    LEFT_OUT = "left out"


@dataclass(frozen=True, slots=True)
class Note:
    """One thing about how a file was read. It holds column heads and counts, never a row's text."""

    file: str
    topic: Topic
    text: str


Tell = Callable[[Topic, str], None]
"""Takes what a reader says about the file that it reads."""


def say_nothing(topic: Topic, text: str) -> None:
    """For callers who don't ask how a file was read."""


def no_patients(file: str, why: str) -> RosterProblem:
    """The refusal of a list that holds nobody: an export that failed must not pass for a load that went well."""
    return RosterProblem(
        f"{file} holds no patients: {why}. Nothing was loaded, and the list as loaded before stays. See whether the export "
        "ran to its end, export the list again and load that."
    )
