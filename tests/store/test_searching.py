"""Words looked for in a register: in the order of the index of words, never all that match and never line by line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from sqlalchemy import text

from servicedesk.domain.calls import Page
from servicedesk.domain.registers import Wanted
from servicedesk.store.charges import CHARGES
from servicedesk.store.goods import GOODS, RECEIPTS
from servicedesk.store.registers import Register
from servicedesk.store.repair_cards import CARDS
from servicedesk.store.session import Reading
from tests.store.test_plans import Plans
from tests.store.test_repair_cards import NOW, fill
from tests.world import World

WORDS = "制冷"
REGISTERS: Mapping[str, Register[Any]] = {
    "repair_cards": CARDS,
    "goods": GOODS,
    "receipts": RECEIPTS,
    "charges": CHARGES,
}
SEARCHES = [
    Wanted(words=WORDS),
    Wanted(words=WORDS, unit="SZ"),
    Wanted(words=WORDS, unit="SZ", state="waiting"),
    Wanted(words=WORDS, unit="SZ", technician="chen"),
    Wanted(words=WORDS, technician="chen", state="in_repair"),
]


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    """Cards of which two and two are of one call."""
    made = World(database_url)
    fill(made.books)
    with made.books.writing() as desk:
        desk.do(text("UPDATE repair_cards SET call_id = (call_id + 1) / 2"))
    yield made
    made.close()


@pytest.mark.parametrize("name", list(REGISTERS))
def test_the_index_of_words_is_walked_once_and_has_the_order(sqlite_url: str, name: str) -> None:
    world = World(sqlite_url)
    fill(world.books)
    register = REGISTERS[name]
    with world.books.reading() as opened:
        reading = Reading(opened.connection)
        plans = Plans(reading)
        for wanted in SEARCHES:
            for place in (Page(), Page(last=True), Page(after=(150,)), Page(before=(150,))):
                steps = plans.of(lambda w=wanted, p=place: register.page(reading, [w], p, NOW))  # type: ignore[misc]
                # The scalar look-ups of unit, technician and edge come first where they are asked once.
                walked = [step for step in steps if step.startswith(("SCAN", f"SEARCH {name} "))]
                searched = [step for step in walked if f"SEARCH {name} USING INTEGER PRIMARY KEY" not in step]
                assert "call_search" in searched[0], (wanted, place, steps)
                assert not any("TEMP B-TREE" in step for step in steps), (wanted, place, steps)
            counted = plans.of(lambda w=wanted: register.count(reading, [w], NOW))  # type: ignore[misc]
            assert "call_search" in next(step for step in counted if step.startswith(("SCAN", f"SEARCH {name} ")))
    world.close()


def test_page_by_page_every_line_found_comes_exactly_once(world: World) -> None:
    with world.books.reading() as reading:
        for wanted in SEARCHES:
            whole = CARDS.page(reading, [wanted], Page(limit=1000), NOW)
            places = [(row.call_id, row.id) for row in whole]
            assert places == sorted(places, reverse=True)
            assert CARDS.count(reading, [wanted], NOW) == len(whole)
            keys = [row.id for row in whole]
            assert _forwards(reading, wanted) == keys
            assert _backwards(reading, wanted) == keys
        assert len({row.call_id for row in CARDS.page(reading, [SEARCHES[0]], Page(limit=1000), NOW)}) < len(
            CARDS.page(reading, [SEARCHES[0]], Page(limit=1000), NOW)
        )


def test_what_two_posts_show_is_found_in_one_order(world: World) -> None:
    parts = [Wanted(words=WORDS, unit="SZ"), Wanted(words=WORDS, unit="BJ")]
    with world.books.reading() as reading:
        found = [(row.call_id, row.id) for row in CARDS.page(reading, parts, Page(limit=40), NOW)]
        assert len(found) == 40
        assert found == sorted(found, reverse=True)


def test_what_is_searched_for_in_the_shop_keeps_the_order_of_the_shop(world: World) -> None:
    with world.books.reading() as reading:
        found = CARDS.page(reading, [Wanted(words=WORDS, urgent=True)], Page(limit=1000), NOW)
        open_ones = CARDS.page(reading, [Wanted(urgent=True)], Page(limit=1000), NOW)
        known = {row.id for row in CARDS.page(reading, [Wanted(words=WORDS)], Page(limit=1000), NOW)}
        assert found
        assert [row.id for row in found] == [row.id for row in open_ones if row.id in known]
        assert CARDS.count(reading, [Wanted(words=WORDS, urgent=True)], NOW) == len(found)


def _forwards(reading: Reading, wanted: Wanted) -> list[int]:
    found: list[int] = []
    while rows := CARDS.page(reading, [wanted], Page(after=(found[-1],) if found else None, limit=7), NOW):
        found += [row.id for row in rows]
    return found


def _backwards(reading: Reading, wanted: Wanted) -> list[int]:
    found = [row.id for row in CARDS.page(reading, [wanted], Page(last=True, limit=7), NOW)]
    while rows := CARDS.page(reading, [wanted], Page(before=(found[0],), limit=7), NOW):
        found = [*(row.id for row in rows), *found]
    return found
