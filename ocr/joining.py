"""Two readings of one page are joined word by word: where both recognisers say the same, it is almost surely right.

The words of the first (Tesseract) are aligned by place and letters with the lines of the second (ocr/rapid.py). The
gaps between words are the first one's, for the second leaves many of them out, unless only the second's make words.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from rapidfuzz.distance import Levenshtein

from ocr.lexicon import Known, known
from ocr.page import Agreement, Box, Word, box_of


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the second recogniser: its words in order, each with its score, in pixels of the page."""

    box: Box
    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        """Its letters without gaps."""
        return "".join(word.text for word in self.words)


@dataclass(frozen=True, slots=True)
class Pair:
    """What both say of one place: the first one's word, the second one's text there, or one of them alone.

    `beside` is a word of the first in the same line, where the second alone reads something.
    """

    first: Word | None
    second: Word | None
    beside: Word | None = None

    @property
    def agreement(self) -> Agreement:
        """Whether they say the same; spaces do not count."""
        if self.first is None or self.second is None:
            return Agreement.SILENT
        return Agreement.SAME if _bare(self.first.text) == _bare(self.second.text) else Agreement.OTHER


def paired(first: Sequence[Word], lines: Sequence[Line]) -> list[Pair]:
    """Every word of the first with what the second says at its place, and what only the second says."""
    left = [word for word in first if not word.turn]
    pairs = [Pair(word, None) for word in first if word.turn]
    inside: dict[int, list[Word]] = {}
    for word in left:
        number = _line_of(word.box, lines)
        if number is None:
            pairs.append(Pair(word, None))
        else:
            inside.setdefault(number, []).append(word)
    for number, line in enumerate(lines):
        words = _with_whole_words(sorted(inside.get(number, ()), key=lambda word: word.box.left), line)
        pairs += _aligned(words, line)
    return pairs


def _line_of(box: Box, lines: Sequence[Line]) -> int | None:
    """The line in which a word lies with the most of its height; boxes of neighbouring lines overlap a little."""
    shares = {n: _shared_height(box, line.box) for n, line in enumerate(lines) if lies_in(box, line.box)}
    return max(shares, key=shares.__getitem__) if shares else None


_NO_GAP = 0.25
"""Share of a word's height that is no gap between two words: on real medical pages 95 in 100 gaps are 0.32 of it and more."""

_MAYBE_NO_GAP = 0.8
"""Share of it up to which a gap may be one inside a word set wide (RECEI VED), where what stands on both sides says so."""


def _with_whole_words(words: Sequence[Word], line: Line) -> list[Word]:
    """Words of the first that it tore apart (646-555-0 111) are one where the second reads one there."""
    whole: list[Word] = []
    at = 0
    while at < len(words):
        end = next((end for end in range(len(words), at + 1, -1) if _are_one_word(words[at:end], line)), at + 1)
        whole.append(_put_together(words[at:end]))
        at = end
    return whole


def _put_together(parts: Sequence[Word]) -> Word:
    text = "".join(part.text for part in parts)
    sure = sum(part.confidence * len(part.text) for part in parts) / max(1, len(text))
    return parts[0] if len(parts) == 1 else replace(parts[0], text=text, box=box_of(parts), confidence=sure)


def _are_one_word(parts: Sequence[Word], line: Line) -> bool:
    """Whether words of the first, side by side, are parts of one that the second reads there."""
    texts = [part.text for part in parts]
    text = "".join(texts)
    if any(_bare(other.text) == text for other in line.words):
        widest = max(_gap(one, other) for one, other in pairwise(parts))
        if widest < _NO_GAP or (widest < _MAYBE_NO_GAP and _says_more(text, *texts)):
            return True
    if any(other.box.left - one.box.right >= _MAYBE_NO_GAP * line.box.height for one, other in pairwise(parts)):
        return False
    others = [other for other in line.words if _spans(other, parts) and known(other.text) is Known.YES]
    if any(_gap(one, other) < -_NO_GAP for one, other in pairwise(parts)) and any(_covers(w, parts) for w in others):
        return True  # the first read some letters twice
    if any(c.isdigit() for c in text):
        return any(_is_torn_number(texts, other.text) for other in others)
    return any(_covers(other, parts) and _is_torn_word(texts) for other in others)


