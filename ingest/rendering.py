"""Pages as they were dropped, drawn for a person who compares them with what was filed: the file is opened by a worker, for a
dropped file may be hostile, and by one at a time."""

import threading

from ingest.context import log_error
from ingest.pagework import limits_of
from ingest.settings import Settings
from ingest.worker import FileRefused, SealedFile, draw_as_dropped, work_pool
from storage.documents.asdropped import DroppedPage
from storage.foundation.home import Home

_one_at_a_time = threading.Lock()


def render_as_dropped(home: Home, settings: Settings, page: DroppedPage) -> bytes | None:
    """The JPEG of a page as it was dropped; None when it cannot be drawn: the log says why."""
    file = SealedFile(home.vault.path(page.blob.id), home.vault.unwrap(page.blob), page.blob.content_mac)
    with _one_at_a_time, work_pool(1, settings.worker_megabytes) as pool:
        try:
            drawn = pool.submit(
                draw_as_dropped, file, page.number, limits_of(settings), seconds=settings.page_seconds
            ).result()
        except Exception as error:  # noqa: BLE001 - whatever ends a worker ends this picture only
            log_error(error, "a page as it was dropped")
            return None
    return None if isinstance(drawn, FileRefused) else bytes(drawn)
