"""What people type is kept whole or refused: nothing is cut without a word."""

from storage.foundation.errors import StateRefused

LEAST_REASON = 5
"""Characters under which a reason is none."""


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
