"""What the benchmarks of understanding share: figures beside their targets, kept as tables, and calibration."""

import csv
from collections.abc import Sequence
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


def keep(name: str, rows: list[dict[str, Any]]) -> None:
    """Keep a table in benchmarks/results."""
    today = datetime.now(UTC).date().isoformat()
    with (RESULTS / f"understanding-{name}.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, ["date", *rows[0]])
        writer.writeheader()
        writer.writerows({"date": today, **row} for row in rows)
