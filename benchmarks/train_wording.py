"""Fits what words speak for before a site has verified anything: classify/wording.json.

    ./dev bench train_wording                  fit, say how right it is on what was kept out, write the weights
    ./dev bench train_wording --check          the same without writing

Headings and sample pages were written for this (benchmarks/authored, nobody real). Clinical notes (MTSamples) are
counted phrase by phrase: a phrase is kept when it helps and at least ten notes hold it, so no sentence of a note is
in the weights. Words are judged on folds that they were not fitted on, and what headings, rules, cues and words say is
weighed together on those.
"""

import argparse
import json
import random
import sys
import warnings
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from classify import wording
from classify.identify import Vote, count_votes, evidence_of_vote
from classify.learn import Example, misread
from classify.rows import Row, rows_of_text
from classify.wording import Wording, body_pieces, head_pieces, plain_words

AUTHORED = Path(__file__).parent / "authored"
SHIPPED = Path(wording.__file__).parent / "wording.json"
_FOLDS = 5
_FEWEST_NOTES = 10
_FEWEST_PAGES = 3
_LEAST_WEIGHT, _LEAST_HEAD_WEIGHT = 0.1, 0.5
NAMES = ("title", "heard", "cues", "wording", "bias")


def main() -> None:
    """Fit, judge, and write unless only a check was asked for."""
    from benchmarks.kinds import read_notes

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="do not write the weights")
    options = parser.parse_args()
    fitted = fit([note for note in read_notes() if note.code != "TELEPHONE"], say=sys.stderr.write)
    print(f"{len(fitted.heads)} pieces of headings, {len(fitted.phrases)} of pages; together {dict(fitted.together)}")
    if not options.check:
        SHIPPED.write_text(wording.to_json(fitted), encoding="utf-8")


def fit(notes: Sequence[Example], say: Any = None) -> Wording:
    """The weights from these notes, and from the headings and pages that were written for it."""
    pages = read_pages()
    heads, head_biases = _fit_heads(read_titles())
    documents = [*notes, *(page.without_title for page in pages)]
    phrases, biases = _fit_body(documents)
    together = _fit_together(notes, pages, say)
    return Wording(heads, head_biases, phrases, biases, together)


def fit_words(notes: Sequence[Example]) -> Wording:
    """The weights of words from these notes and what was written for it; how they are weighed together is as shipped."""
    heads, head_biases = _fit_heads(read_titles())
    phrases, biases = _fit_body([*notes, *(page.without_title for page in read_pages())])
    return Wording(heads, head_biases, phrases, biases, wording.shipped().together)


@dataclass(frozen=True, slots=True)
class Page:
    """A page that was written for this: its kind, and its rows with and without its heading."""

    with_title: Example
    without_title: Example
    title: str


def read_pages(name: str = "pages.jsonl") -> list[Page]:
    """The written pages."""
    pages = []
    for number, line in enumerate((AUTHORED / name).read_text(encoding="utf-8").splitlines()):
        row = json.loads(line)
        group, code = f"page {number}", row["code"]
        text = str(row["text"])
        first = text.split("\n")
        at = 2 if number % 2 and len(first) > 4 else 0  # half of the headings stand under a letterhead
        headed = "\n".join((*first[:at], row["title"], *first[at:]))
        pages.append(
            Page(
                Example(rows_of_text(headed), code, group),
                Example(rows_of_text(text), code, group),
                str(row["title"]),
            )
        )
    return pages


def read_titles() -> list[tuple[str, str]]:
    """Kind and heading: those that were written for it, those of the type table, and lines that are no title."""
    from classify.doctypes import TYPES

    written = json.loads((AUTHORED / "titles.json").read_text(encoding="utf-8"))
    found = [(code, title) for code, titles in written.items() for title in titles]
    found += [(row.code, title) for row in TYPES for title in row.titles]
    return list(dict.fromkeys((code, plain_words(title)) for code, title in found))


