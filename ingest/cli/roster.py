"""The patient list: load, find, merge, confirm, decline, listen. Imports stay inside: a command pays for what it uses."""

import itertools
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ingest.cli.given import ROW
from ingest.cli.opening import opened_home, shell_actor
from ingest.cli.output import as_json_option, note, print_json, print_rows
from ingest.problems import UsageProblem

if TYPE_CHECKING:
    from ingest.exchange.inbound.account import Note
    from ingest.rematching import Rematched
    from storage.foundation.home import Home
    from storage.foundation.tables.roster import Person
    from storage.roster.messages import Loaded

_MOST_PRINTED = 20
"""Reasons and refused lines on the screen; --json has them all."""


@click.group()
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
    from ingest.exchange.inbound.files import read_files
    from ingest.progress import counting
    from ingest.site import load_site
    from storage.roster.loading import load

    notes: list[Note] = []
    with opened_home() as (_, home), counting(sys.stderr, "Rows and messages") as progress:
        loaded = load(
            home,
            read_files(files, load_site(home.path), notes.append, day_first=day_first),
            ", ".join(file.name for file in files)[:200],
            shell_actor(),
            progress,
        )
        again = _match_again(home)
    if as_json:
        print_json({**_account(notes, loaded), "matched_again": again.documents, "now_otherwise": again.otherwise})
    else:
        _print_account(notes, loaded)
        _print_matched_again(again)
    if loaded.problems:
        sys.exit(1)


def _account(notes: "Sequence[Note]", loaded: "Loaded") -> dict[str, Any]:
    """What a load read as what and what it left out, as one record."""
    counts = ("new", "updated", "unchanged", "encounters", "merged", "moved", "questions")
    return {
        **{name: getattr(loaded, name) for name in counts},
        "merges_to_decide": len(loaded.doubts),
        "read": [{"file": line.file, "topic": line.topic, "text": line.text} for line in notes],
        "refused": len(loaded.problems),
        "reasons": dict(loaded.reasons.most_common()),
        "problems": loaded.problems,
    }


def _print_account(notes: "Sequence[Note]", loaded: "Loaded") -> None:
    for file, of_file in itertools.groupby(notes, key=lambda line: line.file):
        click.echo(f"{file}:")
        for line in of_file:
            click.echo(f"  {line.topic}: {line.text}")
    click.echo(
        f"{loaded.new} new, {loaded.updated} updated, {loaded.unchanged} unchanged patients; {loaded.encounters} new encounters."
    )
    if loaded.merged or loaded.moved:
        click.echo(f"{loaded.merged} patients merged or unlinked, {loaded.moved} visits moved.")
    if loaded.questions:
        click.echo(
            f"{loaded.questions} documents wait for a person to confirm their patient: chartroom roster questions"
        )
    if loaded.doubts:
        click.echo(f"Merges that need review: {len(loaded.doubts)} (chartroom roster questions)")
    if loaded.problems:
        click.echo(f"Not loaded: {len(loaded.problems)}")
    for reason, count in loaded.reasons.most_common(_MOST_PRINTED):
        click.echo(f"  {count} x {reason}")
    for problem in loaded.problems[:_MOST_PRINTED]:
        click.echo(f"  not loaded: {problem}")
    if len(loaded.problems) > _MOST_PRINTED:
        click.echo(f"  … and {len(loaded.problems) - _MOST_PRINTED} more")


def _match_again(home: "Home") -> "Rematched":
    from ingest.rematching import AFTER_A_LOAD, match_due

    return match_due(home, AFTER_A_LOAD)


def _print_matched_again(again: "Rematched") -> None:
    """Say what the change of the list means for documents that wait; nothing where it means nothing."""
    if again.otherwise:
        click.echo(f"Waiting documents that fit otherwise now: {again.otherwise} ('Matched again' on the work list).")
    if again.left:
        click.echo("More documents are to be matched again: 'chartroom watch' or 'chartroom run' does it.")


@roster.command("find")
@click.argument("words", nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(1, 1000), default=9, show_default=True)
@as_json_option
def roster_find(words: tuple[str, ...], limit: int, as_json: bool) -> None:
    """Find patients by parts of names, MRN, visit, phone or date of birth; spelling is forgiven.

    \b
    Examples:
      chartroom roster find riv ana
      chartroom roster find 1957-03-14 rivera
    """
    from storage.foundation.clock import show_day
    from storage.roster.finding import find_people

    with opened_home() as (_, home), home.writing() as session:
        rows = [_person_row(person) for person in find_people(session, " ".join(words), shell_actor(), limit)]
    if not as_json:
        rows = [{**row, "dob": show_day(row["dob"])} for row in rows]
    print_rows(rows, as_json, ("mrn", "name", "dob", "sex", "other_mrns"), none="Nothing found.")


def _person_row(person: "Person") -> dict[str, Any]:
    from storage.roster.names import full_name

    return {
        "mrn": person.mrn,
        "name": full_name(person),
        "dob": person.birth_date.isoformat() if person.birth_date else "",
        "sex": person.sex,
        "other_mrns": person.other_mrns,
    }


@roster.command("merge")
@click.argument("loser")
@click.argument("survivor")
@click.option("--reason", required=True, help="Why they are the same person.")
def roster_merge(loser: str, survivor: str, reason: str) -> None:
    """Merge the patient with MRN LOSER into SURVIVOR; nothing is deleted, and it can be undone."""
    from storage.foundation.typed import typed_reason
    from storage.roster import merging
    from storage.roster.finding import person_with_mrn
    from storage.roster.messages import Loaded
    from storage.roster.registering import UpdateRefused

    loaded = Loaded()
    reason = typed_reason(reason, "why they are the same person")
    with opened_home() as (_, home):
        with home.writing() as session:
            one, other = (person_with_mrn(session, mrn) for mrn in (loser, survivor))
            try:
                merging.merge_people(session, one, other, f"by hand: {reason}", shell_actor(), loaded)
            except UpdateRefused as problem:
                raise UsageProblem(f"Not merged: {problem}.") from problem
        again = _match_again(home)
    note(f"MRN {loser} is MRN {survivor} now. {loaded.questions} documents wait for confirmation.")
    _print_matched_again(again)


