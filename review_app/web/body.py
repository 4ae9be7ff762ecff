"""The body of a request: never more of it than asked for, and what is no JSON object is refused."""

import json
from typing import Any

from starlette.requests import Request


class BodyTooLarge(Exception):
    """More came than is read; the rest is left unread."""


async def read_body(request: Request, most: int) -> bytes:
    """The whole body; BodyTooLarge as soon as it is larger than this, whatever length was told before."""
    read = bytearray()
    async for chunk in request.stream():
        read += chunk
        if len(read) > most:
            raise BodyTooLarge
    return bytes(read)


async def read_object(request: Request, most: int) -> dict[str, Any]:
    """The JSON object in the body, empty when there is no body; BodyTooLarge, or ValueError for anything else."""
    body = await read_body(request, most)
    try:
        found = json.loads(body or b"{}")
    except RecursionError as error:  # brackets in brackets, a hundred thousand deep
        raise ValueError("nested too deeply") from error
    if not isinstance(found, dict):
        raise ValueError("no JSON object")
    return found
