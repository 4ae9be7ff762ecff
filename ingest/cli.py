"""The command line. Each command imports only what it needs, so that those without OCR start fast."""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from ingest.commands import forms, learning, look, misfiled, setup, tools, work
from ingest.commands import patients as patient_list
from ingest.logs import silence_libraries
from ingest.problems import told_in_one_sentence

_EXAMPLES = """
\b
Examples:
  chartroom init                        make a data home
  chartroom roster load patients.csv    tell it who the patients are
  chartroom watch                       take in and work what is dropped, for ever
  chartroom review                      open the review app
  chartroom search "chest pain"         find filed pages
"""


@click.group(epilog=_EXAMPLES, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="chartroom")
def chartroom() -> None:
    """Scan, read, index, verify and file paper medical records."""


def main() -> None:
    """The console script: every foreseen error becomes one sentence and exit code 1."""
    silence_libraries()
    with told_in_one_sentence():
        chartroom(standalone_mode=True)


def _print_rows(rows: Iterable[dict[str, Any]], as_json: bool, columns: tuple[str, ...]) -> None:
    """JSON Lines for machines, a plain table for people."""
    rows = list(rows)
    if as_json:
        for row in rows:
            sys.stdout.write(json.dumps(row, ensure_ascii=True) + "\n")
        return
    shown = [[_cell(row.get(column)) for column in columns] for row in rows]
    widths = [
        max(len(column), *(len(line[i]) for line in shown)) if shown else len(column)
        for i, column in enumerate(columns)
    ]
    click.echo("  ".join(column.ljust(width) for column, width in zip(columns, widths, strict=True)).rstrip())
    for line in shown:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def _cell(value: Any) -> str:
    if isinstance(value, list):
        value = ", ".join(map(str, value))
    text = "" if value is None else str(value)
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


as_json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON Lines.")


# ---- setting up


@chartroom.command()
def init() -> None:
    """Make the data home: database, vault, hot folder, keys, first account. Asks nothing."""
    setup.init(click.echo)


@chartroom.command()
@click.option("--states", is_flag=True, help="Print the tables of states as Markdown.")
@click.option("--types", is_flag=True, help="Print the table of document types as Markdown.")
def settings(states: bool, types: bool) -> None:
    """Show every setting, its value and what it is for."""
    setup.show_settings(states=states, types=types, echo=click.echo)


@chartroom.command()
def doctor() -> None:
    """Look at this machine and say what is missing, with the fix beside it."""
    if not setup.doctor(click.echo):
        sys.exit(1)


@chartroom.group()
def key() -> None:
    """The master key and its recovery sheet."""


@key.command("sheet")
def key_sheet() -> None:
    """Print the recovery sheet: keep it on paper, in two places."""
    setup.print_recovery_sheet(click.echo)


@key.command("confirm")
@click.argument("file", type=click.File("r"), default="-")
def key_confirm(file: Any) -> None:
    """Type the recovery sheet back (or give it in FILE), so that we know it was written down."""
    setup.confirm_recovery_sheet(file.read(), click.echo)


@key.command("restore")
@click.argument("file", type=click.File("r"), default="-")
def key_restore(file: Any) -> None:
    """Make the key file again from the recovery sheet."""
    setup.restore_key(file.read(), click.echo)


@chartroom.group()
def user() -> None:
    """Accounts."""


@user.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice(["operator", "technician", "supervisor", "auditor", "admin"]), required=True)
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def user_add(name: str, role: str, password_stdin: bool) -> None:
    """Add a named account."""
    password = (
        sys.stdin.readline().rstrip("\n")
        if password_stdin
        else click.prompt("Password", hide_input=True, confirmation_prompt=True)
    )
    setup.add_user(name, role, password, click.echo)


@user.command("list")
@as_json_option
def user_list(as_json: bool) -> None:
    """List the accounts."""
    _print_rows(setup.users(), as_json, ("username", "role", "disabled"))


@user.command("disable")
@click.argument("name")
def user_disable(name: str) -> None:
    """Shut an account and end its sessions at once."""
    setup.disable_user(name, click.echo)


@user.command("link")
@click.argument("name")
def user_link(name: str) -> None:
    """Print a link that signs NAME in once, within the hour."""
    setup.print_login_link(name, click.echo)


# ---- the work


@chartroom.command()
def run() -> None:
    """Take in all that lies in the hot folders, work it, end. Exit 0 when every file reached an end state."""
    sys.exit(work.run(click.echo))


@chartroom.command()
def watch() -> None:
    """Take in and work what is dropped in the hot folders, for ever (end with Ctrl-C)."""
    work.watch(click.echo)


