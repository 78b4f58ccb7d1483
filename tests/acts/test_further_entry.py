"""A further entry of a voucher: two open calls of one product share it, and its technician (D41, states §5.2)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from servicedesk.domain.words import Refused
from servicedesk.store import dispatch
from tests.acts.rounds import greyed, line, logged, refused, visits
from tests.world import World


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    made = World(database_url)
    yield made
    made.close()


@pytest.fixture
def two(world: World) -> tuple[str, str]:
    """Two calls of one product, neither of them dispatched."""
    first = logged(world)
    return first, further(world)


def further(world: World) -> str:
    return world.do("guo", "calls.log", caller="王小明", symptom="漏水", further_because="另一处").numbers[0]


def carrier(world: World, number: str) -> str:
    """Who has the voucher: a technician's login, else the desk it is at."""
    row = line(world, number)
    found = world.read(dispatch.carrier, row.voucher_id)
    return row.voucher_holder if found is None else found[0]


def said(refusal: Refused) -> tuple[str | None, str]:
    return refusal.field, str(refusal)


def test_while_a_technician_is_on_the_way_the_further_entry_goes_to_him_alone(world: World) -> None:
    first = logged(world)
    world.do("guo", "calls.dispatch", first, technician="chen")
    second = further(world)
    assert greyed(world, "guo", "calls.dispatch", second) == ""
    voucher = line(world, second).voucher
    assert said(refused(world, "guo", "calls.dispatch", second, technician="liu")) == (
        "technician",
        f"Voucher {voucher} is with 陈明: a further entry goes to the same technician.",
    )
    world.do("guo", "calls.dispatch", second, technician="chen")
    assert {line(world, number).technician for number in (first, second)} == {"chen"}
    assert carrier(world, first) == "chen"


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_it_does_not_matter_which_of_the_two_went_first(
    world: World, two: tuple[str, str], order: tuple[int, int]
) -> None:
    early, late = (two[nth] for nth in order)
    world.do("guo", "calls.dispatch", early, technician="chen")
    assert refused(world, "guo", "calls.dispatch", late, technician="liu").field == "technician"
    world.do("guo", "calls.dispatch", late, technician="chen")


def test_two_lines_sent_in_one_act_share_the_voucher(world: World, two: tuple[str, str]) -> None:
    world.do("guo", "calls.dispatch", *two, technician="liu")
    assert [line(world, number).technician for number in two] == ["liu", "liu"]
    assert carrier(world, two[0]) == "liu"


def test_a_voucher_that_waits_for_a_further_visit_still_comes_back_first(world: World, two: tuple[str, str]) -> None:
    world.do("guo", "calls.dispatch", *two, technician="chen")
    world.do("chen", "calls.arrive", two[0])
    world.do("chen", "calls.come_back", two[0], reason="等配件")
    assert "must come back first" in str(refused(world, "guo", "calls.dispatch", two[0], technician="chen"))


def test_the_two_are_reassigned_together_or_not_at_all(world: World, two: tuple[str, str]) -> None:
    world.do("guo", "calls.dispatch", *two, technician="chen")
    voucher = line(world, two[0]).voucher
    assert said(refused(world, "guo", "calls.reassign", two[0], technician="liu", reason="病假")) == (
        "technician",
        f"{two[1]} goes with the same voucher {voucher}: move both in one act, to the same technician.",
    )
    world.do("guo", "calls.reassign", *two, technician="liu", reason="病假")
    assert [line(world, number).technician for number in two] == ["liu", "liu"]
    assert carrier(world, two[0]) == "liu"


def test_who_falls_out_hands_both_to_the_same_colleague(world: World, two: tuple[str, str]) -> None:
    world.do("guo", "calls.dispatch", *two, technician="chen")
    apart = f"{two[0]} liu\n{two[1]} wu"
    assert refused(world, "guo", "calls.stand_down", *two, moves=apart, reason="病假").field == "moves"
    assert refused(world, "guo", "calls.stand_down", two[0], moves=f"{two[0]} liu", reason="病假").field == "moves"
    world.do("guo", "calls.stand_down", *two, moves=f"{two[0]} wu\n{two[1]} wu", reason="病假")
    assert carrier(world, two[1]) == "wu"


@pytest.mark.parametrize("act", ["calls.recall", "calls.cancel"])
def test_calling_one_off_leaves_the_voucher_with_the_technician_of_the_other(
    world: World, two: tuple[str, str], act: str
) -> None:
    world.do("guo", "calls.dispatch", *two, technician="chen")
    world.do("guo", act, two[1], reason="later")
    assert carrier(world, two[0]) == "chen"
    assert [visit.state for visit in visits(world, two[0])] == ["active"]
    world.do("chen", "calls.arrive", two[0])
    assert line(world, two[0]).state == "arrived"


def test_both_called_off_the_voucher_is_with_the_supervisor(world: World, two: tuple[str, str]) -> None:
    world.do("guo", "calls.dispatch", *two, technician="chen")
    world.do("guo", "calls.recall", *two, reason="later")
    assert carrier(world, two[0]) == "supervisor"
    world.do("guo", "calls.dispatch", *two, technician="liu")
