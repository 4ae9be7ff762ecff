"""Tools that file nothing: read, classify, match; and the review app and the demo. Imports stay inside: a command pays for what it uses."""

import csv
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from ingest.commands.opening import Echo, opened_home
from ingest.problems import UsageProblem


def read_files(
    files: Iterable[Path],
    *,
    as_json: bool,
    text: bool,
    pdf_folder: Path | None,
    debug_folder: Path | None,
    engine: str,
    echo: Echo,
) -> int:
    """Read files with no database, pages in parallel; 1 when a file was refused."""
    from ingest.worker import warm_up

    warm_up()
    from ingest.printing import Wanted, read_all

    return read_all(list(files), Wanted(as_json, text, pdf_folder, debug_folder, engine), echo)


def classify_texts(file: Path) -> Iterator[dict[str, Any]]:
    """Document type of each JSON line `{id, text}`."""
    from classify import doctypes
    from classify.kinds import tell_kind
    from classify.profile import Profile
    from classify.rows import rows_of_text

    for row in _json_rows(_text_of(file).splitlines()):
        guesses = tell_kind(rows_of_text(str(row.get("text", ""))), Profile())
        kind = doctypes.by_code(guesses[0].code)
        yield {
            "id": row.get("id"),
            "code": kind.code,
            "loinc": kind.loinc,
            "confidence": guesses[0].confidence,
            "sure": guesses[0].is_sure,
            "type": {"code": kind.code, "loinc": kind.loinc, "confidence": guesses[0].confidence},
            "candidates": [{"code": g.code, "confidence": g.confidence, "evidence": g.evidence} for g in guesses],
        }


def match_records(file: Path) -> Iterator[dict[str, Any]]:
    """Each record of field values against the roster: decision, candidates, reasons."""
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
            result = match_patient(query_of_record(record), roster)
            linked = result.decision == "linked"
            yield {
                "id": record.get("id") or record.get("query_id") or str(number),
                "decision": result.decision,
                "mrn": result.candidates[0].person.mrn if linked else None,
                "reasons": list(result.reasons),
                "candidates": [
                    {
                        "mrn": c.person.mrn,
                        "score": c.score,
                        "agrees": list(c.agrees),
                        "differs": list(c.differs),
                        "evidence": [
                            {"identifier": e.identifier, "level": e.level, "weight": e.weight, "sentence": e.sentence}
                            for e in c.evidence
                        ],
                    }
                    for c in result.candidates
                ],
            }


def review(port: int | None, echo: Echo) -> int:
    """Start the review app in a child process and wait for it."""
    import signal

    from ingest.serving import start_review

    with opened_home(make=True, echo=echo) as (settings, home):
        home_path = home.path
    echo(f"Review app: http://127.0.0.1:{port or settings.port}  (Ctrl-C ends it)")
    child = start_review(home_path, settings, port or settings.port)
    signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    try:
        return child.wait()
    except KeyboardInterrupt:
        child.terminate()
        return child.wait()


def demo(patients: int, seed: int, home: Path, *, open_review: bool, echo: Echo) -> int:
    """The demo: see ingest/demo/show.py."""
    from ingest.demo.show import show

    return show(patients, seed, home, open_review=open_review, echo=echo)


def _text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageProblem(
            f"{file.name} is not text. For a scan use 'chartroom read {file.name} --text' first."
        ) from error


def _records(file: Path) -> Iterator[dict[str, str]]:
    text = _text_of(file)
    if text.lstrip().startswith("{"):
        for row in _json_rows(text.splitlines()):
            fields = row.pop("fields", {})
            yield {str(k): "" if v is None else str(v) for k, v in {**row, **fields}.items()}
    else:
        for line in csv.DictReader(text.splitlines()):
            yield {str(k): v or "" for k, v in line.items() if isinstance(v, str | None)}


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
