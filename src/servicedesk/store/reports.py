"""The daily reports as they are listed and read: technician reports and supervisor reports (forms §3.6, §3.7)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import bindparam, delete, func, literal_column, or_, select, type_coerce

from servicedesk.domain.day_lines import Span
from servicedesk.domain.people import BRANCH
from servicedesk.domain.reports import (
    KEPT,
    REVIEWED,
    ReportLineRow,
    ReportRow,
    SupervisorReportRow,
    TechnicianFigures,
    urgency,
)
from servicedesk.store import tables
from servicedesk.store.registers import Register
from servicedesk.store.session import Reading, Writing, table_of
from servicedesk.store.types import Words

_REPORTS = table_of(tables.TechnicianReport)
_LINES = table_of(tables.ReportLine)
_SUMMARIES = table_of(tables.SupervisorReport)
_FIGURES = table_of(tables.SupervisorReportLine)
_UNITS = table_of(tables.Unit)
_STAFF = table_of(tables.Staff)
_TECHNICIAN = _STAFF.alias("technician")
_REVIEWER = _STAFF.alias("reviewer")
_NAMED_LATE = timedelta(days=60)
_PEOPLE = {name: _STAFF.alias(name) for name in ("compiled", "signed", "manager_signed", "forwarded", "received")}

_R = _REPORTS.c
_S = _SUMMARIES.c
_REPORT_COLUMNS = {
    "unit": _UNITS.c.code,
    "technician": _TECHNICIAN.c.login,
    "technician_name": _TECHNICIAN.c.name,
    "reviewed_by_name": func.coalesce(_REVIEWER.c.name, ""),
}
_REPORT = (
    select(*[_REPORT_COLUMNS.get(name, _R.get(name)).label(name) for name in ReportRow._fields])  # type: ignore[union-attr]
    .join_from(_REPORTS, _UNITS, _UNITS.c.id == _R.unit_id)
    .join(_TECHNICIAN, _TECHNICIAN.c.id == _R.technician_id)
    .join(_REVIEWER, _REVIEWER.c.id == _R.reviewed_by, isouter=True)
)
_SUMMARY_COLUMNS = {
    "unit": _UNITS.c.code,
    "unit_kind": _UNITS.c.kind,
    "technician": literal_column("''"),
    **{f"{name}_by_name": func.coalesce(person.c.name, "") for name, person in _PEOPLE.items()},
}
_SUMMARY = select(
    *[_SUMMARY_COLUMNS.get(name, _S.get(name)).label(name) for name in SupervisorReportRow._fields]  # type: ignore[union-attr]
).join_from(_SUMMARIES, _UNITS, _UNITS.c.id == _S.unit_id)
for _name, _person in _PEOPLE.items():
    _SUMMARY = _SUMMARY.join(_person, _person.c.id == _S[f"{_name}_by"], isouter=True)

# Written out, so that both engines see that the partial index serves.
_WAITS = _R.urgent != literal_column("''")
_GOES_ON = _S.urgent != literal_column("''")
_SIGNING = _UNITS.alias("signing")
_HAS_MANAGER = (
    select(_SIGNING.c.id)
    .where(_SIGNING.c.id == _S.unit_id, _SIGNING.c.kind == literal_column(f"'{BRANCH}'"))
    .correlate(_SUMMARIES)
    .exists()
)
_IS_SIGNED = _S.state == literal_column("'signed'")

REPORTS: Register[ReportRow] = Register(
    _REPORTS,
    _REPORT,
    ReportRow,
    # The day as its text, for a filter holds words.
    conditions={"day": type_coerce(_R.day, Words) == bindparam("day")},
    views={
        "to_review": (_WAITS) & (_R.state == literal_column("'submitted'")),
        "sent_back": (_WAITS) & (_R.state == literal_column("'sent_back'")),
        "to_compile": (_WAITS) & (_R.state == literal_column("'reviewed'")),
    },
)
"""The technician reports; urgent are those that wait for the review, for a correction or for the supervisor report."""

SUPERVISOR_REPORTS: Register[SupervisorReportRow] = Register(
    _SUMMARIES,
    _SUMMARY,
    SupervisorReportRow,
    views={
        "mine_to_sign": (_GOES_ON) & (_S.state == literal_column("'compiled'")),
        # A service centre has no branch manager (003 Art. 14; D21).
        "to_sign": (_GOES_ON) & (_IS_SIGNED) & (_HAS_MANAGER),
        "to_forward": (_GOES_ON) & or_(_S.state == literal_column("'manager_signed'"), _IS_SIGNED & ~_HAS_MANAGER),
        "to_receive": (_GOES_ON) & (_S.state == literal_column("'forwarded'")),
    },
)
"""The supervisor reports; urgent are those that the Customer Department has not received."""

_OF_DAY = _REPORT.where(_R.technician_id == bindparam("technician"), _R.day == bindparam("day", type_=_R.day.type))
_OF_UNIT = _REPORT.where(_R.unit_id == bindparam("unit"), _R.day == bindparam("day", type_=_R.day.type)).order_by(_R.id)
_OF_ITS_DAY = _SUMMARIES.alias("of_its_day")
_AFTER_ITS_SUMMARY = (
    select(_OF_ITS_DAY.c.id)
    .where(
        _OF_ITS_DAY.c.unit_id == _R.unit_id,
        _OF_ITS_DAY.c.day == _R.day,
        _OF_ITS_DAY.c.state != literal_column("'compiled'"),
    )
    .correlate(_REPORTS)
    .exists()
)
_LATE = _REPORT.where(
    _R.unit_id == bindparam("unit"),
    # By what waits and by no other index: of all reports they are few.
    _WAITS,
    _R.urgent < bindparam("beyond"),
    _R.state + literal_column("''") == REVIEWED,
    _AFTER_ITS_SUMMARY,
).order_by(_R.urgent, _R.id)
_FILED_WITH = _REPORT.where(
    _R.unit_id == bindparam("unit"),
    _R.day >= bindparam("first", type_=_R.day.type),
    _R.day < bindparam("day", type_=_R.day.type),
    _R.state == KEPT,
    _R.changed_at == bindparam("signed"),
).order_by(_R.id)
_SUMMARY_OF = _SUMMARY.where(_S.unit_id == bindparam("unit"), _S.day == bindparam("day", type_=_S.day.type))
_LINES_OF = (
    select(*[_LINES.c[name] for name in ReportLineRow._fields])
    .where(_LINES.c.report_id == bindparam("report"))
    .order_by(_LINES.c.began_at, _LINES.c.line)
)
_SETTLED = select(_R.day).where(
    _R.technician_id == bindparam("technician"),
    _R.day >= bindparam("first", type_=_R.day.type),
    _R.day < bindparam("beyond", type_=_R.day.type),
    _R.state.in_((REVIEWED, KEPT)),
)
_LINES_WITHIN = (
    select(*[_LINES.c[name] for name in ReportLineRow._fields])
    .join_from(_REPORTS, _LINES, _LINES.c.report_id == _R.id)
    .where(
        _R.technician_id == bindparam("technician"),
        _R.day >= bindparam("first", type_=_R.day.type),
        _R.day <= bindparam("last", type_=_R.day.type),
        _R.id != bindparam("report"),
        _LINES.c.began_at <= bindparam("ends"),
        _LINES.c.ended_at >= bindparam("begins"),
    )
)
_LAST_LINE = select(func.coalesce(func.max(_LINES.c.line), 0)).where(_LINES.c.report_id == bindparam("report"))
_FORGET_LINES = delete(_LINES).where(_LINES.c.report_id == bindparam("report"))
_FORGET_LINE = delete(_LINES).where(_LINES.c.report_id == bindparam("report"), _LINES.c.line == bindparam("line"))
_FORGET_FIGURES = delete(_FIGURES).where(_FIGURES.c.report_id == bindparam("report"))
_FIGURES_OF = (
    select(
        _STAFF.c.login,
        _STAFF.c.name,
        func.coalesce(_R.number, "").label("report"),
        *[_FIGURES.c[name] for name in TechnicianFigures._fields[3:]],
    )
    .join_from(_FIGURES, _STAFF, _STAFF.c.id == _FIGURES.c.technician_id)
    .join(_REPORTS, _R.id == _FIGURES.c.technician_report_id, isouter=True)
    .where(_FIGURES.c.report_id == bindparam("report"))
    .order_by(_FIGURES.c.id)
)


def of_day(desk: Reading, technician: int, day: date) -> ReportRow | None:
    """A technician's report of a day; None before its first line or its submission."""
    found = desk.one(_OF_DAY, technician=technician, day=day)
    return None if found is None else ReportRow(*found)


