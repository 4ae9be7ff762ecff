"""The patient where no label names one: running heads, RE: lines, and the block of a patient label or wristband.

'RIVERA, ANA M   MRN: 00123   DOB: 03/14/1957', 'Rivera, Ana 00123456' at the head of a page, 'RIVERA,ANA F 66Y' over 'MR# 00123'.
"""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from classify import normal
from classify.fields import name as names
from classify.finding.beside import is_bar
from classify.finding.labels import FoundLabel
from classify.finding.unlabelled import UnlabelledValue
from classify.profile import Profile
from classify.rows import Row
from ocr.page import Box, Word, box_of

_IDENTIFIERS = frozenset({"mrn", "dob", "encounter", "account"})

_ANNOUNCING = frozenset({"client", "child", "re", "regarding", "subject", "patient", "pt", "name"})
"""Words that announce a patient only where identifiers stand near: a laboratory's client is a practice."""

_HEAD, _FOOT, _MIDDLE = 0.2, 0.85, 0.5
"""Shares of a page: above the first and under the second run heads; letters say in their upper half whom they are about."""

_LABEL_ROWS = 3
"""Rows under the name on a patient label within which an identifier stands."""

_FARTHEST_LABEL = 6
"""Words before the first identifier of a running head: a name, an age, a sex."""

_WIDE_GAP = 3.0
"""Heights of a word that part two columns."""

_SURE, _NO_COMMA, _NO_LABEL = 0.9, 0.65, 0.85
"""Of 100 values read right, how many are right: with a comma; capitals whose order (RIVERA ANA) only habit tells; a number without label."""

_STATE = re.compile(
    r", (?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY])\b[ .\d-]*$"
)
"""A place, which a letterhead may have there too (USPS Publication 28, Appendix B)."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of one row between bars and wide gaps; `firsts` are their numbers in the row."""

    row: int
    words: tuple[Word, ...]
    first: int

    @property
    def box(self) -> Box:
        return box_of(self.words)


def find(rows: tuple[Row, ...], anchors: list[FoundLabel], profile: Profile) -> Iterator[UnlabelledValue]:
    """Name, sex and record number of the first head, RE: line or patient label that names a patient."""
    pieces = [piece for number, row in enumerate(rows) for piece in _pieces(number, row)]
    labels = [label for label in anchors if label.field in _IDENTIFIERS]
    for piece in pieces:
        row = rows[piece.row]
        here = [label for label in labels if label.row == piece.row]
        head = _head_of(piece, anchors)
        is_announced = len(head) < len(piece.words) and _announces(piece.words[0])
        named = _name_in(head, row, is_announced=is_announced, is_labelled=bool(here)) if head else None
        if named is None:
            continue
        name, is_ordered, rest = named
        number = _bare_number(rest, profile) if not here and _is_head(row) else None
        if not (_is_running_head(piece, row, here, number) or _is_label(piece, rows, labels)):
            continue
        used = head[: len(head) - len(rest)]
        yield UnlabelledValue("name", name, used, (_SURE if is_ordered else _NO_COMMA) * _read(used), "running head")
        if number is not None:
            yield UnlabelledValue("mrn", number[0], (number[1],), _NO_LABEL * _read((number[1],)), "running head")
        near = [p for p in pieces if p.row == piece.row and p.first >= piece.first]
        yield from _sex(near)
        return


def _pieces(number: int, row: Row) -> Iterator[Piece]:
    """The row cut at bars and at gaps that part two columns."""
    start = 0
    for at in range(len(row.words) + 1):
        is_end = at == len(row.words)
        if is_end or is_bar(row.words[at].text) or (at > start and _is_apart(row.words[at - 1], row.words[at])):
            if at > start:
                yield Piece(number, row.words[start:at], start)
            start = at + 1 if not is_end and is_bar(row.words[at].text) else at


def _is_apart(before: Word, word: Word) -> bool:
    return word.box.left - before.box.right > _WIDE_GAP * max(word.box.height, before.box.height, 12)


def _head_of(piece: Piece, anchors: list[FoundLabel]) -> tuple[Word, ...]:
    """The words of a piece before its first label, without what announces a patient."""
    firsts = [label.first - piece.first for label in anchors if label.row == piece.row and label.first >= piece.first]
    words = piece.words[: min([*firsts, len(piece.words)])]
    return words[1:] if words and _announces(words[0]) else words


def _announces(word: Word) -> bool:
    return normal.plain(word.text) in _ANNOUNCING