@chartroom.command()
@click.argument("ids", nargs=-1, type=int)
@click.option("--all", "every", is_flag=True, help="Every quarantined file.")
def retry(ids: tuple[int, ...], every: bool) -> None:
    """Try quarantined files again, or take a held duplicate anyway, by the id that 'chartroom sources' shows."""
    work.retry(ids, every=every, echo=click.echo)


@chartroom.command()
@click.argument("ids", nargs=-1, type=int, required=True)
@click.option("--reason", required=True, help="Why; it is kept in the audit log.")
def void(ids: tuple[int, ...], reason: str) -> None:
    """Cancel quarantined files and duplicates, by the id that 'chartroom sources' shows."""
    work.void(ids, reason, click.echo)


@chartroom.command()
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
    work.print_separators(number, kind, type_code, mrn, encounter, pages or 0, out, click.echo)


@chartroom.command()
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
    from ingest.commands.rescans import list_rescans

    list_rescans(slips, as_json, click.echo)


@chartroom.group()
def roster() -> None:
    """The list of patients we may file to."""


@roster.command("load")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the account of the load as one JSON record.")
@click.option(
    "--day-first/--month-first",
    "day_first",
    default=None,
    help="The dates in these tables are 31/12/1950, or 12/31/1950.",
)
def roster_load(files: tuple[Path, ...], as_json: bool, day_first: bool | None) -> None:
    """Load patients and visits from tables (CSV), HL7 v2 ADT messages or FHIR (NDJSON, JSON, Bundle).

    Prints what it read as what and what it left out. Loading again changes nothing.

    \b
    Examples:
      chartroom roster load patients.csv
      chartroom roster load adt/*.hl7
      chartroom roster load Patient.ndjson Encounter.ndjson
      chartroom roster load --day-first patients-abroad.csv
    """
    sys.exit(patient_list.load(files, click.echo, day_first=day_first, as_json=as_json))


@roster.command("find")
@click.argument("words", nargs=-1, required=True)
@click.option("--limit", default=9, show_default=True)
@as_json_option
def roster_find(words: tuple[str, ...], limit: int, as_json: bool) -> None:
    """Find patients by parts of names, MRN, visit, phone or date of birth; spelling is forgiven.

    \b
    Examples:
      chartroom roster find riv ana
      chartroom roster find 1957-03-14 rivera
    """
    _print_rows(patient_list.find(" ".join(words), limit), as_json, ("mrn", "name", "dob", "sex", "other_mrns"))


@roster.command("merge")
@click.argument("loser")
@click.argument("survivor")
@click.option("--reason", required=True, help="Why they are the same person.")
def roster_merge(loser: str, survivor: str, reason: str) -> None:
    """Join the patient with MRN LOSER into SURVIVOR; nothing is deleted, and it can be undone."""
    patient_list.merge(loser, survivor, reason, click.echo)


@roster.command("unmerge")
@click.argument("one")
@click.argument("other")
@click.option("--reason", required=True, help="Why they are two persons.")
def roster_unmerge(one: str, other: str, reason: str) -> None:
    """Take two merged patients apart again, with the visits and documents that each had."""
    patient_list.unmerge(one, other, reason, click.echo)


@roster.command("questions")
@as_json_option
def roster_questions(as_json: bool) -> None:
    """Documents whose patient must be confirmed, and merges (ids with an m) of people who do not look like one."""
    _print_rows(patient_list.questions(), as_json, ("id", "document", "type", "mrn", "before", "proposed", "reason"))


@roster.command("confirm")
@click.argument("numbers", nargs=-1, required=True, type=int)
def roster_confirm(numbers: tuple[int, ...]) -> None:
    """Answer questions (their ids): these documents are where they belong."""
    patient_list.confirm(numbers, click.echo)


@roster.command("decline")
@click.argument("ids", nargs=-1, required=True)
def roster_decline(ids: tuple[str, ...]) -> None:
    """Answer merges (their ids, such as m12): each is of two people, who stay apart."""
    patient_list.decline(ids, click.echo)


@roster.command("listen")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=2575, show_default=True)
@click.option(
    "--peer", "peers", multiple=True, help="Address or network that may send (repeat it).  [default: 127.0.0.1 only]"
)
def roster_listen(host: str, port: int, peers: tuple[str, ...]) -> None:
    """Take in ADT messages over MLLP for ever, from listed peers only; each is acknowledged after it is kept.

    \b
    Example:
      chartroom roster listen --host 0.0.0.0 --peer 10.1.2.3 --peer 10.1.7.0/24
    """
    sys.exit(patient_list.listen(host, port, peers, click.echo))


@chartroom.group()
def misfile() -> None:
    """Correct what was filed to the wrong chart; it takes two people."""


