"""When the promise cannot be kept: assistance, new promises, factory, beyond repair (003 Art. 11; D19; R32, R107)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC

import pytest

from servicedesk.domain.calls import Page
from servicedesk.domain.registers import Wanted
from servicedesk.domain.repair_cards import AssistanceRow, prompt
from servicedesk.domain.words import Refused
from servicedesk.store import calls, repair_cards
from servicedesk.store.repair_cards import CARDS
from tests.acts.faces import everything, open_to_anybody, refused
from tests.acts.shop import (
    WRITTEN,
    article,
    assigned,
    at_factory,
    beyond_repair,
    call_of,
    card,
    card_greyed,
    goods_of,
    in_repair,
    on_the_clock,
    prepared,
    taken_in,
    waiting_parts,
)
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


def asked(world: World, number: str = "") -> str:
    """A card in repair with a request for assistance that nobody has answered."""
    number = number or in_repair(world)
    world.do("chen", "cards.ask", number, reason="找不到原因")
    return number


def request(world: World, number: str) -> AssistanceRow:
    """The last request for assistance of a card."""
    return world.read(repair_cards.assistance, card(world, number).id)[-1]


def tellings(world: World, number: str) -> list[tuple[str, str]]:
    """Why the customer is or was to be told, and who was."""
    return [(row.reason, row.told_whom) for row in world.read(calls.tellings, call_of(world, number).id)]


def viewed(world: World, view: str) -> list[str]:
    """The cards of Shenzhen in a view of the workshop."""
    now = world.now.astimezone(UTC)
    wanted = [Wanted(unit="SZ", view=view, urgent=view != "exchange_due")]
    return [row.number for row in world.read(CARDS.page, wanted, Page(), now)]


def test_passing_the_promised_time_prompts(world: World) -> None:
    number = assigned(world)
    promised_at = card(world, number).promised_at
    now = world.at("2026-12-07 09:00")
    assert now > promised_at
    assert viewed(world, "late") == [number]
    row = card(world, number)
    assert str(prompt(row, now)) == (
        f"{number} was promised for {promised_at}: ask the service supervisor for assistance."
    )
    assert prepared(world, "chen", "cards.start", number).notes == (prompt(row, now),)
    assert world.do("chen", "cards.start", number).next == ("cards.ask", "cards.stop")
    world.do("chen", "cards.ask", number, reason="缺图纸")
    assert prompt(card(world, number), now) is None
    assert world.do("chen", "cards.stop", number).next == ("cards.finish",)
    assert viewed(world, "late") == viewed(world, "assistance") == [number]


def test_who_asks_waits_for_an_answer_and_asks_once(world: World) -> None:
    number = asked(world)
    assert key_too(world, "chen", "cards.ask", number, reason="x") == f"Assistance for {number} is already asked for."
    row = request(world, number)
    assert (row.asked_by_name, row.reason, row.answer) == ("陈明", "找不到原因", "")
    assert refused(world, "chen", "cards.answer", number, answer="help", note="x").kind == "rights"
    assert refused(world, "liu", "cards.ask", number, reason="x").kind == "rights"
    world.do("guo", "cards.answer", number, answer="help", note="我来看")
    row = request(world, number)
    assert (row.answer, row.answered_by_name, row.note) == ("help", "郭强", "我来看")
    assert not card(world, number).assistance
    assert key_too(world, "guo", "cards.answer", number, answer="help", note="x") == (
        f"Nobody has asked for assistance with {number}."
    )
    asked(world, number)


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({}, "answer", "Answer is required."),
        ({"answer": "help"}, "note", "What the supervisor says is required."),
        ({"answer": "technician"}, "technician", "Technician is required."),
        ({"answer": "promise"}, "promised_at", "Promised for is required."),
        ({"answer": "promise", "promised_at": "t1700"}, "note", "What the supervisor says is required."),
        ({"answer": "factory"}, "sent_to", "Factory is required."),
        ({"answer": "beyond_repair"}, "note", "What the supervisor says is required."),
    ],
)
def test_each_answer_says_what_it_needs(world: World, typed: dict[str, str], field: str, sentence: str) -> None:
    number = asked(world)
    before = everything(world)
    assert said(refused(world, "guo", "cards.answer", number, **typed)) == (field, sentence)
    assert everything(world) == before


def test_the_answer_another_technician_hands_the_card_over_and_stops_the_clock(world: World) -> None:
    number = asked(world, on_the_clock(world))
    world.at("2026-11-23 09:30")
    assert refused(world, "guo", "cards.answer", number, answer="technician", technician="chen").field == "technician"
    world.do("guo", "cards.answer", number, answer="technician", technician="liu")
    row = card(world, number)
    assert (row.technician, row.running_since, row.minutes, row.assistance) == ("liu", None, 30, False)
    assert request(world, number).answer == "technician"
    world.do("liu", "cards.clock", number)


def test_the_answer_a_new_promise_moves_the_promise_and_says_who_was_told(world: World) -> None:
    number = asked(world)
    first = card(world, number).promised_at
    world.do("guo", "cards.answer", number, answer="promise", promised_at="2026-12-04 1700", note="等件", whom="王小明")
    row = card(world, number)
    assert row.first_promised_at == first
    assert row.promised_at == goods_of(world, number).promised_at
    assert request(world, number).answer == "promise"
    assert tellings(world, number) == [("promise", "王小明")]


def test_the_answer_to_the_factory_sends_it_there(world: World) -> None:
    number = asked(world, on_the_clock(world))
    world.at("2026-11-23 09:20")
    done = world.do("guo", "cards.answer", number, answer="factory", sent_to="华东厂")
    assert done.next == ("cards.from_factory",)
    row = card(world, number)
    assert (row.state, row.running_since, row.minutes) == ("at_factory", None, 20)
    assert (goods_of(world, number).state, goods_of(world, number).sent_to) == ("sent_out", "华东厂")
    assert request(world, number).answer == "factory"


def test_the_answer_beyond_repair_ends_the_repair(world: World) -> None:
    number = asked(world)
    world.do("guo", "cards.answer", number, answer="beyond_repair", note="停产无件")
    row = card(world, number)
    assert (row.state, row.reason, row.assistance) == ("beyond_repair", "停产无件", False)


def test_while_parts_are_still_to_come_it_goes_to_the_factory_but_is_not_given_up(world: World) -> None:
    number = asked(world, waiting_parts(world))
    assert str(refused(world, "guo", "cards.answer", number, answer="beyond_repair", note="x")) == (
        f"{number} still waits for parts: 1 to come."
    )
    world.do("guo", "cards.answer", number, answer="factory", sent_to="华东厂")
    world.do("lin", "cards.from_factory", number)
    assert (card(world, number).state, card(world, number).parts_due) == ("in_repair", 1)
    assert (
        key_too(world, "guo", "cards.beyond_repair", number, reason="x")
        == f"{number} still waits for parts: 1 to come."
    )
    assert key_too(world, "chen", "cards.finish", number) == f"{number} still waits for parts: 1 to come."


def test_what_the_supervisor_does_by_himself_answers_the_open_request(world: World) -> None:
    acts = {
        "technician": ("cards.assign", {"technician": "liu"}),
        "promise": ("cards.promise", {"promised_at": "2026-12-04 1700", "reason": "等件"}),
        "factory": ("cards.to_factory", {"sent_to": "华东厂"}),
        "beyond_repair": ("cards.beyond_repair", {"reason": "停产"}),
    }
    for answer, (act, typed) in acts.items():
        number = asked(world, in_repair(world, model_no=f"M-{answer}"))
        world.do("guo", act, number, **typed)
        assert request(world, number).answer == answer
        assert not card(world, number).assistance


# New promises


def test_new_promises_keep_their_history_and_the_first_one_is_the_one_measured(world: World) -> None:
    number = in_repair(world)
    first = card(world, number).promised_at
    for day in ("12-03", "12-04"):
        world.do("guo", "cards.promise", number, promised_at=f"2026-{day} 1700", reason=f"到{day}")
    row = card(world, number)
    kept = world.read(repair_cards.promises, row.id)
    assert [(promise.nth, promise.reason) for promise in kept] == [(1, ""), (2, "到12-03"), (3, "到12-04")]
    assert (row.first_promised_at, kept[0].promised_at, kept[-1].promised_at) == (first, first, row.promised_at)
    assert row.urgent == "1202612040900"
    assert tellings(world, number) == [("promise", ""), ("promise", "")]
    world.do("lin", "calls.tell", row.call, whom="王小明")
    assert tellings(world, number) == [("promise", "王小明")] * 2


def test_a_promise_is_of_a_time_to_come_and_a_new_one(world: World) -> None:
    number = in_repair(world)
    refusal = refused(world, "guo", "cards.promise", number, promised_at="y1700", reason="x")
    assert refusal.field == "promised_at"
    assert "has passed" in str(refusal)
    same = card(world, number).promised_at.isoformat()
    refusal = refused(world, "guo", "cards.promise", number, promised_at=same, reason="x")
    assert "already" in str(refusal)


# The factory


def test_the_factory_and_back(world: World) -> None:
    number = in_repair(world)
    sent_at = world.at("2026-11-24 10:00")
    world.do("guo", "cards.to_factory", number, sent_to="华东厂")
    assert viewed(world, "factory") == [number]
    assert article(world, number)[-1] == "factory"
    back_at = world.at("2026-11-26 10:00")
    assert refused(world, "lin", "cards.from_factory", number, back_at="2026-11-24 0900").field == "back_at"
    world.do("lin", "cards.from_factory", number)
    goods = goods_of(world, number)
    assert (goods.state, goods.sent_out_at, goods.back_at, goods.sent_to) == ("in", sent_at, back_at, "华东厂")
    assert card(world, number).state == "in_repair"
    assert article(world, number)[-2:] == ("factory", "counter")
    world.do("guo", "cards.to_factory", number, sent_to="华东厂")
    assert goods_of(world, number).back_at is None


def test_nothing_is_sent_out_with_the_clock_running(world: World) -> None:
    number = on_the_clock(world)
    sentence = f"The clock of {number} is running: stop it first."
    assert key_too(world, "guo", "cards.to_factory", number, sent_to="x") == sentence
    assert key_too(world, "guo", "cards.beyond_repair", number, reason="x") == sentence


def test_it_did_not_leave_before_it_came_nor_will_it_have(world: World) -> None:
    number = in_repair(world)
    for at in ("800", "1000"):
        assert refused(world, "guo", "cards.to_factory", number, sent_to="x", sent_at=at).field == "sent_at"


# Beyond repair


def test_beyond_repair_the_customer_is_told_and_on_a_free_job_an_exchange_is_due(world: World) -> None:
    free = beyond_repair(world, warranty_until="2027-01-01")
    paid = beyond_repair(world, model_no="B-2")
    assert [card(world, number).service_type for number in (free, paid)] == ["C", "A"]
    assert viewed(world, "exchange_due") == [free]
    assert viewed(world, "ready") == [free, paid]
    assert article(world, free)[-1] == "shelf"
    assert tellings(world, free) == tellings(world, paid) == [("beyond_repair", "")]
    world.do("lin", "calls.take_back", card(world, free).call)
    world.do("lin", "cards.return", free)
    assert (viewed(world, "exchange_due"), viewed(world, "ready")) == ([free], [paid])


def test_an_estimate_nobody_needs_any_more_is_withdrawn(world: World) -> None:
    number = in_repair(world)
    world.do("lin", "cards.estimate", number, amount="300")
    world.do("guo", "cards.beyond_repair", number, reason="主板烧毁")
    (estimate,) = world.read(repair_cards.estimates, card(world, number).id)
    assert (estimate.state, card(world, number).estimate) == ("withdrawn", "")


def test_a_card_that_waits_for_nobody_is_unassigned(world: World) -> None:
    number = taken_in(world)
    assert viewed(world, "unassigned") == [number]
    world.do("guo", "cards.assign", number, technician="chen")
    assert viewed(world, "unassigned") == []


def test_a_card_at_the_factory_may_still_be_promised_anew(world: World) -> None:
    number = at_factory(world)
    world.do("guo", "cards.promise", number, promised_at="2026-12-10 1700", reason="厂家排期", whom="王小明")
    assert tellings(world, number) == [("promise", "王小明")]
    now = world.at("2026-12-11 09:00")
    assert viewed(world, "late") == [number]
    assert prompt(card(world, number), now) is None
    assert world.do("lin", "cards.from_factory", number).next == ("cards.ask", "cards.clock")
    world.do("chen", "cards.clock", number)
    world.do("chen", "cards.finish", number, **WRITTEN, no_parts="y", resolution_code="factory")
    assert card(world, number).state == "repaired"
