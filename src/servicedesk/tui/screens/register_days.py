"""The register days: to be reconciled and closed, sent the next working day, received (003 Art. 15, 20; §5.8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from servicedesk.domain.numbering import CLOSING_SHEET
from servicedesk.domain.register_days import (
    DAY_CLOSED,
    PAGE_RECEIVED,
    RECONCILED,
    SEES_DAYS,
    STATES,
    TRANSMITTED,
    DayRow,
    closing,
    may_be_sent_from,
)
from servicedesk.domain.registers import Wanted
from servicedesk.domain.rights import BRANCH_MANAGER, CLERK, CUSTOMER_DEPARTMENT, SERVICE_MANAGER, SUPERVISOR
from servicedesk.domain.words import Sentence, label, say
from servicedesk.tui.filtering import UNIT, of_state
from servicedesk.tui.registers import RegisterPage, Seen, Told, Total, View
from servicedesk.tui.screens.paper import side_by_side
from servicedesk.tui.screens.register import RegisterScreen
from servicedesk.tui.screens.register_day import DAY_KEYS, RECONCILE_KEY, RegisterDayScreen, next_step

if TYPE_CHECKING:
    from servicedesk.acts.desk import Look
    from servicedesk.tui.app import ServiceDesk

SHORT: Mapping[str, str] = {
    RECONCILED: label("to be closed"),
    DAY_CLOSED: label("to transmit"),
    TRANSMITTED: label("to receive"),
    PAGE_RECEIVED: label("received"),
}
"""The states as a column has room for them."""


def now(seen: Seen, row: DayRow) -> str:
    """What is to be done with it."""
    return seen.words(label("to explain") if row.unexplained and row.state == RECONCILED else SHORT[row.state])


def full(seen: Seen, row: DayRow) -> Sequence[str]:
    """The day under the cursor in full, and what comes next."""
    words = seen.words
    day = f"{words.weekday(row.day)} {words.day(row.day)}"
    counted = words(say("{calls} calls, {differences} differences", calls=row.calls, differences=row.differences))
    return (
        side_by_side(row.number, row.unit, day, words(STATES[row.state])),
        side_by_side(counted, row.closed_by_name),
        next_step(seen, row),
    )


def late(seen: Seen, row: DayRow) -> bool:
    """Of an earlier day and not closed, or not transmitted when it could have been the day before (K14)."""
    today = seen.now.astimezone(seen.words.zone).date()
    if row.state == RECONCILED:
        return row.day < today
    return row.state == DAY_CLOSED and may_be_sent_from(seen.calendars[row.unit], row.day) < today


def open_page(look: Look, parts: Sequence[Wanted]) -> Sentence | None:
    """Which page of one's own unit is to be closed next; runs in the reader's thread."""
    from servicedesk.store import register_days

    unit = next((post.unit for post in look.actor.posts if post.role in (CLERK, SUPERVISOR)), "")
    if not unit:
        return None
    today = look.today(look.unit(unit).timezone)
    day = register_days.first_open_day(look.store, unit, closing(look.facts, unit), today)
    return None if day is None else say("open page {day}", day=day)


def _open(desk: ServiceDesk, row: DayRow) -> None:
    desk.push_screen(RegisterDayScreen(row.number))


class RegisterDaysScreen(RegisterScreen):
    """The list of the register days."""

    PAGE = RegisterPage[DayRow](
        name="days",
        heading=label("Register days"),
        register="register_days:DAYS",
        sees=SEES_DAYS,
        columns=(
            Told(label("Day"), 5, lambda seen, row: f"{row.day:%m-%d}"),
            Told(label("Unit"), 4, lambda seen, row: row.unit),
            Told(label("Calls"), 5, lambda seen, row: str(row.calls)),
            Told(label("Differ"), 6, lambda seen, row: str(row.differences or "")),
            Told(label("Carried over"), 12, lambda seen, row: str(row.carried_over or "")),
            Told(label("Day closed"), 10, lambda seen, row: seen.date(row.closed_at)),
            Told(label("Now"), 12, now, flexible=True),
        ),
        views=(
            View("open", label("all open"), Wanted(urgent=True)),
            View("to_transmit", label("to transmit"), Wanted(view="to_transmit", urgent=True)),
            View("to_receive", label("to receive"), Wanted(view="to_receive", urgent=True)),
            View("all", label("all")),
        ),
        first_views={
            CLERK: "open",
            SUPERVISOR: "open",
            BRANCH_MANAGER: "open",
            CUSTOMER_DEPARTMENT: "to_receive",
            SERVICE_MANAGER: "to_receive",
        },
        totals=(
            Total("to_transmit", lambda count: say("to transmit {count}", count=count)),
            Total("to_receive", lambda count: say("to receive {count}", count=count)),
        ),
        ahead=open_page,
        full=full,
        opens=_open,
        late=late,
        closed=lambda seen, row: row.state == PAGE_RECEIVED,
        filters=(of_state(STATES), UNIT),
        first_keys=(RECONCILE_KEY,),
        keys=DAY_KEYS,
        letter=CLOSING_SHEET,
        empty=label("No register day waits here. F2 reconciles the open page."),
    )
