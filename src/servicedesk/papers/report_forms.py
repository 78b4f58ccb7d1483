"""The papers of the day's end: technician and supervisor report, closing sheet, register transmittal (003 Art. 12-15,
20; forms §3.1, §3.6, §3.7)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from servicedesk.domain.calls import CHANNELS, LOGGED, STATES
from servicedesk.domain.money import show_amount
from servicedesk.domain.numbering import short
from servicedesk.domain.people import BRANCH
from servicedesk.domain.register_days import DIFFERENCES, DayRow, DifferenceRow, PageLineRow
from servicedesk.domain.reports import (
    ReportLineRow,
    ReportRow,
    SupervisorReportRow,
    TechnicianFigures,
    after_its_report,
)
from servicedesk.domain.service_types import SERVICE_TYPES
from servicedesk.domain.units import UnitRow
from servicedesk.domain.words import Sentence, label, say
from servicedesk.domain.zones import ZONES
from servicedesk.papers.forms import CLERK_SIGNS, SUPERVISOR_SIGNS, TECHNICIAN_SIGNS
from servicedesk.papers.paper import Box, Column, Field, Group, Paper, Part, Table, Value, columns, fields

MANAGER_SIGNS = label("Branch manager (read)")
RECEIVES = label("Customer Department (received)")
TRANSMITTAL = label("Register transmittal")


def technician_report(unit: UnitRow, row: ReportRow, lines: Sequence[ReportLineRow]) -> Paper:
    """A technician's day line by line, with jobs and minutes of each service type at its foot (003 Art. 12)."""
    body: tuple[Part, ...] = (
        _work(unit, row, lines),
        _foot(row),
        Box(label("Remarks"), row.remarks, 1),
        Box(label("The supervisor's remark"), row.review_remark, 1),
    )
    return Paper(
        "technician_report",
        label("Technician daily work report"),
        row.number,
        unit.name,
        fields(
            (label("Unit"), unit.name),
            (label("Date"), row.day),
            (label("Technician"), row.technician_name),
            (label("Shift"), row.hours),
            (label("Submitted"), row.submitted_at),
            (label("Reviewed"), _by(row.reviewed_by_name, row.reviewed_at)),
        ),
        totals=fields(
            (label("Jobs in all"), str(row.jobs)),
            (label("Minutes in all"), str(row.minutes)),
            (label("On the way"), say("{count} min", count=row.travel)),
            (label("Fees"), show_amount(row.fee, unit.currency)),
        ),
        signatures=(TECHNICIAN_SIGNS, SUPERVISOR_SIGNS),
        size="A4L",
        body=body,
    )


def _work(unit: UnitRow, row: ReportRow, lines: Sequence[ReportLineRow]) -> Table:
    zone = ZoneInfo(unit.timezone)
    return Table(
        columns(
            Column(label("Item"), 2, right=True),
            (label("Call or repair card"), 7),
            (label("Customer"), 7),
            (label("Type"), 3),
            (label("Work done"), 14),
            (label("From"), 4),
            (label("To"), 4),
            Column(label("Minutes"), 4, right=True),
            Column(label("On the way"), 4, right=True),
            (label("Parts"), 8),
            Column(label("Fee"), 5, right=True),
            (label("Remarks"), 6),
        ),
        tuple(
            (
                str(nth),
                line.paper,
                line.customer_name,
                line.service_type,
                line.work,
                _clock(line.began_at, zone),
                _clock(line.ended_at, zone),
                str(line.minutes),
                _count(line.travel),
                line.parts,
                show_amount(line.fee, unit.currency) if line.fee else "",
                after_its_report(line, row.day, unit.timezone) or line.remarks,
            )
            for nth, line in enumerate(lines, start=1)
        ),
        blank=0 if lines else 3,
    )


def _foot(row: ReportRow) -> Table:
    """Jobs and minutes of each service type; internal work has no jobs."""
    counted = {
        "A": (str(row.jobs_a), row.minutes_a),
        "B": (str(row.jobs_b), row.minutes_b),
        "C": (str(row.jobs_c), row.minutes_c),
        "D": ("", row.minutes_d),
    }
    return Table(
        columns(
            (label("Service type"), 6),
            Column(label("Number of jobs"), 2, right=True),
            Column(label("Minutes"), 2, right=True),
        ),
        tuple(
            (say("{type} {words}", type=str(one), words=Sentence(words)), jobs, str(minutes))
            for one, words in SERVICE_TYPES.items()
            for jobs, minutes in [counted[one]]
        ),
        label("Jobs and minutes by service type"),
    )


