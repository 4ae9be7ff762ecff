"""Pages that are hard to place: photographs, films, tracings, a few words, empty sides. RGB or grey, letter size, 150 dpi.

Each drawer takes a seed, and draws another page of the kind for another one.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from ocr.imaging import Image, cv2

SIZE = (1275, 1650)
DPI = 150

INK = 30


def paper(random: np.random.Generator, level: int = 240, grain: float = 4.0) -> Image:
    """Empty grainy paper, unevenly lit a little."""
    width, height = SIZE
    light = _clouds(random, 400) * 2
    return _levels(np.full((height, width), level, np.float32) + light + random.normal(0, grain, (height, width)))


def _levels(page: npt.NDArray[Any]) -> Image:
    return np.clip(page, 0, 255).astype(np.uint8)


def _clouds(random: np.random.Generator, step: int) -> npt.NDArray[np.float32]:
    width, height = SIZE
    rough = random.normal(0, 1, (height // step + 3, width // step + 3)).astype(np.float32)
    clouds: npt.NDArray[np.float32] = cv2.resize(rough, (width, height), interpolation=cv2.INTER_CUBIC)
    return clouds


def write(
    page: npt.NDArray[Any], text: str, at: tuple[int, int], scale: float = 0.7, colour: tuple[int, ...] = (INK,) * 3
) -> None:
    """A line of print on the page; at 0.7 capitals are 15 pixels high (7 points)."""
    cv2.putText(page, text, at, cv2.FONT_HERSHEY_SIMPLEX, scale, colour, 2 if scale < 1.2 else 3, cv2.LINE_AA)


# ---- photographs


def texture(seed: int) -> Image:
    """A picture of smooth colour with texture: skin, a dark room, the inside of a scope, grass, by turns."""
    random = np.random.default_rng(seed)
    colour = ((205, 165, 140), (60, 45, 40), (160, 70, 60), (90, 110, 60))[seed % 4]
    shade = 22 * _clouds(random, 300) + 8 * _clouds(random, 50) + (6, 6, 6, 25)[seed % 4] * _clouds(random, 6)
    picture = np.full((SIZE[1], SIZE[0], 3), colour, np.float32) + shade[..., None]
    return _levels(picture + random.normal(0, 6, picture.shape))


def wound(seed: int) -> Image:
    """A wound on skin that lies on grey card, with a paper ruler beside it."""
    random = np.random.default_rng(seed)
    picture = (
        np.full((SIZE[1], SIZE[0], 3), 150, np.float32) + (6 * _clouds(random, 200) + 3 * _clouds(random, 8))[..., None]
    )
    skin = np.zeros((SIZE[1], SIZE[0]), np.float32)
    cv2.ellipse(skin, (640, 825), (430, 700), float(random.integers(-15, 15)), 0, 360, 1, -1)
    skin = cv2.GaussianBlur(skin, (0, 0), 6)
    tone = np.array((208, 160, 135), np.float32) + (12 * _clouds(random, 120) + 5 * _clouds(random, 5))[..., None]
    picture = picture * (1 - skin[..., None]) + tone * skin[..., None]
    for _ in range(9):
        x, y, wide = (int(v) for v in random.integers((480, 600, 20), (800, 1000, 130)))
        cv2.ellipse(picture, (x, y), (wide, wide // 2), float(random.integers(0, 180)), 0, 360, (130, 35, 35), -1)
    for _ in range(60):  # hair
        x, y = (int(v) for v in random.integers((300, 250), (950, 1400)))
        cv2.ellipse(picture, (x, y), (40, 12), float(random.integers(0, 180)), 0, 150, (70, 50, 40), 1, cv2.LINE_AA)
    picture = cv2.GaussianBlur(picture, (0, 0), 1.2)
    cv2.rectangle(picture, (900, 600), (960, 1100), (235, 235, 230), -1)
    for i in range(50):
        cv2.line(picture, (900, 605 + 10 * i), (925 if i % 5 == 0 else 912, 605 + 10 * i), (20, 20, 20), 1)
    return _levels(picture + random.normal(0, 5, picture.shape))


def face(seed: int) -> Image:
    """A head before a wall, in grey levels, as a copier makes it of a photograph."""
    random = np.random.default_rng(seed)
    picture = 120 + 25 * _clouds(random, 300)
    cv2.ellipse(picture, (637, 800), (310, 430), 0, 0, 360, 185, -1)
    cv2.ellipse(picture, (637, 500), (330, 220), 0, 180, 360, 50, -1)
    for x in (520, 755):
        cv2.ellipse(picture, (x, 740), (60, 26), 0, 0, 360, 70, -1)
        cv2.ellipse(picture, (x, 670), (75, 16), 0, 180, 360, 60, -1)
    cv2.ellipse(picture, (637, 1020), (110, 30), 0, 0, 360, 95, -1)
    cv2.ellipse(picture, (637, 880), (45, 70), 0, 20, 160, 120, 8)
    picture = cv2.GaussianBlur(picture, (0, 0), 9) + 6 * _clouds(random, 7)
    return _levels(picture + random.normal(0, 7, picture.shape))


def photograph_on_page(seed: int) -> Image:
    """A photograph of a third of a page on white paper, without a word."""
    random = np.random.default_rng(seed)
    page = np.dstack([paper(random)] * 3)
    picture = cv2.resize(texture(seed), (800, 640), interpolation=cv2.INTER_AREA)
    page[300:940, 240:1040] = picture
    return np.ascontiguousarray(page)


# ---- films and tracings


def ultrasound(seed: int, lines: tuple[str, ...] = ("RIVERA ANA 00123456", "LAKESIDE OB  FEMUR 3.21 cm")) -> Image:
    """A fan of speckle on black with lines burnt in."""
    random = np.random.default_rng(seed)
    width, height = SIZE
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
    across, down = xs - width / 2, ys - 200
    radius, angle = np.hypot(across, down), np.arctan2(across, down)
    fan = (np.abs(angle) < 0.75) & (radius > 150) & (radius < 1150)
    speckle = cv2.GaussianBlur(random.rayleigh(1.0, (height, width)).astype(np.float32), (0, 0), 1.6)
    level = 70 + 45 * _clouds(random, 160) + 30 * (speckle - speckle.mean()) / speckle.std()
    cv2.ellipse(level, (int(random.integers(500, 750)), 800), (170, 110), 20, 0, 360, 15.0, -1)
    film = np.where(fan, np.maximum(level, 8), 10).astype(np.float32)
    picture = _levels(film + random.normal(0, 2, film.shape))
    for i, line in enumerate(lines):
        write(picture, line, (60, 60 + 44 * i), 0.9, (225,))
    for i in range(12):  # a scale of depth
        cv2.line(picture, (1220, 250 + 90 * i), (1240, 250 + 90 * i), 200, 2)
    return picture


def ecg(
    seed: int, lines: tuple[str, ...] = ("RIVERA ANA  MRN 00123456", "25 mm/s  10 mm/mV  72 bpm"), tilt: float = 0.0
) -> Image:
    """Black traces on a pink grid with a header; the sheet lies on its long side."""
    random = np.random.default_rng(seed)
    height, width = SIZE
    page = np.full((width, height, 3), (252, 244, 242), np.uint8)
    height, width = page.shape[:2]
    for step, colour in ((6, (250, 222, 220)), (30, (238, 160, 160))):
        page[200::step] = colour
        page[200:, ::step] = colour
    leads = (("I", "aVR", "V1", "V4"), ("II", "aVL", "V2", "V5"), ("III", "aVF", "V3", "V6"))
    for row in range(4):
        base = 380 + 240 * row
        xs = np.arange(width)
        beat = (xs + int(random.integers(0, 90))) % 150
        ys = -70 * np.exp(-(((beat - 60) / 4.0) ** 2)) + 20 * np.exp(-(((beat - 70) / 4.0) ** 2))
        ys += -12 * np.exp(-(((beat - 30) / 9.0) ** 2)) - 18 * np.exp(-(((beat - 110) / 14.0) ** 2))
        ys = base + ys * random.uniform(0.6, 1.3) + random.normal(0, 0.8, width)
        cv2.polylines(page, [np.column_stack((xs, ys)).astype(np.int32)], False, (25, 25, 25), 2, cv2.LINE_AA)
        for column, name in enumerate(leads[row] if row < 3 else ("II",)):
            write(page, name, (30 + column * width // 4, base - 90), 0.6)
    for i, line in enumerate(lines):
        write(page, line, (60, 60 + 50 * i), 0.9)
    if tilt:
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), tilt, 1.0)
        page = cv2.warpAffine(page, turn, (width, height), borderValue=(252, 244, 242))
    return _levels(page + random.normal(0, 3, page.shape))


def xray(seed: int, lines: tuple[str, ...] = ("L", "RIVERA ANA 00123456")) -> Image:
    """A film of bones, light on dark, with a lead marker and a name strip."""
    random = np.random.default_rng(seed)
    film = 30 + 10 * _clouds(random, 300)
    for x in (450, 560, 700, 820):
        top, bottom = int(random.integers(150, 500)), int(random.integers(1000, 1500))
        cv2.line(film, (x, top), (x + int(random.integers(-60, 60)), bottom), 165, int(random.integers(40, 80)))
        cv2.circle(film, (x, top), 60, 180, -1)
        cv2.circle(film, (x, bottom), 60, 175, -1)
    film = cv2.GaussianBlur(film, (0, 0), 14) + 5 * _clouds(random, 10)
    picture = _levels(film + random.normal(0, 4, film.shape))
    write(picture, lines[0], (1080, 300), 3.0, (245,))
    for i, line in enumerate(lines[1:]):
        write(picture, line, (60, 1560 + 40 * i), 0.9, (240,))
    return picture


# ---- a few words

FEW = (
    ("CONSENT",),
    ("PAGE 2", "OF 3"),
    ("This page intentionally left blank",),
    ("Fax cover: 3 pages to follow", "Attn: Medical Records"),
    ("RIVERA, ANA", "MRN 00123456", "DOB 03/14/1957"),
    ("FRAGILE",),
    ("Advance directive on file",),
    ("Lab results",),
)


def few_words(seed: int, lines: tuple[str, ...]) -> Image:
    """A page of one to ten words on grainy paper, somewhere in its upper half."""
    random = np.random.default_rng(seed)
    page = paper(random)
    scale = float(random.choice((0.8, 1.0, 1.5)))
    x, y = int(random.integers(100, 450)), int(random.integers(200, 700))
    for i, line in enumerate(lines):
        write(page, line, (x, y + round(60 * scale) * i), scale, (INK,))
    return page


# ---- empty sides


def bleed_through(seed: int) -> Image:
    """The back of a printed sheet: its letters, mirrored and pale."""
    random = np.random.default_rng(seed)
    front = np.full((SIZE[1], SIZE[0]), 255, np.uint8)
    for i in range(24):
        write(front, "The patient is resting comfortably and has no pain.", (110, 180 + 52 * i), 0.8, (0,))
    behind = cv2.GaussianBlur(np.fliplr(front), (0, 0), 2.2).astype(np.float32)
    depth = float(random.uniform(10, 26))
    return _levels(paper(random).astype(np.float32) - depth * (1 - behind / 255))


def worn(seed: int) -> Image:
    """An empty side with punch holes, a staple, specks, a crease, grain and a coffee ring."""
    random = np.random.default_rng(seed)
    page = paper(random, grain=float(random.uniform(4, 9))).astype(np.float32)
    for y in (330, 825, 1320):
        cv2.circle(page, (45, y), 21, 25, -1)
    cv2.line(page, (70, 60), (140, 35), 70, 4)
    x, y = (int(v) for v in random.integers((400, 400), (900, 1200)))
    ring = np.zeros_like(page)
    cv2.circle(ring, (x, y), 150, 55, 9)
    page -= cv2.GaussianBlur(ring, (0, 0), 3)
    for _ in range(40):
        at = (int(random.integers(0, SIZE[0])), int(random.integers(0, SIZE[1])))
        cv2.circle(page, at, int(random.integers(1, 3)), float(random.integers(60, 200)), -1)
    cv2.line(page, (0, int(random.integers(700, 900))), (SIZE[0], int(random.integers(700, 900))), 215, 2)
    return _levels(page)


def lined(seed: int) -> Image:
    """Empty ruled paper with a margin line."""
    random = np.random.default_rng(seed)
    page = np.dstack([paper(random)] * 3)
    for y in range(150, SIZE[1], 42):
        page[y : y + 2] = (120, 150, 200)
    page[:, 170:172] = (210, 110, 110)
    return page


def graph(seed: int) -> Image:
    """Empty graph paper."""
    random = np.random.default_rng(seed)
    page = np.dstack([paper(random)] * 3)
    page[::15] = page[:, ::15] = (190, 215, 190)
    page[::75] = page[:, ::75] = (120, 170, 120)
    return page


def grid_form(seed: int) -> Image:
    """A table without a word in it."""
    random = np.random.default_rng(seed)
    page = paper(random)
    for y in range(200, 1500, 65):
        cv2.line(page, (90, y), (1185, y), 40, 2)
    for x in (90, 300, 620, 860, 1185):
        cv2.line(page, (x, 200), (x, 200 + 65 * 19), 40, 2)
    return page


def turned(page: Image, degrees: int) -> Image:
    """The page as it lies when it must be turned clockwise by so many degrees to be upright."""
    return np.ascontiguousarray(np.rot90(page, degrees // 90))
