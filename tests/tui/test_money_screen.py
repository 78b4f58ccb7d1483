"""The accountant's desk: what is not handed in, not invoiced, not collected; keys are pressed, then the books."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from servicedesk.domain.charges import ChargeRow
from servicedesk.store import people
from servicedesk.store.charges import CHARGES
from servicedesk.tui.door import DEMO
from servicedesk.tui.screens.call import CallScreen
from servicedesk.tui.screens.money import ChargeScreen, MoneyScreen
from tests.tui.scenes import painted
from tests.tui.scenes_workshop import money
from tests.tui.test_calls_screen import desk_of, press
from tests.tui.test_register_screen import last_line, listed, opened, title
from tests.world import World

CASH, SITE, OWED, PAID = "SZ-C-261120-0001", "SZ-C-261120-0002", "SZ-C-261105-0001", "SZ-C-261123-0001"


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    """The money of a fortnight, in books that anybody may try."""
    world = World(sqlite_url)
    with world.books.writing() as writing:
        people.set_fact(writing, people.facts(writing), DEMO, "yes")
    money(world)
    yield world
    world.close()


def charge(world: World, number: str) -> ChargeRow:
    found = world.read(CHARGES.one, number)
    assert found is not None
    return found


async def test_the_accountant_comes_to_the_money_that_is_open(world: World) -> None:
    app = desk_of(world, "acc")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        assert isinstance(app.screen, MoneyScreen)
        assert title(app) == "Money: all open   not handed in 1   not invoiced 1   not collected 1"
        assert listed(app) == [CASH, SITE, OWED, PAID]
        lines = painted(app).splitlines()[3:7]
        assert [line[0] for line in lines] == ["!", "!", "!", " "]
        assert [line.split("  ")[-1].strip() for line in lines] == [
            "paid on the spot",
            "charge assessed",
            "to be collected",
            "handed in",
        ]
        assert last_line(app).startswith("F1 Help  Enter Open  v Views  h Handed in  i Invoice  p Posted")
    app.door.close()


@pytest.mark.parametrize(
    ("turns", "found"), [(1, [CASH]), (2, [SITE]), (3, [OWED]), (4, []), (5, []), (6, [PAID, SITE, CASH, OWED])]
)
async def test_each_list_of_the_accountant_is_a_view(world: World, turns: int, found: list[str]) -> None:
    app = desk_of(world, "acc")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, *["v"] * turns)
        assert listed(app) == found
    app.door.close()


async def test_money_is_handed_in_then_invoiced(world: World) -> None:
    app = desk_of(world, "acc")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await opened(pilot, "h", *"110", "f2")
        assert charge(world, CASH).state == "remitted"
        await press(pilot, "home")
        assert "not handed in 0" in title(app)
    app.door.close()


async def test_the_charge_shows_its_lines_and_what_comes_next(world: World) -> None:
    app = desk_of(world, "acc")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await opened(pilot, "enter")
        assert isinstance(app.screen, ChargeScreen)
        shown = painted(app)
        assert "Lines         call-out fee     1  ¥30.00  list price  ¥30.00" in shown
        assert "Next: the accountant counts the money and confirms it, today." in shown
        await press(pilot, "t")
        assert "is not possible" in painted(app)
        await press(pilot, "C")
        assert isinstance(app.screen, CallScreen)
        await press(pilot, "I")
        assert isinstance(app.screen, ChargeScreen)
    app.door.close()


async def test_a_write_off_is_proposed_by_the_accountant_and_decided_by_the_manager(world: World) -> None:
    app = desk_of(world, "acc")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await opened(pilot, "down", "down", "o", *"moved away", "f2")
        assert "Next: the branch manager writes it off: moved away" in painted(app)
    app.door.close()
    app = desk_of(world, "mgr")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await opened(pilot, "6", "down", "down", "W")
        await press(pilot, "y" if "y Yes" in painted(app) else "f2")
        assert charge(world, OWED).state == "written_off"
    app.door.close()


async def test_a_clerk_reads_the_money_and_may_not_touch_it(world: World) -> None:
    app = desk_of(world, "lin")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await opened(pilot, "6", "h")
        assert "Your posts do not allow" in painted(app)
    app.door.close()
    assert charge(world, CASH).state == "collected_on_site"
