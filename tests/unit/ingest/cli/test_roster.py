"""The patient list at the shell: what is loaded, found, merged and answered, and each refusal."""

import asyncio
import json
from pathlib import Path

import pytest

from ingest import rematching
from ingest.exchange.inbound import mllp
from storage.foundation.home import Home
from storage.roster import doubts
from storage.roster.loading import load
from storage.roster.messages import Merge, Number, PersonUpdate
from tests.given.desk import note, put
from tests.given.messages import message
from tests.given.records import SAM, add_person, read_and_index, receive
from tests.given.shell import Shell

HEADS = "MRN,Last Name,First Name,DOB,Sex"


def _list(folder: Path, *lines: str, name: str = "patients.csv") -> Path:
    (folder / name).write_text("\n".join((HEADS, *lines)) + "\n")
    return folder / name


# ---- load


def test_a_load_is_told_as_one_record(shell: Shell, tmp_path: Path) -> None:
    file = _list(tmp_path, "00123456,Rivera,Ana,1957-03-14,F", "00777777,Kim,Lee,1960-01-02,M")
    (account,) = shell.rows("roster", "load", file)
    read = account.pop("read")
    assert account == {
        "new": 2, "updated": 0, "unchanged": 0, "encounters": 0, "merged": 0, "moved": 0, "questions": 0,
        "merges_to_decide": 0, "refused": 0, "reasons": {}, "problems": [],
        "matched_again": 0, "now_otherwise": 0,
    }  # fmt: skip
    assert {note["file"] for note in read} == {"patients.csv"}
    assert all(set(note) == {"file", "topic", "text"} for note in read)
    assert "0 new, 0 updated, 2 unchanged patients; 0 new encounters." in shell("roster", "load", file).out


def test_a_load_matches_documents_again_that_wait_for_such_a_patient(shell: Shell, home: Home, tmp_path: Path) -> None:
    put(home, [note("00123456", "Rivera, Ana", "03/14/1957", "Sex: F")], "of Ana")
    put(home, [note("00777001", "Diaz, Eva", "01/02/1960", "Sex: F")], "of Eva")
    file = _list(tmp_path, "00123456,Rivera,Ana,1957-03-14,F")
    printed = shell("roster", "load", file).out
    assert "Waiting documents that fit otherwise now: 1 ('Matched again' on the work list)." in printed
    assert [row["patient"]["since_list_changed"] for row in shell.rows("documents")] == ["fits", None]
    (account,) = shell.rows("roster", "load", file)
    assert (account["matched_again"], account["now_otherwise"]) == (0, 0)


