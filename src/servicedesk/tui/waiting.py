"""What waits for somebody: kinds, each a view of a register or a short list, read together in one transaction.

A view that a register has anyhow is a kind in one line: rows, words, lateness and the page of a paper are its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from servicedesk.domain.calls import CallFilter, CallRow
from servicedesk.domain.calls import Page as StorePage
from servicedesk.domain.numbering import short
from servicedesk.domain.registers import visible
from servicedesk.domain.rights import SEES_CALLS, Actor
from servicedesk.domain.text import clip
from servicedesk.locales import Words
from servicedesk.tui.call_lines import Line, in_full, lines_of
from servicedesk.tui.call_lines import columns as columns_of_calls
from servicedesk.tui.call_query import Query
from servicedesk.tui.columns import fitted, on_one_line
from servicedesk.tui.desks import page_of_desk
from servicedesk.tui.registers import Listed, of_the_store, seen_by

if TYPE_CHECKING:
    from servicedesk.acts.desk import Look
    from servicedesk.tui.app import ServiceDesk

MOST_COUNTED = 1000
_NUMBER_CELLS = 10
_SHARE = 8
"""So many cells more than their least width do the flexible columns of a line have together."""


Opens = Callable[["ServiceDesk"], object]
"""What brings a page to the front; what it gives is awaited where it can be."""


class Item(NamedTuple):
    """One line that waits: how it reads, in one line and in full within so many cells, and what opens its page."""

    key: str
    text: str
    late: bool
    full: Callable[[int], Sequence[str]]
    opens: Opens


Picks = Callable[[CallRow, datetime, "datetime | None"], bool]
"""Whether a call is of a kind now, its unit's last closing being known."""


class Found(NamedTuple):
    """What waits of one kind: the most urgent lines, and how many there are, counted to 1,001."""

    items: Sequence[Item] = ()
    total: int = 0


@dataclass(frozen=True)
class Kind:
    """Something that waits for whoever has one of these roles, himself or as a stand-in.

    `find` reads so many lines at most, in the reader's thread; `goes` shows the whole list. `picks` is there where the
    kind is one of calls: by it the first lines stand before the books are open.
    """

    name: str
    label: str
    roles: frozenset[str]
    find: Callable[[Look, Words, int], Found]
    goes: Opens
    picks: Picks | None = None

    def is_for(self, actor: Actor) -> bool:
        """Whether it can wait for this person."""
        return actor.has(*self.roles)


class Waits(NamedTuple):
    """A line of the page: a kind with how many there are, or, below it, one line of that kind."""

    order: int
    kind: Kind
    total: int
    item: Item | None = None

    @property
    def key(self) -> str:
        """What names the line."""
        return self.kind.name if self.item is None else f"{self.kind.name} {self.item.key}"

    @property
    def late(self) -> bool:
        """Whether its time is over."""
        return self.item is not None and self.item.late


def of_view(name: str, label: str, roles: Iterable[str], desk: str, view: str, *, can_be_late: bool = True) -> Kind:
    """A view of the register that a desk shows, held to the posts of these roles.

    What the register marks with `!` is late here as well, where it `can_be_late`.
    """
    held = frozenset(roles)

    def find(look: Look, words: Words, most: int) -> Found:
        page = page_of_desk(desk)
        register = of_the_store(page.register)
        actor = look.actor._replace(posts=tuple(post for post in look.actor.posts if post.role in held))
        parts = page.asked(actor, page.view(view), today=look.today())
        rows = register.page(look.store, parts, StorePage(limit=most + 1), look.now)
        if not rows:
            return Found()
        seen = seen_by(look, words, [row.unit for row in rows])
        count = len(rows) if len(rows) <= most else register.count(look.store, parts, look.now, MOST_COUNTED)

        def item(row: Any) -> Item:
            line = page.line(seen, row)
            cells = zip(line.cells[1:], page.columns, strict=True)
            text = _joined(line.cells[0], ((cell, told.width, told.flexible) for cell, told in cells))
            full, opens = tuple(page.full(seen, row)), page.opens
            return Item(
                f"{row.unit} {row.number}",
                text,
                line.late and can_be_late,
                lambda width: full,
                lambda app: opens(app, row) if opens is not None else goes(app),
            )

        return Found([item(row) for row in rows[:most]], count)

    async def goes(app: ServiceDesk) -> None:
        await app.open_list(desk, Listed(view).written())

    return Kind(name, label, held, find, goes)


