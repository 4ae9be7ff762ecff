"""Documents whose patient the list did not say: what they ask of it, kept so that they can be matched again."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from sqlmodel import Session, col, delete, or_, select, update

from classify import normal
from classify.anchored.evidence import SOURCE
from classify.anchored.persons import keys_of_parts
from classify.demographics import DATES, Query
from classify.guess import Decision, DocumentGuess, PatientMatch
from classify.matching.keys import keys_of_query, keys_of_twins
from classify.mentioned import Mentions
from storage.foundation.clock import utc_now
from storage.foundation.states import DocumentState
from storage.foundation.tables.desk import Draft
from storage.foundation.tables.documents import Document, FieldRow
from storage.foundation.tables.roster import OpenMatch, OpenMatchKey
from storage.roster import mentions
from storage.roster.keying import hashed

OPEN_DECISIONS = (Decision.ASK, Decision.NONE)
"""What the machine decided where the list did not say whose a document is; a person's own decision is another."""

IN_REVIEW = (DocumentState.TO_VERIFY, DocumentState.PENDED, DocumentState.RESCAN)

_DAYS = (*DATES, "served")
_TYPED_AS_IS = ("mrn", "sex", "member_id", "phone", "address", "ssn4")

ASKED_BY = frozenset({*_TYPED_AS_IS, "name", "dob", "encounter", "account"})
"""The index fields that say whose a document is: what the query is made of."""


def keep(session: Session, document: Document, guess: DocumentGuess) -> None:
    """Keep what a document asks of the list while nobody and nothing says whose it is; else forget it.

    It is found again by its own keys and by those of the nearest twins of its best candidate, who stand in the way of a link.
    """
    forget(session, document.id)
    query, match = guess.query, guess.match
    if query is None or document.decision not in OPEN_DECISIONS or document.state not in IN_REVIEW:
        return
    session.add(
        OpenMatch(
            document_id=document.id,
            query=_record(query),
            unlabelled=_record(guess.unlabelled) if guess.unlabelled is not None else None,
            mentions=mentions.pack(guess.mentions),
        )
    )
    session.flush()
    renew(session, document, match)


def ask_again(
    session: Session, document: Document, *, mentioned: Sequence[Mentions] = (), unlabelled: Query | None = None
) -> None:
    """Somebody found nobody on the list for this document: what its values say now is kept, and asked when the list changes.

    What its pages mention without labels stays as it was kept at first; of a document that was linked nothing is kept of it,
    and who has read its pages again gives it. Then no value counts that only the patient it was linked to had given.
    """
    kept = session.get(OpenMatch, document.id)
    if kept is None:
        rows = session.exec(
            select(FieldRow).where(FieldRow.document_id == document.id, col(FieldRow.is_current).is_(True))
        )
        said = {
            row.name: row.value
            for row in rows
            if row.name in ASKED_BY and row.value and row.is_valid and not (mentioned and row.source == SOURCE)
        }
        session.add(
            OpenMatch(
                document_id=document.id,
                query=_record(_with_typed(Query(), said)),
                unlabelled=_record(_with_typed(unlabelled, said)) if unlabelled is not None else None,
                mentions=mentions.pack(mentioned),
            )
        )
        session.flush()
    put_off(session, document.id)
    look_for(session, document.id)


def renew(session: Session, document: Document, match: PatientMatch) -> None:
    """After a match: the document is due no more, and looks under the keys of now; forgotten once it is linked."""
    if document.decision not in OPEN_DECISIONS:
        forget(session, document.id)
        return
    put_off(session, document.id)
    session.exec(delete(OpenMatchKey).where(col(OpenMatchKey.document_id) == document.id))
    twins = keys_of_twins(match.candidates[0].person) if match.candidates else []
    look_for(session, document.id, twins)


def put_off(session: Session, document_id: int) -> None:
    """Not matched again before the list changes again."""
    session.exec(update(OpenMatch).where(col(OpenMatch.document_id) == document_id).values(is_due=False))


