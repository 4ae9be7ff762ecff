"""The table of `./dev coverage`: files summed by room, the ones with the most left first."""

from tests.covered import Covered, read_modules, sum_of, table


def _summary(run: int, of: int, branches_run: int, branches: int) -> dict[str, dict[str, int]]:
    return {
        "summary": {
            "covered_lines": run, "num_statements": of, "covered_branches": branches_run, "num_branches": branches,
        }
    }  # fmt: skip


FILES = {
    "classify/index.py": _summary(9, 10, 3, 4),
    "classify/matching/decide.py": _summary(30, 30, 5, 10),
    "ocr/read.py": _summary(0, 8, 0, 0),
}
MODULES = read_modules({"files": FILES})


def test_the_files_of_a_room_are_added_up() -> None:
    assert sum_of("classify", MODULES[:2]) == Covered("classify", 39, 40, 8, 14)
    assert sum_of("nothing", []).missed == 0


def test_a_room_within_a_room_counts_in_both_and_everything_in_the_total() -> None:
    rows = {line.split()[0]: line.split()[1:] for line in table(MODULES)[1:8]}
    assert rows["classify"] == ["40", "97.5", "%", "14", "57.1", "%", "7"]
    assert rows["classify/matching"] == ["30", "100.0", "%", "10", "50.0", "%", "5"]
    assert rows["ocr"] == ["8", "0.0", "%", "0", "-", "8"]
    assert rows["storage"] == ["0", "-", "0", "-", "0"]
    assert rows["total"] == ["48", "81.2", "%", "14", "57.1", "%", "15"]


def test_the_modules_with_the_most_left_come_first() -> None:
    assert [line.split()[0] for line in table(MODULES, worst=2)[9:]] == ["ocr/read.py", "classify/matching/decide.py"]
