"""The search tables: FTS5 on SQLite, tsvector on PostgreSQL, asked with the same words, newest first.

What people type is only ever a bound value: `question` makes a well-formed expression of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Executable,
    Select,
    TableClause,
    Text,
    bindparam,
    cast,
    column,
    insert,
    select,
    table,
)
from sqlalchemy.sql.elements import UnaryExpression
from sqlalchemy.sql.operators import custom_op

from servicedesk.domain.calls import CallRow
from servicedesk.domain.complaints import ComplaintRow
from servicedesk.store.session import Reading, Writing
from servicedesk.store.types import Number
from servicedesk.store.words_index import index_text, match_query, tsquery_text, tsvector_text

CALLS = "call_search"
CUSTOMERS = "customer_search"
COMPLAINTS = "complaint_search"
PAGES_MERGED = 200
"""How much of the index one idle moment merges: some milliseconds of work."""


@dataclass(frozen=True)
class _Index:
    table: TableClause
    key: ColumnElement[int]
    link: ColumnElement[int]
    matches: ColumnElement[bool]
    write: Executable
    merge: Executable | None


def question(desk: Reading, typed: str) -> str | None:
    """What was typed as this engine's question; None when there is no word in it."""
    return match_query(typed) if desk.is_sqlite else tsquery_text(typed)


def write(desk: Writing, name: str, key: int, *parts: str, names: Iterable[str] = ()) -> None:
    """Replace the searchable words of one record."""
    write_many(desk, name, [(key, index_text(*parts, names=names))])


def write_many(desk: Writing, name: str, written: Sequence[tuple[int, str]]) -> None:
    """Replace the searchable words of many records; the words are those of `index_text`."""
    if not written:
        return
    rows = [
        {"key": key, "written": words if desk.is_sqlite else tsvector_text(words.split(" "))} for key, words in written
    ]
    write_words = _index(name, desk.is_sqlite).write
    if len(rows) == 1:
        desk.do(write_words, **rows[0])
    else:
        desk.connection.execute(write_words, rows)


def merge_idle(desk: Writing) -> bool:
    """Merge a little of the search index; called in idle moments, since writing does not. Whether more is to do."""
    changed = False
    for name in (CALLS, CUSTOMERS, COMPLAINTS):
        merge = _index(name, desk.is_sqlite).merge
        if merge is not None:
            raw: Any = desk.connection.connection.driver_connection
            before = raw.total_changes
            desk.connection.execute(merge)
            # SQLite counts the command itself; more than that means pages were merged.
            changed = changed or raw.total_changes - before >= 2
    return changed


def joined(
    statement: Select[Any], name: str, id_column: ColumnElement[Any], is_sqlite: bool
) -> tuple[Select[Any], ColumnElement[Any]]:
    """The statement narrowed to what matches the parameter `words`, and the key to sort newest first by."""
    index = _index(name, is_sqlite)
    return statement.join(index.table, index.link == id_column).where(index.matches), index.key


def holds(name: str, id_column: ColumnElement[Any], is_sqlite: bool) -> ColumnElement[bool]:
    """Whether the words of this key match the parameter `words`: asked of one line at a time, where lines are few."""
    index = _index(name, is_sqlite)
    found = select(index.table.c.words).where(index.key == id_column, index.matches)
    return found.correlate_except(index.table).exists()


@lru_cache
def _index(name: str, is_sqlite: bool) -> _Index:
    if is_sqlite:
        side = table(name, column("rowid", Number), column("words", Text), column(name, Text), column("rank", Text))
        return _Index(
            side,
            side.c.rowid,
            # The sign keeps SQLite from asking the index anew for every row of the other table.
            UnaryExpression(side.c.rowid, operator=custom_op("+"), type_=Number),
            side.c.words.op("MATCH", is_comparison=True)(bindparam("words", type_=Text)),
            insert(side).prefix_with("OR REPLACE").values(rowid=bindparam("key"), words=bindparam("written")),
            insert(side).values({name: "merge", "rank": PAGES_MERGED}),
        )
    # Imported only where it is used: SQLite's desks need none of it.
    from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR
    from sqlalchemy.dialects.postgresql import insert as postgres_insert

    side = table(name, column("id", Number), column("words", TSVECTOR))
    written = postgres_insert(side).values(id=bindparam("key"), words=cast(bindparam("written", type_=Text), TSVECTOR))
    return _Index(
        side,
        side.c.id,
        side.c.id,
        side.c.words.op("@@", is_comparison=True)(cast(bindparam("words", type_=Text), TSQUERY)),
        written.on_conflict_do_update(index_elements=["id"], set_={"words": written.excluded.words}),
        None,
    )


def write_call(desk: Writing, row: CallRow) -> None:
    """The searchable words of one line of the register."""
    write(
        desk,
        CALLS,
        row.id,
        row.number,
        row.telephone,
        row.address,
        row.model_no,
        row.product_name,
        row.serial_no,
        row.voucher,
        row.symptom,
        row.remarks,
        names=(row.customer_name, row.caller),
    )


def write_complaint(desk: Writing, row: ComplaintRow) -> None:
    """The searchable words of one complaint."""
    write(
        desk,
        COMPLAINTS,
        row.id,
        row.number,
        row.telephone,
        row.email,
        row.address,
        row.model_no,
        row.product_name,
        row.serial_no,
        row.voucher,
        row.call,
        row.content,
        row.remedy,
        row.incident,
        names=(row.customer_name, row.contact),
    )
