"""On a filed document: amend it, cancel that, and look at what was filed before."""

import streamlit as st

from review_app.model import amending as model
from review_app.model.attempt import Outcome
from review_app.model.viewing import look
from review_app.web.desk import home, understand
from review_app.widgets.listing.component import listing, moment, opener
from review_app.widgets.viewer.component import viewer
from storage.desk.latepages import Late
from storage.documents.amendments import REASONS
from storage.documents.earlier import Version
from storage.foundation.clock import zone_name
from storage.foundation.permissions import Actor


def shown_version(key: str, document_id: int) -> int | None:
    """The version that was asked for; None: the document as it is now."""
    number: int | None = st.session_state.get(_shown_key(key, document_id))
    return number


def show_as_now(key: str, document_id: int) -> None:
    """No version was asked for any more: the document is shown as it is now."""
    st.session_state.pop(_shown_key(key, document_id), None)


def _shown_key(key: str, document_id: int) -> str:
    return f"{key}_{document_id}_version"


def amended(actor: Actor, offer: model.Offer, *, key: str) -> None:
    """Draw what is said of a filed document above its pages: the switch that opens the form, or who is amending it."""
    document_id = offer.document_id
    where = f"{key}_{document_id}_amend"
    if said := st.session_state.pop(f"{where}_said", ""):
        st.info(said)
    if (number := shown_version(key, document_id)) is not None:
        _banner(document_id, number, key)
    if offer.waiting:
        st.info(offer.waiting)
        if offer.on_desk:
            st.html(f'<a class="desk" href="/?document={document_id}" target="_self">Work on it at the desk</a>')
        if offer.version and st.toggle("Put in pages that came later", key=f"{where}_late_open"):
            _late_pages(actor, offer, where)
        if offer.may_cancel and st.button("Cancel the amendment", key=f"{where}_cancel"):
            _tell(model.cancel(home(), actor, document_id), where)
    elif offer.may_amend and st.toggle("Amend this document", key=f"{where}_open"):
        _form(actor, document_id, where)


def _banner(document_id: int, number: int, key: str) -> None:
    if said := model.superseded(home(), document_id, number):
        st.error(f"{said}. Not for use.")
    if st.button("Show the document as it is now", key=f"{key}_{document_id}_now"):
        show_as_now(key, document_id)
        st.rerun()


def _form(actor: Actor, document_id: int, where: str) -> None:
    st.text(
        "It comes onto your desk; what is filed stays in the chart until you approve the new version. Its patient stays."
    )
    code = st.selectbox(
        "Why it is amended", list(REASONS), index=None, placeholder="Choose a reason", format_func=REASONS.__getitem__,
        key=f"{where}_code",
    )  # fmt: skip
    text = st.text_input("What is wrong", max_chars=200, key=f"{where}_text")
    refused = st.empty()  # above the button, where the eye is
    if st.button("Amend it at the desk", key=f"{where}_do"):
        outcome = model.amend(home(), actor, document_id, code or "", text)
        if not outcome.ok:
            refused.error(outcome.sentence)
            return
        del st.session_state[f"{where}_open"]
        st.session_state[f"{where}_said"] = "It is on your desk."
        st.rerun()


def _late_pages(actor: Actor, offer: model.Offer, where: str) -> None:
    """Which document holds the pages, where their numbers say that they go, and the pages themselves beside it."""
    late = {found.document_id: found for found in model.late_documents(home(), actor, offer.document_id)}
    if not late:
        st.text("No document of this patient waits to be verified. Scan the pages first.")
        return
    chosen = st.selectbox(
        "Document with the pages", list(late), index=None, placeholder="Choose a document",
        format_func=lambda number: _named(late[number]),
        key=f"{where}_late",
    )  # fmt: skip
    if chosen is None:
        return
    places, refusal = model.places_for(home(), actor, offer.document_id, chosen)
    if refusal:
        st.error(refusal)
        return
    listing(
        ["Page", "Printed on it", "Look out"],
        [[str(place.position), place.says or "nothing", place.note] for place in places],
        key=f"{where}_late_list",
    )
    wanted = [
        st.number_input(
            f"Place of page {place.position} in the document", min_value=1, value=place.place, step=1,
            key=f"{where}_late_{chosen}_{place.position}",
        )
        for place in places
    ]  # fmt: skip
    refused = st.empty()
    if st.button("Put them in", key=f"{where}_late_do"):
        outcome = model.put_in(home(), actor, offer, chosen, [int(at) for at in wanted], understand)
        if outcome.ok:
            _tell(outcome, where)
        refused.error(outcome.sentence)
    stamp = f"{chosen}-{offer.stamp}"
    if st.session_state.get(f"{where}_late_shown", ("",))[0] != stamp:
        st.session_state[f"{where}_late_shown"] = (stamp, look(home(), actor, chosen))
    viewer(st.session_state[f"{where}_late_shown"][1], key=f"{where}_late_viewer")


def _named(late: Late) -> str:
    return f"{late.document_id}: {late.type_name}, {late.pages} {'page' if late.pages == 1 else 'pages'}"


def _tell(outcome: Outcome, where: str) -> None:
    st.session_state[f"{where}_said"] = outcome.sentence
    st.rerun()


def list_of_versions(actor: Actor, offer: model.Offer, *, key: str) -> None:
    """Draw the switch that opens the list of versions, and the list: when, who, why, what changed, who saw it."""
    document_id = offer.document_id
    where = f"{key}_{document_id}_versions"
    name = "Versions of this document" + (f" ({offer.versions})" if offer.versions > 1 else "")
    if not st.toggle(name, key=f"{where}_open"):
        return
    kept = st.session_state.get(where)
    if not kept or kept[0] != offer.stamp:  # the log tells that they were listed: once, not at every redraw
        kept = st.session_state[where] = (offer.stamp, model.list_versions(home(), actor, document_id))
    found: list[Version] = kept[1]
    pressed = listing(
        ["Version", f"Filed ({zone_name()})", "Verified by", "Why", "What changed", "Seen by"],
        [
            [
                opener(_called(version), str(version.number)) if not version.refusal else _called(version),
                moment(version.filed_at),
                version.verified_by,
                f"{version.reason} ({version.amended_by})"
                if version.reason
                else "filed first"
                if version.number == 1
                else "",
                version.refusal or model.changed(version),
                str(len(version.viewers)),
            ]
            for version in found
        ],
        key=f"{where}_list",
    )
    if pressed:
        st.session_state[_shown_key(key, document_id)] = int(pressed)
        st.rerun()
    _viewers(found, where)


def _called(version: Version) -> str:
    return f"{version.number}, in the chart" if version.is_in_chart else f"{version.number}, superseded"


def _viewers(found: list[Version], where: str) -> None:
    listing(
        ["Version", "Seen by", f"First ({zone_name()})", f"Last ({zone_name()})", "Times"],
        [
            [str(version.number), viewer.who, moment(viewer.first), moment(viewer.last), str(viewer.times)]
            for version in found
            for viewer in version.viewers
        ],
        key=f"{where}_viewers",
        none="Nobody has opened a version yet.",
    )
