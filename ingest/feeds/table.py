"""Patients from a CSV or other separated table with a header row."""

import csv
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path

from classify import normal
from classify.guess import PersonName
from storage.errors import RosterProblem
from storage.roster.said import Number, PersonSaid, Registration, Said, VisitSaid

COLUMNS: dict[str, tuple[str, ...]] = {
    "mrn": ("mrn", "medical_record_number", "patient_id", "id", "chart", "chart_number", "record_number"),
    "old_mrns": ("old_mrn", "old_mrns", "former_mrn", "other_mrn", "other_mrns", "alternate_mrn"),
    "family": ("family", "last", "last_name", "lastname", "surname", "family_name"),
    "given": ("given", "first", "first_name", "firstname", "given_name", "forename"),
    "middle": ("middle", "middle_name", "middlename", "mi"),
    "suffix": ("suffix", "name_suffix"),
    "birth_date": ("birth_date", "birthdate", "dob", "date_of_birth", "birth"),
    "died": ("died", "death_date", "deceased_date", "date_of_death", "dod"),
    "sex": ("sex", "gender", "birth_sex"),
    "address": ("address", "street", "address_1", "address1"),
    "city": ("city", "town"),
    "region": ("state", "region", "province"),
    "postcode": ("postcode", "zip", "zipcode", "zip_code", "postal_code"),
    "phone": ("phone", "telephone", "phone_number", "home_phone"),
    "ssn": ("ssn", "ssn4", "soc_sec_id", "social_security_number"),
    "member_id": ("member_id", "member", "subscriber_id", "mbi"),
    "aliases": ("aliases", "alias", "maiden", "maiden_name", "former_name"),
    "encounter": ("encounter", "encounter_number", "visit", "visit_number", "account", "account_number"),
    "account": ("account", "account_number", "patient_account"),
    "kind": ("class", "patient_class", "visit_type", "encounter_class"),
    "admitted": ("admitted", "admit_date", "admission_date"),
    "discharged": ("discharged", "discharge_date"),
    "attending": ("attending", "attending_physician", "physician"),
    "service": ("service", "hospital_service"),
    "disposition": ("disposition", "discharge_disposition"),
}
"""Our field and the column heads under which other systems export it."""


def read_table(
    path: Path, columns: Mapping[str, str] | None = None, *, day_first: bool = False
) -> Iterator[tuple[str, Said | Exception]]:
    """The registrations of a table, line by line; `columns` maps our fields to this site's heads (profile `[roster_columns]`).

    Raises RosterProblem when the file as a whole cannot be a patient list; a bad row comes as its exception.
    """
    with path.open(encoding=_encoding(path), errors="replace", newline="") as lines:
        head = lines.readline().replace("\0", "")
        delimiter = max(",;\t|", key=head.count)
        names = next(csv.reader([head], delimiter=delimiter), [])
        heads = match_heads(names, columns or {})
        _check_heads(path, heads)
        places = {name: names.index(column) for name, column in heads.items()}
        for number, row in _rows(lines, delimiter, len(names)):
            if isinstance(row, ValueError):
                yield f"line {number}", row
                continue
            values = {name: row[place].strip() if place < len(row) else "" for name, place in places.items()}
            if not any(values.values()):
                continue
            try:
                yield f"line {number}", registration_of(values, day_first=day_first)
            except ValueError as problem:
                yield f"line {number}", problem


_MOST_LINES = 6
"""Lines that one row may take: an address over several lines; a quotation mark left open would take all that follow."""


def _rows(lines: Iterable[str], delimiter: str, columns: int) -> Iterator[tuple[int, list[str] | ValueError]]:
    """Each row with the number of its last line; one whose quotation mark is not closed is told, and takes no other along."""
    stream, again = iter(lines), deque[str]()
    waiting: list[str] = []
    number = 1
    while True:
        line = again.popleft() if again else next(stream, None)
        if line is not None:
            number += 1
            waiting.append(line.replace("\0", ""))
        if not waiting:
            return
        text = "".join(waiting)
        is_closed = text.count('"') % 2 == 0
        row = _parsed(text, delimiter) if is_closed else None
        if row is not None and (len(waiting) == 1 or len(row) == columns):
            too_many = any(cell.strip() for cell in row[columns:])
            yield number, ValueError(f"it has more than the {columns} columns of the head") if too_many else row
            waiting = []
        elif is_closed or line is None or len(waiting) >= _MOST_LINES:
            _, *rest = waiting
            number -= len(rest)
            yield number, ValueError("a quotation mark in it is not closed")
            again.extendleft(reversed(rest))
            waiting = []