@roster.command("unmerge")
@click.argument("one")
@click.argument("other")
@click.option("--reason", required=True, help="Why they are two persons.")
def roster_unmerge(one: str, other: str, reason: str) -> None:
    """Undo the merge of two patients; each has the visits and documents again that it had before."""
    from storage.foundation.typed import typed_reason
    from storage.roster import merging
    from storage.roster.messages import Loaded, Number, Unmerge
    from storage.roster.registering import UpdateRefused

    loaded = Loaded()
    reason = typed_reason(reason, "why they are two persons")
    with opened_home() as (_, home):
        with home.writing() as session:
            try:
                merging.unmerge(
                    session, Unmerge(Number(one), Number(other), f"by hand: {reason}"), shell_actor(), loaded
                )
            except UpdateRefused as problem:
                raise UsageProblem(f"Not unlinked: {problem}.") from problem
        again = _match_again(home)
    note(f"MRN {one} and MRN {other} are two patients again. {loaded.questions} documents wait for confirmation.")
    _print_matched_again(again)


@roster.command("questions")
@as_json_option
def roster_questions(as_json: bool) -> None:
    """Documents whose patient must be confirmed, and merges (ids with an m) of people who do not look like one."""
    from storage.roster import doubts, questions

    with opened_home() as (_, home), home.reading() as session:
        documents = [
            {
                "id": q.id,
                "document": q.document_id,
                "type": q.type_code,
                "state": q.state,
                "mrn": q.now_mrn,
                "before": q.before_mrn,
                "proposed": q.proposed_mrn,
                "reason": q.reason,
            }
            for q in questions.waiting(session, shell_actor())
        ]
        merges = [
            {
                "id": f"m{doubt.id}",
                "document": None,
                "type": "MERGE",
                "state": "",
                "mrn": doubt.loser_mrn,
                "before": None,
                "proposed": doubt.survivor_mrn,
                "reason": f"{doubt.source} asks to merge them, but they differ in {doubt.differs}: "
                f"'roster merge' joins them, 'roster decline m{doubt.id}' keeps them apart",
            }
            for doubt in doubts.waiting(session, shell_actor())
        ]
    print_rows(documents + merges, as_json, ("id", "document", "type", "mrn", "before", "proposed", "reason"))


@roster.command("confirm")
@click.argument("numbers", nargs=-1, required=True, type=ROW)
def roster_confirm(numbers: tuple[int, ...]) -> None:
    """Answer questions (their ids): these documents are filed to the right patient."""
    from storage.roster import questions

    with opened_home() as (_, home), home.writing() as session:
        for number in numbers:
            questions.confirm(session, number, shell_actor())
    note(f"{len(numbers)} confirmed.")


@roster.command("decline")
@click.argument("ids", nargs=-1, required=True)
def roster_decline(ids: tuple[str, ...]) -> None:
    """Decline merges (their ids, such as m12): each is of two different people, who are not merged."""
    from storage.roster import doubts

    wrong = [text for text in ids if not (text.startswith("m") and text[1:].isascii() and text[1:].isdigit())]
    if wrong:
        raise UsageProblem("The id of a merge is an m and a number, as 'chartroom roster questions' shows it.")
    with opened_home() as (_, home), home.writing() as session:
        for text in ids:
            doubts.decline(session, int(text[1:]), shell_actor())
    note(f"{len(ids)} declined.")


@roster.command("listen")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", type=click.IntRange(0, 65_535), default=2575, show_default=True, help="0 takes any that is free."
)
@click.option(
    "--peer", "peers", multiple=True, help="Address or network that may send (repeat it).  [default: 127.0.0.1 only]"
)
def roster_listen(host: str, port: int, peers: tuple[str, ...]) -> None:
    """Receive ADT messages over MLLP until Ctrl-C, from listed peers only; each is acknowledged after it is kept.

    \b
    Example:
      chartroom roster listen --host 0.0.0.0 --peer 10.1.2.3 --peer 10.1.7.0/24
    """
    import asyncio
    import contextlib

    from ingest.exchange.inbound.mllp import listen, read_peers
    from ingest.site import load_site

    try:
        networks = read_peers(peers)
    except ValueError as problem:
        raise UsageProblem(f"--peer: {problem}.") from problem
    answers = Counter[str]()

    def count(code: str, why: str) -> None:
        answers[code] += 1
        if why:
            click.echo(f"{code}: {why}")

    def tell_port(bound: int) -> None:
        note(f"ADT over MLLP on {host}:{bound} from {', '.join(map(str, networks))} only (Ctrl-C ends it)")

    with opened_home(log=True) as (_, home):
        own = tuple(load_site(home.path).mrn_authorities)
        with contextlib.suppress(KeyboardInterrupt):
            try:
                asyncio.run(listen(home, host, port, own, tell_port, count, networks))
            except OSError as error:
                raise UsageProblem(
                    f"Nothing can listen on {host}:{port} ({error.strerror or error}). Choose an address of this machine and a free port."
                ) from error
        click.echo(
            f"{answers['AA']} taken over, {answers['AE']} refused, {answers['AR']} not read; "
            f"{answers['closed']} connections closed."
        )
