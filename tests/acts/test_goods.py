"""Receipt, goods register and card: carried back, taken in, brought in without a visit, spoilt and lost receipts.

003 Art. 8-9; states §5.3; D14, D19, D29, D38.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from servicedesk.acts.act import Target, find, prepare
from servicedesk.domain.calls import Page
from servicedesk.domain.goods import GoodsRow, ReceiptRow
from servicedesk.domain.registers import Wanted
from servicedesk.domain.rulebook import refusal as refusal_of
from servicedesk.domain.words import Refused, RefusedFields
from servicedesk.store import custody, repair_cards
from servicedesk.store.goods import GOODS, RECEIPTS
from tests.acts.faces import open_to_anybody, refused
from tests.acts.rounds import actor, arrived, carried_back, greyed, last_audit, line, logged, visits
from tests.acts.shop import card, card_of_call, taken_in
from tests.world import SHANGHAI, World


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    made = open_to_anybody(World(database_url))
    yield made
    made.close()


def at(local: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-{local}").replace(tzinfo=SHANGHAI).astimezone(UTC)


def said(refusal: Refused) -> tuple[str | None, str]:
    return refusal.field, str(refusal)


def receipt(world: World, number: str) -> ReceiptRow:
    found = world.read(RECEIPTS.one, number)
    assert found is not None
    return found


def goods(world: World, number: str) -> GoodsRow:
    found = world.read(GOODS.one, number)
    assert found is not None
    return found


def receipts_of(world: World, call: str) -> list[ReceiptRow]:
    """Every receipt of a call, first one first."""
    rows = world.read(RECEIPTS.page, [Wanted()], Page(), world.now.astimezone(UTC))
    return [row for row in reversed(rows) if row.call == call]


def held(world: World, number: str) -> list[tuple[str, str, str]]:
    """Who has had a thing, with the number on it: holder, technician, number."""
    rows = world.read(custody.where_is, number)
    assert [row.until is None for row in rows] == [False] * (len(rows) - 1) + [True]
    assert [row.until for row in rows[:-1]] == [row.since for row in rows[1:]]
    return [(row.holder, row.technician, row.number) for row in rows]


def listed(world: World, view: str) -> list[str]:
    rows = world.read(RECEIPTS.page, [Wanted(unit="SZ", view=view)], Page(), world.now.astimezone(UTC))
    assert world.read(RECEIPTS.count, [Wanted(unit="SZ", view=view)], world.now.astimezone(UTC)) == len(rows)
    return [row.number for row in rows]


def shown(world: World, login: str, act: str, number: str, **typed: Any) -> dict[str, Any]:
    """What the form shows before saving."""
    return dict(prepare(world.books, login, find(act), [Target(number)], typed, world.now.astimezone(UTC)).values)


# Carry back


def test_carrying_back_gives_the_customer_a_receipt_and_the_article_to_the_technician(world: World) -> None:
    number = arrived(world)
    world.at("2026-11-23 10:30")
    done = world.do(
        "lin",
        "calls.carry_back",
        number,
        left_at="10:10",
        accessories="遥控器",
        condition="外壳划伤",
        signer="王太太",
        capacity="family",
    )
    assert done.numbers == (number, "SZ-R-261123-0001")
    row = receipt(world, "SZ-R-261123-0001")
    assert (row.call, row.state, row.technician, row.issued_at) == (number, "issued", "chen", at("23 10:10"))
    assert (row.accessories, row.condition, row.signer, row.signer_capacity) == (
        "遥控器",
        "外壳划伤",
        "王太太",
        "family",
    )
    assert row.promised_at == at("26 18:00")
    assert (line(world, number).state, line(world, number).signed) == ("carried_back", "countersigned")
    assert held(world, row.number) == [("technician", "chen", row.number)]
    assert listed(world, "not_taken_in") == [row.number]
    changed = last_audit(world)["changed"]
    assert (changed[number]["receipt"], changed[row.number]) == (row.number, {"article_holder": "technician"})


def test_goods_are_promised_for_the_third_working_day_at_closing(world: World) -> None:
    number = arrived(world)
    world.do("adm", "calendar.set", "SZ", day="2026-11-25", state="closed", note="盘点")
    assert shown(world, "chen", "calls.carry_back", number)["promised_at"] == at("27 18:00")
    assert shown(world, "chen", "calls.carry_back", number, promised_at="2026-11-24 12:00")["promised_at"] == at(
        "24 12:00"
    )
    world.at("2026-11-27 09:00")
    assert shown(world, "chen", "calls.carry_back", number)["promised_at"] == datetime(2026, 12, 2, 10, 0, tzinfo=UTC)


def test_a_promise_is_not_before_the_goods_are_taken(world: World) -> None:
    number = arrived(world)
    refusal = refused(world, "chen", "calls.carry_back", number, signer="王", promised_at="2026-11-22 10:00")
    assert said(refusal)[0] == "promised_at"
    assert "is before 2026-11-23" in str(refusal)
    assert str(refusal).endswith("when the technician left.")


def test_a_product_has_one_receipt_at_a_time(world: World) -> None:
    first = carried_back(world)
    other = world.do("guo", "calls.log", caller="王小明", symptom="漏水", further_because="另一处").numbers[0]
    world.do("guo", "calls.dispatch", other, technician="chen")
    world.do("chen", "calls.arrive", other)
    sentence = f"Receipt SZ-R-261123-0001 of {first} is still out for this product: return the goods first."
    assert said(refused(world, "chen", "calls.carry_back", other, signer="王")) == (None, sentence)


# Goods in


def test_goods_in_is_the_line_the_card_and_the_counter_in_one_act(world: World) -> None:
    number = carried_back(world, symptom="不制冷")
    (paper,) = listed(world, "not_taken_in")
    world.at("2026-11-23 11:00")
    done = world.do("lin", "goods.take_in", number, came_in_at="10:40")
    assert done.numbers == ("SZ-G-261123-0001", "SZ-K-261123-0001", paper)
    assert str(done.sentence) == f"{number} is in as SZ-G-261123-0001, repair card SZ-K-261123-0001."
    row, opened = goods(world, "SZ-G-261123-0001"), card(world, "SZ-K-261123-0001")
    assert (row.state, row.came_in_at, row.receipt, row.card, row.technician, row.received_by_name) == (
        "in",
        at("23 10:40"),
        paper,
        opened.number,
        "chen",
        "林小雨",
    )
    assert (row.promised_at, row.accessories) == (at("26 18:00"), "")
    assert (opened.state, opened.goods, opened.symptom, opened.technician) == ("waiting", row.number, "不制冷", "")
    assert (opened.promised_at, opened.first_promised_at) == (at("26 18:00"), at("26 18:00"))
    promises = world.read(repair_cards.promises, opened.id)
    assert [(promise.nth, promise.promised_at) for promise in promises] == [(1, at("26 18:00"))]
    assert (receipt(world, paper).taken_in, receipt(world, paper).goods) == (True, row.number)
    assert (listed(world, "not_taken_in"), line(world, number).state) == ([], "carried_back")
    everywhere = [("technician", "chen", paper), ("counter", "", paper)]
    assert [held(world, known) for known in (paper, row.number, opened.number)] == [everywhere] * 3


def test_the_form_shows_what_the_receipt_says(world: World) -> None:
    number = arrived(world)
    world.do("chen", "calls.carry_back", number, signer="王", accessories="电源线", promised_at="2026-11-25 12:00")
    values = shown(world, "lin", "goods.take_in", number)
    assert (values["accessories"], values["brought_by"], values["symptom"], values["promised_at"]) == (
        "电源线",
        "chen",
        "不制冷",
        at("25 12:00"),
    )


def test_goods_cannot_come_in_before_they_were_taken_nor_tomorrow(world: World) -> None:
    number = arrived(world)
    world.at("2026-11-23 10:00")
    world.do("chen", "calls.carry_back", number, signer="王")
    early = refused(world, "lin", "goods.take_in", number, came_in_at="09:30")
    assert (early.field, str(early).endswith("when the receipt was issued.")) == ("came_in_at", True)
    late = refused(world, "lin", "goods.take_in", number, came_in_at="10:01")
    assert (late.field, "has not come yet" in str(late)) == ("came_in_at", True)


def test_another_time_than_the_receipt_promises_needs_a_reason_and_the_first_one_is_kept(world: World) -> None:
    number = carried_back(world)
    refusal = refused(world, "lin", "goods.take_in", number, promised_at="2026-11-30 18:00")
    assert refusal.field == "promise_because"
    assert str(refusal).startswith("Receipt SZ-R-261123-0001 promises 2026-11-26")
    world.do("lin", "goods.take_in", number, promised_at="2026-11-30 18:00", promise_because="等配件")
    opened = card_of_call(world, number)
    assert (opened.promised_at, opened.first_promised_at) == (at("30 18:00"), at("26 18:00"))
    promises = world.read(repair_cards.promises, opened.id)
    assert [(promise.nth, promise.promised_at, promise.reason) for promise in promises] == [
        (1, at("26 18:00"), ""),
        (2, at("30 18:00"), "等配件"),
    ]


def test_an_article_has_one_open_card(world: World) -> None:
    number = taken_in(world)
    call = card(world, number).call
    sentence = f"The goods are in as SZ-G-261123-0001: {number} is their open repair card."
    assert said(refused(world, "lin", "goods.take_in", call)) == (None, sentence)


def test_a_receipt_for_another_call_of_the_product_is_that_calls(world: World) -> None:
    number = carried_back(world)
    other = world.do(
        "guo", "calls.log", caller="王小明", symptom="漏水", channel="counter", further_because="x"
    ).numbers[0]
    sentence = f"Receipt SZ-R-261123-0001 is out for {number}: take its goods in."
    assert said(refused(world, "lin", "goods.take_in", other)) == (None, sentence)


@pytest.mark.parametrize("channel", ["counter", "courier"])
def test_goods_brought_or_sent_in_come_by_goods_in_alone_receipt_included(world: World, channel: str) -> None:
    number = logged(world, channel=channel)
    done = world.do("lin", "goods.take_in", number, accessories="电源线", condition="新", signer="李四")
    given = receipt(world, done.numbers[2])
    assert (given.state, given.signer, given.accessories, given.condition, given.taken_in) == (
        "issued",
        "李四",
        "电源线",
        "新",
        True,
    )
    row = line(world, number)
    assert (row.state, row.signed, row.technician, row.arrived_at) == ("carried_back", "countersigned", "", None)
    assert visits(world, number) == []
    assert (goods(world, done.numbers[0]).technician, card(world, done.numbers[1]).state) == ("", "waiting")
    assert held(world, given.number) == [("counter", "", given.number)]
    assert row.voucher_holder == "clerk"


def test_a_call_that_was_not_brought_in_is_not_taken_in_without_a_visit(world: World) -> None:
    number = logged(world)
    sentence = f"{number} was not brought or sent in: a technician carries the goods back first."
    assert said(refused(world, "lin", "goods.take_in", number)) == (None, sentence)
    assert greyed(world, "lin", "goods.take_in", number) == sentence


def test_goods_are_not_taken_in_while_their_voucher_is_in_file(world: World) -> None:
    number = logged(world, "ann", channel="counter")
    sentence = f"Voucher {line(world, number).voucher} is still in file: the clerk pulls it first."
    assert said(refused(world, "lin", "goods.take_in", number)) == (None, sentence)
    assert greyed(world, "lin", "goods.take_in", number) == sentence
    world.do("lin", "calls.pull", number)
    world.do("lin", "goods.take_in", number)
    assert line(world, number).state == "carried_back"


def test_a_line_carried_back_before_there_were_receipts_gets_one_at_goods_in(world: World) -> None:
    number = carried_back(world)
    with world.books.writing() as writing:
        writing.connection.exec_driver_sql("DELETE FROM receipts")
        writing.connection.exec_driver_sql("DELETE FROM custody WHERE kind = 'article'")
    done = world.do("lin", "goods.take_in", number)
    assert receipt(world, done.numbers[2]).call == number
    assert goods(world, done.numbers[0]).technician == "chen"


def test_a_remark_is_added_to_what_stands_on_the_line(world: World) -> None:
    taken_in(world)
    world.do("lin", "goods.remark", "SZ-G-261123-0001", remarks="包装破损")
    world.do("lin", "goods.remark", "SZ-G-261123-0001", remarks="客户知悉")
    assert goods(world, "SZ-G-261123-0001").remarks == "包装破损 / 客户知悉"


# Receipts


def test_a_spoilt_receipt_is_void_at_once_and_its_number_is_not_used_again(world: World) -> None:
    number = arrived(world)
    world.do("chen", "calls.carry_back", number, signer="王", accessories="遥控器")
    done = world.do("chen", "receipts.replace", "SZ-R-261123-0001", reason="写错", accessories="无")
    assert done.numbers == ("SZ-R-261123-0001", "SZ-R-261123-0002")
    old, new = receipts_of(world, number)
    assert (old.state, old.void_reason, old.voided_by_name, old.accessories) == ("voided", "写错", "陈明", "遥控器")
    assert (new.state, new.replaces, new.accessories, new.promised_at) == ("issued", old.number, "无", old.promised_at)
    assert held(world, new.number) == [("technician", "chen", old.number), ("technician", "chen", new.number)]
    assert listed(world, "not_taken_in") == [new.number]
    sentence = f"{old.number} is voided: 'Void a spoilt receipt' is not possible."
    assert str(refused(world, "lin", "receipts.replace", old.number, reason="x")) == sentence
    other = carried_back(world, model_no="X-2")
    assert receipts_of(world, other)[0].number == "SZ-R-261123-0003"


def test_a_receipt_replaced_after_goods_in_hangs_on_line_card_and_article(world: World) -> None:
    number = taken_in(world)
    refusal = refused(
        world, "lin", "receipts.replace", "SZ-R-261123-0001", reason="污损", promised_at="2026-11-30 18:00"
    )
    assert said(refusal) == (
        "promised_at",
        "The goods are in as SZ-G-261123-0001: another time is promised on the repair card.",
    )
    world.do("lin", "receipts.replace", "SZ-R-261123-0001", reason="污损")
    assert goods(world, "SZ-G-261123-0001").receipt == card(world, number).receipt == "SZ-R-261123-0002"
    assert held(world, number)[-1] == ("counter", "", "SZ-R-261123-0002")
    assert listed(world, "not_taken_in") == []


def test_a_lost_receipt_needs_the_customers_statement_and_the_supervisors_word(world: World) -> None:
    taken_in(world)
    number = "SZ-R-261123-0001"
    names = refused(world, "lin", "receipts.lose", number)
    assert isinstance(names, RefusedFields)
    assert set(names.refusals) == {"statement", "signer"}
    early = refused(world, "guo", "receipts.confirm", number)
    assert str(early) == f"{number} is issued: 'Confirm the loss' is not possible."
    world.do("lin", "receipts.lose", number, statement="搬家时遗失", signer="王小明")
    row = receipt(world, number)
    assert (row.state, row.lost_statement, row.lost_confirmed_by) == ("lost", "搬家时遗失 / 王小明", "")
    assert refused(world, "lin", "receipts.confirm", number).kind == "rights"
    world.do("guo", "receipts.confirm", number)
    assert receipt(world, number).lost_confirmed_by == "guo"
    sentence = f"The loss of receipt {number} is already confirmed."
    assert str(refused(world, "guo", "receipts.confirm", number)) == sentence
    assert str(refusal_of("receipts.confirm", actor(world, "guo"), receipt(world, number))) == sentence
