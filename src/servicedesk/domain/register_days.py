"""The register day: reconciled, closed, transmitted, received (003 Art. 15, 20; states §5.8; D22, D36, D37; K14)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from servicedesk.domain.clocks import WorkingCalendar, working_day_from
from servicedesk.domain.clocks import last_closing as closing_hour
from servicedesk.domain.rights import (
    ALL,
    BRANCH_MANAGER,
    CLERK,
    CUSTOMER_DEPARTMENT,
    SERVICE_MANAGER,
    SUPERVISOR,
    UNIT,
    Actor,
    Rule,
)
from servicedesk.domain.words import Sentence, label, say

RECONCILED = "reconciled"
DAY_CLOSED = "day_closed"
TRANSMITTED = "transmitted"
PAGE_RECEIVED = "page_received"

STATES: Mapping[str, str] = {
    RECONCILED: label("reconciled"),
    DAY_CLOSED: label("day closed"),
    TRANSMITTED: label("transmitted"),
    PAGE_RECEIVED: label("page received"),
}
DIFFERENCES: Mapping[str, str] = {
    "voucher_out": label("the voucher is not in file"),
    "not_struck_off": label("finished and not struck off"),
    "not_taken_in": label("carried back and not taken in"),
    "receipt_lost": label("the receipt is lost"),
    "not_signed": label("the voucher is not signed"),
    "not_remitted": label("money collected and not handed in"),
    "sheet_out": label("a job sheet is not back"),
}
"""What can differ between the register and the papers at the day's end (003 Art. 15)."""

SEES_DAYS: Mapping[str, str] = {
    CLERK: UNIT,
    SUPERVISOR: UNIT,
    BRANCH_MANAGER: UNIT,
    CUSTOMER_DEPARTMENT: ALL,
    SERVICE_MANAGER: ALL,
}


UNATTENDED = label("not explained: closed unattended")
"""What is written to a difference that nobody has explained when the program closes the day by itself.

The books keep this very text as the mark of it: show an explanation as `DifferenceRow.explained`.
"""

CLOSING = "closing:"
"""With a unit's code: the fact of the books that tells its latest closing, since every transaction reads the facts."""

_ONE_DAY = timedelta(days=1)


class Closing(NamedTuple):
    """The latest register day that a unit has closed, and when it did."""

    day: date
    closed_at: datetime

    @property
    def written(self) -> str:
        """As the books keep it among their facts."""
        return f"{self.day.isoformat()} {self.closed_at.astimezone(UTC).isoformat(timespec='seconds')}"


def closing(facts: Mapping[str, str], unit: str) -> Closing | None:
    """The latest register day that a unit has closed, from the facts of the books; None before its first closing."""
    written = facts.get(CLOSING + unit)
    if written is None:
        return None
    day, _, closed_at = written.partition(" ")
    return Closing(date.fromisoformat(day), datetime.fromisoformat(closed_at))


def page_day(calendar: WorkingCalendar, now: datetime, closed: Closing | None) -> date:
    """On which page a call stands that is logged now (D36): a register day runs from one closing to the next.

    After today's closing, and on a day without working hours, it is the next working day's. A unit that has never
    closed a day has a page for every day.
    """
    today = calendar.local_day(now)
    if closed is None:
        return today
    return working_day_from(calendar, max(today, closed.day + _ONE_DAY))


def last_closing(calendar: WorkingCalendar, now: datetime, closed: Closing | None) -> datetime | None:
    """What was logged before it and waits undispatched is carried over (D22): the later of calendar and real closing.

    A day that was closed on a later day ended by the calendar: what was logged since stands on the next page.
    """
    by_calendar = closing_hour(calendar, now)
    if closed is None or calendar.local_day(closed.closed_at) != closed.day:
        return by_calendar
    return closed.closed_at if by_calendar is None else max(by_calendar, closed.closed_at)


