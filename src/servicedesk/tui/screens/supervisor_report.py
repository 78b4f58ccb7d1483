"""One supervisor daily report as the paper (forms §3.7): a line a technician, the day block, who signed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from servicedesk.domain.numbering import short
from servicedesk.domain.people import BRANCH
from servicedesk.domain.reports import (
    COMPILED,
    FORWARDED,
    MANAGER_SIGNED,
    SEES_SUPERVISOR_REPORTS,
    SIGNED,
    STATES,
    ReportRow,
    SupervisorReportRow,
    TechnicianFigures,
)
from servicedesk.domain.text import clip
from servicedesk.domain.words import label, say
from servicedesk.tui.keys import Key, print_key
from servicedesk.tui.registers import Seen
from servicedesk.tui.screens.paper import PaperPage, PaperScreen, Part, side_by_side

if TYPE_CHECKING:
    from servicedesk.acts.desk import Look

COMPILE, SIGN, MANAGER_SIGN, FORWARD, RECEIVE = (
    f"supervisor_reports.{name}" for name in ("compile", "sign", "manager_sign", "forward", "receive")
)
SUMMARY_KEYS: tuple[Key, ...] = (
    Key("s", label("Sign"), act=SIGN),
    Key("m", label("Sign as manager"), act=MANAGER_SIGN),
    Key("w", label("Forward"), act=FORWARD),
    Key("a", label("Received"), act=RECEIVE),
    print_key("supervisor_report", "number"),
)
"""What can be done to a supervisor report, on the list and on the page."""
COMPILE_KEY = Key("f2", label("Compile"), act=COMPILE, bare=True)
NEXT_ACTS: Mapping[str, Sequence[str]] = {
    COMPILED: (SIGN, COMPILE),
    SIGNED: (MANAGER_SIGN, FORWARD),
    MANAGER_SIGNED: (FORWARD,),
    FORWARDED: (RECEIVE,),
}
BLOCK: tuple[tuple[str, str], ...] = (
    ("calls", label("calls")),
    ("dispatched", label("dispatched")),
    ("undispatched", label("not dispatched, to the next day")),
    ("late_urban", label("arrived late, urban")),
    ("late_suburban", label("arrived late, suburban")),
    ("done_on_site", label("done on site")),
    ("carried_back", label("carried back")),
    ("in_shop", label("in the shop")),
    ("overdue", label("overdue in the shop")),
    ("assistance", label("assistance asked")),
    ("complaints", label("complaints")),
    ("invoices", label("invoices")),
)
"""The day block in paper order; the fees stand beside it as money."""
_TYPES = "abc"
_NAME_CELLS = 16


def next_step(seen: Seen, row: SupervisorReportRow) -> str:
    """Who does what now (003 Art. 14; D21)."""
    words = seen.words
    if row.state == COMPILED:
        return words(label("Next: the service supervisor signs it; F2 compiles it anew."))
    if row.state == SIGNED and row.unit_kind == BRANCH:
        return words(label("Next: the branch manager reads it and signs."))
    if row.state in (SIGNED, MANAGER_SIGNED):
        return words(label("Next: the service supervisor forwards it to the Customer Department."))
    if row.state == FORWARDED:
        return words(label("Next: the Customer Department receives it."))
    return ""


def beside(seen: Seen, row: SupervisorReportRow) -> str:
    """Day and state; the number begins with the unit."""
    words = seen.words
    return side_by_side(f"{words.weekday(row.day)} {words.day(row.day)}", words(STATES[row.state]))


class Counted(NamedTuple):
    """What hangs on a supervisor report: its lines, and the reports of earlier days among what they count."""

    lines: list[TechnicianFigures]
    late: list[ReportRow]


def gather(look: Look, row: SupervisorReportRow) -> Counted:
    """Its lines; runs in the reader's thread."""
    from servicedesk.store import reports

    return Counted(reports.figures(look.store, row.id), reports.late_in(look.store, row))


def parts(seen: Seen, row: SupervisorReportRow, counted_in: Counted) -> Iterator[Part]:
    """The report from top to bottom."""
    words = seen.words
    yield label("Technicians"), _table(seen, counted_in.lines)
    late = [
        (one.technician_name, words(say("{number} of {day}", number=short(one.number), day=one.day)))
        for one in counted_in.late
    ]
    yield label("Counted late"), late
    counted = [(words(shown), str(getattr(row, name))) for name, shown in BLOCK]
    counted.append((words(label("fees")), seen.money(row.unit, row.fees)))
    half = (len(counted) + 1) // 2
    rest = [*counted[half:], *[("", "")] * (2 * half - len(counted))]
    yield label("The day"), [(*left, *right) for left, right in zip(counted[:half], rest, strict=True)]
    yield label("Remarks"), row.remarks
    yield label("Compiled"), _by(seen, row.compiled_at, row.compiled_by_name)
    yield label("Signed by"), _by(seen, row.signed_at, row.signed_by_name)
    yield label("Manager"), _by(seen, row.manager_signed_at, row.manager_signed_by_name)
    yield label("Forwarded"), _by(seen, row.forwarded_at, row.forwarded_by_name)
    yield label("Received"), _by(seen, row.received_at, row.received_by_name)


def _by(seen: Seen, at: datetime | None, name: str) -> str:
    return side_by_side(seen.moment(at), name)


def _table(seen: Seen, lines: Sequence[TechnicianFigures]) -> list[tuple[str, ...]]:
    """A line a technician, then all of them; who was absent has his reason behind, or instead of figures."""
    words = seen.words
    head = ("", "A", "B", "C", "D", words(label("total")), "")
    told = [_figures(clip(line.technician_name, _NAME_CELLS), [line], line.absent) for line in lines]
    return [head, *told, _figures(words(label("total")), lines, "")] if lines else []


def _figures(name: str, lines: Sequence[TechnicianFigures], absent: str) -> tuple[str, ...]:
    jobs = [sum(getattr(line, f"jobs_{kind}") for line in lines) for kind in _TYPES]
    minutes = [sum(getattr(line, f"minutes_{kind}") for line in lines) for kind in f"{_TYPES}d"]
    if absent and not any(minutes):
        return name, "", "", "", "", "", absent
    of_types = [f"{count}/{time}" for count, time in zip(jobs, minutes[:-1], strict=True)]
    return name, *of_types, str(minutes[-1]), f"{sum(jobs)}/{sum(minutes)}", absent


class SupervisorReportScreen(PaperScreen):
    """The supervisor report on screen."""

    PAPER = PaperPage(
        heading=label("Supervisor report"),
        register="reports:SUPERVISOR_REPORTS",
        sees=SEES_SUPERVISOR_REPORTS,
        gather=gather,
        parts=parts,
        beside=beside,
        next_step=next_step,
        next_acts=lambda row: NEXT_ACTS.get(row.state, ()),
        keys=(*SUMMARY_KEYS, COMPILE_KEY._replace(from_row=(("unit", "unit"), ("day", "day")))),
    )
