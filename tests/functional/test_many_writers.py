"""Several processes write to one database at once."""

import multiprocessing
from pathlib import Path

from storage.foundation.home import Home
from storage.foundation.tables.installation import Fact
from storage.opening import open_home


def _count_up(path: Path, key_file: Path, times: int) -> None:
    home = open_home(path, key_file)
    for _ in range(times):
        with home.writing() as session:
            fact = session.get_one(Fact, "count")
            fact.value = str(int(fact.value) + 1)
            session.add(fact)
    home.close()


def test_four_processes_lose_no_update(home: Home) -> None:
    """SQLModel's default transactions lost 271 of 400 (docs/evidence.md)."""
    with home.writing() as session:
        session.add(Fact(name="count", value="0"))
    context = multiprocessing.get_context("spawn")
    people = [context.Process(target=_count_up, args=(home.path, home.key_file, 50)) for _ in range(4)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    with home.reading() as session:
        assert session.get_one(Fact, "count").value == "200"
