"""Patient feeds: tables, HL7 v2 ADT from files and over MLLP, FHIR; what is refused is told with its place."""

import json
from datetime import date
from pathlib import Path

import pytest
from sqlmodel import Session, select

from classify.profile import Profile
from ingest.exchange.inbound import adt
from ingest.exchange.inbound.account import Topic
from ingest.exchange.inbound.files import read_files
from ingest.exchange.inbound.table import read_table
from ingest.site import Site
from storage.foundation.errors import RosterProblem
from storage.foundation.home import Home
from storage.foundation.tables.audit import AuditEvent
from storage.foundation.tables.roster import Encounter, Person, PersonNumber
from storage.roster.loading import load
from storage.roster.messages import Loaded, Registration
from tests.conftest import DRAWN_DATA

NAMES = "Rivera&&&&Lopez^Ana^M^^^^L~Montoya^Ana^^^^^M"


def message(event: str, *segments: str, control: str = "1", at: str = "20240201120000") -> str:
    """An ADT message."""
    head = f"MSH|^~\\&|ADT|GENHOSP|CHARTROOM|GENHOSP|{at}||ADT^{event}|{control}|P|2.5.1"
    return "\r".join((head, f"EVN|{event}|{at}", *segments)) + "\r"


def pid(mrn: str = "00123456", name: str = NAMES, born: str = "19570314", rest: str = "") -> str:
    """A PID segment."""
    return f"PID|1||{mrn}^^^GENHOSP^MR~123456789^^^USSSA^SS||{name}||{born}|F|||12 Elm St^^Springfield^IL^62701||(330)555-0101|||||ACCT0099{rest}"


PV1 = "PV1|1|I|3W||||1234567893^Chen^Wei|||MED|||||||||V2024|||||||||||||||||01||||||||20240201140500|20240206113000"


def told(home: Home, *messages: str) -> Loaded:
    """Load these messages as one file."""
    return load(home, adt.read_messages("".join(messages).encode()), "test")


def people(session: Session) -> dict[str, Person]:
    return {person.mrn: person for person in session.exec(select(Person))}


def test_an_admission_makes_a_patient_and_a_visit_with_all_that_it_says(home: Home) -> None:
    loaded = told(home, message("A01", pid(), PV1))
    assert (loaded.new, loaded.encounters, loaded.problems) == (1, 1, [])
    with home.reading() as session:
        ana = session.exec(select(Person)).one()
        assert (ana.family, ana.given, ana.middle, ana.birth_date, ana.sex) == (
            "Rivera",
            "Ana",
            "M",
            date(1957, 3, 14),
            "F",
        )
        assert (ana.address, ana.city, ana.postcode, ana.phone, ana.ssn4) == ("12 Elm St", "Springfield", "62701", "(330)555-0101", "6789")  # fmt: skip
        assert [(n["kind"], n["family"]) for n in ana.names] == [("maiden", "Montoya")]
        visit = session.exec(select(Encounter)).one()
        assert (visit.number, visit.account, visit.kind, visit.attending, visit.service, visit.disposition) == ("V2024", "ACCT0099", "I", "Wei Chen", "MED", "01")  # fmt: skip
        assert (visit.admitted, visit.discharged) == (date(2024, 2, 1), date(2024, 2, 6))


def test_the_same_messages_again_change_nothing(home: Home) -> None:
    told(home, message("A01", pid(), PV1))
    again = told(home, message("A01", pid(), PV1))
    assert (again.new, again.updated, again.unchanged, again.encounters) == (0, 0, 1, 0)


def test_a_registration_may_correct_a_birthday_and_an_older_message_may_not(home: Home) -> None:
    told(home, message("A04", pid()))
    told(home, message("A08", pid(born="19570315"), at="20240301000000"))
    told(home, message("A08", pid(born="19570316"), at="20240215000000"))
    with home.reading() as session:
        ana = session.exec(select(Person)).one()
        assert ana.birth_date == date(1957, 3, 15)
        assert {"what": "birth_date", "value": "1957-03-14"} in ana.former


def test_a_cancelled_admission_and_a_cancelled_discharge(home: Home) -> None:
    told(home, message("A03", pid(), PV1), message("A13", pid(), PV1))
    with home.reading() as session:
        visit = session.exec(select(Encounter)).one()
        assert (visit.discharged, visit.disposition, visit.is_cancelled) == (None, "", False)
    told(home, message("A11", pid(), PV1))
    with home.reading() as session:
        assert session.exec(select(Encounter)).one().is_cancelled
    told(home, message("A01", pid(), PV1))
    with home.reading() as session:
        assert not session.exec(select(Encounter)).one().is_cancelled


