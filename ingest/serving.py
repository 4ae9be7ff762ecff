"""Starts the review app in a child process with the options that keep it shut to strangers, and what it has read beside it."""

import contextlib
import importlib.util
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

_PORT_FILE = "review.port"


@contextlib.contextmanager
def port_noted(home: Path, port: int) -> Iterator[None]:
    """While the review app runs, its port stands in the data home, so that links that are made meanwhile lead to it."""
    note = home / _PORT_FILE
    note.write_text(f"{port}\n", encoding="ascii")
    try:
        yield
    finally:
        note.unlink(missing_ok=True)


def running_port(home: Path) -> int | None:
    """The port of the review app that runs on this data home, if one does and answers."""
    try:
        port = int((home / _PORT_FILE).read_text(encoding="ascii"))
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except (OSError, ValueError, OverflowError):
        return None
    return port


def is_free(port: int) -> bool:
    """Whether nothing listens on a port of this machine."""
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def serve(home: Path, port: int) -> int:
    """Run the review app until it ends or is ended; gives its exit code, 0 where SIGTERM or a closed terminal ended it.

    KeyboardInterrupt (Ctrl-C) ends it and goes on to the caller.
    """
    asked = []
    with port_noted(home, port):
        child = start_review(home, port)

        def end(*_: object) -> None:
            asked.append(True)
            child.terminate()

        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, end)
        try:
            code = child.wait()
        except KeyboardInterrupt:
            child.terminate()
            child.wait()
            raise
    return 0 if asked else code if code >= 0 else _KILLED - code


_KILLED = 128
"""Shells add the number of the signal that ended a program to this."""


def start_review(home: Path, port: int) -> "subprocess.Popen[bytes]":
    """A running Streamlit on 127.0.0.1 behind our gate; the caller waits for it or ends it."""
    spec = importlib.util.find_spec("review_app")
    assert spec is not None and spec.submodule_search_locations
    app = Path(next(iter(spec.submodule_search_locations))) / "app.py"
    origin = f"http://127.0.0.1:{port}"
    options = {
        "server.address": "127.0.0.1",
        "server.port": str(port),
        "server.headless": "true",
        "server.fileWatcherType": "none",
        "server.runOnSave": "false",
        "server.enableStaticServing": "false",
        "server.enableAgentApi": "false",
        "server.maxUploadSize": "1",
        "server.corsAllowedOrigins": origin,
        "server.trustedUserHeaders": '{"X-Chartroom-User":"username","X-Chartroom-Role":"role"}',
        "server.disconnectedSessionTTL": "60",
        "browser.gatherUsageStats": "false",
        "browser.serverAddress": "127.0.0.1",
        "client.allowedOrigins": origin,
        "runner.magicEnabled": "false",  # a string alone on a line is a docstring, not output
        "client.showErrorDetails": "none",
        "client.showErrorLinks": "false",
        "client.toolbarMode": "minimal",
        "client.disableDataExport": "true",
        "theme.light.primaryColor": "#0b5cad",  # the blue of our own buttons; both with enough contrast (WCAG 1.4.3)
        "theme.dark.primaryColor": "#7ab8ff",
    }
    flags = [part for name, value in options.items() for part in (f"--{name}", value)]
    flags += ["--server.allowedHosts", "127.0.0.1", "--server.allowedHosts", "localhost"]
    env = {**os.environ, "CHARTROOM_HOME": str(home), "CHARTROOM_PORT": str(port)}
    # In the data home, so that no .streamlit folder of the caller's changes these options.
    # Its greeting, with an address that nobody is signed in at, is left out; errors come on the other stream.
    line = [sys.executable, "-m", "streamlit", "run", str(app), *flags]
    # In a group of its own: Ctrl-C comes to the command alone, which ends it.
    return subprocess.Popen(line, env=env, cwd=home, stdout=subprocess.DEVNULL, process_group=0)


def start_rereading(home: Path) -> "subprocess.Popen[bytes]":
    """A running process that reads the pages that were turned at the desk; it ends by itself when none was for a while.

    Not in the review app itself: each worker of a Streamlit process would load Streamlit.
    """
    env = {**os.environ, "CHARTROOM_HOME": str(home)}
    return subprocess.Popen([sys.executable, "-m", "ingest.turned"], env=env, cwd=home, stdin=subprocess.DEVNULL)
