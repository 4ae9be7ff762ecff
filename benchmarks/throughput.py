"""Pages a minute of `chartroom run` beside OCRmyPDF and plain Tesseract: same pages, in turns, as ratios.

    ./dev bench                      24 pages, two rounds
    ./dev bench --pages 60 --rounds 3

Every round runs each tool once on the same scans, so that a busy machine slows all of them. CPU is the
time of the whole process tree. `words` is the share of the printed words that the tool's text holds
(per page, order ignored), over pages scanned clean, office, skewed, faded, shadow, 150 dpi and turned.
`chartroom run` does more than the others in its time: custody copy, encryption, indexing, matching.
"""

import argparse
import csv
import io
import json
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from pypdf import PdfReader

from benchmarks.processes import adopt_orphans, measured, run_tesseract
from ingest.demo import paper, scanner
from ingest.demo.clinic import draw_clinic
from ingest.demo.wording import KINDS
from ocr.imaging import Image

DAMAGES = ("clean", "office", "skewed", "faded", "shadow", "150dpi", "turned")
RESULTS = Path(__file__).parent / "results" / "throughput.csv"


@dataclass(slots=True)
class Tool:
    """One way of reading the same pages, and what it cost in each round."""

    name: str
    run: Callable[[Path, Path], list[str]]
    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    words: float = 0.0


