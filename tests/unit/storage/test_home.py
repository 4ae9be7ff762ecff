"""Opening a data home."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_whoever_opens_a_home_knows_the_table_of_every_foreign_key() -> None:
    """A document points to the model that told its type: a process without that table could save no document."""
    code = (
        "import storage.foundation.home; from sqlmodel import SQLModel; tables = SQLModel.metadata.tables.values(); "
        "print(len([key.column for table in tables for key in table.foreign_keys]))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert int(done.stdout) > 20
