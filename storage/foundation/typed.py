"""What people type is kept whole or refused: nothing is cut without a word."""

import re

from storage.foundation.errors import StateRefused

LEAST_LETTERS = 10
"""Letters of one word that are a reason (*unreadable*); a reason of two words may be shorter (*wrong chart*)."""

LEAST_REASON = 5
"""Characters under which a reason is none, whatever its words: *x y* tells nobody anything."""

REASON = 500
"""Letters that a reason or remark may have: a paragraph."""

VALUE = 200
"""Letters that a field value may have: the longest address and diagnosis lines of real forms are half as long."""


def typed_text(text: str, most: int = REASON, what: str = "This text") -> str:
    """A text with its spaces made single and those at the ends left off; StateRefused when it is longer than is kept."""
    text = " ".join(text.split())
    if len(text) > most:
        raise StateRefused(f"{what} has {len(text)} letters; at most {most} are kept. Please shorten it.")
    return text


def typed_reason(text: str, what: str = "the reason", why: str = "whoever reads it later has to understand it") -> str:
    """A reason that somebody has to give, as `typed_text` keeps it; StateRefused when it is under two words and ten letters.

    The one rule for every reason that is typed. `what` is asked for, and `why` it has to say more, as the refusal tells.
    """
    text = typed_text(text, what=what.capitalize())
    words = re.findall(r"\w+", text)
    has_words = len(words) > 1 and len(text) >= LEAST_REASON
    if not has_words and sum(map(str.isalpha, text)) < LEAST_LETTERS:
        raise StateRefused(f"Write {what}, in two words or more: {why}.")
    return text
