"""Records for storage tests: received files, indexed documents, a roster."""

import hashlib
from functools import cache

from sqlmodel import Session, select

from classify.guess import (
    Decision,
    DocumentGuess,
    Evidence,
    FieldValue,
    FileGuess,
    PatientCandidate,
    PatientMatch,
    TypeGuess,
)
from ocr import searchable
from ocr.imaging import to_jpeg
from ocr.page import Box, Word
from ocr.sheetprint import make_print
from storage.custody import batches, pages, receiving
from storage.custody.receiving import Receipt
from storage.documents import filing, indexing, leases, moves
from storage.foundation.home import Home
from storage.foundation.permissions import MACHINE, Actor, Role
from storage.foundation.tables.custody import Batch, Source
from storage.foundation.tables.roster import Person
from storage.roster.messages import Loaded, Number, PersonUpdate, Registration, VisitUpdate
from storage.roster.registering import RosterUpdate
from storage.roster.rows import as_record
from tests.given.paper import LINES, printed, typed

TESS = Actor("tess", Role.TECHNICIAN)
UMA = Actor("uma", Role.TECHNICIAN)
SAM = Actor("sam", Role.SUPERVISOR)
OLGA = Actor("olga", Role.OPERATOR)

AGREES = tuple(Evidence(name, "exact", 8.0, f"{name} the same", confirms=True) for name in ("mrn", "given", "family"))


def receive(home: Home, content: bytes, claim_id: str = "", name: bytes = b"scan.tif") -> int:
    """A file whose bytes are safe; gives the batch id."""
    sha = hashlib.sha256(content).hexdigest()
    sealed = home.vault.seal_bytes("source", content)
    receipt = Receipt(claim_id or f"claim-{sha[:12]}", name, "/hot", len(content), sha)
    with home.writing() as session:
        return receiving.receive(session, home.vault, sealed, receipt)


def source_of(session: Session, batch_id: int) -> Source:
    """The custody receipt of a batch of one file."""
    ((_, source),) = batches.files_of(session, batch_id)
    return source


def add_person(home: Home, mrn: str = "00123456", family: str = "Rivera", given: str = "Ana", **more: object) -> int:
    """Somebody on the roster, with one encounter."""
    with home.writing() as session:
        said = PersonUpdate(numbers=(Number(mrn),), family=family, given=given, **more)  # type: ignore[arg-type]
        RosterUpdate(session, MACHINE, Loaded()).enter([("", Registration(said, VisitUpdate(f"V{mrn}")))])
        return session.exec(select(Person.id).where(Person.mrn == mrn)).one() or 0


def read_and_index(home: Home, batch_id: int, texts: list[str], person_id: int | None = None) -> list[int]:
    """The batch with these pages read and made one document; gives the document ids."""
    with home.writing() as session:
        batch = session.get_one(Batch, batch_id)
        pages.expect_pages(session, batch, [len(texts)])
        for number, text in enumerate(texts, start=1):
            page = typed(text, number)
            seen, filed = pictures(tuple(LINES), page.words)
            view = home.vault.seal_bytes("view", seen + bytes([number]))
            pdf = home.vault.seal_bytes("page", filed)
            key = pages.keep_reading(session, home.vault, f"{batch_id}-{number}", page, view, pdf, make_print(page))
            pages.note_reading(session, batch_id, page, key)
        batches.advance(session, batch_id, "read")
    with home.writing() as session:
        made = indexing.enter_guess(
            session, session.get_one(Batch, batch_id), FileGuess((_guess(session, len(texts), person_id),))
        )
        batches.advance(session, batch_id, "index")
        return made


@cache
def pictures(lines: tuple[str, ...], words: tuple[Word, ...]) -> tuple[bytes, bytes]:
    """A page with these lines as the vault keeps it: the picture for the screen, and the PDF in which the words lie."""
    picture = printed(list(lines))
    return to_jpeg(picture, 60), searchable.make_page(picture, words, width=picture.shape[1], dpi=200)


def verify_and_file(home: Home, document_id: int, actor: Actor = TESS) -> None:
    """The document verified by this person and filed at once."""
    with home.writing() as session:
        leases.claim(session, document_id, actor)
        moves.move(session, document_id, "approve", actor, override_mismatch=True, reason="a test")
        filing.file_document(session, home.vault, document_id)


def _guess(session: object, count: int, person_id: int | None) -> DocumentGuess:
    match = PatientMatch(Decision.NONE)
    if person_id is not None:
        person = as_record(session.get_one(Person, person_id))  # type: ignore[attr-defined]
        match = PatientMatch(Decision.LINKED, (PatientCandidate(person, 0.999, AGREES),))
    fields = (
        FieldValue("name", "RIVERA, ANA", "Rivera, Ana", 0.95, 1, Box(10, 10, 200, 40), "label"),
        FieldValue("mrn", "00123456", "00123456", 0.6, 1, Box(10, 60, 200, 90), "label"),
    )
    return DocumentGuess(tuple(range(1, count + 1)), TypeGuess("PROGRESS_NOTE", 0.9), fields, match)
