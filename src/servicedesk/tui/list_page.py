"""A desk that is one long list of a register: marks, a search line, a place remembered across sign-ins."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from servicedesk.domain.text import cells
from servicedesk.domain.words import Refused, Sentence, say
from servicedesk.tui.background import begin
from servicedesk.tui.door import NOBODY
from servicedesk.tui.register_list import Page
from servicedesk.tui.search_line import SearchLine
from servicedesk.tui.window import SortKey

if TYPE_CHECKING:
    from servicedesk.acts.act import Done
    from servicedesk.acts.desk import Look
    from servicedesk.store.session import Reading, Writing


class ListPage(SearchLine):
    """What the lists of all registers do alike; a line is what the list draws, its row what acts are done to."""

    def __init__(self) -> None:
        super().__init__()
        self._titles: tuple[Sentence, ...] = ()
        self._marked: dict[str, Any] = {}
        self._seated = False
        self._kept = ""
        self._asked_for = ""

    # What a subclass tells

    @property
    @abstractmethod
    def book(self) -> str:
        """The name under which the place in this register is kept."""

    @abstractmethod
    def row_of(self, line: Any) -> Any:
        """The row that a line draws."""

    @abstractmethod
    def key_of(self, row: Any) -> str:
        """What names a row in this list."""

    @abstractmethod
    def order_of(self, row: Any) -> SortKey:
        """A row's whole place in the order shown."""

    @abstractmethod
    async def load(self, page: Page) -> Sequence[Any]:
        """Read a page of lines."""

    @abstractmethod
    def read_totals(self, look: Look) -> tuple[Sentence, ...]:
        """The totals of the title; runs in the reader's thread."""

    @abstractmethod
    def find_row(self, reading: Reading, number: str) -> Any:
        """The row of this number, None where the register has none; runs in the reader's thread."""

    @abstractmethod
    def restore(self, kept: str) -> tuple[str, SortKey]:
        """List what was kept; gives the key and the place of the line under the cursor, both empty without one."""

    @abstractmethod
    def written(self) -> str:
        """What is listed, as it is kept."""

    @abstractmethod
    def show_written(self, written: str) -> None:
        """List what was kept as a view, from its first line."""

    @abstractmethod
    def filtered(self) -> str:
        """What is listed, in words; empty where it is everything."""

    @abstractmethod
    def line_in_full(self, line: Any) -> Sequence[str]:
        """The line under the cursor in full."""

    @abstractmethod
    def unfilter(self) -> bool:
        """Take search and filter away; whether there was one."""

    @abstractmethod
    def empty_text(self) -> str:
        """The label of the first step, where there are no lines."""

    # Reading

    def explain(self, error: Exception) -> str | None:
        """Why the list could not be read; None for a fault of the program."""
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
        actor, book = self.door.actor, self.book

        def read(reading: Reading) -> str:
            from servicedesk.store import places

            return places.place(reading, actor.id, book)

        kept = await self.door.read(read)
        self.sit_down(self._asked_for or kept)
        await self._read_totals()

    def come_to(self, written: str) -> None:
        """List this, written as views are kept, whether or not the person has been here."""
        if self._seated:
            self.show_written(written)
        else:
            self._asked_for = written

    def sit_down(self, kept: str) -> None:
        """List what the person listed last, the cursor where it was."""
        self._kept = kept
        number, place = self.restore(kept)
        self.lines.open_query(self.load)
        if number:
            self.lines.put_cursor(number, place)
        self.say_empty()

    async def _read_totals(self) -> None:
        with suppress(Refused):  # the list itself says why nothing can be read
            self._titles = await self.door.look(self.read_totals)
            self.show_page()

    def say_empty(self) -> None:
        """Put the first step where there are no lines."""
        self.lines.show_empty(self.words(self.empty_text()))

    def list_anew(self) -> None:
        """What is listed has changed: read it from its first line."""
        self.say_empty()
        self.lines.open_query(self.load)
        self.show_page()
        begin(self, self.keep_place, group="place")

    # What the page says

    def title_text(self) -> str:
        """Register, day, totals, then what is filtered."""
        words, now, named = self.words, self.door.now(), self.filtered()
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
        found = self.line_in_full(line)
        marked = len(self.lines.marked)
        if not marked:
            return found
        said = say("{count} lines marked: an act is done to all of them or none.", count=marked)
        return (*found[:2], self.words(said))

    def rows_acted_on(self) -> Sequence[Any]:
        """All marked rows, else the one under the cursor."""
        lines = self.lines
        if lines.marked:
            self._remember_marked()
            return [self._marked[key] for key in sorted(lines.marked)]
        return [] if lines.row is None else [self.row_of(lines.row)]

    def _remember_marked(self) -> None:
        """A marked line may lie far from the rows held now; what was last seen of it is acted on."""
        held = {self.key_of(row): row for row in map(self.row_of, self.lines.rows)}
        known = {**self._marked, **held}
        self._marked = {key: known[key] for key in self.lines.marked}

    def on_register_list_marked(self) -> None:
        """Say how many are marked."""
        self._remember_marked()
        self.show_page()

    # Keys

    def action_open_line(self) -> None:
        """Open what is under the cursor."""
        self.lines.action_open()

    def action_mark(self) -> None:
        """Mark the line under the cursor."""
        self.lines.action_mark()

    def after_act(self, done: Done) -> None:
        """Take the marks away; land on a paper just written."""
        self.lines.clear_marks()
        if done.numbers and (self.lines.row is None or done.numbers[0] != self.row_of(self.lines.row).number):
            begin(self, partial(self._land_on, done.numbers[0]), group="seat")

    async def _land_on(self, number: str) -> None:
        row = await self.door.read(lambda reading: self.find_row(reading, number))
        if row is not None:
            self.lines.put_cursor(self.key_of(row), self.order_of(row))

    async def action_back(self) -> None:
        """Step by step: out of the search line, the marks, the filter, the page."""
        if self.leave_search():
            return
        if self.lines.marked:
            self.lines.clear_marks()
        elif not self.unfilter():
            await super().action_back()

    # The place, remembered across screens and sign-ins

    def on_screen_suspend(self) -> None:
        """Another page comes to the front."""
        if self._seated:
            begin(self, self.keep_place, group="place")

    async def keep_place(self) -> None:
        """Write down what is listed and the cursor where they have changed."""
        line, actor, book = self.lines.row, self.door.actor, self.book
        cursor = ""
        if line is not None:
            row = self.row_of(line)
            cursor = " ".join([self.key_of(row), *map(str, self.order_of(row))])
        written = f"{self.written()}\n{cursor}"
        if written == self._kept or actor is NOBODY:
            return
        self._kept = written

        def keep(writing: Writing) -> None:
            from servicedesk.store import places

            places.keep_place(writing, actor.id, book, written)

        with suppress(Refused):  # a place is no paper: a full disk must not stop the person
            await self.door.write(keep)
