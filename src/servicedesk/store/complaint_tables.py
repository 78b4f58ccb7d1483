"""The tables that grade and time complaints, as they are kept: limits, escalation steps, priorities (D6, R148)."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, func, select, update

from servicedesk.domain.complaint_clocks import Limits
from servicedesk.domain.complaint_lines import EscalationStepRow, LimitsRow, PriorityRow
from servicedesk.store import tables
from servicedesk.store.session import Reading, Writing, table_of

_LIMITS = table_of(tables.ComplaintLimits)
_PRIORITIES = table_of(tables.ComplaintPriority)
_STEPS = table_of(tables.EscalationStep)
_UNITS = table_of(tables.Unit)

_SET_LIMITS = (
    update(_LIMITS)
    .where(_LIMITS.c.unit_id == bindparam("unit"))
    .values({name: bindparam(f"new_{name}") for name in Limits._fields})
)
_REGULATION = Limits()
_ALL_LIMITS = (
    select(
        _UNITS.c.code,
        _UNITS.c.currency,
        *[func.coalesce(_LIMITS.c[name], value).label(name) for name, value in _REGULATION._asdict().items()],
    )
    .join_from(_UNITS, _LIMITS, _LIMITS.c.unit_id == _UNITS.c.id, isouter=True)
    .order_by(_UNITS.c.id)
)
_DROP_STEP = delete(_STEPS).where(_STEPS.c.clock == bindparam("of_clock"), _STEPS.c.percent == bindparam("at_percent"))
_SET_PRIORITY = (
    update(_PRIORITIES)
    .where(_PRIORITIES.c.urgency == bindparam("of_urgency"), _PRIORITIES.c.scope == bindparam("of_scope"))
    .values(priority=bindparam("new_priority"), owner_id=bindparam("new_owner"))
)


def all_limits(desk: Reading) -> list[LimitsRow]:
    """The limits of every unit: its own, else the regulation's."""
    return [LimitsRow(*row) for row in desk.all(_ALL_LIMITS)]


def set_limits(desk: Writing, unit: int, limits: Limits) -> None:
    """Give a unit limits of its own."""
    values = limits._asdict()
    if desk.do(_SET_LIMITS, unit=unit, **{f"new_{name}": value for name, value in values.items()}) == 0:
        desk.add(tables.ComplaintLimits, unit_id=unit, **values)


def set_step(desk: Writing, step: EscalationStepRow) -> None:
    """Set the step at this share of a clock's limit; without a role there is none."""
    desk.do(_DROP_STEP, of_clock=step.clock, at_percent=step.percent)
    if step.role:
        desk.add(tables.EscalationStep, **step._asdict())


def set_priority(desk: Writing, line: PriorityRow, owner: int | None) -> None:
    """Set what follows from an urgency and a scope."""
    desk.do(_SET_PRIORITY, of_urgency=line.urgency, of_scope=line.scope, new_priority=line.priority, new_owner=owner)
