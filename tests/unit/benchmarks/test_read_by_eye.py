"""Words read beside the hashes of what stands on a page."""

import json
from typing import Any

import pytest

from benchmarks.read_by_eye import FILE, hashed, load_truth, plain_tokens, right_words, tokens_of, whole_words

PLAIN: dict[str, dict[str, Any]] = {
    "forms/one.png#1": {
        "printed": ["Name: Ada Quill", "Born 01/02/1970"],
        "written": ["penicillin"],
        "pairs": [["Name:", "Ada Quill", "printed"], ["Allergies", "penicillin", "written"]],
        "note": "A page at 150 dpi, copied at 300 dpi.",
    }
}


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("(Name:)", "name"),
        ("O’Neil", "o'neil"),
        ("“Stat” — 5–10", '"Stat" - 5-10'),
        ("| ... *", ""),
    ],
)
def test_words_are_the_same_without_outer_punctuation_and_with_plain_quotes(text: str, same: str) -> None:
    assert whole_words(text) == whole_words(same)


def test_another_letter_is_another_word() -> None:
    assert whole_words("Quill") != whole_words("Qui11")
    assert whole_words("01/02/1970") != whole_words("01021970")


def test_plain_tokens_are_what_stands_between_punctuation() -> None:
    assert plain_tokens("01/02-1970,") == plain_tokens("01 02 1970")
    assert plain_tokens("—") == ()


@pytest.mark.parametrize(
    ("texts", "confidences", "right"),
    [
        (["the", "the"], [0.5, 0.9], [False, True]),  # stands once: the surer one has it
        (["a", "a", "b"], [0.9, 0.8, 0.7], [True, True, True]),
        (["a/b"], [0.9], [True]),
        (["a/a/a"], [0.9], [False]),  # stands twice only
        (["..."], [0.9], [None]),
        (["c"], [0.99], [False]),
        ([], [], []),
    ],
)
def test_each_token_of_the_truth_counts_once(
    texts: list[str], confidences: list[float], right: list[bool | None]
) -> None:
    assert right_words(texts, confidences, tokens_of(["a the a b"]).plain, plain_tokens) == right


@pytest.mark.parametrize(
    ("text", "is_right"),
    [
        ("AdaQuill", True),
        ("Ada-Qui ll", True),
        ("QuillBorn", False),  # ends a line
        ("Ada", True),
        ("daQuill", False),  # begins inside a word
    ],
)
def test_a_lost_gap_is_forgiven_within_a_line_where_that_is_asked(text: str, is_right: bool) -> None:
    truth = tokens_of(["Name: Ada Quill", "Born 01/02/1970"])
    assert right_words([text], [0.9], truth.plain, plain_tokens, truth.gapless) == [is_right]


def test_short_neighbours_without_gap_are_chance() -> None:
    assert tokens_of(["a b c"]).gapless == frozenset()


def test_what_is_kept_holds_hashes_only() -> None:
    kept = json.dumps(hashed(PLAIN)).lower()
    assert not any(word in kept for word in ("quill", "1970", "penicillin", "allergies"))
    page = hashed(PLAIN)["forms/one.png#1"]
    assert page["dpi"] == 150
    assert page["printed"]["words"].split() == sorted(whole_words("Name: Ada Quill Born 01/02/1970"))
    assert page["written"]["plain"] == " ".join(plain_tokens("penicillin"))
    assert page["pairs"][1] == [*whole_words("Allergies"), *whole_words("penicillin"), "written"]


def test_what_is_kept_is_read_again_as_it_was(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "kept.json"
    file.write_text(json.dumps(hashed(PLAIN)), encoding="utf-8")
    monkeypatch.setattr("benchmarks.read_by_eye.FILE", file)
    page = load_truth()["forms/one.png#1"]
    assert page.printed == tokens_of(["Name: Ada Quill", "Born 01/02/1970"])
    assert page.written == tokens_of(["penicillin"])
    assert page.pairs[0].value == whole_words("Ada Quill")
    assert [pair.is_written for pair in page.pairs] == [False, True]


def test_the_kept_truth_has_every_page_and_nothing_but_hashes() -> None:
    pages = json.loads(FILE.read_text(encoding="utf-8"))
    assert len(pages) == 21
    texts = [kept for page in pages.values() for part in ("printed", "written") for kept in page[part].values()]
    texts += [text for page in pages.values() for label, value, _ in page["pairs"] for text in (label, value)]
    assert all(len(token) == 16 and int(token, 16) >= 0 for text in texts for token in text.split())
    assert sum(page.printed.words.total() for page in load_truth().values()) > 3000
