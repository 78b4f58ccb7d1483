"""The analysis of complaints by keys alone: by what, over which days, the figures below, the records behind."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from servicedesk.store import people
from servicedesk.tui.app import ServiceDesk
from servicedesk.tui.door import DEMO
from servicedesk.tui.screens.analysis import AnalysisScreen
from servicedesk.tui.screens.analysis_records import RecordsScreen
from servicedesk.tui.screens.paper import PaperScreen
from tests.acts import complaining
from tests.tui.scenes import at_work, painted, settled
from tests.tui.test_calls_screen import desk_of, press
from tests.tui.test_keys import UNSAFE
from tests.world import World

LONG = "宏图伟业科技股份有限公司深圳分公司南山办事处"


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    """October's complaint is closed; of November's two one came again, and neither is acknowledged in time."""
    world = World(sqlite_url)
    with world.books.writing() as writing:
        people.set_fact(writing, people.facts(writing), DEMO, "yes")
    world.at("2026-10-12 09:00")
    complaining.closed(world)
    world.at("2026-11-20 09:00")
    complaining.received(
        world, customer_name=LONG, telephone="075523456789", content="[red]收费不对[/x]", model_no="AD350"
    )
    complaining.investigating(world, customer_name="李秀英", telephone="13922223333", model_no="XQG100-14B")
    world.at("2026-11-23 10:00")
    yield world
    world.close()


async def opened(pilot: Pilot[None], *keys: str) -> None:
    await settled(pilot)
    await press(pilot, "0", *"complaint an", "enter", *keys)


def page(app: ServiceDesk) -> list[str]:
    return [line.strip() for line in painted(app).splitlines()]


async def test_the_greatest_stands_first_with_its_share_and_its_bar(world: World) -> None:
    app = desk_of(world, "xu")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        assert isinstance(app.screen, AnalysisScreen)
        lines = page(app)
        assert lines[1] == "Complaint analysis: by cause   this month   1 Nov 2026 to 23 Nov 2026"
        assert lines[2].split() == ["Cause", "class", "How", "many", "Portion", "Sum", "Repeat"]
        assert lines[3].split() == ["all", "complaints", "2", "0"]
        assert lines[4].split()[:-1] == ["cause", "not", "found", "yet", "1", "50.0", "%", "50.0", "%", "0"]
        assert lines[5].endswith("#" * 22)
        assert lines[-5:-1] == [
            "all complaints: 2, repeat complaints 0   per 100 calls: no data",
            "In time: acknowledgement 50.0 % (1/2), solution 0.0 % (0/2)",
            "In time: follow-up 0.0 % (0/2)",
            "Satisfied with the handling: no data, target 85 %",
        ]
        assert lines[-1] == "F1 Help  Enter Records  v By another  p Another period  f From - to"
    app.door.close()


async def test_v_counts_by_something_else_and_p_over_other_days(world: World) -> None:
    app = desk_of(world, "ana")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, "v")
        assert page(app)[1].startswith("Complaint analysis: by nature   this month")
        await press(pilot, "shift+tab", "V")
        assert page(app)[1].startswith("Complaint analysis: by channel")
        await press(pilot, "p")
        assert page(app)[1].endswith("last month   1 Oct 2026 to 31 Oct 2026")
        assert page(app)[3].split() == ["all", "complaints", "1", "0"]
        assert "Satisfied with the handling: 100.0 % (1/1), target 85 %" in painted(app)
        await press(pilot, "p", "p", "p")
        assert "this month" in page(app)[1]
        await press(pilot, "colon", *"by techn", "enter")
        assert page(app)[1].startswith("Complaint analysis: by technician complained of")
    app.door.close()


async def test_days_of_ones_own_are_typed_as_dates_are(world: World) -> None:
    app = desk_of(world, "ana")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, "f")
        for name, typed in (("first", "2026-11-01"), ("last", "10-01")):
            app.screen.query_one(f"#{name}", Input).value = typed
        await press(pilot, "f2")
        assert "The period ends before it begins: 1 Nov 2026 to 1 Oct 2026." in painted(app)
        app.screen.query_one("#first", Input).value = "2026-10-01"
        app.screen.query_one("#last", Input).value = "11-20"
        await press(pilot, "enter")
        assert page(app)[1] == "Complaint analysis: by cause   1 Oct 2026 to 20 Nov 2026"
        assert page(app)[3].split()[:3] == ["all", "complaints", "3"]
        await press(pilot, "f", "escape")
        assert page(app)[1] == "Complaint analysis: by cause   1 Oct 2026 to 20 Nov 2026"
    app.door.close()


async def test_the_records_behind_a_figure_are_one_key_away_and_open_their_sheets(world: World) -> None:
    app = desk_of(world, "xu")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, "enter")
        assert isinstance(app.screen, RecordsScreen)
        lines = page(app)
        assert lines[1] == "all complaints: all   1 Nov 2026 to 23 Nov 2026   2"
        assert [line.split()[0] for line in lines[3:5]] == ["1120-0002", "1120-0001"]
        await press(pilot, "down")
        assert page(app)[-2] == "[red]收费不对[/x]"
        assert LONG in page(app)[-3]
        await press(pilot, "escape", "down", "s")
        lines = page(app)
        assert lines[1] == "cause not found yet: solution missed   1 Nov 2026 to 23 Nov 2026   1"
        await press(pilot, "shift+tab", "V", "V")
        assert page(app)[1].startswith("cause not found yet: all")
        await press(pilot, "enter")
        assert isinstance(app.screen, PaperScreen)
        assert "SZ-P-261120-0001" in page(app)[1]
    app.door.close()


async def test_what_has_no_records_says_so(world: World) -> None:
    app = desk_of(world, "xu")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, "r")
        assert page(app)[1] == "all complaints: repeat complaints   1 Nov 2026 to 23 Nov 2026   0"
        assert "No complaint stands behind this figure." in painted(app)
    app.door.close()


async def test_days_without_complaints_are_no_data(world: World) -> None:
    world.at("2027-08-10 09:00")
    app = desk_of(world, "ana")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await opened(pilot)
        assert "No data: no complaint was received on these days." in painted(app)
        await press(pilot, "enter")
        assert isinstance(app.screen, AnalysisScreen)
    app.door.close()


async def test_a_unit_counts_its_own_and_a_technician_has_no_such_place(world: World) -> None:
    app = desk_of(world, "bjsup")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        assert "No data: no complaint was received on these days." in painted(app)
    app.door.close()
    app = desk_of(world, "chen")
    async with app.run_test(size=(80, 24)) as pilot:
        await at_work(pilot)
        await press(pilot, "0", *"complaint an")
        assert "Nothing is called “complaint an”." in painted(app)
    app.door.close()


@pytest.mark.parametrize("screen", [AnalysisScreen, RecordsScreen])
def test_the_keys_do_one_thing_each(screen: type[AnalysisScreen] | type[RecordsScreen]) -> None:
    pressed = [name for key in screen.all_keys() for name in key.key.split(",") if key.action != "back"]
    assert len(pressed) == len(set(pressed))
    assert not UNSAFE & set(pressed)
