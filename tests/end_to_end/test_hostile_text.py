"""What customers say is text and nothing else: no terminal and no markup ever obeys it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import timedelta

import pytest

from servicedesk.store import calls, customers
from tests.acts.faces import command
from tests.end_to_end.hostile import HOSTILE, LEAKS, MARKUP, SHOWN, TYPED, harmless, poison
from tests.end_to_end.program import REGISTER, department, program
from tests.world import World

STRANGER = {
    "customer": "李秀英",
    "telephone": "13922223333",
    "address": "南山区科苑路8号",
    "model_no": "B-1",
    "symptom": "漏水",
}
LINE = "urged "


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    """A department where every text that people enter is hostile, and stands in the books as it came."""
    world = department(sqlite_url)
    number = world.do("lin", "calls.log", caller="000001", model_no="KFR-35GW", symptom="不制冷").numbers[0]
    world.do("lin", "calls.attach", number, words="again")
    world.do("lin", "calls.correct", number, remarks="second floor", reason="misheard")
    world.do("lin", "views.save", book="calls", name="mine", view="{}")
    poison(world)
    yield world
    world.close()


@pytest.fixture
def on_the_road(world: World) -> World:
    """Besides, a call that was sent a month ago, then given to somebody else, who is absent since."""
    number = world.do("lin", "calls.log", **STRANGER).numbers[0]
    world.do("guo", "calls.dispatch", number, technician="liu")
    world.do("guo", "calls.reassign", number, technician="chen", reason="car broke down")
    day, later = world.now, world.now + timedelta(days=60)
    world.do("guo", "staff.absence", "chen", begins=f"{day:%Y-%m-%d %H:%M}", ends=f"{later:%Y-%m-%d %H:%M}", reason="x")
    poison(world)
    return world


CALL = ("Rang again", "138 1234 5678", SHOWN)
"""On the page of one call, once it is read."""
NOTE = ("Special handling", "Go on", SHOWN)
"""The note on the customer comes over every record that is opened."""
POCKET = ("Customer's file pocket", "Enter Open", SHOWN)


def test_every_page_shows_it_as_text(world: World, sqlite_url: str) -> None:
    with program(sqlite_url, "lin") as terminal:
        harmless(terminal, LINE, SHOWN)
        for key, shown in (
            ("enter", NOTE),
            ("enter", CALL),
            ("f7", NOTE),
            ("enter", POCKET),
            ("f4", ("Correct a customer", SHOWN)),
            ("escape", POCKET),
            ("escape", CALL),
            ("f4", ("Correct a call", SHOWN)),
            ("escape", CALL),
            ("f8", ("Why", "To say", SHOWN)),
            ("escape", CALL),
            ("f6", ("Attach a repeated call",)),
            ("f2", ("urged; 2 times now", *CALL)),
            ("x", ("Cancel a call",)),
            ("escape", CALL),
            ("escape", (REGISTER, LINE, SHOWN)),
        ):
            terminal.press(key)
            harmless(terminal, *shown)
        for key, shown in (
            (":", ("A name, an act",)),
            ("v", ("k Keep this list", SHOWN)),
            ("f", ("F2 Show",)),
            ("f1", ("Keys: Call-in register",)),
        ):
            terminal.press(key)
            harmless(terminal, *shown)
            terminal.press("escape")
            terminal.wait(lambda page: LINE in page and "F1 Help" in page)
        terminal.press(":")
        terminal.wait("A name, an act")
        terminal.feed("000001")
        harmless(terminal, SHOWN)


ROW = "SZ-C-"
"""With the cursor on a line, its whole number stands below the list."""

Walk = Sequence[tuple[str, Sequence[str]]]
WALKS: dict[str, tuple[str, Walk]] = {
    "technicians": (
        "guo",
        [
            ("2", ["Waiting", "For ", ROW]),
            ("a", ["Technicians", "absent", "carries", SHOWN]),
            ("m", ["Visits to move", "Proposed", ROW]),
            ("o", NOTE),
            ("enter", ["Visit 1", SHOWN]),
            ("escape", ["Visits to move", "Proposed", ROW]),
            ("r", ["Reason"]),
            ("escape", ["Visits to move", "Proposed", ROW]),
            ("escape", ["Technicians", "carries", SHOWN]),
            ("a", ["Enter an absence", "Reason"]),
            ("escape", ["Technicians", "carries", SHOWN]),
        ],
    ),
    "road": (
        "guo",
        [
            ("2", ["Waiting", "For ", ROW]),
            ("w", ["Instead of", ROW]),
            ("r", ["Reason"]),
            ("escape", ["Instead of", ROW]),
        ],
    ),
    "to be told": (
        "guo",
        [
            ("2", ["Waiting", "For ", ROW]),
            ("i", ["To be told", "another technician", ROW]),
            ("f8", ["Why", "To say", SHOWN]),
            ("escape", ["To be told", "another technician", ROW]),
            ("t", ["Told to", "How"]),
            ("escape", ["To be told", "another technician", ROW]),
        ],
    ),
    "vouchers overnight": (
        "lin",
        [
            ("O", ["Vouchers out overnight", "vouchers 1", ROW]),
            ("f7", NOTE),
            ("enter", POCKET),
            ("escape", ["Vouchers out overnight", "vouchers 1", ROW]),
            ("b", ["is not possible"]),
        ],
    ),
    "my day": (
        "chen",
        [
            ("5", ["My day", "to go 1", ROW]),
            ("enter", NOTE),
            ("enter", ["Visit 1", SHOWN]),
            ("escape", ["My day", "to go 1", ROW]),
            ("a", ["Arrived at"]),
        ],
    ),
}
"""Screens by the person who has them: the keys, and what stands there once the page is whole."""


@pytest.mark.parametrize("name", WALKS)
def test_the_desk_of_everybody_shows_it_as_text(on_the_road: World, sqlite_url: str, name: str) -> None:
    login, walk = WALKS[name]
    with program(sqlite_url, login) as terminal:
        terminal.wait(SHOWN)
        for key, shown in walk:
            terminal.press(key)
            harmless(terminal, *shown)


def test_what_is_pasted_into_the_sign_in_stays_text(world: World, sqlite_url: str) -> None:
    with program(sqlite_url) as terminal:
        terminal.wait("Passphrase")
        terminal.feed(f"\x1b[200~{TYPED}\x1b[201~")
        harmless(terminal, "here")
        terminal.feed("\rwrong\r")
        harmless(terminal, "not right")


def test_an_unfinished_form_is_offered_as_text(world: World, sqlite_url: str) -> None:
    with program(sqlite_url, "lin") as terminal:
        terminal.wait(LINE)
        terminal.press("f2")
        terminal.wait("Symptom")
        terminal.feed(f"\x1b[200~{TYPED}\x1b[201~")
        harmless(terminal, "here")
        terminal.press("escape")
        terminal.wait(LINE)
        terminal.press("ctrl+q")
        assert terminal.exit_status() == 0
    with program(sqlite_url, "lin") as terminal:
        harmless(terminal, "Unfinished forms", "Log a call")
        terminal.press("enter")
        harmless(terminal, "Symptom", "here")


def test_a_click_on_it_does_nothing(world: World, sqlite_url: str) -> None:
    with program(sqlite_url, "lin") as terminal:
        terminal.wait(LINE)
        terminal.press("enter")
        terminal.wait("Go on")
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


@pytest.mark.parametrize(
    "words",
    [
        ("list", "calls"),
        ("search", "KFR-35GW"),
        ("list", "staff"),
        ("list", "units"),
        ("show", "{call}"),
        ("show", "000001"),
        ("list", "calls", "--json"),
        ("show", "{call}", "--json"),
        ("show", "000001", "--json"),
    ],
    ids=" ".join,
)
def test_the_commands_print_it_as_text(world: World, sqlite_url: str, words: tuple[str, ...]) -> None:
    (row,) = world.read(calls.open_of_customer, 1)
    with program(sqlite_url, "lin", *(row.number if "{" in word else word for word in words)) as terminal:
        assert terminal.exit_status() == 0
        harmless(terminal, "here")


def test_json_has_all_of_it_and_steers_nothing(world: World) -> None:
    ran = command(world, "lin", "list", "calls", "--json")
    assert ran.code == 0, ran.err
    assert not any(character.encode() in LEAKS for character in ran.out)
    assert json.loads(ran.out)[0]["symptom"] == HOSTILE


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
