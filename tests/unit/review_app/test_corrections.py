"""Proposing on the screen that pages are in the wrong chart."""

import pytest

from review_app.model.corrections import propose_misfiling
from storage.foundation.errors import StateRefused
from storage.foundation.home import Home
from storage.foundation.tables.documents import Misfiling
from storage.roster.loading import load
from storage.roster.messages import Merge, Number, PersonUpdate
from tests.given.records import TESS, add_person, read_and_index, receive, verify_and_file
from tests.given.template import Template

FILED = 1


@pytest.fixture(scope="module")
def starting_home(empty_home: Template, tmp_path_factory: pytest.TempPathFactory) -> Template:
    """A document of two pages in Ana's chart; Lee's former number is 00555555."""
    home = empty_home.copied_to(tmp_path_factory.mktemp("filed"))
    ana, lee = add_person(home), add_person(home, "00777777", "Kim", "Lee")
    add_person(home, "00555555", "Kim", "Lee")
    load(home, [("1", Merge(PersonUpdate(numbers=(Number("00777777"),)), (Number("00555555"),), "A40 1"))], "test")
    assert (ana, lee) == (1, 2)
    (document,) = read_and_index(home, receive(home, b"scan"), ["PROGRESS NOTE one", "page of Lee"], ana)
    verify_and_file(home, document)
    assert document == FILED
    return Template.of(home)


@pytest.fixture
def filed(home: Home) -> int:
    """The document in Ana's chart."""
    return FILED


def _proposed(home: Home, document: int, numbers: str, mrn: str) -> Misfiling:
    with home.writing() as session:
        number = propose_misfiling(session, document, numbers, mrn, "label of Lee Kim", "wrong_sticker", TESS)
        return session.get_one(Misfiling, number)


@pytest.mark.parametrize(
    ("mrn", "person_id"),
    [
        ("00777777", 2),
        ("00555555", 2),  # a former number, as at the shell
        (" 00777777 ", 2),
        ("", None),  # not known yet
        ("  ", None),
    ],
)
def test_the_right_patient_is_named_by_any_number_that_was_ever_theirs(
    home: Home, filed: int, mrn: str, person_id: int | None
) -> None:
    assert _proposed(home, filed, "2", mrn).to_person_id == person_id


@pytest.mark.parametrize(("typed", "pages"), [("", [1, 2]), ("2", [2]), ("1, 2", [1, 2]), ("2 1", [1, 2])])
def test_pages_are_typed_with_commas_or_spaces(home: Home, filed: int, typed: str, pages: list[int]) -> None:
    assert _proposed(home, filed, typed, "").pages == pages


@pytest.mark.parametrize(
    ("document", "numbers", "mrn", "reason", "sentence"),
    [
        (1, "", "0077777", "x", "No patient of the list has this MRN."),
        (1, "", "![x](http://host/x.png)", "x", "No patient of the list has this MRN."),  # nothing typed is repeated
        (1, "9", "", "x", "Page 9 is not a page of this document."),
        (1, "", "00123456", "x", "These pages are in this patient's chart already."),
        (1, "", "", " ", "Say why these pages are in the wrong chart."),
        (77, "", "", "x", "This document is not filed. Choose its patient at the desk."),
    ],
)
def test_what_does_not_fit_is_refused_in_one_sentence(
    home: Home, filed: int, document: int, numbers: str, mrn: str, reason: str, sentence: str
) -> None:
    with home.writing() as session, pytest.raises(StateRefused) as refused:
        propose_misfiling(session, document, numbers, mrn, reason, "other", TESS)
    assert str(refused.value) == sentence
    with home.reading() as session:
        assert session.get(Misfiling, 1) is None
