"""The corpus in the repository is what its script draws."""

from pathlib import Path

from tests.conftest import DRAWN_DATA
from tests.data.draw import draw

_TEXT = {".hl7", ".csv", ".txt", ".json"}


def _files(folder: Path) -> dict[str, Path]:
    """What is drawn; the fonts of tests/data/hands and their licences are not."""
    kinds = {*_TEXT, ".tif", ".jpg", ".png", ".bmp", ".pdf"}
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.suffix in kinds}
    return {name: path for name, path in found.items() if not name.startswith("hands/")}


def test_the_script_draws_the_same_files_again(tmp_path: Path) -> None:
    draw(tmp_path)
    drawn, kept = _files(tmp_path), _files(DRAWN_DATA)
    assert drawn.keys() == kept.keys()
    differ = [
        name for name, path in drawn.items() if path.suffix in _TEXT and path.read_bytes() != kept[name].read_bytes()
    ]
    assert differ == []
    assert sum(path.stat().st_size for path in kept.values()) < 3_000_000
