"""FHIR R4 Patient and Encounter resources: what they say about patients and visits.

Which name and which number count now is told by `use` and `period` (FHIR R4 §2.24.0.10, §2.24.0.12): what has ended or is
called old is a former one.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from classify import normal
from classify.demographics import PersonName
from ingest.exchange.inbound import numbers
from ingest.exchange.inbound.account import Tell, Topic, no_patients, say_nothing
from ingest.exchange.inbound.resources import Bad, Entry, characters_of, read_resources
from storage.roster.messages import Merge, PersonUpdate, Registration, RosterMessage, VisitUpdate


@dataclass(frozen=True, slots=True)
class _Waiting:
    """What names a patient who was not read yet: a visit of theirs, or somebody who was replaced by them."""

    file: str
    where: str
    reference: str
    said: VisitUpdate | PersonUpdate


class FhirList:
    """Resources of one export; encounters name their patient by the id or address that its resource had, in whatever file."""

    def __init__(self, own: Iterable[str] = ()) -> None:
        self._own = numbers.own_authorities(own)
        self._patients: dict[str, PersonUpdate] = {}
        self._replaced: list[_Waiting] = []
        self._visits: list[_Waiting] = []

    def read(self, path: Path, tell: Tell = say_nothing) -> Iterator[tuple[str, RosterMessage | Exception]]:
        """What each resource says; a bad one comes as its exception. What names a patient of a later file waits for it."""
        patients = visits = others = bad = 0
        for entry in read_resources(path):
            if isinstance(entry, Bad):
                bad += 1
                yield entry.where, ValueError(entry.why)
                continue
            kind = entry.resource.get("resourceType")
            if kind == "Patient":
                patients += 1
                yield entry.where, self._attempt_patient(path.name, entry)
            elif kind == "Encounter":
                visits += 1
                said = self._attempt_visit(path.name, entry)
                if said is not None:
                    yield entry.where, said
            elif entry.is_of_bundle:
                others += 1
            else:
                bad += 1
                yield entry.where, ValueError("this resource is neither a Patient nor an Encounter")
        if not (patients or visits or bad):
            raise no_patients(path.name, "no resource in it is a Patient or an Encounter")
        tell(Topic.READ_AS, f"FHIR R4 resources: Patient {patients}, Encounter {visits}")
        tell(Topic.CHARACTERS, characters_of(path))
        if others:
            tell(Topic.LEFT_OUT, f"resources of a Bundle that are neither Patient nor Encounter ({others})")
        yield from self._links()
        yield from ((where, said) for _, where, said in self._known_visits(path.name))

    def rest(self) -> Iterator[tuple[str, str, RosterMessage | Exception]]:
        """When all files are read: file, place, and what still names a patient who is in none of them."""
        yield from self._known_visits()
        for visit in self._visits:
            yield (
                visit.file,
                visit.where,
                ValueError("its patient is in none of these files; load it in the same command"),
            )
        for one in self._replaced:
            yield (
                one.file,
                one.where,
                ValueError("it was replaced by a patient who is in none of these files; load it in the same command"),
            )
        self._visits, self._replaced = [], []

    def _links(self) -> Iterator[tuple[str, RosterMessage | Exception]]:
        waiting, self._replaced = self._replaced, []
        for number, one in enumerate(waiting, start=1):
            survivor = self._patients.get(one.reference)
            if survivor is None or not isinstance(one.said, PersonUpdate):
                self._replaced.append(one)  # in a file that is still to come
            else:
                yield f"link {number}", Merge(survivor, one.said.numbers, "FHIR link")

    def _known_visits(self, file: str = "") -> Iterator[tuple[str, str, RosterMessage | Exception]]:
        """Visits (of one file, or of all) that waited for a patient who was read meanwhile."""
        waiting, self._visits = self._visits, []
        for one in waiting:
            person = self._patients.get(one.reference)
            if person is None or not isinstance(one.said, VisitUpdate) or file not in ("", one.file):
                self._visits.append(one)
            else:
                yield one.file, one.where, Registration(person, one.said)

    def _attempt_patient(self, file: str, entry: Entry) -> RosterMessage | Exception:
        try:
            return self._patient(file, entry)
        except (ValueError, TypeError, KeyError, AttributeError, IndexError):
            return ValueError("this is no FHIR resource that can be read")

    def _attempt_visit(self, file: str, entry: Entry) -> RosterMessage | Exception | None:
        """The visit, or None when its patient was not read yet."""
        try:
            visit = _visit(entry.resource)
            reference = _reference(entry.resource.get("subject", {}))
        except (ValueError, TypeError, KeyError, AttributeError, IndexError):
            return ValueError("this is no FHIR resource that can be read")
        if not visit.number:
            return ValueError("an encounter without a number")
        person = self._patients.get(reference)
        if person is None:
            self._visits.append(_Waiting(file, entry.where, reference, visit))
            return None
        return Registration(person, visit)

    def _patient(self, file: str, entry: Entry) -> RosterMessage | Exception:
        resource = entry.resource
        numbered = sorted(resource.get("identifier", ()), key=lambda i: _NUMBER_USES.get(str(i.get("use", "")), 1))
        listed = [_identifier(i) for i in numbered if i.get("value")]
        social = numbers.social_of(listed)
        names = _ranked(resource.get("name", ()))
        legal: dict[str, Any] = names[0] if names else {}
        family, given, middle, suffix = _name_parts(legal)
        address: dict[str, Any] = next(
            (a for a in resource.get("address", ()) if a.get("use") != "old" and not _has_ended(a)), {}
        )
        said = PersonUpdate(
            numbers=numbers.record_numbers(listed, self._own, social, others=False),
            family=family,
            given=given,
            middle=middle,
            suffix=suffix,
            birth_date=_day(resource.get("birthDate")),
            died=_day(resource.get("deceasedDateTime")),
            sex=normal.parse_sex(str(resource.get("gender", ""))) or "",
            address=" ".join(map(str, address.get("line", ()))),
            city=str(address.get("city", "")),
            region=str(address.get("state", "")),
            postcode=str(address.get("postalCode", "")),
            phone=next(
                (
                    str(t.get("value", ""))
                    for t in resource.get("telecom", ())
                    if t.get("system") == "phone" and t.get("use") != "old" and not _has_ended(t)
                ),
                "",
            ),
            ssn4=numbers.last_four(social),
            member_id=next((i.value for i in listed if i.kind in ("MB", "MC") and not i.is_former), ""),
            names=tuple(_other_names(names[1:])),
            at=_time(str(resource.get("meta", {}).get("lastUpdated", ""))),
            may_correct=True,
        )
        said = numbers.without_social(said, social)
        if not said.numbers and social:
            return ValueError("no MRN: its only number is a Social Security number, and that is never an MRN")
        for address_of_it in _addresses(entry):
            self._patients[address_of_it] = said
        for link in resource.get("link", ()):
            if link.get("type") == "replaced-by" and said.numbers:
                self._replaced.append(_Waiting(file, entry.where, _reference(link.get("other", {})), said))
        return Registration(said)


# ---- names and numbers


_NAME_USES = {"official": 0, "usual": 1, "": 2, "temp": 3, "anonymous": 3, "nickname": 4, "old": 5, "maiden": 5}
_NUMBER_USES = {"usual": 0, "official": 0, "": 1, "secondary": 2, "temp": 3}
_NAME_KINDS = {"maiden": "maiden", "nickname": "nickname", "old": "former"}


def _ranked(names: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The current name first: not ended, the official before the usual, of two the one that began later."""
    newest_first = sorted(names, key=lambda name: str(_period(name).get("start") or ""), reverse=True)
    return sorted(newest_first, key=_name_rank)


