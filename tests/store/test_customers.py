"""Finding customers by any fragment: the same answers on both engines, by indexes only, whatever is typed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from servicedesk.domain.customers import CustomerRow
from servicedesk.store import customers, search, tables
from servicedesk.store.session import Reading, table_of
from tests.world import World

CUSTOMERS = [
    ("王小明", "13812345678, 0755-2345 6789", "深圳市福田区莲花路12号", "SN-A100"),
    ("王晓敏", "13812340000", "深圳市南山区科技园3栋", "sn-b200"),
    ("深圳市鹏程商贸有限公司", "13812345678", "深圳市盐田区海景路1号", ""),
    ("John O'Neil", "+886 2 2345 6780 x12", "Room 5, 12 Harbour Road", "X-77/9"),
    ("曾静", "400-800-1234", "深圳市福田区莲花路12号", ""),
]


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    made = filled(World(database_url))
    yield made
    made.close()


@pytest.fixture
def quick_world(sqlite_url: str) -> Iterator[World]:
    made = filled(World(sqlite_url))
    yield made
    made.close()


def filled(world: World) -> World:
    for number, (name, telephones, address, serial) in enumerate(CUSTOMERS, start=1):
        world.do("lin", "customers.enter", name=name, telephones=telephones, address=address)
        if serial:
            world.do("lin", "products.enter", customer=f"{number:06}", model_no="KFR", serial_no=serial)
    return world


def found(world: World, typed: str, limit: int = 9) -> list[int]:
    return [int(row.number) for row in world.read(customers.find, typed, limit)]


def test_any_fragment_finds_the_customer(world: World) -> None:
    expected = {
        "13812345678": [1, 3],
        "138 1234 5678": [1, 3],
        "１３８１２３４５６７８": [1, 3],
        "+86 138 1234-5678": [1, 3],
        "13812": [2, 1, 3],
        "5678": [1, 3],
        "23456789": [1],
        "0755": [1],
        "886223456780": [4],
        "+88622": [4],
        "6780": [4],
        "12": [5, 4, 1],
        "xi'an": [],
        "000002": [2],
        "2": [2],
        "王": [1, 2],
        "王小": [1],
        "wx": [1, 2],
        "wxm": [1, 2],
        "WXM": [1, 2],
        "wang xiaomin": [2, 1],
        "xiaoming": [1],
        "zj": [5],
        "zengjing": [5],
        "鹏程": [3],
        "pcsm": [],
        "o'neil": [4],
        "john": [4],
        "harbour": [4],
        "莲花路": [5, 1],
        "福田 莲花路 12": [5, 1],
        "SN-A": [1],
        "sn-a100": [1],
        "sn-b": [2],
        "X-77/9": [4],
        "SZ-V-000002": [2],
        "sz-v-2": [2],
        "V-1": [1],
        "": [],
        " ": [],
        "%": [],
        "_": [],
        "nobody": [],
    }
    assert {typed: found(world, typed) for typed in expected} == expected


def test_a_row_tells_what_a_clerk_asks_next(world: World) -> None:
    (row,) = world.read(customers.find, "王晓敏")
    assert isinstance(row, CustomerRow)
    assert (row.number, row.telephones, row.address) == ("000002", "13812340000", "深圳市南山区科技园3栋")
    assert (row.district, row.products, row.open_calls) == ("南山区", 1, 0)


def test_the_limit_holds(world: World) -> None:
    assert found(world, "138", 2) == [2, 1]
    assert found(world, "深圳", 1) == [3]


def test_likely_duplicates(world: World) -> None:
    def alike(name: str, telephone: str, address: str) -> list[str]:
        return [row.number for row in world.read(customers.likely_duplicates, name, telephone, address)]

    assert alike("王小明", "13812345678", "") == ["000001", "000003"]
    assert alike("新", "", "深圳市福田区莲花路12号") == ["000001", "000005"]
    assert alike("曾静", "", "深圳市福田区莲花路12号") == ["000005", "000001"]
    assert alike("王小明", "", "别处") == []
    assert alike("深圳市鹏程商贸有限公司", "13700000000", "别处") == ["000003"]


def test_both_engines_write_a_search_text_anew(world: World) -> None:
    with world.books.writing() as writing:
        search.write(writing, search.CUSTOMERS, 1, "全新的词", names=["李四"])
        for key in range(1000, 1100):
            search.write(writing, search.CUSTOMERS, key, "某处")
        while search.merge_idle(writing):
            pass
    statement, key_column = search.joined(
        select(table_of(tables.Customer).c.id), search.CUSTOMERS, table_of(tables.Customer).c.id, world.books.is_sqlite
    )
    with world.books.reading() as reading:

        def keys(typed: str) -> list[int]:
            rows = reading.all(statement.order_by(key_column.desc()), words=search.question(reading, typed))
            return [row[0] for row in rows]

        assert keys("全新") == keys("lisi") == [1]
        assert keys("莲花路") == [5]
        assert search.question(reading, '"; --') is None


@given(typed=st.text(max_size=40) | st.text(alphabet="'\"*%_-+()ab1王 \\;:^", max_size=20))
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_typed_breaks_finding(quick_world: World, typed: str) -> None:
    for row in quick_world.read(customers.find, typed):
        assert row.number


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("'", []),
        ("x' OR 1=1 --", []),
        ("o' \"*) NEAR(", []),
        ("$12", [5, 4, 1]),
        (":limit", []),
        ("%sn", []),
        ("\ud800", []),
        ("a\0b", []),
        ("王" * 500, []),
        ("🙂", []),
    ],
)
def test_what_is_typed_is_never_syntax(world: World, typed: str, expected: list[int]) -> None:
    assert found(world, typed) == expected


ASKED: list[Callable[[Reading], Any]] = [
    *(
        (lambda reading, typed=typed: customers.find(reading, typed))
        for typed in ("13812345678", "5678", "王", "wxm", "SZ-V-000001", "sn-a", "莲花路", "7")
    ),
    lambda reading: customers.likely_duplicates(reading, CUSTOMERS[2][0], "13812345678", CUSTOMERS[0][2]),
    lambda reading: customers.pocket(reading, "000001"),
    lambda reading: customers.by_numbers(reading, ["000001", "000002"]),
    lambda reading: customers.product_by_voucher(reading, "SZ-V-000001"),
    lambda reading: customers.products_by_serial(reading, "SN-A100"),
    lambda reading: customers.contract_in_force(reading, customers.products(reading, 1)[0], date(2026, 1, 1)),
]


def test_every_query_goes_by_an_index(quick_world: World) -> None:
    asked: set[str] = set()
    with quick_world.books.reading() as reading:
        raw: Any = reading.connection.connection.driver_connection
        raw.set_trace_callback(asked.add)
        for ask in ASKED:
            ask(reading)
        raw.set_trace_callback(None)
        # The search index asks its own tables too.
        selects = [said for said in asked if said.startswith("SELECT") and "'main'." not in said]
        assert len(selects) > 20
        for statement in selects:
            assert "LIKE" not in statement.upper()
            steps = [row[3] for row in raw.execute("EXPLAIN QUERY PLAN " + statement)]
            scans = [step for step in steps if step.startswith("SCAN") and "VIRTUAL TABLE INDEX" not in step]
            # The few units are read whole.
            assert [step for step in scans if not step.startswith("SCAN units USING COVERING INDEX")] == [], statement
            searched = [step for step in steps if "customer_search" in step]
            assert not (searched and any("TEMP B-TREE" in step for step in steps)), "not newest first by itself"


def test_words_lead_the_query_whatever_else_is_asked(quick_world: World) -> None:
    """A common word among a million calls: the index gives them newest first, and the page stops it."""
    calls = table_of(tables.Call)
    narrowed = select(calls.c.number).where(calls.c.unit_id == 1, calls.c.state == "logged")
    statement, key = search.joined(narrowed, search.CALLS, calls.c.id, True)
    sql = str(statement.where(key < 10).order_by(key.desc()).limit(50).compile(quick_world.books.engine))
    with quick_world.books.reading() as reading:
        rows = reading.connection.exec_driver_sql("EXPLAIN QUERY PLAN " + sql, ("x",) * sql.count("?")).all()
    assert [row[3].split(" (")[0] for row in rows] == [
        "SCAN call_search VIRTUAL TABLE INDEX 192:M0<",
        "SEARCH calls USING INTEGER PRIMARY KEY",
    ]
