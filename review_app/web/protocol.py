"""The station's own requests: small JSON answers beside Streamlit, so that a key press never waits for a script run.

Every request is by a signed-in person (the gate), from our own page: a header that other sites cannot send without our
leave, and the browser's word where it comes from. What each person may do, the services decide.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy.exc import NoResultFound
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from review_app.model import acting, blanks, grouping, station
from review_app.web import desk
from review_app.web.body import BodyTooLarge, read_object
from storage.foundation.errors import NotAllowed, StorageError
from storage.foundation.permissions import Actor

_LARGEST = 256_000
HEADER = "x-chartroom-desk"
NOT_UNDERSTOOD = "This request is not understood. Please load the page again."
TOO_MUCH = "That is too much at once."

MALFORMED = (AttributeError, KeyError, OverflowError, TypeError, ValueError)
"""What reading a request raises that our own page does not send: a list for an object, a number that no column holds."""

Answer = Callable[[Actor, dict[str, Any]], Any]


def _queue(actor: Actor, asked: dict[str, Any]) -> Any:
    return station.take_queue(desk.home(), actor, _ids(asked.get("have")), _ids(asked.get("skip")))


def _take(actor: Actor, asked: dict[str, Any]) -> Any:
    return station.take(desk.home(), actor, int(asked["id"]))


def _act(actor: Actor, asked: dict[str, Any]) -> Any:
    answer = acting.act(desk.home(), actor, asked, desk.understand, day_first=desk.site().profile.day_first)
    if answer["left"]:
        desk.file_soon()
    return answer


def _draft(actor: Actor, asked: dict[str, Any]) -> Any:
    return acting.save_draft(desk.home(), actor, asked)


def _search(actor: Actor, asked: dict[str, Any]) -> Any:
    return acting.find_people(desk.home(), actor, str(asked.get("words", "")), day_first=desk.site().profile.day_first)


def _words(actor: Actor, asked: dict[str, Any]) -> Any:
    return station.words_of_page(desk.home(), actor, int(asked["id"]), int(asked["position"]))


def _history(actor: Actor, asked: dict[str, Any]) -> Any:
    return station.history(desk.home(), actor, int(asked["id"]), str(asked["name"]))


def _recent(actor: Actor, asked: dict[str, Any]) -> Any:
    return station.recent(desk.home(), actor)


def _end_leases(actor: Actor, asked: dict[str, Any]) -> Any:
    acting.end_leases(desk.home(), actor, _ids(asked.get("ids")))
    return {}


def _group(actor: Actor, asked: dict[str, Any]) -> Any:
    return grouping.take(desk.home(), actor, str(asked["name"]), str(asked.get("type") or ""), _ids(asked.get("skip")))


def _group_confirm(actor: Actor, asked: dict[str, Any]) -> Any:
    return grouping.confirm(desk.home(), actor, asked, day_first=desk.site().profile.day_first)


def _blanks(actor: Actor, asked: dict[str, Any]) -> Any:
    return blanks.sheet(desk.home(), actor)


def _blanks_decide(actor: Actor, asked: dict[str, Any]) -> Any:
    return blanks.decide(desk.home(), actor, asked, desk.understand)


REQUESTS: dict[str, Answer] = {
    "queue": _queue,
    "take": _take,
    "act": _act,
    "draft": _draft,
    "search": _search,
    "words": _words,
    "history": _history,
    "recent": _recent,
    "end_leases": _end_leases,
    "group": _group,
    "group-confirm": _group_confirm,
    "blanks": _blanks,
    "blanks-decide": _blanks_decide,
}
"""Every request of the station, the grid and the contact sheet, under /desk/."""


def routes() -> list[Route]:
    """One route a request."""
    return [Route(f"/desk/{name}", _endpoint(answer), methods=["POST"]) for name, answer in REQUESTS.items()]


def _endpoint(answer: Answer) -> Callable[[Request], Any]:
    async def endpoint(request: Request) -> Response:
        if HEADER not in request.headers or request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
            return _refused("This is no request of Chartroom's own page.", 403)
        try:
            asked = await read_object(request, _LARGEST)
            return JSONResponse(await run_in_threadpool(answer, request.state.actor, asked))
        except (NotAllowed, NoResultFound):
            return _refused("There is nothing here for you.", 404)
        except StorageError as error:
            return _refused(str(error), 409)
        except BodyTooLarge:
            return _refused(TOO_MUCH, 413)
        except MALFORMED:
            return _refused(NOT_UNDERSTOOD, 400)

    return endpoint


def _refused(sentence: str, status: int) -> JSONResponse:
    return JSONResponse({"ok": False, "left": False, "sentence": sentence}, status)


def _ids(value: object) -> list[int]:
    return [int(n) for n in value][:1000] if isinstance(value, list) else []
