"""The border of a read page: what is no text leaves a mark, what is too long is cut and told, numbers stay numbers."""

import math
import random

import pytest

from ocr.bounds import CUT, MOST_LETTERS, MOST_PAGE_LETTERS, MOST_WORDS, clean_text, within_bounds
from ocr.page import Barcode, Box, Mark, MarkKind, OcrPage, PageOutcome, Word
from tests.given.paper import typed

BOX = Box(10, 10, 410, 50)


def _page(*words: Word, **more: object) -> OcrPage:
    return OcrPage(1, PageOutcome.OK, 2550, 3300, 300, words=words, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("Rivera", "Rivera"),
        ("Müller-Łaski", "Müller-Łaski"),
        ("مريم", "مريم"),  # letters of other scripts are text
        ("12\x003", "12\N{REPLACEMENT CHARACTER}3"),  # never the number 123
        ("\ud800", "\N{REPLACEMENT CHARACTER}"),  # half of a pair: no database and no PDF takes it
        ("a\tb\r\nc", "a b c"),
        ("\u202e321", "321"),  # shown from right to left it would read 123
        ("\u200fAna\u200e", "Ana"),
        ("\x1b[31mred", "\N{REPLACEMENT CHARACTER}[31mred"),
        ("\ufeff", ""),
    ],
)
def test_text_can_be_stored_and_shown(raw: str, clean: str) -> None:
    assert clean_text(raw) == clean
    clean.encode()


def test_an_ordinary_page_passes_unchanged() -> None:
    page = typed("PROGRESS NOTE\nPatient Name: Okafor, Chidi\nMRN: 00456789", barcodes=("MRN:00456789",))
    assert within_bounds(page) == page


def test_a_long_word_is_kept_in_pieces_and_nothing_is_lost() -> None:
    (before, *pieces, after) = within_bounds(
        _page(Word("a", BOX, 0.9), Word("x" * 1000, BOX, 0.9), Word("b", BOX, 0.9))
    ).words
    assert (before.text, after.text) == ("a", "b")
    assert "".join(word.text for word in pieces) == "x" * 1000
    assert all(len(word.text) <= MOST_LETTERS for word in pieces)
    assert [word.box.left for word in pieces] == sorted({word.box.left for word in pieces})


@pytest.mark.parametrize(
    "page",
    [
        _page(*[Word("word", BOX, 0.9)] * (MOST_WORDS + 1)),
        _page(Word("x" * (MOST_PAGE_LETTERS + 1), BOX, 0.9)),
        _page(*[Word("x" * MOST_LETTERS, BOX, 0.9)] * (MOST_PAGE_LETTERS // MOST_LETTERS + 1)),
        _page(barcodes=(Barcode("QRCode", "1" * 10_000, BOX),)),
        _page(barcodes=(Barcode("QRCode", "1", BOX),) * 1000),
    ],
    ids=["words", "one word", "letters", "a code", "codes"],
)
def test_what_is_left_out_is_told(page: OcrPage) -> None:
    bounded = within_bounds(page)
    assert CUT in bounded.weaknesses
    assert len(bounded.words) <= MOST_WORDS
    assert sum(len(word.text) for word in bounded.words) <= MOST_PAGE_LETTERS
    assert within_bounds(bounded) == bounded


def test_numbers_are_numbers_that_a_database_takes() -> None:
    far = Box(-5, 10**30, 10**400, 7)
    page = within_bounds(
        _page(
            Word("a", far, math.nan, 10**20),
            barcodes=(Barcode("QR\x00", "a", far),),
            marks=(Mark(MarkKind.TICK_BOX, far),),
            skew_degrees=math.inf, mean_confidence=9.0, quality=math.nan, reason="r" * 5000, engine="e\ud800",
        )
    )  # fmt: skip
    assert page.words[0].confidence == 0.0
    for box in (page.words[0].box, page.barcodes[0].box, page.marks[0].box):
        assert 0 <= box.left <= box.right <= 1_000_000
        assert 0 <= box.top <= box.bottom <= 1_000_000
    assert (page.skew_degrees, page.mean_confidence, page.quality) == (0.0, 1.0, 0.0)
    assert OcrPage.from_bytes(page.to_bytes()) == page


def test_whatever_is_drawn_passes_and_passing_twice_changes_nothing() -> None:
    rng = random.Random(11)
    for _ in range(300):
        words = [
            Word(_noise(rng), Box(*(rng.randint(-9, 9**7) for _ in range(4))), rng.uniform(-1, 2)) for _ in range(5)
        ]
        page = within_bounds(_page(*words, barcodes=(Barcode(_noise(rng), _noise(rng), BOX),), reason=_noise(rng)))
        assert within_bounds(page) == page
        assert OcrPage.from_bytes(page.to_bytes()) == page


def _noise(rng: random.Random) -> str:
    """Characters of every plane, lone surrogates and control characters among them."""
    ends = (0x20, 0x80, 0x700, 0x2070, 0xE000, 0x10FFFF)
    return "".join(chr(rng.randrange(rng.choice(ends))) for _ in range(rng.choice((1, 8, 300))))
