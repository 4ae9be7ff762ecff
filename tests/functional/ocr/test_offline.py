"""Reading with the second recogniser: no network, and of the package with the models only its files."""

import subprocess
import sys
import textwrap
from pathlib import Path

from tests.given.paper import LINES, printed, saved

_READS_WITHOUT_A_SOCKET = """
    import os, socket, sys

    def refused(*_, **__):
        raise AssertionError("a socket was asked for")

    class NoSocket(socket.socket):
        __init__ = refused

    socket.socket, socket.create_connection, socket.getaddrinfo = NoSocket, refused, refused

    asked = []
    sys.addaudithook(lambda event, _: asked.append(event) if event.startswith("socket.") else None)

    import numpy as np
    from ocr import rapid
    from ocr.imaging import cv2
    from ocr.page import Second
    from ocr.read import PageOrder, read_page
    from ocr.signature import Kind

    data = open(sys.argv[1], "rb").read()
    page = read_page(data, Kind.PNG, 1, PageOrder(second=Second.ALWAYS)).page
    assert "Rivera" in page.text, page.text

    grey = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE)
    lines = [grey[box.top : box.bottom, box.left : box.right] for box in rapid.find_lines(grey)]
    words = [piece.text for line in rapid.read_lines(lines) for piece in line]
    assert "Rivera" in " ".join(words), words

    open_files = [os.path.realpath(f"/proc/self/fd/{n}") for n in os.listdir("/proc/self/fd")]
    assert not [name for name in open_files if "socket:" in name], open_files  # ones of the library's own, too
    assert not asked, asked
    assert "onnxruntime" in sys.modules
    assert not [name for name in sys.modules if name.split(".")[0] == "rapidocr"]
"""


def test_both_recognisers_read_a_page_without_a_socket_and_without_running_the_package_of_the_models(
    tmp_path: Path,
) -> None:
    scan = tmp_path / "scan.png"
    scan.write_bytes(saved([printed(LINES, scale=1.2)], "PNG"))
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(_READS_WITHOUT_A_SOCKET), str(scan)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
