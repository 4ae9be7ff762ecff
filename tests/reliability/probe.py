"""Unauthorised tries at the review app: paths, methods, cookies, headers, WebSockets, other people's pages, guessing."""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.reliability.stranger import Answer, Stranger

REFUSALS = frozenset({0, 301, 302, 303, 307, 400, 401, 403, 404, 405, 429})
"""No answer, or one that shows nothing; a redirect leads to the sign-in page."""

SIGN_IN_REFUSALS = frozenset({0, 400, 401, 403, 413, 422, 429})  # a redirect would be a sign-in
GUESSES = 12  # wrong passwords in a row: an account is locked long before

_MEDIA = "/media/" + "0" * 32
PROTECTED = ("/page/1/1.jpg", "/filed/1.pdf", "/search")

PATHS = (
    _MEDIA + ".png", "/_stcore/metrics", "/_stcore/host-config", "/_stcore/upload_file/x/y", "/_stcore/agent/openapi.json",
    "/_stcore/agent/interact", "/_stcore/agent/mcp", "/_stcore/script-health-check", "/component/x/index.html",
    "/_stcore/bidi-components/x/y", "/app/static/x", "/oauth2callback", "/auth/login", "/static/../../etc/passwd",
    "/media/../../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "//media/x", "/%6dedia/x", "/media%2fx", "/MEDIA/x",
    "/media/x;/login", "/login/../_stcore/metrics", "/_stcore/health/../metrics", "/_stcore/./metrics", "/_stcore//metrics",
    "/?x=/login", "/pages/secret", *PROTECTED,
)  # fmt: skip
METHODS = ("PUT", "DELETE", "POST", "OPTIONS", "HEAD")
METHOD_PATHS = ("/_stcore/upload_file/x/y", _MEDIA, "/_stcore/agent/interact", *PROTECTED[:2])
COOKIES = (
    "x=1",
    "desk=" + "A" * 43,
    "__Host-desk=x",
    "_streamlit_user=x|y|z",
    "desk=",
    "desk=' OR 1=1--",
    "session=admin",
)
IDENTITIES = (
    "x-desk-user",
    "x-forwarded-user",
    "x-remote-user",
    "remote-user",
    "x-forwarded-email",
    "x-auth-request-user",
)
BAD_SIGN_INS = (
    ("", ""),
    ("admin", "admin"),
    ("' OR 1=1--", "x"),
    ("admin\0", "x"),
    ("x" * 100_000, "y"),
    ("admin", "y" * 100_000),
)
SAFE_HEADERS = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "content-security-policy": "frame-ancestors",
    "referrer-policy": "no-referrer",
}
_FOREIGN = {"Origin": "http://evil.example"}


@dataclass(frozen=True, slots=True)
class Refusal:
    """One try, and whether it was refused."""

    what: str
    is_refused: bool


@dataclass(frozen=True, slots=True)
class Who:
    """An account for the tries of people who are signed in."""

    name: str
    password: str


def try_everything(port: int, allowed: Who, not_allowed: Who, document: str = "/filed/1.pdf") -> Iterator[Refusal]:
    """Every unauthorised try; `document` is something that `allowed` may see and `not_allowed` may not.

    Guessing comes last: it locks the account of `allowed`.
    """
    stranger = Stranger(port)
    yield from _as_nobody(stranger)
    yield from _as_another(stranger)
    yield from _signed_in(stranger, allowed, not_allowed, document)
    yield from _guessing(stranger, allowed.name)


def _refused(what: str, answer: Answer, refusals: frozenset[int] = REFUSALS) -> Refusal:
    return Refusal(f"{what}: {answer.status}", answer.status in refusals)


def _as_nobody(stranger: Stranger) -> Iterator[Refusal]:
    for path in PATHS:
        answer = stranger.ask(path)
        leads_in = 300 <= answer.status < 400 and not answer.headers.get("location", "").startswith("/login")
        yield Refusal(f"GET {path}: {answer.status}", answer.status in REFUSALS and not leads_in)
    for method in METHODS:
        for path in METHOD_PATHS:
            yield _refused(f"{method} {path}", stranger.ask(path, method, b"x"))
    yield _refused("WebSocket", stranger.open_websocket())
    yield _refused("WebSocket from elsewhere", stranger.open_websocket(_FOREIGN))
    guessed = "streamlit, x, 00000000-0000-0000-0000-000000000000"
    yield _refused("WebSocket with a guessed session", stranger.open_websocket(protocol=guessed))


def _as_another(stranger: Stranger) -> Iterator[Refusal]:
    for cookie in COOKIES:
        yield _refused(f"cookie {cookie[:20]}", stranger.ask(PATHS[1], headers={"Cookie": cookie}))
    for header in IDENTITIES:
        yield _refused(f"header {header}", stranger.ask(PATHS[1], headers={header: "admin"}))
        yield _refused(f"WebSocket with {header}", stranger.open_websocket({header: "admin"}))
    for name, password in BAD_SIGN_INS:
        yield _refused(f"sign-in as {name[:12]!r}", stranger.sign_in(name, password), SIGN_IN_REFUSALS)


def _signed_in(stranger: Stranger, allowed: Who, not_allowed: Who, document: str) -> Iterator[Refusal]:
    signed_in = stranger.sign_in(allowed.name, allowed.password)
    session = {"Cookie": signed_in.cookie}
    if not signed_in.cookie or stranger.ask(document, headers=session).status != 200:
        raise AssertionError(f"{allowed.name} must be able to sign in and see {document}: else the tries prove nothing")
    for attribute in ("httponly", "samesite=strict"):
        yield Refusal(f"a cookie without {attribute}", attribute in signed_in.headers["set-cookie"].lower())
    home = stranger.ask("/", headers=session)
    for header, wanted in SAFE_HEADERS.items():
        yield Refusal(f"an answer without {header}: {wanted}", wanted in home.headers.get(header, ""))
    yield _refused("signed in, WebSocket from elsewhere", stranger.open_websocket({**session, **_FOREIGN}))
    other = {"Cookie": stranger.sign_in(not_allowed.name, not_allowed.password).cookie}
    yield _refused(f"{not_allowed.name} reads {document}", stranger.ask(document, headers=other))
    claimed = {**other, IDENTITIES[0]: allowed.name}
    yield _refused(f"{not_allowed.name} says to be {allowed.name}", stranger.ask(document, headers=claimed))
    stranger.ask("/logout", "POST", b"", session)
    yield _refused("after sign-out", stranger.ask(document, headers=session))
    yield _refused("WebSocket after sign-out", stranger.open_websocket(session))


def _guessing(stranger: Stranger, name: str) -> Iterator[Refusal]:
    answers = [stranger.sign_in(name, f"wrong{number}").status for number in range(GUESSES)]
    yield Refusal(f"{GUESSES} wrong passwords in a row without a lock: {answers}", 429 in answers)
