"""Handwriting measured: what is read of it, whether it is told from print, and whether any of it is taken for sure.

    ./dev bench handwriting            drawn forms, and real pages where ../shared/data is here (15 minutes)
    ./dev bench handwriting --drawn    the drawn forms only

Ten forms and one with a note (tests/data/handwritten.py); pages of print, where every word said to be handwritten is a
false one; medical pages read by eye. The hands and the faces are those that train_handwriting.py fitted on, the pages are
not; how hands and faces fare that were left out, it prints itself. On real paper nothing of it was fitted.
"""

import argparse
import csv
import io
import os
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import Pool
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image as Pillow

from benchmarks import real_paper
from benchmarks.damage import by_name
from benchmarks.real_paper import SURE, Job, in_file, picture_of, truth_of
from benchmarks.sheets import BASE_FONTS, LAYOUTS, draw_sheet, scanned_png
from classify import normal
from classify.index import index_pages
from classify.profile import Profile
from ocr.imaging import Image
from ocr.page import Box, OcrPage, Second, Word
from ocr.read import PageOrder, read_page
from ocr.signature import Kind
from review_app.model.station import SURE as STATION_SURE
from tests.data.handwritten import PLANS, FilledForm, ValueKind, Written, filled_form
from tests.given.people import SmallRoster

_READERS = (Second.OFF, Second.AUTO)
_PROCESSES = 2

_DAMAGES = ("office", "200 dpi", "faded", "fax fine", "150 dpi", "shadow")
"""Scans of printed pages, one for each layout in turn."""

_HAND_AND_PRINT = "medical with handwriting"


@dataclass(frozen=True, slots=True)
class Score:
    """What came of one page or many: `exact` and `asked` values by kind; handwritten words read and flagged; words in their
    places that are wrong and sure; printed words and those flagged; words made of a note; CPU seconds; index fields that were
    found on what was written, those right, those that the desk would not stop at, and of these the wrong ones."""

    pages: int = 0
    asked: tuple[int, ...] = (0,) * len(ValueKind)
    exact: tuple[int, ...] = (0,) * len(ValueKind)
    written: int = 0
    flagged: int = 0
    surest: float = 0.0
    wrong_sure: int = 0
    capped: int = 0
    capped_right: int = 0
    printed: int = 0
    printed_flagged: int = 0
    note: int = 0
    seconds: float = 0.0
    fields: int = 0
    fields_right: int = 0
    fields_sure: int = 0
    fields_wrong_sure: int = 0

    def __add__(self, other: "Score") -> "Score":
        return Score(
            self.pages + other.pages,
            tuple(map(sum, zip(self.asked, other.asked, strict=True))),
            tuple(map(sum, zip(self.exact, other.exact, strict=True))),
            self.written + other.written,
            self.flagged + other.flagged,
            max(self.surest, other.surest),
            self.wrong_sure + other.wrong_sure,
            self.capped + other.capped,
            self.capped_right + other.capped_right,
            self.printed + other.printed,
            self.printed_flagged + other.printed_flagged,
            self.note + other.note,
            self.seconds + other.seconds,
            self.fields + other.fields,
            self.fields_right + other.fields_right,
            self.fields_sure + other.fields_sure,
            self.fields_wrong_sure + other.fields_wrong_sure,
        )

    def row(self) -> dict[str, Any]:
        """The figures as they are kept; what cannot be said is empty."""
        kinds = {
            f"{kind}_exact": _share(right, asked)
            for kind, right, asked in zip(ValueKind, self.exact, self.asked, strict=True)
        }
        return {
            "pages": self.pages,
            "values": sum(self.asked),
            "exact": _share(sum(self.exact), sum(self.asked)),
            **kinds,
            "written_words": self.written,
            "flagged": _share(self.flagged, self.written),
            "wrong_sure": self.wrong_sure,
            "surest_flagged": round(self.surest, 3),
            "flagged_at_most": self.capped,
            "right_of_these": _share(self.capped_right, self.capped),
            "printed_words": self.printed,
            "printed_flagged": self.printed_flagged,
            "note_words": self.note,
            "fields": self.fields,
            "fields_right": self.fields_right,
            "fields_sure": self.fields_sure,
            "fields_wrong_sure": self.fields_wrong_sure,
            "cpu_seconds_per_page": round(self.seconds / max(1, self.pages), 2),
        }


def _share(part: int, whole: int) -> float | str:
    return round(part / whole, 4) if whole else ""


