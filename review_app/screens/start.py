"""The script that Streamlit runs for every visitor: the screens of this person's role."""

import streamlit as st

from review_app.screens import (
    accounts_list,
    audit_log,
    chart,
    corrections,
    dashboard,
    exceptions,
    find,
    health_view,
    rescan_list,
    scan_list,
    scanning,
    verify,
    worklist,
)
from review_app.screens.who import current_actor
from review_app.widgets.signout import signout
from storage.permissions import Action, can

SCREENS = (
    (Action.VERIFY, verify.draw, "Verify", "verify"),
    (Action.VERIFY, worklist.draw, "Work list", "worklist"),
    (Action.SEARCH, find.draw, "Search", "search"),
    (Action.SEARCH, chart.draw, "Patient chart", "chart"),
    (Action.DROP, scanning.draw, "Scanning", "scanning"),
    (Action.SEE_BATCHES, scan_list.draw, "Scans", "scans"),
    (Action.SEE_BATCHES, exceptions.draw, "Exceptions", "exceptions"),
    (Action.SEE_BATCHES, rescan_list.draw, "Rescans", "rescans"),
    (Action.VERIFY, corrections.draw, "Corrections", "corrections"),
    (Action.REVIEW_ACCESS, corrections.draw, "Corrections", "corrections"),
    (Action.SEE_NUMBERS, dashboard.draw, "Dashboard", "dashboard"),
    (Action.SEE_AUDIT, audit_log.draw, "Audit", "audit"),
    (Action.KEEP_ACCOUNTS, accounts_list.draw, "Accounts", "accounts"),
    (Action.SEE_HEALTH, health_view.draw, "System", "system"),
)
"""What each screen needs; the services behind it ask again by themselves."""

st.set_page_config(page_title="Chartroom", layout="wide")
actor = current_actor()
allowed = {path: (draw, title) for action, draw, title, path in SCREENS if can(actor, action)}
pages = [st.Page(draw, title=title, url_path=path) for path, (draw, title) in allowed.items()]
chosen = st.navigation(pages, position="top")
st.html(
    "<style>[data-testid=stMainBlockContainer] { padding: 3.4rem 1.2rem 0 } "
    ".st-key-who { position: fixed; top: .55rem; right: 1.2rem; width: auto; z-index: 999999 }</style>"
)
with st.container(key="who"):
    signout(f"{actor.name} ({actor.role})")
chosen.run()