def test_a_merge_of_two_pairs_a_new_number_and_their_undoing(home: Home) -> None:
    told(home, message("A04", pid()), message("A04", pid("00777777")), message("A04", pid("00888888", "Kim^Lee")))
    loaded = told(home, message("A40", pid(), "MRG|00777777^^^GENHOSP^MR", pid("00888888", "Kim^Lee"), "MRG|00999999"))
    assert (loaded.merged, loaded.problems) == (1, [])
    with home.reading() as session:
        found = people(session)
        assert found["00777777"].survivor_id == found["00123456"].id
        assert found["00123456"].other_mrns == ["00777777"]
        assert found["00888888"].other_mrns == ["00999999"]  # a number we never had
    assert told(home, message("A40", pid(), "MRG|00777777^^^GENHOSP^MR")).merged == 0
    assert told(home, message("A37", pid(), pid("00777777"))).problems == []
    with home.reading() as session:
        found = people(session)
        assert found["00777777"].survivor_id is None
        assert found["00123456"].other_mrns == []


def test_a_changed_number_stays_with_its_patient(home: Home) -> None:
    told(home, message("A04", pid("00000001")))
    told(home, message("A47", pid("00000002"), "MRG|00000001^^^GENHOSP^MR"))
    with home.reading() as session:
        alive = [person for person in session.exec(select(Person)) if person.survivor_id is None]
        assert len(alive) == 1
        numbers = session.exec(select(PersonNumber)).all()
        assert {n.value for n in numbers} == {"00000001", "00000002"}


def test_a_visit_moves_to_whom_it_belongs(home: Home) -> None:
    told(home, message("A01", pid(), PV1), message("A04", pid("00888888", "Kim^Lee", "19700101")))
    refused = told(home, message("A01", pid("00888888", "Kim^Lee", "19700101"), PV1))
    assert "another patient" in refused.problems[0]
    assert told(home, message("A45", pid("00888888", "Kim^Lee", "19700101"), "MRG|00123456||||V2024")).moved == 1
    with home.reading() as session:
        kim = people(session)["00888888"]
        assert session.exec(select(Encounter)).one().person_id == kim.id


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("hello", "does not begin with MSH"),
        (message("A29", pid()), "nobody is deleted"),
        (message("A99", pid()), "not known"),
        (message("A40", pid()), "no number that is merged"),
        (message("A37", pid()), "unlinking takes two"),
        (message("A37", pid(), "PID|2||||Kim^Lee"), "a patient without an MRN"),
        (message("A01", pid()).replace("ADT^A01", "ADT^Rivera"), "no event: this event is not known"),
        (message("A01"), "no PID"),
        (message("A01", "PID|1||||Rivera^Ana"), "no MRN"),
        (message("A08", pid("00123456", "Garcia^Lucia", "19990101")), "another"),
        (message("A01", pid()).replace("ADT^A01", "ORU^R01"), "not an ADT"),
        (message("A45", pid(), "MRG|1||||NONE"), "visit is not on the list"),
        (message("A37", pid(), pid("5")), "on no patient"),
    ],
)
def test_what_cannot_be_taken_over_is_refused_with_its_reason_and_no_chart_text(
    home: Home, text: str, why: str
) -> None:
    told(home, message("A04", pid()))
    loaded = told(home, text)
    assert len(loaded.problems) == 1
    assert why in loaded.problems[0]
    assert not any(word in loaded.problems[0] for word in ("Rivera", "Garcia", "1957"))
    with home.reading() as session:
        assert session.exec(select(Person)).one().family == "Rivera"


def test_escapes_are_letters_and_quotes_say_nothing(home: Home) -> None:
    told(home, message("A04", pid(name=r"O\T\Hara^Ana^\"\"", born='""')))
    with home.reading() as session:
        ana = session.exec(select(Person)).one()
        assert (ana.family, ana.birth_date) == ("O&Hara", None)


def test_numbers_of_two_authorities_are_two_patients_when_the_profile_says_which_is_ours(home: Home) -> None:
    text = message("A04", pid()) + message("A04", pid().replace("GENHOSP", "OTHER").replace(NAMES, "Kim^Lee"))
    load(home, adt.read_messages(text.encode(), ("GENHOSP",)), "test")
    with home.reading() as session:
        assert set(people(session)) == {"00123456", "OTHER:00123456"}


