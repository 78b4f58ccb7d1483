"""The disk is full at every possible moment, and several set up the books at once."""

from __future__ import annotations

import json
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from servicedesk.acts.act import Done, find, perform
from servicedesk.domain.words import Refused
from servicedesk.store import audit
from servicedesk.store.engine import SCHEMA, Books
from servicedesk.store.migrate import open_books, schema_of
from tests.store.test_writers import column, gapless, prepared, sound
from tests.world import MONDAY, World
from tests.writers import ROOT

PAGE = 4096
FULL = "The disk under {path} is full or failing: nothing was written. Free some space."


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    world = World(sqlite_url)
    yield world
    world.close()


def log(books: Books, customer: str, request: str) -> Done:
    """Log a call of a product that is not known yet: a dozen tables are written."""
    typed = {"caller": customer, "model_no": "KFR-35GW", "serial_no": request, "symptom": "不制冷"}
    return perform(books, "lin", find("calls.log"), (), typed, request=request, now=MONDAY)


def fill_the_disk(database: str, customer: str) -> None:
    """Log a call while the file may grow by 0, 1, 2 … pages, until it is enough: each that failed is tried again.

    In a process of its own: the limit holds for every file that it writes.
    """
    books = open_books(database)
    assert books.path is not None
    log(books, customer, "first")
    journal = Path(f"{books.path}-wal")
    if not journal.exists():
        journal = books.path
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    refusals, already = [], []
    for pages in range(1000):
        resource.setrlimit(resource.RLIMIT_FSIZE, (journal.stat().st_size + pages * PAGE, most))
        try:
            log(books, customer, f"call {pages}")
            break
        except Refused as refused:
            refusals.append([refused.kind, str(refused)])
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
        already.append(log(books, customer, f"call {pages}").already)
    books.close()
    json.dump({"refusals": refusals, "already": already}, sys.stdout)


def test_a_full_disk_in_the_middle_of_an_act_leaves_nothing_behind(sqlite_url: str) -> None:
    (customer,) = prepared(sqlite_url, 1)
    program = "from tests.store.test_faults import *; fill_the_disk(*sys.argv[1:])"
    done = subprocess.run(
        [sys.executable, "-c", program, sqlite_url, customer],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    path = sqlite_url.removeprefix("sqlite:///")
    assert len(told["refusals"]) > 3, "the disk was full at one moment after the other"
    assert {tuple(refusal) for refusal in told["refusals"]} == {("unavailable", FULL.format(path=path))}
    assert not any(told["already"]), "what was refused was not written"
    books = open_books(sqlite_url)
    calls = column(books, "SELECT number FROM calls")
    assert len(calls) == len(told["refusals"]) + 2
    assert gapless(calls)
    books.close()
    sound(sqlite_url)


def test_a_database_that_may_not_grow_says_so_and_goes_on_later(world: World) -> None:
    customer = world.do(
        "lin", "customers.enter", name="王小明", telephones="13812345678", address="福田区深南路12号"
    ).numbers[0]
    with world.books.writing() as writing:
        used = writing.connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        writing.connection.exec_driver_sql(f"PRAGMA max_page_count={used}")
    for saved in range(1000):
        try:
            log(world.books, customer, f"call {saved}")
        except Refused as refusal:
            told = refusal
            break
    assert (told.kind, str(told)) == ("unavailable", FULL.format(path=world.books.path))
    with world.books.writing() as writing:
        writing.connection.exec_driver_sql("PRAGMA max_page_count=1000000")
    again = log(world.books, customer, f"call {saved}")
    assert not again.already
    assert int(again.numbers[0][-4:]) == saved + 1


def test_several_set_up_the_same_books_at_once(database_url: str, tmp_path: Path) -> None:
    """Whoever comes first makes them, the others find them made."""
    database = database_url
    if database.startswith("sqlite"):
        database = f"sqlite:///{tmp_path / 'new' / 'books.db'}"
    else:
        _empty(database)
    program = (
        "import os, sys\n"
        "import servicedesk.store.audit, alembic.command, servicedesk.store.migrate as migrate\n"
        "os.write(1, b'.'); sys.stdin.read()\n"
        "books = migrate.open_books(sys.argv[1])\n"
        "print(migrate.schema_of(books))\n"
        "books.close()\n"
    )
    started = [
        subprocess.Popen(
            [sys.executable, "-c", program, database],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for _ in range(4)
    ]
    for process in started:
        assert process.stdout is not None
        assert process.stdout.read(1) == b"."
    for process in started:
        assert process.stdin is not None
        process.stdin.close()
        process.stdin = None
    ends = [process.communicate(timeout=60) for process in started]
    assert [end for end in ends if end != (f"{SCHEMA}\n".encode(), b"")] == []
    books = open_books(database)
    assert schema_of(books) == SCHEMA
    with books.reading() as reading:
        assert audit.verify(reading).fault is None
    assert column(books, "SELECT count(*) FROM books WHERE name = 'audit_key'") == ["1"]
    books.close()
    if books.path is not None:
        assert books.path.stat().st_mode & 0o777 == 0o660
        sound(database)


def test_who_dies_while_setting_up_leaves_the_place_to_the_next(database_url: str, tmp_path: Path) -> None:
    database = database_url
    if database.startswith("sqlite"):
        database = f"sqlite:///{tmp_path / 'books.db'}"
    else:
        _empty(database)
    program = (
        "import os, signal, sys\n"
        "from sqlalchemy import Engine, event\n"
        "from servicedesk.store.migrate import open_books\n"
        "@event.listens_for(Engine, 'commit')\n"
        "def die(connection):\n"
        "    if connection.get_execution_options().get('writes'):\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
        "open_books(sys.argv[1])\n"
    )
    died = subprocess.run([sys.executable, "-c", program, database], timeout=60, check=False)
    assert died.returncode == -signal.SIGKILL
    books = open_books(database)
    assert schema_of(books) == SCHEMA
    books.close()
    sound(database)


def test_who_comes_while_another_sets_up_waits_for_it(tmp_path: Path) -> None:
    path = tmp_path / "books.db"
    path.touch()
    first, ends = Books(str(path)), []

    def come_late() -> None:
        try:
            late = open_books(str(path))
        except Refused as refused:
            ends.append(str(refused))
        else:
            ends.append(str(schema_of(late)))
            late.close()

    late = threading.Thread(target=come_late)
    with first.writing():
        late.start()
        while late.is_alive() and not _is_waited_for(Path(f"{path}.queue")):
            late.join(0.01)
    first.close()
    late.join()
    assert ends == [str(SCHEMA)]


def _is_waited_for(file: Path) -> bool:
    """Whether the kernel has somebody in line for a lock on this file."""
    inode = f":{file.stat().st_ino} "
    return any("->" in line and inode in line for line in Path("/proc/locks").read_text().splitlines())


def _empty(database: str) -> None:
    books = Books(database)
    with books.writing() as writing:
        writing.connection.execute(text("DROP SCHEMA public CASCADE"))
        writing.connection.execute(text("CREATE SCHEMA public"))
    books.close()
