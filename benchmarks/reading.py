"""Reading beside OCRmyPDF and plain Tesseract: speed, accuracy for every kind of damage, geometry, memory, size.

    ./dev bench                          everything (half an hour)
    ./dev bench speed --pages 48         only one part; parts: speed accuracy geometry memory
    ./dev bench real --pages 2           real paper, when asked for only (an hour without --pages): real_paper.py

Speed: the same scans in one PDF, every tool in turns, so that a busy machine slows all; wall and CPU time of
the whole process tree; ratios are times of the tool / times of ours. `libtesseract` is what recognition
alone costs inside the library (persistent, raw pixels, one process a core), on the pages as they are.
Accuracy: each printed page under 25 kinds of damage; errors against what was printed, word order left out. Plain
Tesseract reads the page as it is, and under 200 dpi the doubled page too. For every damage `behind` names the
measures in which ours is worse than the better of both; with any, the run says so and ends with 1.
Results go to benchmarks/results/reading-*.csv, plots beside them.
"""

import argparse
import csv
import io
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing import Pool
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image as Pillow
from pypdf import PdfReader

from benchmarks.damage import DAMAGES, by_name
from benchmarks.errors import Errors, count_errors
from benchmarks.processes import CORES, DOUBLED_UNDER, adopt_orphans, measured, run_tesseract
from benchmarks.sheets import LAYOUTS, draw_sheet, scanned_png

RESULTS = Path(__file__).parent / "results"
SHARED = Path(__file__).parent.parent.parent / "shared" / "data"
MIX = ("clean", "office", "office", "skew", "office", "faded", "shadow", "turned 180", "office", "150 dpi")
"""Damage of the pages that speed is measured on: mostly as scanners leave them."""


