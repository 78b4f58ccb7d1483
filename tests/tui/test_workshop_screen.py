"""A repair through the workshop's keys: the clock, time and parts lines, help, passing; then a look at the books."""

from __future__ import annotations

import pytest

from servicedesk.domain.repair_cards import CardRow
from servicedesk.store import repair_cards
from servicedesk.store.repair_cards import CARDS
from servicedesk.tui.screens.call import CallScreen
from servicedesk.tui.screens.repair_card import RepairCardScreen
from tests.tui.scenes import at_work, painted
from tests.tui.test_calls_screen import desk_of, press
from tests.tui.test_key_counts import Hand
from tests.tui.test_register_screen import FIFTH, FIRST, FOURTH, SECOND, THIRD, last_line, opened, title
from tests.tui.test_register_screen import world as monday
from tests.world import World

world = monday


def card(world: World, number: str) -> CardRow:
    found = world.read(CARDS.one, number)
    assert found is not None
    return found


async def test_one_key_starts_the_clock_and_stops_it_and_asks_nothing(world: World) -> None:
    app = desk_of(world, "liu")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await opened(pilot, "3")
        assert "F6 Start clock" in last_line(app)
        await press(pilot, "f6")
        assert card(world, SECOND).state == "in_repair"
        assert "F6 Stop clock" in last_line(app)
        world.at("2026-11-23 15:07")
        await press(pilot, "f6")
        assert "F6 Start clock" in last_line(app)
        world.at("2026-11-23 15:20")
        await press(pilot, "s")
        world.at("2026-11-23 15:30")
        await press(pilot, "s")
    app.door.close()
    row = card(world, SECOND)
    times = world.read(repair_cards.time_lines, row.id)
    assert [(line.minutes, line.technician) for line in times] == [(45, "liu"), (10, "liu")]
    assert row.running_since is None


async def test_the_clock_of_a_card_without_a_technician_says_what_is_missing(world: World) -> None:
    app = desk_of(world, "lin")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await opened(pilot, "3", "end", "f6")
        assert "has no technician yet: the service supervisor assigns one." in painted(app)
    app.door.close()
    assert card(world, FIFTH).state == "waiting"


async def test_a_repair_of_two_time_lines_and_three_parts_takes_at_most_25_keys(world: World) -> None:
    app = desk_of(world, "liu")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await at_work(pilot)
        hand = Hand(pilot)
        await hand.press("3", "enter", "f6")
        world.at("2026-11-23 15:07")
        await hand.press("f6", "m")
        await hand.type("2026-11-20 1530-1600")
        await hand.press("f2", "f7")
        await hand.type("qdq 2")
        await hand.press("enter")
        await hand.type("r600 80")
        await hand.press("enter")
        await hand.type("dy-55 agreed 200 given")
        await hand.press("f2", "f11", "enter")
        await hand.type("starter burnt")
        await hand.press("enter")
        await hand.type("starter and board replaced")
        await hand.press("f2")
    app.door.close()
    row = card(world, SECOND)
    assert (row.state, row.found, row.work) == ("repaired", "starter burnt", "starter and board replaced")
    assert sorted(line.minutes for line in world.read(repair_cards.time_lines, row.id)) == [30, 45]
    parts = world.read(repair_cards.part_lines, row.id)
    assert [(line.part, line.quantity) for line in parts] == [("QDQ-201", 2), ("R600A", 80), ("DY-55", 1)]
    assert hand.pressed <= 16


