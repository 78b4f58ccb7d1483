"""Who is counted in a supervisor report: reviewed reports, absences, absentees named with a reason (D20)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Annotated, Any, NamedTuple

from servicedesk.acts.desk import Look
from servicedesk.acts.entry import Ask, Line, Situation, halves
from servicedesk.acts.reports.facts import shift_of
from servicedesk.domain.people import AbsenceRow
from servicedesk.domain.reports import KEPT, REVIEWED, STATES, SUBMITTED, ReportRow, SupervisorReportRow
from servicedesk.domain.units import UnitRow
from servicedesk.domain.words import Refused, Sentence, label, say

ABSENTEES = "absentees"
"""The field that holds the lines of absentees."""

FIGURES: Mapping[str, int] = dict.fromkeys(
    ("jobs_a", "minutes_a", "jobs_b", "minutes_b", "jobs_c", "minutes_c", "minutes_d"), 0
)
"""What a line counts of a report; all nothing for who was absent."""

_FINISHED = frozenset({REVIEWED, KEPT})
_AT_WORK = frozenset({SUBMITTED}) | _FINISHED


class AbsenteeLine(Line):
    """Who was absent, and why: `陈明: 病假`, or by login `chen: ill`."""

    technician: Annotated[str, Ask(label("Technician"))]
    reason: Annotated[str, Ask(label("Reason"))]

    @classmethod
    def parse(cls, typed: str, situation: Situation) -> Mapping[str, Any]:
        """The technician before the first colon, the reason behind.

        Raises:
            Refused: where one of them is missing.
        """
        technician, reason = halves(typed)
        if not technician or not reason:
            raise Refused(
                say("'{typed}' is no absence: write who was absent and why, 'chen: ill'.", typed=typed.strip()),
                kind="field",
            )
        return {"technician": technician, "reason": reason}

    def as_typed(self, currency: str) -> str:
        """The line in the words that read back as it."""
        return f"{self.technician}: {self.reason.replace(';', ',')}"


class Person(NamedTuple):
    """A technician of the report: with the report of the day if there is one, or with the absence in the books.

    `is_off` is who had no hours that day: neither a report nor an absence is asked of him (R34). `late` are his reports
    of earlier days that were handed in after the supervisor report of their day was signed: they are counted in this.
    """

    id: int
    login: str
    name: str
    report: ReportRow | None
    absent: str
    is_off: bool
    late: tuple[ReportRow, ...] = ()

    @property
    def is_counted(self) -> bool:
        """Whether the day's work is reviewed."""
        return self.report is not None and self.report.state in _FINISHED

    @property
    def counted(self) -> tuple[ReportRow, ...]:
        """The reports that the line counts."""
        return (self.report, *self.late) if self.report is not None and self.is_counted else self.late

    @property
    def was_at_work(self) -> bool:
        """Whether he has handed in a report of the day that was not returned to him."""
        return self.report is not None and self.report.state in _AT_WORK

    @property
    def missing(self) -> Sentence:
        """What the report of the day is, where it cannot be counted yet."""
        state = label("no report") if self.report is None else STATES[self.report.state]
        return say("{name} ({state})", name=self.name, state=Sentence(state))


def people_of(look: Look, unit: UnitRow, day: date) -> list[Person]:
    """The technicians of a unit on a day, by login: those active now and whoever has a report to be counted."""
    from servicedesk.store import reports, staff

    late: dict[int, list[ReportRow]] = {}
    for row in reports.late_of_unit(look.store, unit.id, day):
        late.setdefault(row.technician_id, []).append(row)
    written = {row.technician_id: row for row in reports.of_unit(look.store, unit.id, day)}
    spans = look.calendar(unit.code).spans(day)
    found = []
    for one in staff.technicians(look.store, unit, day):
        has_hours = bool(spans) if one.shift is None else True
        is_away = has_hours and not shift_of(look, one.id, unit, day)
        absent = _why(one.absences) if is_away else ""
        mine = tuple(late.pop(one.id, ()))
        found.append(Person(one.id, one.login, one.name, written.pop(one.id, None), absent, not has_hours, mine))
    for row in written.values():
        mine = tuple(late.pop(row.technician_id, ()))
        found.append(Person(row.technician_id, row.technician, row.technician_name, row, "", False, mine))
    for key, (row, *more) in late.items():
        found.append(Person(key, row.technician, row.technician_name, None, "", True, (row, *more)))
    return sorted(found, key=lambda one: one.login)


