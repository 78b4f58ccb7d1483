"""Column types that mean the same on SQLite (STRICT) and PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import BigInteger, Integer, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, UserDefinedType

Words = Text().with_variant(Text(collation="C"), "postgresql")
"""Text that sorts by code point on both engines."""

Number = BigInteger().with_variant(Integer, "sqlite")
"""Whole numbers: keys, minutes, minor currency units."""


class Moment(UserDefinedType[datetime]):
    """An aware UTC time, kept to the second as sortable text `2026-11-23T06:20:00+00:00`."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        """The same word on both engines, and one that STRICT knows."""
        return "TEXT"

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], str | None]:
        """Raises ValueError for a naive time: its zone would be a guess."""

        def process(value: datetime | None) -> str | None:
            if value is None:
                return None
            if value.tzinfo is None:
                raise ValueError("a time without a zone cannot be stored")
            return value.astimezone(UTC).isoformat(timespec="seconds")

        return process

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[str | None], datetime | None]:
        """Back to an aware time."""
        read = datetime.fromisoformat

        def process(value: str | None) -> datetime | None:
            return None if value is None else read(value)

        return process


class Day(UserDefinedType[date]):
    """A calendar day as sortable text `2026-11-23`."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        """The same word on both engines, and one that STRICT knows."""
        return "TEXT"

    def bind_processor(self, dialect: Dialect) -> Callable[[date | None], str | None]:
        """ISO text."""
        return lambda value: None if value is None else value.isoformat()

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[str | None], date | None]:
        """Back to a date."""
        return lambda value: None if value is None else date.fromisoformat(value)


class Flag(TypeDecorator[bool]):
    """Yes or no as 1 or 0."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: bool | None, dialect: Dialect) -> int | None:
        """1 or 0."""
        return None if value is None else int(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> bool | None:
        """Back to yes or no."""
        return None if value is None else bool(value)
