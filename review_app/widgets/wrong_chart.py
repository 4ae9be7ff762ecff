"""On a filed document: say that it, or pages of it, lies in the wrong chart."""

import streamlit as st

from review_app.model import corrections as model
from review_app.model.attempt import attempt
from review_app.web.desk import home, site
from storage.documents.misfiling import CAUSES
from storage.foundation.permissions import Actor
from storage.roster.finding import find_people
from storage.roster.names import picker_line


def wrong_chart(actor: Actor, document_id: int, *, key: str) -> None:
    """Draw the form under a filed document; nothing for others, and only the fact where it is proposed already."""
    key = f"{key}_{document_id}"
    said = st.session_state.pop(f"{key}_wrong_said", "")
    if said:
        st.info(said)
    offer = model.offer(home(), actor, document_id)
    if offer is None:
        return
    if offer.waiting:
        st.warning(offer.waiting)
        return
    with st.expander("This is in the wrong chart"):
        of = {number: f"Page {at}" for at, number in offer.pages}
        chosen = st.multiselect(
            "Pages (none: all)", list(of), format_func=lambda number: of[number], key=f"{key}_wrong_pages"
        )
        to = _right_patient(actor, key)
        reason = st.text_input("Reason", max_chars=200, key=f"{key}_wrong_reason")
        cause = st.selectbox("Cause", list(CAUSES), format_func=lambda code: CAUSES[code], key=f"{key}_wrong_cause")
        st.text("A second supervisor must confirm. Until then nothing moves.")
        if st.button("Propose the correction", key=f"{key}_wrong_propose"):
            outcome = attempt(
                home(),
                lambda session: model.propose(session, document_id, chosen, to, reason, str(cause), actor),
            )
            if outcome.ok:
                st.session_state[f"{key}_wrong_said"] = outcome.sentence
                st.rerun()
            st.error(outcome.sentence)


def _right_patient(actor: Actor, key: str) -> int | None:
    """Whose it is, found on the list; None while nobody knows."""
    words = st.text_input(
        "Find the right patient: names, MRN or date of birth (may be empty)", key=f"{key}_wrong_words"
    )
    if not words.strip():
        return None
    with home().writing() as session:
        found = find_people(session, words, actor, day_first=site().profile.day_first)
        people: dict[int | None, str] = {None: "not known yet"} | {p.id: picker_line(p) for p in found}
    if not found:
        st.text("Nobody on the patient list fits.")
    chosen: int | None = st.selectbox(
        "Right patient", list(people), format_func=lambda i: people[i], key=f"{key}_wrong_person"
    )
    return chosen
