"""The estimate and the customer's word on it (states §5.3): told, approved or declined."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from servicedesk.domain.words import Refused
from servicedesk.store import repair_cards
from tests.acts.faces import open_to_anybody, refused
from tests.acts.shop import article, assigned, card, card_greyed, goods_of, in_repair, on_the_clock, prepared
from tests.world import World


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    made = open_to_anybody(World(database_url))
    yield made
    made.close()


def said(refusal: Refused) -> tuple[str | None, str]:
    return refusal.field, str(refusal)


def key_too(world: World, login: str, act: str, number: str, **typed: str) -> str:
    """The sentence of the refused act, which the greyed key says beforehand."""
    sentence = str(refused(world, login, act, number, **typed))
    assert card_greyed(world, login, act, number) == sentence
    return sentence


def told(world: World, number: str, amount: str = "300") -> str:
    """Tell an estimate for a card; gives its number."""
    world.do("lin", "cards.estimate", number, amount=amount)
    return world.read(repair_cards.estimates, card(world, number).id)[-1].number


def test_an_estimate_is_told_with_a_number_of_its_own_and_approved(world: World) -> None:
    number = in_repair(world)
    estimate = told(world, number, "300.50")
    assert estimate == "SZ-E-261123-0001"
    assert card(world, number).estimate == "open"
    (note,) = prepared(world, "lin", "cards.approve", number).notes
    assert str(note) == "Estimate SZ-E-261123-0001: ¥300.50."
    world.at("2026-11-23 11:00")
    world.do("chen", "cards.approve", number, who="王太太", how="in_person")
    (row,) = world.read(repair_cards.estimates, card(world, number).id)
    assert (row.amount, row.state, row.told_whom, row.told_how) == (30050, "approved", "王小明", "telephone")
    assert (row.decided_by, row.decided_how) == ("王太太", "in_person")
    assert (card(world, number).estimate, card(world, number).state) == ("approved", "in_repair")


def test_declined_the_article_is_returned_unrepaired(world: World) -> None:
    number = assigned(world)
    told(world, number)
    assert world.do("lin", "cards.decline", number).next == ("cards.return",)
    row = card(world, number)
    assert (row.state, row.estimate) == ("unrepaired", "declined")
    assert row.urgent.startswith("2")
    assert goods_of(world, number).state == "in"
    assert article(world, number)[-1] == "shelf"


def test_while_the_customer_has_not_said_a_word_there_is_no_other_estimate(world: World) -> None:
    number = in_repair(world)
    told(world, number)
    sentence = f"The estimate for {number} waits for the customer's word."
    assert key_too(world, "lin", "cards.estimate", number, amount="400") == sentence
    world.do("lin", "cards.approve", number)
    told(world, number, "400")
    assert card(world, number).estimate == "open"


def test_without_an_open_estimate_there_is_nothing_to_decide(world: World) -> None:
    number = in_repair(world)
    for act in ("cards.approve", "cards.decline"):
        assert key_too(world, "lin", act, number) == f"{number} has no open estimate."


def test_an_estimate_is_more_than_nothing_and_not_of_the_future(world: World) -> None:
    number = in_repair(world)
    assert said(refused(world, "lin", "cards.estimate", number, amount="0")) == (
        "amount",
        "An estimate is more than nothing.",
    )
    for at in ("800", "1000"):
        assert refused(world, "lin", "cards.estimate", number, amount="1", told_at=at).field == "told_at"


def test_the_customer_decides_after_being_told(world: World) -> None:
    number = in_repair(world)
    world.at("2026-11-23 11:00")
    told(world, number)
    for at in ("1030", "1130"):
        assert refused(world, "lin", "cards.approve", number, decided_at=at).field == "decided_at"
        assert refused(world, "lin", "cards.decline", number, decided_at=at).field == "decided_at"


def test_nothing_is_declined_with_the_clock_running_or_a_request_open(world: World) -> None:
    number = on_the_clock(world)
    told(world, number)
    assert key_too(world, "lin", "cards.decline", number) == f"The clock of {number} is running: stop it first."
    world.do("chen", "cards.stop", number)
    world.do("chen", "cards.ask", number, reason="x")
    assert key_too(world, "lin", "cards.decline", number) == (
        f"The request for assistance with {number} waits for the supervisor's answer."
    )


def test_the_word_may_come_while_the_article_is_at_the_factory(world: World) -> None:
    number = in_repair(world)
    told(world, number)
    world.do("guo", "cards.to_factory", number, sent_to="华东厂")
    world.do("lin", "cards.approve", number)
    assert card(world, number).estimate == "approved"
