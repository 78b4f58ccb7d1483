"""Money: the dated tariff, the charge of a job with its lines, invoices and credit notes."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import SQLModel

from servicedesk.store.columns import STRICT, a_day, a_flag, a_key, a_link, a_moment, a_number, a_text, one_of, where


class TariffLine(SQLModel, table=True):
    """What a unit charges from a day on (001 9.2.1): minor units; labour for 60 minutes, the rest for one job.

    `model_group` is how the model number begins; empty for every model.
    """

    __tablename__ = "tariff"
    __table_args__ = (
        UniqueConstraint("unit_id", "kind", "model_group", "from_day"),
        one_of("kind", "callout", "inspection", "labour"),
        CheckConstraint("amount >= 0", name="amount_positive"),
        STRICT,
    )
    id: int | None = a_key()
    unit_id: int = a_link("units.id")
    kind: str = a_text()
    model_group: str = a_text("")
    from_day: date = a_day()
    amount: int = a_number()


class Charge(SQLModel, table=True):
    """What one job charges and where the money is (003 Art. 7, 10; states §5.4); it goes by its call's number.

    `done_at` is when the job was done or the goods returned: the invoice is due that day (K13).
    """

    __tablename__ = "charges"
    __table_args__ = (
        UniqueConstraint("call_id"),
        one_of(
            "state",
            "none",
            "assessed",
            "collected_on_site",
            "remitted",
            "invoiced",
            "posted",
            "to_be_collected",
            "collected",
            "settled",
            "credited",
            "written_off",
        ),
        CheckConstraint("amount >= 0", name="amount_positive"),
        CheckConstraint("(amount = 0) = (state = 'none')", name="none_is_nothing"),
        Index("uq_charges_invoice_no", "invoice_no", unique=True, **where("invoice_no <> ''")),
        Index("ix_charges_unit_id", "unit_id", "id"),
        Index("ix_charges_unit_id_state", "unit_id", "state", "id"),
        Index("ix_charges_technician_id", "technician_id", "id"),
        Index("ix_charges_unit_id_done_at", "unit_id", "done_at"),
        Index("ix_charges_unit_id_invoiced_at", "unit_id", "invoiced_at"),
        Index("ix_charges_urgent", "urgent", "id", **where("urgent <> ''")),
        Index("ix_charges_unit_id_urgent", "unit_id", "urgent", "id", **where("urgent <> ''")),
        STRICT,
    )
    id: int | None = a_key()
    unit_id: int = a_link("units.id")
    call_id: int = a_link("calls.id")
    technician_id: int | None = a_link("staff.id", None)
    state: str = a_text("none")
    amount: int = a_number(0)
    currency: str = a_text("CNY")
    done_at: datetime = a_moment()
    signer: str = a_text("")
    signed_at: datetime | None = a_moment(None)
    collected_at: datetime | None = a_moment(None)
    collected_by: int | None = a_link("staff.id", None)
    remitted_at: datetime | None = a_moment(None)
    remitted_to: int | None = a_link("staff.id", None)
    invoice_no: str = a_text("")
    invoice_title: str = a_text("")
    tax_no: str = a_text("")
    invoiced_at: datetime | None = a_moment(None)
    invoiced_by: int | None = a_link("staff.id", None)
    posted_at: datetime | None = a_moment(None)
    collector_id: int | None = a_link("staff.id", None)
    settled_at: datetime | None = a_moment(None)
    write_off_proposed: str = a_text("")
    reason: str = a_text("")
    urgent: str = a_text("")
    changed_by: str = a_text("")
    changed_at: datetime | None = a_moment(None)
    version: int = a_number(1)


class ChargeLine(SQLModel, table=True):
    """A line of a charge: list amount, why it is charged so, what is charged; `quantity` minutes for labour."""

    __tablename__ = "charge_lines"
    __table_args__ = (
        UniqueConstraint("charge_id", "line"),
        one_of("kind", "callout", "inspection", "labour", "parts"),
        one_of("basis", "warranty", "contract", "no_charge", "list", "agreed"),
        CheckConstraint("amount >= 0 AND list_amount >= 0", name="amount_positive"),
        CheckConstraint("amount = 0 OR basis IN ('list', 'agreed')", name="covered_is_free"),
        STRICT,
    )
    id: int | None = a_key()
    charge_id: int = a_link("charges.id")
    line: int = a_number()
    kind: str = a_text()
    what: str = a_text("")
    quantity: int = a_number(1)
    list_amount: int = a_number()
    basis: str = a_text()
    amount: int = a_number()


class Credit(SQLModel, table=True):
    """A credit note over an invoice: the invoice stands, its money does not."""

    __tablename__ = "credits"
    __table_args__ = (UniqueConstraint("number"), CheckConstraint("amount > 0", name="amount_positive"), STRICT)
    id: int | None = a_key()
    number: str = a_text()
    charge_id: int = a_link("charges.id", index=True)
    invoice_no: str = a_text(index=True)
    amount: int = a_number()
    at: datetime = a_moment()
    by_id: int = a_link("staff.id")
    reason: str = a_text()
    remitted: bool = a_flag(False)
