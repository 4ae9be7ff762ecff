"""A sex that is ticked: 'M [ ] F [X]', or boxes drawn beside the letters. The first letter behind the label says nothing."""

from collections.abc import Iterator, Sequence

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
    left = row.words[label.first].box.left
    here = row.words[label.last + 1 : label.last + 1 + _MOST]
    below = rows[label.row + 1].words if label.row + 1 < len(rows) else ()
    for words in (here, [word for word in below if word.box.left >= left - 2 * word.box.height]):
        sexes = [word for word in words if _sex(word)]
        if len({_sex(word) for word in sexes[:2]}) == 2 and _stand_together(sexes[:2]):
            return tuple(sexes[:2])
    return ()


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
        options = offers_both(rows[label.row], label, rows)
        if options:
            row = next(row for row in rows if options[0] in row.words)
            yield label, ticked(options, row.words, marks)


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
