"""The start page: what waits for a person, most urgent first, from every register; it is where everybody comes to."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from inspect import isawaitable
from typing import TYPE_CHECKING, ClassVar

from textual.widget import Widget

from servicedesk.domain.words import Refused, label, say
from servicedesk.tui.background import begin
from servicedesk.tui.columns import Column
from servicedesk.tui.door import NOBODY
from servicedesk.tui.keys import Key
from servicedesk.tui.register_list import Page, RegisterList
from servicedesk.tui.screen import DeskScreen
from servicedesk.tui.screens.call_page import FollowedList
from servicedesk.tui.window import page_of

if TYPE_CHECKING:
    from servicedesk.store.first_page import FirstPage
    from servicedesk.tui.waiting import Kind, Opens, Waits

OF_EACH = 3
"""So many lines of each kind stand on the page; its list has all of them."""


class WaitingScreen(DeskScreen):
    """A page of kinds of things that wait, each with its most urgent lines below it."""

    NOTHING: ClassVar[str] = ""
    OF_EACH: ClassVar[int] = OF_EACH
    ENTER = Key("enter", label("Open"), action="open_line", id="waiting.open")
    LIST = Key("l", label("The whole list"), action="open_list", id="waiting.list")

    def __init__(self) -> None:
        super().__init__()
        self._waiting: Sequence[Waits] = ()
        self._is_read = False

    @property
    @abstractmethod
    def kinds(self) -> Sequence[Kind]:
        """What may wait here, in the order of its urgency."""

    def compose_body(self) -> Iterable[Widget]:
        """The list."""
        made: FollowedList[Waits] = FollowedList(
            self._columns(),
            self._load,
            key_of=lambda line: line.key,
            sort_key=lambda line: (line.order,),
            row_style=_style,
            id="list",
        )
        yield made

    def _columns(self) -> tuple[Column[Waits], ...]:
        title = " " + self.words(label("What waits, most urgent first"))
        return (Column("what", title, 40, self._said, flexible=True),)

    def _said(self, line: Waits) -> str:
        if line.item is not None:
            return f" {line.item.text}"
        count = "1000+" if line.total > 1000 else str(line.total)
        return f"{self.words(line.kind.label)}  {count}"

    @property
    def lines(self) -> RegisterList[Waits]:
        """The list."""
        return self.query_one("#list", RegisterList)

    async def _load(self, page: Page) -> Sequence[Waits]:
        return page_of(self._waiting, page, lambda line: (line.order,))

    # Reading

    def refresh_rows(self) -> None:
        """Read everything again; the cursor stays on its line."""
        if self.door.actor is not NOBODY:
            begin(self, self._read, exclusive=True, group="waiting")

    async def _read(self) -> None:
        from servicedesk.tui.waiting import gather

        kinds, words, most = self.kinds, self.words, self.OF_EACH
        try:
            waiting = await self.door.look(lambda look: gather(kinds, look, words, most))
        except Refused as refused:
            self.lines.show_error(self.words(refused.sentence))
            return
        self.show_waiting(waiting)
        self._is_read = True
        self.lines.show_empty(self.words(self.NOTHING))
        self.show_page()

    def show_waiting(self, waiting: Sequence[Waits]) -> None:
        """Stand for these lines; the cursor begins on the most urgent of them, and stays once it was moved."""
        before, here = self._waiting, self.lines.row
        is_moved = self._is_read or (here is not None and len(before) > 1 and here.key != before[1].key)
        self._waiting = waiting
        self.lines.columns = self._columns()
        if not is_moved and len(waiting) > 1:
            self.lines.put_cursor(waiting[1].key, (waiting[1].order,))
        else:
            self.lines.refresh_rows()

    # What the page says

    def title_text(self) -> str:
        """Heading, day and time, how much waits."""
        words, now = self.words, self.door.now()
        if not self._is_read:
            return words(self.HEADING)
        waiting = sum(line.total for line in self._waiting if line.item is None)
        late = sum(line.late for line in self._waiting)
        totals = [words(say("{count} waiting", count=waiting))]
        if late:
            totals.append(words(say("late {count}", count=late)))
        return "   ".join([words(self.HEADING), f"{words.weekday(now)} {words.day(now)}", *totals])

    def detail_lines(self) -> Sequence[str]:
        """The line under the cursor in full."""
        line = self.lines.row
        if line is None:
            return ()
        if line.item is None:
            return (self.words(label("Enter shows all of them, in their own list.")),)
        return line.item.full(self.size.width - 2)

    # Keys

    async def on_register_list_opened(self, event: RegisterList.Opened) -> None:
        """Enter: the paper, or the list of all that is of this kind."""
        line: Waits = event.row
        await self._bring(line.kind.goes if line.item is None else line.item.opens)

    def action_open_line(self) -> None:
        """As Enter in the list does."""
        self.lines.action_open()

    async def action_open_list(self) -> None:
        """All that is of the kind under the cursor."""
        if self.lines.row is not None:
            await self._bring(self.lines.row.kind.goes)

    async def _bring(self, opens: Opens) -> None:
        brought = opens(self.desk)
        if isawaitable(brought):
            await brought


class StartScreen(WaitingScreen):
    """What waits, from every register, as the person's posts say."""

    HEADING = label("Start")
    NOTHING = label("Nothing waits for you. A digit opens a desk, 0 lists every place.")
    KEYS: ClassVar[tuple[Key, ...]] = (
        Key("f2", label("New call"), act="calls.log", bare=True),
        WaitingScreen.ENTER,
        WaitingScreen.LIST,
        Key("h", label("Hand over"), action="hand_over", id="start.hand_over"),
    )

    @property
    def kinds(self) -> Sequence[Kind]:
        """Of every register; imported once the first frame is painted."""
        from servicedesk.tui.waiting_kinds import WAITING

        return WAITING

    def show_first(self, first: FirstPage) -> None:
        """Show the lines of the call-in register that were read before the books are open."""
        from servicedesk.tui.call_lines import lines_of
        from servicedesk.tui.waiting import Found, in_order, item_of_call

        actor, words, found = first.actor, self.words, []
        for kind in self.kinds:
            if kind.picks is not None and kind.is_for(actor):
                rows = [row for row in first.rows if kind.picks(row, first.now, first.last_closing(row.unit))]
                lines = lines_of(first, words, rows[: self.OF_EACH], {})
                found.append((kind, Found([item_of_call(actor, words, line) for line in lines], len(rows))))
        self.show_waiting(in_order(found))
        self.show_page()

    def action_hand_over(self) -> None:
        """What is left open at the end of a shift."""
        from servicedesk.tui.screens.hand_over import HandOverScreen

        self.app.push_screen(HandOverScreen())


def _style(line: Waits) -> str:
    """Colour repeats what the words say."""
    if line.item is None:
        return "bold"
    return "bold red" if line.late else ""