def supervisor_report(
    unit: UnitRow, row: SupervisorReportRow, lines: Sequence[TechnicianFigures], late: Sequence[ReportRow] = ()
) -> Paper:
    """The day of a unit: each technician's jobs and minutes, the day block, who has signed it (003 Art. 13-14).

    `late` are the reports of earlier days that it counts: each is named beside its technician.
    """
    is_branch = row.unit_kind == BRANCH
    signed = [
        (label("Signed"), row.signed_by_name, row.signed_at),
        *([(label("Signed by the manager"), row.manager_signed_by_name, row.manager_signed_at)] if is_branch else []),
        (label("Forwarded"), row.forwarded_by_name, row.forwarded_at),
        (label("Received and read"), row.received_by_name, row.received_at),
    ]
    return Paper(
        "supervisor_report",
        label("Supervisor daily report"),
        row.number,
        unit.name,
        fields(
            (label("Unit"), unit.name),
            (label("Date"), row.day),
            (label("Service supervisor"), row.compiled_by_name),
            (label("Compiled"), row.compiled_at),
        ),
        signatures=(SUPERVISOR_SIGNS, *((MANAGER_SIGNS,) if is_branch else ()), RECEIVES),
        size="A4",
        body=(
            _staff(lines, late),
            Group(_day_block(row, unit.currency)),
            Box(label("Remarks"), row.remarks, 1),
            Group(tuple(Field(name, _by(who, at)) for name, who, at in signed)),
        ),
    )


def _staff(lines: Sequence[TechnicianFigures], late: Sequence[ReportRow]) -> Table:
    counted = [_of_technician(line) for line in lines]
    sums = [sum(column) for column in zip(*counted, strict=True)] if counted else [0] * len(_COUNTED)
    rows: list[tuple[Value, ...]] = [
        (line.technician_name, *(map(_count, one)), _counted(line, late))
        for line, one in zip(lines, counted, strict=True)
    ]
    rows.append((Sentence(label("Total")), *map(str, sums), ""))
    return Table(
        columns(
            (label("Technician"), 4),
            *(Column(name, 2, right=True) for name in _COUNTED),
            (label("Report, or why absent"), 6),
        ),
        tuple(rows),
        label("Jobs and minutes of each technician"),
    )


_COUNTED = (
    label("A jobs"),
    label("A min"),
    label("B jobs"),
    label("B min"),
    label("C jobs"),
    label("C min"),
    label("D min"),
    label("All min"),
)


def _counted(line: TechnicianFigures, late: Sequence[ReportRow]) -> Value:
    """The report that is counted, or why there is none; then those of earlier days."""
    mine = [row for row in late if row.technician == line.technician]
    its_day = line.absent or ("" if line.report in {row.number for row in mine} else line.report)
    told: list[str | Sentence] = (
        [its_day, *map(_of_its_day, mine)] if its_day or not mine else [*map(_of_its_day, mine)]
    )
    return say("{report}, with {late}", report=told[0], late=tuple(told[1:])) if len(told) > 1 else told[0]


def _of_its_day(row: ReportRow) -> Sentence:
    return say("{number} of {day}", number=row.number, day=row.day)


def _of_technician(line: TechnicianFigures) -> tuple[int, ...]:
    minutes = (line.minutes_a, line.minutes_b, line.minutes_c, line.minutes_d)
    pairs = (line.jobs_a, minutes[0], line.jobs_b, minutes[1], line.jobs_c, minutes[2])
    return (*pairs, minutes[3], sum(minutes))


def _day_block(row: SupervisorReportRow, currency: str) -> tuple[Field, ...]:
    """What followed from the day's work, each figure from an article (forms §3.7)."""
    counted = (
        (label("Calls logged"), row.calls),
        (label("Calls dispatched"), row.dispatched),
        (label("Undispatched, first tomorrow"), row.undispatched),
        (label("Late arrivals, urban"), row.late_urban),
        (label("Late arrivals, suburban"), row.late_suburban),
        (label("Done on site"), row.done_on_site),
        (label("Carried back for repair"), row.carried_back),
        (label("In the shop"), row.in_shop),
        (label("Cards past their promise"), row.overdue),
        (label("Assistance asked for"), row.assistance),
        (label("Complaints received"), row.complaints),
    )
    money = ((label("Fees charged"), show_amount(row.fees, currency)), (label("Invoices issued"), str(row.invoices)))
    return fields(*((name, str(figure)) for name, figure in counted), *money)


