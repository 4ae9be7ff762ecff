"""What the corrections screen does: a proposal that pages are in the wrong chart."""

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
    wanted = [int(part) for part in page_numbers.replace(",", " ").split() if part.isdigit()]
    to_person_id = _person_id(session, mrn) if mrn.strip() else None
    return misfiling.propose(session, document_id, wanted, to_person_id, reason, cause, actor)


def _person_id(session: Session, mrn: str) -> int | None:
    try:
        return person_with_mrn(session, mrn).id
    except StateRefused as error:  # the screen draws Markdown, so that nothing typed is repeated in the sentence
        raise StateRefused("No patient of the list has this MRN.") from error
