"""FHIR R4 Patient and Encounter resources as NDJSON (the bulk export of an EHR)."""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from classify import normal
from classify.guess import PersonName
from storage.roster.said import Merge, Number, PersonSaid, Registration, Said, VisitSaid


class FhirList:
    """Resources of one export; encounters name their patient by the id that its resource had, in whatever file."""

    def __init__(self, own: Iterable[str] = ()) -> None:
        self._own = frozenset(own)
        self._patients: dict[str, PersonSaid] = {}
        self._replaced: list[tuple[PersonSaid, str]] = []

    def read(self, path: Path) -> Iterator[tuple[str, Said | Exception]]:
        """What each line says; a bad line comes as its exception."""
        with path.open(encoding="utf-8-sig", errors="replace") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield f"line {number}", self._line(line)
        waiting, self._replaced = self._replaced, []
        for number, (said, survivor_id) in enumerate(waiting, start=1):
            survivor = self._patients.get(survivor_id)
            if survivor is None:
                self._replaced.append((said, survivor_id))  # in a file that is still to come
            else:
                yield f"link {number}", Merge(survivor, said.numbers, "FHIR link")

    def _line(self, line: str) -> Said | Exception:
        try:
            resource = json.loads(line)
            json.dumps(resource, ensure_ascii=False).encode()  # half a character cannot be kept
            kind = resource.get("resourceType")
            if kind == "Patient":
                return self._patient(resource)
            if kind == "Encounter":
                return self._encounter(resource)
        except (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError):
            return ValueError("this is no FHIR resource that can be read")
        return ValueError("this resource is neither a Patient nor an Encounter")

    def _patient(self, resource: dict[str, Any]) -> Said | Exception:
        numbers = [
            Number(str(i["value"]), self._authority(i))
            for i in resource.get("identifier", ())
            if _type(i) == "MR" and i.get("value")
        ]
        if not numbers:  # the first number that is called nothing else
            numbers = [
                Number(str(i["value"]), self._authority(i))
                for i in resource.get("identifier", ())
                if not _type(i) and i.get("value")
            ][:1]
        names = resource.get("name", ())
        legal = next((n for n in names if n.get("use") in ("official", "usual")), names[0] if names else {})
        address: dict[str, Any] = next((a for a in resource.get("address", ()) if a.get("use") != "old"), {})
        social = next((str(i.get("value", "")) for i in resource.get("identifier", ()) if _type(i) in ("SS", "SB")), "")
        given = [str(part) for part in legal.get("given", ())]
        said = PersonSaid(
            numbers=tuple(numbers),
            family=str(legal.get("family", "")),
            given=given[0] if given else "",
            middle=" ".join(given[1:]),
            suffix=" ".join(map(str, legal.get("suffix", ()))),
            birth_date=_day(resource.get("birthDate")),
            died=_day(resource.get("deceasedDateTime")),
            sex=normal.parse_sex(str(resource.get("gender", ""))) or "",
            address=" ".join(map(str, address.get("line", ()))),
            city=str(address.get("city", "")),
            region=str(address.get("state", "")),
            postcode=str(address.get("postalCode", "")),
            phone=next((str(t.get("value", "")) for t in resource.get("telecom", ()) if t.get("system") == "phone"), ""),
            ssn4="".join(filter(str.isdigit, social))[-4:],
            member_id=next((str(i.get("value", "")) for i in resource.get("identifier", ()) if _type(i) in ("MB", "MC")), ""),
            names=tuple(
                PersonName(str(n["family"]), " ".join(map(str, n.get("given", ())[:1])), str(n.get("use", "alias")))
                for n in names if n is not legal and n.get("family")
            ),
            at=_time(str(resource.get("meta", {}).get("lastUpdated", ""))),
            may_correct=True,
        )  # fmt: skip
        if resource.get("id"):
            self._patients[str(resource["id"])] = said
        for link in resource.get("link", ()):
            if link.get("type") == "replaced-by" and said.numbers:
                self._replaced.append((said, _reference(link.get("other", {}))))
        return Registration(said)

    def _encounter(self, resource: dict[str, Any]) -> Said | Exception:
        person = self._patients.get(_reference(resource.get("subject", {})))
        if person is None:
            return ValueError("its patient is in none of these files; load the Patient file first, in the same command")
        number = next(
            (str(i["value"]) for i in resource.get("identifier", ()) if i.get("value")), str(resource.get("id", ""))
        )
        if not number:
            return ValueError("an encounter without a number")
        period, stay = resource.get("period", {}), resource.get("hospitalization", {})
        attending = next(
            (
                str(p["individual"]["display"])
                for p in resource.get("participant", ())
                if p.get("individual", {}).get("display")
            ),
            "",
        )
        visit = VisitSaid(
            number=number,
            kind=str(resource.get("class", {}).get("code", "")),
            admitted=_day(period.get("start")),
            discharged=_day(period.get("end")),
            attending=attending,
            service=_text(resource.get("serviceType", {})),
            disposition=_text(stay.get("dischargeDisposition", {})),
            event="cancelled" if resource.get("status") in ("cancelled", "entered-in-error") else "admitted",
        )
        return Registration(person, visit)

    def _authority(self, identifier: dict[str, Any]) -> str:
        system = str(identifier.get("system", ""))
        return "" if not self._own or system in self._own or not system else system


def _type(identifier: dict[str, Any]) -> str:
    return next((str(c.get("code", "")) for c in identifier.get("type", {}).get("coding", ())), "")


def _reference(reference: dict[str, Any]) -> str:
    return str(reference.get("reference", "")).rsplit("/", 1)[-1].removeprefix("urn:uuid:")


def _text(concept: dict[str, Any]) -> str:
    return str(
        concept.get("text") or next((c.get("display") or c.get("code") for c in concept.get("coding", ())), "") or ""
    )


def _time(text: str) -> str:
    """An instant as ISO in UTC, to be compared; empty when it is none."""
    try:
        stamp = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return ""
    return stamp.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S") if stamp.tzinfo else ""


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(str(text)[:10])
    except ValueError:
        return None
