"""The log: one JSON object a line, ids only; a newline in a name cannot forge a line."""

import json
import logging
import logging.handlers
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path


class _Lines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "event": record.getMessage(),
        }
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__  # its text may hold chart text
            frames = traceback.extract_tb(record.exc_info[2])
            line["where"] = " < ".join(f"{Path(f.filename).name}:{f.lineno}" for f in reversed(frames[-6:]))
        return json.dumps(line, ensure_ascii=True)


def start_log(folder: Path, *, to_screen: bool = False) -> None:
    """Write the log to folder/chartroom.log (5 × 5 MB, rotated), warnings to the screen if asked."""
    root = logging.getLogger("chartroom")
    root.setLevel(logging.INFO)
    root.propagate = False
    for handler in list(root.handlers):
        root.removeHandler(handler)
        handler.close()
    file = logging.handlers.RotatingFileHandler(folder / "chartroom.log", maxBytes=5_000_000, backupCount=5, delay=True)
    file.setFormatter(_Lines())
    root.addHandler(file)
    if to_screen:
        screen = logging.StreamHandler(sys.stderr)
        screen.setFormatter(_Lines())
        root.addHandler(screen)
