"""Damaged files: is a page ever taken for whole, or for blank, though its picture is not what was written?

`./dev bench broken`: pages drawn here are saved by every codec that scans come in, as images and in PDFs, and damaged at
random: cut at a tenth of the file (the end put back or not), one byte of a head changed, strips exchanged. What is read as
`ok` is compared with the undamaged picture, pixel by pixel; the table counts wrong `ok` and wrong `blank` by codec and damage.
"""

import argparse
import csv
import io
import random
import struct
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pikepdf
from PIL import Image as Pillow

from ocr import read as reading
from ocr.errors import OcrError
from ocr.imaging import Image, cv2
from ocr.load import open_file
from ocr.page import Box, PageOutcome, Word
from ocr.read import PageOrder, PageRead, read_page
from ocr.tesseract import Orientation

RESULTS = Path(__file__).with_name("results")
_DPI = 100
_TOLERANCE = 6.0
"""Mean difference in grey levels, of the blurred pictures at 50 dpi, under which two pictures are the same."""


@dataclass(frozen=True, slots=True)
class Codec:
    """A way to keep a page: `name`, the file, and where its heads end (only bytes before that are changed)."""

    name: str
    save: Callable[[], bytes]


def page_of(seed: int = 0) -> Image:
    """A page of print, grey with a little noise as scanners leave it."""
    rng = np.random.default_rng(seed)
    page = np.full((11 * _DPI, 17 * _DPI // 2), 244, np.uint8)
    for row in range(26):
        text = " ".join("".join(rng.choice(list("abcdefghiklmnoprstuvw"), rng.integers(3, 9))) for _ in range(9))
        cv2.putText(page, text[:58], (60, 90 + 36 * row), cv2.FONT_HERSHEY_SIMPLEX, 0.62, 20, 1, cv2.LINE_AA)
    return np.clip(page + rng.normal(0, 2, page.shape), 0, 255).astype(np.uint8)


def _grey() -> Pillow.Image:
    return Pillow.fromarray(page_of())


def _colour() -> Pillow.Image:
    page = cv2.cvtColor(page_of(), cv2.COLOR_GRAY2RGB)
    page[:60, :, 0] = 120
    return Pillow.fromarray(page)


def _bits() -> Pillow.Image:
    return Pillow.fromarray(page_of()).point([255 * (v > 140) for v in range(256)], "1")


def _saved(picture: Pillow.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **{"dpi": (_DPI, _DPI), **options})
    return out.getvalue()


def _in_pdf(data: bytes, filters: str, picture: Pillow.Image, parms: pikepdf.Dictionary | None = None) -> bytes:
    """A PDF whose page is this packed picture; nothing else is packed, so that heads can be changed."""
    width, height = picture.size
    space = {"1": "/DeviceGray", "L": "/DeviceGray", "RGB": "/DeviceRGB"}[picture.mode]
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(width * 72 / _DPI, height * 72 / _DPI))
        image = pikepdf.Stream(pdf, b"")
        image.write(data, filter=pikepdf.Name(filters) if filters else None, decode_parms=parms)
        entries = {
            "/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Image, "/Width": width, "/Height": height,
            "/ColorSpace": pikepdf.Name(space), "/BitsPerComponent": 1 if picture.mode == "1" else 8,
        }  # fmt: skip
        for name, value in entries.items():
            image[name] = value
        pdf.pages[0].obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=pdf.make_indirect(image)))
        content = f"q {width * 72 / _DPI:.2f} 0 0 {height * 72 / _DPI:.2f} 0 0 cm /Im0 Do Q".encode()
        pdf.pages[0].obj.Contents = pdf.make_stream(content)
        out = io.BytesIO()
        pdf.save(
            out, compress_streams=False, static_id=True, object_stream_mode=pikepdf.ObjectStreamMode.disable,
            stream_decode_level=pikepdf.StreamDecodeLevel.none,
        )  # fmt: skip
    return out.getvalue()


def _strip_of(picture: Pillow.Image, packing: str) -> bytes:
    """The picture packed as TIFF and PDF both have it."""
    tiff = _saved(picture, "TIFF", compression=packing, tiffinfo={278: picture.height})
    with Pillow.open(io.BytesIO(tiff)) as written:
        tags = written.tag_v2  # type: ignore[attr-defined]
        return tiff[tags[273][0] :][: tags[279][0]]


def _flate() -> bytes:
    import zlib

    return _in_pdf(zlib.compress(_grey().tobytes(), 6), "/FlateDecode", _grey())


def _lzw() -> bytes:
    return _in_pdf(_strip_of(_grey(), "tiff_lzw"), "/LZWDecode", _grey())


