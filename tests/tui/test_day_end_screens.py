"""The supervisor report and the register day by their keys, from hand to hand; then a look at the books."""

from __future__ import annotations

from datetime import UTC

import pytest
from textual.widgets import Static

from servicedesk.acts.day_closing import close_all
from servicedesk.config import Settings
from servicedesk.domain.numbering import short
from servicedesk.domain.register_days import DayRow
from servicedesk.domain.reports import SupervisorReportRow
from servicedesk.store import register_days
from servicedesk.store.register_days import DAYS
from servicedesk.store.reports import SUPERVISOR_REPORTS
from servicedesk.tui.app import ServiceDesk
from servicedesk.tui.form import FormScreen
from servicedesk.tui.screens.printing import PrintScreen
from servicedesk.tui.screens.register_day import RegisterDayScreen
from servicedesk.tui.screens.report import ReportScreen
from servicedesk.tui.screens.supervisor_report import SupervisorReportScreen
from tests.acts import rounds
from tests.acts.reporting import EVENING, compiled, handed_in_late, reviewed
from tests.tui.scenes import painted
from tests.tui.scenes_reports import REGISTER_DAYS, review, to_close, visits
from tests.tui.scenes_reports import SUPERVISOR_REPORTS as TO_SUMMARIES
from tests.tui.test_calls_screen import desk_of, press
from tests.tui.test_register_screen import listed, opened, title
from tests.tui.test_report_screens import MINE, SHEET, SUMMARY, of_page, page
from tests.tui.test_report_screens import world as monday
from tests.world import World

world = monday


def summary(world: World) -> SupervisorReportRow:
    found = world.read(SUPERVISOR_REPORTS.one, SUMMARY)
    assert found is not None
    return found


def day(world: World) -> DayRow:
    found = world.read(DAYS.one, SHEET)
    assert found is not None
    return found


def heading(app: ServiceDesk) -> str:
    """The title line, which a notice may cover."""
    return str(app.screen.query_one("#title", Static).content)


@pytest.mark.parametrize(
    ("typed", "screen"),
    [(MINE, ReportScreen), ("T-1123-1", ReportScreen), (SUMMARY, SupervisorReportScreen), (SHEET, RegisterDayScreen)],
)
async def test_the_palette_opens_each_by_its_number(world: World, typed: str, screen: type) -> None:
    compiled(world)
    world.do("lin", "days.reconcile")
    app = desk_of(world, "guo")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, "colon", *typed, "enter")
        assert isinstance(app.screen, screen)
    app.door.close()


# The supervisor report


async def test_a_supervisor_report_passes_from_hand_to_hand(world: World) -> None:
    world.at(EVENING)
    reviewed(world)
    steps: tuple[tuple[str, tuple[str, ...], str], ...] = (
        ("guo", ("f2", "f2"), "compiled"),
        ("guo", ("enter", "s", "y"), "signed"),
        ("mgr", ("m", "y"), "manager_signed"),
        ("guo", ("w", "y"), "forwarded"),
        ("xu", ("enter", "a", "y"), "report_received"),
    )
    for login, keys, state in steps:
        app = desk_of(world, login)
        async with app.run_test(size=(80, 24), notifications=True) as pilot:
            await opened(pilot, *TO_SUMMARIES, *keys)
        app.door.close()
        assert summary(world).state == state
    row = summary(world)
    assert (row.compiled_by_name, row.manager_signed_by_name, row.received_by_name) == ("郭强", "马国荣", "徐丽")


async def test_the_report_is_drawn_as_the_paper_and_says_who_is_next(world: World) -> None:
    visits(world)
    compiled(world)
    world.do("guo", "supervisor_reports.sign", SUMMARY)
    app = desk_of(world, "guo")
    async with app.run_test(size=(80, 30), notifications=True) as pilot:
        await opened(pilot, *TO_SUMMARIES, "enter")
        assert title(app) == f"Supervisor report {SUMMARY}   Mon 23 Nov 2026  signed by the supervisor"
        lines = page(app)
        assert of_page(app, "Technicians") == "A B C D total"
        assert "陈明 2/120 0/0 0/0 210 2/330" in lines
        assert "total 3/280 0/0 1/90 1050 4/1420" in lines
        assert of_page(app, "The day").startswith("calls 4")
        assert "Next: the branch manager reads it and signs." in lines
        await press(pilot, "w")
        assert f"The branch manager has to sign {SUMMARY} before it is forwarded." in painted(app)
        await press(pilot, "P")
        assert isinstance(app.screen, PrintScreen)
    app.door.close()


async def test_without_all_reports_it_is_not_compiled(world: World) -> None:
    review(world)
    app = desk_of(world, "guo")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await opened(pilot, *TO_SUMMARIES, "f2")
        form = app.screen
        assert isinstance(form, FormScreen)
        assert form.fields["day"].entered == "2026-11-23"
        await press(pilot, "f2")
        assert isinstance(app.screen, FormScreen)
        assert "Not reviewed yet: 陈明" in painted(app)
    app.door.close()
    assert world.read(SUPERVISOR_REPORTS.one, SUMMARY) is None


