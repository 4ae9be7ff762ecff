"""Words that staff did not understand, and what is said instead: in screens, commands, manuals. None of them comes back.

What is looked at is what people read: strings of the code without its docstrings and comments, and pages written for them.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

RETIRED: dict[str, str] = {
    r"for ever\b": "until stopped",
    r"[Ss]econd looks?\b": "quality review",
    r"\b[Tt]o look at\b": "To review",
    r"\bLots?\b|\b(?:[Tt]he|[Tt]his|a|its|such|rejected|open) lots?\b(?! of)|\blots accepted": "QA batch",
    r"\bSlips of|\bslips? of (?:the )?(?:second|reviewer)": "Reviewer errors",
    r"[Oo]pened in need|[Bb]roken glass|[Bb]reak the glass": "Emergency access",
    r"[Ss]hut the account|Account to shut|account is shut": "Disable account",
    r"account is there": "Account created.",
    r"\bLeave it\b": "Cancel",
    r"\b[Pp]ut aside\b": "Pend",
    r"\b[Ll]ook again\b": "Refresh, or Follow-up date",
    r"! look\b|✓ well\b": "Needs attention, OK",
    r"Press a number": "Click a document for options",
    r"\bDue now\b": "Overdue",
    r"\bto decide\b(?! (?:it|about|whose))": "needs review",
    r"\bRead it again\b": "Retry",
    r"\bDo it\b": "Apply",
    r"What shall a supervisor decide": "Question for supervisor",
    r"What is the provider asked": "Question for provider",
    r"Ask for page .{1,14} again|[Aa]sk for this page again": "Request rescan of page 2",
    r"Please look\b": "Mismatch",
    r"Why is it right although": "Reason for override",
    r"[Ll]ess than two identifiers": "Fewer than two identifiers match",
    r"not likely enough": "Match score too low",
    r"\bother mrn\b": "Page 1 shows a different MRN",
    r"may begin page|may begin another": "Page 2 may start a new document",
    r"\bread well, or not needed\b": "9 fields hidden (confident or optional)",
    r"[Tt]urn the page for good": "Rotate and save",
    r"gives no better image": 'Mark "best available copy"',
    r"[Tt]his page begins another document": "Split here",
    r"who is somebody else confirms|somebody else confirms": "A second supervisor must confirm",
    r"waits to be confirmed": "No patient matches to confirm",
    r"told right by the machine": "Auto-classification accuracy",
    r"a person changed, of what": "Field correction rate",
    r"nothing here for you": "You do not have access.",
    r"not typed back": "Recovery key not confirmed",
    r"Check the chain": "Verify audit log integrity",
    r"may sign in as": "User created",
    r"\b[Kk]ey what the pages": "Enter what the page shows",
    r"works? its scans": "processes its scans",
    r"asked and refused": "sent to review and rejected",
}
"""What is never said again (a pattern), and what is said."""

CODE = (
    "review_app",
    "ingest",
    "storage/desk",
    "storage/documents",
    "storage/quality",
    "storage/roster",
    "storage/foundation",
    "storage/custody",
    "storage/backup",
    "classify/matching",
)
PAGES = (
    "README.md", "docs/manual-*.md", "docs/commands.md", "docs/chartroom.1", "docs/settings.md", "docs/profile.md",
    "docs/audit.md", "docs/states.md", "docs/backup.md", "SECURITY.md",
)  # fmt: skip


@cache
def _said() -> tuple[tuple[str, str], ...]:
    """Where and what: every string of the code that is no docstring, every script, every page for people."""
    return (*_strings(), *_scripts(), *_pages())


def _strings() -> Iterator[tuple[str, str]]:
    for folder in CODE:
        for file in sorted((ROOT / folder).rglob("*.py")):
            tree = ast.parse(file.read_text(encoding="utf-8"))
            remarks = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
            for node in ast.walk(tree):
                is_text = isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in remarks
                if is_text:
                    yield f"{file.relative_to(ROOT)}:{node.lineno}", str(node.value)  # type: ignore[attr-defined]


def _scripts() -> Iterator[tuple[str, str]]:
    for file in sorted((ROOT / "review_app" / "widgets").rglob("*.js")):
        text = re.sub(
            r"/\*.*?\*/", lambda m: "\n" * m[0].count("\n"), file.read_text(encoding="utf-8"), flags=re.DOTALL
        )
        for number, line in enumerate(text.splitlines(), start=1):
            yield f"{file.relative_to(ROOT)}:{number}", re.sub(r"(?<!:)//.*", "", line)


def _pages() -> Iterator[tuple[str, str]]:
    for pattern in PAGES:
        for file in sorted(ROOT.glob(pattern)):
            for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
                yield f"{file.relative_to(ROOT)}:{number}", re.sub(r"\]\([^)]*\)|`[^`]*`", "", line).replace("\\-", "-")


@pytest.mark.parametrize("phrase", RETIRED)
def test_a_retired_phrase_does_not_come_back(phrase: str) -> None:
    found = [f"{where}: {text.strip()[:120]}" for where, text in _said() if re.search(phrase, text)]
    assert not found, f"say {RETIRED[phrase]!r} instead:\n" + "\n".join(found)


def test_what_people_read_is_looked_at() -> None:
    said = {where.split(":")[0] for where, _ in _said()}
    assert {"README.md", "docs/manual-technicians.md", "docs/commands.md", "review_app/screens/worklist.py"} <= said
    assert any(where.endswith(".js") for where in said)
