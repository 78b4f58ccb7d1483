"""A page with a short list of calls, read whole in one transaction: the board, my day, who is to be told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from textual.widget import Widget

from servicedesk.domain.calls import CallRow
from servicedesk.domain.numbering import short
from servicedesk.domain.text import cells
from servicedesk.domain.words import Refused, Sentence, label, say
from servicedesk.tui.background import begin
from servicedesk.tui.call_lines import Line, in_full, line_style
from servicedesk.tui.columns import Column
from servicedesk.tui.door import NOBODY
from servicedesk.tui.register_list import Page, RegisterList
from servicedesk.tui.screens.call_page import CallPage

if TYPE_CHECKING:
    from servicedesk.acts.act import Done
    from servicedesk.acts.desk import Look


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the list: the call, its place in the order, and what the last column says of it."""

    line: Line
    order: tuple[Any, ...]
    text: str = ""
    more: Any = None


@dataclass(frozen=True, slots=True)
class Gathered:
    """What was read: the lines in order, and the totals of the title."""

    entries: Sequence[Entry]
    totals: tuple[Sentence, ...] = ()
    more: Any = None


class CallList(CallPage):
    """A subclass gathers its lines in the reader's thread and tells its columns; everything else is here."""

    EMPTY: ClassVar[str] = label("Nothing stands here.")

    def __init__(self) -> None:
        super().__init__()
        self.gathered = Gathered(())

    def gather(self, look: Look) -> Gathered:
        """Read the lines; runs in the reader's thread."""
        raise NotImplementedError

    def columns(self) -> tuple[Column[Entry], ...]:
        """Number, customer and what the line says."""
        words = self.words
        return (
            number_column(words(label("No."))),
            customer_column(words(label("Customer"))),
            Column("text", "", 20, lambda entry: entry.text, flexible=True),
        )

    def compose_body(self) -> Iterable[Widget]:
        """The list."""
        return (self.make_list(),)

    def make_list(self) -> RegisterList[Entry]:
        """The list over what was gathered."""
        return RegisterList[Entry](
            self.columns(),
            self._load,
            key_of=lambda entry: entry.line.call.number,
            sort_key=lambda entry: entry.order,
            row_style=lambda entry: line_style(entry.line),
            id="list",
        )

    @property
    def lines(self) -> RegisterList[Entry]:
        """The list."""
        return self.query_one("#list", RegisterList)

    @property
    def entry(self) -> Entry | None:
        """The line under the cursor."""
        return self.lines.row if self.is_mounted else None

    async def _load(self, page: Page) -> Sequence[Entry]:
        rows = self.gathered.entries
        if page.after is not None:
            rows = [row for row in rows if row.order > page.after]
        if page.before is not None:
            return [row for row in rows if row.order < page.before][-page.limit :]
        return rows[-page.limit :] if page.last else rows[: page.limit]

    def refresh_rows(self) -> None:
        """Read everything again; the cursor stays on its call."""
        if self.door.actor is not NOBODY:
            begin(self, self.read_again, exclusive=True, group="gather")

    async def read_again(self) -> None:
        """Gather and show; what cannot be read is said in place of the lines."""
        try:
            self.gathered = await self.door.look(self.gather)
        except Refused as refused:
            self.lines.show_error(self.words(refused.sentence))
            return
        self.lines.columns = self.columns()
        self.lines.show_empty(self.words(self.empty_text()))
        self.lines.refresh_rows()
        self.show_page()

    def empty_text(self) -> str:
        """What to do first, where there are no lines."""
        return self.EMPTY

    # What the page says

    def title_text(self) -> str:
        """Heading, day, totals."""
        words, now = self.words, self.door.now()
        totals = [words(total) for total in self.gathered.totals]
        whole = "   ".join([words(self.HEADING), f"{words.weekday(now)} {words.day(now)}", *totals])
        # The totals say more than the day.
        return whole if cells(whole) <= self.app.size.width - 2 else "   ".join([words(self.HEADING), *totals])

    def detail_lines(self) -> Sequence[str]:
        """The call under the cursor in full, or how many are marked."""
        if self.entry is None:
            return ()
        found = in_full(self.words, self.door.actor, self.entry.line, self.app.size.width - 2)
        marked = len(self.lines.marked)
        if not marked:
            return found
        said = say("{count} lines marked: an act is done to all of them or none.", count=marked)
        return (*found[:2], self.words(said))

    def rows_acted_on(self) -> Sequence[CallRow]:
        """All marked lines, else the one under the cursor."""
        marked = self.lines.marked
        if marked:
            return [row.line.call for row in self.gathered.entries if row.line.call.number in marked]
        return [] if self.entry is None else [self.entry.line.call]

    # Keys

    def on_register_list_highlighted(self) -> None:
        """Show the line in full and which keys it allows."""
        self.show_page()

    def on_register_list_marked(self) -> None:
        """Say how many are marked."""
        self.show_page()

    def on_register_list_opened(self, event: RegisterList.Opened) -> None:
        """Enter was pressed on a line."""
        self.opened(event.row)

    def opened(self, entry: Entry) -> None:
        """What Enter does: open the call with its papers."""
        self.desk.open_call(entry.line.call.number)

    def action_open_line(self) -> None:
        """As Enter in the list does."""
        self.lines.action_open()

    def after_act(self, done: Done) -> None:
        """Take the marks away."""
        self.lines.clear_marks()

    async def action_back(self) -> None:
        """Out of the marks, then out of the page."""
        if self.lines.marked:
            self.lines.clear_marks()
        else:
            await super().action_back()


def customer_column(title: str) -> Column[Entry]:
    """The customer's name."""
    return Column("customer", title, 10, customer_of, flexible=True)


def customer_of(entry: Entry) -> str:
    """The customer's name, after the unit where that is another than the person's own."""
    return f"{entry.line.elsewhere} {entry.line.call.customer_name}".strip()


def number_column(title: str) -> Column[Entry]:
    """The call's number as lists show it, late ones with `!`."""
    return Column("number", f" {title}", 10, _number)


def _number(entry: Entry) -> str:
    return ("!" if entry.line.late else " ") + short(entry.line.call.number)
