"""May this document file itself? Not yet: every document goes to a person until its class has earned it.

Running automatic linking in the shadow first, and allowing it per class after at least 3,000 shadow
decisions without a wrong one, is what FINDINGS §3 asks for; this file is where that is decided.
"""

from classify.guess import DocumentGuess

EARNED: frozenset[str] = frozenset()
"""Document types whose measured risk allows filing without a person; none at first."""


def may_file_itself(guess: DocumentGuess, worst_outcome: str) -> bool:
    """True only for an earned class, a linked patient, readable pages and nothing that contradicts."""
    return (
        guess.type.code in EARNED
        and guess.match.decision == "linked"
        and worst_outcome in ("ok", "blank")
        and not guess.flags
    )
