"""What the dispatch board reads: what waits, who is where with what, vouchers out overnight."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, and_, bindparam, func, literal_column, not_, or_, select

from servicedesk.domain.calls import CallRow
from servicedesk.domain.dispatch import TechnicianRow
from servicedesk.domain.history import TellingRow
from servicedesk.store import tables
from servicedesk.store.calls import BASE, CALLS, ENTRIES, STAFF, TELLINGS, UNITS, VISITS, VOUCHERS, C
from servicedesk.store.session import Reading, table_of

ROLES = table_of(tables.StaffRole)
ABSENCES = table_of(tables.Absence)
SHIFTS = table_of(tables.Shift)

MOST = 500
"""So many lines stand on the board; the most urgent ones."""
_LONGEST_JOB = timedelta(days=7)
_LAST_JOBS = 200


@dataclass(frozen=True, slots=True)
class ActiveVisit:
    """The visit that is under way."""

    id: int
    technician_id: int
    dispatched_at: datetime
    arrived_at: datetime | None


_ACTIVE = select(VISITS.c.id, VISITS.c.technician_id, VISITS.c.dispatched_at, VISITS.c.arrived_at).where(
    VISITS.c.call_id == bindparam("call"), VISITS.c.state == "active"
)
_UNIT_ID = select(UNITS.c.id).where(UNITS.c.code == bindparam("unit")).scalar_subquery()
# Open calls alone are in the index of the urgent view: written out, so that both engines see that it serves.
_OPEN_OF_UNIT = and_(C.unit_id == _UNIT_ID, C.urgent != literal_column("''"))
_HIS_ID = select(STAFF.c.id).where(STAFF.c.login == bindparam("login")).scalar_subquery()
_MOST_URGENT = (C.urgent, C.id)
_CARRIED_OVER = (
    BASE.where(_OPEN_OF_UNIT, C.state == "logged", C.logged_at < bindparam("closing"))
    .order_by(*_MOST_URGENT)
    .limit(bindparam("count"))
)
_WAITING = (
    BASE.where(
        _OPEN_OF_UNIT,
        C.state.in_(("logged", "revisit")),
        not_(and_(C.state == "logged", C.logged_at < bindparam("closing"))),
    )
    .order_by(*_MOST_URGENT)
    .limit(bindparam("count"))
)
_ON_THE_ROAD = (
    BASE.where(_OPEN_OF_UNIT, C.state.in_(("dispatched", "arrived"))).order_by(*_MOST_URGENT).limit(bindparam("count"))
)
_CARRIED = (
    BASE.join(VISITS, VISITS.c.call_id == C.id)
    .where(VISITS.c.technician_id == _HIS_ID, VISITS.c.state == "active")
    .order_by(*_MOST_URGENT)
)
_DONE_SINCE = and_(
    VISITS.c.state == "done", VISITS.c.dispatched_at >= bindparam("sent_since"), VISITS.c.left_at >= bindparam("since")
)
_DONE = (
    BASE.join(VISITS, VISITS.c.call_id == C.id)
    .where(VISITS.c.technician_id == _HIS_ID, _DONE_SINCE)
    .order_by(VISITS.c.left_at.desc(), VISITS.c.id)
)
_ABSENT = (
    select(func.max(ABSENCES.c.reason))
    .where(ABSENCES.c.staff_id == STAFF.c.id, ABSENCES.c.begins <= bindparam("now"), ABSENCES.c.ends > bindparam("now"))
    .scalar_subquery()
)
_PEOPLE = (
    select(
        STAFF.c.id,
        STAFF.c.login,
        STAFF.c.name,
        UNITS.c.code,
        UNITS.c.timezone,
        func.coalesce(_ABSENT, "").label("absent"),
    )
    .join(ROLES, and_(ROLES.c.staff_id == STAFF.c.id, ROLES.c.role == "technician"))
    .join(UNITS, UNITS.c.id == STAFF.c.unit_id)
    .where(STAFF.c.active == bindparam("active", True, type_=STAFF.c.active.type))
)
_TECHNICIANS = _PEOPLE.where(STAFF.c.unit_id == _UNIT_ID).order_by(STAFF.c.login)
_TECHNICIAN = _PEOPLE.where(STAFF.c.login == bindparam("login"))
_HIS_VISITS = (
    select(VISITS.c.arrived_at, C.number, C.district)
    .join(CALLS, C.id == VISITS.c.call_id)
    .where(VISITS.c.technician_id == bindparam("technician"))
    .order_by(VISITS.c.dispatched_at, VISITS.c.id)
)
_HIS_ACTIVE = _HIS_VISITS.where(VISITS.c.state == "active")
_HIS_DONE = _HIS_VISITS.where(_DONE_SINCE)
_SHIFT = select(SHIFTS.c.opens, SHIFTS.c.closes).where(
    SHIFTS.c.staff_id == bindparam("technician"), SHIFTS.c.day == bindparam("day")
)
_LAST_OF_HIS = (
    select(C.model_no, C.finished_at)
    .where(C.technician_id == bindparam("technician"))
    .order_by(C.id.desc())
    .limit(_LAST_JOBS)
    .subquery()
)
_SAME_MODEL = (
    select(func.count())
    .select_from(_LAST_OF_HIS)
    .where(_LAST_OF_HIS.c.model_no == bindparam("model"), _LAST_OF_HIS.c.finished_at.is_not(None))
)
_LATEST_OF_PRODUCT = select(func.max(C.id)).where(C.product_id == VOUCHERS.c.product_id).scalar_subquery()
_OUT = (
    select(VOUCHERS.c.held_since, STAFF.c.name, _LATEST_OF_PRODUCT.label("call"))
    .join(STAFF, STAFF.c.id == VOUCHERS.c.holder_id)
    .join(UNITS, UNITS.c.id == VOUCHERS.c.unit_id)
    .where(
        UNITS.c.code == bindparam("unit"),
        VOUCHERS.c.holder == "technician",
        VOUCHERS.c.held_since < bindparam("since"),
    )
    .order_by(VOUCHERS.c.held_since)
    .limit(200)
)
_CARRIER = (
    select(STAFF.c.login, STAFF.c.name)
    .join(VOUCHERS, VOUCHERS.c.holder_id == STAFF.c.id)
    .where(VOUCHERS.c.id == bindparam("voucher"), VOUCHERS.c.holder == "technician")
)
_BY_IDS = BASE.where(C.id.in_(bindparam("ids", expanding=True)))
_BY_NUMBERS = BASE.where(C.number.in_(bindparam("numbers", expanding=True)))
_TOLD_SINCE_DUE = (
    select(TELLINGS.c.id)
    .where(
        TELLINGS.c.call_id == C.id,
        # Who was told beforehand that it would be late is not told again: such a telling is since the due time.
        or_(TELLINGS.c.told_at.is_(None), TELLINGS.c.told_at >= C.judged_by, TELLINGS.c.since >= C.judged_by),
    )
    .correlate(CALLS)
    .exists()
)
_LATE_UNTOLD = (
    select(C.number, C.customer_name, C.telephone, C.judged_by)
    .where(_OPEN_OF_UNIT, C.urgent >= "1", C.urgent < bindparam("late_key"), not_(_TOLD_SINCE_DUE))
    .order_by(C.urgent, C.id)
    .limit(200)
)


@dataclass(frozen=True, slots=True)
class WrittenEntry:
    """A voucher entry as the signing act needs it."""

    id: int
    left_at: datetime


_LAST_ENTRY = (
    select(ENTRIES.c.id, ENTRIES.c.left_at)
    .where(ENTRIES.c.call_id == bindparam("call"))
    .order_by(ENTRIES.c.id.desc())
    .limit(1)
)


def last_entry(desk: Reading, call: int) -> WrittenEntry:
    """What the last visit of a call wrote on the voucher; a call done on site or carried back has one."""
    found = desk.one(_LAST_ENTRY, call=call)
    assert found is not None, call
    return WrittenEntry(*found)


def active_visit(desk: Reading, call: int) -> ActiveVisit:
    """The visit under way; a dispatched or arrived call has exactly one."""
    return ActiveVisit(*desk.one(_ACTIVE, call=call))


def active_calls(desk: Reading, login: str) -> list[CallRow]:
    """What a technician carries now, most urgent first."""
    return [CallRow(*row) for row in desk.all(_CARRIED, login=login)]


def done_calls(desk: Reading, login: str, since: datetime) -> list[CallRow]:
    """What a technician has left since that moment, the last first."""
    rows = desk.all(_DONE, login=login, since=since, sent_since=since - _LONGEST_JOB)
    return list({row.id: CallRow(*row) for row in rows}.values())


def waiting(desk: Reading, unit: str, closing: datetime | None) -> list[CallRow]:
    """What waits for dispatch: carried-over ones first (003 Art. 15), then by due time; at most `MOST` of each.

    Args:
        desk: a read transaction.
        unit: the unit's code.
        closing: the unit's last closing hour; what was logged before it is carried over.
    """
    return [*waiting_since_before(desk, unit, closing), *waiting_of_today(desk, unit, closing)]


def waiting_since_before(desk: Reading, unit: str, closing: datetime | None) -> list[CallRow]:
    """What is carried over, most urgent first; at most `MOST`."""
    return _undispatched(desk, _CARRIED_OVER, unit, closing)


def waiting_of_today(desk: Reading, unit: str, closing: datetime | None) -> list[CallRow]:
    """What waits for dispatch and is not carried over, most urgent first; at most `MOST`."""
    return _undispatched(desk, _WAITING, unit, closing)


def _undispatched(desk: Reading, statement: Select[Any], unit: str, closing: datetime | None) -> list[CallRow]:
    since = closing or datetime(1, 1, 1, tzinfo=UTC)
    return [CallRow(*row) for row in desk.all(statement, unit=unit, closing=since, count=MOST)]


def on_the_road(desk: Reading, unit: str) -> list[CallRow]:
    """What is dispatched or being worked on, most urgent first; at most `MOST`."""
    return [CallRow(*row) for row in desk.all(_ON_THE_ROAD, unit=unit, count=MOST)]


def technician(desk: Reading, login: str, now: datetime) -> TechnicianRow | None:
    """One technician with today's load."""
    row = desk.one(_TECHNICIAN, login=login, now=now)
    return None if row is None else _with_load(desk, row, now, "")


