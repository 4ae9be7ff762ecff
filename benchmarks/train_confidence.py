"""Fits the word confidence of ocr/confidence.py and shows whether it holds on fonts and pages it has not seen.

    python -m benchmarks.train_confidence            fit on three faces, check on another (15 minutes)
    python -m benchmarks.train_confidence --check    only check the weights that are in use

Prints the weights to be copied into ocr/confidence.py and draws docs/confidence.svg.
"""

import argparse
import os
import sys
from collections import Counter
from collections.abc import Sequence
from multiprocessing import Pool
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.damage import DAMAGES, by_name
from benchmarks.sheets import LAYOUTS, draw_sheet, scanned_png
from ocr import confidence
from ocr.page import Word

Vector = npt.NDArray[np.float64]
PLOT = Path(__file__).parent.parent / "docs" / "confidence.svg"

FITTED = (("Helvetica", 1), ("Times-Roman", 1), ("Courier", 1))
UNSEEN = (("Vera", 2),)
"""Faces and seeds; the pages to check with share neither with those to fit with."""


def main() -> None:
    """Fit, check and draw."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    os.environ["OMP_THREAD_LIMIT"] = "1"
    weights = np.array(list(confidence.WEIGHTS.values()))
    if not options.check:
        rows, right, _ = gather(FITTED)
        weights = fit(rows, right)
        print("\n".join(f'    "{n}": {w:.3f},' for n, w in zip(confidence.WEIGHTS, weights, strict=True)))
    rows, right, said = gather(UNSEEN)
    chances = np.minimum(confidence.MOST, 1 / (1 + np.exp(-rows @ weights)))
    print(f"{len(right):,} words of unseen faces, {right.mean():.4f} right")
    for name, values in (("Tesseract's number", said), ("calibrated", chances)):
        print(
            f"{name}: expected calibration error {calibration_error(values, right):.4f}, Brier {np.mean((values - right) ** 2):.4f}"
        )
    draw(said, chances, right)


def gather(faces: Sequence[tuple[str, int]]) -> tuple[npt.NDArray[np.float64], Vector, Vector]:
    """Features, whether right, and the engine's number, of every word of every layout and damage in these faces."""
    jobs = [(layout, font, damage.name, seed) for font, seed in faces for layout in LAYOUTS for damage in DAMAGES]
    rows, right, said = [], [], []
    with Pool() as pool:
        for number, (some_rows, some_right, some_said) in enumerate(pool.imap_unordered(_words_of, jobs), start=1):
            rows.append(some_rows)
            right.append(some_right)
            said.append(some_said)
            sys.stderr.write(f"\r{number} of {len(jobs)} pages")
    sys.stderr.write("\n")
    return np.concatenate(rows), np.concatenate(right), np.concatenate(said)


def _words_of(job: tuple[str, str, str, int]) -> tuple[npt.NDArray[np.float64], Vector, Vector]:
    from ocr import read
    from ocr.signature import Kind

    layout, font, damage_name, seed = job
    sheet = draw_sheet(layout, font, seed)
    png = scanned_png(sheet, by_name(damage_name), seed)
    seen: list[Word] = []
    original = confidence.calibrated
    confidence.calibrated = lambda words: seen.extend(words) or tuple(words)  # type: ignore[func-returns-value]
    try:
        read.read_page(png, Kind.PNG, 1, read.WORDS_ONLY)
    finally:
        confidence.calibrated = original
    if not seen:
        return np.zeros((0, len(confidence.WEIGHTS))), np.zeros(0), np.zeros(0)
    left = Counter(word.text for word in sheet.words)
    right = np.zeros(len(seen))
    for i in sorted(range(len(seen)), key=lambda i: -seen[i].confidence):
        if left[seen[i].text] > 0:
            left[seen[i].text] -= 1
            right[i] = 1.0
    return confidence.features(seen), right, np.array([word.confidence for word in seen])


def fit(
    rows: npt.NDArray[np.float64], right: Vector, caution: float | Vector = 1.0, counts: float | Vector = 1.0
) -> Vector:
    """Logistic regression by Newton's method; `caution` keeps weights small that the data do not ask for, `counts` says
    how much each row counts."""
    weights = np.zeros(rows.shape[1])
    keep_small = caution * np.eye(len(weights))
    for _ in range(50):
        chances = 1 / (1 + np.exp(-rows @ weights))
        slope = rows.T @ (counts * (chances - right)) + keep_small @ weights
        bend = (rows * (counts * chances * (1 - chances))[:, None]).T @ rows + keep_small
        step = np.linalg.solve(bend, slope)
        weights -= step
        if np.abs(step).max() < 1e-8:
            break
    return weights


def calibration_error(said: Vector, right: Vector, bins: int = 20) -> float:
    """Mean distance between what was said and how often it was right, over equal bands of what was said."""
    band = np.clip((said * bins).astype(int), 0, bins - 1)
    return float(
        sum((band == b).mean() * abs(said[band == b].mean() - right[band == b].mean()) for b in set(band.tolist()))
    )


def draw(said: Vector, chances: Vector, right: Vector) -> None:
    """The reliability plot of the docs."""
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "chartroom"
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(6, 5))
    axes.plot((0, 1), (0, 1), color="#999999", linewidth=1, label="says what it means")
    for name, values, colour in (("Tesseract's number", said, "#c0504d"), ("calibrated", chances, "#1f77b4")):
        edges = np.quantile(values, np.linspace(0, 1, 41))
        edges = np.unique(np.concatenate((np.linspace(0, 0.9, 10), edges[edges > 0.9])))
        band = np.digitize(values, edges)
        points = [
            (values[band == b].mean(), right[band == b].mean())
            for b in sorted(set(band.tolist()))
            if (band == b).sum() >= 40
        ]
        axes.plot(*zip(*points, strict=True), marker="o", markersize=4, color=colour, label=name)
    axes.set_xlabel("confidence of a word")
    axes.set_ylabel("share of such words that are right")
    axes.set_title(f"{len(right):,} words in faces that were not fitted on")
    axes.legend()
    figure.tight_layout()
    figure.savefig(PLOT, metadata={"Date": None})


if __name__ == "__main__":
    main()
