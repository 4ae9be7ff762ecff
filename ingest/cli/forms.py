"""Forms a site teaches once. Imports stay inside: a command pays for what it uses."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ingest.cli.given import csv_rows
from ingest.cli.opening import opened_home
from ingest.cli.output import as_json_option, note, print_rows
from ingest.problems import UsageProblem

_PERCENT = 100

if TYPE_CHECKING:
    from classify.form import Zone


@click.group()
def form() -> None:
    """Printed forms whose zones are read as fields."""


@form.command("teach")
@click.argument("sample", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--name", required=True, help="What the form is called.")
@click.option("--type", "code", required=True, help="Document type code of such a page.")
@click.option(
    "--zones",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="CSV: field,left,top,right,bottom in inches from the upper left corner; value for a tick box.",
)
def form_teach(sample: Path, name: str, code: str, zones: Path) -> None:
    """Teach a form from one SAMPLE page, blank or filled in; it is recognised on every page from then on.

    \b
    Example:
      chartroom form teach intake.tif --name "Intake 2019" --type INTAKE_HISTORY --zones intake.csv
    """
    from classify.form import FormProblem, learn_form
    from ingest.settings import load_settings
    from ocr.load import open_file
    from ocr.read import WORDS_ONLY, read_page

    data = sample.read_bytes()
    settings = load_settings()
    order = replace(WORDS_ONLY, engine=settings.engine, second=settings.second_recogniser)
    page = read_page(data, open_file(data).kind, 1, order).page
    try:
        learned = learn_form(name, code.upper(), page, list(_zones(zones)))
    except FormProblem as problem:
        raise UsageProblem(str(problem)) from problem
    with opened_home() as (_, home):
        folder = home.path / "forms"
        folder.mkdir(exist_ok=True)
        file = folder / f"{'-'.join(name.lower().split()).replace('/', '-')}.json"
        file.write_text(learned.to_json() + "\n", encoding="utf-8")
    note(
        f"{name}: {len(learned.anchors)} printed words, {len(learned.zones)} zones. Kept in {file}; used from the next start."
    )


@form.command("list")
@as_json_option
def form_list(as_json: bool) -> None:
    """The forms that are recognised: those that come along, and the site's own."""
    from ingest.settings import load_settings
    from ingest.site import load_site

    forms = load_site(load_settings().home).profile.forms
    rows = [
        {"name": form.name, "type": form.code, "words": len(form.anchors), "zones": len(form.zones)} for form in forms
    ]
    print_rows(rows, as_json, ("name", "type", "words", "zones"))


def _zones(file: Path) -> "Iterator[Zone]":
    """Rows of a CSV: field, left, top, right, bottom in inches, value for a tick box, and how it is written."""
    from classify.form import WRITTEN, Zone

    for number, row in csv_rows(file):
        try:
            left, top, right, bottom = (float(row[edge]) for edge in ("left", "top", "right", "bottom"))
            name = row["field"].strip()
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise UsageProblem(
                f"{file.name} line {number}: expected field, left, top, right, bottom (inches), and value for tick boxes."
            ) from error
        if not name or not (0 <= left < right < _PERCENT and 0 <= top < bottom < _PERCENT):
            raise UsageProblem(f"{file.name} line {number}: this zone has no field or no size.")
        written = (row.get("written") or "").strip().lower()
        if written not in WRITTEN:
            raise UsageProblem(
                f"{file.name} line {number}: written is one of {', '.join(filter(None, WRITTEN))}, or empty."
            )
        yield Zone(name, (left, top, right, bottom), (row.get("value") or "").strip(), written)