def main() -> None:
    """Run the benchmark and print one table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=24)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--seed", type=int, default=11)
    options = parser.parse_args()
    adopt_orphans()
    with tempfile.TemporaryDirectory(prefix="chartroom-bench-") as folder:
        base = Path(folder)
        truth = draw_pages(base / "scans", options.pages, options.seed)
        tools = [tool for tool in _tools() if tool is not None]
        for number in range(options.rounds):
            for tool in tools if number % 2 == 0 else reversed(tools):
                _measure(tool, base, truth, number)
                sys.stderr.write(f"round {number + 1}: {tool.name} {tool.wall[-1]:.1f} s\n")
    _print(tools, options.pages, options.rounds)


def draw_pages(folder: Path, count: int, seed: int) -> list[list[str]]:
    """That many one-page scans as PDF and as TIFF; gives the words printed on each."""
    folder.mkdir(parents=True)
    rng = random.Random(seed)
    clinic = draw_clinic(max(2, count // 3), rng)
    truth = []
    for number in range(count):
        patient = clinic[number % len(clinic)]
        kind = KINDS[number % len(KINDS)]
        sheet = paper.Sheet(kind, paper.title_of(kind, rng), patient, patient.encounters[0], 1, number, "kestrelon")
        drawn = paper.draw_document(sheet, rng)
        damage = scanner.by_name(DAMAGES[number % len(DAMAGES)])
        image: Image = damage.apply(paper.render(drawn.pdf)[0], rng)
        (folder / f"page{number:03d}.pdf").write_bytes(scanner.write_pdf([image], damage.dpi))
        (folder / f"page{number:03d}.tif").write_bytes(scanner.write_tiff([image], damage.dpi, bitonal=False))
        truth.append(_words(PdfReader(io.BytesIO(drawn.pdf)).pages[0].extract_text()))
    return truth


def _tools() -> list[Tool | None]:
    has_program = shutil.which("tesseract") is not None
    has_ocrmypdf = _ocrmypdf() is not None and has_program
    if not has_ocrmypdf:
        sys.stderr.write(
            "OCRmyPDF or tesseract is not installed here: measured without. './dev bench' installs what it may.\n"
        )
    return [
        Tool("chartroom run", _chartroom),
        Tool("tesseract, one process a core", lambda scans, out: run_tesseract(sorted(scans.glob("*.tif")), out))
        if has_program
        else None,
        Tool("ocrmypdf -j2", lambda scans, out: _run_ocrmypdf(scans, out, [])) if has_ocrmypdf else None,
        Tool(
            "ocrmypdf -j2 --deskew --rotate-pages",
            lambda scans, out: _run_ocrmypdf(scans, out, ["--deskew", "--rotate-pages"]),
        )
        if has_ocrmypdf
        else None,
    ]


def _ocrmypdf() -> Path | None:
    beside = Path(sys.executable).parent / "ocrmypdf"
    return beside if beside.exists() else None


def _measure(tool: Tool, base: Path, truth: list[list[str]], number: int) -> None:
    out = base / f"{re.sub('[^a-z]+', '-', tool.name)}-{number}"
    out.mkdir()
    with measured() as spent:
        texts = tool.run(base / "scans", out)
    tool.wall.append(spent[0])
    tool.cpu.append(spent[1])
    found = [len(set(wanted) & set(_words(text))) / len(set(wanted)) for wanted, text in zip(truth, texts, strict=True)]
    tool.words = statistics.mean(found)
    shutil.rmtree(out)


def _chartroom(scans: Path, out: Path) -> list[str]:
    env = {
        **{k: v for k, v in os.environ.items() if not k.startswith("CHARTROOM_")},
        "CHARTROOM_HOME": str(out / "home"),
        "CHARTROOM_KEY_FILE": str(out / "bench.key"),
        "CHARTROOM_SETTLE_SECONDS": "0",
    }
    command = [sys.executable, "-m", "ingest.cli"]
    hot = out / "home" / "hot"
    subprocess.run([*command, "init"], env=env, check=True, stdout=subprocess.DEVNULL)
    for scan in scans.glob("*.pdf"):
        shutil.copyfile(scan, hot / scan.name)
    subprocess.run([*command, "run"], env=env, check=True, stdout=subprocess.DEVNULL)
    return _texts_of(out, env)


def _texts_of(out: Path, env: dict[str, str]) -> list[str]:
    """The words as they were kept, page by page, read from the data home."""
    code = (
        "import json, sys; from pathlib import Path; from storage.foundation.home import open_home; from storage.custody import pages; "
        "from storage.foundation.tables.custody import Page, Source; from sqlmodel import select\n"
        f"home = open_home(Path({str(out / 'home')!r}), Path({env['CHARTROOM_KEY_FILE']!r}))\n"
        "with home.reading() as s:\n"
        "    rows = s.exec(select(Page, Source.name).join(Source, Source.claim_id == Page.claim_id)).all()\n"
        "    read = {name.decode(): pages.reading_of(s, page) for page, name in rows}\n"
        "print(json.dumps([read[n].text if read[n] else '' for n in sorted(read)]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    texts: list[str] = json.loads(done.stdout)
    return texts


def _run_ocrmypdf(scans: Path, out: Path, options: list[str]) -> list[str]:
    program = _ocrmypdf()
    assert program is not None
    joined = out / "all.pdf"
    from pypdf import PdfWriter

    writer = PdfWriter()
    files = sorted(scans.glob("*.pdf"))
    for file in files:
        writer.append(file)
    writer.write(joined)
    subprocess.run(
        [program, "-q", "-j2", "--output-type", "pdf", "--optimize", "0", *options, joined, out / "out.pdf"], check=True
    )
    return [page.extract_text() for page in PdfReader(out / "out.pdf").pages]


def _words(text: str) -> list[str]:
    return [word for word in re.findall(r"[a-z0-9]+", text.lower()) if len(word) >= 3]


def _print(tools: list[Tool], pages: int, rounds: int) -> None:
    ours = tools[0]
    rows = []
    for tool in tools:
        wall, cpu = statistics.median(tool.wall), statistics.median(tool.cpu)
        rows.append(
            {
                "tool": tool.name,
                "pages_per_minute": round(60 * pages / wall, 1),
                "wall_ratio": round(wall / statistics.median(ours.wall), 2),
                "cpu_seconds_per_page": round(cpu / pages, 2),
                "cpu_ratio": round(cpu / statistics.median(ours.cpu), 2),
                "words": round(tool.words, 4),
            }
        )
    print(f"{pages} pages, {rounds} rounds in turns, median; ratios are times of the tool / times of chartroom run")
    print(f"{'tool':<38} {'pages/min':>9} {'wall':>6} {'CPU s/page':>11} {'CPU':>6} {'words':>7}")
    for row in rows:
        print(
            f"{row['tool']:<38} {row['pages_per_minute']:>9} {row['wall_ratio']:>6} {row['cpu_seconds_per_page']:>11} "
            f"{row['cpu_ratio']:>6} {row['words']:>7}"
        )
    RESULTS.parent.mkdir(exist_ok=True)
    is_new = not RESULTS.exists()
    with RESULTS.open("a", newline="") as file:
        writer = csv.DictWriter(file, ["date", "pages", *rows[0]])
        if is_new:
            writer.writeheader()
        writer.writerows({"date": datetime.now(UTC).date().isoformat(), "pages": pages, **row} for row in rows)


if __name__ == "__main__":
    main()
