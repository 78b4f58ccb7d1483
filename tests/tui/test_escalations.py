"""The clocks of complaints at open desks: who it goes to is told once, nobody else, and nothing twice."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

import pytest
from rich.console import RenderableType
from textual.pilot import Pilot
from textual.screen import Screen

from servicedesk.config import Settings
from servicedesk.store import audit, people
from servicedesk.tui import escalations
from servicedesk.tui.app import ServiceDesk
from servicedesk.tui.door import DEMO
from servicedesk.tui.escalations import Escalations
from tests.acts.complaining import events, received
from tests.tui.scenes import at_work, painted, settled
from tests.world import World


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    """Monday morning, nine o'clock, in books that anybody may try."""
    world = World(sqlite_url)
    with world.books.writing() as writing:
        people.set_fact(writing, people.facts(writing), DEMO, "yes")
    yield world
    world.close()


def desk_of(world: World, login: str, *, live: bool = False) -> ServiceDesk:
    """The desk of this person over the world's books and clock."""
    return ServiceDesk(
        Settings(database=world.database, language="en"), login, lambda: world.now.astimezone(), live=live
    )


def told(app: ServiceDesk) -> list[str]:
    """What was shown at the edge of the screen and is still there."""
    return [notification.message for notification in app._notifications]


async def look(pilot: Pilot[None], clocks: Escalations) -> None:
    """One look, and what it says is shown."""
    await clocks.look()
    await settled(pilot)


async def until(pilot: Pilot[None], done: Callable[[], bool]) -> None:
    """Let the app work until this holds."""
    async with asyncio.timeout(20):
        while not done():
            await pilot.pause(0.02)


