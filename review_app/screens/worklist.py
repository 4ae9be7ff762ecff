"""Work list: what waits, how long, and who has it. No names: type, source and age only (P29)."""

from collections.abc import Callable

import streamlit as st

from classify import doctypes
from review_app.model import exports
from review_app.model import worklist as model
from review_app.screens import verify
from review_app.screens.who import current_actor
from review_app.web.desk import home
from review_app.widgets.document import show_document
from review_app.widgets.listing.component import day_cell, opener, worked_listing
from storage.foundation.permissions import Actor, Role
from storage.foundation.states import DocumentState

_DECISIONS = {"": "any", "linked": "linked", "ask": "needs review", "none": "not found", "confirmed": "confirmed"}
_AGES = {0: "any", 1: "over a day", 3: "over 3 days", 7: "over a week"}
_HEADS = (
    "Document",
    "Type",
    "Pages",
    "Patient",
    "State",
    "Priority",
    "Age",
    "Follow-up",
    "Assigned to",
    "On the desk of",
    "Why",
)
_BULK = {
    model.Bulk.FIRST: "First on the list",
    model.Bulk.LAST: "Last on the list",
    model.Bulk.RESUME: "Put back on the work list",
}


def draw() -> None:
    """The screen. The filters stand in the address (codes only), so that a reload, or a bookmark, keeps them."""
    actor = current_actor()
    st.subheader("Work list")
    if said := st.session_state.pop("worklist_said", ""):
        st.info(said)
    work = model.look(home(), actor, _wanted(actor))
    above = st.container()  # the document that is opened stands where the eye is
    pressed = worked_listing(
        _HEADS,
        [
            [opener(str(row.id), str(row.id)), row.kind, row.pages, row.decision, row.state, row.priority, row.age,
             day_cell(row.due), row.assigned, row.holder, row.why]
            for row in work.rows
        ],
        key="worklist_rows",
        none="No documents.",
        ids=[str(row.id) for row in work.rows],
        file="work-list.csv",
        on_save=lambda rows: exports.note_export(home(), actor, "worklist", rows),
    )  # fmt: skip
    if work.found > len(work.rows):
        st.text(f"The {len(work.rows)} most urgent of {work.found} are listed. Narrow the list to see the others.")
    if ticked := [row.id for row in work.rows if str(row.id) in pressed.ticked]:
        _selected(actor, ticked)
    if pressed.opened:
        st.session_state.worklist_open = int(pressed.opened)
    if opened := st.session_state.get(
        "worklist_open"
    ):  # also where the list was narrowed, or the document left its queue
        chosen = model.open_one(home(), actor, opened)
        if chosen is not None:
            with above:
                _one(actor, chosen)


def _wanted(actor: Actor) -> model.WorklistFilter:
    kept = st.query_params
    counts = model.count(home(), actor)
    queue = st.segmented_control(
        "Queue",
        list(model.QUEUES),
        format_func=lambda code: f"{model.QUEUES[code]} {counts[code]}",
        default=kept.get("queue", "") if kept.get("queue", "") in model.QUEUES else "",
        key="worklist_queue",
    )
    kept["queue"] = queue or ""
    kind, decision, age, assigned, due, hand, again = st.columns([3, 2, 2, 2, 1.2, 1.3, 1.5])
    codes = ["", *(row.code for row in doctypes.table())]
    people = ["", model.NOBODY, *model.can_be_assigned_to(home(), actor)]
    wanted = model.WorklistFilter(
        queue or "",
        _select(kind, "Type", codes, lambda c: doctypes.type_or_placeholder(c).name if c else "any", "type"),
        _select(decision, "Patient", list(_DECISIONS), lambda d: _DECISIONS[d], "patient"),
        int(_select(age, "Age", [str(days) for days in _AGES], lambda d: _AGES[int(d)], "age") or 0),
        due.checkbox("Overdue", value=kept.get("due") == "1", key="worklist_due"),
        hand.checkbox("Handwriting", value=kept.get("handwriting") == "1", key="worklist_handwriting"),
        rematched=again.checkbox("Matched again", value=kept.get("rematched") == "1", key="worklist_rematched"),
        assigned=_select(assigned, "Assigned to", people, lambda name: name or "any", "assigned"),
    )
    kept["due"] = "1" if wanted.due else "0"
    kept["handwriting"] = "1" if wanted.handwriting else "0"
    kept["rematched"] = "1" if wanted.rematched else "0"
    return wanted