def main() -> None:
    """Run the parts that were asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", nargs="*", default=["speed", "accuracy", "geometry", "memory"])
    parser.add_argument("--pages", type=int, help="pages of the speed part (48), of each tier of the real part (all)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds of the speed part")
    parser.add_argument("--fonts", default="Helvetica,Times-Roman", help="faces of the accuracy part")
    parser.add_argument("--layouts", default=",".join(LAYOUTS), help="layouts of the accuracy part")
    parser.add_argument("--damages", default=",".join(damage.name for damage in DAMAGES), help="of the accuracy part")
    parser.add_argument("--processes", type=int, default=CORES, help="pages read at a time in the accuracy part")
    parser.add_argument("--no-ocrmypdf", action="store_true", help="leave it out of the accuracy part")
    options = parser.parse_args()
    os.environ["OMP_THREAD_LIMIT"] = "1"
    RESULTS.mkdir(exist_ok=True)
    is_behind = False
    if "speed" in options.part:
        measure_speed(options.pages or 48, options.rounds)
    if "accuracy" in options.part:
        jobs = Jobs(
            tuple(options.layouts.split(",")),
            tuple(options.fonts.split(",")),
            tuple(options.damages.split(",")),
            has_ocrmypdf=not options.no_ocrmypdf,
        )
        is_behind = measure_accuracy(jobs, options.processes)
    if "geometry" in options.part:
        measure_geometry()
    if "memory" in options.part:
        measure_memory()
    if "real" in options.part:
        measure_real(options.pages)
    if is_behind:
        sys.exit(1)


# ---- speed


@dataclass(slots=True)
class Tool:
    """One way of reading the same pages, and what it cost in each round."""

    name: str
    run: Callable[[Path, Path], list[str]]
    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    errors: Errors = field(default_factory=Errors)
    size: int = 0


def measure_speed(pages: int, rounds: int) -> None:
    """Every tool reads the same PDF in turns."""
    adopt_orphans()
    with tempfile.TemporaryDirectory(prefix="chartroom-bench-") as folder:
        base = Path(folder)
        truth = _draw_scans(base, pages)
        _run_library(base, base)  # unpacks the pixels
        tools = [tool for tool in _tools() if tool is not None]
        for number in range(rounds):
            for tool in tools if number % 2 == 0 else reversed(tools):
                _measure(tool, base, truth, number)
                sys.stderr.write(f"round {number + 1}: {tool.name} {tool.wall[-1]:.1f} s\n")
    ours = tools[0]
    rows = [
        {
            "tool": tool.name,
            "pages_per_minute": round(60 * pages / statistics.median(tool.wall), 1),
            "wall_ratio": round(statistics.median(tool.wall) / statistics.median(ours.wall), 2),
            "cpu_seconds_per_page": round(statistics.median(tool.cpu) / pages, 3),
            "cpu_ratio": round(statistics.median(tool.cpu) / statistics.median(ours.cpu), 2),
            "word_error": round(tool.errors.word_error, 4),
            "character_error": round(tool.errors.character_error, 4),
            "output_ratio": round(tool.size / ours.size, 2) if tool.size else "",
        }
        for tool in tools
    ]
    _show(f"speed: {pages} pages, {rounds} rounds in turns, median, {CORES} cores", rows)
    _keep("speed", rows, {"pages": pages, "rounds": rounds})


def _draw_scans(base: Path, pages: int) -> list[list[str]]:
    """scans.pdf as a scanner makes it (JPEG pages), the pages as PNG, and the printed words of each."""
    (base / "pages").mkdir()
    truth, pictures = [], []
    for number in range(pages):
        layout = list(LAYOUTS)[number % len(LAYOUTS)]
        sheet = draw_sheet(layout, ("Helvetica", "Times-Roman", "Vera")[number % 3], 100 + number)
        png = scanned_png(sheet, by_name(MIX[number % len(MIX)]), number)
        (base / "pages" / f"{number:04d}.png").write_bytes(png)
        pictures.append(Pillow.open(io.BytesIO(png)))
        truth.append([word.text for word in sheet.words])
    from pypdf import PdfWriter

    writer = PdfWriter()
    for picture in pictures:
        one = io.BytesIO()
        picture.save(one, "PDF", resolution=float(picture.info["dpi"][0]), quality=80)
        writer.append(one)
    writer.write(base / "scans.pdf")
    return truth


def _tools() -> list[Tool | None]:
    program = Path(sys.executable).parent / "ocrmypdf"
    has_ocrmypdf = program.exists() and shutil.which("tesseract") is not None
    has_unpaper = shutil.which("unpaper") is not None
    if not has_ocrmypdf or not has_unpaper:
        sys.stderr.write("Measured without OCRmyPDF, tesseract or unpaper: './dev bench' installs what it may.\n")

    def ocrmypdf(*options: str) -> Callable[[Path, Path], list[str]]:
        return lambda base, out: _run_ocrmypdf(program, base, out, options)

    return [
        Tool("chartroom read --pdf", _run_ours),
        Tool("libtesseract, one process a core", _run_library),
        Tool(
            "tesseract, one process a core",
            lambda base, out: run_tesseract(sorted((base / "pages").glob("*.png")), out),
        )
        if shutil.which("tesseract")
        else None,
        Tool(f"ocrmypdf -j{CORES}", ocrmypdf()) if has_ocrmypdf else None,
        Tool(f"ocrmypdf -j{CORES} --deskew --clean --rotate-pages", ocrmypdf("--deskew", "--clean", "--rotate-pages"))
        if has_ocrmypdf and has_unpaper
        else None,
    ]


def _measure(tool: Tool, base: Path, truth: list[list[str]], number: int) -> None:
    out = base / f"out-{number}"
    out.mkdir()
    with measured() as spent:
        texts = tool.run(base, out)
    tool.wall.append(spent[0])
    tool.cpu.append(spent[1])
    if number == 0:
        for printed, text in zip(truth, texts, strict=True):
            tool.errors += count_errors(printed, text.split())
        tool.size = sum(file.stat().st_size for file in out.glob("*.pdf"))
    shutil.rmtree(out)


def _run_ours(base: Path, out: Path) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-m", "ingest.cli", "read", str(base / "scans.pdf"), "--pdf", str(out), "--json"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return [json.loads(line)["text"] for line in done.stdout.splitlines()]


_LIBRARY = """
import json, os, sys
from multiprocessing import Pool
import numpy as np
from ocr.tesseract import open_engine

def read(file):
    page = np.load(file)
    return " ".join(w.text for w in open_engine("tesserocr").read(page, 300 if page.shape[1] > 1800 else 150))

if __name__ == "__main__":
    with Pool(os.cpu_count()) as pool:
        print(json.dumps(list(pool.imap(read, sys.argv[1:]))))
