"""One act committed, against the least that writes the same rows and against SQLModel's own way."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, select, text
from sqlmodel import Session, SQLModel

from servicedesk.acts.act import find, perform
from servicedesk.store import tables
from servicedesk.store.engine import Books, sqlite_driver
from servicedesk.store.session import table_of
from tests.bench.conftest import LOGIN, NOW
from tests.bench.measuring import Figures, interleaved, timed

ROUNDS = 80
NEW_ROWS = (tables.Call, tables.Audit, tables.AuditDetail, tables.Request)
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000", "temp_store=MEMORY")

CALLERS = """
SELECT t.digits FROM telephones t
JOIN products p ON p.customer_id = t.customer_id
JOIN vouchers v ON v.product_id = p.id JOIN units u ON u.id = v.unit_id
WHERE u.code = 'SZ' AND NOT EXISTS (
    SELECT 1 FROM calls c WHERE c.product_id = p.id AND c.state NOT IN ('struck_off', 'cancelled'))
ORDER BY p.id
"""


@dataclass(frozen=True)
class Written:
    """What one act wrote: new rows, as the models take them and as the file holds them; and the values it set."""

    rows: Mapping[type[SQLModel], Mapping[str, Any]]
    raw: Mapping[str, Mapping[str, Any]]
    counter: tuple[str, int]
    head: str
    words: tuple[int, str]
    voucher: Mapping[str, Any]


def test_one_act(figures: Figures, few: Path, copy_of: Callable[[Path, str], Path]) -> None:
    ours, least, models = (copy_of(few, f"{name}.db") for name in ("ours", "least", "models"))
    books = Books(str(ours))
    raw = sqlite_driver().connect(str(least), isolation_level=None)
    for pragma in PRAGMAS:
        raw.execute(f"PRAGMA {pragma}")
    engine = _engine(models)
    callers = [str(row[0]) for row in raw.execute(CALLERS).fetchall()]
    assert len(callers) > ROUNDS
    written: list[Written] = []
    logging = find("calls.log")

    def log(turn: int) -> float:
        request, now = uuid.uuid4().hex, NOW + timedelta(seconds=turn)
        typed = {"caller": callers[turn], "symptom": "不制冷 not cooling"}
        seconds = timed(lambda: perform(books, LOGIN, logging, (), typed, request=request, now=now))
        written.append(_written(books, request))
        return seconds

    found = interleaved(
        ROUNDS,
        {
            "act": log,
            "raw": lambda _: timed(lambda: _write_raw(raw, written[-1])),
            "models": lambda _: timed(lambda: _write_models(engine, written[-1])),
        },
        warm=5,
    )
    _alike(raw, ours)
    books.close()
    raw.close()
    engine.dispose()
    figures.at_most("one act committed / the same rows by the driver", found["act"] / found["raw"], 6)
    figures.note("the driver", f"{found['raw'] * 1000:.2f} ms")
    figures.less_than("one act committed / SQLModel add and commit", found["act"] / found["models"], 1)


def _written(books: Books, request: str) -> Written:
    with books.reading() as reading:
        asked = table_of(tables.Request)
        (number,) = str(reading.value(select(asked.c.numbers).where(asked.c.id == request))).split()
        seq = reading.value(text("SELECT max(seq) FROM audit"))
        key = reading.value(text("SELECT id FROM calls WHERE number = :number"), number=number)
        keys: Mapping[type[SQLModel], Any] = {
            tables.Call: key,
            tables.Audit: seq,
            tables.AuditDetail: seq,
            tables.Request: request,
        }
        rows: dict[type[SQLModel], Mapping[str, Any]] = {}
        raw: dict[str, Mapping[str, Any]] = {}
        for model in NEW_ROWS:
            table = table_of(model)
            (column,) = table.primary_key.columns
            row = reading.one(select(table).where(column == keys[model]))
            assert row is not None
            rows[model] = dict(row._mapping)
            plain = reading.one(text(f"SELECT * FROM {table.name} WHERE {column.name} = :key"), key=keys[model])
            assert plain is not None
            raw[table.name] = dict(plain._mapping)
        voucher = reading.one(select(table_of(tables.Voucher)).where(text(f"id = {rows[tables.Call]['voucher_id']}")))
        plain = reading.one(text("SELECT * FROM vouchers WHERE id = :id"), id=rows[tables.Call]["voucher_id"])
        assert voucher is not None
        assert plain is not None
        series = number.rpartition("-")[0]
        return Written(
            rows,
            raw,
            (series, reading.value(text("SELECT last FROM counters WHERE series = :series"), series=series)),
            str(reading.value(text("SELECT value FROM books WHERE name = 'audit_head'"))),
            (key, str(reading.value(text("SELECT words FROM call_search WHERE rowid = :key"), key=key))),
            {**voucher._mapping, "raw_since": plain.held_since},
        )


def _write_raw(raw: Any, written: Written) -> None:
    """The same rows by the driver, as fast as it can."""
    raw.execute("BEGIN IMMEDIATE")
    raw.execute(
        "INSERT INTO counters (series, last) VALUES (?, 1) ON CONFLICT (series) DO UPDATE SET last = last + 1"
        " RETURNING last",
        written.counter[:1],
    ).fetchall()
    for table, row in written.raw.items():
        marks = ", ".join("?" * len(row))
        raw.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", tuple(row.values()))
    voucher = written.voucher
    raw.execute(
        "UPDATE vouchers SET holder = ?, held_since = ? WHERE id = ?",
        (voucher["holder"], voucher["raw_since"], voucher["id"]),
    )
    raw.execute("INSERT OR REPLACE INTO call_search (rowid, words) VALUES (?, ?)", written.words)
    raw.execute("UPDATE books SET value = ? WHERE name = 'audit_head'", (written.head,))
    raw.execute("COMMIT")


def _write_models(engine: Engine, written: Written) -> None:
    """The same rows as objects of a Session."""
    with Session(engine) as session:
        for model, row in written.rows.items():
            session.add(model(**row))
        counter = session.get(tables.Counter, written.counter[0]) or tables.Counter(series=written.counter[0], last=0)
        counter.last += 1
        voucher = session.get_one(tables.Voucher, written.voucher["id"])
        voucher.holder, voucher.held_since = written.voucher["holder"], written.voucher["held_since"]
        session.get_one(tables.Book, "audit_head").value = written.head
        session.add_all([counter, voucher])
        session.connection().execute(
            text("INSERT OR REPLACE INTO call_search (rowid, words) VALUES (:id, :words)"),
            dict(zip(("id", "words"), written.words, strict=True)),
        )
        session.commit()


def _engine(path: Path) -> Engine:
    engine = create_engine(f"sqlite:///{path}", module=sqlite_driver())

    @event.listens_for(engine, "connect")
    def prepare(raw: Any, _: Any) -> None:
        raw.isolation_level = None
        for pragma in PRAGMAS:
            raw.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _alike(raw: Any, ours: Path) -> None:
    """The driver really wrote what the act wrote."""
    raw.execute("ATTACH ? AS ours", (str(ours),))
    for table in ("calls", "audit", "audit_details", "requests", "counters", "vouchers", "books"):
        assert raw.execute(f"SELECT * FROM main.{table} EXCEPT SELECT * FROM ours.{table}").fetchall() == [], table
        assert raw.execute(f"SELECT * FROM ours.{table} EXCEPT SELECT * FROM main.{table}").fetchall() == [], table
