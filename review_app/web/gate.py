"""The gate in front of everything, WebSocket included: no session, no answer.

Plain Streamlit answered 41 of 70 unauthorised tries; one gate like this let 1 of 83 through
(docs/evidence.md). It strips identity headers that a client sends, sets its own, which Streamlit
shows the script as `st.user`, and puts security headers on every answer.
"""

import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from review_app.model.paths import MISSING, PATHS, start_path
from review_app.web import desk
from storage.foundation.accounts import Visitor
from storage.foundation.permissions import Actor

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

STILL_SIGNED_IN = "/signed-in"
"""Asked by every screen that stands open: 204 or 401. Asking is no sign of anybody, and keeps no session alive."""

OPEN_PATHS = frozenset({"/login", "/_stcore/health"})

PASSWORD_PATHS = frozenset({"/password", "/logout", *OPEN_PATHS})
"""All that opens for whoever has to change their password first."""

_SHUT_PATHS = ("/_stcore/agent", "/_stcore/metrics", "/_stcore/upload_file", "/media", "/component")
_OURS = (b"x-chartroom-user", b"x-chartroom-role")
_PRESENCE_SECONDS = 15.0

_STREAMLIT_INLINE = "'sha256-THxz9J9+wf7rhwR2YkXJoSZ13UCmYyC+3lNDv2+8ugA='"
"""The one inline script of Streamlit 1.67's index page; another version only loses a cosmetic."""

HEADERS = (
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (
        b"content-security-policy",
        (
            "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
            # blob: because Streamlit loads the station's script from one; the script is ours
            f"script-src 'self' 'wasm-unsafe-eval' {_STREAMLIT_INLINE} blob:; connect-src 'self' ws: wss:; "
            "font-src 'self' data:; frame-src 'none'; object-src 'none'; base-uri 'none'; form-action 'self'; "
            "frame-ancestors 'none'"
        ).encode(),
    ),
)


class Gate:
    """ASGI middleware; see the module."""

    def __init__(self, app: App) -> None:
        self.app = app
        self._present: dict[str, float] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        scope = dict(scope)
        scope["headers"] = [(k, v) for k, v in scope["headers"] if k.lower() not in _OURS]
        connection = HTTPConnection(scope)
        visitor = await run_in_threadpool(desk.visitor_of, connection)
        actor = visitor.actor if visitor else None
        if scope["type"] == "http" and scope["path"] == STILL_SIGNED_IN:
            await Response(status_code=401 if actor is None else 204)(scope, receive, _with_headers(send))
            return
        if actor is not None:
            scope["headers"] += [(_OURS[0], actor.name.encode()), (_OURS[1], actor.role.encode())]
            scope["state"] = {**scope.get("state", {}), "actor": actor}
            await self._note_presence(connection)
        if visitor is not None and visitor.must_change and scope["path"] not in PASSWORD_PATHS:
            await _password_first(scope, receive, send, connection)
        elif scope["type"] == "websocket":
            await self._websocket(scope, receive, send, connection, visitor)
        else:
            await self._http(scope, receive, _with_headers(send), connection, actor)

    async def _http(
        self, scope: Scope, receive: Receive, send: Send, connection: HTTPConnection, actor: Actor | None
    ) -> None:
        path = scope["path"]
        if path in OPEN_PATHS:
            await self.app(scope, receive, send)
        elif actor is None:
            wants_page = _wants_page(connection) and scope["method"] == "GET"
            refusal = RedirectResponse("/login", 303) if wants_page else PlainTextResponse("Please sign in.", 401)
            await refusal(scope, receive, send)
        elif path in PASSWORD_PATHS:
            await self.app(scope, receive, send)
        elif path.startswith(_SHUT_PATHS) or ".." in path or "//" in path:
            await PlainTextResponse("There is nothing here.", 404)(scope, receive, send)
        elif scope["method"] == "GET" and (screen := _other_address(path, actor, connection)) is not None:
            query = scope["query_string"].decode("ascii", "replace")
            await RedirectResponse(f"/{screen}{'?' * bool(query)}{query}", 303)(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _websocket(
        self, scope: Scope, receive: Receive, send: Send, connection: HTTPConnection, visitor: Visitor | None
    ) -> None:
        host = connection.headers.get("host", "")
        if visitor is None or connection.headers.get("origin") not in (f"http://{host}", f"https://{host}"):
            await receive()
            await send({"type": "websocket.close", "code": 1008})
            return

        async def receive_while_signed_in() -> Message:
            message = await receive()
            if message["type"] == "websocket.receive":
                if await run_in_threadpool(desk.visitor_of, connection) != visitor:
                    await send({"type": "websocket.close", "code": 1008})
                    return {"type": "websocket.disconnect", "code": 1008}
                await self._note_presence(connection)
            return message

        await self.app(scope, receive_while_signed_in, send)

    async def _note_presence(self, connection: HTTPConnection) -> None:
        """At most every 15 seconds a session, so that looking costs no write."""
        token = connection.cookies.get(desk.COOKIE, "")
        now = time.monotonic()
        if now - self._present.get(token, -_PRESENCE_SECONDS) >= min(
            _PRESENCE_SECONDS, desk.settings().idle_minutes * 3
        ):
            self._present[token] = now
            await run_in_threadpool(desk.note_presence, connection)


async def _password_first(scope: Scope, receive: Receive, send: Send, connection: HTTPConnection) -> None:
    """Nothing opens before a password that somebody else set is changed: a page leads there, all else is refused."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008})
        return
    is_page = _wants_page(connection) and scope["method"] == "GET"
    answer = RedirectResponse("/password", 303) if is_page else PlainTextResponse("Change your password first.", 403)
    await answer(scope, receive, _with_headers(send))


def _wants_page(connection: HTTPConnection) -> bool:
    return "text/html" in connection.headers.get("accept", "")


def _other_address(path: str, actor: Actor, connection: HTTPConnection) -> str | None:
    """Where a screen is shown that was asked for under another address: the one a person starts with under / only, as
    Streamlit knows it; one in capitals or with a slash behind it under its own; one that there is not under MISSING."""
    screen = path.strip("/").lower()
    if screen and screen == start_path(actor):
        return ""
    is_file = "." in path.rpartition("/")[2] or path.startswith("/_stcore/")  # a picture, a paper, a part of Streamlit
    if is_file or not _wants_page(connection) or (path == f"/{screen}" and screen in PATHS):
        return None
    return screen if screen in PATHS else MISSING


def _with_headers(send: Send) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            ours = {name for name, _ in HEADERS}
            kept = [(k, v) for k, v in message.get("headers", []) if k.lower() not in ours]
            message = {**message, "headers": [*kept, *HEADERS]}
        await send(message)

    return send_with_headers
