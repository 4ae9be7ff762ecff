"""FHIR as servers really send it: ended names, old numbers, types in words, Bundles, whatever the file is called."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ingest.exchange.inbound.account import Note
from ingest.exchange.inbound.files import read_files
from ingest.site import Site
from storage.foundation.errors import RosterProblem
from storage.roster.messages import Merge, PersonUpdate, Registration, RosterMessage

MR = {"type": {"coding": [{"code": "MR"}]}, "value": "00900001"}
KRAUS = {"use": "official", "family": "Kraus", "given": ["Dana"]}


def patient(**more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Patient",
        "id": "p1",
        "identifier": [MR],
        "name": [KRAUS],
        "birthDate": "1957-03-14",
        **more,
    }


def visit(reference: str, **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Encounter",
        "id": "e1",
        "status": "finished",
        "identifier": [{"value": "V1"}],
        "subject": {"reference": reference},
        **more,
    }


def bundle(*entries: dict[str, Any], kind: str = "collection") -> dict[str, Any]:
    return {"resourceType": "Bundle", "type": kind, "entry": list(entries)}


def read(path: Path, *, own: tuple[str, ...] = ()) -> list[RosterMessage | Exception]:
    return [said for _, said in read_files([path], Site(mrn_authorities=list(own)))]


def only(tmp_path: Path, resource: Any, *, own: tuple[str, ...] = ()) -> PersonUpdate:
    """The person that the one resource of a file tells of."""
    file = tmp_path / "Patient.ndjson"
    file.write_text(json.dumps(resource))
    (said,) = read(file, own=own)
    assert isinstance(said, Registration), said
    return said.person


@pytest.mark.parametrize(
    ("names", "current", "others"),
    [
        (
            [{**KRAUS, "period": {"end": "2010-06-01"}}, {**KRAUS, "family": "Wexler", "period": {"start": "2010-06-01"}}],
            "Wexler",
            [("Kraus", "former")],
        ),
        ([{"use": "old", "family": "Kraus", "given": ["Dana"]}, {"family": "Wexler", "given": ["Dana"]}], "Wexler", [("Kraus", "former")]),
        ([{"use": "maiden", "family": "Kraus"}, {"use": "usual", "family": "Wexler", "given": ["Dana"]}], "Wexler", [("Kraus", "maiden")]),
        ([{**KRAUS, "use": "usual"}, {**KRAUS, "family": "Wexler"}], "Wexler", [("Kraus", "alias")]),
        ([{**KRAUS, "period": {"start": "1990"}}, {**KRAUS, "family": "Wexler", "period": {"start": "2010-06"}}], "Wexler", [("Kraus", "alias")]),
        ([{**KRAUS, "period": {"start": "2999"}}, {"use": "usual", "family": "Wexler", "given": ["Dana"]}], "Wexler", [("Kraus", "alias")]),
        ([{**KRAUS, "period": {"end": "2999-01-01"}}], "Kraus", []),
        ([{**KRAUS, "period": {"end": "2010"}}], "Kraus", []),  # all have ended: one is better than none
        ([{"use": "nickname", "family": "Kraus", "given": ["Dee"]}, {"text": "Dana Wexler"}], "Wexler", [("Kraus", "nickname")]),
    ],
)  # fmt: skip
def test_the_name_that_counts_now_is_told_by_use_and_period(
    tmp_path: Path, names: list[dict[str, Any]], current: str, others: list[tuple[str, str]]
) -> None:
    person = only(tmp_path, patient(name=names))
    assert (person.family, person.given) == (current, "Dana")
    assert [(name.family, name.kind) for name in person.names] == others


SSN = "999-12-3456"


@pytest.mark.parametrize(
    ("identifiers", "numbers"),
    [
        ([{**MR, "use": "old", "value": "OLD-77"}, MR], ["00900001", "OLD-77"]),
        ([{**MR, "value": "OLD-77", "period": {"end": "2012-01-01"}}, MR], ["00900001", "OLD-77"]),
        ([{"type": {"text": "MRN"}, "value": "7", "system": "urn:oid:1.2"}, {"value": "8", "system": "urn:oid:1.3"}], ["7"]),
        ([{"type": {"text": "SSN"}, "value": SSN}, {"type": {"text": "Medical Record Number"}, "value": "7"}], ["7"]),
        ([{"type": {"text": "Social Security number"}, "value": SSN}, {"value": "7"}], ["7"]),
        ([{"system": "http://hl7.org/fhir/sid/us-ssn", "value": SSN}, {"value": "7"}], ["7"]),
        ([{"system": "urn:oid:2.16.840.1.113883.4.1", "value": "999123456"}, {"value": "7"}], ["7"]),
        ([{"type": {"coding": [{"code": "SS"}]}, "value": SSN}, {**MR, "value": "999123456"}, MR], ["00900001"]),
        ([{"value": SSN}, {"value": "7"}], ["7"]),
        ([{**MR, "use": "temp", "value": "T1"}, {**MR, "use": "usual"}], ["00900001", "T1"]),
        ([{"type": {"coding": [{"code": "ZZ"}, {"code": "MR"}]}, "value": "7"}, {"value": "8"}], ["7"]),
        ([{"type": {"coding": [{"code": "DL"}]}, "value": "D1"}, {"system": "http://hl7.org/fhir/sid/us-npi", "value": "1"}, {"value": "7"}], ["7"]),
    ],
)  # fmt: skip
def test_the_current_record_number_comes_first_and_no_other_kind_of_number_is_one(
    tmp_path: Path, identifiers: list[dict[str, Any]], numbers: list[str]
) -> None:
    person = only(tmp_path, patient(identifier=identifiers))
    assert [number.value for number in person.numbers] == numbers
    assert SSN not in repr(person)
    assert "999123456" not in repr(person)


def test_a_patient_with_nothing_but_a_social_security_number_is_refused_without_it(tmp_path: Path) -> None:
    file = tmp_path / "one.json"
    file.write_text(json.dumps(patient(identifier=[{"type": {"text": "SSN"}, "value": SSN}])))
    (said,) = read(file)
    assert isinstance(said, ValueError)
    assert "never an MRN" in str(said)
    assert "3456" not in str(said)


def test_our_authority_may_be_written_as_an_oid(tmp_path: Path) -> None:
    listed = [{"value": "5", "system": "urn:oid:9.9"}, {"value": "7", "system": "urn:oid:1.2.3"}]
    person = only(tmp_path, patient(identifier=listed), own=("1.2.3",))
    assert [number.value for number in person.numbers] == ["7"]


@pytest.mark.parametrize("kind", ["searchset", "collection", "transaction", "batch"])
@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("name", ["export.json", "export.ndjson"])
def test_a_bundle_loads_whatever_it_is_called_and_however_it_is_printed(
    tmp_path: Path, kind: str, indent: int | None, name: str
) -> None:
    whole = bundle(
        {"fullUrl": "urn:uuid:e", "resource": visit("urn:uuid:7-7")},  # before its patient
        {"fullUrl": "urn:uuid:o", "resource": {"resourceType": "Observation"}},
        {"fullUrl": "urn:uuid:7-7", "resource": patient()},
        {"response": {"status": "200"}},
        kind=kind,
    )
    file = tmp_path / name
    file.write_text(json.dumps(whole, indent=indent))
    notes: list[Note] = []
    said = [one for _, one in read_files([file], Site(), notes.append)]
    assert [type(one) for one in said] == [Registration, Registration]
    assert isinstance(said[1], Registration)
    assert said[1].visit is not None
    assert said[1].person.numbers[0].value == "00900001"
    assert any("resources of a Bundle that are neither Patient nor Encounter (1)" in note.text for note in notes)


@pytest.mark.parametrize(
    "reference",
    ["Patient/p1", "https://ehr.example/fhir/Patient/p1", "Patient/p1/_history/3", "urn:uuid:p1",
     "Patient?identifier=urn:oid:1.2|00900001"],
)  # fmt: skip
def test_a_visit_finds_its_patient_however_it_names_them_and_in_whatever_file(tmp_path: Path, reference: str) -> None:
    one, two = tmp_path / "Encounter.ndjson", tmp_path / "Patient.ndjson"
    one.write_text(json.dumps(visit(reference)))
    two.write_text(json.dumps(patient(identifier=[{**MR, "system": "urn:oid:1.2"}])))
    said = [s for _, s in read_files([one, two], Site())]
    assert [bool(s.visit) for s in said if isinstance(s, Registration)] == [False, True]


def test_a_visit_of_nobody_is_told_with_its_file_and_line(tmp_path: Path) -> None:
    one, two = tmp_path / "Encounter.ndjson", tmp_path / "Patient.ndjson"
    one.write_text(json.dumps(visit("Patient/none")))
    two.write_text(json.dumps(patient()))
    (where,) = [where for where, s in read_files([one, two], Site()) if isinstance(s, ValueError)]
    assert where == "Encounter.ndjson line 1"


@pytest.mark.parametrize("text", ["{}", "[{0}]", "\ufeff{0}"])
def test_a_single_resource_and_a_list_are_read_as_json(tmp_path: Path, text: str) -> None:
    file = tmp_path / "patient.json"
    one = json.dumps(patient(), indent=4)
    file.write_text(one if text == "{}" else text.replace("{0}", one))
    (said,) = read(file)
    assert isinstance(said, Registration)
    assert said.person.family == "Kraus"


def test_a_bundle_in_utf_16_and_a_replaced_patient_in_it(tmp_path: Path) -> None:
    loser = patient(
        id="p2", identifier=[{**MR, "value": "8"}], link=[{"type": "replaced-by", "other": {"reference": "urn:uuid:7"}}]
    )
    file = tmp_path / "b.json"
    file.write_text(
        json.dumps(bundle({"resource": loser}, {"fullUrl": "urn:uuid:7", "resource": patient()}), indent=1), "utf-16"
    )
    said = read(file)
    assert isinstance(said[-1], Merge)
    assert [n.value for n in said[-1].losers] == ["8"]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b'{"resourceType": "Patient",\n "name": [', "ends too early"),
        (b"[\n1,\n", "ends too early"),
        (json.dumps(bundle({"resource": patient()}), indent=2).encode()[:-30], "ends too early"),
    ],
)
def test_a_damaged_file_is_refused_as_a_whole_in_one_sentence(tmp_path: Path, data: bytes, why: str) -> None:
    file = tmp_path / "b.json"
    file.write_bytes(data)
    with pytest.raises(RosterProblem, match=why):
        read(file)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b'{"resourceType": "Patient", "name": [{"family": "Mu\xf1oz"}]}', "UTF-8"),
        (b'{"resourceType": "Patient", "name": "x"}', "no FHIR resource"),
        (b'{"resourceType": "Group"}', "neither a Patient"),
        (b'{"resourceType": "Bundle", "entry": 7}', "no FHIR resource"),
        (json.dumps(bundle({"request": {"method": "DELETE", "url": "Patient/p1"}})).encode(), "nobody is deleted"),
        (json.dumps(bundle({"resource": 7})).encode(), "no FHIR resource"),
        (json.dumps(bundle(7)).encode(), "no FHIR resource"),  # type: ignore[arg-type]
        (b"7", "no FHIR resource"),
    ],
)
def test_a_bad_line_is_told_and_the_rest_is_read(tmp_path: Path, line: bytes, why: str) -> None:
    file = tmp_path / "Patient.ndjson"
    file.write_bytes(json.dumps(patient()).encode() + b"\n" + line + b"\n")
    first, second = read(file)
    assert isinstance(first, Registration)
    assert isinstance(second, ValueError)
    assert why in str(second)


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield from _places(value[key], (*path, key))


@pytest.mark.parametrize("bad", [None, 7, [], {}, "x", [None], True], ids=str)
def test_a_resource_that_is_damaged_anywhere_is_told_and_never_ends_the_load(tmp_path: Path, bad: Any) -> None:
    full = patient(
        identifier=[{**MR, "use": "old", "system": "urn:oid:1.2", "period": {"end": "2001"}, "assigner": {"display": "Lake"}}],
        name=[{**KRAUS, "suffix": ["Jr"], "period": {"start": "1990"}}, {"text": "Dana Wexler"}],
        address=[{"line": ["5 Oak St"], "period": {"end": "2001"}}], telecom=[{"system": "phone", "value": "1"}],
        meta={"lastUpdated": "2020-01-01T00:00:00Z"}, link=[{"type": "replaced-by", "other": {"reference": "Patient/q"}}],
    )  # fmt: skip
    stay = visit(
        "Patient/p1",
        period={"start": "2020"},
        hospitalization={"dischargeDisposition": {"text": "home"}},
        participant=[{"individual": {"display": "Wei Chen"}}],
    )
    whole = bundle({"fullUrl": "urn:uuid:1", "resource": full, "request": {"method": "PUT"}}, {"resource": stay})
    file = tmp_path / "b.json"
    for place in list(_places(whole))[1:]:
        if (place, bad) == (("entry",), []):
            continue  # a Bundle that holds nobody is refused as a whole
        damaged = copy.deepcopy(whole)
        inner: Any = damaged
        for key in place[:-1]:
            inner = inner[key]
        inner[place[-1]] = bad
        file.write_text(json.dumps(damaged))
        assert all(isinstance(said, Registration | Merge | ValueError) for said in read(file)), place


@pytest.mark.parametrize("entries", [(), ({"resourceType": "Organization", "id": "o1"},)])
def test_a_bundle_that_holds_nobody_is_refused_with_what_to_do(
    tmp_path: Path, entries: tuple[dict[str, Any], ...]
) -> None:
    file = tmp_path / "list.json"
    file.write_text(json.dumps(bundle(*entries)))
    with pytest.raises(
        RosterProblem, match=r"^list\.json holds no patients: no resource in it is a Patient .* before stays\."
    ):
        read(file)
