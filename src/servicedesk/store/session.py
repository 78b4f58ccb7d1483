"""What a transaction offers: reading with Core statements, and the few ways of writing a row."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Executable, Insert, Table, Update, bindparam, insert, update
from sqlmodel import SQLModel

from servicedesk.domain.words import Refused, say
from servicedesk.store import tables
from servicedesk.store.prepared import Prepared, Statements, run

Item = TypeVar("Item")
_PORTION = 500


class Reading:
    """One read transaction."""

    def __init__(self, connection: Connection, statements: Statements | None = None) -> None:
        """Over a connection whose transaction has begun; `statements` are those prepared for its SQLite engine."""
        self.connection = connection
        self.is_sqlite = connection.dialect.name == "sqlite"
        self._statements = statements
        self._raw: Any = connection.connection.driver_connection

    def all(self, statement: Executable, **values: Any) -> Sequence[Any]:
        """Every row, its columns as attributes."""
        prepared = self._prepared(statement, values)
        if prepared is None:
            return self.connection.execute(statement, values).all()
        return prepared.rows(self._run(prepared, values).fetchall())

    def one(self, statement: Executable, **values: Any) -> Any:
        """The first row, or None."""
        prepared = self._prepared(statement, values)
        if prepared is None:
            return self.connection.execute(statement, values).first()
        found = self._run(prepared, values).fetchmany(1)
        return prepared.rows(found)[0] if found else None

    def value(self, statement: Executable, **values: Any) -> Any:
        """The first column of the first row, or None."""
        row = self.one(statement, **values)
        return None if row is None else row[0]

    def _prepared(self, statement: Executable, values: Mapping[str, Any]) -> Prepared | None:
        return None if self._statements is None else self._statements.get(statement, values)

    def _run(self, prepared: Prepared, values: Mapping[str, Any]) -> Any:
        return run(self.connection, self._raw, prepared, values)


class Writing(Reading):
    """One write transaction: what an act may do to the books."""

    def add(self, model: type[SQLModel], **values: Any) -> int:
        """Insert one row and give its key."""
        statement = _insert(model)
        prepared = self._prepared(statement, values)
        if prepared is not None:
            return cast(int, self._run(prepared, values).lastrowid)
        result = self.connection.execute(statement, values)
        return cast(int, result.inserted_primary_key[0]) if result.inserted_primary_key else 0

    def do(self, statement: Executable, **values: Any) -> int:
        """Execute what gives no rows, and tell how many it has touched."""
        prepared = self._prepared(statement, values)
        if prepared is not None:
            return cast(int, self._run(prepared, values).rowcount)
        return self.connection.execute(statement, values).rowcount

    def add_many(self, model: type[SQLModel], rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert many rows of the same columns."""
        if rows:
            self.connection.execute(_insert(model), list(rows))

    def change(self, model: type[SQLModel], row_id: int, **values: Any) -> None:
        """Update one row by its key."""
        self.do(_update(model), row_id=row_id, **values)

    def change_version(self, model: type[SQLModel], row_id: int, version: int, **values: Any) -> None:
        """Update one row that must still carry this version, and raise the version.

        Raises:
            Refused: kind "changed", when somebody else wrote first.
        """
        if self.do(_update_version(model), row_id=row_id, row_version=version, **values) != 1:
            raise Refused(say("Somebody else has changed it meanwhile."), kind="changed")

    def next_number(self, series: str, count: int = 1) -> int:
        """The next number of a series, or the last of the next `count`: unique, without gaps.

        A failed act takes them back.
        """
        return cast(int, self.value(_raise_counter(self.is_sqlite), series=series, count=count))


def portions(items: Iterable[Item]) -> Iterator[list[Item]]:
    """Divide what a whole file asks for or writes: an engine takes only so many values at once."""
    left = iter(items)
    while portion := list(islice(left, _PORTION)):
        yield portion


def table_of(model: type[SQLModel]) -> Table:
    """The Core table of a model."""
    return cast(Table, model.__table__)  # type: ignore[attr-defined]


@lru_cache
def _insert(model: type[SQLModel]) -> Insert:
    return insert(table_of(model))


@lru_cache
def _update(model: type[SQLModel]) -> Update:
    table = table_of(model)
    return update(table).where(table.c.id == bindparam("row_id"))


@lru_cache
def _update_version(model: type[SQLModel]) -> Update:
    table = table_of(model)
    return _update(model).where(table.c.version == bindparam("row_version")).values(version=table.c.version + 1)


@lru_cache
def _raise_counter(is_sqlite: bool) -> Executable:
    """Either engine's own insert; PostgreSQL's is imported only where it is used."""
    engine = importlib.import_module(f"sqlalchemy.dialects.{'sqlite' if is_sqlite else 'postgresql'}")
    counters = table_of(tables.Counter)
    statement: Executable = (
        engine.insert(counters)
        .values(series=bindparam("series"), last=bindparam("count"))
        .on_conflict_do_update(index_elements=["series"], set_={"last": counters.c.last + bindparam("count")})
        .returning(counters.c.last)
    )
    return statement
