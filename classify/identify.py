"""Which kind of document: title phrases by place and size, body cues, OCR-tolerant; knows when it does not know.

Four things speak for a kind: a title of the type table, a heading in other words (wording.py), cues of the table,
and the wording of the whole. They are weighed together in a choice between all kinds and none of them.
"""

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from rapidfuzz import fuzz

from classify import doctypes, normal
from classify.doctypes import OTHER, DocumentType
from classify.guess import TypeGuess
from classify.rows import Row
from classify.wording import Wording, plain_words, shipped
from ocr.page import Box

_SAME_WORD = 74
"""Of 100: 'note' and 'n0te' are 75 alike, 'request' and 'reason' 62."""


_LONE_WORD, _LEAST_CUES = 0.6, 1.2
"""What a cue of one word counts, and the cues that a kind needs where no title speaks for it."""

_LONG_CUE, _SAME_CUE = 10, 84
"""Letters of a cue that is known when misread, and how alike (of 100) it must then be."""

_SECTION_HEADS = frozenset(
    {"past medical history", "family medical history", "past medical surgical history", "significant medical history"}
)
"""Headings inside notes that hold the title of another kind."""


_UNLIKE = -1.0
"""How far a text lies from a kind when it says nothing that is known."""

_STRANGE = -0.5
"""The same for a kind that the weights of words have never seen: half way to the border, as nothing speaks against it."""

_LEAST_WORDING, _LEAST_HEARD = -0.8, 0.05
"""A kind further off than this, and with no title or cue, has no vote."""

_HEADING_PLACE = 0.6
"""A row that stands less like a title is not heard as one."""

_ANNOUNCES = 0.75
"""A title this strong, or a heading heard this surely, says where a document begins."""


_FIRST_ROWS = 4
"""Rows of a page among which a title names the document: below come identity blocks and the headings of sections."""

_NAMES_IT = 0.8
"""Strength of a title that is a whole row there, set as a title is. Of 1,511 notes without titles (MTSamples) none is named so but by its own title."""

_HEARS_NONE = 0.8
"""A kind with neither a title nor a heading this strong is spoken for by the body of the page alone."""

_BODY_ALONE = 6.0
"""What the body of a page must say more for another kind than the title on top for its own (odds of 400 to 1)."""


@dataclass(frozen=True, slots=True)
class Vote:
    """How much a page speaks for a kind: title strength 0 to 1, cues found (a lone word counts less), the chance that
    a heading in other words means it, how far its wording lies on the kind's side (about -1 to 1), and the phrase."""

    code: str
    title: float
    cues: float
    evidence: str
    box: Box | None
    heard: float = 0.0
    wording: float = _UNLIKE
    is_on_top: bool = False  # its title is one of the first rows, and the whole of it

    @property
    def names_it(self) -> bool:
        """Whether the page is called so: a title of the table on top of it."""
        return self.is_on_top and self.title >= _NAMES_IT

    @property
    def is_of_the_body(self) -> bool:
        """Whether neither a title nor a heading speaks for it."""
        return max(self.title, self.heard) < _HEARS_NONE


def evidence_of_vote(vote: Vote) -> tuple[float, ...]:
    """What is weighed, in the order of `Wording.together`: title, heard, cues, wording, and that there is a vote."""
    return (vote.title, vote.heard, math.log1p(vote.cues), vote.wording, 1.0)


def identify(rows: tuple[Row, ...], page_number: int | None = None, best: int = 3) -> tuple[TypeGuess, ...]:
    """The likeliest kinds with their confidence, best first; OTHER with what is left over."""
    return _ranked(count_votes(rows), shipped(), page_number)[:best]


def _ranked(votes: list[Vote], words: Wording, page_number: int | None = None) -> tuple[TypeGuess, ...]:
    """The kinds with a vote by their chance: a choice between them and none (conditional logit, McFadden 1974).

    The weights were fitted on pages whose title and body agree. Where they do not, notes quote what other kinds say.
    """
    weights = tuple(words.together.values())
    is_named = any(vote.names_it for vote in votes)
    scored = [
        (
            sum(w * e for w, e in zip(weights, evidence_of_vote(vote), strict=True))
            - (_BODY_ALONE if is_named and vote.is_of_the_body else 0.0),
            vote,
        )
        for vote in votes
    ]
    top = max((score for score, _ in scored), default=0.0)
    total = math.exp(-max(0.0, top)) + sum(math.exp(score - max(0.0, top)) for score, _ in scored)
    guesses = [
        TypeGuess(vote.code, round(math.exp(score - max(0.0, top)) / total, 4), vote.evidence, page_number, vote.box)
        for score, vote in sorted(scored, key=lambda pair: -pair[0])
    ]
    none = math.exp(-max(0.0, top)) / total
    if not guesses or guesses[0].confidence < none:
        return (TypeGuess(OTHER, round(none, 4) if guesses else 0.0), *guesses)
    return tuple(guesses)


