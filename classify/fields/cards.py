"""Payer and member of an insurance card: its brand, which no label announces, and the name behind 'Member'."""

from collections.abc import Iterator, Sequence

from classify import normal
from classify.fields import coverage, name
from classify.finding.labels import FoundLabel
from classify.finding.unlabelled import UnlabelledValue
from classify.profile import Profile
from classify.rows import Row
from ocr.page import Word

_ON_CARDS = frozenset({"member_id", "group", "rx_bin", "rx_pcn"})
_LEAST_LABELS = 2
"""Kinds of labels that make a card of a page; a face sheet has a label for the payer too."""

_MEMBER = frozenset({"member", "enrollee", "cardholder", "subscriber"})
_MOST_ROWS = 40
_FIRST_ROWS = 4
_PLANS = frozenset("ppo hmo epo pos plus choice plan gold silver bronze platinum advantage select member card".split())
"""Words of which the names of plans are made, which stand under the brand."""
_SURE = 0.8


def find(rows: tuple[Row, ...], anchors: list[FoundLabel], profile: Profile) -> Iterator[UnlabelledValue]:
    """Payer and member of an insurance card; nothing of any other page."""
    fields = {anchor.field for anchor in anchors}
    if len(fields & _ON_CARDS) < _LEAST_LABELS or len(rows) > _MOST_ROWS:
        return
    payer = None if "payer" in fields else _payer(rows, anchors, profile)
    member = None if "name" in fields else _member(rows, profile)
    yield from (found for found in (payer, member) if found is not None)


def _member(rows: tuple[Row, ...], profile: Profile) -> UnlabelledValue | None:
    """The name behind 'Member', where forms have a number."""
    for row in rows:
        first, *rest = row.words
        if normal.plain(first.text) in _MEMBER and rest and (parsed := name.parse(_text(rest), profile)) and parsed[1]:
            return UnlabelledValue("name", parsed[0], tuple(rest), _SURE * min(w.confidence for w in rest), "label")
    return None


def _text(words: Sequence[Word]) -> str:
    return " ".join(word.text for word in words).strip(" :,.-")


def _payer(rows: tuple[Row, ...], anchors: list[FoundLabel], profile: Profile) -> UnlabelledValue | None:
    """The brand at the head of a card: the largest of its first rows that is no label and no name of a plan."""
    labelled = {anchor.row for anchor in anchors}
    heads = [row for number, row in enumerate(rows[:_FIRST_ROWS]) if number not in labelled and _is_brand(row, profile)]
    best = max(heads, key=lambda row: row.box.height, default=None)
    if best is None:
        return None
    parsed = coverage.parse_payer(best.text, profile)
    assert parsed is not None
    return UnlabelledValue("payer", parsed[0], best.words, _SURE * min(w.confidence for w in best.words), "letterhead")


def _is_brand(row: Row, profile: Profile) -> bool:
    if any(c.isdigit() for c in row.text) or coverage.parse_payer(row.text, profile) is None:
        return False
    return not set(normal.plain(row.text).split()) <= _PLANS
