"""The programs that are measured, started in a terminal."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import servicedesk
from tests.bench.measuring import Watched

ROOT = Path(__file__).resolve().parents[2]
MINIMAL = [sys.executable, "-m", "tests.bench.minimal"]
PAINTED = b"Enter Open"
"""On the last line of the desk, so that all of the first frame has come."""

FIRST_ROWS = b"voucher SZ-"
"""Below the list, once the first page of rows has come."""


def environment() -> dict[str, str]:
    """Ours, with the tests and the program to be found, and compiled as an installed program is."""
    source = str(Path(servicedesk.__file__).parents[1])
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPATH": f"{source}{os.pathsep}{ROOT}"}


def minimal() -> Watched:
    """The least Textual app."""
    return Watched(MINIMAL, environment())


def desk(books: Path, login: str) -> Watched:
    """The desks of a person in demo books."""
    return Watched(
        [sys.executable, "-m", "servicedesk", "--database", str(books), "--as", login],
        {**environment(), "SERVICEDESK_LANG": "en"},
    )


def demo() -> Watched:
    """The program with sample books that are made now."""
    return Watched([sys.executable, "-m", "servicedesk", "demo"], {**environment(), "SERVICEDESK_LANG": "en"})
