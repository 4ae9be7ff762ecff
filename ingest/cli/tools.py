"""Tools that file nothing: read, classify, match; and the review app and the demo. Imports stay inside: a command pays for what it uses."""

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ingest.cli.given import PORT, csv_rows, text_of
from ingest.cli.opening import opened_home
from ingest.cli.output import as_json_option, note, print_rows
from ingest.problems import UsageProblem
from ocr.page import Second

if TYPE_CHECKING:
    from classify.guess import PatientMatch


@click.command()
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
@click.option(
    "--second-recogniser",
    type=click.Choice([str(value) for value in Second]),
    help="Second recogniser: auto (reads what Tesseract is unsure of), always or off [default: the setting].",
)
def read(
    files: tuple[Path, ...],
    as_json: bool,
    text: bool,
    pdf_folder: Path | None,
    debug_folder: Path | None,
    engine: str | None,
    second_recogniser: str | None,
) -> None:
    """Read FILES: words with boxes and confidences. No database.

    \b
    Examples:
      chartroom read scan.tif --text
      chartroom read *.pdf --pdf searchable/
      chartroom read chart.pdf --json | jq .mean_confidence
      chartroom read badly-scanned.tif --debug seen/
    """
    from ingest.worker import warm_up

    warm_up()  # before OpenCV is loaded
    from ingest.cli.read import ReadOptions, read_all

    second = Second(second_recogniser) if second_recogniser else None
    options = ReadOptions(as_json, text, pdf_folder, debug_folder, engine or "", second)
    sys.exit(read_all(list(files), options, click.echo))


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_json_option
def classify(file: Path, as_json: bool) -> None:
    """Document type of each text in FILE (JSON Lines with id and text). No database."""
    print_rows(_classified(file), as_json, ("id", "code", "loinc", "confidence"))


def _classified(file: Path) -> Iterator[dict[str, Any]]:
    from classify import doctypes
    from classify.kinds import tell_kind
    from classify.profile import Profile
    from classify.rows import rows_of_text

    for row in _json_rows(text_of(file).splitlines()):
        guesses = tell_kind(rows_of_text(str(row.get("text", ""))), Profile())
        best = guesses[0]
        kind = doctypes.by_code(best.code)
        yield {
            "id": row.get("id"),
            "code": kind.code,
            "loinc": kind.loinc,
            "confidence": best.confidence,
            "sure": best.is_sure,
            "type": {"code": kind.code, "loinc": kind.loinc, "confidence": best.confidence},
            "candidates": [{"code": g.code, "confidence": g.confidence, "evidence": g.evidence} for g in guesses],
        }


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_json_option
def match(file: Path, as_json: bool) -> None:
    """Match records of field values in FILE (CSV or JSON Lines) against the roster. Files nothing."""
    print_rows(_matched(file), as_json, ("id", "decision", "mrn", "reasons"))


def _matched(file: Path) -> Iterator[dict[str, Any]]:
    from classify.matching.decide import match_patient
    from ingest.exchange.inbound.queries import knows_any, query_of_record
    from storage.roster.lookup import StoredRoster

    with opened_home() as (_, home), home.reading() as session:
        roster = StoredRoster(session)
        for number, record in enumerate(_records(file), start=1):
            if number == 1 and not knows_any(record):
                raise UsageProblem(
                    f"{file.name} has no column that we know. Expected heads such as mrn, last_name, first_name, dob, sex."
                )
            record_id = record.get("id") or record.get("query_id") or str(number)
            yield {"id": record_id, **_match_row(match_patient(query_of_record(record), roster))}


def _match_row(result: "PatientMatch") -> dict[str, Any]:
    """The decision about one record, with the candidates and the evidence for each."""
    from classify.guess import Decision

    return {
        "decision": result.decision,
        "mrn": result.candidates[0].person.mrn if result.decision == Decision.LINKED else None,
        "reasons": list(result.reasons),
        "candidates": [
            {
                "mrn": candidate.person.mrn,
                "score": candidate.score,
                "agrees": list(candidate.agrees),
                "differs": list(candidate.differs),
                "evidence": [
                    {"identifier": e.identifier, "level": e.level, "weight": e.weight, "sentence": e.sentence}
                    for e in candidate.evidence
                ],
            }
            for candidate in result.candidates
        ],
    }


def _records(file: Path) -> Iterator[dict[str, str]]:
    text = text_of(file)
    if not text.lstrip().startswith("{"):
        yield from (row for _, row in csv_rows(file))
        return
    for row in _json_rows(text.splitlines()):
        within = row.pop("fields", None) or {}
        if not isinstance(within, dict):
            raise UsageProblem(f"{file.name}: 'fields' of a record is an object of names and values.")
        yield {str(k): "" if v is None else str(v) for k, v in {**row, **within}.items()}


def _json_rows(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise UsageProblem(f"Line {number} is not JSON. Expected one object a line.") from error
        if not isinstance(row, dict):
            raise UsageProblem(f"Line {number} is not a JSON object.")
        yield row


# ---- the review app and the demo


@click.command()
@click.option("--port", type=PORT, help="Port on 127.0.0.1 [default: CHARTROOM_PORT or 8501].")
def review(port: int | None) -> None:
    """Start the review app on this machine (end with Ctrl-C)."""
    from ingest.serving import is_free, serve

    with opened_home() as (settings, home):
        home_path = home.path
    port = port or settings.port
    if not is_free(port):
        raise UsageProblem(
            f"Port {port} is used by another program, or by a review app that runs already. End that one, or choose "
            "another port with --port."
        )
    note(f"Review app: http://127.0.0.1:{port}  (Ctrl-C ends it)")
    sys.exit(serve(home_path, port))


@click.command()
@click.option(
    "--patients",
    type=click.IntRange(0, 5000),
    default=8,
    show_default=True,
    help="How many synthetic patients; with fewer, some kinds of work are missing from the clinic.",
)
@click.option("--seed", default=1, show_default=True, help="The same seed draws the same clinic.")
@click.option(
    "--home",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("chartroom-demo"),
    show_default=True,
    help="Where its data home is made.",
)
@click.option("--no-review", is_flag=True, help="Do not open the review app at the end.")
def demo(patients: int, seed: int, home: Path, no_review: bool) -> None:
    """Draw a synthetic clinic and its paper, drop it, process it, open the review app."""
    from ingest.demo.show import show

    sys.exit(show(patients, seed, home, open_review=not no_review, echo=click.echo))
