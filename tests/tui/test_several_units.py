"""Who stands in for a post of another unit sees both units' lines on every page (D39, D40)."""

from __future__ import annotations

import pytest

from servicedesk.tui.app import ServiceDesk
from servicedesk.tui.screens.calls import CallsScreen
from servicedesk.tui.screens.overnight import OvernightScreen
from servicedesk.tui.screens.team import TeamScreen
from servicedesk.tui.screens.tellings import TellingsScreen
from tests.tui.scenes import at_work, painted, settled
from tests.tui.test_calls_screen import desk_of, press
from tests.tui.test_dispatch_screen import board, on_the_board, side, title
from tests.tui.test_dispatch_screen import world as morning
from tests.world import World

world = morning
BEIJING = "BJ-C-261123-0001"


@pytest.fixture
def both(world: World) -> World:
    """Guo of SZ stands in for the supervisor of BJ, where a call waits and has a technician."""
    world.do(
        "adm", "staff.enter", login="qi", name="齐一", unit="BJ", roles="technician", passphrase="four big wet owls"
    )
    world.do("bjsup", "staff.stand_in", "bjsup", role="supervisor", stand_in="guo", begins="11-23", ends="11-24")
    world.do("bjclerk", "calls.log", customer="钱三", telephone="13800002222", address="朝阳区1号", model_no="B-2",
             zone="urban", symptom="不启动")  # fmt: skip
    return world


def numbers(app: ServiceDesk) -> list[str]:
    return [row.line.call.number for row in board(app).lines.rows]


async def test_the_register_and_its_totals(both: World) -> None:
    app = desk_of(both, "guo")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await at_work(pilot)
        assert isinstance(app.screen, CallsScreen)
        assert {line.call.unit for line in app.screen.lines.rows} == {"SZ", "BJ"}
        assert "open 4" in title(app)
        assert "BJ logged" in painted(app)
        both.at("2026-11-24 09:00")
        app.screen.refresh_rows()
        await settled(pilot)
        assert "carried over 4" in title(app)
    app.door.close()


async def test_the_board_ranks_the_technicians_of_the_calls_unit(both: World) -> None:
    app = desk_of(both, "guo")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await on_the_board(pilot)
        assert "waiting 4" in title(app)
        assert BEIJING in numbers(app)
        assert "BJ 钱三" in painted(app)
        await press(pilot, *["down"] * numbers(app).index(BEIJING))
        assert "1 齐一" in side(app)
        assert "陈明" not in side(app)
        await press(pilot, "1", "w")
        assert numbers(app) == [BEIJING]
        await press(pilot, "a")
        assert isinstance(app.screen, TeamScreen)
        assert {"qi", "chen"} <= {member.row.login for member in app.screen.lines.rows}
    app.door.close()


async def test_who_is_to_be_told_and_what_is_out_overnight(both: World) -> None:
    both.do("guo", "calls.dispatch", BEIJING, technician="qi")
    both.do("guo", "calls.dispatch", "SZ-C-261123-0001", technician="chen")
    both.at("2026-11-24 09:00")
    app = desk_of(both, "guo")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await on_the_board(pilot)
        await press(pilot, "i")
        assert isinstance(app.screen, TellingsScreen)
        assert BEIJING in numbers(app)
        assert "SZ-C-261123-0001" in numbers(app)
        await press(pilot, "escape", "o")
        assert isinstance(app.screen, OvernightScreen)
        assert sorted(numbers(app)) == [BEIJING, "SZ-C-261123-0001"]
    app.door.close()


async def test_the_day_holds_the_jobs_of_who_is_stood_in_for(both: World) -> None:
    both.do("guo", "staff.stand_in", "liu", role="technician", stand_in="chen", begins="11-23", ends="11-24")
    both.do("guo", "calls.dispatch", "SZ-C-261123-0001", technician="liu")
    both.do("guo", "calls.dispatch", "SZ-C-261123-0002", technician="chen")
    app = desk_of(both, "chen")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await at_work(pilot)
        await press(pilot, "5")
        assert [number[-4:] for number in numbers(app)] == ["0001", "0002"]
        assert "to go 2" in title(app)
    app.door.close()
