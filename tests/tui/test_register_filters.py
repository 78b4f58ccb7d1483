"""Filters and kept views of the lists that every register shares, on the workshop's cards and on complaints."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from textual.widgets import Input, Static

from servicedesk.domain.registers import Wanted
from servicedesk.domain.rights import Actor, Post
from servicedesk.store import people, places, staff
from servicedesk.store.registers import Register
from servicedesk.tui.app import ServiceDesk
from servicedesk.tui.door import DEMO
from servicedesk.tui.registers import Listed, RegisterPage, of_the_store, read_listed
from servicedesk.tui.screens.complaints import ComplaintsScreen
from servicedesk.tui.screens.filter import FilterScreen
from servicedesk.tui.screens.register import RegisterScreen
from servicedesk.tui.screens.workshop import WorkshopScreen
from tests.acts.complaining import acknowledged, received
from tests.tui.scenes import painted
from tests.tui.scenes_workshop import workshop
from tests.tui.test_calls_screen import desk_of, press
from tests.tui.test_register_screen import FIFTH, FIRST, FOURTH, SECOND, THIRD, declared, listed, opened, title
from tests.world import World

PAGES = [screen.PAGE for screen in declared(RegisterScreen) if issubclass(screen, RegisterScreen)]


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    """The workshop on Monday afternoon, in books that anybody may try."""
    world = World(sqlite_url)
    with world.books.writing() as writing:
        people.set_fact(writing, people.facts(writing), DEMO, "yes")
    workshop(world)
    yield world
    world.close()


async def fill(app: ServiceDesk, **typed: str) -> None:
    """Type into the filter's fields, in place of what stands there."""
    for name, text in typed.items():
        app.screen.query_one(f"#filter-{name}", Input).value = text


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.name))
def test_every_declared_filter_is_a_condition_of_its_register(page: RegisterPage[object]) -> None:
    register: Register[object] = of_the_store(page.register)  # type: ignore[type-var]
    known = {"unit", *register.conditions}
    known |= {
        name for name, column in (("state", "state"), ("technician", "technician_id")) if column in register.table.c
    }
    assert {asked.name for asked in page.filters} <= known
    assert all(asked.options or asked.lookup or asked.hint for asked in page.filters)


def test_a_filter_narrows_a_view_and_never_widens_it() -> None:
    page = WorkshopScreen.PAGE
    supervisor = Actor(1, "guo", "郭强", "SZ", (Post("supervisor", "SZ"),))
    waiting = page.view("parts")
    assert page.asked(supervisor, waiting, chosen=(("technician", "wu"),)) == (
        Wanted(unit="SZ", state="waiting_parts", technician="wu", urgent=True),
    )
    assert page.asked(supervisor, waiting, chosen=(("state", "waiting"),)) == ()
    assert page.asked(supervisor, waiting, chosen=(("unit", "BJ"),)) == ()
    assert page.asked(supervisor, page.view("mine"), chosen=(("technician", "wu"),)) == ()
    assert page.asked(supervisor, waiting, "孙", (("technician", "wu"),)) == (
        Wanted(unit="SZ", technician="wu", words="孙"),
    )


def test_what_a_later_program_kept_is_left_out() -> None:
    kept = '{"view": "new", "filter": {"state": "in_repair", "mood": "good", "technician": "wu"}, "words": "孙"}'
    chosen = (("state", "in_repair"), ("technician", "wu"))
    assert read_listed(kept, WorkshopScreen.PAGE) == Listed("shop", chosen, "孙")
    assert read_listed('{"view": "late", "words": ""}', WorkshopScreen.PAGE) == Listed("late")
    assert read_listed('{"filter": {"state": "melted"}}', WorkshopScreen.PAGE) == Listed("shop")


