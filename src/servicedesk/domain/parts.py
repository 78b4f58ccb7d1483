"""Parts and their stock, requisitions, loan units (003 Art. 9; forms §3.12; §1.7 "parts and stock; loan unit")."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from servicedesk.domain.rights import (
    ADMINISTRATOR,
    ALL,
    CLERK,
    CUSTOMER_DEPARTMENT,
    SERVICE_MANAGER,
    SUPERVISOR,
    TECHNICIAN,
    UNIT,
    Actor,
    Rule,
)
from servicedesk.domain.words import Sentence, label, say

OPEN = "open"
ARRIVED = "arrived"
CANCELLED = "cancelled"

STATES: Mapping[str, str] = {
    OPEN: label("open"),
    ARRIVED: label("arrived"),
    CANCELLED: label("cancelled"),
}
MOVES: Mapping[str, str] = {
    "arrival": label("arrival"),
    "use": label("used"),
    "back": label("taken out again"),
    "return": label("sent back"),
    "count": label("difference at the count"),
}

LONGEST_NUMBER = 40
MOST_AT_ONCE = 9999
"""More of a part than this stands on no paper."""

SEES_PARTS: Mapping[str, str] = {
    CLERK: UNIT,
    TECHNICIAN: UNIT,
    SUPERVISOR: UNIT,
    CUSTOMER_DEPARTMENT: ALL,
    SERVICE_MANAGER: ALL,
}


def part_number(typed: str) -> str:
    """A part's number as the list writes it: in capitals, without blanks."""
    return "".join(unicodedata.normalize("NFKC", typed).upper().split())


class PartRow(NamedTuple):
    """A part as one unit sees it: price and cost in minor units of `currency`, how many it has and wants at least.

    `id` is that of the unit's stock line; `version` is the part's, which its stock does not raise.
    """

    id: int
    number: str
    version: int
    name: str
    measure: str
    price: int
    cost: int
    currency: str
    active: bool
    unit: str
    quantity: int
    minimum: int
    on_order: int
    changed_by: str
    changed_at: datetime | None
    unit_id: int
    part_id: int

    state: str = ""
    technician: str = ""
    urgent: str = ""

    @property
    def short(self) -> bool:
        """Fewer than the unit wants at least."""
        return self.quantity < self.minimum


class StockMoveRow(NamedTuple):
    """A movement of stock: what came has a plus, what went a minus; `paper` is the card, call or delivery note."""

    at: datetime
    kind: str
    quantity: int
    paper: str
    by_name: str
    note: str


class RequisitionRow(NamedTuple):
    """A parts requisition; `technician` asked for it, `card` is empty for the shelf, `arrived` of `quantity` came."""

    id: int
    number: str
    version: int
    unit: str
    state: str
    card: str
    part: str
    part_name: str
    quantity: int
    asked_at: datetime
    technician: str
    technician_name: str
    arrived_at: datetime | None
    reason: str
    changed_by: str
    changed_at: datetime | None
    unit_id: int
    card_id: int | None
    part_id: int
    arrived: int

    urgent: str = ""

    @property
    def outstanding(self) -> int:
        """How many are still to come."""
        return self.quantity - self.arrived if self.state == OPEN else 0


class LoanUnitRow(NamedTuple):
    """A loan unit; `loan` and `call` are the slip and the job it is out for, empty on the shelf."""

    id: int
    number: str
    version: int
    unit: str
    name: str
    model_no: str
    serial_no: str
    active: bool
    loan: str
    call: str
    customer: str
    customer_name: str
    lent_at: datetime | None
    changed_by: str
    changed_at: datetime | None
    unit_id: int

    state: str = ""
    technician: str = ""
    urgent: str = ""


def _on_the_shelf(actor: Actor, row: LoanUnitRow) -> Sentence | None:
    if not row.loan:
        return None
    return say("{number} is lent for {call}: it must come back first.", number=row.number, call=row.call)


def _lent(actor: Actor, row: LoanUnitRow) -> Sentence | None:
    if row.loan:
        return None
    return say("{number} is not lent.", number=row.number)


# Like customers, the list of parts belongs to no unit: only its stock does.
_LIST = {CLERK: ALL, ADMINISTRATOR: ALL}
_STOCK = {CLERK: UNIT}

RULES: Mapping[str, Rule] = {
    "parts.enter": Rule(label("Enter a part"), _LIST),
    "parts.correct": Rule(label("Correct a part"), _LIST),
    "parts.import": Rule(label("Import parts"), {ADMINISTRATOR: ALL}),
    "parts.arrive": Rule(label("Parts arrived"), _STOCK),
    "parts.send_back": Rule(label("Send parts back"), _STOCK),
    "parts.count": Rule(label("Stock count"), {SUPERVISOR: UNIT}),
    "requisitions.ask": Rule(label("Parts requisition"), {CLERK: UNIT, TECHNICIAN: UNIT}),
    "requisitions.cancel": Rule(label("Cancel a requisition"), _STOCK, frozenset({OPEN}), CANCELLED),
    "loans.enter": Rule(label("Enter a loan unit"), _STOCK),
    "loans.lend": Rule(label("Lend a loan unit"), {CLERK: UNIT, TECHNICIAN: UNIT}, guards=(_on_the_shelf,)),
    "loans.take_back": Rule(label("Loan unit back"), {CLERK: UNIT, TECHNICIAN: UNIT}, guards=(_lent,)),
}
