"""The workshop: receipts, the goods in/out register, repair cards with their lines, loan units, who holds what."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import SQLModel

from servicedesk.store.columns import STRICT, a_flag, a_key, a_link, a_moment, a_number, a_text, one_of, where


class Receipt(SQLModel, table=True):
    """A customer goods receipt (003 Art. 8; forms §3.3); `taken_in` once the article stands in the goods register."""

    __tablename__ = "receipts"
    __table_args__ = (
        UniqueConstraint("number"),
        one_of("state", "issued", "lost", "voided"),
        Index("ix_receipts_unit_id", "unit_id", "id"),
        Index("ix_receipts_state", "state", "id"),
        Index("ix_receipts_unit_id_state", "unit_id", "state", "id"),
        Index("ix_receipts_issued_by", "issued_by", "id"),
        Index("ix_receipts_not_taken_in", "unit_id", "id", **where("state <> 'voided' AND taken_in = 0")),
        Index("uq_receipts_open_product", "product_id", unique=True, **where("state <> 'voided'")),
        STRICT,
    )
    id: int | None = a_key()
    number: str = a_text()
    unit_id: int = a_link("units.id")
    call_id: int = a_link("calls.id", index=True)
    product_id: int = a_link("products.id")
    voucher_id: int = a_link("vouchers.id")
    state: str = a_text("issued")
    issued_at: datetime = a_moment()
    issued_by: int = a_link("staff.id")
    accessories: str = a_text("")
    condition: str = a_text("")
    promised_at: datetime = a_moment()
    signer: str = a_text("")
    signer_capacity: str = a_text("")
    medium: str = a_text("")
    attested_by: int | None = a_link("staff.id", None)
    taken_in: bool = a_flag(False)
    replaces: str = a_text("")
    lost_statement: str = a_text("")
    lost_confirmed_by: int | None = a_link("staff.id", None)
    voided_at: datetime | None = a_moment(None)
    voided_by: int | None = a_link("staff.id", None)
    void_reason: str = a_text("")
    changed_by: str = a_text("")
    changed_at: datetime | None = a_moment(None)
    version: int = a_number(1)


class Goods(SQLModel, table=True):
    """One line of the customer goods in/out register: one article (003 Art. 8-9; forms §3.4)."""

    __tablename__ = "goods"
    __table_args__ = (
        UniqueConstraint("number"),
        one_of("state", "in", "sent_out", "passed", "out"),
        Index("ix_goods_unit_id", "unit_id", "id"),
        Index("ix_goods_state", "state", "id"),
        Index("ix_goods_unit_id_state", "unit_id", "state", "id"),
        Index("ix_goods_brought_by", "brought_by", "id"),
        Index("ix_goods_here", "unit_id", "id", **where("state <> 'out'")),
        Index("uq_goods_open_product", "product_id", unique=True, **where("state <> 'out'")),
        STRICT,
    )
    id: int | None = a_key()
    number: str = a_text()
    unit_id: int = a_link("units.id")
    call_id: int = a_link("calls.id", index=True)
    product_id: int = a_link("products.id")
    receipt_id: int = a_link("receipts.id", index=True)
    voucher_id: int = a_link("vouchers.id")
    state: str = a_text("in")
    came_in_at: datetime = a_moment()
    accessories: str = a_text("")
    brought_by: int | None = a_link("staff.id", None)
    received_by: int = a_link("staff.id")
    promised_at: datetime = a_moment()
    sent_out_at: datetime | None = a_moment(None)
    sent_to: str = a_text("")
    back_at: datetime | None = a_moment(None)
    passed_at: datetime | None = a_moment(None)
    returned_at: datetime | None = a_moment(None)
    returned_by: int | None = a_link("staff.id", None)
    signer: str = a_text("")
    signer_capacity: str = a_text("")
    medium: str = a_text("")
    attested_by: int | None = a_link("staff.id", None)
    remarks: str = a_text("")
    changed_by: str = a_text("")
    changed_at: datetime | None = a_moment(None)
    version: int = a_number(1)


class RepairCard(SQLModel, table=True):
    """A repair card: the authority to repair, hanging on its article (003 Art. 8-11; forms §3.5; states §5.3).

    What a guard or a list asks of its lines stands on the card too: `minutes` of the finished time lines, the
    running clock, open requisitions, an open estimate, an open request for assistance.
    """

    __tablename__ = "repair_cards"
    __table_args__ = (
        UniqueConstraint("number"),
        one_of(
            "state",
            "waiting",
            "in_repair",
            "waiting_parts",
            "at_factory",
            "repaired",
            "passed",
            "unrepaired",
            "beyond_repair",
            "returned",
            "closed",
            "void",
        ),
        one_of("estimate", "", "open", "approved", "declined"),
        CheckConstraint("(running_since IS NULL) = (running_by IS NULL)", name="running_clock_named"),
        Index("ix_repair_cards_unit_id", "unit_id", "id"),
        Index("ix_repair_cards_state", "state", "id"),
        Index("ix_repair_cards_unit_id_state", "unit_id", "state", "id"),
        Index("ix_repair_cards_technician_id", "technician_id", "id"),
        Index("ix_repair_cards_technician_id_urgent", "technician_id", "urgent", "id", **where("urgent <> ''")),
        Index("ix_repair_cards_urgent", "urgent", "id", **where("urgent <> ''")),
        Index("ix_repair_cards_unit_id_urgent", "unit_id", "urgent", "id", **where("urgent <> ''")),
        Index("ix_repair_cards_exchange_due", "id", **where("exchange_due = 1")),
        Index("ix_repair_cards_unit_id_exchange_due", "unit_id", "id", **where("exchange_due = 1")),
        Index("ix_repair_cards_model", "model_no", "fault_code", "id"),
        Index("ix_repair_cards_unit_id_returned_at", "unit_id", "returned_at"),
        Index(
            "uq_repair_cards_open_product",
            "product_id",
            unique=True,
            **where("state NOT IN ('returned', 'closed', 'void')"),
        ),
        STRICT,
    )
    id: int | None = a_key()
    number: str = a_text()
    unit_id: int = a_link("units.id")
    call_id: int = a_link("calls.id", index=True)
    goods_id: int = a_link("goods.id", index=True)
    receipt_id: int = a_link("receipts.id")
    voucher_id: int = a_link("vouchers.id")
    product_id: int = a_link("products.id")
    model_no: str = a_text()
    state: str = a_text("waiting")
    opened_at: datetime = a_moment()
    opened_by: int = a_link("staff.id")
    symptom: str = a_text()
    promised_at: datetime = a_moment()
    first_promised_at: datetime = a_moment()
    technician_id: int | None = a_link("staff.id", None)
    running_since: datetime | None = a_moment(None)
    running_by: int | None = a_link("staff.id", None)
    minutes: int = a_number(0)
    parts_due: int = a_number(0)
    estimate: str = a_text("")
    assistance: bool = a_flag(False)
    found: str = a_text("")
    work: str = a_text("")
    fault_code: str = a_text("")
    cause_code: str = a_text("")
    resolution_code: str = a_text("")
    no_parts: bool = a_flag(False)
    exchange_due: bool = a_flag(False)
    finished_at: datetime | None = a_moment(None)
    finished_by: int | None = a_link("staff.id", None)
    passed_at: datetime | None = a_moment(None)
    passed_by: int | None = a_link("staff.id", None)
    reason: str = a_text("")
    returned_at: datetime | None = a_moment(None)
    closed_at: datetime | None = a_moment(None)
    remarks: str = a_text("")
    urgent: str = a_text("")
    changed_by: str = a_text("")
    changed_at: datetime | None = a_moment(None)
    version: int = a_number(1)


class TimeLine(SQLModel, table=True):
    """A time line of a card: technician, from, to, minutes (003 Art. 9); without an end the clock runs."""

    __tablename__ = "time_lines"
    __table_args__ = (
        UniqueConstraint("card_id", "line"),
        CheckConstraint("minutes >= 0", name="minutes_positive"),
        Index("uq_time_lines_running", "technician_id", unique=True, **where("ended_at IS NULL")),
        Index("ix_time_lines_technician_id", "technician_id", "began_at"),
        STRICT,
    )
    id: int | None = a_key()
    card_id: int = a_link("repair_cards.id")
    line: int = a_number()
    technician_id: int = a_link("staff.id")
    began_at: datetime = a_moment()
    ended_at: datetime | None = a_moment(None)
    minutes: int = a_number(0)


class CardPart(SQLModel, table=True):
    """A parts line of a card: part, quantity, price, charge basis, what became of the old part (forms §3.5)."""

    __tablename__ = "card_parts"
    __table_args__ = (
        UniqueConstraint("card_id", "line"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        one_of("basis", "warranty", "contract", "no_charge", "list", "agreed"),
        one_of("old_part", "none", "kept", "given_back", "factory", "scrapped"),
        Index("ix_card_parts_part_id", "part_id", "id"),
        STRICT,
    )
    id: int | None = a_key()
    card_id: int = a_link("repair_cards.id")
    line: int = a_number()
    part_id: int = a_link("parts.id")
    quantity: int = a_number()
    unit_price: int = a_number()
    basis: str = a_text()
    amount: int = a_number()
    old_part: str = a_text("kept")
    used_at: datetime = a_moment()
    used_by: int = a_link("staff.id")
    taken_out: bool = a_flag(False)


class Promise(SQLModel, table=True):
    """A promised finish time of a card; the first one is the one measured (003 Art. 11, D19)."""

    __tablename__ = "promises"
    __table_args__ = (UniqueConstraint("card_id", "nth"), STRICT)
    id: int | None = a_key()
    card_id: int = a_link("repair_cards.id")
    nth: int = a_number()
    promised_at: datetime = a_moment()
    at: datetime = a_moment()
    by_id: int = a_link("staff.id")
    reason: str = a_text("")


class Assistance(SQLModel, table=True):
    """A request for assistance and the supervisor's answer (003 Art. 11)."""

    __tablename__ = "assistance"
    __table_args__ = (
        one_of("answer", "", "help", "technician", "promise", "factory", "beyond_repair"),
        Index("uq_assistance_open", "card_id", unique=True, **where("answered_at IS NULL")),
        Index("ix_assistance_asked_at", "asked_at"),
        STRICT,
    )
    id: int | None = a_key()
    card_id: int = a_link("repair_cards.id", index=True)
    asked_at: datetime = a_moment()
    asked_by: int = a_link("staff.id")
    reason: str = a_text()
    answer: str = a_text("")
    answered_at: datetime | None = a_moment(None)
    answered_by: int | None = a_link("staff.id", None)
    note: str = a_text("")


