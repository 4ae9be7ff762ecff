"""What is entered of a batch is true of the patient list of that moment, or is matched again."""

import threading
from datetime import date

import pytest
from sqlmodel import select

from classify.guess import FileGuess, Roster
from classify.index import SortedFile, find_patients, sort_file
from classify.profile import Profile
from ingest import indexing
from ingest.context import Context
from ingest.progress import Progress
from ingest.rematching import match_due
from ingest.settings import Settings
from ingest.site import Site
from storage.custody import batches, pages
from storage.foundation.home import Home
from storage.foundation.tables.custody import Batch
from storage.foundation.tables.documents import Document
from tests.given.desk import note, read_page
from tests.given.records import add_person, receive


def test_a_patient_who_is_loaded_while_a_batch_is_entered_is_not_missed(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = read_page(note("00123456", "Rivera, Ana", "03/14/1957"), 1)
    batch_id = receive(home, b"scan")
    with home.writing() as session:
        pages.expect_pages(session, session.get_one(Batch, batch_id), [1])
        pages.note_reading(session, batch_id, page, pages.keep_reading(session, home.vault, "key", page, None, None))
        batches.advance(session, batch_id, "read")

    def find(file: SortedFile, roster: Roster) -> FileGuess:
        guess = find_patients(file, roster)
        loading = threading.Thread(target=add_person, args=(home,), kwargs={"birth_date": date(1957, 3, 14)})
        loading.start()
        loading.join()
        return guess

    monkeypatch.setattr(indexing, "find_patients", find)
    context = Context(home, Settings(), None, Site(), Progress(), threading.Event())  # type: ignore[arg-type]
    indexing._enter(context, batch_id, None, sort_file([page], Profile()))
    assert match_due(home).otherwise == 1
    with home.reading() as session:
        assert session.exec(select(Document.decision)).all() == ["linked"]
