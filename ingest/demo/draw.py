"""Draws a synthetic clinic's scans into a folder, with the truth about every page as JSON beside it."""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from classify.separators import make_payload
from ingest.demo import paper, scanner
from ingest.demo.clinic import Encounter, Patient, draw_clinic
from ingest.demo.wording import KINDS, PROTECTED_SECTIONS
from ocr.imaging import Image

_WORDS = ["amberfinch", "basaltine", "cobaltmere", "driftwold", "emberlyn", "foxhollow", "graniteva", "hazelmoor", "ivorydale", "junipera", "kestrelon", "larkspurn", "maplewick", "nightgale", "opaline", "pinecrest", "quillfern", "ravenholt", "silvermist", "thistledown"]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scan:
    """One file to drop: its name, its bytes, and what is true about its pages."""

    name: str
    data: bytes
    truth: dict[str, Any]


def draw_scans(
    patients: int, seed: int, folder: Path, tick: Callable[[int, int], None] = lambda done, of: None
) -> tuple[list[Scan], tuple[Patient, ...]]:
    """Scans of a whole clinic, written to `folder` with truth.json and roster.csv; the same seed draws the same.

    `tick` is told how many patients' paper is drawn, of how many.
    """
    rng = random.Random(seed)
    clinic = draw_clinic(patients, rng)
    folder.mkdir(parents=True, exist_ok=True)
    scans: list[Scan] = []
    for number, patient in enumerate(clinic):
        scans += _scans_of(number, patient, clinic, rng)
        tick(number + 1, patients)
    for scan in scans:
        (folder / scan.name).write_bytes(scan.data)
    (folder / "truth.json").write_text(json.dumps([scan.truth for scan in scans], indent=1), encoding="utf-8")
    (folder / "roster.csv").write_text(roster_csv(clinic), encoding="utf-8")
    return scans, clinic


def draw_protected(clinic: tuple[Patient, ...], seed: int) -> list[Scan]:
    """Two documents that need more than the usual protection, a file each, of patients who are on the list."""
    rng = random.Random(f"{seed} protected")
    scans = []
    for number, (kind, patient) in enumerate(zip(PROTECTED_SECTIONS, clinic[:-1], strict=False)):
        side = _stack([(patient, patient.encounters[0], kind)], rng, sheet=False, blanks=False)
        scans.append(_file(f"protected-{number:03d}", side, "office", ("pdf", "tiff")[number % 2], rng))
    return scans


