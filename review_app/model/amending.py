"""A filed document amended, and its versions: what a screen offers, lists and shows."""

from dataclasses import dataclass

from review_app.model.asked import amended_sentence
from review_app.model.attempt import Outcome, attempt, saying
from review_app.model.viewing import ViewerDocument, of_version, words_wanted
from storage.desk import amending
from storage.documents import amendments, earlier, versions
from storage.documents.earlier import Version
from storage.foundation.clock import show_day
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
        return of_version(session, document, version, words_wanted(session, words), start)


def superseded(home: Home, document_id: int, number: int) -> str:
    """How a version that is in the chart no more says so above its pages; empty for the one that is."""
    with home.reading() as session:
        version = versions.numbered(session, document_id, number)
        document = session.get_one(Document, document_id)
        return "" if version.id == document.filed_version_id else earlier.superseded(session, version)
