"""Staff as lists, lookups and the dispatch board read them, and what signing in needs to know of a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, delete, func, select

from servicedesk.domain.clocks import Window
from servicedesk.domain.people import AbsenceRow, StaffRow, StandInRow, TechnicianDay
from servicedesk.domain.rights import ADMINISTRATOR, TECHNICIAN
from servicedesk.domain.units import UnitRow
from servicedesk.store import tables
from servicedesk.store.session import Reading, Writing, table_of

_UNITS = table_of(tables.Unit)
_STAFF = table_of(tables.Staff)
_ROLES = table_of(tables.StaffRole)
_STAND_INS = table_of(tables.StandIn)
_ABSENCES = table_of(tables.Absence)
_SHIFTS = table_of(tables.Shift)
_HOLDER = _STAFF.alias("holder")
_STANDING = _STAFF.alias("standing")

_ALL = (
    select(
        _STAFF.c.id,
        _STAFF.c.login,
        _STAFF.c.version,
        _STAFF.c.name,
        _UNITS.c.code.label("unit"),
        func.coalesce(_STAFF.c.os_user, "").label("os_user"),
        _STAFF.c.active,
        _STAFF.c.language,
    )
    .join(_UNITS, _UNITS.c.id == _STAFF.c.unit_id)
    .order_by(_STAFF.c.login)
)
_OF_UNIT = _ALL.where(_UNITS.c.code == bindparam("unit"))
_BY_LOGIN = _ALL.where(_STAFF.c.login == bindparam("login"))
_ALL_ROLES = select(_ROLES.c.staff_id, _ROLES.c.role).order_by(_ROLES.c.id)
_ROLES_OF = _ALL_ROLES.where(_ROLES.c.staff_id == bindparam("id"))
_FORGET_ROLES = delete(_ROLES).where(_ROLES.c.staff_id == bindparam("id"))
_ANYBODY = select(_STAFF.c.id).limit(1)
_OTHER_ADMINISTRATORS = (
    select(_STAFF.c.id)
    .join(_ROLES, _ROLES.c.staff_id == _STAFF.c.id)
    .where(
        _ROLES.c.role == bindparam("role", ADMINISTRATOR),
        _STAFF.c.active == bindparam("active", True, type_=_STAFF.c.active.type),
        _STAFF.c.id != bindparam("id"),
    )
    .limit(1)
)
_TECHNICIANS = (
    select(_STAFF.c.id, _STAFF.c.login, _STAFF.c.name)
    .join(_ROLES, _ROLES.c.staff_id == _STAFF.c.id)
    .where(
        _ROLES.c.role == bindparam("role", TECHNICIAN),
        _STAFF.c.unit_id == bindparam("unit"),
        _STAFF.c.active == bindparam("active", True, type_=_STAFF.c.active.type),
    )
    .order_by(_STAFF.c.login)
)
_TOUCHING = (_ABSENCES.c.begins < bindparam("until"), _ABSENCES.c.ends > bindparam("since"))
_ABSENT = (
    select(_ABSENCES.c.staff_id, _ABSENCES.c.begins, _ABSENCES.c.ends, _ABSENCES.c.reason)
    .join(_STAFF, _STAFF.c.id == _ABSENCES.c.staff_id)
    .where(_STAFF.c.unit_id == bindparam("unit"), *_TOUCHING)
    .order_by(_ABSENCES.c.begins)
)
_FORGET_ABSENCE = delete(_ABSENCES).where(_ABSENCES.c.staff_id == bindparam("id"), *_TOUCHING)
_ON_SHIFT = (
    select(_SHIFTS.c.staff_id, _SHIFTS.c.opens, _SHIFTS.c.closes)
    .join(_STAFF, _STAFF.c.id == _SHIFTS.c.staff_id)
    .where(_STAFF.c.unit_id == bindparam("unit"), _SHIFTS.c.day == bindparam("day"))
)
_FORGET_SHIFT = delete(_SHIFTS).where(_SHIFTS.c.staff_id == bindparam("id"), _SHIFTS.c.day == bindparam("day"))
_STANDING_IN = (
    select(
        _HOLDER.c.login.label("holder"),
        _STAND_INS.c.role,
        _STANDING.c.login.label("stand_in"),
        _STAND_INS.c.begins,
        _STAND_INS.c.ends,
    )
    .join(_HOLDER, _HOLDER.c.id == _STAND_INS.c.holder_id)
    .join(_STANDING, _STANDING.c.id == _STAND_INS.c.stand_in_id)
    .where(_HOLDER.c.login == bindparam("holder"))
    .order_by(_STAND_INS.c.begins, _STAND_INS.c.id)
)
_FORGET_STAND_IN = delete(_STAND_INS).where(
    _STAND_INS.c.holder_id == bindparam("holder"),
    _STAND_INS.c.role == bindparam("role"),
    _STAND_INS.c.stand_in_id == bindparam("stand_in"),
    _STAND_INS.c.begins <= bindparam("last"),
    _STAND_INS.c.ends >= bindparam("first"),
)
_SIGN_IN = select(
    _STAFF.c.id,
    _STAFF.c.login,
    _STAFF.c.name,
    _STAFF.c.passphrase,
    _STAFF.c.failures,
    _STAFF.c.locked_until,
    _STAFF.c.active,
)
_SIGN_IN_BY_LOGIN = _SIGN_IN.where(_STAFF.c.login == bindparam("login"))
_SIGN_IN_BY_OS_USER = _SIGN_IN.where(_STAFF.c.os_user == bindparam("os_user"))


@dataclass(frozen=True, slots=True, repr=False)
class Credentials:
    """What signing in reads of a person; it has no repr, so that the digest reaches no log."""

    id: int
    login: str
    name: str
    digest: str
    failures: int
    locked_until: datetime | None
    active: bool


def staff_list(desk: Reading, unit: str | None = None) -> list[StaffRow]:
    """Everybody of a unit, or of all units, by login; those who left, too."""
    roles: dict[int, list[str]] = {}
    for row in desk.all(_ALL_ROLES):
        roles.setdefault(row.staff_id, []).append(row.role)
    rows = desk.all(_ALL) if unit is None else desk.all(_OF_UNIT, unit=unit)
    return [_staff_row(row, roles.get(row.id, [])) for row in rows]


def person(desk: Reading, login: str) -> StaffRow | None:
    """One person by login."""
    row = desk.one(_BY_LOGIN, login=login)
    return None if row is None else _staff_row(row, [role.role for role in desk.all(_ROLES_OF, id=row.id)])


def technicians(desk: Reading, unit: UnitRow, day: date) -> list[TechnicianDay]:
    """The active technicians of a unit with what keeps them off duty on this local day."""
    zone = ZoneInfo(unit.timezone)
    since = datetime.combine(day, time(), zone).astimezone(UTC)
    until = datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)
    absences: dict[int, list[AbsenceRow]] = {}
    for row in desk.all(_ABSENT, unit=unit.id, since=since, until=until):
        absences.setdefault(row.staff_id, []).append(AbsenceRow(row.begins, row.ends, row.reason))
    shifts = {row.staff_id: Window(row.opens, row.closes) for row in desk.all(_ON_SHIFT, unit=unit.id, day=day)}
    return [
        TechnicianDay(row.id, row.login, row.name, tuple(absences.get(row.id, ())), shifts.get(row.id))
        for row in desk.all(_TECHNICIANS, unit=unit.id)
    ]


def stand_ins(desk: Reading, holder: str) -> list[StandInRow]:
    """Everybody who stands, stood or will stand in for this person."""
    return [StandInRow(*row) for row in desk.all(_STANDING_IN, holder=holder)]


def credentials(desk: Reading, login: str) -> Credentials | None:
    """What is needed to check a passphrase."""
    row = desk.one(_SIGN_IN_BY_LOGIN, login=login)
    return None if row is None else Credentials(*row)


def credentials_of_os_user(desk: Reading, os_user: str) -> Credentials | None:
    """The same by the account on this machine."""
    row = desk.one(_SIGN_IN_BY_OS_USER, os_user=os_user)
    return None if row is None else Credentials(*row)


def has_staff(desk: Reading) -> bool:
    """Whether anybody was ever entered."""
    return desk.one(_ANYBODY) is not None


def has_other_administrator(desk: Reading, person: StaffRow) -> bool:
    """Whether an active administrator remains without this person."""
    return desk.one(_OTHER_ADMINISTRATORS, id=person.id) is not None


def set_roles(desk: Writing, staff_id: int, roles: tuple[str, ...]) -> None:
    """Replace a person's posts."""
    desk.connection.execute(_FORGET_ROLES, {"id": staff_id})
    desk.add_many(tables.StaffRole, [{"staff_id": staff_id, "role": role} for role in roles])


def forget_stand_in(desk: Writing, holder: int, role: str, stand_in: int, first: date, last: date) -> int:
    """Drop the periods of this stand-in that touch these days; gives how many."""
    values = {"holder": holder, "role": role, "stand_in": stand_in, "first": first, "last": last}
    return desk.connection.execute(_FORGET_STAND_IN, values).rowcount


def forget_absence(desk: Writing, staff_id: int, since: datetime, until: datetime) -> int:
    """Drop the absences of a person that touch this time; gives how many."""
    return desk.connection.execute(_FORGET_ABSENCE, {"id": staff_id, "since": since, "until": until}).rowcount


def forget_shift(desk: Writing, staff_id: int, day: date) -> int:
    """Drop a person's shift of this day; gives how many."""
    return desk.connection.execute(_FORGET_SHIFT, {"id": staff_id, "day": day}).rowcount


def _staff_row(row: Any, roles: list[str]) -> StaffRow:
    return StaffRow(
        row.id, row.login, row.version, row.name, row.unit, tuple(roles), row.os_user, row.active, row.language
    )
