"""Values whose label says how they stand beside others of their field, and what becomes of them in a document.

A page may name several diagnoses, and they are no contradiction: the principal one is `diagnosis`, the others are
`diagnosis_2`, `diagnosis_3` … A 'Plan' or 'Carrier' may name who pays, or what is done for a patient.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from classify import normal
from classify.guess import FieldValue

RANKED = "diagnosis"
_RANKS = {"diagnosis/principal": 0, "diagnosis": 1, "diagnosis/admitting": 2, "diagnosis/other": 3}
"""Principal, final and postoperative ones first (UHDDS: what occasioned the stay after study), then one that is called so
and nothing else, then what was thought before."""

_BELIEVED = 0.5
"""A value less likely right than wrong takes no place among the others."""

_PLAN, _CARRIER, _PAYER = "payer/plan", "payer/carrier", "payer"
_COVERAGE = frozenset({"payer", "member_id", "group", "rx_bin", "rx_pcn"})
_NEAR = 5.0
"""Heights of a row within which lines of one block stand: two rows at most."""

_INSURER = re.compile(
    r"(?i)\b(?:hmo|ppo|epo|hdhp|medicare|medicaid|medi-cal|tricare|champus|champva|blue ?cross|blue ?shield|bcbs|aetna|cigna|humana|united ?health\w*|uhc|kaiser|"
    r"anthem|molina|centene|ambetter|wellcare|insurance|assurance|indemnity|mutual|health (?:plan|partners|insurance|net)|self[- ]pay|workers'? comp\w*|advantage|casualty|underwriters|"
    r"benefits?|company|corp(?:oration)?|inc|llc|state fund)\b"
)
"""Words of the names of those who pay."""

_CARRIER_NAME = re.compile(
    r"(?i)\b(?:trust|fund|care|life|alliance|national|network|fidelity|guaranty|plans?|teamsters|brotherhood)\b"
)
"""Words of such names that are other things too, except behind 'Carrier'."""


def is_insurer(text: str) -> bool:
    """Whether a text holds a word of the names of those who pay."""
    return _INSURER.search(text) is not None


def settle(fields: Iterable[FieldValue]) -> tuple[FieldValue, ...]:
    """The values of a document under the names that they are kept by."""
    found = tuple(fields)
    others = (value for value in found if value.name not in _RANKS)
    return (*payers(others), *_diagnoses(found))


def base_of(name: str) -> str:
    """The field that a value is one of: `diagnosis` of `diagnosis_2` and of `diagnosis/admitting`."""
    return re.sub(r"(?:_\d+|/\w+)$", "", name) if name.startswith((RANKED, _PAYER)) else name


def _diagnoses(fields: tuple[FieldValue, ...]) -> Iterator[FieldValue]:
    """Every diagnosis under its place, best first; the same words are one, as the surest place writes them."""
    named = [part for value in fields if value.name in _RANKS for part in _parts(value)]
    best: dict[str, FieldValue] = {}
    for value in sorted(named, key=lambda v: (_RANKS[v.name], -v.confidence)):
        if value.confidence >= _BELIEVED:
            best.setdefault(normal.plain(value.value), value)
    places = {words: RANKED if at == 1 else f"{RANKED}_{at}" for at, words in enumerate(best, start=1)}
    for value in named:
        words = normal.plain(value.value)
        written = best[words].value if words in best else value.value
        yield replace(value, name=places.get(words, RANKED), value=written)


def _parts(value: FieldValue) -> Iterator[FieldValue]:
    """A list in one line, '1. Pneumonia 2. Gout', as its items: the first is what the label says."""
    items = [item.strip(" :;,.-") for item in re.split(r"(?:^|\s)\d{1,2}[.)]\s+", value.value)]
    if len(items) < 3 or items[0] or not all(items[1:]):
        yield value
        return
    for count, item in enumerate(items[1:], start=1):
        yield replace(value, name=value.name if count == 1 else f"{RANKED}/other", value=item)


def payers(values: Iterable[FieldValue]) -> Iterator[FieldValue]:
    """The values, of plans and carriers those who pay: by name, or in the block of a member id or group."""
    fields = tuple(values)
    is_branded = any(value.name == _PAYER and value.source == "letterhead" for value in fields)
    coverage = [value for value in fields if value.name in _COVERAGE and value.confidence >= _BELIEVED]
    for value in fields:
        if value.name not in (_PLAN, _CARRIER):
            yield value
        elif (
            _INSURER.search(value.value)
            or (value.name == _CARRIER and _CARRIER_NAME.search(value.value))
            or any(_are_near(value, other) for other in coverage)
        ):
            most = _OF_A_BRAND if is_branded else 1.0
            yield replace(value, name=_PAYER, confidence=min(value.confidence, most))


_OF_A_BRAND = 0.5
"""Confidence of the name of a plan where the page shows the brand whose plan it is, at most."""


def _are_near(one: FieldValue, other: FieldValue) -> bool:
    if one.page != other.page or one.box is None or other.box is None:
        return False
    return abs(one.box.top - other.box.top) <= _NEAR * max(one.box.height, 1)