def of_unit(desk: Reading, unit: int, day: date) -> list[ReportRow]:
    """Every technician report of a unit for a day."""
    return [ReportRow(*row) for row in desk.all(_OF_UNIT, unit=unit, day=day)]


def late_of_unit(desk: Reading, unit: int, day: date) -> list[ReportRow]:
    """The reviewed reports of earlier days that came when the supervisor report of their day was signed already."""
    return [ReportRow(*row) for row in desk.all(_LATE, unit=unit, beyond=urgency(REVIEWED, day))]


def late_in(desk: Reading, summary: SupervisorReportRow) -> list[ReportRow]:
    """The reports of earlier days that a supervisor report counts: its signing has put them on file (003 Art. 12-13).

    What was later than two months is counted and not named.
    """
    if summary.signed_at is None:
        found = late_of_unit(desk, summary.unit_id, summary.day)
        return [row for row in found if row.reviewed_at is not None and row.reviewed_at <= summary.compiled_at]
    asked = {"unit": summary.unit_id, "first": summary.day - _NAMED_LATE, "day": summary.day}
    return [ReportRow(*row) for row in desk.all(_FILED_WITH, **asked, signed=summary.signed_at)]


def lines(desk: Reading, report: int) -> list[ReportLineRow]:
    """The kept lines of a report in the order of the day."""
    return [ReportLineRow(*row) for row in desk.all(_LINES_OF, report=report)]


