"""What the dispatch board reads: what waits, who is where with what, vouchers out overnight."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, func, or_, select

from servicedesk.domain.calls import CallRow
from servicedesk.domain.dispatch import TechnicianRow
from servicedesk.store import tables
from servicedesk.store.calls import BASE, CALLS, STAFF, UNITS, VISITS, VOUCHERS, C
from servicedesk.store.session import Reading, table_of

ROLES = table_of(tables.StaffRole)
ABSENCES = table_of(tables.Absence)


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
_WAITING = (
    BASE.where(UNITS.c.code == bindparam("unit"), C.state.in_(("logged", "revisit")), C.urgent != "")
    .order_by(C.urgent, C.id)
    .limit(bindparam("count"))
)
_ON_THE_ROAD = (
    BASE.where(UNITS.c.code == bindparam("unit"), C.state.in_(("dispatched", "arrived")), C.urgent != "")
    .order_by(C.urgent, C.id)
    .limit(bindparam("count"))
)
_CARRIED = BASE.where(
    C.technician_id == select(STAFF.c.id).where(STAFF.c.login == bindparam("login")).scalar_subquery(),
    C.state.in_(("dispatched", "arrived")),
).order_by(C.id)
_OF_THE_DAY = (
    BASE.join(VISITS, VISITS.c.call_id == C.id)
    .where(
        VISITS.c.technician_id == select(STAFF.c.id).where(STAFF.c.login == bindparam("login")).scalar_subquery(),
        or_(
            VISITS.c.state == "active",
            and_(VISITS.c.state == "done", VISITS.c.dispatched_at >= bindparam("since")),
        ),
    )
    .order_by(VISITS.c.state, VISITS.c.dispatched_at, VISITS.c.id)
)
_ABSENT = (
    select(func.max(ABSENCES.c.reason))
    .where(ABSENCES.c.staff_id == STAFF.c.id, ABSENCES.c.begins <= bindparam("now"), ABSENCES.c.ends > bindparam("now"))
    .scalar_subquery()
)
_PEOPLE = (
    select(STAFF.c.id, STAFF.c.login, STAFF.c.name, UNITS.c.code, func.coalesce(_ABSENT, "").label("absent"))
    .join(ROLES, and_(ROLES.c.staff_id == STAFF.c.id, ROLES.c.role == "technician"))
    .join(UNITS, UNITS.c.id == STAFF.c.unit_id)
    .where(STAFF.c.active == 1)
)
_TECHNICIANS = _PEOPLE.where(UNITS.c.code == bindparam("unit")).order_by(STAFF.c.login)
_TECHNICIAN = _PEOPLE.where(STAFF.c.login == bindparam("login"))
_LOAD = (
    select(VISITS.c.technician_id, VISITS.c.state, VISITS.c.arrived_at, C.district)
    .join(CALLS, C.id == VISITS.c.call_id)
    .where(
        VISITS.c.technician_id == bindparam("technician"),
        or_(
            VISITS.c.state == "active",
            and_(VISITS.c.state == "done", VISITS.c.dispatched_at >= bindparam("since")),
        ),
    )
    .order_by(VISITS.c.dispatched_at)
)
_SAME_MODEL = select(func.count()).select_from(
    select(C.id)
    .where(C.technician_id == bindparam("technician"), C.model_no == bindparam("model"))
    .order_by(C.id.desc())
    .limit(20)
    .subquery()
)
_OVERNIGHT = (
    select(VOUCHERS.c.number, STAFF.c.name, VOUCHERS.c.held_since, C.number, C.customer_name)
    .join(STAFF, STAFF.c.id == VOUCHERS.c.holder_id)
    .join(UNITS, UNITS.c.id == VOUCHERS.c.unit_id)
    .join(CALLS, and_(C.voucher_id == VOUCHERS.c.id, C.technician_id == VOUCHERS.c.holder_id))
    .where(
        UNITS.c.code == bindparam("unit"),
        VOUCHERS.c.holder == "technician",
        VOUCHERS.c.held_since < bindparam("since"),
    )
    .order_by(VOUCHERS.c.held_since)
    .limit(200)
)


def active_visit(desk: Reading, call: int) -> ActiveVisit:
    """The visit under way; a dispatched or arrived call has exactly one."""
    return ActiveVisit(*desk.connection.execute(_ACTIVE, {"call": call}).one())


def active_calls(desk: Reading, login: str) -> list[CallRow]:
    """What a technician carries now."""
    return [CallRow(*row) for row in desk.all(_CARRIED, login=login)]


def day_of(desk: Reading, login: str, since: datetime) -> list[CallRow]:
    """A technician's day: what he carries, then what he did since that moment."""
    seen: dict[str, CallRow] = {}
    for row in desk.all(_OF_THE_DAY, login=login, since=since):
        call = CallRow(*row)
        seen.setdefault(call.number, call)
    return list(seen.values())


def waiting(desk: Reading, unit: str, count: int = 200) -> list[CallRow]:
    """What waits for dispatch, next due first; the board puts carried-over ones before them."""
    return [CallRow(*row) for row in desk.all(_WAITING, unit=unit, count=count)]


def on_the_road(desk: Reading, unit: str, count: int = 200) -> list[CallRow]:
    """What is dispatched or being worked on."""
    return [CallRow(*row) for row in desk.all(_ON_THE_ROAD, unit=unit, count=count)]


def technician(desk: Reading, login: str, now: datetime) -> TechnicianRow | None:
    """One technician with the load of the last 16 hours."""
    row = desk.one(_TECHNICIAN, login=login, now=now)
    return None if row is None else _with_load(desk, tuple(row), now, "")


def technicians(desk: Reading, unit: str, now: datetime, model: str = "") -> list[TechnicianRow]:
    """A unit's technicians with their load, and how often each did this model."""
    return [_with_load(desk, tuple(row), now, model) for row in desk.all(_TECHNICIANS, unit=unit, now=now)]


def _with_load(desk: Reading, person: tuple[int, str, str, str, str], now: datetime, model: str) -> TechnicianRow:
    load = desk.all(_LOAD, technician=person[0], since=now - timedelta(hours=16))
    on = [row for row in load if row.state == "active" and row.arrived_at is not None]
    to_go = [row for row in load if row.state == "active" and row.arrived_at is None]
    times = desk.value(_SAME_MODEL, technician=person[0], model=model) if model else 0
    where = (on or to_go or list(load))[-1:]
    return TechnicianRow(
        *person,
        done=sum(row.state == "done" for row in load),
        on=len(on),
        to_go=len(to_go),
        busy_since=on[0].arrived_at if on else None,
        district=where[0].district if where else "",
        same_model=int(times),
    )


@dataclass(frozen=True, slots=True)
class VoucherOut:
    """A voucher that was not back when the day closed."""

    voucher: str
    technician_name: str
    held_since: datetime
    call: str
    customer_name: str


def vouchers_out(desk: Reading, unit: str, since: datetime) -> list[VoucherOut]:
    """The vouchers out overnight, longest out first."""
    return [VoucherOut(*row) for row in desk.all(_OVERNIGHT, unit=unit, since=since)]
