"""Each invariant of the state machine bites: with its guard taken out, or a row written past the acts, it is seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import text

from servicedesk.acts import goods, loans
from servicedesk.acts.calls import closing
from servicedesk.acts.cards import bench, common, returning
from servicedesk.acts.charges import changes
from servicedesk.store import custody, repair_cards
from tests.acts import shop
from tests.acts.machine_bites import lent, seen, sound, without_guards, write
from tests.acts.rounds import DONE, arrived, carried_back, dispatched, done, line, logged, refused
from tests.acts.shop import WRITTEN, card
from tests.world import World


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    made = World(sqlite_url)
    yield made
    made.close()


# Calls and vouchers


def test_two_technicians_with_one_voucher(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    dispatched(world)
    further = world.do("guo", "calls.log", caller="王小明", symptom="漏水", further_because="另一处").numbers[0]
    sound(world)
    monkeypatch.setattr("servicedesk.store.dispatch.carrier", lambda desk, voucher: None)
    world.do("guo", "calls.dispatch", further, technician="liu")
    seen(world)


def test_a_voucher_taken_along_from_who_is_on_a_visit(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    number = _with_a_further_visit(world)
    sound(world)
    monkeypatch.setattr(returning, "_under_way", lambda desk, row: [])
    world.do("lin", "cards.take_along", number, technician="liu")
    seen(world)


def test_a_voucher_brought_again_from_who_is_on_a_visit(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    number = _with_a_further_visit(world)
    world.do("lin", "cards.take_along", number, technician="chen")
    sound(world)
    monkeypatch.setattr(returning, "_under_way", lambda desk, row: [])
    world.do("lin", "cards.bring_again", number, reason="没人在家")
    seen(world)


def _with_a_further_visit(world: World) -> str:
    """A card that is passed, while chen is on the way with the voucher for something else."""
    number = shop.passed(world)
    further = world.do("guo", "calls.log", caller="王小明", symptom="漏水", further_because="另一处").numbers[0]
    world.do("guo", "calls.dispatch", further, technician="chen")
    return number


def test_an_exchange_after_the_arrival(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    number = arrived(world)
    sound(world)
    without_guards(monkeypatch, "calls.reassign")
    world.do("guo", "calls.reassign", number, technician="liu", reason="x")
    seen(world)


def test_a_voucher_filed_under_an_open_call(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Filed through the closed call, it could never be struck off the open one."""
    first = logged(world)
    world.do("lin", "calls.cancel", first, reason="later")
    second = world.do("lin", "calls.log", caller="王小明", symptom="漏水").numbers[0]
    world.do("guo", "calls.dispatch", second, technician="chen")
    world.do("chen", "calls.arrive", second)
    world.do("chen", "calls.finish", second, **DONE)
    world.do("lin", "calls.take_back", second)
    sound(world)
    monkeypatch.setattr(closing, "no_other_open", lambda desk, row: None)
    world.do("lin", "calls.file", first)
    seen(world)


# Who holds what


def test_two_holders(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    carried_back(world)
    sound(world)
    write(world, "DROP INDEX uq_custody_now")
    monkeypatch.setattr(custody, "_END", text("UPDATE custody SET until = :ended WHERE kind = :of_kind AND :item < 0"))
    with world.books.writing() as writing:
        custody.move(writing, "article", 1, "SZ-R-261123-0001", 2, "counter", since=world.now)
    seen(world)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE custody SET holder = 'shelf', holder_id = NULL WHERE kind = 'article' AND until IS NULL",
        "UPDATE custody SET holder = 'clerk', holder_id = NULL WHERE kind = 'voucher' AND until IS NULL",
        "UPDATE custody SET until = since WHERE kind = 'article' AND until IS NULL",
        "DELETE FROM custody WHERE kind = 'voucher'",
        "UPDATE custody SET holder = 'customer' WHERE kind = 'loan_unit' AND until IS NULL",
        "UPDATE calls SET loan = 'SZ-U-261123-0001'",
    ],
)
def test_a_holder_that_the_papers_do_not_know(world: World, statement: str) -> None:
    carried_back(world)
    world.do("lin", "loans.enter", code="JY-1", name="窗机")
    sound(world)
    write(world, statement)
    seen(world)


