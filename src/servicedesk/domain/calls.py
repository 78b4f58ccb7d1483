"""The service call: one line of the call-in repair register (003 Art. 5-6, 15-16; forms §3.1; states §5.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from servicedesk.domain.charges import COLLECTED_ON_SITE, OUTSTANDING
from servicedesk.domain.rights import (
    AGENT,
    ALL,
    CLERK,
    MAY_REVEAL,
    OWN,
    SUPERVISOR,
    TECHNICIAN,
    UNIT,
    Actor,
    Rule,
)
from servicedesk.domain.words import Sentence, label, say

LOGGED = "logged"
DISPATCHED = "dispatched"
ARRIVED = "arrived"
DONE = "done_on_site"
CARRIED_BACK = "carried_back"
REVISIT = "revisit"
RETURNED = "returned"
STRUCK_OFF = "struck_off"
CANCELLED = "cancelled"

STATES: Mapping[str, str] = {
    LOGGED: label("logged"),
    DISPATCHED: label("dispatched"),
    ARRIVED: label("arrived"),
    DONE: label("done on site"),
    CARRIED_BACK: label("carried back"),
    REVISIT: label("revisit"),
    RETURNED: label("returned"),
    STRUCK_OFF: label("struck off"),
    CANCELLED: label("cancelled"),
}
OPEN = frozenset(STATES) - {STRUCK_OFF, CANCELLED}
WAITING = frozenset({LOGGED, REVISIT})
"""What waits for the supervisor to dispatch it."""

CHANNELS: Mapping[str, str] = {
    "telephone": label("telephone"),
    "letter": label("letter"),
    "counter": label("counter"),
    "courier": label("courier"),
    "online": label("online"),
    "contract": label("contract schedule"),
}
UNTIMED_CHANNELS = frozenset({"counter", "courier", "contract"})
"""No arrival clock: brought or sent in without a visit (D38), or planned under a contract (D26)."""

CANCEL_REASONS: Mapping[str, str] = {
    "fee_refused": label("fee refused"),
    "duplicate": label("duplicate"),
    "not_a_visit_product": label("not a product we visit for"),
    "wrong_number": label("wrong number"),
    "solved_by_telephone": label("solved by telephone"),
    "customer_withdrew": label("customer withdrew"),
    "cannot_reach": label("customer cannot be reached"),
    "later": label("customer wants it later"),
    "passed_on": label("passed to another unit"),
    "other": label("other"),
}

REPEAT_DAYS = 30
"""A call for the same product within this many days of its strike-off is a repeat."""


class CallRow(NamedTuple):
    """One line of the register with every fact that a guard reads. Times are aware UTC, money minor units.

    A named tuple, since a page makes a hundred of them: a frozen dataclass of so many fields takes ten times as long.
    """

    id: int
    number: str
    version: int
    unit: str
    state: str
    called_at: datetime
    logged_at: datetime
    channel: str
    customer: str
    customer_name: str
    caller: str
    telephone: str
    address: str
    district: str
    zone: str
    model_no: str
    product_name: str
    serial_no: str
    symptom: str
    service_type: str
    voucher: str
    voucher_holder: str
    appointment_at: datetime | None
    due_at: datetime | None
    judged_by: datetime | None
    dispatched_at: datetime | None
    technician: str
    technician_name: str
    arrived_at: datetime | None
    finished_at: datetime | None
    struck_off_at: datetime | None
    struck_off_by: str
    remarks: str
    urges: int
    visits: int
    signed: str
    fee: int
    charge: str
    loan: str
    invoice_no: str
    cancel_reason: str
    state_before: str
    repeat_of: str
    urgent: str
    changed_by: str
    changed_at: datetime | None
    unit_id: int
    customer_id: int
    product_id: int
    voucher_id: int
    technician_id: int | None

    def late(self, now: datetime) -> bool:
        """Past due and not arrived (003 Art. 16). An appointment the customer asked for replaces the due time (D24)."""
        return self.judged_by is not None and self.arrived_at is None and self.state in OPEN and now > self.judged_by

    def carried_over(self, last_closing: datetime | None) -> bool:
        """Undispatched and logged before the unit's last closing hour (003 Art. 15, D22)."""
        return self.state == LOGGED and last_closing is not None and self.logged_at < last_closing

    @property
    def asked_for(self) -> datetime | None:
        """The appointment that arrival is judged by, asked for by the customer; not one that the unit moved (D24)."""
        if self.due_at is None or self.judged_by is None or self.judged_by > self.due_at:
            return self.judged_by
        return self.appointment_at if self.appointment_at is not None and self.appointment_at <= self.due_at else None

    @property
    def fee_settled(self) -> bool:
        """Nothing is charged, or the money is handed in, or an invoice is issued (states §5.1, K13)."""
        return self.charge not in OUTSTANDING


