"""Full-text search over filed pages (FTS5 inside the encrypted database)."""

import re
from dataclasses import dataclass
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein
from sqlalchemy import text
from sqlmodel import Session, col, select

from storage.custody import pages
from storage.documents import versions, viewing
from storage.foundation import audit
from storage.foundation.actions import AuditAction
from storage.foundation.permissions import Action, Actor, check_can
from storage.foundation.tables.documents import Document
from storage.foundation.tables.roster import Person
from storage.roster.names import short_name

_SHORTEST_MISREAD, _LONG_WORD = 4, 8
"""Letters from which a word is also looked for with one letter misread, and with two."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One page that holds the words, with the document and patient it is filed to."""

    document_id: int
    page: int  # position in the document, 1-based
    type_code: str
    mrn: str
    patient: str
    service_date: str | None
    snippet: str


def index_document(session: Session, document_id: int) -> None:
    """Make the words of a filed document findable, page by page; repeating replaces."""
    forget_document(session, document_id)
    for position, page in enumerate(pages.pages_of_document(session, document_id), start=1):
        reading = pages.reading_of(session, page)
        if reading is not None and (reading.words or reading.notes):
            words = "\n".join((reading.text, *(note.text for note in reading.notes)))
            session.execute(
                text(
                    "INSERT INTO page_text (rowid, words, document_id, position) VALUES (:row, :words, :document, :position)"
                ),
                {
                    "row": (document_id << _PAGE_BITS) + position,
                    "words": words,
                    "document": document_id,
                    "position": position,
                },
            )


def forget_document(session: Session, document_id: int) -> None:
    """Take a document out of the index."""
    first = document_id << _PAGE_BITS
    session.execute(
        text("DELETE FROM page_text WHERE rowid BETWEEN :first AND :last"),
        {"first": first, "last": first + (1 << _PAGE_BITS) - 1},
    )


