"""Full-text search over filed pages (FTS5 inside the encrypted database)."""

import re
from dataclasses import dataclass

from sqlalchemy import text
from sqlmodel import Session, col, select

from storage import audit, pages, viewing
from storage.permissions import Action, Actor, check_can
from storage.tables import Document, Person


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
        if reading is not None and reading.words:
            session.execute(
                text("INSERT INTO page_text (words, document_id, position) VALUES (:words, :document, :position)"),
                {"words": reading.text, "document": document_id, "position": position},
            )


def forget_document(session: Session, document_id: int) -> None:
    """Take a document out of the index."""
    session.execute(text("DELETE FROM page_text WHERE document_id = :document"), {"document": document_id})


def find_pages(session: Session, words: str, actor: Actor, limit: int = 50) -> list[Hit]:
    """Filed pages that hold all these words (prefixes count), best first. The search is audited."""
    check_can(actor, Action.SEARCH)
    query = _match_expression(words)
    rows = (
        session.execute(
            text(
                "SELECT document_id, position, snippet(page_text, 0, '[', ']', ' … ', 12) FROM page_text "
                "WHERE page_text MATCH :query ORDER BY rank LIMIT :limit"
            ),
            {"query": query, "limit": limit},
        ).all()
        if query
        else []
    )
    ids = [row[0] for row in rows]
    found = {
        document.id: (document, person)
        for document, person in session.exec(
            select(Document, Person).where(Document.person_id == Person.id, col(Document.id).in_(ids))
        )
        if viewing.may_open(document, actor)  # what a person may not open is not shown in part either
    }
    rows = [row for row in rows if row[0] in found]
    audit.record(
        session,
        actor,
        "search",
        "filed-pages",
        query=session.info["keys"].blind_hash(words.casefold()),
        hits=len(rows),
        documents=sorted({document_id for document_id, _, _ in rows}),
    )
    return [
        Hit(
            document_id=document_id,
            page=position,
            type_code=found[document_id][0].type_code,
            mrn=found[document_id][1].mrn,
            patient=f"{found[document_id][1].family}, {found[document_id][1].given}",
            service_date=found[document_id][0].service_date,
            snippet=" ".join(snippet.split()),
        )
        for document_id, position, snippet in rows
        if document_id in found
    ]


def _match_expression(words: str) -> str:
    """Every word as a quoted prefix, so that nothing a person types is query syntax."""
    return " ".join(f'"{word}"*' for word in re.findall(r"\w+", words)[:12])