def closing_sheet(
    unit: UnitRow, row: DayRow, differences: Sequence[DifferenceRow], lines: Sequence[PageLineRow]
) -> Paper:
    """What the register day closed with; the audit head on it proves later that nothing before it was changed."""
    states = Counter(line.state for line in lines)
    waiting = [line for line in lines if line.state == LOGGED]
    body: tuple[Part, ...] = (
        Table(
            columns((label("Result"), 4), Column(label("Calls"), 1, right=True)),
            tuple((Sentence(words), str(states[state])) for state, words in STATES.items() if states[state]),
            label("The page by result"),
        ),
        Table(
            columns((label("Paper"), 4), (label("Difference"), 5), (label("Explanation"), 9)),
            tuple((one.paper, _word(DIFFERENCES, one.kind), one.explained) for one in differences),
            label("Differences between the register and the papers"),
            blank=0 if differences else 1,
        ),
        Table(
            columns((label("Call-in no."), 4), (label("Called at"), 4), (label("Customer"), 4), (label("Due"), 4)),
            tuple((line.number, line.called_at, line.customer_name, line.due_at) for line in waiting),
            label("Undispatched on this page: dispatched first on the next working day"),
            blank=0 if waiting else 1,
        ),
    )
    return Paper(
        "closing_sheet",
        label("Closing sheet"),
        row.number,
        unit.name,
        fields(
            (label("Unit"), unit.name),
            (label("Date"), row.day),
            (label("Calls on the page"), str(row.calls)),
            (label("Carried over undispatched"), str(row.carried_over)),
            (label("Differences found"), str(row.differences)),
            (label("Fees on the page"), show_amount(sum(line.fee for line in lines), unit.currency)),
            (label("Reconciled"), _by(row.reconciled_by_name, row.reconciled_at)),
            (label("Page closed"), _by(row.closed_by_name, row.closed_at)),
            Field(label("Head of the audit log"), row.audit_head, wide=True),
        ),
        signatures=(CLERK_SIGNS, SUPERVISOR_SIGNS),
        size="A4",
        body=body,
    )


def transmittal(
    unit: UnitRow, row: DayRow, lines: Sequence[PageLineRow], contacts: Mapping[str, tuple[str, str]]
) -> Paper:
    """The register page as it stood at the closing, for the Customer Department (003 Art. 20; forms §3.1; D37).

    Args:
        unit: whose register.
        row: the day with its closing, its sending and its receipt.
        lines: the frozen page.
        contacts: telephone and address of each call as the person may see them.
    """
    table = Table(
        columns(
            (label("No."), 5),
            (label("Called at"), 5),
            (label("Channel"), 3),
            (label("Customer"), 5),
            (label("Caller"), 4),
            (label("Telephone"), 5),
            (label("Address"), 7),
            (label("Zone"), 3),
            (label("Model"), 5),
            (label("Serial no."), 4),
            (label("Fault as told"), 6),
            (label("Type"), 2),
            (label("Voucher"), 5),
            (label("Appointment"), 5),
            (label("Due"), 5),
            (label("Dispatched at"), 5),
            (label("Technician"), 4),
            (label("Arrived"), 5),
            (label("Finished"), 5),
            (label("Result"), 4),
            (label("Struck off"), 5),
            (label("Remarks"), 5),
        ),
        tuple(
            (
                short(line.number),
                line.called_at,
                _word(CHANNELS, line.channel),
                line.customer_name,
                line.caller,
                *contacts[line.number],
                _word(ZONES, line.zone),
                line.model_no,
                line.serial_no,
                line.symptom,
                line.service_type,
                line.voucher,
                line.appointment_at,
                line.due_at,
                line.dispatched_at,
                line.technician_name,
                line.arrived_at,
                line.finished_at,
                _word(STATES, line.state),
                say("{at} {who}", at=line.struck_off_at, who=line.struck_off_by) if line.struck_off_at else "",
                line.remarks,
            )
            for line in lines
        ),
    )
    return Paper(
        "transmittal",
        TRANSMITTAL,
        row.number,
        unit.name,
        fields(
            (label("Unit"), unit.name),
            (label("Date"), row.day),
            (label("Calls on the page"), str(row.calls)),
            (label("Carried over undispatched"), str(row.carried_over)),
            (label("Page closed"), _by(row.closed_by_name, row.closed_at)),
            (label("Sent to the Customer Department"), _by(row.transmitted_by_name, row.transmitted_at)),
            (label("Received and read"), _by(row.received_by_name, row.received_at)),
        ),
        (table,),
        signatures=(CLERK_SIGNS, SUPERVISOR_SIGNS, RECEIVES),
        size="A4L",
    )


def _by(who: str, at: datetime | None) -> Value:
    """Who did it and when; the time alone where the program did, nothing until it is done."""
    return say("{who} {at}", who=who, at=at) if at is not None and who else at


def _clock(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%H:%M}"


def _count(number: int) -> str:
    return str(number) if number else ""


def _word(words: Mapping[str, str], code: str) -> Value:
    return Sentence(words[code]) if code in words else ""
