"""Where the value of a label stands: after it in its row, below it, or on the line above it.

A page has a habit. Values that cannot be mistaken (a date, a sex, a number) show which side its values stand on,
and the others are looked for there: on a form with the label under the line, the row below a label is the value
of the next one.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import accumulate

from classify.finding.field import Field, longest_value, until_gap, without_leaders
from classify.finding.labels import FoundLabel, box_of_label
from classify.profile import Profile
from classify.rows import Row
from ocr.page import Box, Word, box_of


class Side(StrEnum):
    """Where a value stands, seen from its label."""

    RIGHT = "right"
    BELOW = "below"
    ABOVE = "above"
    BEFORE = "before"
    """Left of a label in brackets or at the end of the line, on the same line."""
    NEXT = "next"
    """At the beginning of the next row, where the label ends a full one."""


_EXPECTED = {Side.RIGHT: 1.0, Side.BELOW: 0.6, Side.ABOVE: 0.15, Side.BEFORE: 0.1, Side.NEXT: 0.12}
"""How often labels without a colon have their value there, in labels; what a page shows is added to it."""


@dataclass(frozen=True, slots=True)
class Found:
    """A value beside a label: what it says, how it was found, and the words it was read from."""

    field: str
    value: str
    raw: str
    words: tuple[Word, ...]
    is_valid: bool
    anchor: FoundLabel
    side: Side
    habit: float  # share of this page's labels that have their value on this side
    gap: float  # from the label, in heights of it
    left_out: int  # words that stood there too and were not taken

    @property
    def box(self) -> Box:
        return box_of(self.words)


def find_values(
    rows: tuple[Row, ...], fields: tuple[Field, ...], anchors: list[FoundLabel], profile: Profile
) -> Iterator[Found]:
    """A value for each label that has one, on the side where this page has its values."""
    by_name = {field.name: field for field in fields}
    labels = labels_by_row(rows, anchors)
    beside = {
        anchor: list(_beside(by_name[anchor.field], rows, anchor, labels, profile))
        for anchor in anchors
        if anchor.field in by_name
    }
    habit = _habit(by_name, beside)
    taken: set[Box] = set()
    for found in map(_without_doubt, beside.values()):
        best = max(found, key=lambda f: _likelihood(f, habit), default=None)
        if best is not None and _likelihood(best, habit) >= 0.1:
            box = best.box
            if box not in taken:
                taken.add(box)
                yield replace(best, habit=_likelihood(best, habit))


def _without_doubt(found: list[Found]) -> list[Found]:
    """What stands behind a number sign, where nothing else may be its value, as behind a colon."""
    if len(found) == 1 and found[0].side is Side.RIGHT and found[0].anchor.is_numbered:
        return [replace(found[0], anchor=replace(found[0].anchor, is_numbered=False))]
    return found


@dataclass(frozen=True, slots=True)
class RowLabels:
    """The labels of one row, left to right; made once a page, so that each label is looked at once and not by all others."""

    firsts: tuple[int, ...]
    """Number of the word that each label begins with."""
    lefts: tuple[int, ...]
    """The leftmost edge of each label and of all that follow it."""
    words: frozenset[int]
    """Every word that is part of a label."""

    def after(self, last: int) -> tuple[int | None, int | None]:
        """The first word, and the left edge, of the labels that begin after this word."""
        at = bisect_right(self.firsts, last)
        return (self.firsts[at], self.lefts[at]) if at < len(self.firsts) else (None, None)


_NONE = RowLabels((), (), frozenset())


def labels_by_row(rows: tuple[Row, ...], anchors: list[FoundLabel]) -> dict[int, RowLabels]:
    """The labels of every row that has any."""
    by_row: dict[int, list[FoundLabel]] = {}
    for anchor in anchors:
        by_row.setdefault(anchor.row, []).append(anchor)
    found = {}
    for number, here in by_row.items():
        here = sorted(here, key=lambda anchor: anchor.first)
        lefts = [box_of_label(rows, anchor).left for anchor in here]
        leftmost = tuple(reversed(list(accumulate(reversed(lefts), min))))
        words = frozenset(i for anchor in here for i in range(anchor.first, anchor.last + 1))
        found[number] = RowLabels(tuple(anchor.first for anchor in here), leftmost, words)
    return found


def _habit(fields: dict[str, Field], beside: dict[FoundLabel, list[Found]]) -> dict[Side, float]:
    """How often labels without a colon have their value on each side, by the values that cannot be mistaken."""
    seen: dict[Side, float] = dict(_EXPECTED)
    for anchor, found in beside.items():
        sides = {f.side for f in found if f.is_valid}
        if not (_has_value_behind(anchor) or anchor.is_behind) and fields[anchor.field].is_typed:
            for side in sides:
                seen[side] += 1 / len(sides) ** 2  # two sides that both fit say little
    total = sum(seen.values())
    return {side: seen[side] / total for side in Side}


def _likelihood(found: Found, habit: dict[Side, float]) -> float:
    """The chance that a label has its value on this side; after a colon it stands to the right, or else below."""
    if found.anchor.is_behind:
        share = 0.9
    elif _has_value_behind(found.anchor):
        share = {Side.RIGHT: 0.95, Side.BELOW: 0.5, Side.ABOVE: 0.05, Side.NEXT: 0.4}[found.side]
    else:
        share = habit[found.side]
    return share if found.is_valid else share * 0.5


def _has_value_behind(anchor: FoundLabel) -> bool:
    """Whether a colon, a full stop or the value itself says that the value follows; 'Hosp. #' stands under its line too."""
    return (anchor.is_marked and not anchor.is_numbered) or anchor.is_beside


def _beside(
    field: Field, rows: tuple[Row, ...], anchor: FoundLabel, labels: dict[int, RowLabels], profile: Profile
) -> Iterator[Found]:
    label = box_of_label(rows, anchor)
    if anchor.is_behind or not (anchor.is_marked or anchor.is_beside):
        yield from _before(field, rows[anchor.row], anchor, labels, profile)
    if anchor.is_behind:
        return
    for side, words in (
        (Side.RIGHT, _right(rows, anchor, labels)),
        (Side.BELOW, _in_line(rows, anchor, labels, label, step=1)),
        (Side.ABOVE, _in_line(rows, anchor, labels, label, step=-1)),
        (Side.NEXT, _wrapped(rows, anchor, labels, field)),
    ):
        value = longest_value(field, words, profile)
        if value is not None:
            text, raw, is_valid, count = value
            near = words[0].box.left - label.right if side is Side.RIGHT else words[0].box.left - label.left
            yield Found(
                field.name, text, raw, tuple(words[:count]), is_valid, anchor, side, 0.0,
                gap=max(0.0, near / max(label.height, 1)), left_out=_left_out(words, count, rows[anchor.row].wide),
            )  # fmt: skip


def _before(
    field: Field, row: Row, anchor: FoundLabel, labels: dict[int, RowLabels], profile: Profile
) -> Iterator[Found]:
    """The value whose label stands behind it, in brackets or at the end of its line: all that begins the cell, for a name or
    a text all of the cell."""
    taken = labels.get(anchor.row, _NONE).words
    first = anchor.first
    while first and first - 1 not in taken and (_is_end(first, anchor) or not _parts(row, first - 1, first)):
        first -= 1
    words = without_leaders(list(row.words[first : anchor.first]))
    value = longest_value(field, words, profile) if words else None
    if value is not None and value[2] and (field.is_typed or value[3] == len(words)):
        text, raw, is_valid, count = value
        yield Found(field.name, text, raw, tuple(words[:count]), is_valid, anchor, Side.BEFORE, 0.0, 0.0, 0)


def _is_end(first: int, anchor: FoundLabel) -> bool:
    """Whether this is the label itself, which may stand at the far end of its value's line."""
    return first == anchor.first and not anchor.is_behind


