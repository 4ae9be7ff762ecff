"""Whether words are a person's name, every one of them explained."""

from dataclasses import replace

import pytest

from classify.anchored.names import read_as
from classify.demographics import PersonName
from tests.given.people import ANA, BOB


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("RIVERA , ANA M", "RIVERA, ANA M"),
        ("Rivera , Ana", "RIVERA, ANA"),
        ("Ana M Rivera", "RIVERA, ANA M"),
        ("Ana Rivera", "RIVERA, ANA"),
        ("Rivera Ana M", "RIVERA, ANA M"),
        ("Ana Maria Rivera", "RIVERA, ANA MARIA"),
        ("RIVERA , ANA M F", "RIVERA, ANA M"),
        ("Rlvera , Ana", "RLVERA, ANA"),
        ("Rivera , Ana Jr", "RIVERA, ANA JR"),
        ("Rivera Jr , Ana", "RIVERA, ANA JR"),
    ],
)
def test_a_name_is_read_as_the_persons(said: str, value: str) -> None:
    name = read_as(said.split(), ANA)
    assert name is not None
    assert name.value == value


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("Rivera , Lucia", "another first name"),
        ("Montoya , Ana", "another surname"),
        ("Mary Ann Ana Rivera", "words that have no part in it"),
        ("Rivera Lopez , Ana", "a double surname is another"),
        ("Ana Rivera Lopez", "also behind"),
        ("Rivera , A", "an initial is no first name"),
        ("Rivera", "a surname alone"),
        ("Ana", "a first name alone"),
        ("Rivera , Lucia Ana", "her name is only the other's middle name"),
    ],
)
def test_a_name_with_anything_else_in_it_is_not_the_persons(said: str, why: str) -> None:
    assert read_as(said.split(), ANA) is None, why


def test_short_forms_and_former_names_count() -> None:
    assert read_as("Bob Kowalczyk".split(), BOB) is not None
    assert read_as("Kowal , Robert".split(), BOB) is not None
    aliased = replace(ANA, other_names=(PersonName("Vega", "Lucia"),))
    assert read_as("Lucia Vega".split(), aliased) is not None
    assert read_as("Ana Vega".split(), aliased) is None


def test_only_letter_for_letter_is_exact() -> None:
    said = [read_as(words.split(), ANA) for words in ("Ana Rivera", "Ana Rlvera")]
    assert [name.is_exact for name in said if name] == [True, False]
