"""Accounts: named people and their roles. The administrator sees no chart."""

from collections.abc import Callable

import streamlit as st
from sqlmodel import Session

from review_app.model.attempt import attempt, saying
from review_app.screens.who import current_actor
from review_app.web.desk import home
from storage.foundation import accounts
from storage.foundation.permissions import Action, Role, check_can


def draw() -> None:
    """Draw the accounts and the forms that add, lock and reset them."""
    actor = current_actor()
    check_can(actor, Action.KEEP_ACCOUNTS)
    st.subheader("Accounts")
    with home().reading() as session:
        rows = [
            {"user": a.username, "role": a.role, "disabled": a.disabled, "since": a.created_at.date()}
            for a in accounts.list_accounts(session)
        ]
    st.dataframe(rows, hide_index=True, width="stretch")
    with st.form("add_account", clear_on_submit=True):
        name = st.text_input("User name")
        role = st.selectbox("Role", [r.value for r in Role if r is not Role.MACHINE])
        password = st.text_input("Password (12 characters or more)", type="password")
        if st.form_submit_button("Add account"):
            _try(
                lambda session: accounts.add_account(session, name, Role(role), password, actor),
                "Account created.",
            )
    with st.form("set_password", clear_on_submit=True):
        name = st.selectbox("Account", [row["user"] for row in rows])
        password = st.text_input("New password", type="password")
        if st.form_submit_button("Set password"):
            _try(
                lambda session: accounts.set_password(session, str(name), password, actor),
                "Password set. Open sessions have ended.",
            )
    with st.form("disable_account"):
        name = st.selectbox("Account to disable", [row["user"] for row in rows if row["user"] != actor.name])
        if st.form_submit_button("Disable account") and name:
            _try(lambda session: accounts.disable_account(session, str(name), actor), "Account disabled.")


def _try(action: Callable[[Session], object], said: str) -> None:
    done = attempt(home(), saying(said, action))
    show = st.success if done.ok else st.error
    show(done.sentence)
