"""Scans: every dropped file, where its pages are, and the page account."""

import streamlit as st

from review_app.screens.who import current_actor
from review_app.web.desk import home
from storage import batches, pages
from storage.permissions import Action, check_can


def draw() -> None:
    """The screen."""
    check_can(current_actor(), Action.SEE_BATCHES)
    with home().reading() as session:
        rows = batches.list_sources(session)
        account = pages.ledger(session)
    st.subheader("Scans")
    names = ("found", "filed", "to_verify", "blank", "separator", "held", "refused", "waiting")
    for column, name in zip(st.columns(len(names)), names, strict=True):
        column.metric(name.replace("_", " ").capitalize(), getattr(account, name))
    if account.balances:
        st.success(
            "Every page is accounted for: pages in = filed + to verify + blank + separator + held + refused + waiting."
        )
    else:
        st.error("The pages do not add up. Run 'chartroom verify' and tell your administrator.")
    shown = [
        {"id": row["id"], "file": batches.printable_name(row["name"].encode("utf-8", "surrogateescape")), "state": row["state"],
         "pages": row["pages"], "reason": row["reason"] or "", "flags": ", ".join(row["flags"]), "received": row["received_at"]}
        for row in rows
    ]  # fmt: skip
    st.dataframe(shown, hide_index=True, width="stretch")