def _why(absences: Iterable[AbsenceRow]) -> str:
    return " / ".join(dict.fromkeys(absence.reason for absence in absences))


def missing_of(people: Iterable[Person], named: Iterable[str] = ()) -> list[Person]:
    """Who has neither a reviewed report nor a reason to have none; `named` are logins or names of absentees."""
    known = {name.casefold() for name in named}
    return [
        one
        for one in people
        if not one.is_counted
        and (one.report is not None or not (one.absent or one.is_off))
        and (one.was_at_work or not {one.login.casefold(), one.name.casefold()} & known)
    ]


def late_of(people: Iterable[Person]) -> tuple[Sentence, ...]:
    """The reports of earlier days that are counted here, each with its day."""
    return tuple(
        say(
            "{number} of {name} for {day} came after that day's report was signed.",
            number=row.number,
            name=one.name,
            day=row.day,
        )
        for one in people
        for row in one.late
    )


def not_all(missing: Sequence[Person]) -> Sentence:
    return say(
        "Not reviewed yet: {missing}. Review their reports, or name who was absent and why.",
        missing=tuple(one.missing for one in missing),
    )


def reasons_of(people: Sequence[Person], lines: Sequence[AbsenteeLine]) -> dict[int, str]:
    """The reasons of those who are named absent, by the technician's key.

    Raises:
        Refused: naming the line, for a stranger, for two of one name, for somebody who handed a report in.
    """
    reasons: dict[int, str] = {}
    for nth, line in enumerate(lines, start=1):
        wanted = line.technician.casefold()
        meant = [one for one in people if one.login.casefold() == wanted]
        meant = meant or [one for one in people if one.name.casefold() == wanted]
        if len(meant) != 1:
            why = say("“{typed}” is no technician of the unit: enter the login.", typed=line.technician)
        elif meant[0].report is not None and meant[0].was_at_work:
            why = say("{name} was at work: {number} is handed in.", name=meant[0].name, number=meant[0].report.number)
        else:
            reasons[meant[0].id] = line.reason
            continue
        raise Refused(say("Line {line}: {why}", line=nth, why=why), field=ABSENTEES)
    return reasons


def lines_of(people: Sequence[Person], reasons: Mapping[int, str]) -> list[dict[str, Any] | None]:
    """The line of each technician: the figures of his reviewed reports, or why there is none; None for who was off.

    Raises:
        Refused: naming everybody who is missing (D20).
    """
    missing = [one for one in missing_of(people) if one.was_at_work or one.id not in reasons]
    if missing:
        raise Refused(not_all(missing), field=ABSENTEES)
    return [_line(one, reasons.get(one.id, one.absent)) for one in people]


def _line(one: Person, absent: str) -> dict[str, Any] | None:
    counted, absent = one.counted, "" if one.is_counted else absent
    if not counted and not absent:
        return None
    figures = {name: sum(getattr(report, name) for report in counted) for name in FIGURES}
    first = counted[0].id if counted else None
    return {"technician_id": one.id, "technician_report_id": first, **figures, "absent": absent}


def named_before(look: Look, row: SupervisorReportRow, people: Sequence[Person]) -> tuple[AbsenteeLine, ...]:
    """Who was named absent when it was compiled before and has not handed a report in since."""
    from servicedesk.store import reports

    known = {one.login: one for one in people}
    return tuple(
        AbsenteeLine(technician=line.technician, reason=line.absent)
        for line in reports.figures(look.store, row.id)
        if line.absent and line.technician in known and not known[line.technician].was_at_work
        if line.absent != known[line.technician].absent
    )
