"""The page of one paper: its columns in paper order, its lines as tables, its history; it scrolls where it is long."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from rich.text import Text
from textual.containers import VerticalScroll
from textual.content import Content
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Static

from servicedesk.domain.rights import sees
from servicedesk.domain.text import cells
from servicedesk.domain.words import Refused, Sentence, label, say
from servicedesk.tui.background import begin
from servicedesk.tui.columns import fitted, on_one_line
from servicedesk.tui.keys import Key
from servicedesk.tui.linked import Linked
from servicedesk.tui.registers import Seen, of_the_store, seen_by
from servicedesk.tui.special_handling import SpecialHandling

if TYPE_CHECKING:
    from servicedesk.acts.desk import Look
    from servicedesk.store.session import Writing

HEARTBEAT = 60.0
LABEL_CELLS = 14
GAP = 2
"""Between the columns of a table."""
NARROWEST_COLUMN = 10
SCROLL_KEYS: tuple[Key, ...] = (
    Key("up,k", label("Up"), action="scroll(-1)", shown=False),
    Key("down,j", label("Down"), action="scroll(1)", shown=False),
    Key("pageup", label("Page before"), action="scroll(-15)", shown=False),
    Key("pagedown", label("Next page"), action="scroll(15)", shown=False),
)

Row = TypeVar("Row")
Part = tuple[str | Sentence, str | Sequence[Sequence[str]]]
"""A part of a page: its label, and what stands there: a text, or the lines of a table cell by cell."""


class ScrolledPage(SpecialHandling):
    """The page of one paper; while it is open others see so in their lists."""

    DETAIL_ROWS = 0

    def __init__(self, number: str) -> None:
        super().__init__()
        self.number = number
        self._beat: Timer | None = None

    @property
    @abstractmethod
    def row(self) -> Any:
        """The paper's row; None until it is read."""

    @abstractmethod
    async def read(self) -> bool:
        """Read the paper; whether the person may see one of this number."""

    @abstractmethod
    def parts(self) -> Iterable[Part]:
        """The page in paper order, once it is read."""

    def compose_body(self) -> Iterable[Widget]:
        """The page scrolls where it is longer than the screen."""
        return (VerticalScroll(Static(id="papers", markup=False), id="page", can_focus=False),)

    def on_mount(self) -> None:
        """Read it, and say that it is open."""
        super().on_mount()
        self._beat = self.set_interval(HEARTBEAT, self._tell_others)
        self._tell_others()

    def on_unmount(self) -> None:
        """Say that it is no longer open."""
        self._write_presence(stays=False)

    def _tell_others(self) -> None:
        self._write_presence(stays=True)

    def _write_presence(self, *, stays: bool) -> None:
        staff, number, now = self.door.actor.id, self.number, self.door.now()
        if not number:  # what has no number yet is in nobody's list
            return

        def write(writing: Writing) -> None:
            from servicedesk.store import places

            if stays:
                places.open_line(writing, staff, number, now)
            else:
                places.leave_line(writing, staff, number)

        self.desk.write_aside(write)

    def refresh_rows(self) -> None:
        """Read the paper again."""
        begin(self, self._read, exclusive=True, group="papers")

    async def _read(self) -> None:
        try:
            if not await self.read():
                raise Refused(say("There is no {number} in the books that you may see.", number=self.number))
        except Refused as refused:
            self.show_static("#papers", Content(self.words(refused.sentence)))
        self.show_page()

    def show_page(self) -> None:
        """Paint the page as well: its lines are broken where the screen ends."""
        super().show_page()
        if self.is_mounted and self.row is not None:
            self.show_static("#papers", Content("\n".join(self._drawn(*part) for part in self.parts())))

    def rows_acted_on(self) -> Sequence[Any]:
        """The paper of this page."""
        return () if self.row is None else (self.row,)

    def action_scroll(self, lines: int) -> None:
        """Move the page."""
        self.query_one("#page", VerticalScroll).scroll_relative(y=lines, animate=False)

    def _drawn(self, shown: str | Sentence, told: str | Sequence[Sequence[str]]) -> str:
        name = self.words(shown)
        room = max(20, self.size.width - LABEL_CELLS - 3)
        lines = self._broken(told, room) if isinstance(told, str) else list(self._table(told, room))
        indented = f"\n{' ' * LABEL_CELLS}".join(lines)
        return name + " " * max(1, LABEL_CELLS - cells(name)) + indented

    def _table(self, lines: Sequence[Sequence[str]], room: int) -> Iterator[str]:
        """A table line by line; a cell that is longer than its column goes on below itself."""
        shown = [[on_one_line(cell) for cell in line] for line in lines]
        widths = _widths(shown, room)
        for line in shown:
            broken = [self._broken(cell, width) for cell, width in zip(line, widths, strict=True)]
            for parts in zip_longest(*broken, fillvalue=""):
                yield (" " * GAP).join(map(fitted, parts, widths)).rstrip()

    def _broken(self, text: str, room: int) -> list[str]:
        line = on_one_line(text)
        if cells(line) <= room:
            return [line]
        return [part.plain for part in Text(line).wrap(self.app.console, room)]


