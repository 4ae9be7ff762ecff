"""A list as an Excel workbook. Whatever is no quantity is text: leading zeros of numbers stay, and nothing is a formula.

The only file that knows XlsxWriter.
"""

import io
from collections.abc import Sequence

import xlsxwriter

Cell = str | int | float | None | dict[str, str]
"""A cell of a list: text, a quantity, or a text with what it opens (`open`) or its ISO 8601 (`time`)."""

_LONGEST = 32_767
"""Characters that a cell of Excel holds at most (Microsoft, Excel specifications and limits)."""

_TEXT = 49
"""Excel's own number format of text (ECMA-376 part 1, 18.8.30)."""

_WIDEST = 60


def draw_workbook(heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """An .xlsx with one sheet: the heads stay in sight and filter, texts are cells of the format Text, days and times ISO 8601."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("List")
        text, bold = book.add_format({"num_format": _TEXT}), book.add_format({"bold": True, "num_format": _TEXT})
        for column, head in enumerate(heads):
            sheet.write_string(0, column, head, bold)
            widest = max((len(str(_value(row[column]))) for row in rows), default=0)
            sheet.set_column(column, column, min(_WIDEST, max(len(head), widest) + 2), text)
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(map(_value, row)):
                if isinstance(value, str):
                    sheet.write_string(number, column, value[:_LONGEST], text)
                else:
                    sheet.write_number(number, column, value)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, len(rows), max(0, len(heads) - 1))
    return out.getvalue()


def in_order(rows: Sequence[Sequence[Cell]], order: Sequence[int]) -> list[Sequence[Cell]]:
    """The rows as they stood on the screen; all as they came where that was said of other rows than these."""
    return [rows[place] for place in order] if sorted(order) == list(range(len(rows))) else list(rows)


def _value(cell: Cell) -> str | int | float:
    if isinstance(cell, dict):
        return cell.get("time") or cell["text"]
    return "" if cell is None else cell
