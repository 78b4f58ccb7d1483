"""The list of a register: one line an entry, read by key, a window of some hundred rows however long the book is.

A cursor key repaints the two lines it touches and nothing else; Home and End are read, not scrolled to.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Generic

from rich.style import Style
from rich.text import Text
from textual import events
from textual.binding import Binding
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from servicedesk.domain.words import label
from servicedesk.tui.columns import Column, draw_line, draw_text, on_one_line, share_widths
from servicedesk.tui.window import Page, Row, SortKey, Wanted, Window, Wish

__all__ = ["Column", "Page", "RegisterList", "SortKey"]


_NOTHING_TOLD = object()

Load = Callable[[Page], Awaitable[Sequence[Row]]]


class RegisterList(Widget, Generic[Row], can_focus=True):
    """The windowed list of a register.

    `load` reads a page in the order of the list. `key_of` names a record (its number), `sort_key` is its whole
    place in the order, so that no two rows share one. `row_style` gives a line its style, `explain` the text
    to draw when a reading failed, or None for a fault the list cannot answer for: that one goes on to the app.
    """

    DEFAULT_CSS = "RegisterList { height: 1fr; width: 1fr; }"

    BINDINGS = [
        Binding("down,j", "move(1)", label("Next line"), show=False, id="list.down"),
        Binding("up,k", "move(-1)", label("Line before"), show=False, id="list.up"),
        Binding("pagedown", "turn(1)", label("Next page"), show=False, id="list.pagedown"),
        Binding("pageup", "turn(-1)", label("Page before"), show=False, id="list.pageup"),
        Binding("home,g", "first", label("First entry"), show=False, id="list.home"),
        Binding("end,G", "last", label("Last entry"), show=False, id="list.end"),
        Binding("space", "mark", label("Mark"), show=False, id="list.mark"),
        Binding("enter", "open", label("Open"), show=False, id="list.open"),
    ]

    class Highlighted(Message):
        """The cursor stands on another row, or the row under it has changed; None in an empty list."""

        def __init__(self, register_list: RegisterList[Any], row: Any) -> None:
            super().__init__()
            self.register_list = register_list
            self.row = row

        @property
        def control(self) -> RegisterList[Any]:
            """The list, for `@on` with a selector."""
            return self.register_list

    class Opened(Highlighted):
        """Enter was pressed on the row."""

    class Marked(Message):
        """A mark was set or taken away; `marked` are the keys of all marked records."""

        def __init__(self, register_list: RegisterList[Any], marked: frozenset[str]) -> None:
            super().__init__()
            self.register_list = register_list
            self.marked = marked

        @property
        def control(self) -> RegisterList[Any]:
            """The list, for `@on` with a selector."""
            return self.register_list

    def __init__(
        self,
        columns: Sequence[Column[Row]],
        load: Load[Row],
        *,
        key_of: Callable[[Row], str],
        sort_key: Callable[[Row], SortKey],
        row_style: Callable[[Row], str] | None = None,
        explain: Callable[[Exception], str | None] | None = None,
        id: str | None = None,  # noqa: A002  Textual's name
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.columns = tuple(columns)
        self.marked: set[str] = set()
        self._load = load
        self._key_of = key_of
        self._sort_key = sort_key
        self._row_style = row_style
        self._explain = explain
        self._window: Window[Row] = Window(key_of, sort_key)
        self._widths: tuple[int, ...] = tuple(column.width for column in self.columns)
        self._waiting: Wanted | None = Wanted(Wish.LANDING)
        self._reading = False
        self._loaded = False
        self._query = 0
        self._empty = ""
        self._error = ""
        self._shown: list[object] = []
        self._told: object = _NOTHING_TOLD
        self._base = Style()

    # What screens ask for

    @property
    def row(self) -> Row | None:
        """The row under the cursor, None in an empty list."""
        return self._window.current

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows held, a part of the list only."""
        return tuple(self._window.rows)

    @property
    def rows_in_sight(self) -> tuple[Row, ...]:
        """The rows on the screen."""
        return tuple(self._window.all_in_sight)

    @property
    def busy(self) -> bool:
        """Whether a reading is under way or waits."""
        return self._reading or self._waiting is not None

    def refresh_rows(self) -> None:
        """Read the rows around the cursor again; asked while a reading runs, it is done once after it."""
        self._ask(Wanted(Wish.AGAIN))

    def put_cursor(self, key: str, sort_key: SortKey) -> None:
        """Land on this record, the list read anew around it; on the one after it where it is not in the list."""
        self._ask(Wanted(Wish.LANDING, Page(after=sort_key), key))

    def open_query(self, load: Load[Row]) -> None:
        """List something else from its first row: a view or a filter. Marks are taken away."""
        self._load = load
        self._query += 1
        self._loaded = False
        self.clear_marks()
        self._ask(Wanted(Wish.LANDING))

    def clear_marks(self) -> None:
        """Take all marks away."""
        if self.marked:
            self.marked.clear()
            self.post_message(self.Marked(self, frozenset()))
            self._repaint()

    def show_empty(self, text: str) -> None:
        """What stands in place of the rows when there are none: the first step to take."""
        self._empty = text
        self._paint_anew()

    def show_error(self, text: str) -> None:
        """Draw why the rows could not be read: in place of them, or of the titles where older rows stand.

        It goes away with the next reading that succeeds.
        """
        self._error = text
        self._paint_anew()

    # Keys

    def action_move(self, steps: int) -> None:
        """Move the cursor by lines."""
        self._window.move(steps)
        self._moved()

    def action_turn(self, pages: int) -> None:
        """Turn pages of the screen's height."""
        self._window.turn(pages)
        self._moved()

    def action_first(self) -> None:
        """Go to the first entry of the list."""
        if self._window.at_start:
            self.action_move(-len(self._window.rows))
        else:
            self._ask(Wanted(Wish.LANDING))

    def action_last(self) -> None:
        """Go to the last entry of the list."""
        if self._window.at_end:
            self.action_move(len(self._window.rows))
        else:
            self._ask(Wanted(Wish.LANDING, Page(last=True)))

    def action_mark(self) -> None:
        """Mark the line, or take its mark away."""
        row = self._window.current
        if row is not None:
            self.marked ^= {self._key_of(row)}
            self.post_message(self.Marked(self, frozenset(self.marked)))
            self._repaint()

    def action_open(self) -> None:
        """Open the record under the cursor."""
        row = self._window.current
        if row is not None:
            self.post_message(self.Opened(self, row))

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on the line clicked; open it on a double click."""
        line = event.y - 1
        if line >= 0 and self._window.in_sight(line) is not None:
            self.action_move(self._window.top + line - self._window.cursor)
            if event.chain == 2:
                self.action_open()

    def on_mouse_scroll_down(self) -> None:
        """Move on with the wheel."""
        self.action_move(3)

    def on_mouse_scroll_up(self) -> None:
        """Move back with the wheel."""
        self.action_move(-3)

    # Reading: one at a time

    def on_mount(self) -> None:
        """Read the first page."""
        self._read_waiting()

    def _ask(self, reading: Wanted) -> None:
        if self._waiting is None or reading.wish >= self._waiting.wish:
            self._waiting = reading
        if self.is_mounted:
            self._read_waiting()

    def _read_waiting(self) -> None:
        if not self._reading and self._waiting is not None:
            self._reading = True
            self.run_worker(self._read_all(), group="register-list")

    async def _read_all(self) -> None:
        try:
            while (reading := self._waiting) is not None:
                self._waiting = None
                await self._read(reading)
        finally:
            self._reading = False

    async def _read(self, reading: Wanted) -> None:
        query = self._query
        try:
            take = await self._fetch(reading)
        except Exception as error:
            if query != self._query:
                return
            text = None if self._explain is None else self._explain(error)
            if text is None:
                raise
            self.show_error(text)
            return
        if query != self._query:
            return
        take()
        self._loaded, had_error, self._error = True, bool(self._error), ""
        if had_error or not self._window.rows:
            self.refresh()
        self._moved()

    async def _fetch(self, reading: Wanted) -> Callable[[], None]:
        """Read what is wanted and return how the window takes it: keys move the cursor meanwhile."""
        if reading.wish is Wish.AGAIN:
            return await self._fetch_again()
        if reading.wish is Wish.LANDING:
            return await self._fetch_landing(reading)
        return await self._fetch_more()

    async def _fetch_more(self) -> Callable[[], None]:
        window, size = self._window, self._window.page_size
        if window.needs_next:
            following = await self._load(Page(after=window.last_key, limit=size))
            return lambda: window.append(following, at_end=len(following) < size)
        if window.needs_previous:
            preceding = await self._load(Page(before=window.first_key, limit=size))
            return lambda: window.prepend(preceding, at_start=len(preceding) < size)
        return lambda: None

    async def _fetch_landing(self, reading: Wanted) -> Callable[[], None]:
        window, size = self._window, self._window.page_size
        if reading.page.after is not None:
            around, place, at_start, at_end = await self._around(reading.page.after)
            found = window.find(around, reading.key)
            cursor = place if found is None else found
            return lambda: window.land(around, cursor, at_start=at_start, at_end=at_end)
        last = reading.page.last
        rows = await self._load(Page(limit=size, last=last))
        ended = len(rows) < size
        return lambda: window.land(rows, len(rows) - 1 if last else 0, at_start=ended or not last, at_end=ended or last)

    async def _fetch_again(self) -> Callable[[], None]:
        window = self._window
        key = window.current_key
        if key is None or (window.at_start and window.cursor < window.page_size // 2):
            size = max(window.page_size, len(window.rows))
            rows = await self._load(Page(limit=size))
            current = window.current
            if current is None or len(rows) < size or window.find(rows, self._key_of(current)) is not None:
                return lambda: window.replace(rows, at_start=True, at_end=len(rows) < size)
            key = self._sort_key(current)
        around, _, at_start, at_end = await self._around(key)
        return lambda: window.replace(around, at_start=at_start, at_end=at_end)

    async def _around(self, key: SortKey) -> tuple[list[Row], int, bool, bool]:
        """The rows around a place in the order, where it is among them, and whether the list starts and ends there."""
        size = self._window.page_size
        above = await self._load(Page(before=key, limit=size))
        below = await self._load(Page(after=self._sort_key(above[-1]) if above else None, limit=size))
        return [*above, *below], len(above), len(above) < size, len(below) < size

    # Drawing

    def on_resize(self, event: events.Resize) -> None:
        """Share out the width anew and keep the cursor in sight."""
        self._widths = share_widths(self.columns, self.size.width)
        self._window.resize(self.size.height - 1)
        self._shown = self._lines()
        # The first painting comes before this event, and knew one line only.
        self.refresh()

    def render_lines(self, crop: Region) -> list[Strip]:
        """Work out the style that all lines have in common once for all of them."""
        self._base = self.rich_style
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """The titles on line 0, an entry on each line below."""
        base, width = self._base, self.size.width
        if y == 0:
            if self._error and self._window.rows:
                return draw_text(self._error, width, base + Style(bold=True, reverse=True))
            return draw_line([column.title for column in self.columns], self._widths, width, base + Style(bold=True))
        row = self._window.in_sight(y - 1)
        if row is None:
            return draw_text(self._notice(y - 2), width, base)
        style = base + Style.parse(self._row_style(row)) if self._row_style else base
        if self._window.top + y - 1 == self._window.cursor:
            style += Style(reverse=True) if self.has_focus else Style(underline=True)
        cells = [column.cells(row) for column in self.columns]
        return draw_line(cells, self._widths, width, style, marked=self._key_of(row) in self.marked)

    def _notice(self, line: int) -> str:
        """A line of what stands where there are no rows."""
        text = self._error or (self._empty if self._loaded else "")
        if not text or self._window.rows or line < 0:
            return ""
        lines = Text(on_one_line(text)).wrap(self.app.console, max(1, self.size.width - 2))
        return f" {lines[line].plain}" if line < len(lines) else ""

    def _moved(self) -> None:
        self._repaint()
        row = self._window.current
        if row != self._told:
            self._told = row
            self._tell(row)
        if self._window.needs_next or self._window.needs_previous:
            self._ask(Wanted(Wish.MORE))

    def _tell(self, row: Row | None) -> None:
        """Another row, or another text of it, is under the cursor."""
        self.post_message(self.Highlighted(self, row))

    def _paint_anew(self) -> None:
        self._shown = self._lines()  # the next rows are held against it, whether or not it was painted before they come
        self.refresh()

    def _repaint(self) -> None:
        """Repaint the lines that differ from what stands on the screen, and no other."""
        before, self._shown = self._shown, self._lines()
        if len(before) != len(self._shown):
            self.refresh()
            return
        changed = [line for line, (old, new) in enumerate(zip(before, self._shown, strict=True)) if old != new]
        if changed:
            self.refresh(*(Region(0, line + 1, self.size.width, 1) for line in changed))

    def _lines(self) -> list[object]:
        window, marked = self._window, self.marked
        cursor = window.cursor - window.top
        lines: list[object] = [
            (row, line == cursor, bool(marked) and self._key_of(row) in marked)
            for line, row in enumerate(window.all_in_sight)
        ]
        return [*lines, *(self._notice(line - 1) for line in range(len(lines), window.height))]