def technicians(desk: Reading, unit: str, now: datetime, model: str = "") -> list[TechnicianRow]:
    """A unit's technicians with today's load, and how often each did this model among his last 200 jobs."""
    return [_with_load(desk, row, now, model) for row in desk.all(_TECHNICIANS, unit=unit, now=now)]


def _with_load(desk: Reading, person: Any, now: datetime, model: str) -> TechnicianRow:
    zone = ZoneInfo(person.timezone)
    day = now.astimezone(zone).date()
    midnight = datetime.combine(day, time(), zone).astimezone(UTC)
    active = desk.all(_HIS_ACTIVE, technician=person.id)
    done = desk.all(_HIS_DONE, technician=person.id, since=midnight, sent_since=midnight - _LONGEST_JOB)
    on = [row for row in active if row.arrived_at is not None]
    to_go = [row for row in active if row.arrived_at is None]
    where = (on or to_go or done)[-1:]
    shift = desk.one(_SHIFT, technician=person.id, day=day)
    return TechnicianRow(
        person.id,
        person.login,
        person.name,
        person.code,
        person.absent,
        done=len(done),
        on=tuple(row.number for row in on),
        to_go=tuple(row.number for row in to_go),
        busy_since=on[0].arrived_at if on else None,
        district=where[0].district if where else "",
        same_model=int(desk.value(_SAME_MODEL, technician=person.id, model=model)) if model else 0,
        shift_begins=None if shift is None else midnight + timedelta(minutes=shift.opens),
        shift_ends=None if shift is None else midnight + timedelta(minutes=shift.closes),
    )


