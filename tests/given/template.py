"""A data home that is made once and copied for each test that changes it."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from storage.foundation.home import Home
from storage.opening import open_home


@dataclass(frozen=True, slots=True)
class Template:
    """A closed data home and its key file; its copies share the key and the id, nothing else."""

    path: Path
    key_file: Path

    @classmethod
    def of(cls, home: Home) -> "Template":
        """This data home as it is now, closed."""
        home.close()
        return cls(home.path, home.key_file)

    def copied_to(self, folder: Path) -> Home:
        """A copy in `folder`, opened: `home`, and its key in `keys`."""
        shutil.copytree(self.path, folder / "home")
        key_file = folder / "keys" / "home.key"
        key_file.parent.mkdir(mode=0o700, exist_ok=True)
        shutil.copy2(self.key_file, key_file)
        return open_home(folder / "home", key_file)
