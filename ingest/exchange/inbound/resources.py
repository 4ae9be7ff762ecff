"""The resources in a FHIR file, whatever it is called: NDJSON, one resource as JSON, a list of them, or a Bundle.

FHIR R4 §2.6 (JSON), §2.36 (Bundle). A Bundle's patients come before its visits, which may stand in any order there.
"""

import codecs
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from storage.foundation.errors import RosterProblem

_TRIED_LINES = 20
"""One whole line among so many, and a file is NDJSON with bad lines; none, and it is one damaged JSON value."""

_NO_RESOURCE = "this is no FHIR resource that can be read"


@dataclass(frozen=True, slots=True)
class Entry:
    """A resource, where it stands, and the address that a Bundle gives it; `is_of_bundle`: others stand beside it."""

    where: str
    resource: dict[str, Any]
    full_url: str = ""
    is_of_bundle: bool = False


@dataclass(frozen=True, slots=True)
class Bad:
    """A line or an entry that holds no resource, and why."""

    where: str
    why: str


def read_resources(path: Path) -> Iterator[Entry | Bad]:
    """Every resource of a file; what cannot be read comes as Bad, and the rest after it."""
    is_wide = _is_utf16(path)
    if is_wide or not _is_whole(next((line for line in _lines(path) if line.strip()), b"")):
        text = _text(path)
        if text is not None and (whole := _parsed(text)) is not None:
            yield from _entries("", whole)
            return
        beginning = islice((line for line in _lines(path) if line.strip()), _TRIED_LINES)
        if is_wide or not any(map(_is_whole, beginning)):
            raise RosterProblem(f"{path.name} is JSON that ends too early or is damaged. Export it again.")
    for number, line in enumerate(_lines(path), start=1):
        if line.strip():
            yield from _of_line(f"line {number}", line)


def characters_of(path: Path) -> str:
    """What the letters of a file are read as."""
    return "UTF-16 (JSON)" if _is_utf16(path) else "UTF-8 (JSON)"


def _of_line(where: str, line: bytes) -> Iterator[Entry | Bad]:
    try:
        text = line.decode("utf-8-sig")
    except UnicodeDecodeError:
        yield Bad(where, "its letters are not UTF-8, as JSON is; export it as UTF-8")
        return
    parsed = _parsed(text)
    if parsed is None:
        yield Bad(where, _NO_RESOURCE)
    else:
        yield from _entries(where, parsed)


def _entries(where: str, parsed: Any) -> Iterator[Entry | Bad]:
    """What a JSON value holds: a resource, or those of a Bundle or a list, patients first."""
    if isinstance(parsed, list):
        listed = [({"resource": one}, f"{where} entry {i}".strip()) for i, one in enumerate(parsed, start=1)]
    elif isinstance(parsed, dict) and parsed.get("resourceType") == "Bundle":
        entries = parsed.get("entry", [])
        if not isinstance(entries, list):
            yield Bad(where or "the Bundle", _NO_RESOURCE)
            return
        listed = [(one, f"{where} entry {i}".strip()) for i, one in enumerate(entries, start=1)]
    elif isinstance(parsed, dict):
        yield Entry(where or "resource", parsed)
        return
    else:
        yield Bad(where or "the file", _NO_RESOURCE)
        return
    for one, place in sorted(listed, key=lambda entry: _kind(entry[0]) != "Patient"):
        yield from _of_bundle(place, one)


def _of_bundle(where: str, entry: Any) -> Iterator[Entry | Bad]:
    if not isinstance(entry, dict):
        yield Bad(where, _NO_RESOURCE)
        return
    request = entry.get("request")
    if isinstance(request, dict) and request.get("method") == "DELETE":
        yield Bad(where, "it deletes a resource, and nobody is deleted from this list")
        return
    resource = entry.get("resource")
    if isinstance(resource, dict) and resource.get("resourceType") == "Bundle":
        yield from _entries(where, resource)
    elif isinstance(resource, dict):
        yield Entry(where, resource, str(entry.get("fullUrl") or ""), is_of_bundle=True)
    elif resource is not None:
        yield Bad(where, _NO_RESOURCE)


def _kind(entry: Any) -> str:
    resource = entry.get("resource") if isinstance(entry, dict) else None
    return str(resource.get("resourceType")) if isinstance(resource, dict) else ""


def _lines(path: Path) -> Iterator[bytes]:
    with path.open("rb") as lines:
        yield from lines


def _is_whole(line: bytes) -> bool:
    """Whether a line is a JSON value by itself, as each line of NDJSON is."""
    return _parsed(line.decode("utf-8-sig", errors="replace")) is not None


def _parsed(text: str) -> Any:
    """The JSON value of a text, or None; half a character (a lone surrogate) cannot be kept."""
    try:
        value = json.loads(text)
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return None
    return value


def _text(path: Path) -> str | None:
    data = path.read_bytes()
    try:
        return data.decode("utf-16" if _is_utf16(path) else "utf-8-sig")
    except UnicodeDecodeError:
        return None


def _is_utf16(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
