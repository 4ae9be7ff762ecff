"""Every state that something is in, and every move between states: one table for each kind of row.

Each table has one writer (`StateTable.writer`), which looks the move up here, asks its guards and writes the audit event in
the same transaction. An override for staff is a row, never a side door.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from storage.foundation.errors import StateRefused


class By(StrEnum):
    """Who may make a move. A supervisor may make a technician's and an auditor's moves too."""

    MACHINE = "machine"
    TECHNICIAN = "technician"
    SUPERVISOR = "supervisor"
    AUDITOR = "auditor"


class Guard(StrEnum):
    """What must be true besides, before a move is made."""

    HOLDS_LEASE = "holds the lease"
    HAS_PATIENT = "has a patient"
    FIELDS_AGREE = "fields agree"
    CONFIRMED_CORRECTION = "confirmed correction"
    BEING_AMENDED = "being amended"
    OTHER_PERSON = "other person"
    PROPOSER_OR_SUPERVISOR = "proposer or supervisor"
    NOT_EMPTY = "not empty"
    UNDECIDED = "undecided"


GUARDS: dict[Guard, str] = {
    Guard.HOLDS_LEASE: "a technician has the document on their desk; nobody while the machine still enters it",
    Guard.HAS_PATIENT: "a document is never filed to nobody",
    Guard.FIELDS_AGREE: "the fields name the patient, or a person insists with a reason",
    Guard.CONFIRMED_CORRECTION: "two people agreed that the document lies in the wrong chart",
    Guard.BEING_AMENDED: "somebody opened an amendment of the filed document, with a reason",
    Guard.OTHER_PERSON: "it is somebody else than who did the first step",
    Guard.PROPOSER_OR_SUPERVISOR: "it is who proposed it, or a supervisor",
    Guard.NOT_EMPTY: "the QA batch holds a document",
    Guard.UNDECIDED: "nobody has decided the quality review yet",
}
"""What each guard means; the writer of a table maps each to the function that asks it."""


class Effect(StrEnum):
    """What a move writes besides the state."""

    FIND_VISIT = "finds the visit"
    NAME_VERIFIER = "names who verified"
    RESET_ATTEMPTS = "resets the attempts"
    FORGET_DUPLICATE = "is no duplicate any more"
    CLOSE_ITEM = "names who decided"


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


class CorrectionState(StrEnum):
    """A correction of a wrong chart: proposed, then confirmed by a second person or withdrawn."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"


class AmendmentState(StrEnum):
    """An amendment of a filed document: open on the way over the desk, then filed as a new version or cancelled."""

    OPEN = "open"
    FILED = "filed"
    CANCELLED = "cancelled"


class QuestionState(StrEnum):
    """A document whose patient must be confirmed again; the answer is the state it ends in."""

    OPEN = "open"
    STAYS = "stays"
    MOVED = "moved"  # a correction of a wrong chart took it elsewhere
    TURNED_DOWN = "turned_down"  # it is of none of these patients, and was not filed yet
    UNDONE = "undone"  # the merge that raised the question was undone


class DoubtState(StrEnum):
    """A merge that a feed asked for and that a person decides; whether it was made is seen in the patient list."""

    OPEN = "open"
    MERGED = "merged"
    DECLINED = "declined"


class RescanState(StrEnum):
    """A page that the scanning room is asked for again; the outcome is the state it ends in."""

    ASKED = "asked"
    ARRIVED = "arrived"
    ACCEPTED = "accepted"  # the document goes on without it


class RepeatState(StrEnum):
    """A document whose sheets came before, as another document: what a person decided about the two."""

    OPEN = "open"
    KEPT_BOTH = "kept_both"
    COPY = "copy"  # the new one was voided
    REPLACED = "replaced"  # the earlier one was voided


class AccessState(StrEnum):
    """An emergency access to a protected document."""

    TO_REVIEW = "to_review"
    REVIEWED = "reviewed"


@dataclass(frozen=True, slots=True)
class Move:
    """One allowed change of state: who may make it, what must be true besides, and what it writes besides the state."""

    before: str
    after: str
    event: str
    by: By
    guards: tuple[Guard, ...] = ()
    effects: tuple[Effect, ...] = ()


