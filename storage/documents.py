"""Documents: corrected by people, moved by one writer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from classify import doctypes, normal
from classify.samename import same_name
from storage import audit, pages
from storage.batches import shown_name
from storage.claims import check_holds
from storage.errors import NeedsInsisting, NeedsRetype, StaleSave, StateRefused
from storage.permissions import Action, Actor, check_can
from storage.roster import visits
from storage.roster.merging import root_of
from storage.states import DOCUMENT_MOVES, DocumentState, find_move
from storage.tables import (
    CandidateRow,
    Document,
    Encounter,
    FieldRow,
    Person,
    Source,
    utc_now,
)


@dataclass(frozen=True, slots=True)
class Correction:
    """A field as a technician leaves it; one that is confirmed is theirs from then on though it says the same."""

    name: str
    value: str
    is_confirmed: bool = False


def move(
    session: Session,
    document_id: int,
    event: str,
    actor: Actor,
    *,
    version: int | None = None,
    reason: str | None = None,
    blob: str | None = None,
    although: bool = False,
    correction: int | None = None,
) -> Document:
    """Move a document along the table of states and write the audit event, in the caller's transaction.

    `version` is the row the person looked at; another save in between raises StaleSave.
    `blob` is the filed copy that a move to filed makes. `although`, with a reason, approves in
    spite of fields that name somebody else or nobody; both are written into the log. `correction` is the confirmed
    proposal (storage/misfiling.py) without which nothing leaves a chart.
    """
    check_can(actor, Action.VERIFY)
    document = _document(session, document_id)
    _check_version(document, version)
    row = find_move(DOCUMENT_MOVES, document.state, event, actor.acts_as)
    if event in ("misfile", "reopen") and correction is None:
        raise StateRefused("A wrong chart is corrected by two people: propose the correction first.")
    if row.before == DocumentState.TO_VERIFY:
        check_holds(document, actor)
    if event in ("approve", "self_file"):
        if document.person_id is None:
            raise StateRefused("Choose the patient first: a document is never filed to nobody.")
        document.encounter_id = _find_encounter(session, document)
        _check_says_the_same(session, document, although and bool(reason))
    before = document.state
    document.state = row.after
    document.why_waiting = reason if row.after not in (DocumentState.VERIFIED, DocumentState.FILED) else None
    document.version += 1
    document.updated_at = utc_now()
    if row.after != DocumentState.TO_VERIFY:
        document.claimed_by = document.lease_until = None
    if event == "approve":
        document.verified_by = actor.name
    session.add(document)
    audit.record(
        session,
        actor,
        event,
        f"document:{document_id}",
        before=before,
        after=row.after,
        person=document.person_id,
        version=document.version,
        reason=reason,
        blob=blob,
        although=although or None,
    )
    return document


def save_corrections(
    session: Session,
    document_id: int,
    corrections: Iterable[Correction],
    actor: Actor,
    *,
    version: int,
    type_code: str | None = None,
) -> int:
    """Keep a technician's values beside the machine's; gives the document's new version.

    The old value stays as a row that is not current; the audit line holds keyed hashes only.
    """
    check_can(actor, Action.VERIFY)
    document = held(session, document_id, actor, version)
    current = {row.name: row for row in current_fields(session, document_id)}
    blind = session.info["keys"].blind_hash
    for change in corrections:
        old = current.get(change.name)
        is_same = change.value == (old.value if old else "")
        if is_same and not change.is_confirmed:
            continue
        if old is not None:
            old.is_current = False
            session.add(old)
        session.add(
            FieldRow(
                document_id=document_id,
                name=change.name,
                value=change.value,
                raw=old.raw if old else "",
                confidence=1.0,
                page=old.page if old else None,
                box=old.box if old else [],
                source=f"person:{actor.name}",
            )
        )
        if change.name == "service_date":
            document.service_date = change.value or None
        audit.record(
            session,
            actor,
            "confirm" if is_same else "correct",
            f"document:{document_id}",
            field=change.name,
            before=blind(old.value) if old else None,
            after=blind(change.value),
        )
    if type_code and type_code != document.type_code:
        if type_code not in doctypes.chart_order():
            raise StateRefused("There is no such document type.")
        audit.record(session, actor, "retype", f"document:{document_id}", before=document.type_code, after=type_code)
        document.type_code, document.type_confidence, document.type_is_sure = type_code, 1.0, True
    document.version += 1
    document.updated_at = utc_now()
    session.add(document)
    return document.version


def choose_patient(
    session: Session, document_id: int, person_id: int, actor: Actor, *, version: int, retyped: str = ""
) -> int:
    """Say whose document this is, as a person decided it; gives the document's new version.

    The patient must agree with the values of the document in two identifiers, or `retyped` is the patient's MRN or date of
    birth, typed by the person who chose (Joint Commission NPSG.01.01.01: two identifiers); else NeedsRetype.
    """
    document = held(session, document_id, actor, version)
    person = session.get(Person, person_id)
    if person is None:
        raise StateRefused("This patient is not on the patient list.")
    person = root_of(session, person_id)
    assert person.id is not None
    agrees, _ = compare_said(session, document, person)
    if len(agrees) < 2 and not _is_of(person, retyped):
        raise NeedsRetype(
            "Less than two identifiers agree with this patient. Type the patient's MRN or date of birth to confirm."
        )
    document.person_id, document.decision = person.id, "confirmed"
    document.encounter_id = None
    document.version += 1
    document.updated_at = utc_now()
    session.add(document)
    audit.record(
        session, actor, "choose_patient", f"document:{document_id}",
        person=person.id, agrees=sorted(agrees), retyped=1 if len(agrees) < 2 else None,
    )  # fmt: skip
    return document.version


def compare_said(session: Session, document: Document, person: Person) -> tuple[set[str], set[str]]:
    """Identifiers in which the valid values of a document agree with a patient, and in which they differ."""
    assert document.id is not None
    said = {row.name: row.value for row in current_fields(session, document.id) if row.is_valid and row.value}
    names = [f"{person.family}, {person.given}"]
    names += [f"{name['family']}, {name['given'] or person.given}" for name in person.names]
    visits_of = {
        n
        for v in session.exec(select(Encounter).where(Encounter.person_id == person.id))
        for n in (v.number, v.account)
        if n
    }
    born = normal.parse_date(said["dob"]) if "dob" in said else None
    same = {
        "name": any(is_named(said["name"], name) for name in names) if "name" in said else None,
        "dob": born == person.birth_date if born and person.birth_date else None,
        "mrn": normal.number(said["mrn"]) in map(normal.number, (person.mrn, *person.other_mrns)) if "mrn" in said else None,
        "encounter": (said["encounter"] in visits_of or None) if "encounter" in said else None,
        "account": (said["account"] in visits_of or None) if "account" in said else None,
        "member_id": normal.number(said["member_id"]) == normal.number(person.member_id) or None
        if "member_id" in said and person.member_id
        else None,
        "ssn4": (said["ssn4"][-4:] == person.ssn4 or None) if "ssn4" in said and person.ssn4 else None,
    }  # fmt: skip
    return {name for name, is_same in same.items() if is_same}, {n for n, is_same in same.items() if is_same is False}


def _is_of(person: Person, retyped: str) -> bool:
    """Whether what was typed is this patient's whole MRN or date of birth."""
    typed = normal.number(retyped)
    return bool(typed) and (
        typed in map(normal.number, (person.mrn, *person.other_mrns))
        or (person.birth_date is not None and normal.parse_date(retyped) == person.birth_date)
    )


