"""The drawn forms: who wrote them, and that the truth lies where the ink is."""

import random
from pathlib import Path

import numpy as np
import pytest
from PIL import ImageFont

from ocr.imaging import to_grey
from tests.data.handwritten import HANDS, NOTE, NOTE_PLAN, PLANS, FilledForm, Style, draw_form


@pytest.fixture(scope="module")
def form() -> FilledForm:
    return draw_form(PLANS[1], random.Random(1))


def test_forms_are_in_twelve_hands_and_more_at_every_resolution() -> None:
    assert len(PLANS) == 10
    assert len({hand for plan in PLANS for hand in plan.hands}) >= 12
    assert {plan.dpi for plan in PLANS} == {150, 200, 300}
    assert {plan.style for plan in PLANS} == set(Style)
    assert {plan.ink for plan in PLANS} == {"blue", "black", "pencil"}


@pytest.mark.parametrize("file", sorted(HANDS.glob("*.ttf")), ids=lambda file: file.stem)
def test_a_hand_can_be_opened_and_its_licence_is_named(file: Path) -> None:
    assert ImageFont.truetype(str(file), 40).getlength("Rivera 03/14") > 0
    assert f"`{file.name}`" in (HANDS / "README.md").read_text(encoding="utf-8")
    assert any(f"{file.name}:" in (HANDS / name).read_text(encoding="utf-8") for name in ("OFL.txt", "APACHE.txt"))


def test_the_hands_are_small() -> None:
    assert sum(file.stat().st_size for file in HANDS.iterdir()) < 400_000


def test_ink_lies_where_the_truth_says(form: FilledForm) -> None:
    grey = to_grey(form.image)
    assert len(form.values) == 14
    for word in [word for value in form.values for word in value.words]:
        left, top, right, bottom = word.box
        assert float((grey[top:bottom, left:right] < 180).mean()) > 0.03, word.text
        assert 0 < left < right < grey.shape[1]


def test_the_same_seed_draws_the_same_form_and_an_empty_one_has_no_values(form: FilledForm) -> None:
    assert np.array_equal(draw_form(PLANS[1], random.Random(1)).image, form.image)
    empty = draw_form(PLANS[1], random.Random(1), is_filled=False)
    assert (empty.values, empty.ticked) == ((), 0)
    assert form.ticked == 3


def test_a_note_has_all_its_words() -> None:
    drawn = draw_form(NOTE_PLAN, random.Random(1), NOTE)
    assert [word.text for word in drawn.note] == " ".join(NOTE).split()
