"""Filed to the wrong chart, at the shell: what is proposed, confirmed, withdrawn and listed, and each refusal."""

import subprocess
import sys
from pathlib import Path

import pytest

from ingest.cli.opening import shell_actor
from storage.documents import misfiling, viewing
from storage.foundation import accounts
from storage.foundation.home import Home
from storage.foundation.permissions import Actor, Role
from storage.roster.loading import load
from storage.roster.messages import Merge, Number, PersonUpdate
from tests.given.records import TESS, UMA, add_person, read_and_index, receive, verify_and_file
from tests.given.shell import Shell
from tests.given.template import Template

ROOT = Path(__file__).parents[4]
WRONG = 1
PASSWORD = "correct-horse-battery"


def _system_account() -> str:
    return shell_actor().name.removeprefix("shell:")


@pytest.fixture(scope="module")
def starting_home(empty_home: Template, tmp_path_factory: pytest.TempPathFactory) -> Template:
    """A filed document of three pages in Ana's chart; Lee has the MRN 00777777, and had 00555555 before."""
    home = empty_home.copied_to(tmp_path_factory.mktemp("wrong"))
    with home.writing() as session:
        for name, role in (("sam", Role.SUPERVISOR), ("tess", Role.TECHNICIAN), (_system_account(), Role.SUPERVISOR)):
            accounts.add_account(session, name, role, PASSWORD)
    ana = add_person(home)
    for mrn in ("00777777", "00555555"):
        add_person(home, mrn, "Kim", "Lee")
    load(home, [("1", Merge(PersonUpdate(numbers=(Number("00777777"),)), (Number("00555555"),), "A40 1"))], "test")
    (document,) = read_and_index(home, receive(home, b"scan"), ["PROGRESS NOTE", "zebra", "page three"], ana)
    verify_and_file(home, document)
    assert document == WRONG
    return Template.of(home)


@pytest.fixture
def wrong(home: Home) -> int:
    """The document that is in the wrong chart."""
    return WRONG


def _proposed(home: Home, document: int, pages: tuple[int, ...] = ()) -> int:
    """A proposal of another person than the one at the shell."""
    with home.writing() as session:
        return misfiling.propose(session, document, pages, 2, "label of Lee Kim", "wrong_sticker", TESS)


SAID = ("--whole", "--not-known", "--reason", "label of Lee Kim", "--cause", "wrong_sticker")
PAGES = "Say which pages are in the wrong chart: --page N for each, or --whole for all of them."
WHOSE = "Say whose the pages are: --to MRN, or --not-known while nobody knows."
CAUSE = (
    "Choose the --cause: wrong_sticker (a wrong label on the page); mixed_batch (pages of two patients scanned together); "
    "wrong_choice (the wrong patient was chosen at the desk); wrong_link (the machine linked the wrong patient); "
    "wrong_list (the patient list was wrong or was merged wrongly); other (another cause)."
)


@pytest.mark.parametrize(
    ("options", "pages", "to"),
    [
        (["--whole", "--not-known"], [1, 2, 3], None),
        (["--whole", "--to", "00777777"], [1, 2, 3], "00777777"),
        (["--whole", "--to", "00555555"], [1, 2, 3], "00777777"),  # a former number
        (["--page", "3", "--page", "2", "--to", "00777777"], [2, 3], "00777777"),
    ],
)
def test_a_proposal_names_the_pages_and_the_right_patient(
    shell: Shell, wrong: int, options: list[str], pages: list[int], to: str | None
) -> None:
    printed = shell("misfile", "propose", wrong, *options, "--reason", "label of Lee Kim", "--cause", "wrong_sticker")
    assert printed.out == "Proposal 1. A second supervisor must confirm it: chartroom misfile confirm 1\n"
    (row,) = shell.rows("misfile", "list")
    assert row["proposed_by"].startswith("shell:")
    row.pop("proposed_by")
    assert row == {
        "id": 1, "state": "waits", "document": wrong, "pages": pages, "mrn": "00123456", "to": to,
        "cause": "wrong_sticker", "reason": "label of Lee Kim", "confirmed_by": None, "moved_to": None,
        "was_released": False, "seen_by": [],
    }  # fmt: skip


def test_a_proposal_names_other_documents_that_may_have_the_same_mistake(shell: Shell, home: Home, wrong: int) -> None:
    (neighbour,) = read_and_index(home, receive(home, b"next", name=b"next.tif"), ["PROGRESS NOTE"], 1)
    verify_and_file(home, neighbour)
    printed = shell("misfile", "propose", wrong, *SAID).out.splitlines()
    assert printed[1].startswith(f"  look at document {neighbour} too (MRN 00123456): ")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--whole", "--to", "0077777"], "There is no patient with MRN 0077777."),
        (["--whole", "--to", "00123456"], "These pages are in this patient's chart already."),
        (["--page", "9", "--not-known"], "Page 9 is not a page of this document."),
        (
            ["--whole", "--not-known", "--reason", "x"],
            "Write why these pages are in the wrong chart, in two words or more: a second person decides by it.",
        ),
        (["--not-known"], PAGES),
        (["--whole", "--page", "1", "--not-known"], PAGES),
        (["--whole"], WHOSE),
        (["--whole", "--to", "00777777", "--not-known"], WHOSE),
        (["--whole", "--not-known", "--cause", ""], CAUSE),
        (["--whole", "--not-known", "--cause", "haste"], CAUSE),
    ],
)
def test_a_proposal_that_does_not_fit_is_refused(shell: Shell, wrong: int, arguments: list[str], sentence: str) -> None:
    assert shell.refusal("misfile", "propose", wrong, *SAID[2:], *arguments) == sentence
    assert shell.rows("misfile", "list") == []


