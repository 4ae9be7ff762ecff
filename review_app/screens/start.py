"""The script that Streamlit runs for every visitor: the screens of this person's role."""

import streamlit as st

from review_app.model.paths import BESIDE, HOME, MISSING, NO_SCREEN, allowed, navigation, refused, start_path
from review_app.screens import (
    account,
    accounts_list,
    audit_log,
    blank_sides,
    chart,
    corrections,
    dashboard,
    exceptions,
    find,
    group,
    health_view,
    landing,
    registration,
    rescan_list,
    scan_list,
    scanning,
    second_looks,
    verify,
    verify_plain,
    worklist,
)
from review_app.screens.no_screen import no_screen
from review_app.screens.who import current_actor
from review_app.web import desk
from review_app.widgets.signout.component import signout
from storage.foundation.permissions import can

DRAWN = {
    "verify": verify.draw,
    "group": group.draw,
    "plain": verify_plain.draw,
    "worklist": worklist.draw,
    "registration": registration.draw,
    "blanks": blank_sides.draw,
    "search": find.draw,
    "chart": chart.draw,
    "scanning": scanning.draw,
    "scans": scan_list.draw,
    "exceptions": exceptions.draw,
    "rescans": rescan_list.draw,
    "corrections": corrections.draw,
    "looks": second_looks.draw,
    "dashboard": dashboard.draw,
    "audit": audit_log.draw,
    "accounts": accounts_list.draw,
    "system": health_view.draw,
    "account": account.draw,
    HOME: landing.draw,
}
"""What draws the screen of each path (review_app/model/paths.py)."""

_WATCHES_ITSELF = "Verify"
"""The screen of the station."""

st.set_page_config(page_title="Chartroom", layout="wide")
actor = current_actor()
titles = allowed(actor)
pages = {
    head: [st.Page(DRAWN[path], title=titles[path], url_path=path, default=path == start_path(actor)) for path in paths]
    for head, paths in navigation(actor).items()
}
pages.setdefault("", []).extend(
    st.Page(DRAWN[path], title=title, url_path=path, visibility="hidden")
    for action, path, title in BESIDE
    if can(actor, action)
)
first = next(page for page in pages[""] if page.title == titles[start_path(actor)])
pages[""].extend(
    st.Page(no_screen(sentence, first), title="No access", url_path=path, visibility="hidden")
    for path, sentence in {**refused(actor), MISSING: NO_SCREEN}.items()
)
chosen = st.navigation(pages, position="top")
st.html(
    "<style>[data-testid=stMainBlockContainer] { padding: 3.4rem 1.2rem 0 } "
    ".signed-out [data-testid=stDialog], .signed-out [role=dialog] { display: none } "  # "Connection failed with status 401"
    "[class*=st-key-page_in_view_] { position: sticky; top: 3.4rem } "
    ".st-key-who { position: fixed; top: .55rem; right: 1.2rem; width: auto; z-index: 999999 }</style>"
)
with st.container(key="who"):
    signout(f"{actor.name} ({actor.role})", 0 if chosen.title == _WATCHES_ITSELF else desk.settings().idle_minutes)
chosen.run()
