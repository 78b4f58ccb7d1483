"""Goods, receipts, custody, parts, requisitions and loan units on screen; then a look at the books."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from servicedesk.store.goods import GOODS, RECEIPTS
from servicedesk.store.loans import LOAN_UNITS
from servicedesk.store.parts import REQUISITIONS
from servicedesk.store.repair_cards import CARDS
from servicedesk.tui.screens.goods import GoodsLineScreen
from servicedesk.tui.screens.parts import PartScreen
from servicedesk.tui.screens.repair_card import RepairCardScreen
from tests.tui.scenes import painted
from tests.tui.test_calls_screen import desk_of, press
from tests.tui.test_register_screen import last_line, listed, opened, title
from tests.tui.test_register_screen import world as monday
from tests.world import World

world = monday


async def to(pilot: Pilot[None], place: str) -> None:
    """Go to a place by its name."""
    await opened(pilot, "0", *place, "enter")


async def test_the_goods_register_lists_what_is_here_and_leads_to_the_card(world: World) -> None:
    app = desk_of(world, "lin")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await to(pilot, "goods register")
        assert title(app).startswith("Goods in/out register: not out again   in the unit 5   sent out 0")
        assert painted(app).splitlines()[6].startswith("!1120-0002")
        await press(pilot, "end", "enter")
        assert isinstance(app.screen, GoodsLineScreen)
        await press(pilot, "f4", *"scratched", "f2")
        assert "scratched" in painted(app)
        await press(pilot, "K")
        assert isinstance(app.screen, RepairCardScreen)
        await press(pilot, "escape", "escape")
        assert len(listed(app)) == 5
    app.door.close()
    row = world.read(GOODS.one, "SZ-G-261120-0001")
    assert row is not None
    assert row.remarks == "scratched"


async def test_what_was_carried_back_is_taken_in_from_its_receipt(world: World) -> None:
    app = desk_of(world, "lin")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await to(pilot, "goods receipts")
        assert title(app).startswith("Goods receipts: carried back, not taken in   not taken in 1")
        assert listed(app) == ["SZ-R-261120-0004"]
        await press(pilot, "w", "f2")
        assert listed(app) == []
        assert "Everything that was carried back is taken in." in painted(app)
        await press(pilot, "v", "v")
        assert "1123-0001" in painted(app).splitlines()[3]
    app.door.close()
    receipt = world.read(RECEIPTS.one, "SZ-R-261120-0004")
    assert receipt is not None
    assert receipt.taken_in
    card = world.read(CARDS.one, "SZ-K-261123-0001")
    assert card is not None
    assert card.customer_name == "黄志伟"


@pytest.mark.parametrize("typed", ["SZ-R-261118-0001", "1118-1", "K-1120-1", "SZ-G-261120-0001"])
async def test_where_a_thing_is_and_since_when_is_asked_by_any_number_on_it(world: World, typed: str) -> None:
    app = desk_of(world, "lin")
    async with app.run_test(size=(80, 24)) as pilot:
        await to(pilot, "who holds")
        assert title(app).startswith("Who holds what: all   at the counter 5   with technicians 7")
        await press(pilot, "slash", *typed, "enter")
        held = painted(app).splitlines()[3:5]
        assert ["at the counter" in held[0], "陈明" in held[1]] == [True, True]
        assert "at the counter since Fri 20 Nov 13:50" in painted(app)
    app.door.close()


async def test_who_has_what_is_a_view_for_each_kind_of_holder(world: World) -> None:
    app = desk_of(world, "guo")
    async with app.run_test(size=(80, 24)) as pilot:
        await to(pilot, "who holds")
        await press(pilot, "v")
        assert (title(app).startswith("Who holds what: at the counter"), len(listed(app))) == (True, 5)
        await press(pilot, "v")
        assert (title(app).startswith("Who holds what: with the technician"), len(listed(app))) == (True, 7)
    app.door.close()


async def test_parts_are_entered_found_and_booked_in(world: World) -> None:
    app = desk_of(world, "lin")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await to(pilot, "parts")
        assert title(app).startswith("Parts: all   too few 2")
        assert last_line(app).startswith("F1 Help  Enter Open  F3 Find  v Views  F2 New part")
        await press(pilot, "a", *"psb 4", "f2", "slash", *"psb", "enter", "enter")
        assert isinstance(app.screen, PartScreen)
        assert "arrival" in painted(app)
        assert "+4" in painted(app)
    app.door.close()
    asked = world.read(REQUISITIONS.one, "SZ-M-261120-0001")
    assert asked is not None
    assert asked.state == "arrived"


async def test_a_requisition_is_cancelled_with_its_reason(world: World) -> None:
    app = desk_of(world, "lin")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await to(pilot, "requisitions")
        assert listed(app) == ["SZ-M-261120-0001"]
        await press(pilot, "x", *"found one", "f2")
        assert "No part is asked for. F2 asks for one." in painted(app)
    app.door.close()
    asked = world.read(REQUISITIONS.one, "SZ-M-261120-0001")
    assert asked is not None
    assert asked.state == "cancelled"


async def test_a_loan_unit_is_entered_and_lent(world: World) -> None:
    world.do("lin", "loans.enter", code="JY-01", name="备用冰箱")
    app = desk_of(world, "lin")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await to(pilot, "loan")
        assert "备用冰箱" in painted(app)
        await press(pilot, "l")
        for name, text in {"call": "SZ-C-261118-0001", "signer": "何建军"}.items():
            if name in app.screen.fields:  # type: ignore[attr-defined]
                app.screen.fields[name].write(text, text)  # type: ignore[attr-defined]
        await press(pilot, "f2")
        assert "lent 1" in title(app)
    app.door.close()
    unit = world.read(LOAN_UNITS.one, "JY-01")
    assert unit is not None
    assert unit.customer_name == "何建军"


async def test_a_technician_reads_what_he_brought_and_may_not_take_in(world: World) -> None:
    app = desk_of(world, "liu")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await to(pilot, "goods register")
        assert listed(app) == ["SZ-G-261120-0002"]
        await to(pilot, "goods receipts")
        assert listed(app) == ["SZ-R-261120-0004"]
        await press(pilot, "w")
        assert "Your posts do not allow" in painted(app)
    app.door.close()