def _is_torn_number(parts: Sequence[str], whole: str) -> bool:
    """Whether parts are a number, date or amount as the second reads it: torn at a sign (370, 000,00), or where the second sees
    a sign (146 00. for 146.00). Where it sees none, two numbers may be glued: (206) 555-0100, 0012 8456."""
    text = "".join(parts)
    if _TORN_NUMBER.search(" ".join(parts)) and len(whole) == len(text):
        return True
    if _digits(text) != _digits(whole):
        return False
    cuts = accumulate(len(_digits(part)) for part in parts[:-1])
    ends = [match.end() for match in re.finditer(r"\d", whole)]
    return all(0 < cut < len(ends) and _SIGN.match(whole, ends[cut - 1]) for cut in cuts)


_TORN_NUMBER = re.compile(r"\d[,.] \d")
_SIGN = re.compile(r"[,./:-]\d")


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdigit())


def _is_torn_word(parts: Sequence[str]) -> bool:
    """Whether no part is a word by itself, and some part has letters (a SRN tio for Description)."""
    bare = [part for part in parts if part not in ("a", "I")]
    return all(known(part) is not Known.YES for part in parts) and any(c.isalpha() for part in bare for c in part)


def _gap(before: Word, word: Word) -> float:
    return (word.box.left - before.box.right) / max(1, min(before.box.height, word.box.height))


def _spans(other: Word, parts: Sequence[Word]) -> bool:
    """Whether a word of the second reaches from the middle of the first part to that of the last."""
    first, last = (sum(part.box[::2]) / 2 for part in (parts[0], parts[-1]))
    return other.box.left <= first and last <= other.box.right


def _covers(other: Word, parts: Sequence[Word]) -> bool:
    """Whether a word of the second begins and ends where the parts do; its columns are a letter wide."""
    place = box_of(parts)
    return max(abs(other.box.left - place.left), abs(other.box.right - place.right)) < place.height


def _says_more(whole: str, *parts: str) -> bool:
    """Whether a word may be one and its parts are none, or letters that do not stand alone."""
    is_torn = any(known(part) is Known.NO or (len(part) == 1 and part.islower() and part != "a") for part in parts)
    return is_torn and known(whole) is not Known.NO


def cut_at_gaps(word: Word, pair: Pair) -> tuple[Word, ...]:
    """The word that counts of a pair, cut where the second sees gaps: in its own text always; in the first one's where both
    read the same letters and only the gaps make words of them (DATE3/17/82). Each part has its share of the place."""
    if " " in word.text:
        return tuple(_part(word, match.start(), match.end()) for match in re.finditer(r"\S+", word.text))
    gapped = pair.second.text if pair.second and pair.agreement is Agreement.SAME else ""
    if " " not in gapped or known(word.text) is Known.YES or known(gapped) is not Known.YES:
        return (word,)
    ends = list(accumulate(len(part) for part in gapped.split()))
    return tuple(_part(word, start, end) for start, end in pairwise([0, *ends]))


def _part(word: Word, start: int, end: int) -> Word:
    """Letters of a word with their share of its place."""
    edges = [word.box.left + round(word.box.width * place / len(word.text)) for place in (start, end)]
    box = Box(edges[0], word.box.top, max(edges[0] + 1, edges[1]), word.box.bottom)
    return replace(word, text=word.text[start:end], box=box)


def lies_in(box: Box, line: Box) -> bool:
    """Whether the middle of a word lies in a line, and at least half of its height."""
    across = line.left - box.height / 2 <= (box.left + box.right) / 2 <= line.right + box.height / 2
    return across and _shared_height(box, line) >= 0.5 * min(box.height, line.height)


def _shared_height(one: Box, other: Box) -> int:
    return min(one.bottom, other.bottom) - max(one.top, other.top)


def _aligned(words: Sequence[Word], line: Line) -> list[Pair]:
    """What both say of a line: by their letters, or by place where these have nothing in common; rules stand alone."""
    if not words:
        return [Pair(None, word) for word in line.words]
    if rules := [word for word in words if _is_rule(word, line)]:
        return [*(Pair(word, None) for word in rules), *_aligned([word for word in words if word not in rules], line)]
    ours, theirs = "".join(word.text for word in words), line.text
    if not theirs:
        return [Pair(word, None) for word in words]
    if Levenshtein.normalized_similarity(ours, theirs) < _SOMETHING_IN_COMMON and len(line.words) > 1:
        return _by_place(words, line)
    return _by_letters(words, line, ours, theirs)