def _select(
    column: st.delta_generator.DeltaGenerator, label: str, options: list[str], show: Callable[[str], str], name: str
) -> str:
    kept = st.query_params.get(name, "")
    at = options.index(kept) if kept in options else 0
    value = str(column.selectbox(label, options, index=at, format_func=show, key=f"worklist_{name}"))
    st.query_params[name] = value
    return value


def _selected(actor: Actor, ids: list[int]) -> None:
    """What can be done to all rows that are ticked."""
    person, assign, *others = st.columns([2, 2, 2, 2, 2], vertical_alignment="bottom")
    names = ["", *model.can_be_assigned_to(home(), actor)]
    chosen = person.selectbox("Assign to", names, format_func=lambda name: name or "nobody", key="worklist_assignee")
    if assign.button(f"Assign {len(ids)}", key="worklist_assign"):
        _say(model.do_to_all(home(), actor, ids, model.Bulk.ASSIGN, str(chosen or "")))
    for column, (what, label) in zip(others, _BULK.items(), strict=True):
        if column.button(f"{label}: {len(ids)}", key=f"worklist_{what}"):
            _say(model.do_to_all(home(), actor, ids, what))


def _one(actor: Actor, opened: model.Opened) -> None:
    """The document that was pressed: what was asked about it, what can be done with it here, and its pages, read-only."""
    row = opened.row
    st.text(f"Document {row.id}: {row.kind}, {row.state.lower()}")
    if opened.asked:
        with st.container(border=True):
            st.text(opened.asked)
    desk, back, first, last, close = st.columns([2, 2, 2, 2, 2])
    if close.button("Close", key=f"close_{row.id}"):
        del st.session_state.worklist_open
        st.rerun()
    with desk:
        _way_to_the_desk(actor, opened)
    is_pended = row.state in {*model.WAITS_FOR.values(), model.TITLES[DocumentState.RESCAN]}
    if is_pended and back.button("Put back on the work list", key=f"resume_{row.id}"):
        _say(model.resume(home(), actor, row.id))
    for column, what in zip((first, last), (model.Bulk.FIRST, model.Bulk.LAST), strict=True):
        if column.button(_BULK[what], key=f"priority_{what}_{row.id}"):
            _say(model.do_to_all(home(), actor, [row.id], what))
    show_document(actor, row.id, key="worklist")


def _way_to_the_desk(actor: Actor, opened: model.Opened) -> None:
    """Where the document is free, or waits for an answer that this person may give; else who has it."""
    row = opened.row
    is_free = row.state == model.TITLES[DocumentState.TO_VERIFY] and row.holder in ("", actor.name)
    if is_free and (row.assigned in ("", actor.name) or actor.role is Role.SUPERVISOR):
        # in this window: another one would hold a desk of its own
        st.html(f'<a class="desk" href="/?document={row.id}" target="_self">Work on it at the desk</a>')
    elif opened.may_take_up and st.button("Work on it at the desk", key=f"take_up_{row.id}"):
        outcome = model.take_up(home(), actor, row.id)
        if not outcome.ok:
            _say(outcome.sentence)
        del st.session_state.worklist_open
        st.switch_page(st.Page(verify.draw, url_path="verify"), query_params={"document": str(row.id)})
    elif row.holder:
        st.text(f"{row.holder} works on it: read only.")


def _say(sentence: str) -> None:
    st.session_state.worklist_said = sentence
    st.rerun()
