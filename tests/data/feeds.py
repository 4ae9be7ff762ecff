"""Patient feeds as the systems of several senders write them: HL7 v2 ADT, a FHIR bundle, lists with odd heads."""

import json
from dataclasses import dataclass

from ingest.demo.clinic import Encounter, Patient

_SEX = {"F": "female", "M": "male"}


@dataclass(frozen=True, slots=True)
class Sender:
    """How one system writes its messages."""

    name: str
    version: str
    events: tuple[str, ...]
    authority: str = "GENHOSP"
    end: str = "\r"  # of a segment; some exports end lines as their host does
    encoding: str = "ascii"
    charset: str = ""  # MSH-18
    segments: tuple[str, ...] = ()  # of its own, which nobody else reads
    is_framed: bool = False  # as sent over MLLP


SENDERS = (
    Sender("academic", "2.5.1", ("A01", "A02", "A03", "A08"), segments=("ZPD|1|Y||N", "ROL|1|AD|PP|1234567893^Chen^Wei")),
    Sender("rural", "2.3", ("A04", "A08", "A40"), authority="", end="\r\n"),
    Sender("german", "2.5", ("A01", "A08", "A11"), "KH", encoding="iso8859-1", charset="8859/1", segments=("ZBE|1|20240201||INSERT",)),
    Sender("laboratory", "2.4", ("A28", "A31", "A47"), "LAB", end="\n", encoding="utf-8", charset="UNICODE UTF-8"),
    Sender("interface-engine", "2.7", ("A01", "A13", "A45"), "2.16.840.1.113883.19.4.6&ISO", is_framed=True),
)  # fmt: skip


def draw_messages(clinic: tuple[Patient, ...]) -> dict[str, bytes]:
    """One file of messages a sender and event, by file name."""
    files = {}
    for number, sender in enumerate(SENDERS):
        patient, other = clinic[number], clinic[number + len(SENDERS)]
        for place, event in enumerate(sender.events):
            text = _message(sender, event, place, patient, other)
            content = text.encode(sender.encoding)
            files[f"{sender.name}-{event}.hl7"] = b"\x0b" + content + b"\x1c\r" if sender.is_framed else content
    return files


def _message(sender: Sender, event: str, place: int, patient: Patient, other: Patient) -> str:
    visit = patient.encounters[0]
    at = f"{visit.admitted:%Y%m%d}{10 + place}0000"
    head = f"MSH|^~\\&|{sender.name.upper()}|{sender.authority or 'HOSP'}|CHARTROOM|HIM|{at}||ADT^{event}|{sender.name}{place}|P|{sender.version}"
    lines = [head + (f"||||||{sender.charset}" if sender.charset else ""), f"EVN|{event}|{at}", _pid(sender, patient)]
    if event in ("A40", "A45", "A47"):
        lines.append(f"MRG|{_number(sender, other.mrn)}")
    if event not in ("A28", "A31", "A40", "A47"):
        lines.append(_pv1(visit, at))
    lines += sender.segments
    return sender.end.join(lines) + sender.end


def _number(sender: Sender, mrn: str) -> str:
    return f"{mrn}^^^{sender.authority}^MR"


def _pid(sender: Sender, patient: Patient) -> str:
    family = "Müller-Weiß" if sender.encoding == "iso8859-1" else patient.family
    name = f"{family}^{patient.given}^{patient.middle}^^^^L"
    address = f"{patient.address}^^{patient.town}^^{patient.postcode}"
    return f"PID|1||{_number(sender, patient.mrn)}||{name}||{patient.birth_date:%Y%m%d}|{patient.sex}|||{address}||{patient.phone}"


def _pv1(visit: Encounter, at: str) -> str:
    given, family = visit.attending.split(" ")
    fields = {2: "I", 3: "3W^301^A", 7: f"1234567893^{family}^{given}", 10: "MED", 19: visit.number, 44: at}
    return "PV1|1|" + "|".join(fields.get(number, "") for number in range(2, 46))


def draw_bundle(clinic: tuple[Patient, ...]) -> bytes:
    """A FHIR R4 bundle of patients and their encounters."""
    entries = [{"resource": resource} for patient in clinic for resource in _resources(patient)]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}, indent=1).encode()


def _resources(patient: Patient) -> list[dict[str, object]]:
    person: dict[str, object] = {
        "resourceType": "Patient",
        "id": f"p{patient.mrn}",
        "identifier": [{"type": {"coding": [{"code": "MR"}]}, "system": "urn:oid:1.2", "value": patient.mrn}],
        "name": [{"use": "official", "family": patient.family, "given": [patient.given, patient.middle]}],
        "gender": _SEX[patient.sex],
        "birthDate": f"{patient.birth_date}",
        "address": [{"line": [patient.address], "city": patient.town, "postalCode": patient.postcode}],
    }
    return [person, *(_encounter(patient, visit) for visit in patient.encounters)]


def _encounter(patient: Patient, visit: Encounter) -> dict[str, object]:
    return {
        "resourceType": "Encounter",
        "id": f"e{visit.number}",
        "status": "finished",
        "class": {"code": "IMP"},
        "subject": {"reference": f"Patient/p{patient.mrn}"},
        "identifier": [{"value": visit.number}],
        "period": {"start": f"{visit.admitted}", "end": f"{visit.discharged}"},
    }


def draw_lists(clinic: tuple[Patient, ...]) -> dict[str, bytes]:
    """Patient lists with odd heads, separators and encodings, by file name."""
    rows = [(p.mrn, p.family, p.given, f"{p.birth_date:%m/%d/%Y}", p.sex) for p in clinic]

    def table(head: str, separator: str, end: str = "\r\n") -> str:
        return end.join([head, *(separator.join(row) for row in rows)]) + end

    return {
        "heads-with-signs.csv": table("Pt. No.,Last Name,First Name,D.O.B.,Gender", ",").encode(),
        "semicolons.csv": table("Hosp No;Surname;Forename;Date of Birth;Sex", ";").encode("utf-8-sig"),
        "tabs.txt": table("CHART NO\tLNAME\tFNAME\tBIRTHDATE\tSEX", "\t", "\n").encode("cp1252"),
        "wide.csv": table('"Medical Record Number","Patient Last Name","Patient First Name","DOB","Sex"', ",").encode(
            "utf-16"
        ),
    }
