"""The screens in the order of the day's work, and what each needs; the first that a person may see is their start."""

from storage.foundation.permissions import Action, Actor, can

SCREENS: tuple[tuple[Action, str, str], ...] = (
    (Action.VERIFY, "verify", "Verify"),
    (Action.VERIFY, "group", "Group"),
    (Action.VERIFY, "worklist", "Work list"),
    (Action.VERIFY, "registration", "Registration"),
    (Action.VERIFY, "blanks", "Blank sides"),
    (Action.SEARCH, "search", "Search"),
    (Action.SEARCH, "chart", "Patient chart"),
    (Action.DROP, "scanning", "Scanning"),
    (Action.SEE_BATCHES, "scans", "Scans"),
    (Action.SEE_BATCHES, "exceptions", "Exceptions"),
    (Action.SEE_BATCHES, "rescans", "Rescans"),
    (Action.VERIFY, "corrections", "Corrections"),
    (Action.REVIEW_ACCESS, "corrections", "Corrections"),
    (Action.SEE_NUMBERS, "looks", "Quality review"),
    (Action.SEE_NUMBERS, "dashboard", "Dashboard"),
    (Action.SEE_AUDIT, "audit", "Audit"),
    (Action.KEEP_ACCOUNTS, "accounts", "Accounts"),
    (Action.SEE_HEALTH, "system", "System"),
)
"""What each screen needs, its path, its title; the services behind it ask again by themselves."""


BESIDE: tuple[tuple[Action, str, str], ...] = (
    (Action.VERIFY, "plain", "Verify with plain widgets"),
    (Action.OWN_ACCOUNT, "account", "My account"),
)
"""Screens that stand in no menu: reached by their address, or by the name of the person in the corner."""


def allowed(actor: Actor) -> dict[str, str]:
    """Path and title of every screen this person may see, in order."""
    return {path: title for action, path, title in SCREENS if can(actor, action)}


def start_path(actor: Actor) -> str:
    """The path of the screen a person starts with; Streamlit shows it under / only."""
    return next(iter(allowed(actor)), "")
