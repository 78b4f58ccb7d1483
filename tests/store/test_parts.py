"""The part list, its stock and requisitions: found by a few characters, every list by an index."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import UTC

import pytest

from servicedesk.domain.calls import Page
from servicedesk.domain.parts import STATES
from servicedesk.domain.registers import Wanted
from servicedesk.store import parts, stock, tables
from servicedesk.store.engine import Books
from servicedesk.store.registers import Register
from servicedesk.store.session import Reading
from servicedesk.store.words_index import name_keys
from tests.store.test_plans import Plans, scans
from tests.world import MONDAY, World

NOW = MONDAY.astimezone(UTC)
LISTED = {
    "QDQ-201": "启动器",
    "QDQ-202": "启动电容",
    "YSJ-1": "压缩机",
    "PTC_5%": "Relay 12V",
    "QD-OLD": "旧启动器",
}
MANY = 120


def fill(books: Books) -> None:
    """A short list, and requisitions in every state in two units; the last part is out of use."""
    dice = random.Random(5)
    with books.writing() as writing:
        for number, name in LISTED.items():
            initials, _ = name_keys(name)
            active = number != "QD-OLD"
            key = writing.add(tables.Part, number=number, name=name, initials=initials, active=active)
            stock.put_into_every_unit(writing, key)
        for key in range(1, MANY + 1):
            writing.add(
                tables.Requisition,
                number=f"SZ-M-261123-{key:04}",
                unit_id=dice.choice([2, 2, 3]),
                part_id=dice.randrange(1, 4),
                quantity=dice.randrange(1, 5),
                state=dice.choice(list(STATES)),
                asked_at=NOW,
                asked_by=dice.choice([1, 9, 11]),
            )


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    made = World(database_url)
    fill(made.books)
    yield made
    made.close()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("QDQ-201", ["QDQ-201"]),
        ("qdq", ["QDQ-201", "QDQ-202"]),
        ("ｑｄｑ－２０２", ["QDQ-202"]),
        ("202", ["QDQ-202"]),
        ("启动", ["QDQ-201", "QDQ-202"]),
        ("动电", ["QDQ-202"]),
        ("qddr", ["QDQ-202"]),
        ("ysj", ["YSJ-1"]),
        ("relay", ["PTC_5%"]),
        ("12v", ["PTC_5%"]),
        ("c_5", ["PTC_5%"]),
        ("5%", ["PTC_5%"]),
        ("%", ["PTC_5%"]),
        ("_", ["PTC_5%"]),
        ("\\", []),
        ("  ", []),
        ("old", []),
        ("'; --", []),
    ],
)
def test_a_part_is_found_by_a_few_characters_of_number_name_or_initials(
    world: World, typed: str, meant: list[str]
) -> None:
    assert [row.number for row in world.read(parts.find, typed, "SZ")] == meant


def test_no_more_are_found_than_asked_for_and_none_twice(world: World) -> None:
    assert [row.number for row in world.read(parts.find, "q", "SZ", 1)] == ["QDQ-201"]
    assert [row.number for row in world.read(parts.find, "QD", "SZ")] == ["QDQ-201", "QDQ-202"]


def test_each_unit_sees_its_own_stock_of_the_one_list(world: World) -> None:
    with world.books.writing() as writing:
        part = parts.one(writing, "qdq-201", "SZ")
        assert part is not None
        stock.move(writing, part, at=NOW, by_id=1, kind="arrival", quantity=3, paper="D-1")
        stock.move(writing, part, at=NOW, by_id=9, kind="use", quantity=-1, paper="SZ-K-1", note="试")
    seen = {unit: world.read(parts.one, "QDQ-201", unit) for unit in ("SZ", "BJ")}
    assert {unit: row.quantity for unit, row in seen.items() if row is not None} == {"SZ": 2, "BJ": 0}
    assert seen["SZ"] is not None
    moves = world.read(parts.moves, seen["SZ"])
    assert [(move.kind, move.quantity, move.paper, move.note) for move in moves] == [
        ("use", -1, "SZ-K-1", "试"),
        ("arrival", 3, "D-1", ""),
    ]


def test_what_is_on_order_counts_what_is_still_to_come(world: World) -> None:
    with world.books.reading() as reading:
        for unit in ("SZ", "BJ"):
            row = parts.one(reading, "QDQ-201", unit)
            assert row is not None
            asked = parts.open_of_part(reading, row)
            assert asked == sorted(asked, key=lambda one: one.id)
            assert row.on_order == sum(one.outstanding for one in asked)
            assert type(row.on_order) is int


REQUISITION_FILTERS = [
    Wanted(),
    Wanted(unit="SZ"),
    Wanted(view="open"),
    Wanted(unit="BJ", view="open"),
    Wanted(unit="SZ", state="arrived"),
    Wanted(technician="chen"),
    Wanted(unit="SZ", technician="chen", state="open"),
]
PART_FILTERS = [Wanted(unit="SZ"), Wanted(), Wanted(unit="SZ", view="short"), Wanted(view="short")]
WALKS = {"SCAN requisitions", "SCAN stock", "SCAN requisitions USING INDEX ix_requisitions_open_id"}
"""All units together, in the order of the register, until the page is full."""


def test_every_list_comes_by_an_index_in_its_order(sqlite_url: str) -> None:
    world = World(sqlite_url)
    fill(world.books)
    bad: dict[object, list[str]] = {}
    with world.books.reading() as opened:
        reading = Reading(opened.connection)
        plans = Plans(reading)

        def ask(register: Register[object], wanted: Wanted) -> None:  # type: ignore[type-var]
            for place in (Page(), Page(last=True), Page(after=(50,)), Page(before=(50,))):
                steps = scans(plans.of(lambda place=place: register.page(reading, [wanted], place, NOW)))  # type: ignore[misc]
                allowed = set() if wanted.unit or wanted.technician else WALKS
                if set(steps) - allowed:
                    bad[wanted, place] = steps

        for wanted in PART_FILTERS:
            ask(parts.PARTS, wanted)  # type: ignore[arg-type]
        for wanted in REQUISITION_FILTERS:
            ask(parts.REQUISITIONS, wanted)  # type: ignore[arg-type]
    world.close()
    assert bad == {}


def test_one_part_and_its_papers_come_by_an_index(sqlite_url: str) -> None:
    world = World(sqlite_url)
    fill(world.books)
    with world.books.reading() as opened:
        reading = Reading(opened.connection)
        row = parts.one(reading, "QDQ-201", "SZ")
        assert row is not None
        plans = Plans(reading)
        asked: dict[str, Callable[[], object]] = {
            "one": lambda: parts.one(reading, "QDQ-201", "SZ"),
            "of no unit": lambda: parts.one(reading, "QDQ-201"),
            "moves": lambda: parts.moves(reading, row),
            "open": lambda: parts.open_of_part(reading, row),
            "of a card": lambda: parts.of_card(reading, 1),
            "found": lambda: parts.find(reading, "qdq", "SZ", 2),
        }
        found = {name: steps for name, ask in asked.items() if (steps := scans(plans.of(ask)))}
    world.close()
    assert found == {}


def test_pages_by_key_give_every_list_whole_and_once(world: World) -> None:
    with world.books.reading() as reading:
        for wanted in REQUISITION_FILTERS:
            whole = parts.REQUISITIONS.page(reading, [wanted], Page(limit=MANY), NOW)
            found, place = [], Page(limit=7)
            while rows := parts.REQUISITIONS.page(reading, [wanted], place, NOW):
                found += rows
                place = Page(after=wanted.key_of(rows[-1]), limit=7)
            assert found == whole
            assert parts.REQUISITIONS.count(reading, [wanted], NOW) == len(whole) > 0
            assert all(wanted.unit in ("", row.unit) and wanted.technician in ("", row.technician) for row in whole)
        assert len(parts.PARTS.page(reading, [Wanted(unit="SZ")], Page(), NOW)) == len(LISTED)
