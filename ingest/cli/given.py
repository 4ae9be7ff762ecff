"""What a command is given, read the same way everywhere: numbers of rows, days, text files. UsageProblem says what is wrong."""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import click

from ingest.problems import UsageProblem

ROW = click.IntRange(1, 2**63 - 1)
"""The number of a row of the database."""

PORT = click.IntRange(1, 65_535)


def day(context: click.Context, option: click.Parameter, value: str) -> str:
    """A day as YYYY-MM-DD, or empty."""
    if not value:
        return ""
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError as error:
        raise click.BadParameter(f"{value!r} is no day. Write it as 2026-11-29.", context, option) from error


def text_of(file: Path) -> str:
    """The text of a UTF-8 file, with or without a byte order mark."""
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageProblem(
            f"{file.name} is not UTF-8 text. Save it as UTF-8; for a scan use 'chartroom read {file.name} --text' first."
        ) from error


def csv_rows(file: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a CSV file under their heads, with the number of each row's line (the heads are line 1)."""
    lines = csv.DictReader(text_of(file).splitlines())
    number = 1
    try:
        for row in lines:
            number = lines.line_num
            yield number, {str(k): v or "" for k, v in row.items() if isinstance(v, str | None)}
    except csv.Error as error:
        raise UsageProblem(f"{file.name} behind line {number} is not a table: {error}.") from error