class Estimate(SQLModel, table=True):
    """An estimate told to the customer, and the customer's word on it (states §5.3); withdrawn once it is moot."""

    __tablename__ = "estimates"
    __table_args__ = (
        UniqueConstraint("number"),
        one_of("state", "open", "approved", "declined", "withdrawn"),
        CheckConstraint("amount >= 0", name="amount_positive"),
        Index("uq_estimates_open", "card_id", unique=True, **where("state = 'open'")),
        STRICT,
    )
    id: int | None = a_key()
    number: str = a_text()
    card_id: int = a_link("repair_cards.id", index=True)
    amount: int = a_number()
    state: str = a_text("open")
    told_at: datetime = a_moment()
    told_by: int = a_link("staff.id")
    told_whom: str = a_text()
    told_how: str = a_text()
    decided_at: datetime | None = a_moment(None)
    decided_by: str = a_text("")
    decided_how: str = a_text("")


class LoanUnit(SQLModel, table=True):
    """An article of ours that is lent while the customer's is in repair; `code` is written on it."""

    __tablename__ = "loan_units"
    __table_args__ = (UniqueConstraint("code"), Index("ix_loan_units_unit_id", "unit_id", "code"), STRICT)
    id: int | None = a_key()
    code: str = a_text()
    unit_id: int = a_link("units.id")
    name: str = a_text()
    model_no: str = a_text("")
    serial_no: str = a_text("")
    active: bool = a_flag(True)
    changed_by: str = a_text("")
    changed_at: datetime | None = a_moment(None)
    version: int = a_number(1)


