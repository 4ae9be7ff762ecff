"""The states of a batch and of a document, and every move between them, as two tables.

Only `batches.advance` and `documents.move` change a state; both look the move up here and write
the audit event in the same transaction. An override for staff is a row, never a side door.
"""

from dataclasses import dataclass
from enum import StrEnum

from storage.foundation.errors import StateRefused


class By(StrEnum):
    """Who may make a move. A supervisor may make a technician's moves too."""

    MACHINE = "machine"
    TECHNICIAN = "technician"
    SUPERVISOR = "supervisor"


class BatchState(StrEnum):
    RECEIVED = "received"
    READ = "read"
    INDEXED = "indexed"
    CLOSED = "closed"
    DUPLICATE = "duplicate"
    QUARANTINED = "quarantined"
    VOIDED = "voided"


class DocumentState(StrEnum):
    TO_VERIFY = "to_verify"
    VERIFIED = "verified"
    TO_QC = "to_qc"
    FILED = "filed"
    PENDED = "pended"
    RESCAN = "rescan"
    VOIDED = "voided"
    MISFILED = "misfiled"


class Disposition(StrEnum):
    """Where a page is: not read yet, in a document, a blank side, a separator sheet, held, refused. Each is in one place."""

    WAITING = "waiting"
    DOCUMENT = "document"
    BLANK = "blank"
    SEPARATOR = "separator"
    HELD = "held"
    REFUSED = "refused"


class LotState(StrEnum):
    """A lot of verified documents: takes more, is full, was judged by its sample."""

    FILLING = "filling"
    FULL = "full"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class ItemKind(StrEnum):
    """Why a document is in a lot or is looked at again."""

    MEMBER = "member"  # in the lot, not drawn
    SAMPLE = "sample"
    INSPECTION = "inspection"  # its lot was rejected
    DOUBLE_KEY = "double_key"  # a second person keys it, blind
    RELEASED = "released"  # filed by a supervisor, unlooked at
    OVERTAKEN = "overtaken"  # left the chart, or was verified anew


@dataclass(frozen=True, slots=True)
class Move:
    """One allowed change of state."""

    before: str
    after: str
    event: str
    by: By


_B, _D = BatchState, DocumentState

BATCH_MOVES: tuple[Move, ...] = (
    Move(_B.RECEIVED, _B.READ, "read", By.MACHINE),
    Move(_B.READ, _B.INDEXED, "index", By.MACHINE),
    Move(_B.INDEXED, _B.CLOSED, "close", By.MACHINE),
    Move(_B.RECEIVED, _B.DUPLICATE, "hold_duplicate", By.MACHINE),
    Move(_B.DUPLICATE, _B.RECEIVED, "take_anyway", By.SUPERVISOR),
    Move(_B.RECEIVED, _B.QUARANTINED, "quarantine", By.MACHINE),
    Move(_B.READ, _B.QUARANTINED, "quarantine", By.MACHINE),
    Move(_B.QUARANTINED, _B.RECEIVED, "retry", By.TECHNICIAN),
    Move(_B.QUARANTINED, _B.VOIDED, "void", By.SUPERVISOR),
    Move(_B.DUPLICATE, _B.VOIDED, "void", By.SUPERVISOR),
)

DOCUMENT_MOVES: tuple[Move, ...] = (
    Move(_D.TO_VERIFY, _D.VERIFIED, "approve", By.TECHNICIAN),
    Move(_D.TO_VERIFY, _D.VERIFIED, "self_file", By.MACHINE),
    Move(_D.VERIFIED, _D.TO_VERIFY, "take_back", By.TECHNICIAN),
    Move(_D.VERIFIED, _D.TO_VERIFY, "give_back", By.MACHINE),  # not one page has an image
    Move(_D.VERIFIED, _D.TO_QC, "sample", By.MACHINE),
    Move(_D.VERIFIED, _D.FILED, "file", By.MACHINE),
    Move(_D.TO_QC, _D.FILED, "pass_qc", By.SUPERVISOR),
    Move(_D.TO_QC, _D.TO_VERIFY, "fail_qc", By.SUPERVISOR),
    Move(_D.TO_QC, _D.FILED, "keyed_alike", By.TECHNICIAN),  # a second person keyed the same, blind
    Move(_D.TO_QC, _D.TO_VERIFY, "keyed_otherwise", By.TECHNICIAN),
    Move(_D.TO_VERIFY, _D.PENDED, "pend", By.TECHNICIAN),
    Move(_D.PENDED, _D.TO_VERIFY, "resume", By.TECHNICIAN),
    Move(_D.TO_VERIFY, _D.RESCAN, "ask_rescan", By.TECHNICIAN),
    Move(_D.RESCAN, _D.TO_VERIFY, "accept_as_is", By.TECHNICIAN),
    Move(_D.RESCAN, _D.TO_VERIFY, "rescan_arrived", By.MACHINE),
    Move(_D.TO_VERIFY, _D.VOIDED, "join_rescan", By.MACHINE),  # its pages went where they were asked for
    Move(_D.TO_VERIFY, _D.VOIDED, "join", By.TECHNICIAN),  # all its pages went to another document
    Move(_D.VOIDED, _D.TO_VERIFY, "unjoin", By.TECHNICIAN),  # that was undone
    Move(_D.FILED, _D.MISFILED, "misfile", By.SUPERVISOR),
    Move(_D.MISFILED, _D.TO_VERIFY, "reopen", By.SUPERVISOR),
)

FILING_EVENTS = tuple(move.event for move in DOCUMENT_MOVES if move.after == _D.FILED)
"""Moves that put a document into the chart."""

BATCH_END_STATES = frozenset({_B.INDEXED, _B.CLOSED, _B.DUPLICATE, _B.QUARANTINED, _B.VOIDED})
"""States in which a dropped file needs nothing more from the machine."""

_MAY_ACT_AS = {
    By.MACHINE: {By.MACHINE},
    By.TECHNICIAN: {By.TECHNICIAN},
    By.SUPERVISOR: {By.TECHNICIAN, By.SUPERVISOR},
}


def find_move(moves: tuple[Move, ...], before: str, event: str, by: By) -> Move:
    """The row for this event from this state, or StateRefused with a sentence for staff."""
    for move in moves:
        if move.before == before and move.event == event:
            if move.by in _MAY_ACT_AS[by]:
                return move
            raise StateRefused(f"'{event}' on something {before} needs a {move.by}.")
    raise StateRefused(f"'{event}' is not possible while it is {before}.")


def draw_moves() -> str:
    """The two tables as Markdown; docs/states.md holds this text and a test compares."""
    parts = [
        "# States",
        "",
        "Generated from `storage/foundation/states.py` by `./dev docs`; a test compares.",
    ]
    for title, moves in (("Batch", BATCH_MOVES), ("Document", DOCUMENT_MOVES)):
        parts += ["", f"## {title}", "", "| from | event | to | by |", "|---|---|---|---|"]
        parts += [f"| {m.before} | {m.event} | {m.after} | {m.by} |" for m in moves]
    return "\n".join(parts) + "\n"
