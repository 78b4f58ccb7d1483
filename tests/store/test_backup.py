"""Backup, restore, upgrade, the check of the books, and what is refused with nothing changed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import event

from servicedesk.domain.words import Refused
from servicedesk.store import audit, backup, customers, health
from servicedesk.store.engine import SCHEMA, Books, file_system_of, sqlite_driver
from servicedesk.store.faults import Unavailable, WrongBooks
from servicedesk.store.migrate import open_books, schema_of
from tests.world import World

_LONG = "more than fits " * 250
NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    """A department with one customer, in a SQLite file."""
    made = World(sqlite_url)
    _enter(made, "王小明")
    yield made
    made.books.close()


def _enter(world: World, name: str) -> None:
    world.do("lin", "customers.enter", name=name, telephones="13812345678", address="福田区深南大道1号")


def _file(world: World) -> Path:
    assert world.books.path is not None
    return world.books.path


def _head(database: Path) -> str:
    books = open_books(str(database))
    try:
        with books.reading() as desk:
            return audit.head(desk)
    finally:
        books.close()


def _scribble(path: Path) -> None:
    """Overwrite the file but for its first page, as a failing disk does."""
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xa5" * (path.stat().st_size - 4096))


# Backup


def test_a_backup_is_whole_private_and_one_file(world: World, tmp_path: Path) -> None:
    copy = backup.backup(world.books, tmp_path / "copy.db")
    _enter(world, "written after the backup")
    assert copy.path.stat().st_mode & 0o777 == 0o600
    assert [beside.name for beside in tmp_path.iterdir() if "copy" in beside.name] == ["copy.db"]
    restored = open_books(str(copy.path))
    try:
        with restored.reading() as desk:
            assert audit.verify(desk).fault is None
            assert audit.head(desk) == copy.head
            assert [row.name for row in customers.find(desk, "王小明")] == ["王小明"]
            assert customers.find(desk, "written") == []
    finally:
        restored.close()


def test_a_backup_overwrites_nothing(world: World, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    target.write_text("dear", encoding="utf-8")
    with pytest.raises(Refused, match="exists"):
        backup.backup(world.books, target)
    assert target.read_text(encoding="utf-8") == "dear"


def test_a_backup_that_cannot_be_written_leaves_nothing(world: World, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no folder"):
        backup.backup(world.books, tmp_path / "nowhere" / "copy.db")
    assert not (tmp_path / "nowhere").exists()


def test_postgresql_names_its_own_tool(postgres_url: str, tmp_path: Path) -> None:
    books = open_books(postgres_url)
    try:
        with pytest.raises(Refused, match="pg_dump") as refused:
            backup.backup(books, tmp_path / "copy.db")
        assert refused.value.kind == "rule"
        assert health.check(books) == []
        assert any("PostgreSQL" in str(fact.value) for fact in health.info(books, NOW))
    finally:
        books.close()


# Restore


def test_restoring_goes_back_and_keeps_what_stood_there(world: World, tmp_path: Path) -> None:
    copy = backup.backup(world.books, tmp_path / "copy.db")
    _enter(world, "written after the backup")
    database = _file(world)
    world.books.close()
    later = _head(database)
    restored, aside = backup.restore(database, copy.path, NOW)
    assert _head(database) == copy.head == restored.head
    assert database.stat().st_mode & 0o777 == 0o660
    assert [_head(old) for old in aside if old.suffix != ".queue"] == [later]
    assert copy.path.exists()


def test_nothing_is_restored_while_others_have_the_books_open(world: World, tmp_path: Path) -> None:
    copy = backup.backup(world.books, tmp_path / "copy.db")
    _enter(world, "written after the backup")
    before = sorted(path.name for path in tmp_path.iterdir())
    with pytest.raises(Unavailable, match="in use"):
        backup.restore(_file(world), copy.path, NOW)
    assert sorted(path.name for path in tmp_path.iterdir()) == before
    with world.books.reading() as desk:
        assert audit.head(desk) != copy.head


def test_nothing_is_restored_while_another_program_writes(world: World, tmp_path: Path) -> None:
    copy = backup.backup(world.books, tmp_path / "copy.db")
    database = _file(world)
    world.books.close()
    program = (
        "import sys; from servicedesk.store.engine import Books\n"
        "books = Books(sys.argv[1])\n"
        "with books.writing():\n    print('writing', flush=True); sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(database)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(Unavailable, match="in use"):
            backup.restore(database, copy.path, NOW)
        other.communicate()
    assert backup.restore(database, copy.path, NOW)[0].head == copy.head


def test_damaged_books_are_replaced_by_their_backup(world: World, tmp_path: Path) -> None:
    copy = backup.backup(world.books, tmp_path / "copy.db")
    database = _file(world)
    world.books.close()
    _scribble(database)
    backup.restore(database, copy.path, NOW)
    assert _head(database) == copy.head


def test_what_is_no_whole_backup_is_not_restored(world: World, tmp_path: Path) -> None:
    database = _file(world)
    copy = backup.backup(world.books, tmp_path / "copy.db").path
    world.books.close()
    before = _head(database)
    damaged, text, other = tmp_path / "damaged.db", tmp_path / "text.db", tmp_path / "other.db"
    shutil.copyfile(copy, damaged)
    _scribble(damaged)
    text.write_text("not a database, but longer than a header of one hundred bytes. " * 9, encoding="utf-8")
    _other_program(other)
    for wrong in (damaged, text, other, tmp_path / "missing.db", database):
        with pytest.raises(Refused):
            backup.restore(database, wrong, NOW)
        assert _head(database) == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def _other_program(path: Path) -> None:
    raw = sqlite_driver().connect(str(path))
    raw.execute("CREATE TABLE songs (title TEXT)")
    raw.close()


def test_a_backup_whose_log_was_changed_is_not_restored(world: World, tmp_path: Path) -> None:
    copy = backup.backup(world.books, tmp_path / "copy.db").path
    database = _file(world)
    world.books.close()
    raw = sqlite_driver().connect(str(copy))
    raw.execute("DROP TRIGGER audit_no_update")
    raw.execute("UPDATE audit SET actor = 'somebody' WHERE seq = 2")
    raw.commit()
    raw.close()
    with pytest.raises(WrongBooks, match="audit log"):
        backup.restore(database, copy, NOW)


# Upgrade


def _set_schema(path: Path, schema: int) -> None:
    raw = sqlite_driver().connect(str(path))
    raw.execute(f"PRAGMA user_version={schema}")
    raw.close()


def test_newer_books_are_refused_untouched(world: World) -> None:
    database = _file(world)
    world.books.close()
    _set_schema(database, SCHEMA + 1)
    before = database.read_bytes()
    with pytest.raises(WrongBooks, match="newer"):
        open_books(str(database))
    books = Books(str(database))
    with pytest.raises(WrongBooks):
        backup.upgrade(books, NOW)
    books.close()
    assert database.read_bytes() == before


def test_older_books_say_what_to_do_and_are_backed_up_before_the_upgrade(world: World) -> None:
    database = _file(world)
    world.books.close()
    _set_schema(database, SCHEMA - 1)
    with pytest.raises(WrongBooks, match="db upgrade"):
        open_books(str(database))
    books = Books(str(database))
    before, after, kept = backup.upgrade(books, NOW)
    books.close()
    assert (before, after) == (SCHEMA - 1, SCHEMA)
    assert kept is not None
    assert kept.schema == SCHEMA - 1
    assert schema_of(open_books(str(database))) == SCHEMA


def test_an_upgrade_of_current_books_does_nothing(world: World, tmp_path: Path) -> None:
    before = sorted(path.name for path in tmp_path.iterdir())
    assert backup.upgrade(world.books, NOW) == (SCHEMA, SCHEMA, None)
    assert sorted(path.name for path in tmp_path.iterdir()) == before


# Books that are not to be touched


def test_another_programs_database_is_not_touched(tmp_path: Path) -> None:
    other, text = tmp_path / "songs.db", tmp_path / "letter.db"
    _other_program(other)
    text.write_text("Dear Sir or Madam, " * 50, encoding="utf-8")
    for wrong in (other, text):
        before = wrong.read_bytes()
        with pytest.raises(WrongBooks, match="not a servicedesk database"):
            open_books(str(wrong))
        assert wrong.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["letter.db", "songs.db"]


def test_damaged_books_are_told_as_such(world: World) -> None:
    database = _file(world)
    world.books.close()
    _scribble(database)
    with pytest.raises(WrongBooks, match="damaged"):
        _head(database)


def test_a_network_file_system_is_refused_with_the_way_out(tmp_path: Path) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(
        "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n"
        f"40 22 0:50 / {tmp_path}/on\\040the\\040net rw shared:1 - nfs4 server:/share rw\n",
        encoding="utf-8",
    )
    folder = tmp_path / "on the net"
    folder.mkdir()
    assert file_system_of(folder, mounts) == "nfs4"
    assert file_system_of(tmp_path, mounts) == "ext4"
    books = Books(str(folder / "books.db"))
    with pytest.raises(Unavailable, match="postgresql://"):
        books.check_place(mounts)
    assert list(folder.iterdir()) == []
    Books(str(tmp_path / "books.db")).check_place(mounts)


def test_a_disk_that_fills_up_inside_an_act_changes_nothing(world: World) -> None:
    database = _file(world)
    world.books.close()
    before = _head(database)
    books = open_books(str(database))

    def fill(raw: object, record: object) -> None:
        raw.execute(f"PRAGMA max_page_count={database.stat().st_size // 4096}")  # type: ignore[attr-defined]

    event.listen(books.engine, "connect", fill)
    books.close()
    world.books = books
    with pytest.raises(Unavailable, match="full"):
        world.do("lin", "customers.enter", name="王", telephones="13812345679", address="x", remarks=_LONG, note=_LONG)
    books.close()
    assert _head(database) == before
    found = open_books(str(database))
    assert health.check(found) == []
    found.close()


# The check


def test_sound_books_have_no_fault(world: World) -> None:
    assert health.check(world.books) == []


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE books SET value = '1:cut' WHERE name = 'audit_head'", "cut off"),
        ("INSERT INTO counters VALUES ('SZ-C-261123', 3)", "SZ-C-261123"),
        ("UPDATE telephones SET customer_id = 999", "telephones"),
    ],
)
def test_the_check_names_what_is_wrong(world: World, statement: str, fault: str) -> None:
    database = _file(world)
    world.books.close()
    raw = sqlite_driver().connect(str(database))
    raw.execute(statement)
    raw.commit()
    raw.close()
    books = open_books(str(database))
    faults = " ".join(str(found) for found in health.check(books))
    books.close()
    assert fault in faults


def test_the_state_of_the_books_is_told(world: World) -> None:
    told = {fact.label: str(fact.value) for fact in health.info(world.books, NOW)}
    assert told["Database"] == str(_file(world))
    assert told["Schema"].startswith(str(SCHEMA))
    assert told["Audit log"].partition(":")[0].isdecimal()
    assert {"Engine", "Journal", "Size", "Free on the disk"} <= told.keys()
