"""One call from the telephone to the file pocket, by keys and by commands: the books cannot tell which it was."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from servicedesk.__main__ import main
from servicedesk.config import Settings
from servicedesk.store import audit, tables
from servicedesk.store.engine import Books
from servicedesk.store.migrate import open_books
from servicedesk.tui.app import ServiceDesk
from tests.acts.faces import open_to_anybody
from tests.end_to_end.program import LANGUAGE, REGISTER, department, program
from tests.terminal import Terminal
from tests.tui.scenes import settled
from tests.world import PASSPHRASE, World

PAPERS = frozenset(
    {
        "calls",
        "visits",
        "voucher_entries",
        "parts_used",
        "charges",
        "charge_lines",
        "urges",
        "corrections",
        "tellings",
        "customers",
        "telephones",
        "contacts",
        "addresses",
        "products",
        "contracts",
        "vouchers",
        "counters",
    }
)
"""The tables that stand for paper; the others hold settings, people and what a screen remembers."""

ACTS = (
    ("lin", "calls.log", "caller=000001", "model_no=KFR-35GW", "symptom=不制冷"),
    ("guo", "calls.dispatch", "1", "technician=chen"),
    ("chen", "calls.arrive", "1"),
    (
        "chen",
        "calls.finish",
        "1",
        "cause=支架松动",
        "work=紧固支架",
        "parts=QDQ-201 2",
        "fees=labour 80",
        "collected=y",
    ),
    ("acc", "charges.remit", "1", "amount=80"),
    ("lin", "calls.take_back", "1"),
    ("lin", "calls.strike_off", "1"),
    ("lin", "calls.file", "1"),
)

QUESTION = "y Enter Yes"

_TIME = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d)?([+-]\d\d:\d\d)?")
_SORTED_BY = re.compile(r"20\d{10}$")
_DAY = re.compile(r"-\d{6}(-|$)")


def by_command(database: str) -> None:
    """The round with `servicedesk act` alone."""
    for login, *words in ACTS:
        assert main(["--database", database, *LANGUAGE, "--as", login, "act", *words]) == 0


def by_keys(database: str) -> None:
    """The round at the desks: clerk, supervisor, technician, accountant, and the clerk again."""
    with program(database) as clerk:
        sign_in(clerk, "lin")
        clerk.wait("No calls yet.")
        log(clerk)
        leave(clerk)
    with program(database, "guo") as supervisor:
        supervisor.wait(lambda page: "open 1" in page and "王小明" in page)
        dispatch(supervisor)
        leave(supervisor)
    with program(database, "chen", desk="5") as technician:
        technician.wait("KFR-35GW")
        technician.press("a")
        technician.wait("Arrived at")
        technician.press("f2")
        technician.wait(lambda page: "陈明 arrived at" in page and "there 1" in page)
        finish(technician)
        leave(technician)
    with program(database, "acc", desk="6") as accountant:
        accountant.wait("paid on the spot")
        accountant.press("h")
        accountant.wait("Amount counted")
        accountant.feed("80")
        accountant.press("f2")
        accountant.wait(lambda page: "not handed in 0" in page and "Next: the invoice." in page)
        leave(accountant)
    with program(database, "lin") as clerk:
        clerk.wait(", with the technician")
        for key, line in (("b", ", with the clerk"), ("s", r"struck off \w\w\w "), ("i", ", in file")):
            clerk.press(key)
            clerk.wait(QUESTION)
            clerk.press("y")
            # The next act needs the line as this one has left it.
            clerk.wait(re.compile(line).search)
        leave(clerk)


def sign_in(terminal: Terminal, login: str) -> None:
    """With the passphrase."""
    terminal.wait("Passphrase")
    terminal.feed(f"{login}\r{PASSPHRASE}\r")
    terminal.wait("What waits")
    terminal.press("1")
    terminal.wait(REGISTER)


def log(terminal: Terminal) -> None:
    """A known caller, a product that nobody knew of."""
    terminal.press("f2")
    terminal.wait("Symptom")
    terminal.feed("13812345678")
    terminal.wait("> 王小明")
    terminal.press("enter")
    terminal.wait("Our technician will be with you")
    terminal.press("down", "down", "down", "down")
    terminal.feed("KFR-35GW")
    terminal.press("down")
    terminal.feed("不制冷")
    terminal.press("f2")
    terminal.wait("-0001 logged.")


def dispatch(terminal: Terminal) -> None:
    """By the form, from the register."""
    terminal.press("d")
    terminal.wait("Technician")
    terminal.feed("chen")
    terminal.wait("> 陈明")
    terminal.press("enter", "f2")
    terminal.wait("陈明 is sent to")


def finish(terminal: Terminal) -> None:
    """The whole entry of the voucher in one burst, as over a slow line."""
    terminal.press("n")
    terminal.wait("Fault cause")
    terminal.feed("\r支架松动\r紧固支架\rQDQ-201 2\r\rlabour 80\r\ry")
    terminal.press("f2")
    terminal.wait("is done on site")


def leave(terminal: Terminal) -> None:
    """Ctrl+Q, and the program ends well."""
    terminal.press("ctrl+q")
    assert terminal.exit_status() == 0


def papers(books: Books) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Every row that stands for paper; times, and the day in the numbers, left out."""
    found = {}
    with books.reading() as reading:
        for table in tables.METADATA.sorted_tables:
            if table.name in PAPERS:
                rows = [tuple(map(timeless, row)) for row in reading.all(select(table))]
                names = [column.name for column in table.columns]
                found[table.name] = sorted(({**dict(zip(names, row, strict=True))} for row in rows), key=str)
    return found


