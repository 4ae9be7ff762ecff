"""Tools that file nothing: reading, types of texts, matching; and how the review app and the demo are started."""

import json
import os
import signal
import socket
import subprocess
from pathlib import Path
from typing import Any

import pytest

from ingest import serving
from ingest.cli import read
from ingest.cli.read import ReadOptions
from ingest.demo import show
from ocr.page import OcrPage, PageOutcome, Second
from ocr.read import PageRead
from storage.foundation.home import Home
from tests.given.paper import printed, saved
from tests.given.records import add_person
from tests.given.shell import Shell

# ---- read


def test_files_are_read_without_a_data_home_and_a_refused_one_among_others_ends_with_code_3(
    bare: Shell, tmp_path: Path
) -> None:
    (tmp_path / "scan.png").write_bytes(saved([printed(["PROGRESS NOTE", "resting comfortably"])], "PNG"))
    (tmp_path / "torn.pdf").write_bytes(b"%PDF-1.7 torn %%EOF")
    page, refused = bare.rows("read", "scan.png", "torn.pdf", expect=3)
    assert set(page) >= {"file", "page", "outcome", "rotation", "skew_degrees", "dpi"}
    assert (page["page"], page["outcome"]) == (1, "ok")
    assert set(refused) == {"file", "refused", "reason"}
    assert "PROGRESS NOTE" in bare("read", "scan.png", "--text").out
    assert bare("read", "torn.pdf", expect=1).out.startswith("torn.pdf: ")
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(
    ("outcomes", "code", "told"),
    [
        (("ok", "blank"), 0, ""),
        (("ok", "timeout", "failed", "ok"), 3, "chart.tif: pages 2, 3 of 4 could not be read in full: too slow"),
        (("failed",), 1, "chart.tif: page 1 of 1 could not be read in full: too slow"),
        (("ok", *["failed"] * 22), 3, "20, 21 and 2 more of 23"),
    ],
)
def test_pages_that_could_not_be_read_are_named_and_a_part_has_its_own_code(
    capsys: pytest.CaptureFixture[str], outcomes: tuple[str, ...], code: int, told: str
) -> None:
    pages = [
        OcrPage(n, PageOutcome(said), reason="" if said in ("ok", "blank") else "too slow")
        for n, said in enumerate(outcomes, start=1)
    ]
    book = read.Book(Path("chart.tif"), reads={page.number: PageRead(page, b"", b"") for page in pages})
    assert read._put_out(book, ReadOptions(text=True), set(), lambda line: None) == code
    assert told in capsys.readouterr().err


@pytest.mark.parametrize(("option", "second"), [((), None), (("--second-recogniser", "off"), Second.OFF)])
def test_the_second_recogniser_is_chosen_for_one_reading(
    bare: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, option: tuple[str, ...], second: Second | None
) -> None:
    (tmp_path / "scan.png").write_bytes(b"")
    asked: list[ReadOptions] = []
    monkeypatch.setattr(read, "read_all", lambda files, wanted, echo: asked.append(wanted) or 0)
    bare("read", "scan.png", *option)
    assert [wanted.second for wanted in asked] == [second]


def test_a_use_of_the_second_recogniser_that_is_not_there_is_refused(bare: Shell, tmp_path: Path) -> None:
    (tmp_path / "scan.png").write_bytes(b"")
    refused = bare("read", "scan.png", "--second-recogniser", "never", expect=2)
    assert "'never' is not one of 'auto', 'always', 'off'" in refused.err


# ---- classify


def test_each_text_has_a_type_its_code_and_its_rivals(bare: Shell, tmp_path: Path) -> None:
    texts = [{"id": "a", "text": "OPERATIVE REPORT\nThe patient was prepped."}, {"id": 7, "text": ""}, {"other": 1}]
    (tmp_path / "texts.jsonl").write_text("\n\n".join(map(json.dumps, texts)), encoding="utf-8-sig")
    first, second, third = bare.rows("classify", "texts.jsonl")
    assert set(first) == {"id", "code", "loinc", "confidence", "sure", "type", "candidates"}
    assert (first["id"], first["code"]) == ("a", "OPERATIVE_REPORT")
    assert first["type"] == {name: first[name] for name in ("code", "loinc", "confidence")}
    assert all(set(rival) == {"code", "confidence", "evidence"} for rival in first["candidates"])
    assert (second["id"], second["code"], third["id"]) == (7, "OTHER", None)
    head, line, *_ = bare("classify", "texts.jsonl").out.splitlines()
    assert head.split() == ["id", "code", "loinc", "confidence"]
    assert line.split()[:2] == ["a", "OPERATIVE_REPORT"]
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b'{"text": "x"}\nnot json', "Line 2 is not JSON. Expected one object a line."),
        (b'{"text": "x"}\n["x"]', "Line 2 is not a JSON object."),
        (
            b"II*\x00\xff\xfe",
            "file is not UTF-8 text. Save it as UTF-8; for a scan use 'chartroom read file --text' first.",
        ),
    ],
)
@pytest.mark.parametrize("as_json", [True, False])
def test_a_line_that_is_none_is_named_and_nothing_is_printed(
    bare: Shell, tmp_path: Path, content: bytes, sentence: str, as_json: bool
) -> None:
    (tmp_path / "file").write_bytes(content)
    assert bare.refusal("classify", "file", *(["--json"] if as_json else [])) == sentence


# ---- match