def read_timed(png: bytes, second: Second) -> tuple[OcrPage, float]:
    """The page, and CPU seconds that reading it took."""
    started = time.process_time()
    page = read_page(png, Kind.PNG, 1, PageOrder(view=False, pdf=False, second=second)).page
    return page, time.process_time() - started


def score_form(form: FilledForm, page: OcrPage, seconds: float = 0.0) -> Score:
    """How a reading of a drawn form compares with what was written and printed on it."""
    words = [(word, in_file(word.box, page.to_original)) for word in page.words]
    asked, exact = [0] * len(ValueKind), [0] * len(ValueKind)
    written: list[tuple[Word, bool]] = []
    for value in form.values:
        kind = list(ValueKind).index(value.kind)
        own = [word for word, box in words if _lies_on(box, value.box)]
        asked[kind] += 1
        exact[kind] += is_exact(own, value)
        truth = {_bare(word.text) for word in value.words} | {_bare(value.text)}
        is_comb = len(value.words) == 1 and value.kind in (ValueKind.DATE, ValueKind.NUMBER)
        written += [(word, _bare(word.text) in truth or (is_comb and _bare(word.text) in value.text)) for word in own]
    note = [word for word, box in words if any(_lies_on(box, place.box) for place in form.note)]
    places = [value.box for value in form.values] + [word.box for word in form.note]
    print_ = [word for word, box in words if not any(box.share_of(place) > 0 for place in places)]
    flagged = [word for word, _ in written if word.is_handwritten]
    most = max((word.confidence for word in flagged), default=0.0)
    capped = [right for word, right in written if word.is_handwritten and word.confidence == most]
    return Score(
        1, tuple(asked), tuple(exact), len(written), len(flagged), most,
        sum(word.confidence >= SURE and not right for word, right in written)
        + sum(word.confidence >= SURE for word in note),
        len(capped), sum(capped), len(print_), sum(word.is_handwritten for word in print_), len(note), seconds,
        *_score_fields(form, page),
    )  # fmt: skip


def _score_fields(form: FilledForm, page: OcrPage) -> tuple[int, int, int, int]:
    """Index fields on what was written: found, right, sure, wrong and sure."""
    judged = []
    for found in index_pages([page], SmallRoster(()), Profile()).fields:
        if found.box is None or found.source == "ink":  # a signature is there or is not
            continue
        place = in_file(found.box, page.to_original)
        value = max(form.values, key=lambda v: place.share_of(v.box))
        if place.share_of(value.box) > 0:
            right = _says(found.value, value) or _letters(found.raw) == _letters(value.text)
            judged.append((right, found.confidence >= STATION_SURE and found.is_valid))
    return (
        len(judged), sum(right for right, _ in judged), sum(sure for _, sure in judged),
        sum(sure and not right for right, sure in judged),
    )  # fmt: skip


def _says(said: str, value: Written) -> bool:
    """Whether an index field says what was written, in the form in which such a field is kept."""
    if value.kind is ValueKind.DATE:
        return said == (day.isoformat() if (day := normal.parse_date(value.text)) else value.text)
    if value.kind is ValueKind.NAME:
        return sorted(_letters(said)) == sorted(_letters(value.text))  # as on the list: surname first
    return _letters(said) in (_letters(value.text), _letters(value.text).removeprefix("1"))


