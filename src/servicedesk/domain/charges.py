"""Charges and invoices: where the money of a job is (003 Art. 4, 7, 10; states §5.4; K13; D18, D42)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from servicedesk.domain.rights import (
    ACCOUNTANT,
    ADMINISTRATOR,
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

NONE = "none"
ASSESSED = "assessed"
COLLECTED_ON_SITE = "collected_on_site"
REMITTED = "remitted"
INVOICED = "invoiced"
POSTED = "posted"
TO_BE_COLLECTED = "to_be_collected"
COLLECTED = "collected"
SETTLED = "settled"
CREDITED = "credited"
WRITTEN_OFF = "written_off"

STATES: Mapping[str, str] = {
    NONE: label("nothing charged"),
    ASSESSED: label("charge assessed"),
    COLLECTED_ON_SITE: label("collected on the spot"),
    REMITTED: label("handed in"),
    INVOICED: label("invoiced"),
    POSTED: label("invoice posted"),
    TO_BE_COLLECTED: label("to be collected"),
    COLLECTED: label("collected"),
    SETTLED: label("settled"),
    CREDITED: label("credited"),
    WRITTEN_OFF: label("written off"),
}
OUTSTANDING = frozenset({ASSESSED, COLLECTED_ON_SITE})
"""Money that is neither handed in nor invoiced: the job stays open (states §5.1, K13)."""

KINDS: Mapping[str, str] = {
    "callout": label("call-out fee"),
    "inspection": label("inspection fee"),
    "labour": label("labour charge"),
    "parts": label("parts charge"),
}
TARIFF_KINDS: Mapping[str, str] = {kind: text for kind, text in KINDS.items() if kind != "parts"}
"""What the tariff knows; parts have their prices in the part list."""

BASES: Mapping[str, str] = {
    "warranty": label("warranty"),
    "contract": label("contract"),
    "no_charge": label("no charge"),
    "list": label("list price"),
    "agreed": label("agreed price"),
}
FREE_BASES = frozenset({"warranty", "contract", "no_charge"})

SEES_CHARGES: Mapping[str, str] = {
    ACCOUNTANT: UNIT,
    CLERK: UNIT,
    SUPERVISOR: UNIT,
    BRANCH_MANAGER: UNIT,
    TECHNICIAN: OWN,
    CUSTOMER_DEPARTMENT: ALL,
    SERVICE_MANAGER: ALL,
}
COLLECT_WITHIN_DAYS = 14
"""What is not collected so many calendar days after its invoice stands on the accountant's overdue list."""

UNSETTLED = "0"
AWAITED = "1"
TO_FINISH = "2"
"""How the keys of the urgent view begin: money neither handed in nor invoiced, money to come, papers to finish."""


def urgency(state: str, done_at: datetime, invoiced_at: datetime | None, collected_at: datetime | None) -> str:
    """The key by which the accountant's list sorts: what is not handed in or invoiced, the oldest job first; then
    money to be collected, by the day until which it should be; then what only its papers keep open. Empty at the end.
    """
    if state in OUTSTANDING:
        return UNSETTLED + _key(done_at)
    if state in (INVOICED, TO_BE_COLLECTED) and collected_at is None:
        return AWAITED + _key((invoiced_at or done_at) + timedelta(days=COLLECT_WITHIN_DAYS))
    if state in (REMITTED, INVOICED, POSTED, COLLECTED):
        return TO_FINISH + _key(done_at)
    return ""