def rule_chances(votes: list[Vote], words: Wording | None = None) -> dict[str, float]:
    """The chance of every kind that has a vote, as titles, headings, cues and wording see it."""
    return {guess.code: guess.confidence for guess in _ranked(votes, words or shipped()) if guess.code != OTHER}


def find_title(rows: tuple[Row, ...]) -> Vote | None:
    """The kind this page's own heading announces, or None: used to see where a document begins."""
    votes = (replace(v, title=max(v.title, v.heard)) for v in count_votes(rows) if max(v.title, v.heard) >= _ANNOUNCES)
    return max(votes, key=lambda v: (v.title, v.cues), default=None)


def count_votes(rows: tuple[Row, ...], words: Wording | None = None) -> list[Vote]:
    """A vote for every kind that has any support on this page."""
    if not rows:
        return []
    words = words or shipped()
    heights = sorted(row.box.height for row in rows)
    typical = heights[len(heights) // 2] or 1
    headings = [_Heading(row, _plain(row.text), _place(row, typical)) for row in rows]
    body = f" {' '.join(heading.text for heading in headings)} "
    titles = _best_titles(headings)
    heard = _hear_headings(headings, words)
    wording = words.hear_body(plain_words(" ".join(row.text for row in rows)))
    misread = _misread_cues(headings)
    top = {row.box for row in rows[:_FIRST_ROWS] if not row.text.endswith(":")}  # 'PROBLEM LIST:' heads a section
    votes = []
    for kind in doctypes.table():
        title, evidence, box = titles.get(kind.code, (0.0, "", None))
        chance, heading = heard.get(kind.code, (0.0, None))
        if (kind.code, evidence) in doctypes.site_titles():  # the weights of words have never heard of it
            chance = max(chance, title)
        cues = sum(_telling(cue) for cue in _plain_phrases(kind.cues) if f" {cue} " in body or cue in misread)
        side = wording.get(kind.code, _UNLIKE if kind.code in words.biases else _STRANGE)
        if (
            title > 0
            or cues >= _LEAST_CUES
            or chance > _LEAST_HEARD
            or (kind.code in wording and side > _LEAST_WORDING)
        ):
            if heading is not None and heard[kind.code][0] > title:
                evidence, box = heading.row.text, heading.row.box
            is_on_top = kind.code in titles and titles[kind.code][2] in top
            votes.append(Vote(kind.code, title, cues, evidence, box, chance, side, is_on_top))
    return votes


def _hear_headings(headings: list["_Heading"], words: Wording) -> dict[str, tuple[float, "_Heading"]]:
    """For every kind the heading that announces it best in words of its own, and its chance less what its place takes."""
    best: dict[str, tuple[float, _Heading]] = {}
    for heading in headings:
        if heading.place < _HEADING_PLACE:
            continue
        text = plain_words(heading.row.text)
        place = heading.place * (1.0 if " " in text else _LONE_WORD)  # 'Anesthesia' may head a section as well
        for code, chance in words.hear_heading(text).items():
            if chance * place > best.get(code, (0.0, None))[0]:
                best[code] = (chance * place, heading)
    return best


@dataclass(frozen=True, slots=True)
class _Heading:
    """A row as a possible title: its plain text, and how much its place and size speak for that."""

    row: Row
    text: str
    place: float


@cache
def _plain_phrases(phrases: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_plain(phrase) for phrase in phrases)


def _plain(text: str) -> str:
    """Plain letters, with & as the word that it is: H&P, H & P and H and P are one title."""
    return normal.plain(text.replace("&", " and "))


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A title phrase of one kind, as printed in the table and in plain letters."""

    code: str
    phrase: str
    plain: str


@cache
def _phrases(kinds: tuple[DocumentType, ...]) -> tuple[tuple[_Phrase, ...], dict[str, list[int]], list[int]]:
    """All title phrases, which of them hold each run of three letters, and how many runs each has."""
    phrases = [
        _Phrase(kind.code, phrase, plain)
        for kind in kinds
        for phrase, plain in zip(kind.titles, _plain_phrases(kind.titles), strict=True)
    ]
    holding: dict[str, list[int]] = {}
    for number, phrase in enumerate(phrases):
        for run in _runs(phrase.plain):
            holding.setdefault(run, []).append(number)
    return tuple(phrases), holding, [len(_runs(phrase.plain)) for phrase in phrases]


def _runs(text: str) -> set[str]:
    return {text[at : at + 3] for at in range(len(text) - 2)} or {text}


def _best_titles(headings: list[_Heading]) -> dict[str, tuple[float, str, Box | None]]:
    """For every kind its best title phrase on the page. Only phrases that share a third of their runs of three
    letters with a row are compared with it: one misread letter spoils three runs."""
    best: dict[str, tuple[float, str, Box | None]] = {}
    for heading in headings:
        matched = list(_matches(heading))
        for phrase, strength in matched:
            if any(_says_more(other, phrase) and loud >= 0.8 * heading.place for other, loud in matched):
                strength *= 0.3  # 'operative note' within 'brief operative note'
            known = best.get(phrase.code, (0.0, "", None))
            is_longer = strength > known[0] - 0.001 and len(phrase.phrase) > len(known[1])
            if strength > known[0] + 0.001 or is_longer:
                best[phrase.code] = (strength, phrase.phrase, heading.row.box)
    return best


def _matches(heading: _Heading) -> Iterator[tuple[_Phrase, float]]:
    """The title phrases that a row says, with how strongly it stands as a title."""
    phrases, holding, sizes = _phrases(doctypes.table())
    if heading.text in _SECTION_HEADS:
        return
    shared = Counter(number for run in _runs(heading.text) for number in holding.get(run, ()))
    for number, count in shared.items():
        phrase = phrases[number]
        if count < 0.34 * sizes[number] or len(heading.text) < 0.7 * len(phrase.plain):
            continue
        if len(phrase.plain) <= 4 and phrase.plain.upper() not in heading.row.text.split():
            continue  # the month of March is no medication administration record
        strength = _title_strength(phrase.plain, heading.text) * heading.place
        if strength > 0:
            yield phrase, strength


def _telling(cue: str) -> float:
    """A phrase tells more than a lone word, which any note may use."""
    return 1.0 if " " in cue else _LONE_WORD


@cache
def _cues(kinds: tuple[DocumentType, ...]) -> tuple[tuple[str, ...], dict[str, list[int]], list[int]]:
    """All cues that are long enough to be known when misread, which hold each run of three letters, runs in each."""
    cues = tuple({cue for kind in kinds for cue in _plain_phrases(kind.cues) if len(cue) >= _LONG_CUE})
    holding: dict[str, list[int]] = {}
    for number, cue in enumerate(cues):
        for run in _runs(cue):
            holding.setdefault(run, []).append(number)
    return cues, holding, [len(_runs(cue)) for cue in cues]


def _misread_cues(headings: list[_Heading]) -> frozenset[str]:
    """Cues that a row says with a letter or two misread."""
    cues, holding, sizes = _cues(doctypes.table())
    found: set[str] = set()
    for heading in headings:
        shared = Counter(number for run in _runs(heading.text) for number in holding.get(run, ()))
        for number, count in shared.items():
            cue = cues[number]
            is_near = cue not in found and count >= 0.4 * sizes[number]
            if (
                is_near
                and fuzz.partial_ratio(cue, heading.text, score_cutoff=_SAME_CUE)
                and _has_words(cue, heading.text)
            ):
                found.add(cue)
    return frozenset(found)


def _says_more(other: _Phrase, phrase: _Phrase) -> bool:
    return other.code != phrase.code and len(other.plain) > len(phrase.plain) and phrase.plain in other.plain


def _title_strength(wanted: str, text: str) -> float:
    """How far a row is this title: 1.0 the whole row, less when the row says more, 0 when it does not."""
    if len(text) <= 1.4 * len(wanted):
        whole = fuzz.ratio(wanted, text, score_cutoff=88 if len(wanted) > 6 else 100)
        if whole and _has_words(wanted, text):
            return whole / 100
    if len(wanted) <= 6:
        return 0.0 if f" {wanted} " not in f" {text} " or len(text.split()) > 4 else 0.55
    if fuzz.partial_ratio(wanted, text, score_cutoff=88) == 0 or not _has_words(wanted, text):
        return 0.0
    covered = len(wanted) / len(text)
    starts = text[: len(wanted) + 2]
    at_start = fuzz.ratio(wanted, starts) >= 85
    if covered >= 0.6:
        return 0.85
    return 0.6 * covered + (0.3 if at_start else 0.1) if covered > 0.2 else 0.08


def _has_words(wanted: str, text: str) -> bool:
    """Whether every word of a title is in the row, short ones letter for letter: 'reason for consultation' is not
    'request for consultation', and 'daily physician note' not 'ED physician note'."""
    if wanted.replace(" ", "") == text.replace(" ", ""):
        return True
    said = text.split()
    return all(
        any(word == other if len(word) <= 3 else fuzz.ratio(word, other) >= _SAME_WORD for other in said)
        for word in wanted.split()
    )


def _place(row: Row, typical: int) -> float:
    """Titles stand at the top and are set larger or in capitals."""
    high = 1.0 if row.top_share < 0.3 else 0.55 if row.top_share < 0.5 else 0.35
    large = 1.0 if row.box.height > 1.15 * typical else 0.9
    letters = [c for c in row.text if c.isalpha()]
    capitals = sum(c.isupper() for c in letters) / len(letters) if letters else 0.0
    is_section = ":" in row.text and (row.top_share > 0.2 or len(row.words) > 7 or any(c.isdigit() for c in row.text))
    section = 0.3 if is_section else 1.0  # 'VITAL SIGNS: …' heads a section, not a document
    return section * high * large * (1.0 if capitals > 0.6 else 0.9 if capitals > 0.1 else 0.7)
