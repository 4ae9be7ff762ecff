"""Pages: one row a side of paper, from the count to the chart, and the readings behind them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, TypeVar

from sqlmodel import Session, col, insert, or_, select, update

from ocr.page import KEPT, OcrPage
from storage.custody import prints
from storage.custody.batches import files_of, shown_name
from storage.foundation.states import Disposition, DocumentState
from storage.foundation.tables.custody import Batch, Page, Reading, Source
from storage.foundation.tables.documents import Document
from storage.foundation.vault import Sealed, Vault

if TYPE_CHECKING:
    from ocr.sheetprint import SheetPrint

T = TypeVar("T")

FILED_STATES = (DocumentState.FILED,)
APPROVED_STATES = (DocumentState.VERIFIED, DocumentState.TO_QC, *FILED_STATES)


@dataclass(frozen=True, slots=True)
class Ledger:
    """Where the pages of a batch, or of all batches, are. The parts always add up to `found`."""

    found: int
    filed: int
    to_verify: int
    blank: int
    separator: int
    held: int
    refused: int
    waiting: int

    def __str__(self) -> str:
        return (
            f"{self.found} in = {self.filed} filed + {self.to_verify} to verify + {self.blank} blank"
            f" + {self.separator} separators + {self.held} held + {self.refused} refused"
            + (f" + {self.waiting} not read yet" if self.waiting else "")
            + ("" if self.balances else "   DOES NOT ADD UP")
        )

    @property
    def balances(self) -> bool:
        """Pages in = filed + to verify + blank + separator + held + refused (+ not read yet)."""
        return self.found == sum(
            (self.filed, self.to_verify, self.blank, self.separator, self.held, self.refused, self.waiting)
        )


def expect_pages(session: Session, batch: Batch, counts: Sequence[int], disposition: str = Disposition.WAITING) -> None:
    """Give every page of a batch its row, so that none can be forgotten: how many each of its files has, in order. Repeating is
    harmless."""
    known = set(session.exec(select(Page.number).where(Page.batch_id == batch.id)))
    rows, before = list[dict[str, object]](), 0
    for (file, _), count in zip(files_of(session, _id(batch)), counts, strict=True):
        file.pages_found, file.first_number = count, before + 1
        session.add(file)
        rows += [
            {
                "batch_id": _id(batch),
                "number": before + page,
                "disposition": disposition,
                "claim_id": file.claim_id,
                "file_page": page,
            }
            for page in range(1, count + 1)
            if before + page not in known
        ]
        before += count
    batch.pages_found = before
    session.add(batch)
    session.flush()
    if rows:
        session.execute(insert(Page), rows)


def keep_reading(
    session: Session, vault: Vault, key: str, page: OcrPage, view: Sealed | None, pdf: Sealed | None,
    sheet: "SheetPrint | None" = None,
) -> str:  # fmt: skip
    """Keep what was read of a page image, with its print, under image and recipe; gives the reading's id."""
    if session.get(Reading, key) is None:
        session.add(
            Reading(
                id=key,
                data=page.to_bytes(),
                view_blob_id=vault.enter(session, view) if view else None,
                pdf_blob_id=vault.enter(session, pdf) if pdf else None,
            )
        )
        session.flush()
        if sheet is not None:
            prints.keep_print(session, key, sheet)
    return key


def note_reading(session: Session, batch_id: int, page: OcrPage, reading_id: str | None) -> None:
    """Write a page's outcome into its row."""
    row = session.exec(select(Page).where(Page.batch_id == batch_id, Page.number == page.number)).one()
    row.outcome = page.outcome
    row.reading_id = reading_id
    row.rotation = page.rotation
    row.skew_degrees = page.skew_degrees
    row.dpi = page.dpi
    row.words = len(page.words)
    row.mean_confidence = page.mean_confidence
    row.ink_share = page.ink_share
    row.reason = page.reason or None
    session.add(row)


def unread(session: Session, batch_id: int) -> list[int]:
    """Numbers of the pages of a batch that have no outcome yet."""
    return list(
        session.exec(
            select(Page.number).where(Page.batch_id == batch_id, Page.outcome == "waiting").order_by(col(Page.number))
        )
    )


def forget_failures(session: Session, batch_id: int) -> None:
    """Let the pages of a batch that is tried again be read anew; what was read well stays."""
    session.exec(
        update(Page)
        .where(col(Page.batch_id) == batch_id, col(Page.outcome).not_in(sorted(KEPT)))
        .values(outcome="waiting", reason=None)
    )
    place(session, batch_id, Disposition.WAITING)


def place(session: Session, batch_id: int, disposition: str, numbers: Iterable[int] | None = None) -> None:
    """Put pages of a batch that are in no document where they are now: these numbers, or all."""
    row = update(Page).where(col(Page.batch_id) == batch_id, col(Page.document_id).is_(None))
    if numbers is None:
        session.exec(row.values(disposition=disposition))
    else:
        for some in batched(sorted(numbers)):
            session.exec(row.where(col(Page.number).in_(some)).values(disposition=disposition))


