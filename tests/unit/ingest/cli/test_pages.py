"""The generated pages of the docs are what the code says, and name everything."""

from dataclasses import fields
from pathlib import Path

import pytest

from classify.profile import Profile
from ingest.cli.pages import ENTRIES, draw_commands, pages
from ingest.site import Site

DOCS = Path(__file__).parents[4] / "docs"


@pytest.mark.parametrize("name", sorted(pages()))
def test_a_generated_page_is_up_to_date(name: str) -> None:
    """When this fails: ./dev docs."""
    assert (DOCS / name).read_text(encoding="utf-8") == pages()[name]()


def test_every_entry_of_the_profile_is_told() -> None:
    assert set(ENTRIES) == {f.name for f in (*fields(Profile), *fields(Site))} - {"profile", "forms"}


@pytest.mark.parametrize(
    "text",
    ["## chartroom roster load", "chartroom roster listen --host 0.0.0.0 --peer", "| `--json` | Print JSON Lines. |"],
)
def test_commands_are_told_with_options_and_examples(text: str) -> None:
    assert text in draw_commands()
