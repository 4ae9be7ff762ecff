"""Training, the versions of the model, and the accuracy report, at the shell."""

import json
from pathlib import Path

import pytest

from storage.documents import fields, filing, leases, moves
from storage.foundation.home import Home
from storage.learning import models, training
from storage.learning.models import Judged
from storage.learning.training import Outcome
from tests.given.records import SAM, TESS, add_person, read_and_index, receive
from tests.given.shell import Shell

CAST = "Cast applied, neurovascular status intact, elevate the limb, return in two weeks, weight bearing as tolerated."
MEAL = "Ate half of the tray, fluids encouraged, swallowing precautions kept, dentures in place, supplements given."


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Labelled texts of two kinds, enough to learn from."""
    rows = [
        {"text": f"{text} Sheet {number}.", "type": code}
        for number in range(12)
        for text, code in ((CAST, "ORDERS"), (MEAL, "NURSING_NOTE"))
    ]
    file = tmp_path / "archive.jsonl"
    file.write_text("\n\n".join(map(json.dumps, rows)) + "\n", encoding="utf-8-sig")
    return file


def _keep_models(home: Home, *judged: Judged) -> None:
    """Versions of the model; each is used when it is not worse than none right."""
    for number, new in enumerate(judged):
        sealed = home.vault.seal_bytes("model", bytes([number]))
        with home.writing() as session:
            models.keep(session, home.vault, sealed, SAM, examples=30, new=new, before=Judged(5, 9))


# ---- train


def test_a_model_is_trained_on_labelled_texts_and_listed(shell: Shell, archive: Path) -> None:
    assert shell("train", "--examples", archive).out == (
        "Model 1: learned 2 kinds from 24 documents.\nIt is used from now on.\n"
    )
    (row,) = shell.rows("train", "--list")
    assert row.pop("made")[:2] == "20"
    assert row.pop("by").startswith("shell:")
    assert row == {"model": 1, "documents": 24, "judged_on": 0, "right": 0, "before": 0, "used": True}
    head, line = shell("train", "--list").out.splitlines()
    assert head.split() == ["model", "made", "by", "documents", "judged_on", "right", "before", "used"]
    assert line.startswith("1 ")


@pytest.mark.parametrize(
    ("is_used", "code", "last"),
    [(True, 0, "It is used from now on."), (False, 1, "It is not better, so it is kept but not used.")],
)
def test_a_training_says_how_it_was_judged_and_code_1_means_not_used(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, is_used: bool, code: int, last: str
) -> None:
    outcome = Outcome(3, 40, 4, Judged(7, 9), Judged(8, 9), is_used)
    monkeypatch.setattr(training, "learn_kinds", lambda *arguments: outcome)
    assert shell("train", expect=code).out.splitlines() == [
        "Model 3: learned 4 kinds from 40 documents.",
        "On 9 verified documents that are never learned from: 7 right, 8 before.",
        last,
    ]


def test_too_few_documents_teach_nothing(shell: Shell) -> None:
    assert "verify more first" in shell.refusal("train")
    assert shell.rows("train", "--list") == []


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b'{"text": "x"}', "Line 1 of archive.jsonl is not a JSON object with text and type."),
        (b'{"text": "x", "type": "LAB"}\n\n["x", "LAB"]', "Line 3 of archive.jsonl is not a JSON object with text and type."),
        (b"text,type", "Line 1 of archive.jsonl is not a JSON object with text and type."),
        (b'{"text": "x", "type": "NOPE"}', "Line 1 of archive.jsonl: there is no document type NOPE."),
        (b'{"text": "Jos\xe9", "type": "LAB"}', "archive.jsonl is not UTF-8 text. Save it as UTF-8; for a scan use 'chartroom read archive.jsonl --text' first."),
    ],
)  # fmt: skip
def test_a_bad_line_of_labelled_texts_is_named(shell: Shell, tmp_path: Path, content: bytes, sentence: str) -> None:
    (tmp_path / "archive.jsonl").write_bytes(content)
    assert shell.refusal("train", "--examples", "archive.jsonl") == sentence
    assert shell.rows("train", "--list") == []


# ---- versions


def test_an_older_version_or_none_is_used_again(shell: Shell, home: Home) -> None:
    _keep_models(home, Judged(6, 9), Judged(8, 9), Judged(4, 9))
    used = [row["used"] for row in shell.rows("train", "--list")]
    assert used == [False, True, False]  # the third is worse
    assert shell("train", "--use", 1).out == "Model 1 is used from now on.\n"
    assert [row["used"] for row in shell.rows("train", "--list")] == [True, False, False]
    assert shell("train", "--use", 0).out == "Only the built-in title rules are used from now on.\n"
    assert not any(row["used"] for row in shell.rows("train", "--list"))


def test_a_version_that_is_not_there_changes_nothing(shell: Shell, home: Home) -> None:
    _keep_models(home, Judged(6, 9))
    assert shell.refusal("train", "--use", 7) == "There is no model 7. 'chartroom train --list' shows them."
    assert [row["used"] for row in shell.rows("train", "--list")] == [True]


# ---- the accuracy report


@pytest.fixture
def verified(home: Home) -> Home:
    """A filed document whose type a technician changed from PROGRESS_NOTE to CONSULT."""
    (document,) = read_and_index(home, receive(home, b"scan"), ["PROGRESS NOTE"], add_person(home))
    with home.writing() as session:
        leases.claim(session, document, TESS)
        version = fields.save_corrections(session, document, [], TESS, version=1, type_code="CONSULT")
        moves.move(session, document, "approve", TESS, version=version, override_mismatch=True, reason="a test")
        filing.file_document(session, home.vault, document)
    return home


def test_the_report_holds_every_measure_as_a_record(shell: Shell, verified: Home) -> None:
    rows = shell.rows("report", "accuracy")
    assert {row["what"] for row in rows} >= {"patient", "separation", "kind", "field", "month", "confidence"}
    (kind,) = [row for row in rows if row["what"] == "kind"]
    assert set(kind) >= {
        "name",
        "seen",
        "unseen",
        "accuracy",
        "said",
        "sure",
        "false_accepts",
        "unnecessary_review",
        "missing",
    }
    assert (kind["seen"], kind["accuracy"]) == (1, 0.0)
    (separation,) = [row for row in rows if row["what"] == "separation"]
    assert set(separation) >= {"not_begun", "begun_wrongly", "page_elsewhere", "out_of_order", "wrong_upper_95"}


def test_the_report_for_people_has_three_tables(shell: Shell, verified: Home) -> None:
    first, separation, release = shell("report", "accuracy").out.split("\n\n")
    assert first.split()[:10] == [
        "what", "name", "seen", "unseen", "accuracy", "said", "sure", "false_accepts", "unnecessary_review", "missing",
    ]  # fmt: skip
    assert not any(line.startswith(("separation", "release")) for line in first.splitlines())
    assert separation.splitlines()[0] == "separation"
    assert separation.splitlines()[1].split()[:2] == ["answers", "accuracy"]
    assert release.splitlines()[0] == "release"
    assert release.splitlines()[1].split() == ["name", "answers", "would_file", "unseen", "wrong", "risk_upper_95"]


@pytest.mark.parametrize(("since", "is_counted"), [("2020-01-01", True), ("2999-01-01", False)])
def test_the_report_begins_at_a_day(shell: Shell, verified: Home, since: str, is_counted: bool) -> None:
    assert bool(shell.rows("report", "accuracy", "--since", since)) is is_counted


def test_a_home_without_verified_documents_has_a_report_of_heads(shell: Shell) -> None:
    assert shell.rows("report", "accuracy") == []
    assert shell("report", "accuracy").out.count("\n") == 7
