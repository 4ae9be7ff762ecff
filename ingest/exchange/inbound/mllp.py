"""ADT over MLLP: each message is taken over in one transaction of its own, and acknowledged after its commit.

AA: taken over. AE: refused, with the reason; sending it again will not help. AR: not read, or not kept just now. The
acknowledgement is always that of the original mode (HL7 v2.5.1 chapter 2.9.2), whatever MSH-15 and MSH-16 ask for. A
connection that ends in the middle of a message loses nothing: the sender has no acknowledgement and sends it again, which
changes nothing twice.
"""

import asyncio
import ipaddress
import logging
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.exc import SQLAlchemyError

from ingest.exchange.inbound.adt import NotForUs, read_message
from ingest.exchange.inbound.segments import BEGIN, END, NotReadable, Segment, Separators, separators_of, split_messages
from storage.foundation.errors import StorageError
from storage.foundation.home import Home
from storage.foundation.permissions import MACHINE
from storage.roster import doubts
from storage.roster.loading import apply
from storage.roster.messages import Loaded
from storage.roster.registering import UpdateRefused

_log = logging.getLogger("chartroom.mllp")

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
HERE: tuple[Network, ...] = (ipaddress.ip_network("127.0.0.1"),)
"""Who may send when nobody is named: this machine."""

CLOSED = "closed"
"""What `told` hears, instead of a code, of a connection that was closed."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one sender may take of the listener."""

    largest: int = 1 << 22  # bytes of a message: ADT has a few thousand, an embedded photograph a million
    message_seconds: float = 30  # from its first byte to its last, and for taking its acknowledgement
    idle_seconds: float = 3600  # between messages: interface engines keep a connection open, and open it again
    connections: int = 32  # at once: a hospital has a handful of senders


def read_peers(texts: Iterable[str]) -> tuple[Network, ...]:
    """The addresses and networks that may send; ValueError names one that is neither."""
    peers = []
    for text in texts:
        try:
            peers.append(ipaddress.ip_network(text.strip(), strict=False))
        except ValueError as error:
            raise ValueError(f"'{text}' is no address (10.1.2.3) and no network (10.1.2.0/24)") from error
    return tuple(peers) or HERE


def answer(home: Home, block: bytes, own: tuple[str, ...] = ()) -> tuple[str, str]:
    """Take one message over, all of it or nothing; gives the acknowledgement code and a sentence, after the commit."""
    messages, strange = split_messages(block)
    if not messages:
        return "AR", "this is no HL7 message"
    if len(messages) > 1 or strange:
        return "AE", "send one message a block, and nothing before its MSH"
    try:
        message = read_message(messages[0], own)
    except NotForUs as problem:
        return "AE", str(problem)
    loaded = Loaded()
    try:
        with home.writing() as session:
            apply(session, [("", said) for said in message.said], MACHINE, loaded)
            if loaded.problems:
                raise UpdateRefused(loaded.problems[0].lstrip(": "))
    except UpdateRefused as problem:
        if loaded.doubts:
            with home.writing() as session:
                doubts.keep(session, MACHINE, loaded.doubts)
        return "AE", str(problem)
    return "AA", ""


async def listen(
    home: Home,
    host: str,
    port: int,
    own: tuple[str, ...] = (),
    ready: Callable[[int], None] = lambda port: None,
    told: Callable[[str, str], None] = lambda code, why: None,
    peers: tuple[Network, ...] = HERE,
    limits: Limits = Limits(),
) -> None:
    """Serve ADT from these peers until cancelled. One message at a time: the patient list has one writer.

    A bug ends the listener, loudly: nothing was acknowledged that was not kept, so every message can be sent again.
    """
    one_at_a_time = asyncio.Lock()
    bug: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    open_ones: set[asyncio.StreamWriter] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        refusal = _refusal(writer, peers, len(open_ones), limits)
        open_ones.add(writer)
        try:
            if refusal:
                told(CLOSED, refusal)
                return
            while (block := await _next_block(reader, limits)) is not None:
                async with one_at_a_time:
                    code, why = await asyncio.to_thread(_answered, home, block, own)
                told(code, why)
                await _send(writer, acknowledgement(block, code, why), limits)
        except _Closing as reason:
            _log.warning("an MLLP connection was closed: %s", reason)
            told(CLOSED, f"a connection was closed: {reason}")
            if reason.block is not None:
                await _send_last(writer, acknowledgement(reason.block, "AR", str(reason)), limits)
        except (asyncio.IncompleteReadError, ConnectionError, TimeoutError) as error:
            # The sender went away, or takes no acknowledgement: what was not acknowledged is sent again.
            _log.info("an MLLP connection ended: %s", type(error).__name__)
        except Exception as error:  # noqa: BLE001 - raised again below, where it ends the listener
            if not bug.done():
                bug.set_exception(error)
        finally:
            open_ones.discard(writer)
            writer.close()

    async with await asyncio.start_server(serve, host=host, port=port, limit=limits.largest) as server:
        ready(server.sockets[0].getsockname()[1])
        try:
            await bug
        finally:
            for writer in open_ones:
                writer.close()