_B, _D, _L, _I, _Q, _R = BatchState, DocumentState, LotState, ItemKind, QuestionState, RescanState
_ON_DESK = (Guard.HOLDS_LEASE,)
_NAMES_PATIENT = (Guard.HAS_PATIENT, Guard.FIELDS_AGREE)
_BY_TWO = (Guard.CONFIRMED_CORRECTION,)
_AMENDED = (Guard.BEING_AMENDED,)

BATCH_MOVES: tuple[Move, ...] = (
    Move(_B.RECEIVED, _B.READ, "read", By.MACHINE),
    Move(_B.READ, _B.INDEXED, "index", By.MACHINE),
    Move(_B.INDEXED, _B.CLOSED, "close", By.MACHINE),
    Move(_B.RECEIVED, _B.DUPLICATE, "hold_duplicate", By.MACHINE),
    Move(
        _B.DUPLICATE, _B.RECEIVED, "take_anyway", By.SUPERVISOR,
        effects=(Effect.RESET_ATTEMPTS, Effect.FORGET_DUPLICATE),
    ),
    Move(_B.RECEIVED, _B.QUARANTINED, "quarantine", By.MACHINE),
    Move(_B.READ, _B.QUARANTINED, "quarantine", By.MACHINE),
    Move(_B.QUARANTINED, _B.RECEIVED, "retry", By.TECHNICIAN, effects=(Effect.RESET_ATTEMPTS,)),
    Move(_B.QUARANTINED, _B.VOIDED, "void", By.SUPERVISOR),
    Move(_B.DUPLICATE, _B.VOIDED, "void", By.SUPERVISOR),
)  # fmt: skip

DOCUMENT_MOVES: tuple[Move, ...] = (
    Move(
        _D.TO_VERIFY, _D.VERIFIED, "approve", By.TECHNICIAN,
        (*_ON_DESK, *_NAMES_PATIENT), (Effect.FIND_VISIT, Effect.NAME_VERIFIER),
    ),
    Move(_D.TO_VERIFY, _D.VERIFIED, "self_file", By.MACHINE, _NAMES_PATIENT, (Effect.FIND_VISIT,)),
    Move(_D.VERIFIED, _D.TO_VERIFY, "take_back", By.TECHNICIAN),
    Move(_D.VERIFIED, _D.TO_VERIFY, "give_back", By.MACHINE),  # not one page has an image
    Move(_D.VERIFIED, _D.TO_QC, "sample", By.MACHINE),
    Move(_D.VERIFIED, _D.FILED, "file", By.MACHINE),
    Move(_D.TO_QC, _D.FILED, "pass_qc", By.SUPERVISOR),
    Move(_D.TO_QC, _D.TO_VERIFY, "fail_qc", By.SUPERVISOR),
    Move(_D.TO_QC, _D.FILED, "keyed_alike", By.TECHNICIAN),  # a second person keyed the same, blind
    Move(_D.TO_QC, _D.TO_VERIFY, "keyed_otherwise", By.TECHNICIAN),
    Move(_D.TO_VERIFY, _D.PENDED, "pend", By.TECHNICIAN, _ON_DESK),
    Move(_D.TO_VERIFY, _D.PENDED, "query", By.TECHNICIAN, _ON_DESK),  # a provider is asked
    Move(_D.TO_VERIFY, _D.PENDED, "escalate", By.TECHNICIAN, _ON_DESK),  # a supervisor decides
    Move(_D.TO_VERIFY, _D.PENDED, "register", By.TECHNICIAN, _ON_DESK),  # registration puts the patient on the list
    Move(_D.PENDED, _D.TO_VERIFY, "registered", By.MACHINE),  # the list changed, and somebody on it may be meant
    Move(_D.PENDED, _D.TO_VERIFY, "resume", By.TECHNICIAN),
    Move(_D.TO_VERIFY, _D.RESCAN, "ask_rescan", By.TECHNICIAN, _ON_DESK),
    Move(_D.RESCAN, _D.TO_VERIFY, "accept_as_is", By.TECHNICIAN),
    Move(_D.RESCAN, _D.TO_VERIFY, "rescan_arrived", By.MACHINE),
    Move(_D.TO_VERIFY, _D.VOIDED, "join_rescan", By.MACHINE),  # its pages went where they were asked for
    Move(_D.TO_VERIFY, _D.VOIDED, "join", By.TECHNICIAN, _ON_DESK),  # all its pages went to another document
    Move(_D.VOIDED, _D.TO_VERIFY, "unjoin", By.TECHNICIAN),  # that was undone
    Move(_D.TO_VERIFY, _D.VOIDED, "void_copy", By.SUPERVISOR, _ON_DESK),  # the same sheets came before
    Move(_D.TO_VERIFY, _D.VOIDED, "void_replaced", By.SUPERVISOR, _ON_DESK),  # the same sheets came again, and better
    Move(_D.VOIDED, _D.TO_VERIFY, "bring_back", By.SUPERVISOR),  # one of these two was undone
    Move(_D.FILED, _D.MISFILED, "misfile", By.SUPERVISOR, _BY_TWO),
    Move(_D.MISFILED, _D.TO_VERIFY, "reopen", By.SUPERVISOR, _BY_TWO),
    Move(_D.FILED, _D.TO_VERIFY, "amend", By.TECHNICIAN, _AMENDED),  # the filed version stays in the chart meanwhile
    *(
        Move(amended, _D.FILED, "cancel_amendment", By.TECHNICIAN, _AMENDED)  # it is as it was filed
        for amended in (_D.TO_VERIFY, _D.PENDED, _D.RESCAN)
    ),
)  # fmt: skip

