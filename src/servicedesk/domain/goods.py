"""Customers' goods: the receipt given for them, the goods in/out register (003 Art. 8-9; forms §3.3-3.4; D14, D15)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from servicedesk.domain.calls import CARRIED_BACK, LOGGED, CallRow
from servicedesk.domain.clocks import DAYS_WITHOUT_WORK, WorkingCalendar
from servicedesk.domain.rights import (
    ALL,
    BRANCH_MANAGER,
    CLERK,
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

ISSUED = "issued"
LOST = "lost"
VOIDED = "voided"

IN = "in"
SENT_OUT = "sent_out"
PASSED = "passed"
OUT = "out"

STATES: Mapping[str, str] = {
    ISSUED: label("issued"),
    LOST: label("declared lost"),
    VOIDED: label("voided"),
    IN: label("in"),
    SENT_OUT: label("sent out"),
    PASSED: label("passed"),
    OUT: label("out"),
}

BROUGHT_IN = frozenset({"counter", "courier"})
"""The channels of goods that come without a visit (D38)."""
PROMISED_DAYS = 3
"""Working days in which goods are promised back until somebody promises another time."""

RECEIPT_BACK: Mapping[str, str] = {
    "taken_back": label("taken back"),
    "lost": label("declared lost"),
}
"""What became of the receipt when its goods were returned (D29)."""

SEES_GOODS: Mapping[str, str] = {
    CLERK: UNIT,
    SUPERVISOR: UNIT,
    BRANCH_MANAGER: UNIT,
    TECHNICIAN: OWN,
    CUSTOMER_DEPARTMENT: ALL,
    SERVICE_MANAGER: ALL,
}
"""Who reads receipts and the goods register (§1.7); a technician what he brought back."""


class ReceiptRow(NamedTuple):
    """A customer goods receipt with what its guards read; `technician` issued it, `goods` is empty until goods in."""

    id: int
    number: str
    version: int
    unit: str
    state: str
    call: str
    goods: str
    voucher: str
    customer: str
    customer_name: str
    telephone: str
    address: str
    model_no: str
    product_name: str
    serial_no: str
    symptom: str
    issued_at: datetime
    technician: str
    technician_name: str
    accessories: str
    condition: str
    promised_at: datetime
    signer: str
    signer_capacity: str
    taken_in: bool
    replaces: str
    lost_statement: str
    lost_confirmed_by: str
    voided_at: datetime | None
    voided_by_name: str
    void_reason: str
    changed_by: str
    changed_at: datetime | None
    unit_id: int
    call_id: int
    product_id: int
    voucher_id: int

    @property
    def urgent(self) -> str:
        """Receipts are listed by number alone."""
        return ""


class GoodsRow(NamedTuple):
    """One line of the goods in/out register, columns as on paper (forms §3.4); `technician` brought the article."""

    id: int
    number: str
    version: int
    unit: str
    state: str
    came_in_at: datetime
    receipt: str
    voucher: str
    call: str
    customer: str
    customer_name: str
    product_name: str
    model_no: str
    serial_no: str
    accessories: str
    technician: str
    technician_name: str
    received_by_name: str
    card: str
    promised_at: datetime
    sent_out_at: datetime | None
    sent_to: str
    back_at: datetime | None
    passed_at: datetime | None
    returned_at: datetime | None
    returned_by_name: str
    signer: str
    receipt_state: str
    receipt_voided_at: datetime | None
    remarks: str
    changed_by: str
    changed_at: datetime | None
    unit_id: int
    call_id: int
    product_id: int
    receipt_id: int

    @property
    def urgent(self) -> str:
        """The register is listed by number alone."""
        return ""


def promise_by(calendar: WorkingCalendar, since: datetime, days: int = PROMISED_DAYS) -> datetime:
    """The end of working hours so many working days after the day of `since`; UTC.

    A calendar without so many working days in sight promises the last moment looked at: the clerk enters another.
    """
    day, ends = calendar.local_day(since), since
    for _ in range(DAYS_WITHOUT_WORK):
        day += timedelta(days=1)
        spans = calendar.spans(day)
        if spans:
            days, ends = days - 1, spans[-1][1]
        if days == 0:
            break
    return ends


def _brought_in(actor: Actor, row: CallRow) -> Sentence | None:
    """Without a visit only what was brought or sent in comes into the shop (D38)."""
    if row.state != LOGGED or row.channel in BROUGHT_IN:
        return None
    return say("{number} was not brought or sent in: a technician carries the goods back first.", number=row.number)


def _voucher_not_in_file(actor: Actor, row: CallRow) -> Sentence | None:
    if row.voucher_holder != "file":
        return None
    return say("Voucher {voucher} is still in file: the clerk pulls it first.", voucher=row.voucher)


def _not_confirmed(actor: Actor, row: ReceiptRow) -> Sentence | None:
    if not row.lost_confirmed_by:
        return None
    return say("The loss of receipt {number} is already confirmed.", number=row.number)


_ISSUES = {CLERK: UNIT, TECHNICIAN: OWN}

RULES: Mapping[str, Rule] = {
    "goods.take_in": Rule(
        label("Goods in"),
        {CLERK: UNIT},
        frozenset({CARRIED_BACK, LOGGED}),
        CARRIED_BACK,
        (_brought_in, _voucher_not_in_file),
    ),
    "goods.remark": Rule(label("Remark on a goods line"), {CLERK: UNIT}, frozenset({IN, SENT_OUT, PASSED, OUT})),
    "receipts.replace": Rule(label("Void a spoilt receipt"), _ISSUES, frozenset({ISSUED})),
    "receipts.lose": Rule(label("Receipt lost"), {CLERK: UNIT}, frozenset({ISSUED}), LOST),
    "receipts.confirm": Rule(label("Confirm the loss"), {SUPERVISOR: UNIT}, frozenset({LOST}), None, (_not_confirmed,)),
}
