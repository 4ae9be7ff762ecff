"""What the verify screen shows of a document, and what approve, pend, rescan and skip do."""

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from classify import doctypes
from classify.fields.table import IDENTITY, SHOWN, TITLES, title_of
from storage import documents, filing, pages, viewing
from storage.documents import Correction
from storage.errors import StateRefused, StorageError
from storage.home import Home
from storage.permissions import Actor
from storage.roster import finding
from storage.tables import Document, FieldRow, Person

SURE = 0.85
"""Field confidence from which the cursor does not stop at a value; issue 4 replaces it by a measured one."""

_SAID = {
    "given": "first name", "family": "surname", "middle": "middle name", "suffix": "Jr/Sr", "dob": "date of birth",
    "mrn": "MRN", "member_id": "member id", "ssn4": "SSN", "alive": "date of death", "born": "date of birth",
}  # fmt: skip

_WHOLLY = frozenset({"exact", "same", "same house", "former", "alias", "nickname", "initial"})
"""Levels that are agreement, and not almost."""

RESCAN_REASONS = ("cut off", "too faint", "skewed", "page missing", "wrong side")


@dataclass(frozen=True, slots=True)
class Done:
    """What an action did: a sentence for the person, and whether the document left the desk."""

    sentence: str
    left_desk: bool


def take_next(home: Home, actor: Actor, skip: frozenset[int]) -> dict[str, Any] | None:
    """Claim the next document and show it, or None when there is nothing to verify."""
    with home.writing() as session:
        document = documents.claim_next(session, actor, skip)
        return show(session, document, actor) if document else None


def take(home: Home, actor: Actor, document_id: int) -> dict[str, Any]:
    """Claim one document and show it; StateRefused names who has it."""
    with home.writing() as session:
        return show(session, documents.claim(session, document_id, actor), actor)


def show_again(home: Home, actor: Actor, document_id: int) -> dict[str, Any] | None:
    """The document as it is now, after a refusal; None when it is no longer this person's."""
    try:
        return take(home, actor, document_id)
    except StorageError:
        return None


def show(session: Session, document: Document, actor: Actor) -> dict[str, Any]:
    """A document in the plain form that the station component draws."""
    assert document.id is not None
    viewing.check_may_see(document, actor)
    rows = pages.pages_of_document(session, document.id)
    positions = {row.number: position for position, row in enumerate(rows, start=1)}
    sizes = {}
    shown_pages = []
    for position, row in enumerate(rows, start=1):
        reading = pages.reading_of(session, row)
        if reading and reading.width:
            sizes[row.number] = (reading.width, reading.height)
        shown_pages.append(
            {"src": f"/page/{document.id}/{position}.jpg", "outcome": row.outcome, "reason": row.reason or ""}
        )
    values = {row.name: row for row in documents.current_fields(session, document.id)}
    return {
        "id": document.id,
        "version": document.version,
        "type": document.type_code,
        "typeConfidence": round(document.type_confidence, 3),
        "typeIsSure": document.type_is_sure or document.type_confidence == 1.0,
        "typeGuesses": [
            {"code": guess["code"], "name": doctypes.shown(guess["code"]).name, "evidence": guess["evidence"]}
            for guess in document.type_guesses
        ],
        "labels": [label["reason"] for label in document.labels],
        "types": [{"code": kind.code, "name": kind.name} for kind in doctypes.table()],
        "pages": shown_pages,
        "fields": [_field(name, values.get(name), positions, sizes) for name in _names(values)],
        "decision": document.decision,
        "reasons": document.decision_reasons,
        "flags": [flag.replace("_", " ") for flag in document.flags],
        "person": document.person_id,
        "candidates": _candidates(session, document),
        "rescanReasons": list(RESCAN_REASONS),
    }


def _names(values: dict[str, FieldRow]) -> list[str]:
    """The fields that a form always asks for, and whatever else was found, in the order of the table."""
    asked = {field.name for field in SHOWN}
    known = [name for name in TITLES if name in asked or name in values]
    return known + sorted(values.keys() - TITLES.keys())


def approve(home: Home, actor: Actor, message: dict[str, Any]) -> Done:
    """Keep the values, the type and the patient, approve, and file. A stale page changes nothing."""
    document_id = int(message["id"])
    with home.writing() as session:
        version = _save(session, actor, message)
        documents.move(
            session,
            document_id,
            "approve",
            actor,
            version=version,
            although=message.get("although") is True,
            reason=_reason(message),
        )
    filing.file_verified(home)
    with home.reading() as session:
        document = session.get_one(Document, document_id)
        said = "is filed" if document.state == "filed" else f"came back: {document.why_waiting}"
    return Done(f"Document {document_id} {said}.", True)


def pend(home: Home, actor: Actor, message: dict[str, Any]) -> Done:
    """Put a document aside with a reason; what was typed is kept."""
    return _leave(home, actor, message, "pend", "is pended")


