"""The technicians' daily reports: what waits for the review, what was sent back, a day's, all (forms §3.6; §5.8)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from servicedesk.domain.numbering import TECHNICIAN_REPORT
from servicedesk.domain.registers import Wanted
from servicedesk.domain.reports import DRAFT, KEPT, REVIEWED, SEES_REPORTS, SENT_BACK, STATES, SUBMITTED, ReportRow
from servicedesk.domain.rights import BRANCH_MANAGER, CUSTOMER_DEPARTMENT, SERVICE_MANAGER, SUPERVISOR
from servicedesk.domain.rights import TECHNICIAN as A_TECHNICIAN
from servicedesk.domain.words import label, say
from servicedesk.tui.filtering import TECHNICIAN, UNIT, Filtered, of_state
from servicedesk.tui.registers import RegisterPage, Seen, Told, Total, View
from servicedesk.tui.report_parts import jobs_and_minutes
from servicedesk.tui.screens.paper import side_by_side
from servicedesk.tui.screens.register import RegisterScreen
from servicedesk.tui.screens.report import NEXT, REPORT_KEYS, ReportScreen

if TYPE_CHECKING:
    from servicedesk.tui.app import ServiceDesk

DAY = Filtered("day", label("Day"), hint=label("as 2026-11-23"))
OWN_STATES = {state: STATES[state] for state in (DRAFT, SUBMITTED, SENT_BACK, REVIEWED, KEPT)}
SHORT: Mapping[str, str] = {
    **OWN_STATES,
    SUBMITTED: label("to review"),
    SENT_BACK: label("sent back"),
    KEPT: label("on file"),
}
"""The states as a column has room for them."""


def jobs(name: str) -> Callable[[Seen, ReportRow], str]:
    """Jobs and minutes of one service type; empty without any."""

    def told(seen: Seen, row: ReportRow) -> str:
        minutes = getattr(row, f"minutes_{name}")
        return f"{getattr(row, f'jobs_{name}')}/{minutes}" if minutes else ""

    return told


def full(seen: Seen, row: ReportRow) -> Sequence[str]:
    """The report under the cursor in full, and what comes next."""
    words = seen.words
    day = f"{words.weekday(row.day)} {words.day(row.day)}"
    marks = words(say("{count} marks", count=row.marks)) if row.marks else ""
    return (
        side_by_side(row.number, row.technician_name, day, words(STATES[row.state]), marks),
        side_by_side(jobs_and_minutes(seen, row._asdict()), row.review_remark or row.remarks),
        words(NEXT.get(row.state, "")),
    )


def late(seen: Seen, row: ReportRow) -> bool:
    """Of an earlier day, and not reviewed yet (K16)."""
    return row.state in (SUBMITTED, SENT_BACK) and row.day < seen.now.astimezone(seen.words.zone).date()


def _open(desk: ServiceDesk, row: ReportRow) -> None:
    desk.push_screen(ReportScreen(row.number))


class ReportsScreen(RegisterScreen):
    """The desk of the reports."""

    PAGE = RegisterPage[ReportRow](
        name="reports",
        heading=label("Reports"),
        register="reports:REPORTS",
        sees=SEES_REPORTS,
        columns=(
            Told(label("Day"), 5, lambda seen, row: f"{row.day:%m-%d}"),
            Told(label("Technician"), 8, lambda seen, row: seen.elsewhere(row, row.technician_name), flexible=True),
            Told("A", 6, jobs("a")),
            Told("B", 6, jobs("b")),
            Told("C", 6, jobs("c")),
            Told("D", 3, lambda seen, row: str(row.minutes_d or "")),
            Told(label("Total"), 6, lambda seen, row: f"{row.jobs}/{row.minutes}"),
            Told(label("Marks"), 5, lambda seen, row: str(row.marks or "")),
            Told(label("Now"), 11, lambda seen, row: seen.words(SHORT[row.state]), flexible=True),
        ),
        views=(
            View("to_review", label("to review"), Wanted(view="to_review", urgent=True)),
            View("today", label("of today"), today=True),
            View("sent_back", label("sent back"), Wanted(state=SENT_BACK, urgent=True)),
            View("to_compile", label("to be compiled"), Wanted(state=REVIEWED, urgent=True)),
            View("all", label("all")),
        ),
        first_views={
            SUPERVISOR: "to_review",
            A_TECHNICIAN: "sent_back",
            BRANCH_MANAGER: "today",
            CUSTOMER_DEPARTMENT: "all",
            SERVICE_MANAGER: "all",
        },
        totals=(
            Total("to_review", lambda count: say("to review {count}", count=count)),
            Total("sent_back", lambda count: say("sent back {count}", count=count)),
        ),
        full=full,
        opens=_open,
        late=late,
        closed=lambda seen, row: row.state == KEPT,
        filters=(of_state(OWN_STATES), TECHNICIAN, DAY, UNIT),
        keys=REPORT_KEYS,
        letter=TECHNICIAN_REPORT,
        empty=label("No report waits here. A technician submits his from My day."),
    )
