"""The manifest comes back as it was written; any other is told, with what is wrong."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from storage.backup.manifest import Manifest, Part, load_manifest
from storage.backup.place import MANIFEST, PARTS, Place
from storage.foundation.errors import BackupDamaged
from storage.foundation.folders import make_folder

MASTER = bytes(range(32))
ID = "20260301T020000Z-4fe2a1"
MADE = Manifest(
    backup=ID, home="ab", made_at="2026-03-01T02:00:00+00:00", schema="0013", recipient="age1x", database="cd",
    parts=tuple(Part(name, 1, "ef") for name in PARTS), files=1, size=2, missing=("gh",), documents=3, pages=4, lines=5,
    head="ij",
).sealed(MASTER)  # fmt: skip


def _kept(folder: Path, content: bytes) -> Place:
    there = Place(folder)
    make_folder(there.backup(ID))
    (there.backup(ID) / MANIFEST).write_bytes(content)
    return there


def test_it_comes_back_as_it_was_written(tmp_path: Path) -> None:
    read = load_manifest(_kept(tmp_path, MADE.as_bytes()), ID)
    assert read == MADE
    assert read.is_sealed_by(MASTER)
    assert read.part(PARTS[0]).size == 1


@pytest.mark.parametrize(
    "change", [{"documents": 2}, {"missing": ()}, {"head": "x"}, {"home": "other"}, {"seal": "0" * 64}]
)
def test_whatever_is_changed_breaks_its_seal(change: dict[str, object]) -> None:
    assert not replace(MADE, **change).is_sealed_by(MASTER)  # type: ignore[arg-type]
    assert not MADE.is_sealed_by(bytes(32))


def _without(name: str) -> bytes:
    kept = json.loads(MADE.as_bytes())
    kept.pop(name)
    return json.dumps(kept).encode()


def _with(**changed: object) -> bytes:
    return json.dumps(json.loads(MADE.as_bytes()) | changed).encode()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "was changed or cut"),
        (MADE.as_bytes()[:-20], "was changed or cut"),
        (b"[]", "was changed"),
        (_without("lines"), "was changed"),
        (_without("parts"), "was changed"),
        (_with(parts=[]), "was changed"),
        (_with(made_at="yesterday"), "was changed"),
        (_with(made_at="2026-03-01T02:00:00"), "was changed"),  # no zone
        (_with(parts="x"), "was changed"),
        (_with(backup="another"), "is mixed up: it is that of the backup another"),
        (_with(format=2), "was written by a newer Chartroom"),
    ],
)
def test_what_is_no_manifest_of_this_backup_is_told(tmp_path: Path, content: bytes, why: str) -> None:
    with pytest.raises(BackupDamaged, match=why):
        load_manifest(_kept(tmp_path, content), ID)


def test_a_backup_without_it_did_not_come_to_its_end(tmp_path: Path) -> None:
    there = Place(tmp_path)
    make_folder(there.backup(ID))
    assert not there.is_whole(ID)
    with pytest.raises(BackupDamaged, match="did not come to its end"):
        load_manifest(there, ID)
