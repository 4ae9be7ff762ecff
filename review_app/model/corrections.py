"""What the corrections screen does: a proposal that pages are in the wrong chart."""

import re

from sqlmodel import Session

from storage.documents import misfiling
from storage.foundation.errors import StateRefused
from storage.foundation.permissions import Actor
from storage.roster.finding import person_with_mrn


def propose_misfiling(
    session: Session, document_id: int, page_numbers: str, mrn: str, reason: str, cause: str, actor: Actor
) -> int:
    """Propose that a document, or the pages typed with commas or spaces, is in the wrong chart; gives the proposal's id.

    The MRN of the right patient may be a former one, or empty while nobody knows it. StateRefused says what does not fit.
    """
    wanted = read_pages(page_numbers)
    to_person_id = _person_id(session, mrn) if mrn.strip() else None
    return misfiling.propose(session, document_id, wanted, to_person_id, reason, cause, actor)


def read_pages(text: str) -> list[int]:
    """Page numbers as people write them, "2, 4-6" or "2 4 5 6"; none for none typed. StateRefused when one is not a number:
    what is not understood must not become the whole document."""
    found: list[int] = []
    for part in re.sub(r"\s*[-–]\s*", "-", text).replace(",", " ").split():
        match = re.fullmatch(r"([0-9]{1,5})(?:-([0-9]{1,5}))?", part)
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
        if not 1 <= first <= last:
            raise StateRefused("Write the pages as numbers, for instance 2, 4-6.")
        found += range(first, last + 1)
    return found


def _person_id(session: Session, mrn: str) -> int | None:
    try:
        return person_with_mrn(session, mrn).id
    except StateRefused as error:  # the screen draws Markdown, so that nothing typed is repeated in the sentence
        raise StateRefused("No patient of the list has this MRN.") from error
