"""What this machine lacks, each finding with its fix."""

import importlib.util
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.settings import load_settings


@dataclass(frozen=True, slots=True)
class Check:
    """One finding; mark is 'ok', '--' (worth knowing) or 'no' (needed and missing)."""

    mark: str
    name: str
    finding: str
    fix: str = ""


def look() -> Iterator[Check]:
    """Every check, cheap ones first."""
    settings = load_settings()
    yield Check("ok" if sys.version_info >= (3, 11) else "no", "Python", sys.version.split()[0], "")
    yield _sqlite()
    yield _opencv()
    yield _engine()
    yield _fonts()
    free = shutil.disk_usage(settings.home if settings.home.exists() else Path.cwd()).free // 1_000_000
    low = free < settings.minimum_free_megabytes
    yield Check(
        "no" if low else "ok",
        "Disk",
        f"{free:,} MB free",
        "Free space: below the floor nothing is taken in." if low else "",
    )
    yield from _home(settings.home, settings.key_file)
    for folder in settings.folders:
        fine = folder.is_dir() and os.access(folder, os.W_OK)
        yield Check(
            "ok" if fine else "--",
            "Hot folder",
            str(folder),
            "" if fine else "It is not there or cannot be written; 'chartroom init' makes it.",
        )
    yield Check("--", "Parsers", "workers run under memory and time limits; they are not confined further", "")


def _sqlite() -> Check:
    from sqlcipher3 import dbapi2

    from storage.foundation.database import OLDEST_SAFE_SQLITE

    fine = dbapi2.sqlite_version_info >= OLDEST_SAFE_SQLITE
    return Check(
        "ok" if fine else "no",
        "Database",
        f"SQLCipher, SQLite {dbapi2.sqlite_version}",
        "" if fine else "Install sqlcipher3 >= 0.6.4.",
    )


def _opencv() -> Check:
    from ocr.errors import ImagingMissing

    try:
        from ocr.imaging import cv2
    except ImagingMissing as error:
        return Check("no", "OpenCV", "cannot start", str(error))
    return Check("ok", "OpenCV", cv2.__version__)


def _engine() -> Check:
    from ocr.errors import OcrError

    try:
        from ocr.tesseract import open_engine

        return Check("ok", "OCR engine", open_engine().name)
    except OcrError as error:
        return Check("no", "OCR engine", "none", str(error))


def _fonts() -> Check:
    has = importlib.util.find_spec("reportlab") is not None
    return Check(
        "ok" if has else "no",
        "PDF writer",
        "reportlab" if has else "missing",
        "" if has else "Run './dev setup'.",
    )


def _home(path: Path, key_file: Path | None) -> Iterator[Check]:
    from ingest.site import load_site
    from storage.foundation.errors import StorageError
    from storage.foundation.home import is_ready
    from storage.foundation.tables.installation import Fact
    from storage.opening import open_home

    if not is_ready(path):
        yield Check("--", "Data home", f"none in {path}", "Run 'chartroom init'.")
        return
    try:
        home = open_home(path, key_file)
    except StorageError as error:
        yield Check("no", "Data home", str(path), str(error))
        return
    yield Check("ok", "Data home", f"{path} (encrypted, key in {home.key_file})")
    with home.reading() as session:
        confirmed = session.get(Fact, "recovery_sheet") is not None
    home.close()
    load_site(path)
    yield Check(
        "ok" if confirmed else "--", "Recovery sheet", "confirmed" if confirmed else "not typed back yet",
        "" if confirmed else "Run 'chartroom key sheet', write it down, then 'chartroom key confirm'.",
    )  # fmt: skip
