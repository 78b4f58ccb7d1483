"""Register days in few words: in every state, and what is read back of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC

from servicedesk.acts.act import Prepared, find, prepare
from servicedesk.domain.register_days import DayRow
from servicedesk.domain.rulebook import refusal
from servicedesk.store import register_days
from tests.acts.rounds import actor, logged
from tests.world import World

EVENING = "2026-11-23 18:20"
MORNING = "2026-11-24 09:00"


def reconciled(world: World, login: str = "lin", **typed: str) -> str:
    """A reconciled day with its differences; gives the number of its closing sheet."""
    return world.do(login, "days.reconcile", **typed).numbers[0]


def closed(world: World, login: str = "lin", **typed: str) -> str:
    """A closed day; whatever differed was seen and explained."""
    number = reconciled(world, login, **typed)
    for paper in dict.fromkeys(paper for _, paper, words in differences(world, number) if not words):
        world.do(login, "days.explain", number, paper=paper, explanation="已查")
    world.do(login, "days.close", number)
    return number


def transmitted(world: World) -> str:
    """A day of one call, sent the next morning."""
    logged(world)
    world.at(EVENING)
    number = closed(world)
    world.at(MORNING)
    world.do("lin", "days.transmit", number)
    return number


def received(world: World) -> str:
    """A day that the Customer Department has."""
    number = transmitted(world)
    world.do("xu", "days.receive", number)
    return number


def day_closed(world: World) -> str:
    """A day of one call, closed in the evening."""
    logged(world)
    world.at(EVENING)
    return closed(world)


IN_STATE: Mapping[str, Callable[[World], str]] = {
    "reconciled": reconciled,
    "day closed": day_closed,
    "transmitted": transmitted,
    "page received": received,
}
"""How a day comes into each of its states, by the words of the state."""


def day(world: World, number: str) -> DayRow:
    """The day as it stands."""
    found = world.read(register_days.DAYS.one, number)
    assert found is not None
    return found


def differences(world: World, number: str) -> list[tuple[str, str, str]]:
    """What differs on a closing sheet: kind, paper, explanation."""
    found = world.read(register_days.differences, day(world, number).id)
    return [(one.kind, one.paper, one.explanation) for one in found]


def proposed(world: World, login: str = "lin", **typed: str) -> Prepared:
    """What the form of reconciling shows before saving."""
    return prepare(world.books, login, find("days.reconcile"), (), typed, world.now.astimezone(UTC))


def day_greyed(world: World, login: str, name: str, number: str) -> str:
    """What the greyed key says; empty where the act can be done."""
    sentence = refusal(name, actor(world, login), day(world, number))
    return "" if sentence is None else str(sentence)
