"""Payer and member of an insurance card: its brand, which no label announces, and the name behind 'Member'."""

from collections.abc import Iterator, Sequence

from classify import normal
from classify.fields import claims, coverage, name
from classify.fields.facility import up_to_gap
from classify.fields.mentions import Kind, mentions_of
from classify.finding.labels import FoundLabel
from classify.finding.unlabelled import UnlabelledValue
from classify.profile import Profile
from classify.rows import Row
from ocr.page import Word, box_of

_ON_CARDS = frozenset({"member_id", "group", "rx_bin", "rx_pcn"})
_LEAST_LABELS = 2
"""Kinds of labels that make a card of a page; a face sheet has a label for the payer too."""

_MEMBER = frozenset({"member", "enrollee", "cardholder", "subscriber", "insured"})
_MOST_ROWS = 40
_FIRST_ROWS = 4
_PLANS = frozenset("ppo hmo epo pos plus choice plan gold silver bronze platinum advantage select member card".split())
"""Words of which the names of plans are made, which stand under the brand."""
_SURE = 0.8
"""Of 100 such payers and members whose words were read right, how many are right."""


def find(rows: tuple[Row, ...], anchors: list[FoundLabel], profile: Profile) -> Iterator[UnlabelledValue]:
    """Payer and member of an insurance card, the member of an insurer's letter; nothing of any other page."""
    fields = {anchor.field for anchor in anchors}
    is_of_a_card = is_card(rows, anchors)
    is_named = any(anchor.field == "payer" and not _is_a_plan(anchor, rows) for anchor in anchors)
    if is_of_a_card and not is_named and (payer := _payer(rows, anchors, profile)) is not None:
        yield payer
    if "name" in fields or not (is_of_a_card or claims.is_of_an_insurer(rows)):
        return
    if (member := _member(rows, profile)) is not None:
        yield member


def _is_a_plan(anchor: FoundLabel, rows: tuple[Row, ...]) -> bool:
    """Whether a label asks for the plan, of which a card tells beside its brand."""
    words = rows[anchor.row].words[anchor.first : anchor.last + 1]
    return any(normal.plain(word.text) == "plan" for word in words)


def is_card(rows: tuple[Row, ...], anchors: list[FoundLabel]) -> bool:
    """Whether a page holds the labels of an insurance card, and little else."""
    return len({anchor.field for anchor in anchors} & _ON_CARDS) >= _LEAST_LABELS and len(rows) <= _MOST_ROWS


def _member(rows: tuple[Row, ...], profile: Profile) -> UnlabelledValue | None:
    """The name behind or under 'Member', where forms have a number."""
    for number, row in enumerate(rows):
        for at, word in enumerate(row.words):
            if normal.plain(word.text) not in _MEMBER:
                continue
            behind = [m for m in mentions_of(row.words[at + 1 :], profile) if m.kind is Kind.NAME]
            below = [
                m
                for other in rows[number + 1 : number + 3]
                for m in mentions_of(other.words, profile)
                if m.kind is Kind.NAME and abs(m.box.left - word.box.left) < _UNDER * max(12, word.box.height)
            ]
            for found in (*behind[:1], *below[:1]):
                parsed = name.parse(
                    _text(found.words), profile
                )  # cards print the first name first, unless a comma says else
                value = parsed[0] if parsed is not None and parsed[1] else found.value
                return UnlabelledValue(
                    "name", value, found.words, _SURE * min(w.confidence for w in found.words), "label"
                )
    return None


_UNDER = 3.0
"""Heights of a label by which a name under it begins apart."""


def _payer(rows: tuple[Row, ...], anchors: list[FoundLabel], profile: Profile) -> UnlabelledValue | None:
    """The brand at the head of a card: the largest of what begins its first rows that is no label and no name of a plan."""
    labelled = {anchor.row for anchor in anchors}
    heads = [up_to_gap(row.words) for number, row in enumerate(rows[:_FIRST_ROWS]) if number not in labelled]
    brands = [words for words in heads if _is_brand(words, profile)]
    best = max(brands, key=lambda words: box_of(words).height, default=None)
    parsed = coverage.parse_payer(_text(best), profile) if best else None
    if best is None or parsed is None:
        return None
    return UnlabelledValue("payer", parsed[0], tuple(best), _SURE * min(w.confidence for w in best), "letterhead")


def _is_brand(words: Sequence[Word], profile: Profile) -> bool:
    text = _text(words)
    if any(c.isdigit() for c in text) or coverage.parse_payer(text, profile) is None:
        return False
    return not set(normal.plain(text).split()) <= _PLANS


def _text(words: Sequence[Word]) -> str:
    return " ".join(word.text for word in words)
