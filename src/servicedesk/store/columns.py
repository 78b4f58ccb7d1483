"""How a column is declared: one helper a kind, the same on both engines."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint, MetaData, text
from sqlmodel import Field, SQLModel

from servicedesk.store.types import Day, Flag, Moment, Number, Words

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
# Rows are written and read as Core does: what Pydantic would check them by is never needed.
SQLModel.model_config["defer_build"] = True
STRICT = {"sqlite_strict": True}


def a_text(default: Any = ..., **options: Any) -> Any:
    """A text column."""
    return Field(default, sa_type=Words, **options)


def a_number(default: Any = ..., **options: Any) -> Any:
    """A whole-number column."""
    return Field(default, sa_type=Number, **options)


def a_key() -> Any:
    """The row's own number."""
    return Field(default=None, primary_key=True, sa_type=Number)


def a_link(target: str, default: Any = ..., *, index: bool = False) -> Any:
    """A foreign key."""
    return Field(default, sa_type=Number, foreign_key=target, index=index)


def a_flag(default: bool = False) -> Any:
    """A yes-or-no column."""
    return Field(default, sa_type=Flag)


def a_moment(default: Any = ...) -> Any:
    """An aware UTC time."""
    return Field(default, sa_type=Moment)


def a_day(default: Any = ...) -> Any:
    """A calendar day."""
    return Field(default, sa_type=Day)


def a_key_of(target: str) -> Any:
    """A key that is another row's key: at most one row for each."""
    return Field(primary_key=True, sa_type=Number, foreign_key=target, sa_column_kwargs={"autoincrement": False})


def where(condition: str) -> dict[str, Any]:
    """A partial index, alike on both engines: PostgreSQL gets its condition when all tables are asked for."""
    return {"sqlite_where": text(condition)}


def partial_on_both(metadata: MetaData) -> None:
    """Give every partial index its condition on PostgreSQL too, whose dialect is loaded by it: twenty milliseconds."""
    for table in metadata.tables.values():
        for index in table.indexes:
            condition = index.dialect_kwargs.get("sqlite_where")
            if condition is not None:
                index.dialect_kwargs["postgresql_where"] = condition


def one_of(column: str, *values: str) -> CheckConstraint:
    """The column holds one of these words."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")
