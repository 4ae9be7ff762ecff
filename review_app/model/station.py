"""What the verification station shows of a document: pages, values, candidates, remarks, draft."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from sqlmodel import Session

from classify import doctypes
from classify.doubts import sentence_of
from classify.fields.table import IDENTITY, TITLES, asked_of, carries, title_of
from classify.sensitivity import LABELS
from classify.validation import DATES
from review_app.model.asked import amended_sentence, asked_sentence
from review_app.model.keymap import keymap
from review_app.model.rematched import sentence_at_desk
from review_app.model.viewing import page_of, version_of
from storage.custody import pages
from storage.custody.batches import printable_name
from storage.desk import drafts, rearranging, remarks, rescans, waiting
from storage.documents import access, fields, identity, labelling, leases, viewing
from storage.documents.takenout import TAKEN_OUT, taken_out_of
from storage.documents.viewing import PageNote
from storage.foundation import audit
from storage.foundation.actions import AuditAction
from storage.foundation.clock import show_day, show_hour, show_time
from storage.foundation.errors import NotAllowed, StateRefused
from storage.foundation.home import Home
from storage.foundation.permissions import Actor, Role
from storage.foundation.states import DocumentState
from storage.foundation.tables.custody import Batch, Page
from storage.foundation.tables.desk import RemarkKind
from storage.foundation.tables.documents import Document, FieldRow
from storage.foundation.tables.roster import Person
from storage.roster.names import full_name

SURE = 0.85
"""Field confidence from which the cursor does not stop at a value: of such values under one in 200 was wrong
(benchmarks/understanding.py, wrong with confidence)."""

_EVERY_PAGE = frozenset({"legal"})
"""Sections of the chart whose documents are looked at page by page before they are approved: what was signed binds."""

QUEUE = 3
"""Documents on a desk at once: the one that is shown and the next two, whose images load meanwhile."""

_SAID = {
    "given": "first name", "family": "surname", "middle": "middle name", "suffix": "Jr/Sr", "dob": "date of birth",
    "mrn": "MRN", "member_id": "member id", "ssn4": "SSN", "alive": "date of death", "born": "date of birth",
}  # fmt: skip

_WHOLLY = frozenset({"exact", "same", "same house", "former", "alias", "nickname", "initial"})
"""Levels that are agreement, and not almost."""


def catalog(site_keys: dict[str, str], actor: Actor, idle_minutes: float, *, day_first: bool = False) -> dict[str, Any]:
    """What the station knows for the whole session: kinds of documents with their fields, keys, reasons."""
    return {
        "types": [
            {
                "code": kind.code,
                "name": kind.name,
                "fields": list(asked_of(kind.code, kind.section)),
                "everyPage": kind.section in _EVERY_PAGE,
            }
            for kind in doctypes.table()
        ],
        "titles": {name: title_of(name) for name in TITLES},
        "identity": list(IDENTITY),
        "dates": sorted(DATES),
        "dayFirst": day_first,
        "keys": [{"action": key.action, "key": key.key, "what": key.what} for key in keymap(site_keys)],
        "rescanReasons": rescans.REASONS,
        "waitReasons": waiting.REASONS,
        "hideReasons": {"blank": "a blank side", "separator": "a separator sheet", "duplicate": "a second copy",
                        "not_part": "no part of the record"},
        "labels": LABELS,
        "user": actor.name,
        "isSupervisor": actor.role is Role.SUPERVISOR,
        "idleMinutes": idle_minutes,
    }  # fmt: skip


def landing(home: Home, actor: Actor) -> dict[str, Any]:
    """What is on this person's desk already, and how much waits: whoever only passes by claims nothing."""
    with home.writing() as session:
        found = leases.held_by(session, actor)[:QUEUE]
        return {"documents": [_taken(session, document, actor) for document in found], **_waiting(session, actor)}


def look_in(home: Home, actor: Actor, skip: Iterable[int] = ()) -> dict[str, Any]:
    """How much waits, for a desk without a document: nothing is claimed, and nothing shown."""
    with home.reading() as session:
        return {"documents": [], **_waiting(session, actor, skip)}


