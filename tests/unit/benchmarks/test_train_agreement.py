"""How the weights that join both recognisers are fitted and checked."""

import sys

import numpy as np
import pytest

from benchmarks import train_agreement
from benchmarks.read_by_eye import PageTruth, tokens_of
from benchmarks.train_agreement import Pairs, Weights, crossed, fit_both, pairs_from, reliability
from benchmarks.train_confidence import fit
from ocr import agreement
from ocr.joining import Line
from ocr.page import Box, Word

IN_USE = Weights(np.array(agreement.FIRST_WEIGHTS), np.array(agreement.SECOND_WEIGHTS))

FIRST = (
    Word("Name", Box(0, 0, 80, 20), 0.95),
    Word("Ada", Box(100, 0, 160, 20), 0.93),
    Word("Qui11", Box(180, 0, 260, 20), 0.4),
    Word("~", Box(280, 0, 290, 20), 0.2),
)
SECOND = (
    Line(
        Box(0, 0, 300, 20),
        (
            Word("Name", Box(0, 0, 80, 20), 0.99),
            Word("Ada", Box(100, 0, 160, 20), 0.99),
            Word("Quill", Box(180, 0, 260, 20), 0.98),
        ),
    ),
    Line(Box(0, 100, 100, 120), (Word("Born", Box(0, 100, 80, 120), 0.97),)),
)
TRUTH = PageTruth(tokens_of(["Name Ada Quill", "Born"]))


def _pairs() -> Pairs:
    pairs = pairs_from(FIRST, SECOND, TRUTH)
    assert pairs is not None
    return pairs


def test_each_recogniser_is_judged_by_its_own_text() -> None:
    pairs = _pairs()
    np.testing.assert_array_equal(pairs.first_right, [1, 1, 0, np.nan, np.nan])  # dirt and nothing are not judged
    np.testing.assert_array_equal(pairs.second_right, [1, 1, 1, np.nan, 1])
    assert pairs.is_same.tolist() == [True, True, False, False, False]
    assert pairs.first.shape == pairs.second.shape == (5, len(agreement.NAMES))


def test_a_lost_gap_is_no_wrong_letter() -> None:
    pairs = pairs_from((Word("AdaQuill", Box(0, 0, 160, 20), 0.9),), (), TRUTH)
    assert pairs is not None
    assert pairs.first_right.tolist() == [1.0]


def test_a_page_on_which_neither_reads_anything_has_no_pairs() -> None:
    assert pairs_from((), (), TRUTH) is None


def test_what_is_checked_is_what_joining_says() -> None:
    said = sorted(word.confidence for word in agreement.joined(FIRST, SECOND) if word.text != "~")
    result = reliability([_pairs()], IN_USE)
    np.testing.assert_allclose(sorted(result.said), said, atol=1e-4)
    assert result.right.all()


def test_a_row_that_counts_three_times_is_three_rows() -> None:
    rows, right = np.array([[1.0, 0.2], [1.0, 0.9], [1.0, 0.5]]), np.array([0.0, 1.0, 1.0])
    thrice = fit(np.concatenate([rows, rows[:1], rows[:1]]), np.concatenate([right, right[:1], right[:1]]))
    np.testing.assert_allclose(fit(rows, right, 1.0, np.array([3.0, 1.0, 1.0])), thrice, atol=1e-9)


def test_medical_pages_count_more_than_drawn_ones() -> None:
    good, bad = _pairs(), pairs_from(FIRST, SECOND, PageTruth(tokens_of(["nothing"])))
    assert bad is not None
    trusting, doubting = fit_both([bad], [good]), fit_both([good], [bad])
    assert reliability([good], trusting).said.min() > 0.6
    assert len(reliability([good], doubting).said) == 0  # likelier dirt than words: left out


def test_every_medical_page_is_checked_by_weights_that_have_not_seen_it(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn, medical = [_pairs()], [_pairs() for _ in range(5)]
    fitted: list[list[Pairs]] = []
    original = fit_both

    def listen(some: list[Pairs], others: list[Pairs]) -> Weights:
        fitted.append(list(others))
        return original(some, others)

    monkeypatch.setattr(train_agreement, "fit_both", listen)
    result = crossed(drawn, medical)
    assert [[medical.index(page) for page in pages] for pages in fitted] == [[1, 3], [0, 2, 4]]
    assert len(result.said) == len(result.right)


@pytest.mark.parametrize(("pages", "has_medical"), [(["--pages", "1"], True), ([], False)])
def test_weights_of_part_of_the_pages_are_not_for_release(
    pages: list[str],
    has_medical: bool,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys, "argv", ["train_agreement", *pages])
    monkeypatch.setattr(train_agreement.rapid, "is_installed", lambda: True)
    monkeypatch.setattr(train_agreement, "drawn_pages", lambda: ["drawn", "drawn"])
    monkeypatch.setattr(train_agreement, "fitted_medical", lambda: ["a", "b"] if has_medical else [])
    monkeypatch.setattr(train_agreement.real_paper, "real_forms", list)
    monkeypatch.setattr(train_agreement, "gather", lambda pages: [_pairs() for _ in pages])
    train_agreement.main()
    printed = capsys.readouterr().out
    assert "no weights for release" in printed
    assert "FIRST_WEIGHTS" not in printed
    assert ("medical pages are not here" in printed) is not has_medical


def test_weights_of_all_pages_are_printed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["train_agreement"])
    monkeypatch.setattr(train_agreement.rapid, "is_installed", lambda: True)
    monkeypatch.setattr(train_agreement, "drawn_pages", lambda: ["drawn"])
    monkeypatch.setattr(train_agreement, "fitted_medical", lambda: ["a", "b"])
    monkeypatch.setattr(train_agreement.real_paper, "real_forms", list)
    monkeypatch.setattr(train_agreement, "gather", lambda pages: [_pairs() for _ in pages])
    train_agreement.main()
    printed = capsys.readouterr().out
    assert "FIRST_WEIGHTS: tuple[float, ...] = (" in printed
    assert printed.count("    ") >= 2 * len(agreement.NAMES)
    assert "each half by the other" in printed
