"""The repair card at the bench: assigned, started, timed, written, finished, passed (003 Art. 8-9; states §5.3)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from servicedesk.domain.repair_cards import RULES, STATES
from servicedesk.domain.words import Refused, RefusedFields
from servicedesk.store import calls, repair_cards
from tests.acts import shop
from tests.acts.faces import everything, open_to_anybody, refused
from tests.acts.rounds import carried_back, last_audit, line
from tests.acts.shop import (
    CARD_IN_STATE,
    WRITTEN,
    article,
    assigned,
    call_of,
    card,
    card_greyed,
    goods_of,
    in_repair,
    on_the_clock,
    repaired,
    taken_in,
)
from tests.world import World

BENCH = "waiting in_repair waiting_parts"
# Act, who does it here, and in which of the states below the card takes it.
ALLOWED_IN = {
    "cards.void": ("lin", "waiting"),
    "cards.assign": ("guo", BENCH),
    "cards.start": ("lin", "waiting"),
    "cards.clock": ("lin", "in_repair"),
    "cards.stop": ("lin", "in_repair"),
    "cards.time": ("lin", "in_repair waiting_parts"),
    "cards.write": ("lin", BENCH),
    "cards.finish": ("lin", "in_repair"),
    "cards.pass": ("guo", "repaired"),
    "cards.reject": ("guo", "repaired"),
    "cards.ask": ("lin", BENCH),
    "cards.answer": ("guo", BENCH),
    "cards.promise": ("guo", f"{BENCH} at_factory repaired"),
    "cards.to_factory": ("guo", "in_repair"),
    "cards.from_factory": ("lin", "at_factory"),
    "cards.beyond_repair": ("guo", "in_repair"),
    "cards.estimate": ("lin", BENCH),
    "cards.approve": ("lin", f"{BENCH} at_factory"),
    "cards.decline": ("lin", BENCH),
}
SHOWN = {
    "waiting": "waiting for repair",
    "in_repair": "in repair",
    "waiting_parts": "waiting for parts",
    "at_factory": "at the factory",
    "repaired": "repaired, to be inspected",
    "passed": "passed",
    "unrepaired": "to be returned unrepaired",
    "beyond_repair": "beyond repair",
    "returned": "returned",
    "closed": "closed",
    "void": "void",
}


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


def times(world: World, number: str) -> list[tuple[str, str, int]]:
    """The time lines of a card: whose, the hours in Shenzhen, the minutes."""
    found = world.read(repair_cards.time_lines, card(world, number).id)
    zone = world.now.tzinfo
    return [
        (
            row.technician,
            f"{row.began_at.astimezone(zone):%H:%M}-"
            + ("" if row.ended_at is None else f"{row.ended_at.astimezone(zone):%H:%M}"),
            row.minutes,
        )
        for row in found
    ]


def test_every_act_is_refused_in_every_state_but_its_own(world: World) -> None:
    others = {"take_along", "bring_again", "return", "parts", "take_out", "wait", "resume"}
    assert set(ALLOWED_IN) == set(RULES) - {f"cards.{name}" for name in others}
    numbers = {state: make(world, model_no=f"M-{state}") for state, make in CARD_IN_STATE.items()}
    assert set(numbers) == set(STATES)
    before = everything(world)
    for act, (login, states) in ALLOWED_IN.items():
        for state, number in numbers.items():
            assert card(world, number).state == state
            sentence = f"{number} is {SHOWN[state]}: '{RULES[act].label}' is not possible."
            if state in states.split():
                assert card_greyed(world, login, act, number) != sentence
            else:
                assert key_too(world, login, act, number) == sentence
    assert everything(world) == before


def test_a_card_goes_from_the_counter_to_the_shelf_and_everybody_is_told(world: World) -> None:
    world.at("2026-11-23 09:00")
    number = assigned(world)
    assert article(world, number)[-1] == "counter"
    world.at("2026-11-23 10:00")
    assert world.do("chen", "cards.start", number).next == ("cards.stop",)
    world.at("2026-11-23 10:25")
    done = world.do("chen", "cards.finish", number, **WRITTEN, no_parts="y", cause_code="wear")
    assert done.next == ("cards.pass",)
    row = card(world, number)
    assert (row.state, row.minutes, row.finished_by, row.running_since) == ("repaired", 25, "chen", None)
    assert times(world, number) == [("chen", "10:00-10:25", 25)]
    passed_at = world.at("2026-11-23 11:00")
    world.do("guo", "cards.pass", number)
    row = card(world, number)
    assert (row.state, row.passed_at, row.passed_by_name) == ("passed", passed_at, "郭强")
    assert (goods_of(world, number).state, goods_of(world, number).passed_at) == ("passed", passed_at)
    assert article(world, number)[-2:] == ("counter", "shelf")
    told = world.read(calls.tellings, call_of(world, number).id)
    assert [(telling.reason, telling.told_at) for telling in told] == [("ready", None)]
    world.do("lin", "calls.tell", row.call, whom="王小明")
    assert last_audit(world)["act"] == "calls.tell"


def test_urgent_follows_the_state_what_is_promised_comes_before_what_is_ready(world: World) -> None:
    number = repaired(world)
    assert card(world, number).urgent.startswith("1")
    world.do("guo", "cards.pass", number)
    assert card(world, number).urgent.startswith("2")
    assert card(world, shop.void(world, model_no="B-2")).urgent == ""


# Void


def test_a_void_card_stays_and_another_hangs_on_the_article_with_a_number_of_its_own(world: World) -> None:
    first = taken_in(world)
    goods = goods_of(world, first)
    done = world.do("lin", "cards.void", first, reason="故障写错", symptom="漏水", promised_at="2026-11-27 1700")
    (second,) = done.numbers
    old, new = card(world, first), card(world, second)
    assert (old.state, old.reason, old.urgent) == ("void", "故障写错", "")
    assert (new.state, new.symptom, new.goods, new.receipt) == ("waiting", "漏水", old.goods, old.receipt)
    assert int(second[-4:]) == int(first[-4:]) + 1
    assert new.first_promised_at == old.first_promised_at
    assert new.promised_at == goods_of(world, second).promised_at == world.at("2026-11-27 17:00")
    promised = world.read(repair_cards.promises, new.id)
    assert [row.promised_at for row in promised] == [old.promised_at, new.promised_at]
    assert goods_of(world, second).number == goods.number
    assert goods_of(world, second).card == second


def test_a_card_is_not_void_while_something_hangs_on_it(world: World) -> None:
    number = taken_in(world)
    world.do("lin", "cards.ask", number, reason="没有图纸")
    sentence = f"The request for assistance with {number} waits for the supervisor's answer."
    assert key_too(world, "lin", "cards.void", number, reason="x") == sentence
    world.do("guo", "cards.answer", number, answer="help", note="图纸在柜里")
    world.do("lin", "cards.estimate", number, amount="100")
    sentence = f"The estimate for {number} waits for the customer's word."
    assert key_too(world, "lin", "cards.void", number, reason="x") == sentence


def test_the_corrected_promise_is_not_before_the_goods_came_in(world: World) -> None:
    number = taken_in(world)
    refusal = refused(world, "lin", "cards.void", number, reason="x", promised_at="2026-11-20 0900")
    assert refusal.field == "promised_at"


# Assign


def test_nobody_starts_before_the_supervisor_has_assigned_a_technician(world: World) -> None:
    number = taken_in(world)
    sentence = f"{number} has no technician yet: the service supervisor assigns one."
    assert key_too(world, "lin", "cards.start", number) == sentence
    assert refused(world, "chen", "cards.start", number).kind == "rights"
    assert refused(world, "chen", "cards.assign", number, technician="chen").kind == "rights"
    world.do("guo", "cards.assign", number, technician="liu")
    world.do("liu", "cards.start", number)


def test_only_a_technician_of_the_unit_who_is_there_is_assigned(world: World) -> None:
    number = taken_in(world)
    assert said(refused(world, "guo", "cards.assign", number, technician="bjsup")) == (
        "technician",
        "bjsup is not a technician of SZ.",
    )
    world.do("guo", "staff.absence", "liu", begins="900", ends="1800", reason="病假")
    assert "is absent" in str(refused(world, "guo", "cards.assign", number, technician="liu"))


def test_another_technician_takes_over_but_not_with_the_clock_running(world: World) -> None:
    number = on_the_clock(world)
    assert key_too(world, "guo", "cards.assign", number, technician="liu") == (
        f"The clock of {number} is running: stop it first."
    )
    world.do("chen", "cards.stop", number)
    assert said(refused(world, "guo", "cards.assign", number, technician="chen")) == (
        "technician",
        f"{number} is assigned to 陈明 already.",
    )
    world.do("guo", "cards.assign", number, technician="liu")
    assert refused(world, "chen", "cards.clock", number).kind == "rights"
    world.do("liu", "cards.clock", number)


def test_several_cards_are_assigned_in_one_act(world: World) -> None:
    numbers = [taken_in(world), taken_in(world, model_no="B-2")]
    world.do("guo", "cards.assign", *numbers, technician="wu")
    assert {card(world, number).technician for number in numbers} == {"wu"}


# The clock


def test_a_technician_has_one_running_clock_and_the_refusal_names_the_other_card(world: World) -> None:
    first, second = on_the_clock(world), assigned(world, model_no="B-2")
    sentence = f"The clock runs on {first}: stop it there first."
    assert str(refused(world, "chen", "cards.start", second)) == sentence
    world.do("chen", "cards.start", second, clock="n")
    assert str(refused(world, "chen", "cards.clock", second)) == sentence
    assert key_too(world, "chen", "cards.clock", first) == f"The clock of {first} is running: stop it first."
    world.do("chen", "cards.stop", first)
    world.do("chen", "cards.clock", second)
    assert key_too(world, "chen", "cards.stop", first) == f"No clock is running on {first}."


def test_the_clock_counts_whole_minutes_and_one_at_least(world: World) -> None:
    number = on_the_clock(world)
    world.do("chen", "cards.stop", number)
    assert times(world, number) == [("chen", "09:00-09:00", 1)]
    world.at("2026-11-23 09:10")
    world.do("chen", "cards.clock", number)
    world.at("2026-11-23 09:55")
    world.do("chen", "cards.stop", number)
    assert times(world, number)[1:] == [("chen", "09:10-09:55", 45)]
    assert card(world, number).minutes == 46


def test_the_clerk_keys_in_when_it_was(world: World) -> None:
    number = assigned(world)
    world.at("2026-11-23 17:00")
    world.do("lin", "cards.start", number, began_at="930")
    assert card(world, number).running_by == "chen"
    assert said(refused(world, "lin", "cards.stop", number, ended_at="920"))[0] == "ended_at"
    assert said(refused(world, "lin", "cards.stop", number, ended_at="1730"))[0] == "ended_at"
    world.do("lin", "cards.stop", number, ended_at="1015")
    assert times(world, number) == [("chen", "09:30-10:15", 45)]
    assert said(refused(world, "lin", "cards.clock", number, began_at="1000"))[0] == "began_at"


def test_the_stand_in_of_a_technician_has_a_clock_of_his_own(world: World) -> None:
    number = assigned(world)
    world.do("guo", "staff.stand_in", "chen", role="technician", stand_in="liu", begins="11-23", ends="11-23")
    world.do("liu", "cards.start", number)
    assert card(world, number).running_by == "liu"


# Time lines by hand


def test_time_lines_are_typed_several_at_once(world: World) -> None:
    world.at("2026-11-22 09:00")
    number = in_repair(world)
    world.at("2026-11-23 17:00")
    world.do("lin", "cards.time", number, lines="930-1015;1400-1520;y1330-1410;2026-11-22 1500 - 1510")
    assert times(world, number) == [
        ("chen", "09:30-10:15", 45),
        ("chen", "14:00-15:20", 80),
        ("chen", "13:30-14:10", 40),
        ("chen", "15:00-15:10", 10),
    ]
    assert card(world, number).minutes == 175
    world.do("lin", "cards.time", number, lines="1000-1030", technician="liu")
    assert times(world, number)[-1] == ("liu", "10:00-10:30", 30)


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ("abc", "“abc” is no time line: type 930-1015, y1330-1410 or 2026-11-23 1400-1520."),
        ("930", "“930” is no time line: type 930-1015, y1330-1410 or 2026-11-23 1400-1520."),
        ("2570-2580", "“2570-2580” is no time line: type 930-1015, y1330-1410 or 2026-11-23 1400-1520."),
        ("1015-930", "is not after"),
        ("1015-1015", "is not after"),
        ("1600-1730", "has not come yet"),
        ("800-830", "when the goods came in"),
        ("930-1015;1000-1100", "These hours overlap"),
    ],
)
def test_a_time_line_that_cannot_be_is_refused(world: World, lines: str, sentence: str) -> None:
    number = in_repair(world)
    world.at("2026-11-23 17:00")
    refusal = refused(world, "lin", "cards.time", number, lines=lines)
    assert refusal.field == "lines"
    assert sentence in str(refusal)
    assert times(world, number) == []


def test_nobody_is_at_two_benches_at_one_time(world: World) -> None:
    first, second = in_repair(world), in_repair(world, model_no="B-2")
    world.at("2026-11-23 17:00")
    world.do("lin", "cards.time", first, lines="930-1015")
    refusal = refused(world, "lin", "cards.time", second, lines="1000-1030")
    assert refusal.field == "lines"
    assert str(refusal).endswith(f"on {first}.")
    world.do("lin", "cards.time", second, lines="1015-1030")
    world.do("lin", "cards.time", second, lines="1000-1015", technician="liu")
    world.do("chen", "cards.clock", first, began_at="1600")
    assert str(refused(world, "lin", "cards.time", second, lines="1630-1640")).endswith(f"on {first}.")


# What was found and done


def test_what_is_written_is_kept_and_what_worked_before_is_offered(world: World) -> None:
    for nth, (how, count) in enumerate((("part_replaced", 2), ("adjusted", 1))):
        for again in range(count):
            number = on_the_clock(world, serial_no=f"S-{nth}{again}", customer=f"客{nth}{again}")
            codes = {"fault_code": "no_function", "resolution_code": how}
            world.do("chen", "cards.finish", number, **WRITTEN, **codes, no_parts="y")
    number = in_repair(world)
    world.do("chen", "cards.write", number, found="电容坏", fault_code="no_function")
    row = card(world, number)
    assert (row.found, row.fault_code, row.work) == ("电容坏", "no_function", "")
    (note,) = shop.prepared(world, "chen", "cards.write", number).notes
    assert str(note) == "This model before, with this fault: part replaced 2, adjusted 1."
    assert str(refused(world, "chen", "cards.write", number)) == "Nothing was changed."
    (note,) = shop.prepared(world, "chen", "cards.finish", number).notes
    assert "part replaced 2" in str(note)
    assert shop.prepared(world, "chen", "cards.write", number, fault_code="leak").notes == ()


# Finish


def test_a_repair_is_not_finished_without_time_parts_cause_and_work(world: World) -> None:
    number = in_repair(world)
    assert key_too(world, "chen", "cards.finish", number) == (
        f"{number} has no time line: enter the actual repair time."
    )
    world.do("chen", "cards.clock", number)
    refusal = refused(world, "chen", "cards.finish", number, no_parts="y")
    assert isinstance(refusal, RefusedFields)
    assert {field: str(sentence) for field, sentence in refusal.refusals.items()} == {
        "found": "Fault found is required.",
        "work": "Work done is required.",
    }
    assert said(refused(world, "chen", "cards.finish", number, **WRITTEN)) == (
        "no_parts",
        f"{number} has no parts line: enter the parts, or say that there were none.",
    )
    world.do("chen", "cards.write", number, **WRITTEN)
    world.do("chen", "cards.finish", number, no_parts="y")
    assert card(world, number).no_parts


def test_parts_on_the_card_are_enough_and_speak_against_the_flag(world: World) -> None:
    number = on_the_clock(world)
    world.do("lin", "parts.enter", number="QDQ-201", name="启动器", price="120")
    world.do("lin", "parts.arrive", parts="QDQ-201 2")
    world.do("chen", "cards.parts", number, parts="QDQ-201")
    assert said(refused(world, "chen", "cards.finish", number, **WRITTEN, no_parts="y")) == (
        "no_parts",
        f"{number} has parts lines: some parts were replaced.",
    )
    world.do("chen", "cards.take_out", number, line="1", reason="不用")
    assert refused(world, "chen", "cards.finish", number, **WRITTEN).field == "no_parts"
    world.do("chen", "cards.parts", number, parts="QDQ-201")
    world.do("chen", "cards.finish", number, **WRITTEN)
    assert card(world, number).state == "repaired"


def test_a_repair_is_not_finished_before_its_work_ended_nor_in_the_future(world: World) -> None:
    number = in_repair(world)
    world.at("2026-11-23 17:00")
    world.do("lin", "cards.time", number, lines="930-1015")
    for at in ("1000", "1730", "800"):
        refusal = refused(world, "lin", "cards.finish", number, **WRITTEN, no_parts="y", finished_at=at)
        assert refusal.field == "finished_at"
    world.do("lin", "cards.finish", number, **WRITTEN, no_parts="y", finished_at="1015")
    assert card(world, number).finished_by == "chen"


def test_a_repair_is_not_finished_with_a_question_open(world: World) -> None:
    number = on_the_clock(world)
    world.do("chen", "cards.ask", number, reason="找不到原因")
    assert key_too(world, "chen", "cards.finish", number) == (
        f"The request for assistance with {number} waits for the supervisor's answer."
    )
    world.do("guo", "cards.answer", number, answer="help", note="看第二级电路")
    world.do("lin", "cards.estimate", number, amount="120")
    assert key_too(world, "chen", "cards.finish", number) == (
        f"The estimate for {number} waits for the customer's word."
    )
    world.do("lin", "cards.approve", number)
    world.do("chen", "cards.finish", number, **WRITTEN, no_parts="y")


# Pass and reject


def test_who_repaired_it_never_passes_it(world: World) -> None:
    for login in ("chen", "liu"):
        world.do("guo", "staff.stand_in", "guo", role="supervisor", stand_in=login, begins="11-23", ends="11-23")
    number = repaired(world)
    sentence = f"Who repaired {number} does not inspect it: another supervisor passes it."
    assert key_too(world, "chen", "cards.pass", number) == sentence
    assert key_too(world, "chen", "cards.reject", number, reason="x") == sentence
    world.do("liu", "cards.pass", number)
    assert last_audit(world)["holder"] == "guo"


def test_nor_does_whoever_has_a_time_line_on_it(world: World) -> None:
    world.do("guo", "staff.stand_in", "guo", role="supervisor", stand_in="liu", begins="11-23", ends="11-23")
    number = in_repair(world)
    world.at("2026-11-23 17:00")
    world.do("lin", "cards.time", number, lines="930-1015", technician="liu")
    world.do("chen", "cards.finish", number, **WRITTEN, no_parts="y")
    assert str(refused(world, "liu", "cards.pass", number)) == (
        f"Who repaired {number} does not inspect it: another supervisor passes it."
    )
    world.do("guo", "cards.pass", number)


def test_it_is_not_passed_before_it_was_finished(world: World) -> None:
    world.at("2026-11-23 17:00")
    number = repaired(world)
    assert refused(world, "guo", "cards.pass", number, passed_at="1600").field == "passed_at"
    assert refused(world, "guo", "cards.pass", number, passed_at="1800").field == "passed_at"


def test_what_is_rejected_goes_back_to_the_bench_with_the_reason(world: World) -> None:
    number = repaired(world)
    world.do("guo", "cards.reject", number, reason="仍有异响")
    row = card(world, number)
    assert (row.state, row.reason, row.finished_at, row.finished_by) == ("in_repair", "仍有异响", None, "")
    world.do("chen", "cards.clock", number)
    world.do("chen", "cards.finish", number, no_parts="y")
    world.do("guo", "cards.pass", number)
    assert card(world, number).state == "passed"


def test_a_technician_fills_his_own_cards_and_the_clerk_everybodys(world: World) -> None:
    number = on_the_clock(world)
    for act in ("cards.stop", "cards.write", "cards.finish", "cards.ask", "cards.time"):
        assert refused(world, "liu", act, number).kind == "rights"
        assert refused(world, "guo", act, number).kind == "rights"
    world.do("lin", "cards.stop", number)


def test_an_article_has_one_open_card(world: World) -> None:
    number = taken_in(world)
    refusal = refused(world, "lin", "goods.take_in", card(world, number).call)
    assert number in str(refusal)
    assert line(world, card(world, number).call).state == "carried_back"
    other = carried_back(world, model_no="B-2")
    assert shop.open_card(world, other) != number
