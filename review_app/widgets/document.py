"""A document opened on a screen: the viewer, or what stands before a protected one."""

from collections.abc import Callable

import streamlit as st

from review_app.model import amending
from review_app.model import viewing as model
from review_app.model.attempt import Outcome
from review_app.web.desk import home
from review_app.widgets.amend import amended, list_of_versions, show_as_now, shown_version
from review_app.widgets.viewer.component import viewer
from review_app.widgets.wrong_chart import says_wrong_chart, wrong_chart
from storage.documents.breakglass import PURPOSES
from storage.foundation.errors import NotAllowed
from storage.foundation.home import Home
from storage.foundation.permissions import Action, Actor, can

_BESIDE_A_FORM, _ALONE = (3, 2), (1000, 1)
"""Widths of the page and of what is said about it."""

_LabelChange = Callable[[Home, Actor, int, str, str], Outcome]


def show_document(actor: Actor, document_id: int, *, key: str, words: str = "", page: int = 1) -> None:
    """Draw a document; of a protected one, for somebody without the right to it, the form for emergency access."""
    filed = amending.offer(home(), actor, document_id)
    stamp = f"{key}_{document_id}_{page}_{words}_{shown_version(key, document_id)}_{filed.stamp if filed else ''}"
    kept = st.session_state.get(f"{key}_kept")
    try:
        protection = model.protection(home(), actor, document_id)  # asked each time: a label may be new
        if not kept or kept[0] != stamp:
            kept = (stamp, _looked_at(actor, document_id, shown_version(key, document_id), words, page))
            st.session_state[f"{key}_kept"] = kept
    except NotAllowed as refused:
        st.warning(str(refused))
        show_as_now(key, document_id)  # a version that opens no more is not asked for again
        if can(actor, Action.BREAK_GLASS):
            _emergency_access(actor, document_id, key)
        return
    document: model.ViewerDocument = kept[1]
    if document.until:
        st.error(f"Emergency access to a protected document until {document.until}. It will be reviewed.")
    if filed is not None:
        amended(actor, filed, key=key)
    if _compared(actor, document_id, key):
        return
    offer = says_wrong_chart(actor, document_id, key=key)
    # the same columns whether the form is open or not: the page that is looked at stays
    picture, form = st.columns(_BESIDE_A_FORM if offer else _ALONE, gap="small")
    with picture, st.container(key=f"page_in_view_{key}"):
        viewer(document, key=f"{key}_viewer")
    if offer:
        with form:
            wrong_chart(actor, offer, key=key)
    if filed is not None:
        list_of_versions(actor, filed, key=key)
    _labels(actor, document_id, protection, key)


def _compared(actor: Actor, document_id: int, key: str) -> bool:
    """Offer the pages as they were dropped beside those that are filed; whether they are shown instead of the document."""
    pair = model.compare(home(), actor, document_id)
    where = f"{key}_{document_id}_compare"
    if pair is None or not st.toggle("Compare with the file as it was dropped", key=where):
        st.session_state.pop(f"{where}_pair", None)
        return False
    dropped, filed = st.session_state.setdefault(f"{where}_pair", pair)
    for column, document in zip(st.columns(2, gap="small"), (dropped, filed), strict=True):
        with column:
            viewer(document, key=f"{where}_{document.title}")
    return True


def _looked_at(actor: Actor, document_id: int, version: int | None, words: str, page: int) -> model.ViewerDocument:
    if version is not None:
        return amending.look_at(home(), actor, document_id, version, words, page)
    return model.look(home(), actor, document_id, words, page)


def _labels(actor: Actor, document_id: int, protection: model.Protection, key: str) -> None:
    """What protects the document, and forms to add a label or lift one."""
    where = f"{key}_labels_{document_id}"
    told = st.empty()  # above what may be folded, so that it is seen
    if said := st.session_state.pop(f"{where}_said", ""):
        told.info(said)
    with st.expander("Labels of protection" + (f" ({len(protection.lines)})" if protection.lines else "")):
        for line in protection.lines:
            st.text(line)
        if not protection.lines:
            st.text("None.")
        for title, offered, change in (
            ("Add a label", protection.may_add, model.add_label),
            ("Lift a label", protection.may_lift, model.lift_label),
        ):
            if offered:
                _change_label(actor, document_id, title, offered, change, where)


def _change_label(
    actor: Actor, document_id: int, title: str, offered: dict[str, str], change: _LabelChange, where: str
) -> None:
    """A form that adds or lifts a label: nothing is chosen at first, and what is typed stays until it is done."""
    done = f"{where}_{title}_done"
    times = st.session_state.get(done, 0)
    with st.form(f"{where}_{title}_{times}"):
        code = st.selectbox(
            title, list(offered), index=None, placeholder="Choose a label", format_func=offered.__getitem__
        )
        reason = st.text_input(f"Reason to {title.split()[0].lower()} it", max_chars=300)
        if st.form_submit_button(title):
            if code is None:
                outcome = Outcome(ok=False, sentence="Choose a label. Nothing was changed.")
            else:
                outcome = change(home(), actor, document_id, code, reason)
            st.session_state[f"{where}_said"] = outcome.sentence
            st.session_state[done] = times + outcome.ok
            st.rerun()


def _emergency_access(actor: Actor, document_id: int, key: str) -> None:
    with st.form(f"{key}_glass_{document_id}"):
        purpose = st.selectbox(
            "Purpose",
            list(PURPOSES),
            index=None,
            placeholder="Choose a purpose",
            format_func=lambda code: PURPOSES[code],
        )
        reason = st.text_input("Reason", max_chars=300)
        if st.form_submit_button("Emergency access: open it for an hour"):
            refused = model.break_glass(home(), actor, document_id, purpose or "", reason)
            if refused:
                st.error(refused)
            else:
                st.rerun()