LOT_MOVES: tuple[Move, ...] = (
    Move(_L.FILLING, _L.FULL, "fill", By.MACHINE),  # its last document joined
    Move(_L.FILLING, _L.FULL, "end", By.SUPERVISOR, (Guard.NOT_EMPTY,)),
    Move(_L.FULL, _L.ACCEPTED, "accept", By.SUPERVISOR),
    Move(_L.FULL, _L.REJECTED, "reject", By.SUPERVISOR),
    Move(
        _L.FILLING, _L.REJECTED, "reject", By.SUPERVISOR
    ),  # too many errors already, or another lot of the same person
)

ITEM_MOVES: tuple[Move, ...] = (
    Move(_I.MEMBER, _I.SAMPLE, "draw", By.MACHINE),
    Move(_I.MEMBER, _I.INSPECTION, "inspect", By.MACHINE),
    Move(_I.SAMPLE, _I.OVERTAKEN, "overtake", By.MACHINE, (Guard.UNDECIDED,), (Effect.CLOSE_ITEM,)),
    *(
        Move(drawn, _I.RELEASED, "file_without_review", By.SUPERVISOR, (Guard.UNDECIDED,), (Effect.CLOSE_ITEM,))
        for drawn in (_I.SAMPLE, _I.INSPECTION, _I.DOUBLE_KEY)
    ),
)

CORRECTION_MOVES: tuple[Move, ...] = (
    Move(CorrectionState.PROPOSED, CorrectionState.CONFIRMED, "confirm", By.SUPERVISOR, (Guard.OTHER_PERSON,)),
    Move(CorrectionState.PROPOSED, CorrectionState.WITHDRAWN, "withdraw", By.TECHNICIAN, (Guard.PROPOSER_OR_SUPERVISOR,)),
)  # fmt: skip

AMENDMENT_MOVES: tuple[Move, ...] = (
    Move(AmendmentState.OPEN, AmendmentState.FILED, "file", By.MACHINE),
    Move(AmendmentState.OPEN, AmendmentState.FILED, "file", By.TECHNICIAN),  # whose second look files the document
    Move(AmendmentState.OPEN, AmendmentState.CANCELLED, "cancel", By.TECHNICIAN, (Guard.PROPOSER_OR_SUPERVISOR,)),
)

QUESTION_MOVES: tuple[Move, ...] = (
    Move(_Q.OPEN, _Q.STAYS, "stay", By.TECHNICIAN),
    Move(_Q.OPEN, _Q.TURNED_DOWN, "turn_down", By.TECHNICIAN),
    Move(_Q.OPEN, _Q.MOVED, "move", By.SUPERVISOR),
    Move(_Q.OPEN, _Q.UNDONE, "undo", By.MACHINE),  # a feed took its merge back
    Move(_Q.OPEN, _Q.UNDONE, "undo", By.SUPERVISOR),
)

