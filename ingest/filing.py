"""The step that files what was approved, a document in a transaction; the pipeline and the review app both take it."""

from collections.abc import Callable
from datetime import timedelta

from sqlmodel import Session

from storage.documents import moves
from storage.documents.filing import check_has_image, file_document
from storage.foundation.clock import utc_now
from storage.foundation.errors import BlobDamaged, BlobMissing, NothingToFile
from storage.foundation.home import Home
from storage.foundation.permissions import MACHINE
from storage.foundation.states import DocumentState
from storage.foundation.tables.documents import Document
from storage.foundation.vault import Vault
from storage.quality.lots import hold_for_second_look
from storage.quality.policy import Quality

Trouble = Callable[[Session, int, Exception], None]
"""Told of a document that could not be filed, in a transaction; raises what concerns more than this document."""


def _raised(session: Session, document_id: int, error: Exception) -> None:
    raise error


def file_verified(
    home: Home, after_seconds: float = 0.0, quality: Quality | None = None, trouble: Trouble = _raised
) -> bool:
    """File what was approved this long ago; True when anything was done.

    Until then an approval can be taken back. What the site's policy draws for a second look waits for that instead. Each
    document is its own transaction; one without a single page image goes back to a person, and so does what `trouble` says.
    """
    filed = False
    with home.reading() as session:
        waiting = moves.verified_ids(session, utc_now() - timedelta(seconds=after_seconds))
    for document_id in waiting:
        try:
            with home.writing() as session:
                document = session.get_one(Document, document_id)
                if document.state == DocumentState.VERIFIED:
                    filed = _draw_or_file(session, home.vault, document, quality) or filed
        except Exception as error:  # noqa: BLE001 - `trouble` decides, and raises what it does not know
            with home.writing() as session:
                trouble(session, document_id, error)
    return filed


def _draw_or_file(session: Session, vault: Vault, document: Document, quality: Quality | None) -> bool:
    try:
        check_has_image(session, document.id)
        if quality is None or not hold_for_second_look(session, document, quality):
            file_document(session, vault, document.id)
    except (NothingToFile, BlobMissing, BlobDamaged) as error:
        moves.move(session, document.id, "give_back", MACHINE, reason=str(error))
        return False
    return True