def _name_rank(name: dict[str, Any]) -> tuple[bool, int]:
    use = str(name.get("use", ""))
    is_over = _has_ended(name) or _begins_later(name) or use in ("old", "maiden")
    return is_over, _NAME_USES.get(use, 2)


def _name_parts(name: dict[str, Any]) -> tuple[str, str, str, str]:
    """Family, first, middle name and suffix; from the text when the parts are not given."""
    given = [str(part) for part in name.get("given", ())]
    family = str(name.get("family") or "")
    suffix = " ".join(map(str, name.get("suffix", ())))
    if not family and not given:
        return normal.split_name(str(name.get("text") or "")) or ("", "", "", "")
    return family, given[0] if given else "", " ".join(given[1:]), suffix


def _other_names(names: Iterable[dict[str, Any]]) -> Iterator[PersonName]:
    for name in names:
        family, given, *_ = _name_parts(name)
        if family:
            use = str(name.get("use", ""))
            yield PersonName(family, given, _NAME_KINDS.get(use) or ("former" if _has_ended(name) else "alias"))


def _identifier(identifier: dict[str, Any]) -> numbers.Identifier:
    """A number with its type (any coding, else the words of type.text), who assigned it, and whether it is a former one."""
    if isinstance(identifier["value"], bool) or not isinstance(identifier["value"], str | int):
        raise TypeError("a number is a text")
    described = identifier.get("type", {})
    codes = [str(coding.get("code", "")) for coding in described.get("coding", ())]
    words = (str(described.get("text") or ""), *(str(c.get("display") or "") for c in described.get("coding", ())))
    known = next((code for code in ("SS", "SB", numbers.MRN) if code in codes), "")
    told = next((kind for text in (*words, *codes) if (kind := numbers.kind_of_words(text))), "")
    system = str(identifier.get("system") or "")
    assigner = str(identifier.get("assigner", {}).get("display") or "")
    return numbers.Identifier(
        str(identifier["value"]).strip(),
        known or told or next(filter(None, codes), "") or ("other" if words[0].strip() else ""),
        tuple(name for name in (system, assigner) if name) if system else (),
        is_former=identifier.get("use") == "old" or _has_ended(identifier),
    )


