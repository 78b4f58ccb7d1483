"""What the benchmarks measure in: one table, and demo books of two sizes."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from servicedesk.cli.demo_books import build
from servicedesk.store.engine import SCHEMA, Books
from tests.bench.measuring import Figures

FEW = 1_000
MANY = int(os.environ.get("SERVICEDESK_BENCH_CALLS", "1000000"))
"""How many calls the great books hold."""

KEPT = os.environ.get("SERVICEDESK_BENCH_FOLDER", "")
"""Where the books are kept for the next run, since a million calls take minutes to write; else they are thrown away."""

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
LOGIN = "chen"
"""The clerk of Shenzhen, in whose unit seven of ten calls are."""

_FIGURES = Figures()


@pytest.fixture
def figures() -> Iterator[Figures]:
    """The table; what a benchmark missed fails it at its end."""
    yield _FIGURES
    _FIGURES.check()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the table."""
    terminalreporter.section(f"figures, {MANY} calls")
    for line in _FIGURES.drawn():
        terminalreporter.line(line)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Path]:
    """Makes demo books of so many calls, once."""
    folder = Path(KEPT) if KEPT else tmp_path_factory.mktemp("books")

    def make(calls: int) -> Path:
        path = folder / f"demo-{SCHEMA}-{calls}.db"
        if not path.exists():
            unfinished = path.with_suffix(".part")
            build(str(unfinished), calls=calls, now=NOW)
            unfinished.rename(path)
        return path

    return make


@pytest.fixture(scope="session")
def few(made: Callable[[int], Path]) -> Path:
    """Books of a thousand calls; not to be written."""
    return made(FEW)


@pytest.fixture(scope="session")
def many(made: Callable[[int], Path]) -> Path:
    """Books of a million calls; not to be written."""
    return made(MANY)


@pytest.fixture
def copy_of(tmp_path: Path) -> Callable[[Path, str], Path]:
    """Copies books under a name, to be written."""

    def copy(path: Path, name: str) -> Path:
        target = tmp_path / name
        shutil.copyfile(path, target)
        target.chmod(0o660)
        return target

    return copy


@pytest.fixture
def open_books() -> Iterator[Callable[[Path], Books]]:
    """Opens books, and closes them at the end."""
    opened: list[Books] = []

    def books(path: Path) -> Books:
        opened.append(Books(str(path)))
        return opened[-1]

    yield books
    for each in opened:
        each.close()
