"""A process that amends a filed document of a filled home, step by step, and goes on where another one was ended:
`python -m tests.reliability.amendwork file|cancel`, with the home of CHARTROOM_HOME."""

import sys
from collections.abc import Callable

from sqlmodel import Session, select

from ingest import filing
from ingest.settings import load_settings
from storage.custody import pages
from storage.desk import amending, approving, rearranging
from storage.desk.rearranging import ChangeKind, PageEdit
from storage.documents import fields, leases
from storage.documents.fields import Correction
from storage.foundation.home import Home
from storage.foundation.states import DocumentState
from storage.foundation.tables.documents import Document
from storage.foundation.tables.versions import Amendment
from storage.opening import open_home
from tests.given.desk import understand
from tests.given.records import TESS

FILED, LATE = 1, 3
"""Documents of a filled home (tests/reliability/filled.py): a filed one of two pages, and one of a page that waits."""

DAY = "2024-02-02"


def main() -> None:
    """Amend to the end: filed as the next version, or cancelled."""
    settings, ends = load_settings(), sys.argv[1]
    home = open_home(settings.home, settings.key_file)
    try:
        while (step := _next(home, ends)) is not None:
            step(home)
    finally:
        home.close()


def _next(home: Home, ends: str) -> Callable[[Home], None] | None:
    with home.reading() as session:
        document = session.get_one(Document, FILED)
        if document.state == DocumentState.FILED:
            was_amended = session.exec(select(Amendment.id)).first() is not None
            return None if was_amended else _open
        if document.state == DocumentState.VERIFIED:
            return _file
        rows = pages.pages_of_document(session, FILED)
        if document.service_date != DAY:
            return _correct
        if rows[0].turn == 0:
            return _turn
        if len(rows) == 2:
            return _put_in
        return _approve if ends == "file" else _cancel


def _open(home: Home) -> None:
    with home.writing() as session:
        amending.open_amendment(session, FILED, "late_page", "page three came today", TESS)


def _correct(home: Home) -> None:
    with home.writing() as session:
        day = [Correction("service_date", DAY)]
        fields.save_corrections(session, FILED, day, TESS, version=_version(session))


def _turn(home: Home) -> None:
    with home.writing() as session:
        first = pages.pages_of_document(session, FILED)[0].id
        change = PageEdit(ChangeKind.TURN, (first,), degrees=180)
        rearranging.rearrange(session, FILED, change, TESS, understand, version=_version(session))


def _put_in(home: Home) -> None:
    with home.writing() as session:
        change = PageEdit(ChangeKind.PUT_IN, to_document=LATE, places=(2,))
        rearranging.rearrange(session, FILED, change, TESS, understand, version=_version(session))


def _approve(home: Home) -> None:
    with home.writing() as session:
        approving.approve(
            session, FILED, TESS, version=_version(session), override_mismatch=True, reason="as the page says"
        )


def _cancel(home: Home) -> None:
    with home.writing() as session:
        amending.cancel(session, FILED, TESS)


def _file(home: Home) -> None:
    filing.file_verified(home)


def _version(session: Session) -> int:
    return leases.claim(session, FILED, TESS).version


if __name__ == "__main__":
    main()