def take_queue(
    home: Home, actor: Actor, have: Iterable[int] = (), skip: Iterable[int] = (), want: int = QUEUE
) -> dict[str, Any]:
    """The documents this person works on next, those in `have` left out, and how many wait in all."""
    known = set(have)
    with home.writing() as session:
        found = leases.claim_queue(session, actor, want, skip)
        shown = [_taken(session, document, actor) for document in found if document.id not in known]
        return {"documents": shown, **_waiting(session, actor, [*skip])}


def take(home: Home, actor: Actor, document_id: int) -> dict[str, Any]:
    """Claim one document and show it; StateRefused names who has it."""
    with home.writing() as session:
        return _taken(session, leases.claim(session, document_id, actor), actor)


def why_read_only(home: Home, actor: Actor, document_id: int) -> str:
    """Why a document that is there does not come onto this person's desk, and can only be looked at; empty when it comes, or
    there is nothing to look at."""
    with home.reading() as session:
        document = session.get(Document, document_id)
        if document is None or document.state == DocumentState.VOIDED:
            return ""
        try:
            leases.check_can_claim(document, actor)
        except StateRefused as refused:
            return _why_it_waits(document) or str(refused)
    return ""


_WAITS: dict[str, str] = {
    RemarkKind.PEND: "is pended",
    RemarkKind.QUERY: "waits for a provider's answer",
    RemarkKind.ESCALATE: "waits for a supervisor",
    RemarkKind.REGISTER: "waits for registration",
    DocumentState.RESCAN: "waits for a rescan",
    DocumentState.VERIFIED: "is approved and being filed",
    DocumentState.TO_QC: "waits for a quality review",
}


def _why_it_waits(document: Document) -> str:
    """What a document waits for that is not to be verified now; empty for any other."""
    waits = _WAITS.get(document.waits_for or document.state)
    why = f": {document.why_waiting}" if document.why_waiting else ""
    return f"This document {waits}{why}".rstrip(".?!") + "." if waits else ""


def _taken(session: Session, document: Document, actor: Actor) -> dict[str, Any]:
    """A document as it comes onto a desk with everything read on it, which the log tells."""
    shown = show(session, document, actor)
    audit.record(session, actor, AuditAction.TAKE, f"document:{document.id}", person=document.person_id)
    return shown


def _waiting(session: Session, actor: Actor, skip: Iterable[int] = ()) -> dict[str, int]:
    return {
        "waiting": leases.waiting(session),
        "assigned": leases.assigned_to(session, actor),
        "free": leases.count_free(session, actor, skip),
    }


def show(session: Session, document: Document, actor: Actor) -> dict[str, Any]:
    """A document in the plain form that the station draws."""
    viewing.check_may_see(session, document, actor)
    rows = pages.pages_of_document(session, document.id)
    values = {row.name: row for row in fields.current_fields(session, document.id)}
    wanted = {row.page for row in values.values() if row.page}
    sizes, positions = {}, {}
    for position, row in enumerate(rows, start=1):
        label = pages.label_of(session, document, row)
        positions[label] = position
        if label in wanted and (reading := pages.reading_of(session, row)) and reading.width:
            sizes[label] = (reading.width, reading.height)
    draft = drafts.draft_of(session, document.id)
    neighbours = rearranging.neighbours(session, document.id)
    beside = viewing.notes_of(session, document, rows)
    return {
        "id": document.id,
        "version": document.version,
        "type": document.type_code,
        "typeIsSure": document.type_is_sure or document.type_confidence == 1.0,
        "typeGuesses": [
            {
                "code": guess["code"],
                "name": doctypes.type_or_placeholder(guess["code"]).name,
                "evidence": guess["evidence"],
                "share": round(guess["confidence"], 2),
            }
            for guess in document.type_guesses[:3]
        ],
        "labels": [
            {"code": label.code, "reason": label.reason, "mayLift": labelling.may_lift(document, label, actor)}
            for label in access.labels_of(document)
        ],
        "pages": [
            _page(document.id, row, position, beside.get(position, ()))
            for position, row in enumerate(rows, start=1)
        ],
        "others": [_other(row) for row in neighbours if row.document_id != document.id],
        "targets": _targets(session, document, neighbours, actor),
        "origin": {"batch": document.batch_id, "file": printable_name(session.get_one(Batch, document.batch_id).name)},
        "fields": {
            name: {**_field(name, row, positions, sizes), "band": _band(name, row, document)}
            for name, row in values.items()
        },
        "decision": document.decision,
        "reasons": document.decision_reasons,
        "flags": [*filter(None, [amended_sentence(session, document), asked_sentence(session, document), sentence_at_desk(session, document)]), *map(sentence_of, document.flags)],
        "person": document.person_id,
        "candidates": _candidates(session, document),
        "objections": _objections(session, document),
        "remarks": [
            {"kind": remark.kind, "text": waiting.said(remark), "by": remark.said_by, "at": show_time(remark.said_at, zone=True),
             "due": show_day(remark.due)}
            for remark in remarks.remarks_of(session, document.id)
        ],
        "draft": {**draft.content, "by": draft.saved_by} if draft else None,
    }  # fmt: skip