@pytest.mark.parametrize(
    ("login", "view", "count"),
    [("guo", "all open", 1), ("mgr", "for the manager", 0), ("xu", "to receive", 0), ("sm", "to receive", 0)],
)
async def test_a_compiled_report_waits_for_the_supervisor_alone(
    world: World, login: str, view: str, count: int
) -> None:
    compiled(world)
    app = desk_of(world, login)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, *TO_SUMMARIES)
        assert title(app).startswith(f"Supervisor reports: {view}")
        assert len(listed(app)) == count
    app.door.close()


async def test_a_report_that_came_late_is_named_on_the_next_days(world: World) -> None:
    late = handed_in_late(world)
    world.at("2026-11-24 18:10")
    reviewed(world)
    world.do("guo", "supervisor_reports.compile")
    app = desk_of(world, "guo")
    async with app.run_test(size=(80, 30)) as pilot:
        await opened(pilot, *TO_SUMMARIES, "down", "enter")
        assert of_page(app, "Counted late") == f"陈明 {short(late)} of 23 Nov 2026"
        assert "陈明 0/0 0/0 0/0 420 0/420" in page(app)
    app.door.close()


# The register day


async def test_a_day_is_reconciled_explained_closed_sent_and_received(world: World) -> None:
    rounds.done(world)
    world.at("2026-11-23 18:20")
    app = desk_of(world, "lin")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await opened(pilot, *REGISTER_DAYS)
        assert title(app).endswith("open page 23 Nov 2026")
        await press(pilot, "f2", "f2", "enter")
        assert isinstance(app.screen, RegisterDayScreen)
        assert heading(app) == f"Register day {SHEET}   Mon 23 Nov 2026  reconciled"
        assert of_page(app, "Differences") == "SZ-V-000001: the voucher is not in file not explained yet"
        await press(pilot, "c")
        assert f"{SHEET}: 2 differences are not explained yet." in painted(app)
        for words in ("tomorrow", "with chen"):
            await press(pilot, "e")
            form = app.screen
            assert isinstance(form, FormScreen)
            assert form.sheet.current.key == "explanation"  # the paper stands there already
            await press(pilot, *words, "f2")
        await press(pilot, "f5")
        assert "SZ-V-000001: the voucher is not in file  tomorrow" in str(
            app.screen.query_one("#papers", Static).content
        )
        assert "Next: close the day." in page(app)
        await press(pilot, "c", "y")
        assert day(world).state == "day_closed"
        assert of_page(app, "Page").startswith("1123-0001 09:00 王小明 A 陈明 done on site")
        assert "Next: the service clerk transmits the page, from 24 Nov 2026 on." in page(app)
        await press(pilot, "t", "y")
        assert "is sent on the next working day, 24 Nov 2026." in painted(app)
        world.at("2026-11-24 08:40")
        await press(pilot, "t", "y")
        assert day(world).state == "transmitted"
    app.door.close()
    app = desk_of(world, "xu")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await opened(pilot, *REGISTER_DAYS)
        assert listed(app) == [SHEET]
        await press(pilot, "a", "y")
        assert listed(app) == []
    app.door.close()
    assert (day(world).state, day(world).received_by_name) == ("page_received", "徐丽")
    assert all(one.explanation for one in world.read(register_days.differences, day(world).id))


@pytest.mark.parametrize(("key", "kind"), [("P", "closing sheet"), ("T", "transmittal")])
async def test_closing_sheet_and_transmittal_are_printed(world: World, key: str, kind: str) -> None:
    to_close(world)
    app = desk_of(world, "lin")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, *REGISTER_DAYS, "enter", key)
        assert isinstance(app.screen, PrintScreen)
        assert SHEET in painted(app)
    app.door.close()


@pytest.mark.parametrize(
    ("language", "said"), [("en", "not explained: closed unattended"), ("zh_CN", "未说明：无人值守日结")]
)
async def test_what_nobody_explained_is_told_in_the_readers_language(world: World, language: str, said: str) -> None:
    rounds.done(world)
    world.at("2026-11-23 18:20")
    assert list(close_all(world.books, world.now.astimezone(UTC), "SZ"))
    settings = Settings(database=str(world.books.path), language=language)
    app = ServiceDesk(settings, "lin", lambda: world.now.astimezone(), live=False)
    async with app.run_test(size=(80, 30)) as pilot:
        await opened(pilot, "colon", *SHEET, "enter")
        assert isinstance(app.screen, RegisterDayScreen)
        assert " ".join(page(app)).count(said) == 2
    app.door.close()


async def test_a_day_that_was_not_closed_is_late_in_the_list(world: World) -> None:
    to_close(world)
    world.at("2026-11-24 09:00")
    app = desk_of(world, "guo")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, *REGISTER_DAYS)
        assert page(app)[3] == "!1123-0001 11-23 SZ 4 11 to explain"
    app.door.close()
