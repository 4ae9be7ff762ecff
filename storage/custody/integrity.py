"""`chartroom verify`: files, tables and log against each other."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import DatabaseError
from sqlmodel import Session, col, select

from storage.custody import batches, pages
from storage.foundation import audit
from storage.foundation.database import damaged_pages
from storage.foundation.errors import BlobDamaged, BlobMissing
from storage.foundation.states import DocumentState
from storage.foundation.tables.audit import AuditEvent
from storage.foundation.tables.custody import Batch, Blob, Page, Source
from storage.foundation.tables.documents import Document
from storage.foundation.tables.versions import FiledVersion
from storage.foundation.vault import Vault


@dataclass(frozen=True, slots=True)
class Report:
    """What verify found; `problems` is empty when all agrees."""

    blobs: int
    events: int
    orphans: int
    problems: tuple[str, ...]


def verify(session: Session, vault: Vault, progress: Callable[[int, int], None] = lambda done, of: None) -> Report:
    """Check every stored file, the page account, the audit chain, and replay the log against the tables.

    Where a page of the database is damaged nothing else is checked: what is read from it is zeros.
    """
    if damaged := damaged_pages(session.connection()):
        problems = [f"the database is damaged: {what}" for what in damaged]
        return Report(0, 0, 0, (*problems, "nothing else was checked: restore the last backup into another folder"))
    problems = list(_database_problems(session))
    problems += _blob_problems(session, vault, progress)
    problems += [f"audit line {b.seq}: {b.why}" for b in audit.find_breaks(session)]
    problems += _replay(session)
    problems += _page_problems(session)
    problems += _version_problems(session)
    known = set(session.exec(select(Blob.id)))
    orphans = sum(1 for blob_id in vault.ids_on_disk() if blob_id not in known)
    events = len(session.exec(select(AuditEvent.seq)).all())
    return Report(len(known), events, orphans, tuple(problems))


def _database_problems(session: Session) -> Iterator[str]:
    """Every page of the database is read, also those that nothing else here looks at: each has a checksum of its own."""
    connection = session.connection()
    try:
        found = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA quick_check")]
    except DatabaseError:
        found = ["a page of it cannot be read"]
    yield from (f"the database is damaged: {what}" for what in found if what != "ok")
    for table, row, parent, _ in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        yield f"{table} {row}: names a {parent} that is not in the database"


def _blob_problems(session: Session, vault: Vault, progress: Callable[[int, int], None]) -> Iterator[str]:
    blobs = list(session.exec(select(Blob)))
    for done, blob in enumerate(blobs, start=1):
        try:
            vault.check(blob.id)
            vault.unwrap(blob)
        except (BlobMissing, BlobDamaged) as error:
            yield str(error)
        progress(done, len(blobs))


def _replay(session: Session) -> Iterator[str]:  # noqa: C901 - one action of the log a branch
    """States, custody and patients as the log tells them, against the tables."""
    said: dict[str, str] = {}
    patient: dict[str, int | None] = {}
    received: dict[str, tuple[str, str, str]] = {}  # by claim id: batch, content, stored file
    filed: dict[str, str] = {}
    for event in session.exec(select(AuditEvent).order_by(col(AuditEvent.seq))):
        detail = _detail(event)
        if event.action == "receive":
            received[detail.get("claim", "")] = (event.subject, detail.get("sha256", ""), detail.get("blob", ""))
        if "after" in detail and event.action not in ("correct", "confirm", "retype"):
            said[event.subject] = detail["after"]
        if "person" in detail and event.subject.startswith("document:") and not event.action.startswith("view"):
            patient[event.subject] = detail["person"]
        if detail.get("after") == DocumentState.FILED and detail.get("blob"):
            filed[event.subject] = detail["blob"]
        if event.action == "misfile":
            filed.pop(event.subject, None)
    found: dict[str, str] = {f"batch:{b.id}": b.state for b in session.exec(select(Batch))}
    for document in session.exec(select(Document)):
        subject = f"document:{document.id}"
        found[subject] = document.state
        if subject in patient and patient[subject] != document.person_id:
            yield f"{subject}: the patient is not the one in the log"
        if filed.get(subject) != document.filed_blob_id:
            yield f"{subject}: the filed copy is not the one in the log"
    for subject, state in said.items():
        if state == "forgotten":
            continue
        if found.get(subject) != state:
            yield f"{subject}: the log says {state}, the table says {found.get(subject, 'nothing')}"
    for subject in found.keys() - said.keys():
        yield f"{subject}: is in the table, not in the log"
    sources = {s.claim_id: (f"batch:{s.batch_id}", s.sha256, s.blob_id) for s in session.exec(select(Source))}
    for claim in received.keys() | sources.keys():
        said_of, kept = received.get(claim), sources.get(claim)
        if said_of != kept:
            subject = (said_of or kept or ("a file",))[0]
            yield f"{subject}: the custody receipt is not the one in the log"


def _detail(event: AuditEvent) -> dict[str, Any]:
    """What the line tells; nothing when it was changed so that it tells nothing (its chain is broken then)."""
    try:
        detail = json.loads(event.detail)
    except ValueError:
        return {}
    return detail if isinstance(detail, dict) else {}


def _page_problems(session: Session) -> Iterator[str]:
    for batch in session.exec(select(Batch)):
        if not pages.ledger(session, batch.id).balances:
            yield f"batch:{batch.id}: pages do not add up"
        yield from _file_problems(session, batch)


def _version_problems(session: Session) -> Iterator[str]:
    """Whether every filed document has its version, each version its sealed file and its number in the log, and every page of it
    is still there."""
    filed = {
        (event.subject, detail["filed_version"]): detail["blob"]
        for event in session.exec(select(AuditEvent).where(col(AuditEvent.detail).contains("filed_version")))
        if (detail := _detail(event)).get("after") == DocumentState.FILED and detail.get("blob")
    }
    there = set(session.exec(select(Page.id)))
    rows = {row.id: row for row in session.exec(select(FiledVersion).order_by(col(FiledVersion.id)))}
    numbers: dict[int, int] = {}
    for row in rows.values():
        subject = f"document:{row.document_id}"
        numbers[row.document_id] = numbers.get(row.document_id, 0) + 1
        if row.number != numbers[row.document_id]:
            yield f"{subject}: version {numbers[row.document_id]} is missing"
        if filed.get((subject, row.number), row.blob_id) != row.blob_id:
            yield f"{subject}: version {row.number} is not the one in the log"
        if any(page["page"] not in there for page in row.pages):
            yield f"{subject}: a page of version {row.number} is missing"
    for document in session.exec(select(Document)):
        version = rows.get(document.filed_version_id or 0)
        is_filed = document.state == DocumentState.FILED
        if is_filed and version is None:
            yield f"document:{document.id}: is filed, and has no version"
        if version is not None and (version.document_id, version.blob_id) != (document.id, document.filed_blob_id):
            yield f"document:{document.id}: the version in the chart is another one"


def _file_problems(session: Session, batch: Batch) -> Iterator[str]:
    """Whether the pages of a batch are those of its files, each in its place."""
    places = {
        (file.claim_id, (file.first_number or 0) + at): at + 1
        for file, _ in batches.files_of(session, batch.id)
        for at in range(file.pages_found or 0)
    }
    found = {(row.claim_id, row.number): row.file_page for row in pages.pages_of_batch(session, batch.id)}
    if places != found:
        yield f"batch:{batch.id}: its pages are not those of its files"