@dataclass(frozen=True, slots=True)
class CallFilter:
    """Which lines of the register, in which order; empty means any. `unit` is empty for those who see all."""

    unit: str = ""
    state: str = ""
    zone: str = ""
    service_type: str = ""
    technician: str = ""
    logged_by: str = ""
    customer: str = ""
    late: bool = False
    words: str = ""
    urgent: bool = False

    def key_of(self, row: CallRow) -> tuple[object, ...]:
        """A row's whole sort key under this order."""
        return (row.urgent, row.id) if self.urgent else (row.id,)


class Page(NamedTuple):
    """Where in a list: after or before a sort key, or the last page; neither means the first."""

    after: tuple[object, ...] | None = None
    before: tuple[object, ...] | None = None
    last: bool = False
    limit: int = 50


def urgency(state: str, judged_by: datetime | None, arrived: bool, called_at: datetime) -> str:
    """The key by which the urgent view sorts: open and not arrived by due time, then arrived, then the rest.

    A struck-off or cancelled call has the empty key and is not in the view.
    """
    if state not in OPEN:
        return ""
    if state in (LOGGED, DISPATCHED, REVISIT) and not arrived and judged_by is not None:
        return "1" + judged_by.astimezone(UTC).strftime("%Y%m%d%H%M")
    if state == REVISIT:
        return "2" + called_at.astimezone(UTC).strftime("%Y%m%d%H%M")
    return "3" + called_at.astimezone(UTC).strftime("%Y%m%d%H%M")


def judged_by(due_at: datetime | None, appointment_at: datetime | None) -> datetime | None:
    """The moment arrival is judged against: an appointment asked for after the due time replaces it (D24)."""
    if due_at is None or appointment_at is None:
        return due_at
    return max(due_at, appointment_at)


def is_repeat(struck_off_at: datetime, called_at: datetime) -> bool:
    """Whether a call comes within `REPEAT_DAYS` days of the strike-off of the one before."""
    return timedelta(0) <= called_at - struck_off_at <= timedelta(days=REPEAT_DAYS)


def _voucher_pulled(actor: Actor, row: CallRow) -> Sentence | None:
    if row.voucher_holder != "file":
        return None
    return say("Voucher {voucher} is still in file: the clerk pulls it first.", voucher=row.voucher)


def _voucher_in_file(actor: Actor, row: CallRow) -> Sentence | None:
    if row.voucher_holder == "file":
        return None
    return say("Voucher {voucher} is not in file: it is already pulled.", voucher=row.voucher)


def _voucher_at_hand(actor: Actor, row: CallRow) -> Sentence | None:
    if row.voucher_holder in ("clerk", "supervisor"):
        return None
    return say("Voucher {voucher} is not in the unit: it must come back first.", voucher=row.voucher)


def _voucher_within_reach(actor: Actor, row: CallRow) -> Sentence | None:
    """A further entry may follow its voucher to the technician who has it; the act holds it to that one (D41)."""
    carried = row.state == LOGGED and row.voucher_holder == "technician"
    return None if carried else _voucher_at_hand(actor, row)


def _voucher_in_unit(actor: Actor, row: CallRow) -> Sentence | None:
    return None if row.voucher_holder == "file" else _voucher_at_hand(actor, row)


def _goods_returned(actor: Actor, row: CallRow) -> Sentence | None:
    if row.state != CARRIED_BACK:
        return None
    return say(
        "The goods of {number} are not back with the customer: receipt, goods line and repair card are open.",
        number=row.number,
    )


def _voucher_back(actor: Actor, row: CallRow) -> Sentence | None:
    if row.voucher_holder == "clerk":
        return None
    return say("Voucher {voucher} is not back with the clerk: take it back first.", voucher=row.voucher)


def _voucher_out(actor: Actor, row: CallRow) -> Sentence | None:
    if row.voucher_holder in ("technician", "supervisor", "accountant"):
        return None
    return say("Voucher {voucher} is not out: there is nothing to take back.", voucher=row.voucher)


def _nothing_charged(actor: Actor, row: CallRow) -> Sentence | None:
    if not row.charge:
        return None
    return say("{number} has a charge already: change its lines there.", number=row.number)


def _unsigned(actor: Actor, row: CallRow) -> Sentence | None:
    if not row.signed:
        return None
    return say("Voucher {voucher} is already signed for {number}.", voucher=row.voucher, number=row.number)


def _voucher_signed(actor: Actor, row: CallRow) -> Sentence | None:
    """Signed for what was done; signed and sealed for what was returned (states §5.2)."""
    if row.signed and (row.state != RETURNED or row.signed == "signed_sealed"):
        return None
    return say("The customer's signature on voucher {voucher} is missing.", voucher=row.voucher)


def _loan_back(actor: Actor, row: CallRow) -> Sentence | None:
    if not row.loan:
        return None
    return say("The loan unit of {number} is still out: slip {loan}.", number=row.number, loan=row.loan)


def _fee_settled(actor: Actor, row: CallRow) -> Sentence | None:
    if row.fee_settled:
        return None
    if row.charge == COLLECTED_ON_SITE:
        return say("The money collected for {number} is not handed in: the accountant confirms it.", number=row.number)
    return say("The fee of {number} is neither collected nor invoiced.", number=row.number)