def _by_letters(words: Sequence[Word], line: Line, ours: str, theirs: str) -> list[Pair]:
    """Each word of the first gets the letters of the second that stand for its own; `ours` and `theirs` are all letters."""
    owner = [number for number, word in enumerate(words) for _ in word.text]
    source = [number for number, word in enumerate(line.words) for _ in word.text]
    pieces: list[list[int]] = [[] for _ in words]  # for each word of ours, places in theirs
    extra: list[int] = []
    for step in Levenshtein.opcodes(ours, theirs):
        if step.tag in ("equal", "replace"):
            for offset in range(step.dest_end - step.dest_start):
                at = min(step.src_start + offset, max(step.src_end - 1, step.src_start))
                pieces[owner[at]].append(step.dest_start + offset)
        elif step.tag == "insert":
            for place in range(step.dest_start, step.dest_end):
                owned = _owner_of(line.words[source[place]], words, owner, step.src_start)
                (extra if owned is None else pieces[owned]).append(place)
    pairs = []
    for word, aligned in zip(words, pieces, strict=True):
        places = [place for place in aligned if _are_near(word.box, line.words[source[place]].box)]
        extra += [place for place in aligned if place not in places]
        pairs.append(Pair(word, _piece(line, theirs, source, places) if places else None))
    for number in sorted({source[place] for place in extra}):
        some = sorted(place for place in extra if source[place] == number)
        pairs.append(Pair(None, _cut(line.words[number], theirs, some, source.index(number)), words[0]))
    return pairs


_SOMETHING_IN_COMMON = 0.35
"""Share of letters that two readings of a line share, under which their letters tell nothing of which stands for which."""


def _by_place(words: Sequence[Word], line: Line) -> list[Pair]:
    """Each word of the second with what the first reads in its place; where one is grain, the other's words stay whole."""
    owners = [_nearest((word.box.left + word.box.right) / 2, line) for word in words]
    pairs = [Pair(word, None) for word, owner in zip(words, owners, strict=True) if owner is None]
    for number, other in enumerate(line.words):
        parts = [word for word, owner in zip(words, owners, strict=True) if owner == number]
        pairs.append(Pair(_put_together(parts), other) if parts else Pair(None, other, words[0]))
    return pairs


def _nearest(at: float, line: Line) -> int | None:
    """The word of the second at this place or a letter or two beside it; its columns say no more than that."""
    apart = [max(word.box.left - at, at - word.box.right, 0) for word in line.words]
    best = min(range(len(apart)), key=apart.__getitem__)
    return best if apart[best] <= 1.5 * line.box.height else None


_RULES = frozenset("|¦_—")


def _is_rule(word: Word, line: Line) -> bool:
    """Whether a word is a rule of the form beside what the second reads: it stands for none of its letters."""
    middle = (word.box.left + word.box.right) / 2
    return _RULES.issuperset(word.text) and not any(w.box.left <= middle <= w.box.right for w in line.words)


_NEAR = 0.5
"""Height of a word, so many times, between two readings of one word; the second's columns are a letter wide."""


def _are_near(ours: Box, theirs: Box) -> bool:
    """Whether two words can be readings of one: letters alone pair the end of one word with another at the line's beginning."""
    gap = max(ours.left, theirs.left) - min(ours.right, theirs.right)
    return gap < _NEAR * min(ours.height, theirs.height)


def _cut(word: Word, text: str, places: Sequence[int], start: int) -> Word:
    """Letters of a word of the second one, with the share of its place that they take up."""
    width = word.box.width / len(word.text)
    left = word.box.left + round((places[0] - start) * width)
    right = word.box.left + round((places[-1] + 1 - start) * width)
    box = Box(left, word.box.top, max(left + 1, right), word.box.bottom)
    return replace(word, text="".join(text[place] for place in places), box=box)


def _owner_of(theirs: Word, words: Sequence[Word], owner: Sequence[int], at: int) -> int | None:
    """Whose word inserted letters belong to: a neighbour that their word overlaps; None when it stands alone."""
    near = {owner[min(at, len(owner) - 1)], owner[max(0, at - 1)]}
    shares = {n: min(words[n].box.right, theirs.box.right) - max(words[n].box.left, theirs.box.left) for n in near}
    best = max(shares, key=shares.__getitem__)
    return best if shares[best] > 0.25 * min(words[best].box.width, theirs.box.width) else None


def _piece(line: Line, text: str, source: Sequence[int], places: Sequence[int]) -> Word:
    """The second one's letters at these places as one word, with its gaps."""
    said, last = "", None
    for place in sorted(places):
        if last is not None and source[place] != source[last]:
            said += " "
        said += text[place]
        last = place
    numbers = sorted({source[place] for place in places})
    score = sum(line.words[n].confidence for n in numbers) / len(numbers)
    boxes = [line.words[n].box for n in numbers]
    box = Box(min(b.left for b in boxes), line.box.top, max(b.right for b in boxes), line.box.bottom)
    return Word(said, box, score)


def _bare(text: str) -> str:
    return text.replace(" ", "")
