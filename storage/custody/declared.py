"""What an index file says of the scans beside it, and how that differs from what was found.

Scanning programs write such a file with each batch: the files, how many pages each has, and often whose documents they are
(docs/manual-scanning-room.md, "Index files").
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Difference(StrEnum):
    """Six ways in which a folder is not what its index file says; a seventh is an index file that cannot be read."""

    FILE_MISSING = "file_missing"  # named, and not there
    FILE_NOT_LISTED = "file_not_listed"  # there, and not named
    FILE_COUNT = "file_count"
    PAGE_COUNT = "page_count"
    FILE_PAGES = "file_pages"  # pages of one file
    CONTENT = "content"  # its checksum or its size is another
    INDEX_UNREADABLE = "index_unreadable"


SENTENCES: dict[Difference, str] = {
    Difference.FILE_MISSING: "{file} is in the index file and was not there",
    Difference.FILE_NOT_LISTED: "{file} was there and is not in the index file",
    Difference.FILE_COUNT: "{declared} files are declared, {found} were there",
    Difference.PAGE_COUNT: "{declared} pages are declared, {found} were found",
    Difference.FILE_PAGES: "{file}: {declared} pages are declared, {found} were found",
    Difference.CONTENT: "{file} is not the file that the index file means: its checksum or size is another",
    Difference.INDEX_UNREADABLE: "The index file {file} cannot be read: {declared}",
}
"""Each difference as staff read it."""


@dataclass(frozen=True, slots=True)
class DeclaredDocument:
    """One line of an index file: a file of the folder, or pages `first` to `last` (1-based) of it, as one document."""

    file: str
    pages: int | None = None
    first: int | None = None
    last: int | None = None
    mrn: str = ""
    encounter: str = ""
    kind: str = ""  # code of a kind of document
    sha256: str = ""
    size: int | None = None
    document: str = ""  # what it calls the document, where a document has several lines

    @property
    def says(self) -> tuple[str, str, str, str]:
        """What it says of whose document it is, and which."""
        return self.document, self.mrn, self.encounter, self.kind


@dataclass(frozen=True, slots=True)
class Declared:
    """All that the index files of a folder say."""

    indexes: tuple[str, ...]
    documents: tuple[DeclaredDocument, ...] = ()
    files: int | None = None
    pages: int | None = None
    box: str = ""
    unreadable: tuple[tuple[str, str], ...] = ()  # index files that cannot be read, with the reason

    def to_json(self) -> dict[str, Any]:
        """The same for the row of the batch."""
        return {
            "indexes": list(self.indexes),
            "documents": [{k: v for k, v in asdict(one).items() if v not in (None, "")} for one in self.documents],
            "files": self.files,
            "pages": self.pages,
            "box": self.box,
            "unreadable": [list(one) for one in self.unreadable],
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Declared":
        """What `to_json` made."""
        return cls(
            tuple(kept["indexes"]),
            tuple(DeclaredDocument(**one) for one in kept["documents"]),
            kept["files"],
            kept["pages"],
            kept["box"],
            tuple((name, reason) for name, reason in kept["unreadable"]),
        )


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file of a folder as it was found; `pages` None where it could not be opened."""

    name: str  # in the folder, with / between sub-folders
    pages: int | None
    sha256: str
    size: int


def differences(declared: Declared, found: Sequence[FoundFile]) -> list[list[str]]:
    """What differs, each as kind, file, declared and found (`said` makes a sentence of it)."""
    told: list[tuple[Difference, str, object, object]] = [
        (Difference.INDEX_UNREADABLE, name, reason, "") for name, reason in declared.unreadable
    ]
    there = Files(found)
    named: dict[str, list[DeclaredDocument]] = {}
    for document in declared.documents:
        named.setdefault(document.file, []).append(document)
    known = set()
    for name, documents in named.items():
        file = there.find(name)
        if file is None:
            told.append((Difference.FILE_MISSING, name, "", ""))
            continue
        known.add(file.name)
        pages = _pages(documents)
        if pages is not None and file.pages is not None and pages != file.pages:
            told.append((Difference.FILE_PAGES, file.name, pages, file.pages))
        if any(_is_other(document, file) for document in documents):
            told.append((Difference.CONTENT, file.name, "", ""))
    if named:
        told += [(Difference.FILE_NOT_LISTED, file.name, "", "") for file in found if file.name not in known]
    if declared.files is not None and declared.files != len(found):
        told.append((Difference.FILE_COUNT, "", declared.files, len(found)))
    pages_found = sum(file.pages or 0 for file in found)
    if declared.pages is not None and declared.pages != pages_found:
        told.append((Difference.PAGE_COUNT, "", declared.pages, pages_found))
    return [[kind.value, file, str(said), str(seen)] for kind, file, said, seen in told]


def said(difference: Sequence[str]) -> str:
    """A difference as staff read it."""
    kind, file, declared, found = difference
    return SENTENCES[Difference(kind)].format(file=file, declared=declared, found=found)


class Files:
    """The files of a folder, found as index files name them: by path, in any case, with either slash, or by the name alone
    where only one file has it."""

    def __init__(self, files: Sequence[FoundFile]) -> None:
        self._by_path = {_plain(file.name): file for file in files}
        names = Counter(_plain(file.name).rpartition("/")[2] for file in files)
        self._by_name = {name: file for file in files if names[name := _plain(file.name).rpartition("/")[2]] == 1}

    def find(self, name: str) -> FoundFile | None:
        """The file that is meant, or None."""
        plain = _plain(name)
        return self._by_path.get(plain) or self._by_name.get(plain.rpartition("/")[2])


def _plain(name: str) -> str:
    return name.replace("\\", "/").removeprefix("./").casefold()


def _pages(documents: Sequence[DeclaredDocument]) -> int | None:
    """How many pages a file has by its lines: what they add up to, or the last page that one names."""
    if any(document.last for document in documents):
        return max(document.last or 0 for document in documents)
    if all(document.pages is not None for document in documents):
        return sum(document.pages or 0 for document in documents)
    return None


def _is_other(document: DeclaredDocument, file: FoundFile) -> bool:
    is_other_content = bool(document.sha256) and document.sha256.lower() != file.sha256
    return is_other_content or (document.size is not None and document.size != file.size)
