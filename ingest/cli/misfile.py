"""Filed to the wrong chart: propose, confirm, withdraw, list. Imports stay inside: a command pays for what it uses."""

from typing import TYPE_CHECKING, Any

import click

from ingest.cli.given import ROW
from ingest.cli.opening import as_person, opened_home, person_at_shell, shell_actor
from ingest.cli.output import as_json_option, note, print_rows
from ingest.problems import UsageProblem

if TYPE_CHECKING:
    from sqlmodel import Session

    from storage.foundation.tables.documents import Misfiling


@click.group()
def misfile() -> None:
    """Correct what was filed to the wrong chart; it takes two people."""


@misfile.command("propose")
@click.argument("document", type=ROW)
@click.option(
    "--page", "--pages", "pages", multiple=True, type=ROW, help="A page of the dropped file; once for each wrong page."
)
@click.option("--whole", is_flag=True, help="Every page of the document.")
@click.option("--to", "mrn", default="", help="MRN of the right patient.")
@click.option("--not-known", "is_unknown", is_flag=True, help="Nobody knows yet whose the pages are.")
@click.option("--reason", required=True, help="In two words or more: the second person decides by it.")
@click.option(
    "--cause", default="", help="wrong_sticker, mixed_batch, wrong_choice, wrong_link, wrong_list or other; required."
)
@as_person
def misfile_propose(
    document: int,
    pages: tuple[int, ...],
    mrn: str,
    reason: str,
    cause: str,
    account: str,
    *,
    whole: bool,
    is_unknown: bool,
    password_stdin: bool,
) -> None:
    """Propose a correction: DOCUMENT, or pages of it, is in the wrong chart. Nothing moves before a second person confirms.

    Say which pages (--page or --whole), whose they are (--to or --not-known) and the cause: nothing is assumed.

    \b
    Example:
      chartroom misfile propose 42 --page 3 --to 00777777 --reason "label of Lee Kim" --cause wrong_sticker
      chartroom misfile propose 42 --whole --not-known --reason "label of Lee Kim" --cause wrong_sticker --as tess
    """
    from storage.documents import misfiling
    from storage.roster.finding import person_with_mrn

    if bool(pages) == whole:
        raise UsageProblem("Say which pages are in the wrong chart: --page N for each, or --whole for all of them.")
    if bool(mrn) == is_unknown:
        raise UsageProblem("Say whose the pages are: --to MRN, or --not-known while nobody knows.")
    if cause not in misfiling.CAUSES:
        known = "; ".join(f"{code} ({sentence})" for code, sentence in misfiling.CAUSES.items())
        raise UsageProblem(f"Choose the --cause: {known}.")

    with opened_home() as (_, home):
        actor = person_at_shell(home, account, from_stdin=password_stdin)
        with home.writing() as session:
            to_person_id = person_with_mrn(session, mrn).id if mrn else None
            number = misfiling.propose(session, document, pages, to_person_id, reason, cause, actor)
            suspects = misfiling.suspects(session, number, actor)
    note(f"Proposal {number}. A second supervisor must confirm it: chartroom misfile confirm {number}")
    for suspect in suspects:
        click.echo(f"  look at document {suspect.document_id} too (MRN {suspect.mrn}): {suspect.why}")


@misfile.command("confirm")
@click.argument("number", type=ROW)
@click.option("--reason", default="", help="Needed where the pages name the patient they are filed to now.")
@as_person
def misfile_confirm(number: int, reason: str, account: str, *, password_stdin: bool) -> None:
    """Confirm correction NUMBER. You must be a different person from the one who proposed it, at the desk or here.

    \b
    Example:
      chartroom misfile confirm 3 --as sam
    """
    from ingest.site import load_site
    from storage.documents import misfiling
    from storage.foundation.tables.documents import Misfiling

    with opened_home() as (_, home):
        actor = person_at_shell(home, account, from_stdin=password_stdin)
        with home.writing() as session:
            moved = misfiling.confirm(session, number, actor, reason, profile=load_site(home.path).profile)
            seen = session.get_one(Misfiling, number).seen_by
        note(f"Document {moved.id} waits at the desk, before all others.")
    names = sorted({entry["who"] for entry in seen})
    if names:
        people = f"{len(names)} {'person' if len(names) == 1 else 'people'}"
        click.echo(
            f"{people} saw this document in the wrong chart: {', '.join(names)}. When: chartroom misfile list --json"
        )


@misfile.command("withdraw")
@click.argument("number", type=ROW)
@as_person
def misfile_withdraw(number: int, account: str, *, password_stdin: bool) -> None:
    """Withdraw correction NUMBER, which was proposed by mistake. Nothing moves."""
    from storage.documents import misfiling

    with opened_home() as (_, home):
        actor = person_at_shell(home, account, from_stdin=password_stdin)
        with home.writing() as session:
            misfiling.withdraw(session, number, actor)
    note(f"Proposal {number} is withdrawn; nothing moved.")


@misfile.command("list")
@as_json_option
def misfile_list(as_json: bool) -> None:
    """Every correction: what, by whom, and who saw the pages in the wrong chart."""
    from sqlmodel import col, select

    from storage.foundation.permissions import Action, check_can
    from storage.foundation.tables.documents import Misfiling

    with opened_home() as (_, home), home.reading() as session:
        check_can(shell_actor(), Action.VERIFY)
        rows = [_record(session, row) for row in session.exec(select(Misfiling).order_by(col(Misfiling.id)))]
    print_rows(rows, as_json, ("id", "state", "document", "pages", "mrn", "to", "cause", "reason"))


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