def test_every_repetition_of_every_merge_segment_is_merged(home: Home) -> None:
    told(home, *(message("A28", pid(f"0080000{i}")) for i in range(1, 7)))
    loaded = told(
        home,
        message(
            "A40", pid("00800001"), "MRG|00800002~00800003^^^GENHOSP", "MRG|00800004", pid("00800005"), "MRG|00800006"
        ),
    )
    assert (loaded.merged, loaded.problems) == (4, [])
    with home.reading() as session:
        found = people(session)
        survivors = {mrn: person.survivor_id for mrn, person in found.items()}
    one, five = found["00800001"].id, found["00800005"].id
    assert [survivors[f"0080000{i}"] for i in range(1, 7)] == [None, one, one, one, None, five]


def test_a_merge_names_no_social_security_number_and_no_account(home: Home) -> None:
    told(home, message("A28", pid()))
    merge = message("A40", pid(), "MRG|123-45-6789~987654321^^^SSA^SS~A1^^^GENHOSP^AN")
    assert "no number that is merged" in told(home, merge).problems[0]


@pytest.mark.parametrize(
    "field",
    [
        "55501^^^OTHERHOSP~00700120^^^LAKE",
        "55501^^^OTHERHOSP^MR~00700120^^^LAKE",
        "55501^^^OTHERHOSP^PI~00700120^^^Main&1.2.3&ISO^MR",
        "123456789^^^USSSA~55501^^^OTHERHOSP~00700120^^^LAKE&9.9&ISO^PI",
    ],
)
def test_our_number_is_the_mrn_wherever_it_stands_and_the_others_are_kept(home: Home, field: str) -> None:
    text = message("A04", f"PID|1||{field}||Sorensen^Nils||19560609|M")
    loaded = load(home, adt.read_messages(text.encode(), ("LAKE", "1.2.3")), "test")
    assert loaded.problems == []
    with home.reading() as session:
        nils = session.exec(select(Person)).one()
        assert (nils.mrn, nils.other_mrns) == ("00700120", ["OTHERHOSP:55501"])
        kept = {row.value for row in session.exec(select(PersonNumber))}
    assert kept == {"00700120", "55501"}


@pytest.mark.parametrize(
    "segment",
    [
        "PID|1|123-45-6789|||Moss^Ivy||19570314|F",
        "PID|1||123456789^^^SSA||Moss^Ivy||19570314|F",
        "PID|1||123456789^^^LAKE^MR||Moss^Ivy||19570314|F|||||||||||123-45-6789",
        "PID|1||123456789^^^&2.16.840.1.113883.4.1&ISO||Moss^Ivy||19570314|F",
        "PID|1||123456789^^^^^USSSA||Moss^Ivy||19570314|F",
    ],
)
def test_a_social_security_number_is_never_an_mrn(home: Home, segment: str) -> None:
    loaded = told(home, message("A04", segment))
    assert loaded.new == 0
    assert "never an MRN" in loaded.problems[0] or "no MRN" in loaded.problems[0]
    assert "6789" not in loaded.problems[0]


def test_what_of_a_file_is_no_message_is_told_and_the_rest_is_read(home: Home) -> None:
    notes: list[tuple[Topic, str]] = []
    polish = message("A04", pid("8", "Dvořák^Łukasz")).replace("|2.5.1", "|2.5.1||||||8859/2").encode("iso8859-2")
    broken = message("A04", pid("9", "Muñoz^José")).replace("|2.5.1", "|2.5.1||||||UNICODE UTF-8").encode("cp1252")
    data = b"export of Tuesday\r" + message("A04", pid("7")).encode() + polish + broken + message("A03").encode()
    said = adt.read_messages(data, (), lambda topic, text: notes.append((topic, text)))
    loaded = load(home, said, "test")
    assert loaded.new == 2
    assert [problem.split(":")[0] for problem in loaded.problems] == ["start of the file", "message 3", "message 4"]
    assert sum(loaded.reasons.values()) == 3
    assert notes == [
        (Topic.READ_AS, "HL7 v2 messages: 4 (A04 2)"),
        (Topic.CHARACTERS, "ASCII 1, ISO 8859-2 (MSH-18) 1"),
    ]
    with home.reading() as session:
        assert people(session)["8"].given == "Łukasz"


