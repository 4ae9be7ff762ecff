"""A filed document amended, and its versions: what a screen offers, lists and shows."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from review_app.model.asked import amended_sentence
from review_app.model.attempt import Outcome, attempt, saying
from review_app.model.viewing import ViewerDocument, of_version, words_wanted
from storage.desk import amending, latepages, rearranging
from storage.desk.latepages import Late, Place
from storage.desk.rearranging import ChangeKind, PageEdit, Understand
from storage.documents import amendments, earlier, leases, versions
from storage.documents.earlier import Version
from storage.foundation.clock import show_day
from storage.foundation.errors import StorageError
from storage.foundation.home import Home
from storage.foundation.permissions import Action, Actor, can
from storage.foundation.states import DocumentState
from storage.foundation.tables.documents import Document


@dataclass(frozen=True, slots=True)
class Offer:
    """What can be done about a filed document: amend it, or what is told while it is amended; how many versions were filed."""

    document_id: int
    may_amend: bool
    waiting: str  # who is amending it, and why; empty: nobody
    may_cancel: bool
    on_desk: bool  # the amendment can go on at this person's desk
    version: int  # of its row, for what is changed here; 0: it is not on this person's desk
    versions: int
    stamp: str  # another one when anything of the document is another


def offer(home: Home, actor: Actor, document_id: int) -> Offer | None:
    """What this person can do about a document they look at; None where no version of it was ever filed."""
    with home.reading() as session:
        document = session.get_one(Document, document_id)
        count = versions.next_number(session, document_id) - 1
        if not count:
            return None
        may = can(actor, Action.AMEND)
        row = amendments.open_of(session, document_id)
        is_mine = row is not None and (row.opened_by == actor.name or can(actor, Action.OVERRIDE))
        return Offer(
            document_id,
            may_amend=may and document.state == DocumentState.FILED,
            waiting=amended_sentence(session, document),
            may_cancel=may and is_mine,
            on_desk=may and document.state == DocumentState.TO_VERIFY and document.claimed_by in (None, actor.name),
            version=document.version if row is not None and leases.holds(document, actor) else 0,
            versions=count,
            stamp=f"{document_id}-{document.version}-{count}",
        )


def amend(home: Home, actor: Actor, document_id: int, code: str, text: str) -> Outcome:
    """Take a filed document onto this person's desk."""
    return attempt(home, saying("", lambda session: amending.open_amendment(session, document_id, code, text, actor)))


def cancel(home: Home, actor: Actor, document_id: int) -> Outcome:
    """Leave the document as it is filed."""
    done = saying(
        "The amendment is cancelled. The document is as it was filed.",
        lambda session: amending.cancel(session, document_id, actor),
    )
    return attempt(home, done)


def late_documents(home: Home, actor: Actor, document_id: int) -> list[Late]:
    """Documents that wait and may hold pages of this one."""
    with home.reading() as session:
        return latepages.late_documents(session, document_id, actor)


def places_for(home: Home, actor: Actor, document_id: int, late_id: int) -> tuple[list[Place], str]:
    """Where the pages of a document that came later go by their numbers, or the sentence that says why they do not."""
    with home.reading() as session:
        try:
            return latepages.places_for(session, document_id, late_id, actor), ""
        except StorageError as refused:
            return [], str(refused)


def put_in(
    home: Home, actor: Actor, offer: Offer, late_id: int, places: Sequence[int], understand: Understand
) -> Outcome:
    """Put the pages of a document that came later into the one that is amended, each at its place (1-based)."""
    change = PageEdit(ChangeKind.PUT_IN, to_document=late_id, places=tuple(places))

    def do(session: Session) -> str:
        done = rearranging.rearrange(session, offer.document_id, change, actor, understand, version=offer.version)
        return f"{done.sentence} Document {late_id} is void now; approve the amendment at the desk."

    return attempt(home, do)


def list_versions(home: Home, actor: Actor, document_id: int) -> list[Version]:
    """The versions of a document, the newest first; the log tells that they were listed."""
    with home.writing() as session:
        return earlier.list_versions(session, document_id, actor)[::-1]


def changed(version: Version) -> str:
    """What is different from the version before, in one cell of a list."""
    return "; ".join(
        f"{change.what}: {_day(change.before) or 'nothing'} → {_day(change.after) or 'nothing'}"
        for change in version.changes
    )


def _day(value: str) -> str:
    """A day as this site writes it, and any other value as it is."""
    is_day = len(value) == len("2026-01-31") and value[4:5] == value[7:8] == "-" and value.replace("-", "").isdigit()
    return show_day(value) if is_day else value


def look_at(home: Home, actor: Actor, document_id: int, number: int, words: str = "", start: int = 1) -> ViewerDocument:
    """A version of a document for the viewer; NotAllowed when this person may not see it."""
    with home.reading() as session:
        document = session.get_one(Document, document_id)
        version = versions.numbered(session, document_id, number)
        earlier.check_may_see(session, document, version, actor)
        return of_version(session, document, version, actor, words_wanted(session, words), start)


def superseded(home: Home, document_id: int, number: int) -> str:
    """How a version that is in the chart no more says so above its pages; empty for the one that is."""
    with home.reading() as session:
        version = versions.numbered(session, document_id, number)
        document = session.get_one(Document, document_id)
        return "" if version.id == document.filed_version_id else earlier.superseded(session, version)
