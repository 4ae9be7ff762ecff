"""Looking: sources, documents, pages, search, verify, open. Imports stay inside: a command pays for what it uses."""

from pathlib import Path
from typing import Any

from ingest.commands.opening import Echo, opened_home, operator


def sources() -> list[dict[str, Any]]:
    """Every dropped file."""
    from storage.custody import batches

    with opened_home() as (_, home), home.reading() as session:
        return batches.list_sources(session)


def list_documents() -> list[dict[str, Any]]:
    """Every document. It holds chart data, so that the listing is written into the audit log."""
    from storage.documents import listing
    from storage.foundation import audit
    from storage.foundation.actions import AuditAction

    with opened_home() as (_, home):
        with home.reading() as session:
            rows = listing.list_documents(session)
        with home.writing() as session:
            audit.record(session, operator(), AuditAction.LIST_DOCUMENTS, "documents", documents=len(rows))
    return rows


def list_pages() -> list[dict[str, Any]]:
    """Every page."""
    from storage.custody import pages

    with opened_home() as (_, home), home.reading() as session:
        return pages.list_pages(session)


def search(words: str) -> list[dict[str, Any]]:
    """Filed pages that hold these words."""
    from storage.documents.search import find_pages

    with opened_home() as (_, home), home.writing() as session:
        return [
            {
                "document": hit.document_id,
                "page": hit.page,
                "type": hit.type_code,
                "mrn": hit.mrn,
                "patient": hit.patient,
                "date": hit.service_date,
                "snippet": hit.snippet,
            }
            for hit in find_pages(session, words, operator())
        ]


def verify(echo: Echo) -> int:
    """Check everything; 1 when anything does not agree."""
    from storage.custody.integrity import verify as check

    with opened_home() as (_, home), home.reading() as session:
        report = check(session, home.vault)
    for problem in report.problems:
        echo(f"PROBLEM  {problem}")
    echo(f"{report.blobs} stored files, {report.events} audit lines, {len(report.problems)} problems.")
    if report.orphans:
        echo(f"{report.orphans} stored files belong to no record (left by an interrupted intake; harmless).")
    return 1 if report.problems else 0


def write_filed_pdf(document: int, out: Path, echo: Echo) -> None:
    """The filed PDF as a file."""
    from storage.documents.filing import filed_pdf

    with opened_home() as (_, home), home.writing() as session:
        out.write_bytes(filed_pdf(session, home.vault, document, operator()))
    echo(f"Wrote {out}. It holds patient data: keep it where only you can read it.")
