"""The station's own requests: small JSON answers beside Streamlit, so that a key press never waits for a script run.

Every request is by a signed-in person (the gate) and from our own page (ours.py). What each person may do, the services
decide.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from review_app.model import acting, blanks, grouping, station
from review_app.model.messages import (
    BlanksDecideRequest,
    CheckRequest,
    DeskMessage,
    DraftRequest,
    EmptyRequest,
    EndLeasesRequest,
    GroupConfirmRequest,
    GroupRequest,
    HistoryRequest,
    ObjectionsRequest,
    QueueRequest,
    ReadingRequest,
    SearchRequest,
    TakeRequest,
    WordsRequest,
    read_message,
)
from review_app.web import desk, rereading
from review_app.web.body import read_object
from review_app.web.ours import Endpoint, of_our_page
from storage.foundation.permissions import Actor

_LARGEST = 256_000
_MOST = 1000
"""Documents named in one request; a desk holds a handful, a long shift skips some hundreds."""

M = TypeVar("M")


@dataclass(frozen=True, slots=True)
class DeskRequest(Generic[M]):
    """A request of our own page: the message that comes with it, and what answers it."""

    message: type[M]
    answer: Callable[[Actor, M], Any]


def _queue(actor: Actor, asked: QueueRequest) -> Any:
    if not asked.begin:
        return station.look_in(desk.home(), actor, asked.skip[:_MOST])
    return station.take_queue(desk.home(), actor, asked.have[:_MOST], asked.skip[:_MOST])


def _take(actor: Actor, asked: TakeRequest) -> Any:
    return station.take(desk.home(), actor, asked.id)


def _act(actor: Actor, asked: DeskMessage) -> Any:
    answer = acting.act(desk.home(), actor, asked, desk.understand, profile=desk.site().profile)
    if answer["left"]:
        desk.file_soon()
    if any(page["reading"] == "waits" for document in answer.get("documents", ()) for page in document["pages"]):
        rereading.read_turned_soon()
    return answer


def _reading(actor: Actor, asked: ReadingRequest) -> Any:
    answer = station.reading(desk.home(), actor, asked.id, asked.version)
    if answer["waits"]:
        rereading.read_turned_soon()
    return answer


def _check(actor: Actor, asked: CheckRequest) -> Any:
    return acting.check(asked, desk.site().profile)


def _objections(actor: Actor, asked: ObjectionsRequest) -> Any:
    return acting.find_objections(desk.home(), actor, asked, desk.site().profile)


def _draft(actor: Actor, asked: DraftRequest) -> Any:
    return acting.save_draft(desk.home(), actor, asked)


def _search(actor: Actor, asked: SearchRequest) -> Any:
    return acting.find_people(desk.home(), actor, asked.words, day_first=desk.site().profile.day_first)


def _words(actor: Actor, asked: WordsRequest) -> Any:
    return station.words_of_page(desk.home(), actor, asked.id, asked.position)


def _history(actor: Actor, asked: HistoryRequest) -> Any:
    return station.history(desk.home(), actor, asked.id, asked.name)


def _recent(actor: Actor, asked: EmptyRequest) -> Any:
    return station.recent(desk.home(), actor)


def _end_leases(actor: Actor, asked: EndLeasesRequest) -> Any:
    acting.end_leases(desk.home(), actor, list(asked.ids[:_MOST]))
    return {}


def _group(actor: Actor, asked: GroupRequest) -> Any:
    return grouping.take(desk.home(), actor, asked.name, asked.type, asked.skip[:_MOST])


def _group_confirm(actor: Actor, asked: GroupConfirmRequest) -> Any:
    return grouping.confirm(desk.home(), actor, asked, profile=desk.site().profile)


def _blanks(actor: Actor, asked: EmptyRequest) -> Any:
    return blanks.sheet(desk.home(), actor)


def _blanks_decide(actor: Actor, asked: BlanksDecideRequest) -> Any:
    return blanks.decide(desk.home(), actor, asked, desk.understand)


REQUESTS: dict[str, DeskRequest[Any]] = {
    "queue": DeskRequest(QueueRequest, _queue),
    "take": DeskRequest(TakeRequest, _take),
    "act": DeskRequest(DeskMessage, _act),
    "reading": DeskRequest(ReadingRequest, _reading),
    "check": DeskRequest(CheckRequest, _check),
    "objections": DeskRequest(ObjectionsRequest, _objections),
    "draft": DeskRequest(DraftRequest, _draft),
    "search": DeskRequest(SearchRequest, _search),
    "words": DeskRequest(WordsRequest, _words),
    "history": DeskRequest(HistoryRequest, _history),
    "recent": DeskRequest(EmptyRequest, _recent),
    "end_leases": DeskRequest(EndLeasesRequest, _end_leases),
    "group": DeskRequest(GroupRequest, _group),
    "group-confirm": DeskRequest(GroupConfirmRequest, _group_confirm),
    "blanks": DeskRequest(EmptyRequest, _blanks),
    "blanks-decide": DeskRequest(BlanksDecideRequest, _blanks_decide),
}
"""Every request of the station, the grid and the contact sheet, under /desk/."""


def routes() -> list[Route]:
    """One route a request."""
    return [
        Route(f"/desk/{name}", of_our_page(_endpoint(request)), methods=["POST"]) for name, request in REQUESTS.items()
    ]


def _endpoint(asked: DeskRequest[Any]) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        message = read_message(asked.message, await read_object(request, _LARGEST))
        return JSONResponse(await run_in_threadpool(asked.answer, request.state.actor, message))

    return endpoint
