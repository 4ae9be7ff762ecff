"""ADT over MLLP: each message is taken over in one transaction of its own, and acknowledged after its commit.

AA: taken over. AE: refused, with the reason; sending it again will not help. AR: not read. A connection that ends in the
middle of a message loses nothing: the sender has no acknowledgement and sends it again, which changes nothing twice.
"""

import asyncio
import logging
from collections.abc import Callable

import hl7
from hl7.mllp import start_hl7_server
from hl7.mllp.streams import HL7StreamReader, HL7StreamWriter

from ingest.feeds.adt import NotForUs, read_message
from storage.home import Home
from storage.permissions import MACHINE
from storage.roster.loading import apply
from storage.roster.said import Loaded

_log = logging.getLogger(__name__)


def answer(home: Home, text: str, own: tuple[str, ...] = ()) -> tuple[str, str]:
    """Take one message over; gives the acknowledgement code and a sentence. The commit is before the answer."""
    try:
        message = read_message(text, own)
    except NotForUs as problem:
        return ("AR" if "no HL7 message" in str(problem) else "AE"), str(problem)
    loaded = Loaded()
    with home.writing() as session:
        apply(session, [(message.control_id, said) for said in message.said], MACHINE, loaded)
    if loaded.problems:
        return "AE", loaded.problems[0].partition(": ")[2] or loaded.problems[0]
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
                message = await reader.readmessage()
                async with one_at_a_time:
                    code, why = await asyncio.to_thread(answer, home, str(message), own)
                told(code, why)
                writer.writemessage(_acknowledged(message, code, why))
                await writer.drain()
        except asyncio.IncompleteReadError:
            pass  # the sender went away; what was not acknowledged is sent again
        except (hl7.HL7Exception, UnicodeDecodeError, ConnectionError, ValueError) as error:
            _log.warning("an MLLP connection was closed", extra={"problem": type(error).__name__})
        finally:
            writer.close()

    async with await start_hl7_server(serve, host=host, port=port, encoding="utf-8", limit=1 << 24) as server:
        ready(server.sockets[0].getsockname()[1])
        await server.serve_forever()


def _acknowledged(message: hl7.Message, code: str, why: str) -> hl7.Message:
    reply = message.create_ack(code, application="CHARTROOM", facility="CHARTROOM")
    if why:
        reply.segment("MSA").append(hl7.Field(reply.separators[2], [why.replace("|", "/").replace("^", "/")]))
    return reply