def _name_in(
    words: Sequence[Word], row: Row, *, is_announced: bool, is_labelled: bool
) -> tuple[str, bool, tuple[Word, ...]] | None:
    """The name at the beginning of these words, whether its order is sure, and the words behind it.

    Behind 'RE:', or before an identifier in its row, a name needs neither comma nor capitals (Ana Rivera).
    """
    end = next((n for n, word in enumerate(words) if _ends_name(words, n)), len(words))
    text = " ".join(word.text for word in words[:end]).strip(" |-,;:")
    if (
        not 1 <= end <= 5
        or _STATE.search(row.text)
        or _is_providers(words[:end])
        or not (is_announced or is_labelled or "," in text or text.isupper())
    ):
        return None
    is_last_first = "," not in text and text.isupper() and not is_announced
    if is_last_first:
        first, *others = text.split()
        text = f"{first}, {' '.join(others)}"
    parsed = names.parse(text, Profile())
    return (parsed[0], not is_last_first, tuple(words[end:])) if parsed is not None and parsed[1] else None


def _is_providers(words: Sequence[Word]) -> bool:
    """Whether a degree or licence stands beside the name: Chen, Wei MD is who treats."""
    return any(word.text.lower().strip(".,()") in normal.DEGREES for word in words)


def _ends_name(words: Sequence[Word], at: int) -> bool:
    """Whether a name ends before this word: a number, or a sex with an age beside it."""
    text = words[at].text
    if any(c.isdigit() for c in text):
        return True
    return at > 0 and _sex_and_age(text, words[at + 1].text if at + 1 < len(words) else "") is not None


def _is_head(row: Row) -> bool:
    return row.top_share <= _HEAD or row.top_share >= _FOOT


def _is_running_head(piece: Piece, row: Row, here: list[FoundLabel], number: tuple[str, Word] | None) -> bool:
    """Whether identifiers follow the name in its row, at the head or foot of the page, or after RE: in the upper half."""
    is_place = _is_head(row) or (row.top_share <= _MIDDLE and _announces(piece.words[0]))
    near = [label for label in here if 0 < label.first - piece.first <= _FARTHEST_LABEL]
    return is_place and (bool(near) or number is not None)


def _bare_number(rest: Sequence[Word], profile: Profile) -> tuple[str, Word] | None:
    """The one thing behind a name in a head, when it has the shape of a record number."""
    if len(rest) != 1:
        return None
    said = rest[0].text.strip("()[]#.,")
    is_number = sum(c.isdigit() for c in said) >= _DIGITS and re.fullmatch(profile.mrn_pattern, said.upper())
    return (said.upper(), rest[0]) if is_number else None


_DIGITS = 5
"""The fewest that a number without label has."""


def _is_label(piece: Piece, rows: tuple[Row, ...], labels: list[FoundLabel]) -> bool:
    """Whether an identifier begins under a name, near enough to be of the same patient label."""
    high = piece.box.height
    for label in labels:
        if not piece.row < label.row <= piece.row + _LABEL_ROWS:
            continue
        box = rows[label.row].words[label.first].box
        if abs(box.left - piece.box.left) < 3 * high and box.top - piece.box.bottom < 4 * high:
            return True
    return False


_AGE = r"(?P<age>\d{1,3})\s*(?:y(?:rs?|o|ears?)?\.?(?:/?o(?:ld)?)?)?"
_TOGETHER = re.compile(
    rf"(?i){_AGE}\s*[/-]?\s*(?P<sex>male|female|m|f)|(?P<sex2>male|female|m|f)\s*[/-]?\s*(?P<age2>\d{{1,3}})\s*(?:y(?:rs?|o)?)?"
)
_OLDEST = 120


def _sex(pieces: Sequence[Piece]) -> Iterator[UnlabelledValue]:
    """The sex that stands beside an age in the row of a name: 82/M, 66 F, F 66Y."""
    for piece in pieces:
        for at, word in enumerate(piece.words):
            after = piece.words[at + 1] if at + 1 < len(piece.words) else None
            for words in ((word,), (word, after)) if after is not None else ((word,),):
                found = _sex_and_age(*(w.text for w in words))
                if found is not None:
                    yield UnlabelledValue("sex", found, words, _SURE * _read(words), "running head")
                    return


def _sex_and_age(text: str, after: str = "") -> str | None:
    """The sex of 82/M, or of F 66Y in two words; letters that OCR gives for digits are digits in an age."""
    said = f"{text} {after}".strip(" ,;()")
    match = _TOGETHER.fullmatch(said) or _TOGETHER.fullmatch(_with_digits(said))
    if match is None or int(match["age"] or match["age2"]) > _OLDEST:
        return None
    return normal.parse_sex(match["sex"] or match["sex2"])


def _with_digits(text: str) -> str:
    """F GGY as F 66Y: in a word that ends with Y, letters before it are misread digits."""
    return re.sub(r"(?i)\b(\w{1,3})(y(?:o|rs?)?)\b", lambda m: normal.read_as_digits(m[1]) + m[2], text)


def _read(words: Sequence[Word]) -> float:
    return math.prod(word.confidence for word in words)
