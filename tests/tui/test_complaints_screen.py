"""The complaint queue by its keys: it works through itself; then a look at the books."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from servicedesk.domain.complaint_words import acts_awaited, next_acts, next_step, sentence_to_say, time_in_words
from servicedesk.domain.complaints import OPEN, STATES
from servicedesk.domain.rulebook import RULES
from servicedesk.locales import Words
from servicedesk.store import people
from servicedesk.store.complaints import COMPLAINTS
from servicedesk.tui.app import ServiceDesk
from servicedesk.tui.door import DEMO
from servicedesk.tui.form import FormScreen
from servicedesk.tui.register_list import RegisterList
from servicedesk.tui.screens.call import CallScreen
from servicedesk.tui.screens.complaint import COMPLAINT_KEYS, ComplaintScreen
from servicedesk.tui.screens.complaints import ComplaintsScreen
from tests.acts.complaining import closed, complaint, events, in_state, received
from tests.tui.scenes import at_work, log_calls, painted, settled
from tests.tui.scenes_complaints import complaints
from tests.tui.scenes_workshop import workshop
from tests.tui.test_calls_screen import desk_of, press
from tests.tui.test_key_counts import Hand
from tests.tui.test_keys import UNSAFE
from tests.tui.test_register_screen import last_line, listed, opened, title
from tests.world import World

TOLD, ASSIGNED, SERIOUS = "SZ-P-261120-0001", "SZ-P-261122-0001", "SZ-P-261123-0001"
SECOND, THIRD = "SZ-P-261123-0002", "SZ-P-261123-0003"


def anybody_may_try(world: World) -> None:
    with world.books.writing() as writing:
        people.set_fact(writing, people.facts(writing), DEMO, "yes")


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    """Five complaints on Monday afternoon, in books that anybody may try."""
    world = World(sqlite_url)
    anybody_may_try(world)
    complaints(world)
    yield world
    world.close()


def page_lines(app: ServiceDesk) -> list[str]:
    return [line.strip() for line in painted(app).splitlines()]


async def test_the_list_shows_the_three_clocks_side_by_side_in_words(world: World) -> None:
    app = desk_of(world, "xu")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, "4")
        assert isinstance(app.screen, ComplaintsScreen)
        assert listed(app) == [SECOND, THIRD, TOLD, ASSIGNED, SERIOUS]
        assert title(app) == "Complaints: queue   open 5   serious 1   next promise in 0h13"
        lines = [line.split() for line in painted(app).splitlines()[2:8]]
        assert lines[0] == ["No.", "Customer", "By", "Complaint", "Tell", "Solve", "Follow", "Where"]
        assert lines[1][-4:] == ["0h13", "47h", "71h", "received"]
        assert lines[3][-5:] == ["done", "done", "1h53", "follow", "up"]
        assert lines[5][0] == "!1123-0001"
        assert lines[5][3] == "(serious)"
        assert lines[5][-2:] == ["deputy", "GM"]
        assert all(len(line) <= 80 for line in painted(app).splitlines())
    app.door.close()


async def test_late_ones_say_so_in_words(world: World) -> None:
    world.at("2026-11-25 09:30")
    app = desk_of(world, "xu")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, "4")
        assert title(app).endswith("first promise late 2d")
        line = painted(app).splitlines()[6]
        assert line.startswith("!1122-0001")
        assert line.split()[-4:] == ["1d", "late", "郭强"] or "late 1d late" in line
    app.door.close()


async def test_what_to_say_stands_under_the_line(world: World) -> None:
    app = desk_of(world, "xu")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, "4", "down")
        *_, first, content, step, say, keys = page_lines(app)
        assert first == "SZ-P-261123-0003  刘洋洋  136****4410  received"
        assert content == "收费与报价不符"
        assert step == "Next: tell the customer that the complaint is received, by Mon 23 Nov 15:06."
        assert say == "Say: “We have your complaint. You will hear our solution by Wed 25 Nov 14:06.”"
        assert keys == "F1 Help  space Take next  a Acknowledge  s Solution  u Urge  e Grade"
    app.door.close()


@pytest.mark.parametrize(
    ("login", "view", "numbers"),
    [
        ("dgm", "with the deputy GM", [SERIOUS]),
        ("guo", "site visits due", [ASSIGNED]),
        ("ann", "to acknowledge", [SECOND, THIRD]),
        ("lin", "queue", [SECOND, THIRD, TOLD, ASSIGNED, SERIOUS]),
    ],
)
async def test_each_comes_to_what_waits_for_him(world: World, login: str, view: str, numbers: list[str]) -> None:
    app = desk_of(world, login)
    async with app.run_test(size=(80, 24)) as pilot:
        await at_work(pilot)
        if app.current_mode != "complaints":
            await press(pilot, "4")
        assert listed(app) == numbers
        assert title(app).startswith(f"Complaints: {view}")
    app.door.close()


async def test_mine_are_those_one_owns_and_those_one_handles(world: World) -> None:
    world.do("xu", "complaints.assign", TOLD, handler="lin") if complaint(world, TOLD).state in OPEN else None
    for login, numbers in (("xu", [TOLD, ASSIGNED, SERIOUS]), ("guo", [ASSIGNED]), ("lin", [TOLD])):
        app = desk_of(world, login)
        async with app.run_test(size=(80, 24)) as pilot:
            await opened(pilot, "4")
            await app.screen.run_action("show_view('mine')")
            await settled(pilot)
            assert listed(app) == numbers, login
        app.door.close()


async def test_escalated_to_me_is_by_the_roles_of_the_person(world: World) -> None:
    world.at("2026-11-25 09:30")
    from servicedesk.acts.complaints.escalating import tick

    tick(world.books, world.now.astimezone(UTC))
    roles = {number: complaint(world, number).escalated.split() for number in (TOLD, ASSIGNED, SERIOUS, SECOND, THIRD)}
    assert any(roles.values())
    for login, role in (("guo", "supervisor"), ("xu", "customer_department"), ("dgm", "deputy_gm")):
        app = desk_of(world, login)
        async with app.run_test(size=(80, 24)) as pilot:
            await opened(pilot, "4")
            await app.screen.run_action("show_view('escalated')")
            await settled(pilot)
            assert set(listed(app)) == {number for number, held in roles.items() if role in held}
        app.door.close()


async def test_space_takes_the_next_and_the_outcome_is_one_key(world: World) -> None:
    app = desk_of(world, "xu")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await at_work(pilot)
        hand = Hand(pilot)
        await hand.press("4", "space")
        assert isinstance(app.screen, ComplaintScreen)
        assert app.screen.number == SECOND
        assert complaint(world, SECOND).taken_by == "xu"
        assert last_line(app).startswith("F1 Help  a Acknowledge  o Reached  n Not reached  e Grade")
        await hand.press("a", "f2")
        assert complaint(world, SECOND).state == "acknowledged"
        assert hand.pressed == 4  # of which one goes to the desk
        assert last_line(app).startswith("F1 Help  e Grade  o Reached")
        await hand.press("space")
        assert isinstance(app.screen, ComplaintScreen)
        assert app.screen.number == THIRD
        await hand.press("space", "space", "space")
        assert "Nothing in the queue waits for you now." in painted(app)
        await hand.press("escape")
        assert isinstance(app.screen, ComplaintsScreen)
    app.door.close()


async def test_a_complaint_is_acknowledged_in_three_keys(world: World) -> None:
    app = desk_of(world, "lin")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, "4")
        hand = Hand(pilot)
        await hand.press("a", "f2")
        assert hand.pressed <= 3
    app.door.close()
    assert complaint(world, SECOND).acknowledged_how == "telephone"


async def test_what_waits_for_others_is_skipped_and_what_they_took_as_well(world: World) -> None:
    world.do("ann", "complaints.take", SECOND)
    app = desk_of(world, "lin")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await opened(pilot, "4", "space")
        assert isinstance(app.screen, ComplaintScreen)
        assert app.screen.number == THIRD
        world.at("2026-11-23 14:40")  # nobody keeps it for longer than half an hour
        await press(pilot, "escape", "space")
        assert isinstance(app.screen, ComplaintScreen)
        assert app.screen.number == SECOND
    app.door.close()
    app = desk_of(world, "dgm")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await opened(pilot, "space")
        assert isinstance(app.screen, ComplaintScreen)
        assert app.screen.number == SERIOUS
        assert last_line(app).startswith("F1 Help  d Decide")
    app.door.close()


async def test_who_was_not_reached_comes_again_when_the_next_attempt_is_due(world: World) -> None:
    app = desk_of(world, "lin")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await opened(pilot, "4", "space", "n")
        assert "not reached" in painted(app)
        await press(pilot, "f2")
        row = complaint(world, SECOND)
        assert row.next_at is not None
        assert [event.kind for event in events(world, SECOND)] == ["not_reached"]
        assert "Next: try to reach the customer, Mon 23 Nov" in painted(app)
        assert last_line(app).startswith("F1 Help  o Reached  n Not reached  a Acknowledge")
        await press(pilot, "escape", "space")
        assert isinstance(app.screen, ComplaintScreen)
        assert app.screen.number == THIRD
        world.now = row.next_at + timedelta(minutes=1)
        await press(pilot, "space")
        assert isinstance(app.screen, ComplaintScreen)
        assert app.screen.number == SECOND
    app.door.close()


async def test_space_marks_nothing_here(world: World) -> None:
    app = desk_of(world, "chen")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await opened(pilot, "4", "space")
        assert not app.screen.query_one("#list", RegisterList).marked
        assert isinstance(app.screen, ComplaintsScreen)
        assert "space" not in last_line(app)
    app.door.close()


async def test_the_sheet_is_drawn_as_the_paper(world: World) -> None:
    app = desk_of(world, "xu")
    async with app.run_test(size=(80, 70)) as pilot:
        await opened(pilot, "4", "down", "down", "enter")
        assert isinstance(app.screen, ComplaintScreen)
        lines = page_lines(app)
        names = [line[:14].strip() for line in lines[2:]]
        wanted = (
            "Received, Customer, Telephone, Address, Complaint, Remedy asked, Clocks, Nature, Gravity, Urgency, "
            "Priority, Responsible, Investigation, Cause, Solution, Agreed, Carried out, Site handler, Site visit, "
            "Result told"
        )
        assert [name for name in names if name in wanted.split(", ")] == wanted.split(", ")
        assert "Clocks        acknowledgement  by 11-20 17:00  11-20 16:20  Acknowledge" in lines
        assert "solution         by 11-22 16:00  11-20 17:00  Offer a solution" in lines
        assert "follow-up        by 11-23 16:00  1h53 left" in lines
        assert "11-20 16:20   acknowledged  林小雨  telephone  孙倩" in lines
        assert "Next: follow up, by Mon 23 Nov 16:00." in lines
    app.door.close()


async def test_earlier_papers_of_the_customer_stand_on_the_sheet(world: World) -> None:
    world.at("2026-11-23 08:00")
    log_calls(world, work=False)
    world.at("2026-11-23 14:10")
    number = world.do("lin", "complaints.receive", about="SZ-C-261123-0001", content="还是不制冷").numbers[0]
    other = world.do("lin", "complaints.receive", about="SZ-C-261123-0001", content="电话打不通").numbers[0]
    app = desk_of(world, "lin")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, "4", "colon", *other, "enter")
        assert isinstance(app.screen, ComplaintScreen)
        lines = page_lines(app)
        assert f"Before        {number[5:9]}" not in lines
        assert any(line.startswith("Before        1123-") and line.endswith("还是不制冷") for line in lines)
        assert any("logged" in line and line.endswith("不制冷") for line in lines)
        await press(pilot, "C")
        assert isinstance(app.screen, CallScreen)
    app.door.close()


async def test_a_correction_shows_a_telephone_only_to_who_may_read_it(world: World) -> None:
    number = received(world, telephone="13900001111")
    world.do("lin", "complaints.correct", number, telephone="13900002222")
    for login, shown in (("lin", "13900002222"), ("xu", "139****2222")):
        app = desk_of(world, login)
        async with app.run_test(size=(80, 40)) as pilot:
            await opened(pilot, "4", "colon", *number, "enter")
            assert f"nowitis“{shown}”" in "".join(painted(app).split())
        app.door.close()


async def test_reopened_sheets_keep_their_earlier_handling(world: World) -> None:
    number = closed(world)
    world.do("xu", "complaints.reopen", number, reason="又坏了")
    app = desk_of(world, "xu")
    async with app.run_test(size=(80, 70)) as pilot:
        await opened(pilot, "4", "colon", *number, "enter")
        assert "reopened 1" in title(app)
        assert any(line.startswith("Handling 1") for line in page_lines(app))
    app.door.close()


async def test_from_a_call_a_complaint_takes_two_keys_and_the_words(world: World) -> None:
    world.at("2026-11-23 08:00")
    log_calls(world, work=False)
    world.at("2026-11-23 14:20")
    app = desk_of(world, "lin")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await opened(pilot, "home", "enter")
        assert isinstance(app.screen, CallScreen)
        call = app.screen.number
        hand = Hand(pilot)
        await hand.press("B")
        form = app.screen
        assert isinstance(form, FormScreen)
        assert form.sheet.current.key == "content"
        assert form.fields["customer_name"].entered
        await hand.type("late again")
        await hand.press("f2")
        assert hand.pressed <= 8
        assert isinstance(app.screen, CallScreen)
    app.door.close()
    row = world.read(COMPLAINTS.one, "SZ-P-261123-0004")
    assert row is not None
    assert (row.call, row.content, row.unit) == (call, "late again", "SZ")


@pytest.mark.parametrize(
    ("keys", "about", "customer"),
    [
        (("3", "B"), "SZ-K-261120-0002", "孙丽华"),
        (("3", "enter", "B"), "SZ-K-261120-0002", "孙丽华"),
        (("0", *"goods reg", "enter", "B"), "SZ-G-261120-0005", "宏图伟业科技股份有限公司"),
        (("home", "enter", "f7", "B"), "SZ-V-000006", "黄志伟"),
    ],
)
async def test_the_same_key_starts_it_filled_in_everywhere(
    sqlite_url: str, keys: tuple[str, ...], about: str, customer: str
) -> None:
    world = World(sqlite_url)
    anybody_may_try(world)
    workshop(world)
    app = desk_of(world, "lin")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await opened(pilot, *keys)
        form = app.screen
        assert isinstance(form, FormScreen)
        assert form.fields["about"].entered == about
        assert form.fields["customer_name"].entered == customer
        await press(pilot, *"late again", "f2")
        assert not isinstance(app.screen, FormScreen)
    app.door.close()
    row = world.read(COMPLAINTS.one, "SZ-P-261123-0001")
    world.close()
    assert row is not None
    assert (row.customer_name, row.content) == (customer, "late again")


async def test_the_words_are_added_to_the_open_complaint_instead(world: World) -> None:
    world.at("2026-11-23 08:00")
    log_calls(world, work=False)
    number = world.do("lin", "complaints.receive", about="SZ-C-261123-0001", content="还是不制冷").numbers[0]
    app = desk_of(world, "lin")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await opened(pilot, "home")
        while "SZ-C-261123-0001" not in painted(app):
            await press(pilot, "down")
        await press(pilot, "B")
        assert f"F6 add this to {number}" in painted(app)
        form = app.screen
        assert isinstance(form, FormScreen)
        form.fields["channel"].write("chat", "chat")
        await press(pilot, *"and no reply", "f6")
        assert not isinstance(app.screen, FormScreen)
    app.door.close()
    assert [(event.kind, event.how, event.words) for event in events(world, number)] == [
        ("added", "chat", "and no reply")
    ]
    assert world.read(COMPLAINTS.one, "SZ-P-261123-0005") is None


async def test_no_open_complaint_nothing_to_add_to(world: World) -> None:
    app = desk_of(world, "lin")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await opened(pilot, "4", "f2", "f6")
        assert "There is no open complaint of this customer to add to." in painted(app)
        await press(pilot, "escape")
    app.door.close()


def test_the_keys_are_safe_and_each_does_one_thing() -> None:
    keys = ComplaintsScreen.all_keys()
    pressed = [name for key in keys for name in key.key.split(",") if key.action != "back"]
    assert len(pressed) == len(set(pressed))
    assert not UNSAFE & set(pressed)
    names = [key.name for key in keys if key.action != "back"]
    assert len(names) == len(set(names))
    of_the_list = {name for binding in RegisterList.BINDINGS for name in binding.key.split(",")}  # type: ignore[union-attr]
    assert set(pressed) & of_the_list <= {"enter", "space"}
    of_complaints = {name for name in RULES if name.startswith("complaints.")}
    kept_in_tables = {"complaints.limits", "complaints.step", "complaints.priority"}
    assert {act for key in COMPLAINT_KEYS for act, _ in key.meanings} == of_complaints - kept_in_tables


@pytest.mark.parametrize("state", STATES)
def test_every_state_says_what_comes_next_and_what_to_say(sqlite_url: str, state: str) -> None:
    world = World(sqlite_url)
    row = complaint(world, in_state(world, state))
    now = world.now.astimezone(UTC)
    world.close()
    said = Words("en")(sentence_to_say(row, now))
    assert bool(said) == bool(next_acts(row)) == bool(str(next_step(row))) == (state in OPEN)
    assert all(not RULES[act].sources or row.state in RULES[act].sources for act in next_acts(row))
    assert set(acts_awaited(row)) <= set(next_acts(row)) | {
        "complaints.visit",
        "complaints.decide",
        "complaints.approve",
    }
    assert not said or (said.startswith("“") and said.endswith("”"))


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (14, "0h14"),
        (0, "0h00"),
        (9 * 60 + 59, "9h59"),
        (10 * 60, "10h"),
        (72 * 60, "72h"),
        (-1, "late"),
        (-60, "late 1h"),
        (-599, "late 9h"),
        (-600, "late 1d"),
        (-36 * 60, "late 2d"),
    ],
)
def test_a_clock_in_seven_cells(minutes: int, said: str) -> None:
    now = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
    shown = Words("en")(time_in_words(now, now + timedelta(minutes=minutes), None))
    assert shown == said
    assert len(shown) <= 7
