"""From the investigation to the closed case (states §5.5): what each act does, and every refusal with its sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

import pytest

from servicedesk.domain.complaint_clocks import ClockRow
from servicedesk.domain.complaint_lines import HandlingRow, LetterRow
from servicedesk.domain.complaint_rules import RULES
from servicedesk.domain.complaints import (
    ASSIGNED,
    CARRYING_OUT,
    CLOSED,
    FOLLOWED_UP,
    INVESTIGATING,
    OPEN,
    RECEIVED,
    RESULT_TOLD,
    SERIOUS,
    SOLUTION_OFFERED,
    STATES,
    WITHDRAWN,
)
from servicedesk.domain.rulebook import refusal
from servicedesk.domain.words import Refused
from servicedesk.store import complaints
from tests.acts.complaining import (
    COMPLAINT_IN_STATE,
    FOUND,
    GRADED,
    OFFERED,
    acknowledged,
    assigned,
    carrying_out,
    closed,
    complaint,
    complaint_greyed,
    departments,
    events,
    followed_up,
    in_state,
    investigating,
    prepared,
    received,
    result_told,
    solution_offered,
    visited,
    with_deputy,
    withdrawn,
)
from tests.acts.faces import open_to_anybody, refused
from tests.acts.rounds import actor
from tests.world import World

ACTS: Mapping[str, tuple[str, frozenset[str]]] = {
    "complaints.investigate": ("xu", frozenset({ASSIGNED, INVESTIGATING})),
    "complaints.involve": ("xu", OPEN),
    "complaints.answer": ("xu", OPEN),
    "complaints.propose": ("xu", frozenset({INVESTIGATING})),
    "complaints.approve": ("dgm", frozenset({INVESTIGATING})),
    "complaints.offer": ("xu", frozenset({INVESTIGATING, SOLUTION_OFFERED})),
    "complaints.carry_out": ("xu", frozenset({SOLUTION_OFFERED, CARRYING_OUT})),
    "complaints.tell": ("xu", frozenset({SOLUTION_OFFERED, CARRYING_OUT})),
    "complaints.follow_up": ("xu", frozenset({RESULT_TOLD, FOLLOWED_UP})),
    "complaints.resume": ("xu", frozenset({FOLLOWED_UP})),
    "complaints.unreconciled": ("sm", frozenset({FOLLOWED_UP})),
    "complaints.close": ("xu", frozenset({FOLLOWED_UP})),
    "complaints.withdraw": ("xu", OPEN),
    "complaints.reopen": ("xu", frozenset({CLOSED, WITHDRAWN})),
}
"""Who does it, and in which states (states §5.5)."""
LIMITS = {"acknowledge": "60", "solve": "2880", "follow_up": "4320", "compensation": "500", "reopen_days": "90"}
CLOSING = {"difficulty": "usual", "summary": "漏点未查", "improvement": "先查漏"}


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
    assert complaint_greyed(world, login, act, number) == sentence
    return sentence


def limited(world: World, follow_up_from: str = "receipt") -> None:
    """The limits of Shenzhen: ¥500 without approval, ninety days to reopen."""
    world.do("adm", "complaints.limits", "SZ", **LIMITS, follow_up_from=follow_up_from)


def clocks(world: World, number: str) -> dict[tuple[int, str], ClockRow]:
    """Every clock by its round and name."""
    found = world.read(complaints.clocks, complaint(world, number).id)
    return {(one.nth, one.clock): one for one in found}


def letters(world: World, number: str) -> list[LetterRow]:
    return world.read(complaints.letters, complaint(world, number).id)


def handlings(world: World, number: str) -> list[HandlingRow]:
    return world.read(complaints.handlings, complaint(world, number).id)


# States


def test_each_act_is_for_its_states_and_refused_in_all_others_by_act_command_and_key(world: World) -> None:
    numbers = {state: in_state(world, state) for state in COMPLAINT_IN_STATE}
    assert numbers.keys() == STATES.keys()
    for act, (login, sources) in ACTS.items():
        assert RULES[act].sources == sources
        for state in STATES.keys() - sources:
            number = numbers[state]
            sentence = f"{number} is {STATES[state]}: '{RULES[act].label}' is not possible."
            assert key_too(world, login, act, number) == sentence


# Investigation and departments


def test_the_investigation_may_be_written_on_and_stands_in_the_form_as_it_is(world: World) -> None:
    number = assigned(world)
    done = world.do("xu", "complaints.investigate", number, **FOUND)
    assert done.next == ("complaints.offer", "complaints.propose")
    assert complaint(world, number).state == INVESTIGATING
    assert prepared(world, "xu", "complaints.investigate", number).derived == FOUND
    world.do("xu", "complaints.investigate", number, cause="接头老化")
    row = complaint(world, number)
    assert (row.investigation, row.cause_class, row.cause) == ("第二次加氟未查漏", "workmanship", "接头老化")


def test_without_a_cause_there_is_no_investigation_and_no_solution(world: World) -> None:
    number = assigned(world)
    refusal_ = refused(world, "xu", "complaints.investigate", number, investigation="看过")
    assert said(refusal_) == ("cause_class", "Class of the cause is required.")
    world.do("xu", "complaints.investigate", number, **FOUND)
    # The books hold no investigation without a cause; should one come in otherwise, the guard holds.
    row = complaint(world, number)._replace(cause_class="")
    sentence = refusal("complaints.offer", actor(world, "xu"), row)
    assert str(sentence) == f"The cause of {number} is not found yet: write down the investigation first."


def test_departments_are_involved_and_answer_one_after_the_other(world: World) -> None:
    number = assigned(world)
    assert key_too(world, "xu", "complaints.answer", number, department="x", answer="y") == (
        f"No department still has to answer on {number}."
    )
    world.do("xu", "complaints.involve", number, departments="物流部: 延误两日; 仓库")
    form = prepared(world, "xu", "complaints.answer", number)
    assert form.derived == {"department": "物流部"}
    assert [str(note) for note in form.notes] == [
        "物流部 has not answered yet: 延误两日.",
        "仓库 has not answered yet.",
    ]
    world.at("2026-11-23 10:00")
    world.do("xu", "complaints.answer", number, department="物流", answer="车坏了")
    assert said(refused(world, "xu", "complaints.answer", number, department="物流部", answer="又")) == (
        "department",
        "Which department? Not answered yet: 仓库.",
    )
    first, second = departments(world, number)
    assert (first.answer, first.answered_by_name, first.answered_at) == ("车坏了", "徐丽", world.now.astimezone(UTC))
    assert (second.answer, second.answered_at, complaint(world, number).unanswered) == ("", None, 1)


def test_involving_needs_a_department(world: World) -> None:
    number = assigned(world)
    refusal_ = refused(world, "xu", "complaints.involve", number, departments="")
    assert said(refusal_) == ("departments", "Responsible departments is required.")


# Compensation


def test_a_compensation_over_the_limit_is_offered_only_as_far_as_it_is_approved(world: World) -> None:
    limited(world)
    number = investigating(world)
    offer = {"measure": "compensation", "solution": "补偿"}
    assert said(refused(world, "xu", "complaints.offer", number, **offer, amount="500.01")) == (
        "amount",
        "¥500.01 is more than ¥500.00: propose it to the deputy general manager first.",
    )
    world.do("xu", "complaints.propose", number, amount="900", because="两次维修未果")
    assert complaint(world, number).waits == "deputy"
    waiting = f"The compensation for {number} waits for the deputy general manager."
    assert key_too(world, "xu", "complaints.offer", number, **offer, amount="100") == waiting
    assert key_too(world, "xu", "complaints.propose", number, amount="1", because="x") == waiting
    form = prepared(world, "dgm", "complaints.approve", number)
    assert (form.derived, str(form.notes[0])) == ({"amount": 90000}, "Proposed: ¥900.00. 两次维修未果")
    assert said(refused(world, "dgm", "complaints.approve", number, amount="800")) == (
        "words",
        "Less than was proposed: say why.",
    )
    world.do("dgm", "complaints.approve", number, amount="800", words="八百为限")
    assert complaint(world, number).waits == ""
    nothing_open = f"No compensation for {number} waits for approval."
    assert key_too(world, "dgm", "complaints.approve", number, amount="1") == nothing_open
    assert refused(world, "xu", "complaints.offer", number, **offer, amount="800.01").field == "amount"
    world.do("xu", "complaints.offer", number, solution="补偿")
    row = complaint(world, number)
    assert (row.state, row.measure, row.compensation) == (SOLUTION_OFFERED, "compensation", 80000)


def test_nothing_approved_leaves_the_limit_and_another_may_be_proposed(world: World) -> None:
    limited(world)
    number = investigating(world)
    world.do("xu", "complaints.propose", number, amount="900", because="x")
    said_ = world.do("dgm", "complaints.approve", number, amount="0", words="按规定").sentence
    assert str(said_) == f"No compensation is approved for {number}."
    offer = {"measure": "compensation", "solution": "补偿"}
    assert refused(world, "xu", "complaints.offer", number, **offer, amount="900").field == "amount"
    world.do("xu", "complaints.propose", number, amount="600", because="y")
    row = complaint(world, number)
    assert (row.proposed, row.approved_at, row.waits) == (60000, None, "deputy")
    world.do("dgm", "complaints.approve", number)
    world.do("xu", "complaints.offer", number, **offer, amount="600")
    assert complaint(world, number).compensation == 60000


def test_amounts_are_positive_and_only_of_a_compensation(world: World) -> None:
    number = investigating(world)
    positive = ("amount", "A compensation is more than nothing.")
    assert said(refused(world, "xu", "complaints.propose", number, amount="0", because="x")) == positive
    assert said(refused(world, "xu", "complaints.offer", number, measure="compensation", solution="x")) == positive
    assert said(refused(world, "xu", "complaints.offer", number, **OFFERED, amount="5")) == (
        "amount",
        "Only a compensation has an amount.",
    )


# The solution


def test_no_solution_to_a_serious_complaint_before_the_deputy_general_manager_decided(world: World) -> None:
    number = solution_offered(world)
    world.do("xu", "complaints.grade", number, **GRADED, gravity=SERIOUS, reason="媒体关注")
    assert key_too(world, "xu", "complaints.offer", number, **OFFERED) == (
        f"{number} is serious: the deputy general manager decides before a solution is offered."
    )


def test_a_serious_one_is_not_offered_at_a_time_before_the_decision(world: World) -> None:
    number = with_deputy(world)
    world.at("2026-11-23 10:00")
    world.do("dgm", "complaints.decide", number, decision="decided", words="照办")
    world.do("xu", "complaints.assign", number, handler="guo")
    world.do("xu", "complaints.investigate", number, **FOUND)
    refusal_ = refused(world, "xu", "complaints.offer", number, **OFFERED, offered_at="0930")
    assert refusal_.field == "offered_at"
    assert "when the deputy general manager decided" in str(refusal_)


@pytest.mark.parametrize("offered_at", ["800", "1000"])
def test_a_solution_is_offered_after_the_receipt_and_not_in_the_future(world: World, offered_at: str) -> None:
    number = investigating(world)
    assert refused(world, "xu", "complaints.offer", number, **OFFERED, offered_at=offered_at).field == "offered_at"


def test_the_offer_stops_the_48_hours_and_no_other_clock(world: World) -> None:
    number = investigating(world)
    offered_at = world.at("2026-11-24 10:00")
    assert world.do("xu", "complaints.offer", number, **OFFERED).next == ("complaints.carry_out", "complaints.tell")
    running = clocks(world, number)
    assert (running[1, "solve"].stopped_at, running[1, "solve"].stopped_by) == (offered_at, "complaints.offer")
    assert running[1, "follow_up"].stopped_at is None
    assert complaint(world, number).due_at == running[1, "follow_up"].due_at
    world.at("2026-11-24 11:00")
    world.do("xu", "complaints.offer", number, **OFFERED)
    assert clocks(world, number)[1, "solve"].stopped_at == offered_at, "a stopped clock stays as it is"


def test_the_follow_up_counts_from_the_solution_where_the_unit_says_so(world: World) -> None:
    limited(world, follow_up_from="solution")
    number = investigating(world)
    assert (1, "follow_up") not in clocks(world, number)
    world.at("2026-11-24 10:00")
    world.do("xu", "complaints.offer", number, **OFFERED)
    found = clocks(world, number)[1, "follow_up"]
    assert found.due_at == datetime(2026, 11, 27, 2, 0, tzinfo=UTC)


def test_it_is_carried_out_when_the_customer_agreed_and_may_be_added_to(world: World) -> None:
    number = solution_offered(world)
    assert refused(world, "xu", "complaints.carry_out", number, agreed_at="800").field == "agreed_at"
    form = prepared(world, "guo", "complaints.carry_out", number)
    assert (form.derived["agreed_whom"], form.derived["agreed_at"]) == ("王小明", world.now.astimezone(UTC))
    world.do("guo", "complaints.carry_out", number)
    world.at("2026-11-23 15:00")
    world.do("xu", "complaints.carry_out", number, carried_out="已查漏")
    row = complaint(world, number)
    assert (row.state, row.agreed_whom, row.carried_out, row.waits) == (CARRYING_OUT, "王小明", "已查漏", "department")
    assert row.agreed_at == datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


# The result


def test_a_serious_complaint_is_answered_by_letter_only(world: World) -> None:
    number = carrying_out(world, gravity=SERIOUS)
    for how in ("telephone", "email", "message", "in_person"):
        assert said(refused(world, "xu", "complaints.tell", number, how=how, whom="x", words="y")) == (
            "how",
            f"{number} is serious: the customer is told by letter.",
        )
    form = prepared(world, "xu", "complaints.tell", number)
    assert (form.derived["how"], form.derived["words"]) == ("letter", OFFERED["solution"])
    assert "The letter is in Simplified Chinese." in str(form.notes[0])
    done = world.do("xu", "complaints.tell", number, words="已免费修好")
    assert done.numbers == (number, "SZ-L-261123-0001")
    assert done.next[0] == "papers.print"
    assert str(done.sentence) == f"Letter SZ-L-261123-0001 tells 王小明 the result of {number}."
    row = complaint(world, number)
    assert (row.state, row.told_how, row.letter) == (RESULT_TOLD, "letter", "SZ-L-261123-0001")


def test_an_ordinary_one_is_told_by_telephone_with_who_and_when_or_by_letter_alike(world: World) -> None:
    number = carrying_out(world)
    assert prepared(world, "xu", "complaints.tell", number).derived["how"] == "telephone"
    done = world.do("xu", "complaints.tell", number, whom="王太太", words="已修好")
    row = complaint(world, number)
    assert (row.told_whom, row.told_at, row.letter) == ("王太太", world.now.astimezone(UTC), "")
    assert (done.numbers, letters(world, number)) == ((number,), [])
    assert ("contact", "王太太", "已修好") in [(one.kind, one.whom, one.words) for one in events(world, number)]
    other = solution_offered(world)
    world.do("xu", "complaints.tell", other, how="letter")
    assert complaint(world, other).letter == letters(world, other)[0].number == "SZ-L-261123-0001"


def test_a_letter_keeps_what_it_said_and_the_language_of_the_customer(world: World) -> None:
    typed = {"name": "O'Brien", "telephones": "13900000001", "address": "1 Lotus Road", "language": "en"}
    world.do("lin", "customers.enter", **typed)
    number = solution_offered(world, customer_name="O'Brien", telephone="13900000001")
    assert complaint(world, number).customer
    world.do("xu", "complaints.tell", number, how="letter", words="first")
    world.do("xu", "complaints.follow_up", number, satisfaction="1", reaction="no")
    world.do("xu", "complaints.resume", number, reason="not content")
    world.do("xu", "complaints.investigate", number, cause="another")
    world.do("xu", "complaints.offer", number, measure="exchange", solution="a new one")
    world.do("xu", "complaints.tell", number, how="letter", words="second")
    first, second = letters(world, number)
    assert (first.language, first.addressee, first.cause, first.measure, first.words) == (
        "en",
        "O'Brien",
        FOUND["cause"],
        "repair",
        "first",
    )
    assert (second.cause, second.measure, second.solution, second.ask_for) == (
        "another",
        "exchange",
        "a new one",
        "徐丽",
    )
    assert complaint(world, number).letter == second.number != first.number


def test_without_the_customers_language_the_letter_is_in_that_of_the_unit(world: World) -> None:
    mainland = solution_offered(world)
    world.do("xu", "complaints.tell", mainland, how="letter")
    world.do("adm", "units.correct", "SZ", country="TW")
    island = solution_offered(world)
    world.do("xu", "complaints.tell", island, how="letter")
    assert [letters(world, number)[0].language for number in (mainland, island)] == ["zh_CN", "zh_TW"]


@pytest.mark.parametrize("at", ["800", "930", "1100"])
def test_the_result_is_told_after_the_offer_and_followed_up_after_that(world: World, at: str) -> None:
    number = investigating(world)
    world.at("2026-11-23 10:00")
    world.do("xu", "complaints.offer", number, **OFFERED)
    assert refused(world, "xu", "complaints.tell", number, told_at=at).field == "told_at"
    world.do("xu", "complaints.tell", number)
    refusal_ = refused(world, "xu", "complaints.follow_up", number, reaction="x", followed_up_at=at)
    assert refusal_.field == "followed_up_at"


# The follow-up and the end


def test_the_follow_up_stops_its_clock_and_may_leave_the_satisfaction_unsaid(world: World) -> None:
    number = result_told(world)
    at = world.at("2026-11-24 09:00")
    done = world.do("xu", "complaints.follow_up", number, reaction="没意见", plan="下月回访")
    row, stopped = complaint(world, number), clocks(world, number)[1, "follow_up"]
    assert (row.state, row.satisfaction, row.follow_up_plan, row.due_at) == (FOLLOWED_UP, 0, "下月回访", None)
    assert (stopped.stopped_at, stopped.stopped_by) == (at, "complaints.follow_up")
    assert (row.waits, done.next) == ("site", ("complaints.visit",))
    visited(world, number)
    assert complaint_greyed(world, "xu", "complaints.close", number) == ""


def test_a_case_is_not_closed_before_the_customer_was_called_on(world: World) -> None:
    number = followed_up(world)
    assert key_too(world, "xu", "complaints.close", number, **CLOSING) == (
        f"The site visit of {number} is not recorded: 郭强 calls on the customer, or the customer declines it."
    )
    visited(world, number)
    world.do("xu", "complaints.close", number, **CLOSING)
    row = complaint(world, number)
    assert (row.state, row.difficulty, row.summary, row.improvement) == (CLOSED, "usual", "漏点未查", "先查漏")
    assert (row.closed_at, row.urgent, row.due_at) == (world.now.astimezone(UTC), "", None)
    assert handlings(world, number)[-1].closed_by_name == "徐丽"


def test_a_case_is_not_closed_before_it_was_acknowledged(world: World) -> None:
    number = received(world)
    world.do("xu", "complaints.assess", number, **GRADED, gravity="ordinary")
    world.do("xu", "complaints.assign", number, handler="guo")
    world.do("xu", "complaints.investigate", number, **FOUND)
    world.do("xu", "complaints.offer", number, **OFFERED)
    world.do("xu", "complaints.tell", number)
    world.do("xu", "complaints.follow_up", number, satisfaction="4", reaction="好")
    visited(world, number)
    assert key_too(world, "xu", "complaints.close", number, **CLOSING) == (
        f"Nobody has told the customer that {number} is received: acknowledge it first."
    )
    world.do("lin", "complaints.acknowledge", number)
    world.do("xu", "complaints.close", number, **CLOSING)


def test_the_deputy_general_manager_closes_the_serious_ones_only(world: World) -> None:
    number = visited(world, followed_up(world))
    assert key_too(world, "dgm", "complaints.close", number, **CLOSING) == (
        f"{number} is ordinary: the Customer Department decides on it."
    )
    serious = visited(world, followed_up(world, gravity=SERIOUS))
    world.do("dgm", "complaints.close", serious, **CLOSING)
    assert complaint(world, serious).state == CLOSED


@pytest.mark.parametrize("satisfaction", ["1", "2"])
def test_a_dissatisfied_customer_keeps_it_open_until_it_is_taken_up_again_or_consented(
    world: World, satisfaction: str
) -> None:
    number = visited(world, followed_up(world, satisfaction=satisfaction))
    assert key_too(world, "xu", "complaints.close", number, **CLOSING) == (
        f"The customer is not satisfied with {number}: take it up again, or the service manager consents to close it "
        "as not reconciled."
    )
    assert refused(world, "xu", "complaints.unreconciled", number, reason="x").kind == "rights"
    world.do("sm", "complaints.unreconciled", number, reason="要求无理")
    assert complaint(world, number).unreconciled == "要求无理"
    world.do("xu", "complaints.follow_up", number, satisfaction=satisfaction, reaction="还是不行")
    assert complaint(world, number).unreconciled == "", "the consent was to the answer before"
    world.do("xu", "complaints.resume", number, reason="换方案")
    assert complaint(world, number).state == INVESTIGATING
    assert [one.words for one in events(world, number, "resumed")] == ["换方案"]


def test_a_consented_case_is_closed(world: World) -> None:
    number = visited(world, followed_up(world, satisfaction="1"))
    world.do("sm", "complaints.unreconciled", number, reason="要求无理")
    world.do("xu", "complaints.close", number, **CLOSING)
    assert complaint(world, number).state == CLOSED


@pytest.mark.parametrize(("login", "act"), [("xu", "complaints.resume"), ("sm", "complaints.unreconciled")])
def test_of_a_satisfied_customer_there_is_nothing_to_take_up(world: World, login: str, act: str) -> None:
    number = followed_up(world, satisfaction="3")
    assert key_too(world, login, act, number, reason="x") == f"The customer of {number} is satisfied."


def test_withdrawing_needs_the_customers_words_and_stops_every_clock_that_runs(world: World) -> None:
    number = received(world)
    assert said(refused(world, "xu", "complaints.withdraw", number)) == ("words", "Customer's words is required.")
    at = world.at("2026-11-23 09:30")
    world.do("xu", "complaints.withdraw", number, words="不再追究")
    row = complaint(world, number)
    assert (row.state, row.withdrawn_words, row.urgent, row.due_at) == (WITHDRAWN, "不再追究", "", None)
    assert {(one.stopped_at, one.stopped_by) for one in clocks(world, number).values()} == {(at, "complaints.withdraw")}
    other = acknowledged(world)
    before = clocks(world, other)[1, "acknowledge"]
    world.at("2026-11-23 11:00")
    world.do("xu", "complaints.withdraw", other, words="算了")
    assert clocks(world, other)[1, "acknowledge"] == before, "what stopped before stays"


# Reopening


def test_reopened_it_begins_anew_as_its_own_repeat_and_what_was_stays_frozen(world: World) -> None:
    number = closed(world)
    frozen, first = clocks(world, number), handlings(world, number)[0]
    at = world.at("2026-12-01 10:00")
    assert world.do("xu", "complaints.reopen", number, reason="又不制冷").next == ("complaints.acknowledge",)
    row = complaint(world, number)
    assert (row.state, row.round, row.repeat_of, row.begun_at) == (RECEIVED, 2, number, at)
    assert (row.nature, row.gravity, row.priority, row.owner, row.technician) == ("", "", 0, "", "guo")
    assert (row.acknowledged_at, row.cause_class, row.satisfaction, row.visited_at) == (None, "", 0, None)
    assert (row.to_acknowledge, row.next_at, row.taken_at) == (True, None, None)
    now = clocks(world, number)
    assert {key: now[key] for key in frozen} == frozen
    assert {key[1]: one.due_at for key, one in now.items() if key[0] == 2} == {
        "acknowledge": datetime(2026, 12, 1, 3, 0, tzinfo=UTC),
        "solve": datetime(2026, 12, 3, 2, 0, tzinfo=UTC),
        "follow_up": datetime(2026, 12, 4, 2, 0, tzinfo=UTC),
    }
    assert handlings(world, number)[0] == first
    assert [one.words for one in events(world, number, "reopened")] == ["又不制冷"]


def test_a_second_round_goes_all_the_way_and_stops_its_own_clocks(world: World) -> None:
    number = withdrawn(world)
    frozen = clocks(world, number)
    world.do("xu", "complaints.reopen", number, reason="客户改变主意")
    world.do("lin", "complaints.acknowledge", number)
    world.do("xu", "complaints.assess", number, **GRADED, gravity="ordinary")
    world.do("xu", "complaints.assign", number, handler="guo")
    world.do("xu", "complaints.investigate", number, **FOUND)
    world.do("xu", "complaints.offer", number, **OFFERED)
    world.do("xu", "complaints.tell", number)
    world.do("xu", "complaints.follow_up", number, satisfaction="4", reaction="好")
    visited(world, number)
    world.do("xu", "complaints.close", number, **CLOSING)
    now = clocks(world, number)
    assert {key: now[key] for key in frozen} == frozen
    assert all(one.stopped_at is not None for one in now.values())
    assert [one.nth for one in handlings(world, number)] == [1, 2]


def test_after_its_days_a_case_is_not_reopened(world: World) -> None:
    limited(world)
    number = closed(world)
    world.at("2027-02-21 09:01")
    assert str(refused(world, "xu", "complaints.reopen", number, reason="x")) == (
        f"{number} ended more than 90 days ago: log a new complaint."
    )
    world.at("2027-02-21 09:00")
    world.do("xu", "complaints.reopen", number, reason="x")
    assert complaint(world, number).round == 2