async def test_a_filter_holds_over_the_views_until_escape_takes_it_away(world: World) -> None:
    app = desk_of(world, "guo")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, "3", "F")
        assert isinstance(app.screen, FilterScreen)
        await fill(app, state="in rep", technician="陈明")
        await press(pilot, "f2")
        assert title(app).startswith("Workshop: all in the shop · in repair · chen   ")
        assert listed(app) == [FIRST]
        await press(pilot, "v", "v")
        assert title(app).startswith("Workshop: late · in repair · chen   ")
        assert listed(app) == []
        assert "No line fits this filter. Esc takes it away." in painted(app)
        await press(pilot, "F")
        assert app.screen.query_one("#filter-state", Input).value == "in repair"
        await fill(app, state="", technician="liu")
        await press(pilot, "f2")
        assert listed(app) == [SECOND]
        await press(pilot, "slash", *"孙丽华", "enter")
        assert title(app).startswith("Workshop: /孙丽华 · liu")
        await press(pilot, "escape")
        assert title(app).startswith("Workshop: late · liu")
        await press(pilot, "escape")
        assert title(app).startswith("Workshop: late   ")
        await press(pilot, "escape")
        assert title(app).startswith("Workshop: all in the shop   ")
        assert listed(app) == [SECOND, FIRST, THIRD, FOURTH, FIFTH]
    app.door.close()


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("state", "nowhere", "“nowhere” is not one of:"),
        ("technician", "nobody", "“nobody” is not found"),
        ("unit", "Shenzhen and", "is not found"),
    ],
)
async def test_what_cannot_be_meant_is_refused_at_its_field(world: World, name: str, typed: str, said: str) -> None:
    app = desk_of(world, "guo")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, "3", "F")
        await fill(app, **{name: typed})
        await press(pilot, "f2")
        assert said in str(app.screen.query_one("#refusal", Static).content)
        assert app.focused is app.screen.query_one(f"#filter-{name}")
        await press(pilot, "escape")
        assert len(listed(app)) == 5
    app.door.close()


async def test_a_place_is_remembered_with_its_filter(world: World) -> None:
    app = desk_of(world, "guo")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, "3", "V", "F")
        await fill(app, technician="wu")
        await press(pilot, "f2", "1")
    app.door.close()
    app = desk_of(world, "guo")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, "3")
        assert title(app).startswith("Workshop: all cards · wu")
        assert listed(app) == [FOURTH]
    app.door.close()


async def test_a_view_is_kept_shared_and_stands_beside_the_declared_ones(world: World) -> None:
    app = desk_of(world, "guo")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, "3", "F")
        await fill(app, state="waits")
        await press(pilot, "f2")
        assert "is not one of" in painted(app)
        await fill(app, state="waiting for parts", technician="wu")
        await press(pilot, "f2", "L")
        assert "all in the shop" in painted(app)
        await press(pilot, "x")
        assert "This view is the register's own" in painted(app)
        await press(pilot, "s", *"wu {waits}", "enter", "escape")
        assert title(app).startswith("Workshop: wu {waits}")
        await press(pilot, "v")
        assert title(app).startswith("Workshop: all in the shop   ")
    app.door.close()
    person = world.read(staff.person, "guo")
    assert person is not None
    (view,) = world.read(places.views, "lin", "SZ", "repair_cards")
    assert (view.name, view.shared, view.owner) == ("wu {waits}", True, "guo")
    app = desk_of(world, "lin")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, "3", "V")
        assert title(app).startswith("Workshop: wu {waits}")
        assert listed(app) == [FOURTH]
        await press(pilot, "escape")
        assert title(app).startswith("Workshop: all in the shop   ")
        await press(pilot, "colon", *"wu {", "enter")
        assert listed(app) == [FOURTH]
        await press(pilot, "L", "end", "x")
        assert "do not allow 'Drop a view'" in painted(app)
        await press(pilot, "home", "down", "down", "enter")
        assert title(app).startswith("Workshop: late   ")
    app.door.close()
    app = desk_of(world, "guo")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, "3", "L", "end", "x")
        assert "View wu {waits} dropped." in painted(app)
    app.door.close()
    assert world.read(places.views, "guo", "SZ", "repair_cards") == []


async def test_complaints_are_filtered_by_what_only_they_have(world: World) -> None:
    first = acknowledged(world, channel="email")
    world.do(
        "xu", "complaints.assess", first, nature="logistics", urgency="normal", scope="one", gravity="ordinary",
        owner="xu", departments="物流部: 延误两日",
    )  # fmt: skip
    second = received(world, customer_name="李秀英", telephone="13922223333", channel="counter")
    app = desk_of(world, "xu")
    async with app.run_test(size=(80, 30)) as pilot:
        await opened(pilot, "4")
        assert isinstance(app.screen, ComplaintsScreen)
        for typed, found in (
            ({"department": "物流部"}, [first]),
            ({"department": "", "nature": "log"}, [first]),
            ({"nature": "", "channel": "counter"}, [second]),
            ({"channel": "e-mail", "owner": "徐丽", "gravity": "ord", "unit": "SZ", "state": "assessed"}, [first]),
            ({"owner": "guo"}, []),
        ):
            await press(pilot, "f")
            await fill(app, **typed)
            await press(pilot, "f2")
            assert (typed, listed(app)) == (typed, found)
        assert "No line fits this filter. Esc takes it away." in painted(app)
    app.door.close()
