"""The log holds one JSON object a line and no chart text."""

import json
import logging
from pathlib import Path

from ingest.logs import start_log


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
