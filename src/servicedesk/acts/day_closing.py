"""Reconciling and closing a register page, by a person or unattended (003 Art. 15; states §5.8; D22, D36, D37)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from servicedesk.domain.numbering import CALL, CLOSING_SHEET, paper_number
from servicedesk.domain.people import CUSTOMER_DEPARTMENT_UNIT
from servicedesk.domain.register_days import (
    DAY_CLOSED,
    RECONCILED,
    UNATTENDED,
    Closing,
    DayRow,
    DifferenceRow,
    closing,
    end_of,
    is_over,
    urgency,
)
from servicedesk.domain.units import UnitRow
from servicedesk.domain.words import Refused, say

if TYPE_CHECKING:
    from servicedesk.store.engine import Books
    from servicedesk.store.session import Reading, Writing

CLOSE = "days.close"
"""What the audit log calls a closing; where the program closed the day its line names nobody."""

Explained = Mapping[tuple[str, str], str]
"""What was said to a difference, by its kind and paper."""


class By(NamedTuple):
    """Who reconciles or closes, and when; nobody where the program does."""

    now: datetime
    id: int | None = None
    name: str = ""


class Closed(NamedTuple):
    """A day that the program has closed."""

    number: str
    unit: str
    day: date
    calls: int
    carried_over: int
    differences: tuple[DifferenceRow, ...]


def may_reconcile(store: Reading, unit: UnitRow, day: date, today: date, last: Closing | None) -> None:
    """Refuse a day that cannot be reconciled now.

    Raises:
        Refused: for a day to come, a closed one, one before a closed one, one with open ones before it.
    """
    from servicedesk.store import register_days

    if day > today:
        raise Refused(say("{day} has not come yet.", day=day), field="day")
    row = register_days.of_day(store, unit.id, day)
    if row is not None and row.state != RECONCILED:
        raise Refused(say("{day} is closed already: {number}.", day=day, number=row.number), field="day")
    if last is not None and day <= last.day:
        raise Refused(
            say("{unit}: {last} is closed, {day} comes before it.", unit=unit.code, last=last.day, day=day), field="day"
        )
    earlier = register_days.first_open_day(store, unit.code, last, day)
    if earlier is not None and earlier < day:
        raise Refused(
            say("{unit}: {day} has calls and is not closed yet: close it first.", unit=unit.code, day=earlier),
            field="day",
        )


def standing(store: Reading, unit: UnitRow, day: date) -> list[DifferenceRow]:
    """What differs now, each difference with what was already said to it that day."""
    from servicedesk.store import day_differences, register_days

    row = register_days.of_day(store, unit.id, day)
    said = explained(register_days.differences(store, row.id)) if row is not None else {}
    found = day_differences.standing(store, unit.id, end_of(unit.timezone, day))
    return [one._replace(explanation=said.get((one.kind, one.paper), "")) for one in found]


def explained(differences: Sequence[DifferenceRow]) -> Explained:
    """What was said to which difference."""
    return {(one.kind, one.paper): one.explanation for one in differences if one.explanation}


def reconcile(store: Writing, unit: UnitRow, day: date, found: Sequence[DifferenceRow], by: By) -> DayRow:
    """Write what differs on the closing sheet of the day; it is opened, with its number, the first time."""
    from servicedesk.store import printing, register_days, tables

    row = register_days.of_day(store, unit.id, day)
    values = {
        "calls": len(printing.calls_of_day(store, series(unit, day))),
        "differences": len(found),
        "reconciled_at": by.now,
        "reconciled_by": by.id,
        "changed_by": by.name,
        "changed_at": by.now,
    }
    if row is None:
        serial = store.next_number(f"{unit.code}-{CLOSING_SHEET}-{day:%y%m%d}")
        key = store.add(
            tables.RegisterDay,
            number=paper_number(unit.code, CLOSING_SHEET, day, serial),
            unit_id=unit.id,
            day=day,
            urgent=urgency(RECONCILED, day),
            **values,
        )
    else:
        key = row.id
        store.change_version(tables.RegisterDay, key, row.version, **values)
    register_days.write_differences(store, key, found)
    written = register_days.of_day(store, unit.id, day)
    assert written is not None
    return written


def close(store: Writing, facts: dict[str, str], unit: UnitRow, row: DayRow, by: By) -> DayRow:
    """Freeze the page, count what is carried over, keep the audit log's head.

    Raises:
        Refused: where something differs by now that was not there when the day was reconciled.
    """
    from servicedesk.store import audit, printing, register_days, tables

    listed = {(one.kind, one.paper) for one in register_days.differences(store, row.id)}
    new = tuple(one.said for one in standing(store, unit, row.day) if (one.kind, one.paper) not in listed)
    if new:
        raise Refused(say("Since {number} was reconciled: {new}. Reconcile it again.", number=row.number, new=new))
    lines = printing.calls_of_day(store, series(unit, row.day))
    register_days.freeze(store, row.id, lines)
    store.change_version(
        tables.RegisterDay,
        row.id,
        row.version,
        state=DAY_CLOSED,
        calls=len(lines),
        carried_over=register_days.undispatched(store, unit.id, unit.code, row.day),
        audit_head=audit.head(store),
        closed_at=by.now,
        closed_by=by.id,
        urgent=urgency(DAY_CLOSED, row.day),
        changed_by=by.name,
        changed_at=by.now,
    )
    register_days.set_closing(store, facts, unit.code, Closing(row.day, by.now))
    closed = register_days.of_day(store, unit.id, row.day)
    assert closed is not None
    return closed


def series(unit: UnitRow, day: date) -> str:
    """How the numbers of the calls on a page begin."""
    return f"{unit.code}-{CALL}-{day:%y%m%d}"


def close_all(books: Books, now: datetime, code: str = "") -> Iterator[Closed]:
    """Close every day that is over, of one unit or of all, each in a transaction of its own; gives them one by one.

    What is open is asked anew inside: of two that run at once one closes it.

    Raises:
        Refused: for a unit that there is not.
    """
    from servicedesk.store import people

    with books.reading() as reading:
        units = people.units(books, reading, people.facts(reading))
    if code and code not in units:
        raise Refused(say("There is no unit {code}.", code=code))
    for unit in [units[code]] if code else units.values():
        while (closed := _close_next(books, unit, now)) is not None:
            yield closed


def _close_next(books: Books, unit: UnitRow, now: datetime) -> Closed | None:
    """Close the unit's earliest day that is over; where there is none the books are only read."""
    from servicedesk.store import people, register_days

    with books.reading() as reading:
        if _due(books, reading, people.facts(reading), unit, now) is None:
            return None
    with books.writing() as writing:
        facts = people.facts(writing)
        day = _due(books, writing, facts, unit, now)
        if day is None:
            return None
        by = By(now)
        found = [
            one if one.explanation else one._replace(explanation=UNATTENDED) for one in standing(writing, unit, day)
        ]
        row = close(writing, facts, unit, reconcile(writing, unit, day, found, by), by)
        _note(writing, facts, row, found, now)
        kept = tuple(register_days.differences(writing, row.id))
        return Closed(row.number, unit.code, day, row.calls, row.carried_over, kept)


def _due(books: Books, store: Reading, facts: dict[str, str], unit: UnitRow, now: datetime) -> date | None:
    """The earliest open day with calls that is over; without one today, where its hours are over and it is not closed.

    The Customer Department keeps no register of its own: only where calls stand there is there something to close.
    """
    from servicedesk.store import people, register_days

    calendar, last = people.calendar(books, store, facts, unit.code), closing(facts, unit.code)
    today = calendar.local_day(now)
    day = register_days.first_open_day(store, unit.code, last, today)
    if day is None and unit.kind != CUSTOMER_DEPARTMENT_UNIT and calendar.windows(today):
        day = today if last is None or last.day < today else None
    return day if day is not None and (day < today or is_over(calendar, day, now)) else None


def _note(store: Writing, facts: dict[str, str], row: DayRow, found: Sequence[DifferenceRow], now: datetime) -> None:
    from servicedesk.store import audit

    audit.append(
        store,
        at=now,
        actor="",
        holder="",
        act=CLOSE,
        outcome="done",
        numbers=(row.number,),
        request="",
        detail={"calls": row.calls, "carried_over": row.carried_over, "differences": [list(one) for one in found]},
        facts=facts,
    )
