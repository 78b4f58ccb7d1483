"""The call-in register (003 Art. 5, 15; forms §3.1): the page of the book, the line under the cursor in full."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.widget import Widget
from textual.widgets import Input

from servicedesk.domain.calls import CallRow
from servicedesk.domain.text import cells
from servicedesk.domain.words import Refused, Sentence, label, say
from servicedesk.tui.background import begin
from servicedesk.tui.call_lines import Line, columns, in_full, line_style, lines_of
from servicedesk.tui.call_query import BOOK, Query, first_query, first_step, kept_place, read_page, read_query, totals
from servicedesk.tui.door import NOBODY
from servicedesk.tui.keys import Key
from servicedesk.tui.register_list import Page, RegisterList
from servicedesk.tui.screens.call_page import FIRST_ACTS, MORE_KEYS, CallPage, FollowedList

if TYPE_CHECKING:
    from servicedesk.acts.act import Done
    from servicedesk.acts.desk import Look
    from servicedesk.store.first_page import FirstPage
    from servicedesk.store.session import Reading, Writing


class CallsScreen(CallPage):
    """The register: lines by key, filters, views, search; acts on the line or on all marked ones."""

    HEADING = label("Call-in register")
    KEYS: ClassVar[tuple[Key, ...]] = (
        Key("f2", label("New call"), act="calls.log", bare=True),
        Key("f3,slash", label("Find"), action="find"),
        Key("enter", label("Open"), action="open_line", id="calls.open"),
        *FIRST_ACTS,
        Key("v", label("Views"), action="views"),
        Key("f", label("Filter"), action="filter", shown=False),
        Key("o", label("Newest or most urgent first"), action="order", shown=False),
        Key("space", label("Mark the line"), action="mark", shown=False, id="calls.mark"),
        *MORE_KEYS,
    )

    def __init__(self) -> None:
        super().__init__()
        self.query_shown = Query()
        self._titles: tuple[Sentence, ...] = ()
        self._marked: dict[str, CallRow] = {}
        self._seated = False
        self._kept = ""
        self._first: list[Line] = []

    def compose_body(self) -> Iterable[Widget]:
        """The list, and the search line below it."""
        yield FollowedList[Line](
            columns(self.words),
            self._load,
            key_of=lambda line: line.call.number,
            sort_key=lambda line: self.query_shown.effective(self.door.actor).key_of(line.call),
            row_style=line_style,
            explain=self._explain,
            id="list",
        )
        search = Input(id="search", compact=True)
        search.cursor_blink = False
        yield search

    @property
    def lines(self) -> RegisterList[Line]:
        """The list."""
        return self.query_one("#list", RegisterList)

    # Reading

    async def _load(self, page: Page) -> Sequence[Line]:
        if self.door.actor is NOBODY:
            return ()
        if self._first and not self.door.is_open:
            return self._of_first(page)
        query, words = self.query_shown, self.words

        def read(look: Look) -> list[Line]:
            from servicedesk.store import places

            open_by = places.open_by_others(look.store, look.actor.id, look.now)
            return lines_of(look, words, read_page(look, query, page), open_by)

        return await self.door.look(read)

    def _explain(self, error: Exception) -> str | None:
        return self.words(error.sentence) if isinstance(error, Refused) else None

    def refresh_rows(self) -> None:
        """Read the rows around the cursor and the totals again; the first time where the person was last."""
        if not self._seated:
            self._seated = True
            begin(self, self._take_seat, group="seat")
            return
        self.lines.refresh_rows()
        begin(self, self._read_totals, group="totals", exclusive=True)

    async def _take_seat(self) -> None:
        actor = self.door.actor

        def read(reading: Reading) -> str:
            from servicedesk.store import places

            return places.place(reading, actor.id, BOOK)

        self._sit_down(await self.door.read(read))
        await self._read_totals()

    def _sit_down(self, kept: str) -> None:
        """List what the person listed last, the cursor where it was."""
        self._kept = kept
        self.query_shown, number, key = kept_place(kept, self.door.actor)
        self.lines.columns = columns(self.words)
        self.lines.open_query(self._load)
        if number:
            self.lines.put_cursor(number, key)
        self._say_empty()

    def show_first(self, first: FirstPage) -> None:
        """Show the lines read before the books are open, where the person's place is among them."""
        _, number, _ = kept_place(first.kept, self.door.actor)
        if number and all(row.number != number for row in first.rows):
            return
        self._seated = True
        self._first = lines_of(first, self.words, first.rows, {})
        self._sit_down(first.kept)
        self.show_page()

    def _of_first(self, page: Page) -> Sequence[Line]:
        """A page of the lines that were read before the books are open."""
        order = self.query_shown.effective(self.door.actor)
        places = {order.key_of(line.call): place for place, line in enumerate(self._first)}
        if page.before is not None:
            return self._first[: places[page.before]][-page.limit :]
        start = 0 if page.after is None else places[page.after] + 1
        return self._first[start:][: page.limit]

    async def _read_totals(self) -> None:
        with suppress(Refused):  # the list itself says why nothing can be read
            self._titles = await self.door.look(totals)
            self.show_page()

    def _say_empty(self) -> None:
        self.lines.show_empty(self.words(first_step(self.door.actor, self.query_shown)))

    # What the page says

    def title_text(self) -> str:
        """Register, day, totals, then what is filtered."""
        words, now = self.words, self.door.now()
        named = self.query_shown.named(words)
        totals = [words(total) for total in self._titles] + ([f"[{named}]"] if named else [])
        day = [f"{words.weekday(now)} {words.day(now)}"] if self._titles else []
        whole = "   ".join([words(self.HEADING), *day, *totals])
        # What is filtered says more than the day.
        return whole if cells(whole) <= self.app.size.width - 2 else "   ".join([words(self.HEADING), *totals])

    def detail_lines(self) -> Sequence[str]:
        """The line under the cursor in full, or how many are marked."""
        line = self.lines.row
        if line is None:
            return ()
        found = in_full(self.words, self.door.actor, line, self.size.width - 2)
        marked = len(self.lines.marked)
        if not marked:
            return found
        said = say("{count} lines marked: an act is done to all of them or none.", count=marked)
        return (*found[:2], self.words(said))

    def rows_acted_on(self) -> Sequence[CallRow]:
        """All marked lines, else the one under the cursor."""
        lines = self.lines
        if lines.marked:
            self._remember_marked()
            return [self._marked[number] for number in sorted(lines.marked)]
        return [] if lines.row is None else [lines.row.call]

    def _remember_marked(self) -> None:
        """A marked line may lie far from the rows held now; what was last seen of it is acted on."""
        held = {line.call.number: line.call for line in self.lines.rows}
        known = {**self._marked, **held}
        self._marked = {number: known[number] for number in self.lines.marked}

    def on_register_list_marked(self) -> None:
        """Say how many are marked."""
        self._remember_marked()
        self.show_page()

    def on_register_list_opened(self, event: RegisterList.Opened) -> None:
        """Open the call with its papers."""
        self.desk.open_call(event.row.call.number)

    # Keys

    def action_open_line(self) -> None:
        """Open the call under the cursor."""
        self.lines.action_open()

    def action_mark(self) -> None:
        """Mark the line under the cursor."""
        self.lines.action_mark()

    def after_act(self, done: Done) -> None:
        """Take the marks away; land on a call just logged."""
        self.lines.clear_marks()
        if done.numbers and (self.lines.row is None or done.numbers[0] != self.lines.row.call.number):
            begin(self, partial(self._land_on, done.numbers[0]), group="seat")

    async def _land_on(self, number: str) -> None:
        def read(reading: Reading) -> CallRow | None:
            from servicedesk.store import calls

            return calls.one(reading, number)

        row = await self.door.read(read)
        if row is not None:
            self.lines.put_cursor(number, self.query_shown.effective(self.door.actor).key_of(row))

    def action_order(self) -> None:
        """Newest first or most urgent first."""
        wanted = self.query_shown.filter
        self.show_query(replace(self.query_shown, filter=replace(wanted, urgent=not wanted.urgent)))

    def action_find(self) -> None:
        """Open the search line."""
        search = self.query_one("#search", Input)
        search.placeholder = self.words(label("Name, pinyin, telephone, number, model, serial, words"))
        search.value = self.query_shown.filter.words
        search.add_class("open")
        search.focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Search for what was typed; nothing typed ends the search."""
        self._close_search()
        self.show_query(Query(replace(self.query_shown.filter, words=event.value.strip())))

    def _close_search(self) -> None:
        self.query_one("#search", Input).remove_class("open")
        self.lines.focus()

    async def action_back(self) -> None:
        """Step by step: out of the search line, the marks, the filter."""
        if self.focused is not None and self.focused.id == "search":
            self._close_search()
        elif self.lines.marked:
            self.lines.clear_marks()
        elif not self.query_shown.is_plain:
            self.show_query(Query(replace(first_query(self.door.actor).filter, urgent=self.query_shown.filter.urgent)))
        else:
            await super().action_back()

    def show_query(self, query: Query) -> None:
        """List something else, from its first line."""
        self.query_shown = query
        self._say_empty()
        self.lines.open_query(self._load)
        self.show_page()
        begin(self, self.keep_place, group="place")

    # The place, remembered across screens and sign-ins

    def on_screen_suspend(self) -> None:
        """Another page comes to the front."""
        if self._seated:
            begin(self, self.keep_place, group="place")

    async def keep_place(self) -> None:
        """Write down filter, order and cursor where they have changed."""
        line, actor = self.lines.row, self.door.actor
        cursor = ""
        if line is not None:
            key = self.query_shown.effective(actor).key_of(line.call)
            cursor = " ".join([line.call.number, *map(str, key)])
        written = f"{self.query_shown.written()}\n{cursor}"
        if written == self._kept or actor is NOBODY:
            return
        self._kept = written

        def keep(writing: Writing) -> None:
            from servicedesk.store import places

            places.keep_place(writing, actor.id, BOOK, written)

        with suppress(Refused):  # a place is no paper: a full disk must not stop the person
            await self.door.write(keep)

    def action_filter(self) -> None:
        """Choose what is listed."""
        from servicedesk.tui.screens.filter import FilterScreen

        self.app.push_screen(FilterScreen(self.query_shown), self._chosen)

    def action_views(self) -> None:
        """The named views."""
        from servicedesk.tui.screens.views import ViewsScreen

        self.app.push_screen(ViewsScreen(BOOK, self.query_shown.written()), self._chosen_view)

    def _chosen(self, query: Query | None) -> None:
        if query is not None:
            self.show_query(query)

    def _chosen_view(self, written: str | None) -> None:
        if written is not None:
            self.show_query(read_query(written))
