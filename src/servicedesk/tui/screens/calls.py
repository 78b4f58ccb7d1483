"""The call-in register (003 Art. 5, 15; forms §3.1): the page of the book, the line under the cursor in full."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.widget import Widget

from servicedesk.domain.calls import CallRow
from servicedesk.domain.words import Sentence, label
from servicedesk.tui.background import begin
from servicedesk.tui.call_lines import Line, columns, in_full, line_style, lines_of
from servicedesk.tui.call_query import (
    BOOK,
    FILTERS,
    Query,
    first_query,
    first_step,
    kept_place,
    pasted_numbers,
    read_page,
    read_query,
    totals,
)
from servicedesk.tui.door import NOBODY
from servicedesk.tui.keys import Key
from servicedesk.tui.list_page import ListPage
from servicedesk.tui.register_list import Page, RegisterList
from servicedesk.tui.screens.call_page import FIRST_ACTS, MORE_KEYS, CallPage, FollowedList
from servicedesk.tui.window import SortKey

if TYPE_CHECKING:
    from servicedesk.acts.desk import Look
    from servicedesk.store.session import Reading


class CallsScreen(ListPage, CallPage):
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

    def compose_body(self) -> Iterable[Widget]:
        """The list."""
        yield FollowedList[Line](
            columns(self.words),
            self.load,
            key_of=lambda line: line.call.number,
            sort_key=lambda line: self.order_of(line.call),
            row_style=line_style,
            explain=self.explain,
            id="list",
        )

    # What a list is told

    @property
    def book(self) -> str:
        """The name of the register."""
        return BOOK

    @property
    def searched(self) -> str:
        """The words searched for now."""
        return self.query_shown.filter.words

    def row_of(self, line: Line) -> CallRow:
        """The call that a line draws."""
        return line.call

    def key_of(self, row: CallRow) -> str:
        """Its number."""
        return row.number

    def order_of(self, row: CallRow) -> SortKey:
        """A call's place in the order shown."""
        return self.query_shown.effective().key_of(row)

    def written(self) -> str:
        """Filter and order."""
        return self.query_shown.written()

    def restore(self, kept: str) -> tuple[str, SortKey]:
        """List what was kept, or what the person comes to first."""
        self.query_shown, number, place = kept_place(kept, self.door.actor)
        self.lines.columns = columns(self.words)
        return number, place

    def filtered(self) -> str:
        """What is filtered, in words."""
        return self.query_shown.named(self.words)

    def empty_text(self) -> str:
        """The first step."""
        return first_step(self.door.actor, self.query_shown)

    def line_in_full(self, line: Line) -> Sequence[str]:
        """The line under the cursor in full."""
        return in_full(self.words, self.door.actor, line, self.size.width - 2)

    # Reading

    async def load(self, page: Page) -> Sequence[Line]:
        """Read a page of what is listed."""
        if self.door.actor is NOBODY:
            return ()
        query, words = self.query_shown, self.words

        def read(look: Look) -> list[Line]:
            from servicedesk.store import places

            open_by = places.open_by_others(look.store, look.actor.id, look.now)
            return lines_of(look, words, read_page(look, query, page), open_by)

        return await self.door.look(read)

    def read_totals(self, look: Look) -> tuple[Sentence, ...]:
        """Open, late and carried over."""
        return totals(look)

    def find_row(self, reading: Reading, number: str) -> CallRow | None:
        """The call of this number."""
        from servicedesk.store import calls

        return calls.one(reading, number)

    def on_register_list_opened(self, event: RegisterList.Opened) -> None:
        """Open the call with its papers."""
        self.desk.open_call(event.row.call.number)

    # Keys

    def action_order(self) -> None:
        """Newest first or most urgent first."""
        wanted = self.query_shown.filter
        self.show_query(replace(self.query_shown, filter=replace(wanted, urgent=not wanted.urgent)))

    def search_for(self, words: str) -> None:
        """List what was searched for; nothing typed ends the search."""
        self.show_query(Query(replace(self.query_shown.filter, words=words)))

    def unfilter(self) -> bool:
        """Take search and filter away; whether there was one."""
        if self.query_shown.is_plain:
            return False
        self.show_query(Query(replace(first_query(self.door.actor).filter, urgent=self.query_shown.filter.urgent)))
        return True

    def show_query(self, query: Query) -> None:
        """List something else, from its first line."""
        self.query_shown = query
        self.list_anew()

    def action_filter(self) -> None:
        """Choose what is listed."""
        from servicedesk.tui.screens.filter import FilterScreen

        self.app.push_screen(FilterScreen(FILTERS, self.query_shown.as_filled(self.door.login)), self._chosen)

    def action_views(self) -> None:
        """The named views."""
        from servicedesk.tui.screens.views import ViewsScreen

        self.app.push_screen(ViewsScreen(BOOK, self.query_shown.written()), self._chosen_view)

    def _chosen(self, chosen: Mapping[str, str] | None) -> None:
        if chosen is not None:
            begin(self, partial(self._filter_by, chosen), group="filter", exclusive=True)

    async def _filter_by(self, chosen: Mapping[str, str]) -> None:
        pasted = chosen["numbers"]
        numbers = await self.door.look(lambda look: pasted_numbers(look, pasted)) if pasted else ()
        self.show_query(self.query_shown.filtered(chosen, numbers, self.door.actor))

    def _chosen_view(self, written: str | None) -> None:
        if written is not None:
            self.show_written(written)

    def show_written(self, written: str) -> None:
        """List what was kept as a view."""
        self.show_query(read_query(written))