def odd_files(scans: list[Scan]) -> list[Scan]:
    """What goes wrong in every scanning room: a stack scanned twice, a file that was cut off, one that is no scan."""
    if not scans:
        return []
    again, torn = scans[0], next((scan for scan in scans if scan.name.endswith(".pdf")), scans[-1])
    return [
        Scan(f"again-{again.name}", again.data, {"pages": []}),
        Scan(f"cut-off-{torn.name}", torn.data[: len(torn.data) // 3] + b"\n%%EOF\n", {"pages": []}),
        Scan("letter.docx", b"PK\x03\x04" + bytes(60) + b"word/document.xml", {"pages": []}),
    ]


def merges_hl7(clinic: tuple[Patient, ...]) -> str:
    """ADT messages as a registration system sends them: the second patient was registered twice, and is merged into the new
    number; the third and fourth are to be merged too, and do not look like one."""
    if len(clinic) <= _MERGED:
        return ""
    twice, one, other = clinic[1], clinic[2], clinic[3]
    anew = replace(twice, mrn=f"{int(twice.mrn) + 1:08d}")
    messages = (
        _adt("A28", 1, _pid(anew)),
        _adt("A40", 2, _pid(anew), f"MRG|{twice.mrn}^^^LAKESIDE^MR"),
        _adt("A40", 3, _pid(one), f"MRG|{other.mrn}^^^LAKESIDE^MR"),
    )
    return "".join(messages)


_MERGED = 4
"""Patients that the messages speak of; the last of a clinic is on no list."""


def _adt(event: str, number: int, *segments: str) -> str:
    head = f"MSH|^~\\&|ADT|LAKESIDE|CHARTROOM|LAKESIDE|20260105120000||ADT^{event}|{number}|P|2.5.1"
    return "\r".join((head, f"EVN|{event}|20260105120000", *segments)) + "\r"


def _pid(who: Patient) -> str:
    name = f"{who.family}^{who.given}^{who.middle}"
    return f"PID|1||{who.mrn}^^^LAKESIDE^MR||{name}||{who.birth_date:%Y%m%d}|{who.sex}"


def roster_csv(clinic: tuple[Patient, ...]) -> str:
    """The clinic's patient list; the last patient is left out, so that somebody is not registered."""
    lines = [
        "mrn,last_name,first_name,middle_name,dob,sex,address,zip,phone,member_id,visit_number,admit_date,discharge_date,attending"
    ]
    for patient in clinic[:-1] if len(clinic) > 2 else clinic:
        for visit in patient.encounters:
            lines.append(
                f"{patient.mrn},{patient.family},{patient.given},{patient.middle},{patient.birth_date},{patient.sex},{patient.address},"
                f"{patient.postcode},{patient.phone},{patient.member_id},{visit.number},{visit.admitted},{visit.discharged},{visit.attending}"
            )
    return "\n".join(lines) + "\n"


def _scans_of(number: int, patient: Patient, clinic: tuple[Patient, ...], rng: random.Random) -> list[Scan]:
    """A few files a patient: a stay with a separator sheet, a stay without, single sheets."""
    damages = [damage.name for damage in scanner.DAMAGES]
    visit = patient.encounters[0]
    kinds = rng.sample(KINDS, 5)
    stack = _stack([(patient, visit, kind) for kind in kinds[:3]], rng, sheet=number % 2 == 0, blanks=True)
    scans = [_file(f"stay-{number:03d}", stack, damages[number % len(damages)], "tiff" if number % 2 else "pdf", rng)]
    for i, kind in enumerate(kinds[3:]):
        one = _stack([(patient, patient.encounters[-1], kind)], rng, sheet=False, blanks=False)
        damage = damages[(number * 2 + i + 1) % len(damages)]
        scans.append(_file(f"sheet-{number:03d}-{i}", one, damage, ("jpeg", "tiff", "pdf")[(number + i) % 3], rng))
    if number % 4 == 3:  # somebody else's page strayed into this pile
        other = clinic[number - 1]
        mixed = _stack(
            [(patient, visit, kinds[0]), (other, other.encounters[0], kinds[1])],
            rng,
            sheet=False,
            blanks=False,
        )
        scans.append(_file(f"mixed-{number:03d}", mixed, "office", "pdf", rng))
    return scans


@dataclass(frozen=True, slots=True)
class _Side:
    image: Image
    truth: dict[str, Any]


def _stack(
    documents: list[tuple[Patient, Encounter, str]], rng: random.Random, *, sheet: bool, blanks: bool
) -> list[_Side]:
    sides: list[_Side] = []
    if sheet:
        patient, visit, _ = documents[0]
        payload = make_payload("P", patient.mrn, visit.number)
        drawn = paper.draw_separator("Patient separator", [f"MRN {patient.mrn}", f"Encounter {visit.number}"], payload)
        sides.append(_Side(paper.render(drawn)[0], {"disposition": "separator"}))
    for number, (patient, visit, kind) in enumerate(documents):
        pages = rng.choice((1, 1, 2, 3)) if kind in ("HP", "DISCHARGE_SUMMARY", "OPERATIVE_REPORT", "CONSULT") else 1
        word = rng.choice(_WORDS)
        form = paper.Sheet(
            kind, paper.title_of(kind, rng), patient, visit, pages, rng.randrange(len(paper.STYLES)), word
        )
        drawn_document = paper.draw_document(form, rng)
        for page, image in enumerate(paper.render(drawn_document.pdf), start=1):
            truth = {
                "disposition": "document",
                "document": number,
                "type": kind,
                "mrn": patient.mrn,
                "page": page,
                "word": word if page == pages else None,
            }
            sides.append(_Side(image, truth | ({"fields": drawn_document.fields} if page == 1 else {})))
        if blanks and rng.random() < 0.4:
            sides.append(_Side(paper.blank_side(), {"disposition": "blank"}))
    return sides


def _file(stem: str, sides: list[_Side], damage_name: str, kind: str, rng: random.Random) -> Scan:
    damage = scanner.by_name(damage_name)
    images = [damage.apply(side.image, rng) for side in sides]
    bitonal = damage_name == "fax"
    if kind == "jpeg" and len(images) == 1 and not bitonal:
        name, data = f"{stem}-{damage_name}.jpg", scanner.write_jpeg(images[0], damage.dpi)
    elif kind == "pdf" and not bitonal:
        name, data = f"{stem}-{damage_name}.pdf", scanner.write_pdf(images, damage.dpi)
    else:
        name, data = f"{stem}-{damage_name}.tif", scanner.write_tiff(images, damage.dpi, bitonal=bitonal)
    return Scan(name, data, {"file": name, "damage": damage_name, "pages": [side.truth for side in sides]})
