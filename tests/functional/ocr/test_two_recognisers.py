"""A page from file to words with both recognisers: when the second is asked, what comes of it, and that it can fail."""

import json
import logging
import zlib
from collections import Counter
from functools import cache

import pytest

from benchmarks.damage import by_name
from benchmarks.sheets import Sheet, draw_sheet, scanned_png
from benchmarks.train_agreement import both_readings
from ocr import rapid, second
from ocr.page import Agreement, Box, OcrPage, PageOutcome, Reader, Second, Word
from ocr.rapid import NAME
from ocr.read import PageOrder, read_page
from ocr.signature import Kind
from tests.given.paper import LINES, printed, saved
from tests.given.pdfs import typed_pdf


@cache
def _form() -> Sheet:
    return draw_sheet("form", "Times-Roman", 3)


@cache
def _small_form() -> bytes:
    """A form copied and mailed about: 100 dpi, letters 8 pixels high."""
    return scanned_png(_form(), by_name("low form"), 1)


CLEAN = saved([printed(LINES, scale=1.2)], "PNG")


def _read(data: bytes, asked: Second, kind: Kind = Kind.PNG, *, is_frugal: bool = False) -> OcrPage:
    return read_page(data, kind, 1, PageOrder(view=False, pdf=False, second=asked), is_frugal=is_frugal).page


@cache
def _read_once(asked: Second) -> OcrPage:
    return _read(_small_form(), asked)


def _right_words(page: OcrPage) -> int:
    """How many words of the form were read as they stand on it."""
    printed_words = Counter(word for printed in _form().words for word in printed.text.split())
    return (printed_words & Counter(page.text.split())).total()


@pytest.fixture
def _may_not_be_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise AssertionError("the second recogniser was asked")

    for name in ("is_usable", "find_lines", "read_lines"):
        monkeypatch.setattr(rapid, name, refused)


def test_a_small_page_is_read_by_both_and_better_than_by_one() -> None:
    one, both = _read_once(Second.OFF), _read_once(Second.AUTO)
    assert both.engine == f"{one.engine} + {NAME}"
    assert _right_words(both) > _right_words(one)
    assert both.quality > one.quality
    agrees = Counter(word.agreement for word in both.words)
    assert agrees[Agreement.NOT_ASKED] == 0  # it was read whole
    assert agrees[Agreement.SAME] > len(both.words) / 2
    assert Reader.SECOND in {word.reader for word in both.words}


def test_a_page_read_by_one_says_so() -> None:
    page = _read_once(Second.OFF)
    assert NAME not in page.engine
    assert {(word.reader, word.agreement) for word in page.words} == {(Reader.FIRST, Agreement.NOT_ASKED)}


def test_lines_of_both_are_numbered_in_order_and_lie_on_the_page() -> None:
    page = _read_once(Second.AUTO)
    lines = [word.line for word in page.words]
    assert lines == sorted(lines)
    for word in page.words:
        assert 0 <= word.box.left < word.box.right <= page.width + 1
        assert 0 <= word.box.top < word.box.bottom <= page.height


@pytest.mark.usefixtures("_may_not_be_asked")
@pytest.mark.parametrize("asked", [Second.AUTO, Second.ALWAYS])
def test_a_page_that_took_too_long_is_read_once(asked: Second) -> None:
    page = _read(_small_form(), asked, is_frugal=True)
    assert page.words
    assert NAME not in page.engine


@pytest.mark.usefixtures("_may_not_be_asked")
def test_a_page_that_shall_be_read_by_one_is_read_by_one() -> None:
    assert _read(_small_form(), Second.OFF).words == _read_once(Second.OFF).words


@pytest.mark.usefixtures("_may_not_be_asked")
@pytest.mark.parametrize("asked", [Second.AUTO, Second.ALWAYS])
def test_words_that_the_file_itself_holds_are_not_read_again(asked: Second) -> None:
    page = _read(typed_pdf(), asked, Kind.PDF)
    assert page.engine == "text layer"
    assert {(word.reader, word.agreement) for word in page.words} == {(Reader.FIRST, Agreement.NOT_ASKED)}


@pytest.mark.usefixtures("_may_not_be_asked")
@pytest.mark.parametrize("asked", list(Second))
def test_a_blank_side_is_blank_without_asking(asked: Second) -> None:
    assert _read(saved([printed([])], "PNG"), asked).outcome is PageOutcome.BLANK