def reading(home: Home, actor: Actor, document_id: int, version: int) -> dict[str, Any]:
    """What came of pages that were turned: whether one still waits to be read, and the document when it is another by now."""
    with home.reading() as session:
        document = session.get_one(Document, document_id)
        viewing.check_may_see(session, document, actor)
        if not leases.holds(document, actor):
            raise NotAllowed("This document is not on your desk any more.")
        is_new = document.version != version and document.state == DocumentState.TO_VERIFY
        return {
            "waits": bool(pages.turned_unread(session, 1, document_id)),
            "document": show(session, document, actor) if is_new else None,
        }


def person_card(person: Person) -> dict[str, Any]:
    """Who somebody is, as the banner shows it."""
    return {
        "id": person.id,
        "mrn": person.mrn,
        "name": full_name(person),
        "dob": person.birth_date.isoformat() if person.birth_date else "",
        "sex": person.sex,
    }


def words_of_page(home: Home, actor: Actor, document_id: int, position: int) -> list[list[Any]]:
    """The words read on a page (1-based position) with their boxes as shares of the page: to fill a field by a click."""
    with home.writing() as session:
        document = session.get_one(Document, document_id)
        viewing.check_may_see(session, document, actor)
        rows = pages.pages_of_document(session, document_id)
        reading = pages.reading_of(session, rows[position - 1]) if 1 <= position <= len(rows) else None
        audit.record(
            session, actor, AuditAction.VIEW_WORDS, f"document:{document_id}", person=document.person_id, page=position
        )
    if reading is None or not reading.width:
        return []
    w, h = reading.width, reading.height
    return [
        [round(b.left / w, 4), round(b.top / h, 4), round(b.right / w, 4), round(b.bottom / h, 4), word.text]
        for word in reading.words
        for b in (word.box,)
    ]


def history(home: Home, actor: Actor, document_id: int, name: str) -> list[dict[str, Any]]:
    """Every value that a field had: old to new, who, when, from where."""
    with home.writing() as session:
        document = session.get_one(Document, document_id)
        viewing.check_may_see(session, document, actor)
        if document.state == DocumentState.TO_QC and actor.role is not Role.SUPERVISOR:
            raise NotAllowed("This document waits for quality review, which is blind.")
        audit.record(
            session, actor, AuditAction.VIEW_HISTORY, f"document:{document_id}", person=document.person_id,
            field=name if name in TITLES else "other",
        )  # fmt: skip
        return [
            {
                "value": show_day(c.value) if name in DATES else c.value,
                "by": c.by,
                "at": show_time(c.at, zone=True),
                "isCurrent": c.is_current,
            }
            for c in remarks.history_of(session, document_id, name)
        ]


def recent(home: Home, actor: Actor) -> list[dict[str, Any]]:
    """The last ten approvals of this person that can still be taken back: number, type and time, no name."""
    with home.reading() as session:
        return [
            {"id": row.id, "name": doctypes.type_or_placeholder(row.type_code).name, "at": show_hour(row.updated_at)}
            for row in drafts.recent(session, actor)
        ]