def _parts(row: Row, one: int, other: int) -> bool:
    """Whether the gap between two words of a row parts two cells."""
    before, after = row.words[one], row.words[other]
    return after.box.left - before.box.right > 2 * _CELL_GAP * row.wide * max(after.box.height, 12)


def _is_apart(row: Row, one: int, other: int) -> bool:
    """Whether more than a blank stands between two words of a row."""
    before, after = row.words[one], row.words[other]
    return after.box.left - before.box.right > _BLANK * row.wide * max(before.box.height, after.box.height, 12)


_BLANK = 1.1
"""Heights of a word, so many times, that a blank within a cell is wide at most."""


def _left_out(words: list[Word], count: int, wide: float) -> int:
    """How many words stand behind a value and go on with it; what a column's gap parts from it is another cell's."""
    if count < len(words):
        apart = words[count].box.left - words[count - 1].box.right
        if apart > _CELL_GAP * wide * max(words[count].box.height, 12):
            return 0
    return len(words) - count


_CELL_GAP = 1.5
"""Heights of a word, so many times, that is more than the blank within a value."""


def _right(rows: tuple[Row, ...], anchor: FoundLabel, labels: dict[int, RowLabels]) -> list[Word]:
    """The words after a label up to the next label or a gap wider than any space in a value."""
    row = rows[anchor.row]
    following, _ = labels.get(anchor.row, _NONE).after(anchor.last)
    words = list(row.words[anchor.last + 1 : following])
    if anchor.tail:
        label = row.words[anchor.last]
        share = len(anchor.tail) / max(1, len(label.text))
        left = int(label.box.right - label.box.width * share)
        words.insert(0, Word(anchor.tail, label.box._replace(left=left), label.confidence, label.line))
    return until_gap(without_leaders(words))