_PAGE_BITS = 20
"""A row of the index is numbered by document and page, so that a document's rows are found without looking through all."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What a search is narrowed to; empty values do not narrow. Dates are ISO days of service."""

    person_ids: tuple[int, ...] = ()
    type_code: str = ""
    since: str = ""
    until: str = ""
    encounter: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is narrowed."""
        return not (self.person_ids or self.type_code or self.since or self.until or self.encounter)


def find_pages(session: Session, words: str, actor: Actor, limit: int = 50, only: Filter | None = None) -> list[Hit]:
    """Approved and filed pages that hold all these words (prefixes count), best first; the search is audited.

    Where hardly a page has a word as it is spelled, words that OCR may have made of it count too. Without words, the
    documents that the filter leaves, newest first.
    """
    check_can(actor, Action.SEARCH)
    only = only or Filter()
    given = {**_narrowing(only), **viewing.rights_of(actor), "limit": limit}
    rows = _rows(session, _match_expression(words), given) if words.strip() else _listed(session, only, given)
    if words.strip() and len(rows) < _FEW:
        seen = {row[:2] for row in rows}
        rows += [row for row in _rows(session, _misread_expression(session, words), given) if row[:2] not in seen]
    found = {
        document.id: (document, person)
        for document, person in session.exec(
            select(Document, Person).where(
                Document.person_id == Person.id, col(Document.id).in_({row[0] for row in rows})
            )
        )
    }
    rows = [row for row in rows if row[0] in found][:limit]
    audit.record(
        session,
        actor,
        AuditAction.SEARCH,
        "filed-pages",
        query=session.info["keys"].blind_hash(words.casefold()),
        hits=len(rows),
        documents=sorted({document_id for document_id, _, _ in rows}),
    )
    return [
        Hit(
            document_id=document_id,
            page=position,
            type_code=versions.shown(session, found[document_id][0]).type_code,
            mrn=found[document_id][1].mrn,
            patient=short_name(found[document_id][1]),
            service_date=versions.shown(session, found[document_id][0]).service_date,
            snippet=" ".join(snippet.split()),
        )
        for document_id, position, snippet in rows
    ]


_FEW = 3
"""So many hits or fewer, and words are looked for as OCR may have read them too."""

# A document that is amended is found as its filed version has it.
_AMENDED = "LEFT JOIN filed_version v ON v.id = d.filed_version_id AND d.state <> 'filed' "
_DAY = "CASE WHEN v.id IS NULL THEN d.service_date ELSE v.service_date END"
_VISIT = "CASE WHEN v.id IS NULL THEN d.encounter_id ELSE v.encounter_id END"

# What a person may not open is not shown in part either; asked before the limit, so that it hides nothing else.
_NARROWED = (
    "(:type = '' OR coalesce(v.type_code, d.type_code) = :type) "  # noqa: S608 - constants
    f"AND (:since = '' OR {_DAY} >= :since) AND (:until = '' OR {_DAY} <= :until) AND (:people = '' OR instr(:people, ',' || d.person_id || ',') > 0) "
    f"AND (:encounter = '' OR {_VISIT} IN (SELECT id FROM encounter WHERE number = :encounter OR account = :encounter)) "
    f"AND (d.state IN ({', '.join(repr(str(state)) for state in pages.APPROVED_STATES)}) OR v.id IS NOT NULL) AND "
)

_FOUND = (
    "SELECT p.document_id, p.position, snippet(page_text, 0, '[', ']', ' … ', 12) FROM page_text p "  # noqa: S608 - constants
    f"JOIN document d ON d.id = p.document_id {_AMENDED}WHERE page_text MATCH :query AND "
    + _NARROWED
    + viewing.MAY_OPEN_SQL
    + " ORDER BY p.rank LIMIT :limit"
)
# Newest first by the number of the row: "+" keeps SQLite from taking an index of the states and sorting all it finds.
_LISTED = (
    f"SELECT d.id FROM document d {_AMENDED}WHERE "  # noqa: S608 - constants
    + _NARROWED.replace("d.state IN", "+d.state IN")
    + viewing.MAY_OPEN_SQL
    + " ORDER BY d.id DESC LIMIT :limit"
)
_LISTED_OF_PEOPLE = (
    f"SELECT d.id FROM document d {_AMENDED}WHERE d.person_id IN (SELECT value FROM json_each('[' || trim(:people, ',') || ']')) AND "  # noqa: S608 - constants
    + _NARROWED
    + viewing.MAY_OPEN_SQL
    + " ORDER BY d.id DESC LIMIT :limit"
)


def _narrowing(only: Filter) -> dict[str, str]:
    people = f",{','.join(map(str, only.person_ids))}," if only.person_ids else ""
    return {
        "type": only.type_code, "since": only.since, "until": only.until, "people": people, "encounter": only.encounter,
    }  # fmt: skip


def _rows(session: Session, expression: str, given: dict[str, Any]) -> list[tuple[int, int, str]]:
    if not expression:
        return []
    found = session.execute(text(_FOUND), {"query": expression, **given})
    return [(int(row[0]), int(row[1]), str(row[2])) for row in found]


def _listed(session: Session, only: Filter, given: dict[str, Any]) -> list[tuple[int, int, str]]:
    if only.is_empty:
        return []
    statement = _LISTED_OF_PEOPLE if only.person_ids else _LISTED
    return [(int(row[0]), 1, "") for row in session.execute(text(statement), given)]


def _words(words: str) -> list[str]:
    return re.findall(r"\w+", words)[:12]


def _match_expression(words: str) -> str:
    """Every word as a quoted prefix, so that nothing a person types is query syntax."""
    return " ".join(f'"{word}"*' for word in _words(words))


def _misread_expression(session: Session, words: str) -> str:
    """Every word, or one of the words of the index that OCR may have made of it: one letter off, or two in long ones."""
    return " AND ".join(
        "(" + " OR ".join(f'"{term}"' for term in (word, *misread(session, word))) + ")" for word in _words(words)
    )


def misread(session: Session, word: str, most: int = 12) -> list[str]:
    """Words that stand on approved pages and are nearly this one, the likeliest misreadings first."""
    word = word.casefold()
    if len(word) < _SHORTEST_MISREAD:
        return []
    allowed = 1 if len(word) < _LONG_WORD else 2
    near = text(
        "SELECT term FROM page_vocabulary WHERE (term >= :first AND term < :after) AND length(term) BETWEEN :short AND :long"
    )
    edge = {"first": word[0], "after": chr(ord(word[0]) + 1), "short": len(word) - allowed, "long": len(word) + allowed}
    terms = [row[0] for row in session.execute(near, edge)]
    found = process.extract(
        word, terms, scorer=DamerauLevenshtein.distance, score_cutoff=allowed, limit=most, processor=None
    )
    return [term for term, _, _ in found if term != word]
