"""On a filed document: say that it, or pages of it, lies in the wrong chart."""

import streamlit as st

from review_app.model import corrections as model
from review_app.model.attempt import attempt
from review_app.web.desk import home, site
from storage.documents.misfiling import CAUSES
from storage.foundation.permissions import Actor
from storage.roster.finding import find_people
from storage.roster.names import picker_line

_WHOLE, _SOME = "The whole document", "Some of its pages"


def says_wrong_chart(actor: Actor, document_id: int, *, key: str) -> model.Offer | None:
    """Draw the switch that opens the form, above a filed document; gives what can be said of it while the form is open.

    Nothing for others, and only the fact where it is proposed already.
    """
    key = f"{key}_{document_id}"
    said = st.session_state.pop(f"{key}_wrong_said", "")
    if said:
        st.info(said)
    offer = model.offer(home(), actor, document_id)
    if offer is None:
        return None
    if offer.waiting:
        st.warning(offer.waiting)
        return None
    return offer if st.toggle("This is in the wrong chart", key=f"{key}_wrong_open") else None


def is_open(key: str, document_id: int | None) -> bool:
    """Whether the form of this document is open: it takes room beside the page."""
    return bool(st.session_state.get(f"{key}_{document_id}_wrong_open"))


def wrong_chart(actor: Actor, offer: model.Offer, *, key: str) -> None:
    """Draw the form: which pages, whose they are, why."""
    document_id = offer.document_id
    key = f"{key}_{document_id}"
    pages = _pages(offer, key)
    to, whose = _right_patient(actor, key)
    reason = st.text_input("Reason", max_chars=200, key=f"{key}_wrong_reason")
    cause = st.selectbox(
        "Cause", list(CAUSES), index=None, placeholder="Choose a cause", format_func=lambda code: CAUSES[code],
        key=f"{key}_wrong_cause",
    )  # fmt: skip
    draft = model.Draft(pages, to, whose, cause)
    if told := model.sentence(offer, draft):
        st.text(told)
    refused = st.empty()  # above the button, where the eye is
    if st.button("Propose the correction", key=f"{key}_wrong_propose"):
        if refusal := model.unsaid(draft):
            refused.error(refusal)
            return
        outcome = attempt(
            home(),
            lambda session: model.propose(session, document_id, pages or (), to or None, reason, cause or "", actor),
        )
        if outcome.ok:
            st.session_state[f"{key}_wrong_said"] = outcome.sentence
            st.rerun()
        refused.error(outcome.sentence)
    st.text("A second supervisor must confirm. Until then nothing moves.")


def _pages(offer: model.Offer, key: str) -> tuple[int, ...] | None:
    """The pages by their numbers in the scan; None while nobody has said which."""
    of = {number: f"Page {at}" for at, number in offer.pages}
    if len(of) == 1:
        return tuple(of)
    which = st.radio(
        "What is in the wrong chart", (_WHOLE, _SOME), index=None, horizontal=True, key=f"{key}_wrong_which"
    )
    if which == _SOME:
        chosen = st.multiselect("Pages", list(of), format_func=lambda number: of[number], key=f"{key}_wrong_pages")
        return tuple(chosen) or None
    return tuple(of) if which == _WHOLE else None


def _right_patient(actor: Actor, key: str) -> tuple[int | None, str]:
    """Whose it is, found on the list or said to be not known yet; None while nobody has said it."""
    words = st.text_input("Find the right patient: names, MRN or date of birth", key=f"{key}_wrong_words")
    people = {model.NOT_KNOWN: "Not known yet"}
    if words.strip():
        with home().writing() as session:
            found = find_people(session, words, actor, day_first=site().profile.day_first)
            people |= {person.id: picker_line(person) for person in found}
        if not found:
            st.text("Nobody on the patient list fits.")
    chosen: int | None = st.selectbox(
        "Right patient", list(people), index=None, placeholder="Choose the patient, or “Not known yet”",
        format_func=lambda person: people[person], key=f"{key}_wrong_person",
    )  # fmt: skip
    return chosen, people.get(chosen, "") if chosen is not None else ""
