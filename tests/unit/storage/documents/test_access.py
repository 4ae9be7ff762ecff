"""Standing labels of a kind follow the kind when a person corrects it; other labels stay."""

import json
from typing import Any

from sqlmodel import select

from storage.documents import fields, leases
from storage.documents.viewing import may_open
from storage.foundation.home import Home
from storage.foundation.tables.audit import AuditEvent
from storage.foundation.tables.documents import Document
from tests.given.records import SAM, TESS, UMA, add_person, read_and_index, receive

BY_WORDS = {"code": "HIV", "reason": "HIV or AIDS: “hiv”", "page": 1, "source": "text"}
OF_EARLIER = {"code": "BH", "reason": "behavioural health: this kind of document", "page": 1}


def _document(home: Home, labels: list[dict[str, Any]], kind: str = "PROGRESS_NOTE") -> int:
    (document_id,) = read_and_index(home, receive(home, b"scan"), ["PROGRESS NOTE"], add_person(home))
    with home.writing() as session:
        document = session.get_one(Document, document_id)
        document.labels, document.type_code = labels, kind
        session.add(document)
    return document_id


def _retyped(home: Home, document_id: int, kind: str) -> list[str]:
    with home.writing() as session:
        leases.claim(session, document_id, TESS)
    with home.writing() as session:
        version = session.get_one(Document, document_id).version
        fields.save_corrections(session, document_id, (), TESS, version=version, type_code=kind)
        return sorted(label["code"] for label in session.get_one(Document, document_id).labels)


def test_a_document_gets_the_label_of_the_kind_it_is_said_to_be(home: Home) -> None:
    document_id = _document(home, [BY_WORDS])
    assert _retyped(home, document_id, "SUD_RECORD") == ["ETH", "HIV"]
    with home.reading() as session:
        document = session.get_one(Document, document_id)
        assert (may_open(session, document, SAM), may_open(session, document, UMA)) == (True, False)
        told = session.exec(select(AuditEvent).where(AuditEvent.action == "retype")).one()
        detail = json.loads(told.detail)
        assert (detail["labelled"], detail["unlabelled"]) == (["ETH"], [])


def test_a_document_loses_only_the_label_of_the_kind_it_is_not(home: Home) -> None:
    document_id = _document(home, [OF_EARLIER, BY_WORDS], "BEHAVIORAL")
    assert _retyped(home, document_id, "LAB") == ["HIV"]


def test_a_label_that_words_gave_stays_whatever_the_kind(home: Home) -> None:
    document_id = _document(home, [{**OF_EARLIER, "reason": "behavioural health: “bipolar disorder”"}], "BEHAVIORAL")
    assert _retyped(home, document_id, "LAB") == ["BH"]
