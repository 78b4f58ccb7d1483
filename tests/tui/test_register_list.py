"""The register's list, over ten thousand entries read by key."""

from __future__ import annotations

import asyncio
import os
import sys
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pytest
from rich.cells import cell_len
from textual.app import ComposeResult
from textual.pilot import Pilot
from textual.worker import WorkerFailed

from servicedesk.tui.register_list import Column, Page, RegisterList, SortKey
from servicedesk.tui.terminal import RobustApp
from tests.terminal import Terminal


@dataclass(frozen=True)
class Entry:
    place: int
    number: str
    name: str = "王小明"
    state: str = "logged"


def entry(place: int, name: str = "王小明") -> Entry:
    return Entry(place, f"{place:06d}", name)


class Book:
    """Entries in the order of the list, read as the store reads them; `gate` holds a reading back."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = list(entries)
        self.pages: list[Page] = []
        self.under_way = 0
        self.most_under_way = 0
        self.gate = asyncio.Event()
        self.gate.set()
        self.fault: Exception | None = None

    async def load(self, page: Page) -> Sequence[Entry]:
        self.pages.append(page)
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        await self.gate.wait()
        self.under_way -= 1
        if self.fault is not None:
            raise self.fault
        places = [row.place for row in self.entries]
        if page.after is not None:
            start = bisect_right(places, page.after[0])
            return self.entries[start : start + page.limit]
        if page.before is not None:
            end = bisect_left(places, page.before[0])
            return self.entries[max(0, end - page.limit) : end]
        return self.entries[-page.limit :] if page.last else self.entries[: page.limit]

    def add(self, place: int) -> None:
        self.entries.insert(bisect_left([row.place for row in self.entries], place), entry(place))

    def take_out(self, place: int) -> None:
        self.entries = [row for row in self.entries if row.place != place]


COLUMNS: Sequence[Column[Entry]] = (
    Column("number", " No.", 8, lambda row: f" {row.number}"),
    Column("name", "Customer", 12, lambda row: row.name, flexible=True),
    Column("state", "Now", 10, lambda row: (row.state, "bold")),
)


def sort_key(row: Entry) -> SortKey:
    return (row.place,)


def number_of(row: Entry) -> str:
    return row.number


class Desk(RobustApp):
    def __init__(self, book: Book) -> None:
        super().__init__()
        self.list: RegisterList[Entry] = RegisterList(
            COLUMNS,
            book.load,
            key_of=number_of,
            sort_key=sort_key,
            explain=lambda error: str(error) if isinstance(error, ConnectionError) else None,
        )
        self.told: list[object] = []

    def compose(self) -> ComposeResult:
        yield self.list

    def on_register_list_highlighted(self, message: RegisterList.Highlighted) -> None:
        self.told.append(("on", message.row and message.row.number))

    def on_register_list_opened(self, message: RegisterList.Opened) -> None:
        self.told.append(("open", message.row.number))

    def on_register_list_marked(self, message: RegisterList.Marked) -> None:
        self.told.append(("marked", sorted(message.marked)))


@pytest.fixture
def book() -> Book:
    # Every tenth place, so that entries can come between.
    return Book([entry(place) for place in range(0, 100_000, 10)])


def lines(app: Desk) -> list[str]:
    return [app.list.render_line(y).text for y in range(app.list.size.height)]


def painted(app: Desk) -> str:
    """What stands on the screen: lines that nobody asked to paint again stand there as before."""
    return "\n".join("".join(part.text for part in line) for line in app.screen._compositor.render_strips())


def reversed_line(app: Desk, line: int) -> bool:
    return all(segment.style is not None and segment.style.reverse for segment in app.list.render_line(line))


def current(app: Desk) -> str | None:
    return app.list.row.number if app.list.row else None


async def read(app: Desk, pilot: Pilot[None]) -> None:
    """Let every reading that is wanted come to its end."""
    while app.list.busy:
        await app.workers.wait_for_complete()
        await pilot.pause()
    await pilot.pause()


async def test_the_titles_and_the_first_entries_are_shown(book: Book) -> None:
    app = Desk(book)
    async with app.run_test(size=(80, 24)) as pilot:
        await read(app, pilot)
        titles, first, second, *_ = lines(app)
        assert titles.startswith(" No.     Customer")
        assert first.split() == ["000000", "王小明", "logged"]
        assert second.split()[0] == "000010"
        assert app.told == [("on", "000000")]
        assert len(app.list.rows_in_sight) == 23


async def test_what_stood_in_place_of_the_lines_goes_when_they_come() -> None:
    app = Desk(book := Book([]))
    async with app.run_test(size=(80, 24)) as pilot:
        await read(app, pilot)
        app.list.show_empty("Nothing is listed.")
        await pilot.pause()
        assert "Nothing is listed." in painted(app)
        book.add(10)
        app.list.refresh_rows()
        await read(app, pilot)
        assert "000010" in painted(app)
        assert "Nothing is listed." not in painted(app)


async def test_the_cursor_walks_through_the_whole_book_in_a_small_window(book: Book) -> None:
    app = Desk(book)
    async with app.run_test(size=(80, 24)) as pilot:
        await read(app, pilot)
        for step in range(1, 21):
            await pilot.press("pagedown")
            await read(app, pilot)
            assert current(app) == f"{step * 22 * 10:06d}"
            assert len(app.list.rows) <= 300
        for step in range(19, -1, -1):
            await pilot.press("pageup")
            await read(app, pilot)
            assert current(app) == f"{step * 22 * 10:06d}"
        assert max(page.limit for page in book.pages) == 100


async def test_every_line_is_passed_once_going_down(book: Book) -> None:
    app = Desk(book)
    async with app.run_test(size=(80, 24)) as pilot:
        await read(app, pilot)
        for _ in range(400):
            app.list.action_move(1)
            await app.workers.wait_for_complete()
        await read(app, pilot)
        assert app.told == [("on", f"{step * 10:06d}") for step in range(401)]


async def test_home_and_end_go_to_the_ends_of_the_book(book: Book) -> None:
    app = Desk(book)
    async with app.run_test() as pilot:
        await read(app, pilot)
        await pilot.press("end")
        await read(app, pilot)
        assert current(app) == "099990"
        assert lines(app)[-1].split()[0] == "099990"
        await pilot.press("down")
        assert current(app) == "099990"
        await pilot.press("g")
        await read(app, pilot)
        assert current(app) == "000000"
        await pilot.press("G", "up", "up")
        await read(app, pilot)
        await pilot.press("home", "up")
        await read(app, pilot)
        assert current(app) == "000000"
        assert len(book.pages) < 12


@pytest.mark.parametrize("steps", [0, 5, 150])
async def test_the_cursor_stays_on_its_record_when_entries_come_above(book: Book, steps: int) -> None:
    app = Desk(book)
    async with app.run_test() as pilot:
        await read(app, pilot)
        for _ in range(steps):
            app.list.action_move(1)
            await app.workers.wait_for_complete()
        number = f"{steps * 10:06d}"
        assert current(app) == number
        for place in range(1, 10):
            book.add(place - 10)
            book.add(steps * 10 - place)
        app.list.refresh_rows()
        await read(app, pilot)
        assert current(app) == number
        (drawn,) = [line for line in range(1, 24) if reversed_line(app, line)]
        assert number in lines(app)[drawn]


async def test_the_cursor_stays_on_its_record_when_hundreds_come_above(book: Book) -> None:
    app = Desk(book)
    async with app.run_test() as pilot:
        await read(app, pilot)
        await pilot.press("down", "down")
        for place in range(-500, 0):
            book.add(place)
        app.list.refresh_rows()
        await read(app, pilot)
        assert current(app) == "000020"
        await pilot.press("home")
        await read(app, pilot)
        assert current(app) == "-00500"


async def test_a_new_first_entry_is_seen_at_once_at_the_top(book: Book) -> None:
    app = Desk(book)
    async with app.run_test() as pilot:
        await read(app, pilot)
        book.add(-5)
        app.list.refresh_rows()
        await read(app, pilot)
        assert "-00005" in lines(app)[1]
        assert current(app) == "000000"


async def test_a_record_that_is_gone_leaves_the_cursor_on_the_next_line(book: Book) -> None:
    app = Desk(book)
    async with app.run_test() as pilot:
        await read(app, pilot)
        await pilot.press("down", "down")
        book.take_out(20)
        app.list.refresh_rows()
        await read(app, pilot)
        assert current(app) == "000030"
        book.entries = [entry(0), entry(10)]
        app.list.refresh_rows()
        await read(app, pilot)
        assert current(app) == "000010"


async def test_the_rows_are_the_new_ones_and_the_screen_tells_of_the_change(book: Book) -> None:
    app = Desk(book)
    async with app.run_test() as pilot:
        await read(app, pilot)
        book.entries[0] = replace(book.entries[0], state="sent")
        app.list.refresh_rows()
        await read(app, pilot)
        assert lines(app)[1].split()[-1] == "sent"
        assert app.told == [("on", "000000"), ("on", "000000")]


async def test_refreshes_asked_while_one_runs_make_exactly_one_more(book: Book) -> None:
    app = Desk(book)
    async with app.run_test() as pilot:
        await read(app, pilot)
        book.pages.clear()
        book.gate.clear()
        app.list.refresh_rows()
        await pilot.pause()
        for _ in range(5):
            app.list.refresh_rows()
            await pilot.press("down")
        book.gate.set()
        await read(app, pilot)
        assert len(book.pages) == 2
        assert book.most_under_way == 1
        assert current(app) == "000050"


async def test_readings_never_overlap_nor_double_rows_whatever_is_pressed(book: Book) -> None:
    app = Desk(book)
    async with app.run_test() as pilot:
        await read(app, pilot)
        for key in ("pagedown", "pagedown", "pagedown", "end", "pageup", "pageup", "pageup", "pageup", "home"):
            book.gate.clear()
            app.list.refresh_rows()
            await pilot.press(key, "down")
            book.gate.set()
            await pilot.press(key)
        await read(app, pilot)
        places = [row.place for row in app.list.rows]
        assert places == list(range(places[0], places[-1] + 1, 10))
        assert book.most_under_way == 1


async def test_landing_on_a_record_far_away(book: Book) -> None:
    app = Desk(book)
    async with app.run_test() as pilot:
        await read(app, pilot)
        app.list.put_cursor("050000", (50_000,))
        await read(app, pilot)
        assert current(app) == "050000"
        assert any("049990" in line for line in lines(app))
        app.list.put_cursor("000000", (0,))
        await read(app, pilot)
        assert current(app) == "000000"
        app.list.put_cursor("070005", (70_005,))
        await read(app, pilot)
        assert current(app) == "070010"


async def test_landing_wanted_before_the_first_page_has_come(book: Book) -> None:
    app = Desk(book)
    app.list.put_cursor("050000", (50_000,))
    async with app.run_test() as pilot:
        await read(app, pilot)
        assert current(app) == "050000"


async def test_marks_belong_to_records_and_outlive_a_refresh(book: Book) -> None:
    app = Desk(book)
    async with app.run_test() as pilot:
        await read(app, pilot)
        await pilot.press("space", "down", "space", "down", "space", "space")
        book.add(-5)
        app.list.refresh_rows()
        await read(app, pilot)
        assert app.list.marked == {"000000", "000010"}
        assert [line[0] for line in lines(app)[1:5]] == [" ", "*", "*", " "]
        assert app.told[-2:] == [("marked", ["000000", "000010", "000020"]), ("marked", ["000000", "000010"])]


async def test_enter_opens_the_record_under_the_cursor(book: Book) -> None:
    app = Desk(book)
    async with app.run_test() as pilot:
        await read(app, pilot)
        await pilot.press("down", "enter")
        await pilot.pause()
        assert app.told[-1] == ("open", "000010")


async def test_a_click_moves_the_cursor_and_a_double_click_opens(book: Book) -> None:
    app = Desk(book)
    async with app.run_test() as pilot:
        await read(app, pilot)
        await pilot.click(app.list, offset=(3, 4))
        assert current(app) == "000030"
        await pilot.double_click(app.list, offset=(3, 2))
        await pilot.pause()
        assert app.told[-1] == ("open", "000010")


@pytest.mark.parametrize("width", [80, 81, 40, 33, 20, 3])
async def test_long_chinese_names_never_break_a_column(width: int) -> None:
    names = ["宏图伟业科技股份有限公司深圳福田分公司售后服务部", "a" + "宏图伟业科技" * 9, "𠮷野家", "Rebecca Fleming"]
    app = Desk(Book([entry(place, name * (1 + place // 4)) for place, name in enumerate(names * 2)]))
    async with app.run_test(size=(width, 24)) as pilot:
        await read(app, pilot)
        assert {cell_len(line) for line in lines(app)} == {width}
        if width == 80:
            assert {cell_len(line.partition("logged")[0]) for line in lines(app)[1:9]} == {70}
            assert lines(app)[2].partition(" logged")[0].rstrip().endswith("…")


HOSTILE = "[/x] [red]赤[/] [@click=app.quit]q[/] \x1b[31m \x1b]52;c;aGk=\x07\nsecond\u202eline\\"


async def test_what_customers_write_is_only_text() -> None:
    app = Desk(Book([Entry(1, "1", HOSTILE, "[bold]\x9b")]))
    app.list.show_empty(HOSTILE)
    async with app.run_test(size=(120, 24)) as pilot:
        await read(app, pilot)
        line = lines(app)[1]
        assert "[/x] [red]赤[/] [@click=app.quit]q[/] [31m ]52;c;aGk= secondline\\" in line
        assert "[bold]" in line
        assert not {"\x1b", "\x07", "\n", "\u202e", "\x9b"} & set(line)
        await pilot.click(app.list, offset=(32, 1))
        assert current(app) == "1"
        assert app.is_running


async def test_an_empty_list_says_what_to_do_first() -> None:
    book = Book([])
    app = Desk(book)
    app.list.show_empty("No calls yet. Press F2 to write the first. " + "现在没有报修。" * 9)
    async with app.run_test(size=(60, 24)) as pilot:
        await read(app, pilot)
        assert lines(app)[2].strip().startswith("No calls yet. Press F2 to write the first.")
        assert "现在没有报修" in lines(app)[3]
        assert app.told == [("on", None)]
        await pilot.press("down", "enter", "space", "end", "pagedown", "home")
        assert app.told == [("on", None)]
        book.add(7)
        app.list.refresh_rows()
        await read(app, pilot)
        assert "000007" in lines(app)[1]
        assert not any("No calls yet" in line for line in lines(app))


async def test_nothing_is_called_empty_before_it_was_read() -> None:
    book = Book([])
    book.gate.clear()
    app = Desk(book)
    app.list.show_empty("No calls yet.")
    async with app.run_test() as pilot:
        await pilot.pause()
        assert not any("No calls yet" in line for line in lines(app))
        book.gate.set()
        await read(app, pilot)
        assert any("No calls yet" in line for line in lines(app))


async def test_a_failed_reading_is_never_an_empty_list() -> None:
    book = Book([])
    book.fault = ConnectionError("The database cannot be reached. Press F5 to try again.")
    app = Desk(book)
    app.list.show_empty("No calls yet.")
    async with app.run_test() as pilot:
        await read(app, pilot)
        assert "cannot be reached" in lines(app)[2]
        assert not any("No calls yet" in line for line in lines(app))
        book.fault = None
        app.list.refresh_rows()
        await read(app, pilot)
        assert "No calls yet" in lines(app)[2]


async def test_a_failed_refresh_leaves_the_rows_and_says_so(book: Book) -> None:
    app = Desk(book)
    async with app.run_test() as pilot:
        await read(app, pilot)
        book.fault = ConnectionError("The database cannot be reached.")
        app.list.refresh_rows()
        await read(app, pilot)
        assert lines(app)[0].startswith("The database cannot be reached.")
        assert "000000" in lines(app)[1]
        book.fault = None
        app.list.refresh_rows()
        await read(app, pilot)
        assert lines(app)[0].startswith(" No.")


async def test_a_fault_the_list_cannot_explain_reaches_the_app(book: Book, tmp_path: Path) -> None:
    book.fault = ZeroDivisionError()
    app = Desk(book)
    app.log_folder = tmp_path
    with pytest.raises(WorkerFailed, match="ZeroDivisionError"):
        async with app.run_test() as pilot:
            await pilot.pause()
    (log,) = tmp_path.iterdir()
    assert "raise self.fault" in log.read_text()


async def test_another_query_starts_at_its_first_row_and_late_answers_of_the_old_one_are_dropped(book: Book) -> None:
    late = Book([entry(place) for place in range(5)])
    app = Desk(book)
    async with app.run_test() as pilot:
        await read(app, pilot)
        await pilot.press("end", "space")
        await read(app, pilot)
        book.gate.clear()
        app.list.refresh_rows()
        await pilot.pause()
        app.list.open_query(late.load)
        book.gate.set()
        await read(app, pilot)
        assert [row.place for row in app.list.rows] == [0, 1, 2, 3, 4]
        assert current(app) == "000000"
        assert app.list.marked == set()


async def test_the_cursor_stays_in_sight_at_every_size(book: Book) -> None:
    app = Desk(book)
    async with app.run_test(size=(80, 24)) as pilot:
        await read(app, pilot)
        await pilot.press("pagedown")
        for _ in range(20):
            await pilot.press("down")
        for size in ((80, 10), (80, 2), (20, 1), (120, 60), (80, 24)):
            await pilot.resize_terminal(*size)
            await read(app, pilot)
            assert app.list.row in app.list.rows_in_sight


PROGRAM = """
import sys
from servicedesk.tui.environment import prepare_environment
prepare_environment()
from tests.tui.test_register_list import Book, Desk, entry
sys.exit(Desk(Book([entry(place) for place in range(0, 100_000, 10)])).run_to_end())
"""


def longer(than: int, raw: bytes) -> bool:
    return len(raw) > than


def test_a_cursor_key_costs_a_slow_line_at_most_500_bytes() -> None:
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with Terminal([sys.executable, "-c", PROGRAM], env=environ) as terminal:
        terminal.wait("000210")
        terminal.settle()
        for _ in range(3):
            before = len(terminal.raw)
            terminal.press("down")
            terminal.wait_raw(partial(longer, before))
            terminal.settle()
            assert len(terminal.raw) - before <= 500
        before = len(terminal.raw)
        terminal.settle(1.0)
        assert len(terminal.raw) == before
        terminal.press("ctrl+q")
        assert terminal.exit_status() == 0
