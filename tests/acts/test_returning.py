"""Back to the customer: taken along, brought again, returned; nothing closes while something is out.

003 Art. 9-10; states §5.1-5.3; D15, D29.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from servicedesk.acts.act import Target, find, prepare
from servicedesk.domain.words import Refused
from servicedesk.store import custody
from servicedesk.store.goods import RECEIPTS
from tests.acts.faces import open_to_anybody, refused
from tests.acts.rounds import greyed, line, logged
from tests.acts.shop import (
    article,
    beyond_repair,
    call_of,
    card,
    card_greyed,
    goods_of,
    open_card,
    passed,
    repaired,
    unrepaired,
)
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


def notes(world: World, login: str, number: str) -> list[str]:
    """What the form of the return says beside its fields."""
    found = prepare(world.books, login, find("cards.return"), [Target(number)], {}, world.now.astimezone(UTC))
    return [str(sentence) for sentence in found.notes]


def test_the_whole_way_back_closes_every_paper(world: World) -> None:
    number = passed(world)
    call, receipt = call_of(world, number), card(world, number).receipt
    world.do("lin", "calls.take_back", call.number)
    world.at("2026-11-24 09:00")
    world.do("lin", "cards.take_along", number, technician="liu")
    assert (call_of(world, number).voucher_holder, article(world, number)[-1]) == ("technician", "technician")
    world.at("2026-11-24 12:00")
    done = world.do("lin", "cards.return", number, returned_at="11:20", signer="王太太", capacity="family")
    assert str(done.sentence) == f"{number} is returned, signed and sealed by 王太太."
    row, goods = call_of(world, number), goods_of(world, number)
    assert (goods.state, goods.returned_at, goods.returned_by_name, goods.signer) == (
        "out",
        at("24 11:20"),
        "刘洋",
        "王太太",
    )
    assert (goods.receipt_state, goods.receipt_voided_at) == ("voided", at("24 11:20"))
    assert (card(world, number).state, card(world, number).closed_at) == ("closed", at("24 11:20"))
    assert (row.state, row.signed, row.finished_at) == ("returned", "signed_sealed", at("24 11:20"))
    assert article(world, number) == ("technician", "counter", "shelf", "technician", "customer")
    assert world.read(custody.where_is, receipt)[-1].paper == goods.number
    back = f"Voucher {row.voucher} is not back with the clerk: take it back first."
    assert said(refused(world, "lin", "calls.strike_off", call.number)) == (None, back)
    for act in ("calls.take_back", "calls.strike_off", "calls.file"):
        world.do("lin", act, call.number)
    assert (line(world, call.number).state, line(world, call.number).voucher_holder) == ("struck_off", "file")


def test_goods_brought_in_are_returned_at_the_counter_by_the_clerk(world: World) -> None:
    number = open_card(world, logged(world, channel="counter"))
    world.do("guo", "cards.assign", number, technician="chen")
    world.do("chen", "cards.start", number)
    world.do("chen", "cards.finish", number, found="a", work="b", no_parts="y")
    world.do("guo", "cards.pass", number)
    world.do("lin", "cards.return", number)
    assert (goods_of(world, number).returned_by_name, article(world, number)[-1]) == ("林小雨", "customer")
    world.do("lin", "calls.strike_off", card(world, number).call)


@pytest.mark.parametrize("make", [unrepaired, beyond_repair])
def test_what_was_not_repaired_is_returned_as_well(world: World, make: object) -> None:
    assert callable(make)
    number = make(world)
    world.do("chen", "cards.return", number)
    assert (card(world, number).state, goods_of(world, number).state) == ("closed", "out")


def test_a_card_that_is_not_passed_is_not_returned(world: World) -> None:
    number = repaired(world)
    for act in ("cards.return", "cards.take_along", "cards.bring_again"):
        refusal = refused(world, "lin", act, number)
        assert str(refusal).startswith(f"{number} is repaired, to be inspected: ")
        assert card_greyed(world, "lin", act, number) == str(refusal)


def test_a_paid_return_is_charged_the_same_day_and_the_card_waits_for_the_invoice(world: World) -> None:
    number = passed(world)
    world.do("chen", "cards.return", number, fees="labour 80")
    call = call_of(world, number)
    assert (card(world, number).state, call.fee, call.charge) == ("returned", 8000, "assessed")
    world.do("lin", "calls.take_back", call.number)
    refusal = refused(world, "lin", "calls.strike_off", call.number)
    assert str(refusal) == greyed(world, "lin", "calls.strike_off", call.number)
    assert call.number in str(refusal)


def test_over_the_limit_nothing_is_collected_on_the_spot(world: World) -> None:
    number = passed(world)
    refusal = refused(world, "chen", "cards.return", number, fees="labour 5000", collected="y")
    assert (refusal.field, "it is invoiced the same day" in str(refusal)) == ("collected", True)
    world.do("chen", "cards.return", number, fees="labour 80", collected="y")
    assert call_of(world, number).charge == "collected_on_site"


def test_the_receipt_comes_back_or_its_loss_is_confirmed(world: World) -> None:
    number = passed(world)
    receipt = card(world, number).receipt
    undeclared = refused(world, "chen", "cards.return", number, receipt="lost")
    sentence = f"Receipt {receipt} is not declared lost: take the customer's statement first."
    assert said(undeclared) == ("receipt", sentence)
    world.do("lin", "receipts.lose", receipt, statement="遗失", signer="王小明")
    unconfirmed = refused(world, "chen", "cards.return", number)
    assert said(unconfirmed) == (
        "receipt",
        f"Receipt {receipt}: the service supervisor has not confirmed the loss.",
    )
    world.do("guo", "receipts.confirm", receipt)
    world.do("chen", "cards.return", number)
    row = world.read(RECEIPTS.one, receipt)
    assert row is not None
    assert (row.state, row.lost_confirmed_by, row.voided_by_name) == ("voided", "guo", "陈明")


def test_a_receipt_found_again_is_taken_back(world: World) -> None:
    number = passed(world)
    world.do("lin", "receipts.lose", card(world, number).receipt, statement="遗失", signer="王小明")
    world.do("chen", "cards.return", number, receipt="taken_back")
    assert goods_of(world, number).receipt_state == "voided"


def test_a_return_is_not_before_the_pass_and_not_tomorrow(world: World) -> None:
    world.at("2026-11-23 09:00")
    number = repaired(world)
    world.at("2026-11-23 14:00")
    world.do("guo", "cards.pass", number)
    early = refused(world, "chen", "cards.return", number, returned_at="13:00")
    assert (early.field, str(early).endswith("when the repair was passed.")) == ("returned_at", True)
    assert refused(world, "chen", "cards.return", number, returned_at="14:01").field == "returned_at"


def test_the_customer_signs_and_seals_nothing_else_will_do(world: World) -> None:
    number = passed(world)
    assert refused(world, "chen", "cards.return", number, medium="none").field == "medium"


def test_the_voucher_is_needed_for_the_signature(world: World) -> None:
    number = passed(world)
    call = call_of(world, number)
    with world.books.writing() as writing:
        writing.connection.exec_driver_sql("UPDATE vouchers SET holder = 'accountant', holder_id = NULL")
    sentence = f"Voucher {call.voucher} is needed for the customer's signature: pull it first."
    for act in ("cards.return", "cards.take_along"):
        assert said(refused(world, "lin", act, number)) == (None, sentence)
        assert card_greyed(world, "lin", act, number) == sentence


def test_goods_taken_along_come_back_undelivered_with_the_reason(world: World) -> None:
    number = passed(world)
    call = call_of(world, number)
    sentence = f"The goods of {number} are not out: nobody took them along."
    assert said(refused(world, "lin", "cards.bring_again", number, reason="x")) == (None, sentence)
    world.do("liu", "cards.take_along", number)
    again = f"刘洋 has the goods of {number} already."
    assert said(refused(world, "chen", "cards.take_along", number)) == (None, again)
    world.do("lin", "cards.bring_again", number, reason="不在家", place="counter")
    assert article(world, number)[-2:] == ("technician", "counter")
    assert (line(world, call.number).voucher_holder, goods_of(world, number).remarks) == ("clerk", "不在家")
    assert card(world, number).state == "passed"
    world.do("liu", "cards.take_along", number)
    world.do("liu", "cards.return", number)
    assert article(world, number)[-1] == "customer"


def test_only_a_technician_of_the_unit_who_is_here_takes_goods_along(world: World) -> None:
    number = passed(world)
    assert refused(world, "lin", "cards.take_along", number).field == "technician"
    world.do("guo", "staff.absence", "liu", begins="2026-11-23 08:00", ends="2026-11-23 18:00", reason="病假")
    assert said(refused(world, "lin", "cards.take_along", number, technician="liu")) == (
        "technician",
        "刘洋 is absent: 病假.",
    )


def test_the_form_says_that_a_loan_unit_is_out(world: World) -> None:
    number = passed(world)
    assert notes(world, "chen", number) == []
    world.do("lin", "loans.enter", code="LB-1", name="风扇")
    world.do("lin", "loans.lend", "LB-1", call=card(world, number).call)
    assert notes(world, "chen", number) == ["Loan slip SZ-U-261123-0001 is open: bring the loan unit back with you."]


def test_a_returned_line_is_struck_off_only_signed_and_sealed(world: World) -> None:
    number = passed(world)
    world.do("chen", "cards.return", number)
    call = call_of(world, number)
    world.do("lin", "calls.take_back", call.number)
    with world.books.writing() as writing:
        writing.connection.exec_driver_sql("UPDATE calls SET signed = 'countersigned'")
    sentence = f"The customer's signature on voucher {call.voucher} is missing."
    assert said(refused(world, "lin", "calls.strike_off", call.number)) == (None, sentence)
    assert greyed(world, "lin", "calls.strike_off", call.number) == sentence


@pytest.mark.parametrize(
    ("statement", "column"),
    [
        ("UPDATE receipts SET state = 'issued'", "receipt"),
        ("UPDATE goods SET state = 'passed'", "goods"),
        ("UPDATE repair_cards SET parts_due = 1", "number"),
    ],
)
def test_nothing_is_struck_off_while_receipt_goods_or_a_part_is_out(world: World, statement: str, column: str) -> None:
    number = passed(world)
    world.do("chen", "cards.return", number)
    call = card(world, number).call
    world.do("lin", "calls.take_back", call)
    with world.books.writing() as writing:
        writing.connection.exec_driver_sql(statement)
    sentence = f"{call} has still to be settled: {getattr(card(world, number), column)}."
    assert said(refused(world, "lin", "calls.strike_off", call)) == (None, sentence)
