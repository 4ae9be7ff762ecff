"""How each hot folder is used: `[[hot_folders]]` of profile.toml. Read without the rest of the profile, for the watch that
has no work needs none of it."""

import tomllib
from dataclasses import dataclass, field, fields
from enum import StrEnum
from pathlib import Path
from typing import Any

from ingest.problems import ProfileProblem
from storage.custody.receiving import Origin


class Completion(StrEnum):
    """What says that a scan in a folder is whole."""

    QUIET = "quiet"  # nobody writes it, its end is there, and it has been still for long enough; a signal shortens that
    SIGNAL = "signal"  # only `name.done`, or for a folder an index file whose files are all there
    RENAME = "rename"  # the writer gives a file its name when it is whole: no quiet time


@dataclass(frozen=True, slots=True)
class FolderWays:
    """How one hot folder is used."""

    completion: Completion = Completion.QUIET
    origin: Origin = field(default_factory=Origin)


_ENTRIES = ("path", "completion", *(part.name for part in fields(Origin)))

EXAMPLE = {"path": "/srv/scans/ward-3", "completion": "signal", "station": "Ward 3", "scanner": "fi-7160"}


def read_folder_ways(file: str, entries: object) -> dict[Path, FolderWays]:
    """The tables [[hot_folders]] of a profile, by path; ProfileProblem names a bad entry of `file`."""
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise ProfileProblem(f'{file}: a hot folder is written as a table, [[hot_folders]] with path = "…".')
    found: dict[Path, FolderWays] = {}
    for entry in entries:
        path = _path(file, entry)
        if path in found:
            raise ProfileProblem(f"{file}: hot_folders names {path} twice.")
        found[path] = _ways(file, entry)
    return found


def _path(file: str, entry: dict[str, Any]) -> Path:
    for name, value in entry.items():
        if name not in _ENTRIES:
            raise ProfileProblem(f"{file}: hot_folders has no entry '{name}'. Known: {', '.join(_ENTRIES)}.")
        if not isinstance(value, str):
            raise ProfileProblem(f"{file}: hot_folders.{name} is written in quotes.")
    if not entry.get("path") or not Path(entry["path"]).is_absolute():
        raise ProfileProblem(f"{file}: each of hot_folders needs its whole path, such as {EXAMPLE['path']!r}.")
    return Path(entry["path"])


def _ways(file: str, entry: dict[str, str]) -> FolderWays:
    said = entry.get("completion", Completion.QUIET.value)
    if said not in tuple(Completion):
        raise ProfileProblem(f"{file}: hot_folders.completion is one of {', '.join(Completion)}, not {said!r}.")
    return FolderWays(Completion(said), Origin(**{part.name: entry.get(part.name, "") for part in fields(Origin)}))


def load_folder_ways(home: Path) -> dict[Path, FolderWays]:
    """What profile.toml of a data home says of its hot folders; nothing where there is none."""
    path = home / "profile.toml"
    if not path.exists():
        return {}
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ProfileProblem(f"{path.name} is not valid TOML: {error}") from error
    return read_folder_ways(path.name, raw.get("hot_folders", []))
