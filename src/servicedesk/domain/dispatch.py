"""Ranking technicians for a call, each with its reasons in words (003 Art. 5, 16; design §5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from servicedesk.domain.calls import CallRow
from servicedesk.domain.clocks import WorkingCalendar, due, time_left
from servicedesk.domain.words import Sentence, say
from servicedesk.domain.zones import SUBURBAN

NEAR, FAR = "same", "other"
TRAVEL: Mapping[str, int] = {NEAR: 30, FAR: 45, SUBURBAN: 60}
"""Working minutes a way usually takes: within the district, to another one, to the suburbs."""

JOB = 60
"""Working minutes a job usually takes."""

REST = 15
"""Working minutes that a job which has taken longer than usual is reckoned still to take."""


@dataclass(frozen=True, slots=True)
class TechnicianRow:
    """A technician with today's load; `absent` is the reason, empty when on duty.

    `on` is the job he is at, `to_go` are those he carries and has not reached; the shift is today's, where it
    differs from the unit's hours. `district` is where he is or was last.
    """

    id: int
    login: str
    name: str
    unit: str
    absent: str
    done: int = 0
    on: tuple[str, ...] = ()
    to_go: tuple[str, ...] = ()
    busy_since: datetime | None = None
    district: str = ""
    same_model: int = 0
    shift_begins: datetime | None = None
    shift_ends: datetime | None = None

    def off_duty(self, now: datetime) -> Sentence | None:
        """Why he cannot be sent now: absent, or his shift is over."""
        if self.absent:
            return say("absent: {reason}", reason=self.absent)
        if self.shift_ends is not None and now >= self.shift_ends:
            return say("shift is over")
        return None

    def free_at(self, now: datetime, calendar: WorkingCalendar) -> datetime:
        """When the jobs carried now should be done, in working time; now, with none."""
        minutes = len(self.to_go) * (JOB + TRAVEL[FAR])
        if self.busy_since is not None:
            spent = max(0, int((now - self.busy_since) / timedelta(minutes=1)))
            minutes += max(REST, JOB - spent)
        begins = now if self.shift_begins is None else max(now, self.shift_begins)
        return due(calendar, begins, minutes) if minutes else begins


@dataclass(frozen=True, slots=True)
class Candidate:
    """A technician for a call: when he would arrive, how many working minutes late, and why, in words."""

    technician: TechnicianRow
    arrives_at: datetime
    late_minutes: int
    reasons: tuple[Sentence, ...]
    verdict: Sentence


def rank(
    technicians: Sequence[TechnicianRow], call: CallRow, now: datetime, calendar: WorkingCalendar
) -> list[Candidate]:
    """Those on duty but for who has the call already: in time first, then by arrival, then by who knows the model."""
    found = [
        _candidate(row, call, now, calendar)
        for row in technicians
        if row.off_duty(now) is None and row.login != call.technician
    ]
    return sorted(found, key=lambda one: (one.late_minutes > 0, one.arrives_at, -one.technician.same_model))


def propose(
    calls: Sequence[CallRow], technicians: Sequence[TechnicianRow], now: datetime, calendar: WorkingCalendar
) -> list[tuple[CallRow, Candidate | None]]:
    """The best technician for each of these calls, each counted as carrying what he was proposed for before."""
    free = {row.login: row for row in technicians}
    proposed: list[tuple[CallRow, Candidate | None]] = []
    for call in calls:
        best = next(iter(rank(list(free.values()), call, now, calendar)), None)
        if best is not None:
            row = best.technician
            free[row.login] = replace(row, to_go=(*row.to_go, call.number), district=call.district or row.district)
        proposed.append((call, best))
    return proposed


def _candidate(row: TechnicianRow, call: CallRow, now: datetime, calendar: WorkingCalendar) -> Candidate:
    free = row.free_at(now, calendar)
    near = bool(row.district) and row.district == call.district
    arrives = due(calendar, free, TRAVEL[NEAR] if near else TRAVEL.get(call.zone, TRAVEL[FAR]))
    reasons = [_free(row, free, now)]
    if near:
        reasons.append(say("in {district}", district=row.district))
    elif row.district:
        reasons.append(say("from {district}", district=row.district))
    if row.same_model == 1:
        reasons.append(say("did this model once"))
    elif row.same_model:
        reasons.append(say("did this model {count} times", count=row.same_model))
    if call.judged_by is None:
        return Candidate(row, arrives, 0, tuple(reasons), say("~{at}", at=arrives))
    late = max(0, -time_left(calendar, arrives, call.judged_by))
    if not late:
        return Candidate(row, arrives, 0, tuple(reasons), say("~{at} in time", at=arrives))
    hours, minutes = divmod(late, 60)
    verdict = say("~{at} late by {hours}h{minutes}", at=arrives, hours=hours, minutes=f"{minutes:02}")
    return Candidate(row, arrives, late, tuple(reasons), verdict)


def _free(row: TechnicianRow, free: datetime, now: datetime) -> Sentence:
    if free <= now:
        return say("free now")
    return say("on a job to {at}", at=free) if row.on and not row.to_go else say("free {at}", at=free)