def test_a_load_leaves_what_is_too_much_to_the_watch(
    shell: Shell, home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(home, [note("00123456", "Rivera, Ana", "03/14/1957", "Sex: F")], "of Ana")
    monkeypatch.setattr(rematching, "AFTER_A_LOAD", 0)
    assert (
        "'chartroom watch' or 'chartroom run' does it"
        in shell("roster", "load", _list(tmp_path, "00123456,Rivera,Ana,1957-03-14,F")).out
    )


def test_a_load_prints_what_it_read_as_what_and_why_it_left_something_out(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "patients.csv"
    file.write_text("Pt #,Last Name,First Name,DOB,Race\n007,Moss,Ivy,14/03/1957,x\n,Kraus,Dana,,\n8,,,,\n9,,,,\n")
    printed = shell("roster", "load", file, expect=1).out
    for line in (
        "patients.csv:",
        "read as: a table separated by commas",
        "characters: UTF-8",
        "columns: Pt # → mrn, Last Name → family, First Name → given, DOB → birth_date",
        "columns not used: Race",
        "dates: DOB: day first (dates that tell it, with a day over 12: 1)",
        "1 new, 0 updated",
        "Not loaded: 3",
        "2 x no name",
        "1 x no MRN",
        "not loaded: line 3: no MRN",
    ):
        assert line in printed, line
    (account,) = shell.rows("roster", "load", file, expect=1)
    assert (account["unchanged"], account["refused"], account["reasons"]) == (1, 3, {"no name": 2, "no MRN": 1})
    assert {"file": "patients.csv", "topic": "columns not used", "text": "Race"} in account["read"]


def test_of_many_refused_lines_twenty_are_shown_and_all_are_in_the_record(shell: Shell, tmp_path: Path) -> None:
    file = _list(tmp_path, "00123456,Rivera,Ana,1957-03-14,F", *(f"{n},,,," for n in range(25)))
    lines = shell("roster", "load", file, expect=1).out.splitlines()
    assert "Not loaded: 25" in lines
    assert sum(line.startswith("  not loaded: ") for line in lines) == 20
    assert lines[-1] == "  … and 5 more"
    (account,) = shell.rows("roster", "load", file, expect=1)
    assert (account["unchanged"], account["refused"], len(account["problems"])) == (1, 25, 25)


@pytest.mark.parametrize(("option", "born"), [("--day-first", "1957-04-03"), ("--month-first", "1957-03-04")])
def test_the_order_of_day_and_month_can_be_said(shell: Shell, tmp_path: Path, option: str, born: str) -> None:
    shell("roster", "load", option, _list(tmp_path, "00123456,Rivera,Ana,03/04/1957,F"))
    assert [row["dob"] for row in shell.rows("roster", "find", "rivera")] == [born]


def test_files_are_told_one_after_another(shell: Shell, tmp_path: Path) -> None:
    first = _list(tmp_path, "1,Rivera,Ana,1957-03-14,F", name="east.csv")
    second = _list(tmp_path, "2,Kim,Lee,1960-01-02,M", name="west.csv")
    printed = shell("roster", "load", first, second).out
    assert printed.index("east.csv:\n") < printed.index("west.csv:\n") < printed.index("2 new, 0 updated")


# ---- find


@pytest.fixture
def people(home: Home) -> Home:
    """Ana Rivera and Lee Kim; one document in Ana's chart, one in Lee's."""
    ana, lee = add_person(home), add_person(home, "00777777", "Kim", "Lee")
    for person, content in ((ana, b"one"), (lee, b"two")):
        read_and_index(home, receive(home, content), ["PROGRESS NOTE"], person)
    return home


def test_people_are_found_by_parts_and_shown_with_their_numbers(shell: Shell, people: Home) -> None:
    (row,) = shell.rows("roster", "find", "riv", "ana")
    assert row == {"mrn": "00123456", "name": "Rivera, Ana", "dob": "", "sex": "", "other_mrns": []}
    assert [row["mrn"] for row in shell.rows("roster", "find", "00777777")] == ["00777777"]
    assert shell("roster", "find", "nobody").out == "Nothing found.\n"


def test_no_more_people_are_shown_than_asked_for(shell: Shell, home: Home) -> None:
    for number in range(12):
        add_person(home, f"{number:08}", "Rivera", f"Ana{chr(97 + number)}")
    assert len(shell.rows("roster", "find", "rivera")) == 9
    assert len(shell.rows("roster", "find", "rivera", "--limit", 3)) == 3


# ---- merge, unmerge, questions


def test_two_rows_are_merged_by_hand_asked_about_and_taken_apart_again(shell: Shell, people: Home) -> None:
    printed = shell("roster", "merge", "00777777", "00123456", "--reason", "the same card")
    assert printed.out == "MRN 00777777 is MRN 00123456 now. 1 documents wait for confirmation.\n"
    (row,) = shell.rows("roster", "find", "00777777")
    assert (row["mrn"], row["other_mrns"]) == ("00123456", ["00777777"])
    (asked,) = shell.rows("roster", "questions")
    assert set(asked) == {"id", "document", "type", "state", "mrn", "before", "proposed", "reason"}
    assert (asked["document"], asked["mrn"], asked["before"]) == (2, "00123456", "00777777")
    assert shell("roster", "confirm", asked["id"]).out == "1 confirmed.\n"
    assert shell.rows("roster", "questions") == []
    printed = shell("roster", "unmerge", "00123456", "00777777", "--reason", "two cards")
    assert printed.out == "MRN 00123456 and MRN 00777777 are two patients again. 1 documents wait for confirmation.\n"
    shell("verify")


def test_a_former_number_names_its_patient_in_a_merge(shell: Shell, people: Home) -> None:
    add_person(people, "00555555", "Kim", "Leigh")
    shell("roster", "merge", "00777777", "00123456", "--reason", "the same person")
    shell("roster", "merge", "00555555", "00777777", "--reason", "the same person")  # whose number is 00123456's now
    assert [row["mrn"] for row in shell.rows("roster", "find", "00555555")] == ["00123456"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["merge", "0077777", "00123456"], "There is no patient with MRN 0077777."),
        (["merge", "00777777", "9"], "There is no patient with MRN 9."),
        (["merge", "00777777", "00777777"], "Not merged: "),
        (["unmerge", "00777777", "00123456"], "Not unlinked: its two numbers were not merged here."),
        (["unmerge", "00777777", "9"], "Not unlinked: one of its two numbers is on no patient of the list."),
    ],
)
def test_what_cannot_be_merged_or_taken_apart_is_refused(
    shell: Shell, people: Home, arguments: list[str], sentence: str
) -> None:
    assert shell.refusal("roster", *arguments, "--reason", "the same person").startswith(sentence)
    assert len(shell.rows("roster", "find", "00777777")) == 1


