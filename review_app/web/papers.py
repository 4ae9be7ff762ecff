"""PDFs that people print: rescan slips, separator sheets, the page account of a scan. Made when asked for, never kept."""

from collections.abc import Callable
from urllib.parse import unquote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from ingest.problems import explain
from ingest.reports import draw_table
from ingest.separators import draw_slips, sheets_pdf
from review_app.model import scans
from review_app.model.messages import SheetsRequest, read_message
from review_app.web import desk
from review_app.web.body import read_object
from review_app.web.ours import Endpoint, of_our_page
from storage.custody import originals
from storage.desk import rescans
from storage.foundation.clock import show_time
from storage.foundation.errors import NotAllowed, StateRefused
from storage.foundation.permissions import Action, Actor, check_can

_LARGEST = 4_000


def routes() -> list[Route]:
    """The routes of this file."""
    return [
        Route("/papers/rescans.pdf", _pdf(_slips), methods=["GET"]),
        Route("/papers/scan-{batch:int}.pdf", _pdf(_scan_report), methods=["GET"]),
        Route("/papers/original/{claim}", _original, methods=["GET"]),
        Route("/papers/sheets.pdf", of_our_page(_sheets), methods=["POST"]),
        Route("/drop", of_our_page(_drop), methods=["POST"]),
    ]


def _pdf(make: Callable[[Actor, Request], bytes]) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        try:
            data = await run_in_threadpool(make, request.state.actor, request)
        except (NotAllowed, StateRefused, OverflowError):  # the last: a number larger than any row has
            return PlainTextResponse("You do not have access.", 404)
        return Response(data, media_type="application/pdf", headers={"content-disposition": "inline"})

    return endpoint


def _slips(actor: Actor, request: Request) -> bytes:
    with desk.home().writing() as session:
        waiting = rescans.waiting(session, actor)
        rescans.note_printed(session, [slip.request_id for slip in waiting], actor)
    return draw_slips(waiting)


def _scan_report(actor: Actor, request: Request) -> bytes:
    scan, ledger, lines = scans.page_lines(desk.home(), actor, request.path_params["batch"])
    about = [
        f"File {scan.file}, received {show_time(scan.received, zone=True)}, {scan.state}.",
        f"Pages: {ledger}",
        f"Remarks: {', '.join(scan.flags) or 'none'}{f'; {scan.reason}' if scan.reason else ''}",
        "Checked by ______________________   Date ______________",
    ]
    about += [f"Differs from its index file: {differs}" for differs in scan.differs]
    rows = [(line.page, line.place, line.outcome, line.dpi or "", line.reason) for line in lines]
    return draw_table(
        f"Scan {scan.batch_id}: page account", about, ("Page", "Where it is", "Read", "Dpi", "Remark"), rows
    )


async def _original(request: Request) -> Response:
    """A file as it was dropped, which is never shown here: a browser keeps it under its name, and opens nothing."""

    def give() -> bytes:
        with desk.home().writing() as session:
            return originals.give(session, desk.home().vault, request.path_params["claim"], request.state.actor)

    try:
        data = await run_in_threadpool(give)
    except (NotAllowed, StateRefused):
        return PlainTextResponse("You do not have access.", 404)
    return Response(
        data,
        media_type="application/octet-stream",
        headers={"content-disposition": "attachment", "x-content-type-options": "nosniff"},
    )


async def _sheets(request: Request) -> Response:
    """Separator sheets; what is on them comes in the body, for a record number does not belong in an address."""
    check_can(request.state.actor, Action.DROP)
    asked = read_message(SheetsRequest, await read_object(request, _LARGEST))
    data = await run_in_threadpool(
        sheets_pdf,
        asked.number,
        asked.kind,
        type_code=asked.type,
        mrn=asked.mrn,
        encounter=asked.encounter,
        pages=asked.pages,
    )
    return Response(data, media_type="application/pdf")


async def _drop(request: Request) -> Response:
    """A file from the browser into the first hot folder: the same intake as a scanner's, under a passing name until whole."""
    check_can(request.state.actor, Action.DROP)
    try:
        with desk.dropping(unquote(request.headers.get("x-file-name", "")), request.state.actor) as drop:
            async for chunk in request.stream():
                await run_in_threadpool(drop.write, chunk)
            kept = await run_in_threadpool(drop.finish)
    except OSError as error:  # its text holds the name of the file
        return JSONResponse({"sentence": explain(error).sentence}, 507)
    return JSONResponse({"sentence": f"{kept} is in the hot folder."})
