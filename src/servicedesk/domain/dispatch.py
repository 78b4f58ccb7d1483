"""Ranking technicians for a call, each with its reasons in words (003 Art. 5, 16; design §5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from servicedesk.domain.words import Sentence, say
from servicedesk.domain.zones import SUBURBAN

TRAVEL = {"same": timedelta(minutes=30), "other": timedelta(minutes=45), SUBURBAN: timedelta(minutes=60)}
"""What a way usually takes: within the district, to another one, to the suburbs."""

JOB = timedelta(minutes=60)
"""What a job usually takes."""


@dataclass(frozen=True, slots=True)
class TechnicianRow:
    """A technician with today's load. `absent` is the reason, empty when on duty."""

    id: int
    login: str
    name: str
    unit: str
    absent: str
    done: int
    on: int
    to_go: int
    busy_since: datetime | None
    district: str
    same_model: int = 0

    def free_at(self, now: datetime) -> datetime:
        """When the jobs carried now should be done; now, with none."""
        waiting = self.to_go * (JOB + TRAVEL["other"])
        if self.busy_since is None:
            return now + waiting
        return max(now, self.busy_since + JOB) + waiting


@dataclass(frozen=True, slots=True)
class Candidate:
    """A technician for a call: when he would arrive, whether in time, and why, in words."""

    technician: TechnicianRow
    arrives_at: datetime
    late_minutes: int
    reasons: tuple[Sentence, ...]


def rank(
    technicians: list[TechnicianRow], district: str, zone: str, judged_by: datetime | None, now: datetime
) -> list[Candidate]:
    """Those on duty, in time first, then by arrival, then by who knows the model."""
    found = [_candidate(row, district, zone, judged_by, now) for row in technicians if not row.absent]
    return sorted(found, key=lambda one: (one.late_minutes > 0, one.arrives_at, -one.technician.same_model))


def _candidate(row: TechnicianRow, district: str, zone: str, judged_by: datetime | None, now: datetime) -> Candidate:
    free = row.free_at(now)
    near = bool(row.district) and row.district == district
    travel = TRAVEL["same"] if near else TRAVEL[SUBURBAN] if zone == SUBURBAN else TRAVEL["other"]
    arrives = free + travel
    late = 0 if judged_by is None else max(0, int((arrives - judged_by).total_seconds() // 60))
    reasons = [say("free now") if free <= now else say("free {at}", at=free)]
    if near:
        reasons.append(say("in {district}", district=district))
    elif row.district:
        reasons.append(say("now in {district}", district=row.district))
    if row.same_model:
        reasons.append(say("did this model {count} times", count=row.same_model))
    if late:
        reasons.append(say("late by {hours}h{minutes}", hours=late // 60, minutes=f"{late % 60:02}"))
    return Candidate(row, arrives, late, tuple(reasons))
