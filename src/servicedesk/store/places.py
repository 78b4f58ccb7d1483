"""Where people are: their place in a list, their named views, and who has which line open."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, delete, func, or_, select, update

from servicedesk.domain.views import View
from servicedesk.store import tables
from servicedesk.store.session import Reading, Writing, table_of

STILL_THERE = timedelta(minutes=3)
"""A line counts as open so long after its last heartbeat: a lost terminal closes nothing."""

_PLACES = table_of(tables.Place)
_PRESENCES = table_of(tables.Presence)
_VIEWS = table_of(tables.SavedView)
_STAFF = table_of(tables.Staff)
_UNITS = table_of(tables.Unit)

_OF_PLACE = (_PLACES.c.staff_id == bindparam("staff"), _PLACES.c.book == bindparam("of_book"))
_PLACE = select(_PLACES.c.place).where(*_OF_PLACE)
_MOVE = update(_PLACES).where(*_OF_PLACE).values(place=bindparam("new_place"))

_OF_LINE = (_PRESENCES.c.staff_id == bindparam("staff"), _PRESENCES.c.number == bindparam("line"))
_MARK = select(func.count(), func.max(_PRESENCES.c.since)).select_from(_PRESENCES)
_OPEN_BY_OTHERS = (
    select(_PRESENCES.c.number, _STAFF.c.name)
    .join(_STAFF, _STAFF.c.id == _PRESENCES.c.staff_id)
    .where(_PRESENCES.c.staff_id != bindparam("staff"), _PRESENCES.c.seen > bindparam("after"))
    .order_by(_PRESENCES.c.since)
)
_SEEN = update(_PRESENCES).where(*_OF_LINE).values(seen=bindparam("at"))
_LEAVE = delete(_PRESENCES).where(*_OF_LINE)
_FORGET = delete(_PRESENCES).where(_PRESENCES.c.seen <= bindparam("before"))

_VIEW = (
    select(
        _VIEWS.c.id,
        _VIEWS.c.book,
        _VIEWS.c.name,
        _VIEWS.c.view,
        _VIEWS.c.shared,
        _STAFF.c.login,
        _STAFF.c.name.label("owner_name"),
        _UNITS.c.code,
    )
    .join(_STAFF, _STAFF.c.id == _VIEWS.c.staff_id)
    .join(_UNITS, _UNITS.c.id == _STAFF.c.unit_id)
)
_VIEW_ONE = _VIEW.where(_VIEWS.c.id == bindparam("id"))
_VIEW_NAMED = _VIEW.where(
    _VIEWS.c.staff_id == bindparam("staff"), _VIEWS.c.book == bindparam("of_book"), _VIEWS.c.name == bindparam("named")
)
_VIEWS_FOR = _VIEW.where(
    _VIEWS.c.book == bindparam("of_book"),
    or_(
        _STAFF.c.login == bindparam("login"),
        and_(_VIEWS.c.shared == bindparam("yes"), _UNITS.c.code == bindparam("unit")),
    ),
).order_by(_VIEWS.c.name, _VIEWS.c.id)
_DROP_VIEW = delete(_VIEWS).where(_VIEWS.c.id == bindparam("id"))


def place(desk: Reading, staff: int, book: str) -> str:
    """What a person's place in a register was, as it was kept; empty where none is."""
    return str(desk.value(_PLACE, staff=staff, of_book=book) or "")


def keep_place(desk: Writing, staff: int, book: str, written: str) -> None:
    """Keep a person's place in a register."""
    values = {"staff": staff, "of_book": book, "new_place": written}
    if desk.connection.execute(_MOVE, values).rowcount == 0:
        desk.add(tables.Place, staff_id=staff, book=book, place=written)


def presence_mark(desk: Reading) -> tuple[int, datetime | None]:
    """Moves when somebody opens or leaves a line; a heartbeat does not move it."""
    count, newest = desk.connection.execute(_MARK).one()
    return count, newest


def open_by_others(desk: Reading, staff: int, now: datetime) -> dict[str, str]:
    """The lines that others have open: number to name; of several, who came last."""
    return {row.number: row.name for row in desk.all(_OPEN_BY_OTHERS, staff=staff, after=now - STILL_THERE)}


def open_line(desk: Writing, staff: int, number: str, now: datetime) -> None:
    """Say that a person has a line open, or still has."""
    desk.connection.execute(_FORGET, {"before": now - STILL_THERE})
    if desk.connection.execute(_SEEN, {"staff": staff, "line": number, "at": now}).rowcount == 0:
        desk.add(tables.Presence, staff_id=staff, number=number, since=now, seen=now)


def leave_line(desk: Writing, staff: int, number: str) -> None:
    """Say that a person has left a line."""
    desk.connection.execute(_LEAVE, {"staff": staff, "line": number})


def views(desk: Reading, login: str, unit: str, book: str) -> list[View]:
    """A person's own views of a register and those shared in the unit, by name."""
    return [View(*row) for row in desk.all(_VIEWS_FOR, login=login, unit=unit, of_book=book, yes=True)]


def view(desk: Reading, number: str) -> View | None:
    """One view by its number."""
    row = desk.one(_VIEW_ONE, id=int(number)) if number.isdecimal() else None
    return None if row is None else View(*row)


def view_named(desk: Reading, staff: int, book: str, name: str) -> View | None:
    """A person's own view of this name."""
    row = desk.one(_VIEW_NAMED, staff=staff, of_book=book, named=name)
    return None if row is None else View(*row)


def drop_view(desk: Writing, key: int) -> None:
    """Forget a view."""
    desk.connection.execute(_DROP_VIEW, {"id": key})
