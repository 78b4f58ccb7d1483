"""The supervisor report: compiled, signed, forwarded, received (003 Art. 13-14; forms §3.7; states §5.8; D20, D21)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

from servicedesk.acts.act import Done, Prepared, act
from servicedesk.acts.calls.common import holds
from servicedesk.acts.desk import Book, Desk, Look
from servicedesk.acts.entry import Ask, Entry, Nothing
from servicedesk.acts.lookups import resolved
from servicedesk.acts.reports.attendance import (
    ABSENTEES,
    FIGURES,
    AbsenteeLine,
    Person,
    late_of,
    lines_of,
    missing_of,
    named_before,
    not_all,
    people_of,
    reasons_of,
)
from servicedesk.domain.numbering import SUPERVISOR_REPORT
from servicedesk.domain.people import BRANCH
from servicedesk.domain.reports import (
    COMPILED,
    FORWARDED,
    KEPT,
    MANAGER_SIGNED,
    REPORT_RECEIVED,
    REVIEWED,
    RULES,
    SIGNED,
    STATES,
    SupervisorReportRow,
    urgency,
)
from servicedesk.domain.rights import SUPERVISOR
from servicedesk.domain.units import UnitRow
from servicedesk.domain.words import Refused, Sentence, label, say

if TYPE_CHECKING:
    from servicedesk.store.session import Reading


def _one(store: Reading, number: str) -> SupervisorReportRow | None:
    from servicedesk.store import reports

    return reports.SUPERVISOR_REPORTS.one(store, number)


SUPERVISOR_REPORTS = Book("supervisor_reports", _one)


class Compile(Entry):
    """Whose day, who was absent without an absence in the books, and what there is to say about the day."""

    unit: Annotated[str, Ask(label("Unit"), "lookup", lookup="units", row=1)]
    day: Annotated[date, Ask(label("Day"), "day", row=1)]
    absentees: Annotated[tuple[AbsenteeLine, ...], Ask(label("Absent, and why"), "lines")] = ()
    remarks: Annotated[str, Ask(label("Remarks"), "long")] = ""


def compiled_today(look: Look, rows: Sequence[Any], values: Mapping[str, Any]) -> Prepared:
    """Today in the unit where one is supervisor; a report compiled before stands to be compiled anew.

    Who is missing is told while there is time to review or to name them.
    """
    from servicedesk.store import reports

    known = next((post.unit for post in look.actor.posts if post.role == SUPERVISOR), look.actor.unit)
    typed = resolved(look, "units", "unit", values["unit"], values) if "unit" in values else ""
    unit = look.unit(typed or known)
    day = values.get("day") or look.today(unit.timezone)
    derived: dict[str, Any] = {"unit": unit.code, "day": day}
    people = people_of(look, unit, day)
    named: Sequence[str] = [line["technician"] for line in values.get(ABSENTEES, ())]
    before = reports.summary_of(look.store, unit.id, day)
    if before is not None and before.state == COMPILED:
        again = named_before(look, before, people)
        derived |= {"remarks": before.remarks, ABSENTEES: again}
        named = named or [line.technician for line in again]
    missing = missing_of(people, named)
    rewritten = {"unit": typed} if typed else {}
    notes = ((not_all(missing),) if missing else ()) + late_of(people)
    return Prepared(derived=derived, rewritten=rewritten, notes=notes)


@act("supervisor_reports.compile", Compile, prepare=compiled_today)
def compile_report(desk: Desk, rows: Sequence[Any], entry: Compile) -> Done:
    """Count the day of a unit from the reviewed reports and the books; repeatable until it is signed (003 Art. 13).

    A report that came after the supervisor report of its day was signed is counted in the next one: what is signed is
    not changed, and no report stays uncounted.
    """
    unit = desk.unit(entry.unit)
    _may_compile(desk, unit, entry.day)
    people = people_of(desk, unit, entry.day)
    lines = lines_of(people, reasons_of(people, entry.absentees))
    number = _written(desk, unit, entry, lines)
    absent = tuple(one.name for one, line in zip(people, lines, strict=True) if line and line["absent"])
    counted = sum(len(one.counted) for one in people)
    if absent:
        said = say("{number}: {count} reports compiled; absent: {absent}.", number=number, count=counted, absent=absent)
    else:
        said = say("{number}: {count} reports compiled.", number=number, count=counted)
    return Done(said, (number,), ("supervisor_reports.sign",))


@act("supervisor_reports.sign", Nothing, book=SUPERVISOR_REPORTS)
def sign(desk: Desk, rows: Sequence[SupervisorReportRow], entry: Nothing) -> Done:
    """The supervisor signs what he has compiled; the technicians' reports are on file from then on (003 Art. 12-13)."""
    from servicedesk.store import tables

    row = rows[0]
    unit = desk.unit(row.unit)
    people = people_of(desk, unit, row.day)
    _nothing_changed(desk, row, people)
    counted = [report for one in people for report in one.counted]
    for report in counted:
        if report.state == REVIEWED:
            desk.store.change_version(
                tables.TechnicianReport,
                report.id,
                report.version,
                state=KEPT,
                urgent="",
                changed_by=desk.actor.name,
                changed_at=desk.now,
            )
            desk.note(report.number, state=KEPT)
    _change(desk, row, state=SIGNED, signed_at=desk.now, signed_by=desk.actor.id)
    said = say("{number} is signed; {count} technician reports are on file.", number=row.number, count=len(counted))
    following = "manager_sign" if row.unit_kind == BRANCH else "forward"
    return Done(said, (row.number,), (f"supervisor_reports.{following}",))


