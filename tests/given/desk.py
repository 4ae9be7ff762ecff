"""A data home with documents to verify, made without OCR: typed pages, indexed as the machine does it, with images."""

from sqlmodel import Session

from classify.guess import DocumentGuess
from classify.index import index_file, index_pages
from classify.profile import Profile
from ocr import searchable
from ocr.imaging import to_jpeg, turned
from ocr.page import Box, OcrPage, PageOutcome, Word
from ocr.sheetprint import make_print
from storage.custody import batches, pages
from storage.documents import indexing
from storage.foundation.home import Home
from storage.foundation.tables.custody import Batch
from storage.roster.lookup import StoredRoster
from tests.given.paper import printed, saved
from tests.given.records import pictures, receive

_LEFT, _TOP, _LINE, _LETTER = 120, 200, 90, 30


def note(mrn: str, name: str, born: str, *lines: str, kind: str = "PROGRESS NOTE") -> str:
    """The text of a page that says whose it is."""
    return "\n".join((kind, f"Patient Name: {name}", f"MRN: {mrn}", f"DOB: {born}", *lines))


def read_page(text: str, number: int) -> OcrPage:
    """A page of 1700 by 2200 pixels on which these lines were read, where `printed` draws them, more or less."""
    words = []
    for row, line in enumerate(text.splitlines()):
        at = 0
        for part in line.split(" "):
            left = _LEFT + at * _LETTER
            top = _TOP + row * _LINE
            box = Box(left, top - 50, left + len(part) * _LETTER, top + 10)
            words.append(Word(part, box, 0.97, row))
            at += len(part) + 1
    return OcrPage(number, PageOutcome.OK if words else PageOutcome.BLANK, 1700, 2200, 200, words=tuple(words))


def put(home: Home, texts: list[str], name: str) -> list[int]:
    """A scan of these pages, taken in, read and indexed; gives its documents."""
    batch_id = receive(home, name.encode() + "\n".join(texts).encode(), name=name.encode())
    read = [read_page(text, number) for number, text in enumerate(texts, start=1)]
    drawn = [pictures(tuple(text.splitlines()), page.words) for page, text in zip(read, texts, strict=True)]
    return _enter(home, batch_id, read, drawn)


def put_upside_down(home: Home, texts: list[str], number: int, name: str) -> list[int]:
    """A real scan of these pages, of which one lies on its head and was read so: marks, and not a word."""
    drawn = [turned(printed(text.splitlines()), 180 * (at == number)) for at, text in enumerate(texts, start=1)]
    batch_id = receive(home, saved(drawn, "TIFF"), claim_id=name, name=f"{name}.tif".encode())
    read = [read_page(text, at) for at, text in enumerate(texts, start=1)]
    read[number - 1] = OcrPage(number, PageOutcome.UNREADABLE, 1700, 2200, 200, reason="Marks, but no words.")
    made = [
        (to_jpeg(picture, 60), searchable.make_page(picture, page.words, width=1700, dpi=200))
        for picture, page in zip(drawn, read, strict=True)
    ]
    return _enter(home, batch_id, read, made)


def _enter(home: Home, batch_id: int, read: list[OcrPage], drawn: list[tuple[bytes, bytes]]) -> list[int]:
    with home.writing() as session:
        batch = session.get_one(Batch, batch_id)
        pages.expect_pages(session, batch, [len(read)])
        for page, (seen, filed) in zip(read, drawn, strict=True):
            view = home.vault.seal_bytes("view", seen)
            pdf = home.vault.seal_bytes("page", filed)
            key = pages.keep_reading(
                session, home.vault, f"{batch_id}-{page.number}", page, view, pdf, make_print(page)
            )
            pages.note_reading(session, batch_id, page, key)
        batches.advance(session, batch_id, "read")
        made = indexing.enter_guess(session, batch, index_file(read, StoredRoster(session), Profile()))
        batches.advance(session, batch_id, "index")
    return made


def understand(session: Session, read: list[OcrPage]) -> DocumentGuess:
    """What the machine makes of pages that are one document."""
    return index_pages(read, StoredRoster(session), Profile())
