"""Real scans beside the project: orientation and skew as labelled, pages counted twice. Skipped where they are not at hand."""

import csv
from pathlib import Path

import pytest

from ocr.clean import geometry
from ocr.errors import OcrError
from ocr.load import load_page, open_file
from ocr.read import WORDS_ONLY, read_page

DATA = Path(__file__).parents[3] / "shared" / "data"
LABELS = DATA / "deskew" / "labels.csv"

pytestmark = pytest.mark.skipif(not LABELS.exists(), reason="the shared scans are not at hand here")


def _labels() -> list[tuple[str, float]]:
    if not LABELS.exists():
        return []
    with LABELS.open() as file:
        return [(row["file"], float(row["angle_deg"])) for row in csv.DictReader(file)]


@pytest.mark.parametrize(("name", "angle"), [row for row in _labels() if "hough" in row[0]])
def test_a_page_turned_by_any_angle_is_put_upright_to_a_fifth_of_a_degree(name: str, angle: float) -> None:
    data = (DATA / name).read_bytes()
    raw = load_page(data, open_file(data).kind, 1)
    lie = geometry.estimate_pose(geometry.place(raw.image, raw.dpi))
    off = (lie.skew.degrees - lie.turn.degrees - angle + 180) % 360 - 180
    assert abs(off) <= 0.2
    assert lie.turn.is_sure


@pytest.mark.parametrize(("name", "angle"), [row for row in _labels() if "orientation" in row[0]])
def test_the_labelled_pages_are_turned_upright(name: str, angle: float) -> None:
    """One of them is in a script that the letter network does not know: then Tesseract is asked."""
    data = (DATA / name).read_bytes()
    page = read_page(data, open_file(data).kind, 1, WORDS_ONLY).page
    assert page.rotation == (360 - angle) % 360


def test_two_counters_agree_on_the_pages_of_every_sound_file() -> None:
    """Hostile files may be refused or flagged; every other PDF and TIFF must be counted alike twice."""
    files = [file for file in DATA.rglob("*") if file.suffix.lower() in (".pdf", ".tif", ".tiff")]
    doubtful = []
    for file in files:
        try:
            flags = open_file(file.read_bytes()).flags
        except OcrError as error:
            flags = (error.code,)
        if {"page_counts_differ", "page_count_unconfirmed", "damaged"} & set(flags):
            doubtful.append(file.relative_to(DATA).as_posix())
    sound = [name for name in doubtful if not name.startswith("hostile/")]
    assert len(files) > 50
    assert sound == ["medical-forms/aws-textractor/invalid.pdf"]  # which is just that