def settled_days(desk: Reading, technician: int, first: date, beyond: date) -> list[date]:
    """The days from `first` on and before `beyond` of which a technician's report is reviewed or on file."""
    return [row.day for row in desk.all(_SETTLED, technician=technician, first=first, beyond=beyond)]


def lines_within(
    desk: Reading, technician: int, within: Span, first: date, last: date, but: int = 0
) -> list[ReportLineRow]:
    """The lines that touch a span of time in a technician's reports of these days, but for those of one report."""
    asked = {"first": first, "last": last, "report": but, "begins": within.begins, "ends": within.ends}
    return [ReportLineRow(*row) for row in desk.all(_LINES_WITHIN, technician=technician, **asked)]


def last_line(desk: Reading, report: int) -> int:
    """The number of a report's last line; 0 without one."""
    return int(desk.value(_LAST_LINE, report=report))


def add_lines(desk: Writing, report: int, lines: Sequence[ReportLineRow], after: int) -> None:
    """Write lines below those that a report has; they are numbered from the one after `after`."""
    desk.add_many(
        tables.ReportLine,
        [row._replace(line=after + nth)._asdict() | {"report_id": report} for nth, row in enumerate(lines, start=1)],
    )


def replace_lines(desk: Writing, report: int, lines: Sequence[ReportLineRow]) -> None:
    """Write the whole of a report's lines anew, numbered as they come."""
    desk.do(_FORGET_LINES, report=report)
    add_lines(desk, report, lines, 0)


def drop_line(desk: Writing, report: int, line: int) -> None:
    """Take one line out of a report."""
    desk.do(_FORGET_LINE, report=report, line=line)


def summary_of(desk: Reading, unit: int, day: date) -> SupervisorReportRow | None:
    """The supervisor report of a unit for a day; None before it is compiled."""
    found = desk.one(_SUMMARY_OF, unit=unit, day=day)
    return None if found is None else SupervisorReportRow(*found)


def figures(desk: Reading, report: int) -> list[TechnicianFigures]:
    """The lines of a supervisor report, in the order of its compilation."""
    return [TechnicianFigures(*row) for row in desk.all(_FIGURES_OF, report=report)]


def forget_figures(desk: Writing, report: int) -> None:
    """Take the lines of a supervisor report away, to be counted anew."""
    desk.do(_FORGET_FIGURES, report=report)
