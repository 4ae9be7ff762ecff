"""Corrections: patients to confirm again, pages in the wrong chart, protected documents opened in need."""

from collections.abc import Callable

import streamlit as st
from sqlmodel import Session

from review_app.model import corrections
from review_app.model.attempt import attempt, saying
from review_app.screens.who import current_actor
from review_app.web.desk import home, site
from review_app.widgets.document import show_document
from review_app.widgets.listing.component import day_cell, listing, moment, opener
from storage.documents import breakglass, misfiling
from storage.foundation.clock import zone_name
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
            [q.id, opener(str(q.document_id), str(q.document_id)), now, proposed, q.reason]
            for q, (now, proposed) in zip(waiting, corrections.name_patients(home(), actor, waiting), strict=True)
        ],
        key="questions",
        none="No patient matches to confirm.",
    )
    if pressed:
        st.session_state.questions_open = int(pressed)
    if (opened := st.session_state.get("questions_open")) in {q.document_id for q in waiting}:
        show_document(actor, opened, key="question")
    if waiting:
        chosen = st.selectbox(
            "Question", [q.id for q in waiting], index=None, placeholder="Choose a question", key="question_chosen"
        )
        if (question := next((q for q in waiting if q.id == chosen), None)) is not None:
            _answer(actor, question)


def _answer(actor: Actor, question: questions.Question) -> None:
    right, wrong = st.columns(2)
    with right, st.form(f"confirm_question_{question.id}"):
        st.text(f"Document {question.document_id}: {f'MRN {question.now_mrn}' if question.now_mrn else 'no patient'}.")
        if st.form_submit_button("The patient it is filed to is right"):
            _try(lambda session: questions.confirm(session, question.id, actor), "Confirmed.")
    with wrong, st.container(border=True):
        st.text("It is of none of these patients.")
        ways = corrections.instead_of(question.state)
        to = st.selectbox(
            "Where it goes", list(ways), index=None, placeholder="Choose where it goes",
            format_func=corrections.INSTEAD.__getitem__, key=f"instead_{question.id}",
        )  # fmt: skip
        codes = ways.get(to or "", {})
        code = None
        if codes:
            code = st.selectbox(
                "Why", list(codes), index=None, placeholder="Choose a reason", format_func=codes.__getitem__,
                key=f"instead_code_{question.id}_{to}",
            )  # fmt: skip
        reason = st.text_input("Reason", max_chars=200, key=f"instead_reason_{question.id}")
        if st.button("Wrong patient", key=f"wrong_{question.id}"):
            outcome = attempt(
                home(),
                lambda session: corrections.turn_down(session, question.id, to or "", code or "", reason, actor),
            )
            if outcome.ok:
                st.session_state.corrections_said = outcome.sentence
                st.rerun()
            st.error(outcome.sentence)


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
    waiting = corrections.list_waiting(home(), actor)
    pressed = listing(
        ["Correction", "Document", "Pages", "Filed to now", "Proposed", "Reason", "Cause", f"Proposed by, at ({zone_name()})"],
        [
            [opener(str(m.id), str(m.id)), m.document_id, m.pages, m.now, m.proposed, m.reason, m.cause, m.proposed_by]
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
            kept = st.session_state.misfiling_kept = (
                number,
                corrections.compare(home(), actor, number, day_first=site().profile.day_first),
            )
        except StorageError as refused:
            st.info(str(refused))
            return
    found: corrections.Comparison = kept[1]
    st.text(f"Correction {number} of document {found.document_id}, {found.pages}")
    st.text(f"{found.proposed_by}: {found.reason} ({found.cause})")
    _decide(actor, number, found)
    page, charts = st.columns([3, 2])
    with page:
        show_document(actor, found.document_id, key="misfiling", page=found.position)
    with charts:
        _against_page("Filed to now", found.now, "now")
        if found.proposed:
            _against_page("Proposed", found.proposed, "proposed")
        else:
            st.text("Proposed: the patient is not known yet; the pages will wait at the desk without one.")
        listing(
            ["Field", "Read on the page"], found.said, key="misfiling_said", none="Nothing was read about whose it is."
        )
        _chart("Chart it is filed in now", found.now, "now")
        if found.proposed:
            _chart("Chart proposed", found.proposed, "proposed")
        if found.suspects:
            st.text("These may have the same mistake: " + "; ".join(found.suspects))


def _decide(actor: Actor, number: int, found: corrections.Comparison) -> None:
    """Confirm and withdraw, above page and charts: whoever decides sees both."""
    if found.names_present:
        st.warning(found.names_present)
    told = st.empty()
    reason = ""
    if found.names_present and not found.refusal:
        reason = st.text_input(
            "Why it goes all the same, although the page names this patient",
            max_chars=500,
            key=f"misfiling_why_{number}",
        )
    confirm, withdraw, _ = st.columns([2, 1, 3])
    if found.refusal:
        confirm.text(found.refusal)
    elif confirm.button("Confirm, as the second person", key="misfiling_confirm"):
        outcome = attempt(home(), lambda session: corrections.confirm(session, number, reason, actor, site().profile))
        if not outcome.ok:
            told.error(outcome.sentence)
        else:
            st.session_state.corrections_said = outcome.sentence
            st.rerun()
    if withdraw.button("Withdraw", key="misfiling_withdraw"):
        _try(
            lambda session: misfiling.withdraw(session, number, actor),
            f"Correction {number} is withdrawn; nothing moved.",
        )


def _against_page(title: str, chart: corrections.ChartSide, key: str) -> None:
    st.text(f"{title}: {chart.patient}")
    listing(["Identifier", "Patient list", "On the page"], chart.against_page, key=f"misfiling_{key}_page")


def _chart(title: str, chart: corrections.ChartSide, key: str) -> None:
    st.text(title)
    rows = [[kind, day_cell(day), visit] for kind, day, visit in chart.rows]
    listing(["Document", "Date", "Visit"], rows, key=f"misfiling_{key}", none="Nothing is filed in this chart.")


def _emergency_accesses(actor: Actor) -> None:
    with home().reading() as session:
        waiting = breakglass.to_review(session, actor)
    listing(
        ["Review", "Document", "Opened by", f"When ({zone_name()})", "Purpose", "Reason"],
        [
            [g.id, g.document_id, g.username, moment(g.opened_at), breakglass.PURPOSES[g.purpose], g.reason]
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
