"""Filed to the wrong chart: the worst error, put right by two people, with everything that hangs on it.

One proposes, a supervisor who is somebody else confirms. The old chart keeps a tombstone and the version that was wrong;
who saw it is listed; documents that may have the same mistake are named. The pages go back to the desk with the
patient proposed, and are verified and filed as any others.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, or_, select

from classify.doubts import Doubt, DoubtCode
from classify.guess import Decision
from classify.profile import Profile
from ocr.page import FINE
from storage.custody import pages
from storage.documents import access, moves, printed, search, takenout, versions
from storage.foundation import audit
from storage.foundation.actions import AuditAction
from storage.foundation.clock import utc_now
from storage.foundation.errors import NotAllowed, StateRefused
from storage.foundation.permissions import Action, Actor, can, check_can
from storage.foundation.states import CORRECTION, FILING_EVENTS, CorrectionState, Guard, Move
from storage.foundation.tables.audit import AuditEvent
from storage.foundation.tables.desk import Remark, RemarkKind
from storage.foundation.tables.documents import Document, FieldRow, Misfiling
from storage.foundation.tables.roster import Person
from storage.foundation.typed import typed_reason
from storage.roster import questions
from storage.roster.merging import root_of


class Cause(StrEnum):
    """Why a page comes into a wrong chart; counted, so that the cause is cured and not the case."""

    WRONG_STICKER = "wrong_sticker"
    MIXED_BATCH = "mixed_batch"
    WRONG_CHOICE = "wrong_choice"
    WRONG_LINK = "wrong_link"
    WRONG_LIST = "wrong_list"
    OTHER = "other"


CAUSES: dict[str, str] = {
    Cause.WRONG_STICKER: "a wrong label on the page",
    Cause.MIXED_BATCH: "pages of two patients scanned together",
    Cause.WRONG_CHOICE: "the wrong patient was chosen at the desk",
    Cause.WRONG_LINK: "the machine linked the wrong patient",
    Cause.WRONG_LIST: "the patient list was wrong or was merged wrongly",
    Cause.OTHER: "another cause",
}
"""What staff read for each cause."""

_USUAL = Profile()

_SAME_HAND = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Suspect:
    """A filed document that may have the same mistake, and why."""

    document_id: int
    mrn: str
    why: str


def propose(
    session: Session, document_id: int, page_numbers: Sequence[int], to_person_id: int | None, reason: str, cause: str, actor: Actor
) -> int:  # fmt: skip
    """Say that a filed document, or some of its pages, lies in the wrong chart; gives the id of the proposal.

    `page_numbers` are those of the dropped file, none for the whole document. `to_person_id` is whose they are, None when
    that is not known yet. Nothing moves before a second person confirms.
    """
    check_can(actor, Action.VERIFY)
    document = session.get(Document, document_id)
    if document is not None and versions.is_amended(document):
        raise StateRefused("This document is being amended. Cancel the amendment, or wait until it is filed again.")
    if document is None or document.state not in pages.FILED_STATES or document.person_id is None:
        raise StateRefused("This document is not filed. Choose its patient at the desk.")
    reason = typed_reason(reason, "why these pages are in the wrong chart", "a second person decides by it")
    if cause not in CAUSES:
        raise StateRefused(f"Choose a cause: {', '.join(CAUSES)}.")
    theirs = [page.number for page in pages.pages_of_document(session, document_id)]
    wanted = sorted(set(page_numbers)) or theirs
    if missing := [number for number in wanted if number not in theirs]:
        raise StateRefused(f"Page {missing[0]} is not a page of this document.")
    if to_person_id is not None:
        to_person_id = root_of(session, to_person_id).id
    if to_person_id == document.person_id:
        raise StateRefused("These pages are in this patient's chart already.")
    if open_of(session, document_id):
        raise StateRefused("A correction of this document waits for confirmation already.")
    row = Misfiling(
        document_id=document_id,
        pages=wanted,
        is_whole=wanted == theirs,
        person_id=document.person_id,
        to_person_id=to_person_id,
        reason=reason,
        cause=cause,
        proposed_by=actor.name,
        type_code=document.type_code,
        filed_at=document.filed_at,
        filed_blob_id=document.filed_blob_id,
    )
    session.add(row)
    session.flush()
    audit.record(
        session, actor, AuditAction.PROPOSE_MISFILE, f"document:{document_id}", proposal=row.id, pages=wanted, to=to_person_id, cause=cause
    )  # fmt: skip
    return row.id


def confirm(
    session: Session, proposal_id: int, actor: Actor, reason: str = "", *, profile: Profile = _USUAL
) -> Document:
    """Put it right, as the second of two people; gives the document that waits at the desk for its new patient.

    Where the pages name the patient they are filed to now, it takes a reason, which stands beside them as a comment. Whose
    they are when nobody knows it yet, the patient list is asked as this site's `profile` reads them.
    """
    check_can(actor, Action.OVERRIDE)
    row = _open(session, proposal_id)
    check_advance(row, "confirm", actor)
    chart = root_of(session, row.person_id)
    to = root_of(session, row.to_person_id) if row.to_person_id else None
    if to is not None and to.id == chart.id:
        raise StateRefused("The two charts were merged meanwhile: they are one patient's. Withdraw the correction.")
    before = session.get_one(Document, row.document_id)
    if names_patient := printed.is_named_there(printed.verdicts(printed.printed_on(session, before, row.pages), chart)):
        reason = typed_reason(
            reason, "why they go although the page names the patient it is filed to now", "it is kept beside the pages"
        )
    row.person_id, row.to_person_id = chart.id or row.person_id, to.id if to else None
    row.verified_by = before.verified_by
    row.seen_by = list(_seen_by(session, row))
    advance(row, "confirm", actor)
    why = CAUSES[row.cause]  # what a person typed as reason may name the patient, and stays out of the log
    document = moves.move(session, row.document_id, "misfile", actor, reason=why, correction=row.id)
    document.filed_blob_id = document.filed_at = document.filed_version_id = None
    search.forget_document(session, row.document_id)
    moved = document if row.is_whole else _split_off(session, document, row.pages, actor)
    row.moved_to = moved.id
    session.add(row)
    moves.move(session, row.document_id, "reopen", actor, reason=why, correction=row.id)
    _hand_over(session, moved, row, actor, profile)
    if names_patient:
        session.add(Remark(document_id=moved.id, kind=RemarkKind.COMMENT, text=reason, said_by=actor.name))
    questions.close_all(session, document, "move", actor)
    session.flush()
    return moved


def withdraw(session: Session, proposal_id: int, actor: Actor) -> None:
    """The proposal was a mistake; nothing moved. Who made it may say so, or a supervisor."""
    check_can(actor, Action.VERIFY)
    row = _open(session, proposal_id)
    advance(row, "withdraw", actor)
    session.add(row)
    audit.record(session, actor, AuditAction.WITHDRAW_MISFILE, f"document:{row.document_id}", proposal=proposal_id)


def waiting(session: Session, actor: Actor) -> list[Misfiling]:
    """Proposals that wait for a second person."""
    check_can(actor, Action.VERIFY)
    return list(session.exec(select(Misfiling).where(*_is_open()).order_by(col(Misfiling.id))))


def open_of(session: Session, document_id: int) -> Misfiling | None:
    """The proposal about a document that waits, if there is one."""
    return session.exec(select(Misfiling).where(Misfiling.document_id == document_id, *_is_open())).first()


def tombstones(session: Session, person_id: int, actor: Actor) -> list[Misfiling]:
    """What lay in this chart and was taken out: the kind, when, by whom, why; the pages themselves are not shown."""
    check_can(actor, Action.SEE_PAGES)
    return list(
        session.exec(
            select(Misfiling)
            .where(Misfiling.person_id == person_id, col(Misfiling.confirmed_at).is_not(None))
            .order_by(col(Misfiling.id))
        )
    )


def suspects(session: Session, proposal_id: int, actor: Actor) -> list[Suspect]:
    """Filed documents that may have the same mistake: of the same batch, and by the same hand within half an hour."""
    check_can(actor, Action.VERIFY)
    row = session.get_one(Misfiling, proposal_id)
    document = session.get_one(Document, row.document_id)
    hand = row.verified_by or document.verified_by
    near = (
        (col(Document.filed_at) >= row.filed_at - _SAME_HAND) & (col(Document.filed_at) <= row.filed_at + _SAME_HAND)
        if row.filed_at
        else col(Document.id).is_(None)
    )
    found = session.exec(
        select(Document, Person)
        .where(
            Document.person_id == Person.id,
            Document.id != row.document_id,
            Document.id != row.moved_to,
            col(Document.state).in_(pages.FILED_STATES),
            or_(
                Document.batch_id == document.batch_id,
                near & (Document.verified_by == hand) & (Document.person_id == row.person_id),
            ),
        )
        .order_by(col(Document.id))
    )
    return [
        Suspect(
            other.id,
            person.mrn,
            "scanned in the same batch"
            if other.batch_id == document.batch_id
            else f"filed to the same patient by {hand} within half an hour",
        )
        for other, person in found
    ]


# ---- steps


def _is_open() -> tuple[ColumnElement[bool], ...]:
    return col(Misfiling.confirmed_at).is_(None), col(Misfiling.withdrawn_at).is_(None)


def _open(session: Session, proposal_id: int) -> Misfiling:
    row = session.get(Misfiling, proposal_id)
    if row is None:
        raise StateRefused("This correction was confirmed or withdrawn already.")
    return row


def check_advance(row: Misfiling, event: str, actor: Actor) -> Move:
    """The move of a correction by this person, or a refusal."""
    found = CORRECTION.find(row.state, event, actor.acts_as)
    for guard in found.guards:
        _GUARDS[guard](row, actor)
    return found


def advance(row: Misfiling, event: str, actor: Actor) -> None:
    """Move a correction along its table; the caller saves it and writes the audit event."""
    match check_advance(row, event, actor).after:
        case CorrectionState.CONFIRMED:
            row.confirmed_by, row.confirmed_at = actor.name, utc_now()
        case CorrectionState.WITHDRAWN:
            row.withdrawn_at = utc_now()


def _check_is_other(row: Misfiling, actor: Actor) -> None:
    if _person(row.proposed_by) == _person(actor.name):
        raise NotAllowed("A correction of a wrong chart takes two people: somebody else must confirm it.")


def _check_may_withdraw(row: Misfiling, actor: Actor) -> None:
    if _person(row.proposed_by) != _person(actor.name) and not can(actor, Action.OVERRIDE):
        raise NotAllowed("Somebody else proposed this correction. Ask them, or a supervisor, to withdraw it.")


_GUARDS: dict[Guard, Callable[[Misfiling, Actor], None]] = {
    Guard.OTHER_PERSON: _check_is_other,
    Guard.PROPOSER_OR_SUPERVISOR: _check_may_withdraw,
}


def _split_off(session: Session, document: Document, numbers: Sequence[int], actor: Actor) -> Document:
    """The wrong pages as a document of their own, with the fields that were read on them."""
    theirs = [p for p in pages.pages_of_document(session, document.id) if p.number in numbers]
    moved = Document(
        batch_id=document.batch_id,
        type_code=document.type_code,
        type_confidence=0.0,
        labels=[
            label
            for label in document.labels
            if label.get("page") in (None, *numbers) or access.goes_with_every_part(label)
        ],
        lifted=[lift for lift in document.lifted if set(lift["pages"]) & set(numbers)],
        outcome=next((p.outcome for p in theirs if p.outcome not in FINE), "ok"),
        priority=1,
    )
    session.add(moved)
    session.flush()
    for position, page in enumerate(theirs):
        page.document_id, page.position = moved.id, position
        session.add(page)
    for position, page in enumerate(p for p in pages.pages_of_document(session, document.id) if p not in theirs):
        page.position = position
        session.add(page)
    for field in session.exec(
        select(FieldRow).where(FieldRow.document_id == document.id, col(FieldRow.page).in_(list(numbers)))
    ):
        field.document_id = moved.id
        session.add(field)
    audit.record(
        session, actor, AuditAction.SPLIT_OFF, f"document:{moved.id}", after=moved.state, batch=moved.batch_id, pages=list(numbers),
        outof=document.id,
    )  # fmt: skip
    return moved


def _hand_over(session: Session, moved: Document, row: Misfiling, actor: Actor, profile: Profile) -> None:
    """Back to the desk, before all others, with the patient proposed; a person verifies it again."""
    moved.person_id = row.to_person_id
    moved.decision = Decision.ASK if row.to_person_id else Decision.NONE
    moved.decision_reasons = [f"taken out of the chart of another patient: {row.reason}"]
    moved.encounter_id = None
    moved.flags = list(dict.fromkeys((*moved.flags, str(Doubt(DoubtCode.WAS_MISFILED)))))
    moved.priority, moved.verified_by = 1, None
    moved.version += 1
    moved.updated_at = utc_now()
    session.add(moved)
    if moved.decision == Decision.NONE:  # it waits for its patient as any other, and is matched when the list changes
        takenout.ask_again(session, moved, profile)
    audit.record(
        session, actor, AuditAction.HAND_OVER, f"document:{moved.id}", person=row.to_person_id, version=moved.version, outof=row.person_id
    )  # fmt: skip


def _seen_by(session: Session, row: Misfiling) -> Iterator[dict[str, str]]:
    """Everyone who saw the wrong chart's pages since they were first filed (45 CFR 164.402 asks who): pages, filed copies,
    the list of the chart, also of rows that were merged into it, and lines of them among what a search found."""
    subject = f"document:{row.document_id}"
    filed = select(AuditEvent.at).where(AuditEvent.subject == subject, col(AuditEvent.action).in_(FILING_EVENTS))
    since = session.exec(filed.order_by(col(AuditEvent.seq))).first() or ""
    charts = [row.person_id, *session.exec(select(Person.id).where(Person.survivor_id == row.person_id))]
    events = session.exec(
        select(AuditEvent)
        .where(
            col(AuditEvent.at) >= since,
            or_(
                col(AuditEvent.action).like("view%")
                & col(AuditEvent.subject).in_((subject, *(f"person:{person_id}" for person_id in charts))),
                col(AuditEvent.action) == AuditAction.SEARCH,
            ),
        )
        .order_by(col(AuditEvent.seq))
    )
    for event in events:
        detail = json.loads(event.detail)
        if event.action == "search" and row.document_id not in detail.get("documents", ()):
            continue
        if not row.is_whole and event.action == "view_page" and not _was_at(session, row, detail.get("page")):
            continue
        yield {"who": event.actor, "when": event.at, "how": event.action}


def _was_at(session: Session, row: Misfiling, position: int | None) -> bool:
    """Whether a wrong page may have stood at this place of the document (1-based). Once pages were taken out by another
    correction the places of the others changed, and every view counts."""
    done = select(Misfiling.id).where(Misfiling.document_id == row.document_id, col(Misfiling.moved_to).is_not(None))
    if position is None or session.exec(done).first() is not None:
        return True
    order = [page.number for page in pages.pages_of_document(session, row.document_id)]
    return 1 <= position <= len(order) and order[position - 1] in row.pages


def _person(name: str) -> str:
    """The human being behind a name in the log: at the shell and at the desk one is the same person."""
    return name.removeprefix("shell:").casefold()
