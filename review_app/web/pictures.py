"""Page images and filed PDFs by our own routes: this user, this document, and the view is written down.

Streamlit's own media addresses answer anybody and can mix up large files (RELIABILITY §0.5, §0.6).
"""

from sqlalchemy.exc import NoResultFound
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from ocr.pdfpages import render_page
from review_app.web import desk
from storage import filing, viewing
from storage.errors import NotAllowed, NothingToFile
from storage.permissions import Actor

_FULL_DPI = 300
_NOTHING = PlainTextResponse("There is nothing here for you.", 404)


async def page_image(request: Request) -> Response:
    """The image of one page of a document (150 dpi JPEG)."""
    actor: Actor = request.state.actor
    document, position = request.path_params["document"], request.path_params["position"]
    try:
        data = await run_in_threadpool(_page, actor, document, position)
    except (NotAllowed, NoResultFound):
        return _NOTHING
    return Response(data, media_type="image/jpeg") if data else _NOTHING


async def full_page_image(request: Request) -> Response:
    """The image of one page at the resolution it was scanned at, up to 300 dpi (JPEG)."""
    actor: Actor = request.state.actor
    document, position = request.path_params["document"], request.path_params["position"]
    try:
        pdf = await run_in_threadpool(_page_pdf, actor, document, position)
    except (NotAllowed, NoResultFound):
        return _NOTHING
    if pdf is None:
        return _NOTHING
    data = await run_in_threadpool(render_page, pdf, _FULL_DPI)
    return Response(data, media_type="image/jpeg")


async def filed_pdf(request: Request) -> Response:
    """The filed, searchable PDF: built by us from images and text, so it may be shown."""
    actor: Actor = request.state.actor
    try:
        data = await run_in_threadpool(_filed, actor, request.path_params["document"])
    except (NotAllowed, NothingToFile, NoResultFound):
        return _NOTHING
    return Response(data, media_type="application/pdf", headers={"content-disposition": "inline"})


def _page(actor: Actor, document: int, position: int) -> bytes | None:
    with desk.home().writing() as session:
        return viewing.page_view(session, desk.home().vault, document, position, actor)


def _page_pdf(actor: Actor, document: int, position: int) -> bytes | None:
    with desk.home().writing() as session:
        return viewing.page_pdf(session, desk.home().vault, document, position, actor)


def _filed(actor: Actor, document: int) -> bytes:
    with desk.home().writing() as session:
        return filing.filed_pdf(session, desk.home().vault, document, actor)