@misfile.command("propose")
@click.argument("document", type=int)
@click.option("--page", "pages", multiple=True, type=int, help="A page of the dropped file; none means all of them.")
@click.option("--to", "mrn", default="", help="MRN of whose they are, when that is known.")
@click.option("--reason", required=True)
@click.option(
    "--cause",
    default="other",
    show_default=True,
    help="wrong_sticker, mixed_batch, wrong_choice, wrong_link, wrong_list, other.",
)
def misfile_propose(document: int, pages: tuple[int, ...], mrn: str, reason: str, cause: str) -> None:
    """Say that DOCUMENT, or pages of it, lies in the wrong chart. Nothing moves before a second person confirms.

    \b
    Example:
      chartroom misfile propose 42 --page 3 --to 00777777 --reason "label of Lee Kim" --cause wrong_sticker
    """
    misfiled.propose(document, pages, mrn, reason, cause, click.echo)


@misfile.command("confirm")
@click.argument("number", type=int)
def misfile_confirm(number: int) -> None:
    """Put proposal NUMBER right, as somebody else than who proposed it."""
    misfiled.confirm(number, click.echo)


@misfile.command("withdraw")
@click.argument("number", type=int)
def misfile_withdraw(number: int) -> None:
    """Proposal NUMBER was a mistake."""
    misfiled.withdraw(number, click.echo)


@misfile.command("list")
@as_json_option
def misfile_list(as_json: bool) -> None:
    """Every correction: what, by whom, and who saw the pages in the wrong chart."""
    _print_rows(misfiled.list_all(), as_json, ("id", "state", "document", "pages", "mrn", "to", "cause", "reason"))


# ---- looking


@chartroom.command()
@as_json_option
def sources(as_json: bool) -> None:
    """Every dropped file and what became of it, refused ones too."""
    _print_rows(look.sources(), as_json, ("id", "name", "state", "pages", "flags", "reason"))


@chartroom.command()
@as_json_option
def documents(as_json: bool) -> None:
    """Every document: pages, type, patient, fields."""
    rows = look.list_documents()
    if not as_json:
        rows = [
            {**r, "type": r["type"]["code"], "mrn": r["patient"]["mrn"], "decision": r["patient"]["decision"]}
            for r in rows
        ]
    _print_rows(rows, as_json, ("id", "source", "pages", "state", "type", "mrn", "decision"))


@chartroom.command()
@as_json_option
def pages(as_json: bool) -> None:
    """Every page and where it is."""
    _print_rows(
        look.list_pages(),
        as_json,
        ("source", "page", "disposition", "outcome", "rotation", "words", "document"),
    )


@chartroom.command()
@click.argument("words", nargs=-1, required=True)
@as_json_option
def search(words: tuple[str, ...], as_json: bool) -> None:
    """Filed pages that hold all WORDS."""
    _print_rows(look.search(" ".join(words)), as_json, ("document", "page", "type", "mrn", "date", "snippet"))


@chartroom.command()
def verify() -> None:
    """Check every stored file, the page account, and the audit log against the tables."""
    sys.exit(look.verify(click.echo))


@chartroom.command("open")
@click.argument("document", type=int)
@click.option("--out", type=click.Path(path_type=Path), help="Where to write the PDF [default: document-N.pdf].")
def open_filed(document: int, out: Path | None) -> None:
    """Write the filed PDF of a document to a file (the view is audited)."""
    look.write_filed_pdf(document, out or Path(f"document-{document}.pdf"), click.echo)


# ---- learning


@chartroom.command()
@click.option(
    "--examples",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Labelled texts beside the verified documents: JSON Lines with text and type.",
)
@click.option("--list", "show", is_flag=True, help="Show the versions and which one is used.")
@click.option("--use", "number", type=int, help="Use this version again; 0 for the title rules alone.")
@as_json_option
def train(examples: Path | None, show: bool, number: int | None, as_json: bool) -> None:
    """Learn the kinds of documents from what technicians verified.

    Every fifth verified document is set aside to judge by; a version that does worse on them than
    what is used now is kept but not used.

    \b
    Examples:
      chartroom train
      chartroom train --examples archive.jsonl
      chartroom train --list
      chartroom train --use 3
    """
    if show:
        _print_rows(
            learning.list_models(),
            as_json,
            ("model", "made", "by", "documents", "judged_on", "right", "before", "used"),
        )
    elif number is not None:
        learning.use_model(number, click.echo)
    else:
        sys.exit(learning.train(examples, click.echo))


@chartroom.group()
def form() -> None:
    """Printed forms whose zones are read as fields."""


