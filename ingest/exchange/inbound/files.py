"""Which feed a file is: told by what is in it, not by its name."""

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from ingest.exchange.inbound import adt, table
from ingest.exchange.inbound.account import Note, Tell, Topic
from ingest.exchange.inbound.fhir import FhirList
from ingest.site import Site
from storage.foundation.errors import RosterProblem
from storage.roster.messages import RosterMessage

_MESSAGE = re.compile(rb"(?:\A|[\r\n\x0b])\s*(?:MSH|FHS|BHS)[^A-Za-z0-9\s,;\"]")


def read_files(
    paths: Sequence[Path],
    site: Site,
    note: Callable[[Note], None] = lambda note: None,
    *,
    day_first: bool | None = None,
) -> Iterator[tuple[str, RosterMessage | Exception]]:
    """What all these files say, in their order; where a file is one of several its name stands before the line.

    `note` takes what each file was read as, and what of it was left out. `day_first` is what a person said of the dates
    in these tables, None when nobody did.
    """
    own = tuple(site.mrn_authorities)
    resources = FhirList(own)
    is_alone = len(paths) == 1
    for path in paths:

        def tell(topic: Topic, text: str, name: str = path.name) -> None:
            note(Note(name, topic, text))

        try:
            for where, said in _read(path, site, own, resources, tell, day_first=day_first):
                yield where if is_alone else f"{path.name} {where}", said
        except RosterProblem as problem:
            if is_alone:
                raise
            yield path.name, ValueError(str(problem).removeprefix(path.name).lstrip(": "))  # the other files are loaded
    for name, where, waited in resources.rest():
        yield where if is_alone else f"{name} {where}", waited


def _read(
    path: Path, site: Site, own: tuple[str, ...], resources: FhirList, tell: Tell, *, day_first: bool | None
) -> Iterator[tuple[str, RosterMessage | Exception]]:
    try:
        with path.open("rb") as file:
            start = file.read(4096)
    except OSError as error:
        raise RosterProblem(f"{path.name} cannot be read ({error.strerror}).") from error
    begins = start.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe\x0b \t\r\n")
    if begins[:1] in (b"{", b"["):
        return resources.read(path, tell)
    if _MESSAGE.search(begins):
        return adt.read_messages(path.read_bytes(), own, tell)
    return table.read_table(
        path,
        site.roster_columns,
        day_first=site.profile.day_first if day_first is None else day_first,
        is_confirmed=day_first is not None,
        asks=day_first is None and not site.names_order_of_dates,
        tell=tell,
    )
