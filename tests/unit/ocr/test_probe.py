"""The try of the second recogniser: it reads, is not there, or is broken in one of many ways."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ocr import probe
from ocr.probe import Probe, State, probe_second


def _shadowed_by(folder: Path, name: str, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a package in front of the installed one of this name, for the processes that are started."""
    (folder / name).mkdir()
    (folder / name / "__init__.py").write_text(code, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(folder), *filter(None, sys.path)]))


def test_what_is_installed_here_reads_the_drawn_line() -> None:
    found = probe_second()
    assert found.state is State.READS
    assert found.name.startswith("PP-OCRv6 small, ONNX Runtime ")


def test_without_the_models_it_is_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _shadowed_by(tmp_path, "rapidocr", "", monkeypatch)
    assert probe_second() == Probe(State.MISSING)


@pytest.mark.parametrize(
    "code",
    ["raise ImportError('libstdc++.so.6: cannot open')", "import os; os.abort()", "raise SystemExit(0)", "", "\0"],
    ids=["a library is missing", "the processor is another", "it ends the process", "it is empty", "it is cut"],
)
def test_a_broken_library_is_an_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    _shadowed_by(tmp_path, "onnxruntime", code, monkeypatch)
    assert probe_second() == Probe(State.BROKEN)


def test_a_damaged_model_is_an_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _shadowed_by(tmp_path, "rapidocr", "", monkeypatch)
    (tmp_path / "rapidocr" / "models").mkdir()
    for name in ("PP-OCRv6_rec_small.onnx", "PP-OCRv6_det_small.onnx"):
        (tmp_path / "rapidocr" / "models" / name).write_bytes(b"\x08\x07torn")
    assert probe_second() == Probe(State.BROKEN)


def _ends(code: int, printed: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.CompletedProcess([], code, printed, "")


@pytest.mark.parametrize(
    ("done", "state"),
    [
        (_ends(0, f"PP-OCRv6\n{probe.DRAWN}\n"), State.READS),
        (_ends(0, "PP-OCRv6\nPege 1Z of 3O\n"), State.BROKEN),  # it runs, and reads nonsense
        (_ends(0, ""), State.BROKEN),
        (_ends(-11, f"PP-OCRv6\n{probe.DRAWN}\n"), State.BROKEN),  # it reads, and ends the process after that
    ],
)
def test_only_the_drawn_line_itself_counts(
    monkeypatch: pytest.MonkeyPatch, done: "subprocess.CompletedProcess[str]", state: State
) -> None:
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: done)
    assert probe_second().state is state


def test_one_that_never_answers_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, timeout: float, **__: object) -> None:
        raise subprocess.TimeoutExpired("probe", timeout)

    monkeypatch.setattr(subprocess, "run", never)
    assert probe_second() == Probe(State.BROKEN)
