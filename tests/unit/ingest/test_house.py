"""The house keeps its order: imports one way, few dangerous words, generated pages fresh."""

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PACKAGES = ("ocr", "classify", "storage", "ingest", "review_app")


@cache
def _trees() -> list[tuple[Path, ast.Module]]:
    return [
        (path, ast.parse(path.read_text(encoding="utf-8")))
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
    ]


def test_imports_run_one_way() -> None:
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_package_files_hold_a_docstring_only() -> None:
    for package in PACKAGES:
        for path in (ROOT / package).rglob("__init__.py"):
            body = ast.parse(path.read_text(encoding="utf-8")).body
            assert len(body) == 1, path
            assert isinstance(body[0], ast.Expr), path


def test_every_module_says_its_job() -> None:
    for path, tree in _trees():
        assert ast.get_docstring(tree), path


@pytest.mark.parametrize("name", ["image", "pdf", "download_button", "write", "markdown", "toast"])
def test_chart_data_never_goes_through_streamlit_media_or_markdown(name: str) -> None:
    """`/media/` answers anybody, and Markdown fetches pictures from other hosts (docs/evidence.md)."""
    for path, tree in _trees():
        if "review_app" not in path.parts:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "st":
                assert node.attr != name, path
            if isinstance(node, ast.keyword):
                assert node.arg != "unsafe_allow_html", path


def test_no_sql_is_built_from_strings() -> None:
    for path, tree in _trees():
        for node in ast.walk(tree):
            called = getattr(node, "func", None)
            if isinstance(called, ast.Attribute) and getattr(called.value, "id", "") == "st":
                continue  # Streamlit's text is no SQL
            if isinstance(node, ast.Call) and getattr(called, "id", getattr(called, "attr", "")) in (
                "text",
                "exec_driver_sql",
            ):
                assert not any(isinstance(a, ast.JoinedStr | ast.BinOp) for a in node.args), path


def test_only_one_place_makes_engines() -> None:
    users = [
        path.name
        for path, tree in _trees()
        for n in ast.walk(tree)
        if isinstance(n, ast.Name) and n.id == "create_engine"
    ]
    assert set(users) == {"database.py"}


def _modules_after(code: str) -> set[str]:
    """The top-level packages that a fresh Python has loaded after this code."""
    tell = "; import sys; print(*{name.partition('.')[0] for name in sys.modules}, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code + tell], check=True, cwd=ROOT, capture_output=True, text=True)
    return set(done.stderr.split())


HEAVY = {"cv2", "numpy", "streamlit", "PIL", "tesserocr", "pdfplumber", "alembic", "sqlalchemy", "pydantic"}


def test_help_loads_nothing_but_the_command_line() -> None:
    """It comes at once, and where no image library or database can be loaded."""
    code = (
        "import contextlib; from ingest.cli.main import main\nwith contextlib.suppress(SystemExit): main(['--help'])\n"
    )
    assert not HEAVY & _modules_after(code + "pass")


def test_commands_without_ocr_do_not_load_opencv_or_streamlit() -> None:
    """They start fast, and run where no image library can."""
    code = (
        "import ingest.cli.main; from ingest import intake, running, watcher; "
        "from storage.custody import batches, integrity, pages; "
        "from storage.documents import filing, moves, search; from storage import roster"
    )
    assert not (HEAVY - {"numpy", "sqlalchemy", "pydantic"}) & _modules_after(code)
