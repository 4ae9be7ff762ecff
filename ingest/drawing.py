"""A process that draws one page of a dropped file and ends: what to draw, and the key of the file, come over a pipe.

Nothing is imported here but what opens files: somebody waits for the picture.
"""

import json
import sys
from pathlib import Path

from ingest.worker import FileRefused, SealedFile, draw_as_dropped, limit_this_process
from ocr.load import Limits


def main() -> int:
    """Draw the page that standard input asks for (ingest/rendering.py), to standard output; 1 when it cannot be had."""
    asked = json.loads(sys.stdin.buffer.read())
    limit_this_process(asked["megabytes"])
    file = SealedFile(Path(asked["path"]), bytes.fromhex(asked["data_key"]), asked["content_mac"])
    drawn = draw_as_dropped(file, asked["number"], Limits(**asked["limits"]))
    if isinstance(drawn, FileRefused):
        return 1
    sys.stdout.buffer.write(drawn)
    return 0


if __name__ == "__main__":
    sys.exit(main())
