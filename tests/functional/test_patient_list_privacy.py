"""No command that takes in a patient list, and no listener, lets out words that nobody may see again."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ingest.exchange.inbound import mllp
from ingest.exchange.inbound.segments import split_messages
from storage.foundation.home import Home
from tests.given.commands import Chartroom
from tests.given.messages import message

CANARIES = ("Zzcanari", "Qqfinch", "777001234", "19330701", "Wrenstreet")
FAMILY, GIVEN, NUMBER, BORN, STREET = CANARIES
SOCIAL = "777-00-12"
PERSON = f"PID|1||{NUMBER}^^^{{authority}}^{{kind}}||{FAMILY}^{GIVEN}||{BORN}|F|||1 {STREET}^^Dover"


def hl7_files() -> Iterator[tuple[str, bytes]]:
    """Messages that are good, broken, and of the kinds that python-hl7 logged with their text."""
    pid = PERSON.format(authority="LAKE", kind="MR")
    good = message("A04", 1, pid)
    yield "good.hl7", good.encode()
    yield "kinds.hl7", (
        message("A99", 2, pid) + message("A29", 3, pid) + message("A40", 4, pid) + message("A37", 5, pid)
        + message("A04", 6, pid.replace(FAMILY, f"{FAMILY}\\Q\\{FAMILY}\\\\\\XZZ\\\\.in{FAMILY}\\\\C{FAMILY}\\"))
        + message("A04", 7, PERSON.format(authority="SSA", kind="SS"))
        + message("A04", 8, pid, rest=f"||||||{FAMILY}").replace(GIVEN, f"{GIVEN}é")
        + message("A40", 9, pid.replace(NUMBER, "5").replace(FAMILY, "Moss").replace(GIVEN, "Ivy").replace(BORN, "19700101"), f"MRG|{NUMBER}^^^LAKE^MR")
        + message("A04", 10, pid).replace("ADT^A04", f"{FAMILY}^{GIVEN}")
        + message("A04", 11, pid).replace("|M11|", f"|{FAMILY} {GIVEN}|")
        + message("A01", 12, pid.replace(BORN, f"{FAMILY}"), f"PV1|1|I|||||||||||||||||{NUMBER}")
        + message("A04", 13, f"{FAMILY}|{GIVEN}|{NUMBER}") + message("A04", 14, pid.replace(f"{FAMILY}^{GIVEN}", f"Other^{GIVEN}"))
    ).encode()  # fmt: skip
    yield "before.hl7", f"{FAMILY} {GIVEN} {NUMBER}\n{good}".encode()
    yield "marks.hl7", good.replace("^~\\&", f"^^{FAMILY}").encode()
    yield "letters.hl7", good.replace("2.5.1", "2.5.1||||||UNICODE UTF-8").replace(GIVEN, f"{GIVEN}ñ").encode("cp1252")
    yield "batch.hl7", f"FHS|^~\\&|{FAMILY}\rBHS|^~\\&\r{good}BTS|1|{FAMILY}\r{STREET}\r".encode()


def tables() -> Iterator[tuple[str, bytes]]:
    head, row = "mrn,last_name,first_name,dob,address\n", f"{NUMBER},{FAMILY},{GIVEN},1933-07-01,1 {STREET}\n"
    yield "good.csv", (head + row).encode()
    yield "no-head.csv", (row + row).encode()
    yield "no-head-words.csv", f"{FAMILY},{GIVEN}\n{FAMILY},{GIVEN}\n".encode()
    yield "rows.csv", (
        head + row.replace("1933-07-01", f"{FAMILY}") + row.replace("1933-07-01", "12212") + f"{NUMBER},,,,\n,{FAMILY},{GIVEN},,\n"
        + f'{NUMBER},"{FAMILY},{GIVEN},,\n' + row.rstrip() + f",{FAMILY},{GIVEN}\n"
        + f"{NUMBER},Moss,Ivy,1999-01-01,\n777-00-1234,{FAMILY},{GIVEN},,\n"
    ).encode()  # fmt: skip
    yield "float.csv", (head + row.replace(NUMBER, f"{NUMBER}.0")).encode()
    yield (
        "orders.csv",
        (head + row.replace("1933-07-01", "31/07/1933") + row.replace("1933-07-01", "07/31/1933")).encode(),
    )
    yield "serial.csv", (head + row.replace(NUMBER, "7.77E+08")).encode()
    yield "latin.csv", (head + row.replace(GIVEN, f"{GIVEN}é")).encode("cp1252")
    yield "binary.csv", f"\0\0{FAMILY}".encode()


def resources() -> Iterator[tuple[str, bytes]]:
    one: dict[str, Any] = {
        "resourceType": "Patient", "id": FAMILY, "identifier": [{"type": {"text": "MRN"}, "value": NUMBER}],
        "name": [{"family": FAMILY, "given": [GIVEN]}], "birthDate": "1933-07-01", "address": [{"line": [STREET]}],
    }  # fmt: skip
    visit = {"resourceType": "Encounter", "id": NUMBER, "subject": {"reference": f"Patient/{STREET}"}}
    lines = [
        one, {**one, "name": FAMILY}, {**one, "identifier": [{"type": {"text": "SSN"}, "value": "777-00-1234"}]},
        {**one, "birthDate": FAMILY}, {"resourceType": FAMILY}, visit, {**visit, "subject": FAMILY}, FAMILY,
        {**one, "link": [{"type": "replaced-by", "other": {"reference": f"Patient/{STREET}"}}]},
        {**one, "name": [{"family": "Moss", "given": ["Ivy"]}], "birthDate": "1999-01-01"},
    ]  # fmt: skip
    yield "all.ndjson", "\n".join(map(json.dumps, lines)).encode() + f'\n{{"{FAMILY}": \n{FAMILY}'.encode()
    yield (
        "bundle.json",
        json.dumps({"resourceType": "Bundle", "entry": [{"resource": r} for r in lines]}, indent=1).encode(),
    )
    yield "cut.json", json.dumps(one, indent=1).encode()[:-9]


FILES = dict((*hl7_files(), *tables(), *resources()))


def test_no_command_that_takes_in_a_list_lets_chart_text_out(chartroom: Chartroom, tmp_path: Path) -> None:
    paths = []
    for name, data in FILES.items():
        paths.append(tmp_path / name)
        paths[-1].write_bytes(data)
    refused = [[tmp_path / name] for name in ("no-head.csv", "float.csv", "cut.json")]  # as a whole: another way out
    calls: list[list[Path | str]] = [[*paths], *map(list[Path | str], refused), [*paths, "--json"]]
    for arguments in calls:
        done = chartroom("roster", "load", *arguments, expect=1)
        shown = done.stdout + done.stderr
        assert "Traceback" not in shown
        _check_nothing_of(CANARIES, shown)
    logs = "".join(path.read_text() for path in (chartroom.home / "logs").glob("*"))
    _check_nothing_of(CANARIES, logs)
    assert FAMILY in chartroom("roster", "find", FAMILY).stdout  # where it is asked for


def test_the_listener_tells_and_logs_no_chart_text(
    home: Home, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    blocks = [block for _, data in hl7_files() for block in (data, *split_messages(data)[0])]
    told = [mllp._answered(home, block, ("LAKE",)) for block in blocks]
    assert {code for code, _ in told} == {"AA", "AE"}
    printed = capfd.readouterr()
    _check_nothing_of(CANARIES, "".join(why for _, why in told) + printed.out + printed.err + caplog.text)


def _check_nothing_of(canaries: tuple[str, ...], text: str) -> None:
    found = [place for place, canary in enumerate((*canaries, SOCIAL)) if canary.lower() in text.lower()]
    assert not found, f"canaries {found} in what was printed"
