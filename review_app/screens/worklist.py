"""Work list: what waits, how long, and who has it. No names: type, source and age only (P29)."""

import streamlit as st

from classify import doctypes
from review_app.model import worklist as model
from review_app.screens.who import current_actor
from review_app.web.desk import home
from review_app.widgets.document import show_document
from review_app.widgets.listing import listing, opener
from storage.foundation.permissions import Role
from storage.foundation.states import DocumentState

_DECISIONS = {"": "any", "linked": "linked", "ask": "to decide", "none": "not found", "confirmed": "confirmed"}
_AGES = {0: "any", 1: "over a day", 3: "over 3 days", 7: "over a week"}
_FIRST, _LAST = 1, 9


def draw() -> None:
    """The screen. The filters stand in the address (codes only), so that a reload, or a bookmark, keeps them."""
    actor = current_actor()
    st.subheader("Work list")
    work = model.look(home(), actor, _wanted())
    for column, (name, number) in zip(st.columns(len(work.counts)), work.counts.items(), strict=True):
        column.metric(name, number)
    left, right = st.columns([4, 1])
    with left:
        pressed = listing(
            ["Document", "Type", "Pages", "Patient", "State", "Priority", "Waits", "Due", "Claimed by", "Why"],
            [
                [opener(str(row.id), str(row.id)), row.kind, row.pages, row.decision, row.state, row.priority, row.age,
                 row.due, row.holder, row.why]
                for row in work.rows
            ],
            key="worklist_rows",
            none="Nothing waits here.",
        )  # fmt: skip
    if pressed:
        st.session_state.worklist_open = int(pressed)
    chosen = next((row for row in work.rows if row.id == st.session_state.get("worklist_open")), None)
    with right:
        st.text(
            "The most urgent free document comes next on the Verify screen. Click a document to see its pages, to work on it or to change its priority."
        )
        if chosen is not None:
            _one(chosen)
    if chosen is not None and (actor.role is Role.SUPERVISOR or chosen.holder == actor.name):
        show_document(actor, chosen.id, key="worklist")
    if said := st.session_state.pop("worklist_said", ""):
        st.info(said)


def _wanted() -> model.WorklistFilter:
    kept = st.query_params
    state, waits, kind, decision, age, due, hand, again = st.columns([2, 2, 3, 2, 2, 1, 1.3, 1.5])
    states, codes = ["", *model.TITLES], ["", *(row.code for row in doctypes.table())]
    wanted = model.WorklistFilter(
        _select(state, "State", states, lambda s: model.TITLES[s] if s else "any", "state"),
        _select(kind, "Type", codes, lambda c: doctypes.type_or_placeholder(c).name if c else "any", "type"),
        _select(decision, "Patient", list(_DECISIONS), lambda d: _DECISIONS[d], "patient"),
        int(_select(age, "Waits", [str(days) for days in _AGES], lambda d: _AGES[int(d)], "age") or 0),
        due.checkbox("Due now", value=kept.get("due") == "1", key="worklist_due"),
        hand.checkbox("Handwriting", value=kept.get("handwriting") == "1", key="worklist_handwriting"),
        waits_for=_select(
            waits, "Waits for", ["", *model.WAITS_FOR], lambda w: model.WAITS_FOR[w] if w else "any", "waits_for"
        ),
        rematched=again.checkbox("Matched again", value=kept.get("rematched") == "1", key="worklist_rematched"),
    )
    kept["due"] = "1" if wanted.due else "0"
    kept["handwriting"] = "1" if wanted.handwriting else "0"
    kept["rematched"] = "1" if wanted.rematched else "0"
    return wanted


def _select(column: st.delta_generator.DeltaGenerator, label: str, options: list[str], show: object, name: str) -> str:
    kept = st.query_params.get(name, "")
    at = options.index(kept) if kept in options else 0
    value = str(column.selectbox(label, options, index=at, format_func=show, key=f"worklist_{name}"))
    st.query_params[name] = value
    return value


def _one(row: model.WorklistRow) -> None:
    actor = current_actor()
    st.text(f"Document {row.id}: {row.kind}, {row.state.lower()}")
    for label, priority in (("First", _FIRST), ("Last", _LAST)):
        if st.button(f"{label} on the list", key=f"priority_{priority}_{row.id}"):
            st.session_state.worklist_said = model.set_priority(home(), actor, row.id, priority)
            st.rerun()
    if row.state == model.TITLES[DocumentState.TO_VERIFY] and row.holder in ("", actor.name):
        st.link_button("Work on it at the desk", f"/?document={row.id}")
    put_aside = {*model.WAITS_FOR.values(), model.TITLES[DocumentState.RESCAN]}
    if row.state in put_aside and st.button("Put back on the work list", key=f"resume_{row.id}"):
        st.session_state.worklist_said = model.resume(home(), actor, row.id)
        st.rerun()
