"""What the books know of a technician's day: visits, repair time, shift and absences (003 Art. 12; forms §3.6)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, literal_column, select, union_all

from servicedesk.domain.calls import DONE
from servicedesk.domain.clocks import Window
from servicedesk.domain.day_lines import Span
from servicedesk.domain.reports import ReportLineRow
from servicedesk.store import tables
from servicedesk.store.session import Reading, table_of

_VISITS = table_of(tables.Visit)
_CALLS = table_of(tables.Call)
_ENTRIES = table_of(tables.VoucherEntry)
_USED = table_of(tables.PartUsed)
_TIMES = table_of(tables.TimeLine)
_CARDS = table_of(tables.RepairCard)
_CARD_PARTS = table_of(tables.CardPart)
_PARTS = table_of(tables.Part)
_SHIFTS = table_of(tables.Shift)
_ABSENCES = table_of(tables.Absence)

_LONGEST = timedelta(days=60)
"""So long before the day a visit may have been dispatched or a clock started that reaches into it."""

_HIS_VISITS = (
    _VISITS.c.technician_id == bindparam("technician"),
    _VISITS.c.dispatched_at >= bindparam("earliest"),
    _VISITS.c.dispatched_at < bindparam("until"),
    _VISITS.c.arrived_at < bindparam("until"),
)
_LEFT = (
    select(
        _CALLS.c.number,
        _CALLS.c.customer_name,
        _CALLS.c.service_type,
        _CALLS.c.fee,
        _CALLS.c.id.label("call_id"),
        _ENTRIES.c.id.label("entry_id"),
        _ENTRIES.c.work,
        _ENTRIES.c.cause,
        _VISITS.c.reason,
        _VISITS.c.outcome,
        _VISITS.c.arrived_at,
        _VISITS.c.left_at,
    )
    .join_from(_VISITS, _CALLS, _CALLS.c.id == _VISITS.c.call_id)
    .join(_ENTRIES, _ENTRIES.c.visit_id == _VISITS.c.id)
    .where(*_HIS_VISITS, _VISITS.c.state == literal_column("'done'"), _VISITS.c.left_at >= bindparam("since"))
)
_NOT_LEFT = (
    select(_CALLS.c.number, _VISITS.c.arrived_at, _VISITS.c.state)
    .join_from(_VISITS, _CALLS, _CALLS.c.id == _VISITS.c.call_id)
    .where(*_HIS_VISITS, _VISITS.c.state.in_(("active", "reassigned", "recalled", "cancelled")))
)
_USED_ON = select(_USED.c.name, _USED.c.quantity).where(_USED.c.entry_id == bindparam("entry")).order_by(_USED.c.line)
_TIMED = (
    select(
        _CARDS.c.number,
        _CALLS.c.customer_name,
        _CALLS.c.service_type,
        _CARDS.c.call_id,
        _TIMES.c.card_id,
        _CARDS.c.technician_id,
        _CARDS.c.work,
        _CARDS.c.found,
        _TIMES.c.began_at,
        _TIMES.c.ended_at,
        _TIMES.c.minutes,
    )
    .join_from(_TIMES, _CARDS, _CARDS.c.id == _TIMES.c.card_id)
    .join(_CALLS, _CALLS.c.id == _CARDS.c.call_id)
    .where(
        _TIMES.c.technician_id == bindparam("technician"),
        _TIMES.c.began_at >= bindparam("earliest"),
        _TIMES.c.began_at < bindparam("until"),
        func.coalesce(_TIMES.c.ended_at, bindparam("until", type_=_TIMES.c.began_at.type))
        >= bindparam("since", type_=_TIMES.c.began_at.type),
    )
)
_PUT_IN = (
    select(_PARTS.c.number, _CARD_PARTS.c.quantity)
    .join_from(_CARD_PARTS, _PARTS, _PARTS.c.id == _CARD_PARTS.c.part_id)
    .where(
        _CARD_PARTS.c.card_id == bindparam("card"),
        _CARD_PARTS.c.used_at >= bindparam("since"),
        _CARD_PARTS.c.used_at < bindparam("until"),
        _CARD_PARTS.c.taken_out == literal_column("0"),
    )
    .order_by(_CARD_PARTS.c.line)
)
_STRETCHES = union_all(
    select(_CALLS.c.number, _VISITS.c.arrived_at, _VISITS.c.left_at)
    .join_from(_VISITS, _CALLS, _CALLS.c.id == _VISITS.c.call_id)
    .where(*_HIS_VISITS, _VISITS.c.state == literal_column("'done'"), _VISITS.c.left_at >= bindparam("since")),
    select(_CARDS.c.number, _TIMES.c.began_at, _TIMES.c.ended_at)
    .join_from(_TIMES, _CARDS, _CARDS.c.id == _TIMES.c.card_id)
    .where(
        _TIMES.c.technician_id == bindparam("technician"),
        _TIMES.c.began_at >= bindparam("earliest"),
        _TIMES.c.began_at < bindparam("until"),
        _TIMES.c.ended_at >= bindparam("since"),
    ),
)
_SHIFT = select(_SHIFTS.c.opens, _SHIFTS.c.closes).where(
    _SHIFTS.c.staff_id == bindparam("technician"), _SHIFTS.c.day == bindparam("day", type_=_SHIFTS.c.day.type)
)
_AWAY = select(_ABSENCES.c.begins, _ABSENCES.c.ends).where(
    _ABSENCES.c.staff_id == bindparam("technician"),
    _ABSENCES.c.begins < bindparam("until"),
    _ABSENCES.c.ends > bindparam("since"),
)


class NotLeft(NamedTuple):
    """A visit with an arrival and no departure; `state` is active, reassigned, recalled or cancelled."""

    number: str
    arrived_at: datetime
    state: str


class RunningTime(NamedTuple):
    """A time line of a card whose clock runs."""

    number: str
    began_at: datetime


class Job(NamedTuple):
    """From when until when a technician was at a call or worked on a card, by the paper's number."""

    paper: str
    began_at: datetime
    ended_at: datetime


