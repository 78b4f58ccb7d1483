"""Daily reports: their states, guards and rows (003 Art. 12-14; forms §3.6, §3.7; states §5.8; D20, D21)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from servicedesk.domain.people import BRANCH
from servicedesk.domain.rights import (
    ALL,
    BRANCH_MANAGER,
    CUSTOMER_DEPARTMENT,
    OWN,
    SERVICE_MANAGER,
    SUPERVISOR,
    TECHNICIAN,
    UNIT,
    Actor,
    Rule,
)
from servicedesk.domain.words import Sentence, label, say

DRAFT = "draft"
SUBMITTED = "submitted"
SENT_BACK = "sent_back"
REVIEWED = "reviewed"
KEPT = "kept"

COMPILED = "compiled"
SIGNED = "signed"
MANAGER_SIGNED = "manager_signed"
FORWARDED = "forwarded"
REPORT_RECEIVED = "report_received"

STATES: Mapping[str, str] = {
    DRAFT: label("draft"),
    SUBMITTED: label("submitted"),
    SENT_BACK: label("returned with a remark"),
    REVIEWED: label("reviewed"),
    KEPT: label("kept on file"),
    COMPILED: label("compiled"),
    SIGNED: label("signed by the supervisor"),
    MANAGER_SIGNED: label("signed by the manager"),
    FORWARDED: label("forwarded"),
    REPORT_RECEIVED: label("received by the Customer Department"),
}
WRITABLE = frozenset({DRAFT, SENT_BACK})

SEES_REPORTS: Mapping[str, str] = {
    TECHNICIAN: OWN,
    SUPERVISOR: UNIT,
    BRANCH_MANAGER: UNIT,
    CUSTOMER_DEPARTMENT: ALL,
    SERVICE_MANAGER: ALL,
}
SEES_SUPERVISOR_REPORTS: Mapping[str, str] = {
    SUPERVISOR: UNIT,
    BRANCH_MANAGER: UNIT,
    CUSTOMER_DEPARTMENT: ALL,
    SERVICE_MANAGER: ALL,
}
"""Who reads the daily reports (§1.7)."""


class ReportRow(NamedTuple):
    """A technician daily work report; minutes whole, the fee in minor units, `hours` the shift it was submitted by."""

    id: int
    number: str
    version: int
    unit: str
    state: str
    day: date
    technician: str
    technician_name: str
    hours: str
    jobs_a: int
    minutes_a: int
    jobs_b: int
    minutes_b: int
    jobs_c: int
    minutes_c: int
    minutes_d: int
    travel: int
    fee: int
    marks: int
    remarks: str
    submitted_at: datetime | None
    reviewed_at: datetime | None
    reviewed_by_name: str
    review_remark: str
    urgent: str
    changed_by: str
    changed_at: datetime | None
    unit_id: int
    technician_id: int

    @property
    def jobs(self) -> int:
        """Every job with a customer."""
        return self.jobs_a + self.jobs_b + self.jobs_c

    @property
    def minutes(self) -> int:
        """The minutes of every service type."""
        return self.minutes_a + self.minutes_b + self.minutes_c + self.minutes_d


def not_begun(unit: str, unit_id: int, technician: str, name: str, technician_id: int, day: date) -> ReportRow:
    """The report of a day of which nothing is kept yet: it has no number, and acts that need one are not possible."""
    return ReportRow(
        id=0,
        number="",
        version=0,
        unit=unit,
        state=DRAFT,
        day=day,
        technician=technician,
        technician_name=name,
        hours="",
        jobs_a=0,
        minutes_a=0,
        jobs_b=0,
        minutes_b=0,
        jobs_c=0,
        minutes_c=0,
        minutes_d=0,
        travel=0,
        fee=0,
        marks=0,
        remarks="",
        submitted_at=None,
        reviewed_at=None,
        reviewed_by_name="",
        review_remark="",
        urgent="",
        changed_by="",
        changed_at=None,
        unit_id=unit_id,
        technician_id=technician_id,
    )


class ReportLineRow(NamedTuple):
    """A line of a technician report; `paper` is the call's or the card's number, `line` 0 where it is not kept yet."""

    line: int
    source: str
    paper: str
    customer_name: str
    service_type: str
    work: str
    began_at: datetime
    ended_at: datetime
    minutes: int
    travel: int
    parts: str
    fee: int
    remarks: str
    call_id: int | None = None
    card_id: int | None = None


class SupervisorReportRow(NamedTuple):
    """A supervisor daily report with its day block; `unit_kind` says whether a branch manager signs it (D21)."""

    id: int
    number: str
    version: int
    unit: str
    unit_kind: str
    state: str
    day: date
    calls: int
    dispatched: int
    undispatched: int
    late_urban: int
    late_suburban: int
    done_on_site: int
    carried_back: int
    in_shop: int
    overdue: int
    assistance: int
    complaints: int
    fees: int
    invoices: int
    remarks: str
    compiled_at: datetime
    compiled_by_name: str
    signed_at: datetime | None
    signed_by_name: str
    manager_signed_at: datetime | None
    manager_signed_by_name: str
    forwarded_at: datetime | None
    forwarded_by_name: str
    received_at: datetime | None
    received_by_name: str
    urgent: str
    changed_by: str
    changed_at: datetime | None
    unit_id: int

    technician: str = ""


class TechnicianFigures(NamedTuple):
    """A technician's line of a supervisor report; `report` is his report's number, `absent` the reason without one."""

    technician: str
    technician_name: str
    report: str
    jobs_a: int
    minutes_a: int
    jobs_b: int
    minutes_b: int
    jobs_c: int
    minutes_c: int
    minutes_d: int
    absent: str


class DayBlock(NamedTuple):
    """The day block of a supervisor report (forms §3.7); fees in minor units."""

    calls: int
    dispatched: int
    undispatched: int
    late_urban: int
    late_suburban: int
    done_on_site: int
    carried_back: int
    in_shop: int
    overdue: int
    assistance: int
    complaints: int
    fees: int
    invoices: int


def after_its_report(line: ReportLineRow, day: date, zone: str) -> Sentence | None:
    """How a line of an earlier day is marked on the report of `day`: it came when that day's was reviewed already.

    It counts in jobs, minutes and fees of this report, not in the day's shift, gaps and overlaps. None for the day's.
    """
    its_day = line.began_at.astimezone(ZoneInfo(zone)).date()
    return say("of {day}, after its report", day=f"{its_day:%m-%d}") if its_day < day else None


def urgency(state: str, day: date) -> str:
    """The key of the lists of what waits for somebody: the oldest day first; empty for what waits for nobody."""
    return "" if state in (DRAFT, KEPT, REPORT_RECEIVED) else f"1{day:%Y%m%d}0000"


def _of_a_branch(actor: Actor, row: SupervisorReportRow) -> Sentence | None:
    if row.unit_kind == BRANCH:
        return None
    return say("{number} is of a service centre, which has no branch manager: forward it.", number=row.number)


def _manager_has_signed(actor: Actor, row: SupervisorReportRow) -> Sentence | None:
    """A branch's report is read and signed by its manager before it is forwarded (003 Art. 14)."""
    if row.unit_kind != BRANCH or row.state == MANAGER_SIGNED:
        return None
    return say("The branch manager has to sign {number} before it is forwarded.", number=row.number)