def held(session: Session, document_id: int, actor: Actor, version: int | None) -> Document:
    """A document that waits for verification on this person's desk, at the version they looked at; else a refusal."""
    document = _document(session, document_id)
    _check_version(document, version)
    if document.state != DocumentState.TO_VERIFY:
        raise StateRefused(
            f"This document is {document.state.replace('_', ' ')}; its pages can no longer be changed here."
        )
    check_holds(document, actor)
    return document


def current_fields(session: Session, document_id: int) -> list[FieldRow]:
    """The values of a document that count now, one a field name and best first."""
    rows = session.exec(
        select(FieldRow)
        .where(FieldRow.document_id == document_id, col(FieldRow.is_current).is_(True))
        .order_by(col(FieldRow.confidence).desc(), col(FieldRow.id).desc())
    )
    best: dict[str, FieldRow] = {}
    for row in rows:
        best.setdefault(row.name, row)
    return list(best.values())


def candidates_of(session: Session, document_id: int) -> list[tuple[CandidateRow, Person]]:
    """Who it may be, best first."""
    return list(
        session.exec(
            select(CandidateRow, Person)
            .where(CandidateRow.document_id == document_id, CandidateRow.person_id == Person.id)
            .order_by(col(CandidateRow.rank))
        )
    )


def verified_ids(session: Session, until: datetime, limit: int = 200) -> list[int]:
    """Documents that were approved until this time and are not filed yet."""
    rows = session.exec(
        select(Document.id)
        .where(Document.state == DocumentState.VERIFIED, col(Document.updated_at) <= until)
        .order_by(col(Document.id))
        .limit(limit)
    )
    return [row for row in rows if row is not None]