def batched(values: Sequence[T], size: int = 500) -> Iterator[Sequence[T]]:
    """Values in portions, by default such as a statement takes as its arguments."""
    return (values[at : at + size] for at in range(0, len(values), size))


def pages_of_batch(session: Session, batch_id: int) -> list[Page]:
    """The page rows of a batch in paper order."""
    return list(session.exec(select(Page).where(Page.batch_id == batch_id).order_by(col(Page.number))))


def pages_of_document(session: Session, document_id: int) -> list[Page]:
    """The page rows of a document in reading order."""
    return list(
        session.exec(select(Page).where(Page.document_id == document_id).order_by(col(Page.position), col(Page.number)))
    )


def label_of(session: Session, document: Document, page: Page) -> int:
    """The number by which a document's values and flags name a page: its number in the original scan. A rescanned page keeps
    the number of the page it replaces; any other page of a later scan gets 10,000 + its number."""
    if page.batch_id == document.batch_id:
        return page.number
    replaced = session.get(Page, page.replaces_id) if page.replaces_id else None
    return replaced.number if replaced else 10_000 + page.number


def shown_turn(page: Page) -> int:
    """Degrees clockwise by which the picture of a page is turned to be shown: none when it was read as it was turned."""
    return (page.turn - page.read_turn) % 360


def waits_to_be_read(page: Page) -> bool:
    """Whether a page was turned and is still to be read that way. Of a page without a picture there is nothing to read."""
    return page.reading_id is not None and page.turn not in (page.read_turn, page.unread_turn)


_OPEN_STATES = tuple(
    s for s in DocumentState if s not in (*APPROVED_STATES, DocumentState.VOIDED, DocumentState.MISFILED)
)


def turned_unread(session: Session, limit: int, document_id: int | None = None) -> list[Page]:
    """Pages of documents not approved yet, or of one, that were turned and wait to be read that way."""
    query = (
        select(Page)
        .join(Document, col(Document.id) == Page.document_id)
        .where(
            Page.turn != Page.read_turn,
            or_(col(Page.unread_turn).is_(None), Page.turn != Page.unread_turn),
            col(Page.reading_id).is_not(None),
            col(Document.state).in_(_OPEN_STATES),
        )
        .order_by(col(Page.id))
        .limit(limit)
    )
    return list(session.exec(query if document_id is None else query.where(Page.document_id == document_id)))


def reading_of(session: Session, page: Page) -> OcrPage | None:
    """What was read on a page, or None when nothing could be."""
    reading = session.get(Reading, page.reading_id) if page.reading_id else None
    return replace(OcrPage.from_bytes(reading.data), number=page.number) if reading else None


def kept_reading(session: Session, reading_id: str | None) -> OcrPage | None:
    """What was read under this id, whichever reading of its page counts now; None when nothing could be."""
    reading = session.get(Reading, reading_id) if reading_id else None
    return OcrPage.from_bytes(reading.data) if reading else None


def ledger(session: Session, batch_id: int | None = None) -> Ledger:
    """The page account of a batch, or of everything."""
    query = select(Page.disposition, Document.state).join(Document, col(Document.id) == Page.document_id, isouter=True)
    batches = select(Batch.pages_found).where(col(Batch.pages_found).is_not(None))
    if batch_id is not None:
        query, batches = query.where(Page.batch_id == batch_id), batches.where(Batch.id == batch_id)
    counts: dict[str, int] = {}
    for disposition, state in session.exec(query):
        name = _shown_disposition(disposition, state)
        counts[name] = counts.get(name, 0) + 1
    parts = {part.name: counts.get(part.name, 0) for part in fields(Ledger) if part.name != "found"}
    return Ledger(sum(n or 0 for n in session.exec(batches)), **parts)


def list_pages(session: Session) -> list[dict[str, Any]]:
    """One record for each page: the `pages --json` contract."""
    query = (
        select(Page, Source.name, Document.state)
        .join(Source, col(Source.claim_id) == Page.claim_id)
        .join(Document, col(Document.id) == Page.document_id, isouter=True)
        .order_by(col(Page.batch_id), col(Page.number))
    )
    return [
        {
            "source": shown_name(name),
            "source_id": page.batch_id,
            "page": page.number,
            "file_page": page.file_page,
            "disposition": _shown_disposition(page.disposition, state),
            "outcome": page.outcome,
            "rotation": page.rotation,
            "skew_degrees": round(page.skew_degrees, 2),
            "dpi": page.dpi,
            "words": page.words,
            "mean_confidence": round(page.mean_confidence, 4),
            "ink_share": round(page.ink_share, 6),
            "seen_by": page.seen_by,
            "document": page.document_id,
            "reason": page.reason,
        }
        for page, name, state in session.exec(query)
    ]


def _shown_disposition(disposition: str, document_state: str | None) -> str:
    if disposition != Disposition.DOCUMENT:
        return disposition
    if document_state == DocumentState.VOIDED:
        return Disposition.REFUSED
    return DocumentState.FILED if document_state in FILED_STATES else DocumentState.TO_VERIFY


def _id(batch: Batch) -> int:
    return batch.id
