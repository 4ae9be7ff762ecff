"""Identity as other hospitals print it, one habit a page: 17 pages that nobody here drew, read and indexed as in production.

    ./dev bench label_habits     about a minute; skipped with a reason where ../shared/data/label-habits is absent

Each value of truth.json is found, missed or wrong, and a wrong one sure or not. Rules were made while looking at these pages.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.figures import keep
from benchmarks.identity import best_values
from benchmarks.truth import is_same
from classify.profile import Profile
from classify.split import read_facts
from ocr.read import WORDS_ONLY, read_page
from ocr.signature import find_kind

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "label-habits"
_SURE = 0.95
_OURS = {"group_number": "group"}
"""Fields that have another name there."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the pages and print what of each was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.parse_args(arguments)
    if not (DATA / "truth.json").exists():
        sys.stderr.write(f"{DATA} is not here: nothing was measured.\n")
        return 0
    rows: list[dict[str, Any]] = []
    for name, printed in json.loads((DATA / "truth.json").read_text(encoding="utf-8")).items():
        values = {_OURS.get(field, field): value for field, value in printed.items()}
        data = (DATA / name).read_bytes()
        page = read_page(data, find_kind(data[:2048]), 1, WORDS_ONLY).page
        found = best_values(read_facts(page, Profile()).fields)
        right = [
            field for field, value in values.items() if field in found and is_same(field, found[field].value, value)
        ]
        wrong = [field for field in values if field in found and field not in right]
        rows.append(
            {
                "page": name,
                "printed": len(values),
                "found": len(right),
                "missed": " ".join(field for field in values if field not in found),
                "wrong": " ".join(wrong),
                "wrong_and_sure": sum(found[field].confidence >= _SURE for field in wrong),
            }
        )
    rows.append(
        {
            "page": "all",
            **{name: sum(row[name] for row in rows) for name in ("printed", "found")},
            "missed": "",
            "wrong": "",
            "wrong_and_sure": sum(row["wrong_and_sure"] for row in rows),
        }
    )
    for row in rows:
        print(
            "  ".join(str(cell).ljust(width) for cell, width in zip(row.values(), (38, 8, 8, 24, 16, 2), strict=True))
        )
    keep("label-habits", rows, "identity")
    return 0


if __name__ == "__main__":
    sys.exit(main())
