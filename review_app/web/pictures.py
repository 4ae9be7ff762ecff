"""Page images and filed PDFs by our own routes: this user, this document, and the view is written down.

Streamlit's own media addresses answer anybody and can mix up large files (docs/evidence.md).
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy.exc import NoResultFound
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from ingest.rendering import render_as_dropped
from ocr.asdropped import DPI
from ocr.imaging import cut_out
from ocr.pdfpages import render_page
from review_app.web import desk
from storage.desk import blanks
from storage.documents import asdropped, earlier, filing, viewing
from storage.foundation.errors import NotAllowed, NothingToFile, StateRefused
from storage.foundation.permissions import Actor

_FULL_DPI = 300
_NOTHING = PlainTextResponse("You do not have access.", 404)


def routes() -> list[Route]:
    """The routes of this file."""
    return [
        Route("/page/{document:int}/{position:int}.jpg", _shown(_page, "image/jpeg"), methods=["GET"]),
        Route("/page/{document:int}/{position:int}/full.jpg", _shown(_full_page, "image/jpeg"), methods=["GET"]),
        Route("/field/{document:int}/{name:str}.jpg", _shown(_field, "image/jpeg"), methods=["GET"]),
        Route("/blank/{page:int}.jpg", _shown(_blank, "image/jpeg"), methods=["GET"]),
        Route("/filed/{document:int}.pdf", _shown(_filed, "application/pdf", named=_filed_name), methods=["GET"]),
        Route("/filed/{document:int}/{position:int}.jpg", _shown(_filed_page, "image/jpeg"), methods=["GET"]),
        Route("/dropped/{document:int}/{position:int}.jpg", _shown(_dropped_page, "image/jpeg"), methods=["GET"]),
        Route(
            "/version/{document:int}/{number:int}/{position:int}.jpg",
            _shown(_version_page, "image/jpeg"),
            methods=["GET"],
        ),
        Route(
            "/version/{document:int}/{number:int}.pdf",
            _shown(_version, "application/pdf", named=_version_name),
            methods=["GET"],
        ),
    ]


def _shown(
    make: Callable[..., bytes | None], media_type: str, named: Callable[..., str] | None = None
) -> Callable[[Request], Any]:
    """An endpoint that gives what `make` finds for this person, or nothing that tells whether it exists; `named` gives the
    name under which a browser keeps it."""

    async def endpoint(request: Request) -> Response:
        try:
            data = await run_in_threadpool(make, request.state.actor, **request.path_params)
        except (
            NotAllowed,
            NothingToFile,
            NoResultFound,
            StateRefused,
            OverflowError,
        ):  # the last: a number larger than any row has
            return _NOTHING
        if not data:
            return _NOTHING
        kept_as = f'; filename="{await run_in_threadpool(named, **request.path_params)}"' if named else ""
        return Response(data, media_type=media_type, headers={"content-disposition": f"inline{kept_as}"})

    return endpoint


def _page(actor: Actor, document: int, position: int) -> bytes | None:
    """The image of one page of a document (150 dpi JPEG)."""
    with desk.home().writing() as session:
        return viewing.page_view(session, desk.home().vault, document, position, actor)


def _full_page(actor: Actor, document: int, position: int) -> bytes | None:
    """The image of one page at the resolution it was scanned at, up to 300 dpi (JPEG)."""
    with desk.home().writing() as session:
        pdf = viewing.page_pdf(session, desk.home().vault, document, position, actor)
    return render_page(pdf, _FULL_DPI) if pdf else None


def _blank(actor: Actor, page: int) -> bytes | None:
    """The image of a side that was taken for blank (150 dpi JPEG)."""
    with desk.home().reading() as session:
        return blanks.blank_view(session, desk.home().vault, page, actor)


def _field(actor: Actor, document: int, name: str) -> bytes | None:
    """The piece of the page that a value was read from (JPEG)."""
    with desk.home().writing() as session:
        found = viewing.field_place(session, desk.home().vault, document, name, actor)
    return cut_out(*found) if found else None


def _filed(actor: Actor, document: int) -> bytes:
    """The filed, searchable PDF: built by us from images and text, so it may be shown."""
    with desk.home().writing() as session:
        return filing.filed_pdf(session, desk.home().vault, document, actor)


def _filed_page(actor: Actor, document: int, position: int) -> bytes | None:
    """A page of the filed PDF as it is printed (150 dpi JPEG)."""
    with desk.home().writing() as session:
        pdf = asdropped.filed_page(session, desk.home().vault, document, position, actor)
    return render_page(pdf, DPI, position) if pdf else None


def _dropped_page(actor: Actor, document: int, position: int) -> bytes | None:
    """A page of the filed version as it was dropped (150 dpi JPEG at most)."""
    with desk.home().writing() as session:
        page = asdropped.dropped_page(session, document, position, actor)
    return render_as_dropped(desk.home(), desk.settings(), page) if page else None


def _filed_name(document: int) -> str:
    with desk.home().reading() as session:
        return filing.filed_name(session, document)


def _version_page(actor: Actor, document: int, number: int, position: int) -> bytes | None:
    """The image of one page of a version as it was filed (150 dpi JPEG)."""
    with desk.home().writing() as session:
        return earlier.version_page(session, desk.home().vault, document, number, position, actor)


def _version(actor: Actor, document: int, number: int) -> bytes:
    """The PDF of a version; a superseded one says so on every page."""
    with desk.home().writing() as session:
        return earlier.version_pdf(session, desk.home().vault, document, number, actor)


def _version_name(document: int, number: int) -> str:
    with desk.home().reading() as session:
        return earlier.version_name(session, document, number)
