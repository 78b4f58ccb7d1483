"""The day's end: technician and supervisor reports, the register day with its frozen page (forms §3.6, §3.7; §5.8)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import SQLModel

from servicedesk.store.columns import STRICT, a_day, a_key, a_link, a_moment, a_number, a_text, one_of, where


class TechnicianReport(SQLModel, table=True):
    """A technician daily work report (003 Art. 12; forms §3.6): one for each technician and day.

    `hours` are the shift's windows as they were when it was submitted; minutes and jobs are those of its lines.
    """

    __tablename__ = "technician_reports"
    __table_args__ = (
        UniqueConstraint("number"),
        UniqueConstraint("technician_id", "day"),
        one_of("state", "draft", "submitted", "sent_back", "reviewed", "kept"),
        Index("ix_technician_reports_unit_id", "unit_id", "id"),
        Index("ix_technician_reports_unit_id_day", "unit_id", "day", "id"),
        Index("ix_technician_reports_state", "state", "id"),
        Index("ix_technician_reports_unit_id_state", "unit_id", "state", "id"),
        Index("ix_technician_reports_technician_id", "technician_id", "id"),
        Index("ix_technician_reports_urgent", "urgent", "id", **where("urgent <> ''")),
        Index("ix_technician_reports_unit_id_urgent", "unit_id", "urgent", "id", **where("urgent <> ''")),
        STRICT,
    )
    id: int | None = a_key()
    number: str = a_text()
    unit_id: int = a_link("units.id")
    technician_id: int = a_link("staff.id")
    day: date = a_day()
    state: str = a_text("draft")
    hours: str = a_text("")
    jobs_a: int = a_number(0)
    minutes_a: int = a_number(0)
    jobs_b: int = a_number(0)
    minutes_b: int = a_number(0)
    jobs_c: int = a_number(0)
    minutes_c: int = a_number(0)
    minutes_d: int = a_number(0)
    travel: int = a_number(0)
    fee: int = a_number(0)
    marks: int = a_number(0)
    remarks: str = a_text("")
    submitted_at: datetime | None = a_moment(None)
    submitted_by: int | None = a_link("staff.id", None)
    reviewed_at: datetime | None = a_moment(None)
    reviewed_by: int | None = a_link("staff.id", None)
    review_remark: str = a_text("")
    urgent: str = a_text("")
    changed_by: str = a_text("")
    changed_at: datetime | None = a_moment(None)
    version: int = a_number(1)


class ReportLine(SQLModel, table=True):
    """A line of a technician report: typed, or taken over from a visit or a card's time line when it was submitted."""

    __tablename__ = "report_lines"
    __table_args__ = (
        UniqueConstraint("report_id", "line"),
        one_of("source", "visit", "card", "typed"),
        one_of("service_type", "A", "B", "C", "D"),
        CheckConstraint("began_at <= ended_at", name="begins_before_ends"),
        STRICT,
    )
    id: int | None = a_key()
    report_id: int = a_link("technician_reports.id")
    line: int = a_number()
    source: str = a_text()
    paper: str = a_text("")
    call_id: int | None = a_link("calls.id", None)
    card_id: int | None = a_link("repair_cards.id", None)
    customer_name: str = a_text("")
    service_type: str = a_text()
    work: str = a_text("")
    began_at: datetime = a_moment()
    ended_at: datetime = a_moment()
    minutes: int = a_number()
    travel: int = a_number(0)
    parts: str = a_text("")
    fee: int = a_number(0)
    remarks: str = a_text("")


class SupervisorReport(SQLModel, table=True):
    """A supervisor daily report (003 Art. 13-14; forms §3.7); its day block is counted when it is compiled."""

    __tablename__ = "supervisor_reports"
    __table_args__ = (
        UniqueConstraint("number"),
        UniqueConstraint("unit_id", "day"),
        one_of("state", "compiled", "signed", "manager_signed", "forwarded", "report_received"),
        Index("ix_supervisor_reports_unit_id", "unit_id", "id"),
        Index("ix_supervisor_reports_state", "state", "id"),
        Index("ix_supervisor_reports_unit_id_state", "unit_id", "state", "id"),
        Index("ix_supervisor_reports_urgent", "urgent", "id", **where("urgent <> ''")),
        Index("ix_supervisor_reports_unit_id_urgent", "unit_id", "urgent", "id", **where("urgent <> ''")),
        STRICT,
    )
    id: int | None = a_key()
    number: str = a_text()
    unit_id: int = a_link("units.id")
    day: date = a_day()
    state: str = a_text("compiled")
    calls: int = a_number(0)
    dispatched: int = a_number(0)
    undispatched: int = a_number(0)
    late_urban: int = a_number(0)
    late_suburban: int = a_number(0)
    done_on_site: int = a_number(0)
    carried_back: int = a_number(0)
    in_shop: int = a_number(0)
    overdue: int = a_number(0)
    assistance: int = a_number(0)
    complaints: int = a_number(0)
    fees: int = a_number(0)
    invoices: int = a_number(0)
    remarks: str = a_text("")
    compiled_at: datetime = a_moment()
    compiled_by: int = a_link("staff.id")
    signed_at: datetime | None = a_moment(None)
    signed_by: int | None = a_link("staff.id", None)
    manager_signed_at: datetime | None = a_moment(None)
    manager_signed_by: int | None = a_link("staff.id", None)
    forwarded_at: datetime | None = a_moment(None)
    forwarded_by: int | None = a_link("staff.id", None)
    received_at: datetime | None = a_moment(None)
    received_by: int | None = a_link("staff.id", None)
    urgent: str = a_text("")
    changed_by: str = a_text("")
    changed_at: datetime | None = a_moment(None)
    version: int = a_number(1)


