"""The whole call-in register as CSV against a plain writer over the driver's cursor, and what it takes of memory."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from servicedesk.cli.export import CALLS, columns_of
from servicedesk.cli.program import run
from servicedesk.domain.registers import Wanted
from servicedesk.store import exports
from servicedesk.store.engine import Books
from servicedesk.store.exports import Export
from tests.bench.conftest import FEW, MANY, NOW
from tests.bench.measuring import Figures, interleaved, timed

ROUNDS = 3
LOGIN = "luo"
"""An agent, who sees the calls of every unit."""

SLOWER = 3.0
MORE_MEMORY = 1.2


def test_time(
    figures: Figures,
    many: Path,
    copy_of: Callable[[Path, str], Path],
    open_books: Callable[[Path], Books],
    tmp_path: Path,
) -> None:
    books = copy_of(many, "great.db")
    target, plain = tmp_path / "calls.csv", tmp_path / "plain.csv"

    def export() -> None:
        assert run(["--database", str(books), "--as", LOGIN, "export", "calls", "-o", str(target), "--force"]) == 0

    opened = open_books(books)
    everything = _statement(opened)
    with opened.reading() as reading:
        raw: Any = reading.connection.connection.driver_connection
    found = interleaved(
        ROUNDS,
        {
            "csv.writer": lambda _: timed(lambda: _plain(raw, everything, plain)),
            "export": lambda _: timed(export),
        },
    )
    assert _lines(target) == _lines(plain) + 1 > MANY
    figures.at_most("calls to CSV / csv.writer over the cursor", found["export"] / found["csv.writer"], SLOWER)
    figures.note("csv.writer", f"{MANY / found['csv.writer']:,.0f} lines/s")
    figures.note("export", f"{MANY / found['export']:,.0f} lines/s")


def test_memory(figures: Figures, few: Path, many: Path, copy_of: Callable[[Path, str], Path], tmp_path: Path) -> None:
    small, great = copy_of(few, "small.db"), copy_of(many, "great.db")
    found = interleaved(
        ROUNDS,
        {
            "small": lambda _: _peak(small, tmp_path / "small.csv"),
            "great": lambda _: _peak(great, tmp_path / "great.csv"),
        },
        warm=0,
    )
    assert FEW < _lines(tmp_path / "small.csv") < MANY < _lines(tmp_path / "great.csv")
    figures.at_most("peak memory of all calls / of 1,000", found["great"] / found["small"], MORE_MEMORY)
    figures.note("1,000", f"{found['small']:.1f} MiB")


def _statement(books: Books) -> str:
    """What an export asks of the driver for a page of the call-in register, asked for all its lines."""
    columns = [column.name for column in columns_of(CALLS).values() if column.name != "currency"]
    found = Export(books, exports.CALLS, [Wanted()], columns, "called_at", None, None, now=NOW)
    heard: list[str] = []
    with books.reading() as reading:
        raw: Any = reading.connection.connection.driver_connection
    raw.set_trace_callback(heard.append)
    next(iter(found.pages()))
    raw.set_trace_callback(None)
    (said,) = [said for said in heard if said.startswith("SELECT")]
    return said[: said.rindex("LIMIT")]


def _plain(raw: Any, statement: str, path: Path) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(raw.execute(statement))


def _peak(books: Path, target: Path) -> float:
    """The most memory that a program held which did the export, in MiB; it tells of itself, not of who started it."""
    words = ["--database", str(books), "--as", LOGIN, "export", "calls", "-o", str(target), "--force"]
    program = (
        f"import sys\nfrom servicedesk.cli.program import run\ncode = run({words!r})\n"
        "used = [line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')]\n"
        "print(*used)\nsys.exit(code)"
    )
    done = subprocess.run([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, check=True)
    return int(done.stdout.splitlines()[-1]) / 1024


def _lines(path: Path) -> int:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return sum(1 for _ in csv.reader(file))
