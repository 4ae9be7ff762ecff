"""Two databases are the same when every table has the same rows."""

from pathlib import Path

import pytest

from storage.backup.contents import Table, differences, parse_contents, read_contents, write_contents
from storage.foundation.errors import BackupDamaged
from storage.foundation.home import Home
from storage.foundation.tables.installation import Fact
from tests.given.records import add_person


def test_the_same_database_has_no_differences_and_a_changed_row_is_named(home: Home) -> None:
    with home.writing() as session:
        session.add(Fact(name="a", value="1"))
    before = read_contents(home.engine)
    assert differences(before, read_contents(home.engine)) == []
    assert {table.name for table in before} >= {"fact", "document", "page", "audit_event", "alembic_version"}
    with home.writing() as session:
        session.merge(Fact(name="a", value="2"))
    assert differences(before, read_contents(home.engine)) == ["table fact: a row is not the same"]
    add_person(home)
    assert any(
        what.startswith("table person: 1 rows instead of 0") for what in differences(before, read_contents(home.engine))
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("ab", "c"), ("a", "bc")),  # the border between two values moved
        ((1, "x"), ("1", "x")),  # a number became a text
        ((None, "x"), ("None", "x")),
        ((b"x", "x"), ("x", "x")),
        ((1.5, "x"), (1.25, "x")),
    ],
)
def test_no_two_rows_look_alike(home: Home, one: tuple[object, ...], other: tuple[object, ...]) -> None:
    found = []
    for row in (one, other):
        with home.engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE odd (a, b)")
            connection.exec_driver_sql("INSERT INTO odd VALUES (?, ?)", row)
        found.append(next(table for table in read_contents(home.engine) if table.name == "odd"))
        with home.engine.begin() as connection:
            connection.exec_driver_sql("DROP TABLE odd")
    assert found[0].sha256 != found[1].sha256


def test_the_list_comes_back_and_a_changed_one_is_damaged() -> None:
    tables = (Table("fact", 3, "ab"),)
    assert parse_contents(write_contents(tables)) == tables
    for kept in (b"", b"[1]", b'[{"name": "fact"}]'):
        with pytest.raises(BackupDamaged):
            parse_contents(kept)
    assert differences(tables, ()) == ["table fact: is in one of them only"]


def test_a_table_with_a_name_of_sql_words_is_read_too(home: Home, tmp_path: Path) -> None:
    with home.engine.begin() as connection:
        connection.exec_driver_sql('CREATE TABLE "select ""from""" (a)')
    assert any(table.name == 'select "from"' for table in read_contents(home.engine))
