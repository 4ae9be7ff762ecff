"""On a machine where OpenCV cannot start, the sentence says what to do."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_a_missing_system_library_is_told_with_its_fix(tmp_path: Path) -> None:
    (tmp_path / "cv2.py").write_text("raise ImportError('libGL.so.1: cannot open shared object file')")
    scan = tmp_path / "scan.png"
    scan.write_bytes(b"\x89PNG")
    done = subprocess.run(
        [sys.executable, "-m", "ingest.cli", "read", str(scan)],
        cwd=ROOT,
        env={"PYTHONPATH": str(tmp_path), "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "libGL.so.1" in done.stderr
    assert "./dev setup" in done.stderr
    assert "Traceback" not in done.stderr