DOUBT_MOVES: tuple[Move, ...] = (
    Move(DoubtState.OPEN, DoubtState.DECLINED, "decline", By.SUPERVISOR),
    Move(DoubtState.OPEN, DoubtState.MERGED, "merge", By.SUPERVISOR),
    Move(DoubtState.OPEN, DoubtState.MERGED, "merge", By.MACHINE),  # the two look like one by now
    Move(DoubtState.MERGED, DoubtState.OPEN, "unmerge", By.MACHINE),
    Move(DoubtState.MERGED, DoubtState.OPEN, "unmerge", By.SUPERVISOR),
)

RESCAN_MOVES: tuple[Move, ...] = (
    Move(_R.ASKED, _R.ARRIVED, "arrive", By.MACHINE),
    Move(_R.ASKED, _R.ACCEPTED, "accept_as_is", By.TECHNICIAN),
)

REPEAT_MOVES: tuple[Move, ...] = (
    Move(RepeatState.OPEN, RepeatState.KEPT_BOTH, "keep_both", By.TECHNICIAN),
    Move(RepeatState.OPEN, RepeatState.COPY, "void_copy", By.SUPERVISOR),
    Move(RepeatState.OPEN, RepeatState.REPLACED, "void_replaced", By.SUPERVISOR),
    Move(RepeatState.COPY, RepeatState.OPEN, "bring_back", By.SUPERVISOR),
    Move(RepeatState.REPLACED, RepeatState.OPEN, "bring_back", By.SUPERVISOR),
)

ACCESS_MOVES: tuple[Move, ...] = (
    Move(AccessState.TO_REVIEW, AccessState.REVIEWED, "review", By.AUDITOR, (Guard.OTHER_PERSON,)),
)

FILING_EVENTS = tuple(
    move.event for move in DOCUMENT_MOVES if move.after == _D.FILED and Guard.BEING_AMENDED not in move.guards
)
"""Moves that put a document, or a new version of it, into the chart."""

BATCH_END_STATES = frozenset({_B.INDEXED, _B.CLOSED, _B.DUPLICATE, _B.QUARANTINED, _B.VOIDED})
"""States in which a dropped file needs nothing more from the machine."""

_MAY_ACT_AS = {
    By.MACHINE: {By.MACHINE},
    By.TECHNICIAN: {By.TECHNICIAN},
    By.SUPERVISOR: {By.TECHNICIAN, By.SUPERVISOR, By.AUDITOR},
    By.AUDITOR: {By.AUDITOR},
}


def find_move(moves: tuple[Move, ...], before: str, event: str, by: By, refusal: str = "") -> Move:
    """The row for this event from this state, or StateRefused with a sentence for staff.

    `refusal` is that sentence where the state does not allow the event, if there is a better one than the general one.
    """
    rows = [move for move in moves if move.before == before and move.event == event]
    if not rows:
        raise StateRefused(refusal or f"'{event}' is not possible while it is {before}.")
    for move in rows:
        if move.by in _MAY_ACT_AS[by]:
            return move
    raise StateRefused(f"'{event}' on something {before} needs a {' or a '.join(move.by for move in rows)}.")


@dataclass(frozen=True, slots=True)
class StateTable:
    """One kind of row with states: where it begins, its moves, its one writer, the columns that hold its state."""

    title: str
    states: type[StrEnum]
    begins: tuple[str, ...]
    moves: tuple[Move, ...]
    writer: str
    columns: tuple[str, ...]
    refusals: Mapping[str, str] = field(default_factory=dict)  # sentence for staff, by event

    def find(self, before: str, event: str, by: By) -> Move:
        """The row for this event from this state, or StateRefused with this table's sentence."""
        return find_move(self.moves, before, event, by, self.refusals.get(event, ""))