def is_over(calendar: WorkingCalendar, day: date, now: datetime) -> bool:
    """Whether the working hours of this day have passed; those of a day without any, once the day has."""
    spans = calendar.spans(day)
    return now >= (spans[-1][1] if spans else end_of(calendar.zone, day))


def end_of(zone: str, day: date) -> datetime:
    """The midnight with which a day ends."""
    return datetime.combine(day + _ONE_DAY, time(), ZoneInfo(zone)).astimezone(UTC)


def may_be_sent_from(calendar: WorkingCalendar, day: date) -> date:
    """When the page of this day goes to the Customer Department: the next working day (003 Art. 20; K14)."""
    return working_day_from(calendar, day + _ONE_DAY)


class DayRow(NamedTuple):
    """A register day of a unit; `differences` counts them, `unexplained` those without an explanation."""

    id: int
    number: str
    version: int
    unit: str
    state: str
    day: date
    calls: int
    carried_over: int
    differences: int
    unexplained: int
    audit_head: str
    reconciled_at: datetime
    reconciled_by_name: str
    closed_at: datetime | None
    closed_by_name: str
    transmitted_at: datetime | None
    transmitted_by_name: str
    received_at: datetime | None
    received_by_name: str
    urgent: str
    changed_by: str
    changed_at: datetime | None
    unit_id: int

    technician: str = ""


class DifferenceRow(NamedTuple):
    """A difference: its kind, the paper's number, its explanation."""

    kind: str
    paper: str
    explanation: str = ""

    @property
    def said(self) -> Sentence:
        """As lists and sheets name it."""
        return say("{number}: {difference}", number=self.paper, difference=Sentence(DIFFERENCES[self.kind]))

    @property
    def explained(self) -> str | Sentence:
        """What was said to it; what the program wrote by itself is told in the reader's language."""
        return Sentence(UNATTENDED) if self.explanation == UNATTENDED else self.explanation

    def explained_in(self, words: Callable[[Sentence], str]) -> str:
        """The same as a text."""
        explained = self.explained
        return words(explained) if isinstance(explained, Sentence) else explained


class PageLineRow(NamedTuple):
    """A line of the register page as it stood at the closing; times aware UTC, the fee in minor units."""

    line: int
    number: str
    state: str
    called_at: datetime
    channel: str
    customer_name: str
    caller: str
    telephone: str
    address: str
    zone: str
    model_no: str
    serial_no: str
    symptom: str
    service_type: str
    voucher: str
    appointment_at: datetime | None
    due_at: datetime | None
    dispatched_at: datetime | None
    technician_name: str
    arrived_at: datetime | None
    finished_at: datetime | None
    struck_off_at: datetime | None
    struck_off_by: str
    fee: int
    remarks: str


def urgency(state: str, day: date) -> str:
    """The key of the list of what waits: the oldest day first; empty once the Customer Department has the page."""
    return "" if state == PAGE_RECEIVED else f"1{day:%Y%m%d}0000"


def _explained(actor: Actor, row: DayRow) -> Sentence | None:
    if row.unexplained == 0:
        return None
    return say("{number}: {count} differences are not explained yet.", number=row.number, count=row.unexplained)


_DESK = {CLERK: UNIT, SUPERVISOR: UNIT}

RULES: Mapping[str, Rule] = {
    "days.reconcile": Rule(label("Reconcile the register"), _DESK),
    "days.explain": Rule(label("Explain a difference"), _DESK, frozenset({RECONCILED})),
    "days.close": Rule(label("Close the day"), _DESK, frozenset({RECONCILED}), DAY_CLOSED, (_explained,)),
    "days.transmit": Rule(label("Transmit the register page"), {CLERK: UNIT}, frozenset({DAY_CLOSED}), TRANSMITTED),
    "days.receive": Rule(
        label("Receive the register page"),
        {CUSTOMER_DEPARTMENT: ALL, SERVICE_MANAGER: ALL},
        frozenset({TRANSMITTED}),
        PAGE_RECEIVED,
    ),
}
