"""Whose document it is: what a person chose, and whether what the page says agrees."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlmodel import Session, select

from classify import normal
from classify.guess import Decision
from classify.samename import same_name
from storage.documents import amendments
from storage.documents.fields import current_fields
from storage.documents.leases import leased_document
from storage.documents.takenout import taken_out_of
from storage.foundation import audit
from storage.foundation.actions import AuditAction
from storage.foundation.clock import utc_now
from storage.foundation.errors import NeedsInsisting, NeedsRetype, StateRefused
from storage.foundation.permissions import Action, Actor, check_can
from storage.foundation.tables.documents import Document
from storage.foundation.tables.roster import Encounter, Person
from storage.roster import visits
from storage.roster.merging import root_of
from storage.roster.names import has_mrn, names_of

IDENTIFIERS_NEEDED = 2
"""Identifiers that agree before a patient is taken without a retype (Joint Commission NPSG.01.01.01)."""


@dataclass(frozen=True, slots=True)
class SaidValue:
    """What a field of a document says: the value, whether a person typed it, and whether it is what the field can be."""

    value: str
    is_typed: bool
    is_valid: bool

    @property
    def counts(self) -> bool:
        """Whether it says whose document it is: a valid value of the machine, or whatever a person typed."""
        return bool(self.value) and (self.is_valid or self.is_typed)


@dataclass(frozen=True, slots=True)
class Objection:
    """Why a document is not filed to a patient unless a person insists, and the field it is about (empty: no single one)."""

    sentence: str
    field: str = ""


def choose_patient(
    session: Session,
    document_id: int,
    person_id: int,
    actor: Actor,
    *,
    version: int,
    retyped: str = "",
    day_first: bool = False,
) -> int:
    """Say whose document this is, as a person decided it; gives the document's new version.

    The patient must agree with the values of the document in two identifiers, or `retyped` is the patient's MRN or date of
    birth, typed by the person who chose (Joint Commission NPSG.01.01.01: two identifiers); else NeedsRetype. Whoever's chart
    the pages were taken out of is always typed again.
    """
    check_can(actor, Action.VERIFY)
    document = leased_document(session, document_id, actor, version)
    person = session.get(Person, person_id)
    if person is None:
        raise StateRefused("This patient is not on the patient list.")
    person = root_of(session, person_id)
    if person.id != document.person_id:
        amendments.check_patient_stays(document)
    agrees, _ = compare_said(session, document, person)
    why = why_retype(session, document, person, agrees)
    if why and not is_of(person, retyped, day_first=day_first):
        raise NeedsRetype(why)
    document.person_id, document.decision = person.id, Decision.CONFIRMED
    document.encounter_id = None
    document.version += 1
    document.updated_at = utc_now()
    session.add(document)
    audit.record(
        session, actor, AuditAction.CHOOSE_PATIENT, f"document:{document_id}",
        person=person.id, agrees=sorted(agrees), retyped=1 if why else None,
    )  # fmt: skip
    return document.version


def compare_said(session: Session, document: Document, person: Person) -> tuple[set[str], set[str]]:
    """Identifiers in which the values of a document agree with a patient, and in which they differ.

    What a person typed counts whatever it is: a birthday that is no date differs, it is not unsaid.
    """
    return compare_values(session, person, said_by(session, document))


def compare_values(session: Session, person: Person, values: Mapping[str, SaidValue]) -> tuple[set[str], set[str]]:
    """The same of values that are not kept yet."""
    said = {name: value.value for name, value in values.items() if value.counts}
    visits_of = {
        n
        for v in session.exec(select(Encounter).where(Encounter.person_id == person.id))
        for n in (v.number, v.account)
        if n
    }
    born = normal.parse_date(said["dob"]) if "dob" in said else None
    same = {
        "name": any(is_named(said["name"], name) for name in names_of(person)) if "name" in said else None,
        "dob": born == person.birth_date if "dob" in said and person.birth_date else None,
        "mrn": has_mrn(person, said["mrn"]) if "mrn" in said else None,
        "encounter": (said["encounter"] in visits_of or None) if "encounter" in said else None,
        "account": (said["account"] in visits_of or None) if "account" in said else None,
        "member_id": normal.number(said["member_id"]) == normal.number(person.member_id) or None
        if "member_id" in said and person.member_id
        else None,
        "ssn4": (said["ssn4"][-4:] == person.ssn4 or None) if "ssn4" in said and person.ssn4 else None,
    }  # fmt: skip
    return {name for name, is_same in same.items() if is_same}, {n for n, is_same in same.items() if is_same is False}


def said_by(session: Session, document: Document) -> dict[str, SaidValue]:
    """What every field of a document says now."""
    return {
        row.name: SaidValue(row.value, row.source.startswith("person:"), row.is_valid)
        for row in current_fields(session, document.id)
    }


def why_retype(session: Session, document: Document, person: Person, agrees: set[str]) -> str:
    """Why a patient who is chosen is confirmed by typing the MRN or date of birth; empty where none is asked for."""
    if person.id in taken_out_of(session, document.id):
        why = "These pages were taken out of this chart"
    elif len(agrees) < IDENTIFIERS_NEEDED:
        why = "Fewer than two identifiers match this patient"
    else:
        return ""
    return f"{why}. Type the patient's MRN or date of birth to confirm."


def is_of(person: Person, retyped: str, *, day_first: bool) -> bool:
    """Whether what was typed is this patient's whole MRN or date of birth."""
    typed = normal.number(retyped)
    return bool(typed) and (
        typed in map(normal.number, (person.mrn, *person.other_mrns))
        or (person.birth_date is not None and normal.parse_date(retyped, day_first=day_first) == person.birth_date)
    )


