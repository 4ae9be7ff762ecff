"""Orientation and skew as labelled, pages counted twice: on the drawn scans always, on the real ones where they are at hand."""

import csv
from pathlib import Path

import pytest

from ocr.clean import geometry
from ocr.errors import OcrError
from ocr.load import load_page, open_file
from ocr.read import WORDS_ONLY, read_page
from tests.conftest import DRAWN_DATA, SHARED_DATA

Label = tuple[str, float]


def _labels(table: Path) -> list[Label]:
    if not table.exists():
        return []
    with table.open() as file:
        return [(row["file"], float(row["angle_deg"])) for row in csv.DictReader(file)]


DRAWN_LABELS = _labels(DRAWN_DATA / "turned" / "labels.csv")
LABELS = _labels(SHARED_DATA / "deskew" / "labels.csv")
TILTED = [label for label in LABELS if "hough" in label[0]] or [("not here", 0.0)]
TURNED = [label for label in LABELS if "orientation" in label[0]] or [("not here", 0.0)]


@pytest.mark.parametrize(("name", "angle"), TILTED)
def test_a_page_turned_by_any_angle_is_put_upright_to_a_fifth_of_a_degree(
    shared_data: Path, name: str, angle: float
) -> None:
    _assert_put_upright(shared_data / name, angle)


@pytest.mark.parametrize(("name", "angle"), DRAWN_LABELS)
def test_a_drawn_page_turned_by_any_angle_is_put_upright_to_a_fifth_of_a_degree(name: str, angle: float) -> None:
    _assert_put_upright(DRAWN_DATA / name, angle)


def _assert_put_upright(path: Path, angle: float) -> None:
    data = path.read_bytes()
    raw = load_page(data, open_file(data).kind, 1)
    pose = geometry.estimate_pose(geometry.place(raw.image, raw.dpi))
    off = (pose.skew.degrees - pose.turn.degrees - angle + 180) % 360 - 180
    assert abs(off) <= 0.2
    assert pose.turn.is_sure


@pytest.mark.parametrize(("name", "angle"), TURNED)
def test_the_labelled_pages_are_turned_upright(shared_data: Path, name: str, angle: float) -> None:
    """One of them is in a script that the letter network does not know: then Tesseract is asked."""
    _assert_turned(shared_data / name, angle)


@pytest.mark.parametrize(("name", "angle"), [label for label in DRAWN_LABELS if "turned-" in label[0]])
def test_a_drawn_page_is_turned_upright(name: str, angle: float) -> None:
    _assert_turned(DRAWN_DATA / name, angle)


def _assert_turned(path: Path, angle: float) -> None:
    data = path.read_bytes()
    page = read_page(data, open_file(data).kind, 1, WORDS_ONLY).page
    assert page.rotation == (360 - angle) % 360


def test_two_counters_agree_on_the_pages_of_every_sound_file(shared_data: Path) -> None:
    """Hostile files may be refused or flagged; every other PDF and TIFF must be counted alike twice."""
    files = _counted_files(shared_data)
    sound = [name for name in _doubtful(files, shared_data) if not name.startswith("hostile/")]
    assert len(files) > 50
    assert sound == ["medical-forms/aws-textractor/invalid.pdf"]  # which is just that


def test_two_counters_agree_on_the_pages_of_every_drawn_file() -> None:
    files = _counted_files(DRAWN_DATA)
    assert len(files) == 5
    assert _doubtful(files, DRAWN_DATA) == []


def _counted_files(folder: Path) -> list[Path]:
    return [file for file in folder.rglob("*") if file.suffix.lower() in (".pdf", ".tif", ".tiff")]


def _doubtful(files: list[Path], folder: Path) -> list[str]:
    doubtful = []
    for file in files:
        try:
            flags = open_file(file.read_bytes()).flags
        except OcrError as error:
            flags = (error.code,)
        if {"page_counts_differ", "page_count_unconfirmed", "damaged"} & set(flags):
            doubtful.append(file.relative_to(folder).as_posix())
    return doubtful
