"""What commands print: JSON Lines for machines, a plain table for people."""

import json
from collections.abc import Iterable
from typing import Any

import click

from ingest.loudness import is_quiet

as_json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON Lines.")


def note(sentence: str) -> None:
    """A remark on the way or a confirmation, for whoever sits before the screen; left out with -q."""
    if not is_quiet():
        click.echo(sentence)


def print_json(row: dict[str, Any]) -> None:
    """One JSON object as one line of ASCII."""
    click.echo(json.dumps(row, ensure_ascii=True))


def print_rows(rows: Iterable[dict[str, Any]], as_json: bool, columns: tuple[str, ...], none: str = "") -> None:
    """JSON Lines with everything that the rows hold, or a table of these columns; of no rows, `none` in its place."""
    rows = list(rows)  # an error in a late row leaves nothing printed
    if as_json:
        for row in rows:
            print_json(row)
        return
    if none and not rows:
        click.echo(none)
        return
    lines = [columns, *(tuple(_cell(row.get(column)) for column in columns) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def _cell(value: Any) -> str:
    """A value as one line; whatever a terminal would obey is shown as its escape."""
    if isinstance(value, list):
        value = ", ".join(map(str, value))
    text = "" if value is None else str(value)
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)
