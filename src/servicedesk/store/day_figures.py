"""The day block of a supervisor daily report, counted from the books (003 Art. 13; forms §3.7).

A day is the calendar day of the unit, from midnight to midnight; only the page of the register follows the numbers of
the calls (D36). What stands is counted as it stood at the end of the day, or stands now while the day lasts.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, bindparam, case, func, literal_column, or_, select

from servicedesk.domain.calls import CARRIED_BACK, DONE
from servicedesk.domain.numbering import CALL
from servicedesk.domain.reports import DayBlock
from servicedesk.domain.units import UnitRow
from servicedesk.domain.zones import SUBURBAN, URBAN
from servicedesk.store import register_days, tables
from servicedesk.store.calls import CALLS, VISITS, C
from servicedesk.store.session import Reading, table_of

_CARDS = table_of(tables.RepairCard)
_ASSISTANCE = table_of(tables.Assistance)
_COMPLAINTS = table_of(tables.Complaint)
_CHARGES = table_of(tables.Charge)

_ZERO: ColumnElement[int] = literal_column("0")
_UNIT: ColumnElement[int] = bindparam("unit")
_K = _CARDS.c
_V = VISITS.c


def _on_the_day(at: ColumnElement[datetime]) -> ColumnElement[bool]:
    return and_(at >= bindparam("begins"), at < bindparam("ends"))


def _of_the_unit(column: ColumnElement[int]) -> ColumnElement[bool]:
    """The sum keeps the engine from the index of the unit: the day's lines are few, the unit's many."""
    return column + _ZERO == _UNIT


_LOGGED = select(func.count()).select_from(CALLS).where(C.number >= bindparam("first"), C.number < bindparam("beyond"))
_DISPATCHED = (
    select(func.count(_V.call_id.distinct()))
    .join_from(VISITS, CALLS, C.id == _V.call_id)
    .where(_on_the_day(_V.dispatched_at), _of_the_unit(C.unit_id))
)
_LEFT = (
    select(_V.outcome, func.count(_V.call_id.distinct()).label("calls"))
    .join_from(VISITS, CALLS, C.id == _V.call_id)
    .where(_on_the_day(_V.left_at), _of_the_unit(C.unit_id))
    .group_by(_V.outcome)
)
_ARRIVED_LATE = (
    select(C.zone, func.count(C.id.distinct()).label("calls"))
    .join_from(VISITS, CALLS, C.id == _V.call_id)
    .where(
        _V.arrived_at >= bindparam("begins"),
        _V.arrived_at == C.arrived_at,
        C.arrived_at > C.judged_by,
        C.judged_by < bindparam("ends"),
        _of_the_unit(C.unit_id),
    )
    .group_by(C.zone)
)
# What stands is written out, so that both engines see that the partial index of the urgent view serves.
_NOT_ARRIVED = (
    select(C.zone, func.count().label("calls"))
    .where(
        C.unit_id == _UNIT,
        # Open and not arrived, by due time.
        C.urgent != literal_column("''"),
        C.urgent >= literal_column("'1'"),
        C.urgent <= bindparam("late_key"),
        C.judged_by < bindparam("until"),
    )
    .group_by(C.zone)
)
_IN_THE_SHOP = and_(_K.urgent != literal_column("''"), _K.urgent >= literal_column("'1'"))
_PASSED_LATER = _K.passed_at >= bindparam("ends")


def _past_its_promise(under_way: ColumnElement[bool]) -> ColumnElement[int]:
    counted = case((and_(_K.promised_at < bindparam("until"), under_way), 1), else_=0)
    return func.coalesce(func.sum(counted), 0).label("overdue")


_STILL_HERE = select(
    func.count().label("cards"), _past_its_promise(or_(_K.urgent < literal_column("'2'"), _PASSED_LATER))
).where(_K.unit_id == _UNIT, _IN_THE_SHOP, _K.opened_at < bindparam("ends"))
_RETURNED_SINCE = select(func.count().label("cards"), _past_its_promise(_PASSED_LATER)).where(
    _K.unit_id == _UNIT, _K.returned_at >= bindparam("ends"), _K.opened_at < bindparam("ends")
)
_ASKED = (
    select(func.count())
    .join_from(_ASSISTANCE, _CARDS, _K.id == _ASSISTANCE.c.card_id)
    .where(_on_the_day(_ASSISTANCE.c.asked_at), _of_the_unit(_K.unit_id))
)
_COMPLAINED = (
    select(func.count())
    .select_from(_COMPLAINTS)
    .where(_on_the_day(_COMPLAINTS.c.received_at), _of_the_unit(_COMPLAINTS.c.unit_id))
)
_CHARGED = select(func.coalesce(func.sum(_CHARGES.c.amount), 0)).where(
    _CHARGES.c.unit_id == _UNIT, _on_the_day(_CHARGES.c.done_at)
)
_INVOICED = (
    select(func.count()).select_from(_CHARGES).where(_CHARGES.c.unit_id == _UNIT, _on_the_day(_CHARGES.c.invoiced_at))
)


def day_block(desk: Reading, unit: UnitRow, day: date, now: datetime) -> DayBlock:
    """The day block of a unit (forms §3.7).

    Args:
        desk: a read transaction.
        unit: whose day; its time zone says where a day begins.
        day: the calendar day there.
        now: aware UTC; while the day lasts its end is now.

    Returns:
        calls: the lines of the register's page of the day, those cancelled later included.
        dispatched: the calls to which a technician was sent that day, each once, whatever became of the visit.
        undispatched: what goes to the next day with priority: once the register day is closed what was carried over
            then (D22); before that the calls of this page and the earlier ones that wait as logged now.
        late_urban, late_suburban: the calls whose first arrival that day was after the moment it is judged by, and
            those past that moment at the day's end which nobody had reached by then (003 Art. 16; D24, D25); of calls
            cancelled without an arrival none.
        done_on_site: the calls that a technician left that day as done, each once.
        carried_back: the calls whose goods a technician carried back when he left that day, each once.
        in_shop: the repair cards opened before the day's end whose goods were not returned by then, without void ones.
        overdue: those of them past the promise that stands now and neither passed nor given up (003 Art. 11).
        assistance: the requests for assistance with cards of the unit that were made that day.
        complaints: the complaints of the unit that were received that day.
        fees: what was charged for jobs done and goods returned that day, in minor units of the unit's currency; what
            was given up or credited later included.
        invoices: the charges of the unit whose invoice was issued that day; one credited and issued anew counts on
            the day of the later invoice.
    """
    asked = _bounds(unit, day, now)
    late = {URBAN: 0, SUBURBAN: 0}
    for statement in (_ARRIVED_LATE, _NOT_ARRIVED):
        for row in desk.all(statement, **asked):
            late[row.zone] += row.calls
    left = {row.outcome: row.calls for row in desk.all(_LEFT, **asked)}
    cards = [row for statement in (_STILL_HERE, _RETURNED_SINCE) for row in desk.all(statement, **asked)]
    page = f"{unit.code}-{CALL}-{day:%y%m%d}"
    return DayBlock(
        # `.` is what comes next after `-`: every number of the page lies between.
        calls=int(desk.value(_LOGGED, first=f"{page}-", beyond=f"{page}.")),
        dispatched=int(desk.value(_DISPATCHED, **asked)),
        undispatched=_undispatched(desk, unit, day),
        late_urban=late[URBAN],
        late_suburban=late[SUBURBAN],
        done_on_site=left.get(DONE, 0),
        carried_back=left.get(CARRIED_BACK, 0),
        in_shop=sum(row.cards for row in cards),
        overdue=sum(int(row.overdue) for row in cards),
        assistance=int(desk.value(_ASKED, **asked)),
        complaints=int(desk.value(_COMPLAINED, **asked)),
        fees=int(desk.value(_CHARGED, **asked)),
        invoices=int(desk.value(_INVOICED, **asked)),
    )


def _undispatched(desk: Reading, unit: UnitRow, day: date) -> int:
    register_day = register_days.of_day(desk, unit.id, day)
    if register_day is not None and register_day.closed_at is not None:
        return register_day.carried_over
    return register_days.undispatched(desk, unit.id, unit.code, day)


def _bounds(unit: UnitRow, day: date, now: datetime) -> dict[str, Any]:
    """The values that the statements ask, by name: midnight to midnight in UTC, and how far the day has come."""
    zone = ZoneInfo(unit.timezone)
    begins = datetime.combine(day, time(), zone).astimezone(UTC)
    ends = datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)
    until = min(now, ends)
    late_key = "1" + until.astimezone(UTC).strftime("%Y%m%d%H%M")
    return {"unit": unit.id, "begins": begins, "ends": ends, "until": until, "late_key": late_key}