def look_for(session: Session, document_id: int, others: Iterable[str] = ()) -> None:
    """The document is found by what it asks, typed or read, when such a patient comes onto the list; and by these keys."""
    session.flush()
    query = query_of(session, document_id)
    seen = keys_of_parts(mentions_of(session, document_id))
    keys = {hashed(key) for key in (*keys_of_query(query), *seen, *others)} if query else set()
    if keys:
        session.connection().exec_driver_sql(
            "INSERT OR IGNORE INTO open_match_key (value, document_id) VALUES (?, ?)", [(k, document_id) for k in keys]
        )


def forget(session: Session, document_id: int) -> None:
    """It is decided whose this document is, or there is no such document any more."""
    for table in (OpenMatchKey, OpenMatch):
        session.exec(delete(table).where(col(table.document_id) == document_id))


def query_of(session: Session, document_id: int) -> Query | None:
    """What a document asks of the list, with what people typed in place of what was read; None when nothing is kept."""
    kept = session.get(OpenMatch, document_id)
    if kept is None:
        return None
    return _with_typed(_query(kept.query), _typed(session, document_id))


def unlabelled_of(session: Session, document_id: int) -> Query:
    """The same with what stands on the pages without a label; the empty query where nothing is kept."""
    kept = session.get(OpenMatch, document_id)
    if kept is None or kept.unlabelled is None:
        return Query()
    return _with_typed(_query(kept.unlabelled), _typed(session, document_id))


def mentions_of(session: Session, document_id: int) -> tuple[Mentions, ...]:
    """What the pages of a document mention; nothing of documents that were indexed before it was kept."""
    kept = session.get(OpenMatch, document_id)
    return mentions.unpack(kept.mentions) if kept is not None else ()


def _query(record: dict[str, Any]) -> Query:
    read: dict[str, Any] = dict(record)
    for name in _DAYS:
        read[name] = date.fromisoformat(read[name]) if read.get(name) else None
    return Query(**{**read, "encounters": tuple(read.get("encounters", ()))})


def due(session: Session, most: int, of: int | None = None) -> list[int]:
    """Documents to be matched again (`of`: only this one), those on somebody's desk left out, and those of which a draft
    names a patient."""
    is_free = or_(col(Document.claimed_by).is_(None), col(Document.lease_until) < utc_now())
    chosen = select(Draft.document_id).where(col(Draft.content)["person"].as_integer().is_not(None))
    query = (
        select(OpenMatch.document_id)
        .join(Document, col(Document.id) == OpenMatch.document_id)
        .where(col(OpenMatch.is_due).is_(True), is_free, col(OpenMatch.document_id).not_in(chosen))
        .order_by(col(Document.priority), col(Document.created_at), col(Document.id))
        .limit(most)
    )
    if of is not None:
        query = query.where(OpenMatch.document_id == of)
    return list(session.exec(query))


def _record(query: Query) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, date) else list(value) if isinstance(value, tuple) else value
        for name, value in asdict(query).items()
        if value
    }


def _typed(session: Session, document_id: int) -> dict[str, str]:
    """What people typed or confirmed of who it is, by field; empty where they cleared it."""
    rows = session.exec(
        select(FieldRow)
        .where(
            FieldRow.document_id == document_id,
            col(FieldRow.is_current).is_(True),
            col(FieldRow.source).like("person:%"),
            col(FieldRow.name).in_(ASKED_BY),
        )
        .order_by(col(FieldRow.id))
    )
    return {row.name: row.value for row in rows}


def _with_typed(query: Query, typed: dict[str, str]) -> Query:
    changes: dict[str, Any] = {name: typed[name] for name in _TYPED_AS_IS if name in typed}
    if "name" in typed:
        family, given, middle, suffix = normal.split_name(typed["name"]) or ("", "", "", "")
        changes |= {"family": family, "given": given, "middle": middle, "suffix": suffix}
    if "dob" in typed:
        changes["birth_date"] = normal.parse_date(typed["dob"])
    if numbers := [typed[name] for name in ("encounter", "account") if name in typed]:
        changes["encounters"] = tuple(filter(None, numbers))
    return replace(query, **changes)
