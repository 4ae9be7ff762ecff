"""Prints how much of each room the tests ran, and the modules with the most left: `./dev coverage`."""

import json
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from coverage import Coverage

ROOMS = ("ocr/", "classify/", "classify/matching/", "storage/", "ingest/", "review_app/", "")
"""A room holds all files whose path begins so; the last is the total."""


@dataclass(frozen=True, slots=True)
class Covered:
    """Of a module or a room: lines and branches, those that were run first."""

    name: str
    lines_run: int
    lines: int
    branches_run: int
    branches: int

    @property
    def missed(self) -> int:
        """Lines and branches that no test ran."""
        return self.lines - self.lines_run + self.branches - self.branches_run

    def row(self) -> str:
        """A row of the table."""
        return (
            f"{self.name:<44}{self.lines:>7}{_percent(self.lines_run, self.lines):>8}"
            f"{self.branches:>10}{_percent(self.branches_run, self.branches):>8}{self.missed:>8}"
        )


HEAD = f"{'':<44}{'lines':>7}{'run':>8}{'branches':>10}{'run':>8}{'missed':>8}"


def read_modules(report: dict[str, object]) -> list[Covered]:
    """The modules of a JSON report of coverage.py that was made with branches."""
    files: dict[str, dict[str, dict[str, int]]] = report["files"]  # type: ignore[assignment]
    return [
        Covered(name, s["covered_lines"], s["num_statements"], s["covered_branches"], s["num_branches"])
        for name, s in ((name, file["summary"]) for name, file in files.items())
    ]


def sum_of(name: str, modules: Iterable[Covered]) -> Covered:
    """These modules together."""
    rows = list(modules)
    return Covered(
        name,
        sum(m.lines_run for m in rows),
        sum(m.lines for m in rows),
        sum(m.branches_run for m in rows),
        sum(m.branches for m in rows),
    )


def table(modules: list[Covered], worst: int = 15) -> list[str]:
    """The rooms, then the modules with the most that no test ran."""
    rooms = [sum_of(room.rstrip("/") or "total", (m for m in modules if m.name.startswith(room))) for room in ROOMS]
    return [HEAD, *(r.row() for r in rooms), "", *(m.row() for m in sorted(modules, key=lambda m: -m.missed)[:worst])]


def _percent(part: int, of: int) -> str:
    return f"{100 * part / of:.1f} %" if of else "-"


def main() -> None:
    """The table of the measurement in the current folder."""
    measured = Coverage()
    measured.load()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "coverage.json"
        measured.json_report(outfile=str(file))
        modules = read_modules(json.loads(file.read_text(encoding="utf-8")))
    sys.stdout.write("\n".join(table(modules)) + "\n")


if __name__ == "__main__":
    main()
