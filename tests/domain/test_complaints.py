"""The clocks of complaints by tables (K8-K10, D6), and what is kept beside a sheet: due, queue, whom it waits for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, get_type_hints
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicedesk.domain.complaint_clocks import (
    CLOCKS,
    SOLUTION,
    Limits,
    due_after,
    left,
    minutes_left,
    used_up,
)
from servicedesk.domain.complaints import IN_HAND, OPEN, STATES, ComplaintRow, standing

NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)
MOMENTS = st.integers(0, 50_000_000).map(lambda seconds: NINE + timedelta(seconds=seconds))
EMPTY: dict[Any, Any] = {str: "", int: 0, bool: False, datetime: NINE}
NOTHING: dict[str, Any] = {name: EMPTY.get(kind) for name, kind in get_type_hints(ComplaintRow).items()}
BLANK = ComplaintRow(**NOTHING)


def row(**values: Any) -> ComplaintRow:
    """A sheet of which only this is known; it was acknowledged and its clock of the solution runs."""
    known: dict[str, Any] = {"state": "investigating", "acknowledged_at": NINE, "solve_due": hours(48)}
    return BLANK._replace(**(known | values))


def hours(count: float) -> datetime:
    """So many hours after nine."""
    return NINE + timedelta(hours=count)


# Clocks


def test_without_limits_of_its_own_a_unit_has_those_of_the_regulation() -> None:
    assert {clock: Limits().minutes(clock) for clock in CLOCKS} == {"acknowledge": 60, "solve": 2880, "follow_up": 4320}
    assert Limits(solve=600, follow_up_from=SOLUTION).minutes("solve") == 600


@pytest.mark.parametrize(
    ("starts", "minutes", "percent", "due"),
    [
        ("2026-11-23 09:00:00", 60, 100, "2026-11-23 10:00:00"),
        ("2026-11-23 09:00:59", 60, 100, "2026-11-23 10:00:00"),
        ("2026-11-23 09:00:00", 60, 50, "2026-11-23 09:30:00"),
        ("2026-11-23 09:00:00", 45, 50, "2026-11-23 09:22:30"),
        ("2026-11-23 09:00:00", 48 * 60, 75, "2026-11-24 21:00:00"),
        ("2026-11-28 23:30:00", 72 * 60, 100, "2026-12-01 23:30:00"),
        ("2026-11-23 09:00:00", 60, 150, "2026-11-23 10:30:00"),
        ("2026-11-23 09:00:00", 60, 0, "2026-11-23 09:00:00"),
    ],
)
def test_a_share_of_a_limit_counts_on_the_wall_clock(starts: str, minutes: int, percent: int, due: str) -> None:
    begun = datetime.fromisoformat(starts).replace(tzinfo=UTC)
    assert due_after(begun, minutes, percent) == datetime.fromisoformat(due).replace(tzinfo=UTC)


def test_the_change_of_clocks_in_spring_takes_no_time_away() -> None:
    before = datetime(2026, 3, 28, 12, tzinfo=ZoneInfo("Europe/Berlin"))
    assert due_after(before, 48 * 60) == datetime(2026, 3, 30, 11, tzinfo=UTC)


@given(MOMENTS, st.integers(1, 10_000), st.integers(0, 300), st.integers(0, 300))
def test_a_greater_share_is_never_due_earlier(starts: datetime, minutes: int, one: int, other: int) -> None:
    less, more = sorted((one, other))
    assert due_after(starts, minutes, less) <= due_after(starts, minutes, more)
    assert due_after(starts, minutes, 100) - due_after(starts, minutes, 0) == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("now", "minutes", "said"),
    [
        (hours(0), 60, "1h00 left"),
        (hours(0.5) + timedelta(seconds=1), 29, "0h29 left"),
        (hours(1), 0, "0h00 left"),
        (hours(1) + timedelta(seconds=1), -1, "late 0h01"),
        (hours(1) + timedelta(seconds=90), -1, "late 0h01"),
        (hours(3.5), -150, "late 2h30"),
    ],
)
def test_time_left_or_late(now: datetime, minutes: int, said: str) -> None:
    assert minutes_left(now, hours(1)) == minutes
    assert str(left(now, hours(1))) == said


@given(MOMENTS, MOMENTS)
def test_late_is_late_by_a_minute_at_least(now: datetime, due: datetime) -> None:
    assert (minutes_left(now, due) < 0) == (now > due)


def test_a_notice_says_the_share_the_clock_and_what_is_left() -> None:
    said = [str(used_up("SZ-P-1", "solve", percent, hours(24), hours(48))) for percent in (50, 75)]
    said.append(str(used_up("SZ-P-1", "follow_up", 100, hours(73), hours(72))))
    assert said == [
        "SZ-P-1: half of the time for the solution is used up, 24h00 left.",
        "SZ-P-1: 75 % of the time for the solution is used up, 24h00 left.",
        "SZ-P-1: the time for the follow-up is used up, late 1h00.",
    ]


# What is kept beside the sheet


def test_the_earliest_clock_that_runs_is_the_next_due() -> None:
    clocks = {"acknowledge_due": hours(1), "solve_due": hours(48), "follow_up_due": hours(72)}
    assert standing(row(**clocks))["due_at"] == hours(1)
    assert standing(row(**clocks, acknowledge_stopped=NINE))["due_at"] == hours(48)
    assert standing(row(**clocks, acknowledge_stopped=NINE, solve_stopped=NINE))["due_at"] == hours(72)
    stopped = dict.fromkeys(("acknowledge_stopped", "solve_stopped", "follow_up_stopped"), NINE)
    assert standing(row(**clocks, **stopped))["due_at"] is None


@pytest.mark.parametrize("state", STATES)
def test_what_is_closed_or_withdrawn_is_in_no_list(state: str) -> None:
    follows = standing(row(state=state, acknowledged_at=None, acknowledge_due=hours(1)))
    assert (follows["urgent"] != "") == (follows["due_at"] is not None) == follows["to_acknowledge"] == (state in OPEN)
    assert follows["to_visit"] == (state in IN_HAND)
    assert state in OPEN or follows["waits"] == ""
    assert not standing(row(state=state, visited_at=NINE))["to_visit"]


@pytest.mark.parametrize(
    ("values", "waits"),
    [
        ({"state": "with_deputy"}, "deputy"),
        ({"state": "investigating"}, ""),
        ({"state": "investigating", "proposed": 80_000}, "deputy"),
        ({"state": "investigating", "proposed": 80_000, "approved_at": NINE}, ""),
        ({"state": "solution_offered", "proposed": 80_000}, ""),
        ({"state": "carrying_out"}, "department"),
        ({"state": "result_told"}, ""),
        ({"state": "followed_up"}, "site"),
        ({"state": "followed_up", "visited_at": NINE}, ""),
    ],
)
def test_whom_it_waits_for(values: dict[str, Any], waits: str) -> None:
    assert standing(row(**values))["waits"] == waits


def test_the_queue_is_serious_first_then_the_next_promise_and_what_waits_for_others_below() -> None:
    in_order = [
        row(number="serious, due later", gravity="serious", solve_due=hours(40)),
        row(number="ordinary, due first", gravity="ordinary", solve_due=hours(1)),
        row(number="not graded yet", gravity="", solve_due=hours(2)),
        row(number="to be tried again", gravity="ordinary", solve_due=hours(1), next_at=hours(3)),
        row(number="no promise left", gravity="ordinary", solve_stopped=NINE),
        row(number="serious, with the deputy", gravity="serious", state="with_deputy", solve_due=hours(1)),
        row(number="with a department", gravity="ordinary", state="carrying_out", solve_due=hours(1)),
    ]
    assert sorted(in_order, key=lambda one: str(standing(one)["urgent"])) == in_order


def test_who_waits_for_an_acknowledgement_stands_above_whoever_else_is_waited_for() -> None:
    told = row(gravity="serious", state="with_deputy")
    assert standing(told._replace(acknowledged_at=None))["urgent"] < standing(row())["urgent"]
    assert standing(told)["urgent"] > standing(row())["urgent"]


def test_a_complaint_is_late_after_its_due_time() -> None:
    late = row(due_at=hours(1))
    assert [late.late(now) for now in (hours(1), hours(1) + timedelta(seconds=1))] == [False, True]
    assert not row(due_at=None).late(hours(100))