class SupervisorReportLine(SQLModel, table=True):
    """A technician's line of a supervisor report: jobs and minutes by service type, or why he was absent (D20)."""

    __tablename__ = "supervisor_report_lines"
    __table_args__ = (UniqueConstraint("report_id", "technician_id"), STRICT)
    id: int | None = a_key()
    report_id: int = a_link("supervisor_reports.id")
    technician_id: int = a_link("staff.id")
    technician_report_id: int | None = a_link("technician_reports.id", None)
    jobs_a: int = a_number(0)
    minutes_a: int = a_number(0)
    jobs_b: int = a_number(0)
    minutes_b: int = a_number(0)
    jobs_c: int = a_number(0)
    minutes_c: int = a_number(0)
    minutes_d: int = a_number(0)
    absent: str = a_text("")


class RegisterDay(SQLModel, table=True):
    """A register day of a unit, from one closing to the next (D36): reconciled, closed, transmitted, received."""

    __tablename__ = "register_days"
    __table_args__ = (
        UniqueConstraint("number"),
        UniqueConstraint("unit_id", "day"),
        one_of("state", "reconciled", "day_closed", "transmitted", "page_received"),
        Index("ix_register_days_unit_id", "unit_id", "id"),
        Index("ix_register_days_state", "state", "id"),
        Index("ix_register_days_unit_id_state", "unit_id", "state", "id"),
        Index("ix_register_days_urgent", "urgent", "id", **where("urgent <> ''")),
        Index("ix_register_days_unit_id_urgent", "unit_id", "urgent", "id", **where("urgent <> ''")),
        STRICT,
    )
    id: int | None = a_key()
    number: str = a_text()
    unit_id: int = a_link("units.id")
    day: date = a_day()
    state: str = a_text("reconciled")
    calls: int = a_number(0)
    carried_over: int = a_number(0)
    differences: int = a_number(0)
    audit_head: str = a_text("")
    reconciled_at: datetime = a_moment()
    reconciled_by: int | None = a_link("staff.id", None)
    closed_at: datetime | None = a_moment(None)
    closed_by: int | None = a_link("staff.id", None)
    transmitted_at: datetime | None = a_moment(None)
    transmitted_by: int | None = a_link("staff.id", None)
    received_at: datetime | None = a_moment(None)
    received_by: int | None = a_link("staff.id", None)
    urgent: str = a_text("")
    changed_by: str = a_text("")
    changed_at: datetime | None = a_moment(None)
    version: int = a_number(1)


class RegisterDifference(SQLModel, table=True):
    """A difference between the register and the papers, with its explanation (003 Art. 15)."""

    __tablename__ = "register_differences"
    __table_args__ = (UniqueConstraint("day_id", "paper", "kind"), STRICT)
    id: int | None = a_key()
    day_id: int = a_link("register_days.id")
    kind: str = a_text()
    paper: str = a_text()
    explanation: str = a_text("")


class RegisterPageLine(SQLModel, table=True):
    """A line of the register page as it stood at closing; no act and no SQL changes it again (D37)."""

    __tablename__ = "register_page_lines"
    __table_args__ = (UniqueConstraint("day_id", "line"), STRICT)
    id: int | None = a_key()
    day_id: int = a_link("register_days.id")
    line: int = a_number()
    call_id: int = a_link("calls.id", index=True)
    number: str = a_text()
    state: str = a_text()
    called_at: datetime = a_moment()
    channel: str = a_text()
    customer_name: str = a_text()
    caller: str = a_text("")
    telephone: str = a_text()
    address: str = a_text()
    zone: str = a_text()
    model_no: str = a_text()
    serial_no: str = a_text("")
    symptom: str = a_text()
    service_type: str = a_text()
    voucher: str = a_text("")
    appointment_at: datetime | None = a_moment(None)
    due_at: datetime | None = a_moment(None)
    dispatched_at: datetime | None = a_moment(None)
    technician_name: str = a_text("")
    arrived_at: datetime | None = a_moment(None)
    finished_at: datetime | None = a_moment(None)
    struck_off_at: datetime | None = a_moment(None)
    struck_off_by: str = a_text("")
    fee: int = a_number(0)
    remarks: str = a_text("")
