"""Barcodes, measured: which of them a drawn page gives, how long that takes, and whom they link.

    ./dev bench codes                      reading and links (about 4 minutes)
    ./dev bench codes --only reading       codes of small modules on pages of print
    ./dev bench codes --only links         drawn pages beside a list of 8,000 persons

What counts is a code read wrong, and a wrong link: a document linked to somebody else than whom print names.
"""

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np
import zxingcpp

from benchmarks.anchored import Drawer, DrawnRoster, laid_out, page_with
from benchmarks.people import Human, Names, draw_people
from classify.guess import Decision
from classify.index import find_patients, sort_file
from classify.profile import Profile
from ocr import barcodes
from ocr.clean.geometry import Placed, place
from ocr.codeplaces import find_codes
from ocr.imaging import Image, cv2
from ocr.page import Barcode, Box, Word

_FORMAT = zxingcpp.BarcodeFormat

MODULES: tuple[tuple[zxingcpp.BarcodeFormat, tuple[float, ...]], ...] = (
    (_FORMAT.DataMatrix, (10, 12, 15)),
    (_FORMAT.QRCode, (10, 15)),
    (_FORMAT.PDF417, (6.6, 8, 10)),
    (_FORMAT.Code128, (6, 7.5, 9, 10)),
    (_FORMAT.Code39, (6, 7.5, 9, 10)),
)
"""Widths of the narrowest module in mils: wristbands and specimen labels have 10 to 15, licences 6.6, stickers 7.5 and more."""

_LINE = "admitted with chest pain and shortness of breath, denies fever"


WAYS: dict[str, Callable[[Placed], tuple[Barcode, ...]]] = {
    "sketch": lambda page: barcodes.find_barcodes(page.sketch.small),
    "now": find_codes,
}


def measure_reading(each: int, seed: int) -> int:
    """Codes on pages of print, on the sketch alone and as pages are read; the number read wrong as pages are read."""
    rng, grain = random.Random(seed), np.random.default_rng(seed)
    wrong = 0
    print(f"{'code':12} {'dpi':>3} {'mils':>4}   of  sketch  now  wrong  sketch ms  now ms")
    for kind, widths in MODULES:
        for dpi in (200, 300):
            for mils in widths:
                found: Counter[str] = Counter()
                spent = dict.fromkeys(WAYS, 0.0)
                for _ in range(each):
                    said = _said(kind, rng)
                    page = place(_drawn(kind, said, mils, dpi, rng, grain), (dpi, dpi))
                    for way, read in WAYS.items():
                        started = time.process_time()
                        texts = {code.text for code in read(page)}
                        spent[way] += time.process_time() - started
                        found[way] += said in texts
                        found[f"{way} wrong"] += bool(texts - {said})
                wrong += found["now wrong"]
                name = str(kind).rsplit(".", 1)[-1]
                ms = [1000 * spent[way] / each for way in ("sketch", "now")]
                print(
                    f"{name:12} {dpi:3} {mils:4}  {each:3}  {found['sketch']:6}  {found['now']:3}  {found['now wrong']:5}  {ms[0]:9.1f}  {ms[1]:6.1f}"
                )
    return wrong


def _said(kind: zxingcpp.BarcodeFormat, rng: random.Random) -> str:
    if kind in (_FORMAT.Code128, _FORMAT.Code39):
        return f"{rng.randrange(10**8):08d}"
    text = f"{rng.randrange(10**8):08d}|RIVERA^ANA^M|19570314|F|V{rng.randrange(10**7):07d}"
    return text * 3 if kind == _FORMAT.PDF417 else text[: rng.choice((8, 28, 44))]


