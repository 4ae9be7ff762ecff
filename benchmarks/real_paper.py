"""Reading measured on real paper: what is read, how sure it says it is, and whether labels and values come through.

    ./dev bench real                   every page (an hour)
    ./dev bench real --pages 2         two pages of each tier
    python -m benchmarks.real_paper    the table of docs/reading.md, from what was kept of it

The pages lie in ../shared/data and are measured on, never kept; benchmarks/read_by_eye.json holds hashes of what stands
on the medical ones. Readers: plain Tesseract, Chartroom with the second recogniser off and auto (reading all of a page by
both gives the same on pages under 150 dpi), and the second recogniser alone. All of them get the same picture.
"""

import csv
import io
import json
import os
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from multiprocessing import Pool
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from PIL import Image as Pillow

from benchmarks.figures import calibration, plot_reliability
from benchmarks.processes import DOUBLED_UNDER
from benchmarks.read_by_eye import (
    PageTruth,
    PairTruth,
    Split,
    load_truth,
    plain_tokens,
    right_words,
    tokens_of,
    whole_words,
)
from ocr import rapid
from ocr.imaging import Image, cv2, to_grey
from ocr.load import load_page, open_file
from ocr.page import Box, Second, Word, around
from ocr.read import PageOrder, read_page
from ocr.signature import Kind
from ocr.tesseract import SPARSE, open_engine

DATA = Path(__file__).parent.parent.parent / "shared" / "data"
PLOT = Path(__file__).parent.parent / "docs" / "agreement.svg"

Item = TypeVar("Item")

SURE = 0.95
"""Confidence from which nobody looks at a word again."""

REDUCED = (150, 100, 75)
"""Resolutions that sharp pages are reduced to."""

_PROCESSES = 2
"""Each with one thread."""


# ---- pages


