"""The trained document-type classifier: a linear model over hashed words, pairs and letter runs.

Training needs scikit-learn (classify/learn.py); telling needs numpy only and takes about two milliseconds a
document. Letter runs of 3 to 5 still match where OCR misread a word; the words at the head of the document count
twice, once as themselves and once as head; votes of the title rules are features too. (Measured for clinical
notes: words and letters .925 accuracy, words alone .922 clean and far less with misread letters.)
"""

import io
import json
import math
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np
import numpy.typing as npt

from classify import normal
from classify.codes.learnedforms import LearnedForm
from classify.doctypes import TYPES
from classify.identify import Vote
from classify.rows import Row

Floats = npt.NDArray[np.float32]
Places = npt.NDArray[np.int64]

_WORDS, _LETTERS, _HEAD = 1 << 17, 1 << 17, 1 << 14
"""Buckets of the three kinds of feature; 20,000 clinical words fill a sixth of the first."""

_SHARES, _RULES_SHARE = (0.5, 1.0, 0.5), 0.5
"""Weight of words, letter runs, head and rule votes: runs lead, for they survive misread letters (.901 right at 15 in
a hundred; .891 with all alike, at the same .923 on clean text)."""

_HEAD_LETTERS = 400
"""Letters of the text that count as its head: a title, a letterhead, the first label lines."""

_MOST_LETTERS = 40_000
"""Letters of a text that are looked at: a dozen dense pages; more repeats what was said."""

RULES_FROM = _WORDS + _LETTERS + _HEAD
_SAID = 4
SIZE = RULES_FROM + _SAID * len(TYPES)
"""Features in all; the last are what titles, cues, headings and wording say for each row of the type table."""

_MIX = np.uint64(0x9E3779B97F4A7C15)
_STEP = np.uint64(1099511628211)


class ModelUnusable(Exception):
    """A kept model that cannot be used; the title rules speak alone until there is another."""


@dataclass(frozen=True, slots=True)
class Features:
    """A text as features: places in ascending order, and how strongly each is there."""

    places: Places
    strengths: Floats


@dataclass(frozen=True, slots=True)
class WordModel:
    """What was learned: one row of weights a kind, and how its score and the title rules make a probability.

    `rarity` weighs features by how few documents have them. The chance of a kind is the logistic of
    slope · score + trust · logit of the rules + offset, fitted on documents that were not learned from;
    from `sure_from` on it may be taken without asking (2 where it never earned that). `forms` are the form numbers
    that stood on verified documents of one kind.
    """

    codes: tuple[str, ...]
    rarity: Floats
    weights: npt.NDArray[np.float16]
    biases: Floats
    slopes: Floats
    offsets: Floats
    trust: float
    sure_from: Floats
    examples: dict[str, int]
    forms: dict[str, LearnedForm] = field(default_factory=dict)

    def scores(self, features: Features) -> Floats:
        """How far the text lies on the side of each kind; 0 is the border."""
        strengths = weighted(features, self.rarity)
        result: Floats = self.weights[:, features.places].astype(np.float32) @ strengths + self.biases
        return result

    def chances(self, scores: Floats, rules: dict[str, float]) -> dict[str, float]:
        """The probability of each kind, those included that only the rules know; what is missing to 1 is none of them.

        `rules` are the chances that the title rules give.
        """
        said = np.array([logit(rules.get(code, 0.0)) for code in self.codes], np.float32)
        learned = 1 / (1 + np.exp(-(self.slopes * scores + self.trust * said + self.offsets)))
        chances = dict(zip(self.codes, (float(chance) for chance in learned), strict=True))
        left = 1 - max(chances.values())
        chances |= {code: chance * left for code, chance in rules.items() if code not in chances}
        total = sum(chances.values())
        return {code: chance / max(1.0, total) for code, chance in chances.items()}

    def to_bytes(self) -> bytes:
        """The model as an npz archive, without pickle."""
        out = io.BytesIO()
        forms = {key: [form.code, form.right, form.of] for key, form in self.forms.items()}
        head = {
            "codes": self.codes,
            "examples": self.examples,
            "size": SIZE,
            "trust": self.trust,
            "forms": forms,
        }
        np.savez_compressed(
            out,
            head=np.frombuffer(json.dumps(head).encode(), np.uint8),
            rarity=self.rarity,
            **{name: getattr(self, name) for name in _KEPT},
        )
        return out.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> "WordModel":
        """The model out of an npz archive; ModelUnusable when it is damaged or was made for other features than ours."""
        try:
            with np.load(io.BytesIO(data), allow_pickle=False) as kept:
                head = json.loads(kept["head"].tobytes())
                if head["size"] != SIZE:
                    raise ModelUnusable("The model was trained for another version of the type table. Train it again.")
                return cls(
                    codes=tuple(head["codes"]),
                    rarity=kept["rarity"],
                    trust=float(head["trust"]),
                    examples={str(code): int(count) for code, count in head["examples"].items()},
                    forms={  # models of earlier versions have none
                        str(key): LearnedForm(str(code), int(right), int(of))
                        for key, (code, right, of) in head.get("forms", {}).items()
                    },
                    **{name: kept[name] for name in _KEPT},
                )
        except (ValueError, KeyError, TypeError, OSError, EOFError, zipfile.BadZipFile) as error:
            raise ModelUnusable("The model cannot be opened. Train it again.") from error