def _in_line(
    rows: tuple[Row, ...], anchor: FoundLabel, labels: dict[int, RowLabels], label: Box, *, step: int
) -> list[Word]:
    """The words of the row under a label (step 1) or over it (step -1) that begin where the label does."""
    _, following = labels.get(anchor.row, _NONE).after(anchor.last)
    right = label.right + 30 * label.height if following is None else following
    for number in range(anchor.row + step, anchor.row + 3 * step, step):
        if not 0 <= number < len(rows):
            return []
        row = rows[number]
        away = row.box.top - label.bottom if step > 0 else label.top - row.box.bottom
        if away > 2.2 * max(label.height, row.words[0].box.height, 12):  # labels are set smaller than values
            return []
        taken = labels.get(number, _NONE).words
        begins = _begin_of_cell(row, label, right, taken)
        if begins is None:
            continue
        if begins in taken:
            return []
        words = []
        for index in range(begins, len(row.words)):
            if index in taken or row.words[index].box.left >= right:
                break
            words.append(row.words[index])
        return until_gap(without_leaders(words))
    return []


def _begin_of_cell(row: Row, label: Box, right: float, taken: frozenset[int]) -> int | None:
    """The word that a cell over or under a label begins with: where the label begins, or before it where the label is set in
    the middle of its cell."""
    begins = bisect_left(row.words, label.left - 1.5 * label.height, key=lambda word: word.box.left)
    is_in_column = begins < len(row.words) and row.words[begins].box.left < right
    if is_in_column and row.words[begins].box.left - label.left > 6 * label.height:  # a row of another column
        is_in_column = False
    is_inside = is_in_column and begins > 0 and not _is_apart(row, begins - 1, begins)
    if is_in_column and not is_inside:
        return begins
    centred = _centred(row, label, taken)
    return centred if centred is not None else begins if is_in_column else None


def _centred(row: Row, label: Box, taken: frozenset[int]) -> int | None:
    """The first word of the cell whose middle stands over or under the middle of a label."""
    middle = (label.left + label.right) / 2
    for first, last in _cells(row, taken):
        left, right = row.words[first].box.left, row.words[last].box.right
        if left <= middle <= right and abs((left + right) / 2 - middle) <= _OFF_CENTRE * label.height:
            return first
    return None


_OFF_CENTRE = 1.0
"""Heights of a label by which its middle and that of its cell may differ."""


def _cells(row: Row, taken: frozenset[int]) -> Iterator[tuple[int, int]]:
    """First and last word of each cell of a row, as gaps part them; words of labels are in none."""
    first = None
    for at in range(len(row.words) + 1):
        is_end = (
            at == len(row.words) or at in taken or (first is not None and at > first and _is_apart(row, at - 1, at))
        )
        if is_end and first is not None:
            yield first, at - 1
            first = None
        if at < len(row.words) and at not in taken and first is None:
            first = at


def _wrapped(rows: tuple[Row, ...], anchor: FoundLabel, labels: dict[int, RowLabels], field: Field) -> list[Word]:
    """The first words of the next row, where a label with a colon ends its row and both rows begin at one margin."""
    following = rows[anchor.row].words[anchor.last + 1 :]
    is_last = not anchor.tail and not any(c.isalnum() for word in following for c in word.text)
    number = anchor.row + 1
    if not (is_last and anchor.first > 0) or number >= len(rows):
        return []
    row, above = rows[number], rows[anchor.row]
    is_short = row.box.width < _SHORT * above.box.width  # what had no room in the row before, and nothing else
    if not ((anchor.is_marked and field.is_typed) or is_short):
        return []
    high = max(row.words[0].box.height, 12)
    if abs(row.box.left - above.box.left) > high or row.box.top - above.box.bottom > 1.5 * high:
        return []
    taken = labels.get(number, _NONE).words
    end = next((n for n in range(len(row.words)) if n in taken), len(row.words))
    return until_gap(row.words[:end])


_SHORT = 0.5
"""Share of the row before that a row is long which holds the rest of that one only."""
