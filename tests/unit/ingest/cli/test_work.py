"""Run, watch, retry, void: what becomes of the files, and each refusal."""

import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlmodel import col, select

from ingest import running, telling, watcher
from ingest.lock import sole_watch
from ingest.settings import Settings
from ingest.watcher import Left
from storage.custody import batches
from storage.foundation.home import Home
from storage.foundation.states import BatchState
from storage.foundation.tables.audit import AuditEvent
from storage.foundation.tables.custody import Batch
from tests.given.paper import printed, saved
from tests.given.records import receive
from tests.given.shell import Shell
from tests.given.waiting import wait_until


def _states(home: Home) -> list[str]:
    with home.reading() as session:
        return [str(state) for state in session.exec(select(Batch.state).order_by(col(Batch.id)))]


def _quarantined(home: Home, content: bytes) -> int:
    batch_id = receive(home, content, name=content + b".tif")
    with home.writing() as session:
        batches.advance(session, batch_id, "quarantine", reason_code="damaged", reason="Scan it again.")
    return batch_id


# ---- run


def test_a_run_finds_nothing_to_do(shell: Shell) -> None:
    printed = shell("run").out
    assert "Files  none\n" in printed
    assert "\nPages  " in printed


def test_a_run_reads_a_scan_and_tells_of_a_file_that_is_none(shell: Shell, tmp_path: Path) -> None:
    hot = tmp_path / "home" / "hot"
    (hot / "scan.png").write_bytes(saved([printed(["PROGRESS NOTE", "MRN: 00123456"])], "PNG"))
    (hot / "torn.pdf").write_bytes(b"%PDF-1.7 torn %%EOF")
    (hot / "odd.tif").symlink_to("/nowhere")
    lines = shell("run").out.splitlines()
    assert "Files  1 indexed, 1 quarantined, 1 refused" in lines
    assert lines[-1] == "2 file(s) need you: 'chartroom sources' says why."
    assert [row["state"] for row in shell.rows("sources")] == ["indexed", "quarantined", "refused"]


@pytest.mark.parametrize(
    ("left", "sentences"),
    [
        (Left(unreadable=2), ["2 file(s) in the hot folder cannot be read: give this account the rights."]),
        (Left(writing=1), ["1 file(s) are still being written; they wait in the hot folder."]),
        (Left(no_room=3), ["3 file(s) do not fit on the disk: free space. They wait in the hot folder."]),
        (
            Left(1, 1, 1),
            [
                "1 file(s) in the hot folder cannot be read: give this account the rights.",
                "1 file(s) are still being written; they wait in the hot folder.",
                "1 file(s) do not fit on the disk: free space. They wait in the hot folder.",
            ],
        ),
    ],
)
def test_a_run_that_leaves_files_says_why_and_ends_with_code_1(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, left: Left, sentences: list[str]
) -> None:
    monkeypatch.setattr(running, "take_in_all", lambda home, settings, work: left)
    assert shell("run", expect=1).out.splitlines()[2:] == sentences


def test_a_run_without_space_on_the_disk_takes_nothing_in(
    shell: Shell, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home.path / "hot" / "scan.png").write_bytes(saved([printed(["NOTE"])], "PNG"))
    monkeypatch.setenv("CHARTROOM_MINIMUM_FREE_MEGABYTES", "999999999999")
    monkeypatch.setattr(watcher, "_PATIENCE_SECONDS", 0)
    assert "free" in shell.refusal("run").lower()
    assert _states(home) == []
    assert (home.path / "hot" / "scan.png").exists()


# ---- watch


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_a_watch_ends_when_it_is_told_to(
    shell: Shell, home: Home, monkeypatch: pytest.MonkeyPatch, number: signal.Signals, code: int
) -> None:
    def look_once(
        home: Home, settings: Settings, work: Callable[[], bool], stop: threading.Event, teller: object
    ) -> None:
        assert not work()
        assert not stop.is_set()
        os.kill(os.getpid(), number)
        assert stop.wait(10)

    monkeypatch.setattr(running, "watch", look_once)
    assert shell("watch", expect=code).out.splitlines() == [
        f"Data home    {home.path}",
        f"Hot folder   {home.path / 'hot'}",
        "Waits for    scans (PDF, TIFF, JPEG, PNG, BMP) that have not changed for 0 s, TIFF and folders for 25 s",
        "To do        0 files to read, 0 documents to verify",
        "Watching (Ctrl-C ends it)",
    ]


def test_a_second_watch_says_that_there_is_one(shell: Shell, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "watch", lambda home, settings, work, stop, teller: None)
    with sole_watch(home) as is_sole:
        assert is_sole
        assert any("Another watch runs on this data home already" in line for line in shell("watch").out.splitlines())
    assert "Another" not in shell("watch").out


