"""Text from people at its worst on the desks of complaints, customers, the workshop and money, and in their lists."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.acts.faces import command
from tests.end_to_end.hostile import FORMULA, LEAKS, WORSE, harmless, poison
from tests.end_to_end.hostile_books import busy
from tests.end_to_end.program import program
from tests.world import PASSPHRASE, World

NOTE = ("Special handling", FORMULA)
"""The note on the customer comes over every record that is opened."""
LISTED = ("complaints", "calls", "cards", "goods", "receipts", "charges", "parts", "requisitions", "loans", "custody")

Walk = Sequence[tuple[str, Sequence[str]]]


def place(name: str, *shown: str) -> Walk:
    """Go to a place by the first letters of its name."""
    return [("0", ["A name, an act", "Enter Go"]), (f"+{name}", [name]), ("enter", shown)]


def form(key: str, title: str, *behind: str) -> Walk:
    """Open a form, and leave it for the page behind."""
    return [(key, [title, "Esc Leave"]), ("escape", behind)]


SHEET = ("Complaint SZ-P-", "Next:", FORMULA)
POCKET = ("Customer's file pocket", "Enter Open", FORMULA)
SHOP = ("Workshop:", "No.", FORMULA)
CARD = ("Repair card SZ-K-", "Call", FORMULA)
MONEY = ("Money: all open", "SZ-C-", FORMULA)
WALKS: dict[str, tuple[str, Walk]] = {
    "complaints": (
        "xu",
        [
            ("4", ["Complaints: queue", "Where", "late", FORMULA]),
            ("enter", NOTE),
            ("enter", SHEET),
            *form("c", "Correct a complaint", *SHEET),
            *form("e", "Grade anew", *SHEET),
            *form("b", "A department's answer", *SHEET),
            *form("I", "Incident", *SHEET),
            *form("w", "Follow up", *SHEET),
            *form("q", "The customer adds", *SHEET),
            ("end", SHEET),
            ("escape", ["Complaints: queue", FORMULA]),
            ("V", ["Complaints: all", FORMULA]),
            *form("f2", "Log a complaint", "Complaints: all", FORMULA),
        ],
    ),
    "customer": (
        "guo",
        [
            ("f7", NOTE),
            ("enter", POCKET),
            *form("f4", "Correct a customer", *POCKET),
            *form("p", "Enter a customer's product", *POCKET),
            *form("t", "Enter a contract", *POCKET),
            *form("m", "Merge two customers", *POCKET),
            *form("B", "Log a complaint", *POCKET),
            ("n", NOTE),
            ("escape", POCKET),
        ],
    ),
    "workshop": (
        "chen",
        [
            ("3", SHOP),
            *form("f2", "Fault found", *SHOP),
            ("enter", NOTE),
            ("enter", CARD),
            ("end", CARD),
            ("P", ["Print", "SZ-K-", "line printer", FORMULA]),
            ("escape", CARD),
        ],
    ),
    "counter": (
        "lin",
        [
            *place("Goods reg", "Goods in/out register", FORMULA),
            ("enter", NOTE),
            ("enter", ["Goods line SZ-G-", FORMULA]),
            *place("Goods rec", "Goods receipts", FORMULA),
            *place("Parts", "Parts", "QDQ-201", FORMULA),
            ("enter", ["Part name", "In stock", FORMULA]),
            *place("Requisitions", "Parts requisitions", FORMULA),
            *place("Who", "Who holds", FORMULA),
            *place("Loan", "Loan units", "JY-1", FORMULA),
            *place("Job", "Blank job sheets", FORMULA),
        ],
    ),
    "money": ("acc", [("enter", NOTE), ("enter", ["SZ-C-", "Customer", FORMULA]), ("escape", MONEY)]),
}
"""Screens by the person who has them: a key or `+` and letters, and what stands there once the page is whole."""


@pytest.fixture(scope="module")
def department(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> World:
    """Books in which all that people write is at its worst; nobody writes in them here."""
    path = tmp_path_factory.mktemp("hostile") / "servicedesk.db"
    path.write_bytes(sqlite_template.read_bytes())
    path.chmod(0o660)
    world = busy(f"sqlite:///{path}")
    poison(world, WORSE)
    world.close()
    return world


@pytest.mark.parametrize("name", WALKS)
def test_every_screen_shows_it_as_text(department: World, name: str) -> None:
    login, walk = WALKS[name]
    with program(department.database, login) as terminal:
        terminal.wait("Nothing is sent to you" if login == "chen" else "SZ-C-")
        for key, shown in walk:
            if key.startswith("+"):
                terminal.feed(key[1:])
            else:
                terminal.press(key)
            harmless(terminal, *shown)


def test_the_locked_screen_shows_nothing_of_it(department: World) -> None:
    with program(department.database) as terminal:
        harmless(terminal, "Passphrase")
        terminal.feed(f"lin\r{PASSPHRASE}\r")
        harmless(terminal, "Call-in register", FORMULA)
        terminal.press(":")
        harmless(terminal, "A name, an act", "Enter Go")
        terminal.feed("Lock")
        harmless(terminal, "Lock this screen")
        terminal.press("enter")
        harmless(terminal, "This screen is locked")
        assert FORMULA not in terminal.text


@pytest.mark.parametrize("form", [(), ("--json",)], ids=["list", "json"])
def test_the_lists_print_it_as_text(department: World, form: tuple[str, ...]) -> None:
    """What goes to a pipe goes to a terminal as well."""
    for register in LISTED:
        ran = command(department, "sm", "list", register, *form)
        assert ran.code == 0, ran.err
        assert FORMULA in ran.out or register in ("receipts", "custody"), register
        assert not any(leak.decode() in ran.out for leak in LEAKS), register
        if form:
            assert json.loads(ran.out), register
