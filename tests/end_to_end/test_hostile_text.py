"""What customers say is text and nothing else: no terminal and no markup ever obeys it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from servicedesk.store import calls, customers
from tests.end_to_end.program import REGISTER, department, program
from tests.terminal import Terminal
from tests.world import World

MARKUP = "[/x] [red] [@click=app.quit]here"
HOSTILE = f"\x1b]52;c;aGk=\x07\x1b[2JC\x9b31m\u202e\x00\u2066\x1b]0;owned\x07\x85\x7f{MARKUP}"
LINE = "urged "
LEAKS = (
    b"\x1b]52",
    b"\x1b]0;",
    b"\x1b[2JC",
    b"\x00",
    b"owned\x07",
    b"\x7f",
    *(character.encode() for character in "\x85\x9b\u202e\u2066"),
)


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    """A department where every text that people enter is hostile, and stands in the books as it came."""
    world = department(sqlite_url)
    number = world.do("lin", "calls.log", caller="000001", model_no="KFR-35GW", symptom="不制冷").numbers[0]
    world.do("lin", "calls.attach", number, words="again")
    with world.books.writing() as writing:
        for table, columns in (
            ("calls", ("customer_name", "caller", "address", "model_no", "serial_no", "symptom", "remarks")),
            ("customers", ("name", "remarks", "note")),
            ("addresses", ("address",)),
            ("products", ("model_no", "serial_no", "name")),
            ("urges", ("words",)),
            ("staff", ("name",)),
            ("units", ("name",)),
        ):
            put = ", ".join(f"{column} = :hostile" for column in columns)
            writing.connection.execute(text(f"UPDATE {table} SET {put}"), {"hostile": HOSTILE})
    yield world
    world.close()


def harmless(terminal: Terminal, shown: str) -> None:
    """The page has come, and so far nothing of the text has reached the terminal but its letters."""
    terminal.wait(shown)
    terminal.settle(0.2)
    for leak in LEAKS:
        assert leak not in terminal.raw, (leak, terminal.text)


def test_every_page_shows_it_as_text(world: World, sqlite_url: str) -> None:
    with program(sqlite_url, "lin") as terminal:
        harmless(terminal, LINE)
        for key, shown in (
            ("enter", "Rang again"),
            ("f7", "Customer's file pocket"),
            ("escape", "Rang again"),
            ("f4", "Correct a call"),
            ("escape", "Rang again"),
            ("f8", "Why"),
            ("escape", "Rang again"),
            ("f6", "Attach a repeated call"),
            ("f2", "urged; 2 times now"),
            ("x", "Cancel a call"),
            ("escape", "Rang again"),
            ("escape", LINE),
        ):
            terminal.press(key)
            harmless(terminal, shown)
        for key, shown in ((":", "A name, an act"), ("v", "Views"), ("f", "F2 Show"), ("f1", "Esc")):
            terminal.press(key)
            harmless(terminal, shown)
            terminal.press("escape")
            terminal.wait(lambda page: LINE in page and "F1 Help" in page)
        terminal.press(":", "000001")
        harmless(terminal, "]52;")


def test_a_click_on_it_does_nothing(world: World, sqlite_url: str) -> None:
    with program(sqlite_url, "lin") as terminal:
        terminal.wait(LINE)
        terminal.press("enter")
        page = terminal.wait(lambda page: "Rang again" in page and "here" in page).split("\n")
        row = next(number for number, line in enumerate(page, 1) if line.endswith("here"))
        for column in range(1, 81, 4):
            terminal.feed(f"\x1b[<0;{column};{row}M\x1b[<0;{column};{row}m")
        terminal.press("escape")
        harmless(terminal, REGISTER)


def test_the_board_shows_it_as_text(world: World, sqlite_url: str) -> None:
    with program(sqlite_url, "guo") as terminal:
        terminal.wait(LINE)
        terminal.press("2")
        harmless(terminal, "Waiting")
        terminal.press("d")
        harmless(terminal, "Technician")
        terminal.feed("chen")
        harmless(terminal, "> ")
        terminal.press("enter", "f2")
        harmless(terminal, "is sent to")


@pytest.mark.parametrize("words", [("list", "calls"), ("show", "{call}")])
def test_the_commands_print_it_as_text(world: World, sqlite_url: str, words: tuple[str, ...]) -> None:
    (row,) = world.read(calls.open_of_customer, 1)
    with program(sqlite_url, "lin", *(row.number if "{" in word else word for word in words)) as terminal:
        assert terminal.exit_status() == 0
        harmless(terminal, "here")


def test_what_comes_in_by_an_act_is_cleaned_on_the_way(sqlite_url: str) -> None:
    world = department(sqlite_url)
    number = world.do("lin", "calls.log", caller="000001", model_no="KFR-35GW", symptom=HOSTILE).numbers[0]
    world.do("lin", "customers.correct", "000001", name=HOSTILE)
    row, customer = world.read(calls.one, number), world.read(customers.one, "000001")
    world.close()
    assert row is not None
    assert customer is not None
    for kept in (row.symptom, customer.name):
        assert kept.endswith(MARKUP)
        assert not any(character in kept for character in "\x1b\x07\x00\x9b\x85\x7f\u202e\u2066")
