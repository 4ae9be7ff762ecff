"""`chartroom demo` from the first line to the last: it runs unattended, says how far it is, and leaves a clinic at work."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.given.commands import Chartroom


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> "tuple[Chartroom, subprocess.CompletedProcess[str]]":
    """The demo of three patients, and what it printed."""
    base = tmp_path_factory.mktemp("demo")
    chartroom = Chartroom(base / "demo", base / "keys" / "demo.key")
    return chartroom, chartroom("demo", "--patients", "3", "--home", chartroom.home, "--no-review", seconds=900)


def test_it_says_what_it_left_for_each_screen(demo: "tuple[Chartroom, subprocess.CompletedProcess[str]]") -> None:
    said = demo[1].stdout
    for part in (
        r"Dropped \d+ files with \d+ pages into .* \(drawn in \d+ s\)",
        r"The clinic's staff verified, filed and corrected part of it \(\d+ s\)",
        r"Files      .*1 duplicate, .*2 quarantined",
        r"Documents  \d+: \d+ filed, ",
        r"Waiting +\d+ pended",
        r"Protected +2 documents, 1 emergency access to review",
    ):
        assert re.search(part, said), said


def test_each_role_has_a_person(demo: "tuple[Chartroom, subprocess.CompletedProcess[str]]") -> None:
    assert {row["username"]: row["role"] for row in demo[0].rows("user", "list")} == {
        "olga": "operator",
        "tess": "technician",
        "sam": "supervisor",
        "audrey": "auditor",
        "ada": "admin",
    }


def test_all_is_accounted_for_and_proved(demo: "tuple[Chartroom, subprocess.CompletedProcess[str]]") -> None:
    assert " 0 problems." in demo[0]("verify").stdout
    assert 'double_key = ["IMAGING"]' in (demo[0].home / "profile.toml").read_text()


def test_a_second_start_goes_on_and_does_nothing_twice(
    demo: "tuple[Chartroom, subprocess.CompletedProcess[str]]",
) -> None:
    before = demo[0].rows("documents")
    said = demo[0]("demo", "--home", demo[0].home, "--no-review").stdout
    assert "going on with it" in said
    assert "The clinic's staff" not in said
    assert [row["state"] for row in demo[0].rows("documents")] == [row["state"] for row in before]


def test_its_links_sign_in_all_five_roles(tmp_path: Path) -> None:
    """Without a page to read, so that nothing but the end of it is waited for."""
    chartroom = Chartroom(tmp_path / "demo", tmp_path / "demo.key", CHARTROOM_PORT="8797")
    line = [sys.executable, "-m", "ingest.cli", "demo", "--patients", "0", "--home", str(chartroom.home)]
    with subprocess.Popen(line, env=chartroom.env, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        said = []
        for printed in running.stdout:
            said.append(printed)
            if "Ctrl-C" in printed:
                running.terminate()
                break
        running.stdout.read()
        running.wait(60)
    links = [printed.split() for printed in said if "login?once=" in printed]
    assert [role for role, *_ in links] == ["operator", "technician", "supervisor", "auditor", "admin"]
    assert all(link.startswith("http://127.0.0.1:8797/login?once=") for *_, link in links)
