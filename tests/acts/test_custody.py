"""Who holds what: one holder at every moment, asked by any number, counted at day's end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from servicedesk.domain.calls import Page
from servicedesk.domain.registers import Wanted
from servicedesk.store import custody
from servicedesk.store.custody import HELD
from tests.acts.rounds import carried_back, last_audit, line, logged
from tests.acts.shop import card, passed, taken_in
from tests.world import SHANGHAI, World


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    made = World(database_url)
    yield made
    made.close()


def held(world: World, view: str) -> list[tuple[str, str]]:
    """What a unit's holders of one kind have: number and technician."""
    wanted = [Wanted(unit="SZ", view=view)]
    rows = world.read(HELD.page, wanted, Page(), world.now.astimezone(UTC))
    assert world.read(HELD.count, wanted, world.now.astimezone(UTC)) == len(rows)
    return sorted((row.number, row.technician) for row in rows)


def test_a_voucher_and_an_article_have_one_holder_from_first_to_last(world: World) -> None:
    number = passed(world)
    row = card(world, number)
    voucher = world.read(custody.where_is, row.voucher)
    assert [moved.holder for moved in voucher] == ["clerk", "technician"]
    assert {moved.kind for moved in voucher} == {"voucher"}
    goods = world.read(custody.where_is, row.receipt)
    assert [moved.holder for moved in goods] == ["technician", "counter", "shelf"]
    assert [moved.until for moved in goods[:-1]] == [moved.since for moved in goods[1:]]
    assert world.read(custody.where_is, "SZ-K-261123-0099") == []


def test_the_ledger_keeps_the_true_times_of_the_papers(world: World) -> None:
    number = carried_back(world)
    world.at("2026-11-23 11:00")
    world.do("lin", "goods.take_in", number, came_in_at="10:40")
    moves = world.read(custody.where_is, "SZ-R-261123-0001")
    came_in = datetime(2026, 11, 23, 10, 40, tzinfo=SHANGHAI).astimezone(UTC)
    assert [(moved.until, moved.since == came_in) for moved in moves] == [(came_in, False), (None, True)]


def test_what_is_where_is_a_list_for_each_kind_of_holder(world: World) -> None:
    out = line(world, carried_back(world, "liu", model_no="X-1")).voucher
    here = card(world, taken_in(world))
    assert held(world, "counter") == [(here.receipt, "")]
    assert held(world, "technician") == [("SZ-R-261123-0001", "liu"), (out, "liu"), (here.voucher, "chen")]
    assert held(world, "shelf") == []


def test_the_count_of_the_shop_names_what_is_missing_and_what_should_not_be_there(world: World) -> None:
    world.do("lin", "loans.enter", code="LB-1", name="风扇")
    taken_in(world)
    passed(world, "liu", model_no="X-1")
    full = world.do("lin", "custody.count", seen="SZ-R-261123-0001\nsz-r-261123-0002 lb-1")
    assert str(full.sentence) == "counter and shelf: 3 counted, all there."
    short = world.do("lin", "custody.count", seen="1, 7; LB-1 怪物")
    assert str(short.sentence) == (
        "counter and shelf: 4 counted; missing: SZ-R-261123-0002; unexpected: SZ-R-261123-0007, 怪物."
    )
    assert last_audit(world)["changed"] == {
        "SZ": {
            "place": "here",
            "counted": 4,
            "missing": ["SZ-R-261123-0002"],
            "unexpected": ["SZ-R-261123-0007", "怪物"],
        }
    }
    nothing = world.do("guo", "custody.count")
    assert str(nothing.sentence) == ("counter and shelf: 0 counted; missing: LB-1, SZ-R-261123-0001, SZ-R-261123-0002.")


def test_the_count_of_the_vouchers_is_of_those_with_the_clerk(world: World) -> None:
    voucher = line(world, logged(world)).voucher
    carried_back(world, model_no="X-1")
    assert str(world.do("lin", "custody.count", place="vouchers", seen="1").sentence) == (
        "vouchers with the clerk: 1 counted, all there."
    )
    assert voucher == "SZ-V-000001"
    extra = world.do("lin", "custody.count", place="vouchers", seen="V-1 V-2")
    assert str(extra.sentence) == "vouchers with the clerk: 2 counted; unexpected: V-2."
