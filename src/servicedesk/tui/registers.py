"""What the page of a register is declared from; `RegisterScreen` does the rest.

A declaration names the register of the store by its path, for nothing of the store is imported before the first frame.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from servicedesk.domain.clocks import WorkingCalendar, left_in_words, time_left
from servicedesk.domain.masking import mask_address, mask_telephone
from servicedesk.domain.money import show_amount
from servicedesk.domain.numbering import short
from servicedesk.domain.registers import Wanted, visible
from servicedesk.domain.rights import SEES_CLEAR, TECHNICIAN, Actor, sees
from servicedesk.domain.telephones import grouped
from servicedesk.domain.words import Sentence, label
from servicedesk.locales import Words
from servicedesk.tui.columns import Column
from servicedesk.tui.filtering import Filtered
from servicedesk.tui.keys import Key

if TYPE_CHECKING:
    from servicedesk.acts.desk import Look
    from servicedesk.tui.app import ServiceDesk

Row = TypeVar("Row")
Filter = tuple[tuple[str, str], ...]
"""A filter: the names of conditions with the value that each asks for."""


class Line(NamedTuple):
    """A row with what its columns say, worked out where it is read, so that painting asks no clock."""

    row: Any
    cells: tuple[str, ...]
    late: bool
    closed: bool


@dataclass(frozen=True)
class Seen:
    """How a person saw the books when the rows were read: who, when, in which words, by which working hours."""

    actor: Actor
    now: datetime
    words: Words
    calendars: Mapping[str, WorkingCalendar]
    currencies: Mapping[str, str]
    open_by: Mapping[str, str]

    def left(self, unit: str, at: datetime) -> str:
        """The working time left, as a word and a number."""
        return self.words(left_in_words(time_left(self.calendars[unit], self.now, at)))

    def date(self, at: datetime | None) -> str:
        """A day in five cells, today as the time; empty without one."""
        if at is None:
            return ""
        local, today = at.astimezone(self.words.zone), self.now.astimezone(self.words.zone)
        return f"{local:%H:%M}" if local.date() == today.date() else f"{local:%m-%d}"

    def moment(self, at: datetime | None) -> str:
        """Day and time; empty without one."""
        return "" if at is None else self.words.moment(at)

    def money(self, unit: str, amount: int) -> str:
        """An amount in the unit's currency."""
        return show_amount(amount, self.currencies[unit])

    def telephone(self, row: Any) -> str:
        """The telephone of a row as this person may see it."""
        return grouped(row.telephone) if sees(self.actor, SEES_CLEAR, row) else mask_telephone(row.telephone)

    def address(self, row: Any) -> str:
        """The address of a row as this person may see it."""
        return str(row.address) if sees(self.actor, SEES_CLEAR, row) else mask_address(row.address)

    def elsewhere(self, row: Any, text: str) -> str:
        """The text, after the row's unit where that is another than the person's own."""
        return text if row.unit == self.actor.unit else f"{row.unit} {text}"


def seen_by(look: Look, words: Words, units: Sequence[str]) -> Seen:
    """How this look sees rows of these units; runs in the reader's thread."""
    from servicedesk.store import places

    known = dict.fromkeys([*units, look.actor.unit])
    return Seen(
        look.actor,
        look.now,
        words,
        {unit: look.calendar(unit) for unit in known},
        {unit: look.unit(unit).currency for unit in known},
        places.open_by_others(look.store, look.actor.id, look.now),
    )


class Told(NamedTuple, Generic[Row]):
    """A column: its title, its width in cells, what it says of a row. A `flexible` one shares the spare width."""

    title: str
    width: int
    text: Callable[[Seen, Row], str]
    flexible: bool = False


class View(NamedTuple):
    """A named view: what it asks of the store. `mine` keeps it to the jobs of one's own and of those stood in for.

    `of` is what it asks of the register's own conditions by who asks: his logins, his roles; `today` holds it to the
    lines of the day, where the register has the condition `day`.
    """

    name: str
    label: str
    wanted: Wanted = Wanted()
    mine: bool = False
    of: Callable[[Actor], tuple[tuple[str, str], ...]] | None = None
    today: bool = False

    def asked_by(self, actor: Actor, today: date | None = None) -> Wanted:
        """What this person asks by it on this day."""
        of_the_person = () if self.of is None else self.of(actor)
        of_the_day = (("day", today.isoformat()),) if self.today and today is not None else ()
        return replace(self.wanted, more=(*self.wanted.more, *of_the_person, *of_the_day))


class Total(NamedTuple):
    """A total of the title line: how many lines a view has."""

    view: str
    said: Callable[[str], Sentence]


@dataclass(frozen=True, slots=True)
class Listed:
    """What is listed of a register: a declared view by its name, a filter over it, the words searched for."""

    view: str
    filter: Filter = ()
    words: str = ""

    def written(self) -> str:
        """As places and kept views hold it."""
        return json.dumps({"view": self.view, "filter": dict(self.filter), "words": self.words}, ensure_ascii=False)


