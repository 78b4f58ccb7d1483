"""The call-in repair register: calls, visits, voucher entries, urges, corrections, who is to be told."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import SQLModel

from servicedesk.store.columns import STRICT, a_flag, a_key, a_link, a_moment, a_number, a_text, one_of, where


class Call(SQLModel, table=True):
    """One line of the call-in repair register (forms §3.1)."""

    __tablename__ = "calls"
    __table_args__ = (
        UniqueConstraint("number"),
        one_of(
            "state",
            "logged",
            "dispatched",
            "arrived",
            "done_on_site",
            "carried_back",
            "revisit",
            "returned",
            "struck_off",
            "cancelled",
        ),
        one_of("service_type", "A", "B", "C"),
        one_of("zone", "urban", "suburban"),
        CheckConstraint("fee >= 0", name="fee_positive"),
        Index("ix_calls_unit_id", "unit_id", "id"),
        Index("ix_calls_state", "state", "id"),
        Index("ix_calls_unit_id_state", "unit_id", "state", "id"),
        Index("ix_calls_technician_id", "technician_id", "id"),
        Index("ix_calls_logged_by", "logged_by", "id"),
        Index("ix_calls_customer_id", "customer_id", "id"),
        Index("ix_calls_product_id", "product_id", "id"),
        Index("ix_calls_called_at", "called_at", "unit_id"),
        Index("ix_calls_urgent", "urgent", "id", **where("urgent <> ''")),
        Index(
            "ix_calls_unit_id_urgent",
            "unit_id",
            "urgent",
            "id",
            **where("urgent <> ''"),
        ),
        Index(
            "uq_calls_open_product",
            "product_id",
            unique=True,
            **where("state NOT IN ('struck_off', 'cancelled') AND further = 0"),
        ),
        STRICT,
    )
    id: int | None = a_key()
    number: str = a_text()
    unit_id: int = a_link("units.id")
    state: str = a_text()
    called_at: datetime = a_moment()
    logged_at: datetime = a_moment()
    channel: str = a_text()
    customer_id: int = a_link("customers.id")
    customer_name: str = a_text()
    caller: str = a_text("")
    telephone: str = a_text()
    address: str = a_text()
    district: str = a_text("")
    zone: str = a_text()
    zone_because: str = a_text("")
    product_id: int = a_link("products.id")
    model_no: str = a_text()
    product_name: str = a_text("")
    serial_no: str = a_text("")
    symptom: str = a_text()
    service_type: str = a_text()
    type_because: str = a_text("")
    voucher_id: int = a_link("vouchers.id")
    appointment_at: datetime | None = a_moment(None)
    due_at: datetime | None = a_moment(None)
    judged_by: datetime | None = a_moment(None)
    dispatched_at: datetime | None = a_moment(None)
    technician_id: int | None = a_link("staff.id", None)
    arrived_at: datetime | None = a_moment(None)
    finished_at: datetime | None = a_moment(None)
    struck_off_at: datetime | None = a_moment(None)
    struck_off_by: int | None = a_link("staff.id", None)
    cancel_reason: str = a_text("")
    cancel_note: str = a_text("")
    remarks: str = a_text("")
    urges: int = a_number(0)
    visits: int = a_number(0)
    signed: str = a_text("")
    fee: int = a_number(0)
    charge: str = a_text("")
    loan: str = a_text("")
    invoice_no: str = a_text("")
    state_before: str = a_text("")
    further: bool = a_flag(False)
    repeat_of: str = a_text("")
    passed_to: str = a_text("")
    logged_by: int = a_link("staff.id")
    urgent: str = a_text("")
    changed_by: str = a_text("")
    changed_at: datetime | None = a_moment(None)
    version: int = a_number(1)


class Visit(SQLModel, table=True):
    """One visit of a call; at most one is active (D25)."""

    __tablename__ = "visits"
    __table_args__ = (
        UniqueConstraint("call_id", "nth"),
        one_of("state", "active", "done", "reassigned", "recalled", "cancelled"),
        Index(
            "uq_visits_active",
            "call_id",
            unique=True,
            **where("state = 'active'"),
        ),
        Index("ix_visits_technician_id", "technician_id", "state", "dispatched_at"),
        Index("ix_visits_dispatched_at", "dispatched_at"),
        Index("ix_visits_arrived_at", "arrived_at"),
        Index("ix_visits_left_at", "left_at"),
        STRICT,
    )
    id: int | None = a_key()
    call_id: int = a_link("calls.id")
    nth: int = a_number()
    technician_id: int = a_link("staff.id")
    state: str = a_text("active")
    dispatched_at: datetime = a_moment()
    arrived_at: datetime | None = a_moment(None)
    left_at: datetime | None = a_moment(None)
    outcome: str = a_text("")
    reason: str = a_text("")


class VoucherEntry(SQLModel, table=True):
    """What one job adds to the voucher (forms §3.2), with its signature (D30)."""

    __tablename__ = "voucher_entries"
    __table_args__ = (UniqueConstraint("visit_id"), STRICT)
    id: int | None = a_key()
    voucher_id: int = a_link("vouchers.id", index=True)
    call_id: int = a_link("calls.id", index=True)
    visit_id: int = a_link("visits.id")
    technician_id: int = a_link("staff.id")
    arrived_at: datetime = a_moment()
    left_at: datetime = a_moment()
    cause: str = a_text("")
    work: str = a_text("")
    outcome: str = a_text()
    signature: str = a_text("")
    signer: str = a_text("")
    signer_capacity: str = a_text("")
    signed_at: datetime | None = a_moment(None)
    medium: str = a_text("")
    attested_by: int | None = a_link("staff.id", None)


class PartUsed(SQLModel, table=True):
    """A part replaced on site, as written on the voucher."""

    __tablename__ = "parts_used"
    __table_args__ = (UniqueConstraint("entry_id", "line"), STRICT)
    id: int | None = a_key()
    entry_id: int = a_link("voucher_entries.id")
    line: int = a_number()
    name: str = a_text()
    quantity: int = a_number(1)
    part_id: int | None = a_link("parts.id", None)


class Urge(SQLModel, table=True):
    """A repeated call attached to the open one."""

    __tablename__ = "urges"
    __table_args__ = (STRICT,)
    id: int | None = a_key()
    call_id: int = a_link("calls.id", index=True)
    at: datetime = a_moment()
    by_id: int = a_link("staff.id")
    words: str = a_text("")


class Correction(SQLModel, table=True):
    """A corrected column of a register line, with the old value (D32)."""

    __tablename__ = "corrections"
    __table_args__ = (STRICT,)
    id: int | None = a_key()
    call_id: int = a_link("calls.id", index=True)
    at: datetime = a_moment()
    by_id: int = a_link("staff.id")
    column: str = a_text()
    before: str = a_text()
    after: str = a_text()
    reason: str = a_text("")


class Telling(SQLModel, table=True):
    """A customer who is to be told that a visit is late, moved or reassigned, until somebody did."""

    __tablename__ = "tellings"
    __table_args__ = (
        Index(
            "ix_tellings_open",
            "call_id",
            **where("told_at IS NULL"),
        ),
        STRICT,
    )
    id: int | None = a_key()
    call_id: int = a_link("calls.id", index=True)
    reason: str = a_text()
    since: datetime = a_moment()
    told_at: datetime | None = a_moment(None)
    told_by: int | None = a_link("staff.id", None)
    told_whom: str = a_text("")
    told_how: str = a_text("")
