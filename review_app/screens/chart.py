"""Patient chart: a patient's filed documents by visit, type and date, each to be looked at beside the list."""

import streamlit as st

from classify import doctypes
from review_app.screens.who import current_actor
from review_app.web.desk import home, site
from review_app.widgets.document import show_document
from review_app.widgets.listing.component import day_cell, listing, moment, opener
from review_app.widgets.wrong_chart import is_open
from storage.documents import filing, misfiling
from storage.foundation.clock import zone_name
from storage.roster.finding import find_people
from storage.roster.names import picker_line


def draw() -> None:
    """Draw the chart of one patient beside the document chosen from it."""
    st.subheader("Patient chart")
    words = st.text_input("Patient: names, MRN or date of birth", key="chart_words")
    if not words:
        return
    actor = current_actor()
    with home().writing() as session:
        people = find_people(session, words, actor, day_first=site().profile.day_first)
    if not people:
        st.info("Nobody on the patient list fits.")
        return
    names = {p.id: picker_line(p) for p in people}
    chosen = st.selectbox("Patient", list(names), format_func=lambda i: names[i], key="chart_person")
    if chosen is None:
        return
    with home().writing() as session:
        lines = filing.chart_of(session, chosen, actor)
        taken_out = misfiling.tombstones(session, chosen, actor)
    # the form of a wrong chart stands beside the page, and takes room from the list
    left, right = st.columns([2, 3] if is_open("chart", st.session_state.get("chart_open")) else [1, 1])
    with left:
        pressed = listing(
            ["Encounter", "Number", "Document", "Date", "Pages"],
            [
                [
                    line.encounter or "no visit",
                    line.document_id,
                    opener(_named(line), str(line.document_id)),
                    day_cell(line.service_date),
                    line.pages,
                ]
                for line in lines
            ],
            key="chart_lines",
            none="Nothing is filed for this patient yet.",
        )
    if pressed:
        st.session_state.chart_open = int(pressed)
    if (opened := st.session_state.get("chart_open")) in {line.document_id for line in lines}:
        with right:
            show_document(actor, opened, key="chart")
    if taken_out:
        st.text("Taken out of this chart, because it belongs elsewhere")
        listing(
            ["Document", "Pages", f"Taken out ({zone_name()})", "By", "Why"],
            [
                [
                    doctypes.type_or_placeholder(stone.type_code).name,
                    len(stone.pages),
                    moment(stone.confirmed_at),
                    f"{stone.proposed_by}, {stone.confirmed_by}",
                    misfiling.CAUSES[stone.cause],
                ]
                for stone in taken_out
            ],
            key="chart_tombstones",
            none="",
        )


def _named(line: filing.ChartLine) -> str:
    """The kind of document, from its second version on with the version, and that it is being amended."""
    name = f"{line.type_name}, version {line.version}" if line.version > 1 else line.type_name
    return f"{name} (being amended)" if line.is_amended else name
