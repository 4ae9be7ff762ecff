"""What a change of the patient list concerns: the version of the list, and documents whose patient it did not say."""

import json
from collections.abc import Iterable

from sqlmodel import Session, select

from storage.foundation.tables.installation import Fact
from storage.foundation.tables.roster import OpenMatch

_VERSION = "list_version"


def note_change(session: Session, keys: Iterable[int]) -> None:
    """The persons under these keys (hashed) changed: documents that look under one of them are due to be matched again.

    Only marks them, in the transaction of the change. storage/documents/rematching.py matches them afterwards.
    """
    connection = session.connection()
    connection.exec_driver_sql(
        "INSERT INTO fact (name, value) VALUES (?, '1') ON CONFLICT (name) DO UPDATE SET value = value + 1", (_VERSION,)
    )
    if session.exec(select(OpenMatch.document_id).limit(1)).first() is None:
        return
    connection.exec_driver_sql(
        "UPDATE open_match SET is_due = 1 WHERE NOT is_due AND document_id IN (SELECT k.document_id "
        "FROM json_each(?) AS changed JOIN open_match_key AS k ON k.value = changed.value)",
        (json.dumps(list(set(keys))),),
    )


def list_version(session: Session) -> str:
    """Another one after every change of the list: a match that was made meanwhile may be out of date."""
    kept = session.get(Fact, _VERSION, populate_existing=True)
    return kept.value if kept else "0"


def mark_due(session: Session, document_ids: Iterable[int]) -> None:
    """These documents, as far as the list did not say whose they are, are due to be matched again."""
    session.flush()
    session.connection().exec_driver_sql(
        "UPDATE open_match SET is_due = 1 WHERE document_id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(document_ids)),),
    )


def mark_all_due(session: Session) -> None:
    """Every such document is due, as after the keys of the list were made in another way."""
    session.connection().exec_driver_sql("UPDATE open_match SET is_due = 1")
