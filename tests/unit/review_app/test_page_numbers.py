"""Page numbers as people write them on the corrections screen."""

import pytest

from review_app.model.corrections import read_pages
from storage.foundation.errors import StateRefused


@pytest.mark.parametrize(
    ("typed", "pages"),
    [
        ("", []),
        ("  ", []),
        ("3", [3]),
        ("2, 4", [2, 4]),
        ("2 4", [2, 4]),
        ("3-5", [3, 4, 5]),
        ("3 - 5, 9", [3, 4, 5, 9]),
        ("3–5", [3, 4, 5]),
        ("7-7", [7]),
    ],
)
def test_single_pages_and_ranges_are_read(typed: str, pages: list[int]) -> None:
    assert read_pages(typed) == pages


@pytest.mark.parametrize("typed", ["²", "5-3", "0", "-4", "three", "3-", "1;2", "1.5", "999999999999999999999"])
def test_what_is_no_page_number_is_refused_and_never_means_all_pages(typed: str) -> None:
    with pytest.raises(StateRefused, match="as numbers"):
        read_pages(typed)
