"""`chartroom rescans`: the pages the scanning room is asked for again, and their slips."""

import json
from dataclasses import asdict
from pathlib import Path

from ingest.commands.opening import Echo, opened_home, operator


def list_rescans(slips: Path | None, as_json: bool, echo: Echo) -> None:
    """List the open requests, or write their slips to a PDF, one page each."""
    from storage.desk import rescans

    with opened_home(echo=echo) as (_, home):
        with home.reading() as session:
            waiting = rescans.waiting(session, operator())
        if slips is not None:
            from ingest.separators import draw_slips

            slips.write_bytes(draw_slips(waiting))
            with home.writing() as session:
                rescans.note_printed(session, [slip.request_id for slip in waiting], operator())
            echo(f"{len(waiting)} slip(s) in {slips}. Lay each before its page and scan both into the hot folder.")
            return
    for slip in waiting:
        if as_json:
            echo(json.dumps({name: _plain(value) for name, value in asdict(slip).items()}))
        else:
            page = f"page {slip.page}" if slip.page else "a missing page"
            remark = f" ({slip.remark})" if slip.remark else ""
            echo(f"{slip.request_id:>5}  {page} of {slip.file}: {slip.reason}{remark}; asked by {slip.asked_by}")
    if not waiting and not as_json:
        echo("No page is asked for again.")


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, (int, str)) else str(value)
