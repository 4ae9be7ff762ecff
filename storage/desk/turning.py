"""The reading of a page that was turned: which one counts, and where on it stands what a person entered."""

from sqlmodel import Session, col, select

from ocr.page import FINE, Box, OcrPage
from storage.custody import pages
from storage.foundation.tables.custody import Page, Reading
from storage.foundation.tables.documents import Document, FieldRow

_AS_GOOD = 0.5
"""Share of what a page surely said before that it still says where the new direction is right. Of a drawn page of print nothing
is surely read on its side or its head (measured); the other half leaves room for a page that is half print, half label."""


def reading_id_of(row: Page, turn: int) -> str:
    """The id of the reading of a page in a turn: that of its first reading, and the turn where there is one."""
    first, _, _ = (row.reading_id or "").partition(_TURNED)
    return f"{first}{_TURNED}{turn}" if turn else first


_TURNED = "-turn"


def take_kept(session: Session, row: Page, *, is_undo: bool = False) -> bool:
    """Let the reading of a page count that was made in its turn before; False where none was, or it says less.

    What is undone counts again whatever it says.
    """
    if row.turn == row.read_turn or row.reading_id is None:
        return False
    kept = session.get(Reading, reading_id_of(row, row.turn))
    if kept is None:
        return False
    return switch(session, row, kept.id, is_undo=is_undo)


def switch(session: Session, row: Page, reading_id: str, *, is_undo: bool = False) -> bool:
    """Let a reading of a page in its turn count; where it says less than the one before, that one stays, and False."""
    before = pages.reading_of(session, row)
    after = OcrPage.from_bytes(session.get_one(Reading, reading_id).data)
    if before is not None and not is_undo and _says_less(before, after):
        row.unread_turn = row.turn
        session.add(row)
        return False
    by = (row.turn - row.read_turn) % 360
    pages.note_reading(session, row.batch_id, after, reading_id)
    row.read_turn, row.unread_turn = row.turn, None
    session.add(row)
    if before is not None:
        _turn_entered(session, row, by, before, after)
    return True


def _says_less(before: OcrPage, after: OcrPage) -> bool:
    is_worse = after.outcome not in FINE and after.outcome is not before.outcome
    return is_worse or surely_read(after) < _AS_GOOD * surely_read(before)


def surely_read(page: OcrPage) -> float:
    """How much of a page was surely read upright: letters in words, weighted by the square of their confidence."""
    upright = (word for word in page.words if not word.turn and sum(c.isalnum() for c in word.text) > 1)
    return sum(len(word.text) * word.confidence**2 for word in upright)


def _turn_entered(session: Session, row: Page, by: int, before: OcrPage, after: OcrPage) -> None:
    """The boxes of what people entered go along with the page."""
    if row.document_id is None or not before.width or not after.width:
        return
    document = session.get_one(Document, row.document_id)
    entered = select(FieldRow).where(
        FieldRow.document_id == document.id,
        FieldRow.page == pages.label_of(session, document, row),
        col(FieldRow.source).like("person:%"),
    )
    for value in session.exec(entered):
        if value.box:
            value.box = list(_turned(Box(*value.box), by, before, after))
            session.add(value)


def _turned(box: Box, by: int, before: OcrPage, after: OcrPage) -> Box:
    """A box of the page as it was read before on the page as it is read now, which may be straightened another way."""
    left, top, right, bottom = box.turned(by, before.width, before.height)
    width, height = (before.height, before.width) if by % 180 else (before.width, before.height)
    across, down = after.width / width, after.height / height
    return Box(round(left * across), round(top * down), round(right * across), round(bottom * down))
