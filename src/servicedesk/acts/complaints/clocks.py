"""Starting and stopping the three clocks, and the escalation that happens once whoever notices first (K8-K10, D6)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from servicedesk.acts.desk import Desk
from servicedesk.domain.complaint_clocks import ACKNOWLEDGE, FOLLOW_UP, RECEIPT, SOLVE, Limits, due_after
from servicedesk.domain.complaints import ComplaintRow

if TYPE_CHECKING:
    from servicedesk.store.session import Writing


def start_all(desk: Desk, complaint: int, nth: int, starts_at: datetime, limits: Limits) -> None:
    """Start the clocks of a handling; the follow-up only where it counts from receipt (D6)."""
    for clock in (ACKNOWLEDGE, SOLVE) + ((FOLLOW_UP,) if limits.follow_up_from == RECEIPT else ()):
        start(desk, complaint, nth, clock, starts_at, limits)


def start(desk: Desk, complaint: int, nth: int, clock: str, starts_at: datetime, limits: Limits) -> None:
    """Start one clock with its escalation steps."""
    from servicedesk.store import complaint_clocks, tables

    minutes = limits.minutes(clock)
    key = desk.store.add(
        tables.ComplaintClock,
        complaint_id=complaint,
        nth=nth,
        clock=clock,
        starts_at=due_after(starts_at, 0),
        due_at=due_after(starts_at, minutes),
    )
    for step in complaint_clocks.escalation_steps(desk.store, clock):
        desk.store.add(
            tables.ComplaintEscalation,
            complaint_id=complaint,
            clock_id=key,
            percent=step.percent,
            role=step.role,
            due_at=due_after(starts_at, minutes, step.percent),
        )


def stop(desk: Desk, row: ComplaintRow, clock: str, at: datetime, act: str) -> None:
    """Stop a clock that runs, once and for good; steps due before its stop happen first, the others lapse."""
    from servicedesk.store import complaint_clocks

    found = complaint_clocks.running(desk.store, row.id, row.round, clock)
    if found is None:
        return
    stops_at = due_after(at, 0)
    happened = happen(desk.store, complaint_clocks.due_steps(desk.store, stops_at, found), desk.now)
    if happened:
        desk.note(row.number, **{f"{clock}_steps": len(happened)})
    complaint_clocks.stop(desk.store, found, stops_at, act)
    complaint_clocks.write_escalated(desk.store, row.id)


def happen(store: Writing, steps: Sequence[int], now: datetime) -> tuple[str, ...]:
    """Let escalation steps happen: an event on the sheet and a place on the role's list; gives the numbers.

    A step that happened already is left out: of two programs that notice it only one writes.
    """
    from servicedesk.store import complaint_clocks

    return tuple(number for step in steps if (number := complaint_clocks.happen(store, step, now)))
