"""Paper that the scanning room prints: separator sheets and rescan slips. Imports stay inside: a command pays for what it uses."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from ingest.cli.opening import opened_home, shell_actor
from ingest.cli.output import note, print_json
from ingest.problems import UsageProblem


@click.command()
@click.argument("number", type=click.IntRange(1, 1000), default=1)
@click.option(
    "--kind", type=click.Choice(["document", "patient", "batch", "end"]), help="[default: by the other options]"
)
@click.option("--type", "type_code", default="", help="Document type code on the sheet (kind document).")
@click.option("--mrn", default="", help="MRN on the sheet (kind patient).")
@click.option("--encounter", default="", help="Encounter number on the sheet (kind patient).")
@click.option(
    "--pages", type=click.IntRange(1), help="Written pages that follow (kind batch): counted against what is found."
)
@click.option("--out", type=click.Path(path_type=Path), default=Path("separators.pdf"), show_default=True)
def separators(
    number: int, kind: str | None, type_code: str, mrn: str, encounter: str, pages: int | None, out: Path
) -> None:
    """Print NUMBER separator sheets (QR and Code 128, with a check) as a PDF.

    \b
    Examples:
      chartroom separators 20
      chartroom separators --kind patient --mrn 00123456 --encounter V2024-0088
      chartroom separators --kind document --type CONSENT_PROC
      chartroom separators 1 --kind batch --pages 48
    """
    from ingest.separators import draw_sheets

    implied = "batch" if pages else "patient" if mrn or encounter else "document"
    if kind is not None and kind != implied and (pages or mrn or encounter or type_code):
        raise UsageProblem(f"These options make a sheet of kind {implied}, not of kind {kind}.")
    if pages and (type_code or mrn or encounter):
        raise UsageProblem("A batch cover counts pages and says nothing of patient or document. Print one of each.")
    if type_code and (mrn or encounter):
        raise UsageProblem("A sheet starts a patient or a document, not both. Print one of each.")
    if not out.absolute().parent.is_dir():
        raise UsageProblem(f"The folder {out.absolute().parent} is not there.")
    draw_sheets(out, number, kind or implied, type_code=type_code, mrn=mrn, encounter=encounter, pages=pages or 0)
    note(f"{number} sheet(s) in {out}. Print at 100 % on plain paper.")


@click.command()
@click.option(
    "--slips", type=click.Path(dir_okay=False, path_type=Path), help="Write a slip for each page to this PDF."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON record a request.")
def rescans(slips: Path | None, as_json: bool) -> None:
    """Pages that technicians ask for again; a slip with a code brings the new image to its place by itself.

    \b
    Examples:
      chartroom rescans
      chartroom rescans --slips slips.pdf
    """
    from storage.desk import rescans as requests

    with opened_home() as (_, home):
        with home.reading() as session:
            waiting = requests.waiting(session, shell_actor())
        if slips is not None:
            from ingest.separators import draw_slips

            slips.write_bytes(draw_slips(waiting))
            with home.writing() as session:
                requests.note_printed(session, [slip.request_id for slip in waiting], shell_actor())
            click.echo(
                f"{len(waiting)} slip(s) in {slips}. Lay each before its page and scan both into the hot folder."
            )
            return
    for slip in waiting:
        if as_json:
            print_json({name: _plain(value) for name, value in asdict(slip).items()})
        else:
            page = f"page {slip.page}" if slip.page else "a missing page"
            remark = f" ({slip.remark})" if slip.remark else ""
            click.echo(f"{slip.request_id:>5}  {page} of {slip.file}: {slip.reason}{remark}; asked by {slip.asked_by}")
    if not waiting and not as_json:
        click.echo("No page is asked for again.")


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, (int, str)) else str(value)