def test_what_is_not_filed_or_is_proposed_already_is_refused(shell: Shell, home: Home, wrong: int) -> None:
    (unfiled,) = read_and_index(home, receive(home, b"next"), ["PROGRESS NOTE"], 1)
    for document in (unfiled, 77):
        assert (
            shell.refusal("misfile", "propose", document, *SAID)
            == "This document is not filed. Choose its patient at the desk."
        )
    shell("misfile", "propose", wrong, *SAID)
    assert (
        shell.refusal("misfile", "propose", wrong, *SAID)
        == "A correction of this document waits for confirmation already."
    )


def test_a_second_person_confirms_and_is_told_who_saw_the_pages(shell: Shell, home: Home, wrong: int) -> None:
    with home.writing() as session:
        viewing.page_view(session, home.vault, wrong, 2, UMA)
        viewing.page_view(session, home.vault, wrong, 2, UMA)
    number = _proposed(home, wrong, (2,))
    first, second = shell("misfile", "confirm", number).out.splitlines()
    moved = wrong + 1
    assert first == f"Document {moved} waits at the desk, before all others."
    assert second == "1 person saw this document in the wrong chart: uma. When: chartroom misfile list --json"
    (row,) = shell.rows("misfile", "list")
    assert (row["state"], row["moved_to"], row["proposed_by"]) == ("done", moved, "tess")
    assert row["confirmed_by"].startswith("shell:")
    assert {entry["who"] for entry in row["seen_by"]} == {"uma"}
    shell("verify")


def test_a_process_of_its_own_confirms(shell: Shell, home: Home, wrong: int) -> None:
    """It loads fewer tables than this one, and must know those that a document points to all the same."""
    number = str(_proposed(home, wrong))
    line = [sys.executable, "-m", "ingest.cli", "misfile", "confirm", number, "--reason", "seen on paper"]
    done = subprocess.run(line, capture_output=True, text=True, check=False, cwd=ROOT)
    assert (done.returncode, done.stderr) == (0, "")
    assert [row["state"] for row in shell.rows("misfile", "list")] == ["done"]


def test_pages_that_nobody_saw_are_moved_without_a_list(shell: Shell, home: Home, wrong: int) -> None:
    assert shell("misfile", "confirm", _proposed(home, wrong), "--reason", "seen on paper").out == (
        f"Document {wrong} waits at the desk, before all others.\n"
    )


def test_one_person_alone_cannot_confirm(shell: Shell, wrong: int) -> None:
    shell("misfile", "propose", wrong, *SAID)
    assert (
        shell.refusal("misfile", "confirm", 1)
        == "A correction of a wrong chart takes two people: somebody else must confirm it."
    )
    assert [row["state"] for row in shell.rows("misfile", "list")] == ["waits"]


def test_a_withdrawn_proposal_moves_nothing_and_stays_on_the_list(shell: Shell, home: Home, wrong: int) -> None:
    number = _proposed(home, wrong)
    assert shell("misfile", "withdraw", number).out == f"Proposal {number} is withdrawn; nothing moved.\n"
    head, line = shell("misfile", "list").out.splitlines()
    assert head.split() == ["id", "state", "document", "pages", "mrn", "to", "cause", "reason"]
    assert line.split()[:3] == [str(number), "withdrawn", str(wrong)]
    assert [row["state"] for row in shell.rows("documents")] == ["filed"]


@pytest.mark.parametrize("command", ["confirm", "withdraw"])
def test_a_proposal_is_decided_once(shell: Shell, home: Home, wrong: int, command: str) -> None:
    number = _proposed(home, wrong)
    shell("misfile", "withdraw", number)
    decided, absent = (shell.refusal("misfile", command, n) for n in (number, 77))
    assert decided == absent
    assert "already" in decided


def test_nobody_is_two_people_by_working_at_the_desk_and_at_the_shell(shell: Shell, home: Home, wrong: int) -> None:
    """The system account is called otherwise than the person's account."""
    with home.writing() as session:
        accounts.disable_account(session, _system_account(), Actor("ada", Role.ADMIN))
    number = _proposed(home, wrong)  # tess, at the desk
    refused = shell.refusal("misfile", "confirm", number)
    assert refused.startswith("This takes two people, and the system account ")
    assert "--as" in refused
    as_tess = shell.refusal("misfile", "confirm", number, "--as", "tess", "--password-stdin", stdin=f"{PASSWORD}\n")
    assert "does not include" in as_tess  # and would be refused as the same person
    wrong_word = shell.refusal("misfile", "confirm", number, "--as", "sam", "--password-stdin", stdin="no\n")
    assert wrong_word == "The user name or the password is not right."
    assert [row["state"] for row in shell.rows("misfile", "list")] == ["waits"]
    as_sam = ("misfile", "confirm", number, "--as", "sam", "--password-stdin")
    named = shell.refusal(*as_sam, stdin=f"{PASSWORD}\n")
    assert named.startswith("Write why they go although the page names the patient it is filed to now, in two words")
    shell(*as_sam, "--reason", "seen on paper", stdin=f"{PASSWORD}\n")
    (row,) = shell.rows("misfile", "list")
    assert (row["state"], row["confirmed_by"]) == ("done", "shell:sam")


def test_who_proposed_at_the_desk_cannot_confirm_at_the_shell(shell: Shell, home: Home, wrong: int) -> None:
    with home.writing() as session:
        number = misfiling.propose(session, wrong, (), 2, "label of Lee", "other", Actor("sam", Role.SUPERVISOR))
    said = shell.refusal("misfile", "confirm", number, "--as", "sam", "--password-stdin", stdin=f"{PASSWORD}\n")
    assert said == "A correction of a wrong chart takes two people: somebody else must confirm it."