@act("supervisor_reports.manager_sign", Nothing, book=SUPERVISOR_REPORTS, many=True)
def manager_sign(desk: Desk, rows: Sequence[SupervisorReportRow], entry: Nothing) -> Done:
    """A branch's manager has read it and signs (003 Art. 14; D21)."""
    for row in rows:
        _change(desk, row, state=MANAGER_SIGNED, manager_signed_at=desk.now, manager_signed_by=desk.actor.id)
    said = say("{numbers}: read and signed by the manager.", numbers=_numbers(rows))
    return Done(said, _numbers(rows), ("supervisor_reports.forward",))


@act("supervisor_reports.forward", Nothing, book=SUPERVISOR_REPORTS, many=True)
def forward(desk: Desk, rows: Sequence[SupervisorReportRow], entry: Nothing) -> Done:
    """It goes to the Customer Department (003 Art. 14)."""
    for row in rows:
        _change(desk, row, state=FORWARDED, forwarded_at=desk.now, forwarded_by=desk.actor.id)
    return Done(say("{numbers} forwarded to the Customer Department.", numbers=_numbers(rows)), _numbers(rows))


@act("supervisor_reports.receive", Nothing, book=SUPERVISOR_REPORTS, many=True)
def receive(desk: Desk, rows: Sequence[SupervisorReportRow], entry: Nothing) -> Done:
    """The Customer Department has received and read it (003 Art. 14)."""
    for row in rows:
        _change(desk, row, state=REPORT_RECEIVED, received_at=desk.now, received_by=desk.actor.id)
    return Done(say("{numbers} received.", numbers=_numbers(rows)), _numbers(rows))


def _may_compile(desk: Desk, unit: UnitRow, day: date) -> None:
    """Refuse another unit's report, a day to come, and a report that is signed already.

    Raises:
        Refused: on the field.
    """
    from servicedesk.store import reports

    if not holds(desk, SUPERVISOR, unit.code):
        raise Refused(
            say("The report of {unit} is compiled by its own service supervisor.", unit=unit.code),
            field="unit",
            kind="rights",
        )
    if day > desk.today(unit.timezone):
        raise Refused(say("{day} has not come yet.", day=day), field="day")
    before = reports.summary_of(desk.store, unit.id, day)
    if before is not None and before.state != COMPILED:
        raise Refused(
            say(
                "{number} is {state}: '{act}' is not possible.",
                number=before.number,
                state=Sentence(STATES[before.state]),
                act=Sentence(RULES["supervisor_reports.compile"].label),
            ),
            field="day",
        )


def _written(desk: Desk, unit: UnitRow, entry: Compile, lines: Sequence[dict[str, Any] | None]) -> str:
    """Write the report, or count it anew under its number."""
    from servicedesk.store import day_figures, reports, tables

    counted = day_figures.day_block(desk.store, unit, entry.day, desk.now)._asdict()
    values = {
        **counted,
        "remarks": entry.remarks,
        "compiled_at": desk.now,
        "compiled_by": desk.actor.id,
        "urgent": urgency(COMPILED, entry.day),
        "changed_by": desk.actor.name,
        "changed_at": desk.now,
    }
    before = reports.summary_of(desk.store, unit.id, entry.day)
    if before is None:
        number = desk.number(unit, SUPERVISOR_REPORT)
        key = desk.store.add(tables.SupervisorReport, number=number, unit_id=unit.id, day=entry.day, **values)
    else:
        number, key = before.number, before.id
        desk.store.change_version(tables.SupervisorReport, key, before.version, **values)
        reports.forget_figures(desk.store, key)
    desk.store.add_many(tables.SupervisorReportLine, [{"report_id": key, **line} for line in lines if line])
    desk.note(number, state=COMPILED, day=entry.day.isoformat(), **counted)
    return number


def _nothing_changed(desk: Desk, row: SupervisorReportRow, people: Sequence[Person]) -> None:
    """Refuse to sign what is no longer what the technicians' reports say.

    Raises:
        Refused: where a report was returned, or counts otherwise, since it was compiled.
    """
    from servicedesk.store import reports

    stored = reports.figures(desk.store, row.id)
    keys = {one.login: one.id for one in people}
    reasons = {keys[line.technician]: line.absent for line in stored if line.absent and line.technician in keys}
    lines = [line for line in lines_of(people, reasons) if line]
    names = ("technician_id", *FIGURES, "absent")
    now = sorted(tuple(line[name] for name in names) for line in lines)
    then = sorted(
        (keys.get(line.technician, 0), *(getattr(line, name) for name in (*FIGURES, "absent"))) for line in stored
    )
    if now != then:
        raise Refused(
            say(
                "The technicians' reports have changed since {number} was compiled: compile it anew.", number=row.number
            )
        )


def _change(desk: Desk, row: SupervisorReportRow, *, state: str, **values: Any) -> None:
    from servicedesk.store import tables

    desk.store.change_version(
        tables.SupervisorReport,
        row.id,
        row.version,
        state=state,
        urgent=urgency(state, row.day),
        changed_by=desk.actor.name,
        changed_at=desk.now,
        **values,
    )
    desk.note(row.number, state=state)


def _numbers(rows: Sequence[SupervisorReportRow]) -> tuple[str, ...]:
    return tuple(row.number for row in rows)
