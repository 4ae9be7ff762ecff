"""The second recogniser itself, on small drawn lines; and what is said when it cannot work."""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime
import pytest

from ocr import numerals, rapid
from ocr.imaging import Image, cv2
from ocr.page import Box
from tests.given.paper import LINES, printed


@pytest.fixture
def _started_anew() -> Iterator[None]:
    """What was started before is forgotten, and what is started in the test as well."""
    _forget()
    yield
    _forget()


def _forget() -> None:
    for kept in (rapid.is_usable, rapid._session, rapid._letters):
        kept.cache_clear()


def _line(text: str, height: int = 60) -> Image:
    """A line of print with a small margin, as a detector would cut it out."""
    (wide, _), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, 1.2, 2)
    line = np.full((60, wide + 24), 255, np.uint8)
    cv2.putText(line, text, (12, 42), cv2.FONT_HERSHEY_SIMPLEX, 1.2, 0, 2, cv2.LINE_AA)
    width = max(1, round(line.shape[1] * height / 60))
    return line if height == 60 else cv2.resize(line, (width, height), interpolation=cv2.INTER_AREA)


@pytest.mark.parametrize(
    "text",
    [
        "The patient is resting comfortably.",
        "Patient Name: Rivera, Ana",
        "MRN: 00123456",
        "DOB: 03/14/1957",
        "Lisinopril 10 mg",
        "(555) 010-4477",
        "120/80",
        "REHABILITATION",
    ],
)
def test_a_line_of_print_is_read(text: str) -> None:
    (pieces,) = rapid.read_lines([_line(text)])
    assert "".join(piece.text for piece in pieces) == text.replace(" ", "")  # it leaves some gaps out
    assert all(0.8 < piece.score <= 1 for piece in pieces)


def test_words_end_at_gaps_and_lie_in_order() -> None:
    (pieces,) = rapid.read_lines([_line("The patient is resting comfortably.")])
    assert [piece.text for piece in pieces] == ["The", "patient", "is", "resting", "comfortably."]
    edges = [edge for piece in pieces for edge in (piece.start, piece.end)]
    assert edges == sorted(edges)
    assert 0 <= edges[0] < 0.1 < 0.9 < edges[-1] <= 1


def test_the_place_of_a_word_is_where_it_is_drawn() -> None:
    line = np.full((60, 1000), 255, np.uint8)
    cv2.putText(line, "Rivera", (600, 42), cv2.FONT_HERSHEY_SIMPLEX, 1.2, 0, 2, cv2.LINE_AA)
    ((piece,),) = rapid.read_lines([line])
    ink = np.flatnonzero((line < 128).any(0)) / 1000
    assert (piece.start, piece.end) == pytest.approx((ink[0], ink[-1]), abs=0.03)


@pytest.mark.parametrize("height", [20, 30, 48, 120])
def test_a_line_is_read_at_any_size(height: int) -> None:
    (pieces,) = rapid.read_lines([_line("Rivera, Ana", height)])
    assert "".join(piece.text for piece in pieces) == "Rivera,Ana"


@pytest.mark.parametrize("shape", [(60, 400), (1, 1), (3, 3), (8, 3000), (300, 4), (48, 16)])
@pytest.mark.parametrize("level", [0, 128, 255])
def test_an_empty_picture_of_any_shape_gives_nothing(shape: tuple[int, int], level: int) -> None:
    assert rapid.read_lines([np.full(shape, level, np.uint8)]) == [()]


def test_a_very_wide_line_is_read_pressed_together() -> None:
    one = _line("Rivera")
    wide = np.hstack([one, np.full((60, 4000 - one.shape[1]), 255, np.uint8), one])  # 48 high, it is 3,300 wide
    (pieces,) = rapid.read_lines([wide])
    assert "".join(piece.text for piece in pieces) == "RiveraRivera"  # it sees no gap in much paper


def test_every_picture_gets_its_answer_in_order() -> None:
    texts = ["Rivera", "", "Novak", "Voss"]
    said = rapid.read_lines([_line(text or " ") for text in texts])
    assert ["".join(piece.text for piece in pieces) for pieces in said] == texts
    assert rapid.read_lines([]) == []


