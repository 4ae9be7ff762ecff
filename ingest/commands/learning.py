"""Learning from corrections: train, the versions of the model, the accuracy report. Imports stay inside: a command pays for what it uses."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.commands.opening import Echo, opened_home, operator
from ingest.problems import UsageProblem

if TYPE_CHECKING:
    from classify.learn import Example


def train(examples: Path | None, echo: Echo) -> int:
    """Learn from verified documents and labelled texts; 1 when the new version is kept but not used."""
    from ingest.progress import steps
    from ingest.site import load_site
    from storage.learning.training import learn_kinds

    more = list(_labelled(examples)) if examples else []
    with opened_home() as (_, home):
        with steps(sys.stderr, "Learning") as tell:
            try:
                done = learn_kinds(home, load_site(home.path).profile, operator(), more, tell)
            except ValueError as error:
                raise UsageProblem(str(error)) from error
    echo(f"Model {done.model_id}: learned {done.kinds} kinds from {done.examples} documents.")
    if done.new.of:
        echo(
            f"On {done.new.of} verified documents that are never learned from: {done.new.right} right, {done.before.right} before."
        )
    echo("It is used from now on." if done.is_used else "It is not better, so it is kept but not used.")
    return 0 if done.is_used else 1


def use_model(number: int, echo: Echo) -> None:
    """Use another version, or with 0 the title rules alone."""
    from storage.learning import models

    with opened_home() as (_, home), home.writing() as session:
        models.use(session, number or None, operator())
    echo(f"Model {number} is used from now on." if number else "The title rules speak alone from now on.")


def list_models() -> list[dict[str, Any]]:
    """Every version of the model."""
    from storage.learning import models

    with opened_home() as (_, home), home.reading() as session:
        return [
            {
                "model": row.id,
                "made": f"{row.made_at:%Y-%m-%d %H:%M}",
                "by": row.made_by,
                "documents": row.examples,
                "judged_on": row.frozen,
                "right": row.frozen_right,
                "before": row.before_right,
                "used": row.is_used,
            }
            for row in models.all_models(session)
        ]


def report_accuracy(since: str) -> list[dict[str, Any]]:
    """What the machine had right, by kind, field, month, confidence, and what each class would have filed by itself."""
    from storage.learning import accuracy

    with opened_home() as (_, home), home.reading() as session:
        return accuracy.report_rows(accuracy.measure(session, since))


def _labelled(file: Path) -> "Iterator[Example]":
    """JSON lines `{text, type}` (and `group` where near-duplicates should count as one)."""
    from classify import doctypes
    from classify.learn import Example
    from classify.rows import rows_of_text

    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageProblem(f"{file.name} is not UTF-8. Save it as UTF-8 and try again.") from error
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            said, code = str(row["text"]), str(row["type"])
        except (json.JSONDecodeError, KeyError, TypeError) as error:
            raise UsageProblem(f"Line {number} of {file.name} is not a JSON object with text and type.") from error
        if code not in doctypes.chart_order():
            raise UsageProblem(f"Line {number} of {file.name}: there is no document type {code}.")
        yield Example(rows_of_text(said), code, str(row.get("group", f"{file.name}:{number}")))
