"""What the keys of the station do: one function an action, each in one transaction, each done once for its token."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from sqlmodel import Session

from classify.fields.table import TITLES, title_of
from classify.profile import Profile
from classify.sensitivity import LABELS, name_of
from classify.validation import check_entry
from review_app.model.attempt import attempt, saying
from review_app.model.messages import CheckRequest, DeskAction, DeskMessage, DraftRequest, ObjectionsRequest
from review_app.model.station import person_card, show
from storage.custody import pages
from storage.desk import approving, drafts, rearranging, remarks, rescans, waiting
from storage.desk.rearranging import Changed, PageEdit, Understand
from storage.documents import fields, identity, labelling, leases, viewing
from storage.documents.fields import Correction
from storage.documents.identity import SaidValue
from storage.foundation.errors import (
    NeedsInsisting,
    NeedsRetype,
    NotAllowed,
    StaleSave,
    StateRefused,
    StorageError,
    ValueRefused,
)
from storage.foundation.home import Home
from storage.foundation.permissions import Action, Actor, check_can
from storage.foundation.tables.documents import Document
from storage.foundation.tables.roster import Person
from storage.foundation.typed import VALUE, typed_reason, typed_text
from storage.roster import finding
from storage.roster.merging import root_of

Answer = dict[str, Any]

_USUAL = Profile()

_NEEDS: tuple[tuple[type[StorageError], str], ...] = ((NeedsRetype, "retype"), (NeedsInsisting, "insist"))


@dataclass(frozen=True, slots=True)
class Desk:
    """What an action works with: one transaction, who acts, what the machine makes of pages, how dates are written here."""

    session: Session
    actor: Actor
    understand: Understand
    profile: Profile = _USUAL


def act(home: Home, actor: Actor, message: DeskMessage, understand: Understand, *, profile: Profile = _USUAL) -> Answer:
    """Carry out what the station asks for, once for each token.

    The answer holds `ok`, a `sentence`, `left` (the document is off the desk), and where they apply `needs` (retype, insist,
    value, or as_printed) with the name of the `field` that is refused, `stale` with the differences and the document as it is now, `documents` that changed,
    those that are void now (`gone`) and `stayOn`.
    """
    action, token = ACTIONS[message.action], message.token
    try:
        with home.writing() as session:
            answer = drafts.answer_of(session, token, actor)
            if answer is None:
                answer = {"ok": True, "left": False, **action(Desk(session, actor, understand, profile), message)}
                drafts.note_answer(session, token, answer, actor)
            return {**answer, "token": token, **_shown(session, actor, answer)}
    except StaleSave as error:
        return {**_refusal(str(error)), "token": token, "stale": _stale(home, actor, message)}
    except ValueRefused as error:
        asked = "as_printed" if error.may_stand else "value"
        return {**_refusal(str(error)), "token": token, "needs": asked, "field": error.field}
    except StorageError as error:
        needs = next((what for kind, what in _NEEDS if isinstance(error, kind)), None)
        field = error.field if isinstance(error, NeedsInsisting) else ""
        return {**_refusal(str(error)), "token": token, "needs": needs, "field": field}


def save_draft(home: Home, actor: Actor, message: DraftRequest) -> Answer:
    """Keep what is typed; the document stays as it is."""
    content = {"values": message.values, "type": message.type, "person": message.person}
    return asdict(attempt(home, saying("", lambda session: drafts.save_draft(session, message.id, content, actor))))


def find_people(home: Home, actor: Actor, words: str, *, day_first: bool = False) -> list[dict[str, Any]]:
    """Patients for the station's search box."""
    with home.writing() as session:
        return [person_card(person) for person in finding.find_people(session, words, actor, day_first=day_first)]


def end_leases(home: Home, actor: Actor, document_ids: list[int]) -> None:
    """Give documents back to the work list, as leaving the page does."""
    with home.writing() as session:
        leases.end_leases(session, document_ids, actor)


# ---- actions


def _approve(desk: Desk, message: DeskMessage) -> Answer:
    version = _save(desk, message)
    approving.approve(
        desk.session,
        message.id,
        desk.actor,
        version=version,
        override_mismatch=message.override_mismatch,
        reason=_reason(message) or None,
    )
    return {"sentence": f"Document {message.id} is approved.", "left": True}


def _put_aside(kind: str) -> Callable[[Desk, DeskMessage], Answer]:
    said = {
        "pend": "is pended",
        "query": "waits for a provider's answer",
        "escalate": "waits for a supervisor",
        "register": "waits for registration, and is matched again when the patient list changes",
    }[kind]

    def do(desk: Desk, message: DeskMessage) -> Answer:
        if kind == DeskAction.REGISTER:  # whoever is chosen on the desk is not meant
            message = replace(message, person=None)
        version = _save(desk, message)
        waiting.put_aside(
            desk.session,
            message.id,
            kind,
            message.code,
            _reason(message),
            desk.actor,
            version=version,
            due=_due(message.due),
        )
        drafts.forget_draft(desk.session, message.id)
        return {"sentence": f"Document {message.id} {said}.", "left": True}

    return do