@dataclass(frozen=True, slots=True)
class VoucherOut:
    """A voucher that was not back when the day closed, with the last call of its product."""

    call: CallRow
    technician_name: str
    held_since: datetime


def vouchers_out(desk: Reading, unit: str, since: datetime) -> list[VoucherOut]:
    """The vouchers that technicians have held since before that moment, longest out first."""
    rows = desk.all(_OUT, unit=unit, since=since)
    known = {row.id: CallRow(*row) for row in desk.all(_BY_IDS, ids=[row.call for row in rows])}
    return [VoucherOut(known[row.call], row.name, row.held_since) for row in rows if row.call in known]


def carrier(desk: Reading, voucher: int) -> tuple[str, str] | None:
    """Login and name of the technician who has this voucher; None where none has it."""
    row = desk.one(_CARRIER, voucher=voucher)
    return None if row is None else (row.login, row.name)


def late_to_tell(desk: Reading, unit: str, now: datetime) -> list[TellingRow]:
    """Customers whose visit is late and whom nobody has told since it was due; nothing is written for them yet."""
    rows = desk.all(_LATE_UNTOLD, unit=unit, late_key="1" + now.astimezone(UTC).strftime("%Y%m%d%H%M"))
    return [
        TellingRow(0, row.number, row.customer_name, row.telephone, unit, "late", row.judged_by, None, "", "")
        for row in rows
    ]


def calls_by_number(desk: Reading, numbers: list[str]) -> dict[str, CallRow]:
    """The lines of these numbers."""
    return {row.number: CallRow(*row) for row in desk.all(_BY_NUMBERS, numbers=numbers)}
