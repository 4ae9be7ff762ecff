"""Accounts: named people and their roles. The administrator sees no chart."""

from collections.abc import Callable, Sequence

import streamlit as st
from sqlmodel import Session

from review_app.model.attempt import Outcome, attempt, saying
from review_app.screens.who import current_actor
from review_app.web.desk import home
from review_app.widgets.listing.component import day_cell, listing
from storage.foundation import accounts
from storage.foundation.clock import local_day
from storage.foundation.permissions import Action, Actor, Role, check_can
from storage.foundation.tables.access import Account


def draw() -> None:
    """Draw the accounts and the forms that add, reset, disable and enable them, and change their roles."""
    actor = current_actor()
    check_can(actor, Action.KEEP_ACCOUNTS)
    st.subheader("Accounts")
    with home().reading() as session:
        people = accounts.list_accounts(session)
    listing(
        ["User", "Role", "State", "Since"],
        [[a.username, a.role, _state(a), day_cell(local_day(a.created_at))] for a in people],
        key="accounts_rows",
    )
    _add_account(actor)
    _set_password(people, actor)
    _change_a_role(people, actor)
    _disable_account(people, actor)
    _enable_account(people, actor)


def _add_account(actor: Actor) -> None:
    with st.form("add_account", clear_on_submit=True):
        st.subheader("Add an account")
        name = st.text_input("User name")
        role = st.selectbox("Role", _ROLES)
        password = st.text_input("Password (12 characters or more)", type="password")
        st.text("Capitals in the name count at sign-in. The person changes this password at the first sign-in.")
        if st.form_submit_button("Add account"):
            _try(
                "added",
                lambda session: accounts.add_account(session, name, Role(role), password, actor),
                "Account created. The password is changed at the first sign-in.",
            )
    _tell("added")


def _set_password(people: Sequence[Account], actor: Actor) -> None:
    with st.form("set_password", clear_on_submit=True):
        st.subheader("Set a password")
        chosen = _choose("Account", [a.username for a in people])
        password = st.text_input("New password", type="password")
        if st.form_submit_button("Set password"):
            _change(
                "password",
                chosen,
                lambda session, name: accounts.set_password(session, name, password, actor),
                "The password of {} is set. Open sessions have ended. Somebody else changes it at the next sign-in.",
            )
    _tell("password")


def _change_a_role(people: Sequence[Account], actor: Actor) -> None:
    with st.form("change_role"):
        st.subheader("Change a role")
        others = [a.username for a in people if a.username != actor.name]
        chosen = _choose("Account to change", others)
        new_role = st.selectbox("New role", _ROLES, index=None, placeholder="Choose a role")
        if st.form_submit_button("Change role"):
            _change_role(actor, chosen, new_role)
    _tell("role")


def _disable_account(people: Sequence[Account], actor: Actor) -> None:
    with st.form("disable_account"):
        st.subheader("Disable an account")
        enabled = [a.username for a in people if not a.disabled and a.username != actor.name]
        chosen = _choose("Account to disable", enabled)
        if st.form_submit_button("Disable account"):
            _change(
                "disabled",
                chosen,
                lambda session, name: accounts.disable_account(session, name, actor),
                "{} is disabled. Open sessions have ended, and the work of this person is everybody's again.",
            )
    _tell("disabled")


def _enable_account(people: Sequence[Account], actor: Actor) -> None:
    if disabled := [a.username for a in people if a.disabled]:
        with st.form("enable_account"):
            st.subheader("Enable an account")
            chosen = _choose("Account to enable again", disabled)
            if st.form_submit_button("Enable account"):
                _change(
                    "enabled",
                    chosen,
                    lambda session, name: accounts.enable_account(session, name, actor),
                    "{} can sign in again.",
                )
    _tell("enabled")


_ROLES = [role.value for role in Role if role is not Role.MACHINE]


def _state(account: Account) -> str:
    if account.disabled:
        return "disabled"
    return "changes the password at the next sign-in" if account.must_change else "enabled"


def _change_role(actor: Actor, name: str | None, role: str | None) -> None:
    if role is None and name is not None:
        st.session_state.accounts_done = "role", Outcome(ok=False, sentence="Choose a role. Nothing was changed.")
        st.rerun()
    else:
        _change(
            "role",
            name,
            lambda session, chosen: accounts.change_role(session, chosen, Role(role or ""), actor),
            f"{{}} has the role {role} now. Open sessions have ended.",
        )


def _choose(label: str, names: list[str]) -> str | None:
    chosen = st.selectbox(label, names, index=None, placeholder="Choose an account")
    return None if chosen is None else str(chosen)


def _change(form: str, name: str | None, change: Callable[[Session, str], object], said: str) -> None:
    if name is None:
        st.session_state.accounts_done = form, Outcome(ok=False, sentence="Choose an account. Nothing was changed.")
        st.rerun()
    else:
        _try(form, lambda session: change(session, name), said.format(name))


def _try(form: str, action: Callable[[Session], object], said: str) -> None:
    """Carry out a change and draw the screen anew, so that the list and the other forms show it."""
    st.session_state.accounts_done = form, attempt(home(), saying(said, action))
    st.rerun()


def _tell(form: str) -> None:
    """What came of the last change, under the form that asked for it."""
    of, done = st.session_state.get("accounts_done", ("", None))
    if of == form:
        del st.session_state.accounts_done
        (st.success if done.ok else st.error)(done.sentence)
