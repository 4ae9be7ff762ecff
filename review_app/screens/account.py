"""My account: change the own password, see the own work. A supervisor sees the work of others too."""

import streamlit as st

from review_app.model import mine
from review_app.model.attempt import Outcome
from review_app.screens.who import current_actor
from review_app.web.desk import COOKIE, home
from review_app.widgets.listing.component import day_cell, listing
from review_app.widgets.plot import plot
from storage.foundation import accounts
from storage.foundation.clock import show_short_day
from storage.foundation.errors import StorageError
from storage.foundation.permissions import Action, Actor, can

_DASH = "–"
_RATE = "Approved documents by the hour at work today. It is shown from ten minutes of work on; breaks do not count."


def draw() -> None:
    """Draw the numbers of the person, where they verify, and the form for a new password."""
    actor = current_actor()
    st.subheader("My account")
    st.text(f"Signed in as {actor.name}, role {actor.role}.")
    if can(actor, Action.VERIFY):
        _draw_work(actor)
    _draw_password(actor)


def _draw_work(actor: Actor) -> None:
    names = mine.people(home(), actor)
    name = str(st.selectbox("Whose work", names, key="account_person")) if len(names) > 1 else actor.name
    work = mine.measure(home(), actor, name)
    today = work.today
    for column, (title, value) in zip(
        st.columns(4),
        {
            "Documents today": today.documents,
            "Documents an hour": _DASH if today.an_hour is None else today.an_hour,
            "Fields corrected today": today.fields,
            f"Documents in {mine.DAYS} days": sum(day.documents for day in work.days),
        }.items(),
        strict=True,
    ):
        column.metric(title, value, help=_RATE if title == "Documents an hour" else None)
    left, right = st.columns(2)
    with left:
        plot(
            "Documents approved a day",
            [show_short_day(day.day) for day in reversed(work.days)],
            [day.documents for day in reversed(work.days)],
            key="account_days",
            kind="line",
        )
        if work.corrected:
            plot("Fields corrected", list(work.corrected), list(work.corrected.values()), key="account_fields")
    with right:
        listing(
            ["Day", "Documents", "An hour", "Pended or rescan", "Fields corrected", "Minutes at work"],
            [
                [
                    day_cell(day.day),
                    day.documents,
                    _DASH if day.an_hour is None else day.an_hour,
                    day.put_aside,
                    day.fields,
                    day.minutes,
                ]
                for day in work.days
                if day.documents or day.put_aside or day.fields
            ],
            key="account_rows",
            none=f"Nothing was verified in the last {mine.DAYS} days.",
        )


def _draw_password(actor: Actor) -> None:
    st.subheader("Change password")
    with st.form("own_password", clear_on_submit=True):
        current = st.text_input("Current password", type="password", autocomplete="current-password")
        new = st.text_input("New password (12 characters or more)", type="password", autocomplete="new-password")
        again = st.text_input("New password again", type="password", autocomplete="new-password")
        if st.form_submit_button("Change password"):
            done = change_password(actor, current, new, again)
            (st.success if done.ok else st.error)(done.sentence)
    st.text("Forgot it? An administrator sets a new one on the Accounts screen.")


def change_password(actor: Actor, current: str, new: str, again: str) -> Outcome:
    """A new password for the person at the screen, whose own session goes on."""
    if new != again:
        return Outcome(ok=False, sentence="The two new passwords differ. Nothing was changed.")
    token = st.context.cookies.get(COOKIE, "")
    try:
        with home().writing() as session:
            is_changed = accounts.change_own_password(session, actor, current, new, token)
    except StorageError as error:
        return Outcome(ok=False, sentence=str(error))
    if not is_changed:
        return Outcome(ok=False, sentence="The current password is not right. Nothing was changed.")
    return Outcome(ok=True, sentence="Your password is changed. Other sessions of yours have ended.")
