"""The patient list: load, look, merge, confirm, decline, listen. Imports stay inside: a command pays for what it uses."""

import itertools
import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.commands.opening import Echo, opened_home, operator
from ingest.problems import UsageProblem

if TYPE_CHECKING:
    from sqlmodel import Session

    from ingest.exchange.inbound.account import Note
    from storage.foundation.tables.roster import Person
    from storage.roster.messages import Loaded

_MOST_TOLD = 20


def load(files: Sequence[Path], echo: Echo, *, day_first: bool | None = None, as_json: bool = False) -> int:
    """Load patient lists and messages, and print what was read as what; 1 when something was refused (the rest is loaded)."""
    from ingest.exchange.inbound.files import read_files
    from ingest.progress import counting
    from ingest.site import load_site
    from storage.roster.loading import load as load_said

    notes: list[Note] = []
    with opened_home(make=True) as (_, home), counting(sys.stderr, "Rows and messages") as progress:
        loaded = load_said(
            home,
            read_files(files, load_site(home.path), notes.append, day_first),
            ", ".join(file.name for file in files)[:200],
            operator(),
            progress,
        )
    if as_json:
        echo(json.dumps(_account(notes, loaded), ensure_ascii=True))
    else:
        _tell_load(notes, loaded, echo)
    return 1 if loaded.problems else 0


def _account(notes: "Sequence[Note]", loaded: "Loaded") -> dict[str, Any]:
    """What a load read as what and what it left out, as one record."""
    counts = ("new", "updated", "unchanged", "encounters", "merged", "moved", "questions")
    return {
        **{name: getattr(loaded, name) for name in counts},
        "merges_to_decide": len(loaded.doubts),
        "read": [{"file": note.file, "topic": note.topic, "text": note.text} for note in notes],
        "refused": len(loaded.problems),
        "reasons": dict(loaded.reasons.most_common()),
        "problems": loaded.problems,
    }


def _tell_load(notes: "Sequence[Note]", loaded: "Loaded", echo: Echo) -> None:
    for file, of_file in itertools.groupby(notes, key=lambda note: note.file):
        echo(f"{file}:")
        for note in of_file:
            echo(f"  {note.topic}: {note.text}")
    echo(
        f"{loaded.new} new, {loaded.updated} updated, {loaded.unchanged} unchanged patients; {loaded.encounters} new encounters."
    )
    if loaded.merged or loaded.moved:
        echo(f"{loaded.merged} patients merged or unlinked, {loaded.moved} visits moved.")
    if loaded.questions:
        echo(f"{loaded.questions} documents wait for a person to confirm their patient: chartroom roster questions")
    if loaded.doubts:
        echo(f"Merges that wait for a person to decide: {len(loaded.doubts)} (chartroom roster questions)")
    if loaded.problems:
        echo(f"Not loaded: {len(loaded.problems)}")
    for reason, count in loaded.reasons.most_common(_MOST_TOLD):
        echo(f"  {count} x {reason}")
    for problem in loaded.problems[:_MOST_TOLD]:
        echo(f"  not loaded: {problem}")
    if len(loaded.problems) > _MOST_TOLD:
        echo(f"  … and {len(loaded.problems) - _MOST_TOLD} more")


def find(words: str, limit: int) -> list[dict[str, Any]]:
    """Patients by any words that are known of them."""
    from storage.roster.finding import find_people

    with opened_home() as (_, home), home.writing() as session:
        return [_shown(person) for person in find_people(session, words, operator(), limit)]


def merge(loser: str, survivor: str, reason: str, echo: Echo) -> None:
    """Join two patients by hand."""
    from storage.roster import merging
    from storage.roster.messages import Loaded
    from storage.roster.registering import Refused

    loaded = Loaded()
    with opened_home() as (_, home), home.writing() as session:
        one, other = (_person(session, mrn) for mrn in (loser, survivor))
        try:
            merging.merge_people(session, one, other, f"by hand: {reason}", operator(), loaded)
        except Refused as problem:
            raise UsageProblem(f"Not merged: {problem}.") from problem
    echo(f"MRN {loser} is MRN {survivor} now. {loaded.questions} documents wait for confirmation.")