async def test_where_nothing_happens_nothing_is_painted(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    received(world)
    painted_anew: list[object] = []
    app = desk_of(world, "ann")
    display = app._display

    def kept(screen: Screen[object], update: RenderableType | None) -> None:
        painted_anew.append(update)
        display(screen, update)

    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await at_work(pilot)
        clocks = Escalations(app)
        monkeypatch.setattr(app, "_display", kept)
        await look(pilot, clocks)
        head = world.read(audit.head)
        await look(pilot, clocks)
        assert painted_anew == []
        assert world.read(audit.head) == head
        world.at("2026-11-23 09:30")
        await look(pilot, clocks)
        assert painted_anew != []
    app.door.close()


async def test_a_desk_of_the_role_is_told_once(world: World) -> None:
    number = received(world)
    app = desk_of(world, "ann")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await at_work(pilot)
        clocks = Escalations(app)
        await look(pilot, clocks)
        before = painted(app)
        await look(pilot, clocks)
        assert told(app) == []
        assert painted(app) == before
        world.at("2026-11-23 09:30")
        await look(pilot, clocks)
        said = f"{number}: half of the time for the acknowledgement is used up, 0h30 left."
        assert told(app) == [said]
        await settled(pilot)
        assert "half of the time" in painted(app)
        await look(pilot, clocks)
        assert told(app) == [said]
        world.at("2026-11-23 09:45")
        await look(pilot, clocks)
        assert told(app) == [said], "three quarters go to the Customer Department"
    app.door.close()
    assert [event.role for event in events(world, number, "escalated")] == ["agent", "customer_department"]


async def test_what_happened_before_the_desk_was_opened_is_no_news(world: World) -> None:
    number = received(world)
    world.at("2026-11-23 09:45")
    first = desk_of(world, "lin")
    async with first.run_test(size=(80, 24), notifications=True) as pilot:
        await at_work(pilot)
        clocks = Escalations(first)
        await look(pilot, clocks)
        await look(pilot, clocks)
        assert told(first) == [], "a clerk holds none of these posts"
    first.door.close()
    assert len(events(world, number, "escalated")) == 2
    later = desk_of(world, "ann")
    async with later.run_test(size=(80, 24), notifications=True) as pilot:
        await at_work(pilot)
        clocks = Escalations(later)
        await look(pilot, clocks)
        await look(pilot, clocks)
        assert told(later) == []
    later.door.close()


async def test_every_desk_of_the_role_is_told_of_what_one_has_written(world: World) -> None:
    number = received(world)
    mine, other = desk_of(world, "xu"), desk_of(world, "sm")
    async with mine.run_test(size=(80, 24), notifications=True) as pilot:
        await at_work(pilot)
        async with other.run_test(size=(80, 24), notifications=True) as second:
            await at_work(second)
            both = Escalations(mine), Escalations(other)
            for clocks in both:
                await clocks.look()
            world.at("2026-11-23 10:00")
            await asyncio.gather(*(clocks.look() for clocks in both))
            for clocks in both:
                await clocks.look()
            await settled(pilot)
            await settled(second)
            assert told(mine) == [f"{number}: 75 % of the time for the acknowledgement is used up, 0h00 left."]
            assert told(other) == [f"{number}: the time for the acknowledgement is used up, 0h00 left."]
    mine.door.close()
    other.door.close()
    assert len(events(world, number, "escalated")) == 3


async def test_a_step_to_supervisors_is_told_in_the_unit_alone(world: World) -> None:
    world.do("adm", "complaints.step", clock="acknowledge", percent="50", role="supervisor")
    number = received(world)
    here, there = desk_of(world, "guo"), desk_of(world, "bjsup")
    async with here.run_test(size=(80, 24), notifications=True) as pilot:
        await at_work(pilot)
        async with there.run_test(size=(80, 24), notifications=True) as second:
            await at_work(second)
            both = Escalations(here), Escalations(there)
            for clocks in both:
                await clocks.look()
            world.at("2026-11-23 09:30")
            for clocks in both:
                await clocks.look()
            await settled(pilot)
            await settled(second)
            assert [said.partition(":")[0] for said in told(here)] == [number]
            assert told(there) == []
    here.door.close()
    there.door.close()


async def test_many_at_once_are_counted(world: World) -> None:
    for nth in range(5):
        received(world, telephone=f"1390000000{nth}")
    app = desk_of(world, "ann")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await at_work(pilot)
        clocks = Escalations(app)
        await look(pilot, clocks)
        world.at("2026-11-23 09:30")
        await look(pilot, clocks)
        assert len(told(app)) == 4
        assert told(app)[-1] == "2 more clocks of complaints go to you."
    app.door.close()


async def test_a_locked_screen_tells_when_it_is_unlocked(world: World) -> None:
    received(world)
    app = desk_of(world, "ann")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await at_work(pilot)
        clocks = Escalations(app)
        await look(pilot, clocks)
        app.lock()
        await pilot.pause()
        world.at("2026-11-23 09:30")
        await look(pilot, clocks)
        assert told(app) == []
        app.pop_screen()
        await look(pilot, clocks)
        assert len(told(app)) == 1
    app.door.close()


async def test_an_open_desk_looks_by_itself(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(escalations, "EVERY", 0.05)
    number = received(world)
    app = desk_of(world, "ann", live=True)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await until(pilot, lambda: app.door.seated.is_set())
        head = world.read(audit.head)
        await settled(pilot)
        assert world.read(audit.head) == head
        world.at("2026-11-23 09:30")
        await until(pilot, lambda: told(app) != [])
        assert told(app) == [f"{number}: half of the time for the acknowledgement is used up, 0h30 left."]
    app.door.close()


async def test_books_that_cannot_be_had_now_are_asked_again(world: World) -> None:
    app = desk_of(world, "ann")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await at_work(pilot)
        clocks = Escalations(app)
        clocks.begin_look()
        await settled(pilot)
        received(world)
        world.at("2026-11-23 09:30")
        app.door.books.patience = 0.01
        with world.books.writing():
            clocks.begin_look()
            await settled(pilot)
        assert told(app) == []
        assert app.is_running
        clocks.begin_look()
        await settled(pilot)
        assert len(told(app)) == 1
    app.door.close()