def _rescan(desk: Desk, message: DeskMessage) -> Answer:
    version = _save(desk, message)
    _check_named(desk, message.id, message.pages, message.named)
    rescans.ask(
        desk.session,
        message.id,
        list(message.pages),
        message.code,
        _reason(message),
        desk.actor,
        version=version,
    )
    drafts.forget_draft(desk.session, message.id)
    return {"sentence": f"Document {message.id} waits for a rescan; the slip is on the Rescans screen.", "left": True}


def _skip(desk: Desk, message: DeskMessage) -> Answer:
    leases.end_leases(desk.session, [message.id], desk.actor)
    return {"sentence": "Skipped.", "left": True}


def _comment(desk: Desk, message: DeskMessage) -> Answer:
    remarks.comment(desk.session, message.id, _reason(message), desk.actor)
    return {"sentence": "The comment is kept.", "changed": [message.id]}


def _take_back(desk: Desk, message: DeskMessage) -> Answer:
    approving.take_back(desk.session, message.id, desk.actor)
    return {
        "sentence": f"Document {message.id} is on your desk again.",
        "changed": [message.id],
        "stayOn": message.id,
    }


def _rearrange(desk: Desk, message: DeskMessage) -> Answer:
    version = _save(desk, message)
    asked = message.change
    if asked is None:
        raise StateRefused("It is not said how the pages are changed.")
    _check_named(desk, message.id, asked.pages, asked.named)
    change = PageEdit(asked.kind, asked.pages, asked.degrees, asked.to or None, asked.position, asked.why)
    done = rearranging.rearrange(desk.session, message.id, change, desk.actor, desk.understand, version=version)
    return _changed(done)


def _check_named(desk: Desk, document_id: int, page_ids: Sequence[int], named: Sequence[int]) -> None:
    """A command acts on the pages that the person was told, or on none. Pages that are not here any more are refused by the
    service."""
    places = {
        row.id: row.number for row in rearranging.neighbours(desk.session, document_id) if row.document_id is None
    }
    places |= {row.id: place for place, row in enumerate(pages.pages_of_document(desk.session, document_id), start=1)}
    is_same = len(page_ids) == len(named) and all(
        places.get(page, place) == place for page, place in zip(page_ids, named, strict=True)
    )
    if not is_same:
        raise StateRefused(
            "The page you were asked about is in another place now. Nothing was changed: look at it again."
        )


def _undo(desk: Desk, message: DeskMessage) -> Answer:
    _save(desk, message)
    done = rearranging.undo(desk.session, message.id, desk.actor, desk.understand)
    return _changed(done)


def _add_label(desk: Desk, message: DeskMessage) -> Answer:
    labelling.add(desk.session, message.id, message.code, _reason(message), desk.actor)
    return {"sentence": f"Protected: {LABELS[message.code]}.", "changed": [message.id]}


def _lift_label(desk: Desk, message: DeskMessage) -> Answer:
    labelling.lift(desk.session, message.id, message.code, _reason(message), desk.actor)
    return {"sentence": f"Lifted: {name_of(message.code)}.", "changed": [message.id]}


def _changed(done: Changed) -> Answer:
    return {
        "sentence": done.sentence,
        "changed": list(done.documents),
        "gone": list(done.gone),
        "stayOn": done.stay_on,
    }


ACTIONS: dict[DeskAction, Callable[[Desk, DeskMessage], Answer]] = {
    DeskAction.APPROVE: _approve,
    DeskAction.PEND: _put_aside("pend"),
    DeskAction.QUERY: _put_aside("query"),
    DeskAction.ESCALATE: _put_aside("escalate"),
    DeskAction.REGISTER: _put_aside("register"),
    DeskAction.RESCAN: _rescan,
    DeskAction.SKIP: _skip,
    DeskAction.COMMENT: _comment,
    DeskAction.TAKE_BACK: _take_back,
    DeskAction.REARRANGE: _rearrange,
    DeskAction.UNDO: _undo,
    DeskAction.ADD_LABEL: _add_label,
    DeskAction.LIFT_LABEL: _lift_label,
}


# ---- what they share


