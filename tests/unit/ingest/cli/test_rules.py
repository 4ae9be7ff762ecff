"""Rules for kinds of document at the shell: listed, and tried before they are switched on."""

from pathlib import Path

import pytest

from ingest.cli import rules as commands
from ocr.page import OcrPage
from storage.foundation.home import Home
from tests.given.paper import typed
from tests.given.records import add_person, read_and_index, receive, verify_and_file
from tests.given.shell import Shell

RULES = """
[[rules]]
type = "DIALYSIS"
pattern = "(?i)treatment run sheet"
where = "head"

[[rules]]
type = "PROGRESS_NOTE"
pattern = "(?i)resting"
not = "(?i)asleep"
"""


@pytest.fixture
def tried(tmp_path: Path) -> Path:
    """Rules that are not switched on yet."""
    file = tmp_path / "new-profile.toml"
    file.write_text(RULES, encoding="utf-8")
    return file


def _scan(tmp_path: Path, name: str = "scan.tif") -> Path:
    (tmp_path / name).write_bytes(b"stands for a scan")
    return tmp_path / name


def _as_read(monkeypatch: pytest.MonkeyPatch, *texts: str) -> None:
    """Reading gives these texts, a page each; what reading does has its own tests."""

    def read(files: tuple[Path, ...]) -> list[tuple[Path, list[OcrPage]]]:
        return [(file, [typed(text, number) for number, text in enumerate(texts, start=1)]) for file in files]

    monkeypatch.setattr(commands, "_read", read)


def test_the_rules_in_use_and_those_of_another_file_are_listed(shell: Shell, home: Home, tried: Path) -> None:
    assert shell.rows("rules", "list") == []
    assert [row["type"] for row in shell.rows("rules", "list", "--profile", tried)] == ["DIALYSIS", "PROGRESS_NOTE"]
    (home.path / "profile.toml").write_text(RULES, encoding="utf-8")
    first, second = shell.rows("rules", "list")
    assert first == {
        "rule": 1,
        "type": "DIALYSIS",
        "where": "head",
        "page": "first",
        "pattern": "(?i)treatment run sheet",
        "not": "",
    }
    assert second["not"] == "(?i)asleep"


@pytest.mark.parametrize(
    ("text", "code", "is_sure", "fits"),
    [
        ("TREATMENT RUN SHEET\nmachine 4", "DIALYSIS", True, [1]),
        ("Patient resting", "PROGRESS_NOTE", True, [2]),
        ("Patient resting, asleep", "NURSING_NOTE", False, []),
        ("TREATMENT RUN SHEET\nPatient resting", "DIALYSIS", False, [1, 2]),  # they contradict each other
    ],
)
def test_rules_are_tried_on_a_scan(
    shell: Shell,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    tried: Path,
    text: str,
    code: str,
    is_sure: bool,
    fits: list[int],
) -> None:
    _as_read(monkeypatch, text)
    (row,) = shell.rows("rules", "test", _scan(tmp_path), "--profile", tried)
    assert (row["type"], row["sure"], [hit["rule"] for hit in row["rules"]]) == (code, is_sure, fits)
    assert row["without"] != "DIALYSIS"


def test_rules_are_tried_on_what_was_verified(shell: Shell, home: Home, tried: Path) -> None:
    (document_id,) = read_and_index(home, receive(home, b"one"), ["Patient resting"], add_person(home))
    verify_and_file(home, document_id)
    first, second = shell.rows("rules", "test", "--stored", "--profile", tried)
    assert (first["fits"], first["right"], first["of_kind"]) == (0, 0, 0)
    assert (second["fits"], second["right"], second["of_kind"], second["documents"]) == (1, 1, 1, [])
    assert "Patient" not in shell("rules", "test", "--stored", "--profile", tried).out


def test_what_is_missing_is_said(shell: Shell, home: Home, tmp_path: Path, tried: Path) -> None:
    assert "Name the scans" in shell.refusal("rules", "test", "--profile", tried)
    assert "Name the scans" in shell.refusal("rules", "test", _scan(tmp_path), "--stored", "--profile", tried)
    assert "There are no rules" in shell.refusal("rules", "test", "--stored")
    tried.write_text("[[rules]]\ntype = 'DIALYSIS'\npattern = '(a+)+$'\n", encoding="utf-8")
    assert "new-profile.toml: rule 1: pattern takes too long" in shell.refusal("rules", "list", "--profile", tried)
