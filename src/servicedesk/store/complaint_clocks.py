"""The clocks of complaints in the books: what runs, what is due, what has happened; limits and tables that are kept."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, func, literal_column, select, update

from servicedesk.domain.complaint_clocks import Limits
from servicedesk.domain.complaint_lines import EscalationStepRow, PriorityRow
from servicedesk.store import tables
from servicedesk.store.session import Reading, Writing, table_of

_COMPLAINTS = table_of(tables.Complaint)
_CLOCKS = table_of(tables.ComplaintClock)
_STEPS = table_of(tables.ComplaintEscalation)
_EVENTS = table_of(tables.ComplaintEvent)
_LIMITS = table_of(tables.ComplaintLimits)
_PRIORITIES = table_of(tables.ComplaintPriority)
_RULES = table_of(tables.EscalationStep)
_STAFF = table_of(tables.Staff)
_UNITS = table_of(tables.Unit)
MOST_AT_ONCE = 500
"""So many steps happen in one transaction, and so many notices are read at once."""

_WAITING = _STEPS.c.state == literal_column("'waiting'")
_LIMITS_OF = select(*[_LIMITS.c[name] for name in Limits._fields]).where(_LIMITS.c.unit_id == bindparam("unit"))
_RULES_OF = (
    select(_RULES.c.clock, _RULES.c.percent, _RULES.c.role)
    .where(_RULES.c.clock == bindparam("clock"))
    .order_by(_RULES.c.percent)
)
_PRIORITIES_KNOWN = (
    select(
        _PRIORITIES.c.urgency,
        _PRIORITIES.c.scope,
        _PRIORITIES.c.priority,
        func.coalesce(_STAFF.c.login, "").label("owner"),
    )
    .join_from(_PRIORITIES, _STAFF, _STAFF.c.id == _PRIORITIES.c.owner_id, isouter=True)
    .order_by(_PRIORITIES.c.id)
)
_RUNNING = select(_CLOCKS.c.id).where(
    _CLOCKS.c.complaint_id == bindparam("complaint"),
    _CLOCKS.c.nth == bindparam("nth"),
    _CLOCKS.c.clock == bindparam("clock"),
    _CLOCKS.c.stopped_at.is_(None),
)
_DUE = (
    select(_STEPS.c.id)
    .where(_WAITING, _STEPS.c.due_at <= bindparam("at"))
    .order_by(_STEPS.c.due_at, _STEPS.c.id)
    .limit(MOST_AT_ONCE)
)
_DUE_OF = (
    select(_STEPS.c.id)
    .where(_STEPS.c.clock_id == bindparam("clock"), _STEPS.c.state == "waiting", _STEPS.c.due_at <= bindparam("at"))
    .order_by(_STEPS.c.due_at, _STEPS.c.id)
)
_HAPPENS = update(_STEPS).where(_STEPS.c.id == bindparam("step"), _STEPS.c.state == "waiting")
_HAPPENS = _HAPPENS.values(state="happened", happened_at=bindparam("now"))
_HAPPENED = (
    select(_COMPLAINTS.c.id, _COMPLAINTS.c.number, _CLOCKS.c.nth)
    .join_from(_STEPS, _COMPLAINTS, _COMPLAINTS.c.id == _STEPS.c.complaint_id)
    .join(_CLOCKS, _CLOCKS.c.id == _STEPS.c.clock_id)
    .where(_STEPS.c.id == bindparam("step"))
)
_STOPS = update(_CLOCKS).where(_CLOCKS.c.id == bindparam("key"), _CLOCKS.c.stopped_at.is_(None))
_STOPS = _STOPS.values(stopped_at=bindparam("at"), stopped_by=bindparam("act"))
_LAPSES = (
    update(_STEPS).where(_STEPS.c.clock_id == bindparam("key"), _STEPS.c.state == "waiting").values(state="lapsed")
)
_ROLES_NOW = (
    select(_STEPS.c.role)
    .join_from(_STEPS, _CLOCKS, _CLOCKS.c.id == _STEPS.c.clock_id)
    .where(
        _STEPS.c.complaint_id == bindparam("complaint"),
        _STEPS.c.state == "happened",
        _CLOCKS.c.stopped_at.is_(None),
    )
    .order_by(_STEPS.c.due_at, _STEPS.c.id)
)
_SET_ESCALATED = update(_COMPLAINTS).where(_COMPLAINTS.c.id == bindparam("key")).values(escalated=bindparam("roles"))
_NOTICES = (
    select(
        _EVENTS.c.id,
        _COMPLAINTS.c.number,
        _UNITS.c.code,
        _CLOCKS.c.clock,
        _STEPS.c.percent,
        _STEPS.c.role,
        _CLOCKS.c.due_at,
    )
    .join_from(_EVENTS, _STEPS, _STEPS.c.id == _EVENTS.c.escalation_id)
    .join(_CLOCKS, _CLOCKS.c.id == _STEPS.c.clock_id)
    .join(_COMPLAINTS, _COMPLAINTS.c.id == _STEPS.c.complaint_id)
    .join(_UNITS, _UNITS.c.id == _COMPLAINTS.c.unit_id)
    .where(_EVENTS.c.id > bindparam("after"), _CLOCKS.c.stopped_at.is_(None))
    .order_by(_EVENTS.c.id)
    .limit(MOST_AT_ONCE)
)
_LAST_EVENT = select(func.coalesce(func.max(_EVENTS.c.id), 0))


class Notice(NamedTuple):
    """An escalation that happened, as the desks of its role are told of it.

    `id` is that of its event, `due_at` when the whole time of the clock is used up.
    """

    id: int
    number: str
    unit: str
    clock: str
    percent: int
    role: str
    due_at: datetime


def limits(desk: Reading, unit: int) -> Limits:
    """A unit's own limits, else those of the regulation (D6)."""
    found = desk.one(_LIMITS_OF, unit=unit)
    return Limits() if found is None else Limits(*found)


