"""All hostile files, by what is wrong with them; `python -m tests.reliability.hostile.corpus FOLDER` writes them out."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

from tests.reliability.hostile import bombs, broken, names, odd_pdfs
from tests.reliability.hostile.item import Item

GROUPS: dict[str, Callable[[], list[Item]]] = {
    "cut": broken.draw_cut,
    "disguised": broken.draw_disguised,
    "odd pictures": broken.draw_odd_pictures,
    "encrypted": broken.draw_encrypted,
    "bytes changed": broken.draw_mutated,
    "active": odd_pdfs.draw_active,
    "loops and lies": odd_pdfs.draw_loops_and_lies,
    "names": names.draw_names,
    "texts": names.draw_texts,
    "bombs of pictures": bombs.draw_picture_bombs,
    "bombs of PDFs": bombs.draw_pdf_bombs,
}


def write_out(folder: Path) -> int:
    """Write every file into a folder of its group; gives how many."""
    written = 0
    for group, draw in GROUPS.items():
        (folder / group).mkdir(parents=True, exist_ok=True)
        for item in draw():
            with open(os.fsencode(folder / group) + b"/" + item.name, "wb") as file:  # noqa: PTH123 - names are bytes
                file.write(item.data)
            written += 1
    return written


if __name__ == "__main__":
    sys.stdout.write(f"{write_out(Path(sys.argv[1]))} hostile files\n")