def trail(books: Books) -> list[tuple[Any, ...]]:
    """What the log says was done; times, requests, hashes and the sign-ins left out."""
    with books.reading() as reading:
        assert audit.verify(reading).fault is None
        return [
            (line.actor, line.holder, line.act, line.outcome, timeless(line.numbers), told(line.detail or ""))
            for line in audit.lines(reading)
            if line.act != "sign_in"
        ]


def told(detail: str) -> Any:
    """The detail of a line as data."""
    return json.loads(timeless(detail))


def timeless(value: Any) -> Any:
    """The value without its time."""
    if isinstance(value, date):
        return "a time"
    if not isinstance(value, str):
        return value
    return _SORTED_BY.sub("a time", _DAY.sub(r"-day\1", _TIME.sub("a time", value)))


Typed = tuple[str, ...]
KEYS: tuple[tuple[str, Sequence[str | Typed]], ...] = (
    (
        "lin",
        ["f2", tuple("13812345678"), "enter", *["down"] * 4, tuple("KFR-35GW"), "down", tuple("不制冷"), "f2"],
    ),
    ("guo", ["1", "d", tuple("chen"), "enter", "f2"]),
    (
        "chen",
        [
            *("5", "a", "f2", "n", "enter"),
            *(tuple("支架松动"), "enter", tuple("紧固支架"), "enter"),
            *(tuple("QDQ-201 2"), "enter", "enter", tuple("labour 80"), "enter", "enter"),
            *("y", "f2"),
        ],
    ),
    ("acc", ["6", "h", tuple("80"), "f2"]),
    ("lin", ["1", "b", "y", "s", "y", "i", "y"]),
)
"""The same round as single keys; what is typed as words stands in one tuple."""


async def by_pilot(database: str) -> None:
    """The round with the program inside this process, key by key."""
    for login, keys in KEYS:
        app = ServiceDesk(Settings(database=database, language="en"), login, live=False)
        async with app.run_test(size=(80, 24)) as pilot:
            await settled(pilot)
            for key in keys:
                await pilot.press(*([key] if isinstance(key, str) else key))
                # A lookup waits for the hand to stop before it asks.
                await pilot.pause(0 if isinstance(key, str) else 0.3)
                await settled(pilot)
        app.door.close()


@pytest.mark.parametrize("keys_on", ["sqlite", "postgresql"])
async def test_a_pilot_and_commands_write_the_same_books(keys_on: str, sqlite_url: str, postgres_url: str) -> None:
    by_hand, by_script = (sqlite_url, postgres_url) if keys_on == "sqlite" else (postgres_url, sqlite_url)
    for database in (by_hand, by_script):
        department(database).close()
    await by_pilot(by_hand)
    by_command(by_script)
    same_books(by_hand, by_script)


@pytest.mark.parametrize("keys_on", ["sqlite", "postgresql"])
def test_keys_and_commands_write_the_same_books(keys_on: str, sqlite_url: str, postgres_url: str) -> None:
    by_hand, by_script = (sqlite_url, postgres_url) if keys_on == "sqlite" else (postgres_url, sqlite_url)
    for database in (by_hand, by_script):
        department(database).close()
    by_keys(by_hand)
    by_command(by_script)
    same_books(by_hand, by_script)


def same_books(by_hand: str, by_script: str) -> None:
    """The same papers and the same audit trail, and the round is all of it."""
    first, second = open_books(by_hand), open_books(by_script)
    try:
        assert trail(first) == trail(second)
        written = papers(first)
        assert written == papers(second)
        assert written.keys() == PAPERS
        (line,) = written["calls"]
        assert (line["state"], line["fee"], line["charge"]) == ("struck_off", 8000, "remitted")
        assert [act for _, _, act, *_ in trail(first)][-len(ACTS) :] == [act for _, act, *_ in ACTS]
    finally:
        first.close()
        second.close()


def test_keys_pressed_before_the_books_are_open_do_nothing(sqlite_url: str) -> None:
    department(sqlite_url).close()
    with program(sqlite_url, "guo") as terminal:
        terminal.wait("F1 Help")
        terminal.press("d")
        terminal.wait("open 0")
        assert "F2 Write" not in terminal.settle()
        leave(terminal)


def test_a_new_call_asked_for_before_the_books_are_open_gets_its_form(sqlite_url: str) -> None:
    """Who has a telephone at one ear presses F2 at once."""
    world = open_to_anybody(World(sqlite_url))
    world.close()
    with program(sqlite_url, "lin") as terminal:
        terminal.wait("F1 Help")
        terminal.press("f2")
        terminal.wait("Symptom")
        terminal.press("escape")
        terminal.wait("No calls yet.")
        leave(terminal)
