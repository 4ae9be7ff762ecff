"""Registration: documents of patients who are not on the list, with what was read on them, until the list knows them."""

import streamlit as st

from classify.fields.table import title_of
from review_app.model import registration as model
from review_app.model import worklist
from review_app.screens.who import current_actor
from review_app.web.desk import home
from review_app.widgets.document import show_document
from review_app.widgets.listing.component import day_cell, moment, opener, worked_listing
from storage.foundation.clock import zone_name


def draw() -> None:
    """Draw the queue of registration, to be saved for whoever registers patients, and put back by hand."""
    actor = current_actor()
    st.subheader("Registration")
    if said := st.session_state.pop("registration_said", ""):
        st.info(said)
    st.text(
        "Patients who are not on the list. Register them, then load the list: their documents are matched again "
        "and go back to the work list by themselves."
    )
    told: frozenset[int] = st.session_state.get("registration_told", frozenset())
    rows = model.look(home(), actor, told=told)
    st.session_state.registration_told = told | {row.id for row in rows if row.is_shown}
    pressed = worked_listing(
        [
            "Document",
            *map(title_of, model.VALUES),
            "Reason",
            "Remark",
            "Sent by",
            f"Since ({zone_name()})",
            "Follow-up",
        ],
        [
            [
                opener(str(row.id), str(row.id)),
                *(
                    day_cell(value) if name == "dob" else value
                    for name, value in zip(model.VALUES, row.values, strict=True)
                ),
                row.reason,
                row.remark,
                row.sent_by,
                moment(row.sent_at),
                day_cell(row.due),
            ]
            for row in rows
        ],
        key="registration_rows",
        none="No document waits for registration.",
        ids=[str(row.id) for row in rows],
        file="registration.csv",
        on_save=lambda _: model.note_saved(home(), actor, rows),
    )
    ids = [row.id for row in rows if str(row.id) in pressed.ticked]
    if ids and st.button(f"Put back on the work list: {len(ids)}", key="registration_resume"):
        st.session_state.registration_said = worklist.do_to_all(home(), actor, ids, worklist.Bulk.RESUME)
        st.rerun()
    if pressed.opened:
        st.session_state.registration_open = int(pressed.opened)
    if (opened := st.session_state.get("registration_open")) in {row.id for row in rows}:
        show_document(actor, int(opened), key="registration")
