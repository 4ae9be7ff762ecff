"""Verify with plain widgets: the same document, values and actions as the station, for browsers that it does not run in."""

from typing import Any
from uuid import uuid4

import streamlit as st

from review_app.model import acting
from review_app.model import station as model
from review_app.model.messages import DeskAction, DeskMessage
from review_app.model.viewing import ViewerDocument, ViewerPage
from review_app.screens.who import current_actor
from review_app.web import desk
from review_app.widgets.viewer.component import viewer
from storage.documents.viewing import PageNote
from storage.foundation.clock import show_day
from storage.foundation.permissions import Actor

_ASIDE = {
    "pend": "Pend", "query": "Ask the provider", "escalate": "Ask a supervisor", "register": "Not on the patient list",
}  # fmt: skip


def draw() -> None:
    """Draw one document with plain Streamlit widgets."""
    actor = current_actor()
    if said := st.session_state.pop("plain_said", ""):
        st.info(said)
    document = st.session_state.get("plain_document")
    if document is None and not st.session_state.get("plain_begun"):
        waiting = model.landing(desk.home(), actor)["waiting"]
        st.text(f"{waiting} to verify. Nothing is claimed before you start.")
        if st.button("Start verifying"):
            st.session_state.plain_begun = True
            st.rerun()
        return
    if document is None:  # kept as it was shown, so that a save by somebody else is noticed
        queue = model.take_queue(desk.home(), actor, skip=st.session_state.get("plain_skipped", ()), want=1)
        document = next(iter(queue["documents"]), None)
        st.session_state.plain_document, st.session_state.plain_waiting = document, queue["waiting"]
    if document is None:
        st.text("Nothing to verify.")
        return
    left, right = st.columns([3, 2])
    with left:
        viewer(_pages(document), key="plain_viewer")
    with right:
        st.text(f"Document {document['id']} · {st.session_state.plain_waiting} to verify")
        _form(actor, document)


def _pages(document: dict[str, Any]) -> ViewerDocument:
    pages = tuple(
        ViewerPage(page["src"], page["turn"], notes=tuple(PageNote(**note) for note in page["notes"]))
        for page in document["pages"]
    )
    return ViewerDocument(f"Document {document['id']}", pages, stamp=f"plain-{document['id']}-{document['version']}")


def _form(actor: Actor, document: dict[str, Any]) -> None:
    catalog = model.catalog(
        desk.site().keys, actor, desk.settings().idle_minutes, day_first=desk.site().profile.day_first
    )
    names = {kind["code"]: kind["name"] for kind in catalog["types"]}
    asked: list[str] = next((kind["fields"] for kind in catalog["types"] if kind["code"] == document["type"]), [])
    draft = (document["draft"] or {}).get("values", {})
    people = {person["id"]: person for person in document["candidates"]}
    if said := (*document["reasons"], *document["flags"]):
        st.text(" · ".join(said))
    with st.form(f"plain_{document['id']}_{document['version']}"):
        codes = list(names)
        kind = st.selectbox(
            "Document type",
            codes,
            codes.index(document["type"]) if document["type"] in names else None,
            format_func=lambda code: names[code],
        )
        values = {}
        for name in dict.fromkeys((*asked, *document["fields"])):
            values[name] = st.text_input(
                catalog["titles"].get(name, name),
                draft.get(name, _read(document, catalog, name)),
                key=f"plain_{document['id']}_{document['version']}_{name}",
            )
        options = [None, *people]
        person = st.selectbox(
            "Patient", options, options.index(document["person"]) if document["person"] in people else 0,
            format_func=lambda number: _said(people[number]) if number is not None else "not chosen",
        )  # fmt: skip
        retyped = st.text_input("MRN or date of birth, if fewer than two identifiers match")
        reason = st.text_input("Reason, to pend it or to approve despite a mismatch", max_chars=300)
        choices = {
            f"{kind}/{code}": text for kind, codes in catalog["waitReasons"].items() for code, text in codes.items()
        }
        why = st.selectbox(
            "Why it is pended", list(choices), index=None, placeholder="Choose a reason",
            format_func=lambda c: f"{_ASIDE[c.split('/')[0]]}: {choices[c]}",
        )  # fmt: skip
        buttons = {"approve": "Approve", "insist": "Approve despite the mismatch", "aside": "Pend", "skip": "Skip"}
        pressed = next((do for do, label in buttons.items() if st.form_submit_button(label)), "")
    if pressed == "aside" and why is None:
        st.error("Choose why it is pended. Nothing was changed.")
    elif pressed:
        kind_of_wait, code = (why or "/").split("/")
        changed = {name: value for name, value in values.items() if value != _read(document, catalog, name)}
        _send(
            actor,
            document,
            kind_of_wait if pressed == "aside" else pressed,
            {
                "type": kind or "",
                "values": changed,
                "person": person,
                "retyped": retyped,
                "reason": reason,
                "code": code if pressed == "aside" else "",
            },
        )


def _read(document: dict[str, Any], catalog: dict[str, Any], name: str) -> str:
    """What was read of a field, a day as this site writes it."""
    value = str(document["fields"].get(name, {}).get("value", ""))
    return show_day(value) if name in catalog["dates"] else value


def _send(actor: Actor, document: dict[str, Any], pressed: str, said: dict[str, Any]) -> None:
    message = DeskMessage(
        action=DeskAction({"insist": "approve"}.get(pressed, pressed)),
        token=str(uuid4()),
        id=document["id"],
        version=document["version"],
        override_mismatch=pressed == "insist",
        as_printed=tuple(said["values"]) if pressed == "insist" else (),
        **said,
    )
    answer = acting.act(desk.home(), actor, message, desk.understand, profile=desk.site().profile)
    if answer["left"] and message.action is not DeskAction.SKIP:
        desk.file_soon()
    if answer["left"] and message.action is DeskAction.SKIP:
        st.session_state.plain_skipped = [*st.session_state.get("plain_skipped", ()), document["id"]]
    if answer["left"] or not answer.get("needs"):
        st.session_state.plain_document = None
    st.session_state.plain_said = answer["sentence"]
    st.rerun()


def _said(person: dict[str, Any]) -> str:
    return f"{person['name']} · {show_day(person['dob'])} · {person['sex']} · MRN {person['mrn']}"
