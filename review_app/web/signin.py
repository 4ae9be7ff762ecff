"""Sign-in and sign-out: plain pages of our own, outside Streamlit."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from review_app.model.paths import HOME
from review_app.web import desk
from review_app.web.body import BodyTooLarge
from review_app.web.plainpage import Field, plain_page, read_form
from storage.documents import leases
from storage.foundation import accounts
from storage.foundation.accounts import SignedIn
from storage.foundation.errors import SignInRefused
from storage.foundation.permissions import Actor

_FIELDS = (
    Field("username", "User name", "text", "username"),
    Field("password", "Password", "password", "current-password"),
)

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
        username, password = await read_form(request, "username", "password")
    except BodyTooLarge:
        return _form("That is too long.", 413)
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
    answer = RedirectResponse(f"/{HOME}", 303)
    answer.set_cookie(desk.COOKIE, signed_in.token, httponly=True, samesite="strict", path="/")
    return answer


def _form(alert: str, status: int) -> HTMLResponse:
    return plain_page("sign in", "/login", _FIELDS, "Sign in", alert, status=status)
