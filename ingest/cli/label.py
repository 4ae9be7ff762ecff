"""Labels of protection: add, lift, list. Imports stay inside: a command pays for what it uses."""

import click

from ingest.cli.given import ROW
from ingest.cli.opening import opened_home, shell_actor
from ingest.cli.output import as_json_option, print_rows


@click.group()
def label() -> None:
    """Protect a document, or take a label of protection off that is wrong; search and charts follow at once."""


@label.command("add")
@click.argument("document", type=ROW)
@click.argument("code")
@click.option("--reason", required=True, help="Kept with the label and in the audit log.")
def label_add(document: int, code: str, reason: str) -> None:
    """Put label CODE on DOCUMENT: BH, ETH, HIV, PSYTHPN, SEX, STD, SDV, GDIS, MINOR, CEL, EMP or R.

    \b
    Example:
      chartroom label add 42 SDV --reason "asked by the patient"
    """
    from classify.sensitivity import LABELS
    from storage.documents import labelling

    with opened_home() as (_, home), home.writing() as session:
        labelling.add(session, document, code.upper(), reason, shell_actor())
    click.echo(f"Document {document} is protected: {LABELS[code.upper()]}.")


@label.command("lift")
@click.argument("document", type=ROW)
@click.argument("code")
@click.option("--reason", required=True, help="Kept with the document and in the audit log.")
def label_lift(document: int, code: str, reason: str) -> None:
    """Take label CODE off DOCUMENT; the same words on the same pages do not bring it back.

    \b
    Example:
      chartroom label lift 42 HIV --reason "it is the hospital's own leaflet"
    """
    from storage.documents import labelling

    with opened_home() as (_, home), home.writing() as session:
        row = labelling.lift(session, document, code.upper(), reason, shell_actor())
        left = ", ".join(one["code"] for one in row.labels)
    click.echo(f"Lifted. Document {document} " + (f"still bears: {left}." if left else "is not protected any more."))


@label.command("list")
@click.argument("document", type=ROW)
@as_json_option
def label_list(document: int, as_json: bool) -> None:
    """The labels of DOCUMENT, and those that were lifted: why, by whom, when."""
    from storage.documents import labelling

    with opened_home() as (_, home), home.reading() as session:
        found = labelling.labels_of(session, document, shell_actor())
    rows = [
        {"label": one.code, "state": "there", "source": one.source.value, "reason": one.reason, "page": one.page,
         "by": one.by or None, "at": one.at or None}
        for one in found.there
    ] + [
        {"label": one.code, "state": "lifted", "source": one.source.value, "reason": one.why, "page": None,
         "by": one.by, "at": one.at}
        for one in found.lifted
    ]  # fmt: skip
    print_rows(rows, as_json, ("label", "state", "source", "reason", "by", "at"))