def test_a_loan_unit_at_two_customers(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    lent(world, logged(world))
    other = logged(world, customer="李四", telephone="13900000000")
    sound(world)
    without_guards(monkeypatch, "loans.lend")
    write(world, "DROP INDEX uq_loans_open_unit")
    world.do("lin", "loans.lend", "JY-1", call=other)
    seen(world)


def test_two_loan_units_for_one_call(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    number = logged(world)
    lent(world, number)
    sound(world)
    monkeypatch.setattr(loans, "_may_have_one", lambda row, call, entry: None)
    lent(world, number, "JY-2")
    seen(world)


# Goods and cards


def test_two_open_cards_for_one_article(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    number = shop.call_of(world, shop.taken_in(world)).number
    sound(world)
    monkeypatch.setattr(goods, "_not_here", lambda desk, row: None)
    write(world, "DROP INDEX uq_goods_open_product", "DROP INDEX uq_repair_cards_open_product")
    world.do("lin", "goods.take_in", number)
    seen(world)


def test_two_receipts_for_one_article(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    number = carried_back(world)
    sound(world)
    monkeypatch.setattr(goods, "_receipt", lambda look, row: None)
    write(world, "DROP INDEX uq_receipts_open_product")
    world.do("lin", "goods.take_in", number, signer="王小明")
    seen(world)


def test_goods_returned_before_they_were_passed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    number = shop.in_repair(world)
    world.do("lin", "calls.take_back", card(world, number).call)
    sound(world)
    without_guards(monkeypatch, "cards.return", sources=frozenset())
    world.do("lin", "cards.return", number)
    seen(world)


@pytest.mark.parametrize("before", ["estimate", "ask"])
def test_a_repair_finished_with_something_open(world: World, monkeypatch: pytest.MonkeyPatch, before: str) -> None:
    number = shop.on_the_clock(world)
    world.do("lin", f"cards.{before}", number, **{"estimate": {"amount": "90"}, "ask": {"reason": "难"}}[before])
    sound(world)
    without_guards(monkeypatch, "cards.finish")
    world.do("chen", "cards.finish", number, **WRITTEN, no_parts="y")
    seen(world)


def test_a_repair_finished_without_time(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    number = shop.in_repair(world)
    sound(world)
    without_guards(monkeypatch, "cards.finish")
    world.do("chen", "cards.finish", number, **WRITTEN, no_parts="y")
    seen(world)


def test_a_repair_finished_without_a_word_on_parts(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    number = shop.on_the_clock(world)
    sound(world)
    monkeypatch.setattr(bench, "_parts_or_none", lambda desk, row, entry: None)
    world.do("chen", "cards.finish", number, **WRITTEN)
    seen(world)


def test_a_repair_passed_by_who_repaired_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.do("guo", "staff.stand_in", "guo", role="supervisor", stand_in="chen", begins="11-23", ends="11-23")
    number = shop.repaired(world)
    sound(world)
    without_guards(monkeypatch, "cards.pass")
    monkeypatch.setattr(bench, "_worked_by_others", lambda desk, row: None)
    world.do("chen", "cards.pass", number)
    seen(world)


def test_one_technician_at_two_benches(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.on_the_clock(world)
    other = shop.assigned(world, model_no="X-1")
    sound(world)
    monkeypatch.setattr(repair_cards, "running_of", lambda store, person: "")
    monkeypatch.setattr(common, "free_then", lambda desk, person, began, ended, field: None)
    write(world, "DROP INDEX uq_time_lines_running")
    world.do("chen", "cards.start", other)
    seen(world)


def test_hours_that_overlap(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    number = shop.in_repair(world)
    world.at("2026-11-23 17:00")
    world.do("lin", "cards.time", number, lines="930-1015")
    sound(world)
    monkeypatch.setattr(repair_cards, "overlapping", lambda store, person, began, ended, now: None)
    world.do("lin", "cards.time", number, lines="1000-1030")
    seen(world)


@pytest.mark.parametrize(
    "change",
    [
        "minutes = minutes + 1",
        "parts_due = 1",
        "assistance = 1",
        "estimate = 'approved'",
        "promised_at = '2027-01-01T00:00:00Z'",
        "first_promised_at = '2020-01-01T00:00:00Z'",
        "urgent = 'x'",
        "state = 'in_repair'",
        "found = ''",
        "closed_at = returned_at, state = 'closed'",
    ],
)
def test_a_card_that_its_lines_do_not_bear_out(world: World, change: str) -> None:
    shop.passed(world)
    sound(world)
    write(world, f"UPDATE repair_cards SET {change}")
    seen(world)


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("goods", "state = 'in'"),
        ("goods", "state = 'out'"),
        ("goods", "promised_at = '2027-01-01T00:00:00Z'"),
        ("receipts", "taken_in = 0"),
        ("receipts", "state = 'voided'"),
        ("receipts", "state = 'lost'"),
        ("calls", "state = 'returned'"),
    ],
)
def test_papers_of_one_article_that_differ(world: World, table: str, change: str) -> None:
    shop.passed(world)
    sound(world)
    write(world, f"UPDATE {table} SET {change}")
    seen(world)


# Nothing closes while something is outstanding


def _fee(world: World) -> str:
    return done(world, fees="labour 80")


def _loan(world: World) -> str:
    number = done(world)
    lent(world, number)
    return number


def _parts(world: World) -> str:
    number = shop.waiting_parts(world)
    world.do("lin", "cards.estimate", number, amount="300")
    world.do("lin", "cards.decline", number)
    world.do("lin", "calls.take_back", card(world, number).call)
    world.do("lin", "cards.return", number)
    return card(world, number).call


def _goods(world: World) -> str:
    return card(world, shop.passed(world)).call


@pytest.mark.parametrize("outstanding", [_fee, _loan, _parts, _goods, carried_back])
def test_a_closed_call_with_something_outstanding(
    world: World, monkeypatch: pytest.MonkeyPatch, outstanding: Callable[[World], str]
) -> None:
    number = outstanding(world)
    sound(world)
    without_guards(monkeypatch, "calls.strike_off", sources=frozenset())
    monkeypatch.setattr(closing, "_nothing_out", lambda desk, row: None)
    world.do("lin", "calls.strike_off", number)
    seen(world)


def test_a_returned_card_that_nothing_will_close(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    number = card(world, shop.returned(world)).call
    sound(world)
    monkeypatch.setattr(changes, "close_cards", lambda desk, row: None)
    world.do("lin", "charges.change", number, fees="labour 0", reason="保修")
    seen(world)


# What the machine has found


def test_a_voucher_stays_with_who_is_on_a_visit(world: World) -> None:
    number = _with_a_further_visit(world)
    further = "SZ-C-261123-0002"
    assert str(refused(world, "lin", "cards.take_along", number, technician="liu")) == (
        f"陈明 is under way to {further} with the voucher."
    )
    world.do("lin", "cards.take_along", number, technician="chen")
    world.do("lin", "cards.bring_again", number, reason="没人在家")
    assert (line(world, further).voucher_holder, shop.article(world, number)[-1]) == ("technician", "shelf")


def test_a_charge_changed_to_nothing_closes_the_card(world: World) -> None:
    number = shop.returned(world)
    assert card(world, number).state == "returned"
    world.do("lin", "charges.change", card(world, number).call, fees="labour 0", reason="保修")
    assert card(world, number).state == "closed"
