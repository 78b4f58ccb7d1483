"""Whole registers page by page: every line once, in the order of the book, whatever is written meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from servicedesk.domain.registers import Wanted
from servicedesk.store import exports, register_days, reports, tables
from servicedesk.store.exports import PAGE, Export
from servicedesk.store.registers import Register
from servicedesk.store.session import table_of
from tests.acts import days, reporting
from tests.acts.rounds import logged
from tests.world import MONDAY, World

MANY = 2 * PAGE + 7


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    made = World(database_url)
    yield made
    made.close()


def copied(world: World, number: str, count: int) -> None:
    """So many more lines like this one, called in a minute apart; every third of Beijing."""
    calls = table_of(tables.Call)
    with world.books.writing() as writing:
        first: dict[str, Any] = dict(writing.one(calls.select().where(calls.c.number == number))._mapping)
        del first["id"]
        beijing = writing.value(text("SELECT id FROM units WHERE code = 'BJ'"))
        made = []
        for nth in range(1, count + 1):
            at = first["called_at"] + timedelta(minutes=nth)
            own = {"number": f"{number}-{nth}", "called_at": at, "further": True}
            made.append({**first, **own, **({"unit_id": beijing} if nth % 3 == 0 else {})})
        writing.add_many(tables.Call, made)


def numbers(found: Export) -> list[str]:
    return [line[3] for page in found.pages() for line in page]


def asked(world: World, *parts: Wanted, since: datetime | None = None, until: datetime | None = None) -> Export:
    return Export(world.books, exports.CALLS, parts, ["number"], "called_at", since, until, now=world.now)


def plain(world: World, condition: str = "true") -> list[str]:
    statement = f"SELECT number FROM calls WHERE {condition} ORDER BY id"
    return [row[0] for row in world.read(lambda reading: reading.all(text(statement)))]


def test_every_line_comes_once_however_many_pages_they_fill(world: World) -> None:
    copied(world, logged(world), MANY)
    found = asked(world, Wanted())
    assert found.count == MANY + 1
    assert numbers(found) == plain(world)
    assert [len(page) for page in found.pages()] == [PAGE, PAGE, MANY + 1 - 2 * PAGE]


def test_parts_are_merged_in_the_order_of_the_book(world: World) -> None:
    copied(world, logged(world), 20)
    found = asked(world, Wanted(unit="BJ"), Wanted(unit="SZ"))
    assert found.count == 21
    assert numbers(found) == plain(world)
    assert len(numbers(asked(world, Wanted(unit="BJ")))) == 6
    assert numbers(asked(world)) == []


def test_a_period_holds_its_first_moment_and_not_its_end(world: World) -> None:
    copied(world, logged(world), 20)
    first = MONDAY.astimezone(UTC)
    within = asked(world, Wanted(), since=first + timedelta(minutes=5), until=first + timedelta(minutes=9))
    assert [number.rpartition("-")[2] for number in numbers(within)] == ["5", "6", "7", "8"]
    assert within.count == 4
    assert asked(world, Wanted(), since=first + timedelta(days=1)).count == 0


@pytest.mark.parametrize(
    ("register", "make", "count"),
    [
        (reports.REPORTS, reporting.compiled, len(reporting.TECHNICIANS)),
        (reports.SUPERVISOR_REPORTS, reporting.received, 1),
        (register_days.DAYS, days.received, 1),
    ],
)
def test_a_period_of_papers_of_a_day_is_one_of_days(
    world: World, register: Register[Any], make: Callable[[World], str], count: int
) -> None:
    make(world)
    monday, one = reporting.MONDAY, timedelta(days=1)
    periods = {
        (None, None): count,
        (monday, None): count,
        (monday, monday + one): count,
        (monday + one, None): 0,
        (None, monday): 0,
    }
    for (since, until), lines in periods.items():
        parts = [Wanted(unit="SZ"), Wanted(unit="BJ")]
        found = Export(world.books, register, parts, ["number", "day"], "day", since, until, now=world.now)
        told = [line[3:] for page in found.pages() for line in page]
        assert found.count == len(told) == lines
        assert {day for _, day in told} <= {"2026-11-23"}
        assert all(number.startswith("SZ-") for number, _ in told)


def test_what_is_entered_meanwhile_is_not_in_it(world: World) -> None:
    copied(world, logged(world), MANY)
    found, before = asked(world, Wanted()), plain(world)
    pages = found.pages()
    seen = [line[3] for line in next(pages)]
    logged(world, customer="钱三", telephone="13900001111", model_no="B-2")
    seen += [line[3] for page in pages for line in page]
    assert seen == before


def test_moments_come_as_the_books_keep_them(world: World) -> None:
    logged(world)
    (page,) = Export(
        world.books, exports.CALLS, [Wanted()], ["called_at", "arrived_at"], "called_at", None, None, now=world.now
    ).pages()
    (_, unit, technician, called_at, arrived_at) = page[0]
    assert (unit, technician, called_at, arrived_at) == ("SZ", "", "2026-11-23T01:00:00+00:00", None)


@pytest.mark.parametrize(
    ("wanted", "period"),
    [
        (Wanted(), False),
        (Wanted(), True),
        (Wanted(unit="SZ"), False),
        (Wanted(unit="SZ"), True),
        (Wanted(technician="chen"), False),
        (Wanted(unit="SZ", technician="chen"), True),
    ],
)
def test_no_page_is_sorted(sqlite_url: str, wanted: Wanted, period: bool) -> None:
    """Each page walks an index from where the last one ended: else a great register takes the square of its lines."""
    world = World(sqlite_url)
    number = logged(world)
    world.do("guo", "calls.dispatch", number, technician="chen")
    copied(world, number, 20)
    assert_walked(world, asked(world, wanted, since=MONDAY if period else None))
    world.close()


@pytest.mark.parametrize("unit", ["", "SZ"])
@pytest.mark.parametrize("since", [None, date(2026, 11, 23)])
@pytest.mark.parametrize(
    ("register", "make"),
    [
        (reports.REPORTS, reporting.compiled),
        (reports.SUPERVISOR_REPORTS, reporting.compiled),
        (register_days.DAYS, days.day_closed),
    ],
)
def test_no_page_of_the_papers_of_a_day_is_sorted(
    sqlite_url: str, register: Register[Any], make: Callable[[World], str], since: date | None, unit: str
) -> None:
    world = World(sqlite_url)
    make(world)
    wanted = [Wanted(unit=unit)]
    assert_walked(world, Export(world.books, register, wanted, ["number"], "day", since, None, now=world.now))
    world.close()


def assert_walked(world: World, found: Export) -> None:
    heard: list[str] = []
    with world.books.reading() as reading:
        raw: Any = reading.connection.connection.driver_connection
    raw.set_trace_callback(heard.append)
    assert numbers(found)
    raw.set_trace_callback(None)
    (said,) = [said for said in heard if said.startswith("SELECT")]
    plan = [row[3] for row in raw.execute(f"EXPLAIN QUERY PLAN {said}")]
    assert not [step for step in plan if "TEMP B-TREE" in step or step.startswith("SCAN")], plan
