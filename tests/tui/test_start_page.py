"""The start page: what waits, for whom, most urgent first; and the hand-over page at the end of a shift."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC

import pytest
from textual.pilot import Pilot

from servicedesk.acts.desk import Look
from servicedesk.locales import Words
from servicedesk.tui.app import ServiceDesk
from servicedesk.tui.desks import page_of_desk
from servicedesk.tui.registers import of_the_store
from servicedesk.tui.screens.call import CallScreen
from servicedesk.tui.screens.calls import CallsScreen
from servicedesk.tui.screens.dispatch import DispatchScreen
from servicedesk.tui.screens.hand_over import HandOverScreen
from servicedesk.tui.screens.register_days import RegisterDaysScreen
from servicedesk.tui.screens.report import ReportScreen
from servicedesk.tui.screens.reports import ReportsScreen
from servicedesk.tui.screens.start import StartScreen
from servicedesk.tui.waiting import Waits, gather
from servicedesk.tui.waiting_kinds import HANDED_OVER, WAITING
from tests.acts.faces import open_to_anybody
from tests.tui.scenes import painted, settled
from tests.tui.scenes_reports import closed, day_end, review, sent_back, signed, summed
from tests.tui.test_calls_screen import desk_of, press
from tests.tui.test_dispatch_screen import FIRST, SECOND, THIRD
from tests.tui.test_dispatch_screen import world as morning
from tests.world import STAFF, World

world = morning


def waiting(world: World, login: str, most: int = 3) -> dict[str, tuple[int, list[str]]]:
    """By kind how many wait for this person, and the lines shown of them."""
    found: dict[str, tuple[int, list[str]]] = {}
    for line in lines(world, login, most):
        if line.item is None:
            found[line.kind.name] = (line.total, [])
        else:
            found[line.kind.name][1].append(line.item.text)
    return found


def lines(world: World, login: str, most: int = 3) -> list[Waits]:
    with world.books.reading() as reading:
        look = Look(world.books, reading, login, world.now.astimezone(UTC))
        return gather(WAITING, look, Words("en", "Asia/Shanghai"), most)


def forwardable(world: World) -> None:
    """The manager has signed as well."""
    signed(world)
    world.do("mgr", "supervisor_reports.manager_sign", "SZ-B-261123-0001")


def totals(world: World, login: str) -> dict[str, int]:
    return {name: total for name, (total, _) in waiting(world, login).items()}


# Who sees what


def test_the_supervisors_morning(world: World) -> None:
    world.do("guo", "calls.dispatch", SECOND, technician="chen")
    assert totals(world, "guo") == {"to_dispatch": 2}
    world.at("2026-11-24 08:40")
    found = waiting(world, "guo")
    assert next(iter(found)) == "late"
    assert {name: total for name, (total, _) in found.items()} == {
        "late": 3,
        "carried_over": 2,
        "tell": 3,
        "overnight": 1,
        "to_close": 1,
    }
    assert found["late"][1][0].startswith("!1123-000")


def test_a_technicians_day(world: World) -> None:
    world.do("guo", "calls.dispatch", SECOND, technician="chen")
    assert totals(world, "chen") == {"visits": 1}
    assert totals(world, "liu") == {}
    world.do("chen", "calls.arrive", SECOND)
    world.at("2026-11-23 11:00")
    world.do("chen", "calls.finish", SECOND, cause="老化", work="换电容", fees="labour 80", collected="y")
    assert totals(world, "chen") == {"unreported": 1, "not_remitted": 1}
    assert waiting(world, "chen")["unreported"][1] == [" 陈明  Mon 23 Nov 2026: 1 jobs, no report handed in"]
    world.at("2026-11-24 09:00")
    (line,) = waiting(world, "chen")["unreported"][1]
    assert line.startswith("!陈明  Mon 23 Nov")
    world.do("chen", "reports.submit", day="2026-11-23")
    assert totals(world, "chen") == {"not_remitted": 1}
    world.at("2026-12-02 09:00")
    assert "unreported" not in totals(world, "chen")


@pytest.mark.parametrize(
    ("books", "login", "wanted"),
    [
        (day_end, "chen", {"unreported": 1, "not_remitted": 2}),
        (review, "guo", {"to_review": 3}),
        (sent_back, "wu", {"sent_back": 1}),
        (summed, "guo", {"mine_to_sign": 1}),
        (forwardable, "guo", {"to_forward": 1}),
        (signed, "mgr", {"to_sign": 1}),
        (closed, "lin", {"days_open": 1}),
        (day_end, "acc", {"not_remitted": 3}),
    ],
)
def test_each_step_of_the_days_end_waits_for_the_next_person(
    sqlite_url: str, books: Callable[[World], None], login: str, wanted: dict[str, int]
) -> None:
    made = World(sqlite_url)
    books(made)
    found = totals(made, login)
    assert {name: found.get(name) for name in wanted} == wanted
    made.close()


def test_the_customer_department_receives(sqlite_url: str) -> None:
    made = World(sqlite_url)
    forwardable(made)
    assert "reports_in" not in totals(made, "xu")
    made.do("guo", "supervisor_reports.forward", "SZ-B-261123-0001")
    assert totals(made, "xu") == {"reports_in": 1} == totals(made, "sm")
    made.close()


def test_every_person_can_be_asked_on_both_engines(database_url: str) -> None:
    made = World(database_url)
    closed(made)
    for login in STAFF:
        for line in lines(made, login):
            if line.item is None:
                assert line.total > 0
            else:
                assert line.item.full(78)
    made.close()


def test_every_view_that_is_named_is_there() -> None:
    """A kind of a view goes by the name of the view: a wrong name would show the first view instead."""
    for kind in (*WAITING, *HANDED_OVER):
        named = kind.find.__closure__
        cells = {
            name: cell.cell_contents for name, cell in zip(kind.find.__code__.co_freevars, named or (), strict=True)
        }
        if "view" in cells:
            page = page_of_desk(cells["desk"])
            assert cells["view"] in {view.name for view in page.views}, kind.name
            assert of_the_store(page.register).row


def test_a_stand_in_is_asked_for_the_absent_ones_reviews(sqlite_url: str) -> None:
    made = World(sqlite_url)
    review(made)
    assert "to_review" not in totals(made, "mgr")
    made.do("guo", "staff.stand_in", "guo", stand_in="mgr", role="supervisor", begins="2026-11-23", ends="2026-11-24")
    assert totals(made, "mgr")["to_review"] == 3
    made.close()


def test_no_more_than_three_of_a_kind_and_all_are_counted(world: World) -> None:
    for number in range(5):
        world.do(
            "lin",
            "calls.log",
            customer=f"客{number}",
            telephone=f"1390000000{number}",
            district="福田区",
            address="福田区1号",
            model_no="KFR-35GW",
            symptom="不制冷",
        )
    total, shown = waiting(world, "guo")["to_dispatch"]
    assert (total, len(shown)) == (8, 3)


# The page


async def test_it_is_the_first_page_and_its_keys_lead_on(world: World) -> None:
    app = desk_of(world, "guo")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        assert shown(app) is StartScreen
        screen = painted(app)
        assert "Start   Mon 23 Nov 2026   3 waiting" in screen
        assert "To be dispatched  3" in screen
        assert under_the_cursor(app) == FIRST
        await press(pilot, "enter")
        assert shown(app) is CallScreen
        await press(pilot, "escape")
        assert shown(app) is StartScreen
        assert under_the_cursor(app) == FIRST
        await press(pilot, "l")
        assert shown(app) is DispatchScreen
        await press(pilot, "escape")
        assert shown(app) is StartScreen
        await press(pilot, "escape")
        assert "Ctrl+Q" in painted(app)
        await press(pilot, "up", "enter")
        assert shown(app) is DispatchScreen
    app.door.close()


def shown(app: ServiceDesk) -> type[object]:
    """Which page is in front."""
    return type(app.screen)


def under_the_cursor(app: ServiceDesk) -> str:
    """The number of the line under the cursor."""
    assert isinstance(app.screen, StartScreen)
    row = app.screen.lines.row
    assert row is not None
    assert row.item is not None
    return row.item.key


async def test_the_cursor_stays_on_its_line_when_somebody_writes(world: World) -> None:
    app = desk_of(world, "guo")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, "down")
        assert under_the_cursor(app) == SECOND
        world.do("guo", "calls.dispatch", FIRST, technician="chen")
        app.refresh_rows()
        await settled(pilot)
        assert "To be dispatched  2" in painted(app)
        assert under_the_cursor(app) == SECOND
    app.door.close()


async def test_a_list_shows_the_view_that_was_asked_for_also_where_one_was_before(sqlite_url: str) -> None:
    world = open_to_anybody(World(sqlite_url))
    review(world)
    app = desk_of(world, "guo")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, "5", "v", "v")
        assert "Reports: sent back" in painted(app)
        await press(pilot, "enter", "escape", "escape", "escape")
        assert shown(app) is StartScreen
        await to_kind(pilot, "to_review")
        await press(pilot, "l")
        assert shown(app) is ReportsScreen
        assert "Reports: to review" in painted(app)
        await press(pilot, "escape")
        await press(pilot, "down", "enter")
        assert shown(app) is ReportScreen
    app.door.close()
    world.close()


async def to_kind(pilot: Pilot[None], name: str) -> None:
    """The cursor on the heading of a kind."""
    app = pilot.app
    assert isinstance(app, ServiceDesk)
    assert isinstance(app.screen, StartScreen)
    await press(pilot, "home")
    while app.screen.lines.row is None or app.screen.lines.row.key != name:
        before = app.screen.lines.row
        await press(pilot, "down")
        assert app.screen.lines.row != before, f"no {name}\n{painted(app)}"


async def test_the_list_of_a_desk_that_was_never_opened_begins_with_it(sqlite_url: str) -> None:
    world = open_to_anybody(World(sqlite_url))
    closed(world)
    app = desk_of(world, "lin")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        await to_kind(pilot, "days_open")
        await press(pilot, "enter")
        assert shown(app) is RegisterDaysScreen
        assert "Register days: all open" in painted(app)
    app.door.close()
    world.close()


async def test_where_nothing_waits_it_says_what_to_do(world: World) -> None:
    app = desk_of(world, "wu")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        assert "Nothing waits for you. A digit opens a desk" in painted(app)
        await press(pilot, "enter", "l")
        assert shown(app) is StartScreen
    app.door.close()


async def test_text_from_people_is_text(world: World) -> None:
    world.do(
        "lin",
        "calls.log",
        customer="[red]王[/red]\x1b]0;x\x07",
        telephone="13911112222",
        district="福田区",
        address="福田区1号",
        model_no="=1+1",
        symptom="[@click=app.quit]here[/]",
    )
    app = desk_of(world, "guo")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, "down", "down")
        screen = painted(app)
        assert "[red]王[/red]" in screen
    app.door.close()


async def test_a_digit_pressed_at_once_leads_to_its_desk(world: World) -> None:
    app = desk_of(world, "lin")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await pilot.press("1")
        await settled(pilot)
        assert shown(app) is CallsScreen
    app.door.close()


# The end of a shift


async def test_the_hand_over_has_promises_customers_to_ring_and_unfinished_forms(world: World) -> None:
    world.do("guo", "calls.dispatch", SECOND, technician="chen")
    world.do("guo", "calls.reassign", SECOND, technician="liu", reason="car broke down")
    world.do("ann", "complaints.receive", about=THIRD, content="无人回电")
    app = desk_of(world, "lin")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, "f2", *"13899", "escape")
        await press(pilot, "h")
        assert shown(app) is HandOverScreen
        screen = painted(app)
        assert "Customers to be told  1" in screen
        assert "Visits you promised, not made yet  3" in screen
        assert "Unfinished forms  1" in screen
        assert "Log a call" in screen
        await press(pilot, "end", "enter")
        assert "Unfinished forms" in painted(app)
        await press(pilot, "escape")
        await press(pilot, "escape")
        assert shown(app) is StartScreen
    app.door.close()


async def test_nothing_to_hand_over_says_so(world: World) -> None:
    app = desk_of(world, "wu")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, "h")
        assert "Nothing is left open" in painted(app)
    app.door.close()