def ask_rescan(home: Home, actor: Actor, message: dict[str, Any]) -> Done:
    """Ask the scanning room for the paper again."""
    return _leave(home, actor, message, "ask_rescan", "waits for a rescan")


def save_draft(home: Home, actor: Actor, message: dict[str, Any]) -> Done:
    """Keep what was typed so far; the document stays on the desk."""
    with home.writing() as session:
        _save(session, actor, message)
    return Done("Draft saved.", False)


ACTIONS = {"approve": approve, "pend": pend, "rescan": ask_rescan, "draft": save_draft}


def act(home: Home, actor: Actor, message: dict[str, Any]) -> Done:
    """Do what the station asks for; refusals come back as a sentence, and the document stays."""
    action = ACTIONS.get(str(message.get("action")))
    if action is None:
        return Done("The station sent something unknown. Please load the page again.", False)
    try:
        return action(home, actor, message)
    except StorageError as error:
        return Done(str(error), False)


def skip(home: Home, actor: Actor, document_id: int) -> None:
    """Give a document back to the work list untouched."""
    with home.writing() as session:
        documents.release_claim(session, document_id, actor)


def find_people(home: Home, actor: Actor, words: str) -> list[dict[str, Any]]:
    """Patients for the station's search box."""
    with home.writing() as session:
        return [_person(person) for person in finding.find_people(session, words, actor)]


def _leave(home: Home, actor: Actor, message: dict[str, Any], event: str, what: str) -> Done:
    reason = _reason(message)
    if not reason:
        raise StateRefused("Please give a reason.")
    document_id = int(message["id"])
    with home.writing() as session:
        version = _save(session, actor, message)
        documents.move(session, document_id, event, actor, version=version, reason=reason)
    return Done(f"Document {document_id} {what}.", True)


def _reason(message: dict[str, Any]) -> str | None:
    return str(message.get("reason") or "").strip()[:200] or None


def _save(session: Session, actor: Actor, message: dict[str, Any]) -> int:
    document_id, version = int(message["id"]), int(message["version"])
    known = TITLES.keys() | {row.name for row in documents.current_fields(session, document_id)}
    corrections = [
        Correction(str(name), str(value).strip()[:200])
        for name, value in dict(message.get("values", {})).items()
        if name in known
    ]
    version = documents.save_corrections(
        session,
        document_id,
        corrections,
        actor,
        version=version,
        type_code=str(message.get("type") or "") or None,
    )
    person = message.get("person")
    if person is not None and session.get_one(Document, document_id).person_id != int(person):
        version = documents.choose_patient(session, document_id, int(person), actor, version=version)
    return version


def _field(
    name: str, row: FieldRow | None, positions: dict[int, int], sizes: dict[int, tuple[int, int]]
) -> dict[str, Any]:
    page = positions.get(row.page) if row and row.page else None
    box = None
    if row is not None and row.page is not None and row.box and row.page in sizes:
        width, height = sizes[row.page]
        left, top, right, bottom = row.box
        box = [left / width, top / height, right / width, bottom / height]
    return {
        "name": name,
        "title": title_of(name),
        "value": row.value if row else "",
        "raw": row.raw if row else "",
        "confidence": round(row.confidence, 3) if row else 0.0,
        "page": page,
        "box": box,
        "band": _band(name, row),
        "source": row.source if row else "",
    }


def _band(name: str, row: FieldRow | None) -> str:
    """auto: read well and valid; check: doubtful; missing: an identity field without a value; empty: none needed."""
    if row is None or not row.value:
        return "missing" if name in IDENTITY else "empty"
    return "auto" if row.confidence >= SURE and row.is_valid else "check"


def _candidates(session: Session, document: Document) -> list[dict[str, Any]]:
    assert document.id is not None
    found = [
        {
            **_person(person),
            "score": round(row.score, 3),
            "agrees": [_SAID.get(name, name) for name in row.agrees],
            "differs": [_SAID.get(name, name) for name in row.differs],
            "evidence": [
                {
                    "what": _SAID.get(e["identifier"], e["identifier"]),
                    "how": "against" if e["weight"] < 0 else "for" if e["level"] in _WHOLLY else "partly",
                    "bits": e["weight"],
                    "why": e["sentence"],
                }
                for e in sorted(row.evidence, key=lambda e: -abs(e["weight"]))
            ],
        }
        for row, person in documents.candidates_of(session, document.id)
    ]
    if document.person_id and all(c["id"] != document.person_id for c in found):
        found.insert(
            0,
            {
                **_person(session.get_one(Person, document.person_id)),
                "score": 1.0,
                "agrees": [],
                "differs": [],
                "evidence": [],
            },
        )
    return found


def _person(person: Person) -> dict[str, Any]:
    return {
        "id": person.id,
        "mrn": person.mrn,
        "name": " ".join(p for p in (f"{person.family},", person.given, person.middle, person.suffix) if p),
        "dob": person.birth_date.isoformat() if person.birth_date else "",
        "sex": person.sex,
    }
