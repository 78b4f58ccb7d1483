"""A paper as data: title, number, header, tables, boxes, signature lines. It is given rows and never reads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from servicedesk.domain.words import Sentence, label

Value = str | Sentence | datetime | date | None
"""What stands in a field: text from people or a number as it is, a sentence to be said, a time of the unit's zone."""


@dataclass(frozen=True, slots=True)
class Field:
    """A labelled field; a wide one has a line of its own."""

    label: str
    value: Value = ""
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; `share` is its part of the width, numbers stand at the right."""

    label: str
    share: int = 1
    right: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Lines under headings; `blank` empty ones are left for writing by hand."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...] = ()
    title: str = ""
    blank: int = 0


@dataclass(frozen=True, slots=True)
class Box:
    """A frame with a text, or with empty lines to write on."""

    label: str
    text: Value = ""
    lines: int = 2


@dataclass(frozen=True, slots=True)
class Paper:
    """One sheet in paper order. `size` is A4, A4L (landscape) or A5.

    `stub` is torn off and stays here; `copy` marks a reprint.
    """

    kind: str
    title: str
    number: str
    unit: str
    header: tuple[Field, ...] = ()
    tables: tuple[Table, ...] = ()
    boxes: tuple[Box, ...] = ()
    totals: tuple[Field, ...] = ()
    notes: tuple[Sentence, ...] = ()
    signatures: tuple[str, ...] = ()
    size: str = "A5"
    copy: bool = False
    stub: Paper | None = None

    def as_copy(self) -> Paper:
        """The same marked as a reprint."""
        return replace(self, copy=True)


COPY = label("COPY")


def fields(*pairs: tuple[str, Value] | Field) -> tuple[Field, ...]:
    """A header of plain (label, value) pairs, wide ones as `Field`."""
    return tuple(pair if isinstance(pair, Field) else Field(*pair) for pair in pairs)


def columns(*asked: str | tuple[str, int] | Column) -> tuple[Column, ...]:
    """The columns of a table: a label, a label with its share of the width, or a whole `Column`."""
    made: Iterable[Column] = (
        one if isinstance(one, Column) else Column(one) if isinstance(one, str) else Column(*one) for one in asked
    )
    return tuple(made)
