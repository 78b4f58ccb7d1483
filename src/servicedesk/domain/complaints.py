"""The complaint handling sheet: its words, states, who sees it, its row (003 Art. 22-24; forms §3.11; states §5.5)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from servicedesk.domain.rights import (
    ACCOUNTANT,
    AGENT,
    ALL,
    ANALYST,
    BRANCH_MANAGER,
    CLERK,
    CUSTOMER_DEPARTMENT,
    DEPUTY_GM,
    OWN,
    SERVICE_MANAGER,
    SUPERVISOR,
    TECHNICIAN,
    UNIT,
)
from servicedesk.domain.words import label

RECEIVED = "received"
ACKNOWLEDGED = "acknowledged"
WITH_DEPUTY = "with_deputy"
ASSESSED = "case_assessed"
ASSIGNED = "assigned"
INVESTIGATING = "investigating"
SOLUTION_OFFERED = "solution_offered"
CARRYING_OUT = "carrying_out"
RESULT_TOLD = "result_told"
FOLLOWED_UP = "followed_up"
CLOSED = "case_closed"
WITHDRAWN = "withdrawn"

STATES: Mapping[str, str] = {
    RECEIVED: label("received"),
    ACKNOWLEDGED: label("acknowledged"),
    WITH_DEPUTY: label("with the deputy GM"),
    ASSESSED: label("assessed"),
    ASSIGNED: label("assigned"),
    INVESTIGATING: label("being investigated"),
    SOLUTION_OFFERED: label("solution offered"),
    CARRYING_OUT: label("being carried out"),
    RESULT_TOLD: label("result told"),
    FOLLOWED_UP: label("followed up"),
    CLOSED: label("case closed"),
    WITHDRAWN: label("complaint withdrawn"),
}
OPEN = frozenset(STATES) - {CLOSED, WITHDRAWN}
BEFORE_SOLUTION = frozenset({RECEIVED, ACKNOWLEDGED, WITH_DEPUTY, ASSESSED, ASSIGNED, INVESTIGATING})
IN_HAND = frozenset({ASSIGNED, INVESTIGATING, SOLUTION_OFFERED, CARRYING_OUT, RESULT_TOLD, FOLLOWED_UP})
"""What has a site handler and is open."""

CHANNELS: Mapping[str, str] = {
    "telephone": label("telephone"),
    "email": label("e-mail"),
    "chat": label("online chat"),
    "social": label("social media"),
    "letter": label("letter"),
    "counter": label("counter"),
}
"""R65, R97, R145."""
NATURES: Mapping[str, str] = {
    "product": label("product quality"),
    "service": label("after-sales service"),
    "logistics": label("logistics"),
    "other": label("other"),
}
"""R98, D10."""
URGENCIES: Mapping[str, str] = {"high": label("urgent"), "normal": label("normal"), "low": label("can wait")}
SCOPES: Mapping[str, str] = {
    "one": label("this customer"),
    "several": label("several customers"),
    "public": label("the public"),
}
ORDINARY = "ordinary"
SERIOUS = "serious"
GRAVITIES: Mapping[str, str] = {ORDINARY: label("ordinary"), SERIOUS: label("serious")}
PRIORITIES: Mapping[str, str] = {
    "1": label("1 at once"),
    "2": label("2 today"),
    "3": label("3 in turn"),
    "4": label("4 when there is time"),
}
CAUSES: Mapping[str, str] = {
    "product": label("product fault"),
    "workmanship": label("repair not done well"),
    "late": label("came late or not at all"),
    "manner": label("manner of the staff"),
    "charge": label("charge"),
    "parts": label("parts not to be had"),
    "delivery": label("delivery"),
    "information": label("wrong or missing information"),
    "use": label("use or installation"),
    "unfounded": label("unfounded"),
    "other": label("other"),
}
"""The cause class that the analysis counts by (R69, R100)."""
COMPENSATION = "compensation"
MEASURES: Mapping[str, str] = {
    "repair": label("repair"),
    "exchange": label("return or exchange"),
    COMPENSATION: label("compensation"),
    "apology": label("apology"),
    "improvement": label("service improvement"),
}
"""R101, R149."""
LETTER = "letter"
WAYS: Mapping[str, str] = {
    "telephone": label("telephone"),
    LETTER: label("letter"),
    "email": label("e-mail"),
    "message": label("message"),
    "in_person": label("in person"),
}
"""How the customer is told: in writing or by telephone (003 Art. 22, D12)."""
HEARD: Mapping[str, str] = {**CHANNELS, **WAYS}
"""How a contact was made, whoever made it."""
DECISIONS: Mapping[str, str] = {"decided": label("decided"), "referred": label("passed on after review")}
SATISFACTION: Mapping[str, str] = {
    "4": label("4 very satisfied"),
    "3": label("3 satisfied"),
    "2": label("2 not satisfied"),
    "1": label("1 very dissatisfied"),
}
DISSATISFIED = (1, 2)
DIFFICULTIES: Mapping[str, str] = {"easy": label("easy"), "usual": label("usual"), "hard": label("hard")}
REACHED = "reached"
NOT_REACHED = "not_reached"
CALL_BACK = "call_back"
OUTCOMES: Mapping[str, str] = {
    REACHED: label("reached"),
    NOT_REACHED: label("not reached"),
    CALL_BACK: label("call back"),
}
"""What became of trying to reach the customer."""
EVENTS: Mapping[str, str] = {
    "contact": label("contact with the customer"),
    "not_reached": label("customer not reached"),
    "call_back": label("to be called back"),
    "acknowledged": label("acknowledged"),
    "urge": label("urged"),
    "added": label("the customer adds"),
    "help": label("help asked"),
    "graded": label("graded anew"),
    "handler": label("site handler changed"),
    "correction": label("corrected"),
    "incident": label("incident"),
    "escalated": label("escalated"),
    "malicious": label("marked malicious"),
    "resumed": label("taken up again"),
    "reopened": label("reopened"),
}

SEES_COMPLAINTS: Mapping[str, str] = {
    CLERK: UNIT,
    SUPERVISOR: UNIT,
    TECHNICIAN: OWN,
    BRANCH_MANAGER: OWN,
    ACCOUNTANT: OWN,
    AGENT: ALL,
    CUSTOMER_DEPARTMENT: ALL,
    SERVICE_MANAGER: ALL,
    DEPUTY_GM: ALL,
    ANALYST: ALL,
}
"""Who reads complaints; their own are those for which they are the site handler (§1.7; 003 Art. 24)."""
MAY_ANALYSE = frozenset(role for role, scope in SEES_COMPLAINTS.items() if scope in (ALL, UNIT))
"""The roles that see the complaints of a whole unit or of all (§1.7)."""


class ComplaintRow(NamedTuple):
    """One complaint with its present handling and every fact that a guard reads. Times aware UTC, money minor units.

    `technician` is the site handler's login (whose own it is), `about` the technician who did the job complained of;
    `*_due` and `*_stopped` are the three clocks, without a due time where the clock has not begun (D6). `departments`
    and `evidence` count lines, `unanswered` the departments without an answer, `escalated` names roles between spaces;
    `visited_at` stands as well where the customer declined the visit (R55). `standing` works out the columns of lists.
    """

    id: int
    number: str
    version: int
    unit: str
    state: str
    received_at: datetime
    entered_at: datetime
    received_by_name: str
    channel: str
    customer: str
    customer_name: str
    language: str
    contact: str
    telephone: str
    email: str
    address: str
    call: str
    card: str
    voucher: str
    contract: str
    model_no: str
    product_name: str
    serial_no: str
    content: str
    remedy: str
    nature: str
    urgency: str
    scope: str
    gravity: str
    priority: int
    owner: str
    owner_name: str
    technician: str
    handler_name: str
    about: str
    about_name: str
    malicious: bool
    malicious_because: str
    legal_told: str
    incident: str
    round: int
    repeat_of: str
    urges: int
    taken_by: str
    taken_by_name: str
    taken_at: datetime | None
    next_at: datetime | None
    due_at: datetime | None
    escalated: str
    waits: str
    to_acknowledge: bool
    to_visit: bool
    urgent: str
    changed_by: str
    changed_at: datetime | None
    acknowledge_due: datetime | None
    acknowledge_stopped: datetime | None
    solve_due: datetime | None
    solve_stopped: datetime | None
    follow_up_due: datetime | None
    follow_up_stopped: datetime | None
    begun_at: datetime
    acknowledged_at: datetime | None
    acknowledged_how: str
    submitted_at: datetime | None
    decision: str
    decision_words: str
    referred_to: str
    decided_at: datetime | None
    assigned_at: datetime | None
    visited_at: datetime | None
    visit_declined: bool
    finding: str
    agreed: str
    investigation: str
    cause_class: str
    cause: str
    proposed: int
    proposed_because: str
    approved: int
    approved_at: datetime | None
    measure: str
    solution: str
    compensation: int
    solution_at: datetime | None
    agreed_whom: str
    agreed_at: datetime | None
    carried_out: str
    told_at: datetime | None
    told_how: str
    told_whom: str
    told_words: str
    letter: str
    followed_up_at: datetime | None
    reaction: str
    satisfaction: int
    follow_up_plan: str
    unreconciled: str
    difficulty: str
    summary: str
    improvement: str
    closed_at: datetime | None
    withdrawn_words: str
    withdrawn_at: datetime | None
    departments: int
    unanswered: int
    evidence: int
    unit_id: int
    customer_id: int | None
    product_id: int | None
    handling_id: int

    def late(self, now: datetime) -> bool:
        """A clock that still runs is past its due time."""
        return self.due_at is not None and now > self.due_at


def standing(row: ComplaintRow) -> dict[str, Any]:
    """What follows from the rest of the row and is kept beside it: the columns of the lists and of the queue."""
    is_open = row.state in OPEN
    return {
        "due_at": _next_due(row) if is_open else None,
        "waits": _waits_for(row) if is_open else "",
        "to_acknowledge": is_open and row.acknowledged_at is None,
        "to_visit": row.state in IN_HAND and row.visited_at is None,
        "urgent": _urgency(row),
    }


def _waits_for(row: ComplaintRow) -> str:
    """Whom it waits for other than the Customer Department: deputy, department, site; empty for nobody."""
    if row.state == WITH_DEPUTY or (row.state == INVESTIGATING and row.proposed and row.approved_at is None):
        return "deputy"
    if row.state == CARRYING_OUT:
        return "department"
    if row.state == FOLLOWED_UP and row.visited_at is None:
        return "site"
    return ""


def _next_due(row: ComplaintRow) -> datetime | None:
    """The earliest due time of a clock that runs; None where none does."""
    clocks = (
        (row.acknowledge_due, row.acknowledge_stopped),
        (row.solve_due, row.solve_stopped),
        (row.follow_up_due, row.follow_up_stopped),
    )
    return min((due for due, stopped in clocks if due is not None and stopped is None), default=None)


def _urgency(row: ComplaintRow) -> str:
    """The key of the queue: serious ones first (R52), then the next promise; below what waits for somebody else.

    A next attempt agreed with the customer is the next promise. Empty once the case is closed or withdrawn.
    """
    if row.state not in OPEN:
        return ""
    waiting = row.acknowledged_at is not None and _waits_for(row) != ""
    group = (2 if waiting else 0) + (1 if row.gravity == SERIOUS else 2)
    promise = row.next_at or _next_due(row)
    return f"{group}{promise.astimezone(UTC):%Y%m%d%H%M}" if promise is not None else f"{group}999999999999"
