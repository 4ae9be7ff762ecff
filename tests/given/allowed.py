"""Which move leads where and who may make it, written by hand: a change of the tables in states.py is noticed here."""

from storage.foundation.permissions import MACHINE, Actor, Role

Allowed = dict[tuple[str, str], tuple[str, tuple[Role, ...]]]
"""State before and event: state after, and the roles that may."""

_MACHINE = (Role.MACHINE,)
_SUPERVISOR = (Role.SUPERVISOR,)
_STAFF = (Role.OPERATOR, Role.TECHNICIAN, Role.SUPERVISOR, Role.ADMIN)  # who of them verifies, `check_can` says first

LOT: Allowed = {
    ("filling", "fill"): ("full", _MACHINE),
    ("filling", "end"): ("full", _SUPERVISOR),
    ("filling", "reject"): ("rejected", _SUPERVISOR),
    ("full", "accept"): ("accepted", _SUPERVISOR),
    ("full", "reject"): ("rejected", _SUPERVISOR),
}

ITEM: Allowed = {
    ("member", "draw"): ("sample", _MACHINE),
    ("member", "inspect"): ("inspection", _MACHINE),
    ("sample", "overtake"): ("overtaken", _MACHINE),
    ("sample", "file_without_review"): ("released", _SUPERVISOR),
    ("inspection", "file_without_review"): ("released", _SUPERVISOR),
    ("double_key", "file_without_review"): ("released", _SUPERVISOR),
}

CORRECTION: Allowed = {
    ("proposed", "confirm"): ("confirmed", _SUPERVISOR),
    ("proposed", "withdraw"): ("withdrawn", _STAFF),
}

AMENDMENT: Allowed = {
    ("open", "file"): ("filed", (*_MACHINE, *_STAFF)),
    ("open", "cancel"): ("cancelled", _STAFF),
}

QUESTION: Allowed = {
    ("open", "stay"): ("stays", _STAFF),
    ("open", "turn_down"): ("turned_down", _STAFF),
    ("open", "move"): ("moved", _SUPERVISOR),
    ("open", "undo"): ("undone", (*_MACHINE, *_SUPERVISOR)),
}

DOUBT: Allowed = {
    ("open", "decline"): ("declined", _SUPERVISOR),
    ("open", "merge"): ("merged", (*_MACHINE, *_SUPERVISOR)),
    ("merged", "unmerge"): ("open", (*_MACHINE, *_SUPERVISOR)),
}

RESCAN: Allowed = {
    ("asked", "arrive"): ("arrived", _MACHINE),
    ("asked", "accept_as_is"): ("accepted", _STAFF),
}

REPEAT: Allowed = {
    ("open", "keep_both"): ("kept_both", _STAFF),
    ("open", "void_copy"): ("copy", _SUPERVISOR),
    ("open", "void_replaced"): ("replaced", _SUPERVISOR),
    ("copy", "bring_back"): ("open", _SUPERVISOR),
    ("replaced", "bring_back"): ("open", _SUPERVISOR),
}

ACCESS: Allowed = {("to_review", "review"): ("reviewed", (Role.AUDITOR, *_SUPERVISOR))}


def actor_of(role: Role) -> Actor:
    """Somebody with this role, called after it."""
    return MACHINE if role is Role.MACHINE else Actor(role.value, role)


def events_of(table: Allowed) -> list[str]:
    """Every event of a table."""
    return sorted({event for _, event in table})
