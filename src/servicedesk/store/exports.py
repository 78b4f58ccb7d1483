"""Whole registers, page by page: plain tuples of the columns that an export asks for, times as the books keep them.

Every page is a short reading of its own, so that an export of minutes holds up no writer. Lines go by their key up to
the last one at the beginning: what is entered meanwhile is not in it, and no line comes twice.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from itertools import chain, islice
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, Text, and_, bindparam, func, literal_column, select, type_coerce

from servicedesk.domain.calls import CallRow
from servicedesk.domain.registers import Wanted
from servicedesk.store import calls
from servicedesk.store.engine import Books
from servicedesk.store.registers import NOW_KEY, Register
from servicedesk.store.types import Day, Moment

CALLS: Register[CallRow] = Register(
    calls.CALLS,
    calls.BASE,
    CallRow,
    views={
        # The first term is that of the partial indexes, without which they are not used.
        "late": and_(
            calls.C.urgent != literal_column("''"),
            calls.C.urgent >= literal_column("'1'"),
            calls.C.urgent < bindparam(NOW_KEY),
        )
    },
)
"""The call-in register in the form of the others; view "late": past due, and nobody has arrived."""

PAGE = 1_000
KEY = 0
TECHNICIAN = "technician"
_NOBODY: ColumnElement[Any] = literal_column("''", Text)


class Span(NamedTuple):
    """How many lines a part has, and the keys of the first and the last."""

    lines: int
    first: int
    last: int


class Export:
    """The lines of one register that somebody may see, of one period.

    A line begins with its key, its unit's code and the login of whose job it is; then come the columns asked for.
    """

    def __init__(
        self,
        books: Books,
        register: Register[Any],
        parts: Sequence[Wanted],
        names: Sequence[str],
        dated: str,
        since: date | None,
        until: date | None,
        *,
        now: datetime,
    ) -> None:
        """Counts them.

        Args:
            books: the open books.
            register: which register.
            parts: what is wanted, in parts that have no line in common.
            names: the fields of its rows to give, after key, unit and technician.
            dated: the field that says in which period a line lies.
            since: the first moment of the period, aware UTC, or its first day where the field is a day; None is open.
            until: the first moment, or day, after it.
            now: aware UTC, for the views that ask it.
        """
        self._books = books
        self._register = register
        self._names = ("id", "unit", TECHNICIAN, *names)
        self._dated = dated
        limits = {"since": since, "until": until}
        self._limits = {name: _written(at) for name, at in limits.items() if at is not None}
        self._parts: list[tuple[list[ColumnElement[bool]], dict[str, Any], Span]] = []
        with books.reading() as reading:
            for wanted in parts:
                conditions, values = register.asked(reading, wanted, now)
                counted = reading.one(self._count(conditions), **values, **self._limits)
                if counted[0]:
                    self._parts.append((conditions, values, Span(*counted)))
        self.count = sum(span.lines for _, _, span in self._parts)

    def pages(self) -> Iterator[Sequence[tuple[Any, ...]]]:
        """The lines, the oldest first."""
        streams = [self._pages(*part) for part in self._parts]
        if len(streams) == 1:
            yield from streams[0]
            return
        lines = heapq.merge(*map(chain.from_iterable, streams), key=itemgetter(KEY))
        while page := list(islice(lines, PAGE)):
            yield page

    def _pages(
        self, conditions: Sequence[ColumnElement[bool]], values: dict[str, Any], span: Span
    ) -> Iterator[Sequence[tuple[Any, ...]]]:
        statement = self._page(conditions)
        edge = span.first - 1
        while edge < span.last:
            with self._books.reading() as reading:
                page = reading.all(statement, **values, **self._limits, edge=edge, last=span.last, count=PAGE)
            if not page:
                return
            yield page
            edge = page[-1][KEY]

    def _count(self, conditions: Sequence[ColumnElement[bool]]) -> Select[Any]:
        """From the table alone, where the date stands in it: so that indexes alone are read."""
        key = self._register.table.c.id
        counted = (func.count(), func.min(key), func.max(key))
        dated = self._column(self._dated) if self._limits else None
        if dated is None or getattr(dated, "table", None) is self._register.table:
            return select(*counted).select_from(self._register.table).where(*conditions, *self._within(dated))
        return self._only(counted).where(*conditions, *self._within(dated))

    def _page(self, conditions: Sequence[ColumnElement[bool]]) -> Select[Any]:
        key = self._register.table.c.id
        columns = [_as_kept(self._column(name)).label(f"c{place}") for place, name in enumerate(self._names)]
        # Joined to nothing, the date is for no index: by its own every page would be sorted anew.
        dated = _as_kept(self._column(self._dated)) + literal_column("''") if self._limits else None
        return (
            self._only(columns)
            .where(*conditions, *self._within(dated), key > bindparam("edge"), key <= bindparam("last"))
            .order_by(key)
            .limit(bindparam("count"))
        )

    def _only(self, columns: Sequence[ColumnElement[Any]]) -> Select[Any]:
        return self._register.base.with_only_columns(*columns)

    def _column(self, name: str) -> ColumnElement[Any]:
        """The column that gives a field of the register's rows; a paper that is nobody's job has no technician."""
        known: dict[str, ColumnElement[Any]] = dict(
            zip(self._register.row._fields, self._register.base.selected_columns, strict=False)
        )
        return _NOBODY if name == TECHNICIAN and name not in known else known[name]

    def _within(self, dated: ColumnElement[Any] | None) -> list[ColumnElement[bool]]:
        if dated is None:
            return []
        kept = _as_kept(dated)
        limits = {
            "since": kept >= bindparam("since", type_=Text),
            "until": kept < bindparam("until", type_=Text),
        }
        return [limits[name] for name in self._limits]


def _as_kept(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """A moment or a day as its text: a million of them are not read into times to be written out again."""
    return type_coerce(column, Text) if isinstance(column.type, (Moment, Day)) else column


def _written(at: date) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds") if isinstance(at, datetime) else at.isoformat()
