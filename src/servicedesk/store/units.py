"""Units, their hours, calendars and districts as they are read and written (003 Art. 3, 16; D23, D39)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import bindparam, delete, select, update

from servicedesk.domain.clocks import Window
from servicedesk.domain.units import CalendarDayRow, DistrictRow, UnitRow
from servicedesk.store import people, tables
from servicedesk.store.session import Reading, Writing, table_of

_UNITS = table_of(tables.Unit)
_WINDOWS = table_of(tables.Window)
_DAYS = table_of(tables.CalendarDay)
_DISTRICTS = table_of(tables.District)

_UNIT = people.ALL_UNITS.where(_UNITS.c.code == bindparam("code"))
_WEEK = (
    select(_WINDOWS.c.weekday, _WINDOWS.c.opens, _WINDOWS.c.closes)
    .where(_WINDOWS.c.unit_id == bindparam("unit"))
    .order_by(_WINDOWS.c.weekday, _WINDOWS.c.opens)
)
_FORGET_WEEK = delete(_WINDOWS).where(_WINDOWS.c.unit_id == bindparam("unit"))
_IN_YEAR = (
    _DAYS.c.unit_id == bindparam("unit"),
    _DAYS.c.day >= bindparam("first"),
    _DAYS.c.day <= bindparam("last"),
)
_CALENDAR_DAYS = (
    select(_DAYS.c.day, _DAYS.c.windows, _DAYS.c.note, _DAYS.c.by_hand).where(*_IN_YEAR).order_by(_DAYS.c.day)
)
_ANY_DAY = select(_DAYS.c.day).where(*_IN_YEAR).limit(1)
_FORGET_FILLED = delete(_DAYS).where(
    *_IN_YEAR, _DAYS.c.by_hand == bindparam("by_hand", False, type_=_DAYS.c.by_hand.type)
)
_FORGET_DAY = delete(_DAYS).where(_DAYS.c.unit_id == bindparam("unit"), _DAYS.c.day == bindparam("day"))
_ALL_DISTRICTS = (
    select(_DISTRICTS.c.name, _DISTRICTS.c.zone, _UNITS.c.code)
    .join(_UNITS, _UNITS.c.id == _DISTRICTS.c.unit_id)
    .order_by(_DISTRICTS.c.id)
)
_UNIT_DISTRICTS = _ALL_DISTRICTS.where(_UNITS.c.code == bindparam("code"))
_DISTRICT = _ALL_DISTRICTS.where(_DISTRICTS.c.name == bindparam("name"))
_SET_DISTRICT = (
    update(_DISTRICTS)
    .where(_DISTRICTS.c.name == bindparam("district"))
    .values(zone=bindparam("new_zone"), unit_id=bindparam("new_unit"))
)


def unit(desk: Reading, code: str) -> UnitRow | None:
    """One unit as it stands now; None where there is no such code."""
    row = desk.one(_UNIT, code=code)
    return None if row is None else UnitRow(*row)


def hours(desk: Reading, unit: UnitRow) -> tuple[tuple[Window, ...], ...]:
    """The working windows of each weekday, Monday first."""
    week: list[list[Window]] = [[] for _ in range(7)]
    for row in desk.all(_WEEK, unit=unit.id):
        week[row.weekday].append(Window(row.opens, row.closes))
    return tuple(tuple(windows) for windows in week)


def set_hours(desk: Writing, unit: UnitRow, week: tuple[tuple[Window, ...], ...]) -> None:
    """Replace the whole week."""
    desk.connection.execute(_FORGET_WEEK, {"unit": unit.id})
    desk.add_many(
        tables.Window,
        [
            {"unit_id": unit.id, "weekday": weekday, "opens": window.opens, "closes": window.closes}
            for weekday, windows in enumerate(week)
            for window in windows
        ],
    )


def calendar_days(desk: Reading, unit: UnitRow, year: int) -> list[CalendarDayRow]:
    """The days of a year that are not like their weekday, in order."""
    rows = desk.all(_CALENDAR_DAYS, unit=unit.id, **_year(year))
    return [CalendarDayRow(row.day, people.windows_of(row.windows), row.note, row.by_hand) for row in rows]


def calendar_missing(desk: Reading, unit: UnitRow, year: int) -> bool:
    """Whether nobody has entered the holidays of this year yet: every due time in it is a guess."""
    return desk.one(_ANY_DAY, unit=unit.id, **_year(year)) is None


def forget_filled(desk: Writing, unit: UnitRow, year: int) -> None:
    """Drop the days of a year that were filled in, not those set by hand."""
    desk.connection.execute(_FORGET_FILLED, {"unit": unit.id, **_year(year)})


def set_days(desk: Writing, unit: UnitRow, days: list[CalendarDayRow]) -> None:
    """Set days, replacing what stood for them."""
    for day in days:
        desk.connection.execute(_FORGET_DAY, {"unit": unit.id, "day": day.day})
    desk.add_many(
        tables.CalendarDay,
        [
            {
                "unit_id": unit.id,
                "day": day.day,
                "windows": people.written_windows(day.windows),
                "note": day.note,
                "by_hand": day.by_hand,
            }
            for day in days
        ],
    )


def districts(desk: Reading, unit: UnitRow | None = None) -> list[DistrictRow]:
    """The districts of a unit, or all of them, in the order they were entered."""
    rows = desk.all(_ALL_DISTRICTS) if unit is None else desk.all(_UNIT_DISTRICTS, code=unit.code)
    return [DistrictRow(*row) for row in rows]


def district(desk: Reading, name: str) -> DistrictRow | None:
    """One district by its exact name."""
    row = desk.one(_DISTRICT, name=name)
    return None if row is None else DistrictRow(*row)


def set_district(desk: Writing, name: str, zone: str, unit: UnitRow) -> None:
    """Enter a district or change it."""
    values = {"district": name, "new_zone": zone, "new_unit": unit.id}
    if desk.connection.execute(_SET_DISTRICT, values).rowcount == 0:
        desk.add(tables.District, name=name, zone=zone, unit_id=unit.id)


def _year(year: int) -> dict[str, date]:
    return {"first": date(year, 1, 1), "last": date(year, 12, 31)}
