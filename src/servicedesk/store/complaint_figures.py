"""The figures of the analysis of complaints, and the records behind each of them (R69)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, FromClause, Select, and_, bindparam, case, func, literal_column, or_, select

from servicedesk.domain.complaint_clocks import CLOCKS
from servicedesk.domain.complaint_figures import (
    DISSATISFIED,
    REPEAT,
    REPEATED_WITHIN,
    WHOLE,
    Analysis,
    Figures,
    Period,
    Received,
    Share,
    Span,
    pareto,
    said_again,
)
from servicedesk.domain.complaints import ComplaintRow
from servicedesk.store import tables
from servicedesk.store.complaints import COMPLAINTS
from servicedesk.store.session import Reading, portions, table_of

C = table_of(tables.Complaint).c
_COMPLAINTS = table_of(tables.Complaint)
_HANDLINGS = table_of(tables.ComplaintHandling)
_PRESENT = _HANDLINGS.alias("present")
_CLOCKS = table_of(tables.ComplaintClock)
_DEPARTMENTS = table_of(tables.ComplaintDepartment)
_BEFORE = _DEPARTMENTS.alias("before")
_ABOUT = table_of(tables.Staff).alias("about")
_UNITS = table_of(tables.Unit)
_CALLS = table_of(tables.Call)

_NOTHING: ColumnElement[Any] = literal_column("''")
_ZERO: ColumnElement[Any] = literal_column("0")


def _in_span(table: FromClause, at: str) -> ColumnElement[bool]:
    """The sum keeps the engine from the index of the unit: the days are few, its papers many."""
    begun = and_(table.c[at] >= bindparam("begins"), table.c[at] < bindparam("ends"))
    return and_(begun, (table.c.unit_id + _ZERO).in_(bindparam("units", expanding=True)))


class _By(NamedTuple):
    """What a complaint is counted under: key and name, and the table joined for them, by which condition."""

    key: ColumnElement[Any]
    name: ColumnElement[Any] = _NOTHING
    table: FromClause | None = None
    on: ColumnElement[bool] | None = None


_NAMED_ABOVE = (
    select(_BEFORE.c.id)
    .where(
        _BEFORE.c.complaint_id == _DEPARTMENTS.c.complaint_id,
        _BEFORE.c.department == _DEPARTMENTS.c.department,
        _BEFORE.c.line < _DEPARTMENTS.c.line,
    )
    .correlate(_DEPARTMENTS)
    .exists()
)
# The empty word keeps the engine from walking the index of a column of the sheet for the sake of grouping.
_BY: Mapping[str, _By] = {
    WHOLE: _By(_NOTHING),
    "cause": _By(
        _PRESENT.c.cause_class,
        table=_PRESENT,
        on=and_(_PRESENT.c.complaint_id == C.id, _PRESENT.c.nth == C.round),
    ),
    "nature": _By(C.nature + _NOTHING),
    "product": _By(C.model_no + _NOTHING),
    "department": _By(
        func.coalesce(_DEPARTMENTS.c.department, _NOTHING),
        table=_DEPARTMENTS,
        on=and_(_DEPARTMENTS.c.complaint_id == C.id, ~_NAMED_ABOVE),
    ),
    "technician": _By(
        func.coalesce(_ABOUT.c.login, _NOTHING),
        func.coalesce(_ABOUT.c.name, _NOTHING),
        _ABOUT,
        _ABOUT.c.id == C.technician_id,
    ),
    "unit": _By(_UNITS.c.code, _UNITS.c.name, _UNITS, _UNITS.c.id == C.unit_id),
    "channel": _By(C.channel + _NOTHING),
}
_IN_TIME = _CLOCKS.c.stopped_at <= _CLOCKS.c.due_at
_LEFT_OUT = and_(_CLOCKS.c.stopped_by == literal_column("'complaints.withdraw'"), _IN_TIME)
_OVERDUE = and_(_CLOCKS.c.stopped_at.is_(None), _CLOCKS.c.due_at < bindparam("now"))
_COUNTED = or_(and_(_CLOCKS.c.stopped_at.is_not(None), ~_LEFT_OUT), _OVERDUE)
_MISSED = (
    select(_CLOCKS.c.id)
    .where(
        _CLOCKS.c.complaint_id == C.id,
        _CLOCKS.c.clock == bindparam("clock"),
        or_(_CLOCKS.c.stopped_at > _CLOCKS.c.due_at, _OVERDUE),
    )
    .correlate(_COMPLAINTS)
    .exists()
)
_NOT_SATISFIED = (
    select(_HANDLINGS.c.id)
    .where(_HANDLINGS.c.complaint_id == C.id, _HANDLINGS.c.satisfaction.between(1, 2))
    .correlate(_COMPLAINTS)
    .exists()
)
_RECEIVED = (
    select(*[C[name] for name in Received._fields])
    .where(C.received_at >= bindparam("begins"), C.received_at < bindparam("ends"), C.customer_id.is_not(None))
    .order_by(C.received_at, C.id)
)
_CALLS_IN = select(func.count()).select_from(_CALLS).where(_in_span(_CALLS, "called_at"))
_BY_IDS = COMPLAINTS.base.where(C.id.in_(bindparam("ids", expanding=True)))


def analysis(desk: Reading, dimension: str, spans: Sequence[Span], period: Period, now: datetime) -> Analysis:
    """The figures of a period.

    Args:
        desk: a read transaction.
        dimension: one of `DIMENSIONS`.
        spans: when the period is in each zone, with the units that are analysed.
        period: the same days, as the figures name them.
        now: aware UTC, by which a clock that runs is past due or not.
    """
    calls = sum(int(desk.value(_CALLS_IN, **_bound(span))) for span in spans)
    repeats = _repeats(desk, dimension, spans)
    all_repeats = Counter({WHOLE: len({row.id for row in repeats})})
    (whole,) = _figures(desk, WHOLE, spans, all_repeats, now)
    lines = _figures(desk, dimension, spans, Counter(row.key for row in repeats), now)
    return Analysis(dimension, period, whole, pareto(lines), calls)


def behind(
    desk: Reading, dimension: str, spans: Sequence[Span], key: str | None, facet: str, now: datetime
) -> list[int]:
    """The keys of the complaints behind a figure, the newest first; of every line where `key` is None.

    Args:
        desk: a read transaction.
        dimension: one of `DIMENSIONS`.
        spans: as for `analysis`.
        key: the line's key, empty for the complaints that have none.
        facet: one of `FACETS`.
        now: as for `analysis`.
    """
    by, asked = (WHOLE, {}) if key is None else (dimension, {"key": key})
    if facet == REPEAT:
        found = [(row.received_at, row.id) for row in _repeats(desk, by, spans) if key is None or row.key == key]
    else:
        more = {"clock": facet, "now": now} if facet in CLOCKS else {}
        statement = _ids(by, facet if facet in ("", DISSATISFIED) else "clock")
        found = [
            (row.received_at, row.id) for span in spans for row in desk.all(statement, **_bound(span), **asked, **more)
        ]
    return [row_id for _, row_id in sorted(found, reverse=True)]


def rows(desk: Reading, ids: Sequence[int]) -> list[ComplaintRow]:
    """These complaints, in this order."""
    found = {row.id: ComplaintRow(*row) for portion in portions(ids) for row in desk.all(_BY_IDS, ids=portion)}
    return [found[each] for each in ids]


def _bound(span: Span) -> dict[str, Any]:
    return {"begins": span.begins, "ends": span.ends, "units": list(span.units)}


def _figures(
    desk: Reading, dimension: str, spans: Sequence[Span], repeats: Counter[str], now: datetime
) -> list[Figures]:
    """Every line of a dimension; the whole is one line, also of nothing."""
    names: dict[str, str] = {} if dimension else {"": ""}
    counts: Counter[str] = Counter()
    shares: dict[tuple[str, str], Share] = {}
    for span in spans:
        for row in desk.all(_counts(dimension), **_bound(span)):
            names[row.key] = row.name
            counts[row.key] += row.whole
        for row in desk.all(_clocks(dimension), **_bound(span), now=now):
            _add(shares, row.key, row.clock, row)
        for row in desk.all(_answers(dimension), **_bound(span)):
            _add(shares, row.key, "satisfied", row)
    return [
        Figures(
            key,
            name,
            counts[key],
            repeats[key],
            **{what: shares.get((key, what), Share()) for what in (*CLOCKS, "satisfied")},
        )
        for key, name in names.items()
    ]


def _add(shares: dict[tuple[str, str], Share], key: str, what: str, row: Any) -> None:
    before = shares.get((key, what), Share())
    shares[key, what] = Share(before.part + int(row.part or 0), before.whole + int(row.whole or 0))


def _repeats(desk: Reading, dimension: str, spans: Sequence[Span]) -> list[Any]:
    """The repeat complaints of the period under each of their keys; earlier ones of every unit tell which they are."""
    begins, ends = min(span.begins for span in spans) - REPEATED_WITHIN, max(span.ends for span in spans)
    again = said_again(Received(*row) for row in desk.all(_RECEIVED, begins=begins, ends=ends))
    rows = (row for span in spans for row in desk.all(_keys(dimension), **_bound(span)))
    return [row for row in rows if row.round > 1 or row.id in again]


def _asked(dimension: str, *columns: Any, joined: tuple[FromClause, ColumnElement[bool]] | None = None) -> Select[Any]:
    by = _BY[dimension]
    statement = select(by.key.label("key"), by.name.label("name"), *columns).select_from(_COMPLAINTS)
    if by.table is not None and by.on is not None:
        statement = statement.join(by.table, by.on, isouter=True)
    if joined is not None:
        # Outer, so that the complaints of the days are walked and not all there ever were of the other table.
        statement = statement.join(*joined, isouter=True)
    return statement.where(_in_span(_COMPLAINTS, "received_at"))


def _grouped(dimension: str) -> list[ColumnElement[Any]]:
    return [column for column in (_BY[dimension].key, _BY[dimension].name) if column is not _NOTHING]


@lru_cache
def _counts(dimension: str) -> Select[Any]:
    return _asked(dimension, func.count().label("whole")).group_by(*_grouped(dimension))


@lru_cache
def _clocks(dimension: str) -> Select[Any]:
    whole, part = (func.sum(case((asked, 1), else_=0)) for asked in (_COUNTED, and_(_IN_TIME, ~_LEFT_OUT)))
    columns = (_CLOCKS.c.clock, whole.label("whole"), part.label("part"))
    statement = _asked(dimension, *columns, joined=(_CLOCKS, _CLOCKS.c.complaint_id == C.id))
    return statement.group_by(*_grouped(dimension), _CLOCKS.c.clock)


@lru_cache
def _answers(dimension: str) -> Select[Any]:
    given = _HANDLINGS.c.satisfaction
    columns = (func.count(_HANDLINGS.c.id).label("whole"), func.sum(case((given >= 3, 1), else_=0)).label("part"))
    joined = (_HANDLINGS, and_(_HANDLINGS.c.complaint_id == C.id, given > 0))
    return _asked(dimension, *columns, joined=joined).group_by(*_grouped(dimension))


@lru_cache
def _keys(dimension: str) -> Select[Any]:
    return _asked(dimension, C.id, C.round, C.received_at)


@lru_cache
def _ids(dimension: str, facet: str) -> Select[Any]:
    statement = _keys(dimension)
    if dimension:
        statement = statement.where(_BY[dimension].key == bindparam("key"))
    if facet == DISSATISFIED:
        return statement.where(_NOT_SATISFIED)
    return statement.where(_MISSED) if facet else statement
