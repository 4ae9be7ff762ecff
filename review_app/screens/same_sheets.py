"""The same sheet again, on *Exceptions*: the list, both documents side by side, and the answers."""

import streamlit as st

from review_app.model import repeats as model
from review_app.web.desk import home
from review_app.widgets.listing.component import listing, opener
from review_app.widgets.viewer.component import viewer
from storage.foundation.errors import NotAllowed, StateRefused
from storage.foundation.permissions import Actor


def draw_same_sheets(actor: Actor) -> None:
    """Draw documents whose sheets came before, and the opened pair."""
    st.subheader("The same sheet again")
    decided = st.toggle("Show those decided", key="repeats_decided")
    found = model.lines(home(), actor, decided=decided)
    pressed = listing(
        ["Pair", "New document", "Earlier document", "Sheets", "Sure", *(["Decision"] if decided else [])],
        [
            [opener(str(row.id), str(row.id)), row.document, row.earlier, row.pages, row.sure, *([row.decided] if decided else [])]
            for row in found
        ],
        key=f"repeats_list_{decided}",
        none="Nothing was decided yet." if decided else "No document repeats an earlier one.",
    )  # fmt: skip
    if pressed:
        st.session_state.repeats_open, st.session_state.repeats_pair = int(pressed), 1
    if said := st.session_state.pop("repeats_said", ""):
        st.info(said)
    opened = st.session_state.get("repeats_open")
    if opened in {row.id for row in found}:
        _one(actor, opened)


def _one(actor: Actor, repeat_id: int) -> None:
    """Both documents at one sheet, what differs, and the form to decide."""
    stamp = (repeat_id, st.session_state.get("repeats_pair", 1))
    kept = st.session_state.get("repeats_kept")
    try:
        if not kept or kept[0] != stamp:
            kept = (stamp, model.side_by_side(home(), actor, *stamp))
            st.session_state.repeats_kept = kept
    except (NotAllowed, StateRefused) as refused:
        st.warning(str(refused))
        return
    both: model.SideBySide = kept[1]
    if both.pairs > 1:
        st.number_input(f"Sheet (1 to {both.pairs})", 1, both.pairs, key="repeats_pair")
    left, right = st.columns(2, gap="small")
    with left:
        viewer(both.new, key="repeats_new")
    with right:
        viewer(both.earlier, key="repeats_earlier")
    listing(
        ["On the new one", "On the earlier one", "What differs"],
        [list(row) for row in both.differences],
        key="repeats_differences",
        none="No word differs on this sheet.",
    )
    if both.answers:
        _decide(actor, repeat_id, both.answers)


def _decide(actor: Actor, repeat_id: int, answers: tuple[str, ...]) -> None:
    with st.form(f"repeats_decide_{repeat_id}"):
        event = st.selectbox(
            "Decision", list(answers), index=None, placeholder="Choose", format_func=model.ANSWERS.__getitem__
        )
        reason = ""
        if len(answers) > 1:
            reason = st.text_input("Reason (to void)", max_chars=300)
        if st.form_submit_button("Decide"):
            if event is None:
                st.session_state.repeats_said = "Choose a decision. Nothing was changed."
            else:
                st.session_state.repeats_said = model.answer(home(), actor, repeat_id, event, reason).sentence
                st.session_state.pop("repeats_kept", None)
            st.rerun()
