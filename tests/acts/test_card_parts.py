"""Parts lines of a repair card, waiting for parts and going on (003 Art. 9; forms §3.5; states §5.3)."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from servicedesk.domain.repair_cards import PartLineRow
from servicedesk.domain.words import Refused
from servicedesk.store import parts, repair_cards
from tests.acts.faces import open_to_anybody, refused
from tests.acts.rounds import logged
from tests.acts.shop import assigned, card, card_greyed, in_repair, on_the_clock, taken_in
from tests.acts.test_parts import moves, part, requisition, stocks, sums
from tests.world import World

CONTRACT = {"number": "HT-1", "customer": "000001", "starts_on": "2026-01-01", "ends_on": "2026-12-31"}


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    made = open_to_anybody(World(database_url))
    made.do("lin", "parts.enter", number="QDQ-201", name="启动器", price="120")
    made.do("lin", "parts.enter", number="QDQ-202", name="启动电容", price="35.50")
    made.do("lin", "parts.arrive", parts="QDQ-201 5; QDQ-202 5")
    yield made
    # Whatever the test did: stock is the sum of what was booked.
    assert made.read(sums) == made.read(stocks)
    made.close()


def lines(world: World, number: str) -> list[PartLineRow]:
    return world.read(repair_cards.part_lines, card(world, number).id)


def short(world: World, number: str) -> list[tuple[str, int, int, str, int, str]]:
    """Part, quantity, price, basis, amount, old part of each line."""
    return [
        (row.part, row.quantity, row.unit_price, row.basis, row.amount, row.old_part) for row in lines(world, number)
    ]


# Lines


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("QDQ-201", {"part": "QDQ-201"}),
        ("QDQ-201 2", {"part": "QDQ-201", "quantity": 2}),
        ("qdq 2 list", {"part": "qdq", "quantity": 2, "basis": "list"}),
        ("启动器 1 warranty kept", {"part": "启动器", "quantity": 1, "basis": "warranty", "old_part": "kept"}),
        ("qdq l g", {"part": "qdq", "basis": "list", "old_part": "given_back"}),
        ("qdq scrapped agreed 50", {"part": "qdq", "basis": "agreed", "price": 5000, "old_part": "scrapped"}),
        ("qdq no_charge none", {"part": "qdq", "basis": "no_charge", "old_part": "none"}),
        ("power board 3 w", {"part": "power board", "quantity": 3, "basis": "warranty"}),
        ("12 2", {"part": "12", "quantity": 2}),
    ],
)
def test_a_line_is_a_few_characters(world: World, typed: str, meant: dict[str, object]) -> None:
    from servicedesk.acts.cards.parts import CardPartLine

    class Shenzhen:
        now = world.now
        zone = "Asia/Shanghai"
        currency = "CNY"

    assert CardPartLine.parse(typed, Shenzhen()) == meant


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("QDQ-201 0", "A quantity is a number from 1 to 9999."),
        ("QDQ-201 2 x", "'QDQ-201 2 x' is no parts line: write for example 'QDQ-201 2 list kept'."),
        ("QDQ-201 2 no", "'QDQ-201 2 no' is no parts line: write for example 'QDQ-201 2 list kept'."),
        ("QDQ-201 2 3", "'QDQ-201 2 3' is no parts line: write for example 'QDQ-201 2 list kept'."),
        ("QDQ-201 agreed", "Enter an amount in digits, like 120, 120.50 or 1,200."),
        ("QDQ-201 agreed much", "Enter an amount in digits, like 120, 120.50 or 1,200."),
        ("qdq", "Line 1: “qdq” may be several: QDQ-201 启动器, QDQ-202 启动电容. Type more of it, or its number."),
        ("QDQ-201;压缩机", "Line 2: “压缩机” is not found: type another part of it."),
        ("QDQ-201 4; QDQ-201 2", "Line 2: the stock holds only 1 of QDQ-201."),
        ("", "Parts is required."),
    ],
)
def test_a_line_that_cannot_be_is_refused_on_its_field(world: World, typed: str, said: str) -> None:
    number = in_repair(world)
    refusal = refused(world, "chen", "cards.parts", number, parts=typed)
    assert (refusal.field, str(refusal)) == ("parts", said)
    assert lines(world, number) == []
    assert part(world).quantity == 5


def test_parts_come_from_the_units_stock_at_the_price_of_the_list(world: World) -> None:
    number = in_repair(world)
    done = world.do("chen", "cards.parts", number, parts="201 2; 启动电容 1 agreed 30 given_back")
    assert str(done.sentence) == f"On {number}: 2 × QDQ-201, 1 × QDQ-202."
    assert short(world, number) == [
        ("QDQ-201", 2, 12000, "list", 24000, "kept"),
        ("QDQ-202", 1, 3000, "agreed", 3000, "given_back"),
    ]
    assert (part(world).quantity, part(world, "QDQ-202").quantity) == (3, 4)
    assert moves(world)[0] == ("use", -2, number)
    world.do("lin", "parts.correct", "QDQ-201", price="150")
    world.do("chen", "cards.parts", number, parts="QDQ-201 no_charge")
    assert short(world, number)[0][2] == 12000
    assert short(world, number)[2] == ("QDQ-201", 1, 15000, "no_charge", 0, "kept")
    assert [row.line for row in lines(world, number)] == [1, 2, 3]


def test_on_a_free_job_parts_are_under_warranty_unless_said_otherwise(world: World) -> None:
    number = in_repair(world, warranty_until="2027-01-01")
    assert card(world, number).service_type == "C"
    world.do("chen", "cards.parts", number, parts="QDQ-201; QDQ-202 2 list")
    assert [row[3:5] for row in short(world, number)] == [("warranty", 0), ("list", 7100)]


@pytest.mark.parametrize(("covers", "basis", "amount"), [("y", "contract", 0), ("n", "list", 12000)])
def test_on_a_contract_job_the_contract_says_whether_parts_are_covered(
    world: World, covers: str, basis: str, amount: int
) -> None:
    world.do("lin", "calls.cancel", logged(world), reason="later")
    world.do("lin", "contracts.enter", **CONTRACT, covers_parts=covers)
    number = in_repair(world, caller="000001", model_no="SZ-V-000001")
    assert card(world, number).service_type == "B"
    world.do("chen", "cards.parts", number, parts="QDQ-201")
    assert short(world, number) == [("QDQ-201", 1, 12000, basis, amount, "kept")]


def test_a_part_in_another_currency_has_no_list_price_here(world: World) -> None:
    world.do("adm", "units.enter", code="TP", name="台北", kind="branch", timezone="Asia/Taipei", currency="TWD")
    world.do("adm", "staff.enter", login="hu", name="胡", unit="TP", roles="clerk")
    world.do("hu", "parts.enter", number="TP-9", name="面板", price="500")
    world.do("lin", "parts.arrive", parts="TP-9")
    number = in_repair(world)
    refusal = refused(world, "chen", "cards.parts", number, parts="TP-9")
    assert str(refusal) == "Line 1: TP-9 is priced in TWD: agree on a price."
    assert str(refused(world, "lin", "parts.correct", "TP-9", price="60")) == "Part TP-9 is priced in TWD."
    world.do("chen", "cards.parts", number, parts="TP-9 agreed 120")
    assert short(world, number) == [("TP-9", 1, 12000, "agreed", 12000, "kept")]


def test_parts_go_in_only_while_the_card_is_in_repair(world: World) -> None:
    number = assigned(world)
    assert str(refused(world, "chen", "cards.parts", number, parts="QDQ-201")) == (
        f"{number} is waiting for repair: 'Enter parts' is not possible."
    )
    assert card_greyed(world, "chen", "cards.parts", number) == (
        f"{number} is waiting for repair: 'Enter parts' is not possible."
    )


def test_no_chargeable_part_goes_in_while_the_estimate_waits_for_the_customers_word(world: World) -> None:
    number = in_repair(world)
    world.do("lin", "cards.estimate", number, amount="300")
    said = "Line 1: no chargeable part before the customer's word on the estimate."
    assert str(refused(world, "chen", "cards.parts", number, parts="QDQ-201 list")) == said
    world.do("chen", "cards.parts", number, parts="QDQ-201 warranty")
    world.do("lin", "cards.approve", number)
    world.do("chen", "cards.parts", number, parts="QDQ-201 list")


# Taken out again


def test_a_part_taken_out_goes_back_to_stock_and_its_line_stays(world: World) -> None:
    number = in_repair(world)
    world.do("chen", "cards.parts", number, parts="QDQ-201 2; QDQ-202")
    assert str(refused(world, "chen", "cards.take_out", number, reason="x")) == "Line is required."
    done = world.do("chen", "cards.take_out", number, line="1", reason="装错")
    assert str(done.sentence) == f"Taken out of {number}, back in stock: 2 × QDQ-201."
    assert [(row.part, row.taken_out) for row in lines(world, number)] == [("QDQ-201", True), ("QDQ-202", False)]
    assert part(world).quantity == 5
    assert moves(world)[0] == ("back", 2, number)
    refusal = refused(world, "chen", "cards.take_out", number, line="1", reason="x")
    assert (refusal.field, str(refusal)) == ("line", "Line 1 is taken out already.")
    refusal = refused(world, "chen", "cards.take_out", number, line="7", reason="x")
    assert (refusal.field, str(refusal)) == ("line", f"{number} has no parts line 7: 2 QDQ-202.")
    world.do("chen", "cards.parts", number, parts="QDQ-201")
    assert [row.line for row in lines(world, number)] == [1, 2, 3]


def test_the_only_line_need_not_be_named(world: World) -> None:
    number = in_repair(world)
    world.do("chen", "cards.parts", number, parts="QDQ-201")
    world.do("chen", "cards.take_out", number, reason="不需要")
    assert part(world).quantity == 5
    refusal = refused(world, "chen", "cards.take_out", number, line="2", reason="x")
    assert str(refusal) == f"{number} has no parts lines."


# Waiting


def test_a_card_waits_until_all_its_parts_are_booked_in(world: World) -> None:
    number = on_the_clock(world)
    world.at("2026-11-23 09:40")
    done = world.do("chen", "cards.wait", number, parts="201 7; 启动电容 6")
    first, second = done.numbers[1:]
    assert str(done.sentence) == f"{number} waits for parts: {first}, {second}."
    row = card(world, number)
    assert (row.state, row.parts_due, row.running_since, row.minutes) == ("waiting_parts", 2, None, 40)
    assert (requisition(world, first).card, requisition(world, first).technician) == (number, "chen")
    assert [asked.number for asked in world.read(parts.of_card, row.id)] == [first, second]

    said = f"{number} still waits for parts: 2 to come."
    assert str(refused(world, "chen", "cards.resume", number)) == said
    assert card_greyed(world, "chen", "cards.resume", number) == said

    world.at("2026-11-24 10:00")
    assert str(world.do("lin", "parts.arrive", parts="QDQ-201 7").sentence) == "Booked in: 7 × QDQ-201."
    assert card(world, number).parts_due == 1
    done = world.do("lin", "parts.arrive", parts="QDQ-202 6")
    assert str(done.sentence) == f"Booked in: 6 × QDQ-202. All parts are here for {number}: resume the repair."
    assert done.next == ("cards.resume",)
    assert number in done.numbers
    row = card(world, number)
    assert (row.state, row.parts_due) == ("waiting_parts", 0)

    world.at("2026-11-24 10:30")
    world.do("chen", "cards.resume", number)
    row = card(world, number)
    assert (row.state, row.running_by) == ("in_repair", "chen")
    assert row.running_since == world.at("2026-11-24 10:30")


def test_both_requisitions_of_a_card_may_come_in_one_arrival(world: World) -> None:
    number = in_repair(world)
    world.do("chen", "cards.wait", number, parts="QDQ-201; QDQ-202; QDQ-201")
    done = world.do("lin", "parts.arrive", parts="QDQ-201 2; QDQ-202")
    assert str(done.sentence) == (
        f"Booked in: 2 × QDQ-201, 1 × QDQ-202. All parts are here for {number}: resume the repair."
    )
    assert card(world, number).parts_due == 0


def test_the_card_that_asked_first_is_served_first(world: World) -> None:
    first = in_repair(world)
    second = in_repair(world, "liu", customer="李大海", model_no="B-1")
    world.do("chen", "cards.wait", first, parts="QDQ-201 2")
    world.do("liu", "cards.wait", second, parts="QDQ-201")
    done = world.do("lin", "parts.arrive", parts="QDQ-201 2")
    assert str(done.sentence) == f"Booked in: 2 × QDQ-201. All parts are here for {first}: resume the repair."
    assert [card(world, number).parts_due for number in (first, second)] == [0, 1]


def test_a_requisition_that_is_cancelled_wakes_its_card_too(world: World) -> None:
    number = in_repair(world)
    _, first, second = world.do("chen", "cards.wait", number, parts="QDQ-201; QDQ-202").numbers
    assert str(world.do("lin", "requisitions.cancel", first, reason="停产").sentence) == f"{first} is cancelled."
    done = world.do("lin", "requisitions.cancel", second, reason="停产")
    assert str(done.sentence) == f"{second} is cancelled; {number} waits for nothing more."
    assert done.next == ("cards.resume",)
    world.do("lin", "cards.resume", number)
    assert card(world, number).state == "in_repair"


def test_waiting_needs_a_part_by_name_and_a_true_time(world: World) -> None:
    number = on_the_clock(world)
    assert str(refused(world, "chen", "cards.wait", number)) == "Parts is required."
    refusal = refused(world, "chen", "cards.wait", number, parts="压缩机")
    assert str(refusal) == "Line 1: “压缩机” is not found: type another part of it."
    refusal = refused(world, "chen", "cards.wait", number, parts="QDQ-201", stopped_at="2026-11-23 10:00")
    assert refusal.field == "stopped_at"
    assert card(world, number).state == "in_repair"
    assert str(refused(world, "chen", "cards.resume", number)) == (
        f"{number} is in repair: 'Resume the repair' is not possible."
    )


def test_resuming_starts_one_clock_only(world: World) -> None:
    waiting = in_repair(world)
    world.do("chen", "cards.wait", waiting, parts="QDQ-201")
    world.do("lin", "parts.arrive", parts="QDQ-201")
    other = on_the_clock(world, customer="李大海", model_no="B-1")
    refusal = refused(world, "chen", "cards.resume", waiting)
    assert str(refusal) == f"The clock runs on {other}: stop it there first."


def test_a_card_that_nobody_started_neither_waits_nor_takes_parts_out(world: World) -> None:
    number = taken_in(world)
    for act, label in (("cards.wait", "Wait for parts"), ("cards.take_out", "Take a part out again")):
        said = f"{number} is waiting for repair: '{label}' is not possible."
        assert str(refused(world, "lin", act, number)) == said
        assert card_greyed(world, "lin", act, number) == said


# Always


def test_stock_is_the_sum_of_its_movements_whatever_is_done(sqlite_url: str) -> None:
    """Three hundred acts drawn by lot; those that are refused leave nothing behind."""
    world, dice, refusals = World(sqlite_url), random.Random(11), 0
    numbers = [f"P-{count}" for count in range(4)]
    for number in numbers:
        world.do("lin", "parts.enter", number=number, name=number)
    cards = [in_repair(world), in_repair(world, "liu", customer="李大海", model_no="B-1")]
    for _ in range(300):
        given = "; ".join(f"{dice.choice(numbers)} {dice.randrange(1, 6)}" for _ in range(dice.randrange(1, 3)))
        number = dice.choice(cards)
        act, login, targets, typed = dice.choice(
            [
                ("parts.arrive", "lin", (), {"parts": given}),
                ("parts.send_back", "lin", (), {"parts": given, "reason": "x"}),
                ("parts.count", "guo", (), {"parts": given}),
                ("requisitions.ask", "chen", (), {"parts": given}),
                ("cards.parts", "lin", (number,), {"parts": given}),
                ("cards.take_out", "lin", (number,), {"line": str(dice.randrange(1, 9)), "reason": "x"}),
                ("cards.wait", "lin", (number,), {"parts": given}),
                ("cards.resume", "lin", (number,), {}),
                ("cards.stop", "lin", (number,), {}),
            ]
        )
        try:
            world.do(login, act, *targets, **typed)
        except Refused:
            refusals += 1
        held = world.read(stocks)
        assert held == world.read(sums)
        assert min(held.values()) >= 0
        for row in (card(world, number) for number in cards):
            open_ones = [asked for asked in world.read(parts.of_card, row.id) if asked.state == "open"]
            assert row.parts_due == len(open_ones)
    assert 50 < refusals < 250
    world.close()
