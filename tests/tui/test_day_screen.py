"""The technician's own day on screen."""

from __future__ import annotations

import pytest

from servicedesk.store import calls
from servicedesk.tui.screens.day import DayScreen
from tests.tui.scenes import at_work, painted
from tests.tui.test_calls_screen import desk_of, press
from tests.tui.test_dispatch_screen import FIRST, SECOND, THIRD, listed, title
from tests.tui.test_dispatch_screen import world as morning
from tests.world import World

world = morning


@pytest.fixture
def carried(world: World) -> World:
    """Chen carries two of the three; the later one is the more urgent."""
    world.do("guo", "calls.dispatch", SECOND, technician="chen")
    world.do("guo", "calls.dispatch", FIRST, technician="chen")
    world.do("guo", "calls.dispatch", THIRD, technician="liu")
    return world


async def test_his_vouchers_stand_in_order_and_the_keys_follow_the_job(carried: World) -> None:
    app = desk_of(carried, "chen")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await at_work(pilot)
        await press(pilot, "5")
        assert isinstance(app.screen, DayScreen)
        assert listed(app) == ["0001", "0002"]
        screen = painted(app)
        assert title(app) == "My day   Mon 23 Nov 2026   to go 2   there 0   done 0"
        assert "138 1234 5678" in screen
        assert screen.splitlines()[-1].startswith(
            " F1 Help  a Arrived  n Finished  y Come back later  c Carry back  Enter Open"
        )
        await press(pilot, "n")
        assert "'Finished on site' is not possible" in painted(app)
        await press(pilot, "a", "f2")
        assert title(app).endswith("to go 1   there 1   done 0")
        carried.at("2026-11-23 11:00")
        await press(pilot, "home", "n")
        for name, text in {"cause": "电容坏", "work": "换电容"}.items():
            app.screen.fields[name].write(text, text)  # type: ignore[attr-defined]
        await press(pilot, "f2")
        assert title(app).endswith("to go 1   there 0   done 1")
        assert listed(app) == ["0002", "0001"]
    app.door.close()
    row = carried.read(calls.one, FIRST)
    assert row is not None
    assert row.state == "done_on_site"


async def test_coming_back_later_leaves_the_day(carried: World) -> None:
    carried.do("chen", "calls.arrive", FIRST)
    app = desk_of(carried, "chen")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await at_work(pilot)
        await press(pilot, "5", "home", "y")
        app.screen.fields["reason"].write("缺件", "缺件")  # type: ignore[attr-defined]
        await press(pilot, "f2")
        assert "waits for a further visit" in painted(app)
        assert title(app).endswith("to go 1   there 0   done 1")
    app.door.close()


async def test_an_empty_day_says_so(world: World) -> None:
    app = desk_of(world, "wu")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await at_work(pilot)
        await press(pilot, "5")
        assert "Nothing is sent to you." in painted(app)
    app.door.close()
