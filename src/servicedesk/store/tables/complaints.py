"""Complaints: the sheet, its handlings with their clocks, departments, events, evidence, letters, and the tables that
the Customer Department and the administrator keep (forms §3.11; states §5.5)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import SQLModel

from servicedesk.store.columns import STRICT, a_flag, a_key, a_link, a_moment, a_number, a_text, one_of, where


class Complaint(SQLModel, table=True):
    """A complaint handling sheet: what was said, by whom, how it is graded, where it stands.

    What is done about it stands in its handlings, one from each receipt to each closing; `round` is the present one.
    `technician_id` did the job complained of, `handler_id` is the site handler (003 Art. 24).
    """

    __tablename__ = "complaints"
    __table_args__ = (
        UniqueConstraint("number"),
        one_of(
            "state",
            "received",
            "acknowledged",
            "with_deputy",
            "case_assessed",
            "assigned",
            "investigating",
            "solution_offered",
            "carrying_out",
            "result_told",
            "followed_up",
            "case_closed",
            "withdrawn",
        ),
        one_of("gravity", "", "ordinary", "serious"),
        Index("ix_complaints_unit_id", "unit_id", "id"),
        Index("ix_complaints_state", "state", "id"),
        Index("ix_complaints_unit_id_state", "unit_id", "state", "id"),
        Index("ix_complaints_handler_id", "handler_id", "id"),
        Index("ix_complaints_unit_id_handler_id", "unit_id", "handler_id", "id"),
        Index(
            "ix_complaints_unit_id_handler_id_urgent", "unit_id", "handler_id", "urgent", "id", **where("urgent <> ''")
        ),
        Index("ix_complaints_handler_id_open", "handler_id", "id", **where("urgent <> ''")),
        Index("ix_complaints_handler_id_urgent", "handler_id", "urgent", "id", **where("urgent <> ''")),
        Index("ix_complaints_owner_id", "owner_id", "id"),
        Index("ix_complaints_owner_id_open", "owner_id", "id", **where("urgent <> ''")),
        Index("ix_complaints_owner_id_urgent", "owner_id", "urgent", "id", **where("urgent <> ''")),
        Index("ix_complaints_customer_id", "customer_id", "id"),
        Index("ix_complaints_call_id", "call_id", "id"),
        Index("ix_complaints_card_id", "card_id", "id"),
        Index("ix_complaints_received_at", "received_at", "id"),
        Index("ix_complaints_gravity", "gravity", "id"),
        Index("ix_complaints_unit_id_gravity", "unit_id", "gravity", "id"),
        Index("ix_complaints_nature", "nature", "id"),
        Index("ix_complaints_unit_id_nature", "unit_id", "nature", "id"),
        Index("ix_complaints_channel", "channel", "id"),
        Index("ix_complaints_unit_id_channel", "unit_id", "channel", "id"),
        Index("ix_complaints_incident", "incident", "id", **where("incident <> ''")),
        Index("ix_complaints_unit_id_incident", "unit_id", "incident", "id", **where("incident <> ''")),
        Index("ix_complaints_incidents", "id", **where("incident <> ''")),
        Index("ix_complaints_unit_id_incidents", "unit_id", "id", **where("incident <> ''")),
        Index("ix_complaints_malicious", "id", **where("malicious = 1")),
        Index("ix_complaints_unit_id_malicious", "unit_id", "id", **where("malicious = 1")),
        Index("ix_complaints_open", "id", **where("urgent <> ''")),
        Index("ix_complaints_unit_id_open", "unit_id", "id", **where("urgent <> ''")),
        Index("ix_complaints_urgent", "urgent", "id", **where("urgent <> ''")),
        Index("ix_complaints_unit_id_urgent", "unit_id", "urgent", "id", **where("urgent <> ''")),
        STRICT,
    )
    id: int | None = a_key()
    number: str = a_text()
    unit_id: int = a_link("units.id")
    state: str = a_text("received")
    received_at: datetime = a_moment()
    entered_at: datetime = a_moment()
    received_by: int = a_link("staff.id")
    channel: str = a_text()
    customer_id: int | None = a_link("customers.id", None)
    customer_name: str = a_text()
    contact: str = a_text("")
    telephone: str = a_text("")
    email: str = a_text("")
    address: str = a_text("")
    call_id: int | None = a_link("calls.id", None)
    card_id: int | None = a_link("repair_cards.id", None)
    voucher_id: int | None = a_link("vouchers.id", None)
    product_id: int | None = a_link("products.id", None)
    technician_id: int | None = a_link("staff.id", None)
    contract: str = a_text("")
    model_no: str = a_text("")
    product_name: str = a_text("")
    serial_no: str = a_text("")
    content: str = a_text()
    remedy: str = a_text("")
    nature: str = a_text("")
    urgency: str = a_text("")
    scope: str = a_text("")
    gravity: str = a_text("")
    priority: int = a_number(0)
    owner_id: int | None = a_link("staff.id", None)
    handler_id: int | None = a_link("staff.id", None)
    malicious: bool = a_flag(False)
    malicious_because: str = a_text("")
    legal_told: str = a_text("")
    incident: str = a_text("")
    round: int = a_number(1)
    repeat_of: str = a_text("")
    urges: int = a_number(0)
    taken_by: int | None = a_link("staff.id", None)
    taken_at: datetime | None = a_moment(None)
    next_at: datetime | None = a_moment(None)
    due_at: datetime | None = a_moment(None)
    escalated: str = a_text("")
    waits: str = a_text("")
    to_acknowledge: bool = a_flag(True)
    to_visit: bool = a_flag(False)
    urgent: str = a_text("")
    changed_by: str = a_text("")
    changed_at: datetime | None = a_moment(None)
    version: int = a_number(1)


class ComplaintHandling(SQLModel, table=True):
    """What is done about a complaint from one receipt to one closing; reopening begins the next (minor units)."""

    __tablename__ = "complaint_handlings"
    __table_args__ = (
        UniqueConstraint("complaint_id", "nth"),
        CheckConstraint("satisfaction BETWEEN 0 AND 4", name="satisfaction_known"),
        CheckConstraint("compensation >= 0", name="compensation_positive"),
        Index("ix_complaint_handlings_cause_class", "cause_class", "complaint_id"),
        STRICT,
    )
    id: int | None = a_key()
    complaint_id: int = a_link("complaints.id")
    nth: int = a_number()
    begun_at: datetime = a_moment()
    acknowledged_at: datetime | None = a_moment(None)
    acknowledged_by: int | None = a_link("staff.id", None)
    acknowledged_how: str = a_text("")
    submitted_at: datetime | None = a_moment(None)
    decision: str = a_text("")
    decision_words: str = a_text("")
    referred_to: str = a_text("")
    decided_at: datetime | None = a_moment(None)
    decided_by: int | None = a_link("staff.id", None)
    assigned_at: datetime | None = a_moment(None)
    visited_at: datetime | None = a_moment(None)
    visited_by: int | None = a_link("staff.id", None)
    visit_declined: bool = a_flag(False)
    finding: str = a_text("")
    agreed: str = a_text("")
    investigation: str = a_text("")
    cause_class: str = a_text("")
    cause: str = a_text("")
    proposed: int = a_number(0)
    proposed_because: str = a_text("")
    approved: int = a_number(0)
    approved_words: str = a_text("")
    approved_at: datetime | None = a_moment(None)
    approved_by: int | None = a_link("staff.id", None)
    measure: str = a_text("")
    solution: str = a_text("")
    compensation: int = a_number(0)
    solution_at: datetime | None = a_moment(None)
    solution_by: int | None = a_link("staff.id", None)
    agreed_whom: str = a_text("")
    agreed_at: datetime | None = a_moment(None)
    carried_out: str = a_text("")
    told_at: datetime | None = a_moment(None)
    told_by: int | None = a_link("staff.id", None)
    told_how: str = a_text("")
    told_whom: str = a_text("")
    told_words: str = a_text("")
    letter: str = a_text("")
    followed_up_at: datetime | None = a_moment(None)
    followed_up_by: int | None = a_link("staff.id", None)
    reaction: str = a_text("")
    satisfaction: int = a_number(0)
    follow_up_plan: str = a_text("")
    unreconciled: str = a_text("")
    unreconciled_by: int | None = a_link("staff.id", None)
    difficulty: str = a_text("")
    summary: str = a_text("")
    improvement: str = a_text("")
    closed_at: datetime | None = a_moment(None)
    closed_by: int | None = a_link("staff.id", None)
    withdrawn_words: str = a_text("")
    withdrawn_at: datetime | None = a_moment(None)


class ComplaintClock(SQLModel, table=True):
    """One of the three clocks of a handling (K8-K10): wall clock, never pausing; a stopped one stays as it is."""

    __tablename__ = "complaint_clocks"
    __table_args__ = (
        UniqueConstraint("complaint_id", "nth", "clock"),
        one_of("clock", "acknowledge", "solve", "follow_up"),
        CheckConstraint("starts_at <= due_at", name="due_after_start"),
        CheckConstraint("stopped_at IS NULL OR stopped_at >= starts_at", name="never_backwards"),
        CheckConstraint("(stopped_at IS NULL) = (stopped_by = '')", name="stopped_by_an_act"),
        STRICT,
    )
    id: int | None = a_key()
    complaint_id: int = a_link("complaints.id")
    nth: int = a_number()
    clock: str = a_text()
    starts_at: datetime = a_moment()
    due_at: datetime = a_moment()
    stopped_at: datetime | None = a_moment(None)
    stopped_by: str = a_text("")


class ComplaintEscalation(SQLModel, table=True):
    """One escalation step of one clock: waits for its time, happens once, or lapses with the clock's stop."""

    __tablename__ = "complaint_escalations"
    __table_args__ = (
        UniqueConstraint("clock_id", "percent", "role"),
        one_of("state", "waiting", "happened", "lapsed"),
        CheckConstraint("(state = 'happened') = (happened_at IS NOT NULL)", name="happened_when"),
        Index("ix_complaint_escalations_waiting", "due_at", **where("state = 'waiting'")),
        STRICT,
    )
    id: int | None = a_key()
    complaint_id: int = a_link("complaints.id", index=True)
    clock_id: int = a_link("complaint_clocks.id")
    percent: int = a_number()
    role: str = a_text()
    due_at: datetime = a_moment()
    state: str = a_text("waiting")
    happened_at: datetime | None = a_moment(None)


