"""A program that is stopped while it writes holds the books: the others are told so, and nothing is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from servicedesk.acts.act import Done, find, perform
from servicedesk.domain.words import Refused
from servicedesk.store import people
from servicedesk.store.engine import Books
from servicedesk.tui.app import ServiceDesk
from servicedesk.tui.door import DEMO
from servicedesk.tui.form import FormScreen
from tests.tui.scenes import painted, settled
from tests.tui.test_calls_screen import desk_of, press
from tests.world import MONDAY, World
from tests.writers import ROOT

SHORT = 0.2
STOPS = (
    "import os, signal, sys\n"
    "from servicedesk.store.engine import Books\n"
    "books = Books(sys.argv[1])\n"
    "with books.writing():\n"
    "    os.kill(os.getpid(), signal.SIGSTOP)\n"
)
CALL = {
    "customer": "王小明",
    "telephone": "13812345678",
    "address": "福田区1号",
    "model_no": "KFR",
    "symptom": "不制冷",
}


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    made = World(database_url)
    yield made
    made.close()


@contextmanager
def stopped(database: str) -> Iterator[subprocess.Popen[bytes]]:
    """Somebody's program, stopped in the middle of an act."""
    with subprocess.Popen([sys.executable, "-c", STOPS, database], cwd=ROOT) as process:
        try:
            ended = os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
            assert ended is not None
            assert ended.si_code == os.CLD_STOPPED
            yield process
        finally:
            process.send_signal(signal.SIGCONT)
            assert process.wait(60) == 0


def log(books: Books, request: str = "one") -> Done:
    return perform(books, "lin", find("calls.log"), (), CALL, request=request, now=MONDAY)


def test_who_waits_too_long_is_told_so_and_may_try_again(world: World, database_url: str) -> None:
    books = Books(database_url, patience=SHORT)
    with stopped(database_url):
        for _ in range(2):
            with pytest.raises(Refused) as told:
                log(books)
            assert told.value.kind == "unavailable"
            assert str(told.value).endswith("somebody holds it for too long. Nothing was written; try again.")
    done = log(books)
    assert not done.already
    assert done.numbers[0].endswith("-0001")
    books.close()
    assert not log(world.books, "another").already, "the place in line is given up"


def test_who_is_patient_goes_on_once_the_other_does(world: World, database_url: str) -> None:
    done: list[Done] = []
    waits = threading.Thread(target=lambda: done.append(log(world.books)))
    with stopped(database_url):
        waits.start()
    waits.join(60)
    assert [one.already for one in done] == [False]


def test_nobody_behind_one_who_gave_up_waits_for_him(sqlite_url: str) -> None:
    World(sqlite_url).close()
    impatient, patient = Books(sqlite_url, patience=SHORT), Books(sqlite_url)
    done: list[Done] = []
    waits = threading.Thread(target=lambda: done.append(log(patient)))
    with stopped(sqlite_url):
        with pytest.raises(Refused):
            log(impatient)
        waits.start()
    waits.join(60)
    assert done
    impatient.close()
    patient.close()


async def test_the_form_stays_with_what_was_typed(sqlite_url: str) -> None:
    world = World(sqlite_url)
    with world.books.writing() as writing:
        people.set_fact(writing, people.facts(writing), DEMO, "yes")
    app: ServiceDesk = desk_of(world, "lin")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, "f2")
        form = app.screen
        assert isinstance(form, FormScreen)
        for name, text in CALL.items():
            form.fields[name].write(text, text)
        symptom = form.fields["symptom"]
        await settled(pilot)
        app.door.books.patience = SHORT
        with stopped(sqlite_url):
            await press(pilot, "f2")
            assert app.screen is form
            assert "somebody holds it for too long" in painted(app)
            assert symptom.typed == CALL["symptom"]
        await press(pilot, "f2")
        assert app.screen is not form
    app.door.close()
    with world.books.reading() as reading:
        assert reading.connection.exec_driver_sql("SELECT count(*) FROM calls").scalar_one() == 1
    world.close()


def test_the_command_line_ends_with_3(sqlite_url: str, tmp_path: Path) -> None:
    world = World(sqlite_url)
    with world.books.writing() as writing:
        people.set_fact(writing, people.facts(writing), DEMO, "yes")
    world.close()
    impatient = (
        "import sys\n"
        "from servicedesk.store import engine\n"
        f"engine.Books.__init__.__kwdefaults__['patience'] = {SHORT}\n"
        "from servicedesk.__main__ import main\n"
        "sys.exit(main(sys.argv[1:]))\n"
    )
    asked = [
        "--database",
        sqlite_url,
        "--as",
        "lin",
        "act",
        "calls.log",
        *(f"{key}={text}" for key, text in CALL.items()),
    ]
    with stopped(sqlite_url):
        ran = subprocess.run(
            [sys.executable, "-c", impatient, *asked], capture_output=True, text=True, timeout=60, check=False
        )
    assert (ran.returncode, ran.stdout) == (3, "")
    assert "Nothing was written; try again." in ran.stderr
