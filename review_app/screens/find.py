"""Search: words on approved and filed pages, narrowed by patient, type, date and visit; the hit is lit on the scan."""

import streamlit as st

from classify import doctypes, normal
from review_app.screens.who import current_actor
from review_app.web.desk import home, site
from review_app.widgets.document import show_document
from review_app.widgets.listing.component import day_cell, listing, opener
from review_app.widgets.wrong_chart import is_open
from storage.documents.search import Filter, find_pages
from storage.roster.finding import find_people


def draw() -> None:
    """Draw the search box, its filters, and the hits beside the scan."""
    st.subheader("Search")
    actor = current_actor()
    words = st.text_input("Words on the page", key="find_words", placeholder="for instance: atrial fibrillation")
    patient, kind, since, until, visit = st.columns([3, 3, 2, 2, 2])
    person = patient.text_input("Patient: name, MRN or date of birth", key="find_person")
    codes = ["", *(row.code for row in doctypes.table())]
    code = kind.selectbox(
        "Type", codes, format_func=lambda c: doctypes.type_or_placeholder(c).name if c else "any", key="find_type"
    )
    typed_first = since.text_input(f"From ({_example()})", key="find_since")
    typed_last = until.text_input(f"To ({_example()})", key="find_until")
    number = visit.text_input("Visit or account", key="find_visit")
    first, last = (
        _day("From", typed_first),
        _day("To", typed_last),
    )  # behind the last field: a wrong day takes none away
    with home().writing() as session:
        people = find_people(session, person, actor, day_first=site().profile.day_first) if person.strip() else []
        ids = tuple(p.id for p in people)
        only = Filter(ids or ((-1,) if person.strip() else ()), code or "", first, last, number.strip())
        if not words.strip() and only.is_empty:
            return
        hits = find_pages(session, words, actor, only=only)
    # the form of a wrong chart stands beside the page, and takes room from the list
    left, right = st.columns([2, 3] if is_open("find", _opened_document()) else [1, 1])
    with left:
        pressed = listing(
            ["Number", "Document", "Patient", "MRN", "Date", "Page", "Where"],
            [
                [
                    hit.document_id,
                    opener(doctypes.type_or_placeholder(hit.type_code).name, f"{hit.document_id}-{hit.page}"),
                    hit.patient,
                    hit.mrn,
                    day_cell(hit.service_date),
                    hit.page,
                    hit.snippet,
                ]
                for hit in hits
            ],
            key="find_hits",
            none="No approved page holds these words.",
        )
    if pressed:
        st.session_state.find_open = pressed
    opened = st.session_state.get("find_open")
    shown = {f"{hit.document_id}-{hit.page}" for hit in hits}
    if opened not in shown:
        opened = f"{hits[0].document_id}-{hits[0].page}" if len(hits) == 1 else None
    if opened:
        document_id, page = map(int, opened.split("-"))
        with right:
            show_document(actor, document_id, key="find", words=words, page=page)


def _example() -> str:
    return "dd/mm/yyyy" if site().profile.day_first else "mm/dd/yyyy"


def _day(title: str, typed: str) -> str:
    """The day that was typed, ISO, empty for none; the screen stops with a sentence where it is no day: a search that was
    narrowed by nonsense finds nothing, and nothing found would be believed."""
    if not typed.strip():
        return ""
    day = normal.parse_date(typed.strip(), day_first=site().profile.day_first)
    if day is None:
        st.error(f"{title}: this is no date. Type it as {_example()}.")
        st.stop()
    assert day is not None  # the script has stopped
    return day.isoformat()


def _opened_document() -> int | None:
    opened: str | None = st.session_state.get("find_open")
    return int(opened.split("-")[0]) if opened else None