def unmerge(one: str, other: str, reason: str, echo: Echo) -> None:
    """Take two patients apart again."""
    from storage.roster import merging
    from storage.roster.messages import Loaded, Number, Unmerge
    from storage.roster.registering import Refused

    loaded = Loaded()
    with opened_home() as (_, home), home.writing() as session:
        try:
            merging.unmerge(session, Unmerge(Number(one), Number(other), f"by hand: {reason}"), operator(), loaded)
        except Refused as problem:
            raise UsageProblem(f"Not unlinked: {problem}.") from problem
    echo(f"MRN {one} and MRN {other} are two patients again. {loaded.questions} documents wait for confirmation.")


def questions() -> list[dict[str, Any]]:
    """Documents whose patient waits for confirmation, and merges that a person must decide (their ids begin with m)."""
    from storage.roster import doubts
    from storage.roster.questions import waiting

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
            for q in waiting(session, operator())
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
            for doubt in doubts.waiting(session, operator())
        ]
    return documents + merges


def confirm(numbers: Sequence[int], echo: Echo) -> None:
    """These documents are where they belong."""
    from storage.roster.questions import confirm as confirm_one

    with opened_home() as (_, home), home.writing() as session:
        for number in numbers:
            confirm_one(session, number, operator())
    echo(f"{len(numbers)} confirmed.")


def decline(ids: Sequence[str], echo: Echo) -> None:
    """These merges are not made: each is of two people."""
    from storage.roster import doubts

    wrong = [text for text in ids if not (text.startswith("m") and text[1:].isascii() and text[1:].isdigit())]
    if wrong:
        raise UsageProblem("The id of a merge is an m and a number, as 'chartroom roster questions' shows it.")
    with opened_home() as (_, home), home.writing() as session:
        for text in ids:
            doubts.decline(session, int(text[1:]), operator())
    echo(f"{len(ids)} declined.")


def listen(host: str, port: int, peers: Sequence[str], echo: Echo) -> int:
    """Serve ADT over MLLP to these peers until it is ended."""
    import asyncio
    import contextlib

    from ingest.exchange.inbound.mllp import listen as serve
    from ingest.exchange.inbound.mllp import read_peers
    from ingest.site import load_site

    try:
        networks = read_peers(peers)
    except ValueError as problem:
        raise UsageProblem(f"--peer: {problem}.") from problem
    with opened_home(make=True, log=True, echo=echo) as (_, home):
        own = tuple(load_site(home.path).mrn_authorities)
        told = Counter[str]()

        def count(code: str, why: str) -> None:
            told[code] += 1
            if why:
                echo(f"{code}: {why}")

        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(
                serve(
                    home,
                    host,
                    port,
                    own,
                    lambda at: echo(
                        f"ADT over MLLP on {host}:{at} from {', '.join(map(str, networks))} only (Ctrl-C ends it)"
                    ),
                    count,
                    networks,
                )
            )
        echo(
            f"{told['AA']} taken over, {told['AE']} refused, {told['AR']} not read; {told['closed']} connections closed."
        )
    return 0


def _person(session: "Session", mrn: str) -> "Person":
    from storage.foundation.tables.roster import PersonNumber
    from storage.roster.merging import root_of

    row = session.get(PersonNumber, ("", mrn))
    if row is None:
        raise UsageProblem(f"There is no patient with MRN {mrn}.")
    return root_of(session, row.person_id)


def _shown(person: "Person") -> dict[str, Any]:
    return {
        "mrn": person.mrn,
        "name": " ".join(p for p in (f"{person.family},", person.given, person.middle, person.suffix) if p),
        "dob": person.birth_date.isoformat() if person.birth_date else "",
        "sex": person.sex,
        "other_mrns": person.other_mrns,
    }
