"""A register as it is read, declared once: its base query, its row class, what a filter asks, pages by key.

The call-in register, older and hotter, has its own statements in `store.calls`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Generic, TypeVar

from sqlalchemy import BinaryExpression, ColumnElement, Select, and_, bindparam, func, literal_column, or_, select
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import BooleanClauseList

from servicedesk.domain.calls import Page
from servicedesk.domain.registers import Keyed, Wanted
from servicedesk.store import search, tables
from servicedesk.store.session import Reading, table_of

Row = TypeVar("Row", bound=Keyed)

_UNITS = table_of(tables.Unit)
_STAFF = table_of(tables.Staff)
_CUSTOMERS = table_of(tables.Customer)
_CALLS = table_of(tables.Call)
_MOST_OF_A_CALL = 9
"""More lines than one call has in any register: so many more are asked of a search, so that no call is cut."""
UNIT_ID = select(_UNITS.c.id).where(_UNITS.c.code == bindparam("unit")).scalar_subquery()
TECHNICIAN_ID = select(_STAFF.c.id).where(_STAFF.c.login == bindparam("technician")).scalar_subquery()
CUSTOMER_ID = select(_CUSTOMERS.c.id).where(_CUSTOMERS.c.number == bindparam("customer")).scalar_subquery()
CALLS_OF_CUSTOMER = select(_CALLS.c.id).where(_CALLS.c.customer_id == CUSTOMER_ID)
"""What a condition "customer" asks: the lines that belong to a call of this customer, by his number."""
NOW_KEY = "now_key"
"""The time of asking as the keys of urgent views write it, `1202611230930` up to it; a view may bind it."""


@dataclass(frozen=True, eq=False)
class Elsewhere:
    """A condition that an index of another table answers: `key` there is that of the line, each line once."""

    key: ColumnElement[Any]
    condition: ColumnElement[bool]


@dataclass(frozen=True, eq=False)
class Register(Generic[Row]):
    """One register: `table` has the columns `id`, `number` and `unit_id`, and `urgent` where it has an urgent view.

    `conditions` says what a part of a filter asks where it is not the column of that name, `views` are the named ones;
    a view may bind `now` (a moment) or `now_key`, nothing else. `searched` is the key of the call whose words a search
    looks through, or the line's own where `words` is an index of its own; `number` is where a line's number stands, if
    not in the table itself; `always` is what every line of the register meets, where the table has others. With
    `keys_first` the keys of a page are found in the table alone, before the rest is joined to them: where much is
    joined, SQLite chooses its index by that and not by what is asked. `elsewhere` are conditions that another table
    has the lines of, in their order.
    """

    table: Any
    base: Select[Any]
    row: type[Row]
    conditions: Mapping[str, ColumnElement[bool]] = field(default_factory=dict)
    views: Mapping[str, ColumnElement[bool]] = field(default_factory=dict)
    searched: ColumnElement[Any] | None = None
    words: str = search.CALLS
    number: ColumnElement[Any] | None = None
    always: ColumnElement[bool] | None = None
    keys_first: bool = False
    elsewhere: Mapping[str, Elsewhere] = field(default_factory=dict)

    def one(self, desk: Reading, number: str) -> Row | None:
        """One line by its number."""
        found = desk.one(_one(self), number=number)
        return None if found is None else self.row(*found)

    def by_id(self, desk: Reading, key: int) -> Row:
        """One line by its key."""
        found = desk.one(_by_id(self), id=key)
        assert found is not None, key
        return self.row(*found)

    def page(self, desk: Reading, parts: Sequence[Wanted], place: Page, now: datetime) -> list[Row]:
        """One page by key, in list order; never OFFSET, never a count.

        Args:
            desk: a read transaction.
            parts: what is wanted, in parts that have no line in common; each keeps to its own index.
            place: after or before which sort key, and how many.
            now: aware UTC, for the views that ask it.
        """
        found = [row for wanted in parts for row in self._page(desk, wanted, place, now)]
        if len(parts) < 2:
            return found
        first = parts[0]
        if self._is_search(desk, first):
            found.sort(key=self._place_of_found, reverse=True)
        else:
            found.sort(key=first.key_of, reverse=not first.urgent)
        return found[-place.limit :] if place.before is not None or place.last else found[: place.limit]

    def _page(self, desk: Reading, wanted: Wanted, place: Page, now: datetime) -> list[Row]:
        shape, values = self._asked(desk, wanted, now)
        is_search = self._is_search(desk, wanted)
        values["count"] = place.limit + _MOST_OF_A_CALL * is_search
        backwards = place.before is not None or place.last
        edge = place.before if place.before is not None else place.after
        if edge is not None:
            shape = (*shape, "edge")
            values.update(zip(("edge_urgent", "edge_id") if wanted.urgent else ("edge_id",), edge, strict=True))
        statement = _page(self, shape, wanted.view, wanted.urgent, backwards, desk.is_sqlite)
        found = [self.row(*row) for row in desk.all(statement, **values)]
        if self.keys_first and not is_search:
            found.sort(key=wanted.key_of, reverse=not wanted.urgent)
            return found
        if is_search:
            found.sort(key=self._place_of_found, reverse=True)
            return found[-place.limit :] if backwards else found[: place.limit]
        return found[::-1] if backwards else found

    def _is_search(self, desk: Reading, wanted: Wanted) -> bool:
        """Whether words decide the order: the newest call first, since in that order they are found."""
        return not wanted.urgent and self._question(desk, wanted) is not None

    def _place_of_found(self, row: Any) -> tuple[int, int]:
        """Where a line stands that a search found: by what was searched, its call, then by itself, the newest first."""
        assert self.searched is not None
        return getattr(row, str(self.searched.key)), row.id

    def _question(self, desk: Reading, wanted: Wanted) -> str | None:
        return search.question(desk, wanted.words) if wanted.words and self.searched is not None else None

    def count(self, desk: Reading, parts: Sequence[Wanted], now: datetime, most: int = 1000) -> int:
        """How many lines there are, counted no further than `most` + 1."""
        total = 0
        for wanted in parts:
            shape, values = self._asked(desk, wanted, now)
            statement = _count(self, shape, wanted.view, wanted.urgent, desk.is_sqlite)
            total += int(desk.value(statement, **values, count=most + 1))
        return total

    def asked(self, desk: Reading, wanted: Wanted, now: datetime) -> tuple[list[ColumnElement[bool]], dict[str, Any]]:
        """What a filter without words asks of the table, and the values that go into it: for reading all of it."""
        shape, values = self._asked(desk, wanted, now)
        return _conditions(self, shape, wanted.view, urgent=False), values

    def _asked(self, desk: Reading, wanted: Wanted, now: datetime) -> tuple[tuple[str, ...], dict[str, Any]]:
        """The shape of a filter, by which its statement is kept, and the values that go into it."""
        values: dict[str, Any] = {
            name: getattr(wanted, name) for name in ("unit", "state", "technician") if getattr(wanted, name)
        }
        values.update(wanted.more)
        words = self._question(desk, wanted)
        if words is not None:
            values["words"] = words
        shape = tuple(values)
        if wanted.view:
            known = {"now": now, NOW_KEY: "1" + now.astimezone(UTC).strftime("%Y%m%d%H%M")}
            values.update({name: known[name] for name in _bound(self, wanted.view)})
        return shape, values


def _conditions(register: Register[Any], shape: tuple[str, ...], view: str, urgent: bool) -> list[ColumnElement[bool]]:
    table = register.table
    own = {
        # What a view or the urgent order holds is few, what a word of its own ever had is not: see "state".
        name: _by_no_index(asked) if urgent or view else asked
        for name, asked in register.conditions.items()
    }
    known: dict[str, ColumnElement[bool]] = {
        "unit": table.c.unit_id == UNIT_ID,
        # What is open is walked in its order, never all that a state ever had: the sum keeps the engine from its index.
        "state": (_column(table, "state") + literal_column("''") if urgent else _column(table, "state"))
        == bindparam("state"),
        "technician": _column(table, "technician_id") == TECHNICIAN_ID,
        **own,
    }
    asked = [known[name] for name in shape if name in known]
    if "words" in shape and not urgent:
        asked = [_beside_the_words(condition) for condition in asked]
    if register.always is not None:
        asked.append(register.always)
    if view:
        asked.append(register.views[view])
    if urgent:
        # Written out, so that both engines see that the partial index serves.
        asked.append(table.c.urgent != literal_column("''"))
    return asked


def _by_no_index(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """The same, but a column of text that is asked for one word is looked up in no index."""
    if isinstance(condition, BooleanClauseList) and condition.operator is operators.and_:
        return and_(*map(_by_no_index, condition.clauses))
    is_of_a_word = isinstance(condition, BinaryExpression) and condition.operator is operators.eq
    return _beside_the_words(condition) if is_of_a_word and condition.left.type.python_type is str else condition


def _beside_the_words(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """The same, but for no index of its own: the index of words is walked, which has the order."""
    if not isinstance(condition, BinaryExpression):
        return condition
    nothing: ColumnElement[Any] = literal_column("0" if condition.left.type.python_type is int else "''")
    return (condition.left + nothing) == condition.right


@lru_cache
def _bound(register: Register[Any], view: str) -> tuple[str, ...]:
    """The names that a view binds."""
    return tuple(register.views[view].compile().params)


def _column(table: Any, name: str) -> ColumnElement[Any]:
    return table.c[name] if name in table.c else literal_column("NULL")


@lru_cache
def _one(register: Register[Any]) -> Select[Any]:
    column = register.table.c.number if register.number is None else register.number
    statement = register.base.where(column == bindparam("number"))
    return statement if register.always is None else statement.where(register.always)


@lru_cache
def _by_id(register: Register[Any]) -> Select[Any]:
    return register.base.where(register.table.c.id == bindparam("id"))


@lru_cache(maxsize=512)
def _page(
    register: Register[Any], shape: tuple[str, ...], view: str, urgent: bool, backwards: bool, is_sqlite: bool
) -> Select[Any]:
    """The statement of one shape of filter, built once."""
    key = register.table.c.id
    conditions = _conditions(register, shape, view, urgent)
    if "words" in shape and register.searched is not None:
        if not urgent:
            statement = register.base.where(*conditions)
            return _found(register, statement, register.searched, "edge" in shape, backwards, is_sqlite)
        conditions.append(search.holds(register.words, register.searched, is_sqlite))
    statement = select(key) if register.keys_first else register.base
    walked = None if urgent or view else next((name for name in shape if name in register.elsewhere), None)
    if walked is not None and register.keys_first:
        other = register.elsewhere[walked]
        conditions = _conditions(register, tuple(name for name in shape if name != walked), view, urgent)
        statement = select(other.key).join(register.table, key == other.key).where(other.condition)
        key = other.key
    statement = statement.where(*conditions)
    order = (register.table.c.urgent, key) if urgent else (key,)
    if "edge" in shape:
        statement = statement.where(_beyond(order, forwards=urgent != backwards))
    ascending = urgent != backwards
    statement = statement.order_by(*(order if ascending else [column.desc() for column in order]))
    statement = statement.limit(bindparam("count"))
    return register.base.where(register.table.c.id.in_(statement)) if register.keys_first else statement


def _found(
    register: Register[Any],
    statement: Select[Any],
    searched: ColumnElement[Any],
    has_edge: bool,
    backwards: bool,
    is_sqlite: bool,
) -> Select[Any]:
    """What a search found, in the order of the index of words; the lines of one call come in any order."""
    statement, call = search.joined(statement, register.words, searched, is_sqlite)
    if has_edge:
        table = register.table.alias("edge")
        edge = select(table.c[searched.key]).where(table.c.id == bindparam("edge_id")).scalar_subquery()
        key = register.table.c.id
        statement = statement.where(
            and_(call >= edge, or_(call > edge, key > bindparam("edge_id")))
            if backwards
            else and_(call <= edge, or_(call < edge, key < bindparam("edge_id")))
        )
    return statement.order_by(call if backwards else call.desc()).limit(bindparam("count"))


def _beyond(order: Sequence[ColumnElement[Any]], *, forwards: bool) -> ColumnElement[bool]:
    """After the edge in ascending, or before it in descending order."""
    edge: ColumnElement[Any] = bindparam("edge_id")
    last = order[-1] > edge if forwards else order[-1] < edge
    if len(order) == 1:
        return last
    first = order[0]
    edge_first: ColumnElement[Any] = bindparam("edge_urgent")
    if forwards:
        return and_(first >= edge_first, or_(first > edge_first, last))
    return and_(first <= edge_first, or_(first < edge_first, last))


@lru_cache(maxsize=256)
def _count(register: Register[Any], shape: tuple[str, ...], view: str, urgent: bool, is_sqlite: bool) -> Select[Any]:
    inner = select(register.table.c.id).where(*_conditions(register, shape, view, urgent))
    if "words" in shape and register.searched is not None:
        if urgent:
            inner = inner.where(search.holds(register.words, register.searched, is_sqlite))
        else:
            inner, _ = search.joined(inner, register.words, register.searched, is_sqlite)
    return select(func.count()).select_from(inner.limit(bindparam("count")).subquery())
