"""What the benchmarks of understanding share: figures beside their targets, kept as tables, and calibration."""

import csv
import importlib.util
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

RESULTS = Path(__file__).parent / "results"


def calibration(
    said: Sequence[float], right: Sequence[bool], steps: int = 10
) -> tuple[float, list[tuple[float, float, int]]]:
    """Expected calibration error over equal steps of confidence, and for each step what was said, what was right, how many."""
    place = np.minimum((np.array(said) * steps).astype(int), steps - 1)
    table = [
        (
            float(np.mean(np.array(said)[place == k])),
            float(np.mean(np.array(right)[place == k])),
            int((place == k).sum()),
        )
        for k in range(steps)
        if (place == k).any()
    ]
    return sum(abs(a - b) * n for a, b, n in table) / len(said), table


def show(title: str, rows: list[tuple[str, float, str]]) -> None:
    """Print figures beside their targets."""
    print(f"\n{title}")
    for what, value, target in rows:
        print(f"  {what:50} {value:8.4f}  {'target ' + target if target else ''}")


def keep(name: str, rows: list[dict[str, Any]], measure: str = "understanding") -> None:
    """Keep a table of a measure in benchmarks/results."""
    today = datetime.now(UTC).date().isoformat()
    with (RESULTS / f"{measure}-{name}.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, ["date", *rows[0]])
        writer.writeheader()
        writer.writerows({"date": today, **row} for row in rows)


_ENOUGH = 20
"""Words of a point of the plot; fewer say nothing."""

_COLOURS = ("#1f77b4", "#9ecae1", "#c0504d", "#e6a9a7")


def plot_reliability(file: Path, results: Mapping[str, tuple[Sequence[float], Sequence[bool]]], what: str) -> None:
    """A reliability plot: for each result the confidences and what was right, where matplotlib is here; pairs share a colour."""
    if importlib.util.find_spec("matplotlib") is None:
        print(f"{file.name} is not drawn: matplotlib is not installed. './dev bench' installs it.")
        return
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "chartroom"
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(6, 5))
    axes.plot((0, 1), (0, 1), color="#999999", linewidth=1, label="says what it means")
    for (name, (said, right)), colour in zip(results.items(), _COLOURS, strict=False):
        points = [(at, share) for at, share, count in calibration(said, right, 20)[1] if count >= _ENOUGH]
        if points:
            label = f"{name} ({len(said):,} words)"
            axes.plot(*zip(*points, strict=True), marker="o", markersize=4, color=colour, label=label)
    axes.set_xlabel(f"confidence of {what}")
    axes.set_ylabel("share of such words that are right")
    axes.legend(fontsize=8)
    figure.tight_layout()
    figure.savefig(file, metadata={"Date": None})
    pyplot.close(figure)
