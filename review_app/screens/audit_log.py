"""Audit: the last lines of the log, and whether the chain holds."""

import streamlit as st
from sqlmodel import col, select

from review_app.screens.who import current_actor
from review_app.web.desk import home
from review_app.widgets.listing.component import listing, moment
from storage.foundation import audit
from storage.foundation.clock import kept_time, zone_name
from storage.foundation.permissions import Action, check_can
from storage.foundation.tables.audit import AuditEvent


def draw() -> None:
    """Draw the newest lines of the audit log and the check of its chain."""
    check_can(current_actor(), Action.SEE_AUDIT)
    st.subheader("Audit log")
    with home().reading() as session:
        events = session.exec(select(AuditEvent).order_by(col(AuditEvent.seq).desc()).limit(500)).all()
    listing(
        ["Line", f"Time ({zone_name()})", "Who", "Role", "What", "On", "Outcome", "Detail"],
        [
            [e.seq, moment(kept_time(e.at), seconds=True), e.actor, e.role, e.action, e.subject, e.outcome, e.detail]
            for e in events
        ],
        key="audit_rows",
    )
    if st.button("Verify audit log integrity"):
        with home().reading() as session:
            broken = list(audit.find_breaks(session))
        if broken:
            st.error(f"{len(broken)} lines were changed after they were written; the first is line {broken[0].seq}.")
        else:
            st.success("The audit log is intact: no line was changed.")