def test_questions_are_answered_once_and_all_or_none(shell: Shell, people: Home) -> None:
    shell("roster", "merge", "00777777", "00123456", "--reason", "the same person")
    (asked,) = shell.rows("roster", "questions")
    assert shell.refusal("roster", "confirm", asked["id"], 77) == "This question was answered already."
    assert shell.rows("roster", "questions") == [asked]
    shell("roster", "confirm", asked["id"])
    assert shell.refusal("roster", "confirm", asked["id"]) == "This question was answered already."


@pytest.fixture
def doubted(people: Home) -> str:
    """A merge that the registration asks for, of two who do not look like one; its id."""
    said = Merge(PersonUpdate(numbers=(Number("00123456"),)), (Number("00777777"),), "A40 M1")
    loaded = load(people, [("1", said)], "adt.hl7")
    assert len(loaded.doubts) == 1
    with people.reading() as session:
        (doubt,) = doubts.waiting(session, SAM)
    return f"m{doubt.id}"


def test_a_merge_in_doubt_is_listed_and_declined(shell: Shell, doubted: str) -> None:
    (asked,) = shell.rows("roster", "questions")
    assert (asked["id"], asked["type"], asked["mrn"], asked["proposed"]) == (doubted, "MERGE", "00777777", "00123456")
    assert f"'roster decline {doubted}' keeps them apart" in asked["reason"]
    assert shell("roster", "questions").out.splitlines()[1].startswith(f"{doubted} ")
    assert shell("roster", "decline", doubted).out == "1 declined.\n"
    assert shell.rows("roster", "questions") == []
    assert shell.refusal("roster", "decline", doubted) == "There is no such merge to review, or it was decided already."


@pytest.mark.parametrize("written", ["12", "m", "mm1", "m-1", "m１", "x1"])
def test_the_id_of_a_merge_is_an_m_and_a_number(shell: Shell, doubted: str, written: str) -> None:
    assert (
        shell.refusal("roster", "decline", "--", doubted, written)
        == "The id of a merge is an m and a number, as 'chartroom roster questions' shows it."
    )
    assert [row["id"] for row in shell.rows("roster", "questions")] == [doubted]  # all or none


