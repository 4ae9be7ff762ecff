"""`./dev setup` says what it installs; it was silent for the first hundred seconds."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

_PIP = """#!/bin/sh
case "$*" in
*requirements/run.lock*)
    for name in {names}; do echo "Collecting $name==1.0 (from -r requirements/run.lock (line 1))"; done
    {end}
    ;;
esac
"""


def _setup(folder: Path, end: str, terminal: bool = False) -> "subprocess.CompletedProcess[str]":
    """`./dev setup` in a folder whose Python only says what pip would."""
    names = [f"package{number}" for number in range(1, 24)]
    (folder / "requirements").mkdir()
    (folder / "requirements" / "run.lock").write_text(
        "".join(f"{name}==1.0 \\\n    --hash=sha256:00\n" for name in names)
    )
    (folder / "pyproject.toml").write_text("")
    shutil.copy(ROOT / "dev", folder / "dev")
    for path, text in (
        (folder / ".venv" / "bin" / "python", _PIP.format(names=" ".join(names), end=end)),
        (folder / "bin" / "id", "#!/bin/sh\necho 1000\n"),  # nothing is installed into this machine
    ):
        path.parent.mkdir(parents=True)
        path.write_text(text)
        path.chmod(0o755)
    places = f"{folder / 'bin'}:/usr/bin:/bin"
    line = ["sh", "./dev", "setup"]
    if terminal:
        line = ["script", "-qec", "sh ./dev setup", "/dev/null"]
    done = subprocess.run(line, cwd=folder, env={**os.environ, "PATH": places}, capture_output=True, check=False)
    return subprocess.CompletedProcess(line, done.returncode, done.stdout.decode(), done.stderr.decode())


def test_the_installation_says_how_far_it_is_in_lines_where_no_terminal_is(tmp_path: Path) -> None:
    done = _setup(tmp_path, 'echo "Installing collected packages: package1"')
    assert done.returncode == 0
    assert done.stderr.splitlines() == [
        "Installing 23 packages into .venv (once; a minute or two, by how fast they come)",
        "  10 of 23",
        "  20 of 23",
        "  23 fetched; unpacking them",
    ]


@pytest.mark.skipif(shutil.which("script") is None, reason="script(1) makes a terminal")
def test_the_installation_says_how_far_it_is_in_one_line_on_a_terminal(tmp_path: Path) -> None:
    done = _setup(tmp_path, 'echo "Installing collected packages: package1"', terminal=True)
    assert "\r  1 of 23: package1 " in done.stdout
    assert "23 fetched; unpacking them" in done.stdout
    assert done.stdout.count("\n") == 2


def test_an_installation_that_fails_shows_what_pip_said_last_and_ends(tmp_path: Path) -> None:
    done = _setup(tmp_path, 'echo "ERROR: no matching distribution"; exit 7')
    assert done.returncode != 0
    assert "ERROR: no matching distribution" in done.stderr
    assert not list(tmp_path.glob(".venv/.installed-*"))