class Loan(SQLModel, table=True):
    """A loan unit at a customer's, until it is back."""

    __tablename__ = "loans"
    __table_args__ = (
        UniqueConstraint("number"),
        Index("uq_loans_open_unit", "loan_unit_id", unique=True, **where("back_at IS NULL")),
        STRICT,
    )
    id: int | None = a_key()
    number: str = a_text()
    loan_unit_id: int = a_link("loan_units.id", index=True)
    call_id: int = a_link("calls.id", index=True)
    lent_at: datetime = a_moment()
    lent_by: int = a_link("staff.id")
    signer: str = a_text("")
    condition: str = a_text("")
    back_at: datetime | None = a_moment(None)
    back_by: int | None = a_link("staff.id", None)
    back_condition: str = a_text("")


class Custody(SQLModel, table=True):
    """Who holds an article, a loan unit or a voucher, from when to when; the open line is the holder now.

    What has no line was never moved: an article is with its customer, a loan unit on the shelf, a voucher in file.
    `item_id` is a key of products, loan_units or vouchers, by `kind`; `number` is what is written on the thing.
    """

    __tablename__ = "custody"
    __table_args__ = (
        one_of("kind", "article", "loan_unit", "voucher"),
        CheckConstraint("(holder = 'technician') = (holder_id IS NOT NULL)", name="technician_named"),
        Index("uq_custody_now", "kind", "item_id", unique=True, **where("until IS NULL")),
        Index("ix_custody_item", "kind", "item_id", "id"),
        Index("ix_custody_number", "number", "id"),
        Index("ix_custody_unit_id", "unit_id", "id", **where("until IS NULL")),
        Index("ix_custody_holder", "holder", "id", **where("until IS NULL")),
        Index("ix_custody_held", "unit_id", "holder", "id", **where("until IS NULL")),
        Index("ix_custody_holder_id", "holder_id", "id", **where("until IS NULL AND holder_id IS NOT NULL")),
        STRICT,
    )
    id: int | None = a_key()
    kind: str = a_text()
    item_id: int = a_number()
    number: str = a_text()
    unit_id: int = a_link("units.id")
    holder: str = a_text()
    holder_id: int | None = a_link("staff.id", None)
    since: datetime = a_moment()
    until: datetime | None = a_moment(None)
    paper: str = a_text("")
