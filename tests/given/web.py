"""A browser without a browser: requests and WebSockets that are put to an ASGI app in this process."""

import asyncio
import json
from collections.abc import Iterable, MutableMapping
from dataclasses import dataclass, field
from typing import Any

Message = MutableMapping[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What an app answered."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@dataclass(slots=True)
class Inner:
    """What lies behind the gate: it answers everything, and remembers what reached it and as whom."""

    reached: list[tuple[str, str]] = field(default_factory=list)
    received: list[Message] = field(default_factory=list)

    async def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        said = dict(scope["headers"])
        name, role = (said.get(key, b"").decode() for key in (b"x-chartroom-user", b"x-chartroom-role"))
        self.reached.append((scope["path"], f"{name}/{role}"))
        if scope["type"] == "http":
            loose = [(b"cache-control", b"public"), (b"X-Frame-Options", b"ALLOWALL"), (b"x-own", b"kept")]
            await send({"type": "http.response.start", "status": 200, "headers": loose})
            await send({"type": "http.response.body", "body": b"screen"})
            return
        await send({"type": "websocket.accept"})
        while True:
            message = await receive()
            self.received.append(message)
            if message["type"] == "websocket.disconnect":
                return


def ask(
    app: Any,
    method: str,
    path: str,
    *,
    headers: Iterable[tuple[str, str]] = (),
    cookie: str | None = None,
    body: bytes | list[bytes] = b"",
) -> Answer:
    """One request; a body that is a list comes in these pieces, with no length told before."""
    pieces = body if isinstance(body, list) else [body]
    given = [(b"host", b"desk"), *((k.lower().encode(), v.encode("latin-1")) for k, v in headers)]
    if not isinstance(body, list):
        given.append((b"content-length", str(len(body)).encode()))
    path, _, query = path.partition("?")
    scope = _scope("http", path, given, cookie) | {"method": method, "query_string": query.encode()}
    waiting = [
        {"type": "http.request", "body": piece, "more_body": number < len(pieces)}
        for number, piece in enumerate(pieces, start=1)
    ]
    sent = asyncio.run(_run(app, scope, waiting))
    start = next(message for message in sent if message["type"] == "http.response.start")
    said = {key.decode().lower(): value.decode() for key, value in start["headers"]}
    whole = b"".join(message.get("body", b"") for message in sent if message["type"] == "http.response.body")
    return Answer(start["status"], said, whole)


def connect(
    app: Any,
    path: str,
    *,
    headers: Iterable[tuple[str, str]] = (),
    cookie: str | None = None,
    messages: Iterable[Any] = (),
) -> list[Message]:
    """What an app sends over a WebSocket on which these messages come; a callable among them is called in its turn."""
    given = [(b"host", b"desk"), *((k.lower().encode(), v.encode()) for k, v in headers)]
    waiting: list[Any] = [{"type": "websocket.connect"}]
    waiting += [m if callable(m) else {"type": "websocket.receive", "text": m} for m in messages]
    waiting.append({"type": "websocket.disconnect", "code": 1000})
    return asyncio.run(_run(app, _scope("websocket", path, given, cookie), waiting))


def _scope(kind: str, path: str, headers: list[tuple[bytes, bytes]], cookie: str | None) -> dict[str, Any]:
    if cookie is not None:
        headers.append((b"cookie", f"chartroom_session={cookie}".encode()))
    return {
        "type": kind, "asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": "http", "path": path,
        "raw_path": path.encode(), "query_string": b"", "root_path": "", "headers": headers,
        "client": ("127.0.0.1", 5), "server": ("desk", 80), "state": {},
    }  # fmt: skip


async def _run(app: Any, scope: dict[str, Any], waiting: list[Any]) -> list[Message]:
    sent: list[Message] = []

    async def receive() -> Message:
        while waiting and callable(waiting[0]):
            waiting.pop(0)()
        return waiting.pop(0) if waiting else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    return sent