def _fit_heads(titles: Sequence[tuple[str, str]]) -> tuple[dict[str, dict[str, float]], dict[str, float]]:
    """A softmax over the words and pairs of headings; pieces that one heading alone has are left out when rare."""
    from sklearn.linear_model import LogisticRegression

    table, pieces = _table([list(head_pieces(title.split())) for _, title in titles])
    fitted = LogisticRegression(C=60.0, max_iter=3000).fit(table, [code for code, _ in titles])
    return _kept(fitted.coef_, pieces, fitted.classes_, _LEAST_HEAD_WEIGHT), _named(fitted.intercept_, fitted.classes_)


def _fit_body(documents: Sequence[Example]) -> tuple[dict[str, dict[str, float]], dict[str, float]]:
    """Phrases that tell the kinds apart: chosen by a sparse machine for each kind, then weighed by a smooth one."""
    from sklearn.svm import LinearSVC

    texts = [plain_words(" ".join(row.text for row in document.rows)).split() for document in documents]
    is_page = [document.group.startswith("page ") for document in documents]
    pieces = _common([set(body_pieces(text)) for text in texts], is_page)
    table, names = _table([[p for p in set(body_pieces(text)) if p in pieces] for text in texts])
    codes = sorted({document.code for document in documents} - {"OTHER"})
    kinds = np.array([document.code for document in documents])
    chosen: set[int] = set()
    for code in codes:
        chosen |= set(np.nonzero(_machine(LinearSVC, table, kinds, code, is_sparse=True).coef_[0])[0].tolist())
    columns = sorted(chosen)
    table, names = _table([[p for p in set(body_pieces(text)) if p in {names[c] for c in columns}] for text in texts])
    weights, biases = [], []
    for code in codes:
        machine = _machine(LinearSVC, table, kinds, code, is_sparse=False)
        weights.append(machine.coef_[0])
        biases.append(machine.intercept_[0])
    return _kept(np.array(weights), names, codes), _named(biases, codes)


def _machine(make: Any, table: Any, kinds: Any, code: str, *, is_sparse: bool) -> Any:
    """A linear machine for one kind against the rest. A consultation is no evidence against a history, nor the reverse:
    the notes do not keep them apart."""
    also = {"HP": "CONSULT", "CONSULT": "HP"}.get(code)
    rows = kinds != also if also else np.ones(len(kinds), bool)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        machine = make(
            penalty="l1" if is_sparse else "l2", dual=not is_sparse, C=3.0 if is_sparse else 1.0,
            class_weight="balanced", max_iter=400, tol=1e-3, random_state=1,
        )  # fmt: skip
        return machine.fit(table[rows], kinds[rows] == code)


def _common(said: Sequence[set[str]], is_page: Sequence[bool]) -> set[str]:
    """Pieces that at least ten notes hold, or three pages written for this; those with numbers alone say nothing."""
    notes: dict[str, int] = defaultdict(int)
    pages: dict[str, int] = defaultdict(int)
    for pieces, page in zip(said, is_page, strict=True):
        for piece in pieces:
            (pages if page else notes)[piece] += 1
    return {
        piece
        for piece in notes.keys() | pages.keys()
        if (notes[piece] >= _FEWEST_NOTES or pages[piece] >= _FEWEST_PAGES) and piece.strip("9 ")
    }


def _table(texts: Sequence[Sequence[str]]) -> tuple[Any, list[str]]:
    """Texts × pieces, each row of length 1."""
    from scipy.sparse import csr_matrix

    places: dict[str, int] = {}
    rows, columns, values = [], [], []
    for number, text in enumerate(texts):
        known = set(text)
        for piece in known:
            rows.append(number)
            columns.append(places.setdefault(piece, len(places)))
            values.append(1 / np.sqrt(len(known)))
    return csr_matrix((values, (rows, columns)), shape=(len(texts), len(places))), list(places)