def _nothing(seen: Seen, row: Any) -> bool:
    return False


@dataclass(frozen=True, kw_only=True)
class RegisterPage(Generic[Row]):
    """A register on screen.

    `register` is the store's object, `module:NAME`; `sees` its row of requirements §1.7. `number` is what the first
    column says, `!` before it where the row is `late`; `full` the line under the cursor in full, three lines of it.
    The first of `views` is the one a person comes to; `first_views` says otherwise for a role. `letter` is the paper's
    in its numbers. `find` answers a search with rows of its own, in the reader's thread, instead of by words.
    `first_keys` stand before those of every list; `marks` says whether space marks a line; `ahead` is what the title
    says beside the totals, worked out in the reader's thread from what the first view asks. `filters` are those of the
    register's conditions that a person may ask for.
    """

    name: str
    heading: str
    register: str
    sees: Mapping[str, str]
    columns: tuple[Told[Row], ...]
    views: tuple[View, ...]
    full: Callable[[Seen, Row], Sequence[str]]
    filters: tuple[Filtered, ...] = ()
    keys: tuple[Key, ...] = ()
    first_keys: tuple[Key, ...] = ()
    marks: bool = True
    totals: tuple[Total, ...] = ()
    ahead: Callable[[Look, Sequence[Wanted]], Sentence | None] | None = None
    empty: str = label("Nothing stands here yet.")
    opens: Callable[[ServiceDesk, Row], object] | None = None
    first_views: Mapping[str, str] | None = None
    number: Callable[[Row], str] = lambda row: short(row.number)  # type: ignore[attr-defined]
    number_title: str = label("No.")
    number_width: int = 9
    late: Callable[[Seen, Row], bool] = _nothing
    closed: Callable[[Seen, Row], bool] = _nothing
    letter: str = ""
    searched: bool = False
    find: Callable[[Look, str], Sequence[Row]] | None = None
    hint: str = label("Name, pinyin, telephone, number, model, serial, words")

    def view(self, name: str) -> View:
        """A view by its name; the first one where this program has no such view."""
        return next((view for view in self.views if view.name == name), self.views[0])

    def first_view(self, actor: Actor) -> View:
        """What a person comes to."""
        wanted = [name for role, name in (self.first_views or {}).items() if actor.has(role)]
        return self.view(wanted[0]) if wanted else self.views[0]

    def asked(
        self, actor: Actor, view: View, words: str = "", chosen: Filter = (), today: date | None = None
    ) -> tuple[Wanted, ...]:
        """What a view or a search asks within a filter and what the person may see, in parts without a common line."""
        asked = Wanted(words=words) if words else view.asked_by(actor, today)
        is_mine = view.mine and not words
        wanted = [replace(asked, technician=login) for login in logins_of(actor)] if is_mine else [asked]
        held = (each.narrowed(dict(chosen)) for each in wanted)
        return tuple(part for each in held if each is not None for part in visible(actor, self.sees, each))

    def line(self, seen: Seen, row: Row) -> Line:
        """A row with what its columns say."""
        late = self.late(seen, row)
        number = ("!" if late else " ") + self.number(row)
        return Line(row, (number, *(column.text(seen, row) for column in self.columns)), late, self.closed(seen, row))

    def drawn(self, words: Words) -> tuple[Column[Line], ...]:
        """The columns as the list draws them."""
        number = Column[Line]("number", f" {words(self.number_title)}", self.number_width + 1, _cell(0))
        others = (
            Column(told.title, words(told.title), told.width, _cell(place), told.flexible)
            for place, told in enumerate(self.columns, 1)
        )
        return (number, *others)


def read_listed(written: str, page: RegisterPage[Any]) -> Listed:
    """What was listed, as it was kept; what a later program wrote and this one does not know is left out."""
    kept = json.loads(written)
    known = {asked.name: asked.options for asked in page.filters}
    chosen = (
        (name, str(value))
        for name, value in kept.get("filter", {}).items()
        if name in known and (not known[name] or value in known[name])
    )
    return Listed(page.view(kept.get("view", "")).name, tuple(chosen), str(kept.get("words", "")))


def _cell(place: int) -> Callable[[Line], str]:
    return lambda line: line.cells[place]


def logins_of(actor: Actor) -> tuple[str, ...]:
    """Whose jobs are a technician's own: his and those of every post stood in for (D40)."""
    held = (post.holder or actor.login for post in actor.posts if post.role == TECHNICIAN)
    return tuple(dict.fromkeys(held)) or (actor.login,)


def of_the_store(path: str) -> Any:
    """The store's object of this path, `module:NAME`; only in the reader's thread, which imports the store."""
    module, _, name = path.partition(":")
    return getattr(importlib.import_module(f"servicedesk.store.{module}"), name)
