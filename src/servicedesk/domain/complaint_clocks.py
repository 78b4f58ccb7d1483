"""The three clocks of a complaint and their escalation (002 3.1.2; K8-K10, D6). Wall clock, minutes, never pausing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from servicedesk.domain.clocks import DAYS_WITHOUT_WORK, WorkingCalendar, due, left_in_words
from servicedesk.domain.complaints import CALL_BACK, NOT_REACHED
from servicedesk.domain.words import Sentence, label, say

ACKNOWLEDGE = "acknowledge"
SOLVE = "solve"
FOLLOW_UP = "follow_up"

CLOCKS: Mapping[str, str] = {
    ACKNOWLEDGE: label("acknowledgement"),
    SOLVE: label("solution"),
    FOLLOW_UP: label("follow-up"),
}
RECEIPT = "receipt"
SOLUTION = "solution"
FROM: Mapping[str, str] = {RECEIPT: label("from receipt"), SOLUTION: label("from the solution")}
"""From what the follow-up counts (D6)."""

_MINUTE = timedelta(minutes=1)
TRIED_AGAIN_AFTER = 120
"""Minutes of working time until a customer who was not reached is tried again."""


class Limits(NamedTuple):
    """The limits of one unit: minutes of wall clock, the compensation that needs nobody's approval in minor units, how
    many days a closed complaint can be reopened."""

    acknowledge: int = 60
    solve: int = 48 * 60
    follow_up: int = 72 * 60
    follow_up_from: str = RECEIPT
    compensation: int = 50_000
    reopen_days: int = 90

    def minutes(self, clock: str) -> int:
        """The limit of one clock."""
        return {ACKNOWLEDGE: self.acknowledge, SOLVE: self.solve, FOLLOW_UP: self.follow_up}[clock]


class ClockRow(NamedTuple):
    """One clock of one handling; stopped by the act of that name."""

    nth: int
    clock: str
    starts_at: datetime
    due_at: datetime
    stopped_at: datetime | None
    stopped_by: str


class StepRow(NamedTuple):
    """One escalation step of one clock: waiting, happened or lapsed."""

    nth: int
    clock: str
    percent: int
    role: str
    due_at: datetime
    state: str
    happened_at: datetime | None


def due_after(starts_at: datetime, minutes: int, percent: int = 100) -> datetime:
    """When this share of the limit is used up; a start with seconds counts from the beginning of its minute."""
    start = starts_at.astimezone(UTC).replace(second=0, microsecond=0)
    return start + timedelta(seconds=minutes * 60 * percent // 100)


def minutes_left(now: datetime, due_at: datetime) -> int:
    """Whole minutes of wall clock until the due time; when late, minus the minutes since, at least 1."""
    if now <= due_at:
        return (due_at - now) // _MINUTE
    return -max(1, (now - due_at) // _MINUTE)


def left(now: datetime, due_at: datetime) -> Sentence:
    """Time left on the wall clock as a word and a number."""
    return left_in_words(minutes_left(now, due_at))


def used_up(number: str, clock: str, percent: int, now: datetime, due_at: datetime) -> Sentence:
    """How much of a clock's time is used up, as the desks are told of an escalation step."""
    shown, rest = Sentence(CLOCKS[clock]), left(now, due_at)
    if percent >= 100:
        return say("{number}: the time for the {clock} is used up, {left}.", number=number, clock=shown, left=rest)
    if percent == 50:
        return say(
            "{number}: half of the time for the {clock} is used up, {left}.", number=number, clock=shown, left=rest
        )
    return say(
        "{number}: {percent} % of the time for the {clock} is used up, {left}.",
        number=number,
        percent=percent,
        clock=shown,
        left=rest,
    )


def next_attempt(calendar: WorkingCalendar, now: datetime, outcome: str) -> datetime | None:
    """When the customer is tried again: not reached, in two working hours; to be called back, the next working morning.

    Raises `Refused` where the calendar has no working time within 400 days.
    """
    if outcome == NOT_REACHED:
        return due(calendar, now, TRIED_AGAIN_AFTER)
    if outcome != CALL_BACK:
        return None
    tomorrow = calendar.local_day(now) + timedelta(days=1)
    mornings = (calendar.spans(tomorrow + timedelta(days=later)) for later in range(DAYS_WITHOUT_WORK))
    return next((spans[0][0] for spans in mornings if spans), None)
