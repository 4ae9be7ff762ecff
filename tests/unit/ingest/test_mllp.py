"""ADT over MLLP on real sockets: who may send, how much, how long, and that every message is answered."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import hl7
import pytest
from hl7.mllp import open_hl7_connection
from sqlmodel import select

from ingest.exchange.inbound import mllp
from ingest.exchange.inbound.segments import BEGIN, END
from storage.foundation.home import Home
from storage.foundation.permissions import Actor, Role
from storage.foundation.tables.roster import Person
from storage.roster import doubts

HEAD = "MSH|^~\\&|ADT|GENHOSP|CHARTROOM|GENHOSP|20240201120000||ADT^{event}|{control}|P|2.5.1\r"
PID = "PID|1||{mrn}^^^GENHOSP^MR||{name}||{born}|F\r"
SUPERVISOR = Actor("sam", Role.SUPERVISOR)


def message(
    event: str = "A04",
    mrn: str = "00123456",
    name: str = "Rivera^Ana",
    born: str = "19570314",
    control: str = "1",
    rest: str = "",
) -> bytes:
    """An ADT message about one person."""
    return (HEAD.format(event=event, control=control) + PID.format(mrn=mrn, name=name, born=born) + rest).encode()


def block(data: bytes) -> bytes:
    return BEGIN + data + END + b"\r"


@dataclass
class Listening:
    """A listener on 127.0.0.1, and what it told."""

    port: int
    told: list[tuple[str, str]] = field(default_factory=list)

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection("127.0.0.1", self.port)


def talk(
    home: Home,
    speak: Callable[[Listening], Awaitable[None]],
    *,
    peers: tuple[str, ...] = (),
    limits: mllp.Limits | None = None,
) -> Listening:
    """Run a listener, speak with it, end it."""

    async def run() -> Listening:
        ready: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        listening = Listening(0)
        server = asyncio.create_task(
            mllp.listen(
                home, "127.0.0.1", 0, (), ready.set_result, lambda code, why: listening.told.append((code, why)),
                mllp.read_peers(peers), limits or mllp.Limits(),
            )
        )  # fmt: skip
        listening.port = await ready
        try:
            async with asyncio.timeout(60):
                await speak(listening)
        finally:
            server.cancel()
            await asyncio.gather(server, return_exceptions=True)
        return listening

    return asyncio.run(run())


async def answered(reader: asyncio.StreamReader) -> hl7.Message:
    """The next acknowledgement, as another HL7 library reads it."""
    return hl7.parse((await reader.readuntil(END + b"\r"))[1:-2].decode())


def test_a_message_is_acknowledged_after_it_is_kept_and_a_refused_one_with_its_reason(home: Home) -> None:
    replies: list[list[str]] = []

    async def speak(listening: Listening) -> None:
        reader, writer = await open_hl7_connection("127.0.0.1", listening.port)
        for data in (message(), message("A29", control="2"), message(control="3")):
            writer.writeblock(data)
            await writer.drain()
            reply = await reader.readmessage()
            with home.reading() as session:
                assert session.exec(select(Person)).one().family == "Rivera"
            replies.append([str(part) for part in reply.segment("MSA")])
        writer.close()

    listening = talk(home, speak)
    assert [reply[1:3] for reply in replies] == [["AA", "1"], ["AE", "2"], ["AA", "3"]]
    assert "nobody is deleted" in replies[1][3]
    assert [code for code, _ in listening.told] == ["AA", "AE", "AA"]


@pytest.mark.parametrize(
    ("data", "codes"),
    [
        (block(message()) + block(message(control="2")), ["AA", "AA"]),  # two in one packet
        (BEGIN + message() + END + b"\r\n" + block(message(control="2")), ["AA", "AA"]),
        (BEGIN + message() + END + block(message(control="2")), ["AA", "AA"]),  # without the last CR
        (b"\r\n\0" + block(message()), ["AA"]),
        (BEGIN + message().replace(b"\r", b"\n") + END + b"\r", ["AA"]),
        (block(message() + message(control="2")), ["AE"]),
        (block(b"hello\r" + message()), ["AE"]),
        (block(b"hello"), ["AR"]),
        (block(b""), ["AR"]),
    ],
)
def test_blocks_as_senders_put_them(home: Home, data: bytes, codes: list[str]) -> None:
    found: list[str] = []

    async def speak(listening: Listening) -> None:
        reader, writer = await listening.connect()
        writer.write(data)
        found.extend([str((await answered(reader)).segment("MSA")[1]) for _ in codes])
        writer.close()

    talk(home, speak)
    assert found == codes


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (message(name="Muñoz^José").decode().encode("cp1252"), "AA"),
        (b"hello", "AR"),
        (b"", "AR"),
        (b"MSH|^^^^|x\r", "AE"),
        (b"MSH|^~\\&|A\r", "AE"),
        (message().replace(b"|P|2.5.1", b""), "AA"),
        (message() + PID.format(mrn="00777777", name="^", born="").encode(), "AE"),
        (message().replace(b"2.5.1", b"2.5.1||||||8859/99") + b"ZZZ|\xff", "AE"),
    ],
)
def test_whatever_a_sender_sends_is_answered(home: Home, data: bytes, code: str) -> None:
    given, why = mllp._answered(home, data, ())
    assert given == code, why
    reply = hl7.parse(mllp.acknowledgement(data, given, why).decode())
    assert str(reply.segment("MSA")[1]) == code
    with home.reading() as session:
        assert len(session.exec(select(Person)).all()) == (code == "AA")  # all of a message or nothing


def test_an_acknowledgement_speaks_as_the_sender_does() -> None:
    data = "MSH$@!?;$REG@1.2@ISO$LAKE$CHART$$20240201$$ADT@A04$M|7$P$2.3$$$AL$NE$$8859/2\rEVN$x\rPID$1$$7$$Ł\r"
    reply = mllp.acknowledgement(data.encode("iso8859-2"), "AE", "a reason; with $ and @").decode("ascii")
    head, answer, _ = reply.split("\r")
    fields = head.split("$")
    assert fields[:6] == ["MSH", "@!?;", "CHARTROOM", "CHARTROOM", "REG@1.2@ISO", "LAKE"]
    assert (fields[8], fields[10], fields[11], fields[17]) == ("ACK@A04@ACK", "P", "2.3", "8859/2")
    assert answer == "MSA$AE$M|7$a reason/ with / and /"


def test_a_merge_of_two_people_who_are_not_one_is_refused_and_waits_for_a_person(home: Home) -> None:
    for mrn, name, born in (("1", "Holloway^Marissa", "19570314"), ("2", "Ostrowski^Dale", "19481102")):
        assert mllp.answer(home, message(mrn=mrn, name=name, born=born)) == ("AA", "")
    merge = message("A40", mrn="1", name="Holloway^Marissa", rest="MRG|2^^^GENHOSP^MR\r")
    for _ in range(2):
        code, why = mllp.answer(home, merge)
        assert code == "AE"
        assert "surname and first name and date of birth" in why
        assert "roster questions" in why
    with home.reading() as session:
        assert all(person.survivor_id is None for person in session.exec(select(Person)))
        (doubt,) = doubts.waiting(session, SUPERVISOR)
        assert (doubt.loser_mrn, doubt.survivor_mrn, doubt.source) == ("2", "1", "A40")


# ---- limits


async def _is_closed(reader: asyncio.StreamReader) -> bool:
    """Whether the other side ended the connection; waits until it does."""
    try:
        return await reader.read() == b""
    except ConnectionError:
        return True


def test_who_is_no_listed_peer_is_turned_away_and_nothing_of_theirs_is_kept(home: Home) -> None:
    async def speak(listening: Listening) -> None:
        reader, writer = await listening.connect()
        writer.write(block(message()))
        assert await _is_closed(reader)
        writer.close()

    listening = talk(home, speak, peers=("10.1.2.3", "10.1.7.0/24"))
    ((code, why),) = listening.told
    assert code == mllp.CLOSED
    assert "--peer 127.0.0.1" in why
    with home.reading() as session:
        assert session.exec(select(Person)).all() == []


@pytest.mark.parametrize(
    ("data", "limits", "why"),
    [
        (BEGIN + message()[:20], mllp.Limits(message_seconds=0.01), "not complete within 0.01 seconds"),
        (block(message(name="R" * 9000)), mllp.Limits(largest=1000), "larger than 1000 bytes"),
        (b"GET / HTTP/1.1\r\n", mllp.Limits(), "no MLLP block"),
        (message(), mllp.Limits(), "no MLLP block"),
    ],
)
def test_a_sender_who_takes_too_much_or_speaks_otherwise_is_closed_with_the_reason(
    home: Home, data: bytes, limits: mllp.Limits, why: str
) -> None:
    async def speak(listening: Listening) -> None:
        reader, writer = await listening.connect()
        writer.write(data)
        await reader.read()
        writer.close()
        reader, writer = await listening.connect()  # the listener goes on
        if limits == mllp.Limits():
            writer.write(block(message(control="9")))
            assert str((await answered(reader)).segment("MSA")[1]) == "AA"
        writer.close()

    listening = talk(home, speak, limits=limits)
    code, told = listening.told[0]
    assert code == mllp.CLOSED
    assert why in told
    assert "Rivera" not in told


def test_a_silent_connection_is_closed_and_those_over_the_limit_are_not_taken(home: Home) -> None:
    async def speak(listening: Listening) -> None:
        reader, writer = await listening.connect()
        assert await _is_closed(reader)  # silent
        writer.close()

    assert talk(home, speak, limits=mllp.Limits(idle_seconds=0.01)).told == []

    async def crowd(listening: Listening) -> None:
        first_reader, first = await listening.connect()
        first.write(block(message()))
        await answered(first_reader)
        reader, second = await listening.connect()
        assert await _is_closed(reader)
        first.write(block(message(control="2")))  # the first one goes on
        await answered(first_reader)
        first.close()
        second.close()

    told = talk(home, crowd, limits=mllp.Limits(connections=1)).told
    assert [code for code, _ in told] == ["AA", mllp.CLOSED, "AA"]
    assert "1 are open already" in told[1][1]


def test_a_bug_ends_the_listener_and_is_not_swallowed(home: Home) -> None:
    async def run() -> None:
        ready: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        def told(code: str, why: str) -> None:
            raise ZeroDivisionError

        server = asyncio.create_task(mllp.listen(home, "127.0.0.1", 0, (), ready.set_result, told))
        _, writer = await asyncio.open_connection("127.0.0.1", await ready)
        writer.write(block(message()))
        try:
            await server
        finally:
            writer.close()

    with pytest.raises(ZeroDivisionError):
        asyncio.run(run())


@pytest.mark.parametrize(
    ("texts", "networks"),
    [((), ["127.0.0.1/32"]), (("10.1.2.3",), ["10.1.2.3/32"]), (("10.1.2.3/24", "::1"), ["10.1.2.0/24", "::1/128"])],
)
def test_peers_are_addresses_and_networks(texts: tuple[str, ...], networks: list[str]) -> None:
    assert [str(network) for network in mllp.read_peers(texts)] == networks


@pytest.mark.parametrize("text", ["", "hospital", "10.1.2", "10.1.2.3/40"])
def test_a_peer_that_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no address"):
        mllp.read_peers((text,))