def _before_arrival(actor: Actor, row: CallRow) -> Sentence | None:
    if row.state == DISPATCHED:
        return None
    return say("{number}: only before the technician's arrival.", number=row.number)


def _supervisor_once_dispatched(actor: Actor, row: CallRow) -> Sentence | None:
    if row.state == LOGGED or any(post.role == SUPERVISOR and post.unit == row.unit for post in actor.posts):
        return None
    return say("{number} is dispatched: the service supervisor confirms the cancelling.", number=row.number)


def _undispatched(actor: Actor, row: CallRow) -> Sentence | None:
    if row.visits == 0:
        return None
    return say("{number} has been dispatched: only an undispatched call is passed on.", number=row.number)


def _not_passed_on(actor: Actor, row: CallRow) -> Sentence | None:
    if row.cancel_reason != "passed_on":
        return None
    return say("{number} was passed to another unit: it goes on there.", number=row.number)


_DESK = {CLERK: UNIT, SUPERVISOR: UNIT, AGENT: ALL}
_SUPERVISOR = {SUPERVISOR: UNIT}
_ON_SITE = {CLERK: UNIT, TECHNICIAN: OWN, SUPERVISOR: UNIT}

RULES: Mapping[str, Rule] = {
    "calls.log": Rule(label("Log a call"), _DESK, target=LOGGED),
    "calls.correct": Rule(label("Correct a call"), _DESK, OPEN),
    "calls.attach": Rule(label("Attach a repeated call"), _DESK, OPEN),
    "calls.reveal": Rule(label("Telephone in full"), MAY_REVEAL),
    "calls.tell": Rule(label("Customer told"), _DESK, OPEN),
    "calls.reschedule": Rule(label("Reschedule"), _DESK, frozenset({LOGGED, DISPATCHED, REVISIT})),
    "calls.cancel": Rule(
        label("Cancel a call"),
        _DESK,
        frozenset({LOGGED, DISPATCHED, ARRIVED, REVISIT}),
        CANCELLED,
        (_supervisor_once_dispatched, _loan_back),
    ),
    "calls.pass_on": Rule(
        label("Pass to another unit"),
        _SUPERVISOR,
        frozenset({LOGGED}),
        CANCELLED,
        (_undispatched, _voucher_in_unit, _loan_back),
    ),
    "calls.pull": Rule(label("Pull the voucher"), {CLERK: UNIT, SUPERVISOR: UNIT}, WAITING, None, (_voucher_in_file,)),
    "calls.dispatch": Rule(
        label("Dispatch"), _SUPERVISOR, WAITING, DISPATCHED, (_voucher_pulled, _voucher_within_reach)
    ),
    "calls.recall": Rule(label("Recall"), _SUPERVISOR, frozenset({DISPATCHED}), LOGGED, (_before_arrival,)),
    "calls.reassign": Rule(
        label("Reassign"), _SUPERVISOR, frozenset({DISPATCHED, ARRIVED}), DISPATCHED, (_before_arrival,)
    ),
    "calls.stand_down": Rule(
        label("Move the visits of who falls out"), _SUPERVISOR, frozenset({DISPATCHED}), DISPATCHED, (_before_arrival,)
    ),
    "calls.arrive": Rule(label("Arrived"), _ON_SITE, frozenset({DISPATCHED}), ARRIVED),
    "calls.finish": Rule(label("Finished on site"), _ON_SITE, frozenset({ARRIVED}), DONE),
    "calls.come_back": Rule(label("Come back later"), _ON_SITE, frozenset({ARRIVED}), REVISIT),
    "calls.carry_back": Rule(label("Carry back"), _ON_SITE, frozenset({ARRIVED}), CARRIED_BACK),
    "calls.sign": Rule(label("Signed afterwards"), _ON_SITE, frozenset({DONE, CARRIED_BACK}), None, (_unsigned,)),
    "calls.charge": Rule(label("Charge afterwards"), _ON_SITE, frozenset({DONE}), None, (_nothing_charged,)),
    "calls.take_back": Rule(
        label("Voucher back"),
        {CLERK: UNIT},
        (OPEN | {CANCELLED}) - {LOGGED, DISPATCHED, ARRIVED},
        None,
        (_voucher_out,),
    ),
    "calls.strike_off": Rule(
        label("Strike off"),
        {CLERK: UNIT},
        frozenset({DONE, CARRIED_BACK, RETURNED}),
        STRUCK_OFF,
        (_goods_returned, _voucher_back, _voucher_signed, _loan_back, _fee_settled),
    ),
    "calls.file": Rule(
        label("File the voucher"), {CLERK: UNIT}, frozenset({STRUCK_OFF, CANCELLED}), None, (_voucher_back,)
    ),
    "calls.reopen": Rule(label("Reopen"), _SUPERVISOR, frozenset({STRUCK_OFF, CANCELLED}), None, (_not_passed_on,)),
}
