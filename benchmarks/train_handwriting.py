"""Fits what tells handwriting from print (ocr/handwriting.py), and shows whether it holds on hands and faces it has not seen.

    python -m benchmarks.train_handwriting            fit on drawn pages, check by leaving hands and faces out (5 minutes)

Prints the weights to be copied into ocr/handwriting.py. Nothing is fitted on real paper. Places of words are those that
they were drawn at, so that no recogniser is needed.
"""

import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.damage import by_name
from benchmarks.sheets import BASE_FONTS, LAYOUTS, draw_sheet
from benchmarks.train_confidence import fit
from ocr import handwriting
from ocr.clean.sketch import Sketch, draw_sketch
from ocr.imaging import to_grey
from ocr.page import Box, Word
from tests.data.handwritten import HANDS, NOTE, Plan, Style, draw_form

Matrix = npt.NDArray[np.float64]
Vector = npt.NDArray[np.float64]

_MORE_FACES = (
    "liberation/LiberationSerif-Italic.ttf", "liberation/LiberationMono-Regular.ttf",
    "liberation/LiberationSansNarrow-Italic.ttf", "dejavu/DejaVuSerifCondensed-BoldItalic.ttf",
)  # fmt: skip
"""Italics and typewriters of fonts-liberation and fonts-dejavu, which ./dev setup bench installs."""

_DAMAGES = ("clean", "low contrast", "faded", "noise", "speckle", "200 dpi", "150 dpi", "100 dpi")
"""Bad scans that leave every word at its place."""

_SCANS = (300, 200, 200, 150)
_FOLDS = 5


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """The words of a page, a row each: features, 1 for handwriting; and the hand and the face they are in."""

    rows: Matrix
    written: Vector
    hand: str
    face: str


def main() -> None:
    """Fit and check."""
    pages = [*forms(), *sheets()]
    rows, written = np.concatenate([page.rows for page in pages]), np.concatenate([page.written for page in pages])
    weights = fit_scaled(rows, written)
    print("\n".join(f"    {weight:.3f}," for weight in weights))
    said = rows @ np.array([round(float(weight), 3) for weight in weights])
    show("all, fitted on", said, written)
    for name, of in (("hand", [page.hand for page in pages]), ("face", [page.face for page in pages])):
        said = left_out(pages, of)
        show(f"each {name} by the others", said, written)


def show(name: str, said: Vector, written: Vector) -> None:
    """Recall of handwriting and share of print taken for it, from several log odds on."""
    for least in (-2.0, 0.5, 4.0):
        found, wrong = said[written == 1] > least, said[written == 0] > least
        print(f"{name}, over {least}: {found.mean():.3f} of {len(found)} found, {wrong.sum()} of {len(wrong)} wrong")


def left_out(pages: Sequence[Words], of: Sequence[str]) -> Vector:
    """Log odds of every word, by weights fitted without the fold of its hand or face."""
    names = sorted(set(of) - {""})
    said = []
    for fold in range(_FOLDS):
        held = {*names[fold::_FOLDS], *([""] if fold == 0 else [])}
        others = [page for page, name in zip(pages, of, strict=True) if name not in held]
        weights = fit_scaled(np.concatenate([p.rows for p in others]), np.concatenate([p.written for p in others]))
        said += [(n, pages[n].rows @ weights) for n, name in enumerate(of) if name in held]
    return np.concatenate([odds for _, odds in sorted(said, key=lambda pair: pair[0])])


def fit_scaled(rows: Matrix, written: Vector) -> Vector:
    """Logistic regression on features brought to one scale; the weights are of the features as they are."""
    mean, scale = rows.mean(axis=0), rows.std(axis=0)
    mean[0], scale[0] = 0.0, 1.0
    scale[scale == 0] = 1.0
    weights = fit((rows - mean) / scale, written) / scale
    weights[0] -= float(mean @ weights)
    result: Vector = weights
    return result


# ---- pages


def forms() -> Iterator[Words]:
    """A form of each style in each hand, one of them with a note."""
    rng = random.Random(3)
    for number, hand in enumerate(sorted(file.stem for file in HANDS.glob("*.ttf"))):
        for style in Style:
            ink, dpi, noise = rng.choice(("blue", "black", "pencil")), rng.choice(_SCANS), rng.choice((2, 3, 4))
            plan = Plan("PATIENT FORM", style, (hand, hand), ink, dpi, noise, 0.0)
            note = NOTE if style is Style.RULE else ()
            form = draw_form(plan, random.Random(1000 + 10 * number + len(style)), note)
            sketch = draw_sketch(to_grey(form.image), form.dpi)
            by_hand = [(word.text, word.box) for value in form.values for word in value.words]
            by_hand += [(word.text, word.box) for word in form.note]
            yield _words(sketch, by_hand, [(word.text, word.box) for word in form.printed], hand, "Vera")
        sys.stderr.write(f"\r{number + 1} hands")


def sheets() -> Iterator[Words]:
    """Every layout in every face, once or twice, under damages in turn."""
    folder = Path("/usr/share/fonts/truetype")
    more = [str(folder / name) for name in _MORE_FACES if (folder / name).exists()]
    jobs = [(font, layout) for font in (*BASE_FONTS, *BASE_FONTS, *more) for layout in LAYOUTS]
    for number, (font, layout) in enumerate(jobs):
        sheet, damage = draw_sheet(layout, font, number), by_name(_DAMAGES[number * 7 % len(_DAMAGES)])
        image = to_grey(damage.apply(sheet.image, np.random.default_rng(number)))
        points = damage.dpi[0] / 72
        printed = [
            (word.text, Box(*(round(edge * points) for edge in (word.left, word.top, word.right, word.bottom))))
            for word in sheet.words
        ]
        yield _words(draw_sketch(image, damage.dpi[0]), [], printed, "", Path(font).stem)
        sys.stderr.write(f"\r{number + 1} of {len(jobs)} sheets")
    sys.stderr.write("\n")


def _words(
    sketch: Sketch, written: Sequence[tuple[str, Box]], printed: Sequence[tuple[str, Box]], hand: str, face: str
) -> Words:
    by_hand, print_ = _on_ink(sketch, written), _on_ink(sketch, printed)
    flags = np.array([1.0] * len(by_hand) + [0.0] * len(print_))
    return Words(handwriting.features(sketch, [*by_hand, *print_]), flags, hand, face)


def _on_ink(sketch: Sketch, words: Sequence[tuple[str, Box]]) -> list[Word]:
    """Words as a recogniser gives them: their boxes end where their ink ends."""
    found = []
    for text, box in words:
        left, top, right, bottom = (max(0, round(edge * sketch.factor)) for edge in box)
        ink = sketch.ink[top : bottom + 1, left : right + 1]
        down, across = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
        if len(down):
            edges = left + across[0], top + down[0], left + across[-1] + 1, top + down[-1] + 1
            found.append(Word(text, Box(*(round(float(edge) / sketch.factor) for edge in edges)), 0.9))
    return found


if __name__ == "__main__":
    main()
