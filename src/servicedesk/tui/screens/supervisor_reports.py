"""The supervisors' daily reports: each waits in the list of who signs, forwards or receives it (forms §3.7; §5.8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from servicedesk.domain.numbering import SUPERVISOR_REPORT
from servicedesk.domain.people import BRANCH
from servicedesk.domain.registers import Wanted
from servicedesk.domain.reports import (
    COMPILED,
    FORWARDED,
    MANAGER_SIGNED,
    REPORT_RECEIVED,
    SEES_SUPERVISOR_REPORTS,
    SIGNED,
    STATES,
    SupervisorReportRow,
)
from servicedesk.domain.rights import BRANCH_MANAGER, CUSTOMER_DEPARTMENT, SERVICE_MANAGER, SUPERVISOR
from servicedesk.domain.words import label, say
from servicedesk.tui.filtering import UNIT, of_state
from servicedesk.tui.registers import RegisterPage, Seen, Told, Total, View
from servicedesk.tui.screens.paper import side_by_side
from servicedesk.tui.screens.register import RegisterScreen
from servicedesk.tui.screens.supervisor_report import (
    COMPILE_KEY,
    SUMMARY_KEYS,
    SupervisorReportScreen,
    next_step,
)

if TYPE_CHECKING:
    from servicedesk.tui.app import ServiceDesk

OWN_STATES = {state: STATES[state] for state in (COMPILED, SIGNED, MANAGER_SIGNED, FORWARDED, REPORT_RECEIVED)}
SHORT: Mapping[str, str] = {
    COMPILED: label("to sign"),
    SIGNED: label("to forward"),
    MANAGER_SIGNED: label("to forward"),
    FORWARDED: label("to receive"),
    REPORT_RECEIVED: label("received"),
}
"""The states as a column has room for them."""


def now(seen: Seen, row: SupervisorReportRow) -> str:
    """What is to be done with it; a branch's manager comes before the forwarding (D21)."""
    waits = row.state == SIGNED and row.unit_kind == BRANCH
    return seen.words(label("for the manager") if waits else SHORT[row.state])


def full(seen: Seen, row: SupervisorReportRow) -> Sequence[str]:
    """The report under the cursor in full, and what comes next."""
    words = seen.words
    day = f"{words.weekday(row.day)} {words.day(row.day)}"
    done = say("done on site {done}, carried back {back}", done=row.done_on_site, back=row.carried_back)
    fees = words(say("fees {amount}", amount=seen.money(row.unit, row.fees)))
    return (
        side_by_side(row.number, row.unit, day, words(STATES[row.state]), row.compiled_by_name),
        side_by_side(words(done), fees, row.remarks),
        next_step(seen, row),
    )


def late(seen: Seen, row: SupervisorReportRow) -> bool:
    """Of an earlier day, and not forwarded yet (K16)."""
    today = seen.now.astimezone(seen.words.zone).date()
    return row.state in (COMPILED, SIGNED, MANAGER_SIGNED) and row.day < today


def _open(desk: ServiceDesk, row: SupervisorReportRow) -> None:
    desk.push_screen(SupervisorReportScreen(row.number))


class SupervisorReportsScreen(RegisterScreen):
    """The list of the supervisor reports."""

    PAGE = RegisterPage[SupervisorReportRow](
        name="supervisor_reports",
        heading=label("Supervisor reports"),
        register="reports:SUPERVISOR_REPORTS",
        sees=SEES_SUPERVISOR_REPORTS,
        columns=(
            Told(label("Day"), 5, lambda seen, row: f"{row.day:%m-%d}"),
            Told(label("Unit"), 4, lambda seen, row: row.unit),
            Told(label("Calls"), 5, lambda seen, row: str(row.calls)),
            Told(label("Sent"), 5, lambda seen, row: str(row.dispatched)),
            Told(label("Over"), 5, lambda seen, row: str(row.undispatched or "")),
            Told(label("Late"), 5, lambda seen, row: str(row.late_urban + row.late_suburban or "")),
            Told(label("Overdue"), 7, lambda seen, row: str(row.overdue or "")),
            Told(label("Complaints"), 10, lambda seen, row: str(row.complaints or "")),
            Told(label("Now"), 12, now, flexible=True),
        ),
        views=(
            View("open", label("all open"), Wanted(urgent=True)),
            View("mine_to_sign", label("mine to sign"), Wanted(view="mine_to_sign", urgent=True)),
            View("to_sign", label("for the manager"), Wanted(view="to_sign", urgent=True)),
            View("to_forward", label("to forward"), Wanted(view="to_forward", urgent=True)),
            View("to_receive", label("to receive"), Wanted(view="to_receive", urgent=True)),
            View("all", label("all")),
        ),
        first_views={
            SUPERVISOR: "open",
            BRANCH_MANAGER: "to_sign",
            CUSTOMER_DEPARTMENT: "to_receive",
            SERVICE_MANAGER: "to_receive",
        },
        totals=(
            Total("open", lambda count: say("open {count}", count=count)),
            Total("to_receive", lambda count: say("to receive {count}", count=count)),
        ),
        full=full,
        opens=_open,
        late=late,
        closed=lambda seen, row: row.state == REPORT_RECEIVED,
        filters=(of_state(OWN_STATES), UNIT),
        first_keys=(COMPILE_KEY,),
        keys=SUMMARY_KEYS,
        letter=SUPERVISOR_REPORT,
        empty=label("No report waits here. The service supervisor compiles the day's with F2."),
    )