def visits(desk: Reading, technician: int, day: Span) -> list[ReportLineRow]:
    """The visits that a technician was on in this span of time and has left, each whole, with work, parts and fee.

    The fee stands on the visit that ended the job on site; that of goods carried back is charged when they go back.
    """
    rows = desk.all(_LEFT, technician=technician, since=day.begins, until=day.ends, earliest=day.begins - _LONGEST)
    return [
        ReportLineRow(
            line=0,
            source="visit",
            paper=row.number,
            customer_name=row.customer_name,
            service_type=row.service_type,
            work=row.work or row.reason or row.cause,
            began_at=row.arrived_at,
            ended_at=row.left_at,
            minutes=0,
            travel=0,
            parts=_written(desk.all(_USED_ON, entry=row.entry_id)),
            fee=row.fee if row.outcome == DONE else 0,
            remarks="",
            call_id=row.call_id,
        )
        for row in rows
    ]


def time_lines(desk: Reading, technician: int, day: Span, now: datetime) -> list[ReportLineRow]:
    """The time lines of a technician that reach into this span of time, each whole; a running one reaches until now.

    Parts put in on the day stand on the last line of each card that is assigned to him.
    """
    rows = desk.all(_TIMED, technician=technician, since=day.begins, until=day.ends, earliest=day.begins - _LONGEST)
    last = {row.card_id: row for row in sorted(rows, key=lambda row: row.began_at)}
    return [
        ReportLineRow(
            line=0,
            source="card",
            paper=row.number,
            customer_name=row.customer_name,
            service_type=row.service_type,
            work=row.work or row.found,
            began_at=row.began_at,
            ended_at=row.ended_at or max(now, row.began_at),
            minutes=row.minutes,
            travel=0,
            parts=_put_in(desk, row, day) if row is last[row.card_id] and row.technician_id == technician else "",
            fee=0,
            remarks="",
            call_id=row.call_id,
            card_id=row.card_id,
        )
        for row in rows
    ]


def jobs(desk: Reading, technician: int, within: Span) -> list[Job]:
    """The visits that a technician has left and the time lines that have ended, as far as they touch this span."""
    asked = {"since": within.begins, "until": within.ends, "earliest": within.begins - _LONGEST}
    return [Job(*row) for row in desk.all(_STRETCHES, technician=technician, **asked)]


def not_left(desk: Reading, technician: int, day: Span) -> list[NotLeft]:
    """The visits of a technician with an arrival in this span of time that say nowhere when he left."""
    rows = desk.all(_NOT_LEFT, technician=technician, until=day.ends, earliest=day.begins - _LONGEST)
    return [NotLeft(*row) for row in rows if row.state == "active" or row.arrived_at >= day.begins]


def running(desk: Reading, technician: int, day: Span) -> list[RunningTime]:
    """The time line of a technician whose clock has run since this span of time or before."""
    rows = desk.all(_TIMED, technician=technician, since=day.begins, until=day.ends, earliest=day.begins - _LONGEST)
    return [RunningTime(row.number, row.began_at) for row in rows if row.ended_at is None]


def shift(desk: Reading, technician: int, day: date) -> Window | None:
    """A technician's own hours of a day; None where they are the unit's."""
    row = desk.one(_SHIFT, technician=technician, day=day)
    return None if row is None else Window(row.opens, row.closes)


def absences(desk: Reading, technician: int, day: Span) -> list[Span]:
    """When a technician was not on duty, as far as it touches this span of time."""
    return [Span(*row) for row in desk.all(_AWAY, technician=technician, since=day.begins, until=day.ends)]


def _put_in(desk: Reading, row: Any, day: Span) -> str:
    return _written(desk.all(_PUT_IN, card=row.card_id, since=day.begins, until=day.ends))


def _written(parts: Iterable[tuple[str, int]]) -> str:
    """Parts as one cell of the report holds them."""
    return "; ".join(f"{name} ×{quantity}" for name, quantity in parts)
