"""ADT over MLLP: each message is taken over in one transaction of its own, and acknowledged after its commit.

AA: taken over. AE: refused, with the reason; sending it again will not help. AR: not read. A connection that ends in the
middle of a message loses nothing: the sender has no acknowledgement and sends it again, which changes nothing twice.
"""

import asyncio
import logging
import re
from collections.abc import Callable
from datetime import UTC, datetime

from hl7.mllp import InvalidBlockError, start_hl7_server
from hl7.mllp.streams import HL7StreamReader, HL7StreamWriter
from sqlalchemy.exc import SQLAlchemyError

from ingest.feeds.adt import NotForUs, read_message
from storage.errors import StorageError
from storage.home import Home
from storage.permissions import MACHINE
from storage.roster.entering import Refused
from storage.roster.loading import apply
from storage.roster.said import Loaded

_log = logging.getLogger("chartroom.mllp")

_LARGEST = 1 << 24


def answer(home: Home, text: str, own: tuple[str, ...] = ()) -> tuple[str, str]:
    """Take one message over, all of it or nothing; gives the acknowledgement code and a sentence, after the commit."""
    try:
        message = read_message(text, own)
    except NotForUs as problem:
        return ("AR" if "no HL7 message" in str(problem) else "AE"), str(problem)
    loaded = Loaded()
    try:
        with home.writing() as session:
            apply(session, [("", said) for said in message.said], MACHINE, loaded)
            if loaded.problems:
                raise Refused(loaded.problems[0].lstrip(": "))
    except Refused as problem:
        return "AE", str(problem)
    return "AA", ""


async def listen(
    home: Home,
    host: str,
    port: int,
    own: tuple[str, ...] = (),
    ready: Callable[[int], None] = lambda port: None,
    told: Callable[[str, str], None] = lambda code, why: None,
) -> None:
    """Serve ADT until cancelled. One message at a time: the patient list has one writer."""
    one_at_a_time = asyncio.Lock()

    async def serve(reader: HL7StreamReader, writer: HL7StreamWriter) -> None:
        try:
            while not writer.is_closing():
                text = _decoded(await reader.readblock())
                async with one_at_a_time:
                    code, why = await asyncio.to_thread(_answered, home, text, own)
                told(code, why)
                writer.writeblock(acknowledgement(text, code, why).encode())
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the sender went away; what was not acknowledged is sent again
        except (InvalidBlockError, asyncio.LimitOverrunError, ValueError) as error:
            _log.warning("an MLLP connection was closed: %s", type(error).__name__)
        finally:
            writer.close()

    async with await start_hl7_server(serve, host=host, port=port, encoding="utf-8", limit=_LARGEST) as server:
        ready(server.sockets[0].getsockname()[1])
        await server.serve_forever()


def _answered(home: Home, text: str, own: tuple[str, ...]) -> tuple[str, str]:
    try:
        return answer(home, text, own)
    except (StorageError, SQLAlchemyError, OSError) as error:
        _log.warning("a message was not kept: %s", type(error).__name__)
        return "AR", "it could not be kept just now; send it again"


def acknowledgement(text: str, code: str, why: str) -> str:
    """The acknowledgement of a message, whatever the message is: its sender, control id and version where it has them."""
    fields = text.split("\r", 1)[0].split("|") if text.startswith("MSH|") else []

    def said(number: int, otherwise: str) -> str:  # MSH-1 is the separator itself
        value = fields[number - 1] if len(fields) >= number else ""
        return value if re.fullmatch(r"[^\r\n\x0b\x1c]{1,200}", value) else otherwise

    now = datetime.now(UTC).strftime("%Y%m%d%H%M%S+0000")
    trigger = said(9, "").split("^")
    kind = f"ACK^{trigger[1]}^ACK" if len(trigger) > 1 and re.fullmatch(r"[A-Z]\d\d", trigger[1]) else "ACK"
    to = (said(3, ""), said(4, ""))
    head = ("MSH", "^~\\&", "CHARTROOM", "CHARTROOM", *to, now, "", kind, f"C{now}", said(11, "P"), said(12, "2.5.1"))
    reason = re.sub(r"[|^~\\&\r\n]", "/", why)
    return f"{'|'.join(head)}\rMSA|{code}|{said(10, '')}|{reason}\r"


def _decoded(block: bytes) -> str:
    try:
        return block.decode("utf-8-sig")
    except UnicodeDecodeError:
        return block.decode("cp1252", errors="replace")
