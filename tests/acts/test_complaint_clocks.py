"""No sequence of acts, two desks and `tick` at once, lets a clock of a complaint go wrong or escalate twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from servicedesk.acts.complaints.escalating import tick
from servicedesk.store import tables
from tests.acts.complaining import received
from tests.acts.complaint_books import Memory, check, snapshot
from tests.acts.complaint_desks import Desks
from tests.world import World

SEEDS = st.lists(st.integers(0, 7), min_size=50, max_size=50)
"""What decides all accidents of one example."""

MEANT = {
    "complaints.receive",
    "complaints.reopen",
    "complaints.acknowledge",
    "complaints.offer",
    "complaints.follow_up",
}
MEANT |= {"complaints.resume", "complaints.close", "complaints.withdraw"}
"""Acts that start, stop or freeze clocks; random people come to each of them."""


def run(database: str, examples: int) -> Desks:
    """All examples one after another in the same books; they are the same in every run but for who is first at once."""
    desks = Desks(database)

    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate,),
    )
    @given(SEEDS)
    def department(seeds: list[int]) -> None:
        desks.play(seeds)

    try:
        department()
    finally:
        desks.close()
    return desks


def test_random_acts_on_sqlite(sqlite_url: str) -> None:
    desks = run(sqlite_url, 20)
    assert MEANT - set(desks.done) == set(), "these acts were never done"
    assert desks.done["tick"] > 50
    assert sum(desks.done.values()) > desks.refused, "most of what is tried can be done"


def test_random_acts_on_postgresql(postgres_url: str) -> None:
    desks = run(postgres_url, 6)
    assert desks.done["tick"] > 10
    assert MEANT - {"complaints.resume", "complaints.close", "complaints.withdraw"} <= set(desks.done)


# Each invariant bites


def spoil_stop(world: World, clock: int) -> None:
    with world.books.writing() as writing:
        row = snapshot(writing).clocks[clock]
        at = row["starts_at"] + timedelta(minutes=50)
        writing.change(tables.ComplaintClock, clock, stopped_at=at, stopped_by="complaints.assess")


def spoil_due(world: World, clock: int) -> None:
    with world.books.writing() as writing:
        row = snapshot(writing).clocks[clock]
        writing.change(tables.ComplaintClock, clock, due_at=row["due_at"] + timedelta(minutes=1))


def spoil_event(world: World, clock: int) -> None:
    with world.books.writing() as writing:
        event = next(row for row in snapshot(writing).events.values() if row["escalation_id"] is not None)
        writing.add(tables.ComplaintEvent, **{name: value for name, value in event.items() if name != "id"})


def spoil_roles(world: World, clock: int) -> None:
    with world.books.writing() as writing:
        writing.change(tables.Complaint, 1, escalated="")


def spoil_queue(world: World, clock: int) -> None:
    with world.books.writing() as writing:
        writing.change(tables.Complaint, 1, urgent="2202611230100")


def spoil_step(world: World, clock: int) -> None:
    with world.books.writing() as writing:
        step = next(row for row in snapshot(writing).steps.values() if row["state"] == "happened")
        writing.change(tables.ComplaintEscalation, step["id"], state="lapsed", happened_at=None)


@pytest.mark.parametrize("spoil", [spoil_stop, spoil_due, spoil_event, spoil_roles, spoil_queue, spoil_step])
def test_what_is_wrong_is_found(sqlite_url: str, spoil: Callable[[World, int], Any]) -> None:
    world = World(sqlite_url)
    received(world)
    now = world.at("2026-11-23 09:35")
    tick(world.books, now)
    memory = Memory()
    check(world.read(snapshot), memory, now, alone=True)
    (clock,) = (key for key, row in world.read(snapshot).clocks.items() if row["clock"] == "acknowledge")
    spoil(world, clock)
    with pytest.raises(AssertionError):
        check(world.read(snapshot), memory, world.at("2026-11-23 12:00"), alone=True)
    world.close()