def _kept(
    weights: Any, pieces: Sequence[str], codes: Iterable[str], least: float = _LEAST_WEIGHT
) -> dict[str, dict[str, float]]:
    names = list(codes)
    table: dict[str, dict[str, float]] = {}
    for column, piece in enumerate(pieces):
        own = {
            names[row]: round(float(weights[row, column]), 2)
            for row in np.nonzero(np.abs(weights[:, column]) >= least)[0]
        }
        if own:
            table[piece] = own
    return table


def _named(values: Iterable[float], codes: Iterable[str]) -> dict[str, float]:
    return {str(code): round(float(value), 3) for code, value in zip(codes, values, strict=True)}


# ---- what all of it says together


def _fit_together(notes: Sequence[Example], pages: Sequence[Page], say: Any) -> dict[str, float]:
    """Weights of title rules, headings, cues and words in a choice between all kinds and none, on what was kept out."""
    rng = random.Random(3)
    choices: list[tuple[Any, int, float]] = []
    group_of = {note.group: number % _FOLDS for number, note in enumerate(sorted(notes, key=lambda n: n.group))}
    titles = read_titles()
    for fold in range(_FOLDS):
        learned = [note for note in notes if group_of[note.group] != fold]
        told = [note for note in notes if group_of[note.group] == fold]
        kept = [page for number, page in enumerate(pages) if number % _FOLDS != fold]
        out = [page for number, page in enumerate(pages) if number % _FOLDS == fold]
        own = {(page.with_title.code, plain_words(page.title)) for page in out}
        heads, head_biases = _fit_heads(
            [title for number, title in enumerate(titles) if number % _FOLDS != fold and title not in own]
        )
        phrases, biases = _fit_body([*learned, *(page.without_title for page in kept)])
        words = Wording(heads, head_biases, phrases, biases, dict.fromkeys(NAMES, 0.0))
        share = 1.0 / max(1, len(notes)) * len(pages)
        for weight, examples in (
            (share, told),
            (1.0, [page.with_title for page in out]),
            (0.5, [page.without_title for page in out]),
        ):
            for example in examples:
                rows = misread(example.rows, 0.03, rng) if rng.random() < 0.4 else example.rows
                choices.append((*_choice(rows, example.code, words), weight))
        if say:
            say(f"fold {fold + 1} of {_FOLDS}\n")
    return _conditional(choices)


def _choice(rows: tuple[Row, ...], code: str, words: Wording) -> tuple[Any, int]:
    """Evidence for every kind that has a vote, the last row being none of them; and which is right."""
    votes = count_votes(rows, words)
    table = np.array([*(evidence_of_vote(vote) for vote in votes), (0.0,) * len(NAMES)])
    right = _index_of(votes, code)
    return table, right


def _index_of(votes: Sequence[Vote], code: str) -> int:
    codes = [vote.code for vote in votes]
    if (
        code == "CONSULT" and "HP" in codes and "CONSULT" in codes
    ):  # the notes keep no consultation apart from a history
        code = max(("HP", "CONSULT"), key=lambda c: sum(evidence_of_vote(votes[codes.index(c)])[:4]))
    return codes.index(code) if code in codes else len(codes)


def _conditional(choices: Sequence[tuple[Any, int, float]]) -> dict[str, float]:
    """A conditional logit (McFadden 1974) by gradient descent, its weights held small."""
    from scipy.optimize import minimize

    def loss(weights: Any) -> tuple[float, Any]:
        total, slope = 0.02 * float(weights @ weights), 0.04 * weights
        for table, right, share in choices:
            scores = table @ weights
            scores = scores - scores.max()
            odds = np.exp(scores)
            chances = odds / odds.sum()
            total -= share * np.log(max(chances[right], 1e-12))
            slope = slope + share * (chances @ table - table[right])
        return total, slope

    fitted = minimize(loss, np.array([3.0, 3.0, 0.4, 2.0, -3.0]), jac=True, method="L-BFGS-B")
    return dict(zip(NAMES, (round(float(value), 3) for value in fitted.x), strict=True))


if __name__ == "__main__":
    main()
