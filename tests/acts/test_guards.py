"""Every refusal of the call round by state and guard, with its sentence (states §5.1-5.2): nothing of it is written.

`refused` asks each of them of the act and of the command line, `key_too` of the greyed key of a screen besides.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from typing import Any

import pytest

from servicedesk.acts.act import Target
from servicedesk.domain.calls import RULES
from servicedesk.domain.rights import Actor, Post
from servicedesk.domain.rulebook import refusal
from servicedesk.domain.words import Refused, RefusedFields
from tests.acts import rounds
from tests.acts.faces import everything, open_to_anybody, refused
from tests.acts.rounds import (
    CALL,
    DONE,
    IN_STATE,
    arrived,
    carried_back,
    dispatched,
    done,
    greyed,
    line,
    logged,
    revisit,
    struck_off,
)
from tests.world import World

OPEN = "logged dispatched arrived done_on_site carried_back revisit"
# Act, who does it here, and in which states of the call it can be done.
ALLOWED_IN = {
    "calls.correct": ("lin", OPEN),
    "calls.attach": ("lin", OPEN),
    "calls.tell": ("lin", OPEN),
    "calls.reschedule": ("lin", "logged dispatched revisit"),
    "calls.cancel": ("guo", "logged dispatched arrived revisit"),
    "calls.pass_on": ("guo", "logged"),
    "calls.pull": ("lin", "logged revisit"),
    "calls.dispatch": ("guo", "logged revisit"),
    "calls.recall": ("guo", "dispatched"),
    "calls.reassign": ("guo", "dispatched arrived"),
    "calls.stand_down": ("guo", "dispatched"),
    "calls.arrive": ("lin", "dispatched"),
    "calls.finish": ("lin", "arrived"),
    "calls.come_back": ("lin", "arrived"),
    "calls.carry_back": ("lin", "arrived"),
    "calls.sign": ("lin", "done_on_site carried_back"),
    "calls.charge": ("lin", "done_on_site"),
    "calls.take_back": ("lin", "done_on_site carried_back revisit cancelled"),
    "calls.strike_off": ("lin", "done_on_site carried_back"),
    "calls.file": ("lin", "struck_off cancelled"),
    "calls.reopen": ("guo", "struck_off cancelled"),
}
SHOWN = {
    "logged": "logged",
    "dispatched": "dispatched",
    "arrived": "arrived",
    "done_on_site": "done on site",
    "carried_back": "carried back",
    "revisit": "revisit",
    "struck_off": "struck off",
    "cancelled": "cancelled",
}


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    made = open_to_anybody(World(database_url))
    yield made
    made.close()


def said(refusal: Refused) -> tuple[str | None, str]:
    return refusal.field, str(refusal)


def key_too(world: World, login: str, act: str, number: str, **typed: Any) -> str:
    """The sentence of the refused act, which the greyed key says beforehand."""
    sentence = str(refused(world, login, act, number, **typed))
    assert greyed(world, login, act, number) == sentence
    return sentence


def test_every_act_is_refused_in_every_state_but_its_own(world: World) -> None:
    assert set(ALLOWED_IN) == set(RULES) - {"calls.log", "calls.reveal"}
    numbers = {state: make(world, model_no=f"M-{state}") for state, make in IN_STATE.items()}
    before = everything(world)
    for act, (login, states) in ALLOWED_IN.items():
        for state, number in numbers.items():
            assert line(world, number).state == state
            sentence = f"{number} is {SHOWN[state]}: '{RULES[act].label}' is not possible."
            if state in states.split():
                assert greyed(world, login, act, number) != sentence
            else:
                assert key_too(world, login, act, number) == sentence
    assert everything(world) == before


# Log


def test_a_line_without_its_required_columns_names_each_of_them(world: World) -> None:
    refusal = refused(world, "lin", "calls.log")
    assert isinstance(refusal, RefusedFields)
    assert {field: str(sentence) for field, sentence in refusal.refusals.items()} == {
        "customer": "Customer is required.",
        "telephone": "Telephone is required.",
        "address": "Address is required.",
        "zone": "Zone is required.",
        "model_no": "Product is required.",
        "symptom": "Symptom is required.",
    }
    for field in ("customer", "telephone", "address", "model_no", "symptom"):
        refusal = refused(world, "lin", "calls.log", **(CALL | {field: " "}), zone="urban", district="福田区")
        assert refusal.field == field


def test_a_place_that_is_not_known_needs_zone_and_for_an_agent_the_district(world: World) -> None:
    nowhere = CALL | {"address": "香港中环1号"}
    assert said(refused(world, "lin", "calls.log", **nowhere)) == ("zone", "Zone is required.")
    assert said(refused(world, "ann", "calls.log", **nowhere, zone="urban")) == ("district", "District is required.")
    assert line(world, logged(world, **nowhere, zone="urban")).zone == "urban"


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"called_at": "09:01"}, "called_at", "2026-11-23 01:01:00+00:00 has not come yet: enter when it was."),
        (
            {"telephone": "打不通"},
            "telephone",
            "A telephone number is one number in digits: 138 1234 5678, 0755-2345 6789 or +886 2 2345 6789.",
        ),
        ({"zone": "suburban"}, "zone_because", "Zone was changed by hand: say why."),
        ({"service_type": "C"}, "type_because", "Service type was changed by hand: say why."),
        (
            {"service_type": "B", "type_because": "x"},
            "service_type",
            "Contract service needs a contract for this product: choose another type or enter the contract.",
        ),
        (
            {"service_type": "C", "type_because": "x"},
            "service_type",
            "Free service needs the end of the warranty: enter it or choose another type.",
        ),
        (
            {"service_type": "C", "type_because": "x", "warranty_until": "2026-11-22"},
            "service_type",
            "The warranty ended on 2026-11-22, before the call: choose another type.",
        ),
        ({"service_type": "D"}, "service_type", "'D' is not one of: A, B, C."),
    ],
)
def test_what_may_not_stand_on_the_line(world: World, typed: dict[str, str], field: str, sentence: str) -> None:
    assert said(refused(world, "lin", "calls.log", **(CALL | typed))) == (field, sentence)


def test_contract_service_needs_a_contract_in_force_that_covers_the_product(world: World) -> None:
    first = struck_off(world)
    other = struck_off(world, caller="王小明", model_no="BCD-200")
    customer, voucher = line(world, first).customer, line(world, other).voucher
    again = {"caller": customer, "model_no": "KFR-35GW", "symptom": "漏水", "service_type": "B", "type_because": "x"}

    def contract(number: str, starts_on: str, ends_on: str, product: str = "") -> None:
        world.do(
            "lin",
            "contracts.enter",
            number=number,
            customer=customer,
            starts_on=starts_on,
            ends_on=ends_on,
            product=product,
        )

    contract("OTHER", "2026-01-01", "2027-12-31", voucher)
    sentence = "Contract OTHER does not cover this product: choose another type."
    assert said(refused(world, "lin", "calls.log", **again)) == ("service_type", sentence)
    contract("OLD", "2025-01-01", "2026-11-22")
    sentence = "Contract OLD expired on 2026-11-22: renew it first or choose another type."
    assert said(refused(world, "lin", "calls.log", **again)) == ("service_type", sentence)
    contract("NEXT", "2026-11-24", "2027-11-23")
    sentence = "Contract NEXT starts on 2026-11-24, after the call: choose another type."
    assert said(refused(world, "lin", "calls.log", **again)) == ("service_type", sentence)
    contract("NOW", "2026-11-23", "2026-11-23")
    assert line(world, world.do("lin", "calls.log", **again).numbers[0]).service_type == "B"


def test_a_second_call_for_the_same_product_is_attached_or_opened_by_the_supervisor(world: World) -> None:
    number = logged(world)
    again = {"caller": "王小明", "symptom": "漏水"}
    sentence = (
        f"{number} is open for this product: attach this call to it, or have the supervisor open a further entry."
    )
    for login in ("lin", "ann"):
        assert said(refused(world, login, "calls.log", **again)) == ("model_no", sentence)
    sentence = f"{number} is open: say why a further entry."
    assert said(refused(world, "guo", "calls.log", **again)) == ("further_because", sentence)


# Dispatch


def test_only_somebody_of_the_unit_on_duty_is_dispatched(world: World) -> None:
    number = logged(world)
    beijing = logged(world, "bjclerk", customer="钱三", model_no="B-2")
    assert said(refused(world, "bjsup", "calls.dispatch", beijing, technician="chen")) == (
        "technician",
        "chen is not a technician of BJ.",
    )
    for nobody in ("lin", "nobody"):
        sentence = f"{nobody} is not a technician of SZ."
        assert said(refused(world, "guo", "calls.dispatch", number, technician=nobody)) == ("technician", sentence)
    world.do("guo", "staff.absence", "chen", begins="2026-11-23 08:00", ends="2026-11-23 12:00", reason="看病")
    assert said(refused(world, "guo", "calls.dispatch", number, technician="chen")) == (
        "technician",
        "陈明 is absent: 看病.",
    )
    assert said(refused(world, "guo", "calls.dispatch", number)) == ("technician", "Technician is required.")
    world.at("2026-11-23 12:00")
    world.do("guo", "calls.dispatch", number, technician="chen")


def test_dispatch_needs_the_voucher_in_the_unit(world: World) -> None:
    number = logged(world, "ann")
    voucher = line(world, number).voucher
    sentence = f"Voucher {voucher} is still in file: the clerk pulls it first."
    assert key_too(world, "guo", "calls.dispatch", number, technician="chen") == sentence
    world.do("lin", "calls.pull", number)
    sentence = f"Voucher {voucher} is not in file: it is already pulled."
    assert key_too(world, "lin", "calls.pull", number) == sentence
    world.do("guo", "calls.dispatch", number, technician="chen")
    away = revisit(world, model_no="B-1")
    sentence = f"Voucher {line(world, away).voucher} is not in the unit: it must come back first."
    assert key_too(world, "guo", "calls.dispatch", away, technician="liu") == sentence
    world.do("lin", "calls.take_back", away)
    world.do("guo", "calls.dispatch", away, technician="liu")


def test_several_calls_are_dispatched_all_or_none(world: World) -> None:
    ready, away = logged(world), revisit(world, model_no="B-1")
    refused(world, "guo", "calls.dispatch", ready, away, technician="liu")
    assert line(world, ready).state == "logged"
    assert line(world, ready).voucher_holder == "clerk"


def test_after_the_arrival_nobody_is_called_off_or_exchanged(world: World) -> None:
    number = arrived(world)
    sentence = f"{number} is arrived: 'Recall' is not possible."
    assert key_too(world, "guo", "calls.recall", number, reason="x") == sentence
    sentence = f"{number}: only before the technician's arrival."
    assert key_too(world, "guo", "calls.reassign", number, technician="liu", reason="x") == sentence


def test_recall_and_reassign_say_why_and_to_somebody_else(world: World) -> None:
    number = dispatched(world)
    assert said(refused(world, "guo", "calls.recall", number)) == ("reason", "Reason is required.")
    assert said(refused(world, "guo", "calls.reassign", number, technician="liu")) == ("reason", "Reason is required.")
    assert said(refused(world, "guo", "calls.reassign", number, technician="chen", reason="x")) == (
        "technician",
        f"陈明 already has {number}.",
    )


def test_an_appointment_lies_ahead(world: World) -> None:
    number = logged(world)
    for typed in ("09:00", "2026-11-22 15:00"):
        refusal = refused(world, "lin", "calls.reschedule", number, appointment_at=typed, reason="x")
        assert refusal.field == "appointment_at"
        assert str(refusal).endswith("has passed: enter a time to come.")
    assert said(refused(world, "lin", "calls.reschedule", number, appointment_at="15:00")) == (
        "reason",
        "Reason is required.",
    )


# On site


def test_an_arrival_has_happened_after_the_call_and_after_the_dispatch_or_says_why(world: World) -> None:
    number = dispatched(world)
    world.at("2026-11-23 10:00")
    sentence = "2026-11-23 02:01:00+00:00 has not come yet: enter when it was."
    assert said(refused(world, "chen", "calls.arrive", number, arrived_at="10:01")) == ("arrived_at", sentence)
    sentence = "2026-11-23 00:59:00+00:00 is before 2026-11-23 01:00:00+00:00, when the customer called."
    assert said(refused(world, "chen", "calls.arrive", number, arrived_at="08:59")) == ("arrived_at", sentence)
    late = logged(world, model_no="B-1", called_at="09:10")
    world.do("guo", "calls.dispatch", late, technician="chen")
    sentence = "The dispatch is recorded at 2026-11-23 02:00:00+00:00, later than this: say why."
    assert said(refused(world, "lin", "calls.arrive", late, arrived_at="09:40")) == ("dispatch_because", sentence)


def test_a_job_ends_after_the_arrival_and_is_described_and_signed(world: World) -> None:
    number = dispatched(world)
    world.at("2026-11-23 10:00")
    world.do("chen", "calls.arrive", number)
    world.at("2026-11-23 11:00")
    sentence = "2026-11-23 01:59:00+00:00 is before 2026-11-23 02:00:00+00:00, the arrival."
    for act, field in (("finish", "finished_at"), ("come_back", "left_at"), ("carry_back", "left_at")):
        typed = {"finish": DONE, "come_back": {"reason": "x"}, "carry_back": {"signer": "王"}}[act]
        refusal = refused(world, "chen", f"calls.{act}", number, **(typed | {field: "09:59"}))
        assert said(refusal) == (field, sentence)
        refusal = refused(world, "chen", f"calls.{act}", number, **(typed | {field: "11:01"}))
        assert said(refusal) == (field, "2026-11-23 03:01:00+00:00 has not come yet: enter when it was.")
    refusal = refused(world, "chen", "calls.finish", number)
    assert isinstance(refusal, RefusedFields)
    assert set(refusal.refusals) == {"cause", "work"}
    assert said(refused(world, "chen", "calls.come_back", number)) == ("reason", "Reason is required.")
    assert said(refused(world, "chen", "calls.carry_back", number)) == ("signer", "Countersigned by is required.")


def test_fees_are_what_the_service_type_and_the_units_limit_allow(world: World) -> None:
    free = arrived(world, warranty_until="2026-12-31")
    assert line(world, free).service_type == "C"
    sentence = "A free job has no call-out, inspection or labour charge; only parts outside its cover."
    for fee in ("labour 80", "callout 1", "inspection 30; parts 10"):
        assert said(refused(world, "chen", "calls.finish", free, **DONE, fees=fee)) == ("fees", sentence)
    paid = arrived(world, model_no="B-1")
    refusal = refused(world, "chen", "calls.finish", paid, **DONE, fees="labour 200.01", collected="yes")
    assert refusal.field == "collected"
    assert "over the" in str(refusal)
    assert "200.00" in str(refusal)
    sentence = "There is no fee to collect."
    assert said(refused(world, "chen", "calls.finish", paid, **DONE, collected="yes")) == ("collected", sentence)
    assert refused(world, "chen", "calls.finish", paid, **DONE, fees="bribe 80").field == "fees"
    world.do("chen", "calls.finish", paid, **DONE, fees="labour 150; parts 50", collected="yes")
    world.do("chen", "calls.finish", free, **DONE, fees="parts 35")
    assert [line(world, number).fee for number in (paid, free)] == [20000, 3500]


def test_the_limit_of_cash_is_the_one_of_that_day(world: World) -> None:
    world.do("adm", "units.correct", "SZ", fee_limit="500", limit_from="2026-11-24")
    number = arrived(world)
    refusal = refused(world, "chen", "calls.finish", number, **DONE, fees="labour 300", collected="yes")
    assert refusal.field == "collected"
    world.at("2026-11-24 09:00")
    world.do("chen", "calls.finish", number, **DONE, fees="labour 300", collected="yes")


# Back in the unit


def test_strike_off_needs_the_voucher_back_signed_and_the_fee_settled(world: World) -> None:
    number = done(world, fees="labour 80")
    voucher = line(world, number).voucher
    sentence = f"Voucher {voucher} is not back with the clerk: take it back first."
    assert key_too(world, "lin", "calls.strike_off", number) == sentence
    world.do("lin", "calls.take_back", number)
    assert (
        key_too(world, "lin", "calls.take_back", number)
        == f"Voucher {voucher} is not out: there is nothing to take back."
    )
    sentence = f"The fee of {number} is neither collected nor invoiced."
    assert key_too(world, "lin", "calls.strike_off", number) == sentence
    world.do("acc", "charges.invoice", number, invoice_no="INV-1")
    world.do("lin", "calls.strike_off", number)
    collected = done(world, model_no="B-1", fees="labour 80", collected="yes")
    world.do("lin", "calls.take_back", collected)
    sentence = f"The money collected for {collected} is not handed in: the accountant confirms it."
    assert key_too(world, "lin", "calls.strike_off", collected) == sentence
    world.do("acc", "charges.remit", collected, amount="80")
    world.do("lin", "calls.strike_off", collected)


def test_an_unsigned_voucher_is_signed_afterwards_and_only_then_struck_off(world: World) -> None:
    number = arrived(world)
    world.do("chen", "calls.finish", number, **DONE, medium="none")
    voucher = line(world, number).voucher
    world.do("lin", "calls.take_back", number)
    sentence = f"The customer's signature on voucher {voucher} is missing."
    assert key_too(world, "lin", "calls.strike_off", number) == sentence
    world.do("lin", "calls.sign", number, signer="王太太", capacity="family")
    assert line(world, number).signed == "signed"
    sentence = f"Voucher {voucher} is already signed for {number}."
    assert key_too(world, "lin", "calls.sign", number, signer="王太太") == sentence
    world.do("lin", "calls.strike_off", number)


def test_what_was_carried_back_is_not_struck_off_before_it_is_returned(world: World) -> None:
    number = carried_back(world)
    world.do("lin", "calls.take_back", number)
    sentence = f"The goods of {number} are not back with the customer: receipt, goods line and repair card are open."
    assert key_too(world, "lin", "calls.strike_off", number) == sentence


def test_an_unsigned_voucher_is_not_struck_off(world: World) -> None:
    number = done(world)
    world.do("lin", "calls.take_back", number)
    clerk = Actor(1, "lin", "林小雨", "SZ", (Post("clerk", "SZ"),))
    unsigned = line(world, number)._replace(signed="")
    assert str(refusal("calls.strike_off", clerk, unsigned)) == (
        f"The customer's signature on voucher {unsigned.voucher} is missing."
    )


def test_only_the_clerk_has_a_voucher_to_file_and_no_other_call_may_need_it(world: World) -> None:
    away = arrived(world)
    world.do("guo", "calls.cancel", away, reason="fee_refused")
    sentence = f"Voucher {line(world, away).voucher} is not back with the clerk: take it back first."
    assert key_too(world, "lin", "calls.file", away) == sentence
    world.do("lin", "calls.take_back", away)
    again = world.do("lin", "calls.log", caller="王小明", symptom="又坏了").numbers[0]
    sentence = f"{again} is open for the same product and needs the voucher."
    assert said(refused(world, "lin", "calls.file", away)) == (None, sentence)
    world.do("lin", "calls.cancel", again, reason="solved_by_telephone")
    world.do("lin", "calls.file", away)
    sentence = f"Voucher {line(world, away).voucher} is not back with the clerk: take it back first."
    assert key_too(world, "lin", "calls.file", again) == sentence


# Cancel, reopen, correct, pass on, attach, tell


def test_a_dispatched_call_is_cancelled_by_the_supervisor_only_and_other_needs_a_note(world: World) -> None:
    for number in (dispatched(world), arrived(world, model_no="B-1"), revisit(world, model_no="B-2")):
        sentence = f"{number} is dispatched: the service supervisor confirms the cancelling."
        for login in ("lin", "ann"):
            assert key_too(world, login, "calls.cancel", number, reason="duplicate") == sentence
    number = logged(world, model_no="B-3")
    assert said(refused(world, "lin", "calls.cancel", number)) == ("reason", "Reason is required.")
    assert said(refused(world, "lin", "calls.cancel", number, reason="other")) == ("note", "'other' needs a note.")
    assert refused(world, "lin", "calls.cancel", number, reason="因为").field == "reason"
    world.do("lin", "calls.cancel", number, reason="other", note="台风")


def test_reopening_says_why_and_finds_no_other_open_call(world: World) -> None:
    number = struck_off(world)
    assert said(refused(world, "guo", "calls.reopen", number)) == ("reason", "Reason is required.")
    again = world.do("lin", "calls.log", caller="王小明", symptom="又坏了").numbers[0]
    sentence = f"{again} is open for the same product: attach to it instead."
    assert said(refused(world, "guo", "calls.reopen", number, reason="x")) == ("reason", sentence)


def test_a_correction_changes_something_possible_and_says_why(world: World) -> None:
    number = arrived(world, called_at="08:40")
    assert said(refused(world, "lin", "calls.correct", number, reason="x")) == (None, "Nothing was changed.")
    assert said(refused(world, "lin", "calls.correct", number, symptom="x")) == ("reason", "Reason is required.")
    assert refused(world, "lin", "calls.correct", number, telephone="打不通", reason="x").field == "telephone"
    world.at("2026-11-23 10:00")
    sentence = "2026-11-23 01:00:00+00:00 is before 2026-11-23 01:01:00+00:00, when the customer called."
    assert said(refused(world, "lin", "calls.correct", number, called_at="09:01", reason="x")) == (
        "called_at",
        sentence,
    )
    assert refused(world, "lin", "calls.correct", number, called_at="10:01", reason="x").field == "called_at"


def test_only_an_undispatched_call_with_its_voucher_at_hand_is_passed_on(world: World) -> None:
    number = dispatched(world)
    world.do("guo", "calls.recall", number, reason="x")
    sentence = f"{number} has been dispatched: only an undispatched call is passed on."
    assert key_too(world, "guo", "calls.pass_on", number, unit="BJ", reason="x") == sentence
    fresh = logged(world, model_no="B-1")
    assert said(refused(world, "guo", "calls.pass_on", fresh, unit="SZ", reason="x")) == (
        "unit",
        f"{fresh} is already with SZ.",
    )
    assert said(refused(world, "guo", "calls.pass_on", fresh, unit="XX", reason="x")) == (
        "unit",
        "There is no unit XX.",
    )
    away = arrived(world, model_no="B-2")
    world.do("guo", "calls.cancel", away, reason="fee_refused")
    again = world.do("lin", "calls.log", caller=line(world, away).customer, symptom="x").numbers[0]
    sentence = f"Voucher {line(world, away).voucher} is not in the unit: it must come back first."
    assert key_too(world, "guo", "calls.pass_on", again, unit="BJ", reason="x") == sentence
    known = {"caller": line(world, fresh).customer, "symptom": "x"}
    further = world.do("guo", "calls.log", **known, further_because="y").numbers[0]
    sentence = f"{fresh} is open for the same product and needs the voucher."
    assert said(refused(world, "guo", "calls.pass_on", further, unit="BJ", reason="x")) == (None, sentence)


def test_a_call_passed_on_is_not_reopened_where_it_was(world: World) -> None:
    number = logged(world)
    _, there = world.do("guo", "calls.pass_on", number, unit="BJ", reason="搬家").numbers
    world.do("bjclerk", "calls.cancel", there, reason="customer_withdrew")
    sentence = f"{number} was passed to another unit: it goes on there."
    assert key_too(world, "guo", "calls.reopen", number, reason="x") == sentence
    world.do("bjsup", "calls.reopen", there, reason="x")


def test_there_is_somebody_to_tell_something(world: World) -> None:
    number = logged(world)
    sentence = f"There is nothing to tell the customer of {number}."
    assert said(refused(world, "lin", "calls.tell", number, whom="王小明")) == (None, sentence)


# The engine


def test_a_line_that_somebody_else_wrote_on_meanwhile_is_not_overwritten(world: World) -> None:
    number = logged(world)
    seen = line(world, number).version
    world.at("2026-11-23 09:05")
    world.do("ann", "calls.attach", number)
    refusal = rounds.refused(world, "lin", "calls.correct", Target(number, seen), symptom="x", reason="y")
    assert refusal.kind == "changed"
    at = world.now.astimezone(UTC)
    assert str(refusal) == f"{number} was changed by 安然 at {at}: look at it again before you go on."
    assert line(world, number).symptom == CALL["symptom"]
    world.do("lin", "calls.correct", Target(number, seen + 1), symptom="x", reason="y")


def test_papers_that_are_not_there_are_named(world: World) -> None:
    missing = "SZ-C-261123-0099"
    assert str(refused(world, "lin", "calls.attach", missing)) == f"There is no {missing} in the books."
    assert str(refused(world, "lin", "calls.attach")) == "'Attach a repeated call' needs the number of a paper."
    first, second = logged(world), logged(world, model_no="B-1")
    sentence = "'Attach a repeated call' takes one paper at a time."
    assert str(rounds.refused(world, "lin", "calls.attach", first, second)) == sentence


def test_the_desk_of_nobody_is_not_opened(world: World) -> None:
    number = logged(world)
    assert str(refused(world, "nobody", "calls.attach", number)) == "There is no active person with the login 'nobody'."