def test_a_clean_page_is_read_by_both_when_it_shall_always_be() -> None:
    page = _read(CLEAN, Second.ALWAYS)
    assert page.engine.endswith(NAME)
    assert {word.agreement for word in page.words} == {Agreement.SAME}
    assert page.text.split() == [word for line in LINES for word in line.split()]


def test_a_good_page_is_asked_about_its_doubtful_words_only(monkeypatch: pytest.MonkeyPatch) -> None:
    data = scanned_png(draw_sheet("note", "Helvetica", 3), by_name("office"), 1)
    one = _read(data, Second.OFF)
    assert one.quality >= second.READS_WELL
    monkeypatch.setattr(rapid, "find_lines", lambda grey: pytest.fail("the whole page was asked"))
    page = _read(data, Second.AUTO)
    sure = {word.box: word for word in one.words if word.confidence >= 0.9}
    unasked = [word for word in page.words if word.agreement is Agreement.NOT_ASKED]
    assert len(unasked) > 0.8 * len(page.words)
    assert all((word.text, word.confidence) == (sure[word.box].text, sure[word.box].confidence) for word in unasked)
    assert len(unasked) < len(page.words)
    assert page.engine.endswith(NAME)


class _OutOfMemory:
    def run(self, *_: object) -> None:
        raise MemoryError


@pytest.mark.parametrize("asked", [Second.AUTO, Second.ALWAYS])
def test_when_it_fails_the_reading_of_the_first_stands(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, asked: Second
) -> None:
    monkeypatch.setattr(rapid, "_session", lambda name: _OutOfMemory())
    with caplog.at_level(logging.WARNING, "chartroom.ocr"):
        page = _read(_small_form(), asked)
    one = _read_once(Second.OFF)
    assert page.outcome is PageOutcome.OK
    assert (page.words, page.engine, page.quality) == (one.words, one.engine, one.quality)
    assert caplog.messages == [
        "The second recogniser failed (MemoryError). The first recogniser's words stand."
    ]  # and nothing of what the page says


@pytest.mark.parametrize("asked", [Second.AUTO, Second.ALWAYS])
def test_where_it_is_not_usable_the_first_reads_alone(monkeypatch: pytest.MonkeyPatch, asked: Second) -> None:
    monkeypatch.setattr(rapid, "is_usable", lambda: False)
    page = _read(_small_form(), asked)
    assert (page.words, page.engine) == (_read_once(Second.OFF).words, _read_once(Second.OFF).engine)


KEPT = OcrPage(
    1, PageOutcome.OK, 400, 300, 100,
    words=tuple(
        Word(f"w{n}", Box(n, 2, n + 3, 4), 0.9, n, 0, reader, agreement)
        for n, (reader, agreement) in enumerate((r, a) for r in Reader for a in Agreement)
    ),
)  # fmt: skip


def test_who_read_a_word_and_what_the_other_says_is_kept() -> None:
    kept = OcrPage.from_bytes(KEPT.to_bytes())
    assert kept == KEPT
    assert {(type(word.reader), type(word.agreement)) for word in kept.words} == {(Reader, Agreement)}


@pytest.mark.parametrize("absent", [("reader", "agreement"), ("reader", "agreement", "turn")])
def test_a_reading_that_an_earlier_version_kept_is_still_read(absent: tuple[str, ...]) -> None:
    raw = json.loads(zlib.decompress(KEPT.to_bytes()))
    for word in raw["words"]:
        for name in absent:
            del word[name]
    page = OcrPage.from_bytes(zlib.compress(json.dumps(raw).encode()))
    assert [(word.text, word.box) for word in page.words] == [(word.text, word.box) for word in KEPT.words]
    assert {(word.reader, word.agreement, word.turn) for word in page.words} == {(Reader.FIRST, Agreement.NOT_ASKED, 0)}


def test_weights_are_fitted_to_what_both_read_before_they_are_joined() -> None:
    words, lines = both_readings(_small_form())
    assert len(words) > 50
    assert sum(len(line.words) for line in lines) > 50


def test_an_error_in_reading_is_told_with_its_place_and_without_what_stands_on_the_page(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise TypeError("RIVERA, ANA")

    monkeypatch.setattr(second, "joined", broken)
    assert _read(_small_form(), Second.ALWAYS).outcome is PageOutcome.FAILED
    assert "TypeError at test_two_recognisers.py:" in caplog.text
    assert "RIVERA" not in caplog.text
