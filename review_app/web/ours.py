"""Requests of our own page only, and how each refusal is answered: one place for the desk, the papers and dropped files.

A header that other sites cannot send without our leave, and the browser's word where a request comes from
(https://www.w3.org/TR/fetch-metadata/). Who may do what, the services decide.
"""

from collections.abc import Awaitable, Callable

from pydantic import ValidationError
from sqlalchemy.exc import NoResultFound
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from ingest.problems import UsageProblem
from review_app.web.body import BodyTooLarge
from storage.foundation.errors import NotAllowed, StorageError

HEADER = "x-chartroom-desk"
_NOT_UNDERSTOOD = "This request is not understood. Please load the page again."
_MOST_REASONS = 5
_CLOSED = 499  # as proxies log a client that closed the connection

Endpoint = Callable[[Request], Awaitable[Response]]


def of_our_page(answer: Endpoint) -> Endpoint:
    """The endpoint that answers our own page alone, and every refusal by a sentence."""

    async def endpoint(request: Request) -> Response:
        if HEADER not in request.headers or request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
            return _refused("This is no request of Chartroom's own page.", 403)
        try:
            return await answer(request)
        except (NotAllowed, NoResultFound):
            return _refused("You do not have access.", 404)
        except StorageError as error:
            return _refused(str(error), 409)
        except UsageProblem as error:
            return _refused(str(error), 400)
        except ClientDisconnect:  # the browser went away in the middle of its request: nobody is there to be answered
            return Response(status_code=_CLOSED)
        except BodyTooLarge:
            return _refused("That is too much at once.", 413)
        except ValidationError as error:
            return _refused(_NOT_UNDERSTOOD, 400, wrong=_reasons(error))
        except ValueError:  # no JSON, or no object
            return _refused(_NOT_UNDERSTOOD, 400)

    return endpoint


def _refused(sentence: str, status: int, **more: object) -> JSONResponse:
    return JSONResponse({"ok": False, "left": False, "sentence": sentence, **more}, status)


def _reasons(error: ValidationError) -> list[str]:
    """Which key is wrong, and why, for whoever works on the page: never what was sent."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    return [f"{'.'.join(map(str, reason['loc']))}: {reason['msg']}" for reason in found[:_MOST_REASONS]]
