"""Who may do what: one table of actions and roles, asked by every service function.

`check_can` raises a sentence for staff; `can` answers a screen. The administrator keeps accounts
and keys and sees no chart (45 CFR 164.502(b), minimum necessary).
"""

from dataclasses import dataclass
from enum import StrEnum

from storage.foundation.errors import NotAllowed
from storage.foundation.states import By


class Role(StrEnum):
    MACHINE = "machine"
    OPERATOR = "operator"
    TECHNICIAN = "technician"
    SUPERVISOR = "supervisor"
    AUDITOR = "auditor"
    ADMIN = "admin"


class Action(StrEnum):
    SEE_BATCHES = "see batches"
    SEE_PAGES = "see page images and text"
    SEE_PROTECTED = "see protected documents that are filed"
    BREAK_GLASS = "open a protected document in an emergency"
    REVIEW_ACCESS = "review who opened protected documents"
    SEARCH = "search charts"
    ADD_LABEL = "add a label of protection"
    LIFT_WORDS = "lift a label that only words gave, from a document on your own desk"
    LIFT_LABEL = "lift any label of protection"
    VERIFY = "correct, index and approve"
    AMEND = "amend a filed document"
    OVERRIDE = "void, release and reopen"
    RETRY = "retry a quarantined file"
    GET_ORIGINAL = "have the file as it was dropped"
    DROP = "drop scans and print sheets"
    SECOND_KEY = "key a document a second time"
    CHECK_QUALITY = "review verified documents"
    SEE_NUMBERS = "see throughput and accuracy"
    SEE_HEALTH = "see whether everything runs"
    SEE_AUDIT = "read the audit log"
    KEEP_ACCOUNTS = "keep accounts"
    KEEP_BACKUPS = "back up, check and restore"
    OWN_ACCOUNT = "change their own password and see their own work"


_WHO: dict[Action, frozenset[Role]] = {
    Action.SEE_BATCHES: frozenset({Role.MACHINE, Role.OPERATOR, Role.TECHNICIAN, Role.SUPERVISOR}),
    Action.SEE_PAGES: frozenset({Role.MACHINE, Role.TECHNICIAN, Role.SUPERVISOR}),
    Action.SEE_PROTECTED: frozenset({Role.MACHINE, Role.SUPERVISOR}),
    Action.BREAK_GLASS: frozenset({Role.TECHNICIAN, Role.SUPERVISOR}),
    Action.REVIEW_ACCESS: frozenset({Role.AUDITOR, Role.SUPERVISOR}),
    Action.SEARCH: frozenset({Role.MACHINE, Role.TECHNICIAN, Role.SUPERVISOR}),
    Action.ADD_LABEL: frozenset({Role.TECHNICIAN, Role.SUPERVISOR}),
    Action.LIFT_WORDS: frozenset({Role.TECHNICIAN, Role.SUPERVISOR}),
    Action.LIFT_LABEL: frozenset({Role.SUPERVISOR}),
    Action.VERIFY: frozenset({Role.MACHINE, Role.TECHNICIAN, Role.SUPERVISOR}),
    Action.AMEND: frozenset({Role.TECHNICIAN, Role.SUPERVISOR}),
    Action.OVERRIDE: frozenset({Role.SUPERVISOR}),
    Action.RETRY: frozenset({Role.MACHINE, Role.OPERATOR, Role.TECHNICIAN, Role.SUPERVISOR}),
    Action.GET_ORIGINAL: frozenset({Role.SUPERVISOR}),
    Action.DROP: frozenset({Role.OPERATOR, Role.TECHNICIAN, Role.SUPERVISOR}),
    Action.SECOND_KEY: frozenset({Role.TECHNICIAN, Role.SUPERVISOR}),
    Action.CHECK_QUALITY: frozenset({Role.SUPERVISOR}),
    Action.SEE_NUMBERS: frozenset({Role.TECHNICIAN, Role.SUPERVISOR, Role.AUDITOR}),
    Action.SEE_HEALTH: frozenset({Role.OPERATOR, Role.SUPERVISOR, Role.ADMIN}),
    Action.SEE_AUDIT: frozenset({Role.AUDITOR, Role.SUPERVISOR}),
    Action.KEEP_ACCOUNTS: frozenset({Role.MACHINE, Role.ADMIN}),
    Action.KEEP_BACKUPS: frozenset({Role.MACHINE, Role.SUPERVISOR, Role.ADMIN}),
    Action.OWN_ACCOUNT: frozenset(set(Role) - {Role.MACHINE}),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """A named person, or the machine, who does something."""

    name: str
    role: Role

    @property
    def acts_as(self) -> By:
        """How the table of states sees this actor. Says nothing of what the role may do: `check_can` comes first."""
        return _SEEN_AS.get(self.role, By.TECHNICIAN)


_SEEN_AS = {Role.MACHINE: By.MACHINE, Role.SUPERVISOR: By.SUPERVISOR, Role.AUDITOR: By.AUDITOR}

MACHINE = Actor("machine", Role.MACHINE)


def can(actor: Actor, action: Action) -> bool:
    """Whether this actor may do this, for a screen that shows or hides a button."""
    return actor.role in _WHO[action]


def roles_with(action: Action) -> list[Role]:
    """The roles of people that include an action, for a sentence."""
    return [role for role in Role if role in _WHO[action] and role is not Role.MACHINE]


def check_can(actor: Actor, action: Action) -> None:
    """Raises NotAllowed with a sentence when this actor may not do this."""
    if not can(actor, action):
        raise NotAllowed(f"Your role ({actor.role}) does not include: {action}. Ask a supervisor.")
