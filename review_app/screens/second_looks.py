"""Second looks: verified documents keyed again, blind; lots and what their samples decided; what it all proves."""

import streamlit as st

from classify import doctypes
from review_app.model import secondlooks as model
from review_app.screens.who import current_actor
from review_app.web.desk import home, site
from review_app.widgets.listing.component import listing, moment
from review_app.widgets.plot import plot
from review_app.widgets.viewer.component import viewer
from storage.foundation.clock import zone_name
from storage.foundation.permissions import Action, Actor, can
from storage.foundation.states import LotState
from storage.quality.defects import ERRORS, FOUND_BY_KEYING


def draw() -> None:
    """Draw documents waiting for a second look, lots, and the figures of the samples."""
    actor = current_actor()
    told = st.empty()  # always there, or the tabs would begin anew
    if said := st.session_state.pop("looks_said", ""):
        told.info(said)
    names = ["To review", "QA batches", "Figures"] if can(actor, Action.SECOND_KEY) else ["QA batches", "Figures"]
    tabs = dict(zip(names, st.tabs(names), strict=True))
    if "To review" in tabs:
        with tabs["To review"]:
            _look(actor)
    with tabs["QA batches"]:
        _lots(actor)
    with tabs["Figures"]:
        _figures(actor)


def _look(actor: Actor) -> None:
    look = model.next_look(home(), actor)
    if look is None:
        st.text("No document waits for your review.")
        return
    kept = st.session_state.get("looks_kept")
    if not kept or kept[0] != look.item:
        kept = st.session_state.looks_kept = (look.item, look.pages)
    left, right = st.columns([3, 2])
    with left:
        viewer(kept[1], key="looks_viewer")
    with right:
        st.text(f"{look.waiting} to review. This one: {look.why}.")
        if look.is_keyed:
            _compare(actor, look)
        else:
            _key(actor, look)


def _key(actor: Actor, look: model.Look) -> None:
    st.text("Type what the pages show. The first person's values are shown afterwards.")
    with st.form(f"key_{look.item}"):
        values = {}
        for name in look.asked:
            if name == "type":
                codes = ["", *(row.code for row in doctypes.table())]
                values[name] = str(
                    st.selectbox(
                        "Document type",
                        codes,
                        format_func=lambda code: doctypes.type_or_placeholder(code).name if code else "–",
                    )
                )
            else:
                values[name] = st.text_input(model.title(name), max_chars=80, autocomplete="off")
        has_no_identity = st.checkbox("The pages do not show whose they are")
        if st.form_submit_button("Compare (Enter)"):
            if refused := model.key(
                home(), actor, look.item, values, day_first=site().profile.day_first, has_no_identity=has_no_identity
            ):
                st.error(refused)
            else:
                st.rerun()


def _compare(actor: Actor, look: model.Look) -> None:
    if look.differences:
        listing(
            ["", "First person", "You"],
            [
                [model.title(d.name), model.shown(d.name, d.first), model.shown(d.name, d.second)]
                for d in look.differences
            ],
            key=f"looks_differences_{look.item}",
        )
    else:
        st.text("Both entries agree.")
    with st.form(f"decide_{look.item}"):
        answers = {
            d.name: st.radio(
                f"Who was wrong about the {model.title(d.name)}?",
                ["the first person", "I was"],
                index=None,
                horizontal=True,
            )
            for d in look.differences
        }
        asked = {FOUND_BY_KEYING[name] for name in answers}
        codes = [error.code for error in ERRORS if error.code not in asked]
        found = st.multiselect("Also wrong on the pages", codes, format_func=lambda code: model.ERROR_TITLES[code])
        note = st.text_input("Note for whoever gets it back", max_chars=200)
        if st.form_submit_button("Done"):
            wrong = [FOUND_BY_KEYING[name] for name, who in answers.items() if who == "the first person"]
            slips = [name for name, who in answers.items() if who == "I was"]
            st.session_state.looks_said = model.decide(home(), actor, look.item, [*wrong, *found], slips, note)
            st.rerun()


def _lots(actor: Actor) -> None:
    rows = model.lot_rows(home(), actor)
    listing(
        ["QA batch", "Person", "Type", "Inspection", "Documents", "Reviewed", "Critical (allowed)", "Major (allowed)",
         "Minor (allowed)", "State"],
        rows,
        key="looks_lots",
        none="No samples are drawn. Switch them on in profile.toml: [quality] lot = 150",
    )  # fmt: skip
    filling = [row[0] for row in rows if row[-1] == LotState.FILLING]
    if filling and can(actor, Action.CHECK_QUALITY):
        with st.form("end_lot"):
            lot = st.selectbox("QA batch", filling)
            if st.form_submit_button("Close this QA batch now and evaluate it") and lot is not None:
                st.session_state.looks_said = model.end_lot(home(), actor, int(lot))
                st.rerun()

    if can(actor, Action.CHECK_QUALITY):
        _stuck(actor)


def _stuck(actor: Actor) -> None:
    st.text("Not filed yet, waiting for quality review:")
    rows = model.stuck_rows(home(), actor)
    listing(
        ["Review", "Document", "Why", "Verified by", f"Since ({zone_name()})", "Keyed by"],
        [[*row[:4], moment(row[4]), *row[5:]] for row in rows],
        key="looks_stuck",
        none="None.",
    )
    if rows:
        with st.form("let_go"):
            item = st.selectbox("Review", [row[0] for row in rows])
            reason = st.text_input("Reason for filing without review", max_chars=300)
            if st.form_submit_button("File without quality review") and item is not None:
                st.session_state.looks_said = model.file_without_review(home(), actor, int(item), reason)
                st.rerun()


def _figures(actor: Actor) -> None:
    found = model.measure(home(), actor)
    st.text(model.bound_sentence(found))
    for column, (name, value) in zip(
        st.columns(5),
        {
            "Reviewed": found.all.looked_at,
            "Waiting": found.waiting,
            "Without critical or major error": f"{found.all.right:.1%}" if found.all.right is not None else "–",
            "Wrong patient, at most": f"{found.all.wrong_patient_bound:.2%}" if found.all.looked_at else "–",
            "Reviewer errors": found.all.slips,
        }.items(),
        strict=True,
    ):
        column.metric(name, value)
    left, right = st.columns(2)
    with left:
        people = {name: tally.right for name, tally in sorted(found.operators.items()) if tally.right is not None}
        plot(
            "Right, by who verified",
            list(people),
            [round(100 * v, 1) for v in people.values()],
            key="looks_people",
            unit=" %",
        )
        errors = model.errors_of(found)
        plot("Errors found", list(errors), list(errors.values()), key="looks_errors")
    with right:
        kinds = {
            doctypes.type_or_placeholder(code).name: tally.right
            for code, tally in sorted(found.types.items())
            if tally.right is not None
        }
        plot(
            "Right, by document type",
            list(kinds),
            [round(100 * v, 1) for v in kinds.values()],
            key="looks_types",
            unit=" %",
        )