CODECS = (
    Codec("JPEG", lambda: _saved(_grey(), "JPEG", quality=80)),
    Codec("JPEG in colour", lambda: _saved(_colour(), "JPEG", quality=80)),
    Codec("JPEG, restarts", lambda: _saved(_grey(), "JPEG", quality=80, restart_marker_rows=4)),
    Codec("JPEG, progressive", lambda: _saved(_grey(), "JPEG", quality=80, progressive=True)),
    Codec("PNG", lambda: _saved(_grey(), "PNG")),
    Codec("BMP", lambda: _saved(_grey(), "BMP")),
    Codec("TIFF, raw", lambda: _saved(_grey(), "TIFF", tiffinfo={278: 64})),
    Codec("TIFF, LZW", lambda: _saved(_grey(), "TIFF", compression="tiff_lzw", tiffinfo={278: 64})),
    Codec("TIFF, Deflate", lambda: _saved(_grey(), "TIFF", compression="tiff_adobe_deflate", tiffinfo={278: 64})),
    Codec("TIFF, PackBits", lambda: _saved(_grey(), "TIFF", compression="packbits", tiffinfo={278: 64})),
    Codec("TIFF, JPEG", lambda: _saved(_grey(), "TIFF", compression="jpeg", tiffinfo={278: 64})),
    Codec("TIFF, group 4", lambda: _saved(_bits(), "TIFF", compression="group4", tiffinfo={278: 1100})),
    Codec("TIFF, group 4 strips", lambda: _saved(_bits(), "TIFF", compression="group4", tiffinfo={278: 64})),
    Codec("TIFF, group 3", lambda: _saved(_bits(), "TIFF", compression="group3", tiffinfo={278: 1100})),
    Codec("PDF, JPEG", lambda: _in_pdf(_saved(_grey(), "JPEG", quality=80), "/DCTDecode", _grey())),
    Codec("PDF, JPEG 2000", lambda: _in_pdf(_saved(_grey(), "JPEG2000"), "/JPXDecode", _grey())),
    Codec("PDF, Flate", _flate),
    Codec("PDF, LZW", _lzw),
    Codec("PDF, group 4", lambda: _in_pdf(
        _strip_of(_bits(), "group4"), "/CCITTFaxDecode", _bits(),
        pikepdf.Dictionary(K=-1, Columns=_bits().width, Rows=_bits().height, BlackIs1=False),
    )),
)  # fmt: skip


@cache
def _whole(name: str) -> bytes:
    return next(codec for codec in CODECS if codec.name == name).save()


@cache
def _picture(name: str) -> Image:
    read = _read(_whole(name))
    assert isinstance(read, PageRead) and read.page.outcome is PageOutcome.OK and read.picture is not None, name
    return read.picture


# ---- damage