# ---- visits


def _visit(resource: dict[str, Any]) -> VisitUpdate:
    number = next(
        (str(i["value"]) for i in resource.get("identifier", ()) if i.get("value")), str(resource.get("id", ""))
    )
    period, stay = resource.get("period", {}), resource.get("hospitalization", {})
    attending = next(
        (
            str(p["individual"]["display"])
            for p in resource.get("participant", ())
            if p.get("individual", {}).get("display")
        ),
        "",
    )
    return VisitUpdate(
        number=number,
        kind=str(resource.get("class", {}).get("code", "")),
        admitted=_day(period.get("start")),
        discharged=_day(period.get("end")),
        attending=attending,
        service=_text(resource.get("serviceType", {})),
        disposition=_text(stay.get("dischargeDisposition", {})),
        event="cancelled" if resource.get("status") in ("cancelled", "entered-in-error") else "admitted",
    )


# ---- references, periods, days


def _addresses(entry: Entry) -> Iterator[str]:
    """All that a reference may call a patient: its id, its address in a Bundle, its numbers."""
    resource = entry.resource
    if resource.get("id"):
        yield f"Patient/{resource['id']}"
        yield f"urn:uuid:{resource['id']}"
    if entry.full_url:
        yield _reference({"reference": entry.full_url})
    for identifier in resource.get("identifier", ()):
        if identifier.get("system") and identifier.get("value"):
            yield f"{identifier['system']}|{identifier['value']}"


def _reference(reference: dict[str, Any]) -> str:
    """What a reference names, as _addresses does: a urn, Patient/id without server and version, or system|value."""
    text = str(reference.get("reference") or "").partition("/_history/")[0]
    if not text:
        identifier = reference.get("identifier", {})
        return f"{identifier.get('system', '')}|{identifier.get('value', '')}"
    if text.startswith("urn:"):
        return text
    if text.startswith("Patient?identifier="):
        return text.removeprefix("Patient?identifier=")
    return f"Patient/{text.rsplit('/', 1)[-1]}"


def _period(of: dict[str, Any]) -> dict[str, Any]:
    period = of.get("period")
    return period if isinstance(period, dict) else {}


def _has_ended(of: dict[str, Any]) -> bool:
    """Whether its period is over: "2010" and "2010-06" are over when the year and the month are."""
    end = str(_period(of).get("end") or "")[:10]
    return bool(end) and end < normal.today().isoformat()[: len(end)]


def _begins_later(of: dict[str, Any]) -> bool:
    start = str(_period(of).get("start") or "")[:10]
    return bool(start) and start > normal.today().isoformat()[: len(start)]


def _text(concept: dict[str, Any]) -> str:
    return str(
        concept.get("text") or next((c.get("display") or c.get("code") for c in concept.get("coding", ())), "") or ""
    )


def _time(text: str) -> str:
    """An instant as ISO in UTC, to be compared; empty when it is none."""
    try:
        stamp = datetime.fromisoformat(text.replace("Z", "+00:00"))
        return stamp.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S") if stamp.tzinfo else ""
    except (ValueError, OverflowError):  # the first day of year 1, east of Greenwich, is before the first day
        return ""


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(str(text)[:10])
    except ValueError:
        return None
