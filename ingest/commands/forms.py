"""Forms a site teaches once. Imports stay inside: a command pays for what it uses."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.commands.opening import Echo, opened_home
from ingest.problems import UsageProblem

if TYPE_CHECKING:
    from classify.form import Zone


def teach(sample: Path, name: str, code: str, zones: Path, echo: Echo) -> None:
    """Read a sample page, remember its printed words, and keep the form in the data home."""
    from classify.form import FormProblem, learn_form
    from ocr.load import open_file
    from ocr.read import WORDS_ONLY, read_page

    data = sample.read_bytes()
    page = read_page(data, open_file(data).kind, 1, WORDS_ONLY).page
    try:
        form = learn_form(name, code.upper(), page, list(_zones(zones)))
    except FormProblem as problem:
        raise UsageProblem(str(problem)) from problem
    with opened_home(make=True) as (_, home):
        folder = home.path / "forms"
        folder.mkdir(exist_ok=True)
        file = folder / f"{'-'.join(name.lower().split()).replace('/', '-')}.json"
        file.write_text(form.to_json() + "\n", encoding="utf-8")
    echo(
        f"{name}: {len(form.anchors)} printed words, {len(form.zones)} zones. Kept in {file}; used from the next start."
    )


def list_forms() -> list[dict[str, Any]]:
    """The forms that are recognised here."""
    from ingest.site import load_site

    with opened_home(make=True) as (_, home):
        forms = load_site(home.path).profile.forms
    return [
        {"name": form.name, "type": form.code, "words": len(form.anchors), "zones": len(form.zones)} for form in forms
    ]


def _zones(file: Path) -> "Iterator[Zone]":
    """Rows of a CSV: field, left, top, right, bottom in inches, value for a tick box, and how it is written."""
    from classify.form import WRITTEN, Zone

    with file.open(encoding="utf-8-sig", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines), start=2):
            try:
                left, top, right, bottom = (float(row[edge]) for edge in ("left", "top", "right", "bottom"))
                name = row["field"].strip()
            except (KeyError, TypeError, ValueError, AttributeError) as error:
                raise UsageProblem(
                    f"{file.name} line {number}: expected field, left, top, right, bottom (inches), and value for tick boxes."
                ) from error
            if not name or not (0 <= left < right < 100 and 0 <= top < bottom < 100):
                raise UsageProblem(f"{file.name} line {number}: this zone has no field or no size.")
            written = (row.get("written") or "").strip().lower()
            if written not in WRITTEN:
                raise UsageProblem(
                    f"{file.name} line {number}: written is one of {', '.join(filter(None, WRITTEN))}, or empty."
                )
            yield Zone(name, (left, top, right, bottom), (row.get("value") or "").strip(), written)