def of_calls(
    name: str,
    label: str,
    roles: Iterable[str],
    wanted: Callable[[Actor], Sequence[CallFilter]],
    picks: Picks | None = None,
) -> Kind:
    """A filter of the call-in register, most urgent first."""
    held = frozenset(roles)

    def find(look: Look, words: Words, most: int) -> Found:
        from servicedesk.store import calls

        actor = look.actor._replace(posts=tuple(post for post in look.actor.posts if post.role in held))
        parts = [part for each in wanted(look.actor) for part in visible(actor, SEES_CALLS, each)]
        rows = calls.page_of(look.store, parts, StorePage(limit=most + 1), look.now)
        count = len(rows) if len(rows) <= most else sum(calls.count(look.store, part, look.now) for part in parts)
        lines = lines_seen(look, words, rows[:most])
        return Found([item_of_call(look.actor, words, line) for line in lines], count)

    async def goes(app: ServiceDesk) -> None:
        await app.open_list("calls", Query(wanted(app.door.actor)[0]).written())

    return Kind(name, label, held, find, goes, picks)


def lines_seen(look: Look, words: Words, rows: Sequence[CallRow]) -> list[Line]:
    """The lines of these calls, with who has them open; runs in the reader's thread."""
    from servicedesk.store import places

    return lines_of(look, words, rows, places.open_by_others(look.store, look.actor.id, look.now)) if rows else []


def item_of_call(actor: Actor, words: Words, line: Line, text: str = "") -> Item:
    """A line of the call-in register; `text` in place of its columns, where another list says more."""
    drawn = columns_of_calls(words)
    if not text:
        text = _joined(str(drawn[0].cells(line)), ((str(c.cells(line)), c.width, c.flexible) for c in drawn[1:]))
    number = line.call.number
    return Item(
        number,
        text,
        line.late,
        lambda width: in_full(words, actor, line, width),
        lambda app: app.open_call(number),
    )


def told_of_call(line: Line, *said: str) -> str:
    """A call's number and customer, then what a list says of it."""
    number = ("!" if line.late else " ") + short(line.call.number)
    customer = f"{line.elsewhere} {line.call.customer_name}".strip()
    return _joined(number, ((customer, 16, True), *((text, 24, False) for text in said)))


def _joined(number: str, cells: Iterable[tuple[str, int, bool]]) -> str:
    """The columns of a line one after the other, for the lists they come from do not share theirs."""
    columns = list(cells)
    share = _SHARE // max(1, sum(flexible for _, _, flexible in columns))
    said = (clip(on_one_line(text), width + share * flexible) for text, width, flexible in columns)
    return "  ".join([fitted(number, _NUMBER_CELLS), *filter(None, said)])


def gather(kinds: Sequence[Kind], look: Look, words: Words, most: int) -> list[Waits]:
    """What waits for this person, kinds with something late first; runs in the reader's thread."""
    mine = [kind for kind in kinds if kind.is_for(look.actor)]
    return in_order([(kind, kind.find(look, words, most)) for kind in mine])


def in_order(found: Sequence[tuple[Kind, Found]]) -> list[Waits]:
    """The lines of the page: each kind's heading, then its lines; a kind of which nothing waits has none."""
    waiting = [(kind, of_it) for kind, of_it in found if of_it.items]
    # Stable: within what is late, and within what is not, the kinds stand as they are declared.
    waiting.sort(key=lambda pair: not any(item.late for item in pair[1].items))
    lines: list[Waits] = []
    for kind, of_it in waiting:
        lines.append(Waits(len(lines), kind, of_it.total))
        for item in of_it.items:
            lines.append(Waits(len(lines), kind, of_it.total, item))
    return lines
