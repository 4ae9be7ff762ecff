"""Trains the letter network of ocr/clean/turn.py on letters drawn with the fonts of this machine.

    python -m benchmarks.train_turn                fonts under /usr/share/fonts (fonts-dejavu, fonts-liberation)
    python -m benchmarks.train_turn --check        only measure the stored network

Prints how often single letters and whole pages are told right, on fonts that were not trained on.
"""

import argparse
import random
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont

from benchmarks.damage import by_name
from benchmarks.sheets import BASE_FONTS, LAYOUTS, draw_sheet
from ingest.demo.wording import KINDS, SECTIONS, text_of
from ocr.clean import turn
from ocr.clean.sketch import draw_sketch
from ocr.imaging import Image, cv2, to_grey

HELD_OUT = ("LiberationMono", "DejaVuSerifCondensed")
HIDDEN = 64
Array = npt.NDArray[np.float32]
Turns = npt.NDArray[np.int64]


def main() -> None:
    """Train, store and measure; or only measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--pages", type=int, default=700)
    options = parser.parse_args()
    fonts = sorted(Path("/usr/share/fonts").rglob("*.ttf"))
    fonts = [font for font in fonts if "MathTeX" not in font.name]
    held_out = [font for font in fonts if font.name.startswith(HELD_OUT)]
    if not options.check:
        chips, turns = draw_chips([font for font in fonts if font not in held_out], options.pages, random.Random(5))
        weights = {name: values.astype(np.float16) for name, values in train(chips, turns).items()}
        np.savez_compressed(turn._WEIGHTS, **weights)  # type: ignore[arg-type]
        turn._weights.cache_clear()
    chips, turns = draw_chips(held_out, 40, random.Random(6))
    right = [turn.turn_votes(chips[i : i + 1]).argmax() == turns[i] for i in range(0, len(chips), 5)]
    print(f"single letters of unseen fonts told right: {np.mean(right):.3f}")
    check_pages()


def draw_chips(fonts: list[Path], pages: int, rng: random.Random) -> tuple[Array, Turns]:
    """Letters of that many small pages of text, soft, rough, thin and thick, each page lying in all four turns.

    The pages are turned, not the letters: turned letters carried the half pixel of their fitting with
    them, and the network learned that instead.
    """
    chips, turns = [], []
    for _ in range(pages):
        page = _page(rng.choice(fonts), rng)
        for quarter in range(4):
            chips.append(turn.take_chips(draw_sketch(np.ascontiguousarray(np.rot90(page, quarter)), 150), 400))
            turns.append(np.full(len(chips[-1]), quarter))
    return np.concatenate(chips), np.concatenate(turns)


def _page(font: Path, rng: random.Random) -> Image:
    size = rng.choice((12, 14, 16, 18, 20, 22, 25, 30, 40))
    face = ImageFont.truetype(str(font), size * 2)
    picture = Pillow.new("L", (1700, 1100), 255)
    pen = ImageDraw.Draw(picture)
    y = 10.0
    while y < 1100 - 2.5 * size:
        pen.text((10, y), _line(rng), font=face, fill=rng.choice((0, 0, 40, 90)))
        y += 2.6 * size
    page = cv2.resize(np.asarray(picture), None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    page = cv2.warpAffine(
        page, cv2.getRotationMatrix2D((425, 275), rng.uniform(-2, 2), 1.0), (850, 550), borderValue=255
    )
    if rng.random() < 0.25:  # a low resolution, enlarged
        coarse = rng.uniform(0.55, 0.8)
        down = cv2.resize(page, None, fx=coarse, fy=coarse * rng.choice((1, 1, 0.6)), interpolation=cv2.INTER_AREA)
        page = cv2.resize(down, (850, 550), interpolation=cv2.INTER_CUBIC)
    if rng.random() < 0.4:
        page = cv2.GaussianBlur(page, (0, 0), rng.uniform(0.4, 1.1))
    if rng.random() < 0.3:
        page = cv2.erode(page, np.ones((2, 2), np.uint8))
    page = np.clip(page + np.random.default_rng(rng.randrange(2**31)).normal(0, rng.uniform(0, 14), page.shape), 0, 255)
    page = page.astype(np.uint8)
    if rng.random() < 0.3:
        page = ((page > rng.randrange(90, 200)) * 255).astype(np.uint8)
    result: Image = page
    return result


def _line(rng: random.Random) -> str:
    heading = rng.choice(SECTIONS[rng.choice(KINDS)])
    text = f"{heading}: {' '.join(text_of(heading, rng))}"
    how = rng.random()
    if how < 0.2:
        return text.upper()
    if how < 0.35:
        return " ".join(
            f"{rng.randrange(10 ** rng.randrange(1, 7))}{rng.choice(('', '.', '/', '-', ' mg'))}" for _ in range(14)
        )
    start = rng.randrange(max(1, len(text) - 40))
    return text[start:]


def train(chips: Array, turns: Turns, rounds: int = 12) -> dict[str, Array]:
    """Weights after so many rounds of Adam over every letter; turns in quarters clockwise to upright."""
    rng = np.random.default_rng(3)
    weights = {
        "w1": rng.normal(0, 0.08, (256, HIDDEN)).astype(np.float32), "b1": np.zeros(HIDDEN, np.float32),
        "w2": rng.normal(0, 0.1, (HIDDEN, 4)).astype(np.float32), "b2": np.zeros(4, np.float32),
    }  # fmt: skip
    print(f"training on {len(chips):,} letters")
    moments = {name: (np.zeros_like(w), np.zeros_like(w)) for name, w in weights.items()}
    step = 0
    for number in range(rounds):
        order = rng.permutation(len(chips))
        for start in range(0, len(order), 256):
            rows = order[start : start + 256]
            step += 1
            _descend(weights, moments, _slopes(weights, chips[rows], turns[rows]), step, 0.002 * 0.75**number)
    return weights


def _slopes(weights: dict[str, Array], chips: Array, turns: Turns) -> dict[str, Array]:
    inner = chips @ weights["w1"] + weights["b1"]
    hidden = np.maximum(inner, 0)
    scores = hidden @ weights["w2"] + weights["b2"]
    chances = np.exp(scores - scores.max(axis=1, keepdims=True))
    chances /= chances.sum(axis=1, keepdims=True)
    chances[np.arange(len(turns)), turns] -= 1
    chances /= len(turns)
    back = (chances @ weights["w2"].T) * (inner > 0)
    return {"w2": hidden.T @ chances, "b2": chances.sum(axis=0), "w1": chips.T @ back, "b1": back.sum(axis=0)}


def _descend(
    weights: dict[str, Array], moments: dict[str, tuple[Array, Array]], slopes: dict[str, Array], step: int, rate: float
) -> None:
    for name, slope in slopes.items():
        first, second = moments[name]
        first += 0.1 * (slope - first)
        second += 0.001 * (slope**2 - second)
        weights[name] -= rate * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)


def check_pages() -> None:
    """Whole pages of the benchmark, in four turns: how many votes are right, and how many of the sure ones."""
    told = right = sure = sure_right = 0
    for layout in LAYOUTS:
        for font in BASE_FONTS:
            page = to_grey(draw_sheet(layout, font, 9).image)
            for name in (
                "clean",
                "office",
                "faded",
                "noise",
                "fax fine",
                "fax coarse",
                "150 dpi",
                "100 dpi",
                "low form",
            ):
                damage = by_name(name)
                spoiled = to_grey(damage.apply(page, np.random.default_rng(4)))
                if damage.dpi[1] == 98:
                    spoiled = cv2.resize(spoiled, None, fx=1, fy=204 / 98, interpolation=cv2.INTER_CUBIC)
                for quarter in range(4):
                    lying = np.ascontiguousarray(np.rot90(spoiled, quarter))
                    found = turn.find_turn(draw_sketch(lying, damage.dpi[0]))
                    told, right = told + 1, right + (found.degrees == quarter * 90)
                    sure, sure_right = (
                        sure + found.is_sure,
                        sure_right + (found.is_sure and found.degrees == quarter * 90),
                    )
                    if found.degrees != quarter * 90:
                        print("wrong:", layout, font, name, quarter, found)
    print(f"pages told right: {right} of {told}; of those that were sure: {sure_right} of {sure}")


if __name__ == "__main__":
    main()