_KEPT = ("weights", "biases", "slopes", "offsets", "sure_from")


def logit(chance: float) -> float:
    """log odds, of 0.01 at least and 0.99 at most: no classifier is surer than that."""
    chance = min(max(chance, 0.01), 0.99)
    return math.log(chance / (1 - chance))


def features_of(rows: Sequence[Row], votes: Sequence[Vote]) -> Features:
    """The features of a document's rows, in reading order, and of the votes that the title rules give it."""
    text = normal.plain(" ".join(row.text for row in rows))[:_MOST_LETTERS]
    parts = [
        _counted(_word_places(text)),
        _counted(_letter_places(text) + _WORDS),
        _counted(_head_places(text[:_HEAD_LETTERS]) + _WORDS + _LETTERS),
        _rule_votes(votes),
    ]
    return Features(np.concatenate([part.places for part in parts]), np.concatenate([part.strengths for part in parts]))


def weighted(features: Features, rarity: Floats) -> Floats:
    """Strengths times rarity, each kind of feature brought to its own length so that long texts do not shout."""
    strengths = features.strengths * rarity[features.places]
    edges = np.searchsorted(features.places, (0, _WORDS, _WORDS + _LETTERS, RULES_FROM))
    for first, last, share in zip(edges[:3], edges[1:], _SHARES, strict=True):
        length = float(np.linalg.norm(strengths[first:last]))
        if length:
            strengths[first:last] *= share / length
    strengths[edges[3] :] *= _RULES_SHARE
    return strengths


def _counted(places: Places) -> Features:
    """Each place once, with 1 + log of how often it came (a word said ten times is not ten times as telling)."""
    once, counts = np.unique(places, return_counts=True)
    return Features(once, (1 + np.log(counts)).astype(np.float32))


def _rule_votes(votes: Sequence[Vote]) -> Features:
    """What speaks for every kind that has a vote: title, share of cues, heading, wording."""
    by_code = {vote.code: vote for vote in votes}
    places: list[int] = []
    strengths: list[float] = []
    for number, kind in enumerate(TYPES):
        vote = by_code.get(kind.code)
        if vote is not None:
            places += range(RULES_FROM + _SAID * number, RULES_FROM + _SAID * (number + 1))
            strengths += [vote.title, min(vote.cues, 6) / 6, vote.heard, (1 + max(-1.0, min(1.0, vote.wording))) / 2]
    return Features(np.array(places, np.int64), np.array(strengths, np.float32))


def _word_places(text: str) -> Places:
    """Buckets of the words and of each two that follow one another."""
    words = _word_hashes(text)
    with np.errstate(over="ignore"):
        pairs = words[:-1] * _STEP + words[1:]
    return np.concatenate((_bucket(words, _WORDS), _bucket(pairs, _WORDS)))


def _head_places(text: str) -> Places:
    return _bucket(_word_hashes(text), _HEAD)


def _letter_places(text: str) -> Places:
    """Buckets of all runs of 3, 4 and 5 letters, blanks included."""
    letters = np.frombuffer(f" {text} ".encode("ascii"), np.uint8).astype(np.uint64)
    runs = []
    with np.errstate(over="ignore"):
        for length in (3, 4, 5):
            count = len(letters) - length + 1
            if count <= 0:
                continue
            run = np.full(count, length, np.uint64)
            for offset in range(length):
                run = run * _STEP + letters[offset : offset + count]
            runs.append(_bucket(run, _LETTERS))
    return np.concatenate(runs) if runs else np.zeros(0, np.int64)


def _word_hashes(text: str) -> npt.NDArray[np.uint64]:
    """A number for each word, the same in every process and on every machine."""
    text = text.strip()
    if not text:
        return np.zeros(0, np.uint64)
    letters = np.frombuffer(text.encode("ascii"), np.uint8)
    blank = letters == 32
    starts = np.concatenate(([0], np.nonzero(blank)[0] + 1))
    order = np.arange(len(letters)) - np.repeat(starts, np.diff(np.append(starts, len(letters))))
    with np.errstate(over="ignore"):
        spread = np.where(blank, np.uint64(0), letters.astype(np.uint64) * _powers()[np.minimum(order, 63)])
        return np.add.reduceat(spread, starts)


@cache
def _powers() -> npt.NDArray[np.uint64]:
    with np.errstate(over="ignore"):
        powers: npt.NDArray[np.uint64] = np.multiply.accumulate(np.full(64, _STEP, np.uint64)) * _MIX
        return powers


def _bucket(hashes: npt.NDArray[np.uint64], buckets: int) -> Places:
    """Fibonacci hashing: the high bits of a product spread best."""
    with np.errstate(over="ignore"):
        mixed = (hashes ^ (hashes >> np.uint64(29))) * _MIX
    return (mixed >> np.uint64(64 - int(math.log2(buckets)))).astype(np.int64)
