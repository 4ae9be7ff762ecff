"""Fits what understanding weighs: how sure a value is, how places confirm each other, where documents begin.

    ./dev bench train_understanding             print the weights for classify/finding/confidence.py and classify/gaps.py

Fitted on drawn hospitals whose ways of setting a form are not those of the held-out ones that
`./dev bench understanding` measures. Values come from pages that were scanned with damage and read; gaps, which need
many stacks, from pages whose words are taken as drawn, with some letters misread.
"""

import argparse
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.charts import Drawn, draw_hospital, draw_stack
from benchmarks.stacks import ReadStack, read_stacks
from benchmarks.truth import is_same
from classify import gaps
from classify.fields import bylabel, find, others
from classify.fields.table import FIELDS
from classify.finding import confidence
from classify.finding.labels import find_anchors
from classify.finding.places import find_values
from classify.guess import FieldValue
from classify.learn import misread_word
from classify.profile import Profile
from classify.rows import rows_of
from classify.split import is_other_person, read_facts
from ocr.page import OcrPage, PageOutcome
from ocr.textlayer import read_text_layer

_PROFILE = Profile()
_COPIES, _LOST = 6, 0.4


def main() -> None:
    """Fit all three and print them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hospitals", type=int, default=30)
    parser.add_argument("--stacks", type=int, default=240, help="drawn stacks for the gaps")
    parser.add_argument("--keep", type=Path, help="a folder for readings, to use again")
    options = parser.parse_args()
    stacks = read_stacks(options.hospitals, 5, held_out=False, seed=2, kept=options.keep)
    _print("WEIGHTS of classify/finding/confidence.py", fit_values(stacks))
    _print("WEIGHTS of classify/gaps.py", fit_gaps(options.stacks))


def fit_values(stacks: list[ReadStack]) -> dict[str, float]:
    """Weights of a value's features. How places confirm each other is fitted on values that were weighed by ways of
    setting a form other than their own, so that the confidence holds on forms that nobody has seen."""
    known = dict(confidence.WEIGHTS)
    table: list[tuple[float, ...]] = []
    right: list[bool] = []
    for header in sorted({stack.documents[0].hospital.header for stack in stacks}):
        own = [stack for stack in stacks if stack.documents[0].hospital.header == header]
        confidence.WEIGHTS.update(_weights_of([stack for stack in stacks if stack not in own], known))
        for features, is_right in _agreements(own):
            table.append(features)
            right.append(is_right)
    names = ("bias", "own", "agrees", "differs")
    _print(
        "AGREEMENT of classify/finding/confidence.py",
        dict(zip(names, _logistic(np.array(table), np.array(right), 0.3), strict=True)),
    )
    return _weights_of(stacks, known)


def _weights_of(stacks: list[ReadStack], known: dict[str, float]) -> dict[str, float]:
    table, right = [], []
    for stack in stacks:
        pages = {page.number: page for page in stack.pages}
        for document in stack.documents:
            for number in document.printed_on:
                for name, value, features in _values_with_features(pages[number]):
                    if (is_right := _is_right(document, name, value)) is not None:
                        table.append(features)
                        right.append(is_right)
    fitted = _logistic(np.array(table), np.array(right), strength=1.0)
    return _where_seen(known, dict(zip(("bias", *confidence.FEATURES), fitted, strict=True)))


def _values_with_features(page: OcrPage) -> Iterator[tuple[str, str, tuple[float, ...]]]:
    rows = rows_of(page)
    of_others = others.rows_of_others(rows)
    for found in find_values(rows, FIELDS, find_anchors(rows, FIELDS, _PROFILE), _PROFILE):
        near = bylabel.is_theirs(found, of_others)
        yield found.field, found.value, confidence.features_of(found, dpi=page.dpi, is_near_relative=near)


def _agreements(stacks: list[ReadStack]) -> Iterator[tuple[tuple[float, ...], bool]]:
    for stack in stacks:
        pages = {page.number: page for page in stack.pages}
        for document in stack.documents:
            values = tuple(v for n in document.printed_on for v in find.find_fields(pages[n], _PROFILE))
            for value, agrees, differs in _with_others(values):
                if (is_right := _is_right(document, value.name, value.value)) is not None:
                    own = min(max(value.confidence, 0.001), 0.999)
                    yield (float(np.log(own / (1 - own))), float(np.log1p(agrees)), differs), is_right


def _with_others(values: tuple[FieldValue, ...]) -> Iterator[tuple[FieldValue, int, float]]:
    best = {}
    for value in sorted(values, key=lambda v: v.confidence):
        best[value.name, value.value] = value
    for (name, text), value in best.items():
        agrees = sum(v.name == name and v.value == text for v in values) - 1
        differs = max((v.confidence for v in values if v.name == name and v.value != text), default=0.0)
        yield value, agrees, differs


def _is_right(document: Drawn, name: str, value: str) -> bool | None:
    """Whether a value is what is printed; None for fields of which the truth does not speak."""
    if name in document.fields:
        return is_same(name, value, document.fields[name])
    return False if name in document.hospital.labels and name not in ("diagnosis", "disposition", "allergies") else None


def fit_gaps(stacks: int) -> dict[str, float]:
    """Weights of the evidence in a gap, from stacks as they were drawn.

    Drawn documents have all of their cues, real ones lack some: each gap is learned from in copies that lost a
    part of the evidence, so that every cue must be able to speak alone.
    """
    rng = random.Random(7)
    table, begins = [], []
    for number in range(stacks):
        for evidence, is_begin in gaps_of(number):
            for _ in range(_COPIES):
                table.append(tuple(value * (rng.random() > _LOST) for value in evidence))
                begins.append(is_begin)
    fitted = _logistic(np.array(table), np.array(begins), strength=1.0)
    return _where_seen(gaps.WEIGHTS, dict(zip(("bias", *gaps.EVIDENCE), fitted, strict=True)))


def _where_seen(known: dict[str, float], fitted: dict[str, float]) -> dict[str, float]:
    """The fitted weights; what the drawn charts never show keeps the weight that it was given by hand."""
    return {name: value if value else known[name] for name, value in fitted.items()}


def gaps_of(seed: int, *, held_out: bool = False) -> Iterator[tuple[tuple[float, ...], bool]]:
    """The evidence of every gap of a drawn stack that identity does not decide, and whether a document begins."""
    rng = random.Random(seed)
    drawn = draw_stack(draw_hospital(10_000 + seed, held_out=held_out), 5, 10_000 + seed)
    stack: list[gaps.PageFacts] = []
    for document in drawn:
        for page_number in range(1, document.pages + 1):
            facts = read_facts(drawn_page(document, page_number, rng), _PROFILE)
            if stack and not is_other_person(stack, facts):
                yield gaps.evidence_of(stack, facts), page_number == 1
            stack = [facts] if page_number == 1 else [*stack, facts]


def drawn_page(document: Drawn, number: int, rng: random.Random, misread: float = 0.01) -> OcrPage:
    """A drawn page as if it had been read well: its words where they were drawn, some letters misread."""
    words = read_text_layer(document.pdf, number, 300) or ()
    words = tuple(replace(word, text=misread_word(word.text, misread, rng), confidence=0.95) for word in words)
    return OcrPage(number, PageOutcome.OK, width=2550, height=3300, dpi=300, words=words)


def _logistic(table: Any, right: Any, strength: float) -> list[float]:
    """Bias and weights of a logistic, held small."""
    from sklearn.linear_model import LogisticRegression

    fitted = LogisticRegression(C=strength, max_iter=5000).fit(table, right)
    return [round(float(v), 3) for v in (fitted.intercept_[0], *fitted.coef_[0])]


def _print(title: str, weights: dict[str, float]) -> None:
    print(f"# {title}")
    print("{" + ", ".join(f'"{name}": {value}' for name, value in weights.items()) + "}")


if __name__ == "__main__":
    main()