BATCH = StateTable("Batch", _B, (_B.RECEIVED,), BATCH_MOVES, "custody.batches.advance", ("batch.state",))
DOCUMENT = StateTable("Document", _D, (_D.TO_VERIFY,), DOCUMENT_MOVES, "documents.moves.move", ("document.state",))
LOT = StateTable(
    "QA batch (lot)", _L, (_L.FILLING,), LOT_MOVES, "quality.lots.advance_lot", ("quality_lot.state",),
    {"end": "This QA batch is closed already."},
)  # fmt: skip
ITEM = StateTable(
    "Document in a QA batch", _I, (_I.MEMBER, _I.SAMPLE, _I.DOUBLE_KEY), ITEM_MOVES, "quality.lots.advance_item",
    ("quality_item.kind",), {"file_without_review": "This document does not wait for quality review."},
)  # fmt: skip
CORRECTION = StateTable(
    "Correction of a wrong chart", CorrectionState, (CorrectionState.PROPOSED,), CORRECTION_MOVES,
    "documents.misfiling.advance", ("misfiling.confirmed_at", "misfiling.withdrawn_at"),
    dict.fromkeys(("confirm", "withdraw"), "This correction was confirmed or withdrawn already."),
)  # fmt: skip
AMENDMENT = StateTable(
    "Amendment of a filed document", AmendmentState, (AmendmentState.OPEN,), AMENDMENT_MOVES,
    "documents.amendments.advance", ("amendment.outcome",),
    dict.fromkeys(("file", "cancel"), "This amendment was filed or cancelled already."),
)  # fmt: skip
QUESTION = StateTable(
    "Question about a patient", _Q, (_Q.OPEN,), QUESTION_MOVES, "roster.questions.close", ("patient_question.answer",),
    dict.fromkeys(("stay", "turn_down", "move", "undo"), "This question was answered already."),
)  # fmt: skip
DOUBT = StateTable(
    "Doubt about a merge", DoubtState, (DoubtState.OPEN,), DOUBT_MOVES, "roster.doubts.decline", (),
    dict.fromkeys(("decline", "merge"), "There is no such merge to review, or it was decided already."),
)  # fmt: skip
RESCAN = StateTable(
    "Request for a rescan", _R, (_R.ASKED,), RESCAN_MOVES, "desk.rescans.end", ("rescan_request.outcome",),
)  # fmt: skip
ACCESS = StateTable(
    "Emergency access", AccessState, (AccessState.TO_REVIEW,), ACCESS_MOVES, "documents.breakglass.review",
    ("break_glass.reviewed_at",), {"review": "This was reviewed already."},
)  # fmt: skip
REPEAT = StateTable(
    "The same sheet again", RepeatState, (RepeatState.OPEN,), REPEAT_MOVES, "documents.repeats.close",
    ("seen_before.answer",),
    dict.fromkeys(("keep_both", "void_copy", "void_replaced"), "This was decided already."),
)  # fmt: skip

STATE_TABLES = (BATCH, DOCUMENT, LOT, ITEM, CORRECTION, AMENDMENT, QUESTION, DOUBT, RESCAN, ACCESS, REPEAT)
"""Everything that has states. A draft has none: it is there until its document is approved."""


def draw_moves() -> str:
    """All tables as Markdown; docs/states.md holds this text and a test compares."""
    parts = [
        "# States",
        "",
        "Generated from `storage/foundation/states.py` by `./dev docs`; a test compares.",
        "",
        "Each table has one writer. It looks the move up, asks the guards (below) and writes what the move writes besides "
        "the state. A supervisor may make a technician's and an auditor's moves too. A draft has no states: it is there "
        "until its document is approved.",
    ]
    for table in STATE_TABLES:
        parts += _drawn(table)
    parts += ["", "## Guards", "", "| guard | means |", "|---|---|"]
    parts += [f"| {guard} | {meaning} |" for guard, meaning in GUARDS.items()]
    return "\n".join(parts) + "\n"


def _drawn(table: StateTable) -> Iterator[str]:
    columns = ", ".join(f"`{column}`" for column in table.columns)
    yield from ("", f"## {table.title}", "")
    yield f"Begins {' or '.join(table.begins)}. Writer: `{table.writer}`" + (f"; kept in {columns}." if columns else "; kept in the audit log and the patient list.")  # fmt: skip
    yield from ("", "| from | event | to | by | guards | writes |", "|---|---|---|---|---|---|")
    for move in table.moves:
        yield f"| {move.before} | {move.event} | {move.after} | {move.by} | {', '.join(move.guards) or '–'} | {', '.join(move.effects) or '–'} |"
