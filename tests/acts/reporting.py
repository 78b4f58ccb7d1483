"""The reports of a day in few words: technicians' reports reviewed, supervisor reports in every state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date
from typing import Any

from servicedesk.acts.act import Prepared, find, prepare
from servicedesk.domain.reports import ReportRow, SupervisorReportRow, TechnicianFigures
from servicedesk.domain.rulebook import refusal
from servicedesk.store import reports
from tests.acts.rounds import actor
from tests.world import World

TECHNICIANS = ("chen", "liu", "sun", "wu", "zhao")
"""Everybody of Shenzhen who has to write a report, by login."""
MONDAY = date(2026, 11, 23)
EVENING = "2026-11-23 18:10"
WORK = "830-1200 d 备料"


def submitted(world: World, login: str = "chen", lines: str = WORK, **typed: str) -> str:
    """A technician's report that waits for the review."""
    return world.do(login, "reports.hand_in", lines=lines, **typed).numbers[0]


def reviewed(world: World, *logins: str, **typed: str) -> tuple[str, ...]:
    """Reviewed reports of these technicians; everybody's where nobody is named."""
    numbers = tuple(submitted(world, login, **typed) for login in logins or TECHNICIANS)
    world.do("guo", "reports.review", *numbers)
    return numbers


def compiled(world: World, **typed: Any) -> str:
    """A supervisor report compiled in the evening from everybody's reviewed report."""
    world.at(EVENING)
    reviewed(world)
    return world.do("guo", "supervisor_reports.compile", **typed).numbers[0]


def signed(world: World) -> str:
    """A supervisor report that waits for the branch manager."""
    number = compiled(world)
    world.do("guo", "supervisor_reports.sign", number)
    return number


def manager_signed(world: World) -> str:
    """A supervisor report that waits to be forwarded."""
    number = signed(world)
    world.do("mgr", "supervisor_reports.manager_sign", number)
    return number


def forwarded(world: World) -> str:
    """A supervisor report on its way to the Customer Department."""
    number = manager_signed(world)
    world.do("guo", "supervisor_reports.forward", number)
    return number


def received(world: World) -> str:
    """A supervisor report that the Customer Department has."""
    number = forwarded(world)
    world.do("xu", "supervisor_reports.receive", number)
    return number


def handed_in_late(world: World) -> str:
    """A report that chen hands in the morning after the supervisor report named him absent, reviewed."""
    world.at(EVENING)
    reviewed(world, *(login for login in TECHNICIANS if login != "chen"))
    number = world.do("guo", "supervisor_reports.compile", absentees="chen: 病假").numbers[0]
    world.do("guo", "supervisor_reports.sign", number)
    world.at("2026-11-24 08:40")
    return reviewed(world, "chen", day="2026-11-23")[0]


IN_STATE: Mapping[str, Callable[[World], str]] = {
    "compiled": compiled,
    "signed": signed,
    "manager_signed": manager_signed,
    "forwarded": forwarded,
    "report_received": received,
}
"""How a supervisor report comes into each of its states."""


def summary(world: World, number: str) -> SupervisorReportRow:
    """The supervisor report as it stands."""
    found = world.read(reports.SUPERVISOR_REPORTS.one, number)
    assert found is not None
    return found


def figures(world: World, number: str) -> list[TechnicianFigures]:
    """The technicians' lines of a supervisor report."""
    return world.read(reports.figures, summary(world, number).id)


def report(world: World, number: str) -> ReportRow:
    """A technician's report as it stands."""
    found = world.read(reports.REPORTS.one, number)
    assert found is not None
    return found


def report_greyed(world: World, login: str, act: str, number: str) -> str:
    """What the greyed key of an act on a supervisor report says; empty where it can be done."""
    sentence = refusal(act, actor(world, login), summary(world, number))
    return "" if sentence is None else str(sentence)


def proposed(world: World, login: str = "guo", **typed: str) -> Prepared:
    """What the form of compiling shows before saving."""
    return prepare(world.books, login, find("supervisor_reports.compile"), (), typed, world.now.astimezone(UTC))
