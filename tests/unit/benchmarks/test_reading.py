"""What the benchmark of damages says of ours beside plain Tesseract."""

import pytest

from benchmarks.damage import DAMAGES
from benchmarks.errors import Errors
from benchmarks.reading import Jobs, accuracy_row, measures_behind


def _errors(missed: int, spurious: int, wrong: int) -> Errors:
    return Errors(100, 100 - missed, spurious, 600, wrong)


@pytest.mark.parametrize(
    ("raw", "doubled", "ours", "behind"),
    [
        ((5, 5, 20), None, (5, 5, 20), []),  # no worse is enough
        ((5, 5, 20), None, (1, 1, 3), []),
        ((5, 5, 20), None, (6, 5, 20), ["word_error", "recall"]),
        ((5, 9, 20), None, (6, 6, 20), ["recall"]),  # fewer made up, more missed
        ((5, 5, 20), None, (5, 5, 21), ["character_error"]),
        ((9, 9, 30), (2, 2, 8), (4, 4, 9), ["word_error", "character_error", "recall"]),  # the better of both counts
    ],
)
def test_ours_is_behind_where_plain_tesseract_is_better_in_anything(
    raw: tuple[int, int, int], doubled: tuple[int, int, int] | None, ours: tuple[int, int, int], behind: list[str]
) -> None:
    counted = {"raw": _errors(*raw), "ours": _errors(*ours)} | ({"doubled": _errors(*doubled)} if doubled else {})
    assert measures_behind(counted) == behind


def test_a_row_names_every_measure_of_every_tool_and_leaves_out_what_was_not_read() -> None:
    row = accuracy_row("fax", {"raw": _errors(5, 5, 20), "ours": _errors(1, 2, 3)}, ["raw", "doubled", "ours"])
    assert (row["raw_recall"], row["ours_word_error"], row["doubled_recall"]) == (0.95, 0.02, "")
    assert row["behind"] == ""


def test_only_a_run_over_every_damage_is_kept() -> None:
    names = tuple(damage.name for damage in DAMAGES)
    assert Jobs(("note",), ("Courier",), names).is_whole
    assert not Jobs(("note",), ("Courier",), names[1:]).is_whole
    assert list(Jobs(("note", "form"), ("Courier",), ("clean",))) == [
        ("note", "Courier", "clean", True),
        ("form", "Courier", "clean", True),
    ]
