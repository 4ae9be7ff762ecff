"""Which feed a file is: told by what is in it, not by its name."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from classify.profile import Profile
from ingest.feeds import adt, table
from ingest.feeds.fhir import FhirList
from storage.errors import RosterProblem
from storage.roster.said import Said


def read_files(paths: Sequence[Path], profile: Profile) -> Iterator[tuple[str, Said | Exception]]:
    """What all these files say, in their order; where a file is one of several its name stands before the line."""
    own = tuple(profile.mrn_authorities)
    resources = FhirList(own)
    for path in paths:
        if len(paths) == 1:
            yield from _read(path, profile, own, resources)
            continue
        try:
            for where, said in _read(path, profile, own, resources):
                yield f"{path.name} {where}", said
        except RosterProblem as problem:  # the other files are loaded
            yield path.name, problem


def _read(
    path: Path, profile: Profile, own: tuple[str, ...], resources: FhirList
) -> Iterator[tuple[str, Said | Exception]]:
    try:
        with path.open("rb") as file:
            start = file.read(4096)
    except OSError as error:
        raise RosterProblem(f"{path.name} cannot be read ({error.strerror}).") from error
    begins = start.lstrip(b"\xef\xbb\xbf\x0b \t\r\n")
    if begins[:3] in (b"MSH", b"FHS", b"BHS"):
        return adt.read_messages(path.read_bytes(), own)
    if begins[:1] == b"{":
        return resources.read(path)
    return table.read_table(path, profile.roster_columns, day_first=profile.day_first)
