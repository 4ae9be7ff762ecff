"""The log: one JSON object a line, ids only; a newline in a name cannot forge a line.

This is the one place where logging is configured. Libraries log what they cannot read, and that is chart text: of their
records only who, how grave and where in their code is written, and nothing of them is printed.
"""

import json
import logging
import logging.handlers
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path

_OURS = "chartroom"


class _Lines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
        }
        if record.name == _OURS or record.name.startswith(f"{_OURS}."):
            line["event"] = record.getMessage()
        else:  # its text may hold chart text, and so may its name when it is a path
            line["from"] = Path(record.name).name
            line["event"] = f"a library's record at {Path(record.pathname).name}:{record.lineno}"
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__  # its text may hold chart text
            frames = traceback.extract_tb(record.exc_info[2])
            line["where"] = " < ".join(f"{Path(f.filename).name}:{f.lineno}" for f in reversed(frames[-6:]))
        return json.dumps(line, ensure_ascii=True)


class _Dropped(logging.NullHandler):
    """Takes the records of libraries while no log is open; without it logging prints them (logging.lastResort)."""


class _Kept(logging.handlers.RotatingFileHandler):
    """Writes the log of this home."""


def silence_libraries() -> None:
    """No library prints a log record or a warning from now on; each process calls this first, and it may be called again."""
    root = logging.getLogger()
    if not any(isinstance(handler, _Dropped) for handler in root.handlers):
        root.addHandler(_Dropped())
    logging.captureWarnings(capture=True)


def start_log(folder: Path, *, to_screen: bool = False) -> None:
    """Write the log to folder/chartroom.log (5 × 5 MB, rotated), warnings to the screen if asked.

    Warnings of libraries go there too, without their text.
    """
    silence_libraries()
    ours, root = logging.getLogger(_OURS), logging.getLogger()
    ours.setLevel(logging.INFO)
    ours.propagate = False
    for logger, handler in [
        *((ours, h) for h in ours.handlers),
        *((root, h) for h in root.handlers if isinstance(h, _Kept)),
    ]:
        logger.removeHandler(handler)
        handler.close()
    file = _Kept(folder / "chartroom.log", maxBytes=5_000_000, backupCount=5, delay=True)
    file.setFormatter(_Lines())
    ours.addHandler(file)
    root.addHandler(file)
    if to_screen:
        screen = logging.StreamHandler(sys.stderr)
        screen.setFormatter(_Lines())
        ours.addHandler(screen)
