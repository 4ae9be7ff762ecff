"""The log holds one JSON object a line and no chart text."""

import json
import logging
import subprocess
import sys
from pathlib import Path

import pytest

from ingest.logs import start_log


@pytest.mark.usefixtures("untouched")
def test_a_newline_cannot_forge_a_line_and_error_texts_stay_out(tmp_path: Path) -> None:
    start_log(tmp_path)
    log = logging.getLogger("chartroom.test")
    log.info("received %s", 'x\n{"level": "forged"}')
    try:
        raise ValueError("Rivera, Ana 00123456")
    except ValueError:
        log.exception("reading failed")
    lines = [json.loads(line) for line in (tmp_path / "chartroom.log").read_text().splitlines()]
    assert [line["level"] for line in lines] == ["info", "error"]
    assert lines[1]["error"] == "ValueError"
    assert lines[1]["where"].startswith("test_logs.py:")
    assert "Rivera" not in (tmp_path / "chartroom.log").read_text()


@pytest.mark.parametrize(
    "name",
    [
        "hl7",
        "/somewhere/hl7/util.py",
        "pypdf",
        "pikepdf._core",
        "pdfminer.psparser",
        "PIL.TiffImagePlugin",
        "alembic",
        "asyncio",
    ],
)
@pytest.mark.usefixtures("untouched")
def test_of_a_library_s_record_only_who_and_where_is_written(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], name: str
) -> None:
    start_log(tmp_path, to_screen=True)
    log = logging.getLogger(name)
    log.warning("cannot read %s", "Rivera, Ana")
    try:
        raise ValueError("Rivera, Ana 00123456")
    except ValueError:
        log.exception("broken: Rivera")
    written = (tmp_path / "chartroom.log").read_text()
    first, second = map(json.loads, written.splitlines())
    assert (first["level"], first["from"]) == ("warning", Path(name).name)
    assert first["event"].startswith("a library's record at test_logs.py:")
    assert (second["error"], second["where"].split(":")[0]) == ("ValueError", "test_logs.py")
    printed = capfd.readouterr()
    assert "Rivera" not in written + printed.out + printed.err


_LOUD = """
import logging, warnings
from ingest.logs import silence_libraries
silence_libraries()
silence_libraries()
for name in ("hl7", "pypdf", "pikepdf", "pdfminer", "PIL", "alembic", "sqlalchemy", "watchdog", ""):
    logging.getLogger(name).error("cannot read Rivera")
warnings.warn("odd: Rivera")
logging.basicConfig()
logging.getLogger("late").error("Rivera")
logging.getLogger("chartroom.test").error("before any log is open")
"""


def test_a_process_without_a_log_prints_nothing_of_libraries() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _LOUD], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[3]
    )
    assert (done.stdout, done.stderr) == ("", "")


@pytest.mark.usefixtures("untouched")
def test_a_log_that_is_opened_again_writes_each_line_once(tmp_path: Path) -> None:
    for _ in range(3):
        start_log(tmp_path)
    logging.getLogger("chartroom.test").warning("one")
    logging.getLogger("pypdf").warning("two")
    assert len((tmp_path / "chartroom.log").read_text().splitlines()) == 2