def list_documents(session: Session) -> list[dict[str, Any]]:
    """One record for each document: the `documents --json` contract."""
    query = select(Document, Source).join(Source, col(Source.batch_id) == Document.batch_id).order_by(col(Document.id))
    return [_document_record(session, document, source) for document, source in session.exec(query)]


def _document_record(session: Session, document: Document, source: Source) -> dict[str, Any]:
    assert document.id is not None
    person = session.get(Person, document.person_id) if document.person_id else None
    encounter = session.get(Encounter, document.encounter_id) if document.encounter_id else None
    kind = doctypes.shown(document.type_code)
    return {
        "id": document.id,
        "source": shown_name(source.name),
        "source_sha256": source.sha256,
        "pages": [p.number for p in pages.pages_of_document(session, document.id) if p.batch_id == document.batch_id],
        "state": document.state,
        "type": {
            "code": document.type_code,
            "loinc": kind.loinc,
            "confidence": round(document.type_confidence, 4),
            "sure": document.type_is_sure,
            "candidates": document.type_guesses,
        },
        "labels": document.labels,
        "patient": {
            "mrn": person.mrn if person else None,
            "decision": "linked" if document.decision == "confirmed" else document.decision,
            "reasons": document.decision_reasons,
            "candidates": [
                {
                    "mrn": found.mrn,
                    "score": round(row.score, 4),
                    "agrees": row.agrees,
                    "differs": row.differs,
                    "evidence": row.evidence,
                }
                for row, found in candidates_of(session, document.id)
            ],
        },
        "encounter": encounter.number if encounter else None,
        "fields": {
            row.name: {
                "value": row.value,
                "raw": row.raw,
                "confidence": round(row.confidence, 4),
                "page": row.page,
                "box": row.box or None,
                "source": row.source,
                "valid": row.is_valid,
            }
            for row in current_fields(session, document.id)
        },
        "flags": document.flags,
        "outcome": document.outcome,
    }


def _document(session: Session, document_id: int) -> Document:
    document = session.get(Document, document_id)
    if document is None:
        raise StateRefused("There is no such document.")
    return document


def _find_encounter(session: Session, document: Document) -> int | None:
    """The patient's visit whose number is on the document, or the only one of its day, or None."""
    assert document.id is not None
    said = {
        row.value for row in current_fields(session, document.id) if row.name in ("encounter", "account") and row.value
    }
    assert document.person_id is not None
    if not said and document.encounter_id is not None:
        visit = session.get_one(Encounter, document.encounter_id)
        if visit.person_id == document.person_id:
            return document.encounter_id  # from the separator sheet
    return visits.stay_of(session, document.person_id, sorted(said), document.service_date)


_SAID = {"mrn": "MRN", "dob": "date of birth", "name": "name"}


def _check_says_the_same(session: Session, document: Document, although: bool) -> None:
    """What is written in the fields must not contradict the patient it is filed to, unless a person insists."""
    if although:
        return
    agrees, differs = compare_said(session, document, session.get_one(Person, document.person_id))
    if differs:
        raise NeedsInsisting(
            f"The {' and the '.join(_SAID[name] for name in _SAID if name in differs)} in the fields differ from the patient "
            "you file to. Choose another patient, correct the field, or insist with Ctrl Shift Enter and a reason."
        )
    said = {row.name for row in current_fields(session, document.id or 0) if row.is_valid and row.value}
    if not agrees and not said & {"mrn", "dob", "name", "encounter", "member_id"}:
        raise NeedsInsisting(
            "Nothing in the fields says whose document this is. Type what the page says, or insist with "
            "Ctrl Shift Enter and a reason."
        )


def is_named(said: str, known: str) -> bool:
    """Whether a name as it was read or typed is that of somebody on the patient list."""
    family, given, _, _ = normal.split_name(said) or (said, "", "", "")
    return same_name(f"{family}, {given}", known)


def _check_version(document: Document, version: int | None) -> None:
    if version is not None and version != document.version:
        raise StaleSave(
            "Somebody saved this document while you looked at it. Nothing was overwritten; "
            "it was loaded again, please check and save once more."
        )
