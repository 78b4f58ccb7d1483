"""Beside a complaint, on both engines: whose it is, to whom it is escalated, what the customer had before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC

import pytest

from servicedesk.acts.complaints.escalating import tick
from servicedesk.domain.calls import Page
from servicedesk.domain.registers import Wanted
from servicedesk.store import calls as books_of_calls
from servicedesk.store import complaint_history as history
from servicedesk.store.complaints import COMPLAINTS
from tests.acts.complaining import about, assigned, complaint, received
from tests.acts.rounds import logged
from tests.acts.shop import in_repair
from tests.world import World


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    world = World(database_url)
    yield world
    world.close()


def found(world: World, name: str, asked: str) -> list[str]:
    wanted = Wanted(urgent=True, more=((name, asked),))
    rows = world.read(COMPLAINTS.page, [wanted], Page(), world.now.astimezone(UTC))
    assert len(rows) == world.read(COMPLAINTS.count, [wanted], world.now.astimezone(UTC))
    return [row.number for row in rows]


def test_mine_are_those_of_any_of_the_logins_each_once(world: World) -> None:
    first, second, nobodys = assigned(world, handler="guo"), assigned(world, handler="lin"), received(world)
    assert found(world, "mine", " xu ") == [first, second]
    assert found(world, "mine", " lin ann ") == [second]
    assert found(world, "mine", " guo xu ") == [first, second]
    assert found(world, "mine", " u x ") == []
    assert nobodys not in found(world, "mine", " xu guo lin ")


def test_escalated_are_those_to_any_of_the_roles(world: World) -> None:
    number = received(world)
    assert found(world, "escalated", " supervisor customer_department service_manager deputy_gm ") == []
    world.at("2026-11-25 09:00")
    tick(world.books, world.now.astimezone(UTC))
    roles = complaint(world, number).escalated.split()
    assert roles
    assert found(world, "escalated", f" clerk {roles[0]} ") == [number]
    assert found(world, "escalated", f" {' '.join(roles)} ") == [number]
    assert found(world, "escalated", " clerk ") == []


def test_the_newest_papers_of_the_customer(world: World) -> None:
    calls = [logged(world, model_no="M-0", symptom="第0次")]
    same = world.read(books_of_calls.one, calls[0])
    assert same is not None
    said = {"caller": same.customer, "address": "深圳市福田区莲花路12号"}
    for nth in range(1, 4):
        typed = said | {"model_no": f"M-{nth}", "symptom": f"第{nth}次"}
        calls += world.do("lin", "calls.log", **typed).numbers
    before, now = about(world, calls[0]), about(world, calls[1])
    row = complaint(world, now)
    assert row.customer_id is not None
    lines = world.read(history.last_calls, row.customer_id)
    assert [(line.number, line.state, line.words) for line in lines] == [
        (number, "logged", f"第{nth}次") for nth, number in reversed(list(enumerate(calls)))
    ][:3]
    assert [line.number for line in world.read(history.last_complaints, row.customer_id, row.id)] == [before]
    card = in_repair(world)
    other = complaint(world, about(world, card))
    assert other.customer_id is not None
    (line,) = world.read(history.last_cards, other.customer_id)
    assert (line.number, line.unit) == (card, "SZ")