class _Closing(Exception):
    """A connection is closed by us; `block` is what is acknowledged first, when anything is."""

    def __init__(self, why: str, block: bytes | None = None) -> None:
        super().__init__(why)
        self.block = block


def _refusal(writer: asyncio.StreamWriter, peers: tuple[Network, ...], connections: int, limits: Limits) -> str:
    """Why a connection is not taken, or nothing."""
    address = ipaddress.ip_address(str(writer.get_extra_info("peername")[0]).partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if not any(address in network for network in peers):
        return f"a connection from {address} was closed: it is no listed peer; name it with --peer {address} if it may send"
    if connections >= limits.connections:
        return f"a connection from {address} was closed: {limits.connections} are open already"
    return ""


async def _next_block(reader: asyncio.StreamReader, limits: Limits) -> bytes | None:
    """What stands in the next block; None when the sender is done or was silent too long."""
    try:
        async with asyncio.timeout(limits.idle_seconds):
            while (first := await reader.read(1)) in (b"\r", b"\n", b" ", b"\t", b"\0", END):
                pass  # between blocks; senders differ in what ends one
    except TimeoutError:
        return None
    if not first:
        return None
    if first != BEGIN:
        raise _Closing("what was sent is no MLLP block (it does not begin with VT, 0x0B)")
    try:
        async with asyncio.timeout(limits.message_seconds):
            return (await reader.readuntil(END)).removesuffix(END)
    except TimeoutError as error:
        raise _Closing(f"a message was not complete within {limits.message_seconds:g} seconds") from error
    except asyncio.LimitOverrunError as error:
        head = await reader.read(1 << 12)
        raise _Closing(f"a message is larger than {limits.largest} bytes", head) from error


async def _send(writer: asyncio.StreamWriter, message: bytes, limits: Limits) -> None:
    async with asyncio.timeout(limits.message_seconds):
        writer.write(BEGIN + message + END + b"\r")
        await writer.drain()


async def _send_last(writer: asyncio.StreamWriter, message: bytes, limits: Limits) -> None:
    try:
        await _send(writer, message, limits)
    except (ConnectionError, TimeoutError) as error:
        _log.info("an MLLP connection ended: %s", type(error).__name__)


def _answered(home: Home, block: bytes, own: tuple[str, ...]) -> tuple[str, str]:
    try:
        return answer(home, block, own)
    except (StorageError, SQLAlchemyError, OSError) as error:
        _log.warning("a message was not kept: %s", type(error).__name__)
        return "AR", "it could not be kept just now; send it again"


# ---- acknowledgements


_USUAL = Separators("|", "^", "~", "\\", "&")


def acknowledgement(block: bytes, code: str, why: str) -> bytes:
    """The acknowledgement of a message, whatever the message is: its sender, control id and version where it has them.

    It is written with the sender's own separators and in its character set: what is repeated stands as it came.
    """
    head = re.split(r"[\r\n]", block.decode("latin-1").lstrip("\r\n \t\xef\xbb\xbf"), maxsplit=1)[0]
    try:
        marks = separators_of(head)
        given = Segment("MSH", tuple(head.split(marks.field)))
    except NotReadable:
        marks = _USUAL
        given = Segment("MSH", tuple(head.split("|")) if head.startswith("MSH|") else ())

    def said(number: int, otherwise: str) -> str:
        value = given.field(number)
        return value if re.fullmatch(r"[^\r\n\x0b\x1c]{1,200}", value) else otherwise

    signs = f"{marks.component}{marks.repetition}{marks.escape}{marks.subcomponent}"
    now = datetime.now(UTC).strftime("%Y%m%d%H%M%S+0000")
    _, *rest = said(9, "").split(marks.component)
    kind = ("ACK", rest[0], "ACK") if rest and re.fullmatch(r"[A-Z]\d\d", rest[0]) else ("ACK",)
    first = ["MSH", signs, "CHARTROOM", "CHARTROOM", said(3, ""), said(4, ""), now, "", marks.component.join(kind)]
    first += [f"C{now}", said(11, "P"), said(12, "2.5.1")]
    if named := said(18, ""):
        first += ["", "", "", "", "", named]
    reason = "".join("/" if c in (marks.field, *signs) or not c.isprintable() else c for c in why)
    second = ["MSA", code, said(10, ""), reason]
    return "".join(f"{marks.field.join(fields)}\r" for fields in (first, second)).encode("latin-1", errors="replace")
