"""Urging, help, incidents, evidence, malicious complaints; the tables that grade and time (R54, R142, R148, R168)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from servicedesk.domain.complaints import ASSIGNED
from servicedesk.domain.words import Refused
from servicedesk.store import complaint_clocks, complaint_tables, complaints
from tests.acts.complaining import assessed, assigned, complaint, complaint_greyed, events, prepared, received
from tests.acts.faces import command, open_to_anybody, refused
from tests.acts.rounds import last_audit
from tests.world import World


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    made = open_to_anybody(World(database_url))
    yield made
    made.close()


def said(refusal: Refused) -> tuple[str | None, str]:
    return refusal.field, str(refusal)


# Urging, help, incidents, evidence, malicious (R54, R142, R163, R168)


def test_urging_counts_and_names_whom(world: World) -> None:
    early, number = received(world), assigned(world)
    assert prepared(world, "xu", "complaints.urge", early).derived == {"whom": "SZ"}
    assert said(refused(world, "xu", "complaints.urge", number)) == ("words", "What is urged is required.")
    done = world.do("xu", "complaints.urge", number, words="今天要去")
    assert str(done.sentence) == f"郭强 is urged on {number}; urged so far: 1."
    world.do("sm", "complaints.urge", number, whom="物流部", words="何时到货")
    assert complaint(world, number).urges == 2
    assert [(event.by_name, event.whom, event.words) for event in events(world, number, "urge")] == [
        ("徐丽", "郭强", "今天要去"),
        ("沈敏", "物流部", "何时到货"),
    ]


def test_help_of_a_superior_is_in_the_log(world: World) -> None:
    number = received(world)
    assert said(refused(world, "xu", "complaints.help", number, words="x")) == (
        "whom",
        "Whose help is asked is required.",
    )
    done = world.do("xu", "complaints.help", number, whom="沈敏", words="客户要求总部出面")
    assert str(done.sentence) == f"沈敏 is asked for help with {number}."
    (event,) = events(world, number, "help")
    assert (event.whom, event.words) == ("沈敏", "客户要求总部出面")


def test_an_incident_groups_open_complaints_and_is_offered(world: World) -> None:
    first, second, third = received(world), received(world), received(world)
    world.do("xu", "complaints.incident", first, incident="台风停电")
    assert said(refused(world, "xu", "complaints.incident", first, incident="台风停电")) == (
        "incident",
        f"{first} belongs to “台风停电” already.",
    )
    assert said(refused(world, "xu", "complaints.incident", second, incident="-")) == (
        "incident",
        f"{second} belongs to no incident.",
    )
    world.do("xu", "complaints.incident", second, incident="台风停电")
    assert world.read(complaints.open_incidents) == [("台风停电", 2)]
    offered = prepared(world, "xu", "complaints.incident", third).notes
    assert [str(note) for note in offered] == ["台风停电: open complaints 2"]
    world.do("xu", "complaints.withdraw", second, words="已恢复")
    assert world.read(complaints.open_incidents) == [("台风停电", 1)]
    world.do("xu", "complaints.incident", first, incident="主板批次")
    world.do("xu", "complaints.incident", first, incident="-")
    assert complaint(world, first).incident == ""
    assert [event.words for event in events(world, first, "incident")] == [
        "台风停电",
        "台风停电 → 主板批次",
        "主板批次 → -",
    ]


def test_a_malicious_complaint_needs_the_service_manager_and_evidence(world: World) -> None:
    number = assigned(world)
    typed = {"because": "冒名索赔", "legal_told": "11-23 法务林"}
    sentence = f"{number} has no evidence yet: list it before the complaint is marked malicious."
    assert str(refused(world, "sm", "complaints.malicious", number, **typed)) == sentence
    assert complaint_greyed(world, "sm", "complaints.malicious", number) == sentence
    assert refused(world, "xu", "complaints.malicious", number, **typed).kind == "rights"
    refusal = refused(world, "xu", "complaints.evidence", number, lines=": 档案室")
    assert said(refusal) == (
        "lines",
        "': 档案室' names no evidence: write for example 'recording of 11-23: drive 2'.",
    )
    done = world.do("xu", "complaints.evidence", number, lines="通话录音: 服务器\n假发票")
    assert str(done.sentence) == f"{number}: pieces of evidence 2."
    world.do("xu", "complaints.evidence", number, lines="照片: 档案室")
    listed = world.read(complaints.evidence, complaint(world, number).id)
    assert [(line.line, line.what, line.kept, line.by_name) for line in listed] == [
        (1, "通话录音", "服务器", "徐丽"),
        (2, "假发票", "", "徐丽"),
        (3, "照片", "档案室", "徐丽"),
    ]
    assert said(refused(world, "sm", "complaints.malicious", number, because="x"))[0] == "legal_told"
    world.do("sm", "complaints.malicious", number, **typed)
    row = complaint(world, number)
    assert (row.malicious, row.malicious_because, row.legal_told, row.state) == (True, *typed.values(), ASSIGNED)
    again = f"{number} is marked malicious already."
    assert str(refused(world, "sm", "complaints.malicious", number, **typed)) == again
    assert complaint_greyed(world, "sm", "complaints.malicious", number) == again


# What is kept (D6, R148)


LIMITS = {"acknowledge": "30", "solve": "1440", "follow_up": "2880", "follow_up_from": "solution", "reopen_days": "30"}


def test_limits_of_a_unit_hold_for_clocks_that_begin_from_now_on(world: World) -> None:
    before = received(world)
    done = world.do("adm", "complaints.limits", "SZ", **LIMITS, compensation="200")
    assert str(done.sentence) == (
        "SZ, complaints from now on: acknowledged in 30 min, solution in 1440 min, follow-up in 2880 min from the "
        "solution; compensation up to ¥200.00; reopened within 30 days. Clocks that run already keep theirs."
    )
    after, elsewhere = received(world), received(world, unit="BJ")
    due = {number: complaint(world, number).acknowledge_due for number in (before, after, elsewhere)}
    assert due == {
        before: world.at("2026-11-23 10:00"),
        after: world.at("2026-11-23 09:30"),
        elsewhere: world.at("2026-11-23 10:00"),
    }
    world.at("2026-11-23 09:00")
    assert complaint(world, after).follow_up_due is None
    changed = last_audit(world)
    world.do("adm", "complaints.limits", "SZ", compensation="300")
    assert last_audit(world)["changed"] == {"SZ": {"compensation": [20000, 30000]}}
    assert changed["act"] == "complaints.receive"
    assert [(row.unit, row.acknowledge, row.compensation) for row in world.read(complaint_tables.all_limits)] == [
        ("HQ", 60, 50000),
        ("SZ", 30, 30000),
        ("BJ", 60, 50000),
    ]


def test_limits_that_cannot_be_are_refused(world: World) -> None:
    cases = {
        ("acknowledge", "0"): "Enter a number from 1 to 525600.",
        ("solve", "-5"): "Enter a number from 1 to 525600.",
        ("follow_up", "525601"): "Enter a number from 1 to 525600.",
        ("reopen_days", "-1"): "Enter a number from 0 to 3650.",
        ("compensation", "abc"): "Enter an amount in digits, like 120, 120.50 or 1,200.",
        ("follow_up_from", "never"): "'never' is not one of: receipt, solution.",
    }
    for (field, typed), sentence in cases.items():
        assert said(refused(world, "adm", "complaints.limits", "SZ", **{field: typed})) == (field, sentence)


def test_escalation_steps_are_set_and_dropped_for_clocks_to_come(world: World) -> None:
    notes = prepared(world, "adm", "complaints.step", clock="acknowledge").notes
    assert [str(note) for note in notes] == [
        "acknowledgement 50 %: service agent",
        "acknowledgement 75 %: Customer Department",
        "acknowledgement 100 %: service manager",
    ]
    before = received(world)
    done = world.do("adm", "complaints.step", clock="acknowledge", percent="75", role="")
    assert str(done.sentence) == "Clocks that begin from now on (acknowledgement) have no step at 75 %."
    done = world.do("adm", "complaints.step", clock="acknowledge", percent="200", role="deputy_gm")
    assert str(done.sentence) == "Clocks that begin from now on: acknowledgement 200 %: deputy general manager."
    world.do("adm", "complaints.step", clock="acknowledge", percent="50", role="clerk")
    after = received(world)
    steps = {
        number: [
            (step.percent, step.role)
            for step in world.read(complaints.steps, complaint(world, number).id)
            if step.clock == "acknowledge"
        ]
        for number in (before, after)
    }
    assert steps[before] == [(50, "agent"), (75, "customer_department"), (100, "service_manager")]
    assert steps[after] == [(50, "clerk"), (100, "service_manager"), (200, "deputy_gm")]


def test_steps_that_cannot_be_are_refused(world: World) -> None:
    typed = {"clock": "solve", "role": "deputy_gm"}
    for percent in ("0", "1001"):
        refusal = refused(world, "adm", "complaints.step", **typed, percent=percent)
        assert said(refusal) == ("percent", "Enter a number from 1 to 1000.")
    refusal = refused(world, "adm", "complaints.step", clock="solve", percent="60")
    assert said(refusal) == ("role", "The clock has no step at 60 %: name the role that it goes to.")
    assert refused(world, "adm", "complaints.step", clock="solve", percent="60", role="technician").field == "role"


def test_the_table_of_priorities_is_kept_by_the_department(world: World) -> None:
    graded = assessed(world)
    known = prepared(world, "xu", "complaints.priority", urgency="normal", scope="one")
    assert known.derived == {"priority": "3", "owner": "-"}
    assert [str(note) for note in known.notes][:2] == [
        "urgent, the public: 1 at once, whoever assesses",
        "urgent, several customers: 1 at once, whoever assesses",
    ]
    done = world.do("xu", "complaints.priority", urgency="normal", scope="one", priority="2", owner="sm")
    assert str(done.sentence) == "Complaints graded from now on: normal, this customer: 2 today, sm."
    row = complaint(world, assessed(world))
    assert (row.priority, row.owner) == (2, "sm")
    assert (complaint(world, graded).priority, complaint(world, graded).owner) == (3, "xu")
    refusal = refused(world, "xu", "complaints.priority", urgency="low", scope="one", owner="chen")
    assert said(refusal) == ("owner", "陈明 is not of the Customer Department: name somebody who is.")
    world.do("xu", "complaints.priority", urgency="normal", scope="one", owner="-")
    line = next(line for line in world.read(complaint_clocks.priorities) if line[:2] == ("normal", "one"))
    assert (line.priority, line.owner) == (2, "")


def test_an_owner_of_the_table_who_has_left_is_none(world: World) -> None:
    world.do("xu", "complaints.priority", urgency="normal", scope="one", owner="sm")
    world.do("adm", "staff.correct", "sm", active="no")
    assert complaint(world, assessed(world)).owner == "xu"


def test_the_command_line_lists_what_is_kept(world: World) -> None:
    world.do("adm", "complaints.limits", "SZ", **LIMITS, compensation="200")
    limits = command(world, "adm", "list", "limits", "--unit", "SZ")
    assert (limits.code, limits.err) == (0, ())
    assert limits.out.splitlines()[-1].split() == [
        "SZ",
        "30",
        "1440",
        "2880",
        "from",
        "the",
        "solution",
        "¥200.00",
        "30",
    ]
    steps = command(world, "xu", "list", "steps", "--ids")
    assert steps.out.split()[:3] == ["acknowledge-50", "acknowledge-75", "acknowledge-100"]
    priorities = command(world, "xu", "list", "priorities", "--json")
    assert '"urgency": "high"' in priorities.out