def _page(document_id: int, row: Page, position: int, notes: tuple[PageNote, ...]) -> dict[str, Any]:
    return {
        **asdict(page_of(document_id, position, row, notes=notes)),
        "id": row.id,
        "full": f"/page/{document_id}/{position}/full.jpg?v={version_of(row)}",
        "number": row.number,
        "paperTurn": row.turn,
        "outcome": row.outcome,
        "reason": row.reason or "",
        "isBestPossible": row.is_best_possible,
        "isReplacement": row.replaces_id is not None,
        "words": row.words,
        "reading": _reading_of(row),
    }


def _reading_of(row: Page) -> str:
    """waits: it was turned and is read again; as_before: it reads no better that way, or not at all; empty: it is read."""
    if pages.waits_to_be_read(row):
        return "waits"
    return "as_before" if row.turn != row.read_turn else ""


def _targets(session: Session, document: Document, neighbours: Sequence[Page], actor: Actor) -> list[dict[str, Any]]:
    """The other documents of the scan that wait to be verified: pages may be moved there. `holder` has one on the desk now."""
    found: dict[int, list[int]] = {}
    for row in neighbours:
        if row.document_id is not None and row.document_id != document.id:
            found.setdefault(row.document_id, []).append(row.number)
    rows = [session.get_one(Document, document_id) for document_id in found]
    return [
        {
            "id": row.id,
            "name": doctypes.type_or_placeholder(row.type_code).name,
            "pages": found[row.id],
            "holder": str(row.claimed_by) if leases.is_held(row) and row.claimed_by != actor.name else "",
        }
        for row in rows
        if row.state == DocumentState.TO_VERIFY
    ]


def _other(row: Page) -> dict[str, Any]:
    return {"id": row.id, "number": row.number, "disposition": row.disposition, "document": row.document_id}


def _field(name: str, row: FieldRow, positions: dict[int, int], sizes: dict[int, tuple[int, int]]) -> dict[str, Any]:
    box = None
    if row.page is not None and row.box and row.page in sizes:
        width, height = sizes[row.page]
        left, top, right, bottom = row.box
        box = [left / width, top / height, right / width, bottom / height]
    return {
        "title": title_of(name),
        "value": row.value,
        "raw": row.raw,
        "confidence": round(row.confidence, 3),
        "page": positions.get(row.page) if row.page else None,
        "box": box,
        "source": row.source,
        "isHandwritten": row.is_handwritten,
    }


def _band(name: str, row: FieldRow, document: Document) -> str:
    """auto: read well and valid; check: doubtful; missing: an identity field without a value; empty: none needed; other:
    doubtful, and nothing that this kind of document carries. A proposal from handwriting always waits for a person."""
    if not row.value:
        return "missing" if name in IDENTITY else "empty"
    if row.confidence >= SURE and row.is_valid:
        return "auto"
    section = doctypes.type_or_placeholder(document.type_code).section
    return "check" if row.is_handwritten or carries(document.type_code, section, name) else "other"


def _objections(session: Session, document: Document) -> list[dict[str, str]]:
    """What approving the document as it is would be refused for, but for what its patient needs to be chosen."""
    if document.person_id is None:
        return []
    person = session.get_one(Person, document.person_id)
    return [asdict(found) for found in identity.objections(session, person, identity.said_by(session, document))]


def _candidates(session: Session, document: Document) -> list[dict[str, Any]]:
    wrong = taken_out_of(session, document.id)
    found = [
        {
            **person_card(person),
            "score": round(row.score, 3),
            "agrees": [_SAID.get(name, name) for name in row.agrees],
            "differs": [_SAID.get(name, name) for name in row.differs],
            "evidence": [
                *([{"what": "chart", "how": "against", "bits": 0.0, "why": TAKEN_OUT}] if person.id in wrong else []),
                *(
                    {
                        "what": _SAID.get(e["identifier"], e["identifier"]),
                        "how": "against" if e["weight"] < 0 else "for" if e["level"] in _WHOLLY else "partly",
                        "bits": e["weight"],
                        "why": e["sentence"],
                    }
                    for e in sorted(row.evidence, key=lambda e: -abs(e["weight"]))
                ),
            ],
        }
        for row, person in fields.candidates_of(session, document.id)
    ]
    if document.person_id and all(c["id"] != document.person_id for c in found):
        chosen = person_card(session.get_one(Person, document.person_id))
        found.insert(0, {**chosen, "score": 1.0, "agrees": [], "differs": [], "evidence": []})
    return found