def test_a_watch_tells_what_became_of_each_file(
    shell: Shell, home: Home, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Until it was told to, it printed nothing ever."""
    hot = home.path / "hot"
    scan = saved([printed(["PROGRESS NOTE", "MRN: 00123456"])], "PNG")
    (hot / "scan.png").write_bytes(scan)
    (hot / "torn.pdf").write_bytes(b"%PDF-1.7 torn %%EOF")
    (hot / "odd.tif").symlink_to("/nowhere")

    def stop_when_done() -> None:
        try:
            wait_until(lambda: _states(home) == ["indexed", "quarantined"], "both files to be worked", 60)
            (hot / "again\n.png").write_bytes(scan)
            wait_until(lambda: len(_states(home)) > 2 and BatchState.RECEIVED not in _states(home), "the third", 60)
        finally:
            os.kill(os.getpid(), signal.SIGTERM)

    thread = threading.Thread(target=stop_when_done)
    thread.start()
    lines = shell("watch").out.splitlines()
    thread.join()
    told = {line[10:].split(":")[0]: line[10:].partition(": ")[2] for line in lines[5:-1]}
    assert lines[4] == "Watching (Ctrl-C ends it)"
    assert told.pop("scan.png") == "1 page, 1 document, 1 to verify"
    assert told.pop("torn.pdf").startswith("on hold. ")
    assert told.pop("odd.tif").startswith("left in the folder. This is a shortcut")
    assert told == {"again\\n.png": "on hold, the same as file 1. See 'chartroom sources'"}
    assert lines[-1] == "Stopped. 3 files taken in."
    log = (home.path / "logs" / "chartroom.log").read_text() if (home.path / "logs" / "chartroom.log").exists() else ""
    assert "scan.png" not in log


def test_a_quiet_watch_says_nothing(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "watch", lambda home, settings, work, stop, teller: teller.end())
    assert shell("watch", "-q").out == ""


def test_a_sign_of_life_is_given_only_with_v_and_only_when_nothing_came(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "QUIET_SECONDS", -1.0)
    monkeypatch.setattr(running, "watch", lambda home, settings, work, stop, teller: teller.tell())
    assert shell("watch", "-v").out.splitlines()[-1].endswith("  still watching; 0 documents to verify")
    assert shell("watch").out.splitlines()[-1] == "Watching (Ctrl-C ends it)"
    monkeypatch.setattr(telling, "QUIET_SECONDS", 300.0)
    assert shell("watch", "-v").out.splitlines()[-1] == "Watching (Ctrl-C ends it)"


# ---- retry and void


def test_chosen_files_are_read_again(shell: Shell, home: Home) -> None:
    first, second, third = (_quarantined(home, content) for content in (b"one", b"two", b"three"))
    told = "file(s) will be read again. Run 'chartroom run', or let the watch do it.\n"
    assert shell("retry", first, third).out == f"2 {told}"
    assert _states(home) == [BatchState.RECEIVED, BatchState.QUARANTINED, BatchState.RECEIVED]
    assert shell("retry", "--all").out == f"1 {told}"
    assert _states(home) == [BatchState.RECEIVED] * 3
    assert shell("retry", "--all").out == f"0 {told}"
    assert second == 2


def test_a_held_duplicate_is_taken_anyway(shell: Shell, home: Home) -> None:
    receive(home, b"one")
    again = receive(home, b"two")
    with home.writing() as session:
        batches.advance(session, again, "hold_duplicate")
    assert shell("retry", again).out.startswith("1 file(s) will be read again.")
    assert _states(home) == [BatchState.RECEIVED, BatchState.RECEIVED]
    with home.reading() as session:
        assert "take_anyway" in session.exec(select(AuditEvent.action)).all()


def test_void_cancels_and_keeps_the_reason_with_the_file_and_out_of_the_audit_log(shell: Shell, home: Home) -> None:
    batch_id = _quarantined(home, b"one")
    assert (
        shell("void", batch_id, "--reason", "paper lost").out
        == "Voided. The dropped files are kept unchanged in the vault.\n"
    )
    assert _states(home) == [BatchState.VOIDED]
    with home.reading() as session:
        (event,) = session.exec(select(AuditEvent).where(AuditEvent.action == "void"))
        assert event.actor.startswith("shell:")
        assert "paper lost" not in event.detail  # what is typed may name a patient
    assert [row["reason"] for row in shell.rows("sources")] == ["paper lost"]
    shell("verify")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["retry", 77], "There is nothing with that number."),
        (["void", 77, "--reason", "sent twice"], "There is nothing with that number."),
        (["retry", 1], "'retry' is not possible while it is received."),
        (["void", 1, "--reason", "sent twice"], "'void' is not possible while it is received."),
    ],
)
def test_what_cannot_be_is_refused(shell: Shell, home: Home, arguments: list[object], sentence: str) -> None:
    receive(home, b"one")
    assert shell.refusal(*arguments).startswith(sentence)


@pytest.mark.parametrize("command", [["retry"], ["void", "--reason", "sent twice"]])
def test_of_several_all_are_changed_or_none(shell: Shell, home: Home, command: list[str]) -> None:
    batch_id = _quarantined(home, b"one")
    shell.refusal(*command, batch_id, 77)
    assert _states(home) == [BatchState.QUARANTINED]