def _widths(lines: Sequence[Sequence[str]], room: int) -> list[int]:
    """How wide each column is: as its widest cell; where they have no room together, the widest ones give way."""
    widths = [max(map(cells, column)) for column in zip(*lines, strict=True)]
    over = sum(widths) + GAP * (len(widths) - 1) - room
    while over > 0 and max(widths) > NARROWEST_COLUMN:
        widths[widths.index(max(widths))] -= 1
        over -= 1
    return widths


def side_by_side(*parts: str) -> str:
    """What is known of several things, in one text."""
    return "  ".join(part for part in parts if part)


@dataclass(frozen=True, kw_only=True)
class PaperPage(Generic[Row]):
    """One paper on screen.

    `register` is the store's object, `module:NAME`; `sees` its row of requirements §1.7. `one` finds a row that its
    number alone does not name, `gather` reads what hangs on it, both in the reader's thread; `parts` gives the page in
    paper order, from the row and what was gathered; `beside` is what the title says after the number; `next_step` is
    the line under the page; `next_acts` are the acts whose keys stand first in the row of keys.
    """

    heading: str
    register: str
    sees: Mapping[str, str]
    parts: Callable[[Seen, Row, Any], Iterable[Part]]
    keys: tuple[Key, ...] = ()
    one: Callable[[Look, str], Row | None] | None = None
    gather: Callable[[Look, Row], Any] | None = None
    beside: Callable[[Seen, Row], str] | None = None
    next_step: Callable[[Seen, Row], str] | None = None
    next_acts: Callable[[Row], Sequence[str]] | None = None

    def seen(self, look: Look, number: str) -> Any:
        """The paper's row; None where there is none that the person may see. Runs in the reader's thread."""
        row: Any = self.one(look, number) if self.one else of_the_store(self.register).one(look.store, number)
        return row if row is not None and sees(look.actor, self.sees, row) else None


class PaperScreen(Linked, ScrolledPage):
    """A subclass declares `PAPER`."""

    DETAIL_ROWS = 1
    PAPER: ClassVar[PaperPage[Any]]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Take heading and keys from the declaration."""
        cls.HEADING = cls.PAPER.heading
        cls.KEYS = (*cls.PAPER.keys, *SCROLL_KEYS)
        super().__init_subclass__(**kwargs)

    def __init__(self, number: str) -> None:
        super().__init__(number)
        self._found: tuple[Seen, Any, Any] | None = None

    @property
    def row(self) -> Any:
        """The paper's row; None until it is read."""
        return None if self._found is None else self._found[1]

    async def read(self) -> bool:
        """Read row and what hangs on it in one transaction."""
        paper, number, words = self.PAPER, self.number, self.words

        def read(look: Look) -> tuple[Seen, Any, Any] | None:
            row = paper.seen(look, number)
            if row is None:
                return None
            return seen_by(look, words, [row.unit]), row, paper.gather(look, row) if paper.gather else None

        self._found = await self.look_at(read, lambda found: found[1])
        return self._found is not None

    def parts(self) -> Iterable[Part]:
        """The page as declared; what is empty is left out."""
        return [] if self._found is None else [part for part in self.PAPER.parts(*self._found) if part[1]]

    def title_text(self) -> str:
        """Number, customer, what the declaration adds, who else has it open."""
        if self._found is None:
            return f"{self.words(self.HEADING)} {self.number}"
        seen, row, _ = self._found
        parts = [f"{self.words(self.HEADING)} {row.number}", self.PAPER.beside(seen, row) if self.PAPER.beside else ""]
        other = seen.open_by.get(row.number)
        if other is not None:
            parts.append(self.words(say("{name} has it open.", name=other)))
        return "   ".join(filter(None, parts))

    def acts_first(self) -> Sequence[str]:
        """What comes next by the row's state."""
        return self.PAPER.next_acts(self.row) if self.PAPER.next_acts is not None and self.row is not None else ()

    def detail_lines(self) -> Sequence[str]:
        """What is to be done next."""
        if self._found is None or self.PAPER.next_step is None:
            return ()
        seen, row, _ = self._found
        return (self.PAPER.next_step(seen, row),)
