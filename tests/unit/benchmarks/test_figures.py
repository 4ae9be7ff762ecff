"""What the benchmarks share: calibration worked out by hand, and a plot that needs more than the tests have."""

import importlib.util
from pathlib import Path

import pytest

from benchmarks.figures import calibration, plot_reliability


def test_calibration_weighs_each_step_by_its_answers() -> None:
    error, table = calibration([0.9, 0.9, 0.1], [True, False, False], 10)
    assert [(round(said, 6), right, count) for said, right, count in table] == [(0.1, 0.0, 1), (0.9, 0.5, 2)]
    assert error == pytest.approx((0.1 * 1 + 0.4 * 2) / 3)


def test_without_matplotlib_the_plot_is_left_out_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    plot_reliability(tmp_path / "plot.svg", {"drawn pages": ([0.9], [True])}, "a word")
    assert "plot.svg is not drawn" in capsys.readouterr().out
    assert not (tmp_path / "plot.svg").exists()
