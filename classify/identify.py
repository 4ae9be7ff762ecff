"""Which kind of document: title phrases by place and size, body cues, OCR-tolerant; knows when it does not know."""

import math
from dataclasses import dataclass
from functools import cache

from rapidfuzz import fuzz

from classify import normal
from classify.doctypes import OTHER, TYPES, DocumentType
from classify.guess import TypeGuess
from classify.rows import Row
from ocr.page import Box


@dataclass(frozen=True, slots=True)
class Vote:
    """How much a page speaks for a kind: title strength 0 to 1, cues found, and the phrase."""

    code: str
    title: float
    cues: int
    evidence: str
    box: Box | None

    @property
    def weight(self) -> float:
        return 3.0 * self.title + 0.45 * min(self.cues, 6)


def identify(rows: tuple[Row, ...], page_number: int | None = None, best: int = 3) -> tuple[TypeGuess, ...]:
    """The likeliest kinds with their confidence, best first; OTHER with what is left over.

    Confidence is a logistic of the best vote and its lead over the next (fitted by eye on MTSamples
    and on demo charts; issue 4 calibrates it).
    """
    votes = sorted(count_votes(rows), key=lambda v: -v.weight)
    if not votes or votes[0].weight < 0.4:
        return (TypeGuess(OTHER, 0.0),)
    lead = votes[0].weight - (votes[1].weight if len(votes) > 1 else 0.0)
    sure = 1 / (1 + math.exp(-(1.1 * votes[0].weight + 1.6 * lead - 2.6)))
    guesses = [TypeGuess(votes[0].code, round(sure, 4), votes[0].evidence, page_number, votes[0].box)]
    left = 1 - sure
    for vote in votes[1:best]:
        share = left * math.exp(vote.weight - votes[0].weight)
        guesses.append(TypeGuess(vote.code, round(min(share, left), 4), vote.evidence, page_number, vote.box))
    return tuple(guesses)


def find_title(rows: tuple[Row, ...]) -> Vote | None:
    """The kind this page's own heading announces, or None: used to see where a document begins."""
    titled = [v for v in count_votes(rows) if v.title >= 0.75]
    return max(titled, key=lambda v: v.weight, default=None)


def count_votes(rows: tuple[Row, ...]) -> list[Vote]:
    """A vote for every kind that has any support on this page."""
    if not rows:
        return []
    heights = sorted(row.box.height for row in rows)
    typical = heights[len(heights) // 2] or 1
    headings = [_Heading(row, normal.plain(row.text), _place(row, typical)) for row in rows]
    body = " ".join(heading.text for heading in headings)
    votes = []
    for kind in TYPES:
        title, evidence, box = _best_title(kind, headings)
        cues = sum(1 for cue in _plain_phrases(kind.cues) if f" {cue} " in f" {body} ")
        if title > 0 or cues >= 2:
            votes.append(Vote(kind.code, title, cues, evidence, box))
    return votes


@dataclass(frozen=True, slots=True)
class _Heading:
    """A row as a possible title: its plain text, and how much its place and size speak for that."""

    row: Row
    text: str
    place: float


@cache
def _plain_phrases(phrases: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(normal.plain(phrase) for phrase in phrases)


def _best_title(kind: DocumentType, headings: list[_Heading]) -> tuple[float, str, Box | None]:
    best: tuple[float, str, Box | None] = (0.0, "", None)
    for phrase, wanted in zip(kind.titles, _plain_phrases(kind.titles), strict=True):
        for heading in headings:
            if len(heading.text) < 0.7 * len(wanted):
                continue
            strength = _title_strength(wanted, heading.text) * heading.place
            if strength > best[0] + 0.001 or (
                strength > best[0] - 0.001 and len(phrase) > len(best[1]) and strength > 0
            ):
                best = (strength, phrase, heading.row.box)
    return best


def _title_strength(wanted: str, text: str) -> float:
    """How far a row is this title: 1.0 the whole row, less when the row says more, 0 when it does not."""
    if len(text) <= 1.4 * len(wanted):
        whole = fuzz.ratio(wanted, text, score_cutoff=88 if len(wanted) > 6 else 100)
        if whole:
            return whole / 100
    if len(wanted) <= 6:
        return 0.0 if f" {wanted} " not in f" {text} " or len(text.split()) > 4 else 0.55
    if fuzz.partial_ratio(wanted, text, score_cutoff=88) == 0:
        return 0.0
    covered = len(wanted) / len(text)
    starts = text[: len(wanted) + 2]
    at_start = fuzz.ratio(wanted, starts) >= 85
    if covered >= 0.6:
        return 0.85
    return 0.6 * covered + (0.3 if at_start else 0.1) if covered > 0.2 else 0.08


def _place(row: Row, typical: int) -> float:
    """Titles stand at the top and are set larger or in capitals."""
    high = 1.0 if row.top_share < 0.3 else 0.55 if row.top_share < 0.5 else 0.35
    large = 1.0 if row.box.height > 1.15 * typical else 0.9
    letters = [c for c in row.text if c.isalpha()]
    capitals = sum(c.isupper() for c in letters) / len(letters) if letters else 0.0
    section = 0.3 if ":" in row.text else 1.0  # 'VITAL SIGNS: …' heads a section, not a document
    return section * high * large * (1.0 if capitals > 0.6 else 0.9 if capitals > 0.1 else 0.7)
