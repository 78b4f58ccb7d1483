"""The register days: closing, the frozen page, what differed (003 Art. 15, 20; D36, D37)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from sqlalchemy import bindparam, delete, func, literal_column, select

from servicedesk.domain.calls import LOGGED, CallRow
from servicedesk.domain.numbering import CALL
from servicedesk.domain.register_days import CLOSING, Closing, DayRow, DifferenceRow, PageLineRow
from servicedesk.store import people, tables
from servicedesk.store.calls import C
from servicedesk.store.registers import Register
from servicedesk.store.session import Reading, Writing, table_of

_DAYS = table_of(tables.RegisterDay)
_UNITS = table_of(tables.Unit)
_STAFF = table_of(tables.Staff)
_DIFFERENCES = table_of(tables.RegisterDifference)
_PAGES = table_of(tables.RegisterPageLine)
_PEOPLE = {name: _STAFF.alias(name) for name in ("reconciled", "closed", "transmitted", "received")}

_D = _DAYS.c
_ONE_DAY = timedelta(days=1)
_UNEXPLAINED = (
    select(func.count())
    .select_from(_DIFFERENCES)
    .where(_DIFFERENCES.c.day_id == _D.id, _DIFFERENCES.c.explanation == "")
    .correlate(_DAYS)
    .scalar_subquery()
)
_COLUMNS = {
    "unit": _UNITS.c.code,
    "technician": literal_column("''"),
    "unexplained": _UNEXPLAINED,
    **{f"{name}_by_name": func.coalesce(person.c.name, "") for name, person in _PEOPLE.items()},
}
_BASE = select(
    *[_COLUMNS.get(name, _D.get(name)).label(name) for name in DayRow._fields]  # type: ignore[union-attr]
).join_from(_DAYS, _UNITS, _UNITS.c.id == _D.unit_id)
for _name, _person in _PEOPLE.items():
    _BASE = _BASE.join(_person, _person.c.id == _D[f"{_name}_by"], isouter=True)

_GOES_ON = _D.urgent != literal_column("''")

DAYS: Register[DayRow] = Register(
    _DAYS,
    _BASE,
    DayRow,
    views={
        "to_transmit": (_GOES_ON) & (_D.state == literal_column("'day_closed'")),
        "to_receive": (_GOES_ON) & (_D.state == literal_column("'transmitted'")),
    },
)
"""The register days; urgent are those whose page the Customer Department has not received."""

_OF_DAY = _BASE.where(_D.unit_id == bindparam("unit"), _D.day == bindparam("day", type_=_D.day.type))
_LAST_CLOSED = _BASE.where(_D.unit_id == bindparam("unit"), _D.closed_at.is_not(None)).order_by(_D.day.desc()).limit(1)
_DIFFERENCES_OF = (
    select(_DIFFERENCES.c.kind, _DIFFERENCES.c.paper, _DIFFERENCES.c.explanation)
    .where(_DIFFERENCES.c.day_id == bindparam("day"))
    .order_by(_DIFFERENCES.c.id)
)


def of_day(desk: Reading, unit: int, day: date) -> DayRow | None:
    """A unit's register day; None while it is open."""
    found = desk.one(_OF_DAY, unit=unit, day=day)
    return None if found is None else DayRow(*found)


def last_closed(desk: Reading, unit: int) -> DayRow | None:
    """The latest day that this unit has closed."""
    found = desk.one(_LAST_CLOSED, unit=unit)
    return None if found is None else DayRow(*found)


def differences(desk: Reading, day: int) -> list[DifferenceRow]:
    """What differed when the day was reconciled, with what was said to it."""
    return [DifferenceRow(*row) for row in desk.all(_DIFFERENCES_OF, day=day)]


_FIRST_AFTER = (
    select(C.number).where(C.number >= bindparam("first"), C.number < bindparam("beyond")).order_by(C.number).limit(1)
)
_UNDISPATCHED = select(func.count()).where(
    C.unit_id == bindparam("unit"), C.state == LOGGED, C.number < bindparam("beyond")
)
_FORGET = delete(_DIFFERENCES).where(_DIFFERENCES.c.day_id == bindparam("day"))
_LINES_OF = (
    select(*[_PAGES.c[name] for name in PageLineRow._fields])
    .where(_PAGES.c.day_id == bindparam("day"))
    .order_by(_PAGES.c.line)
)


def first_open_day(desk: Reading, unit: str, closed: Closing | None, until: date) -> date | None:
    """The earliest day after the last closing and not after `until` whose page has calls; None where none has."""
    first = "" if closed is None else f"{closed.day + _ONE_DAY:%y%m%d}"
    values = {"first": f"{unit}-{CALL}-{first}", "beyond": _beyond(unit, until)}
    found = desk.value(_FIRST_AFTER, **values)
    return None if found is None else date.fromisoformat(f"20{found.split('-')[-2]}")


def undispatched(desk: Reading, unit: int, code: str, day: date) -> int:
    """How many calls of this page and the earlier ones wait undispatched: what is carried over (003 Art. 15; D22)."""
    return int(desk.value(_UNDISPATCHED, unit=unit, beyond=_beyond(code, day)))


def write_differences(desk: Writing, day: int, found: Iterable[DifferenceRow]) -> None:
    """What differs now, instead of what was written before."""
    desk.do(_FORGET, day=day)
    desk.add_many(tables.RegisterDifference, [{"day_id": day, **row._asdict()} for row in found])


def freeze(desk: Writing, day: int, lines: Sequence[CallRow]) -> None:
    """Keep the lines of a page as they stand; once the day is closed nothing changes them again (D37)."""
    names = [name for name in PageLineRow._fields if name != "line"]
    rows = [
        {"day_id": day, "call_id": call.id, "line": line, **{name: getattr(call, name) for name in names}}
        for line, call in enumerate(lines, start=1)
    ]
    desk.add_many(tables.RegisterPageLine, rows)


def page_lines(desk: Reading, day: int) -> list[PageLineRow]:
    """The page as it stood at the closing."""
    return [PageLineRow(*row) for row in desk.all(_LINES_OF, day=day)]


def set_closing(desk: Writing, known: dict[str, str], unit: str, closing: Closing) -> None:
    """Say what the unit has closed last, where every transaction reads it."""
    people.set_fact(desk, known, CLOSING + unit, closing.written)


def _beyond(unit: str, day: date) -> str:
    """After every number of this day and before those of the next."""
    return f"{unit}-{CALL}-{day + _ONE_DAY:%y%m%d}"
