"""The contact sheet of blank sides: what it shows, and what one glance decides."""

from dataclasses import asdict
from typing import Any

from sqlmodel import Session

from review_app.model.attempt import attempt
from review_app.model.messages import BlanksDecideRequest
from storage.desk import blanks
from storage.desk.blanks import Understand
from storage.foundation.home import Home
from storage.foundation.permissions import Actor


def waiting(home: Home) -> int:
    """How many sides wait for a glance."""
    with home.reading() as session:
        return blanks.count_unseen(session)


def sheet(home: Home, actor: Actor) -> dict[str, Any]:
    """The next contact sheet in the form that the widget draws, and how many sides wait in all."""
    with home.writing() as session:
        sides = blanks.contact_sheet(session, actor)
        return {
            "waiting": blanks.count_unseen(session),
            "sides": [
                {
                    "id": side.page_id,
                    "src": f"/blank/{side.page_id}.jpg",
                    "file": side.file,
                    "page": f"page {side.number} of {side.pages}",
                    "ink": f"{side.ink_share * 100:.2g} % ink" if side.ink_share else "no ink",
                    "whole": side.is_whole_file,
                }
                for side in sides
            ],
        }


def decide(home: Home, actor: Actor, asked: BlanksDecideRequest, understand: Understand) -> dict[str, Any]:
    """Sides that were marked become documents, the others of the sheet are confirmed as blank."""
    confirmed, marked = list(asked.confirmed[: blanks.SHEET]), asked.marked[: blanks.SHEET]

    def action(session: Session) -> str:
        made = [blanks.keep_as_page(session, page_id, actor, understand) for page_id in marked]
        count = blanks.confirm_blank(session, confirmed, actor)
        said = [f"{count} sides confirmed as blank."] if count else []
        said += [f"Document {', '.join(map(str, made))} is on the work list."] if made else []
        return " ".join(said) or "Nothing was changed."

    return asdict(attempt(home, action))
