"""Stacks of benchmark charts through a scanner and through reading, so that understanding is measured from pixels."""

import pickle
import random
from dataclasses import dataclass, replace
from multiprocessing import Pool
from pathlib import Path

import numpy as np
from PIL import Image as Pillow

from benchmarks.charts import Drawn, draw_hospital, draw_stack
from benchmarks.damage import by_name
from benchmarks.processes import CORES
from ingest.demo.paper import render
from ocr.page import OcrPage

DAMAGES = ("clean", "office", "office", "skew", "faded", "low contrast", "speckle", "fax fine", "150 dpi", "100 dpi")
"""As scanners leave pages, the worst kinds left out: what cannot be read cannot be understood."""


@dataclass(frozen=True, slots=True)
class ReadStack:
    """A stack as it was read: its pages in order, and the documents they are, with their damage."""

    pages: list[OcrPage]
    documents: list[Drawn]
    damages: list[str]


def read_stacks(
    hospitals: int, documents: int, *, held_out: bool, seed: int = 0, kept: Path | None = None
) -> list[ReadStack]:
    """That many hospitals' stacks, read on all cores; readings are kept in `kept` between runs of a developer."""
    file = kept / f"stacks-{hospitals}-{documents}-{int(held_out)}-{seed}.pickle" if kept else None
    if file and file.exists():
        stacks: list[ReadStack] = pickle.loads(file.read_bytes())
        return stacks
    jobs = [(seed * 1000 + number, documents, held_out) for number in range(hospitals)]
    with Pool(CORES) as pool:
        stacks = pool.map(_read_stack, jobs, chunksize=1)
    if file:
        file.write_bytes(pickle.dumps(stacks))
    return stacks


def _read_stack(job: tuple[int, int, bool]) -> ReadStack:
    from ocr.read import WORDS_ONLY, read_page
    from ocr.signature import Kind

    seed, documents, held_out = job
    drawn = draw_stack(draw_hospital(seed, held_out=held_out), documents, seed)
    rng = random.Random(seed)
    pages: list[OcrPage] = []
    damages = []
    for document in drawn:
        damage = by_name(rng.choice(DAMAGES))
        damages.append(damage.name)
        for image in render(document.pdf):
            number = len(pages) + 1
            scanned = damage.apply(image, np.random.default_rng(seed * 100 + number))
            png = _png(scanned, damage.dpi)
            read = read_page(png, Kind.PNG, 1, WORDS_ONLY)
            pages.append(replace(read.page, number=number))
            document.printed_on.append(number)
    return ReadStack(pages, drawn, damages)


def _png(image: np.ndarray, dpi: tuple[int, int]) -> bytes:
    import io

    out = io.BytesIO()
    Pillow.fromarray(image if image.ndim == 2 else image[:, :, ::-1]).save(out, "PNG", dpi=dpi)
    return out.getvalue()
