"""Grading, the deputy general manager, the site handler and his visit; every act in every state (R52, R53, R55)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from typing import Any

import pytest

from servicedesk.domain.complaint_lines import regraded
from servicedesk.domain.complaints import (
    ACKNOWLEDGED,
    ASSESSED,
    ASSIGNED,
    IN_HAND,
    INVESTIGATING,
    OPEN,
    ORDINARY,
    RECEIVED,
    SERIOUS,
    SOLUTION_OFFERED,
    STATES,
    WITH_DEPUTY,
)
from servicedesk.domain.rulebook import RULES
from servicedesk.domain.words import Refused
from servicedesk.store import complaints
from tests.acts.complaining import (
    COMPLAINT_IN_STATE,
    GRADED,
    acknowledged,
    assessed,
    assigned,
    complaint,
    complaint_greyed,
    departments,
    events,
    followed_up,
    investigating,
    prepared,
    received,
    solution_offered,
    with_deputy,
)
from tests.acts.faces import open_to_anybody, refused
from tests.acts.rounds import last_audit
from tests.world import World

VISITED = {"finding": "室外机漏氟", "agreed": "周三上门补漏"}


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    made = open_to_anybody(World(database_url))
    yield made
    made.close()


def said(refusal: Refused) -> tuple[str | None, str]:
    return refusal.field, str(refusal)


def state(world: World, number: str) -> str:
    return complaint(world, number).state


def of_headquarters(world: World) -> str:
    """An assessed complaint of a unit that has no supervisor."""
    number = received(world, "xu", unit="HQ")
    world.do("xu", "complaints.assess", number, **GRADED, gravity=ORDINARY)
    return number


# Every act in every state


SOURCES = {
    "complaints.assess": ("xu", {RECEIVED, ACKNOWLEDGED}),
    "complaints.grade": ("sm", {ASSESSED, WITH_DEPUTY, *IN_HAND}),
    "complaints.decide": ("dgm", {WITH_DEPUTY}),
    "complaints.assign": ("guo", {ASSESSED, *IN_HAND}),
    "complaints.visit": ("guo", IN_HAND),
    "complaints.urge": ("xu", OPEN),
    "complaints.help": ("xu", OPEN),
    "complaints.incident": ("xu", OPEN),
    "complaints.evidence": ("xu", OPEN),
    "complaints.malicious": ("sm", OPEN),
}


def test_in_every_other_state_an_act_is_refused_with_its_sentence_and_its_key_is_grey(world: World) -> None:
    numbers = {name: into(world) for name, into in COMPLAINT_IN_STATE.items()}
    assert {name: state(world, number) for name, number in numbers.items()} == {name: name for name in STATES}
    for act, (login, sources) in SOURCES.items():
        for name, number in numbers.items():
            grey = complaint_greyed(world, login, act, number)
            sentence = f"{number} is {STATES[name]}: '{RULES[act].label}' is not possible."
            assert (grey == sentence) == (name not in sources), (act, name, grey)
            if name not in sources:
                assert str(refused(world, login, act, number)) == sentence


# Assessing (R98, R99, R147, R148)


def test_priority_and_owner_follow_from_urgency_and_scope(world: World) -> None:
    number = acknowledged(world)
    shown = prepared(world, "xu", "complaints.assess", number, urgency="high", scope="one")
    assert (shown.derived["priority"], shown.derived["owner"]) == ("2", "xu")
    done = world.do("xu", "complaints.assess", number, nature="product", urgency="high", scope="one", gravity=ORDINARY)
    assert str(done.sentence) == f"{number} is assessed: priority 2 today, 徐丽 is responsible."
    assert done.next == ("complaints.assign",)
    row = complaint(world, number)
    assert (row.state, row.nature, row.urgency, row.scope, row.gravity) == (
        ASSESSED,
        "product",
        "high",
        "one",
        ORDINARY,
    )
    assert (row.priority, row.owner, row.submitted_at) == (2, "xu", None)


def test_nothing_is_derived_before_urgency_and_scope_are_known_and_all_four_grades_are_asked(world: World) -> None:
    number = received(world)
    assert prepared(world, "xu", "complaints.assess", number, urgency="high").derived == {}
    refusal = refused(world, "xu", "complaints.assess", number)
    assert {field: str(text) for field, text in vars(refusal)["refusals"].items()} == {
        "nature": "Nature is required.",
        "gravity": "Gravity is required.",
        "urgency": "Urgency is required.",
        "scope": "Scope of impact is required.",
        "priority": "Priority is required.",
        "owner": "Person responsible is required.",
    }


def test_another_priority_asks_for_the_reason_and_the_log_keeps_both(world: World) -> None:
    number = acknowledged(world)
    typed = {**GRADED, "gravity": ORDINARY, "priority": "1"}
    refusal = refused(world, "xu", "complaints.assess", number, **typed)
    assert said(refusal) == ("because", "Priority was changed by hand: say why.")
    world.do("xu", "complaints.assess", number, **typed, because="老客户")
    assert complaint(world, number).priority == 1
    (event,) = events(world, number, "graded")
    assert (str(regraded(event)), event.words) == ("Priority: 3 in turn → 1 at once", "老客户")


def test_who_is_responsible_is_of_the_customer_department(world: World) -> None:
    number = acknowledged(world)
    typed = {**GRADED, "gravity": ORDINARY}
    refusal = refused(world, "xu", "complaints.assess", number, **typed, owner="chen")
    assert said(refusal) == ("owner", "陈明 is not of the Customer Department: name somebody who is.")
    refusal = refused(world, "xu", "complaints.assess", number, **typed, owner="nobody")
    assert said(refusal) == ("owner", "“nobody” is not found: type another part of it.")
    world.do("xu", "complaints.assess", number, **typed, owner="沈敏")
    assert complaint(world, number).owner == "sm"


def test_a_stand_in_of_the_department_is_responsible_for_what_he_assesses_until_it_is_graded_anew(world: World) -> None:
    world.do("adm", "staff.stand_in", "xu", role="customer_department", stand_in="ann", begins="11-23", ends="11-23")
    number = acknowledged(world)
    world.do("ann", "complaints.assess", number, **GRADED, gravity=ORDINARY)
    assert complaint(world, number).owner == "ann"
    world.do("sm", "complaints.grade", number, nature="product", reason="电容坏")
    assert complaint(world, number).owner == "ann"


def test_departments_are_asked_for_their_part(world: World) -> None:
    number = acknowledged(world)
    typed = {**GRADED, "gravity": ORDINARY}
    refusal = refused(world, "xu", "complaints.assess", number, **typed, departments="物流部; : 延误")
    assert said(refusal) == (
        "departments",
        "': 延误' names no department: write for example 'Logistics: late'.",
    )
    refusal = refused(world, "xu", "complaints.assess", number, **typed, departments="物流部: a\n物流部: b")
    assert said(refusal) == ("departments", "Line 2: 物流部 is asked already and has not answered yet.")
    world.do("xu", "complaints.assess", number, **typed, departments="物流部：晚到两天: 雨\n生产部")
    assert [(line.line, line.department, line.part, line.asked_by_name) for line in departments(world, number)] == [
        (1, "物流部", "晚到两天: 雨", "徐丽"),
        (2, "生产部", "", "徐丽"),
    ]
    row = complaint(world, number)
    assert (row.departments, row.unanswered) == (2, 2)


def test_what_is_graded_before_it_is_acknowledged_is_still_to_be_acknowledged(world: World) -> None:
    number = received(world)
    done = world.do("xu", "complaints.assess", number, **GRADED, gravity=ORDINARY)
    assert done.next == ("complaints.acknowledge", "complaints.assign")
    row = complaint(world, number)
    assert (row.state, row.to_acknowledge, row.acknowledge_stopped) == (ASSESSED, True, None)


# Serious ones (R52)


@pytest.mark.parametrize("into", [received, acknowledged])
def test_a_serious_complaint_is_with_the_deputy_at_once_and_first_in_the_queue(world: World, into: Any) -> None:
    ordinary, number = assessed(world), into(world)
    world.at("2026-11-23 09:20")
    done = world.do("xu", "complaints.assess", number, **GRADED, gravity=SERIOUS)
    assert str(done.sentence) == f"{number} is serious: the deputy general manager has it now."
    row = complaint(world, number)
    assert (row.state, row.submitted_at, row.waits) == (WITH_DEPUTY, world.at("2026-11-23 09:20"), "deputy")
    assert done.next[-1] == "complaints.decide"
    world.do("dgm", "complaints.decide", number, decision="decided", words="速办")
    assert complaint(world, number).urgent < complaint(world, ordinary).urgent


def test_the_deputy_decides_or_passes_on(world: World) -> None:
    number = with_deputy(world)
    refusal = refused(world, "dgm", "complaints.decide", number, decision="referred", words="请质量部核办")
    assert said(refusal) == ("referred_to", "Passed on to is required.")
    assert said(refused(world, "dgm", "complaints.decide", number, decision="decided"))[0] == "words"
    world.at("2026-11-23 10:00")
    done = world.do("dgm", "complaints.decide", number, decision="referred", words="请质量部核办", referred_to="质量部")
    assert (str(done.sentence), done.next) == (f"{number}: passed on after review.", ("complaints.assign",))
    row = complaint(world, number)
    assert (row.state, row.decision, row.decision_words, row.referred_to) == (
        ASSESSED,
        "referred",
        "请质量部核办",
        "质量部",
    )
    assert row.decided_at == world.at("2026-11-23 10:00")
    assert row.waits == ""


def test_a_decision_is_passed_on_to_nobody(world: World) -> None:
    number = with_deputy(world)
    world.do("dgm", "complaints.decide", number, decision="decided", words="照办", referred_to="质量部")
    assert (complaint(world, number).decision, complaint(world, number).referred_to) == ("decided", "")


# Grading anew


def test_what_becomes_serious_before_a_solution_goes_to_the_deputy_and_comes_back_to_its_handler(world: World) -> None:
    number = investigating(world)
    refusal = refused(world, "xu", "complaints.grade", number, gravity=SERIOUS)
    assert said(refusal) == ("reason", "Reason is required.")
    done = world.do("xu", "complaints.grade", number, gravity=SERIOUS, scope="public", reason="媒体报道")
    assert (str(done.sentence), done.next) == (
        f"{number} is serious: the deputy general manager has it now.",
        ("complaints.decide",),
    )
    row = complaint(world, number)
    assert (row.state, row.gravity, row.scope, row.priority) == (WITH_DEPUTY, SERIOUS, "public", 2)
    assert [(str(regraded(event)), event.words) for event in events(world, number, "graded")] == [
        ("Gravity: ordinary → serious", "媒体报道"),
        ("Scope of impact: this customer → the public", "媒体报道"),
        ("Priority: 3 in turn → 2 today", "媒体报道"),
    ]
    world.do("dgm", "complaints.decide", number, decision="decided", words="速办")
    assert prepared(world, "guo", "complaints.assign", number).derived == {"handler": "guo"}
    world.do("guo", "complaints.assign", number)
    assert (state(world, number), complaint(world, number).technician) == (ASSIGNED, "guo")


def test_what_becomes_serious_once_a_solution_is_offered_stays_where_it_is(world: World) -> None:
    number = solution_offered(world)
    world.do("xu", "complaints.grade", number, gravity=SERIOUS, reason="要起诉")
    row = complaint(world, number)
    assert (row.state, row.gravity, row.submitted_at) == (SOLUTION_OFFERED, SERIOUS, None)


def test_only_the_deputy_makes_a_serious_complaint_ordinary(world: World) -> None:
    number = with_deputy(world)
    refusal = refused(world, "sm", "complaints.grade", number, gravity=ORDINARY, reason="不严重")
    assert said(refusal) == ("gravity", f"{number} is serious: only the deputy general manager makes it ordinary.")
    done = world.do("dgm", "complaints.grade", number, gravity=ORDINARY, reason="属一般性质")
    assert (str(done.sentence), done.next) == (f"{number} is graded anew.", ("complaints.assign",))
    row = complaint(world, number)
    assert (row.state, row.gravity, row.decided_at, row.waits) == (ASSESSED, ORDINARY, None, "")


def test_a_stand_in_makes_it_ordinary_under_the_deputys_post(world: World) -> None:
    number = with_deputy(world)
    world.do("adm", "staff.stand_in", "dgm", role="deputy_gm", stand_in="sm", begins="11-23", ends="11-23")
    world.do("sm", "complaints.grade", number, gravity=ORDINARY, reason="属一般性质")
    assert (last_audit(world)["actor"], last_audit(world)["holder"]) == ("sm", "dgm")


def test_the_deputy_grades_no_ordinary_complaint(world: World) -> None:
    number = assessed(world)
    sentence = f"{number} is ordinary: the Customer Department decides on it."
    assert str(refused(world, "dgm", "complaints.grade", number, gravity=SERIOUS, reason="x")) == sentence
    assert complaint_greyed(world, "dgm", "complaints.grade", number) == sentence
    assert complaint_greyed(world, "dgm", "complaints.grade", with_deputy(world)) == ""


def test_a_decision_stands_when_it_becomes_serious_again(world: World) -> None:
    number = assigned(world, gravity=SERIOUS)
    world.do("dgm", "complaints.grade", number, gravity=ORDINARY, reason="属一般性质")
    assert (state(world, number), complaint(world, number).gravity) == (ASSIGNED, ORDINARY)
    world.do("xu", "complaints.grade", number, gravity=SERIOUS, reason="又上新闻")
    row = complaint(world, number)
    assert (row.state, row.gravity, row.decision) == (ASSIGNED, SERIOUS, "decided")


def test_serious_once_offered_and_taken_up_again_it_goes_to_the_deputy_at_once(world: World) -> None:
    number = solution_offered(world)
    world.do("xu", "complaints.grade", number, gravity=SERIOUS, reason="要起诉")
    world.do("xu", "complaints.tell", number, whom="王小明", words="已免费修好")
    world.do("xu", "complaints.follow_up", number, satisfaction="1", reaction="不行")
    done = world.do("xu", "complaints.resume", number, reason="客户不满意")
    assert str(done.sentence) == f"{number} is serious: the deputy general manager has it now."
    row = complaint(world, number)
    assert (row.state, row.waits, row.submitted_at) == (WITH_DEPUTY, "deputy", world.now.astimezone(UTC))


def test_grading_as_it_is_graded_already_is_refused(world: World) -> None:
    number = assessed(world)
    refusal = refused(world, "xu", "complaints.grade", number, urgency="normal", reason="x")
    assert said(refusal) == (None, f"{number} is graded so already: change what is not right.")
    world.do("xu", "complaints.grade", number, owner="sm", reason="转沈敏")
    (event,) = events(world, number, "graded")
    assert str(regraded(event)) == "Person responsible: 徐丽 → 沈敏"


# The site handler and the visit (003 Art. 24)


def test_the_supervisor_calls_himself_and_for_the_department_he_is_proposed(world: World) -> None:
    number = assessed(world)
    for login in ("guo", "xu", "sm"):
        assert prepared(world, login, "complaints.assign", number).derived == {"handler": "guo"}
    done = world.do("guo", "complaints.assign", number)
    assert (str(done.sentence), done.next) == (f"郭强 calls on the customer of {number}.", ("complaints.investigate",))
    row = complaint(world, number)
    assert (row.state, row.technician, row.to_visit) == (ASSIGNED, "guo", True)
    assert events(world, number, "handler") == []


def test_a_stand_in_of_the_unit_calls_himself(world: World) -> None:
    world.do("guo", "staff.stand_in", "guo", role="supervisor", stand_in="lin", begins="11-23", ends="11-23")
    world.do("adm", "staff.stand_in", "guo", role="supervisor", stand_in="bjsup", begins="11-23", ends="11-23")
    number = assessed(world)
    assert prepared(world, "lin", "complaints.assign", number).derived == {"handler": "lin"}
    assert prepared(world, "bjsup", "complaints.assign", number).derived == {"handler": "guo"}


def test_a_unit_without_a_supervisor_proposes_nobody(world: World) -> None:
    number = of_headquarters(world)
    assert prepared(world, "xu", "complaints.assign", number).derived == {}
    assert said(refused(world, "xu", "complaints.assign", number)) == ("handler", "Site handler is required.")
    world.do("xu", "complaints.assign", number, handler="ann")
    assert complaint(world, number).technician == "ann"


def test_the_site_handler_is_an_active_person_of_the_unit_who_calls_on_customers(world: World) -> None:
    number, at_hq = assessed(world), of_headquarters(world)
    world.do("adm", "staff.correct", "wu", active="no")
    cases = {
        (number, "bjsup"): "毕胜 is not of SZ.",
        (number, "wu"): "“wu” is not found: type another part of it.",
        (at_hq, "aud"): "欧阳迪 has no post that calls on customers: name somebody else of HQ.",
        (at_hq, "dgm"): "丁国民 has no post that calls on customers: name somebody else of HQ.",
    }
    for (paper, login), sentence in cases.items():
        assert said(refused(world, "xu", "complaints.assign", paper, handler=login)) == ("handler", sentence)


def test_another_handler_is_an_event_and_the_same_one_is_refused(world: World) -> None:
    number = investigating(world)
    refusal = refused(world, "guo", "complaints.assign", number)
    assert said(refusal) == ("handler", f"郭强 is the site handler of {number} already.")
    world.do("guo", "complaints.assign", number, handler="chen")
    row = complaint(world, number)
    assert (row.state, row.technician, row.handler_name) == (INVESTIGATING, "chen", "陈明")
    (event,) = events(world, number, "handler")
    assert (event.whom, event.by_name) == ("郭强 → 陈明", "郭强")


def test_the_visit_says_when_what_was_found_and_what_was_agreed(world: World) -> None:
    number = assigned(world, handler="chen")
    fields = {
        "finding": "What was found, or the customer's word is required.",
        "agreed": "What was agreed is required.",
    }
    assert said(refused(world, "chen", "complaints.visit", number, agreed="x")) == ("finding", fields["finding"])
    assert said(refused(world, "chen", "complaints.visit", number, finding="x")) == ("agreed", fields["agreed"])
    world.at("2026-11-23 15:00")
    typed = {**VISITED, "visited_at": "11-23 14:10"}
    done = world.do("chen", "complaints.visit", number, **typed)
    row = complaint(world, number)
    assert (row.visit_declined, row.finding, row.agreed, row.to_visit) == (False, *VISITED.values(), False)
    assert (row.visited_at, row.state) == (world.at("2026-11-23 14:10"), ASSIGNED)
    assert done.next == ()
    (handling,) = world.read(complaints.handlings, row.id)
    assert handling.visited_by_name == "陈明"


def test_the_visit_was_neither_before_the_complaint_nor_is_it_still_to_come(world: World) -> None:
    world.at("2026-11-23 09:30")
    number = assigned(world)
    early = refused(world, "guo", "complaints.visit", number, **VISITED, visited_at="11-23 09:29")
    assert (early.field, str(early).endswith("when the complaint was received.")) == ("visited_at", True)
    late = refused(world, "guo", "complaints.visit", number, **VISITED, visited_at="11-23 09:31")
    assert (late.field, str(late).endswith("has not come yet: enter when it was.")) == ("visited_at", True)
    world.do("guo", "complaints.visit", number, **VISITED, visited_at="11-23 09:30")


def test_a_declined_visit_needs_the_customers_word_alone_and_counts_as_recorded(world: World) -> None:
    number = followed_up(world)
    assert complaint(world, number).waits == "site"
    refusal = refused(world, "guo", "complaints.visit", number, declined="y", agreed="x")
    assert refusal.field == "finding"
    done = world.do("guo", "complaints.visit", number, declined="y", finding="客户说不用来", agreed="x")
    assert str(done.sentence) == f"{number}: the customer does not wish to be called on."
    assert done.next == ("complaints.close",)
    row = complaint(world, number)
    assert (row.visit_declined, row.finding, row.agreed, row.waits) == (True, "客户说不用来", "", "")
    assert row.visited_at is not None


def test_what_is_written_of_a_visit_stands_to_be_gone_on_with(world: World) -> None:
    number = assigned(world)
    world.do("guo", "complaints.visit", number, **VISITED)
    known = prepared(world, "guo", "complaints.visit", number).derived
    assert (known["finding"], known["agreed"], known["declined"]) == (*VISITED.values(), False)
    world.do("guo", "complaints.visit", number, agreed="改为周四")
    assert (complaint(world, number).finding, complaint(world, number).agreed) == (VISITED["finding"], "改为周四")


def test_a_technician_records_the_visits_of_the_own_complaints_alone(world: World) -> None:
    own, other = assigned(world, handler="chen"), assigned(world, handler="liu")
    sentence = "Your posts do not allow 'Site visit' here. It is for: "
    refusal = refused(world, "chen", "complaints.visit", other, **VISITED)
    assert (refusal.kind, str(refusal).startswith(sentence)) == ("rights", True)
    assert complaint_greyed(world, "chen", "complaints.visit", other).startswith(sentence)
    assert complaint_greyed(world, "chen", "complaints.visit", own) == ""
    world.do("chen", "complaints.visit", own, **VISITED)
    world.do("guo", "complaints.visit", other, **VISITED)
