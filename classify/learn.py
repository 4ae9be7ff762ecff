"""Learns the word model from verified documents. The only file that knows scikit-learn; slow to import.

Each document is learned as it was read and with letters misread on purpose (5 and 15 in a hundred), since a
model that saw clean text only trusts words that OCR breaks (.906 against .76 right at 15 in a hundred). What the
model and the title rules say is then weighed together on documents that were kept out, which also makes the
result a probability; thresholds follow from the errors seen there.
"""

import random
import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from classify.codes.learnedforms import Bearing, learn_forms
from classify.identify import count_votes, rule_chances
from classify.risk import upper_bound
from classify.rows import Row
from classify.wording import Wording
from classify.wordmodel import RULES_FROM, SIZE, Features, Floats, WordModel, features_of, logit, weighted

FEWEST = 4
"""Examples that a kind needs to be learned; with fewer the rules speak for it alone."""

_NOISE = (0.05, 0.15)
"""Shares of misread letters in the copies that are learned from beside the document itself."""

_FOLDS = 4
_PENALTY = (3.0, 100.0, 300)
"""L2 penalty of the stacking regression: minimum, extra with 0 examples, examples at which three quarters of the extra are
gone. Measured: with 5, 20 and 100 notes a kind this keeps what the
rules know (.90, .91, .93 right; .87, .86, .93 held loosely), and a thousand notes are weighed as freely as before."""

_OWN_SHARE = 0.1
"""A kind's own slope and offset are held by this share of it."""

_TARGET_ERROR = 0.02
"""A kind is taken without asking where no more than this share of such answers is wrong."""


@dataclass(frozen=True, slots=True)
class Example:
    """A verified document: what it said, what it is, its group (near-duplicates share one), the form numbers that it bears
    (as compared), and whose it is."""

    rows: tuple[Row, ...]
    code: str
    group: str
    form_keys: frozenset[str] = frozenset()
    person: str = ""


@dataclass(frozen=True, slots=True)
class _Learned:
    """A text in the form that is learned from."""

    features: Features
    rules: dict[str, float]
    code: str
    group: str
    is_clean: bool


def train(
    examples: Sequence[Example],
    *,
    seed: int = 1,
    tell: Callable[[int, int], None] | None = None,
    words: Wording | None = None,
) -> WordModel:
    """A model of these documents; ValueError when fewer than two kinds have enough examples.

    `tell` hears of progress: steps done, steps in all. `words` are other weights than those that come along.
    """
    counts = Counter(example.code for example in examples)
    codes = tuple(sorted(code for code, count in counts.items() if count >= FEWEST))
    if len(codes) < 2:
        raise ValueError(
            f"Learning needs at least two kinds of document with {FEWEST} verified documents each; verify more first."
        )
    steps = len(examples) + _FOLDS + 1
    progress = tell or (lambda done, of: None)
    rng = random.Random(seed)
    texts = []
    for number, example in enumerate(examples):
        texts += _copies(example, rng, words)
        progress(number + 1, steps)
    rarity = _rarity(texts)
    matrix = _matrix(texts, rarity)
    fold_of = _folds(texts, rng)
    scores = np.zeros((len(texts), len(codes)), np.float32)
    for fold in range(_FOLDS):
        held = np.array([fold_of[text.group] == fold for text in texts])
        if held.any() and not held.all():
            weights, biases = _fit(matrix[~held], [t.code for t, h in zip(texts, held, strict=True) if not h], codes)
            scores[held] = matrix[held] @ weights.T + biases
        progress(len(examples) + fold + 1, steps)
    weights, biases = _fit(matrix, [text.code for text in texts], codes)
    slopes, offsets, trust = _weigh_together(texts, codes, scores)
    model = WordModel(
        codes, rarity, weights.astype(np.float16), biases, slopes, offsets, trust,
        sure_from=np.full(len(codes), 2.0, np.float32), examples=dict(counts),
        forms=learn_forms(Bearing(example.form_keys, example.code, example.person) for example in examples),
    )  # fmt: skip
    progress(steps, steps)
    return replace(model, sure_from=_sure_from(model, texts, scores))


def misread(rows: tuple[Row, ...], share: float, rng: random.Random) -> tuple[Row, ...]:
    """The rows as a bad scan would read: this share of letters confused, dropped or doubled."""
    return tuple(
        replace(row, words=tuple(replace(word, text=misread_word(word.text, share, rng)) for word in row.words))
        for row in rows
    )


_CONFUSED = {
    "o": "0c", "0": "oO", "l": "1i", "1": "lI", "i": "l1", "e": "c", "c": "e", "s": "5", "5": "S", "b": "h6", "h": "b",
    "n": "ri", "m": "rn", "u": "ii", "v": "y", "w": "vv", "a": "o", "t": "f", "f": "t", "g": "q9", "8": "B", "r": "n",
    "E": "F", "I": "l1", "O": "0Q", "S": "5", "B": "8", "D": "O", "Z": "2", "T": "I", "A": "4", "R": "K", "N": "H",
}  # fmt: skip


def misread_word(text: str, share: float, rng: random.Random) -> str:
    """The word with this share of its letters confused, dropped or doubled, as OCR does."""
    read = []
    for letter in text:
        if rng.random() >= share:
            read.append(letter)
            continue
        kind = rng.random()
        if kind < 0.7:
            read.append(rng.choice(_CONFUSED.get(letter, "eioart")))
        elif kind < 0.85:
            read.append(letter + rng.choice("il.,"))
    return "".join(read) or text[:1]


def _copies(example: Example, rng: random.Random, words: Wording | None) -> list[_Learned]:
    copies = [(example.rows, True), *((misread(example.rows, share, rng), False) for share in _NOISE)]
    learned = []
    for rows, is_clean in copies:
        votes = count_votes(rows, words)
        said = rule_chances(votes, words)
        learned.append(_Learned(features_of(rows, votes), said, example.code, example.group, is_clean))
    return learned


