"""Finds values by their labels: a label, then the value right of it, after the colon, or below it.

Labels are data, matched OCR-tolerantly; every field's labels end the value of the one before.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from rapidfuzz import fuzz

from classify import normal
from classify.profile import Profile
from classify.rows import Row, box_of
from ocr.page import Box, Word

Parse = Callable[[str, Profile], "tuple[str, bool] | None"]
"""Text after a label to (normal form, is valid), or None when it is no such value at all."""

_CLOSE = 84
"""Of 100; a label of seven letters may have one misread. Shorter labels must be exact."""


@dataclass(frozen=True, slots=True)
class Field:
    """One index field: its name, labels, how its value is read, and how many words it may have."""

    name: str
    labels: tuple[str, ...]
    parse: Parse
    most_words: int = 4
    title: str = ""


@dataclass(frozen=True, slots=True)
class Anchor:
    """A label found on a page: whose it is, and where it begins and ends in its row."""

    field: str
    row: int
    first: int
    last: int
    closeness: float
    tail: str  # what follows the label inside its last word, as in 'MRN:12345'


@dataclass(frozen=True, slots=True)
class Found:
    """A value next to a label."""

    field: str
    value: str
    raw: str
    confidence: float
    box: Box
    is_valid: bool


STOPS = (
    "address", "street", "city", "state", "zip", "phone", "telephone", "home phone", "cell phone", "work phone",
    "room", "bed", "unit", "location", "ward", "age", "race", "religion", "ssn", "social security", "social security number",
    "marital status", "language", "employer", "relationship", "fax", "email", "time", "page", "ordering physician",
    "referring physician", "referring provider", "primary care physician", "pcp", "dictated", "transcribed", "signature", "signed",
    "diagnosis", "admitting diagnosis", "procedure", "allergies", "history", "height", "weight", "status", "copay",
    "rx bin", "rxbin", "rxpcn", "rxgrp", "effective", "plan type", "guarantor", "emergency contact", "contact", "npi",
    "specimen", "collected", "received", "reported", "printed", "accession", "service", "disposition", "facility", "dept",
    "department", "surgeon", "assistant", "anesthesia", "anesthesiologist", "chief complaint", "impression", "findings", "comments", "reason",
)  # fmt: skip
"""Labels of things we do not index here, which still end a value."""


def find_anchors(rows: tuple[Row, ...], fields: tuple[Field, ...], profile: Profile) -> list[Anchor]:
    """Every label on a page, the surest and longest at each place, no two over the same word."""
    site = tuple((name, label) for name, labels in sorted(profile.labels.items()) for label in labels)
    phrases = _phrases(fields, site)
    anchors = []
    for number, row in enumerate(rows):
        texts = [_Label.of(word.text) for word in row.words]
        at = 0
        while at < len(row.words):
            found = max(_labels_at(row, number, at, texts, phrases), key=_rank, default=None)
            if found is None:
                at += 1
            else:
                anchors.append(found)
                at = found.last + 1
    return anchors


@dataclass(frozen=True, slots=True)
class _Label:
    """A word as part of a label: plain text up to a colon, what follows the colon, and how it ends."""

    whole: str
    head: str
    tail: str
    is_marked: bool

    @classmethod
    def of(cls, text: str) -> "_Label":
        head, colon, tail = text.partition(":")
        return cls(normal.plain(text), normal.plain(head), tail, bool(colon) or text.endswith(("#", ".")))


@cache
def _phrases(fields: tuple[Field, ...], site: tuple[tuple[str, str], ...]) -> dict[int, tuple[tuple[str, str], ...]]:
    """Every label in plain words with its field ('' for labels that only end a value), by number of words."""
    known = {normal.plain(stop): "" for stop in STOPS}
    known |= {normal.plain(label): field.name for field in fields for label in field.labels}
    known |= {normal.plain(label): name for name, label in site}
    by_size: dict[int, list[tuple[str, str]]] = {}
    for phrase, name in known.items():
        by_size.setdefault(len(phrase.split()), []).append((phrase, name))
    return {size: tuple(phrases) for size, phrases in by_size.items()}


def find_values(
    rows: tuple[Row, ...], fields: tuple[Field, ...], anchors: list[Anchor], profile: Profile
) -> Iterator[Found]:
    """A value for each label that has one, right of it or below it."""
    by_name = {field.name: field for field in fields}
    for anchor in anchors:
        field = by_name.get(anchor.field)
        if field is None:
            continue
        for words, share in _places(rows, anchor, anchors, field.most_words):
            found = _read_value(field, words, anchor.closeness * share, profile)
            if found is not None:
                yield found
                break


def _rank(anchor: Anchor) -> tuple[bool, int, float, bool]:
    """An exact label before a misread one, then the longer one, then one that we index."""
    return anchor.closeness > 0.9, anchor.last - anchor.first, anchor.closeness, anchor.field != ""


def _labels_at(
    row: Row, number: int, at: int, texts: list[_Label], phrases: dict[int, tuple[tuple[str, str], ...]]
) -> Iterator[Anchor]:
    for size, candidates in phrases.items():
        last = at + size - 1
        if last >= len(texts) or not texts[last].head:
            continue
        said = " ".join([*(label.whole for label in texts[at:last]), texts[last].head]).strip()
        marked = texts[last].is_marked
        if len(said) < 2 or not (marked or _stands_as_label(row, at, last)):
            continue
        for wanted, field in candidates:
            if abs(len(wanted) - len(said)) > 3:
                continue
            if said == wanted:
                closeness = 1.0
            elif len(wanted) <= 6:
                continue
            else:
                closeness = fuzz.ratio(said, wanted, score_cutoff=_CLOSE) / 100
            if closeness:
                yield Anchor(field, number, at, last, closeness if marked else 0.92 * closeness, texts[last].tail)


def _stands_as_label(row: Row, first: int, last: int) -> bool:
    """Without a colon a label starts its row or follows a gap, and a colon, gap or row end comes after it."""
    height = max(1, row.words[first].box.height)
    starts = first == 0 or row.words[first].box.left - row.words[first - 1].box.right > 1.2 * height
    if last + 1 < len(row.words):
        follower = row.words[last + 1]
        ends = follower.text.startswith((":", "#")) or follower.box.left - row.words[last].box.right > 0.8 * height
    else:
        ends = True
    return starts and (ends or (first == 0 and last > first))  # one bare word may begin any sentence


def _places(
    rows: tuple[Row, ...], anchor: Anchor, anchors: list[Anchor], most: int
) -> Iterator[tuple[list[Word], float]]:
    row = rows[anchor.row]
    following = [a.first for a in anchors if a.row == anchor.row and a.first > anchor.last]
    end = min(following, default=len(row.words))
    right = list(row.words[anchor.last + 1 : end])
    if anchor.tail:
        label = row.words[anchor.last]
        share = len(anchor.tail) / max(1, len(label.text))
        left = int(label.box.right - label.box.width * share)
        right.insert(0, Word(anchor.tail, label.box._replace(left=left), label.confidence, label.line))
    right = _until_gap(right)[:most]
    while right and not any(c.isalnum() for c in right[0].text):
        right = right[1:]
    if right:
        yield right, 1.0
    below = _below(rows, anchor, anchors)[:most]
    if below:
        yield below, 0.9


def _until_gap(words: list[Word]) -> list[Word]:
    """Words up to a gap that is wider than any space in a value (four line heights)."""
    kept: list[Word] = []
    for word in words:
        if kept and word.box.left - kept[-1].box.right > 4 * max(word.box.height, 12):
            break
        kept.append(word)
    return kept


def _below(rows: tuple[Row, ...], anchor: Anchor, anchors: list[Anchor]) -> list[Word]:
    """Words of the next row under the label, as in boxed forms; nothing when they are labels themselves."""
    label_words = rows[anchor.row].words[anchor.first : anchor.last + 1]
    label = box_of(label_words)
    following = [rows[a.row].words[a.first].box.left for a in anchors if a.row == anchor.row and a.first > anchor.last]
    right = min(following, default=label.right + 30 * label.height)
    for number in range(anchor.row + 1, min(anchor.row + 3, len(rows))):
        row = rows[number]
        if row.box.top - label.bottom > 2.2 * label.height:
            return []
        taken = {i for a in anchors if a.row == number for i in range(a.first, a.last + 1)}
        under = [
            (i, w) for i, w in enumerate(row.words) if w.box.left >= label.left - label.height and w.box.left < right
        ]
        if under and under[0][0] in taken:
            return []
        words = [w for i, w in under if i not in taken]
        if words and words[0].box.left - label.left < 6 * label.height:
            return _until_gap(words)
    return []


def _read_value(field: Field, words: list[Word], trust: float, profile: Profile) -> Found | None:
    for count in range(len(words), 0, -1):
        part = words[:count]
        raw = " ".join(w.text for w in part).strip(" :;,.-_|")
        if not raw:
            continue
        parsed = field.parse(raw, profile)
        if parsed is None:
            continue
        value, is_valid = parsed
        read = min(w.confidence for w in part) * 0.5 + sum(w.confidence for w in part) / count * 0.5
        confidence = trust * read * (1.0 if is_valid else 0.5)
        return Found(field.name, value, raw, round(confidence, 4), box_of(part), is_valid)
    return None
