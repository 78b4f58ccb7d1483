"""The part list, stock, requisitions for the shelf, parts used on site (003 Art. 9; forms §3.5, §3.12)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from servicedesk.acts.imports import BadLines
from servicedesk.domain.parts import PartRow, RequisitionRow
from servicedesk.store import parts, tables
from servicedesk.store.session import Reading, table_of
from tests.acts.faces import command, open_to_anybody, refused
from tests.acts.rounds import DONE, arrived, last_audit, line
from tests.world import World

PRICES = {"price": "120", "cost": "80"}


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    made = open_to_anybody(World(database_url))
    made.do("lin", "parts.enter", number="qdq-201", name="启动器", measure="只", minimum="2", **PRICES)
    made.do("lin", "parts.enter", number="QDQ-202", name="启动电容", price="35")
    yield made
    # Whatever the test did: stock is the sum of what was booked.
    assert made.read(sums) == made.read(stocks)
    made.close()


def stocks(reading: Reading) -> dict[tuple[int, int], int]:
    """What every unit has of every part."""
    of = table_of(tables.Stock).c
    return {
        (row.unit_id, row.part_id): row.quantity for row in reading.all(select(of.unit_id, of.part_id, of.quantity))
    }


def sums(reading: Reading) -> dict[tuple[int, int], int]:
    """What the movements of every part come to."""
    of = table_of(tables.StockMove).c
    found = reading.all(select(of.unit_id, of.part_id, func.sum(of.quantity)).group_by(of.unit_id, of.part_id))
    return dict.fromkeys(stocks(reading), 0) | {(row[0], row[1]): int(row[2]) for row in found}


def part(world: World, number: str = "QDQ-201", unit: str = "SZ") -> PartRow:
    found = world.read(parts.one, number, unit)
    assert found is not None
    return found


def requisition(world: World, number: str) -> RequisitionRow:
    found = world.read(parts.REQUISITIONS.one, number)
    assert found is not None
    return found


def moves(world: World, number: str = "QDQ-201") -> list[tuple[str, int, str]]:
    return [(move.kind, move.quantity, move.paper) for move in world.read(parts.moves, part(world, number))]


# The list


def test_a_part_is_entered_once_for_all_units_with_the_minimum_of_the_own_one(world: World) -> None:
    row = part(world)
    assert (row.number, row.name, row.measure, row.price, row.cost, row.currency) == (
        "QDQ-201",
        "启动器",
        "只",
        12000,
        8000,
        "CNY",
    )
    assert (row.quantity, row.minimum, row.short, row.active) == (0, 2, True, True)
    assert part(world, unit="BJ").minimum == 0
    assert not part(world, unit="BJ").short
    refusal = refused(world, "lin", "parts.enter", number="ＱＤＱ-201", name="x")
    assert (refusal.field, str(refusal)) == ("number", "Part QDQ-201 is in the list already.")
    refusal = refused(world, "lin", "parts.enter", number="x" * 41, name="x")
    assert (refusal.field, str(refusal)) == ("number", "A part number has no semicolon and at most 40 signs.")
    assert refused(world, "lin", "parts.enter", number="X-1", name="x", price="-1").field == "price"
    assert refused(world, "lin", "parts.enter", number="X-1", name="x", minimum="-1").field == "minimum"


def test_a_new_unit_has_a_stock_line_of_every_part(world: World) -> None:
    world.do("adm", "units.enter", code="GZ", name="广州", kind="branch", timezone="Asia/Shanghai")
    assert part(world, unit="GZ").quantity == 0


def test_a_part_is_corrected_and_found_by_its_new_name(world: World) -> None:
    world.do("lin", "parts.correct", "QDQ-201", name="重锤启动器", price="130", minimum="5")
    row = part(world)
    assert (row.name, row.price, row.cost, row.minimum, row.changed_by) == ("重锤启动器", 13000, 8000, 5, "林小雨")
    assert [found.number for found in world.read(parts.find, "zcqdq", "SZ")] == ["QDQ-201"]
    assert last_audit(world)["changed"]["QDQ-201"] == {
        "minimum": [2, 5],
        "name": ["启动器", "重锤启动器"],
        "price": [12000, 13000],
    }
    assert str(refused(world, "lin", "parts.correct", "QDQ-201")) == "Nothing is changed on part QDQ-201."
    world.do("bjclerk", "parts.correct", "QDQ-201", minimum="1")
    assert (part(world).minimum, part(world, unit="BJ").minimum) == (5, 1)


def test_a_part_out_of_use_is_not_found_by_a_fragment_but_by_its_whole_number(world: World) -> None:
    world.do("lin", "parts.arrive", parts="QDQ-202 2")
    world.do("lin", "parts.correct", "QDQ-202", active="no")
    refusal = refused(world, "lin", "parts.send_back", parts="202 1", reason="停用")
    assert (refusal.field, str(refusal)) == ("parts", "Line 1: “202” is not found: type another part of it.")
    world.do("lin", "parts.send_back", parts="qdq-202 2", reason="停用")
    assert part(world, "QDQ-202").quantity == 0


LIST = """零件编号,零件名称,计量单位,单价,成本
ysj-1,压缩机,台,"1,350.00",900
QDQ-201,启动器,只,120,80
F-1,滤网,,,
"""


def test_a_part_list_is_imported_and_the_same_line_again_does_no_harm(world: World, tmp_path: Path) -> None:
    path = tmp_path / "parts.csv"
    path.write_text(LIST, encoding="utf-8")
    done = world.do("adm", "parts.import", path=str(path))
    assert str(done.sentence) == "2 lines taken, 1 there already, 0 left out."
    row = part(world, "YSJ-1", "BJ")
    assert (row.name, row.measure, row.price, row.cost, row.quantity) == ("压缩机", "台", 135000, 90000, 0)
    assert [found.number for found in world.read(parts.find, "lw", "SZ")] == ["F-1"]
    assert str(world.do("adm", "parts.import", path=str(path)).sentence) == (
        "0 lines taken, 3 there already, 0 left out."
    )


def test_lines_of_a_part_list_that_cannot_be_are_named(world: World, tmp_path: Path) -> None:
    path = tmp_path / "parts.csv"
    path.write_text(LIST + ",无号,,1,1\nX-1,,,1,1\nX-2,名,,多,1\nF-1,别名,,,\nQDQ-201,启动器,只,99,80\n")
    with pytest.raises(BadLines) as caught:
        world.do("adm", "parts.import", path=str(path))
    assert [(problem.number, str(problem.reason)) for problem in caught.value.plan.problems] == [
        (5, "A part number has no semicolon and at most 40 signs."),
        (6, "The part has no name."),
        (7, "Enter an amount in digits, like 120, 120.50 or 1,200."),
        (8, "Part F-1 is in the list already."),
        (9, "Part QDQ-201 is in the list already."),
    ]
    ran = command(world, "adm", "import", "parts", str(path), "--skip-bad")
    assert (ran.code, ran.out) == (0, "2\n")


# Stock


def test_what_comes_goes_back_and_is_counted_moves_the_stock(world: World) -> None:
    done = world.do("lin", "parts.arrive", parts="201 5; 启动电容", paper="D-77")
    assert str(done.sentence) == "Booked in: 5 × QDQ-201, 1 × QDQ-202."
    assert done.numbers == ("QDQ-201", "QDQ-202")
    world.do("lin", "parts.send_back", parts="QDQ-201 2", reason="规格不符")
    assert part(world).quantity == 3
    assert part(world, unit="BJ").quantity == 0
    done = world.do("guo", "parts.count", parts="QDQ-201 4\nQDQ-202 1", remark="月底")
    assert str(done.sentence) == "Differences are booked: QDQ-201 4 counted, 3 in the books."
    assert moves(world) == [("count", 1, ""), ("return", -2, ""), ("arrival", 5, "D-77")]
    assert moves(world, "QDQ-202") == [("arrival", 1, "D-77")]
    done = world.do("guo", "parts.count", parts="QDQ-201 4; QDQ-202 1")
    assert str(done.sentence) == "Counted: 2 parts, all as in the books."
    world.do("guo", "parts.count", parts="QDQ-201 0")
    assert part(world).quantity == 0


def test_stock_never_falls_below_zero_and_the_refusal_says_what_is_there(world: World) -> None:
    refusal = refused(world, "lin", "parts.send_back", parts="QDQ-201", reason="x")
    assert str(refusal) == "Line 1: no QDQ-201 is in stock: book in what has come, or ask for it."
    world.do("lin", "parts.arrive", parts="QDQ-201 3")
    refusal = refused(world, "lin", "parts.send_back", parts="QDQ-201 2; QDQ-201 2", reason="x")
    assert (refusal.field, str(refusal)) == ("parts", "Line 2: the stock holds only 1 of QDQ-201.")
    assert part(world).quantity == 3


def test_a_line_that_may_mean_several_parts_names_them(world: World) -> None:
    refusal = refused(world, "lin", "parts.arrive", parts="QDQ-201 1; qdq 2")
    assert (refusal.field, str(refusal)) == (
        "parts",
        "Line 2: “qdq” may be several: QDQ-201 启动器, QDQ-202 启动电容. Type more of it, or its number.",
    )


@pytest.mark.parametrize(
    ("act", "typed", "said"),
    [
        ("parts.arrive", {}, "Parts is required."),
        ("parts.arrive", {"parts": "QDQ-201 0"}, "A quantity is a number from 1 to 9999."),
        ("parts.arrive", {"parts": "QDQ-201 10000"}, "A quantity is a number from 1 to 9999."),
        ("parts.arrive", {"parts": "nothing 2"}, "Line 1: “nothing” is not found: type another part of it."),
        ("parts.send_back", {"parts": "QDQ-201"}, "Reason is required."),
        ("parts.count", {"parts": "QDQ-201"}, "'QDQ-201' is no count: write for example 'QDQ-201 4'."),
        ("parts.count", {"parts": "QDQ-201 1; 201 2"}, "Line 2: QDQ-201 is counted twice."),
        ("requisitions.ask", {"parts": "QDQ-201 0"}, "A quantity is a number from 1 to 9999."),
    ],
)
def test_what_cannot_be_booked_is_refused_in_its_own_words(
    world: World, act: str, typed: dict[str, Any], said: str
) -> None:
    login = "guo" if act == "parts.count" else "lin"
    assert str(refused(world, login, act, **typed)) == said


def test_values_are_refused_like_typed_words(world: World) -> None:
    for lines in ([], [{"part": "QDQ-201", "quantity": -5}], [{"part": "QDQ-201", "quantity": 10**6}]):
        with pytest.raises(Exception, match=r"Enter at least one part|cannot be read"):
            world.do("lin", "parts.arrive", parts=lines)


# Requisitions for the shelf


def test_what_was_asked_for_arrives_the_oldest_first_and_in_parts(world: World) -> None:
    first, second = world.do("chen", "requisitions.ask", parts="201 3; 201 2").numbers
    assert (first, second) == ("SZ-M-261123-0001", "SZ-M-261123-0002")
    assert part(world).on_order == 5
    world.do("lin", "parts.arrive", parts="QDQ-201 2")
    assert [(requisition(world, number).state, requisition(world, number).arrived) for number in (first, second)] == [
        ("open", 2),
        ("open", 0),
    ]
    assert part(world).on_order == 3
    world.at("2026-11-24 09:00")
    world.do("lin", "parts.arrive", parts="QDQ-201 2")
    assert [requisition(world, number).state for number in (first, second)] == ["arrived", "open"]
    assert requisition(world, first).arrived_at is not None
    assert (requisition(world, first).technician, requisition(world, first).card) == ("chen", "")
    assert part(world).on_order == 1


def test_what_comes_to_another_unit_is_not_for_ours(world: World) -> None:
    (number,) = world.do("lin", "requisitions.ask", parts="QDQ-201").numbers
    world.do("bjclerk", "parts.arrive", parts="QDQ-201")
    assert requisition(world, number).state == "open"
    assert (part(world).quantity, part(world, unit="BJ").quantity) == (0, 1)


def test_a_requisition_is_cancelled_with_a_reason_once(world: World) -> None:
    (number,) = world.do("lin", "requisitions.ask", parts="QDQ-201 4").numbers
    world.do("lin", "parts.arrive", parts="QDQ-201")
    assert str(refused(world, "lin", "requisitions.cancel", number)) == "Reason is required."
    done = world.do("lin", "requisitions.cancel", number, reason="停产")
    assert str(done.sentence) == f"{number} is cancelled."
    row = requisition(world, number)
    assert (row.state, row.reason, row.outstanding) == ("cancelled", "停产", 0)
    assert (part(world).on_order, part(world).quantity) == (0, 1)
    assert str(refused(world, "lin", "requisitions.cancel", number, reason="x")) == (
        f"{number} is cancelled: 'Cancel a requisition' is not possible."
    )


# On site


def used(world: World) -> list[tuple[str, int, bool]]:
    of = table_of(tables.PartUsed).c
    with world.books.reading() as reading:
        return [
            (row.name, row.quantity, row.part_id is not None)
            for row in reading.all(select(of.name, of.quantity, of.part_id).order_by(of.id))
        ]


def test_a_part_number_on_the_voucher_takes_from_stock_and_other_words_do_not(world: World) -> None:
    world.do("lin", "parts.arrive", parts="QDQ-201 3")
    number = arrived(world)
    world.do("chen", "calls.finish", number, **DONE, parts="qdq-201 2; 启动电容")
    assert used(world) == [("qdq-201", 2, True), ("启动电容", 1, False)]
    assert moves(world) == [("use", -2, number), ("arrival", 3, "")]
    assert part(world, "QDQ-202").quantity == 0


def test_on_site_no_more_is_used_than_there_is(world: World) -> None:
    world.do("lin", "parts.arrive", parts="QDQ-201")
    number = arrived(world)
    refusal = refused(world, "chen", "calls.finish", number, **DONE, parts="铜管 2; QDQ-201 2")
    assert (refusal.field, str(refusal)) == ("parts", "Line 2: the stock holds only 1 of QDQ-201.")
    assert line(world, number).state == "arrived"
    assert used(world) == []
