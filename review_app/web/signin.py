"""Sign-in and sign-out: plain pages of our own, outside Streamlit."""

from html import escape
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from review_app.web import desk
from review_app.web.body import BodyTooLarge, read_body
from storage.documents import leases
from storage.foundation import accounts
from storage.foundation.accounts import SignedIn
from storage.foundation.errors import SignInRefused
from storage.foundation.permissions import Actor

_LARGEST_FORM = 8_192

_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Chartroom: sign in</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>
:root {{ color-scheme: light dark }}
body {{ font: 16px/1.5 system-ui, sans-serif; display: grid; place-items: center; min-height: 90vh; margin: 0 }}
form {{ width: 20rem; display: grid; gap: .6rem }}
h1 {{ font-size: 1.4rem; margin: 0 0 .4rem }}
input, button {{ font: inherit; padding: .55rem .7rem; border: 1px solid #767676; border-radius: .4rem }}
button {{ background: #0b5cad; color: #fff; border-color: #0b5cad; cursor: pointer }}
p[role=alert] {{ color: #b00020; margin: 0 }}
@media (prefers-color-scheme: dark) {{ p[role=alert] {{ color: #ff9aa5 }} }}
</style></head><body><form method="post" action="/login">
<h1>Chartroom</h1>{alert}
<label for="username">User name</label>
<input id="username" name="username" autocomplete="username" autofocus required>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
<button>Sign in</button></form></body></html>"""


_WHY = {
    "away": "You were signed out because nobody was here. What you saved is kept.",
    "ended": "You were signed out: your session was ended. What you saved is kept.",
}
"""Why somebody who was signed in stands before the form again."""


async def login(request: Request) -> Response:
    """GET shows the form or takes a one-time link, POST signs in."""
    address = request.client.host if request.client else "unknown"
    if request.method == "GET":
        token = request.query_params.get("once", "")
        if not token:
            return _form(next((_WHY[why] for why in request.query_params if why in _WHY), ""), 200)
        signed_in = await run_in_threadpool(_use_link, token, address)
        return _welcome(signed_in) if signed_in else _form("This link was used or is too old. Ask for a new one.", 401)
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return _form("Please sign in on this page.", 403)
    try:
        body = await read_body(request, _LARGEST_FORM)
    except BodyTooLarge:
        return _form("That is too long.", 413)
    form = parse_qs(body.decode("utf-8", "replace"))
    username, password = form.get("username", [""])[0], form.get("password", [""])[0]
    try:
        signed_in = await run_in_threadpool(_sign_in, username, password, address)
    except SignInRefused as error:
        return _form(str(error), 429)
    return _welcome(signed_in) if signed_in else _form("The user name or the password is not right.", 401)


async def logout(request: Request) -> Response:
    """End the session on the server and in the browser."""
    actor = getattr(request.state, "actor", None)
    await run_in_threadpool(_sign_out, request.cookies.get(desk.COOKIE, ""), actor)
    answer = RedirectResponse("/login", 303)
    answer.delete_cookie(desk.COOKIE, path="/", httponly=True, samesite="strict")
    return answer


def _sign_in(username: str, password: str, address: str) -> SignedIn | None:
    with desk.home().writing() as session:
        return accounts.sign_in(session, username, password, address)


def _use_link(token: str, address: str) -> SignedIn | None:
    with desk.home().writing() as session:
        return accounts.use_one_time_login(session, token, address)


def _sign_out(token: str, actor: Actor | None) -> None:
    with desk.home().writing() as session:
        if actor is not None:
            leases.end_all(session, actor)
        accounts.sign_out(session, token)


def _welcome(signed_in: SignedIn) -> Response:
    answer = RedirectResponse("/", 303)
    answer.set_cookie(desk.COOKIE, signed_in.token, httponly=True, samesite="strict", path="/")
    return answer


def _form(alert: str, status: int) -> HTMLResponse:
    return HTMLResponse(_PAGE.format(alert=f'<p role="alert">{escape(alert)}</p>' if alert else ""), status)