def escalation_steps(desk: Reading, clock: str) -> list[EscalationStepRow]:
    """The steps that a clock has which begins now."""
    return [EscalationStepRow(*row) for row in desk.all(_RULES_OF, clock=clock)]


def priorities(desk: Reading) -> list[PriorityRow]:
    """Which priority and owner follow from urgency and scope (R148)."""
    return [PriorityRow(*row) for row in desk.all(_PRIORITIES_KNOWN)]


def running(desk: Reading, complaint: int, nth: int, clock: str) -> int | None:
    """The key of a clock that runs; None where it does not."""
    found: int | None = desk.value(_RUNNING, complaint=complaint, nth=nth, clock=clock)
    return found


def due_steps(desk: Reading, at: datetime, clock: int | None = None) -> list[int]:
    """The keys of waiting steps whose time has come, the first due first; of one clock, or of all."""
    found = desk.all(_DUE, at=at) if clock is None else desk.all(_DUE_OF, at=at, clock=clock)
    return [row.id for row in found]


def happen(desk: Writing, step: int, now: datetime) -> str:
    """Let a waiting step happen; gives the complaint's number, empty where it happened or lapsed before."""
    if desk.do(_HAPPENS, step=step, now=now) != 1:
        return ""
    sheet = desk.one(_HAPPENED, step=step)
    desk.add(tables.ComplaintEvent, complaint_id=sheet.id, nth=sheet.nth, kind="escalated", at=now, escalation_id=step)
    write_escalated(desk, sheet.id)
    return str(sheet.number)


def stop(desk: Writing, clock: int, at: datetime, act: str) -> None:
    """Stop a clock that runs; its waiting steps lapse."""
    desk.do(_STOPS, key=clock, at=at, act=act)
    desk.do(_LAPSES, key=clock)


def write_escalated(desk: Writing, complaint: int) -> None:
    """Write on the sheet to which roles it is escalated: those of the steps of clocks that still run."""
    roles = dict.fromkeys(row.role for row in desk.all(_ROLES_NOW, complaint=complaint))
    desk.do(_SET_ESCALATED, key=complaint, roles=f" {' '.join(roles)} " if roles else "")


def last_event(desk: Reading) -> int:
    """The key of the last event in the books."""
    return int(desk.value(_LAST_EVENT))


def notices(desk: Reading, after: int) -> list[Notice]:
    """The escalations of clocks that still run which happened after this event, the first one first."""
    return [Notice(*row) for row in desk.all(_NOTICES, after=after)]
