"""The list that every register shares, on the workshop's cards: views, search, marks, place, what others may not."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest
from textual.pilot import Pilot

from servicedesk.acts.act import all_acts
from servicedesk.domain.rulebook import RULES
from servicedesk.store import people
from servicedesk.store.repair_cards import CARDS
from servicedesk.tui.app import ServiceDesk
from servicedesk.tui.desks import DESKS
from servicedesk.tui.door import DEMO
from servicedesk.tui.register_list import RegisterList
from servicedesk.tui.screen import DeskScreen
from servicedesk.tui.screens.call import CallScreen
from servicedesk.tui.screens.paper import PaperScreen
from servicedesk.tui.screens.register import RegisterScreen
from servicedesk.tui.screens.repair_card import RepairCardScreen
from servicedesk.tui.screens.workshop import WorkshopScreen
from tests.tui.scenes import at_work, painted
from tests.tui.scenes_workshop import workshop
from tests.tui.test_calls_screen import desk_of, press
from tests.tui.test_keys import UNSAFE
from tests.world import World

FIRST, SECOND, THIRD, FOURTH, FIFTH = (f"SZ-K-261120-000{nth}" for nth in range(1, 6))


def declared(base: type[DeskScreen]) -> list[type[DeskScreen]]:
    """Every screen that is declared on this base."""
    for desk in DESKS[1:]:
        desk.open()
    found = [base]
    for each in found:
        found += each.__subclasses__()
    return [each for each in found[1:] if each.__module__.startswith("servicedesk.")]


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    """The workshop on Monday afternoon, in books that anybody may try."""
    world = World(sqlite_url)
    with world.books.writing() as writing:
        people.set_fact(writing, people.facts(writing), DEMO, "yes")
    workshop(world)
    yield world
    world.close()


def listed(app: ServiceDesk) -> list[str]:
    """The numbers in the list, in its order."""
    return [line.row.number for line in app.screen.query_one("#list", RegisterList).rows]


def under_cursor(app: ServiceDesk) -> str:
    """The number of the line under the cursor."""
    line = app.screen.query_one("#list", RegisterList).row
    return "" if line is None else str(line.row.number)


def title(app: ServiceDesk) -> str:
    return painted(app).splitlines()[1].strip()


def last_line(app: ServiceDesk) -> str:
    return painted(app).splitlines()[-1].strip()


async def opened(pilot: Pilot[None], *keys: str) -> None:
    """Wait for the books, then press keys."""
    await at_work(pilot)
    await press(pilot, *keys)


@pytest.mark.parametrize("screen", [*declared(RegisterScreen), *declared(PaperScreen)], ids=str)
def test_the_keys_of_a_declared_screen_collide_with_nothing(screen: type[DeskScreen]) -> None:
    keys = [key for key in screen.all_keys() if key.action != "back"]
    assert {act for key in keys for act, _ in key.meanings} <= RULES.keys()
    pressed = [name for key in keys for name in key.key.split(",")]
    assert len(pressed) == len(set(pressed))
    assert not UNSAFE & set(pressed)
    assert not {desk.key for desk in DESKS if desk.key} & set(pressed)
    assert len({key.name for key in keys}) == len(keys)
    if issubclass(screen, RegisterScreen):
        of_the_list = {name for binding in RegisterList.BINDINGS for name in binding.key.split(",")}  # type: ignore[union-attr]
        assert set(pressed) & of_the_list <= {"enter", "space"}


def test_every_act_on_a_register_has_its_key() -> None:
    screens: list[type[DeskScreen]] = [*declared(RegisterScreen), *declared(PaperScreen), CallScreen]
    reached = {act for screen in screens for key in screen.all_keys() for act, _ in key.meanings}
    registers = {"cards", "goods", "receipts", "custody", "parts", "requisitions", "loans", "charges"}
    # What needs no paper stands behind `:` on every page.
    on_a_row = {act.name for act in all_acts() if act.book is not None and act.name.partition(".")[0] in registers}
    assert on_a_row - reached == set()
    assert len(on_a_row) > 30


def test_the_program_starts_without_the_books() -> None:
    asked = "import sys, servicedesk.tui.app; print(sorted({'sqlmodel', 'pydantic', 'sqlalchemy'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


async def test_what_is_promised_first_stands_on_top_and_says_what_it_waits_for(world: World) -> None:
    app = desk_of(world, "guo")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, "3")
        assert isinstance(app.screen, WorkshopScreen)
        assert listed(app) == [SECOND, FIRST, THIRD, FOURTH, FIFTH]
        assert title(app) == "Workshop: all in the shop   in the shop 5   late 1   help asked 1"
        lines = painted(app).splitlines()[3:8]
        assert lines[0].startswith("!1120-0002 11-20 孙丽华")
        said = ("ask for help", "runs 52 min", "help asked", "waits for parts", "waiting")
        assert [line.endswith(word) for line, word in zip(lines, said, strict=True)] == [True] * 5
        assert last_line(app) == "F1 Help  Enter Open  v Views  a Assign  w Answer  p Pass  r Reject"
    app.door.close()


@pytest.mark.parametrize(
    ("turns", "view", "found"),
    [
        (1, "mine", []),
        (2, "late", [SECOND]),
        (3, "assistance asked", [THIRD]),
        (4, "no technician yet", [FIFTH]),
        (5, "waiting for parts", [FOURTH]),
        (6, "to inspect", []),
        (8, "at the factory", []),
        (10, "all cards", [FIFTH, FOURTH, THIRD, SECOND, FIRST]),
    ],
)
async def test_v_and_tab_step_through_the_views(world: World, turns: int, view: str, found: list[str]) -> None:
    app = desk_of(world, "guo")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, "3", *("v", "tab")[turns % 2 :][:1], *["v"] * (turns - 1))
        assert title(app).startswith(f"Workshop: {view}   ")
        assert listed(app) == found
        if not found:
            assert "No line in this view. v shows the next one." in painted(app)
        await press(pilot, "escape")
        assert title(app).startswith("Workshop: all in the shop")
    app.door.close()


async def test_a_view_is_reached_by_its_name(world: World) -> None:
    app = desk_of(world, "guo")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, "3", "colon", *"waiting for", "enter")
        assert title(app).startswith("Workshop: waiting for parts")
        assert listed(app) == [FOURTH]
    app.door.close()


async def test_a_search_finds_by_number_and_by_words(world: World) -> None:
    app = desk_of(world, "lin")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, "3", "slash", *"1120-4", "enter")
        assert listed(app) == [FOURTH]
        await press(pilot, "slash", *["backspace"] * 6, *"孙丽华", "enter")
        assert title(app).startswith("Workshop: /孙丽华   ")
        assert listed(app) == [SECOND]
        await press(pilot, "slash", *["backspace"] * 3, *"nobody", "enter")
        assert "Nothing is found. Esc ends the search." in painted(app)
        await press(pilot, "escape")
        assert len(listed(app)) == 5
    app.door.close()


async def test_one_comes_back_to_where_one_was(world: World) -> None:
    app = desk_of(world, "guo")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, "3", "V", "down", "down", "1")
    app.door.close()
    app = desk_of(world, "guo")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, "3")
        assert title(app).startswith("Workshop: all cards")
        assert under_cursor(app) == THIRD
    app.door.close()


async def test_an_act_on_marked_lines_is_done_to_all_of_them(world: World) -> None:
    world.do("guo", "cards.answer", THIRD, answer="technician", technician="sun")
    app = desk_of(world, "guo")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await opened(pilot, "3", "space", "end", "space")
        assert "2 lines marked: an act is done to all of them or none." in painted(app)
        await press(pilot, "a", *"sun", "f2")
        assert not app.screen.query_one("#list", RegisterList).marked
    app.door.close()
    assert [row.technician for row in (world.read(CARDS.one, number) for number in (SECOND, FIFTH)) if row] == [
        "sun"
    ] * 2


async def test_the_list_follows_what_others_write_and_keeps_its_cursor(world: World) -> None:
    app = desk_of(world, "guo")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, "3", "down", "down")
        world.do("guo", "cards.promise", FIRST, promised_at="2026-11-27 17:00", reason="缺件", whom="何建军")
        await press(pilot, "f5")
        assert listed(app) == [SECOND, THIRD, FOURTH, FIFTH, FIRST]
        assert under_cursor(app) == THIRD
    app.door.close()


async def test_who_has_a_paper_open_is_told_to_others(world: World) -> None:
    app = desk_of(world, "guo")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, "3")
        other = desk_of(world, "lin")
        async with other.run_test(size=(80, 24)) as beside:
            await opened(beside, "3", "enter")
            assert isinstance(other.screen, RepairCardScreen)
            await press(pilot, "f5")
            assert "林小雨 has it open." in painted(app)
        other.door.close()
    app.door.close()


async def test_text_from_people_is_never_markup(world: World) -> None:
    app = desk_of(world, "wu")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, "3")
        assert "点不着火 [/x] [red]" in painted(app)
        await press(pilot, "enter")
        assert "点不着火 [/x] [red]" in painted(app)
    app.door.close()


async def test_another_unit_sees_nothing_and_the_customer_department_everything(world: World) -> None:
    for login, found in (("bjclerk", 0), ("xu", 5)):
        app = desk_of(world, login)
        async with app.run_test(size=(80, 24)) as pilot:
            await opened(pilot, "3")
            assert len(listed(app)) == found
            assert ("SZ 何建军" in painted(app)) == bool(found)
            assert "139 0001 2233" not in painted(app)
        app.door.close()