class ComplaintDepartment(SQLModel, table=True):
    """A responsible department of a complaint with its part and its answer (R99)."""

    __tablename__ = "complaint_departments"
    __table_args__ = (
        UniqueConstraint("complaint_id", "line"),
        Index("ix_complaint_departments_department", "department", "complaint_id"),
        STRICT,
    )
    id: int | None = a_key()
    complaint_id: int = a_link("complaints.id")
    line: int = a_number()
    department: str = a_text()
    part: str = a_text("")
    asked_at: datetime = a_moment()
    asked_by: int = a_link("staff.id")
    answer: str = a_text("")
    answered_at: datetime | None = a_moment(None)
    answered_by: int | None = a_link("staff.id", None)


class ComplaintEvent(SQLModel, table=True):
    """What happened on a sheet: a contact, an urge, further words, an escalation. Without a person the clock did it."""

    __tablename__ = "complaint_events"
    __table_args__ = (Index("ix_complaint_events_complaint_id", "complaint_id", "at", "id"), STRICT)
    id: int | None = a_key()
    complaint_id: int = a_link("complaints.id")
    nth: int = a_number(1)
    kind: str = a_text()
    at: datetime = a_moment()
    by_id: int | None = a_link("staff.id", None)
    how: str = a_text("")
    whom: str = a_text("")
    words: str = a_text("")
    escalation_id: int | None = a_link("complaint_escalations.id", None)


