"""A sex that is ticked: 'M [ ] F [X]', or boxes drawn beside the letters. The first letter behind the label says nothing."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from classify import normal
from classify.finding.labels import FoundLabel
from classify.finding.unlabelled import UnlabelledValue
from classify.rows import Row
from ocr.page import Mark, MarkKind, MarkState, Word

_EMPTY = frozenset({"[]", "()", "[", "]", "☐", "□", "o"})
_TICKED = frozenset({"[x]", "(x)", "☒", "☑", "x", "[x", "x]", "[v]", "[✓]", "✓"})
_FAR = 2.5
"""Heights of a letter within which its box stands."""

_MOST = 12
"""Words behind the label among which both sexes stand."""

_SURE = 0.93


def offers_both(row: Row, label: FoundLabel, rows: tuple[Row, ...]) -> tuple[Word, ...]:
    """The words that name a sex behind or under a label, where there are two: one of them is to be ticked."""
    left, right = row.words[label.first].box.left, _next_cell(row, label)
    here = row.words[label.last + 1 : label.last + 1 + _MOST]
    below = rows[label.row + 1].words if label.row + 1 < len(rows) else ()
    for words in (here, [word for word in below if left - 2 * word.box.height <= word.box.left < right]):
        sexes = [word for word in words if _sex(word)]
        if len({_sex(word) for word in sexes[:2]}) == 2 and _stand_together(sexes[:2]):
            return tuple(sexes[:2])
    return ()


def _next_cell(row: Row, label: FoundLabel) -> float:
    """Where the next cell of a label's row begins: a letter under it, as of who is married, is no sex."""
    for before, word in pairwise(row.words[label.last :]):
        if word.box.left - before.box.right > _CELL_GAP * row.wide * max(word.box.height, 12):
            return word.box.left - word.box.height / 2
    return math.inf


_CELL_GAP = 2.0
"""Heights of a word that part two cells of a row."""

_CODE = r"(?P<{}>\d)\s?[.=):-]?\s?(?P<{}>(?i:male|female)|[MF])\b"
_CODED = re.compile(
    rf"(?:^|\s)(?P<code>\d)\s.{{0,20}}?\(?{_CODE.format('one', 'first')}\W+{_CODE.format('other', 'second')}"
)
"""'1  Enter code: 1. Male  2. Female', as on assessments (CMS Minimum Data Set, A0800) and state forms."""


def coded(label: FoundLabel, rows: tuple[Row, ...]) -> UnlabelledValue | None:
    """The sex whose code is entered behind or under a label, where the form says what its codes mean."""
    for row in rows[label.row : label.row + 2]:
        match = _CODED.search(row.text)
        if match is None:
            continue
        meant = {match["one"]: match["first"], match["other"]: match["second"]}.get(match["code"])
        sex = normal.parse_sex(meant) if meant else None
        at = len(row.text[: match.start("code")].split())
        if sex is not None and at < len(row.words):
            word = row.words[at]
            return UnlabelledValue("sex", sex, (word,), _SURE * word.confidence, "label")
    return None


def ticked(options: Sequence[Word], words: Sequence[Word], marks: Sequence[Mark]) -> UnlabelledValue | None:
    """The sex whose box is ticked, when exactly one is; `words` are those of its row."""
    states = [_state(option, options, words, marks) for option in options]
    if states.count(MarkState.TICKED) != 1:
        return None
    option = options[states.index(MarkState.TICKED)]
    sex = _sex(option)
    return UnlabelledValue("sex", sex, (option,), _SURE * option.confidence, "label") if sex else None


def find(
    rows: tuple[Row, ...], anchors: Sequence[FoundLabel], marks: Sequence[Mark]
) -> Iterator[tuple[FoundLabel, UnlabelledValue | None]]:
    """Every label of a sex with two boxes behind it, and the sex that is ticked, if one is."""
    for label in anchors:
        if label.field != "sex":
            continue
        if (by_code := coded(label, rows)) is not None:
            yield label, by_code
            continue
        options = offers_both(rows[label.row], label, rows)
        if options:
            row = next(row for row in rows if options[0] in row.words)
            yield label, ticked(options, row.words, marks)


def find_alone(
    rows: tuple[Row, ...], anchors: Sequence[FoundLabel], marks: Sequence[Mark], others: Mapping[int, bool]
) -> Iterator[UnlabelledValue]:
    """The sex of two ticked boxes that no label announces, '[ ] Male  [X] Female', outside of what is said of others."""
    labelled = {label.row for label in anchors if label.field == "sex"}
    for number, row in enumerate(rows):
        if number in others or not labelled.isdisjoint((number - 1, number)):
            continue
        options = [word for word in row.words if len(word.text.strip("[](){}☐☒☑□:.,/ ")) > 1 and _sex(word)]
        if len(options) != 2 or _sex(options[0]) == _sex(options[1]) or not _stand_together(options):
            continue
        if all(_state(option, options, row.words, marks) for option in options):
            found = ticked(options, row.words, marks)
            if found is not None:
                yield found


def _sex(word: Word) -> str | None:
    text = word.text.strip("[](){}☐☒☑□xX:.,/ ")
    return normal.parse_sex(text) if text.lower() in ("m", "f", "male", "female") else None


def _stand_together(words: Sequence[Word]) -> bool:
    one, other = words
    return other.box.left - one.box.right < 12 * max(one.box.height, 12)


def _state(option: Word, options: Sequence[Word], words: Sequence[Word], marks: Sequence[Mark]) -> MarkState | None:
    """What stands beside an option: a drawn box, or one made of signs; the nearest that is no nearer to the other option."""
    boxes = [mark for mark in marks if mark.kind is MarkKind.TICK_BOX and _beside(mark, option, options)]
    if boxes:
        return min(boxes, key=lambda mark: _away(mark.box.left, mark.box.right, option)).state
    if (own := option.text.lower()) != own.strip("[]()x☒☑ "):
        return MarkState.TICKED if "x" in own or "☒" in own or "☑" in own else MarkState.EMPTY
    at = words.index(option)
    signs = [_sign(words, place) for place in (at + 1, at - 1) if 0 <= place < len(words)]
    first, second = (words.index(one) for one in options)
    follows = (
        _sign(words, first + 1) is not None and second != first + 1 and (first == 0 or _sign(words, first - 1) is None)
    )
    return signs[0] if follows else (signs[1] if len(signs) > 1 else signs[0] if signs else None)


def _sign(words: Sequence[Word], at: int) -> MarkState | None:
    if not 0 <= at < len(words):
        return None
    text = words[at].text.lower()
    if text == "[" and at + 1 < len(words) and words[at + 1].text == "]":
        return MarkState.EMPTY
    return MarkState.TICKED if text in _TICKED else MarkState.EMPTY if text in _EMPTY else None


def _beside(mark: Mark, option: Word, options: Sequence[Word]) -> bool:
    middle = (mark.box.top + mark.box.bottom) / 2
    is_level = option.box.top - option.box.height / 2 <= middle <= option.box.bottom + option.box.height / 2
    away = _away(mark.box.left, mark.box.right, option)
    return (
        is_level
        and away <= _FAR * max(option.box.height, 12)
        and all(away <= _away(mark.box.left, mark.box.right, other) for other in options)
    )


def _away(left: int, right: int, option: Word) -> int:
    return max(0, option.box.left - right, left - option.box.right)