def test_every_message_of_other_systems_loads_or_is_refused_with_a_reason(home: Home, shared_data: Path) -> None:
    files = sorted((shared_data / "hl7v2").glob("*.hl7"))
    loaded = load(home, read_files(files, Site()), "corpus")
    refused = {problem.split(" ")[0] for problem in loaded.problems}
    for file in files:
        event = file.name[4:7]
        if file.name.startswith("ADT-") and event in {*adt.REGISTER, "A40", "A45", "A47"} and file.name in refused:
            reason = next(p for p in loaded.problems if p.startswith(file.name))
            assert "another" in reason or "visit" in reason or "two patients" in reason, reason
    assert loaded.new >= 7
    assert loaded.updated + loaded.unchanged >= 25
    again = load(home, read_files(files, Site()), "corpus")
    assert (again.new, again.encounters) == (0, 0)


def test_every_drawn_message_loads_or_is_refused_with_a_reason(home: Home) -> None:
    """Five senders' dialects; a move of a visit that nobody knows is the one refusal."""
    files = sorted((DRAWN_DATA / "hl7v2").glob("*.hl7"))
    loaded = load(home, read_files(files, Site()), "drawn")
    assert loaded.problems == [
        "interface-engine-A45.hl7 message 1 (A45, interface-engine2): its visit is not on the list"
    ]
    assert (loaded.new, loaded.unchanged, loaded.encounters) == (5, 10, 4)
    again = load(home, read_files(files, Site()), "drawn")
    assert (again.new, again.updated, again.encounters) == (0, 0, 0)
    with home.reading() as session:
        assert "Müller-Weiß" in {person.family for person in session.exec(select(Person))}


# ---- tables and FHIR


@pytest.mark.parametrize("name", ["heads-with-signs.csv", "semicolons.csv", "tabs.txt", "wide.csv"])
def test_a_drawn_list_with_odd_heads_is_read_whole(home: Home, name: str) -> None:
    loaded = load(home, read_files([DRAWN_DATA / "lists" / name], Site()), "drawn")
    assert (loaded.new, loaded.problems) == (10, [])


def test_a_drawn_fhir_bundle_is_read_whole(home: Home) -> None:
    loaded = load(home, read_files([DRAWN_DATA / "fhir" / "bundle.json"], Site()), "drawn")
    assert (loaded.new, loaded.encounters, loaded.problems) == (10, 14, [])


