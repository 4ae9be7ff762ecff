"""Labels of protection at the shell: added, lifted, listed, and each refusal."""

from pathlib import Path

import pytest

from storage.foundation.home import Home
from tests.given.desk import note, put
from tests.given.records import add_person
from tests.given.shell import Shell
from tests.given.template import Template


@pytest.fixture(scope="module")
def starting_home(empty_home: Template, tmp_path_factory: pytest.TempPathFactory) -> Template:
    """A note that waits to be verified and says that the patient has HIV."""
    home = empty_home.copied_to(tmp_path_factory.mktemp("labels"))
    add_person(home)
    assert put(home, [note("00123456", "Rivera, Ana", "03/14/1957", "HIV positive since 2009.")], "labelled") == [1]
    return Template.of(home)


def test_labels_are_listed_added_and_lifted_with_who_and_why(shell: Shell) -> None:
    (read,) = shell.rows("label", "list", 1)
    assert (read["label"], read["state"], read["source"], read["by"]) == ("HIV", "there", "text", None)
    said = shell("label", "add", 1, "sdv", "--reason", "asked by the patient").out
    assert said == "Document 1 is protected: sexual assault or domestic violence.\n"
    assert (
        shell("label", "lift", 1, "HIV", "--reason", "the hospital's own leaflet").out
        == "Lifted. Document 1 still bears: SDV.\n"
    )
    assert (
        shell("label", "lift", 1, "SDV", "--reason", "asked by the patient").out
        == "Lifted. Document 1 is not protected any more.\n"
    )
    rows = shell.rows("label", "list", 1)
    assert [(row["label"], row["state"], row["reason"]) for row in rows] == [
        ("HIV", "lifted", "the hospital's own leaflet"),
        ("SDV", "lifted", "asked by the patient"),
    ]
    assert all(row["by"].startswith("shell:") for row in rows)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["add", "1", "VIP", "--reason", "well known"], "There is no label 'VIP'. The labels are: BH, CEL, "),
        (["add", "1", "CEL", "--reason", " "], "Write the reason, in two words or more"),
        (["lift", "1", "SEX", "--reason", "a mistake"], "This document does not bear that label."),
        (["list", "99"], "There is no such document."),
    ],
)
def test_a_refusal_says_what_is_wrong(shell: Shell, arguments: list[str], sentence: str) -> None:
    assert shell.refusal("label", *arguments).startswith(sentence)


def test_a_reason_is_asked_for(shell: Shell, home: Home, tmp_path: Path) -> None:
    assert "--reason" in shell("label", "add", 1, "SDV", expect=2).err