def test_a_doubtful_merge_is_listed_declined_or_made_by_hand(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "adt.hl7"
    people = (("1", "Holloway^Marissa", "19570314"), ("2", "Ostrowski^Dale", "19481102"), ("3", "Moss^Ivy", "19700101"))
    text = "".join(
        message("A28", i, f"PID|1||{mrn}||{name}||{born}") for i, (mrn, name, born) in enumerate(people)
    ) + "".join(message("A40", i, "PID|1||1||Holloway^Marissa||19570314", f"MRG|{i}") for i in (2, 3))
    file.write_text(text)
    printed = shell("roster", "load", file, expect=1).out
    assert "Merges that need review: 2 (chartroom roster questions)" in printed
    first, second = shell.rows("roster", "questions")
    assert (first["type"], first["mrn"], first["proposed"]) == ("MERGE", "2", "1")
    assert "surname and first name and date of birth" in first["reason"]
    assert "declined" in shell("roster", "decline", first["id"]).out
    shell("roster", "merge", second["mrn"], second["proposed"], "--reason", "checked at the desk")
    assert shell.rows("roster", "questions") == []
    for wrong in ("7", "mm", first["id"]):
        assert shell.refusal("roster", "decline", wrong)


# ---- listen


@pytest.mark.parametrize("peer", ["hospital", "10.1.2.3/99"])
def test_a_peer_that_is_no_address_is_refused_in_one_sentence(shell: Shell, peer: str) -> None:
    assert shell.refusal("roster", "listen", "--port", 0, "--peer", peer).startswith("--peer:")


ADT = (
    "MSH|^~\\&|ADT|GENHOSP|CHARTROOM|GENHOSP|20240201120000||ADT^A04|M1|P|2.5.1\r"
    "PID|1||00123456^^^GENHOSP^MR||Rivera^Ana||19570314|F\r"
)


def test_the_listener_says_where_it_listens_and_counts_its_answers(
    shell: Shell, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    really = mllp.listen

    async def listen_to_one(*arguments: object) -> None:
        """The listener, with one sender, until that one has its answer."""
        home, host, _, own, ready, told, peers = arguments
        bound: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        def tell(port: int) -> None:
            ready(port)  # type: ignore[operator]
            bound.set_result(port)

        server = asyncio.create_task(really(home, host, 0, own, tell, told, peers))  # type: ignore[arg-type]
        reader, writer = await asyncio.open_connection("127.0.0.1", await bound)
        for block in (ADT, ADT.replace("PID|", "PIX|")):
            writer.write(b"\x0b" + block.encode() + b"\x1c\r")
            await reader.readuntil(b"\x1c\r")
        writer.close()
        server.cancel()
        await asyncio.gather(server, return_exceptions=True)
        raise KeyboardInterrupt

    monkeypatch.setattr(mllp, "listen", listen_to_one)
    first, *_, last = shell("roster", "listen", "--peer", "127.0.0.1").out.splitlines()
    assert first.startswith("ADT over MLLP on 127.0.0.1:")
    assert first.endswith(" from 127.0.0.1/32 only (Ctrl-C ends it)")
    assert last == "1 taken over, 1 refused, 0 not read; 0 connections closed."
    assert [row["mrn"] for row in shell.rows("roster", "find", "rivera")] == ["00123456"]
    log = (home.path / "logs" / "chartroom.log").read_text() if (home.path / "logs" / "chartroom.log").exists() else ""
    assert "Rivera" not in log
    assert all(json.loads(line) for line in log.splitlines())


# ---- nobody in it


def test_a_list_that_holds_nobody_leaves_the_one_before(shell: Shell, tmp_path: Path) -> None:
    shell("roster", "load", _list(tmp_path, "00123456,Rivera,Ana,1957-03-14,F"))
    refusal = shell.refusal("roster", "load", _list(tmp_path, name="tonight.csv"))
    assert refusal.startswith("tonight.csv holds no patients: nothing stands below its heads. Nothing was loaded")
    assert [row["mrn"] for row in shell.rows("roster", "find", "rivera")] == ["00123456"]
    other = _list(tmp_path, "00777777,Kim,Lee,1960-01-02,M", name="other.csv")
    told = shell(
        "roster", "load", tmp_path / "tonight.csv", other, expect=1
    ).out  # the other file is loaded all the same
    assert "holds no patients: nothing stands below its heads" in told
    assert "1 new, 0 updated" in told


def test_a_table_shows_days_as_the_site_writes_them_and_records_as_programs_read_them(
    shell: Shell, home: Home, tmp_path: Path
) -> None:
    shell("roster", "load", _list(tmp_path, "00123456,Rivera,Ana,1957-03-14,F"))
    assert "03/14/1957" in shell("roster", "find", "rivera").out
    (home.path / "profile.toml").write_text("day_first = true\n")
    assert "14/03/1957" in shell("roster", "find", "rivera").out
    assert shell.rows("roster", "find", "rivera")[0]["dob"] == "1957-03-14"