def _rarity(texts: Sequence[_Learned]) -> Floats:
    """log of how rare a feature is among the documents (smoothed inverse document frequency); 1 for rule votes."""
    seen = np.zeros(SIZE, np.int64)
    for text in texts:
        seen[text.features.places] += 1
    rarity = (np.log((1 + len(texts)) / (1 + seen)) + 1).astype(np.float32)
    rarity[seen < 2] = 0.0  # heard once: nothing to learn
    rarity[RULES_FROM:] = 1.0
    return rarity


def _matrix(texts: Sequence[_Learned], rarity: Floats) -> Any:
    from scipy.sparse import csr_matrix

    starts = np.cumsum([0, *(len(text.features.places) for text in texts)])
    places = np.concatenate([text.features.places for text in texts])
    strengths = np.concatenate([weighted(text.features, rarity) for text in texts])
    return csr_matrix((strengths, places, starts), shape=(len(texts), SIZE))


def _folds(texts: Sequence[_Learned], rng: random.Random) -> dict[str, int]:
    """A fold for each group, every kind spread over all folds."""
    groups: dict[str, str] = {}
    for text in texts:
        groups.setdefault(text.group, text.code)
    order = sorted(groups, key=lambda group: (groups[group], rng.random()))
    return {group: number % _FOLDS for number, group in enumerate(order)}


def _fit(matrix: Any, kinds: Sequence[str], codes: tuple[str, ...]) -> tuple[Floats, Floats]:
    """A linear support vector machine for each kind against the rest; n kinds × features, n kinds."""
    from sklearn.svm import LinearSVC

    weights = np.zeros((len(codes), SIZE), np.float32)
    biases = np.full(len(codes), -1.0, np.float32)
    for row, code in enumerate(codes):
        is_kind = np.array([kind == code for kind in kinds])
        if not is_kind.any() or is_kind.all():
            continue
        machine = LinearSVC(C=1.0, dual=True, max_iter=60, tol=1e-2, class_weight="balanced", random_state=1)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # one not fully converged is as good here
            machine.fit(matrix, is_kind)
        weights[row], biases[row] = machine.coef_[0], machine.intercept_[0]
    return weights, biases


def _weigh_together(texts: Sequence[_Learned], codes: tuple[str, ...], scores: Floats) -> tuple[Floats, Floats, float]:
    """Slope and offset of each kind, and the trust in the rules, from documents that were kept out.

    A logistic that begins at the rules alone (trust 1, slopes and offsets 0) and leaves them as far as the documents
    say so: with few of them the rules stay what is believed. Kinds of few examples stay near the slope and offset of all.
    """
    from scipy.optimize import minimize

    kinds = len(codes)
    said = np.array([[logit(text.rules.get(code, 0.0)) for code in codes] for text in texts])
    is_kind = np.array([[text.code == code for code in codes] for text in texts], float)
    sign = 2 * is_kind - 1
    start = np.zeros(3 + 2 * kinds)
    start[1] = 1.0  # slope, trust, offset, own offsets, own slopes
    least, more, half = _PENALTY
    strength = least + more * (half / (half + sum(text.is_clean for text in texts))) ** 2
    held = np.concatenate((np.full(3, strength), np.full(2 * kinds, _OWN_SHARE * strength)))

    def loss(values: Any) -> tuple[float, Any]:
        slopes, offsets = values[0] + values[3 + kinds :], values[2] + values[3 : 3 + kinds]
        margin = sign * (scores * slopes + values[1] * said + offsets)
        pull = -sign / (1 + np.exp(np.clip(margin, -30, 30)))
        by_score, by_kind = (pull * scores).sum(axis=0), pull.sum(axis=0)
        slope = np.concatenate(([by_score.sum(), (pull * said).sum(), by_kind.sum()], by_kind, by_score))
        away = values - start
        return float(np.logaddexp(0, -margin).sum() + 0.5 * (held * away**2).sum()), slope + held * away

    values = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 2000}).x
    slopes = (values[0] + values[3 + kinds :]).astype(np.float32)
    offsets = (values[2] + values[3 : 3 + kinds]).astype(np.float32)
    return np.maximum(slopes, 0.0), offsets, float(max(values[1], 0.0))


def _sure_from(model: WordModel, texts: Sequence[_Learned], scores: Floats) -> Floats:
    """For each kind the least chance from which kept-out documents were right often enough.

    A kind with too few answers to show it for itself needs what all kinds together needed.
    """
    answers: dict[str, list[tuple[float, bool]]] = {code: [] for code in model.codes}
    for text, row in zip(texts, scores, strict=True):
        if not text.is_clean:  # copies of one document are no further evidence
            continue
        chances = model.chances(row, text.rules)
        best = max(chances, key=lambda code: chances[code])
        if best in answers:
            answers[best].append((chances[best], best == text.code))
    together = least_sure([answer for kind in answers.values() for answer in kind])
    own = [least_sure(answers[code]) for code in model.codes]
    return np.array([max(mine, together) if mine <= 1 else max(together, 0.9) for mine in own], np.float32)


def least_sure(answers: list[tuple[float, bool]], target: float = _TARGET_ERROR) -> float:
    """The least chance from which the share of wrong answers, its upper 95 % bound, is under the target; 2 if none is."""
    answers = sorted(answers, reverse=True)
    best, wrong = 2.0, 0
    for count, (chance, is_right) in enumerate(answers, start=1):
        wrong += not is_right
        if upper_bound(wrong, count) <= target and (count == len(answers) or answers[count][0] < chance):
            best = chance
    return best
