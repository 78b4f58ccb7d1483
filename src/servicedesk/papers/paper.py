"""A paper as data: title, number, header, tables, boxes, signature lines. It is given rows and never reads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from servicedesk.domain.words import Sentence, label
from servicedesk.locales import Words

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
class Group:
    """Fields that stand together further down than the header."""

    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of a letter; a quoted one is set in."""

    text: Value
    quoted: bool = False


Part = Group | Table | Box | Paragraph


@dataclass(frozen=True, slots=True)
class Paper:
    """One sheet in paper order. `size` is A4, A4L (landscape) or A5.

    `body` is for papers whose fields, tables and boxes take turns, and for letters; it stands below the header.
    `language` is for what goes to a customer: the whole paper is in that language alone, whoever prints it; without it
    a paper is in the reader's language, and in English beside it. `stub` is torn off and stays here; `copy` marks a
    reprint.
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
    body: tuple[Part, ...] = ()
    language: str = ""

    def as_copy(self) -> Paper:
        """The same marked as a reprint."""
        return replace(self, copy=True)


def in_its_language(paper: Paper, words: Words) -> Words:
    """The words of a paper: the reader's, or those of its own language with the reader's zone."""
    return Words(paper.language, str(words.zone)) if paper.language else words


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
