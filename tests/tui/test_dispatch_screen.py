"""The dispatch board on screen: keys are pressed, then the screen and the books are looked at."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from servicedesk.store import calls, people
from servicedesk.tui.app import ServiceDesk
from servicedesk.tui.call_list import CallList
from servicedesk.tui.door import DEMO
from servicedesk.tui.screens.absence import AbsenceScreen
from servicedesk.tui.screens.call import CallScreen
from servicedesk.tui.screens.dispatch import DispatchScreen
from servicedesk.tui.screens.overnight import OvernightScreen
from servicedesk.tui.screens.team import TeamScreen
from servicedesk.tui.screens.tellings import TellingsScreen
from tests.acts.days import closed
from tests.tui.scenes import at_work, painted, settled
from tests.tui.test_calls_screen import desk_of, log, press
from tests.world import World

FIRST, SECOND, THIRD = (f"SZ-C-261123-000{nth}" for nth in (1, 2, 3))


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    """Three calls of Monday morning: two urban ones, then a suburban one."""
    world = World(sqlite_url)
    with world.books.writing() as writing:
        people.set_fact(writing, people.facts(writing), DEMO, "yes")
    for minute, name in enumerate(("王小明", "李秀英", "陈国强")):
        world.at(f"2026-11-23 09:{10 * minute:02d}")
        log(world, name)
    world.at("2026-11-23 10:00")
    yield world
    world.close()


def board(app: ServiceDesk) -> CallList:
    assert isinstance(app.screen, CallList)
    return app.screen


def listed(app: ServiceDesk) -> list[str]:
    """The serials in the list, top first."""
    return [row.line.call.number[-4:] for row in board(app).lines.rows]


def title(app: ServiceDesk) -> str:
    """The title line, which a toast may cover."""
    return str(app.screen.query_one("#title", Static).content)


def side(app: ServiceDesk) -> str:
    return str(app.screen.query_one("#side", Static).content)


async def on_the_board(pilot: Pilot[None]) -> None:
    await settled(pilot)
    await press(pilot, "2")
    assert isinstance(pilot.app.screen, DispatchScreen)


async def test_a_call_is_dispatched_with_one_digit(world: World) -> None:
    app = desk_of(world, "guo")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await on_the_board(pilot)
        assert "Dispatch   Mon 23 Nov 2026   waiting 3   on the road 0   late 0   to be told 0" in painted(app)
        assert listed(app) == ["0001", "0002", "0003"]
        assert "For 1123-0001 王小明, by 16:30" in side(app)
        assert "1 陈明  free now: ~10:45 in time" in side(app)
        chosen = side(app).splitlines()[2].split()[:2]
        await press(pilot, "2")
        assert listed(app) == ["0002", "0003"]
        assert f"{chosen[1]} is sent to {FIRST}." in painted(app)
    app.door.close()
    row = world.read(calls.one, FIRST)
    assert row is not None
    assert (row.state, row.technician_name, row.voucher_holder) == ("dispatched", chosen[1], "technician")


async def test_the_sketch_holds_at_80_by_24(world: World) -> None:
    world.do("guo", "calls.dispatch", FIRST, technician="chen")
    world.do("chen", "calls.arrive", FIRST)
    world.do("guo", "staff.absence", "sun", ends="18:00", reason="病假")
    app = desk_of(world, "guo")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await on_the_board(pilot)
        screen = painted(app)
    app.door.close()
    assert "A U 5h10 left" in screen
    assert "- 孙静  absent: 病假" in screen
    assert "4 陈明  on a job to 11:00" in screen
    assert "Today" in screen
    assert "陈明     0    0001 -          11:00" in screen
    assert "SZ-C-261123-0002  李秀英  139 2222 3333" in screen
    assert screen.splitlines()[-1].startswith(
        " F1 Help  1-9 Send  r Reassign  t Reschedule  w Road  a Absence  i To tell"
    )


async def test_carried_over_calls_come_first_next_morning(world: World) -> None:
    world.do("lin", "calls.correct", THIRD, zone="urban", reason="x")
    world.do("guo", "calls.dispatch", FIRST, technician="chen")
    world.at("2026-11-24 08:40")
    log(world, "新客")
    world.at("2026-11-24 08:45")
    app = desk_of(world, "guo")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await on_the_board(pilot)
        assert listed(app) == ["0002", "0003", "0001"]
        assert "carried" in painted(app)
    app.door.close()


async def test_the_whole_dispatch_is_three_keys_at_most(world: World) -> None:
    app = desk_of(world, "guo")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await at_work(pilot)
        keys = ("2", "down", "1")
        for key in keys:
            await press(pilot, key)
    app.door.close()
    row = world.read(calls.one, SECOND)
    assert row is not None
    assert (row.state, len(keys)) == ("dispatched", 3)


async def test_marked_calls_go_together_or_not_at_all(world: World) -> None:
    app = desk_of(world, "guo")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await on_the_board(pilot)
        await press(pilot, "space", "down", "space")
        assert "2 lines marked" in painted(app)
        world.do("guo", "calls.dispatch", SECOND, technician="liu")
        await press(pilot, "1")
        assert "was changed by" in painted(app)
        first = world.read(calls.one, FIRST)
        assert first is not None
        assert first.state == "logged"
        await press(pilot, "escape", "home", "space", "down", "space", "1")
        assert listed(app) == []
        assert "Nothing waits" in painted(app)
        await press(pilot, "1")
        assert "Nothing stands here" in painted(app)
        assert app.current_mode == "dispatch"
    app.door.close()


async def test_who_carries_something_is_warned_of_and_a_second_press_sends_nobody_twice(world: World) -> None:
    world.do("guo", "calls.dispatch", FIRST, technician="chen")
    app = desk_of(world, "guo")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await on_the_board(pilot)
        ranked = [one.technician.login for one in app.screen._side.candidates]  # type: ignore[attr-defined]
        assert ranked[-1] == "chen"
        await press(pilot, str(1 + ranked.index("chen")))
        assert "陈明 already carries 1123-0001." in painted(app)
        await press(pilot, "9")
        assert "There is no technician 9 here." in painted(app)
    app.door.close()


async def test_what_is_on_the_road_is_reassigned_with_a_reason_and_recalled(world: World) -> None:
    for number in (FIRST, SECOND):
        world.do("guo", "calls.dispatch", number, technician="chen")
    app = desk_of(world, "guo")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await on_the_board(pilot)
        await press(pilot, "r")
        assert "'Reassign' is not possible" in painted(app)
        await press(pilot, "w")
        assert listed(app) == ["0001", "0002"]
        assert "陈明 5h" in painted(app)
        assert "Instead of 陈明 for 1123-0001" in side(app)
        await press(pilot, "1", "tab")
        app.screen.fields["reason"].write("urgent elsewhere", "urgent elsewhere")  # type: ignore[attr-defined]
        await press(pilot, "f2")
        assert "goes to" in painted(app)
        await press(pilot, "end", "e")
        app.screen.fields["reason"].write("customer away", "customer away")  # type: ignore[attr-defined]
        await press(pilot, "f2")
        assert listed(app) == ["0001"]
        await press(pilot, "w")
        assert listed(app) == ["0002", "0003"]
        await press(pilot, "w", "f8")
        assert "Why this time" in painted(app)
        await press(pilot, "escape", "enter")
        assert isinstance(app.screen, CallScreen)
    app.door.close()
    row = world.read(calls.one, FIRST)
    assert row is not None
    visits = world.read(calls.visits, row.id)
    assert [(visit.technician, visit.state, visit.reason) for visit in visits[:1]] == [
        ("chen", "reassigned", "urgent elsewhere")
    ]
    assert [visit.state for visit in visits] == ["reassigned", "active"]


async def test_who_falls_out_leaves_visits_that_are_moved_as_proposed(world: World) -> None:
    for number in (FIRST, SECOND, THIRD):
        world.do("guo", "calls.dispatch", number, technician="chen")
    world.do("chen", "calls.arrive", THIRD)
    app = desk_of(world, "guo")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await on_the_board(pilot)
        await press(pilot, "a")
        team = app.screen_stack[-1]
        assert isinstance(team, TeamScreen)
        assert team.lines.row is not None
        assert team.lines.row.row.login == "chen"
        await press(pilot, "a")
        app.screen.fields["reason"].write("病假", "病假")  # type: ignore[attr-defined]
        await press(pilot, "f2")
        assert type(board(app)) is AbsenceScreen
        assert listed(app) == ["0001", "0002"]
        assert painted(app).count(" > ") == 2, "each visit with who could take it over"
        await press(pilot, "enter")
        assert listed(app) == ["0002"]
        await press(pilot, "y")
        assert "Nothing is left to move" in painted(app)
        await press(pilot, "escape", "escape", "i")
        assert type(board(app)) is TellingsScreen
        assert "another technician comes" in painted(app)
        assert listed(app) == ["0001", "0002"]
    app.door.close()
    moved = [row.technician for number in (FIRST, SECOND, THIRD) if (row := world.read(calls.one, number)) is not None]
    assert moved[2] == "chen"
    assert "chen" not in moved[:2]
    assert len(set(moved)) == 3


async def test_a_customer_whose_visit_is_late_is_to_be_told_until_that_is_noted(world: World) -> None:
    world.at("2026-11-23 16:35")
    app = desk_of(world, "guo")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await on_the_board(pilot)
        assert title(app).endswith("late 1   to be told 1")
        await press(pilot, "i")
        assert listed(app) == ["0001"]
        assert "the visit is late" in painted(app)
        assert "138 1234 5678" in painted(app)
        await press(pilot, "enter")
        app.screen.fields["whom"].write("王小明", "王小明")  # type: ignore[attr-defined]
        await press(pilot, "f2")
        assert listed(app) == []
        assert "Every customer knows" in painted(app)
    app.door.close()


async def test_vouchers_out_overnight_are_listed(world: World) -> None:
    world.do("guo", "calls.dispatch", FIRST, technician="chen")
    world.at("2026-11-24 09:00")
    world.do("guo", "calls.dispatch", SECOND, technician="liu")
    app = desk_of(world, "guo")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await on_the_board(pilot)
        await press(pilot, "o")
        assert isinstance(app.screen, OvernightScreen)
        assert listed(app) == ["0001"]
        assert "SZ-V-000001" in painted(app)
        assert "Mon 23 Nov 10:00" in painted(app)
        await press(pilot, "b")
        assert "Your posts do not allow" in painted(app)
    app.door.close()


async def test_out_overnight_goes_by_when_the_register_day_was_closed_in_fact(world: World) -> None:
    world.do("guo", "calls.dispatch", FIRST, technician="chen")
    world.at("2026-11-23 17:20")
    closed(world)
    world.at("2026-11-23 17:30")
    world.do("guo", "calls.dispatch", SECOND, technician="liu")
    world.at("2026-11-23 17:40")
    app = desk_of(world, "guo")
    async with app.run_test(size=(80, 24)) as pilot:
        await on_the_board(pilot)
        await press(pilot, "o")
        assert isinstance(app.screen, OvernightScreen)
        assert listed(app) == ["0001"]
    app.door.close()


async def test_a_unit_without_technicians_says_what_to_do_first(world: World) -> None:
    for login in ("chen", "liu", "zhao", "wu", "sun"):
        world.do("adm", "staff.correct", login, active="no")
    app = desk_of(world, "guo")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await on_the_board(pilot)
        assert "No technicians yet" in painted(app)
    app.door.close()


async def test_a_stand_in_of_the_supervisor_dispatches_and_the_audit_line_names_both(world: World) -> None:
    world.do("guo", "staff.stand_in", "guo", role="supervisor", stand_in="lin", begins="2026-11-23", ends="2026-11-23")
    app = desk_of(world, "lin")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await on_the_board(pilot)
        await press(pilot, "1")
        assert listed(app) == ["0002", "0003"]
    app.door.close()


@pytest.mark.parametrize("size", [(60, 20), (120, 40)])
async def test_the_board_fits_any_terminal(world: World, size: tuple[int, int]) -> None:
    app = desk_of(world, "guo")
    async with app.run_test(size=size, notifications=True) as pilot:
        await on_the_board(pilot)
        screen = painted(app)
    app.door.close()
    assert "1 陈明" in screen
    assert "1123-0001" in screen
