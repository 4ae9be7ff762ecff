"""Pages as they were dropped, drawn for a person who compares them with what was filed.

A dropped file may be hostile, so it is opened in a process of its own (ingest/drawing.py), and one at a time.
"""

import json
import logging
import subprocess
import sys
import threading
from dataclasses import asdict

from ingest.pagework import limits_of
from ingest.settings import Settings
from storage.documents.asdropped import DroppedPage
from storage.foundation.home import Home

log = logging.getLogger("chartroom.desk")

_one_at_a_time = threading.Lock()


def render_as_dropped(home: Home, settings: Settings, page: DroppedPage) -> bytes | None:
    """The JPEG of a page as it was dropped; None when it cannot be drawn: the log says that."""
    asked = {
        "path": str(home.vault.path(page.blob.id)),
        "data_key": home.vault.unwrap(page.blob).hex(),
        "content_mac": page.blob.content_mac,
        "number": page.number,
        "limits": asdict(limits_of(settings)),
        "megabytes": settings.worker_megabytes,
    }
    try:
        with _one_at_a_time:
            ended = subprocess.run(
                [sys.executable, "-m", "ingest.drawing"],
                input=json.dumps(asked).encode(),
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,  # what a decoder says may hold what stands in the file
                timeout=settings.page_seconds,
                check=False,
            )
    except subprocess.TimeoutExpired:
        log.error("a page as it was dropped took longer than %g s to draw", settings.page_seconds)
        return None
    if ended.returncode:
        log.error("a page as it was dropped could not be drawn (exit code %d)", ended.returncode)
        return None
    return ended.stdout