def test_a_site_names_its_own_heads_and_old_spreadsheets_are_read(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "export.csv"
    file.write_bytes("PatNo;Nom;Prénom;Né\n7;Muñoz;José;31.12.1960\n".encode("cp1252"))
    columns = {"mrn": "PatNo", "family": "Nom", "given": "Prénom", "birth_date": "Né"}
    loaded = load(home, read_files([file], Site(Profile(day_first=True), roster_columns=columns)), "test")
    assert loaded.problems == []
    with home.reading() as session:
        jose = session.exec(select(Person)).one()
        assert (jose.mrn, jose.family, jose.given) == ("7", "Muñoz", "José")


def test_a_file_that_is_no_text_is_refused(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_bytes(b"\0\0\0\0 no text")
    with pytest.raises(RosterProblem, match="no text file"):
        list(read_table(file))


def test_fhir_patients_and_encounters_of_one_export(home: Home, tmp_path: Path) -> None:
    patient = {
        "resourceType": "Patient", "id": "p1", "gender": "female", "birthDate": "1957-03-14",
        "identifier": [{"type": {"coding": [{"code": "MR"}]}, "system": "urn:oid:1.2", "value": "00123456"}],
        "name": [{"use": "official", "family": "Rivera", "given": ["Ana", "Maria"]}, {"use": "maiden", "family": "Montoya"}],
        "address": [{"line": ["12 Elm St"], "city": "Springfield", "postalCode": "62701"}],
    }  # fmt: skip
    visit = {
        "resourceType": "Encounter", "id": "e1", "status": "finished", "class": {"code": "IMP"},
        "subject": {"reference": "Patient/p1"}, "identifier": [{"value": "V1"}],
        "period": {"start": "2024-02-01T14:05:00Z", "end": "2024-02-06"},
    }  # fmt: skip
    other = {
        **patient,
        "id": "p2",
        "identifier": [{"value": "7"}],
        "link": [{"type": "replaced-by", "other": {"reference": "Patient/p1"}}],
    }
    one, two = tmp_path / "Patient.ndjson", tmp_path / "Encounter.ndjson"
    one.write_text("\n".join(map(json.dumps, (patient, other, {"resourceType": "Group"}))) + "\nnot json\n{\n")
    two.write_text("\n".join(map(json.dumps, (visit, {**visit, "subject": {"reference": "Patient/none"}}))))
    loaded = load(home, read_files([one, two], Site()), "test")
    assert (loaded.new, loaded.merged, loaded.encounters) == (2, 1, 1)
    assert [problem.split(":")[0] for problem in loaded.problems] == [
        "Patient.ndjson line 3", "Patient.ndjson line 4", "Patient.ndjson line 5", "Encounter.ndjson line 2",
    ]  # fmt: skip
    with home.reading() as session:
        ana = people(session)["00123456"]
        assert (ana.given, ana.middle, ana.city, ana.other_mrns) == ("Ana", "Maria", "Springfield", ["7"])
        assert session.exec(select(Encounter)).one().admitted == date(2024, 2, 1)


def test_an_open_quotation_mark_takes_no_other_patient_along(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    head = "mrn,last_name,first_name,dob,address\n"
    file.write_text(
        head
        + '1,Rivera,Ana,1957-03-14,"12 Elm St\n2,Kim,Lee,1970-01-01,x\n3,Fox,Eva,1980-01-01,"Apt 4,\n9 Far Rd"\n4,Ng,Tu,1990-01-01,y,z\n'
    )
    loaded = load(home, read_table(file), "test")
    assert loaded.new == 2
    assert [problem.split(":")[0] for problem in loaded.problems] == ["line 2", "line 6"]
    with home.reading() as session:
        assert {person.mrn: person.address for person in session.exec(select(Person))} == {
            "2": "x",
            "3": "Apt 4,\n9 Far Rd",
        }


def test_a_survivor_may_come_after_its_loser_and_a_bad_file_after_a_good_one(home: Home, tmp_path: Path) -> None:
    loser = {"resourceType": "Patient", "id": "p2", "identifier": [{"value": "7"}], "name": [{"family": "Kim", "given": ["Lee"]}],
             "link": [{"type": "replaced-by", "other": {"reference": "Patient/p1"}}]}  # fmt: skip
    survivor = {**loser, "id": "p1", "identifier": [{"value": "8"}], "link": []}
    one, two = tmp_path / "Patient.ndjson", tmp_path / "bad.csv"
    one.write_bytes(
        "\n".join(map(json.dumps, (loser, survivor))).encode()
        + b'\n{"resourceType":"Patient","name":"\xff"}\n'
        + b"[" * 100_000
    )
    two.write_text("nothing,here\n1,2\n")
    loaded = load(home, read_files([one, two], Site()), "test")
    assert (loaded.new, loaded.merged) == (2, 1)
    assert [problem.split(":")[0] for problem in loaded.problems] == [
        "Patient.ndjson line 3",
        "Patient.ndjson line 4",
        "bad.csv",
    ]


def test_loading_is_in_the_log(home: Home) -> None:
    told(home, message("A04", pid()))
    with home.reading() as session:
        actions = [event.action for event in session.exec(select(AuditEvent))]
    assert "load_roster" in actions


def test_a_list_whose_dates_do_not_tell_their_order_is_asked_about_and_never_guessed(tmp_path: Path) -> None:
    """05-11-1979 was taken for May, and it was November."""
    file = tmp_path / "list.csv"
    file.write_text("Patient No.,Surname,Forename,DOB\n0001,Moss,Ivy,05-11-1979\n0002,Kraus,Dana,03/03/1960\n")
    asked = (
        r"column 'DOB' the day or the month may stand first.*can be read either way: 1\).*--month-first or --day-first.*"
        "day_first = false or true into profile.toml. Nothing of this file was loaded"
    )
    with pytest.raises(RosterProblem, match=asked):
        list(read_files([file], Site()))
    days = []
    for site, option in ((Site(), True), (Site(), False), (Site(names_order_of_dates=True), None)):
        said = [one for _, one in read_files([file], site, day_first=option)]
        days += [one.person.birth_date for one in said[:1] if isinstance(one, Registration)]
    assert days == [date(1979, 11, 5), date(1979, 5, 11), date(1979, 5, 11)]


def test_a_list_with_one_date_that_tells_its_order_is_read_as_a_whole(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("MRN,Last,First,DOB\n0001,Moss,Ivy,05-11-1979\n0002,Kraus,Dana,04-23-1985\n")
    said = [one for _, one in read_files([file], Site())]
    assert [one.person.birth_date for one in said if isinstance(one, Registration)] == [
        date(1979, 5, 11),
        date(1985, 4, 23),
    ]
