"""What the pages of a document mention, as bytes in its open match: JSON, compressed (2 to 4 KB a page)."""

import json
import zlib
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from classify.mentioned import Kind, Mention, Mentions
from ocr.page import Box


def pack(parts: Sequence[Mentions]) -> bytes | None:
    """The mentions as bytes; None where there are none."""
    if not parts:
        return None
    return zlib.compress(json.dumps([asdict(part) for part in parts], default=str, separators=(",", ":")).encode())


def unpack(packed: bytes | None) -> tuple[Mentions, ...]:
    """The mentions that `pack` made these bytes of."""
    if packed is None:
        return ()
    return tuple(
        Mentions(**{**part, "found": tuple(_mention(one) for one in part["found"])})
        for part in json.loads(zlib.decompress(packed))
    )


def _mention(read: dict[str, Any]) -> Mention:
    return Mention(
        **{
            **read,
            "kind": Kind(read["kind"]),
            "words": tuple(read["words"]),
            "box": Box(*read["box"]),
            "days": tuple(date.fromisoformat(day) for day in read["days"]),
        }
    )
