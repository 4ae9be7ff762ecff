"""Requests to the review app as somebody would make them who holds no browser: any path, any header, any cookie."""

import base64
import http.client
import os
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered; status 0 is a closed connection."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)  # names in lower case

    @property
    def cookie(self) -> str:
        """The cookie that was set, without its attributes."""
        return self.headers.get("set-cookie", "").split(";")[0]


@dataclass(frozen=True, slots=True)
class Stranger:
    """Asks the review app on a port of this machine."""

    port: int

    def ask(
        self, path: str, method: str = "GET", body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send this as it is: http.client would make some of these paths and headers harmless."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        sent = dict(headers or {})
        if body is not None:
            sent["Content-Length"] = str(len(body))
        try:
            connection.putrequest(method, path, skip_accept_encoding=True)
            for name, value in sent.items():
                connection.putheader(name, value)
            connection.endheaders(body)
            answer = connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            return Answer(0)
        finally:
            connection.close()
        return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()})

    def open_websocket(self, headers: Mapping[str, str] | None = None, protocol: str = "streamlit") -> Answer:
        """Ask for the WebSocket that the pages talk over; 101 lets in."""
        return self.ask(
            "/_stcore/stream",
            headers={
                "Connection": "Upgrade",
                "Upgrade": "websocket",
                "Sec-WebSocket-Version": "13",
                "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(),
                "Sec-WebSocket-Protocol": protocol,
                **(headers or {}),
            },
        )

    def sign_in(self, name: str, password: str) -> Answer:
        """Send the form of the sign-in page."""
        form = urllib.parse.urlencode({"username": name, "password": password}).encode()
        return self.ask("/login", "POST", form, {"Content-Type": "application/x-www-form-urlencoded"})
