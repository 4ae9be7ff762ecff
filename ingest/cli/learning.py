"""Learning from corrections: train, the versions of the model, the accuracy report. Imports stay inside: a command pays for what it uses."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ingest.cli.given import day, text_of
from ingest.cli.opening import opened_home, shell_actor
from ingest.cli.output import as_json_option, print_rows
from ingest.problems import UsageProblem

if TYPE_CHECKING:
    from classify.learn import Example


@click.command()
@click.option(
    "--examples",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Labelled texts beside the verified documents: JSON Lines with text and type.",
)
@click.option("--list", "is_listing", is_flag=True, help="Show the versions and which one is used.")
@click.option(
    "--use",
    "number",
    type=click.IntRange(0, 2**63 - 1),
    help="Use this version again; 0 for the built-in title rules alone.",
)
@as_json_option
def train(examples: Path | None, is_listing: bool, number: int | None, as_json: bool) -> None:
    """Train the document-type model on what technicians verified.

    Every fifth verified document is set aside to judge by; a version that does worse on them than
    what is used now is kept but not used.

    \b
    Examples:
      chartroom train
      chartroom train --examples archive.jsonl
      chartroom train --list
      chartroom train --use 3
    """
    if is_listing:
        _print_models(as_json)
    elif number is not None:
        _use_model(number)
    else:
        _train(examples)


def _train(examples: Path | None) -> None:
    """Train on verified documents and labelled texts; exit 1 when the new version is kept but not used."""
    from ingest.progress import steps
    from ingest.site import load_site
    from storage.learning.training import learn_kinds

    labelled = list(_labelled(examples)) if examples else []
    with opened_home() as (_, home), steps(sys.stderr, "Learning") as tell:
        try:
            done = learn_kinds(home, load_site(home.path).profile, shell_actor(), labelled, tell)
        except ValueError as error:
            raise UsageProblem(str(error)) from error
    click.echo(f"Model {done.model_id}: learned {done.kinds} kinds from {done.examples} documents.")
    if done.forms:
        click.echo(f"{done.forms} form numbers stand on verified documents of one kind, and speak for it from now on.")
    if done.new.of:
        click.echo(
            f"On {done.new.of} verified documents that are never learned from: {done.new.right} right, {done.before.right} before."
        )
    click.echo("It is used from now on." if done.is_used else "It is not better, so it is kept but not used.")
    if not done.is_used:
        sys.exit(1)


def _use_model(number: int) -> None:
    """Use another version, or with 0 the title rules alone."""
    from storage.learning import models

    with opened_home() as (_, home), home.writing() as session:
        models.use(session, number or None, shell_actor())
    click.echo(
        f"Model {number} is used from now on." if number else "Only the built-in title rules are used from now on."
    )


def _print_models(as_json: bool) -> None:
    from storage.foundation.clock import show_export, show_time
    from storage.learning import models

    with opened_home() as (_, home), home.reading() as session:
        rows = [
            {
                "model": row.id,
                "made": show_export(row.made_at) if as_json else show_time(row.made_at, zone=True),
                "by": row.made_by,
                "documents": row.examples,
                "judged_on": row.frozen,
                "right": row.frozen_right,
                "before": row.before_right,
                "used": row.is_used,
            }
            for row in models.all_models(session)
        ]
    print_rows(rows, as_json, ("model", "made", "by", "documents", "judged_on", "right", "before", "used"))


def _labelled(file: Path) -> "Iterator[Example]":
    """JSON lines `{text, type}` (and `group` where near-duplicates should count as one)."""
    from classify import doctypes
    from classify.learn import Example
    from classify.rows import rows_of_text

    for number, line in enumerate(text_of(file).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            text, code = str(row["text"]), str(row["type"])
        except (json.JSONDecodeError, KeyError, TypeError) as error:
            raise UsageProblem(f"Line {number} of {file.name} is not a JSON object with text and type.") from error
        if code not in doctypes.chart_order():
            raise UsageProblem(f"Line {number} of {file.name}: there is no document type {code}.")
        yield Example(rows_of_text(text), code, str(row.get("group", f"{file.name}:{number}")))


# ---- the accuracy report


@click.group()
def report() -> None:
    """Numbers about the work."""


_COLUMNS = (
    "what",
    "name",
    "seen",
    "unseen",
    "accuracy",
    "said",
    "sure",
    "false_accepts",
    "unnecessary_review",
    "missing",
)

_TABLES_OF_THEIR_OWN = {
    "separation": ("answers", "accuracy", "not_begun", "begun_wrongly", "page_elsewhere", "out_of_order", "wrong_upper_95"),
    "release": ("name", "answers", "would_file", "unseen", "wrong", "risk_upper_95"),
}  # fmt: skip


@report.command("accuracy")
@click.option("--since", default="", callback=day, help="Only documents that came in since this day (YYYY-MM-DD).")
@as_json_option
def report_accuracy(since: str, as_json: bool) -> None:
    """Accuracy against verified documents, by patient link, document split, type, field, month and confidence.

    seen: values that somebody looked at: the cursor stopped there, they were changed or confirmed, or a quality review took
    place. Only these count. unseen: nobody looked.

    handwritten: values read from handwriting, which are not counted among the fields.

    false_accepts: accepted with confidence but wrong. unnecessary_review: right but sent to a person. release: what
    each class would have filed without review, how much of that wrongly, and the upper 95 % bound of that share.
    separation: documents that had to be split or joined differently, because a first page was missed or invented, or a
    page belonged elsewhere.
    """
    from storage.learning import accuracy

    with opened_home() as (_, home), home.reading() as session:
        rows = accuracy.report_rows(accuracy.measure(session, since))
    if as_json:
        print_rows(rows, as_json, _COLUMNS)
        return
    print_rows([row for row in rows if row["what"] not in _TABLES_OF_THEIR_OWN], as_json, _COLUMNS)
    for what, columns in _TABLES_OF_THEIR_OWN.items():
        click.echo(f"\n{what}")
        print_rows([row for row in rows if row["what"] == what], as_json, columns)
