"""The list of any register: a declaration says what it shows, this screen does what every list does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from textual.actions import SkipAction
from textual.widget import Widget

from servicedesk.domain.calls import Page as StorePage
from servicedesk.domain.rights import sees
from servicedesk.domain.text import cells
from servicedesk.domain.words import Sentence, label, say
from servicedesk.tui.door import NOBODY
from servicedesk.tui.keys import Key
from servicedesk.tui.linked import Linked
from servicedesk.tui.named_views import NamedViews, view_keys
from servicedesk.tui.register_list import Page, RegisterList
from servicedesk.tui.registers import Line, Listed, Seen, Total, of_the_store, read_listed, seen_by
from servicedesk.tui.screens.call_page import FollowedList
from servicedesk.tui.window import SortKey, page_of

if TYPE_CHECKING:
    from servicedesk.acts.desk import Look
    from servicedesk.store.session import Reading

MOST_COUNTED = 1000


class UnmarkedList(FollowedList[Line]):
    """A list in which no line is marked: its key is the page's own."""

    def action_mark(self) -> None:
        """Leave the key to the page."""
        raise SkipAction


class RegisterScreen(Linked, NamedViews):
    """A subclass declares `PAGE`, and its keys are the page's acts with those of every list."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Take heading and keys from the declaration."""
        page = cls.PAGE
        cls.HEADING, cls.SEARCH_HINT = page.heading, page.hint
        opening = Key("enter", label("Open"), action="open_line", id=f"{page.name}.open")
        finding = Key("f3,slash", label("Find"), action="find", shown=page.find is not None)
        marking = Key("space", label("Mark the line"), action="mark", shown=False, id=f"{page.name}.mark")
        cls.KEYS = (
            *page.first_keys,
            *((opening,) if page.opens is not None else ()),
            *((finding,) if page.find or page.searched or page.letter else ()),
            Key("v,tab", label("Views"), action="turn_view(1)"),
            *page.keys,
            *view_keys(page),
            *((marking,) if page.marks else ()),
        )
        super().__init_subclass__(**kwargs)

    def __init__(self) -> None:
        super().__init__()
        self._seen: Seen | None = None

    def compose_body(self) -> Iterable[Widget]:
        """The list."""
        made = FollowedList[Line] if self.PAGE.marks else UnmarkedList
        yield made(
            self.PAGE.drawn(self.words),
            self.load,
            key_of=lambda line: self.key_of(line.row),
            sort_key=lambda line: self.order_of(line.row),
            row_style=_style,
            explain=self.explain,
            id="list",
        )

    # What a list is told

    @property
    def book(self) -> str:
        """The name of the register."""
        return self.PAGE.name

    def row_of(self, line: Line) -> Any:
        """The row that a line draws."""
        return line.row

    def key_of(self, row: Any) -> str:
        """Its unit as well: two units may have the same part."""
        return f"{row.unit}/{row.number}/{row.id}"

    def order_of(self, row: Any) -> SortKey:
        """Most urgent first in the views of what is open, else the newest first."""
        urgent = self.view.wanted.urgent and not self.searched
        return (row.urgent, row.id) if urgent else (row.id,)

    def restore(self, kept: str) -> tuple[str, SortKey]:
        """List what was kept, or what the person comes to first."""
        page = self.PAGE
        self.lines.columns = page.drawn(self.words)
        written, _, cursor = kept.partition("\n")
        self.listed = read_listed(written, page) if written else Listed(page.first_view(self.door.actor).name)
        key, *place = cursor.split(" ")
        if len(place) != 1 + (self.view.wanted.urgent and not self.searched):
            return "", ()
        return key, (*place[:-1], int(place[-1]))

    def title_text(self) -> str:
        """Register and view, the totals, the day where there is room for it."""
        words, now = self.words, self.door.now()
        listed = words(say("{register}: {view}", register=Sentence(self.HEADING), view=self.filtered()))
        totals = [words(total) for total in self._titles]
        whole = "   ".join([listed, *totals, f"{words.weekday(now)} {words.day(now)}"])
        return whole if cells(whole) <= self.app.size.width - 2 else "   ".join([listed, *totals])

    def empty_text(self) -> str:
        """The first step."""
        page = self.PAGE
        if self.door.actor is not NOBODY and not any(post.role in page.sees for post in self.door.actor.posts):
            return label("Your posts do not see this register. Type : for everything by name.")
        if self.searched:
            return label("Nothing is found. Esc ends the search.")
        if self.listed.filter:
            return label("No line fits this filter. Esc takes it away.")
        if self.view is not page.first_view(self.door.actor):
            return label("No line in this view. v shows the next one.")
        return page.empty

    def line_in_full(self, line: Line) -> Sequence[str]:
        """The line under the cursor in full; who else has it open."""
        if self._seen is None:
            return ()
        told = tuple(self.PAGE.full(self._seen, line.row))
        other = self._seen.open_by.get(line.row.number)
        if other is None:
            return told
        return (*told[:2], f"{self.words(say('{name} has it open.', name=other))} {''.join(told[2:3])}", *told[3:])

    # Reading

    async def load(self, page: Page) -> Sequence[Line]:
        """Read a page of the view, or of what was searched for."""
        if self.door.actor is NOBODY:
            return ()
        declared, words, view, listed = self.PAGE, self.words, self.view, self.listed

        def read(look: Look) -> tuple[Seen, list[Line]]:
            rows = self._rows(look, listed.words, page) if listed.words else None
            if rows is None:
                parts = declared.asked(look.actor, view, listed.words, listed.filter, look.today())
                place = StorePage(page.after, page.before, page.last, page.limit)
                rows = of_the_store(declared.register).page(look.store, parts, place, look.now)
            seen = seen_by(look, words, [row.unit for row in rows])
            return seen, [declared.line(seen, row) for row in rows]

        seen, lines = await self.door.look(read)
        if self._seen is not None:  # rows of other units may stand beside these
            seen = Seen(
                seen.actor,
                seen.now,
                seen.words,
                {**self._seen.calendars, **seen.calendars},
                {**self._seen.currencies, **seen.currencies},
                seen.open_by,
            )
        self._seen = seen
        return lines

    def _rows(self, look: Look, typed: str, page: Page) -> list[Any] | None:
        """What a search finds other than by words: what the declaration's own function says, or a number's paper."""
        declared = self.PAGE
        if declared.find is not None:
            found = list(declared.find(look, typed))
        else:
            number = look.whole_number(typed, letter=declared.letter) if declared.letter else None
            row = of_the_store(declared.register).one(look.store, number or typed)
            if row is None and declared.searched:
                return None
            found = [] if row is None else [row]
        return page_of([row for row in found if sees(look.actor, declared.sees, row)], page, self.order_of)

    def read_totals(self, look: Look) -> tuple[Sentence, ...]:
        """How many lines the views of the title have."""
        page, register = self.PAGE, of_the_store(self.PAGE.register)

        def said(total: Total) -> Sentence:
            parts = page.asked(look.actor, page.view(total.view), today=look.today())
            count = register.count(look.store, parts, look.now, MOST_COUNTED)
            return total.said(f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count))

        ahead = page.ahead(look, page.asked(look.actor, page.views[0])) if page.ahead is not None else None
        return (*map(said, page.totals), *([ahead] if ahead is not None else []))

    def find_row(self, reading: Reading, number: str) -> Any:
        """The row of this number."""
        return of_the_store(self.PAGE.register).one(reading, number)

    # Keys

    def on_register_list_opened(self, event: RegisterList.Opened) -> None:
        """Enter was pressed on a line."""
        if self.PAGE.opens is not None:
            self.PAGE.opens(self.desk, event.row.row)


def _style(line: Line) -> str:
    """Colour repeats what the words say: late ones are bold, closed ones dim."""
    if line.late:
        return "bold red"
    return "dim" if line.closed else ""
