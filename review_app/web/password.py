"""A new password before anything else opens, for whoever has one that an administrator set: a plain page beside the sign-in."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from review_app.model.paths import HOME
from review_app.web import desk
from review_app.web.body import BodyTooLarge
from review_app.web.plainpage import Field, plain_page, read_form
from storage.foundation import accounts
from storage.foundation.errors import NotAllowed, SignInRefused
from storage.foundation.permissions import Actor

_FIELDS = (
    Field("current", "Current password", "password", "current-password"),
    Field("new", f"New password ({accounts.SHORTEST_PASSWORD} characters or more)", "password", "new-password"),
    Field("again", "New password again", "password", "new-password"),
)
_LEAD = "An administrator set your password. Choose your own before you go on."


async def change(request: Request) -> Response:
    """GET shows the form, POST changes the password of whoever is signed in and goes on."""
    actor: Actor = request.state.actor  # the gate lets nobody else here
    if request.method == "GET":
        visitor = await run_in_threadpool(desk.visitor_of, request)
        return _form() if visitor is not None and visitor.must_change else RedirectResponse(f"/{HOME}", 303)
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return _form("Please change your password on this page.", 403)
    try:
        current, new, again = await read_form(request, "current", "new", "again")
    except BodyTooLarge:
        return _form("That is too long.", 413)
    if new != again:
        return _form("The two new passwords differ. Nothing was changed.", 400)
    token = request.cookies.get(desk.COOKIE, "")
    try:
        is_changed = await run_in_threadpool(_change, actor, current, new, token)
    except NotAllowed as error:
        return _form(str(error), 400)
    except SignInRefused as error:
        return _form(str(error), 429)
    return RedirectResponse(f"/{HOME}", 303) if is_changed else _form("The current password is not right.", 401)


def _change(actor: Actor, current: str, new: str, token: str) -> bool:
    with desk.home().writing() as session:
        return accounts.change_own_password(session, actor, current, new, token)


def _form(alert: str = "", status: int = 200) -> Response:
    return plain_page(
        "change password", "/password", _FIELDS, "Change password", alert, lead=_LEAD, signs_out=True, status=status
    )