@form.command("teach")
@click.argument("sample", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--name", required=True, help="What the form is called.")
@click.option("--type", "code", required=True, help="Document type code of such a page.")
@click.option(
    "--zones",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="CSV: field,left,top,right,bottom in inches from the upper left corner; value for a tick box.",
)
def form_teach(sample: Path, name: str, code: str, zones: Path) -> None:
    """Teach a form from one SAMPLE page, blank or filled in; it is recognised on every page from then on.

    \b
    Example:
      chartroom form teach intake.tif --name "Intake 2019" --type INTAKE_HISTORY --zones intake.csv
    """
    forms.teach(sample, name, code, zones, click.echo)


@form.command("list")
@as_json_option
def form_list(as_json: bool) -> None:
    """The forms that are recognised: those that come along, and the site's own."""
    _print_rows(forms.list_forms(), as_json, ("name", "type", "words", "zones"))


@chartroom.group()
def report() -> None:
    """Numbers about the work."""


@report.command("accuracy")
@click.option("--since", default="", help="Only documents that came in since this day (YYYY-MM-DD).")
@as_json_option
def report_accuracy(since: str, as_json: bool) -> None:
    """What the machine had right, counted on what people verified: patients, separation, kinds, fields, months, confidence, release.

    false_accepts: it was sure and wrong. unnecessary_review: it was right and asked. release: what each class would
    have filed by itself, how much of that wrongly, and the upper 95 % bound of that share. separation: documents that
    had to be put together otherwise, because a beginning was missed or made up, or a page lay elsewhere.
    """
    rows = learning.report_accuracy(since)
    names = ("what", "name", "answers", "accuracy", "said", "sure", "false_accepts", "unnecessary_review", "missing")
    apart = {
        "separation": ("answers", "accuracy", "not_begun", "begun_wrongly", "page_elsewhere", "out_of_order", "wrong_upper_95"),
        "release": ("name", "answers", "would_file", "wrong", "risk_upper_95"),
    }  # fmt: skip
    _print_rows([row for row in rows if as_json or row["what"] not in apart], as_json, names)
    for what, columns in {} if as_json else apart.items():
        click.echo(f"\n{what}")
        _print_rows([row for row in rows if row["what"] == what], as_json, columns)


# ---- tools that need no database


@chartroom.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_json_option
@click.option("--text", is_flag=True, help="Print the text only.")
@click.option(
    "--pdf",
    "pdf_folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="One searchable PDF per input, here.",
)
@click.option(
    "--debug",
    "debug_folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Each page as it was read, with all that was found drawn on it, here.",
)
@click.option(
    "--engine",
    type=click.Choice(["tesserocr", "tesseract"]),
    help="OCR engine [default: the best installed].",
)
def read(
    files: tuple[Path, ...],
    as_json: bool,
    text: bool,
    pdf_folder: Path | None,
    debug_folder: Path | None,
    engine: str | None,
) -> None:
    """Read FILES: words with boxes and confidences. No database.

    \b
    Examples:
      chartroom read scan.tif --text
      chartroom read *.pdf --pdf searchable/
      chartroom read chart.pdf --json | jq .mean_confidence
      chartroom read badly-scanned.tif --debug seen/
    """
    sys.exit(
        tools.read_files(
            files,
            as_json=as_json,
            text=text,
            pdf_folder=pdf_folder,
            debug_folder=debug_folder,
            engine=engine or "",
            echo=click.echo,
        )
    )


@chartroom.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_json_option
def classify(file: Path, as_json: bool) -> None:
    """Document type of each text in FILE (JSON Lines with id and text). No database."""
    _print_rows(tools.classify_texts(file), as_json, ("id", "code", "loinc", "confidence"))


@chartroom.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_json_option
def match(file: Path, as_json: bool) -> None:
    """Match records of field values in FILE (CSV or JSON Lines) against the roster. Files nothing."""
    rows = tools.match_records(file)
    _print_rows(rows, as_json, ("id", "decision", "mrn", "reasons"))


# ---- people and demo


@chartroom.command()
@click.option("--port", type=int, help="Port on 127.0.0.1 [default: CHARTROOM_PORT or 8501].")
def review(port: int | None) -> None:
    """Start the review app on this machine (end with Ctrl-C)."""
    sys.exit(tools.review(port, click.echo))


@chartroom.command()
@click.option("--patients", default=8, show_default=True, help="How many synthetic patients.")
@click.option("--seed", default=1, show_default=True)
@click.option(
    "--home",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("chartroom-demo"),
    show_default=True,
)
@click.option("--no-review", is_flag=True, help="Do not open the review app at the end.")
def demo(patients: int, seed: int, home: Path, no_review: bool) -> None:
    """Draw a synthetic clinic and its paper, drop it, work it, open the review app."""
    sys.exit(tools.demo(patients, seed, home, open_review=not no_review, echo=click.echo))


if __name__ == "__main__":
    main()
