"""Who is who: the actor with today's posts, units, calendars. Kept until an act of theirs moves a mark."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, TypeVar, cast
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select

from servicedesk.domain.clocks import DayRule, Window, WorkingCalendar
from servicedesk.domain.hours import windows_of as windows_of
from servicedesk.domain.rights import Actor, Post
from servicedesk.domain.units import UnitRow
from servicedesk.domain.words import Refused, say
from servicedesk.store import tables
from servicedesk.store.session import Reading, Writing, table_of

if TYPE_CHECKING:
    from servicedesk.store.engine import Books

K_ = TypeVar("K_")
PEOPLE = "people_mark"
CALENDARS = "calendar_mark"

_BOOKS = table_of(tables.Book)
_UNITS = table_of(tables.Unit)
_STAFF = table_of(tables.Staff)
_ROLES = table_of(tables.StaffRole)
_STAND_INS = table_of(tables.StandIn)
_WINDOWS = table_of(tables.Window)
_DAYS = table_of(tables.CalendarDay)

_FACTS = select(_BOOKS.c.name, _BOOKS.c.value)
ALL_UNITS = select(
    _UNITS.c.id,
    _UNITS.c.code,
    _UNITS.c.name,
    _UNITS.c.kind,
    _UNITS.c.timezone,
    _UNITS.c.country,
    _UNITS.c.currency,
    _UNITS.c.fee_limit,
    _UNITS.c.urban_minutes,
    _UNITS.c.suburban_minutes,
    _UNITS.c.fee_limit_from,
    _UNITS.c.fee_limit_before,
).order_by(_UNITS.c.code)
_PERSON = (
    select(_STAFF.c.id, _STAFF.c.login, _STAFF.c.name, _UNITS.c.code, _UNITS.c.timezone, _STAFF.c.active)
    .join(_UNITS, _UNITS.c.id == _STAFF.c.unit_id)
    .where(_STAFF.c.login == bindparam("login"))
)
_LANGUAGE = select(_STAFF.c.language).where(_STAFF.c.login == bindparam("login"))
_OWN_POSTS = select(_ROLES.c.role).where(_ROLES.c.staff_id == bindparam("id")).order_by(_ROLES.c.id)
_STOOD_IN = (
    select(_STAND_INS.c.role, _UNITS.c.code, _STAFF.c.login)
    .join(_STAFF, _STAFF.c.id == _STAND_INS.c.holder_id)
    .join(_UNITS, _UNITS.c.id == _STAFF.c.unit_id)
    .where(
        _STAND_INS.c.stand_in_id == bindparam("id"),
        _STAND_INS.c.begins <= bindparam("today"),
        _STAND_INS.c.ends >= bindparam("today"),
    )
    .order_by(_STAND_INS.c.id)
)
_WEEK = (
    select(_WINDOWS.c.weekday, _WINDOWS.c.opens, _WINDOWS.c.closes)
    .where(_WINDOWS.c.unit_id == bindparam("unit"))
    .order_by(_WINDOWS.c.weekday, _WINDOWS.c.opens)
)
_SPECIAL = select(_DAYS.c.day, _DAYS.c.windows, _DAYS.c.note).where(_DAYS.c.unit_id == bindparam("unit"))


def facts(desk: Reading) -> dict[str, str]:
    """The books' own facts: audit key and head, marks and settings, in one read per transaction."""
    return {row.name: row.value for row in desk.all(_FACTS)}


def moved(desk: Writing, known: Mapping[str, str], mark: str) -> None:
    """Say that what is kept under this mark has changed."""
    value = str(int(known.get(mark, "0")) + 1)
    set_fact(desk, known, mark, value)


def set_fact(desk: Writing, known: Mapping[str, str], name: str, value: str) -> None:
    """Set one fact of the books."""
    if name in known:
        desk.connection.execute(_BOOKS.update().where(_BOOKS.c.name == name), {"value": value})
    else:
        desk.add(tables.Book, name=name, value=value)
    cast(dict[str, str], known)[name] = value


def _kept(books: Books, key: object, mark: str, read: Callable[[], K_]) -> K_:
    """What was read before, as long as its mark stands; inside a failed act nothing wrong is kept for long."""
    found = books.kept.get(key)
    if found is not None and found[0] == mark:
        return cast(K_, found[1])
    value = read()
    books.kept[key] = (mark, value)
    return value


def actor(books: Books, desk: Reading, known: Mapping[str, str], login: str, now: datetime) -> Actor:
    """The person with every post held today, stand-ins included.

    Raises:
        Refused: kind "rights", when there is no such active person.
    """
    mark = f"{known.get(PEOPLE, '0')} {now:%Y%m%d%H}"
    return _kept(books, ("actor", login), mark, lambda: _actor(desk, login, now))


def _actor(desk: Reading, login: str, now: datetime) -> Actor:
    person = desk.one(_PERSON, login=login)
    if person is None or not person.active:
        raise Refused(say("There is no active person with the login '{login}'.", login=login), kind="sign-in")
    own = tuple(Post(row.role, person.code) for row in desk.all(_OWN_POSTS, id=person.id))
    today = now.astimezone(ZoneInfo(person.timezone)).date()
    others = tuple(Post(row.role, row.code, row.login) for row in desk.all(_STOOD_IN, id=person.id, today=today))
    return Actor(person.id, person.login, person.name, person.code, own + others)


def language(desk: Reading, login: str) -> str:
    """The language that the person reads in; empty where none was chosen."""
    return desk.value(_LANGUAGE, login=login) or ""


def units(books: Books, desk: Reading, known: Mapping[str, str]) -> dict[str, UnitRow]:
    """Every unit by its code."""
    mark = known.get(CALENDARS, "0")
    return _kept(books, "units", mark, lambda: {row.code: UnitRow(*row) for row in desk.all(ALL_UNITS)})


def calendar(books: Books, desk: Reading, known: Mapping[str, str], code: str) -> WorkingCalendar:
    """A unit's working calendar: its week and the days that differ."""
    mark = known.get(CALENDARS, "0")
    return _kept(books, ("calendar", code), mark, lambda: _calendar(desk, units(books, desk, known)[code]))


def _calendar(desk: Reading, unit: UnitRow) -> WorkingCalendar:
    week: list[list[Window]] = [[] for _ in range(7)]
    for row in desk.all(_WEEK, unit=unit.id):
        week[row.weekday].append(Window(row.opens, row.closes))
    days: dict[date, DayRule] = {
        row.day: DayRule(windows_of(row.windows), row.note) for row in desk.all(_SPECIAL, unit=unit.id)
    }
    return WorkingCalendar(unit.timezone, tuple(tuple(windows) for windows in week), days)


def written_windows(windows: tuple[Window, ...]) -> str:
    """The inverse of `windows_of`."""
    return ",".join(f"{_clock(window.opens)}-{_clock(window.closes)}" for window in windows)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
