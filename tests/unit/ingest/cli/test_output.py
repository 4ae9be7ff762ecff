"""Tables for people and JSON Lines for machines."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from ingest.cli.output import print_rows

ROWS: list[dict[str, Any]] = [
    {"id": 1, "name": "a.tif", "flags": ["blank", "late"]},
    {"id": 22, "name": None, "more": "José"},
]


def test_a_table_is_as_wide_as_its_widest_cell_and_has_no_space_at_the_end(capsys: pytest.CaptureFixture[str]) -> None:
    print_rows(ROWS, False, ("id", "name", "flags"))
    assert capsys.readouterr().out == "id  name   flags\n1   a.tif  blank, late\n22\n"


def test_a_table_of_nothing_is_its_heads(capsys: pytest.CaptureFixture[str]) -> None:
    print_rows([], False, ("id", "name"))
    assert capsys.readouterr().out == "id  name\n"


def test_json_holds_what_the_table_leaves_out_and_is_plain_ascii(capsys: pytest.CaptureFixture[str]) -> None:
    print_rows(ROWS, True, ("id",))
    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line) for line in lines] == ROWS
    assert "\n".join(lines).isascii()


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("a\nb", "a\\nb"),  # a name cannot forge a line
        ("\x1b[31mred", "\\x1b[31mred"),  # nor colour the terminal
        ("\u202egnp.exe", "\\u202egnp.exe"),  # nor write from right to left
        ("José Núñez", "José Núñez"),
        (0, "0"),
        (False, "False"),
        ([1, "\t"], "1, \\t"),
    ],
)
def test_what_a_terminal_would_obey_is_shown_as_its_escape(
    capsys: pytest.CaptureFixture[str], value: object, cell: str
) -> None:
    print_rows([{"x": value}], False, ("x",))
    assert capsys.readouterr().out == f"x\n{cell}\n"


@pytest.mark.parametrize("as_json", [True, False])
def test_when_a_later_row_fails_nothing_is_printed(capsys: pytest.CaptureFixture[str], as_json: bool) -> None:
    def rows() -> Iterator[dict[str, Any]]:
        yield {"x": 1}
        raise ValueError("line 2")

    with pytest.raises(ValueError, match="line 2"):
        print_rows(rows(), as_json, ("x",))
    assert capsys.readouterr().out == ""