@pytest.mark.parametrize(
    "content",
    [
        "mrn,last_name,first_name\n00123456,Rivera,Ana\n,Nobody,Known\n",
        '{"mrn": "00123456", "last_name": "Rivera", "first_name": "Ana"}\n{"mrn": null, "last_name": "Nobody"}\n',
        '{"id": 1, "fields": {"mrn": "00123456", "last_name": "Rivera", "first_name": "Ana"}}\n{"fields": {"last_name": "Nobody"}}\n',
    ],
)
def test_records_are_matched_whatever_their_format(shell: Shell, home: Home, tmp_path: Path, content: str) -> None:
    add_person(home)
    (tmp_path / "records").write_text(content, encoding="utf-8-sig")
    first, second = shell.rows("match", "records")
    assert set(first) == {"id", "decision", "mrn", "reasons", "candidates"}
    assert (first["id"], first["decision"], first["mrn"]) == ("1", "linked", "00123456")
    (candidate,) = first["candidates"]
    assert set(candidate) == {"mrn", "score", "agrees", "differs", "evidence"}
    assert all(set(line) == {"identifier", "level", "weight", "sentence"} for line in candidate["evidence"])
    assert (second["id"], second["decision"], second["mrn"]) == ("2", "none", None)
    head, line, _ = shell("match", "records").out.splitlines()
    assert head.split() == ["id", "decision", "mrn", "reasons"]
    assert line.split()[:3] == ["1", "linked", "00123456"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"colour,size\nred,1\n", "records has no column that we know. Expected heads such as mrn, last_name, first_name, dob, sex."),
        (b'{"mrn": "1"}\n{broken', "Line 2 is not JSON. Expected one object a line."),
        (b"\xff\xd8\xff\xe0", "records is not UTF-8 text. Save it as UTF-8; for a scan use 'chartroom read records --text' first."),
    ],
)  # fmt: skip
def test_records_that_are_none_are_refused(shell: Shell, tmp_path: Path, content: bytes, sentence: str) -> None:
    (tmp_path / "records").write_bytes(content)
    assert shell.refusal("match", "records") == sentence


def test_no_records_match_nobody(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "records").write_text("mrn,last_name\n")
    assert shell.rows("match", "records") == []


# ---- the review app and the demo


class _App:
    """A review app that ends by itself, or with Ctrl-C, or when it is told to."""

    def __init__(self, ends_by: signal.Signals | None = None) -> None:
        self.ends_by, self.is_ended = ends_by, False

    def wait(self) -> int:
        if self.ends_by is not None and not self.is_ended:
            os.kill(os.getpid(), self.ends_by)
        return 15 if self.is_ended else 3

    def terminate(self) -> None:
        self.is_ended = True


@pytest.mark.parametrize(("options", "port"), [([], 8501), (["--port", 9001], 9001)])
def test_the_review_app_is_started_on_its_port_and_its_exit_code_is_ours(
    shell: Shell, home: Home, monkeypatch: pytest.MonkeyPatch, options: list[object], port: int
) -> None:
    started: list[tuple[Path, int]] = []

    def start(path: Path, port: int) -> _App:
        started.append((path, port))
        return _App()

    monkeypatch.setattr(serving, "start_review", start)
    assert shell("review", *options, expect=3).out == f"Review app: http://127.0.0.1:{port}  (Ctrl-C ends it)\n"
    assert started == [(home.path, port)]


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 0), (signal.SIGHUP, 0)])
def test_what_ends_the_command_ends_the_review_app(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, number: signal.Signals, code: int
) -> None:
    app = _App(number)
    monkeypatch.setattr(serving, "start_review", lambda path, port: app)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job ignores it
    try:
        shell("review", expect=code)
    finally:
        signal.signal(signal.SIGINT, before)
    assert app.is_ended


def test_a_port_that_is_used_is_told_before_an_address_is(shell: Shell) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refusal = shell.refusal("review", "--port", port)
    assert refusal.startswith(f"Port {port} is used by another program, or by a review app that runs already.")


def test_the_app_of_the_command_is_shut_to_strangers(shell: Shell, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    lines: list[list[str]] = []

    def popen(line: list[str], **options: Any) -> _App:
        lines.append(line)
        assert options["cwd"] == home.path
        assert options["env"]["CHARTROOM_HOME"] == str(home.path)
        return _App()

    monkeypatch.setattr(subprocess, "Popen", popen)
    shell("review", "--port", 9001, expect=3)
    (line,) = lines
    assert line[line.index("--server.address") + 1] == "127.0.0.1"
    assert line[line.index("--server.port") + 1] == "9001"


@pytest.mark.parametrize(
    ("options", "asked"),
    [
        ([], (8, 1, Path("chartroom-demo"), True)),
        (["--patients", 3, "--seed", 9, "--home", "here", "--no-review"], (3, 9, Path("here"), False)),
    ],
)
def test_the_demo_is_drawn_as_asked_for(
    bare: Shell, monkeypatch: pytest.MonkeyPatch, options: list[object], asked: tuple[object, ...]
) -> None:
    shown: list[tuple[object, ...]] = []

    def draw(patients: int, seed: int, home: Path, *, open_review: bool, echo: object) -> int:
        shown.append((patients, seed, home, open_review))
        return 1

    monkeypatch.setattr(show, "show", draw)
    bare("demo", *options, expect=1)
    assert shown == [asked]