_OWN = {TECHNICIAN: OWN}
_SUPERVISOR = {SUPERVISOR: UNIT}

RULES: Mapping[str, Rule] = {
    "reports.write": Rule(label("Write a report line"), _OWN, WRITABLE),
    "reports.drop": Rule(label("Take a report line out"), _OWN, WRITABLE),
    "reports.submit": Rule(label("Submit the daily report"), _OWN, WRITABLE | {SUBMITTED}),
    "reports.hand_in": Rule(label("Hand the daily report in"), _OWN),
    "reports.review": Rule(label("Review a report"), _SUPERVISOR, frozenset({SUBMITTED}), REVIEWED),
    "reports.send_back": Rule(label("Return a report"), _SUPERVISOR, frozenset({SUBMITTED, REVIEWED}), SENT_BACK),
    "supervisor_reports.compile": Rule(label("Compile the supervisor report"), _SUPERVISOR),
    "supervisor_reports.sign": Rule(label("Sign the supervisor report"), _SUPERVISOR, frozenset({COMPILED}), SIGNED),
    "supervisor_reports.manager_sign": Rule(
        label("Sign as the manager"), {BRANCH_MANAGER: UNIT}, frozenset({SIGNED}), MANAGER_SIGNED, (_of_a_branch,)
    ),
    "supervisor_reports.forward": Rule(
        label("Forward the report"),
        _SUPERVISOR,
        frozenset({SIGNED, MANAGER_SIGNED}),
        FORWARDED,
        (_manager_has_signed,),
    ),
    "supervisor_reports.receive": Rule(
        label("Receive the report"),
        {CUSTOMER_DEPARTMENT: ALL, SERVICE_MANAGER: ALL},
        frozenset({FORWARDED}),
        REPORT_RECEIVED,
    ),
}
