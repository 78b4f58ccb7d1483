"""The technician's report and its review by their keys; then a look at the books."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC

import pytest

from servicedesk.domain.reports import ReportRow
from servicedesk.store import people, places, reports
from servicedesk.store.reports import REPORTS
from servicedesk.tui.app import ServiceDesk
from servicedesk.tui.desks import DESKS, desks_of
from servicedesk.tui.door import DEMO
from servicedesk.tui.screens.printing import PrintScreen
from servicedesk.tui.screens.report import ReportScreen
from servicedesk.tui.screens.reports import ReportsScreen
from tests.acts import rounds
from tests.acts.reporting import EVENING, TECHNICIANS, submitted
from tests.tui.scenes import at_work, painted, settled
from tests.tui.scenes_reports import day_end, review, sent_back, to_close, visits
from tests.tui.test_calls_screen import desk_of, press
from tests.tui.test_key_counts import Hand
from tests.tui.test_register_screen import last_line, listed, opened, title
from tests.world import World

MINE, CLEAN, LATE, TWICE = (f"SZ-T-261123-000{nth}" for nth in (1, 2, 3, 4))
SUMMARY, SHEET = "SZ-B-261123-0001", "SZ-D-261123-0001"


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    """A Monday in books that anybody may try."""
    world = World(sqlite_url)
    with world.books.writing() as writing:
        people.set_fact(writing, people.facts(writing), DEMO, "yes")
    yield world
    world.close()


def report(world: World, number: str) -> ReportRow:
    found = world.read(REPORTS.one, number)
    assert found is not None
    return found


def page(app: ServiceDesk) -> list[str]:
    return [" ".join(line.split()) for line in painted(app).splitlines()]


def of_page(app: ServiceDesk, name: str) -> str:
    """What stands beside a label of the page."""
    return next((line.removeprefix(name).strip() for line in page(app) if line.startswith(f"{name} ")), "")


# The technician's day


async def test_the_day_stands_minute_by_minute_before_anything_is_kept(world: World) -> None:
    visits(world)
    world.at("2026-11-23 17:30")
    app = desk_of(world, "chen")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, "5", "r")
        assert isinstance(app.screen, ReportScreen)
        assert title(app) == "Daily report    陈明  Mon 23 Nov 2026  draft"
        assert of_page(app, "Shift") == "08:30-12:00 13:30-18:00 480 min"
        assert of_page(app, "Jobs / min") == "A 2/120 B 0/0 C 0/0 D 0 total 2/120"
        lines = page(app)
        assert of_page(app, "The day") == "! 08:30-08:40 10 nothing written"
        assert "08:40-09:30 50 A 1123-0001 王小明 支架松动，紧固支架" in lines
        assert "! 09:30-10:10 40 nothing written" in lines
        assert "! 13:30-18:00 270 nothing written" in lines
        assert of_page(app, "Fees") == "¥140.00"
        assert last_line(app).startswith("F1 Help  F2 Write lines  F9 Submit")
    app.door.close()
    assert world.read(REPORTS.one, MINE) is None


async def test_what_was_written_by_hand_stands_beside_what_is_known_and_overlaps_are_named(world: World) -> None:
    day_end(world)
    app = desk_of(world, "chen")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, "5", "r")
        lines = page(app)
        at = lines.index("1 11:00-12:00 60 D 培训")
        assert lines[at + 1] == "! 11:00-11:20 20 written twice"
        assert lines[at + 2 : at + 4] == ["2 13:30-14:00 30 D 取件", "way 15 min"]
        assert all(len(line) <= 80 for line in painted(app).splitlines())
        assert "Next: F2 writes what is missing, s submits the day." in lines
    app.door.close()


async def test_a_whole_day_is_submitted_in_at_most_twelve_keys(world: World) -> None:
    visits(world)
    world.at("2026-11-23 18:05")
    app = desk_of(world, "chen")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await opened(pilot, "5")
        hand = Hand(pilot)
        await hand.press("r", "f2")
        await hand.type("830-840 d 早会")
        await hand.press("enter")
        await hand.type("930-1010 d 路上")
        await hand.press("enter")
        await hand.type("1120-1200 d 清点")
        await hand.press("enter")
        await hand.type("1330-1800 d 备料")
        await hand.press("f2")
        assert "nothing written" not in painted(app)
        await hand.press("s", "f2")
        assert "SZ-T-261123-0001 submitted: 2 jobs, 480 min." in painted(app)
        assert hand.pressed <= 12
    app.door.close()
    row = report(world, MINE)
    assert (row.state, row.jobs_a, row.minutes_a, row.minutes_d, row.marks) == ("submitted", 2, 120, 360, 0)


async def test_a_day_with_nothing_missing_takes_three_keys(world: World) -> None:
    visits(world)
    world.do("chen", "reports.write", lines="830-840 d 早会\n930-1010 d 路上\n1120-1200 d 清点\n1330-1800 d 备料")
    world.at("2026-11-23 18:05")
    app = desk_of(world, "chen")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await opened(pilot, "5")
        hand = Hand(pilot)
        await hand.press("r", "f9", "f2")
        assert hand.pressed == 3
        assert title(app).endswith("submitted") or "submitted" in painted(app)
    app.door.close()
    assert report(world, MINE).state == "submitted"


async def test_a_line_is_taken_out_by_its_number(world: World) -> None:
    day_end(world)
    app = desk_of(world, "chen")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await opened(pilot, "5", "r", "x", "1", "f2")
        assert "培训" not in of_page(app, "The day")
        assert "written twice" not in painted(app)
    app.door.close()
    assert [line.work for line in world.read(reports.lines, report(world, MINE).id)] == ["取件", "备料"]


async def test_of_a_day_without_a_report_no_line_is_taken_out_and_nothing_printed(world: World) -> None:
    app = desk_of(world, "wu")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await opened(pilot, "5", "r", "x")
        assert "Nothing is written by hand yet: F2 writes a line." in painted(app)
        await press(pilot, "P")
        assert "Nothing is kept of this day yet" in painted(app)
        assert isinstance(app.screen, ReportScreen)
    app.door.close()


async def test_what_is_submitted_is_not_written_on_and_can_be_printed(world: World) -> None:
    visits(world)
    submitted(world)
    app = desk_of(world, "chen")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await opened(pilot, "5", "r", "f2")
        assert "'Write a report line' is not possible." in painted(app)
        await press(pilot, "s", "f2")
        assert f"{MINE} is submitted, and the books know nothing new of the day." in painted(app)
        await press(pilot, "escape", "P")
        assert isinstance(app.screen, PrintScreen)
        assert MINE in painted(app)
    app.door.close()


async def test_what_came_since_it_was_submitted_is_marked_and_taken_in_by_the_same_key(world: World) -> None:
    visits(world)
    call = rounds.arrived(world, customer="李秀英", model_no="AD-1")
    number = submitted(world)
    world.at("2026-11-23 12:10")
    world.do("chen", "calls.finish", call, **rounds.DONE)
    app = desk_of(world, "chen")
    async with app.run_test(size=(80, 30), notifications=True) as pilot:
        await opened(pilot, "5", "r")
        assert f"{call} has no line for 11:40 to 12:10." in " ".join(page(app))
        assert "Next: it is reviewed; until then s takes in what has come since." in page(app)
        await press(pilot, "s", "f2")
        assert f"{call} has no line" not in " ".join(page(app))
        assert "11:40-12:10 30 A 1123-0005" in " ".join(page(app))
    app.door.close()
    assert (report(world, number).state, report(world, number).jobs) == ("submitted", 3)


async def test_what_came_after_the_review_stands_marked_in_the_next_report(world: World) -> None:
    visits(world)
    call = rounds.arrived(world, customer="李秀英", model_no="AD-1")
    world.do("guo", "reports.review", submitted(world))
    world.at("2026-11-23 12:10")
    world.do("chen", "calls.finish", call, **rounds.DONE)
    world.at("2026-11-24 18:10")
    submitted(world)
    app = desk_of(world, "guo")
    async with app.run_test(size=(80, 30)) as pilot:
        await opened(pilot, "5", "enter")
        lines = page(app)
        at = next(nth for nth, line in enumerate(lines) if "11:40-12:10" in line)
        assert lines[at + 1] == "of 11-23, after its report"
        assert not any("outside the shift" in line for line in lines)
    app.door.close()


async def test_yesterday_is_a_key_away_and_is_written_for_its_own_day(world: World) -> None:
    app = desk_of(world, "chen")
    world.at("2026-11-24 08:40")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await opened(pilot, "5", "r", "left")
        assert title(app) == "Daily report    陈明  Mon 23 Nov 2026  draft"
        await press(pilot, "f2", *"830-1200 d ok", "f2")
        assert "D 210" in of_page(app, "Jobs / min")
        await press(pilot, "right")
        assert "Tue 24 Nov 2026" in title(app)
    app.door.close()
    assert world.read(reports.of_day, rounds.actor(world, "chen").id, report(world, "SZ-T-261124-0001").day) is not None
    assert f"{report(world, 'SZ-T-261124-0001').day}" == "2026-11-23"


async def test_a_returned_report_is_told_on_the_day_and_says_why(world: World) -> None:
    sent_back(world)
    app = desk_of(world, "wu")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await opened(pilot, "5")
        assert title(app).endswith("done 0   reports sent back 1")
        await press(pilot, "r")
        assert of_page(app, "Sent back") == "11:00 写了两次 郭强"
        assert of_page(app, "Marks") == "510 minutes are written, the shift has 480."
        await press(pilot, "x", "2", "f2", "s", "f2")
    app.door.close()
    assert (report(world, TWICE).state, report(world, TWICE).marks) == ("submitted", 0)


async def test_who_stands_in_for_a_technician_writes_that_ones_day(world: World) -> None:
    visits(world)
    world.do("guo", "staff.stand_in", "chen", stand_in="lin", role="technician", begins="2026-11-23", ends="2026-11-23")
    app = desk_of(world, "lin")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, "5", "r")
        assert title(app).startswith("Daily report    陈明")
        assert of_page(app, "Jobs / min").startswith("A 2/120")
    app.door.close()


async def test_who_stands_in_for_two_turns_from_the_one_to_the_other(world: World) -> None:
    for holder in ("chen", "wu"):
        world.do("guo", "staff.stand_in", holder, stand_in="lin", role="technician", begins="11-23", ends="11-23")
    app = desk_of(world, "lin")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await opened(pilot, "5", "r", "t")
        assert title(app).startswith("Daily report    吴刚")
        await press(pilot, "f2", *"830-1200 d ok", "f2", "s", "f2")
        await press(pilot, "t")
        assert title(app).startswith("Daily report    陈明")
    app.door.close()
    assert (report(world, MINE).technician, report(world, MINE).state) == ("wu", "submitted")
    app = desk_of(world, "chen")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await opened(pilot, "5", "r", "t")
        assert "You are in no other technician's place today." in painted(app)
    app.door.close()


async def test_a_report_that_is_opened_from_the_day_is_seen_as_open(world: World) -> None:
    day_end(world)
    reader = rounds.actor(world, "guo")

    def open_by() -> dict[str, str]:
        return world.read(places.open_by_others, reader.id, world.now.astimezone(UTC))

    app = desk_of(world, "chen")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, "5", "r")
        assert open_by() == {MINE: "陈明"}
        await press(pilot, "escape")
        assert open_by() == {}
    app.door.close()


# The review


async def test_the_review_list_stands_in_paper_order(world: World) -> None:
    review(world)
    app = desk_of(world, "guo")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, "5")
        assert isinstance(app.screen, ReportsScreen)
        assert listed(app) == [CLEAN, LATE, TWICE]
        assert title(app).startswith("Reports: to review   to review 3   sent back 0")
        lines = page(app)
        assert lines[2] == "No. Day Technician A B C D Total Marks Now"
        assert lines[4] == "1123-0003 11-23 赵磊 1/160 350 1/510 2 to review"
        assert lines[0].endswith("SZ 郭强")
        await press(pilot, "v")
        assert title(app).startswith("Reports: of today")
        assert listed(app) == [TWICE, LATE, CLEAN, MINE]
        world.at("2026-11-24 09:00")
        await press(pilot, "f5", "V", "v")
        assert listed(app) == []
    app.door.close()


async def test_one_filters_by_the_day(world: World) -> None:
    review(world)
    world.at("2026-11-24 17:00")
    submitted(world, "chen")
    app = desk_of(world, "guo")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, "5")
        assert len(listed(app)) == 4
        assert page(app)[3].startswith("!1123-0002")  # of yesterday, and not reviewed yet
        form = app.screen
        assert isinstance(form, ReportsScreen)
        form._chosen_filter({"day": "2026-11-24"})
        await settled(pilot)
        assert listed(app) == ["SZ-T-261124-0001"]
        assert "2026-11-24" in title(app)
    app.door.close()


async def test_a_report_is_read_with_its_marks(world: World) -> None:
    review(world)
    app = desk_of(world, "guo")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, "5", "down", "enter")
        assert title(app) == f"Daily report {LATE}   赵磊  Mon 23 Nov 2026  submitted"
        assert of_page(app, "Marks") == "510 minutes are written, the shift has 480."
        assert "! 18:00-18:30 30 outside the shift" in page(app)
        assert last_line(app).startswith("F1 Help  a Accept  r Send it back")
    app.door.close()


async def test_a_job_without_a_line_and_a_line_without_a_job_are_marked(world: World) -> None:
    visits(world)
    other = rounds.arrived(world, "wu", customer="李秀英", model_no="AD-1")
    submitted(world, "wu", "830-1000 a SZ-C-261123-0001 漏水")
    app = desk_of(world, "guo")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, "5", "enter")
        said = " ".join(page(app))
        assert f"{other} is not left yet: it has no line." in said
        assert "SZ-C-261123-0001: the books know of no visit and no repair time that day." in said
    app.door.close()


async def test_after_one_is_accepted_or_returned_the_next_comes_up(world: World) -> None:
    review(world)
    app = desk_of(world, "guo")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await opened(pilot, "5", "down", "enter", "a", "f2")
        assert isinstance(app.screen, ReportScreen)
        assert app.screen.number == TWICE  # the one below
        await press(pilot, "r", *"twice", "f2")
        assert app.screen.number == CLEAN  # then from the top
        await press(pilot, "a", *"well done", "f2")
        assert isinstance(app.screen, ReportsScreen)
        assert "No report waits for your review any more." in painted(app)
        assert listed(app) == []
    app.door.close()
    states = [(row.state, row.review_remark) for row in (report(world, number) for number in (CLEAN, LATE, TWICE))]
    assert states == [("reviewed", "well done"), ("reviewed", ""), ("sent_back", "twice")]


async def test_eight_reports_are_reviewed_in_at_most_twenty_keys(world: World) -> None:
    world.at(EVENING)
    for nth in range(8):
        world.at(f"2026-11-{24 + nth // 5} {18 + nth // 5}:0{nth % 5}")
        submitted(world, TECHNICIANS[nth % 5])
    app = desk_of(world, "guo")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await at_work(pilot)
        hand = Hand(pilot)
        await hand.press("5", "enter")
        while isinstance(app.screen, ReportScreen):
            await hand.press("a", "f2")
        assert hand.pressed <= 20
        assert listed(app) == []
    app.door.close()
    rows = [report(world, f"SZ-T-2611{day}-000{nth}") for day, most in ((24, 5), (25, 3)) for nth in range(1, most + 1)]
    assert {row.state for row in rows} == {"reviewed"}


async def test_a_technician_sees_his_own_reports_alone_and_reviews_none(world: World) -> None:
    review(world)
    app = desk_of(world, "wu")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await opened(pilot, "0", *"reports", "enter")
        assert isinstance(app.screen, ReportsScreen)
        await app.screen.run_action("show_view('all')")
        await settled(pilot)
        assert listed(app) == [TWICE]
        await press(pilot, "a")
        assert "Your posts do not allow 'Review a report' here." in painted(app)
    app.door.close()
    assert report(world, TWICE).state == "submitted"


def test_one_digit_opens_the_day_of_a_technician_and_the_reports_of_the_others(world: World) -> None:
    assert [desk.name for desk in DESKS if desk.key == "5"] == ["day", "reports"]
    digits = {
        login: {desk.key: desk.name for desk in desks_of(rounds.actor(world, login)) if desk.key}
        for login in ("chen", "guo", "xu", "lin")
    }
    assert [digits[login].get("5") for login in ("chen", "guo", "xu", "lin")] == ["day", "reports", "reports", None]
    assert "reports" in {desk.name for desk in desks_of(rounds.actor(world, "chen"))}


@pytest.mark.parametrize("open_books", [day_end, review, to_close])
async def test_text_from_people_is_never_markup(world: World, open_books: Callable[[World], None]) -> None:
    open_books(world)
    world.do("chen", "reports.write", lines="1800-1810 d [/x] [red]")
    app = desk_of(world, "chen")
    async with app.run_test(size=(80, 40)) as pilot:
        await opened(pilot, "5", "r")
        assert "[/x] [red]" in painted(app)
    app.door.close()
