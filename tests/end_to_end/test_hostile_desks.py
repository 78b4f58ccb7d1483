"""Text from people at its worst on every desk: complaints, customers, workshop, money, the day's end; and in lists."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest

from tests.acts.faces import command
from tests.end_to_end.hostile import FORMULA, LEAKS, TYPED, harmless
from tests.end_to_end.hostile_books import Ends
from tests.end_to_end.program import program
from tests.terminal import Terminal
from tests.world import PASSPHRASE, World

NOTE = ("Special handling", FORMULA)
"""The note on the customer comes over every record that is opened."""
LISTED = ("complaints", "calls", "cards", "goods", "receipts", "charges", "parts", "requisitions", "loans", "custody")
BEFORE, NAME = "\x9b\u202e\u200b", "[/x] [red] '); --１２"
"""What is typed before a view's name, and as much of the name as one may have."""

Walk = Sequence[tuple[str, Sequence[str]]]


def place(name: str, *shown: str) -> Walk:
    """Go to a place by the first letters of its name."""
    return [("0", ["A name, an act", "Enter Go"]), (f"+{name}", [name]), ("enter", shown)]


def touch(terminal: Terminal, key: str) -> None:
    """Press a key; type what begins with `+`."""
    if key.startswith("+"):
        terminal.feed(key[1:])
    else:
        terminal.press(key)


def form(key: str, title: str, *behind: str) -> Walk:
    """Open a form, and leave it for the page behind."""
    return [(key, [title, "  Esc "]), ("escape", behind)]


SHEET = ("Complaint SZ-P-", "Next:", FORMULA)
POCKET = ("Customer's file pocket", "Enter Open", FORMULA)
SHOP = ("Workshop:", "No.", FORMULA)
CARD = ("Repair card SZ-K-", "Call", FORMULA)
MONEY = ("Money: all open", "SZ-C-", FORMULA)
REPORT = ("Daily report SZ-T-", "Next:", FORMULA)
DAY = ("Register day SZ-D-", "Differences", FORMULA)
DAYS = ("Register days: all open", "SZ-D-", FORMULA)
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
            ("1", ["Call-in register", FORMULA]),
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
    "money": (
        "acc",
        [("6", MONEY), ("enter", NOTE), ("enter", ["SZ-C-", "Customer", FORMULA]), ("escape", MONEY)],
    ),
    "a technician's report": (
        "chen",
        [
            *place("Reports", "Reports: sent back"),
            ("v", ["Reports: to be compiled"]),
            ("v", ["Reports: all", "draft", "Next:", FORMULA]),
            ("enter", REPORT),
            *form("f2", "Write a report line", *REPORT),
            *form("x", "Take a report line out", *REPORT),
            ("P", ["Print", "SZ-T-", "line printer", FORMULA]),
            ("escape", REPORT),
        ],
    ),
    "the review": (
        "guo",
        [
            ("5", ["Reports: to review", "Next:", FORMULA]),
            *form("f", "draft, submitted", "Reports: to review", FORMULA),
            ("L", ["k Keep this list", FORMULA]),
            ("escape", ["Reports: to review", "Next:", FORMULA]),
            ("V", ["Reports: =1+1", "on file", FORMULA]),
            ("v", ["Reports: to review", "Next:", FORMULA]),
            ("enter", REPORT),
            *form("r", "Return a report", *REPORT),
            *form("a", "Review a report", *REPORT),
        ],
    ),
    "a supervisor report": (
        "mgr",
        [
            *place("Supervisor r", "for the manager", "SZ-B-", FORMULA),
            ("enter", ["Supervisor report SZ-B-", "Technicians", FORMULA]),
            ("P", ["Print", "SZ-B-", "line printer", FORMULA]),
        ],
    ),
    "register days": (
        "lin",
        [
            *place("Register d", *DAYS),
            ("enter", DAY),
            ("pagedown", ["Register day SZ-D-", FORMULA]),
            ("T", ["Print", "SZ-D-", "line printer", FORMULA]),
            ("escape", ["Register day SZ-D-", FORMULA]),
            ("escape", DAYS),
            ("end", ["Register days: all open", "close the day"]),
            *form("e", "Explain a difference", "Register days: all open"),
            *form("f2", "Explanations", "Register days: all open"),
            ("enter", DAY),
        ],
    ),
    "the analysis": (
        "xu",
        [
            *place("Complaint a", "Complaint analysis: by cause"),
            ("p", ["Complaint analysis", "last month"]),
            ("p", ["all complaints", "90 days"]),
            ("v", ["by nature", "all complaints", "90 days"]),
            ("v", ["by product", "all complaints", FORMULA]),
            ("down", ["by product", FORMULA]),
            ("enter", ["Complaint", "SZ-P-", FORMULA]),
            ("v", ["repeat complaints"]),
            ("escape", ["by product", FORMULA]),
            ("v", ["by department", "all complaints", FORMULA]),
            ("v", ["by technician complained of", "all complaints", FORMULA]),
            ("v", ["by unit", "all complaints", FORMULA]),
            *form("f", "First day", "by unit", FORMULA),
        ],
    ),
}
"""Screens by the person who has them: a key or `+` and letters, and what stands there once the page is whole."""


@pytest.fixture
def department(hostile_department: tuple[World, Ends]) -> World:
    """Books in which all that people write is at its worst."""
    return hostile_department[0]


@pytest.mark.parametrize("name", WALKS)
def test_every_screen_shows_it_as_text(department: World, name: str) -> None:
    login, walk = WALKS[name]
    with program(department.database, login) as terminal:
        harmless(terminal, "F1 Help", FORMULA)
        for key, shown in walk:
            touch(terminal, key)
            harmless(terminal, *shown)


def test_what_is_typed_into_a_filter_and_a_views_name_stays_text(department: World) -> None:
    with program(department.database, "guo") as terminal:
        harmless(terminal, "F1 Help", FORMULA)
        for key, shown in place("Register d", *DAYS):
            touch(terminal, key)
            harmless(terminal, *shown)
        for key, *shown in (
            ("f", "reconciled, day closed", "F2 Show"),
            ("down", "code, name, pinyin"),
            ("paste", "here"),
            ("f2", "here” is not found", "F2 Show"),
            ("escape", *DAYS),
            ("L", "k Keep this list", FORMULA),
            ("k", "A name for the list as it is"),
            ("paste", "here"),
            ("enter", "Too long: "),
            ("escape", "k Keep this list"),
            ("k", "A name for the list as it is"),
            ("paste shortly", f"{NAME}\n"),
            ("enter", f"View {NAME} kept."),
            ("escape", f"Register days: {NAME}", FORMULA),
        ):
            if key.startswith("paste"):
                terminal.feed(f"\x1b[200~{TYPED if key == 'paste' else BEFORE + NAME}\x1b[201~")
            else:
                terminal.press(key)
            harmless(terminal, *shown)


def test_the_locked_screen_shows_nothing_of_it(department: World) -> None:
    with program(department.database) as terminal:
        harmless(terminal, "Passphrase")
        terminal.feed(f"lin\r{PASSPHRASE}\r")
        harmless(terminal, "F1 Help", FORMULA)
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
