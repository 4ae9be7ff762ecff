"""Draws the corpus of tests/data anew: `python -m tests.data.draw`. The same versions of the libraries draw the same bytes."""

import csv
import io
import random
from pathlib import Path

import numpy as np
import zxingcpp
from PIL import Image as Pillow

from ingest.demo import paper, scanner
from ingest.demo.clinic import draw_clinic
from ocr.imaging import Image, cv2
from tests.data import feeds
from tests.given.paper import saved
from tests.given.pdfs import typed_pdf

HERE = Path(__file__).parent
SEED = 20240229
PATIENTS = 10
DPI = (150, 150)

KINDS = ("PROGRESS_NOTE", "DISCHARGE_SUMMARY", "CONSULT", "HP", "OPERATIVE_REPORT", "NURSING_NOTE")
TURNS = (0, 90, 180, 270)
TILTS = (-3.0, -0.8, 0.6, 1.7, 4.0)  # degrees counter-clockwise, as scanners feed paper askew
CODES = {
    "code128": "MRN00123456", "code39": "V2400881", "qrcode": "CHART|P|00123456|V2400881",
    "datamatrix": "LOT 42 0012", "pdf417": "Rivera 00123456 1957-03-14",
}  # fmt: skip


def draw(to: Path) -> None:
    """Write the whole corpus below this folder."""
    rng = random.Random(SEED)
    clinic = draw_clinic(PATIENTS, rng)
    pages = _draw_pages(rng)
    scans = _draw_scans(pages, rng)
    files = {
        **{f"scans/{name}": data for name, data in scans.items()},
        **_draw_turned(pages[0]),
        **_draw_codes(),
        **{f"hl7v2/{name}": data for name, data in feeds.draw_messages(clinic).items()},
        **{f"lists/{name}": data for name, data in feeds.draw_lists(clinic).items()},
        "fhir/bundle.json": feeds.draw_bundle(clinic),
    }
    for name, data in files.items():
        path = to / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _draw_pages(rng: random.Random) -> list[Image]:
    """The first page of a document of each kind, 150 dpi."""
    clinic = draw_clinic(len(KINDS), rng)
    sheets = [
        paper.Sheet(kind, paper.title_of(kind, rng), patient, patient.encounters[0], 1, number % len(paper.STYLES), "")
        for number, (kind, patient) in enumerate(zip(KINDS, clinic, strict=True))
    ]
    return [paper.render(paper.draw_document(sheet, rng).pdf, DPI[0])[0] for sheet in sheets]


def _draw_scans(pages: list[Image], rng: random.Random) -> dict[str, bytes]:
    """Scans in every format that is taken, one of them with a blank side."""
    fax = [((page > 150) * 255).astype(np.uint8) for page in pages]
    return {
        "fax-g4.tif": scanner.write_tiff(fax[:3], DPI, bitonal=True),
        "grey-lzw.tif": scanner.write_tiff(pages[:1], DPI, bitonal=False),
        "photo.jpg": scanner.write_jpeg(pages[1], DPI),
        "grey.png": saved([pages[2]], "PNG"),
        "bitonal.png": saved([pages[3]], "PNG", bitonal=True),
        "bitonal.bmp": saved([pages[4]], "BMP", bitonal=True),
        "images.pdf": scanner.write_pdf([pages[4], np.full_like(pages[4], 255), pages[5]], DPI),
        "born-digital.pdf": typed_pdf(pages=2),
        "speckled.tif": scanner.write_tiff([scanner.by_name("speckled").apply(pages[0], rng)], DPI, bitonal=True),
    }


def _draw_turned(page: Image) -> dict[str, bytes]:
    """The page turned by quarters and tilted, with a table of the angles (clockwise, of the page as it lies)."""
    lies = [(f"turned-{turn}.png", float(turn), np.ascontiguousarray(np.rot90(page, -turn // 90))) for turn in TURNS]
    lies += [(f"tilted-{tilt}.png", -tilt, _tilted(page, tilt)) for tilt in TILTS]
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(("file", "angle_deg"))
    writer.writerows((f"turned/{name}", angle) for name, angle, _ in lies)
    files = {f"turned/{name}": saved([picture], "PNG", bitonal=True) for name, _, picture in lies}
    return {**files, "turned/labels.csv": table.getvalue().encode()}


def _tilted(page: Image, degrees: float) -> Image:
    height, width = page.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    tilted: Image = cv2.warpAffine(page, turn, (width, height), flags=cv2.INTER_LINEAR, borderValue=255)
    return tilted


def _draw_codes() -> dict[str, bytes]:
    """A barcode of each kind on white paper, with its text beside it."""
    files = {}
    for kind, text in CODES.items():
        drawn = np.array(zxingcpp.create_barcode(text, zxingcpp.barcode_format_from_str(kind)).to_image(scale=4))
        sheet = np.full((600, 900), 255, np.uint8)
        sheet[100 : 100 + drawn.shape[0], 60 : 60 + drawn.shape[1]] = drawn
        out = io.BytesIO()
        Pillow.fromarray(sheet).save(out, "PNG")
        files[f"barcodes/{kind}.png"] = out.getvalue()
        files[f"barcodes/{kind}.txt"] = text.encode()
    return files


if __name__ == "__main__":
    draw(HERE)
