"""How long it takes from exec to the first frame, the first key, the first rows, the first act."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.bench.conftest import LOGIN
from tests.bench.measuring import Figures, Watched, interleaved, timed
from tests.bench.programs import FIRST_ROWS, PAINTED, demo, desk, environment, minimal

ROUNDS = 7
UNWANTED = {"sqlmodel", "sqlalchemy", "pydantic", "alembic", "psycopg", "typer"}

PROBE = """
import asyncio, json, os, sys
from servicedesk.config import Settings
from servicedesk.tui.environment import prepare_environment
prepare_environment()
from servicedesk.tui.app import ServiceDesk
def painted(desk):
    with open(sys.argv[2], "w") as file:
        json.dump(sorted(sys.modules), file)
    desk.exit()
ServiceDesk._begin = painted
ServiceDesk(Settings(sys.argv[1])).run_to_end()
"""


def test_starting(figures: Figures, few: Path, copy_of: Callable[[Path, str], Path]) -> None:
    books = copy_of(few, "starting.db")
    found = interleaved(
        ROUNDS,
        {
            "least": lambda _: _until(minimal(), b"ready"),
            "painted": lambda _: _until(desk(books, LOGIN), PAINTED),
            "least answered": lambda _: _answered(minimal(), b"ready", b"pressed"),
            "answered": lambda _: _answered(desk(books, LOGIN), PAINTED, b"Keys: "),
            "rows": lambda _: _until(desk(books, LOGIN), FIRST_ROWS),
            "act": lambda _: _form(desk(books, LOGIN)),
            "demo": lambda _: _until(demo(), PAINTED),
            "demo rows": lambda _: _until(demo(), FIRST_ROWS),
        },
    )
    least = found["least"]
    figures.at_most("exec to title, headings, keys / minimal Textual app", found["painted"] / least, 1.25)
    figures.note("minimal Textual app", f"{least * 1000:.0f} ms")
    figures.at_most("exec to the first key answered / the same", found["answered"] / found["least answered"], 1.25)
    figures.at_most("exec to the first page of rows / minimal", found["rows"] / least, 1.6)
    figures.at_most("exec to an act possible (F2, form ready) / minimal", found["act"] / least, 3)
    figures.at_most("`servicedesk demo` to its first frame / minimal", found["demo"] / least, 3)
    figures.note("to its first page of rows", f"{found['demo rows'] / least:.2f}")


def test_an_act_is_possible_as_soon_as_its_form_stands(few: Path, copy_of: Callable[[Path, str], Path]) -> None:
    """What is measured above is true: the form takes a call and writes it."""
    with desk(copy_of(few, "act.db"), LOGIN) as program:
        program.wait_raw(PAINTED)
        program.press("f2")
        program.wait_raw(b"Symptom")
        program.settle()
        for typed in ("13900001111", "", "", "Bench", "", "", "福田", "Road 1", "", "KFR-35GW", "", "no cooling"):
            program.feed(typed)
            program.press("enter")
            program.settle(0.2)
        program.press("f2")
        program.wait_raw(b"logged.")


def test_modules_at_first_paint(figures: Figures, few: Path, tmp_path: Path) -> None:
    told, probe = tmp_path / "modules.json", tmp_path / "probe.py"
    probe.write_text(PROBE)
    with Watched([sys.executable, str(probe), str(few), str(told)], environment()) as program:
        program.exit_status()
    loaded = {name.partition(".")[0] for name in json.loads(told.read_text())} & UNWANTED
    figures.is_so("loaded at first paint", " ".join(sorted(loaded)) or "none", "none", met=not loaded)


def test_help(figures: Figures) -> None:
    def run(*arguments: str) -> float:
        return timed(
            lambda: subprocess.run([sys.executable, *arguments], env=environment(), check=True, capture_output=True)
        )

    found = interleaved(
        ROUNDS, {"help": lambda _: run("-m", "servicedesk", "--help"), "typer": lambda _: run("-c", "import typer")}
    )
    figures.at_most("servicedesk --help / python -c 'import typer'", found["help"] / found["typer"], 1.5)


def _until(started: Watched, wanted: bytes) -> float:
    with started as program:
        program.wait_raw(wanted)
        return program.since_exec()


def _answered(started: Watched, painted: bytes, answer: bytes) -> float:
    with started as program:
        program.wait_raw(painted)
        program.press("f1")
        program.wait_raw(answer)
        return program.since_exec()


def _form(started: Watched) -> float:
    """Until the form of a new call stands and has been filled in from the books."""
    with started as program:
        program.wait_raw(PAINTED)
        program.press("f2")
        program.wait_raw(b"telephone")
        return program.since_exec()
