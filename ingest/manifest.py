"""Index files that scanning programs write beside their scans: CSV, JSON or XML, each program's heads in its own words.

A line that names a file is a document; a line or entry of totals says how many files and pages there are. Nothing but the
names below is understood, and a file that says none of it is told as one that cannot be read.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from xml.etree import ElementTree

from classify import doctypes
from storage.custody.declared import Declared, DeclaredDocument
from storage.custody.receiving import Origin

ENDINGS = (b".csv", b".json", b".xml")

_HEADS = 3
"""Known heads in a line that make it the line of heads, where none is that of a file."""

_OF_A_DOCUMENT = frozenset({"mrn", "encounter", "kind", "document", "first", "sha256"})
"""What an index file without the name of a file says of the one scan beside it."""

LARGEST = 20_000_000
"""Bytes of an index file that is read: 100,000 lines are some 10 MB."""

_WORDS: dict[str, tuple[str, ...]] = {
    "file": ("file", "filename", "image", "imagefile", "imagename", "path", "filepath", "document file", "scan"),
    "pages": ("pages", "page count", "pagecount", "number of pages", "num pages", "no of pages", "images", "image count"),
    "first": ("first", "first page", "start page", "from page", "page from", "page start"),
    "last": ("last", "last page", "end page", "to page", "page to", "page end"),
    "mrn": ("mrn", "medical record number", "patient id", "patient number", "patient no", "unit number", "chart number"),
    "encounter": ("encounter", "visit", "visit number", "account", "account number", "csn", "encounter number"),
    "kind": ("type", "kind", "document type", "doc type", "doctype", "form type"),
    "document": ("document id", "doc id", "document number", "document no", "doc no", "documentid"),
    "sha256": ("sha256", "checksum", "hash"),
    "size": ("size", "bytes", "file size"),
    "files": ("files", "file count", "number of files", "total files"),
    "total_pages": ("total pages", "page total", "batch pages"),
    "box": ("box", "box number", "carton"),
    "station": ("station", "workstation", "scan station"),
    "scanner": ("scanner", "device", "scanner name"),
    "operator": ("operator", "user", "scanned by", "scan operator"),
}  # fmt: skip

_OF_WORD = {re.sub(r"[^a-z0-9]", "", word): name for name, words in _WORDS.items() for word in words}


class UnreadableIndex(Exception):
    """An index file says nothing that is understood; the sentence says why."""


def is_index(name: bytes) -> bool:
    """Whether a file beside scans is taken for an index file."""
    return name.lower().endswith(ENDINGS)


NO_SCAN = "\0"
"""A name that no file has: stands for the scan that has not come yet, of an index file that is written for one."""


def scan_beside(name: str, scans: Iterable[str]) -> str:
    """The scan for which an index file of this name is written: `7.xml` or `7.tif.xml` for `7.tif`; empty for none, or several."""
    stem = name.rpartition(".")[0].casefold()
    found = [scan for scan in scans if stem in (scan.casefold(), scan.rpartition(".")[0].casefold())]
    return found[0] if len(found) == 1 else ""


def read_index(name: str, content: bytes, scan: str = "") -> tuple[Declared, Origin]:
    """What one index file says; `scan` is the one for which it is written if it names none (`scan_beside`).

    UnreadableIndex says why it cannot be read.
    """
    if len(content) > LARGEST:
        raise UnreadableIndex("it is larger than 20 MB")
    ending = name.lower().rpartition(".")[2]
    try:
        records = list({"csv": _of_csv, "json": _of_json, "xml": _of_xml}[ending](content))
    except (ValueError, csv.Error, ElementTree.ParseError, RecursionError) as error:
        raise UnreadableIndex(f"it is no valid {ending.upper()}") from error
    documents, totals = [], dict[str, str]()
    for record in records:
        named = _named(record)
        if "file" in named and _is_total(named["file"]):
            named["total_pages"] = named.pop("pages", "")
            del named["file"]
        if "file" in named:
            documents.append(_document(named))
            totals |= {name: named[name] for name in ("box", "station", "scanner", "operator") if named.get(name)}
        else:
            totals |= {name: value for name, value in named.items() if value}
    if scan and not documents and _OF_A_DOCUMENT & totals.keys():
        documents = [_document({**totals, "file": scan})]
        totals.pop("pages", None)
    if not documents and not {"files", "pages", "total_pages"} & totals.keys():
        raise UnreadableIndex("no line of it names a file or says how many there are")
    origin = Origin(totals.get("station", ""), totals.get("scanner", ""), totals.get("operator", ""))
    declared = Declared(
        (name,),
        tuple(documents),
        _count(totals.get("files")),
        _count(totals.get("total_pages") or totals.get("pages")),
        totals.get("box", ""),
    )
    return declared, origin


def read_indexes(files: Mapping[str, bytes], scans: Sequence[str] = ()) -> tuple[Declared | None, Origin]:
    """What all index files of a folder of these scans say together; None when there is none."""
    if not files:
        return None, Origin()
    found, origin, unreadable = list[Declared](), Origin(), list[tuple[str, str]]()
    for name, content in sorted(files.items()):
        try:
            declared, by = read_index(name, content, scan_beside(name, scans))
        except UnreadableIndex as error:
            unreadable.append((name, str(error)))
        else:
            found.append(declared)
            origin = origin.over(by)
    return (
        Declared(
            tuple(sorted(files)),
            tuple(document for one in found for document in one.documents),
            _sum([one.files for one in found]),
            _sum([one.pages for one in found]),
            next((one.box for one in found if one.box), ""),
            tuple(unreadable),
        ),
        origin,
    )


def _sum(counts: list[int | None]) -> int | None:
    said = [count for count in counts if count is not None]
    return sum(said) if said else None


def _named(record: Mapping[str, str]) -> dict[str, str]:
    """A record under our names; what is not understood is left out."""
    named: dict[str, str] = {}
    for head, value in record.items():
        if our := _OF_WORD.get(re.sub(r"[^a-z0-9]", "", head.lower())):
            named.setdefault(our, value.strip())
    return {name: value for name, value in named.items() if value}


def _is_total(name: str) -> bool:
    return bool(re.fullmatch(r"[#*\s]*(?:grand )?totals?:?\s*", name, re.IGNORECASE))


def _document(named: Mapping[str, str]) -> DeclaredDocument:
    first, last = _count(named.get("first")), _count(named.get("last"))
    sha256 = named.get("sha256", "").lower().removeprefix("sha256:")
    return DeclaredDocument(
        file=named["file"],
        pages=_count(named.get("pages")),
        first=first,
        last=last,
        mrn=named.get("mrn", ""),
        encounter=named.get("encounter", ""),
        kind=_kind(named.get("kind", "")),
        sha256=sha256 if re.fullmatch(r"[0-9a-f]{64}", sha256) else "",
        size=_count(named.get("size")),
        document=named.get("document", ""),
    )


def _kind(said: str) -> str:
    """The code of a kind of document that is called so: by its code, its name or its LOINC; empty for none of ours."""
    plain = said.casefold().strip()
    for row in doctypes.table():
        if plain and plain in (row.code.casefold(), row.name.casefold(), row.loinc):
            return row.code
    return ""


def _count(said: str | None) -> int | None:
    """A count or page number; None where none is said, or none that can be."""
    return int(said) if said and re.fullmatch(r"\d{1,9}", said) else None


def _text(content: bytes) -> str:
    """The text of a file in UTF-8, UTF-16 with a mark, or the Windows code page of western Europe."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _of_csv(content: bytes) -> Iterator[dict[str, str]]:
    """Records under the first line that holds a head we know; lines before it as "name, value"."""
    text = _text(content)
    sample = text[:8192]
    separator = max(",;\t|", key=lambda mark: sum(mark in line for line in sample.splitlines()))
    heads: list[str] | None = None
    for line in csv.reader(io.StringIO(text), delimiter=separator):
        cells = [cell.strip() for cell in line]
        if not any(cells):
            continue
        if heads is None:
            known = [cell for cell in cells if re.sub(r"[^a-z0-9]", "", cell.lower()) in _OF_WORD]
            if (
                any(_OF_WORD[re.sub(r"[^a-z0-9]", "", cell.lower())] == "file" for cell in known)
                or len(known) >= _HEADS
            ):
                heads = cells
            elif len(cells) > 1:
                yield {cells[0].rstrip(":"): cells[1]}
        elif cells[0].startswith("#") and len(cells) > 1 and not _is_total(cells[0]):
            yield {cells[0].lstrip("# ").rstrip(":"): cells[1]}
        else:
            yield dict(zip(heads, cells, strict=False))


def _of_json(content: bytes) -> Iterator[dict[str, str]]:
    yield from _records(json.loads(_text(content)))


def _records(value: Any) -> Iterator[dict[str, str]]:
    """Every object in a JSON value, its plain entries as text, outer ones first."""
    if isinstance(value, dict):
        plain = {
            str(name): str(one) for name, one in value.items() if isinstance(one, str | int | float) and one is not True
        }
        if plain:
            yield plain
        for one in value.values():
            yield from _records(one)
    elif isinstance(value, list):
        for one in value:
            yield from _records({"file": one} if isinstance(one, str) else one)


def _of_xml(content: bytes) -> Iterator[dict[str, str]]:
    """Every element with attributes or plain children, outer ones first. A DTD is refused: entities may grow without end."""
    if re.search(rb"<!(?:DOCTYPE|ENTITY)", content[:LARGEST], re.IGNORECASE):
        raise ValueError("a DTD")
    for element in ElementTree.fromstring(content).iter():
        record = {_tag(name): value for name, value in element.attrib.items()}
        record |= {_tag(child.tag): child.text or "" for child in element if not len(child)}
        if record:
            yield record


def _tag(name: str) -> str:
    return name.rpartition("}")[2]
