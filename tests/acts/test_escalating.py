"""Escalation by the clock alone: each step happens once, whoever notices first, and the log names no person."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from servicedesk.acts.complaints.escalating import ESCALATE, tick
from servicedesk.domain.calls import Page
from servicedesk.domain.registers import Wanted
from servicedesk.store import audit, complaints
from servicedesk.store.complaints import COMPLAINTS
from servicedesk.store.migrate import open_books
from tests.acts.complaining import complaint, events, received
from tests.acts.faces import command, everything, open_to_anybody
from tests.world import World

STEPS_OF_A_COMPLAINT = 9


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    """Monday morning, nine o'clock."""
    made = open_to_anybody(World(database_url))
    yield made
    made.close()


def ticked(world: World) -> tuple[str, ...]:
    """What a program finds due now."""
    return tick(world.books, world.now.astimezone(UTC))


def escalations(world: World) -> list[tuple[int, int]]:
    """Each step that happened, with how many events tell of it."""
    asked = text(
        "SELECT s.id, count(e.id) FROM complaint_escalations s LEFT JOIN complaint_events e ON e.escalation_id = s.id"
        " WHERE s.state = 'happened' OR e.id IS NOT NULL GROUP BY s.id ORDER BY s.id"
    )
    with world.books.reading() as reading:
        return [(int(row[0]), int(row[1])) for row in reading.connection.execute(asked)]


def listed(world: World, role: str) -> list[str]:
    """The list of a role: what is escalated to it."""
    wanted = Wanted(view="escalated", urgent=True, more=(("escalated", f" {role} "),))
    with world.books.reading() as reading:
        return [row.number for row in COMPLAINTS.page(reading, [wanted], Page(), world.now.astimezone(UTC))]


def test_before_its_time_nothing_happens_and_nothing_is_written(world: World) -> None:
    number = received(world)
    before, head = everything(world), world.read(audit.head)
    world.at("2026-11-23 09:29")
    assert ticked(world) == ()
    assert everything(world) == before
    assert world.read(audit.head) == head
    assert complaint(world, number).escalated == ""


def test_a_due_step_is_on_the_sheet_on_the_role_s_list_and_in_the_log(world: World) -> None:
    number = received(world)
    version = complaint(world, number).version
    now = world.at("2026-11-23 09:30")
    assert ticked(world) == (number,)
    (event,) = events(world, number, "escalated")
    assert (event.at, event.by_name, event.clock, event.percent, event.role) == (now, "", "acknowledge", 50, "agent")
    assert listed(world, "agent") == [number]
    assert listed(world, "service_manager") == []
    row = complaint(world, number)
    assert row.version == version, "who has the sheet before his eyes is not told that somebody changed it"
    with world.books.reading() as reading:
        line = list(audit.lines(reading))[-1]
        assert audit.verify(reading).fault is None
    assert (line.at, line.actor, line.act, line.outcome, line.numbers) == (now, "", ESCALATE, "done", number)
    assert json.loads(line.detail or "") == {"steps": [[number, "acknowledge", 50, "agent"]]}


def test_what_happened_does_not_happen_again(world: World) -> None:
    number = received(world)
    world.at("2026-11-23 09:50")
    assert ticked(world) == (number,)
    before = everything(world)
    assert ticked(world) == ()
    assert everything(world) == before
    world.at("2026-11-23 10:00")
    assert ticked(world) == (number,)
    assert [event.percent for event in events(world, number, "escalated")] == [50, 75, 100]
    assert complaint(world, number).escalated == " agent customer_department service_manager "


def test_a_stopped_clock_lets_its_due_steps_happen_and_takes_the_sheet_off_the_lists(world: World) -> None:
    number = received(world)
    world.at("2026-11-23 09:50")
    world.do("lin", "complaints.acknowledge", number, acknowledged_at="2026-11-23 09:40")
    steps = world.read(complaints.steps, complaint(world, number).id)
    of_the_clock = [(step.percent, step.state) for step in steps if step.clock == "acknowledge"]
    assert of_the_clock == [(50, "happened"), (75, "lapsed"), (100, "lapsed")]
    assert complaint(world, number).escalated == ""
    assert ticked(world) == ()
    assert len(events(world, number, "escalated")) == 1


