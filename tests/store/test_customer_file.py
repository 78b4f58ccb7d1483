"""What a customer's file and the filters of the registers ask: always by an index, whatever the customer has."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC
from typing import Any

import pytest

from servicedesk.domain.calls import CallFilter, Page
from servicedesk.domain.registers import Wanted
from servicedesk.domain.rights import Actor, Post
from servicedesk.store import calls, customers
from servicedesk.store.charges import CHARGES
from servicedesk.store.complaints import COMPLAINTS
from servicedesk.store.goods import GOODS
from servicedesk.store.registers import Register
from servicedesk.store.repair_cards import CARDS
from servicedesk.store.session import Reading
from servicedesk.tui.registers import RegisterPage, of_the_store
from servicedesk.tui.screens.complaints import ComplaintsScreen
from servicedesk.tui.screens.goods import GoodsScreen, ReceiptsScreen
from servicedesk.tui.screens.money import MoneyScreen
from servicedesk.tui.screens.workshop import WorkshopScreen
from tests.acts.complaining import received
from tests.acts.rounds import done
from tests.acts.shop import taken_in
from tests.world import MONDAY, World

REGISTERS: dict[str, Register[Any]] = {
    "repair_cards": CARDS,
    "goods": GOODS,
    "charges": CHARGES,
    "complaints": COMPLAINTS,
}
OF_ONE = Wanted(more=(("customer", "000001"),))
SUPERVISOR = Actor(1, "guo", "郭强", "SZ", (Post("supervisor", "SZ"),))
NOW = MONDAY.astimezone(UTC)
SORTED = "USE TEMP B-TREE FOR ORDER BY"


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
    """Two customers, each with a job done, an article in the shop and a complaint."""
    for name, telephone, other in (("王小明", "13812345678", "000001"), ("李秀英", "13922223333", "000002")):
        done(world, fees="labour 80", customer=name, telephone=telephone, model_no="KFR")
        taken_in(world, customer=name, telephone=telephone, caller=other, model_no="BCD")
        received(world, customer_name=other)
    return world


def asked_of(world: World, ask: Callable[[Reading], Any]) -> list[tuple[str, list[str]]]:
    """The statements a question needs, each with the steps of its plan."""
    said: set[str] = set()
    with world.books.reading() as reading:
        raw: Any = reading.connection.connection.driver_connection
        raw.set_trace_callback(said.add)
        ask(reading)
        raw.set_trace_callback(None)
        selects = [statement for statement in said if statement.startswith("SELECT") and "'main'." not in statement]
        return [(text, [row[3] for row in raw.execute("EXPLAIN QUERY PLAN " + text)]) for text in selects]


def page_of(register: Register[Any], parts: Sequence[Wanted]) -> Callable[[Reading], Any]:
    """The question for the first page of these parts."""
    return lambda reading: register.page(reading, parts, Page(), NOW)


@pytest.mark.parametrize("name", REGISTERS)
def test_a_register_gives_what_one_customer_has_the_newest_first(world: World, name: str) -> None:
    register = REGISTERS[name]
    now = world.at("2026-11-23 09:30")
    everything = world.read(register.page, [Wanted()], Page(), now)
    found = world.read(register.page, [OF_ONE], Page(), now)
    assert {row.customer for row in everything} == {"000001", "000002"}
    assert found == [row for row in everything if row.customer == "000001"]
    assert len(found) == 1


def test_products_come_newest_first_and_no_more_than_asked_for(world: World) -> None:
    assert [row.model_no for row in world.read(customers.newest_products, 1, 9)] == ["BCD", "KFR"]
    assert [row.model_no for row in world.read(customers.newest_products, 1, 1)] == ["BCD"]


def test_the_note_of_a_customer(world: World) -> None:
    world.do("lin", "customers.correct", "000001", note="先打电话")
    asked = [world.read(customers.special_handling, number) for number in ("000001", "000002", "999999", "")]
    assert asked == ["先打电话", "", "", ""]


QUESTIONS: list[Callable[[Reading], Any]] = [
    lambda reading: customers.cover(reading, "000001"),
    lambda reading: customers.newest_products(reading, 1, 9),
    lambda reading: customers.special_handling(reading, "000001"),
    lambda reading: calls.page(reading, CallFilter(customer="000001"), Page(), NOW),
]


def test_what_a_file_reads_goes_by_an_index(quick_world: World) -> None:
    by_customer = [page_of(register, [OF_ONE]) for register in REGISTERS.values()]
    for ask in (*QUESTIONS, *by_customer):
        for statement, steps in asked_of(quick_world, ask):
            assert [step for step in steps if step.startswith("SCAN")] == [], statement


@pytest.mark.parametrize(
    "page", [screen.PAGE for screen in (WorkshopScreen, GoodsScreen, ReceiptsScreen, MoneyScreen, ComplaintsScreen)]
)
def test_any_filter_over_any_view_of_a_unit_walks_an_index_in_order(
    quick_world: World, page: RegisterPage[Any]
) -> None:
    register: Register[Any] = of_the_store(page.register)
    for view in page.views:
        for asked in page.filters:
            value = next(iter(asked.options), "SZ" if asked.name == "unit" else "guo")
            parts = page.asked(SUPERVISOR, view, chosen=((asked.name, value),))
            for _, steps in asked_of(quick_world, page_of(register, parts)):
                walked = [step for step in steps if step == SORTED or step.startswith(f"SCAN {register.table.name}")]
                assert walked == [], (view.name, asked.name)
