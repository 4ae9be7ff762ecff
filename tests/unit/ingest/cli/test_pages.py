"""The generated pages of the docs are what the code says, and name everything."""

import shutil
import subprocess
from dataclasses import fields
from pathlib import Path

import pytest

from classify.profile import Profile
from ingest.cli.manpage import draw_manpage
from ingest.cli.pages import draw_commands, pages
from ingest.newprofile import ENTRIES
from ingest.site import NO_ENTRIES, Site

DOCS = Path(__file__).parents[4] / "docs"


@pytest.mark.parametrize("name", sorted(pages()))
def test_a_generated_page_is_up_to_date(name: str) -> None:
    """When this fails: ./dev docs."""
    assert (DOCS / name).read_text(encoding="utf-8") == pages()[name]()


def test_every_entry_of_the_profile_is_told() -> None:
    assert set(ENTRIES) == {f.name for f in (*fields(Profile), *fields(Site))} - {*NO_ENTRIES, "forms"}


@pytest.mark.parametrize(
    "text",
    ["## chartroom roster load", "chartroom roster listen --host 0.0.0.0 --peer", "| `--json` | Print JSON Lines. |"],
)
def test_commands_are_told_with_options_and_examples(text: str) -> None:
    assert text in draw_commands()


def test_the_manual_page_names_every_command_exit_code_and_setting() -> None:
    text = draw_manpage().replace("\\-", "-")
    for line in (
        ".SS chartroom roster load FILES ...",
        ".SS chartroom user add NAME",
        ".B CHARTROOM_PORT",
        ".B 130",
        ".SH FILES",
    ):
        assert f"{line}\n" in text
    assert "None" not in text


@pytest.mark.skipif(shutil.which("groff") is None, reason="groff is not here")
def test_the_manual_page_is_right_roff() -> None:
    done = subprocess.run(
        ["groff", "-man", "-ww", "-Tutf8", "-z", DOCS / "chartroom.1"], capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