async def test_the_card_is_drawn_as_the_paper(world: World) -> None:
    app = desk_of(world, "chen")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, "3", "enter")
        assert isinstance(app.screen, RepairCardScreen)
        lines = [line.strip() for line in painted(app).splitlines()]
        names = [line.split("  ")[0] for line in lines[2:] if "  " in line]
        wanted = "Goods in, Call, Customer, Product, Symptom, Promised, Technician, Fault found, Work done, Time, Parts"
        assert [name for name in names if name in wanted.split(", ")] == wanted.split(", ")
        assert "Time          Fri 20 Nov 14:00-15:20  80 min          陈明" in lines
        assert "Mon 23 Nov 13:30-       running 52 min  陈明" in lines
        assert "R600A    R600a 制冷剂  60 g  warranty    old part kept" in lines
        assert lines[-2] == "Next: finish, then the service supervisor passes it."
        assert lines[-1] == "F1 Help  F2 Write  F6 Stop clock  F7 Part  F9 Wait  F10 Ask help  F11 Finish"
        await press(pilot, "escape")
        assert title(app).startswith("Workshop: mine")
    app.door.close()


async def test_a_page_longer_than_the_screen_scrolls(world: World) -> None:
    app = desk_of(world, "chen")
    async with app.run_test(size=(80, 12)) as pilot:
        await opened(pilot, "3", "enter")
        assert "Promises" not in painted(app)
        await press(pilot, "pagedown")
        assert "Promises" in painted(app)
        await press(pilot, "pageup")
        assert "Goods in" in painted(app)
    app.door.close()


async def test_what_worked_before_is_counted_on_the_card(world: World) -> None:
    world.do("chen", "cards.finish", FIRST, found="坏", work="更换启动器", resolution_code="part_replaced")
    app = desk_of(world, "chen")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, "3", "enter")
        assert "Worked before part replaced" in painted(app)
    app.door.close()


async def test_help_is_asked_for_and_answered(world: World) -> None:
    app = desk_of(world, "liu")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await opened(pilot, "3", "f10", *"no schematic", "f2")
        assert card(world, SECOND).assistance
        assert painted(app).splitlines()[3].endswith("help asked")
    app.door.close()
    app = desk_of(world, "guo")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await opened(pilot, "3", "v", "v", "v", "w", *"help", "enter", *"call the factory", "f2")
        assert not card(world, SECOND).assistance
    app.door.close()


async def test_who_repaired_does_not_pass_and_the_supervisor_does(world: World) -> None:
    world.do("chen", "cards.finish", FIRST, found="坏", work="更换启动器")
    app = desk_of(world, "guo")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await opened(pilot, "3", "v", "v", "v", "v", "v", "v", "enter")
        assert "Next: the service supervisor inspects and passes it, not 陈明." in painted(app)
        await press(pilot, "p", "f2")
        assert card(world, FIRST).state == "passed"
        await press(pilot, "p")
        assert "is not possible" in painted(app)
    app.door.close()


async def test_waiting_and_resuming_is_one_key(world: World) -> None:
    world.do("lin", "parts.arrive", parts="PSB-30 1")
    app = desk_of(world, "wu")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await opened(pilot, "3")
        assert "F9 Resume" in last_line(app)
        await press(pilot, "f9", "f2")
        assert card(world, FOURTH).state == "in_repair"
        assert "F9 Wait" in last_line(app)
    app.door.close()


@pytest.mark.parametrize("typed", ["K-1120-3", "SZ-K-261120-0003"])
async def test_the_palette_opens_a_card_by_its_number(world: World, typed: str) -> None:
    app = desk_of(world, "guo")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, "colon", *typed, "enter")
        assert isinstance(app.screen, RepairCardScreen)
        assert THIRD in title(app)
    app.door.close()


async def test_goods_in_begins_on_the_call(world: World) -> None:
    app = desk_of(world, "lin")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await opened(pilot, "home", "enter")
        assert isinstance(app.screen, CallScreen)
        assert "carried back" in title(app)
        await press(pilot, "K")
        assert isinstance(app.screen, CallScreen)
        await press(pilot, "w", "f2", "K")
        assert isinstance(app.screen, RepairCardScreen)
    app.door.close()
    row = card(world, "SZ-K-261123-0001")
    assert (row.state, row.customer_name, row.technician) == ("waiting", "黄志伟", "")
