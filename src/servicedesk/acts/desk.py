"""Where acts work: a look at the books for preparing, a desk inside the one write transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from servicedesk.domain.clocks import WorkingCalendar
from servicedesk.domain.numbering import CALL, expand, paper_number
from servicedesk.domain.register_days import closing, last_closing, page_day
from servicedesk.domain.rights import Actor, Post
from servicedesk.domain.units import UnitRow
from servicedesk.domain.words import Sentence, say

if TYPE_CHECKING:
    from servicedesk.store.engine import Books
    from servicedesk.store.session import Reading, Writing


@dataclass(frozen=True)
class Book:
    """A register as acts know it: its name and how one row is read by its number."""

    name: str
    one: Callable[[Reading, str], Any]

    def moved_on(self, look: Look, row: Any) -> Sentence:
        """The sentence for a row that somebody else has changed since it was shown."""
        return say(
            "{number} was changed by {name} at {at}: look at it again before you go on.",
            number=row.number,
            name=row.changed_by,
            at=row.changed_at,
        )


class Look:
    """The books as one person sees them now: who asks, when, in which zone and currency."""

    def __init__(self, books: Books, store: Reading, login: str, now: datetime) -> None:
        """Inside a running transaction of `store`.

        Raises:
            Refused: when nobody of this login may work here.
        """
        from servicedesk.store import people

        self.books = books
        self.store = store
        self.now = now.replace(microsecond=0)
        self.facts: dict[str, str] = people.facts(store)
        self.actor: Actor = people.actor(books, store, self.facts, login, self.now)

    def unit(self, code: str) -> UnitRow:
        """A unit by its code."""
        from servicedesk.store import people

        return people.units(self.books, self.store, self.facts)[code]

    def calendar(self, code: str) -> WorkingCalendar:
        """A unit's working calendar."""
        from servicedesk.store import people

        return people.calendar(self.books, self.store, self.facts, code)

    @cached_property
    def home(self) -> UnitRow:
        """The actor's own unit."""
        return self.unit(self.actor.unit)

    @property
    def zone(self) -> str:
        """The time zone in which times are typed."""
        return self.home.timezone

    @property
    def currency(self) -> str:
        """The currency in which money is typed."""
        return self.home.currency

    def today(self, zone: str = "") -> date:
        """The calendar day in the zone of the unit."""
        return self.now.astimezone(ZoneInfo(zone or self.zone)).date()

    def page_day(self, code: str) -> date:
        """On which page of a unit's register a call stands that is logged now (D36)."""
        return page_day(self.calendar(code), self.now, closing(self.facts, code))

    def last_closing(self, code: str) -> datetime | None:
        """A unit's last closing, by its calendar or in fact: what waits since before it is carried over (D22)."""
        return last_closing(self.calendar(code), self.now, closing(self.facts, code))

    def meant(self, typed: str, code: str, letter: str = CALL) -> tuple[str, ...]:
        """The whole numbers that a short one may mean, the likeliest first; none for what is no number.

        `29` is of the register's open page, which after the closing is the next working day's, else of today (D36).
        """
        today = self.today(self.unit(code).timezone)
        days = (self.page_day(code), today) if letter == CALL else (today,)
        return tuple(dict.fromkeys(number for day in days if (number := expand(typed, code, day, letter)) is not None))

    def whole_number(self, typed: str, code: str = "", letter: str = CALL) -> str | None:
        """The whole number meant by a short one of this unit, else of the own one; None for what is no number."""
        numbers = self.meant(typed, code or self.actor.unit, letter)
        if len(numbers) > 1:
            from servicedesk.store import calls

            return next((number for number in numbers if calls.one(self.store, number) is not None), numbers[-1])
        return numbers[0] if numbers else None


class Desk(Look):
    """The same inside the act's write transaction, with the few ways of leaving a trace."""

    store: Writing

    def __init__(self, books: Books, store: Writing, login: str, now: datetime) -> None:
        """See `Look`."""
        super().__init__(books, store, login, now)
        self.post: Post | None = None
        self.known: Any = None
        self.ahead: Any = None
        self.changes: dict[str, Any] = {}

    def number(self, unit: UnitRow, letter: str, day: date | None = None) -> str:
        """The next number of a paper of this unit and day, else of today (requirements §1.10)."""
        day = day or self.today(unit.timezone)
        serial = self.store.next_number(f"{unit.code}-{letter}-{day:%y%m%d}")
        return paper_number(unit.code, letter, day, serial)

    def note(self, number: str, **changes: Any) -> None:
        """Add to the audit line what changed on a paper."""
        self.changes.setdefault(number, {}).update(changes)

    def saved(self, request: str) -> tuple[str, ...] | None:
        """The numbers an earlier call with this request gave, or None."""
        from servicedesk.store import requests

        return requests.saved(self.store, request)

    def saved_as(self, request: str, act: str, numbers: Sequence[str]) -> None:
        """Remember what this request gave."""
        from servicedesk.store import requests

        requests.save(self.store, request, act, numbers, self.now)

    def write_audit(
        self,
        act: str,
        numbers: Sequence[str],
        request: str,
        detail: Mapping[str, Any],
        *,
        outcome: str = "done",
    ) -> None:
        """The act's line in the audit log; it names the stand-in and the post's holder (D40)."""
        from servicedesk.store import audit

        audit.append(
            self.store,
            at=self.now,
            actor=self.actor.login,
            holder=self.post.holder if self.post is not None else "",
            act=act,
            outcome=outcome,
            numbers=numbers,
            request=request,
            detail=dict(detail),
            facts=self.facts,
        )
