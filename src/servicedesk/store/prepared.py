"""Core statements made ready for SQLite's driver once, and then asked of it directly.

What SQLAlchemy works out at every execution (the order of parameters, types, result columns) is the same each time, and
for the short statements of an act it costs several times what SQLite needs. Statements stay Core statements, values are
converted by their types, and a fault of the driver is raised as SQLAlchemy would raise it.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Executable, Select
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.dml import UpdateBase

_MOST_OF_A_LIST = 4
"""A list in a statement makes a statement of its own of every length: longer ones are left to SQLAlchemy."""


class Prepared:
    """One statement for values of the same names, and for lists of the same length."""

    def __init__(self, statement: Select[Any] | UpdateBase, values: Mapping[str, Any], dialect: Dialect) -> None:
        """Compile it; of the values only the names and the lengths of lists count.

        Raises:
            NotImplementedError: where a column has a default that is no plain value.
        """
        writes = isinstance(statement, UpdateBase)
        compiled: Any = statement.compile(dialect=dialect, column_keys=sorted(values) if writes else None)
        defaults = _defaults([*compiled.insert_prefetch, *compiled.update_prefetch] if writes else ())
        state = compiled.construct_expanded_state({**defaults, **values}, escape_names=False)
        self.sql: str = state.statement
        self._lists: dict[str, list[str]] = {
            name: parts for name, parts in state.parameter_expansion.items() if name in values
        }
        given = {*values, *(part for parts in self._lists.values() for part in parts)}
        self._fixed = {name: value for name, value in state.parameters.items() if name not in given}
        # The state has processors of the expanded parameters only.
        processors = {**compiled._bind_processors, **state.processors}
        self._places = [(name, processors.get(name)) for name in state.positiontup]
        columns = list(statement.selected_columns if isinstance(statement, Select) else statement.exported_columns)
        converts = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns]
        self._converts = [(place, convert) for place, convert in enumerate(converts) if convert is not None]
        self._make = _row_class([column.name for column in columns])

    def parameters(self, values: Mapping[str, Any]) -> list[Any]:
        """The values in the order of the SQL, as the driver takes them."""
        known = {**self._fixed, **values}
        for name, parts in self._lists.items():
            known.update(zip(parts, known[name], strict=True))
        return [known[name] if convert is None else convert(known[name]) for name, convert in self._places]

    def rows(self, found: Iterable[Sequence[Any]]) -> list[Any]:
        """The rows as the types of their columns give them, each column also an attribute."""
        if not self._converts:
            return [self._make(row) for row in found]
        made = []
        for row in found:
            values = list(row)
            for place, convert in self._converts:
                values[place] = convert(values[place])
            made.append(self._make(values))
        return made


class Statements:
    """The statements that have been prepared for one SQLite engine."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._kept: dict[object, tuple[Executable, Prepared | None]] = {}

    def get(self, statement: Executable, values: Mapping[str, Any]) -> Prepared | None:
        """The statement for these values; None where SQLAlchemy has to execute it."""
        lengths = tuple(len(value) if isinstance(value, list) else None for value in values.values())
        key = (id(statement), *values, *lengths)
        found = self._kept.get(key)
        if found is None:
            # The statement is kept as well, so that no other comes to have its id.
            found = self._kept[key] = (statement, self._prepare(statement, values, lengths))
        return found[1]

    def _prepare(
        self, statement: Executable, values: Mapping[str, Any], lengths: Sequence[int | None]
    ) -> Prepared | None:
        if not isinstance(statement, Select | UpdateBase):
            return None
        if any(length is not None and not 0 < length <= _MOST_OF_A_LIST for length in lengths):
            return None
        try:
            return Prepared(statement, values, self._dialect)
        except NotImplementedError:
            return None


def run(connection: Connection, raw: Any, prepared: Prepared, values: Mapping[str, Any]) -> Any:
    """Execute on the connection's driver; gives the cursor.

    Raises:
        DBAPIError: for a fault of the driver.
    """
    dialect = connection.dialect
    parameters = prepared.parameters(values)
    try:
        return raw.execute(prepared.sql, parameters)
    except dialect.loaded_dbapi.Error as fault:
        raise DBAPIError.instance(
            prepared.sql, None, fault, dialect.loaded_dbapi.Error, hide_parameters=True, dialect=dialect
        ) from fault


def _defaults(columns: Iterable[Any]) -> dict[str, Any]:
    defaults = {}
    for column in columns:
        default = column.default or column.onupdate
        if not default.is_scalar:
            raise NotImplementedError(column.name)
        defaults[column.key] = default.arg
    return defaults


def _row_class(names: Sequence[str]) -> Callable[[Iterable[Any]], Any]:
    """A tuple whose columns are attributes, and that gives its mapping as rows of SQLAlchemy do."""
    plain: Any = namedtuple("Found", names, rename=True)  # type: ignore[misc]  # known only now
    made: Any = type("Found", (plain,), {"__slots__": (), "_mapping": property(lambda row: row._asdict())})
    return made._make  # type: ignore[no-any-return]