def _parsed(text: str, delimiter: str) -> list[str] | None:
    try:
        return next(csv.reader(text.splitlines(keepends=True), delimiter=delimiter), [])
    except csv.Error:
        return None


def registration_of(values: Mapping[str, str], *, day_first: bool = False) -> Registration:
    """The registration that the fields of a row make; ValueError says what is wrong, without chart text."""
    if not values.get("mrn"):
        raise ValueError("no MRN")
    if not values.get("family") or not values.get("given"):
        raise ValueError("no name")

    def day(name: str, what: str) -> date | None:
        text = values.get(name, "")
        parsed = normal.parse_date(text, day_first=day_first)
        if text and parsed is None:
            raise ValueError(
                f"the {what} (shape {normal.shape_of(text)}) is no real date; use YYYY-MM-DD or MM/DD/YYYY"
            )
        return parsed

    person = PersonSaid(
        numbers=(Number(values["mrn"]), *(Number(old) for old in _parts(values.get("old_mrns", "")))),
        birth_date=day("birth_date", "date of birth"),
        died=day("died", "date of death"),
        sex=normal.parse_sex(values.get("sex", "")) or "",
        ssn4="".join(c for c in values.get("ssn", "") if c.isdigit())[-4:],
        names=tuple(PersonName(name) for name in _parts(values.get("aliases", ""))),
        family=values["family"],
        given=values["given"],
        middle=values.get("middle", ""),
        suffix=values.get("suffix", ""),
        address=values.get("address", ""),
        city=values.get("city", ""),
        region=values.get("region", ""),
        postcode=values.get("postcode", ""),
        phone=values.get("phone", ""),
        member_id=values.get("member_id", ""),
    )
    if not values.get("encounter"):
        return Registration(person)
    visit = VisitSaid(
        number=values["encounter"],
        admitted=day("admitted", "admission date"),
        discharged=day("discharged", "discharge date"),
        **{name: values.get(name, "") for name in ("account", "kind", "attending", "service", "disposition")},
    )
    return Registration(person, visit)


def match_heads(heads: Iterable[str], columns: Mapping[str, str]) -> dict[str, str]:
    """Our field to the column head of this table: what the profile says first, then the usual heads."""
    compact = {"_".join(head.strip().lower().replace("-", " ").replace("_", " ").split()): head for head in heads}
    found = {name: head for name, head in columns.items() if head in compact.values()}
    for name, spellings in COLUMNS.items():
        for spelling in spellings:
            if name not in found and spelling in compact and compact[spelling] not in found.values():
                found[name] = compact[spelling]
                break
    return found


def _check_heads(path: Path, heads: Mapping[str, str]) -> None:
    missing = [name for name in ("mrn", "family", "given") if name not in heads]
    if missing:
        names = {"mrn": "mrn", "family": "last_name", "given": "first_name"}
        raise RosterProblem(
            f"{path.name} has no column for {', '.join(names[name] for name in missing)}. Expected heads such as "
            "mrn, last_name, first_name, dob, sex; other heads are named in profile.toml under [roster_columns]."
        )


def _encoding(path: Path) -> str:
    """UTF-8 when all of the file is, else the Windows code page that spreadsheets write; RosterProblem for what is no text."""
    try:
        with path.open("rb") as file:
            start = file.read(4)
            if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
                return "utf-16"
            if b"\0" in start:
                raise RosterProblem(f"{path.name} is no text file. Export the patient list as CSV.")
        with path.open(encoding="utf-8-sig") as text:
            while text.read(1 << 20):
                pass
    except UnicodeDecodeError:
        return "cp1252"
    except OSError as error:
        raise RosterProblem(f"{path.name} cannot be read ({error.strerror}).") from error
    return "utf-8-sig"


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]
