"""What stands in an .xlsx, read without the library that wrote it (ECMA-376 part 1, 18.3 and 18.4)."""

import io
import re
import zipfile
from xml.etree import ElementTree

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def sheet_of(workbook: bytes) -> bytes:
    """The XML of its first sheet."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as file:
        return file.read("xl/worksheets/sheet1.xml")


def texts_of(workbook: bytes) -> list[str]:
    """The texts of all cells that hold text, row by row; an empty cell that is formatted is an empty text."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as file:
        names = file.namelist()
        shared = file.read("xl/sharedStrings.xml") if "xl/sharedStrings.xml" in names else b"<sst/>"
    strings = ["".join(part.text or "" for part in item.iter(f"{_MAIN}t")) for item in ElementTree.fromstring(shared)]
    found = []
    for cell in ElementTree.fromstring(sheet_of(workbook)).iter(f"{_MAIN}c"):
        value = cell.find(f"{_MAIN}v")
        if cell.get("t") == "s" and value is not None:
            found.append(strings[int(value.text or "")])
        elif value is None:
            found.append("")
    return found


def formulas_of(workbook: bytes) -> list[str]:
    """The formulas of all cells."""
    return [cell.text or "" for cell in ElementTree.fromstring(sheet_of(workbook)).iter(f"{_MAIN}f")]


def formats_of(workbook: bytes) -> set[str]:
    """The number formats of the cells that hold text; `@` is Excel's format 49, Text."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as file:
        styles = file.read("xl/styles.xml").decode()
    formats = re.findall(r'<xf numFmtId="(\d+)"', styles.partition("<cellXfs")[2].partition("</cellXfs>")[0])
    cells = ElementTree.fromstring(sheet_of(workbook)).iter(f"{_MAIN}c")
    return {
        "@" if formats[int(cell.get("s") or 0)] == "49" else formats[int(cell.get("s") or 0)]
        for cell in cells
        if cell.get("t") == "s"
    }
