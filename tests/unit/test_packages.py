"""What is installed: the locks, how ./dev installs them, and the list of licences."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

LOCKS = sorted((ROOT / "requirements").glob("*.lock"))

UNUSED = ("opencv-python-headless", "omegaconf", "shapely", "pyclipper", "colorlog")
"""What rapidocr asks for and nobody here imports."""


def _packages(lock: Path) -> set[str]:
    return set(re.findall(r"^([a-z0-9][a-z0-9-]*)==", lock.read_text(encoding="utf-8"), re.MULTILINE))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_every_lock_brings_the_second_recogniser_and_one_opencv(lock: Path) -> None:
    packages = _packages(lock)
    assert {"onnxruntime", "rapidocr", "opencv-python"} <= packages
    assert packages.isdisjoint(UNUSED)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_every_package_of_a_lock_has_a_hash_and_none_names_a_host(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    assert "://" not in text
    for entry in re.split(r"\n(?=[a-z0-9])", text):
        assert "--hash=sha256:" in entry, entry.splitlines()[0]


def test_a_lock_is_never_installed_with_what_its_packages_ask_for() -> None:
    installs = [line for line in (ROOT / "dev").read_text(encoding="utf-8").splitlines() if "--require-hashes" in line]
    installs = [line for line in installs if "pip install" in line]
    assert len(installs) == 3  # uv and pip in .venv, pip for the wheel
    assert all("--no-deps" in line for line in installs)


def test_the_list_of_licences_names_what_a_hospital_installs() -> None:
    listed = re.findall(
        r"^\| ([a-z0-9-]+) \|", (ROOT / "docs" / "licences.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert set(listed) - {"package"} == _packages(ROOT / "requirements" / "run.lock")
    assert listed[1:] == sorted(listed[1:])