def find_encounter(session: Session, document: Document) -> int | None:
    """The patient's visit whose number is on the document, or the only one of its day, or None."""
    said = {
        row.value for row in current_fields(session, document.id) if row.name in ("encounter", "account") and row.value
    }
    assert document.person_id is not None
    if not said and document.encounter_id is not None:
        visit = session.get_one(Encounter, document.encounter_id)
        if visit.person_id == document.person_id:
            return document.encounter_id  # from the separator sheet
    return visits.stay_of(session, document.person_id, sorted(said), document.service_date)


_SAID = {"mrn": "MRN", "dob": "date of birth", "name": "name"}


def check_says_the_same(session: Session, document: Document, *, override_mismatch: bool) -> None:
    """What is written in the fields must not contradict the patient it is filed to, unless a person insists."""
    if override_mismatch:
        return
    person = session.get_one(Person, document.person_id)
    for objection in objections(session, person, said_by(session, document)):
        raise NeedsInsisting(objection.sentence, objection.field)


def objections(session: Session, person: Person, said: Mapping[str, SaidValue]) -> Iterator[Objection]:
    """Everything for which filing these values to this patient takes insisting, the first that is told first."""
    agrees, differs = compare_values(session, person, said)
    for found in _cannot_be(session, person, said):
        yield Objection(f"{found.sentence} Correct it, or insist with Ctrl Shift Enter and a reason.", found.field)
    if differs:
        names = [name for name in _SAID if name in differs]
        yield Objection(
            f"The {' and the '.join(_SAID[name] for name in names)} in the fields differ from the patient "
            "you file to. Choose another patient, correct the field, or insist with Ctrl Shift Enter and a reason.",
            names[0],
        )
    counted = {name for name, value in said.items() if value.counts}
    if not agrees and not counted & {"mrn", "dob", "name", "encounter", "member_id"}:
        yield Objection(
            "Nothing in the fields says whose document this is. Type what the page says, or insist with "
            "Ctrl Shift Enter and a reason."
        )


def _cannot_be(session: Session, person: Person, said: Mapping[str, SaidValue]) -> Iterator[Objection]:
    """What the values say that cannot be of this patient: a day before the birth, a stay that ends before it begins, a visit
    number that somebody typed and that is none of the patient's on the list."""
    rows = {name: value for name, value in said.items() if value.value}
    days = {
        name: day
        for name in ("service_date", "admit_date", "discharge_date")
        if name in rows and rows[name].is_valid and (day := normal.parse_date(rows[name].value))
    }
    served = days.get("service_date")  # the admission may be the mother's, in a newborn's chart
    if served is not None and person.birth_date is not None and served < person.birth_date:
        yield Objection("The date of service is before the patient's date of birth.", "service_date")
    if (admitted := days.get("admit_date")) and (left := days.get("discharge_date")) and left < admitted:
        yield Objection("The discharge is before the admission.", "discharge_date")
    visits = session.exec(select(Encounter).where(Encounter.person_id == person.id)).all()
    known = {normal.number(number) for visit in visits for number in (visit.number, visit.account) if number}
    typed = rows.get("encounter")
    if known and typed is not None and typed.is_typed and normal.number(typed.value) not in known:
        yield Objection(f"Visit {typed.value} is none of this patient's on the list.", "encounter")


def is_named(said: str, known: str) -> bool:
    """Whether a name as it was read or typed is that of somebody on the patient list."""
    family, given, _, _ = normal.split_name(said) or (said, "", "", "")
    return same_name(f"{family}, {given}", known)