class ComplaintEvidence(SQLModel, table=True):
    """One piece of evidence: what it is and where it is kept (R168)."""

    __tablename__ = "complaint_evidence"
    __table_args__ = (UniqueConstraint("complaint_id", "line"), STRICT)
    id: int | None = a_key()
    complaint_id: int = a_link("complaints.id")
    line: int = a_number()
    what: str = a_text()
    kept: str = a_text("")
    at: datetime = a_moment()
    by_id: int = a_link("staff.id")


class Letter(SQLModel, table=True):
    """A numbered letter to a customer, in the customer's language (003 Art. 22).

    It keeps what it said (money in minor units): the sheet may be corrected, taken up again or reopened afterwards.
    """

    __tablename__ = "letters"
    __table_args__ = (UniqueConstraint("number"), STRICT)
    id: int | None = a_key()
    number: str = a_text()
    unit_id: int = a_link("units.id")
    complaint_id: int = a_link("complaints.id", index=True)
    nth: int = a_number()
    language: str = a_text()
    addressee: str = a_text()
    received_at: datetime = a_moment()
    content: str = a_text()
    cause: str = a_text()
    measure: str = a_text()
    solution: str = a_text()
    compensation: int = a_number(0)
    words: str = a_text()
    ask_for: str = a_text()
    written_at: datetime = a_moment()
    written_by: int = a_link("staff.id")


class ComplaintLimits(SQLModel, table=True):
    """A unit's own limits for complaints; without a row the regulation's hold (D6). Minutes; money in minor units."""

    __tablename__ = "complaint_limits"
    __table_args__ = (
        UniqueConstraint("unit_id"),
        one_of("follow_up_from", "receipt", "solution"),
        CheckConstraint("acknowledge > 0 AND solve > 0 AND follow_up > 0", name="limits_positive"),
        STRICT,
    )
    id: int | None = a_key()
    unit_id: int = a_link("units.id")
    acknowledge: int = a_number()
    solve: int = a_number()
    follow_up: int = a_number()
    follow_up_from: str = a_text("receipt")
    compensation: int = a_number()
    reopen_days: int = a_number()


class ComplaintPriority(SQLModel, table=True):
    """Which priority and which owner follow from urgency and scope (R148); without an owner whoever assesses."""

    __tablename__ = "complaint_priorities"
    __table_args__ = (
        UniqueConstraint("urgency", "scope"),
        CheckConstraint("priority BETWEEN 1 AND 4", name="priority_known"),
        STRICT,
    )
    id: int | None = a_key()
    urgency: str = a_text()
    scope: str = a_text()
    priority: int = a_number()
    owner_id: int | None = a_link("staff.id", None)


class EscalationStep(SQLModel, table=True):
    """A step that every clock begun from now on has: at which share of its limit it goes to which role."""

    __tablename__ = "escalation_steps"
    __table_args__ = (
        UniqueConstraint("clock", "percent"),
        one_of("clock", "acknowledge", "solve", "follow_up"),
        CheckConstraint("percent BETWEEN 1 AND 1000", name="percent_known"),
        STRICT,
    )
    id: int | None = a_key()
    clock: str = a_text()
    percent: int = a_number()
    role: str = a_text()