def test_a_step_whose_clock_stopped_within_the_same_minute_has_happened(world: World) -> None:
    number = received(world)
    world.now += timedelta(minutes=30, seconds=20)
    world.do("lin", "complaints.acknowledge", number)
    assert [event.percent for event in events(world, number, "escalated")] == [50]


def test_a_backlog_of_more_than_a_portion_is_worked_off(world: World) -> None:
    numbers = [received(world, telephone=f"139000000{nth:02}") for nth in range(60)]
    world.at("2026-11-27 09:00")
    assert sorted(ticked(world)) == numbers
    found = escalations(world)
    assert len(found) == 60 * STEPS_OF_A_COMPLAINT
    assert {count for _, count in found} == {1}
    assert ticked(world) == ()


def test_of_programs_that_notice_at_once_each_step_is_written_by_one(world: World) -> None:
    numbers = [received(world, telephone=f"139000000{nth:02}") for nth in range(20)]
    now = world.at("2026-11-27 09:00")
    programs, found = 4, list[str]()
    together = threading.Barrier(programs)

    def program() -> None:
        books = open_books(world.database)
        try:
            together.wait()
            found.extend(tick(books, now))
        finally:
            books.close()

    threads = [threading.Thread(target=program) for _ in range(programs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == numbers
    assert [count for _, count in escalations(world)] == [1] * 20 * STEPS_OF_A_COMPLAINT
    with world.books.reading() as reading:
        assert audit.verify(reading).fault is None
        assert [line.act for line in audit.lines(reading)].count(ESCALATE) == 1


# The command


def test_the_command_is_quiet_when_nothing_is_due(world: World) -> None:
    received(world)
    ran = command(world, "lin", "tick")
    assert (ran.code, ran.out, ran.err) == (0, "", ())
    assert command(world, "lin", "tick", "--json").out == "[]\n"


def test_the_command_says_what_happened(world: World) -> None:
    number = received(world)
    world.at("2026-11-24 09:15")
    ran = command(world, "lin", "tick")
    assert ran.code == 0
    assert ran.err == ()
    assert ran.out.splitlines() == [
        f"{number}: half of the time for the acknowledgement is used up, late 23h15. It goes to: service agent.",
        f"{number}: 75 % of the time for the acknowledgement is used up, late 23h15. It goes to: Customer Department.",
        f"{number}: the time for the acknowledgement is used up, late 23h15. It goes to: service manager.",
        f"{number}: half of the time for the solution is used up, 23h45 left. It goes to: Customer Department.",
    ]
    assert command(world, "lin", "tick").out == ""


def test_the_command_gives_programs_json(world: World) -> None:
    number = received(world)
    world.at("2026-11-23 09:30")
    assert json.loads(command(world, "lin", "tick", "--json").out) == [
        {
            "number": number,
            "unit": "SZ",
            "clock": "acknowledge",
            "percent": 50,
            "role": "agent",
            "due_at": "2026-11-23T02:00:00+00:00",
        }
    ]


def test_two_commands_at_once_share_the_steps(world: World) -> None:
    """As cron starts them on two machines: programs of their own, at the machine's time."""
    long_ago = datetime.now(UTC) - timedelta(days=30)
    world.now = long_ago
    for nth in range(5):
        received(world, telephone=f"139000000{nth:02}")
    words = [sys.executable, "-m", "servicedesk", "--database", world.database, "tick", "--json"]
    running = [subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)]
    ended = [program.communicate(timeout=60) for program in running]
    assert [program.returncode for program in running] == [0, 0]
    assert [errors for _, errors in ended] == [b"", b""]
    happened = [(step["number"], step["clock"], step["percent"]) for out, _ in ended for step in json.loads(out)]
    assert len(happened) == len(set(happened)) == 5 * STEPS_OF_A_COMPLAINT
    assert [count for _, count in escalations(world)] == [1] * 5 * STEPS_OF_A_COMPLAINT
