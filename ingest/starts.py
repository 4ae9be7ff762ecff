"""Where the files of a folder have documents begin: what its index files declare, and files of several pages among others."""

from collections.abc import Mapping, Sequence

from sqlmodel import Session

from classify.split import Start
from storage.custody import batches
from storage.custody.declared import Declared, DeclaredDocument, Files, FoundFile
from storage.foundation.tables.custody import Batch, Page


def declared_starts(session: Session, batch_id: int, rows: Sequence[Page]) -> Mapping[int, Start]:
    """By the number of its first page in the batch. A file that was dropped by itself has none: its pages tell."""
    batch = session.get_one(Batch, batch_id)
    if batch.folder_claim is None or not rows:
        return {}
    starts: dict[int, Start] = {}
    found, first = list[FoundFile](), dict[str, int]()
    for file, source in batches.files_of(session, batch_id):
        if file.first_number is None or not file.pages_found:
            continue
        if file.pages_found > 1:
            starts[file.first_number] = Start()
            starts.setdefault(file.first_number + file.pages_found, Start())
        name = batches.name_inside(batch, source)
        found.append(FoundFile(name, file.pages_found, source.sha256, source.size))
        first[name] = file.first_number
    if batch.declared is not None:
        _add_declared(starts, Declared.from_json(batch.declared), Files(found), first)
    return starts


def _add_declared(starts: dict[int, Start], declared: Declared, files: Files, first: Mapping[str, int]) -> None:
    """A document of the index file ends with its last page: what follows it is no part of it.

    A line for each page image (a list of files, or the same patient and kind again and again) says no document's end; lines
    that bear the number of one document are that document.
    """
    seen: dict[str, int] = {}
    before: DeclaredDocument | None = None
    for document in declared.documents:
        file = files.find(document.file)
        if file is None or file.pages is None:
            continue
        begin, end = _pages_of(document, file.pages, seen.get(file.name, 1))
        seen[file.name] = end + 1
        if not 1 <= begin <= file.pages:
            continue  # pages that are not there: told as a difference
        number, after = first[file.name] + begin - 1, first[file.name] + min(end, file.pages)
        is_part = file.pages == 1 and not document.document
        if before is not None and document.says == before.says and (document.document or is_part):
            starts.pop(number, None)
        elif not is_part or any(document.says):
            starts[number] = Start(not is_part, document.mrn, document.encounter, document.kind)
        if not is_part:
            starts.setdefault(after, Start())
        before = document


def _pages_of(document: DeclaredDocument, pages: int, after: int) -> tuple[int, int]:
    """First and last page of a declared document in its file: as named, or so many after the one before, or all that is left."""
    begin = document.first or after
    if document.last:
        return begin, document.last
    return begin, begin + document.pages - 1 if document.pages else pages
