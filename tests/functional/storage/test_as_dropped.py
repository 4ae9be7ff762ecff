"""A filed page beside the page as it was dropped: drawn by a worker, for supervisors, and written down."""

import io

import numpy as np
import pytest
from PIL import Image as Pillow
from sqlmodel import col, select

from ingest.rendering import render_as_dropped
from ingest.settings import Settings
from ocr.pdfpages import render_page
from storage.documents import asdropped
from storage.foundation.errors import NotAllowed, NothingToFile
from storage.foundation.home import Home
from storage.foundation.tables.audit import AuditEvent
from storage.foundation.tables.documents import Document
from tests.given.desk import note, put, put_upside_down
from tests.given.records import SAM, TESS, add_person, verify_and_file

SETTINGS = Settings()


def _foot_of(jpeg: bytes | None) -> float:
    """The share of dark dots that lie in the lower half."""
    assert jpeg is not None
    dark = np.asarray(Pillow.open(io.BytesIO(jpeg)).convert("L")) < 128
    return float(dark[len(dark) // 2 :].sum() / dark.sum())


def test_a_page_that_lay_on_its_head_does_so_again_beside_what_was_filed(home: Home) -> None:
    ana = add_person(home)
    text = note("00123456", "Rivera, Ana", "03/14/1957")
    (document,) = put_upside_down(home, [text, "of the same note"], 2, "scan")
    with home.writing() as session:
        session.get_one(Document, document).person_id = ana
    verify_and_file(home, document)
    with home.writing() as session:
        assert asdropped.may_compare(session, document, SAM) == 2
        first, second = (asdropped.dropped_page(session, document, position, SAM) for position in (1, 2))
        filed = asdropped.filed_page(session, home.vault, document, 1, SAM)
        assert asdropped.dropped_page(session, document, 3, SAM) is None
        assert asdropped.filed_page(session, home.vault, document, 3, SAM) is None
    assert first is not None
    assert second is not None
    assert filed is not None
    assert _foot_of(render_as_dropped(home, SETTINGS, first)) < 0.1
    assert _foot_of(render_as_dropped(home, SETTINGS, second)) > 0.9
    assert _foot_of(render_page(filed, 150, 1)) < 0.1
    assert render_page(filed, 150, 3) is None
    with home.reading() as session:
        events = session.exec(select(AuditEvent).where(col(AuditEvent.action) == "view_as_dropped")).all()
    assert [(event.actor, event.subject) for event in events] == [("sam", f"document:{document}")] * 2


def test_only_supervisors_compare_and_only_what_is_filed(home: Home) -> None:
    add_person(home)
    (document,) = put(home, [note("00123456", "Rivera, Ana", "03/14/1957")], "scan")
    with home.writing() as session:
        assert asdropped.may_compare(session, document, SAM) == 0
        with pytest.raises(NothingToFile):
            asdropped.dropped_page(session, document, 1, SAM)
    verify_and_file(home, document)
    with home.writing() as session:
        assert asdropped.may_compare(session, document, TESS) == 0
        with pytest.raises(NotAllowed):
            asdropped.dropped_page(session, document, 1, TESS)
        page = asdropped.dropped_page(session, document, 1, SAM)
    assert page is not None
    assert render_as_dropped(home, SETTINGS, page) is None  # it was no scan: nothing to draw, and nothing breaks
