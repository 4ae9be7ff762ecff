"""Documents as `documents --json` prints them."""

from typing import Any

from sqlmodel import Session, col, func, select

from classify import doctypes
from classify.guess import Decision
from storage.custody import pages, receiving
from storage.custody.batches import shown_name
from storage.documents.fields import candidates_of, current_fields
from storage.foundation.states import DocumentState
from storage.foundation.tables.custody import Batch
from storage.foundation.tables.documents import Document
from storage.foundation.tables.roster import Encounter, Person


def list_documents(session: Session, *, voided: bool = False) -> list[dict[str, Any]]:
    """One record for each document: the `documents --json` contract. Voided ones, only when asked
    for; their `state` says so."""
    query = select(Document, Batch).join(Batch, col(Batch.id) == Document.batch_id).order_by(col(Document.id))
    if not voided:
        query = query.where(Document.state != DocumentState.VOIDED)
    return [_document_record(session, document, batch) for document, batch in session.exec(query)]


def count_voided(session: Session) -> int:
    """How many documents are left out of the list."""
    return session.exec(select(func.count()).where(Document.state == DocumentState.VOIDED)).one()


def _document_record(session: Session, document: Document, batch: Batch) -> dict[str, Any]:
    person = session.get(Person, document.person_id) if document.person_id else None
    encounter = session.get(Encounter, document.encounter_id) if document.encounter_id else None
    kind = doctypes.type_or_placeholder(document.type_code)
    hashes = receiving.contents(session, batch.id)
    return {
        "id": document.id,
        "source": shown_name(batch.name),
        "source_sha256": hashes[0] if len(hashes) == 1 else None,
        "pages": [p.number for p in pages.pages_of_document(session, document.id) if p.batch_id == document.batch_id],
        "state": document.state,
        "waits_for": document.waits_for,
        "why_waiting": document.why_waiting,
        "assigned_to": document.assigned_to,
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
            "decision": Decision.LINKED if document.decision == Decision.CONFIRMED else document.decision,
            "reasons": document.decision_reasons,
            "since_list_changed": document.rematch if document.decision != Decision.CONFIRMED else None,
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
                "handwritten": row.is_handwritten,
            }
            for row in current_fields(session, document.id)
        },
        "flags": document.flags,
        "outcome": document.outcome,
    }
