"""Loan units: entered, lent for a job, back again; a job is not closed while one is out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC

import pytest

from servicedesk.domain.calls import Page
from servicedesk.domain.parts import LoanUnitRow
from servicedesk.domain.registers import Wanted
from servicedesk.domain.rulebook import refusal as refusal_of
from servicedesk.domain.words import Refused
from servicedesk.store import custody
from servicedesk.store.loans import LOAN_UNITS
from tests.acts.faces import open_to_anybody, refused
from tests.acts.rounds import actor, done, greyed, line, logged
from tests.world import World


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    made = open_to_anybody(World(database_url))
    made.do("lin", "loans.enter", code="LB-1", name="电风扇", model_no="FS-40")
    yield made
    made.close()


def said(refusal: Refused) -> tuple[str | None, str]:
    return refusal.field, str(refusal)


def unit(world: World) -> LoanUnitRow:
    found = world.read(LOAN_UNITS.one, "LB-1")
    assert found is not None
    return found


def lent(world: World) -> list[str]:
    wanted = [Wanted(unit="SZ", view="lent")]
    rows = world.read(LOAN_UNITS.page, wanted, Page(), world.now.astimezone(UTC))
    assert world.read(LOAN_UNITS.count, wanted, world.now.astimezone(UTC)) == len(rows)
    return [row.number for row in rows]


def unit_greyed(world: World, login: str, act: str) -> str:
    return str(refusal_of(act, actor(world, login), unit(world)) or "")


def test_a_loan_unit_goes_out_on_a_slip_and_comes_back(world: World) -> None:
    number = logged(world)
    world.at("2026-11-23 10:00")
    lending = world.do("chen", "loans.lend", "LB-1", call="1", lent_at="09:30", condition="九成新")
    assert lending.numbers == ("SZ-U-261123-0001", "LB-1")
    row = unit(world)
    assert (row.loan, row.call, row.customer_name) == ("SZ-U-261123-0001", number, "王小明")
    assert (lent(world), line(world, number).loan) == (["LB-1"], "SZ-U-261123-0001")
    early = refused(world, "lin", "loans.take_back", "LB-1", back_at="09:20")
    assert (early.field, str(early).endswith("when it was lent.")) == ("back_at", True)
    world.do("lin", "loans.take_back", "LB-1", condition="完好")
    assert (unit(world).loan, lent(world), line(world, number).loan) == ("", [], "")
    history = world.read(custody.where_is, "LB-1")
    assert [(moved.holder, moved.what) for moved in history] == [
        ("shelf", "电风扇 FS-40"),
        ("customer", "电风扇 FS-40"),
        ("shelf", "电风扇 FS-40"),
    ]


def test_what_is_lent_is_not_lent_again_and_what_is_here_does_not_come_back(world: World) -> None:
    number = logged(world)
    assert said(refused(world, "lin", "loans.take_back", "LB-1")) == (None, "LB-1 is not lent.")
    assert unit_greyed(world, "lin", "loans.take_back") == "LB-1 is not lent."
    world.do("lin", "loans.lend", "LB-1", call=number)
    sentence = f"LB-1 is lent for {number}: it must come back first."
    assert said(refused(world, "lin", "loans.lend", "LB-1", call=number)) == (None, sentence)
    assert unit_greyed(world, "lin", "loans.lend") == sentence


def test_a_unit_is_lent_for_an_open_call_of_the_own_unit_that_has_none(world: World) -> None:
    assert said(refused(world, "lin", "loans.lend", "LB-1", call="77", signer="王")) == (
        "call",
        "There is no SZ-C-261123-0077 in the books.",
    )
    other = logged(world, "bjclerk", customer="钱三", model_no="B-2")
    assert said(refused(world, "lin", "loans.lend", "LB-1", call=other)) == (
        "call",
        "LB-1 belongs to SZ: it is lent there.",
    )
    closed = logged(world)
    world.do("lin", "calls.cancel", closed, reason="wrong_number")
    assert said(refused(world, "lin", "loans.lend", "LB-1", call=closed)) == (
        "call",
        f"{closed} is closed: nothing is lent for it.",
    )
    has_one = logged(world, model_no="X-1")
    world.do("lin", "loans.enter", code="LB-2", name="电风扇")
    world.do("lin", "loans.lend", "LB-2", call=has_one)
    assert said(refused(world, "lin", "loans.lend", "LB-1", call=has_one)) == (
        "call",
        f"{has_one} has a loan unit: slip SZ-U-261123-0001.",
    )


def test_a_code_names_one_unit(world: World) -> None:
    assert said(refused(world, "lin", "loans.enter", code="LB-1", name="x")) == (
        "code",
        "There is a loan unit LB-1 already.",
    )


def test_no_call_is_closed_while_its_loan_unit_is_out(world: World) -> None:
    number, open_call = done(world), logged(world, model_no="X-1")
    world.do("lin", "calls.take_back", number)
    world.do("lin", "loans.enter", code="LB-2", name="电风扇")
    for code, call in (("LB-1", number), ("LB-2", open_call)):
        world.do("lin", "loans.lend", code, call=call)
    sentence = f"The loan unit of {number} is still out: slip SZ-U-261123-0001."
    assert said(refused(world, "lin", "calls.strike_off", number)) == (None, sentence)
    assert greyed(world, "lin", "calls.strike_off", number) == sentence
    other = f"The loan unit of {open_call} is still out: slip SZ-U-261123-0002."
    assert said(refused(world, "lin", "calls.cancel", open_call, reason="other")) == (None, other)
    assert said(refused(world, "guo", "calls.pass_on", open_call, unit="BJ", reason="x")) == (None, other)
    world.do("lin", "loans.take_back", "LB-1")
    world.do("lin", "calls.strike_off", number)
    assert line(world, number).state == "struck_off"