@dataclass(frozen=True, slots=True)
class Job:
    """A page of a tier: where it lies in the data, and to which resolution it is reduced (0: as it is)."""

    tier: str
    name: str
    dpi: int = 0


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as every reader gets it: pixels, resolution, PNG of the same, and by how much it was reduced."""

    pixels: Image
    dpi: int
    png: bytes
    factor: float = 1.0


def jobs(pages: int | None) -> list[Job]:
    """The pages of every tier that is here; `pages` of each, spread over the tier."""
    tiers: dict[str, list[Job]] = {}
    for folder, names in (("real-forms", real_forms()), ("medical", medical()), ("ocr-gt", ocr_gt())):
        if not names:
            sys.stderr.write(f"{folder} is not here: left out.\n")
            continue
        if folder != "ocr-gt":
            tiers[folder] = [Job(folder, name) for name in names]
        if folder != "real-forms":
            for dpi in REDUCED:
                tier = f"{folder} {dpi} dpi"
                tiers[tier] = [Job(tier, name, dpi) for name in names]
    return [job for tier in tiers.values() for job in spread(tier, pages)]


def spread(items: Sequence[Item], count: int | None) -> list[Item]:
    """So many of them from all over; all when there are fewer."""
    if count is None or count >= len(items):
        return list(items)
    return [items[number * len(items) // count] for number in range(count)]


def real_forms() -> list[str]:
    """Names of the forms of 100 dpi."""
    return [f"real-forms/{name}" for name in _form_truth()]


def medical() -> list[str]:
    """Names of the medical pages that were read by eye."""
    return [name for name in load_truth() if (DATA / name.split("#")[0]).exists()]


def ocr_gt() -> list[str]:
    """Names of scans with typed truth."""
    folder = DATA / "ocr-gt"
    names = [f"ocr-gt/{file.name}" for file in sorted(folder.glob("*.tif"))] if folder.exists() else []
    return [*names, _PHOTOTEST] if names and (DATA / _PHOTOTEST).exists() else names


_PHOTOTEST = "orientation/phototest.tif"


def truth_of(name: str) -> PageTruth:
    """What stands on a page."""
    if name.startswith("real-forms/"):
        return _form_page(_form_truth()[name.split("/")[1]])
    if name.startswith(("ocr-gt/", "orientation/")):
        file = DATA / ("ocr-gt/phototest.gold.txt" if name == _PHOTOTEST else name.replace(".tif", ".txt"))
        return PageTruth(tokens_of(file.read_text(encoding="utf-8", errors="replace").splitlines()))
    return _read_by_eye()[name]


_read_by_eye = cache(load_truth)


@cache
def _form_truth() -> dict[str, Any]:
    file = DATA / "real-forms" / "truth.json"
    truth: dict[str, Any] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    return truth


def _form_page(form: dict[str, Any]) -> PageTruth:
    words = [(token, Box(*box)) for text, box in form["words"] for token in whole_words(text)]
    pairs = []
    for label, value in form["pairs"]:
        one, other = whole_words(label), whole_words(value)
        pairs.append(PairTruth(one, other, False, places_of(one, words), places_of(other, words)))
    return PageTruth(tokens_of([text for text, _ in form["words"]]), pairs=tuple(pairs))


def places_of(tokens: Sequence[str], words: Sequence[tuple[str, Box]]) -> tuple[Box, ...]:
    """Where these tokens follow each other in the truth, as boxes around them; none when they do nowhere."""
    length = len(tokens)
    starts = [n for n in range(len(words) - length + 1) if [w for w, _ in words[n : n + length]] == list(tokens)]
    return tuple(around(box for _, box in words[n : n + length]) for n in starts if length)


def picture_of(job: Job) -> Picture | None:
    """The page's picture; None when it has no more pixels than it would be reduced to."""
    file, _, number = job.name.partition("#")
    data = (DATA / file).read_bytes()
    kind = open_file(data).kind
    raw = load_page(data, kind, int(number or 1))
    page = truth_of(job.name)
    known = round(raw.dpi[0]) if kind is Kind.PDF else page.dpi or round(raw.dpi[0])
    dpi = known or round(min(raw.image.shape[:2]) / _LETTER_WIDTH)
    if not job.dpi:
        return Picture(to_grey(raw.image), dpi, _png(raw.image, round(raw.dpi[0])))
    if dpi <= _HARDLY_LESS * job.dpi:
        return None
    factor = job.dpi / dpi
    small = cv2.resize(raw.image, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    return Picture(to_grey(small), job.dpi, _png(small, job.dpi), factor)


_LETTER_WIDTH = 8.5
"""Inches; a page of unknown resolution is a letter page."""

_HARDLY_LESS = 1.05


def _png(image: Image, dpi: int) -> bytes:
    """PNG that says its resolution where the file did."""
    out = io.BytesIO()
    pixels = image if image.ndim == 2 else np.ascontiguousarray(image[:, :, ::-1])
    Pillow.fromarray(pixels).save(out, "PNG", **({"dpi": (dpi, dpi)} if dpi else {}))
    return out.getvalue()


# ---- readers


def _plain_tesseract(picture: Picture) -> list[Word]:
    factor = 2 if picture.dpi < DOUBLED_UNDER else 1
    image = cv2.resize(picture.pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)
    words = open_engine().read(image, factor * picture.dpi, SPARSE)
    return [replace(word, box=Box(*(edge // factor for edge in word.box))) for word in words]


def _chartroom(second: Second) -> Callable[[Picture], list[Word]]:
    order = PageOrder(view=False, pdf=False, second=second)

    def read(picture: Picture) -> list[Word]:
        page = read_page(picture.png, Kind.PNG, 1, order).page
        return [replace(word, box=in_file(word.box, page.to_original)) for word in page.words]

    return read


def in_file(box: Box, to_original: Sequence[float]) -> Box:
    """A box of the cleaned page in pixels of the file."""
    a, b, c, d, e, f = to_original
    corners = [(x, y) for x in (box.left, box.right) for y in (box.top, box.bottom)]
    across, down = [a * x + b * y + c for x, y in corners], [d * x + e * y + f for x, y in corners]
    return Box(round(min(across)), round(min(down)), round(max(across)), round(max(down)))


def _second_alone(picture: Picture) -> list[Word]:
    boxes = rapid.find_lines(picture.pixels)
    crops = [picture.pixels[box.top : box.bottom, box.left : box.right] for box in boxes]
    return [
        Word(
            piece.text,
            Box(
                round(box.left + piece.start * box.width), box.top, round(box.left + piece.end * box.width), box.bottom
            ),
            piece.score,
            number,
        )
        for number, (box, pieces) in enumerate(zip(boxes, rapid.read_lines(crops), strict=True))
        for piece in pieces
    ]


READERS: dict[str, Callable[[Picture], list[Word]]] = {
    "plain Tesseract": _plain_tesseract,
    "Chartroom, second off": _chartroom(Second.OFF),
    "Chartroom, second auto": _chartroom(Second.AUTO),
    "second alone": _second_alone,
}
_WITH_SECOND = frozenset({"Chartroom, second auto", "second alone"})


def readers() -> list[str]:
    """Those that work on this machine."""
    if rapid.is_installed():
        return list(READERS)
    sys.stderr.write("The second recogniser is not installed: readers with it left out.\n")
    return [name for name in READERS if name not in _WITH_SECOND]


# ---- scores


@dataclass(frozen=True, slots=True)
class Match:
    """Tokens printed and found of them, read and right of them, written by hand and found of them."""

    printed: int = 0
    found: int = 0
    read: int = 0
    right: int = 0
    written: int = 0
    written_found: int = 0

    def __add__(self, other: "Match") -> "Match":
        return Match(
            self.printed + other.printed,
            self.found + other.found,
            self.read + other.read,
            self.right + other.right,
            self.written + other.written,
            self.written_found + other.written_found,
        )


@dataclass(frozen=True, slots=True)
class Score:
    """One reader on one page, or added up over many. `judged`: confidence of each word, whether all its tokens are
    right, and whether it is as a whole word. Pairs in print and in handwriting, and how many of them stand."""

    pages: int = 0
    words: Match = field(default_factory=Match)
    plain: Match = field(default_factory=Match)
    judged: tuple[tuple[float, bool, bool], ...] = ()
    pairs: int = 0
    pairs_found: int = 0
    written_pairs: int = 0
    written_pairs_found: int = 0
    seconds: float = 0.0

    def __add__(self, other: "Score") -> "Score":
        return Score(
            self.pages + other.pages,
            self.words + other.words,
            self.plain + other.plain,
            self.judged + other.judged,
            self.pairs + other.pairs,
            self.pairs_found + other.pairs_found,
            self.written_pairs + other.written_pairs,
            self.written_pairs_found + other.written_pairs_found,
            self.seconds + other.seconds,
        )

    def row(self) -> dict[str, Any]:
        """The figures as they are kept; what cannot be said is empty."""
        said, right, strict = [list(column) for column in zip(*self.judged, strict=True)] or ([], [], [])
        sure = [number for number, confidence in enumerate(said) if confidence >= SURE]
        return {
            "pages": self.pages,
            "words": self.words.printed,
            "recall": _share(self.words.found, self.words.printed),
            "precision": _share(self.words.right, self.words.read),
            "plain_recall": _share(self.plain.found, self.plain.printed),
            "plain_precision": _share(self.plain.right, self.plain.read),
            "written_recall": _share(self.words.written_found, self.words.written),
            "sure_share": _share(len(sure), len(said)),
            "sure_wrong": _share(sum(not right[number] for number in sure), len(sure)),
            "sure_wrong_strict": _share(sum(not strict[number] for number in sure), len(sure)),
            "calibration_error": round(calibration(said, right, 20)[0], 4) if said else "",
            "pairs": self.pairs,
            "pairs_found": _share(self.pairs_found, self.pairs),
            "written_pairs": self.written_pairs,
            "written_pairs_found": _share(self.written_pairs_found, self.written_pairs),
            "cpu_seconds_per_page": round(self.seconds / max(1, self.pages), 2),
        }


def _share(part: int, whole: int) -> float | str:
    return round(part / whole, 4) if whole else ""


def score(words: Sequence[Word], truth: PageTruth, seconds: float = 0.0) -> Score:
    """How a reading of a page compares with what stands on it."""
    held = {
        is_written: [stands(pair, words) for pair in truth.pairs if pair.is_written is is_written]
        for is_written in (False, True)
    }
    return Score(
        1,
        match(words, truth.printed.words, truth.written.words, whole_words),
        match(words, truth.printed.plain, truth.written.plain, plain_tokens),
        judge(words, truth),
        len(held[False]), sum(held[False]), len(held[True]), sum(held[True]),
        seconds,
    )  # fmt: skip


def match(words: Sequence[Word], printed: Counter[str], written: Counter[str], split: Split) -> Match:
    """Multiset match (real-forms/README.md): recall is of print; what was read of handwriting is right as well."""
    read = Counter(token for word in words for token in split(word.text))
    return Match(
        printed.total(),
        (read & printed).total(),
        read.total(),
        (read & (printed + written)).total(),
        written.total(),
        ((read - printed) & written).total(),
    )


def judge(words: Sequence[Word], truth: PageTruth) -> tuple[tuple[float, bool, bool], ...]:
    """Confidence, whether all plain tokens are right, and whether all whole words are, for each word that has any."""
    texts, said = [word.text for word in words], [word.confidence for word in words]
    right = right_words(texts, said, truth.all.plain, plain_tokens)
    strict = right_words(texts, said, truth.all.words, whole_words)
    return tuple((c, bool(r), bool(s)) for c, r, s in zip(said, right, strict, strict=True) if r is not None)


def stands(pair: PairTruth, words: Sequence[Word]) -> bool:
    """Whether label and value are read verbatim, at their place where the truth knows it, else anywhere on the page."""
    return _is_read(pair.label, pair.label_places, words) and _is_read(pair.value, pair.value_places, words)


def _is_read(tokens: Sequence[str], places: Sequence[Box], words: Sequence[Word]) -> bool:
    wanted = Counter(tokens)
    near = [[word for word in words if _lies_at(word.box, place)] for place in places] or [list(words)]
    return any(wanted <= Counter(token for word in some for token in whole_words(word.text)) for some in near)


def _lies_at(box: Box, place: Box) -> bool:
    """Whether boxes share a height and a width; the truth's boxes are drawn by hand, and readers split words otherwise."""
    across = min(box.right, place.right) - max(box.left, place.left)
    return across > 0 and place.top <= (box.top + box.bottom) / 2 <= place.bottom


# ---- measuring


def measure(pages: int | None) -> list[dict[str, Any]]:
    """A row for every tier and reader."""
    os.environ["OMP_THREAD_LIMIT"] = "1"
    todo = jobs(pages)
    if not todo:
        return []
    names = readers()
    sums: dict[tuple[str, str], Score] = defaultdict(Score)
    with Pool(_PROCESSES, _warm_up, (names,)) as pool:
        for number, (tier, scores) in enumerate(pool.imap_unordered(_scores_of, [(job, names) for job in todo]), 1):
            for name, one in scores.items():
                sums[tier, name] += one
            sys.stderr.write(f"\r{number} of {len(todo)} pages")
    sys.stderr.write("\n")
    if pages is None:
        _plot(sums)
    tiers = dict.fromkeys(job.tier for job in todo)
    return [
        {"tier": tier, "reader": name, **sums[tier, name].row()}
        for tier in tiers
        for name in names
        if (tier, name) in sums
    ]


_PLOTTED = ("real-forms", "medical")


def _plot(sums: Mapping[tuple[str, str], Score]) -> None:
    """The reliability of words on both real tiers, with and without the second recogniser."""
    results = {}
    for tier in _PLOTTED:
        for name, says in (
            ("Chartroom, second auto", "both recognisers"),
            ("Chartroom, second off", "the first alone"),
        ):
            if judged := sums[tier, name].judged:
                results[f"{tier}, {says}"] = [word[0] for word in judged], [word[1] for word in judged]
    plot_reliability(PLOT, results, "a word on real paper")


def _warm_up(names: Sequence[str]) -> None:
    """Models are loaded before anything is timed."""
    paper = np.full((600, 400), 255, np.uint8)
    cv2.putText(paper, "Ready", (60, 300), cv2.FONT_HERSHEY_SIMPLEX, 2.0, 0, 3)
    for name in names:
        READERS[name](Picture(paper, 100, _png(paper, 100)))


def _scores_of(asked: tuple[Job, Sequence[str]]) -> tuple[str, dict[str, Score]]:
    job, names = asked
    picture = picture_of(job)
    if picture is None:
        return job.tier, {}
    truth = truth_of(job.name)
    zones = [_scaled(zone, picture.factor) for zone in _zones(job.name)]
    scores = {}
    for name in names:
        started = time.process_time()
        words = READERS[name](picture)
        seconds = time.process_time() - started
        scores[name] = score([word for word in words if not zones or in_zones(word.box, zones)], truth, seconds)
    return job.tier, scores


def _zones(name: str) -> Iterator[Box]:
    """The parts of a page that its truth holds, where that is not all of it: left, top, width, height, kind."""
    file = (DATA / name.partition("#")[0]).with_suffix(".uzn")
    for line in file.read_text(encoding="utf-8").splitlines() if file.exists() else ():
        left, top, width, height = map(int, line.split()[:4])
        yield Box(left, top, left + width, top + height)


def _scaled(box: Box, factor: float) -> Box:
    return Box(*(round(edge * factor) for edge in box))


def in_zones(box: Box, zones: Sequence[Box]) -> bool:
    """Whether the middle of a box lies in one of the zones."""
    x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    return any(zone.left <= x <= zone.right and zone.top <= y <= zone.bottom for zone in zones)


# ---- the table of the docs

_COLUMNS = {
    "tier": "tier", "pages": "pages", "reader": "reader", "recall": "recall", "precision": "precision",
    "sure_share": "sure", "sure_wrong": "sure wrong", "sure_wrong_strict": "strict", "calibration_error": "calibration error",
    "pairs_found": "pairs", "cpu_seconds_per_page": "CPU seconds",
}  # fmt: skip


def table(rows: Iterable[dict[str, str]]) -> str:
    """Kept rows as a table in Markdown."""
    lines = [list(_COLUMNS.values()), ["---"] * len(_COLUMNS), *([row[name] for name in _COLUMNS] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    with (Path(__file__).parent / "results" / "reading-real-paper.csv").open(encoding="utf-8") as kept:
        print(table(csv.DictReader(kept)))
