"""How many documents of a lot are looked at again, and with how many errors it is accepted: ANSI/ASQ Z1.4.

Single sampling by attributes: Table I (code letters), Tables II-A, II-B and II-C (normal, tightened, reduced
inspection), and the switching rules of clause 8. Arrows of the tables are followed as they point.
Errors that may not occur at all (a wrong patient) have acceptance number 0 whatever the plan says.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How hard a lot is looked at."""

    NORMAL = "normal"
    TIGHTENED = "tightened"
    REDUCED = "reduced"


LEVELS = ("I", "II", "III")

# fmt: off
_LETTERS = "ABCDEFGHJKLMNPQR"
_LOTS = (8, 15, 25, 50, 90, 150, 280, 500, 1_200, 3_200, 10_000, 35_000, 150_000, 500_000)
_LETTER_OF = {"I": "AABCCDEFGHJKLMN", "II": "ABCDEFGHJKLMNPQ", "III": "BCDEFGHJKLMNPQR"}
_SIZES = (2, 3, 5, 8, 13, 20, 32, 50, 80, 125, 200, 315, 500, 800, 1_250, 2_000)
_REDUCED_SIZES = (2, 2, 2, 3, 5, 8, 13, 20, 32, 50, 80, 125, 200, 315, 500, 800)
AQLS = (0.01, 0.015, 0.025, 0.04, 0.065, 0.1, 0.15, 0.25, 0.4, 0.65, 1.0, 1.5, 2.5, 4.0, 6.5, 10.0)
_NORMAL = (0, 1, 2, 3, 5, 7, 10, 14, 21)
_TIGHTENED = (0, 1, 2, 3, 5, 8, 12, 18)
_REDUCED = ((0, 1), (0, 2), (1, 3), (1, 4), (2, 5), (3, 6), (5, 8), (7, 10), (10, 13))
# fmt: on


_STEPS_OF_ARROWS = 3


@dataclass(frozen=True, slots=True)
class Plan:
    """Documents to look at; with up to `accept` errors the lot is accepted, with `reject` or more it is not.

    Between the two, which only reduced inspection has, the lot is accepted and normal inspection comes back.
    """

    size: int
    accept: int
    reject: int


def plan_for(lot: int, aql: float, level: str = "II", severity: Severity = Severity.NORMAL) -> Plan:
    """The plan for a lot of this many documents at an AQL in percent; a sample as large as the lot is all of it.

    ValueError for an AQL or level that the standard does not have.
    """
    if aql not in AQLS or level not in LEVELS:
        raise ValueError(f"Z1.4 has AQLs {AQLS[0]} to {AQLS[-1]} and levels {', '.join(LEVELS)}.")
    letter = _LETTERS.index(_LETTER_OF[level][bisect_left(_LOTS, lot)])
    zero = len(AQLS) - 2 - AQLS.index(aql) + (severity is Severity.TIGHTENED)  # the letter whose plan accepts with 0
    step = letter - zero
    allowed = _TIGHTENED if severity is Severity.TIGHTENED else _NORMAL
    if step <= 0:
        step = 0
    elif (
        step < _STEPS_OF_ARROWS
    ):  # the arrows between the plans for 0 and 1 errors; the one up needs a plan to point to
        step = 0 if step == 1 and zero >= 0 and severity is not Severity.TIGHTENED else _STEPS_OF_ARROWS
    row = 0 if step == 0 else min(step - 2, len(allowed) - 1)
    letter = min(max(zero + (0 if row == 0 else row + 2), 0), len(_LETTERS) - 1)
    if severity is Severity.REDUCED:
        accept, reject = _REDUCED[row]
        return Plan(min(lot, _REDUCED_SIZES[letter]), accept, reject)
    return Plan(min(lot, _SIZES[letter]), allowed[row], allowed[row] + 1)


_FEW_LOTS, _MANY_LOTS, _REJECTED_TIGHTEN = 5, 10, 2
"""Switching rules of ANSI/ASQ Z1.4, clause 8.3."""


def next_severity(now: Severity, decided: Sequence[bool]) -> Severity:
    """How hard the next lot is looked at, after lots that were accepted or not under `now`, newest last (clause 8.3):

    two of five rejected tighten; five accepted in a row loosen to normal; ten accepted in a row reduce; one rejected under
    reduced inspection ends it.
    """
    if now is Severity.NORMAL:
        if list(decided[-_FEW_LOTS:]).count(False) >= _REJECTED_TIGHTEN:
            return Severity.TIGHTENED
        return Severity.REDUCED if len(decided) >= _MANY_LOTS and all(decided[-_MANY_LOTS:]) else now
    if now is Severity.TIGHTENED:
        return Severity.NORMAL if len(decided) >= _FEW_LOTS and all(decided[-_FEW_LOTS:]) else now
    return Severity.NORMAL if decided and not decided[-1] else now
