"""The screens in the order of the day's work, and what each needs; the first that a person may see is their start.

Whoever has signed in stands before what waits for them (HOME); the bare address is the start, where work goes on.
"""

from storage.foundation.permissions import Action, Actor, can, roles_with

HOME = "home"
"""Where a person is led when they have signed in."""

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
    (Action.OWN_ACCOUNT, HOME, "Home"),
)
"""What each screen needs, its path, its title; the services behind it ask again by themselves."""


BESIDE: tuple[tuple[Action, str, str], ...] = (
    (Action.VERIFY, "plain", "Verify with plain widgets"),
    (Action.OWN_ACCOUNT, "account", "My account"),
)
"""Screens that stand in no menu: reached by their address, or by the name of the person in the corner."""


MISSING = "missing"
"""Where the gate leads whoever asks for a screen that there is not."""

NO_SCREEN = "There is no screen at this address."
"""What is said there."""

PATHS = frozenset({"", MISSING, *(path for _, path, _ in (*SCREENS, *BESIDE))})
"""Every address under which Streamlit shows something of ours."""


def allowed(actor: Actor) -> dict[str, str]:
    """Path and title of every screen this person may see, in order."""
    return {path: title for action, path, title in SCREENS if can(actor, action)}


def refused(actor: Actor) -> dict[str, str]:
    """Path and sentence of every screen that this person may not see: which right it takes, who has it, and who gives it."""
    found: dict[str, list[Action]] = {}
    titles = {path: title for _, path, title in (*SCREENS, *BESIDE)}
    for action, path, _ in (*SCREENS, *BESIDE):
        found.setdefault(path, []).append(action)
    return {
        path: _refusal(actor, titles[path], actions)
        for path, actions in found.items()
        if not any(can(actor, action) for action in actions)
    }


def _refusal(actor: Actor, title: str, actions: list[Action]) -> str:
    roles = dict.fromkeys(role for action in actions for role in roles_with(action))
    return (
        f"{actor.name} ({actor.role}) has no right to {title}: it takes the right to "
        f"{' or to '.join(actions)}, which an administrator gives by the role {' or '.join(roles)}."
    )


SECTIONS: dict[str, tuple[str, ...]] = {
    "": (HOME, "verify", "worklist", "search", "chart"),
    "Documents": ("group", "registration", "blanks"),
    "Scans": ("scanning", "scans", "exceptions", "rescans"),
    "Quality": ("corrections", "looks", "dashboard"),
    "System": ("audit", "accounts", "system"),
}
"""Where each screen stands in the navigation: what is used all day by itself, the others under a head."""

MOST_FLAT = 6
"""Screens that stand beside each other without heads: more than these do not fit beside the name at 1024 pixels."""


def navigation(actor: Actor) -> dict[str, list[str]]:
    """The paths of a person's screens by the head they stand under, HOME first; few ones stand under none."""
    mine = allowed(actor)
    if len(mine) <= MOST_FLAT:
        return {"": [HOME, *(path for path in mine if path != HOME)]}
    found = {head: [path for path in paths if path in mine] for head, paths in SECTIONS.items()}
    return {head: paths for head, paths in found.items() if paths}


def start_path(actor: Actor) -> str:
    """The path of the screen a person starts with; Streamlit shows it under / only."""
    return next(iter(allowed(actor)), "")
