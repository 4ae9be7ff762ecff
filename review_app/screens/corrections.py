"""Corrections: patients to confirm again, pages in the wrong chart, protected documents opened in need."""

from collections.abc import Callable

import streamlit as st
from sqlmodel import Session

from review_app.model import corrections
from review_app.model.attempt import attempt, saying
from review_app.screens.who import current_actor
from review_app.web.desk import home
from review_app.widgets.document import show_document
from review_app.widgets.listing.component import listing, opener
from storage.documents import breakglass, misfiling
from storage.foundation.errors import StorageError
from storage.foundation.permissions import Action, Actor, can
from storage.roster import doubts, merging, questions
from storage.roster.names import picker_line


def draw() -> None:
    """Draw open patient questions, misfiling proposals and emergency accesses to review."""
    actor = current_actor()
    told = st.empty()  # above the tabs, so that it is seen on whichever; always there, or the tabs would begin anew
    if said := st.session_state.pop("corrections_said", ""):
        told.info(said)
    tabs: list[tuple[str, Callable[[Actor], None]]] = []
    if can(actor, Action.VERIFY):
        tabs += [("Patients to confirm", _questions), ("Merges to review", _merges), ("Wrong chart", _misfilings)]
    if can(actor, Action.REVIEW_ACCESS):
        tabs.append(("Emergency access", _emergency_accesses))
    for tab, (_, show) in zip(st.tabs([name for name, _ in tabs]), tabs, strict=True):
        with tab:
            show(actor)


def _questions(actor: Actor) -> None:
    with home().reading() as session:
        waiting = questions.waiting(session, actor)
    pressed = listing(
        ["Question", "Document", "Filed to", "Proposed", "Why"],
        [
            [q.id, opener(str(q.document_id), str(q.document_id)), q.now_mrn or "", q.proposed_mrn or "", q.reason]
            for q in waiting
        ],
        key="questions",
        none="No patient matches to confirm.",
    )
    if pressed:
        st.session_state.questions_open = int(pressed)
    if (opened := st.session_state.get("questions_open")) in {q.document_id for q in waiting}:
        show_document(actor, opened, key="question")
    if waiting:
        with st.form("confirm_question"):
            chosen = st.selectbox("Question", [q.id for q in waiting])
            if st.form_submit_button("The patient it is filed to is right") and chosen is not None:
                _try(lambda session: questions.confirm(session, chosen, actor), "Confirmed.")


def _merges(actor: Actor) -> None:
    """Merges that the registration system asked for, of people who do not look like one."""
    with home().reading() as session:
        waiting = doubts.waiting(session, actor)
    listing(
        ["Merge", "This patient", "into this one", "They differ in", "Asked by"],
        [
            [
                d.id,
                picker_line(d.loser),
                picker_line(d.survivor) if d.survivor else "nobody on the list",
                d.differs,
                d.source,
            ]
            for d in waiting
        ],
        key="merges",
        none="No merge waits: the registration system asked for none of people who do not look like one.",
    )
    if waiting and can(actor, Action.OVERRIDE):
        with st.form("decide_merge"):
            chosen = st.selectbox("Merge", [d.id for d in waiting])
            reason = st.text_input("How you know that they are one person (to merge)", max_chars=200)
            apart, together = st.columns(2)
            if apart.form_submit_button("Two people: do not merge") and chosen is not None:
                _try(lambda session: doubts.decline(session, chosen, actor), "They stay two people.")
            if together.form_submit_button("One person: merge") and chosen is not None:
                _try(lambda session: merging.merge_doubted(session, chosen, reason, actor), "Merged; it can be undone.")
    elif waiting:
        st.text("A supervisor decides.")


def _misfilings(actor: Actor) -> None:
    with home().reading() as session:
        waiting = misfiling.waiting(session, actor)
    pressed = listing(
        ["Correction", "Document", "Pages of the scan", "Reason", "Cause", "Proposed by"],
        [
            [opener(str(m.id), str(m.id)), m.document_id, "all" if m.is_whole else ", ".join(map(str, m.pages)), m.reason,
             misfiling.CAUSES[m.cause], f"{m.proposed_by}, {m.proposed_at:%m-%d %H:%M}"]
            for m in waiting
        ],
        key="misfilings",
        none="No correction waits. To propose one, open the filed document (Search, Patient chart): “This is in the wrong chart”.",
    )  # fmt: skip
    if pressed:
        st.session_state.misfiling_open = int(pressed)
    opened = st.session_state.get("misfiling_open")  # nothing by itself: who only passes by has seen no chart
    if opened in {m.id for m in waiting}:
        _decide_misfiling(actor, opened)


def _decide_misfiling(actor: Actor, number: int) -> None:
    """The page, what was read on it, and both charts beside it."""
    kept = st.session_state.get("misfiling_kept")
    if not kept or kept[0] != number:  # both charts are told in the log as viewed: once, not at every redraw
        try:
            kept = st.session_state.misfiling_kept = (number, corrections.compare(home(), actor, number))
        except StorageError as refused:
            st.info(str(refused))
            return
    found: corrections.Comparison = kept[1]
    page, charts = st.columns([3, 2])
    with page:
        show_document(actor, found.document_id, key="misfiling", page=found.position)
    with charts:
        st.text(f"Correction {number} of document {found.document_id}, {found.pages}")
        st.text(f"{found.proposed_by}: {found.reason} ({found.cause})")
        listing(["Read on the page", ""], found.said, key="misfiling_said", none="Nothing was read about whose it is.")
        _side("Filed to now", found.now, "now")
        if found.proposed:
            _side("Proposed", found.proposed, "proposed")
        else:
            st.text("Proposed: the patient is not known yet; the pages will wait at the desk without one.")
        if found.suspects:
            st.text("These may have the same mistake: " + "; ".join(found.suspects))
        confirm, withdraw = st.columns(2)
        if found.refusal:
            confirm.text(found.refusal)
        elif confirm.button("Confirm, as the second person", key="misfiling_confirm"):
            _try(
                lambda session: misfiling.confirm(session, number, actor),
                f"Correction {number} is confirmed: the pages wait at the desk, before all others.",
            )
        if withdraw.button("Withdraw", key="misfiling_withdraw"):
            _try(
                lambda session: misfiling.withdraw(session, number, actor),
                f"Correction {number} is withdrawn; nothing moved.",
            )


def _side(title: str, chart: corrections.ChartSide, key: str) -> None:
    st.text(f"{title}: {chart.patient}")
    listing(["Document", "Date", "Visit"], chart.rows, key=f"misfiling_{key}", none="Nothing is filed in this chart.")


def _emergency_accesses(actor: Actor) -> None:
    with home().reading() as session:
        waiting = breakglass.to_review(session, actor)
    listing(
        ["Review", "Document", "Opened by", "When", "Purpose", "Reason"],
        [
            [g.id, g.document_id, g.username, f"{g.opened_at:%Y-%m-%d %H:%M}", breakglass.PURPOSES[g.purpose], g.reason]
            for g in waiting
        ],
        key="glasses",
        none="No emergency access waits for review.",
    )
    if waiting:
        with st.form("review_glass"):
            chosen = st.selectbox("Review", [g.id for g in waiting])
            finding = st.text_input("What the review found", max_chars=300)
            if st.form_submit_button("Reviewed") and chosen is not None:
                _try(lambda session: breakglass.review(session, chosen, actor, finding), "The review is kept.")


def _try(action: Callable[[Session], object], said: str) -> None:
    st.session_state.corrections_said = attempt(home(), saying(said, action)).sentence
    st.rerun()