def test_only_latin_letters_come_out() -> None:
    """The model knows 18,000 letters: a cross was read as a Chinese ten."""
    letters, codes = rapid._letters()
    assert len(letters) == len(codes) == len(set(codes.tolist()))
    assert set("ABCXYZabcxyz0123456789.,:;/-()%&'\"+#@ é") <= set(letters)
    cross = np.full((60, 60), 255, np.uint8)
    cross[8:52, 28:32] = cross[28:32, 8:52] = 0
    for crop in (cross, np.hstack([cross] * 5), cv2.GaussianBlur(cross, (0, 0), 2)):
        (pieces,) = rapid.read_lines([crop])
        assert all(ord(letter) < 0x250 or letter in rapid._LATIN_PUNCTUATION for p in pieces for letter in p.text)


@pytest.mark.parametrize(
    ("letter", "is_let_in"),
    [
        ("", True),  # the blank
        *((letter, True) for letter in "aZ9 ~é½Šſ–“€"),
        *((letter, False) for letter in "十中яαاا\u3000Ａ①"),
        ("ab", False),  # some columns stand for several letters
    ],
)
def test_which_letters_are_let_in(letter: str, is_let_in: bool) -> None:
    assert rapid._is_latin(letter) is is_let_in


def _chances(columns: str) -> npt.NDArray[np.float32]:
    """What the model gives when each column is sure of one letter; an underscore is the blank."""
    letters, codes = rapid._letters()
    table = np.zeros((len(columns), int(codes.max()) + 1), np.float32)
    for column, letter in enumerate(columns):
        table[column, codes[letters.index("" if letter == "_" else letter)]] = 0.9
    return table


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ("abc", ["abc"]),
        ("aabbbc", ["abc"]),  # one letter over several columns
        ("a_a", ["aa"]),  # a blank between makes them two
        ("__a__b__", ["ab"]),
        ("ab cd", ["ab", "cd"]),
        ("a b", ["a", "b"]),
        ("ab_ __cd", ["ab", "cd"]),
        ("  ab   cd  ", ["ab", "cd"]),
        ("ab________cd", ["ab", "cd"]),  # a gap as wide as a form has between label and value
        ("ab____cd", ["abcd"]),
        ("____", []),
        ("    ", []),
        ("", []),
    ],
)
def test_columns_become_letters_and_words(columns: str, words: list[str]) -> None:
    pieces = rapid._decoded(_chances(columns))
    assert [piece.text for piece in pieces] == words
    assert all(piece.score == pytest.approx(0.9) and 0 <= piece.start < piece.end <= 1 for piece in pieces)


def _holds(line: Box, box: Box) -> bool:
    return line.left <= box.left and line.top <= box.top and line.right >= box.right and line.bottom >= box.bottom


@pytest.mark.parametrize("size", [(850, 500), (1700, 1000), (2550, 900)])
def test_lines_are_found_whole_and_from_top_to_bottom(size: tuple[int, int]) -> None:
    page = printed(LINES[1:4], size=size, scale=1.1)
    lines = rapid.find_lines(page)
    assert len(lines) == 3
    assert [line.top for line in lines] == sorted(line.top for line in lines)
    for line, baseline in zip(lines, (200, 290, 380), strict=True):
        ink = np.argwhere(page[baseline - 40 : baseline + 15] < 128)
        (top, left), (bottom, right) = ink.min(0), ink.max(0)
        assert _holds(line, Box(int(left), int(top) + baseline - 40, int(right), int(bottom) + baseline - 40))
        assert line.height < 90
    read = ["".join(piece.text for piece in pieces) for pieces in rapid.read_lines([page[_inside(b)] for b in lines])]
    assert read == [line.replace(" ", "") for line in LINES[1:4]]


def _inside(box: Box) -> tuple[slice, slice]:
    return slice(box.top, box.bottom), slice(box.left, box.right)


def test_lines_end_at_the_edge_of_the_page() -> None:
    page = printed(LINES[1:4], size=(1700, 1000), scale=1.1)[165:395, 115:]
    for line in rapid.find_lines(np.ascontiguousarray(page)):
        assert 0 <= line.left < line.right <= page.shape[1]
        assert 0 <= line.top < line.bottom <= page.shape[0]


