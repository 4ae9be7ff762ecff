"""Check digits of record numbers, each under the name of its standard. The check digits are the last of the number."""

from collections.abc import Callable
from dataclasses import dataclass

from classify import normal


@dataclass(frozen=True, slots=True)
class CheckDigit:
    """One way to check a number: whether its digits are right, and one in how many numbers is right by chance."""

    is_right: Callable[[str], bool]
    by_chance: int


def _mod11(digits: str) -> bool:
    """Weights 2, 3, 4 … from the right, the check digit itself 1; the remainder 10 is written X or never given out.

    As in ISBN-10 (ISO 2108:1992) and, with nine digits before it, the NHS number (NHS Data Dictionary).
    """
    values = [10 if digit == "X" else int(digit) for digit in reversed(digits)]
    return sum(value * (place + 1) for place, value in enumerate(values)) % 11 == 0


def _mod97(digits: str) -> bool:
    """ISO/IEC 7064, MOD 97-10: the number with its two check digits leaves 1."""
    return int(digits) % 97 == 1


def gs1_is_right(digits: str) -> bool:
    """The check digit of GS1 keys (GTIN, GSRN): weights 3 and 1 from the right (GS1 General Specifications 7.9)."""
    return sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(reversed(digits))) % 10 == 0


CHECK_DIGITS: dict[str, CheckDigit] = {
    "luhn": CheckDigit(normal.luhn_is_right, 10),
    "mod11": CheckDigit(_mod11, 11),
    "mod97-10": CheckDigit(_mod97, 97),
    "gs1": CheckDigit(gs1_is_right, 10),
}
"""The names that `mrn_check_digit` and `encounter_check_digit` of a profile may have."""

_FEWEST = 4
"""Digits under which a check says nothing."""


def is_right(number: str, scheme: str) -> bool:
    """Whether the check digits of a number are right; letters and hyphens before them do not count. Without a scheme: yes."""
    if not scheme:
        return True
    digits = "".join(c for c in number.upper() if c.isdecimal())
    if scheme == "mod11" and number.upper().endswith("X"):
        digits += "X"
    return len(digits) >= _FEWEST and CHECK_DIGITS[scheme].is_right(digits)