def _drawn(
    kind: zxingcpp.BarcodeFormat, said: str, mils: float, dpi: int, rng: random.Random, grain: np.random.Generator
) -> Image:
    """A page of print with a code at the upper right, half a pixel to a pixel blurred, grainy, up to a degree askew."""
    sheet = np.full((11 * dpi, int(8.5 * dpi)), 245, np.uint8)
    for row in range(34):
        where = (int(0.8 * dpi), int((2.0 + 0.24 * row) * dpi))
        cv2.putText(sheet, _LINE, where, cv2.FONT_HERSHEY_SIMPLEX, 1.1 * dpi / 300, 30, max(1, dpi // 150), cv2.LINE_AA)
    code = np.array(zxingcpp.create_barcode(said, kind).to_image(scale=8, add_quiet_zones=True))
    factor = dpi * mils / 8000
    code = cv2.resize(code, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    top, left = int(0.5 * dpi), int(5.2 * dpi)
    sheet[top : top + code.shape[0], left : left + code.shape[1]] = np.minimum(245, code)[:, : sheet.shape[1] - left]
    high, wide = sheet.shape
    turn = cv2.getRotationMatrix2D((wide / 2, high / 2), rng.uniform(-1, 1), 1)
    sheet = cv2.warpAffine(sheet, turn, (wide, high), borderValue=245)
    sheet = cv2.GaussianBlur(sheet, (0, 0), 0.5 * dpi / 200 * rng.choice((0.6, 1.0, 1.4)))
    grained: Image = np.clip(sheet + grain.normal(0, 5, sheet.shape), 0, 255).astype(np.uint8)
    return grained


# ---- links

Print = Callable[[Drawer, Human], list[str]]

PRINT: dict[str, Print] = {
    "name alone": lambda d, h: [f"{d.listed(h)}   {h.sex}"],
    "name and birthday": lambda d, h: [d.listed(h), f"{d.born(h)}  {h.sex}"],
    "labels": lambda d, h: [
        f"Patient Name: {d.listed(h)}",
        f"MRN: {d.number(h.mrn)}   DOB: {d.number(h.born.strftime('%m/%d/%Y'))}   Sex: {h.sex}",
    ],
    "nobody": lambda d, h: ["seen today"],
}

Coded = Callable[[random.Random, Human, Human], str]

CODES: dict[str, Coded] = {
    "none": lambda rng, own, other: "",
    "own number": lambda rng, own, other: own.mrn,
    "own number, letter before": lambda rng, own, other: f"M{own.mrn}",
    "another patient's number": lambda rng, own, other: other.mrn,
    "number of the same shape": lambda rng, own, other: "".join(str(rng.randrange(10)) for _ in own.mrn),
    "form number": lambda rng, own, other: str(rng.randrange(10**5, 10**6)),
    "article number": lambda rng, own, other: str(rng.randrange(10**11, 10**12)),
    "own label": lambda rng, own, other: _label(own),
    "another patient's label": lambda rng, own, other: _label(other),
}

_AT_THE_FOOT = ("form number", "article number")


def _label(human: Human) -> str:
    return f"{human.mrn}|{human.family.upper()}^{human.given.upper()}|{human.born:%Y%m%d}|{human.sex}"


def measure_links(each: int, people_count: int, seed: int, noise: float) -> int:
    """Pages that print something of a listed person, with a code beside it; the number of wrong links where print names anybody."""
    people = list(draw_people(people_count, seed))
    drawer = Drawer(random.Random(seed + 1), Names(random.Random(seed + 2)), people, {}, iter(()), noise)
    roster, rng = DrawnRoster(people), random.Random(seed + 3)
    wrong = 0
    print(f"{'print':18} {'code':26} right  ask  none  WRONG   of {each}")
    for printed, lines in PRINT.items():
        for coded, code in CODES.items():
            tally: Counter[str] = Counter()
            for own, other in _pairs(drawer, each):
                page = laid_out(page_with(drawer, lines(drawer, own)))
                said = code(rng, own, other)
                if said:
                    box = _place(page.words, own, at_foot=coded in _AT_THE_FOOT)
                    page = replace(page, barcodes=(Barcode("DataMatrix" if "|" in said else "Code128", said, box),))
                match = find_patients(sort_file([page], Profile()), roster).documents[0].match
                is_linked = match.decision == Decision.LINKED
                is_right = is_linked and match.candidates[0].person.mrn == own.mrn
                tally["right" if is_right else "WRONG" if is_linked else str(match.decision)] += 1
            wrong += tally["WRONG"] if printed != "nobody" else 0
            print(f"{printed:18} {coded:26} {tally['right']:5} {tally['ask']:4} {tally['none']:5} {tally['WRONG']:6}")
    return wrong


def _pairs(drawer: Drawer, count: int) -> Iterator[tuple[Human, Human]]:
    while count:
        own, other = drawer.person(), drawer.person()
        if own.id != other.id:
            count -= 1
            yield own, other


def _place(words: Sequence[Word], own: Human, *, at_foot: bool) -> Box:
    """Right of the row that bears the surname, or at the foot of the page."""
    if at_foot:
        return Box(1900, 3100, 2400, 3180)
    rows = (word.box.top for word in words if word.text.strip(",").upper() == own.family.upper())
    row = next(rows, 500)
    return Box(1500, row - 20, 2000, row + 60)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=("reading", "links"), help="one of both")
    parser.add_argument("--codes", type=int, default=10, help="codes of each kind and size [10]")
    parser.add_argument("--documents", type=int, default=60, help="documents of each kind [60]")
    parser.add_argument("--people", type=int, default=8000, help="persons on the list [8000]")
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--noise", type=float, default=0.003, help="share of letters and digits misread [0.003]")
    chosen = parser.parse_args(arguments)
    wrong = 0
    if chosen.only != "links":
        wrong += measure_reading(chosen.codes, chosen.seed)
    if chosen.only != "reading":
        wrong += measure_links(chosen.documents, chosen.people, chosen.seed, chosen.noise)
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
