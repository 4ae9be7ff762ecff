"""Looking: sources, documents, pages, duplicates, search, verify, open. Imports stay inside: a command pays for what it uses."""

import os
import sys
from pathlib import Path

import click

from ingest.cli.given import ROW
from ingest.cli.opening import opened_home, shell_actor
from ingest.cli.output import as_json_option, note, print_rows


@click.command()
@as_json_option
def sources(as_json: bool) -> None:
    """Every dropped file and what became of it, refused ones too."""
    from storage.custody import batches

    with opened_home() as (_, home), home.reading() as session:
        rows = batches.list_sources(session)
    print_rows(rows, as_json, ("id", "name", "state", "pages", "flags", "reason"))


@click.command()
@click.option("--all", "voided", is_flag=True, help="List voided documents too: their state says so.")
@as_json_option
def documents(voided: bool, as_json: bool) -> None:
    """Every document: pages, type, patient, fields. Voided are those that a split or rescan left without pages, and copies."""
    from storage.documents import listing
    from storage.foundation import audit
    from storage.foundation.actions import AuditAction

    with opened_home() as (_, home):
        with home.reading() as session:
            rows = listing.list_documents(session, voided=voided)
            left_out = 0 if voided else listing.count_voided(session)
        with home.writing() as session:  # the listing holds chart data
            audit.record(session, shell_actor(), AuditAction.LIST_DOCUMENTS, "documents", documents=len(rows))
    if not as_json:
        rows = [
            {**r, "type": r["type"]["code"], "mrn": r["patient"]["mrn"], "decision": r["patient"]["decision"]}
            for r in rows
        ]
    print_rows(rows, as_json, ("id", "source", "pages", "state", "type", "mrn", "decision"))
    if left_out and not as_json:
        note(f"Voided and not listed: {left_out} (--all lists them too).")


@click.command()
@as_json_option
def pages(as_json: bool) -> None:
    """Every page and where it is."""
    from storage.custody import pages as account

    with opened_home() as (_, home), home.reading() as session:
        rows = account.list_pages(session)
    print_rows(rows, as_json, ("source", "page", "disposition", "outcome", "rotation", "words", "document"))


@click.command()
@click.option("--decided", is_flag=True, help="Those about which a person has decided, newest first.")
@click.option("--prints", is_flag=True, help="First make the prints of pages that were read before schema 0016.")
@as_json_option
def duplicates(decided: bool, prints: bool, as_json: bool) -> None:
    """Documents whose sheets came before, as another document: scanned twice, faxed again, copied and scanned.

    A person decides about each, on the screen *Exceptions*. Files with the same bytes are in `chartroom sources`.

    \b
    Example:
      chartroom duplicates --json
    """
    from storage.custody import sheets
    from storage.documents import repeats

    with opened_home() as (_, home):
        last: str | None = "" if prints else None
        while last is not None:
            with home.writing() as session:
                last = sheets.make_missing(session, home.vault, after=last)
        with home.reading() as session:
            rows = [
                {
                    "id": row.id,
                    "document": row.document_id,
                    "document_state": row.document_state,
                    "source": row.file,
                    "earlier": row.earlier_id,
                    "earlier_state": row.earlier_state,
                    "earlier_source": row.earlier_file,
                    "pages": row.pages,
                    "probability": row.probability,
                    "decision": row.state,
                    "decided_by": row.answered_by,
                    "found_at": row.found_at.isoformat(timespec="seconds"),
                }
                for row in repeats.listed(session, shell_actor(), decided=decided)
            ]
    none = "Nothing was decided yet." if decided else "No document repeats an earlier one."
    print_rows(rows, as_json, ("id", "document", "earlier", "pages", "probability", "decision"), none=none)


@click.command()
@click.argument("words", nargs=-1, required=True)
@as_json_option
def search(words: tuple[str, ...], as_json: bool) -> None:
    """Filed pages that hold all WORDS."""
    from storage.documents.search import find_pages
    from storage.foundation.clock import show_day

    with opened_home() as (_, home), home.writing() as session:
        rows = [
            {
                "document": hit.document_id,
                "page": hit.page,
                "type": hit.type_code,
                "mrn": hit.mrn,
                "patient": hit.patient,
                "date": hit.service_date if as_json else show_day(hit.service_date),
                "snippet": hit.snippet,
            }
            for hit in find_pages(session, " ".join(words), shell_actor())
        ]
    print_rows(rows, as_json, ("document", "page", "type", "mrn", "date", "snippet"), none="Nothing found.")


@click.command()
def verify() -> None:
    """Check every stored file, the page account, and the audit log against the tables."""
    from storage.custody.integrity import verify as check

    with opened_home() as (_, home), home.reading() as session:
        report = check(session, home.vault)
    for problem in report.problems:
        click.echo(f"PROBLEM  {problem}")
    click.echo(f"{report.blobs} stored files, {report.events} audit lines, {len(report.problems)} problems.")
    if report.orphans:
        click.echo(f"{report.orphans} stored files belong to no record (left by an interrupted intake; harmless).")
    if report.problems:
        sys.exit(1)


@click.command("open")
@click.argument("document", type=ROW)
@click.option("--out", type=click.Path(path_type=Path), help="Where to write the PDF [default: document-N.pdf].")
def open_filed(document: int, out: Path | None) -> None:
    """Write the filed PDF of a document to a file (the view is audited)."""
    from storage.documents.filing import filed_pdf

    out = out or Path(f"document-{document}.pdf")
    with opened_home() as (_, home), home.writing() as session:
        pdf = filed_pdf(session, home.vault, document, shell_actor())
        with open(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:  # noqa: PTH123 - born private
            os.fchmod(file.fileno(), 0o600)  # also one that was there
            file.write(pdf)
    note(f"Wrote {out}. It holds patient data: keep it where only you can read it.")