def _letters(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


def is_exact(words: Sequence[Word], value: Written) -> bool:
    """Whether a value was read to the letter; in dates and numbers, gaps do not count."""
    said, true = " ".join(word.text for word in words), value.text
    if value.kind in (ValueKind.NAME, ValueKind.TEXT):
        return said == true
    return said.replace(" ", "") == true.replace(" ", "")


def _bare(text: str) -> str:
    return "".join(c for c in text if not c.isspace())


def _lies_on(box: Box, place: Box) -> bool:
    """Whether the middle of a word lies on a value's place."""
    x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    high = place.height / 4
    return place.left <= x <= place.right and place.top - high <= y <= place.bottom + high


# ---- pages


@dataclass(frozen=True, slots=True)
class Task:
    """A page to read: its tier, and a drawn form by its number, a sheet by layout and face, or a real page by its name."""

    tier: str
    form: int = -1
    layout: str = ""
    face: str = ""
    damage: str = ""
    name: str = ""


RESULT = Path(__file__).parent / "results" / "reading-handwriting.csv"


def main() -> None:
    """Measure, show and keep."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--drawn", action="store_true", help="drawn pages only; the table that is kept stays as it is")
    options = parser.parse_args()
    rows = measure(tasks(is_drawn_only=options.drawn))
    for row in rows:
        print(", ".join(f"{name} {value}" for name, value in row.items() if value != ""))
    if options.drawn:
        return
    with RESULT.open("w", encoding="utf-8", newline="") as kept:
        writer = csv.DictWriter(kept, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def tasks(*, is_drawn_only: bool) -> Iterator[Task]:
    """Every page."""
    for number in range(len(PLANS)):
        yield Task("drawn forms", form=number)
    yield Task("form with a note", form=len(PLANS))
    for number, layout in enumerate(LAYOUTS):
        face, damage = BASE_FONTS[number % len(BASE_FONTS)], _DAMAGES[number % len(_DAMAGES)]
        yield Task("drawn print", layout=layout, face=face, damage=damage)
    if is_drawn_only:
        return
    for name in real_paper.ocr_gt():
        yield Task("scans of print", name=name)
    for name in real_paper.medical():
        tier = _HAND_AND_PRINT if truth_of(name).written.words else "medical print"
        yield Task(tier, name=name)


def measure(todo: Iterable[Task]) -> list[dict[str, Any]]:
    """A row for every tier and reader."""
    os.environ["OMP_THREAD_LIMIT"] = "1"
    todo, sums = list(todo), dict[tuple[str, str], Score]()
    with Pool(_PROCESSES) as pool:
        for number, (task, scores) in enumerate(pool.imap_unordered(_scores_of, todo), 1):
            for second, one in scores.items():
                sums[task.tier, second] = sums.get((task.tier, second), Score()) + one
            sys.stderr.write(f"\r{number} of {len(todo)} pages")
    sys.stderr.write("\n")
    return [
        {"tier": tier, "second": second, **sums[tier, second].row()}
        for tier in dict.fromkeys(task.tier for task in todo)
        for second in _READERS
        if (tier, second) in sums
    ]


def _scores_of(task: Task) -> tuple[Task, dict[str, Score]]:
    if task.form >= 0:
        form = filled_form(task.form)
        png = as_png(form.image, form.dpi)
        return task, {second: score_form(form, *read_timed(png, second)) for second in _READERS}
    if task.layout:
        png = scanned_png(draw_sheet(task.layout, task.face, 11), by_name(task.damage), 11)
        return task, {Second.AUTO: _score_print(*read_timed(png, Second.AUTO))}
    picture = picture_of(Job(task.tier, task.name))
    assert picture is not None  # none is reduced
    if task.tier != _HAND_AND_PRINT:
        return task, {Second.AUTO: _score_print(*read_timed(picture.png, Second.AUTO))}
    return task, {second: _score_mixed(task.name, *read_timed(picture.png, second)) for second in _READERS}


def _score_print(page: OcrPage, seconds: float) -> Score:
    """A page of print: every flag is false."""
    words = page.words
    return Score(1, printed=len(words), printed_flagged=sum(word.is_handwritten for word in words), seconds=seconds)


def _score_mixed(name: str, page: OcrPage, seconds: float) -> Score:
    """A page read by eye: a word counts as handwriting or print where its text stands in one of them only."""
    truth = truth_of(name)
    by_hand, print_ = set(truth.written.plain), set(truth.printed.plain)
    written = printed = flagged = wrong = 0
    for word in page.words:
        tokens = set(real_paper.plain_tokens(word.text))
        if tokens and tokens <= by_hand - print_:
            written += 1
            flagged += word.is_handwritten
        elif tokens and tokens <= print_ - by_hand:
            printed += 1
            wrong += word.is_handwritten
    most = max((word.confidence for word in page.words if word.is_handwritten), default=0.0)
    return Score(
        1, written=written, flagged=flagged, surest=most, printed=printed, printed_flagged=wrong, seconds=seconds,
        wrong_sure=sum(word.is_handwritten and word.confidence >= SURE for word in page.words),
    )  # fmt: skip


def as_png(image: Image, dpi: int) -> bytes:
    """A scan as PNG with its resolution."""
    out = io.BytesIO()
    Pillow.fromarray(np.ascontiguousarray(image[:, :, ::-1])).save(out, "PNG", dpi=(dpi, dpi), compress_level=1)
    return out.getvalue()


if __name__ == "__main__":
    main()