def _key(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%d%H%M")


class ChargeRow(NamedTuple):
    """The charge of one job; it goes by the call's number. Money in minor units of `currency`."""

    id: int
    number: str
    version: int
    unit: str
    state: str
    amount: int
    currency: str
    service_type: str
    customer: str
    customer_name: str
    company: bool
    telephone: str
    address: str
    voucher: str
    card: str
    technician: str
    technician_name: str
    done_at: datetime
    signer: str
    collected_at: datetime | None
    collected_by_name: str
    remitted_at: datetime | None
    remitted_to_name: str
    invoice_no: str
    invoice_title: str
    tax_no: str
    invoiced_at: datetime | None
    posted_at: datetime | None
    collector: str
    collector_name: str
    settled_at: datetime | None
    write_off_proposed: str
    reason: str
    urgent: str
    changed_by: str
    changed_at: datetime | None
    unit_id: int
    call_id: int


class ChargeLineRow(NamedTuple):
    """A line of a charge; `quantity` is minutes for labour, pieces for parts."""

    line: int
    kind: str
    what: str
    quantity: int
    list_amount: int
    basis: str
    amount: int


class TariffRow(NamedTuple):
    """A line of the tariff: labour for 60 minutes, the rest for one job; `number` names it for acts."""

    id: int
    unit: str
    kind: str
    model_group: str
    from_day: str
    amount: int


def _proposed(actor: Actor, row: ChargeRow) -> Sentence | None:
    if row.write_off_proposed:
        return None
    return say("{number}: the accountant proposes the write-off first.", number=row.number)


def _not_proposed(actor: Actor, row: ChargeRow) -> Sentence | None:
    if not row.write_off_proposed:
        return None
    return say("{number}: the write-off is already proposed.", number=row.number)


def _signed(actor: Actor, row: ChargeRow) -> Sentence | None:
    if row.signer:
        return None
    return say("The customer has not signed for the amount of {number}: enter the signature first.", number=row.number)


def _paid(actor: Actor, row: ChargeRow) -> Sentence | None:
    if row.collected_at is not None:
        return None
    return say("{number} is not paid: somebody goes to collect it, with the invoice.", number=row.number)


def _unpaid(actor: Actor, row: ChargeRow) -> Sentence | None:
    if row.collected_at is None:
        return None
    return say("{number} was paid on the spot: post the invoice.", number=row.number)


_ACCOUNTANT = {ACCOUNTANT: UNIT}

RULES: Mapping[str, Rule] = {
    "charges.remit": Rule(label("Money handed in"), _ACCOUNTANT, frozenset({COLLECTED_ON_SITE}), REMITTED),
    "charges.invoice": Rule(
        label("Issue the invoice"), _ACCOUNTANT, frozenset({ASSESSED, REMITTED}), INVOICED, (_signed,)
    ),
    "charges.post": Rule(label("Invoice posted"), _ACCOUNTANT, frozenset({INVOICED}), POSTED, (_paid,)),
    "charges.send": Rule(label("Send to collect"), _ACCOUNTANT, frozenset({INVOICED}), TO_BE_COLLECTED, (_unpaid,)),
    "charges.collect": Rule(
        label("Collected"), {TECHNICIAN: UNIT, ACCOUNTANT: UNIT}, frozenset({TO_BE_COLLECTED}), COLLECTED
    ),
    "charges.settle": Rule(label("Settle"), _ACCOUNTANT, frozenset({POSTED, COLLECTED}), SETTLED),
    "charges.change": Rule(
        label("Change the amount"),
        {TECHNICIAN: OWN, SUPERVISOR: UNIT, CLERK: UNIT},
        frozenset({ASSESSED, CREDITED}),
    ),
    "charges.credit": Rule(label("Credit note"), _ACCOUNTANT, frozenset({INVOICED, POSTED, TO_BE_COLLECTED}), CREDITED),
    "charges.propose_write_off": Rule(
        label("Propose a write-off"), _ACCOUNTANT, frozenset({TO_BE_COLLECTED}), None, (_not_proposed,)
    ),
    "charges.write_off": Rule(
        label("Write off"), {BRANCH_MANAGER: UNIT}, frozenset({TO_BE_COLLECTED}), WRITTEN_OFF, (_proposed,)
    ),
    "tariff.set": Rule(label("Set the tariff"), {ADMINISTRATOR: ALL}),
}