@pytest.mark.parametrize("shape", [(1100, 850), (10, 10), (20, 2000), (1, 1)])
def test_an_empty_page_has_no_lines(shape: tuple[int, int]) -> None:
    assert rapid.find_lines(np.full(shape, 255, np.uint8)) == []


@pytest.mark.usefixtures("_started_anew")
def test_it_is_usable_here() -> None:
    assert rapid.is_installed()
    assert rapid.is_usable()


def _folder(tmp_path: Path, *names: str) -> Path:
    for name in names:
        (tmp_path / name).write_bytes(b"\x08\x07torn")
    return tmp_path


@pytest.mark.usefixtures("_started_anew")
def test_one_that_is_not_installed_is_not_usable_and_nothing_is_said(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(rapid, "models_folder", lambda: None)
    with caplog.at_level(logging.INFO):
        assert not rapid.is_usable()
    assert caplog.messages == []


@pytest.mark.usefixtures("_started_anew")
def test_torn_models_are_not_usable_and_the_log_says_so_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    folder = _folder(tmp_path, rapid._DETECTOR, rapid._RECOGNISER)
    monkeypatch.setattr(rapid, "models_folder", lambda: folder)
    assert not rapid.is_usable()
    assert not rapid.is_usable()
    (message,) = caplog.messages
    assert message.startswith("The second recogniser cannot be started (")
    assert message.endswith("Run './dev setup'.")


@pytest.mark.usefixtures("_started_anew")
def test_a_library_that_cannot_be_started_is_not_usable_and_the_log_says_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise OSError("cannot allocate memory in static TLS block")

    monkeypatch.setattr(onnxruntime, "InferenceSession", refused)
    assert not rapid.is_usable()
    assert caplog.messages == ["The second recogniser cannot be started (OSError). Run './dev setup'."]


@pytest.mark.parametrize("name", [rapid._DETECTOR, rapid._RECOGNISER])
def test_one_model_alone_is_no_recogniser(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str) -> None:
    (tmp_path / "rapidocr" / "models").mkdir(parents=True)
    (tmp_path / "rapidocr" / "__init__.py").write_text("raise AssertionError('the package itself was run')")
    monkeypatch.syspath_prepend(tmp_path)
    _folder(tmp_path / "rapidocr" / "models", name)
    assert rapid.models_folder() is None
    assert not rapid.is_installed()
    _folder(tmp_path / "rapidocr" / "models", rapid._DETECTOR, rapid._RECOGNISER)
    assert rapid.models_folder() == tmp_path / "rapidocr" / "models"


@pytest.mark.usefixtures("_started_anew")
def test_models_that_went_missing_are_named_by_the_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rapid, "models_folder", lambda: None)
    with pytest.raises(rapid.Failed, match="models of the second recogniser are missing"):
        rapid.find_lines(np.full((64, 64), 255, np.uint8))


class _OutOfMemory:
    def run(self, *_: object) -> None:
        raise MemoryError


@pytest.mark.parametrize("ask", [rapid.find_lines, lambda grey: rapid.read_lines([grey])], ids=["find", "read"])
def test_a_run_that_fails_is_a_failure_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch, ask: Callable[[Image], object]
) -> None:
    monkeypatch.setattr(rapid, "_session", lambda name: _OutOfMemory())
    with pytest.raises(rapid.Failed, match=r"^The second recogniser failed \(MemoryError\)\.$"):
        ask(np.full((64, 64), 255, np.uint8))


def test_each_letter_of_a_number_has_the_likeliest_other_character_of_numbers() -> None:
    ((piece,),) = rapid.read_lines([_line("555-0192")])
    assert piece.text == "555-0192"
    assert len(piece.digits) == len(piece.text)
    assert set(piece.digits) <= set(numerals.CHARACTERS)
    assert all(one != other for one, other in zip(piece.text, piece.digits, strict=True))


def test_a_word_without_digits_has_none() -> None:
    ((piece,),) = rapid.read_lines([_line("Rivera")])
    assert piece.digits == ""
