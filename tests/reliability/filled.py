"""A data home with something of every kind in it: two filed documents of a patient, one that waits, another patient."""

from ingest import filing
from storage.documents import leases, moves
from storage.foundation import schema  # noqa: F401 - a document names rows of all tables, these must be known
from storage.foundation.home import Home
from tests.given.records import TESS, add_person, read_and_index, receive


def fill(home: Home) -> int:
    """Fill it; gives the id of the first filed document."""
    ana = add_person(home)
    add_person(home, "00777777", "Chen", "Wei")
    filed = [
        read_and_index(home, receive(home, content), ["one", "two"], ana)[0]
        for content in (b"first scan", b"second scan")
    ]
    for document_id in filed:
        with home.writing() as session:
            leases.claim(session, document_id, TESS)
            moves.move(session, document_id, "approve", TESS)
    filing.file_verified(home)
    read_and_index(home, receive(home, b"scan that waits"), ["three"], ana)
    return filed[0]