def _save(desk: Desk, message: DeskMessage) -> int:
    """Type, values and patient as they stand on the desk into the document; gives its version."""
    session, actor = desk.session, desk.actor
    check_can(actor, Action.VERIFY)
    document_id, version = message.id, message.version
    known = TITLES.keys() | {row.name for row in fields.current_fields(session, document_id)}
    current = {row.name: row.value for row in fields.current_fields(session, document_id)}
    corrections = [
        checked(name, value, desk.profile, as_printed=name in message.as_printed)
        for name, value in message.values.items()
        if name in known and value != current.get(name)
    ]
    version = fields.save_corrections(
        session, document_id, corrections, actor, version=version, type_code=message.type or None
    )
    fields.note_seen(session, document_id, message.seen, actor)
    if kept := [title_of(change.name) for change in corrections if not change.is_valid]:
        reason = typed_reason(message.reason, why=f"{', '.join(kept)} is kept as printed although it cannot be right")
        remarks.comment(session, document_id, f"Kept as printed: {', '.join(kept)}. {reason}", actor)
    person = message.person
    if person is not None and session.get_one(Document, document_id).person_id != person:
        version = identity.choose_patient(
            session, document_id, person, actor,
            version=version, retyped=message.retyped, day_first=desk.profile.day_first,
        )  # fmt: skip
    return version


def checked(name: str, value: str, profile: Profile, *, as_printed: bool = False) -> Correction:
    """What was typed, in the form that is kept; ValueRefused when it cannot be (classify/validation.py).

    `as_printed`: the paper shows it so, which a person says with a reason; only what may stand is kept then.
    """
    entry = check_entry(name, typed_text(value, VALUE, f"The {title_of(name)}"), profile)
    if entry.is_right or (as_printed and entry.may_stand):
        return Correction(name, entry.value, is_valid=entry.is_right)
    raise ValueRefused(entry.sentence, name, may_stand=entry.may_stand)


def check(asked: CheckRequest, profile: Profile) -> dict[str, Any]:
    """What would be kept of a value that is being typed, and what is wrong with it."""
    entry = check_entry(asked.name, asked.value, profile)
    return {"value": entry.value if entry.is_right else "", "sentence": entry.sentence, "mayStand": entry.may_stand}


def find_objections(
    home: Home, actor: Actor, asked: ObjectionsRequest, profile: Profile = _USUAL
) -> list[dict[str, str]]:
    """What approving would be refused for, of a document as it stands on the desk: by the rules of the approval itself, so that
    nothing is shown as right that is refused later. Values that cannot be are told by `check` and left out here."""
    with home.reading() as session:
        document = session.get_one(Document, asked.id)
        viewing.check_may_see(session, document, actor)
        if not leases.holds(document, actor):
            raise NotAllowed("This document is not on your desk any more.")
        if asked.person is None or session.get(Person, asked.person) is None:
            return []
        person, said = root_of(session, asked.person), identity.said_by(session, document)
        for name, value in asked.values.items():
            entry = check_entry(name, value, profile)
            if name not in said or said[name].value != entry.value:
                is_kept = entry.is_right or (entry.may_stand and name in asked.as_printed)
                said[name] = SaidValue(entry.value if is_kept else "", is_typed=True, is_valid=entry.is_right)
        found = [asdict(objection) for objection in identity.objections(session, person, said)]
        if asked.person != document.person_id and not found:
            agrees, _ = identity.compare_values(session, person, said)
            why = identity.why_retype(session, document, person, agrees)
            if why and not identity.is_of(person, asked.retyped, day_first=profile.day_first):
                found.append({"sentence": why, "field": ""})
        return found


def _shown(session: Session, actor: Actor, answer: Answer) -> Answer:
    """The documents that an action changed, as they are now."""
    if "changed" not in answer:
        return {}
    rows = [session.get_one(Document, document_id) for document_id in answer["changed"]]
    return {"documents": [show(session, row, actor) for row in rows if row.claimed_by == actor.name]}


def _stale(home: Home, actor: Actor, message: DeskMessage) -> Answer:
    """What is different now from what this person is about to save; their own values stay with them."""
    with home.writing() as session:
        try:
            document = leases.claim(session, message.id, actor)
        except StateRefused as error:
            return {"sentence": str(error), "document": None, "differences": []}
        now = {row.name: row for row in fields.current_fields(session, message.id)}
        differences = [
            {
                "title": title_of(name),
                "name": name,
                "mine": mine,
                "theirs": now[name].value if name in now else "",
                "by": now[name].source.removeprefix("person:") if name in now else "",
            }
            for name, mine in message.values.items()
            if mine != (now[name].value if name in now else "")
        ]
        return {"document": show(session, document, actor), "differences": differences}


def _refusal(sentence: str) -> Answer:
    return {"ok": False, "left": False, "sentence": sentence}


def _reason(message: DeskMessage) -> str:
    return typed_text(message.reason, what="The reason")


def _due(value: str) -> date | None:
    """The day to look again, as the browser's calendar gives it; StateRefused when it is none."""
    if not value:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise StateRefused(f"The follow-up date “{value}” is no date.") from error
