"""The script that Streamlit runs for every visitor: the screens of this person's role."""

import streamlit as st

from review_app.screens import accounts_list, audit_log, batch_list, chart, find, verify, worklist
from review_app.screens.who import current_actor
from review_app.widgets.signout import signout
from storage.permissions import Action, can

SCREENS = (
    (Action.VERIFY, verify.draw, "Verify", "verify"),
    (Action.VERIFY, worklist.draw, "Work list", "worklist"),
    (Action.SEE_BATCHES, batch_list.draw, "Scans", "scans"),
    (Action.SEARCH, find.draw, "Search", "search"),
    (Action.SEARCH, chart.draw, "Patient chart", "chart"),
    (Action.SEE_AUDIT, audit_log.draw, "Audit", "audit"),
    (Action.KEEP_ACCOUNTS, accounts_list.draw, "Accounts", "accounts"),
)
"""What each screen needs; the services behind it ask again by themselves."""

st.set_page_config(page_title="Chartroom", layout="wide")
actor = current_actor()
pages = [st.Page(draw, title=title, url_path=path) for action, draw, title, path in SCREENS if can(actor, action)]
chosen = st.navigation(pages, position="top")
st.html(
    "<style>[data-testid=stMainBlockContainer] { padding: 3.4rem 1.2rem 0 } "
    ".st-key-who { position: fixed; top: .55rem; right: 1.2rem; width: auto; z-index: 999999 }</style>"
)
with st.container(key="who"):
    signout(f"{actor.name} ({actor.role})")
chosen.run()