"""


def _run_library(base: Path, out: Path) -> list[str]:
    """Recognition and nothing else: the pixels pose unpacked, the words are all that comes back."""
    files = []
    for png in sorted((base / "pages").glob("*.png")):
        file = png.with_suffix(".npy")
        if not file.exists():
            with Pillow.open(png) as picture:
                np.save(file, np.asarray(picture.convert("L")))
        files.append(str(file))
    script = base / "library.py"
    script.write_text(_LIBRARY)
    done = subprocess.run([sys.executable, script, *files], capture_output=True, text=True, check=True)
    texts: list[str] = json.loads(done.stdout)
    return texts


def _run_ocrmypdf(program: Path, base: Path, out: Path, options: Iterable[str]) -> list[str]:
    subprocess.run(
        [program, "-q", f"-j{CORES}", "--output-type", "pdf", *options, base / "scans.pdf", out / "out.pdf"], check=True
    )
    return [page.extract_text() for page in PdfReader(out / "out.pdf").pages]


# ---- accuracy


@dataclass(frozen=True, slots=True)
class Jobs:
    """What the accuracy part reads: every layout in every face under every damage."""

    layouts: tuple[str, ...]
    fonts: tuple[str, ...]
    damages: tuple[str, ...]
    has_ocrmypdf: bool = True

    @property
    def is_whole(self) -> bool:
        """Whether no damage is left out; then the results are kept."""
        return set(self.damages) == {damage.name for damage in DAMAGES}

    def __iter__(self) -> Iterator[tuple[str, str, str, bool]]:
        return iter(
            (layout, font, damage, self.has_ocrmypdf)
            for damage in self.damages
            for layout in self.layouts
            for font in self.fonts
        )


def measure_accuracy(jobs: Jobs, processes: int = CORES) -> bool:
    """Plain Tesseract, OCRmyPDF with its cleaning, and ours, on every layout under every damage.

    Gives whether ours is worse than plain Tesseract under any damage.
    """
    listed = list(jobs)
    sums: dict[tuple[str, str], Errors] = defaultdict(Errors)
    with Pool(processes) as pool:
        for number, (name, counted) in enumerate(pool.imap_unordered(_errors_of, listed), start=1):
            for tool, errors in counted.items():
                sums[tool, name] += errors
            sys.stderr.write(f"\r{number} of {len(listed)} pages")
    sys.stderr.write("\n")
    tools = [tool for tool in ("raw", "doubled", "ocrmypdf", "ours") if any(tool == name for name, _ in sums)]
    rows = [
        accuracy_row(name, {tool: sums[tool, name] for tool in tools if (tool, name) in sums}, tools)
        for name in jobs.damages
    ]
    _show(f"accuracy: {', '.join(jobs.layouts)} in {', '.join(jobs.fonts)}", rows)
    behind = [f"{row['damage']} ({row['behind']})" for row in rows if row["behind"]]
    print(f"worse than plain Tesseract: {', '.join(behind) or 'under no damage'}")
    if jobs.is_whole:
        _keep("accuracy", rows, {"layouts": " ".join(jobs.layouts), "fonts": " ".join(jobs.fonts)})
        _plot_accuracy(rows, [tool for tool in tools if tool != "doubled"])
        _real_scans()
    return bool(behind)


def accuracy_row(damage: str, counted: Mapping[str, Errors], tools: Sequence[str]) -> dict[str, Any]:
    """One damage: three measures of every tool, and those in which ours is `behind` plain Tesseract."""
    row: dict[str, Any] = {"damage": damage}
    for tool in tools:
        for measure in MEASURES:
            row[f"{tool}_{measure}"] = round(getattr(counted[tool], measure), 4) if tool in counted else ""
    row["behind"] = " ".join(measures_behind(counted))
    return row


MEASURES = ("word_error", "character_error", "recall")


def measures_behind(counted: Mapping[str, Errors]) -> list[str]:
    """The measures in which ours is worse than plain Tesseract, on the page as it is or doubled."""
    plain = [counted[tool] for tool in ("raw", "doubled") if tool in counted]
    ours = counted["ours"]
    return [
        *(
            name
            for name in ("word_error", "character_error")
            if any(getattr(ours, name) > getattr(p, name) for p in plain)
        ),
        *(["recall"] if any(ours.recall < p.recall for p in plain) else []),
    ]


def _errors_of(job: tuple[str, str, str, bool]) -> tuple[str, dict[str, Errors]]:
    layout, font, damage_name, has_ocrmypdf = job
    damage = by_name(damage_name)
    sheet = draw_sheet(layout, font, 1)
    png = scanned_png(sheet, damage, 1)
    printed = [word.text for word in sheet.words]
    counted = {"raw": count_errors(printed, _raw(png)), "ours": count_errors(printed, _ours(png))}
    if min(damage.dpi) < DOUBLED_UNDER:
        counted["doubled"] = count_errors(printed, _raw(png, larger=2))
    if has_ocrmypdf and (text := _ocrmypdf_text(png, damage.dpi)) is not None:
        counted["ocrmypdf"] = count_errors(printed, text.split())
    return damage_name, counted


def _raw(png: bytes, larger: int = 1) -> list[str]:
    from ocr.tesseract import open_engine

    with Pillow.open(io.BytesIO(png)) as picture:
        dpi = round(picture.info["dpi"][0])
        grey = picture.convert("L")
        if larger > 1:
            grey = grey.resize((grey.width * larger, grey.height * larger), Pillow.Resampling.BICUBIC)
        return [word.text for word in open_engine("tesserocr").read(np.asarray(grey), dpi * larger)]


def _ours(png: bytes) -> list[str]:
    from ocr.read import WORDS_ONLY, read_page
    from ocr.signature import Kind

    return read_page(png, Kind.PNG, 1, WORDS_ONLY).page.text.split()


def _ocrmypdf_text(png: bytes, dpi: tuple[int, int]) -> str | None:
    program = Path(sys.executable).parent / "ocrmypdf"
    if not program.exists() or shutil.which("unpaper") is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "in.pdf", Path(folder) / "out.pdf"
        with Pillow.open(io.BytesIO(png)) as picture:
            size = picture.width / dpi[0] * 72, picture.height / dpi[1] * 72
            from reportlab.lib.utils import ImageReader
            from reportlab.pdfgen.canvas import Canvas

            canvas = Canvas(str(source), pagesize=size)
            canvas.drawImage(ImageReader(picture), 0, 0, *size)
            canvas.save()
        done = subprocess.run(
            [program, "-q", "-j1", "--output-type", "pdf", "--deskew", "--clean", "--rotate-pages", source, target],
            capture_output=True,
            check=False,
        )
        return PdfReader(target).pages[0].extract_text() if done.returncode == 0 else ""


def _real_scans() -> None:
    """The scans of ../shared/data/ocr-gt with their typed truth, where they are at hand."""
    folder = SHARED / "ocr-gt"
    if not folder.exists():
        sys.stderr.write("ocr-gt is not here: real scans left out.\n")
        return
    rows = []
    pairs = [(file, file.with_suffix(".txt")) for file in sorted(folder.glob("*.tif"))]
    pairs.append((SHARED / "orientation" / "phototest.tif", folder / "phototest.gold.txt"))
    for scan, truth in pairs:
        printed = truth.read_text(encoding="utf-8", errors="replace").split()
        png = io.BytesIO()
        with Pillow.open(scan) as picture:
            picture.convert("L").save(png, "PNG", dpi=picture.info.get("dpi", (300, 300)))
        row: dict[str, Any] = {"scan": scan.name}
        for name, words in (("raw", _raw(png.getvalue())), ("ours", _ours(png.getvalue()))):
            errors = count_errors(printed, words)
            row |= {
                f"{name}_word_error": round(errors.word_error, 4),
                f"{name}_character_error": round(errors.character_error, 4),
            }
        rows.append(row)
    _show("accuracy on real scans (zones of a page only are in the truth of two of them)", rows)
    _keep("real-scans", rows, {})


def _plot_accuracy(rows: list[dict[str, Any]], tools: list[str]) -> None:
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "chartroom"
    from matplotlib import pyplot

    colours = {"raw": "#b9b9b9", "ocrmypdf": "#e5a33d", "ours": "#1f77b4"}
    names = {"raw": "plain Tesseract", "ocrmypdf": "OCRmyPDF --deskew --clean --rotate-pages", "ours": "Chartroom"}
    figure, axes = pyplot.subplots(figsize=(8, 7))
    places = np.arange(len(rows))
    for offset, tool in enumerate(tools):
        values = [max(row[f"{tool}_word_error"], 0.001) for row in rows]
        axes.barh(places + 0.27 * (offset - 1), values, height=0.25, color=colours[tool], label=names[tool])
    axes.set_yticks(places, [row["damage"] for row in rows])
    axes.invert_yaxis()
    axes.set_xscale("log")
    axes.set_xlabel("word error (log scale; less is better)")
    axes.legend(loc="lower right", fontsize=8)
    figure.tight_layout()
    figure.savefig(RESULTS / "reading-accuracy.svg", metadata={"Date": None})


# ---- geometry


def measure_geometry() -> None:
    """Skew and orientation of the labelled pages; labels of the sbrunner set are whole degrees (± 0.5)."""
    labels = SHARED / "deskew" / "labels.csv"
    if not labels.exists():
        sys.stderr.write("The labelled pages are not here: geometry left out.\n")
        return
    from ocr.clean import geometry
    from ocr.load import load_page, open_file
    from ocr.read import PageOrder, read_page

    rows: list[dict[str, Any]] = []
    with labels.open() as file:
        for label in csv.DictReader(file):
            data = (SHARED / label["file"]).read_bytes()
            kind = open_file(data).kind
            read = read_page(data, kind, 1, PageOrder(view=False, pdf=False, picture=True))
            assert read.picture is not None
            tolerance = 0.5 if "sbrunner" in label["file"] else 0.2
            wanted = float(label["angle_deg"]) % 360  # how the page was turned; our turn is what undoes it
            off = abs((read.page.skew_degrees - read.page.rotation - wanted + 180) % 360 - 180)
            again = geometry.estimate_pose(geometry.place(read.picture, load_page(data, kind, 1).dpi))
            rows.append(
                {
                    "file": label["file"], "label": label["angle_deg"], "turn": read.page.rotation, "skew": read.page.skew_degrees,
                    "off": round(off, 2), "tolerance": tolerance, "left_over": round(again.skew.degrees, 2),
                }
            )  # fmt: skip
    _show("geometry: degrees", rows)
    fine = sum(row["off"] <= row["tolerance"] for row in rows)
    print(
        f"within tolerance of the label: {fine} of {len(rows)}; straight to 0.2° when looked at again: {sum(abs(row['left_over']) <= 0.2 for row in rows)}"
    )
    _keep("geometry", rows, {})


# ---- memory


def measure_memory() -> None:
    """Peak memory of a process that reads letter pages at 300 dpi."""
    code = (
        "import sys, resource; from ocr.read import PageOrder, WORDS_ONLY, read_page; from ocr.signature import Kind\n"
        "for file in sys.argv[1:]: read_page(open(file, 'rb').read(), Kind.PNG, 1)\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)"
    )
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for layout in LAYOUTS:
            file = Path(folder) / f"{layout}.png"
            file.write_bytes(scanned_png(draw_sheet(layout, "Helvetica", 1), by_name("tint"), 1))
            files.append(str(file))
        done = subprocess.run([sys.executable, "-c", code, *files], capture_output=True, text=True, check=True)
    rows = [{"what": "peak of a worker, colour letter pages at 300 dpi", "megabytes": int(done.stdout)}]
    _show("memory", rows)
    _keep("memory", rows, {})


# ---- real paper


def measure_real(pages: int | None) -> None:
    """Every reader on scanned forms and medical pages, as they are and reduced."""
    from benchmarks import real_paper

    rows = real_paper.measure(pages)
    if not rows:
        sys.stderr.write("No real pages are here: real paper left out.\n")
        return
    _show("real paper", rows)
    _keep("real-paper", rows, {})


# ---- output


def _show(title: str, rows: list[dict[str, Any]]) -> None:
    print(f"\n{title}")
    widths = {name: max(len(name), *(len(str(row[name])) for row in rows)) for name in rows[0]}
    print("  ".join(name.ljust(width) for name, width in widths.items()))
    for row in rows:
        print("  ".join(str(row[name]).ljust(width) for name, width in widths.items()))


def _keep(name: str, rows: list[dict[str, Any]], more: dict[str, Any]) -> None:
    with (RESULTS / f"reading-{name}.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, ["date", *more, *rows[0]])
        writer.writeheader()
        writer.writerows({"date": datetime.now(UTC).date().isoformat(), **more, **row} for row in rows)


if __name__ == "__main__":
    main()