def cut(data: bytes, chance: random.Random) -> bytes:
    """The first tenths of the file."""
    return data[: len(data) * chance.randint(1, 9) // 10]


def cut_with_end(data: bytes, chance: random.Random) -> bytes:
    """The middle of the picture is gone and the end of the file is there."""
    at = len(data) * chance.randint(1, 8) // 10
    tail = max(64, len(data) // 50)
    return data[:at] + data[-tail:]


def zeroed(data: bytes, chance: random.Random) -> bytes:
    """A block of a disk that came back as zeros."""
    at = chance.randrange(0, max(1, len(data) - 4096))
    return data[:at] + bytes(min(4096, len(data) - at)) + data[at + 4096 :]


def head_byte(data: bytes, chance: random.Random) -> bytes:
    """One byte of a head is another."""
    places = _heads(data)
    at = chance.choice(places)
    changed = data[at] ^ (1 << chance.randrange(8))
    return data[:at] + bytes([changed]) + data[at + 1 :]


def exchanged(data: bytes, chance: random.Random) -> bytes:
    """Two strips of a TIFF exchanged in its list of them, two restart intervals of a JPEG; others have no strips."""
    if data[:2] in (b"II", b"MM"):
        return _strips_exchanged(data, chance)
    marks = [
        at for at in range(data.find(b"\xff\xda"), len(data) - 1) if data[at] == 0xFF and 0xD0 <= data[at + 1] <= 0xD7
    ]
    if data[:2] != b"\xff\xd8" or len(marks) < 4:
        return data
    one, two = sorted(chance.sample(range(len(marks) - 1), 2))
    if (two - one) % 8 == 0:  # their marks say the same: nothing in the file tells them apart
        return data
    first, second = (data[marks[n] : marks[n + 1]] for n in (one, two))
    between = data[marks[one + 1] : marks[two]]
    return data[: marks[one]] + second + between + first + data[marks[two + 1] :]


def _strips_exchanged(data: bytes, chance: random.Random) -> bytes:
    order = "<" if data[:2] == b"II" else ">"
    (at,) = struct.unpack_from(order + "I", data, 4)
    (entries,) = struct.unpack_from(order + "H", data, at)
    out, places = bytearray(data), {}
    for number in range(entries):
        tag, kind, count, value = struct.unpack_from(order + "HHII", data, at + 2 + 12 * number)
        if tag in (273, 279) and count > 2:
            places[tag] = (value, 2 if kind == 3 else 4, count)
    if not places:
        return data
    one, two = chance.sample(range(places[273][2]), 2)
    for where, size, _ in places.values():
        first, second = data[where + one * size :][:size], data[where + two * size :][:size]
        out[where + one * size : where + one * size + size] = second
        out[where + two * size : where + two * size + size] = first
    return bytes(out)


def _heads(data: bytes) -> list[int]:
    """Places of the bytes that say how the picture is packed."""
    if data[:2] in (b"II", b"MM"):
        order = "<" if data[:2] == b"II" else ">"
        (at,) = struct.unpack_from(order + "I", data, 4)
        (entries,) = struct.unpack_from(order + "H", data, at)
        return [*range(8), *range(at, at + 2 + 12 * entries)]
    if data[:2] == b"\xff\xd8":
        return list(range(2, data.find(b"\xff\xda") + 10))
    if data[:4] == b"%PDF":
        stream = data.find(b"/Subtype /Image")
        start = data.rfind(b"<<", 0, stream)
        begin = data.find(b"stream", stream)
        return [*range(start, begin + 80), *range(data.rfind(b"xref"), len(data))]
    return list(range(2 if data[:2] == b"BM" else 8, 54 if data[:2] == b"BM" else 41))


DAMAGES = {"cut": cut, "cut, end kept": cut_with_end, "zeros": zeroed, "head byte": head_byte, "exchanged": exchanged}


# ---- what comes of it


class _OneWord:
    """Reads one word on every picture: what is `ok` here is so without the help of pages on which no word is found."""

    name = "one word"

    def read(self, image: Image, dpi: int, mode: int) -> tuple[Word, ...]:
        return (Word("word", Box(60, 60, 120, 80), 0.85),)

    def find_turn(self, image: Image) -> Orientation:
        return Orientation(0, 0.0)


def _read(data: bytes) -> PageRead | str:
    setattr(reading, "open_engine", lambda _: _OneWord())  # noqa: B010 - a module's name, replaced for this process
    try:
        opened = open_file(data)
    except OcrError:
        return "refused"
    return read_page(data, opened.kind, 1, PageOrder(view=False, pdf=False, picture=True))


def verdict(codec: str, damage: str, seed: int) -> tuple[str, float]:
    """What came of one damaged file: the outcome, `same` or `wrong ok`, and how much its picture differs."""
    chance = random.Random(f"{codec}/{damage}/{seed}")
    data = DAMAGES[damage](_whole(codec), chance)
    if data == _whole(codec):
        return "unchanged", 0.0
    read = _read(data)
    if isinstance(read, str):
        return read, 0.0
    outcome = read.page.outcome
    if outcome is PageOutcome.BLANK:
        return "wrong blank", 0.0
    if outcome is not PageOutcome.OK or read.picture is None:
        return str(outcome), 0.0
    differs = _difference(read.picture, _picture(codec))
    return ("same" if differs < _TOLERANCE else "wrong ok"), differs


def _difference(one: Image, other: Image) -> float:
    small = [cv2.GaussianBlur(cv2.resize(_as_grey(p), (425, 550), interpolation=cv2.INTER_AREA), (3, 3), 0) for p in (one, other)]  # fmt: skip
    blocks = np.abs(small[0].astype(np.float32) - small[1]).reshape(22, 25, 17, 25).mean(axis=(1, 3))
    return float(np.sort(blocks.ravel())[-8:].mean())  # the eight worst of 374 places: a lost line is found


def _as_grey(picture: Image) -> Image:
    grey: Image = picture if picture.ndim == 2 else cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    return grey


def _one(task: tuple[str, str, int]) -> tuple[str, str, int, str, float]:
    return (*task, *verdict(*task))


def main() -> None:
    """Damage, read, compare, count; the table goes to results/broken-files.csv."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--files", type=int, default=3000, help="how many damaged files (default 3000)")
    parser.add_argument("--show", action="store_true", help="print each wrong one")
    wanted = parser.parse_args()
    kinds = [(codec.name, damage) for codec in CODECS for damage in DAMAGES]
    tasks = [(*kinds[n % len(kinds)], n // len(kinds)) for n in range(wanted.files)]
    counts: dict[tuple[str, str], Counter[str]] = {kind: Counter() for kind in kinds}
    with ProcessPoolExecutor() as pool:
        for codec, damage, seed, said, differs in pool.map(_one, tasks, chunksize=20):
            counts[codec, damage][said] += 1
            if wanted.show and said.startswith("wrong"):
                print(f"{said}: {codec}, {damage}, seed {seed}, differs by {differs:.1f}")
    columns = sorted({said for found in counts.values() for said in found} | {"wrong ok", "wrong blank"})
    RESULTS.mkdir(exist_ok=True)
    with (RESULTS / "broken-files.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["codec", "damage", *columns])
        for (codec, damage), found in counts.items():
            rows.writerow([codec, damage, *(found[name] for name in columns)])
    for title, named in (("damage of the kinds named", False), ("blocks of zeros, which no checksum tells", True)):
        total: Counter[str] = sum((found for (_, d), found in counts.items() if (d == "zeros") is named), Counter())
        print(f"{title}: " + ", ".join(f"{name} {total[name]}" for name in columns))


if __name__ == "__main__":
    main()
