"""Text beside the picture of a page: notes at their places, and form fields whose value is what counts.

The value in the file is the truth of a form field; what its box shows may be cut off (ISO 32000-1 §12.7.3.3).
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from ocr.clean.geometry import Placed
from ocr.page import Box, Mark, MarkKind, MarkState, Note, NoteKind, OcrPage, PageOutcome, Word

_SHOWN = 0.9
"""Share of the words of a value that must be read in its box; a letter is misread now and then, a cut value lacks many."""

_SURE = 0.99


def with_notes(
    page: OcrPage, placed: Placed, notes: tuple[Note, ...], ticks: tuple[Box, ...], *, has_pictures: bool = True
) -> OcrPage:
    """The page with its notes in pixels of the cleaned page, values of fields as its words, and boxes that are ticked.

    Marks of a picture that no word was read of stay unreadable: a note beside them does not say what they are.
    """
    if not notes and not ticks:
        return page
    words, kept = list(page.words), []
    line = max((word.line for word in words), default=0) + 1
    for note in (replace(note, box=_moved(note.box, placed)) for note in notes):
        inside = [word for word in words if _is_within(word.box, note.box)]
        kept.append(replace(note, is_shown=_is_shown(note, inside)))
        if note.kind is NoteKind.FIELD:
            replaced = set(_of_value(note.text, inside))
            words = [word for word in words if word not in replaced]
            laid = list(_laid_out(note, placed.dpi, line))
            words += laid
            line += len({word.line for word in laid})
    boxes = [_moved(box, placed) for box in ticks]
    marks = [m for m in page.marks if m.kind is not MarkKind.TICK_BOX or not any(_meet(m.box, box) for box in boxes)]
    marks += [Mark(MarkKind.TICK_BOX, box, MarkState.TICKED) for box in boxes]
    is_told = page.outcome is PageOutcome.BLANK or (
        page.outcome is PageOutcome.UNREADABLE and (bool(words) or not has_pictures)
    )
    return replace(
        page, words=tuple(words), notes=tuple(kept), marks=tuple(marks),
        outcome=PageOutcome.OK if is_told else page.outcome, reason="" if is_told else page.reason,
    )  # fmt: skip


def _of_value(text: str, inside: list[Word]) -> list[Word]:
    """The words in the box of a field that its value takes the place of, misread ones with it.

    A box with more other words than its value has lies over print, as a remark on a whole scan does: the print stays.
    """
    value = _plain(text)
    others = [word for word in inside if _plain(word.text) not in value]
    return [word for word in inside if word not in others] if len(others) > len(text.split()) else inside


def _moved(box: Box, placed: Placed) -> Box:
    """A box of the page as loaded, where it lies on the cleaned page."""
    transform = placed.transform @ placed.from_original
    corners = np.array([(x, y, 1.0) for x in (box.left, box.right) for y in (box.top, box.bottom)]).T
    across, down, _ = transform @ corners
    return Box(
        int(np.clip(across.min(), 0, placed.width)), int(np.clip(down.min(), 0, placed.height)),
        int(np.clip(across.max(), 0, placed.width)), int(np.clip(down.max(), 0, placed.height)),
    )  # fmt: skip


def _is_within(inner: Box, outer: Box) -> bool:
    x, y = (inner.left + inner.right) / 2, (inner.top + inner.bottom) / 2
    return outer.left <= x <= outer.right and outer.top <= y <= outer.bottom


def _meet(one: Box, other: Box) -> bool:
    return one.left < other.right and other.left < one.right and one.top < other.bottom and other.top < one.bottom


def _is_shown(note: Note, inside: list[Word]) -> bool:
    if note.kind in (NoteKind.NOTE, NoteKind.ATTACHMENT):
        return False
    wanted = [plain for part in note.text.split() if (plain := _plain(part))]
    read = "".join(_plain(word.text) for word in sorted(inside, key=lambda w: (w.line, w.box.left)))
    return sum(word in read for word in wanted) >= _SHOWN * len(wanted)


def _plain(text: str) -> str:
    return "".join(c for c in text.lower() if c.isalnum())


def _laid_out(note: Note, dpi: int, first_line: int) -> Iterator[Word]:
    """The words of a value, in lines over its box: their places are near enough to find the label beside them."""
    box = note.box
    high = max(1, round(dpi / 6))  # a line of 12 points
    rows = _wrapped(note.text, max(1, round(box.height / high)))
    step = max(1.0, box.height / len(rows))
    for number, row in enumerate(rows):
        letter = box.width / max(len(" ".join(row)), 24)
        at = float(box.left)
        top = box.top + round(number * step)
        for part in row:
            right = at + letter * len(part)
            yield Word(part, Box(round(at), top, max(round(at) + 1, round(right)), top + round(step)), _SURE, first_line + number)  # fmt: skip
            at = right + letter


def _wrapped(text: str, most: int) -> list[list[str]]:
    """The words in at most so many rows of about one length; every word is kept."""
    rows = [line.split() for line in text.splitlines() if line.strip()] or [[]]
    if len(rows) > 1 or most == 1:
        return rows
    words = rows[0]
    each = max(24, -(-len(text) // most))
    wrapped: list[list[str]] = [[]]
    for word in words:
        if wrapped[-1] and len(" ".join(wrapped[-1])) + 1 + len(word) > each and len(wrapped) < most:
            wrapped.append([])
        wrapped[-1].append(word)
    return wrapped
