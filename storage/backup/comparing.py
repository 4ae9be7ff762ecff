"""A restored home beside the one that it was backed up from, which went on working meanwhile."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from sqlmodel import Session, SQLModel, col, select

from storage.foundation.errors import BlobDamaged, BlobMissing
from storage.foundation.home import Home
from storage.foundation.tables.audit import AuditEvent
from storage.foundation.tables.custody import Blob, Page
from storage.foundation.tables.documents import Document

_OF_LINE = ("seq", "at", "actor", "role", "action", "subject", "outcome", "detail", "previous", "mac")
_OF_DOCUMENT = (
    "batch_id",
    "state",
    "type_code",
    "person_id",
    "encounter_id",
    "filed_blob_id",
    "filed_version_id",
    "service_date",
    "version",
)
_OF_PAGE = ("batch_id", "number", "disposition", "document_id", "position", "reading_id", "turn")
"""What is compared. Who has a document on the desk just now, and until when, changes without a line of the log."""

_PORTION = 1000


@dataclass(slots=True)
class Compared:
    """How many were compared; `changed`: documents and pages that were worked on since, as the log of the home tells."""

    documents: int = 0
    pages: int = 0
    lines: int = 0
    changed: int = 0
    problems: list[str] = field(default_factory=list)


def compare(restored: Home, home: Home) -> Compared:
    """Every audit line must be in the home as it was; every document and page too, or a later line of its log says why not."""
    compared = Compared()
    with restored.reading() as old, home.reading() as now:
        _compare_lines(old, now, compared)
        touched = set(now.exec(select(AuditEvent.subject).where(AuditEvent.seq > compared.lines)))
        for row, same in _pairs(old, now, Document, _OF_DOCUMENT):
            compared.documents += 1
            subjects = {f"document:{row.id}", f"batch:{row.batch_id}"}
            _judge(
                compared,
                f"document {row.id}",
                is_same=_is_same(row, same, _OF_DOCUMENT),
                is_told=bool(subjects & touched),
            )
        for row, same in _pairs(old, now, Page, _OF_PAGE):
            compared.pages += 1
            documents = {f"document:{page.document_id}" for page in (row, same) if page is not None}
            is_told = row.document_id is None or bool((documents | {f"batch:{row.batch_id}"}) & touched)
            _judge(compared, f"page {row.id}", is_same=_is_same(row, same, _OF_PAGE), is_told=is_told)
    return compared


def read_all(restored: Home, progress: Callable[[int, int], None]) -> list[str]:
    """Decrypt every stored file of a restored home; a sentence for each that does not open."""
    problems = []
    with restored.reading() as session:
        ids = list(session.exec(select(Blob.id)))
        for number, blob_id in enumerate(ids, start=1):
            try:
                restored.vault.read(session.get_one(Blob, blob_id))
            except (BlobMissing, BlobDamaged) as error:
                problems.append(str(error))
            progress(number, len(ids))
    return problems


def _compare_lines(old: Session, now: Session, compared: Compared) -> None:
    for row, same in _pairs(old, now, AuditEvent, _OF_LINE):
        compared.lines += 1
        if same is None:
            compared.problems.append(f"audit line {row.seq}: is in the backup and no more in the home")
        elif not _is_same(row, same, _OF_LINE):
            compared.problems.append(f"audit line {row.seq}: is not the one in the home")


def _judge(compared: Compared, what: str, *, is_same: bool, is_told: bool) -> None:
    if is_same:
        return
    if is_told:
        compared.changed += 1
    else:
        compared.problems.append(f"{what}: is not the one in the home, and its audit log tells of no change")


def _is_same(row: SQLModel, other: SQLModel | None, names: tuple[str, ...]) -> bool:
    return other is not None and all(getattr(row, name) == getattr(other, name) for name in names)


def _pairs(old: Session, now: Session, table: type, names: tuple[str, ...]) -> Iterator[tuple]:  # type: ignore[type-arg]
    """Every row of the old table with the one of the same key in the new, None where it is gone; by key, a portion in memory."""
    key = next(iter(table.__table__.primary_key)).name  # type: ignore[attr-defined]
    column, last = getattr(table, key), 0
    columns = [getattr(table, name) for name in dict.fromkeys((key, *names))]
    while rows := old.exec(select(*columns).where(col(column) > last).order_by(column).limit(_PORTION)).all():
        first, last = getattr(rows[0], key), getattr(rows[-1], key)
        found = now.exec(select(*columns).where(col(column) >= first, col(column) <= last)).all()
        beside = {getattr(row, key): row for row in found}
        yield from ((row, beside.get(getattr(row, key))) for row in rows)
