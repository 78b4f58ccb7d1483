"""`close-day`: what is over is closed once, whoever runs it, and however many at once."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from servicedesk.store import health, register_days
from tests.acts.days import EVENING, MORNING, day, differences, reconciled
from tests.acts.faces import REFUSED, Ran, command, open_to_anybody
from tests.acts.rounds import done, head, line, logged
from tests.world import World


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    made = open_to_anybody(World(database_url))
    yield made
    made.close()


def close_day(world: World, *words: str) -> Ran:
    return command(world, "nobody", "close-day", *words)


def test_every_unit_s_day_is_closed_and_told_and_a_second_run_does_nothing(world: World) -> None:
    number = done(world)
    world.at(EVENING)
    ran = close_day(world)
    assert (ran.code, ran.err) == (0, ())
    assert ran.out.splitlines() == [
        "BJ-D-261123-0001 is closed: 0 calls, 0 carried over.",
        "SZ-D-261123-0001 is closed: 1 calls, 0 carried over.",
        f"  {line(world, number).voucher}: the voucher is not in file: not explained: closed unattended",
        f"  {number}: finished and not struck off: not explained: closed unattended",
    ]
    before = head(world)
    assert close_day(world) == Ran(0, "", ("There is no day to close.",))
    assert head(world) == before


def test_one_unit_alone_and_as_json(world: World) -> None:
    logged(world)
    world.at(EVENING)
    (only,) = json.loads(close_day(world, "--unit", "sz", "--json").out)
    assert only == {
        "number": "SZ-D-261123-0001",
        "unit": "SZ",
        "day": "2026-11-23",
        "calls": 1,
        "carried_over": 1,
        "differences": [],
    }
    assert json.loads(close_day(world, "--unit", "SZ", "--json").out) == []
    assert world.read(register_days.last_closed, 3) is None
    assert close_day(world, "--unit", "XX") == Ran(REFUSED, "", ("There is no unit XX.",))


def test_before_the_closing_hour_nothing_is_closed(world: World) -> None:
    logged(world)
    world.at("2026-11-23 17:59")
    assert close_day(world).out == ""
    world.at("2026-11-23 18:00")
    assert len(close_day(world).out.splitlines()) == 2


def test_a_run_after_midnight_closes_the_day_before_and_not_the_one_that_begins(world: World) -> None:
    logged(world)
    world.at("2026-11-24 00:30")
    assert close_day(world).out == "SZ-D-261123-0001 is closed: 1 calls, 1 carried over.\n"
    assert logged(world, model_no="B-1") == "SZ-C-261124-0001"


def test_runs_that_were_missed_are_made_up_for_in_order(world: World) -> None:
    for nth, at in enumerate(("2026-11-23 10:00", "2026-11-24 10:00", "2026-11-28 10:00")):
        world.at(at)
        logged(world, model_no=f"M-{nth}")
    world.at("2026-11-29 10:00")
    closed = [row["day"] for row in json.loads(close_day(world, "--unit", "SZ", "--json").out)]
    assert closed == ["2026-11-23", "2026-11-24", "2026-11-28"]
    assert health.check(world.books) == []


def test_a_day_that_somebody_reconciled_keeps_what_was_said(world: World) -> None:
    done(world)
    world.at(EVENING)
    sheet = reconciled(world, explanations="1: 明早注销")
    assert f"{sheet} is closed" in close_day(world).out
    assert [words for _, _, words in differences(world, sheet)] == ["not explained: closed unattended", "明早注销"]
    world.at(MORNING)
    world.do("lin", "days.transmit", sheet)
    assert day(world, sheet).state == "transmitted"


def test_two_at_once_close_each_day_once(database_url: str) -> None:
    """As cron starts them on two machines: programs of their own, at the machine's time."""
    world = open_to_anybody(World(database_url))
    today = datetime.now(UTC).replace(hour=2, minute=0, second=0, microsecond=0)
    days = 6
    for nth in range(days):
        world.now = today - timedelta(days=20 + nth)
        logged(world, model_no=f"M-{nth}")
    words = [sys.executable, "-m", "servicedesk", "--database", world.database, "close-day", "--unit", "SZ", "--json"]
    running = [subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)]
    ended = [program.communicate(timeout=60) for program in running]
    assert [(program.returncode, errors) for program, (_, errors) in zip(running, ended, strict=True)] == [(0, b"")] * 2
    closed = [row["number"] for out, _ in ended for row in json.loads(out)]
    assert len(closed) == len(set(closed)) >= days
    for number in closed:
        assert len(world.read(register_days.page_lines, day(world, number).id)) == day(world, number).calls
    assert health.check(world.books) == []
    world.close()
