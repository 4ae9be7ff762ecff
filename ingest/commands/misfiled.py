"""Filed to the wrong chart: propose, confirm, look. Imports stay inside: a command pays for what it uses."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ingest.commands.opening import Echo, opened_home, operator
from ingest.problems import UsageProblem

if TYPE_CHECKING:
    from sqlmodel import Session

    from storage.foundation.tables.documents import Misfiling


def propose(document: int, pages: Sequence[int], mrn: str, reason: str, cause: str, echo: Echo) -> None:
    """Say that a document, or pages of it, lie in the wrong chart."""
    from storage.documents import misfiling

    with opened_home() as (_, home), home.writing() as session:
        person = _person_id(session, mrn) if mrn else None
        number = misfiling.propose(session, document, pages, person, reason, cause, operator())
        suspects = misfiling.suspects(session, number, operator())
    echo(f"Proposal {number}. A supervisor who is somebody else confirms it: chartroom misfile confirm {number}")
    for suspect in suspects:
        echo(f"  look at document {suspect.document_id} too (MRN {suspect.mrn}): {suspect.why}")


def confirm(number: int, echo: Echo) -> None:
    """Put it right, as the second person."""
    from storage.documents import misfiling
    from storage.foundation.tables.documents import Misfiling

    with opened_home() as (_, home), home.writing() as session:
        moved = misfiling.confirm(session, number, operator())
        seen = session.get_one(Misfiling, number).seen_by
        echo(f"Document {moved.id} waits at the desk, before all others.")
    names = sorted({entry["who"] for entry in seen})
    if names:
        echo(f"Seen in the wrong chart by {', '.join(names)} ({len(seen)} views): chartroom misfile list --json")


def withdraw(number: int, echo: Echo) -> None:
    """The proposal was a mistake."""
    from storage.documents import misfiling

    with opened_home() as (_, home), home.writing() as session:
        misfiling.withdraw(session, number, operator())
    echo(f"Proposal {number} is withdrawn; nothing moved.")


def list_all() -> list[dict[str, Any]]:
    """Every correction, open and done."""
    from sqlmodel import col, select

    from storage.foundation.permissions import Action, check_can
    from storage.foundation.tables.documents import Misfiling

    with opened_home() as (_, home), home.reading() as session:
        check_can(operator(), Action.VERIFY)
        return [_record(session, row) for row in session.exec(select(Misfiling).order_by(col(Misfiling.id)))]


def _record(session: "Session", row: "Misfiling") -> dict[str, Any]:
    from storage.foundation.tables.roster import Person

    to = session.get(Person, row.to_person_id) if row.to_person_id else None
    state = "withdrawn" if row.withdrawn_at else "done" if row.confirmed_at else "waits"
    return {
        "id": row.id,
        "state": state,
        "document": row.document_id,
        "pages": row.pages,
        "mrn": session.get_one(Person, row.person_id).mrn,
        "to": to.mrn if to else None,
        "cause": row.cause,
        "reason": row.reason,
        "proposed_by": row.proposed_by,
        "confirmed_by": row.confirmed_by,
        "moved_to": row.moved_to,
        "was_released": row.was_released,
        "seen_by": row.seen_by,
    }


def _person_id(session: "Session", mrn: str) -> int:
    from storage.foundation.tables.roster import PersonNumber

    row = session.get(PersonNumber, ("", mrn))
    if row is None:
        raise UsageProblem(f"There is no patient with MRN {mrn}.")
    return row.person_id
