"""The screens of each role, and the heads they stand under."""

import pytest

from review_app.model.paths import HOME, MOST_FLAT, SCREENS, SECTIONS, allowed, navigation, refused, start_path
from storage.foundation.permissions import Action, Actor, Role

PEOPLE = [Role.OPERATOR, Role.TECHNICIAN, Role.SUPERVISOR, Role.AUDITOR, Role.ADMIN]


def test_every_screen_stands_under_one_head() -> None:
    placed = [path for paths in SECTIONS.values() for path in paths]
    assert sorted(placed) == sorted({path for _, path, _ in SCREENS})


@pytest.mark.parametrize("role", PEOPLE)
def test_the_navigation_holds_all_of_a_person_s_screens_and_begins_with_the_first(role: Role) -> None:
    actor = Actor("somebody", role)
    found = navigation(actor)
    assert sorted(path for paths in found.values() for path in paths) == sorted(allowed(actor))
    assert found[""][0] == HOME
    assert start_path(actor) in found[""][1:]
    assert len(found[""]) + len(found) - 1 <= MOST_FLAT + 3  # what stands beside each other, heads and all


@pytest.mark.parametrize("role", PEOPLE)
def test_a_screen_is_either_shown_or_refused_by_a_sentence(role: Role) -> None:
    actor = Actor("somebody", role)
    assert set(allowed(actor)) | set(refused(actor)) | {"plain", "account"} == {path for _, path, _ in SCREENS} | {
        "plain", "account"
    }  # fmt: skip
    assert not set(allowed(actor)) & set(refused(actor))
    assert "account" not in refused(actor)


def test_a_refusal_says_which_right_it_takes_and_who_gives_it() -> None:
    operator = refused(Actor("olga", Role.OPERATOR))
    assert operator["audit"] == (
        "olga (operator) has no right to Audit: it takes the right to read the audit log, "
        "which an administrator gives by the role supervisor or auditor."
    )
    assert f"{Action.VERIFY} or to {Action.REVIEW_ACCESS}," in operator["corrections"]
    assert operator["corrections"].endswith("by the role technician or supervisor or auditor.")
