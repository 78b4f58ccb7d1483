"""Each invariant on money, stock, numbers and log bites: without its guard, or past the acts, a fault is seen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from servicedesk.acts import charging
from servicedesk.store import charges
from servicedesk.store.session import Writing
from tests.acts import money, shop
from tests.acts.machine_bites import lent, seen, sound, without_guards, write
from tests.acts.machine_calls import Facts, Memory
from tests.acts.machine_money import NUMBERED, check_charges, check_numbers
from tests.acts.rounds import CALL, DONE, arrived, dispatched, logged
from tests.acts.shop import card
from tests.world import World


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    made = World(sqlite_url)
    yield made
    made.close()


def test_collected_over_the_limit(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    number = arrived(world)
    sound(world)
    monkeypatch.setattr(charging, "_may_collect", lambda unit, done_at, amount, collected: None)
    world.do("chen", "calls.finish", number, **DONE, fees="labour 300", collected="y")
    seen(world)


def test_posted_without_having_been_paid(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    number = money.invoiced(world)
    sound(world)
    without_guards(monkeypatch, "charges.post")
    world.do("acc", "charges.post", number)
    seen(world)


def test_invoiced_without_a_signature(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    number = money.assessed(world)
    write(world, "UPDATE charges SET signer = ''")
    sound(world)
    without_guards(monkeypatch, "charges.invoice")
    world.do("acc", "charges.invoice", number, invoice_no="1")
    seen(world)


def test_an_invoice_number_that_was_credited_for_another(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    first = money.credited(world)
    world.do("lin", "charges.change", first, fees="labour 90", reason="开错")
    other = money.assessed(world, customer="李四", telephone="13900000000")
    sound(world)
    monkeypatch.setattr(charges, "invoiced_as", lambda desk, invoice: "")
    world.do("acc", "charges.invoice", other, invoice_no=f"INV {first}")
    seen(world)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE charge_lines SET amount = amount + 1",
        "UPDATE charges SET amount = amount - 1",
        "UPDATE calls SET fee = fee + 1",
        "UPDATE calls SET charge = 'settled'",
        "UPDATE calls SET invoice_no = 'x'",
        "UPDATE credits SET amount = amount - 1",
        "UPDATE credits SET invoice_no = 'x'",
        "DELETE FROM credits",
        "UPDATE charges SET state = 'settled'",
        "UPDATE charges SET urgent = 'x'",
        "UPDATE charges SET invoiced_at = '2020-01-01T00:00:00Z'",
        "DELETE FROM charge_lines",
    ],
)
def test_money_that_does_not_add_up(world: World, statement: str) -> None:
    money.credited(world)
    sound(world)
    write(world, statement)
    seen(world)


def test_more_credited_than_was_invoiced(world: World) -> None:
    number = money.credited(world)
    books = sound(world)
    facts = Facts(world)
    check_charges(books, facts, Memory(invoiced={f"INV {number}": 8000}))
    with pytest.raises(AssertionError):
        check_charges(books, facts, Memory(invoiced={f"INV {number}": 7900}))


def test_a_covered_line_that_costs_something(world: World) -> None:
    """The tables themselves refuse such a line, so it is changed in what was read of them."""
    money.assessed(world)
    books = sound(world)
    books["charge_lines"][0]["basis"] = "warranty"
    with pytest.raises(AssertionError):
        check_charges(books, Facts(world), Memory())


def test_parts_that_are_not_taken_from_stock(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    number = shop.in_repair(world)
    world.do("lin", "parts.enter", number="DR-1", name="电容", price="25")
    world.do("lin", "parts.arrive", parts="DR-1 4")
    sound(world)
    monkeypatch.setattr("servicedesk.acts.cards.parts.take", lambda *meant: None)
    world.do("chen", "cards.parts", number, parts="DR-1 2")
    seen(world)


def test_stock_that_is_not_what_was_moved(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.do("lin", "parts.enter", number="DR-1", name="电容", price="25")
    sound(world)
    monkeypatch.setattr("servicedesk.store.stock.move", _half_a_move)
    world.do("lin", "parts.arrive", parts="DR-1 4")
    seen(world)


def _half_a_move(desk: Writing, part: Any, **move: Any) -> None:
    """The movement without the stock."""
    from servicedesk.store import tables

    desk.add(tables.StockMove, unit_id=part.unit_id, part_id=part.part_id, **move)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE requisitions SET arrived = quantity",
        "UPDATE requisitions SET state = 'arrived'",
        "UPDATE requisitions SET state = 'cancelled'",
        "DELETE FROM stock",
    ],
)
def test_a_requisition_that_nothing_came_for(world: World, statement: str) -> None:
    shop.waiting_parts(world)
    sound(world)
    write(world, statement)
    seen(world)


def _a_paper_of_each_series(world: World) -> None:
    number = shop.waiting_parts(world)
    world.do("lin", "cards.estimate", number, amount="300")
    lent(world, card(world, number).call)
    money.credited(world, customer="李四", telephone="13900000000")
    world.do("lin", "job_sheets.pack", technician="chen", blanks="2")


@pytest.mark.parametrize("table", NUMBERED)
def test_a_gap_or_a_repeat_in_a_series(world: World, table: str) -> None:
    _a_paper_of_each_series(world)
    books = sound(world)
    assert books[table]
    letter = books[table][-1]["number"].split("-")[1]
    write(world, f"UPDATE counters SET last = last + 1 WHERE series LIKE '%-{letter}%'")
    seen(world)
    write(world, f"UPDATE counters SET last = last - 1 WHERE series LIKE '%-{letter}%'")
    books = dict(sound(world))
    # The tables themselves refuse a second paper of one number.
    books[table] = [*books[table], books[table][-1]]
    with pytest.raises(AssertionError):
        check_numbers(books)


def test_a_number_that_is_left_out(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    logged(world)
    sound(world)
    raised = Writing.next_number
    monkeypatch.setattr(Writing, "next_number", lambda desk, series: raised(desk, series, 2))
    logged(world, **(CALL | {"model_no": "X-1"}))
    seen(world)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET actor = 'x' WHERE seq = 3",
        "UPDATE audit_details SET detail = '{}' WHERE seq = 3",
        "DELETE FROM requests",
    ],
)
def test_a_broken_audit_chain(world: World, statement: str) -> None:
    dispatched(world)
    sound(world)
    write(world, "DROP TRIGGER audit_no_update", "DROP TRIGGER audit_details_no_update", statement)
    seen(world)
