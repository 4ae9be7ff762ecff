"""FHIR resources field by field: what of a Patient and an Encounter is taken, by use and period, and what is refused."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ingest.exchange.inbound.account import Note, Topic
from ingest.exchange.inbound.files import read_files
from ingest.site import Site
from storage.roster.messages import Merge, PersonUpdate, Registration, RosterMessage, VisitUpdate
from tests.unit.ingest.test_fhir import MR, bundle, patient, visit


def read(tmp_path: Path, *resources: Any) -> list[RosterMessage | Exception]:
    file = tmp_path / "export.ndjson"
    file.write_text("".join(json.dumps(one) + "\n" for one in resources))
    return [said for _, said in read_files([file], Site())]


def person(tmp_path: Path, **more: Any) -> PersonUpdate:
    (said,) = read(tmp_path, patient(**more))
    assert isinstance(said, Registration), said
    return said.person


def stay(tmp_path: Path, **more: Any) -> VisitUpdate:
    *_, said = read(tmp_path, patient(), visit("Patient/p1", **more))
    assert isinstance(said, Registration), said
    assert said.visit is not None
    return said.visit


OLD = {"use": "old"}
OVER = {"period": {"end": "2001-01-01"}}


@pytest.mark.parametrize(
    ("more", "field", "value"),
    [
        ({"birthDate": "1957-03-14"}, "birth_date", date(1957, 3, 14)),
        ({"birthDate": "1957-03"}, "birth_date", None),  # FHIR allows it, and it is no day
        ({"birthDate": "1957"}, "birth_date", None),
        ({"birthDate": "1957-02-30"}, "birth_date", None),
        ({"birthDate": None}, "birth_date", None),
        ({"deceasedDateTime": "2020-05-06T23:30:00-05:00"}, "died", date(2020, 5, 6)),
        ({"deceasedBoolean": True}, "died", None),
        ({"gender": "female"}, "sex", "F"),
        ({"gender": "male"}, "sex", "M"),
        ({}, "sex", ""),
        ({"telecom": [{"system": "email", "value": "x"}, {"system": "phone", "value": "330"}]}, "phone", "330"),
        ({"telecom": [{"system": "phone", "value": "1", **OLD}, {"system": "phone", "value": "2"}]}, "phone", "2"),
        ({"telecom": [{"system": "phone", "value": "1", **OVER}, {"system": "phone", "value": "2"}]}, "phone", "2"),
        ({"telecom": [{"system": "phone", "value": "1", **OLD}]}, "phone", ""),
        ({"address": [{"city": "Dover", **OLD}, {"city": "Akron"}]}, "city", "Akron"),
        ({"address": [{"city": "Dover", **OVER}, {"city": "Akron"}]}, "city", "Akron"),
        ({"address": [{"city": "Dover", "period": {"end": "2999"}}]}, "city", "Dover"),
        ({"address": [{"line": ["5 Oak St", "Apt 4"]}]}, "address", "5 Oak St Apt 4"),
        ({"address": [{"state": "OH"}]}, "region", "OH"),
        ({"address": [{"postalCode": "02138"}]}, "postcode", "02138"),
        ({"identifier": [MR, {"type": {"coding": [{"code": "MB"}]}, "value": "B12"}]}, "member_id", "B12"),
        ({"identifier": [MR, {"type": {"coding": [{"code": "MB"}]}, "value": "B12", **OLD}]}, "member_id", ""),
        ({"identifier": [MR, {"type": {"coding": [{"code": "SS"}]}, "value": "999-12-3456"}]}, "ssn4", "3456"),
        ({"name": [{"family": "Moss", "given": ["Ivy", "June", "May"], "suffix": ["Jr"]}]}, "middle", "June May"),
        ({"name": [{"family": "Moss", "given": ["Ivy"], "suffix": ["Jr"]}]}, "suffix", "Jr"),
        ({"name": [{"text": "Moss, Ivy"}]}, "family", "Moss"),
        ({"name": [{"text": "Ivy Moss"}]}, "family", "Moss"),
        ({"name": []}, "family", ""),
        ({"meta": {"lastUpdated": "2020-01-01T02:00:00+02:00"}}, "at", "2020-01-01T00:00:00"),
        ({"meta": {"lastUpdated": "2020-01-01T00:00:00Z"}}, "at", "2020-01-01T00:00:00"),
        ({"meta": {"lastUpdated": "2020-01-01T00:00:00"}}, "at", ""),  # of no time zone: it cannot be compared
        ({"meta": {"lastUpdated": "yesterday"}}, "at", ""),
        ({"meta": {"lastUpdated": "0001-01-01T00:00:00+01:00"}}, "at", ""),  # the smallest date of .NET, in Berlin
        ({"meta": {"lastUpdated": "9999-12-31T23:59:59-05:00"}}, "at", ""),
    ],
)  # fmt: skip
def test_what_a_patient_says(tmp_path: Path, more: dict[str, Any], field: str, value: object) -> None:
    assert getattr(person(tmp_path, **more), field) == value


@pytest.mark.parametrize(
    ("more", "field", "value"),
    [
        ({}, "number", "V1"),
        ({"identifier": []}, "number", "e1"),  # its id, where it has no number
        ({"identifier": [{"system": "x"}, {"value": "V2"}]}, "number", "V2"),
        ({"class": {"code": "IMP"}}, "kind", "IMP"),
        ({"period": {"start": "2020-05-06T08:00:00Z", "end": "2020-05-09"}}, "admitted", date(2020, 5, 6)),
        ({"period": {"start": "2020-05-06", "end": "2020-05-09"}}, "discharged", date(2020, 5, 9)),
        ({"period": {"start": "2020-05"}}, "admitted", None),
        ({"participant": [{}, {"individual": {}}, {"individual": {"display": "Wei Chen"}}]}, "attending", "Wei Chen"),
        ({"serviceType": {"text": "Cardiology"}}, "service", "Cardiology"),
        ({"serviceType": {"coding": [{"code": "394579002", "display": "Cardiology"}]}}, "service", "Cardiology"),
        ({"serviceType": {"coding": [{"code": "CAR"}]}}, "service", "CAR"),
        ({"hospitalization": {"dischargeDisposition": {"text": "home"}}}, "disposition", "home"),
        ({"status": "cancelled"}, "event", "cancelled"),
        ({"status": "entered-in-error"}, "event", "cancelled"),
        ({"status": "in-progress"}, "event", "admitted"),
    ],
)  # fmt: skip
def test_what_an_encounter_says(tmp_path: Path, more: dict[str, Any], field: str, value: object) -> None:
    assert getattr(stay(tmp_path, **more), field) == value


@pytest.mark.parametrize(
    ("resource", "sentence"),
    [
        (visit("Patient/p1", identifier=[], id=""), "an encounter without a number"),
        (visit("#inner", contained=[patient(id="inner")]), "its patient is in none of these files; load it in the same command"),
        (visit("Patient/P1"), "its patient is in none of these files; load it in the same command"),  # ids are compared to the letter
        ({**visit(""), "subject": {}}, "its patient is in none of these files; load it in the same command"),
        ({**visit(""), "subject": "Patient/p1"}, "this is no FHIR resource that can be read"),
        ({"resourceType": "Observation"}, "this resource is neither a Patient nor an Encounter"),
        ({"id": "p9"}, "this resource is neither a Patient nor an Encounter"),
        (patient(id="p9", identifier=[{**MR, "value": 7.5}]), "this is no FHIR resource that can be read"),
        (patient(id="p9", identifier=[{**MR, "value": True}]), "this is no FHIR resource that can be read"),
        (bundle({"request": {"method": "DELETE", "url": "Patient/p1"}}), "it deletes a resource, and nobody is deleted from this list"),
        (patient(id="p9", link=[{"type": "replaced-by", "other": {"reference": "Patient/p77"}}]),
         "it was replaced by a patient who is in none of these files; load it in the same command"),
    ],
)  # fmt: skip
def test_a_refusal_says_why_and_the_patient_before_it_is_read(
    tmp_path: Path, resource: dict[str, Any], sentence: str
) -> None:
    said = read(tmp_path, patient(), resource)
    assert isinstance(said[0], Registration)
    assert [str(one) for one in said if isinstance(one, ValueError)] == [sentence]


@pytest.mark.parametrize("words", ["MRN", "Medical Record Number", "Hospital number"])
def test_a_type_may_be_told_by_what_its_code_is_called(tmp_path: Path, words: str) -> None:
    told = {"type": {"coding": [{"code": "X9", "display": words}]}, "value": "7"}
    assert [n.value for n in person(tmp_path, identifier=[{"value": "8"}, told]).numbers] == ["7"]


def test_a_number_written_as_a_number_is_one(tmp_path: Path) -> None:
    assert person(tmp_path, identifier=[{**MR, "value": 481593}]).numbers[0].value == "481593"


def test_a_bundle_in_a_bundle_and_empty_entries(tmp_path: Path) -> None:
    inner = bundle({"resource": patient()}, {}, {"search": {"mode": "match"}})
    said = read(tmp_path, bundle({"resource": inner}, {"resource": visit("Patient/p1")}))
    assert [type(one) for one in said] == [Registration, Registration]


@pytest.mark.parametrize("kind", ["replaces", "refer", "seealso"])
def test_only_replaced_by_is_a_merge(tmp_path: Path, kind: str) -> None:
    other = patient(
        id="p2", identifier=[{**MR, "value": "8"}], link=[{"type": kind, "other": {"reference": "Patient/p1"}}]
    )
    assert not any(isinstance(one, Merge) for one in read(tmp_path, patient(), other))


def test_a_patient_replaced_by_one_who_comes_first_is_merged_into_them(tmp_path: Path) -> None:
    other = patient(
        id="p2",
        identifier=[{**MR, "value": "8"}],
        link=[{"type": "replaced-by", "other": {"reference": "Patient/p1/_history/2"}}],
    )
    [merge] = [one for one in read(tmp_path, patient(), other) if isinstance(one, Merge)]
    assert [n.value for n in merge.losers] == ["8"]
    assert [n.value for n in merge.survivor.numbers] == ["00900001"]


def test_the_account_tells_what_was_read_as_what_and_no_text_of_a_row(tmp_path: Path) -> None:
    file = tmp_path / "export.ndjson"
    rows = [patient(), visit("Patient/p1"), {"resourceType": "Observation"}]
    file.write_text("".join(json.dumps(one) + "\n" for one in rows))
    notes: list[Note] = []
    list(read_files([file], Site(), notes.append))
    assert Note("export.ndjson", Topic.READ_AS, "FHIR R4 resources: Patient 1, Encounter 1") in notes
    assert Note("export.ndjson", Topic.CHARACTERS, "UTF-8 (JSON)") in notes
    assert not any("Kraus" in note.text or "00900001" in note.text for note in notes)
