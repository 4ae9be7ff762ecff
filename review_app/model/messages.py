"""What the JavaScript of the screens sends to Python: one frozen value a request, checked once when it comes.

Names and keys are those of the typedefs beside each script; tests/unit/review_app/test_javascript.py compares them.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, TypeVar

from pydantic import ConfigDict, Field, Strict, TypeAdapter
from pydantic.dataclasses import dataclass

_ONLY_KNOWN = ConfigDict(extra="forbid")
_LARGEST_NUMBER = 2**63 - 1  # what a column of SQLite holds

Number = Annotated[int, Strict(), Field(ge=-_LARGEST_NUMBER, le=_LARGEST_NUMBER)]
Text = Annotated[str, Strict()]
Flag = Annotated[bool, Strict()]
Token = Annotated[str, Strict(), Field(min_length=1, max_length=80)]
M = TypeVar("M")


class DeskAction(StrEnum):
    """What the station may ask /desk/act for."""

    APPROVE = "approve"
    PEND = "pend"
    QUERY = "query"
    ESCALATE = "escalate"
    REGISTER = "register"
    RESCAN = "rescan"
    SKIP = "skip"
    COMMENT = "comment"
    TAKE_BACK = "take_back"
    REARRANGE = "rearrange"
    UNDO = "undo"
    ADD_LABEL = "add_label"
    LIFT_LABEL = "lift_label"


@dataclass(frozen=True, slots=True, config=_ONLY_KNOWN)
class PageChange:
    """A change of a document's pages, as storage/desk/rearranging.py carries it out.

    `named`: the place of each of `pages` in the document (1-based) as the person was told; of a hidden page, its number in
    the scan.
    """

    kind: Text
    pages: tuple[Number, ...]
    named: tuple[Number, ...]
    degrees: Number = 0
    to: Number | None = None
    position: Number = 0
    why: Text = ""


@dataclass(frozen=True, slots=True, config=_ONLY_KNOWN)
class DeskMessage:
    """An action of the station, done once for its token: the document as it stands on the desk, and what the action needs.

    `as_printed` names fields whose value stands so on the paper though it is off the mask; `reason` says why. `reason`,
    `due`, `code`, `pages`, `named` (their places as the person was told) and `change` belong to some actions only; the
    services refuse what is missing.
    """

    action: DeskAction
    token: Token
    id: Number
    version: Number = 0
    values: Mapping[Text, Text] = Field(default_factory=dict)
    type: Text = ""
    person: Number | None = None
    retyped: Text = ""
    seen: tuple[Text, ...] = ()
    override_mismatch: Flag = False
    as_printed: tuple[Text, ...] = ()
    reason: Text = ""
    due: Text = ""
    code: Text = ""
    pages: tuple[Number, ...] = ()
    named: tuple[Number, ...] = ()
    change: PageChange | None = None


@dataclass(frozen=True, slots=True, config=_ONLY_KNOWN)
class ReadingRequest:
    """What came of the pages that were turned: of a document, at the version that is on the desk."""

    id: Number
    version: Number


@dataclass(frozen=True, slots=True, config=_ONLY_KNOWN)
class CheckRequest:
    """A value that is being typed into a field."""

    name: Text
    value: Text


@dataclass(frozen=True, slots=True, config=_ONLY_KNOWN)
class ObjectionsRequest:
    """What approving a document as it stands on the desk would be refused for."""

    id: Number
    values: Mapping[Text, Text] = Field(default_factory=dict)
    person: Number | None = None
    retyped: Text = ""
    as_printed: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True, config=_ONLY_KNOWN)
class DraftRequest:
    """What is typed into a document and not approved."""

    id: Number
    values: Mapping[Text, Text] = Field(default_factory=dict)
    type: Text = ""
    person: Number | None = None


@dataclass(frozen=True, slots=True, config=_ONLY_KNOWN)
class QueueRequest:
    """The next documents, without those that are on the desk already and those that were skipped; before work begins only
    how much waits."""

    have: tuple[Number, ...] = ()
    skip: tuple[Number, ...] = ()
    begin: Flag = True


@dataclass(frozen=True, slots=True, config=_ONLY_KNOWN)
class TakeRequest:
    """One document onto the desk."""

    id: Number


@dataclass(frozen=True, slots=True, config=_ONLY_KNOWN)
class SearchRequest:
    """Patients by what is typed."""

    words: Text = ""


@dataclass(frozen=True, slots=True, config=_ONLY_KNOWN)
class WordsRequest:
    """The words of a page, by its position in the document (1-based)."""

    id: Number
    position: Number


@dataclass(frozen=True, slots=True, config=_ONLY_KNOWN)
class HistoryRequest:
    """Every value that a field of a document had."""

    id: Number
    name: Text


@dataclass(frozen=True, slots=True, config=_ONLY_KNOWN)
class EmptyRequest:
    """Asks without a word."""


@dataclass(frozen=True, slots=True, config=_ONLY_KNOWN)
class EndLeasesRequest:
    """Documents that go back to the work list."""

    ids: tuple[Number, ...] = ()


@dataclass(frozen=True, slots=True, config=_ONLY_KNOWN)
class GroupRequest:
    """Doubtful values of one field, of one kind of document or any, without documents that were left to the desk."""

    name: Text
    type: Text = ""
    skip: tuple[Number, ...] = ()


@dataclass(frozen=True, slots=True, config=_ONLY_KNOWN)
class ConfirmedCell:
    """A cell of the grid as it was left; a marked one is left to the desk."""

    id: Number
    version: Number
    value: Text
    marked: Flag = False


@dataclass(frozen=True, slots=True, config=_ONLY_KNOWN)
class GroupConfirmRequest:
    """A grid as it was left, done once for its token."""

    name: Text
    token: Token
    cells: tuple[ConfirmedCell, ...]


@dataclass(frozen=True, slots=True, config=_ONLY_KNOWN)
class BlanksDecideRequest:
    """A contact sheet as it was left, by page."""

    confirmed: tuple[Number, ...] = ()
    marked: tuple[Number, ...] = ()


@dataclass(frozen=True, slots=True, config=_ONLY_KNOWN)
class SheetsRequest:
    """Separator sheets to print (the Scanning screen)."""

    kind: Text
    number: Number = 1
    type: Text = ""
    mrn: Text = ""
    encounter: Text = ""
    pages: Number = 0


def read_message(kind: type[M], sent: dict[str, Any]) -> M:
    """The message in an object that came from a browser.

    pydantic's ValidationError, which is a ValueError, names each key that is missing, not known or of the wrong kind.
    """
    return TypeAdapter(kind).validate_python(sent)
