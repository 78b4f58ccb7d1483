"""The call-in register on screen: keys are pressed, then the screen and the books are looked at."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text
from textual.content import Content
from textual.pilot import Pilot
from textual.widgets import Input, OptionList, Static

import servicedesk
from servicedesk.config import Settings
from servicedesk.domain.rights import SUPERVISOR
from servicedesk.store import audit, calls, people, places, staff
from servicedesk.tui.app import ServiceDesk
from servicedesk.tui.door import DEMO
from servicedesk.tui.screens.call import CallScreen
from servicedesk.tui.screens.calls import CallsScreen
from servicedesk.tui.screens.sign_in import SignInScreen
from tests.terminal import Terminal
from tests.tui.scenes import at_work, painted, settled
from tests.world import PASSPHRASE, World

CALLS = {
    "王小明": ("13812345678", "福田区", "深南路12号", "KFR-35GW", "不制冷"),
    "李秀英": ("13922223333", "南山区", "科苑路8号", "XQG100-14B", "不脱水"),
    "陈国强": ("13700001111", "龙岗区", "中心城3号", "RO-400G", "[/x] [red] 漏水"),
}


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    """Three calls of Monday morning in books that anybody may try."""
    world = World(sqlite_url)
    with world.books.writing() as writing:
        people.set_fact(writing, people.facts(writing), DEMO, "yes")
    for minute, name in enumerate(CALLS):
        world.at(f"2026-11-23 09:{10 * minute:02d}")
        log(world, name)
    world.at("2026-11-23 10:00")
    yield world
    world.close()


def log(world: World, name: str) -> str:
    telephone, district, street, model, symptom = CALLS.get(name, ("13566667777", "福田区", "新路1号", "AD350", "异响"))
    done = world.do(
        "lin",
        "calls.log",
        customer=name,
        telephone=telephone,
        district=district,
        address=f"{district}{street}",
        model_no=model,
        symptom=symptom,
        service_type="A",
    )
    return done.numbers[0]


def desk_of(world: World, login: str, *, demo: bool = True) -> ServiceDesk:
    """The desk of this person over the world's books and clock."""
    assert world.books.path is not None
    return ServiceDesk(
        Settings(database=str(world.books.path)),
        login if demo else None,
        lambda: world.now.astimezone(),
        live=False,
    )


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Press keys, each after the one before has had its effect."""
    for key in keys:
        await pilot.press(key)
        await settled(pilot)


def numbers(app: ServiceDesk) -> list[str]:
    return [line.call.number[-4:] for line in register(app).lines.rows]


def register(app: ServiceDesk) -> CallsScreen:
    screen = app.screen_stack[0]
    assert isinstance(screen, CallsScreen)
    return screen


async def test_the_register_shows_the_paper_and_the_line_in_full(world: World) -> None:
    app = desk_of(world, "lin")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await at_work(pilot)
        screen = painted(app)
    app.door.close()
    assert "Call-in register   Mon 23 Nov 2026   open 3   late 0   carried over 0" in screen
    assert " 1123-0003 09:20 陈国强" in screen
    assert "6h20 left" in screen
    assert "SZ-C-261123-0003  陈国强  137 0000 1111" in screen
    assert "[/x] [red] 漏水" in screen
    assert "voucher SZ-V-000003, with the clerk" in screen
    assert "F8 why" in screen
    assert "SZ 林小雨" in screen
    assert screen.splitlines()[-1].startswith(" F1 Help  F2 New call  F3 Find  Enter Open  s Strike off")


async def test_an_idle_desk_merges_the_search_index(world: World) -> None:
    segments = text("SELECT count(DISTINCT segid) FROM call_search_idx")
    for _ in range(6):
        log(world, f"客户{uuid4().hex}")
    app = desk_of(world, "lin")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await at_work(pilot)
        before = world.read(lambda reading: reading.value(segments))
        app.tidy_when_idle()
        await settled(pilot)
        assert world.read(lambda reading: reading.value(segments)) == before, "somebody has just come in"
        world.at("2026-11-23 10:01")
        app.tidy_when_idle()
        await settled(pilot)
    app.door.close()
    assert world.read(lambda reading: reading.value(segments)) < before


async def test_a_key_is_grey_only_as_long_as_it_cannot_work(world: World) -> None:
    world.do("guo", "calls.dispatch", "SZ-C-261123-0003", technician="chen")
    app = desk_of(world, "guo")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await at_work(pilot)
        grey = []
        for key in ("o", "down", "down"):
            await press(pilot, key)
            keys = app.screen.query_one("#keys", Static).content
            assert isinstance(keys, Content)
            said = {keys.plain[span.start : span.end] for span in keys.spans if span.style == "dim"}
            grey.append("d Dispatch" in said)
    app.door.close()
    assert grey == [True, False, False], "the newest is dispatched, the two before it wait"


async def test_a_supervisor_sees_the_most_urgent_first_and_the_order_is_remembered(world: World) -> None:
    app = desk_of(world, "guo")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await at_work(pilot)
        assert numbers(app) == ["0001", "0002", "0003"]
        await press(pilot, "o")
        assert numbers(app) == ["0003", "0002", "0001"]
        await press(pilot, "down", "ctrl+q")
    app.door.close()
    app = desk_of(world, "guo")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await at_work(pilot)
        assert numbers(app) == ["0003", "0002", "0001"]
        row = register(app).lines.row
        assert row is not None
        assert row.call.number.endswith("0002")
    app.door.close()


async def test_a_late_line_is_marked_and_first(world: World) -> None:
    world.at("2026-11-23 16:50")
    app = desk_of(world, "guo")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await at_work(pilot)
        screen = painted(app)
    app.door.close()
    assert "late 2" in screen
    assert "!1123-0001 09:00 王小明" in screen
    assert "late 0h20" in screen


async def test_a_key_that_cannot_work_says_why(world: World) -> None:
    app = desk_of(world, "lin")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await at_work(pilot)
        await press(pilot, "s")
        assert "'Strike off' is not possible" in painted(app)
        await press(pilot, "f1")
        await press(pilot, *["down"] * 6)
        assert "Dispatch: Your posts do not allow" in painted(app)
    app.door.close()


async def test_marked_lines_are_acted_on_together_or_not_at_all(world: World) -> None:
    first, second, third = (number for number in done_on_site(world))
    app = desk_of(world, "lin")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await at_work(pilot)
        await press(pilot, "space", "down", "space")
        assert "2 lines marked" in painted(app)
        await press(pilot, "b")
        assert third in painted(app)
        await press(pilot, "y")
        assert "Voucher back with the clerk" in painted(app)
    app.door.close()
    rows = [world.read(calls.one, number) for number in (first, second, third)]
    assert [row and row.voucher_holder for row in rows] == ["technician", "clerk", "clerk"]


def done_on_site(world: World) -> list[str]:
    """All three calls dispatched to Chen, arrived and finished."""
    rows = [f"SZ-C-261123-000{nth}" for nth in (1, 2, 3)]
    for minute, number in enumerate(rows):
        world.at(f"2026-11-23 11:{minute:02d}")
        world.do("guo", "calls.dispatch", number, technician="chen")
        world.do("chen", "calls.arrive", number)
        world.at(f"2026-11-23 11:3{minute}")
        world.do("chen", "calls.finish", number, cause="坏", work="换", signer="王")
    return rows


async def test_search_filter_and_escape(world: World) -> None:
    app = desk_of(world, "lin")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await at_work(pilot)
        await press(pilot, "slash")
        app.screen.query_one("#search", Input).value = "wxm"
        await press(pilot, "enter")
        assert numbers(app) == ["0001"]
        assert "[/wxm]" in painted(app)
        await press(pilot, "escape")
        assert numbers(app) == ["0003", "0002", "0001"]
        await press(pilot, "f", "down", *"sub")
        await press(pilot, "f2")
        assert numbers(app) == ["0003"]
        assert "[suburban]" in painted(app)
        await press(pilot, "f", "up")
        app.screen.query_one("#filter-numbers", Input).value = "2, 1123-0001"
        await press(pilot, "f2")
        assert numbers(app) == ["0002", "0001"]
    app.door.close()


async def test_a_view_is_kept_shared_and_chosen(world: World) -> None:
    app = desk_of(world, "guo")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await at_work(pilot)
        await press(pilot, "f", "down", *"sub")
        await press(pilot, "f2")
        await press(pilot, "v", "s", *"out")
        await press(pilot, "enter")
        await press(pilot, "escape")
    app.door.close()
    view = world.read(places.views, "lin", "SZ", "calls")[0]
    assert (view.name, view.shared, view.owner) == ("out", True, "guo")
    app = desk_of(world, "lin")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await at_work(pilot)
        await press(pilot, "v")
        assert "out  shared by 郭强" in painted(app)
        await press(pilot, "x")
        assert "do not allow 'Drop a view'" in painted(app)
        await press(pilot, "enter")
        assert numbers(app) == ["0003"]
    app.door.close()
    assert world.read(places.views, "lin", "SZ", "calls") == [view]


async def test_an_open_call_is_seen_by_others(world: World) -> None:
    mine, other = desk_of(world, "lin"), desk_of(world, "guo")
    async with mine.run_test(size=(80, 24), notifications=True) as pilot:
        await at_work(pilot)
        await press(pilot, "enter")
        assert isinstance(mine.screen, CallScreen)
        assert "137 0000 1111" in painted(mine)
        assert "Arrive by" in painted(mine)
        async with other.run_test(size=(80, 24), notifications=True) as second:
            await at_work(second)
            assert "· 林小雨" in painted(other)
            await press(pilot, "escape")
            assert await other.door.has_moved()
            other.refresh_rows()
            await settled(second)
            assert "· 林小雨" not in painted(other)
    mine.door.close()
    other.door.close()


async def test_lists_follow_what_others_write_and_keep_the_cursor(world: World) -> None:
    app = desk_of(world, "lin")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await at_work(pilot)
        await press(pilot, "down")
        await app.door.has_moved()
        assert not await app.door.has_moved()
        log(world, "新客")
        assert await app.door.has_moved()
        app.refresh_rows()
        await settled(pilot)
        assert numbers(app) == ["0004", "0003", "0002", "0001"]
        row = register(app).lines.row
        assert row is not None
        assert row.call.number.endswith("0002")
    app.door.close()


async def test_an_empty_register_shows_the_first_step(sqlite_url: str) -> None:
    world = World(sqlite_url)
    with world.books.writing() as writing:
        people.set_fact(writing, people.facts(writing), DEMO, "yes")
    app = desk_of(world, "lin")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await at_work(pilot)
        assert "No calls yet. F2 logs the first one." in painted(app)
    app.door.close()
    world.close()


async def test_telephones_are_masked_for_who_may_not_read_them(world: World) -> None:
    app = desk_of(world, "mgr")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await at_work(pilot)
        screen = painted(app)
        assert "137****1111" in screen
        assert "中心城3号" not in screen
        await press(pilot, "enter")
        assert "137 0000 1111" not in painted(app)
    app.door.close()


async def test_the_department_has_a_telephone_shown_and_that_is_logged(world: World) -> None:
    app = desk_of(world, "xu")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await at_work(pilot)
        assert "137****1111" in painted(app)
        await press(pilot, "r", "y")
        assert "13700001111" in painted(app)
    app.door.close()
    last = world.read(lambda reading: list(audit.lines(reading))[-1])
    assert (last.actor, last.act, last.numbers) == ("xu", "calls.reveal", "SZ-C-261123-0003")


async def test_units_see_their_own_lines_and_the_department_all(world: World) -> None:
    for login, seen in (("bjclerk", 0), ("ann", 3), ("xu", 3), ("chen", 0)):
        app = desk_of(world, login)
        async with app.run_test(size=(80, 24), notifications=True) as pilot:
            await at_work(pilot)
            await press(pilot, "1")
            register_lines = [screen for screen in app._screen_stacks["calls"] if isinstance(screen, CallsScreen)]
            assert len(register_lines[0].lines.rows) == seen, login
        app.door.close()


async def test_why_this_deadline_adds_up(world: World) -> None:
    app = desk_of(world, "lin")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await at_work(pilot)
        await press(pilot, "f8")
        screen = painted(app)
    app.door.close()
    assert "suburban, 7 working hours from Mon 23 Nov 09:20" in screen
    assert "lunch" in screen
    assert "together 7h00" in screen


async def test_the_palette_goes_to_a_record_by_its_short_number_and_offers_no_screenshot(world: World) -> None:
    app = desk_of(world, "lin")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await at_work(pilot)
        await press(pilot, "colon")
        entries = app.screen.query_one("#entries", OptionList)
        offered = [str(entries.get_option_at_index(at).prompt) for at in range(entries.option_count)]
        assert any("New call" in text for text in offered)
        assert not any("creenshot" in text for text in offered)
        await press(pilot, "2")
        await press(pilot, "enter")
        assert isinstance(app.screen, CallScreen)
        assert app.screen.number == "SZ-C-261123-0002"
    app.door.close()


async def test_signing_in_with_a_passphrase_and_the_lock(world: World) -> None:
    app = desk_of(world, "lin", demo=False)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await at_work(pilot)
        assert isinstance(app.screen, SignInScreen)
        await press(pilot, *"lin", "enter", *"wrong", "enter")
        await settled(pilot)
        assert "not right" in painted(app)
        app.screen.query_one("#passphrase", Input).value = PASSPHRASE
        await press(pilot, "enter", "1")
        assert "陈国强" in painted(app)
        world.at("2026-11-23 10:04")
        app._lock_when_idle()
        await settled(pilot)
        assert "陈国强" in painted(app)
        world.at("2026-11-23 10:05")
        app._lock_when_idle()
        await settled(pilot)
        assert "locked" in painted(app)
        assert "陈国强" not in painted(app)
        app.screen.query_one("#passphrase", Input).value = PASSPHRASE
        await press(pilot, "enter")
        assert "陈国强" in painted(app)
    app.door.close()
    with world.books.reading() as reading:
        signs = [line.outcome for line in audit.lines(reading) if line.act == "sign_in"]
    assert signs == ["refused", "done", "done"]


async def test_books_that_cannot_be_opened_end_the_program_with_the_sentence(tmp_path: Path) -> None:
    path = tmp_path / "not-ours.db"
    path.write_bytes(b"something else" * 100)
    app = ServiceDesk(Settings(database=str(path)), None)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await at_work(pilot)
    app.door.close()
    assert app.return_code == 1
    assert app.refusal is not None
    assert "not a servicedesk database" in app.words(app.refusal.sentence)


async def test_digits_change_desks_only_to_those_of_the_posts(world: World) -> None:
    app = desk_of(world, "lin")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await at_work(pilot)
        await press(pilot, "2")
        assert app.current_mode == "calls"
        assert "not a desk of your posts" in painted(app)
        assert not app.door.actor.has(SUPERVISOR)
    app.door.close()


async def test_a_technician_begins_with_his_day(world: World) -> None:
    done_on_site(world)
    late = log(world, "新客")
    world.do("guo", "calls.dispatch", late, technician="chen")
    app = desk_of(world, "chen")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await at_work(pilot)
        assert app.current_mode == "day"
        assert "My day" in painted(app)
        assert "新客" in painted(app)
    app.door.close()


def test_in_a_real_terminal_an_idle_screen_sends_nothing(world: World) -> None:
    assert world.books.path is not None
    command = [sys.executable, "-m", "servicedesk", "--database", str(world.books.path), "--as", "lin"]
    source = Path(servicedesk.__file__).parents[1]
    with Terminal(command, env={**os.environ, "PYTHONPATH": str(source)}) as terminal:
        terminal.wait("What waits")
        terminal.press("1")
        terminal.wait(lambda page: "SZ-C-261123-0003" in page and "carried over" in page)
        terminal.settle(1.5)
        painted_so_far = len(terminal.raw)
        terminal.settle(1.5)
        assert len(terminal.raw) == painted_so_far
        terminal.press("down")
        terminal.wait("SZ-C-261123-0002")
        terminal.press("ctrl+q")
        assert terminal.exit_status() == 0
    person = world.read(staff.person, "lin")
    assert person is not None
    assert "SZ-C-261123-0002" in world.read(places.place, person.id, "calls")


async def test_the_last_row_is_one_line_of_keys_at_any_width(world: World) -> None:
    for width in (60, 80, 120):
        app = desk_of(world, "lin")
        async with app.run_test(size=(width, 24)) as pilot:
            await at_work(pilot)
            keys = app.screen.query_one("#keys", Static)
            assert keys.size.height == 1
            assert len(str(keys.content)) <= width
        app.door.close()
